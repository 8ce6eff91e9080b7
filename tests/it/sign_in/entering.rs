//! Signing in: who gets in, who does not, how often it may be tried, and what is kept of it.

use super::*;

on_both!(a_user_signs_in_and_out_again, |world| async {
    let app = &world.app;
    world.root().await;
    let opened = try_in(app, " ROOT@Example.it ", PASSWORD).await.unwrap();
    assert_eq!(opened.lasts, None);
    assert_eq!(opened.language, "it");
    let found = session(app, &opened.secret).await.unwrap();
    assert_eq!((found.who.user, found.who.token), (opened.user, None));
    assert!(found.is_confirmed(app.clock.now()));

    let remembered = Attempt {
        remember: true,
        ..attempt(ROOT, PASSWORD)
    };
    let remembered = sign_in(app, &public("192.0.2.1"), remembered).await.unwrap();
    assert_eq!(remembered.lasts, Some(sessions::LASTS_REMEMBERED));
    assert_ne!(remembered.secret.reveal(), opened.secret.reveal());

    let (id, actor) = seated(app, &opened).await;
    sign_out(app, &actor, id, AGENT).await.unwrap();
    sign_out(app, &actor, id, AGENT).await.unwrap();
    assert!(session(app, &opened.secret).await.is_none());
    assert!(session(app, &remembered.secret).await.is_some());
    let log = |action: &str| {
        rows(
            &world,
            &format!(
                "access_log WHERE action = '{action}' AND outcome = 'riuscito' AND user_id IS NOT NULL AND address = '192.0.2.1' AND user_agent = '{AGENT}'"
            ),
        )
    };
    assert_eq!((log("accesso"), log("uscita")), (2, 1));
});

on_both!(whoever_may_not_sign_in_gets_one_answer, |world| async {
    let app = &world.app;
    let cast = world.cast().await;
    let disabled = "nord@example.it";
    let invitee = "ada@example.it";
    invited(&world, invitee, None).await;
    let path = format!("/api/admin/agent/{}/sospendi", cast.alfa.id);
    let body = serde_json::json!({"motivo": "prova"});
    world.post(&path, &cast.root, body).await.expect(200);
    let id: UserId = {
        let hex = world.database.texts(&format!(
            "SELECT HEX(id) AS t FROM users WHERE email = '{disabled}'"
        ));
        UserId(unhex(hex[0].as_ref().unwrap()).try_into().unwrap())
    };
    change::disable(app, Permit::ask(&Actor::operator()).unwrap(), id)
        .await
        .unwrap();
    let tries = [
        ("nobody@example.it", PASSWORD, false),
        ("una-password-nel-campo-sbagliato", PASSWORD, false),
        ("", "", false),
        (ROOT, "un'altra parola segreta", true),
        (ROOT, "", true),
        (invitee, PASSWORD, true),
        (invitee, "", true),
        (disabled, PASSWORD, true),
        // Of a node that is suspended, and of one below it.
        ("alfa@example.it", PASSWORD, true),
        ("anna@example.it", PASSWORD, true),
    ];
    for (email, password, is_somebody) in tries {
        let refused = "access_log WHERE action = 'accesso' AND outcome = 'rifiutato'";
        let of_users = format!("{refused} AND user_id IS NOT NULL");
        let before = (rows(&world, refused), rows(&world, &of_users));
        assert!(is_refused(try_in(app, email, password).await), "{email}");
        let after = (rows(&world, refused), rows(&world, &of_users));
        assert_eq!(
            after,
            (before.0 + 1, before.1 + i64::from(is_somebody)),
            "{email}"
        );
    }
    assert_eq!(rows(&world, "sessions"), 0);
    let typed =
        "access_log WHERE action LIKE '%sbagliato%' OR detail LIKE '%sbagliato%' OR detail LIKE '%nobody%'";
    assert_eq!(rows(&world, typed), 0);
    try_in(app, "beta@example.it", PASSWORD).await.unwrap();
});

