//! What users have of their own: tokens, a name, a language.

use super::*;

on_both!(users_make_and_end_their_own_tokens, |world| async {
    let app = &world.app;
    let cast = world.cast().await;
    let seat = async |email: &str| {
        let opened = try_in(app, email, PASSWORD).await.unwrap();
        seated(app, &opened).await.1
    };
    let wanted = |name: &str| create_token::Wanted {
        name: name.into(),
        read_only: true,
        days: Some(1),
    };
    let (anna, beta, root) = (
        seat("anna@example.it").await,
        seat("beta@example.it").await,
        seat(ROOT).await,
    );
    let token = create_token::create_own(app, &anna, wanted("notte"), None)
        .await
        .unwrap()
        .unwrap();
    let by_token = bearer(app, &token).await.unwrap();
    assert!(by_token.is_read_only());
    assert_eq!(by_token.user_id(), anna.user_id());
    let again = create_token::create_own(app, &by_token, wanted("figlio"), None).await;
    assert!(matches!(again, Err(Error::Forbidden)));
    let nameless = create_token::create_own(app, &anna, wanted(" "), None).await;
    assert_field(nameless, "nome", Fault::Missing);
    assert_eq!(mails(&world, "avviso_token", "anna@example.it").len(), 1);

    let owner = anna.clone();
    let list = app
        .db
        .read(move |tx| {
            let user = users::get(tx, owner.scope(), owner.user_id().unwrap())?;
            tokens::list(tx, &user)
        })
        .await
        .unwrap();
    let made: TokenId = list[0].id;
    assert_eq!((list.len(), list[0].name.as_str()), (2, "notte"));
    assert!(token.starts_with(&list[0].prefix));

    // Of others: not a sibling's, the one above may end it, the superadmin may make one.
    assert_not_found(revoke_token::revoke_own(app, &beta, made).await);
    assert_not_found(revoke_token::revoke_own(app, &root, made).await);
    assert_not_found(revoke_token::revoke(app, Permit::ask(&beta).unwrap(), made).await);
    let for_anna = |who: &Actor| {
        let permit = Permit::ask(who).unwrap();
        create_token::create_for(app, permit, anna.user_id().unwrap(), wanted("giorno"))
    };
    assert!(Permit::<ManageTokens>::ask(&beta).is_err());
    let by_token = bearer(app, &cast.root).await.unwrap();
    assert!(matches!(for_anna(&by_token).await, Err(Error::Forbidden)));
    let given = for_anna(&root).await.unwrap();
    assert!(bearer(app, &given).await.is_some());
    let alfa = seat("alfa@example.it").await;
    revoke_token::revoke(app, Permit::ask(&alfa).unwrap(), made)
        .await
        .unwrap();
    assert!(bearer(app, &token).await.is_none());
    let twice = revoke_token::revoke_own(app, &anna, made).await;
    assert!(matches!(twice, Err(Error::Conflict(Conflict::WrongState))));
    assert_eq!(rows(&world, "audit_log WHERE action = 'token.revocato'"), 1);
    app.clock.advance(Duration::days(1));
    assert!(bearer(app, &given).await.is_none());
});

on_both!(users_change_their_own_name_and_language, |world| async {
    let app = &world.app;
    world.root().await;
    let opened = enter(app).await;
    let (_, actor) = seated(app, &opened).await;
    let changes = |name: Option<&str>, language: Option<&str>| profile::Changes {
        name: name.map(str::to_owned),
        language: language.map(str::to_owned),
    };
    assert_field(
        profile::change(app, &actor, changes(None, Some("de"))).await,
        "lingua",
        Fault::Invalid,
    );
    assert_field(
        profile::change(app, &actor, changes(Some(&"x".repeat(201)), None)).await,
        "nome",
        Fault::TooLong,
    );
    for _ in 0..2 {
        profile::change(app, &actor, changes(Some("Ada"), Some("en")))
            .await
            .unwrap();
    }
    let found = session(app, &opened.secret).await.unwrap();
    assert_eq!((found.name.as_str(), found.language.as_str()), ("Ada", "en"));
    assert_eq!(rows(&world, "audit_log WHERE action = 'utente.modificato'"), 1);
    let by_token = bearer(app, &world.token(ROOT, false).await).await.unwrap();
    let changed = profile::change(app, &by_token, changes(Some("Eva"), None)).await;
    assert!(matches!(changed, Err(Error::Forbidden)));
});
