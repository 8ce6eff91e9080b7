//! Sessions: how long they last, who ends them, and what a password given again does to them.

use super::*;

on_both!(
    a_session_ends_when_it_rests_and_when_its_day_is_over,
    |world| async {
        let app = &world.app;
        world.root().await;
        for (remember, idle, lasts) in [
            (false, sessions::IDLE, sessions::LASTS),
            (true, sessions::IDLE_REMEMBERED, sessions::LASTS_REMEMBERED),
        ] {
            let opened = || async {
                let attempt = Attempt {
                    remember,
                    ..attempt(ROOT, PASSWORD)
                };
                sign_in(app, &public("192.0.2.1"), attempt).await.unwrap()
            };
            let second = Duration::seconds(5);
            let rests = opened().await;
            app.clock.advance(idle - second);
            assert!(session(app, &rests.secret).await.is_some());
            app.clock.advance(second);
            assert!(session(app, &rests.secret).await.is_none());
            // Used all the time.
            let busy = opened().await;
            let step = idle / 2;
            let mut gone = Duration::zero();
            while gone + step < lasts {
                app.clock.advance(step);
                gone += step;
                let found = session(app, &busy.secret).await.unwrap();
                let used = sigillo::store::log::LogRow::SessionUsed(found.id, app.clock.now());
                app.db.log(used).await.unwrap();
                world.settle().await;
            }
            app.clock.advance(lasts - gone);
            assert!(session(app, &busy.secret).await.is_none());
        }
    }
);

on_both!(own_sessions_are_listed_and_ended, |world| async {
    let app = &world.app;
    world.root().await;
    let (first, second, third) = (enter(app).await, enter(app).await, enter(app).await);
    let (id, actor) = seated(app, &first).await;
    let list = own_sessions::list(app, &actor, id).await.unwrap();
    let current: Vec<bool> = list.iter().map(|own| own.current).collect();
    assert_eq!(current, [false, false, true]);
    assert_eq!(list[0].session.user_agent, AGENT);
    let (other, _) = seated(app, &second).await;
    own_sessions::end(app, &actor, other, AGENT).await.unwrap();
    assert_not_found(own_sessions::end(app, &actor, other, AGENT).await);
    assert!(session(app, &second.secret).await.is_none());
    assert_eq!(own_sessions::end_others(app, &actor, id, AGENT).await.unwrap(), 1);
    assert!(session(app, &third.secret).await.is_none());
    assert!(session(app, &first.secret).await.is_some());
    // Nobody else's, and not with a token.
    superadmin(
        app,
        Permit::ask(&Actor::operator()).unwrap(),
        "altra@example.it".into(),
        NewPassword(PASSWORD.into()),
    )
    .await
    .unwrap();
    let stranger = try_in(app, "altra@example.it", PASSWORD).await.unwrap();
    let (_, stranger) = seated(app, &stranger).await;
    assert_not_found(own_sessions::end(app, &stranger, id, AGENT).await);
    assert_eq!(
        own_sessions::end_others(app, &stranger, id, AGENT).await.unwrap(),
        1
    );
    assert!(session(app, &first.secret).await.is_some());
    let token = world.token(ROOT, false).await;
    let by_token = bearer(app, &token).await.unwrap();
    let listed = own_sessions::list(app, &by_token, id).await;
    assert!(matches!(listed, Err(Error::Forbidden)));
});

on_both!(
    giving_the_password_again_changes_the_sessions_secret,
    |world| async {
        world.root().await;
        let app = limited(world.app.clone(), 4);
        let opened = enter(&app).await;
        let (id, actor) = seated(&app, &opened).await;
        app.clock.advance(Duration::minutes(20));
        let stale = session(&app, &opened.secret).await.unwrap();
        assert!(!stale.is_confirmed(app.clock.now()));
        let wrong = confirm::confirm(&app, &actor, id, "sbagliata", AGENT).await;
        assert_field(wrong, "password", Fault::Invalid);
        let renewed = confirm::confirm(&app, &actor, id, PASSWORD, AGENT).await.unwrap();
        assert_eq!(renewed.lasts, None);
        assert!(session(&app, &opened.secret).await.is_none());
        let fresh = session(&app, &renewed.secret).await.unwrap();
        assert_eq!(fresh.id, id);
        assert!(fresh.is_confirmed(app.clock.now()));
        for _ in 0..2 {
            let wrong = confirm::confirm(&app, &actor, id, "sbagliata", AGENT).await;
            assert_field(wrong, "password", Fault::Invalid);
        }
        let beyond = confirm::confirm(&app, &actor, id, PASSWORD, AGENT).await;
        assert!(matches!(beyond, Err(Error::TooMany(1..=60))), "{beyond:?}");
        world.settle().await;
        let log = |outcome: &str| {
            rows(
                &world,
                &format!("access_log WHERE action = 'conferma' AND outcome = '{outcome}'"),
            )
        };
        assert_eq!((log("riuscito"), log("rifiutato")), (1, 3));

        app.clock.advance(Duration::minutes(2));
        sign_out(&app, &actor, id, AGENT).await.unwrap();
        assert_not_found(confirm::confirm(&app, &actor, id, PASSWORD, AGENT).await);
    }
);
