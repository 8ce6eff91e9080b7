//! How somebody becomes a user: by invitation, or as the first of an installation.

use super::*;

on_both!(
    an_invitation_is_accepted_once_with_a_name_and_a_password,
    |world| async {
        let app = &world.app;
        world.root().await;
        let email = "ada@example.it";
        let id = invited(&world, email, None).await;
        let link = token_of(&mails(&world, "invito", email)[0], "url_invito");
        assert_eq!(accept::peek(app, &link).await.unwrap().name, "Ada");
        assert_not_found(reset::peek(app, &link).await);
        let actor = public("192.0.2.1");
        let accepted = |name: &'static str, password: &str| {
            let (link, actor, password) = (link.clone(), actor.clone(), NewPassword(password.into()));
            async move { accept::accept(app, &actor, &link, name, password).await }
        };
        assert_field(accepted(" \u{200b}", PASSWORD).await, "nome", Fault::Missing);
        assert_field(accepted("Ada", "corta").await, "password", Fault::TooShort);
        // Not while disabled; then as before.
        let permit = || Permit::ask(&Actor::operator()).unwrap();
        change::disable(app, permit(), id).await.unwrap();
        assert_not_found(accepted("Ada", PASSWORD).await);
        change::enable(app, permit(), id).await.unwrap();
        let proved = accepted("Ada  Lovelace", PASSWORD).await.unwrap();
        assert_eq!(proved.user, id);
        assert_not_found(accepted("Ada", PASSWORD).await);
        let opened = try_in(app, email, PASSWORD).await.unwrap();
        assert_eq!(session(app, &opened.secret).await.unwrap().name, "Ada Lovelace");
        assert_eq!(rows(&world, "audit_log WHERE action = 'utente.attivato'"), 1);

        invited(&world, "bea@example.it", None).await;
        let link = token_of(&mails(&world, "invito", "bea@example.it")[0], "url_invito");
        app.clock.advance(Duration::days(7) - Duration::minutes(1));
        accept::peek(app, &link).await.unwrap();
        app.clock.advance(Duration::minutes(1));
        assert_not_found(accept::accept(app, &actor, &link, "Bea", NewPassword(PASSWORD.into())).await);
    }
);

on_both!(a_new_installation_gets_one_first_superadmin, |world| async {
    let apps = [world.app.clone(), world.second().await];
    let old = set_up::link(&apps[0]).await.unwrap().unwrap();
    let link = set_up::link(&apps[1]).await.unwrap().unwrap();
    assert!(
        link.starts_with("https://licenze.example.it/primo-accesso/"),
        "{link}"
    );
    let token = |link: &str| link.rsplit('/').next().unwrap().to_owned();
    let (old, link) = (token(&old), token(&link));
    assert_not_found(set_up::peek(&apps[0], &old).await);
    set_up::peek(&apps[0], &link).await.unwrap();
    let actor = public("192.0.2.1");
    let weak = set_up::found(
        &apps[0],
        &actor,
        &link,
        "Ada",
        "ada@example.it",
        NewPassword("corta".into()),
    );
    assert_field(weak.await, "password", Fault::TooShort);
    let made = join_all((0..20).map(|n| {
        let (app, link) = (&apps[n % 2], &link);
        async move {
            let email = format!("root-{n}@example.it");
            let password = NewPassword(PASSWORD.into());
            set_up::found(app, &public("192.0.2.1"), link, "Ada", &email, password).await
        }
    }))
    .await;
    let mut good = 0;
    for made in made {
        match made {
            Ok(_) => good += 1,
            Err(Error::NotFound) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(good, 1);
    assert_eq!(rows(&world, "users"), 1);
    assert!(set_up::link(&apps[0]).await.unwrap().is_none());
    assert_not_found(set_up::peek(&apps[0], &link).await);
    assert_eq!(
        rows(&world, "audit_log WHERE action = 'installazione.avviata'"),
        2
    );
    let email = world
        .database
        .texts("SELECT email AS t FROM users")
        .remove(0)
        .unwrap();
    try_in(&apps[1], &email, PASSWORD).await.unwrap();
});

on_both!(
    the_set_up_link_is_dead_once_the_command_line_made_one,
    |world| async {
        let app = &world.app;
        let link = set_up::link(app).await.unwrap().unwrap();
        let link = link.rsplit('/').next().unwrap();
        let permit = Permit::ask(&Actor::operator()).unwrap();
        superadmin(app, permit, ROOT.into(), NewPassword(PASSWORD.into()))
            .await
            .unwrap();
        assert_not_found(set_up::peek(app, link).await);
        let actor = public("192.0.2.1");
        let made = set_up::found(
            app,
            &actor,
            link,
            "Ada",
            "ada@example.it",
            NewPassword(PASSWORD.into()),
        );
        assert_not_found(made.await);
    }
);