on_both!(
    tries_are_counted_by_account_and_by_address_on_all_nodes,
    |world| async {
        world.root().await;
        let apps = [limited(world.app.clone(), 3), limited(world.second().await, 3)];
        for (n, email) in [ROOT, "nobody@example.it", "nessuna chiocciola"]
            .iter()
            .enumerate()
        {
            for at in 0..8 {
                let actor = public(&format!("198.51.100.{}", 10 * n + at));
                let tried = sign_in(&apps[at % 2], &actor, attempt(email, "sbagliata")).await;
                assert_eq!(is_refused(tried), at < 3, "{email} {at}");
            }
        }
        // One address, and one block of IPv6, whoever it is that is tried.
        for at in 0..8 {
            let attempt = attempt(&format!("user-{at}@example.it"), "sbagliata");
            let tried = sign_in(&apps[at % 2], &public("203.0.113.1"), attempt.clone()).await;
            assert_eq!(is_refused(tried), at < 3, "{at}");
            let actor = public(&format!("2001:db8:1:2:{at}::1"));
            let tried = sign_in(&apps[at % 2], &actor, attempt_of(at)).await;
            assert_eq!(is_refused(tried), at < 3, "{at}");
        }
        assert_eq!(rows(&world, "access_log WHERE outcome = 'rifiutato'"), 15);
        // Each program writes its own log rows, a little later.
        let limited = "access_log WHERE outcome = 'troppi_tentativi'";
        for _ in 0..500 {
            if rows(&world, limited) == 25 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(rows(&world, limited), 25);
        for app in &apps {
            app.clock.advance(Duration::seconds(61));
        }
        try_in(&apps[1], ROOT, PASSWORD).await.unwrap();
        // Counters whose period is long over are forgotten as others begin.
        assert!(rows(&world, "throttles") > 8);
        for app in &apps {
            app.clock.advance(Duration::hours(2));
        }
        for n in 0..8 {
            let _ = sign_in(
                &apps[0],
                &public(&format!("203.0.113.{}", 50 + n)),
                attempt_of(50 + n),
            )
            .await;
        }
        let old = rows(&world, "throttles");
        assert!(old <= 16, "{old}");
    }
);

fn attempt_of(n: usize) -> Attempt {
    attempt(&format!("other-{n}@example.it"), "sbagliata")
}

on_both!(
    fifty_at_once_do_not_get_more_tries_than_there_are,
    |world| async {
        world.root().await;
        let apps = [limited(world.app.clone(), 5), limited(world.second().await, 5)];
        let tried = join_all((0..50).map(|n| {
            let app = &apps[n % 2];
            let actor = public(&format!("198.51.100.{n}"));
            async move { is_refused(sign_in(app, &actor, attempt(ROOT, "sbagliata")).await) }
        }))
        .await;
        assert_eq!(tried.into_iter().filter(|refused| *refused).count(), 5);
    }
);

on_both!(a_strangers_tries_do_not_keep_the_owner_out, |world| async {
    world.root().await;
    superadmin(
        &world.app,
        Permit::ask(&Actor::operator()).unwrap(),
        "altra@example.it".into(),
        NewPassword(PASSWORD.into()),
    )
    .await
    .unwrap();
    let known = enter(&world.app).await.known;
    let others = try_in(&world.app, "altra@example.it", PASSWORD)
        .await
        .unwrap()
        .known;
    let app = limited(world.app.clone(), 3);
    for at in 0..6 {
        assert_eq!(is_refused(try_in(&app, ROOT, "sbagliata").await), at < 3);
    }
    let with = |known: &str| Attempt {
        known: Some(known.into()),
        ..attempt(ROOT, PASSWORD)
    };
    let actor = public("192.0.2.1");
    for wrong in ["", "x", &others, &format!("{known}A")] {
        assert!(!is_refused(sign_in(&app, &actor, with(wrong)).await), "{wrong}");
    }
    let opened = sign_in(&app, &actor, with(&known)).await.unwrap();
    assert_eq!(opened.known, known);
    // It is a count of its own, and one too.
    for _ in 0..2 {
        sign_in(&app, &actor, with(&known)).await.unwrap();
    }
    assert!(!is_refused(sign_in(&app, &actor, with(&known)).await));

    // It ends with the password.
    let (id, actor_) = seated(&app, &opened).await;
    let next = NewPassword(NEXT.into());
    let changed = password::change(&app, &actor_, id, PASSWORD, next, AGENT)
        .await
        .unwrap();
    assert_ne!(changed.known, known);
    app.clock.advance(Duration::seconds(61));
    for at in 0..6 {
        assert_eq!(is_refused(try_in(&app, ROOT, "sbagliata").await), at < 3);
    }
    assert!(!is_refused(sign_in(&app, &actor, with(&known)).await));
    let attempt = Attempt {
        known: Some(changed.known),
        ..attempt(ROOT, NEXT)
    };
    sign_in(&app, &actor, attempt).await.unwrap();
});

on_both!(
    a_hash_of_a_lower_cost_is_made_anew_at_the_next_sign_in,
    |world| async {
        world.root().await;
        let hash = || {
            let sql = format!("SELECT password_hash AS t FROM users WHERE email = '{ROOT}'");
            world.database.texts(&sql).remove(0).unwrap()
        };
        let known = enter(&world.app).await.known;
        assert!(hash().starts_with("$2b$04$"));
        let dearer = App {
            passwords: Passwords::new(world.app.vault.clone(), 5),
            ..world.app.clone()
        };
        assert!(is_refused(try_in(&dearer, ROOT, "sbagliata").await));
        assert!(hash().starts_with("$2b$04$"));
        let opened = enter(&dearer).await;
        assert!(hash().starts_with("$2b$05$"));
        assert_eq!(opened.known, known, "the password is the same");
        let kept = hash();
        enter(&dearer).await;
        enter(&world.app).await;
        assert_eq!(hash(), kept);
    }
);

#[rocket::async_test]
async fn no_secret_of_signing_in_stands_in_the_database_in_clear() {
    let world = World::new(Database::sqlite()).await;
    let app = &world.app;
    let Database::Sqlite(folder) = &world.database else {
        panic!("an embedded database")
    };
    let set_up = set_up::link(app).await.unwrap().unwrap();
    let mut kept = vec![set_up.rsplit('/').next().unwrap().to_owned()];
    kept.push(world.root().await);
    let limited = limited(app.clone(), 100);
    let opened = enter(&limited).await;
    let (id, actor) = seated(app, &opened).await;
    let renewed = confirm::confirm(&limited, &actor, id, PASSWORD, AGENT)
        .await
        .unwrap();
    invited(&world, "ada@example.it", None).await;
    kept.push(token_of(
        &mails(&world, "invito", "ada@example.it")[0],
        "url_invito",
    ));
    kept.push(forgotten(&world, ROOT, 1).await);
    let proved = reset::choose(app, &public("192.0.2.1"), &kept[3], NewPassword(NEXT.into()))
        .await
        .unwrap();
    for secret in [&opened.secret, &renewed.secret] {
        kept.push(secret.reveal().to_owned());
    }
    kept.extend([opened.known, proved.known, PASSWORD.to_owned(), NEXT.to_owned()]);
    world.settle().await;
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let content = std::fs::read(entry.unwrap().path()).unwrap();
        let text: String = content.iter().map(|byte| char::from(*byte)).collect();
        seen += text.matches(ROOT).count();
        for secret in &kept {
            assert!(!text.contains(secret.as_str()), "{secret}");
        }
    }
    assert!(seen > 0, "looked in the wrong place");
}

#[rocket::async_test]
async fn passwords_that_differ_only_after_byte_72_are_told_apart() {
    let vault = Arc::new(secrets::Vault::new(&[7; 32]).unwrap());
    let passwords = Passwords::new(vault, 4);
    let mut runner = TestRunner::deterministic();
    let pair = ("\\PC{72,300}", "\\PC{1,40}", "\\PC{1,40}");
    for _ in 0..crate::support::rounds(300, 10_000) {
        let (head, a, b) = pair.new_tree(&mut runner).unwrap().current();
        let (first, second) = (format!("{head}{a}"), format!("{head}{b}"));
        let hash = passwords.hash(&first).await.unwrap();
        assert!(passwords.verify(&first, Some(&hash)).await.unwrap());
        if a != b {
            assert!(
                !passwords.verify(&second, Some(&hash)).await.unwrap(),
                "{first:?} {second:?}"
            );
        }
    }
    assert!(!passwords.verify("", None).await.unwrap());
}
