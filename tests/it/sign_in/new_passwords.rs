//! Other passwords: changed by their owner, or forgotten and chosen anew by mail.

use super::*;

on_both!(another_password_ends_everything_else, |world| async {
    let app = &world.app;
    let token = world.root().await;
    let (here, there) = (enter(app).await, enter(app).await);
    let link = forgotten(&world, ROOT, 1).await;
    let (id, actor) = seated(app, &here).await;
    let change = |present: &'static str, next: &str| {
        let (actor, next) = (actor.clone(), NewPassword(next.into()));
        async move { password::change(app, &actor, id, present, next, AGENT).await }
    };
    assert_field(
        change("sbagliata", NEXT).await,
        "password_attuale",
        Fault::Invalid,
    );
    assert_field(change(PASSWORD, "corta").await, "password", Fault::TooShort);
    assert_field(
        change(PASSWORD, "rootrootroot").await,
        "password",
        Fault::Guessable,
    );
    assert!(session(app, &there.secret).await.is_some());
    let changed = change(PASSWORD, NEXT).await.unwrap();
    assert!(session(app, &there.secret).await.is_none());
    assert!(session(app, &here.secret).await.is_none());
    assert!(session(app, &changed.renewed.secret).await.is_some());
    assert!(bearer(app, &token).await.is_none());
    assert_not_found(reset::peek(app, &link).await);
    assert!(is_refused(try_in(app, ROOT, PASSWORD).await));
    try_in(app, ROOT, NEXT).await.unwrap();
    let told = mails(&world, "avviso_password", ROOT);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["indirizzo"], "192.0.2.1");
    assert_eq!(
        rows(&world, "audit_log WHERE action = 'utente.password_cambiata'"),
        1
    );
});

on_both!(a_forgotten_password_is_chosen_anew_by_mail, |world| async {
    let app = &world.app;
    let token = world.root().await;
    let opened = enter(app).await;
    let (link, other) = (forgotten(&world, ROOT, 1).await, forgotten(&world, ROOT, 2).await);
    assert_eq!(reset::peek(app, &link).await.unwrap().email, ROOT);
    // A link of another kind is none.
    assert_not_found(accept::peek(app, &link).await);
    assert_not_found(set_up::peek(app, &link).await);
    let actor = public("192.0.2.9");
    let weak = reset::choose(app, &actor, &link, NewPassword("password1234".into())).await;
    assert_field(weak, "password", Fault::Guessable);
    let sessions = rows(&world, "sessions");
    let proved = reset::choose(app, &actor, &link, NewPassword(NEXT.into()))
        .await
        .unwrap();
    assert_eq!(rows(&world, "sessions"), sessions, "nobody is signed in by it");
    assert!(session(app, &opened.secret).await.is_none());
    assert!(bearer(app, &token).await.is_none());
    for used in [&link, &other] {
        assert_not_found(reset::peek(app, used).await);
        assert_not_found(reset::choose(app, &actor, used, NewPassword(PASSWORD.into())).await);
    }
    assert_eq!(try_in(app, ROOT, NEXT).await.unwrap().known, proved.known);
    assert_eq!(mails(&world, "avviso_password", ROOT).len(), 1);
    assert_eq!(
        rows(&world, "audit_log WHERE action = 'utente.password_cambiata'"),
        1
    );
    assert_eq!(
        rows(&world, "audit_log WHERE action = 'utente.password_dimenticata'"),
        2
    );

    // An hour, and no longer.
    let link = forgotten(&world, ROOT, 3).await;
    app.clock.advance(Duration::minutes(59));
    reset::peek(app, &link).await.unwrap();
    app.clock.advance(Duration::minutes(1));
    assert_not_found(reset::peek(app, &link).await);
    assert_not_found(reset::choose(app, &actor, &link, NewPassword(PASSWORD.into())).await);
});

on_both!(
    who_asks_for_a_reset_learns_nothing_and_not_too_often,
    |world| async {
        let app = &world.app;
        world.root().await;
        superadmin(
            app,
            Permit::ask(&Actor::operator()).unwrap(),
            "altra@example.it".into(),
            NewPassword(PASSWORD.into()),
        )
        .await
        .unwrap();
        let open = forgotten(&world, "altra@example.it", 1).await;
        let opened = try_in(app, "altra@example.it", PASSWORD).await.unwrap();
        change::disable(app, Permit::ask(&Actor::operator()).unwrap(), opened.user)
            .await
            .unwrap();
        assert!(session(app, &opened.secret).await.is_none());
        let invitee = "ada@example.it";
        invited(&world, invitee, None).await;
        let limited = limited(app.clone(), 2);
        let before = rows(&world, "outbox");
        for (n, email) in ["nobody@example.it", "altra@example.it", invitee, ROOT]
            .iter()
            .enumerate()
        {
            for at in 0..4 {
                let actor = public(&format!("198.51.100.{}", 10 * n + at));
                let asked = reset::request(&limited, &actor, email).await;
                match at {
                    0 | 1 => asked.unwrap(),
                    _ => assert!(matches!(asked, Err(Error::TooMany(1..=3600))), "{asked:?}"),
                }
            }
        }
        for _ in 0..500 {
            if rows(&world, "outbox") >= before + 4 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        world.pause().await;
        assert_eq!(rows(&world, "outbox"), before + 4);
        assert_eq!(mails(&world, "invito", invitee).len(), 3);
        assert_eq!(mails(&world, "reimposta_password", ROOT).len(), 2);
        // By address.
        for at in 0..4 {
            let asked = reset::request(&limited, &public("203.0.113.1"), &format!("u{at}@example.it")).await;
            assert_eq!(asked.is_ok(), at < 2, "{asked:?}");
        }
        assert_field(
            reset::request(app, &public("203.0.113.2"), "nessuna chiocciola").await,
            "email",
            Fault::Invalid,
        );
        // A disabled user's link opened nothing while they were disabled, and is not good again after.
        assert_not_found(reset::choose(app, &public("203.0.113.2"), &open, NewPassword(NEXT.into())).await);
        change::enable(app, Permit::ask(&Actor::operator()).unwrap(), opened.user)
            .await
            .unwrap();
        assert_not_found(reset::choose(app, &public("203.0.113.2"), &open, NewPassword(NEXT.into())).await);
    }
);

on_both!(
    a_link_works_once_for_fifty_who_follow_it_together,
    |world| async {
        world.root().await;
        let link = forgotten(&world, ROOT, 1).await;
        let apps = [world.app.clone(), world.second().await];
        let passwords: Vec<String> = (0..50).map(|n| format!("{NEXT}-{n}")).collect();
        let chosen =
            join_all(
                passwords.iter().enumerate().map(|(n, password)| {
                    let (app, link) = (&apps[n % 2], &link);
                    async move {
                        reset::choose(app, &public("192.0.2.1"), link, NewPassword(password.clone())).await
                    }
                }),
            )
            .await;
        let mut good = Vec::new();
        for (password, chosen) in passwords.iter().zip(chosen) {
            match chosen {
                Ok(_) => good.push(password),
                Err(Error::NotFound) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(good.len(), 1);
        try_in(&world.app, ROOT, good[0]).await.unwrap();
        assert_eq!(mails(&world, "avviso_password", ROOT).len(), 1);
    }
);
