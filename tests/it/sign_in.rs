//! Signing in, and what leads to it: on the operations themselves, below HTTP.

use crate::{
    on_both,
    support::{World, cast::PASSWORD, database::Database},
};
use chrono::Duration;
use futures::future::join_all;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use sigillo::{
    domain::{
        access::{Permit, right::ManageTokens},
        actor::{Actor, Origin},
        error::{Conflict, Error, Fault},
        ids::{SessionId, TokenId, UserId},
        secrets,
    },
    gateways::{
        limits::{Limits, Rates},
        passwords::Passwords,
    },
    operations::{
        App, Once,
        users::{
            NewPassword, accept, change, confirm, create_token,
            found::superadmin,
            invite, password, profile, reset, revoke_token, sessions as own_sessions, set_up,
            sign_in::{Attempt, Opened, sign_in},
            sign_out::sign_out,
        },
    },
    store::{
        sessions::{self, Session},
        tokens, users,
    },
};
use std::sync::Arc;

const ROOT: &str = "root@example.it";
const NEXT: &str = "sei-barche-ferme-in-porto";
const AGENT: &str = "Mozilla/5.0 (prova)";

fn public(address: &str) -> Actor {
    Actor::public(origin(address))
}

fn origin(address: &str) -> Origin {
    Origin {
        address: Some(address.parse().unwrap()),
        request_id: "0123456789abcdef".into(),
    }
}

fn attempt(email: &str, password: &str) -> Attempt {
    Attempt {
        email: email.into(),
        password: password.into(),
        remember: false,
        user_agent: AGENT.into(),
        known: None,
    }
}

async fn try_in(app: &App, email: &str, password: &str) -> Result<Opened, Error> {
    sign_in(app, &public("192.0.2.1"), attempt(email, password)).await
}

async fn enter(app: &App) -> Opened {
    try_in(app, ROOT, PASSWORD).await.unwrap()
}

/// The session of a cookie, while it is good.
async fn session(app: &App, secret: &secrets::Token) -> Option<Session> {
    let (hash, now) = (secret.hash(), app.clock.now());
    app.db
        .read(move |tx| sessions::by_secret(tx, hash, now))
        .await
        .unwrap()
}

/// Who sits at a session.
async fn seated(app: &App, opened: &Opened) -> (SessionId, Actor) {
    let session = session(app, &opened.secret).await.unwrap();
    (session.id, Actor::user(session.who, origin("192.0.2.1")))
}

/// The user of an API token, while it is good.
async fn bearer(app: &App, token: &str) -> Option<Actor> {
    let (hash, now) = (secrets::hash(token), app.clock.now());
    let found = app.db.read(move |tx| users::by_token(tx, hash, now)).await;
    found
        .unwrap()
        .map(|bearer| Actor::user(bearer.who, origin("192.0.2.1")))
}

/// The same program, with so many sign-ins a minute.
fn limited(app: App, times: u32) -> App {
    let rates = Rates {
        rate_sign_in: times,
        rate_failures: 0,
        ..Rates::default()
    };
    App {
        limits: Arc::new(Limits::new(&rates)),
        ..app
    }
}

fn rows(world: &World, what: &str) -> i64 {
    world.database.count(&format!("SELECT COUNT(*) AS n FROM {what}"))
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |n: usize| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap();
    (0..text.len() / 2).map(digit).collect()
}

/// What was written to somebody, newest last.
fn mails(world: &World, kind: &str, to: &str) -> Vec<serde_json::Value> {
    let sql = |column: &str| {
        format!(
            "SELECT HEX({column}) AS t FROM outbox WHERE kind = '{kind}' AND recipient = '{to}' ORDER BY id"
        )
    };
    let ids = world.database.texts(&sql("id"));
    let payloads = world.database.texts(&sql("payload"));
    ids.iter()
        .zip(&payloads)
        .map(|(id, payload)| {
            let (id, payload) = (unhex(id.as_ref().unwrap()), unhex(payload.as_ref().unwrap()));
            serde_json::from_slice(&world.app.vault.open(&id, &payload).unwrap()).unwrap()
        })
        .collect()
}

/// The last part of a mailed link.
fn token_of(mail: &serde_json::Value, name: &str) -> String {
    let url = mail[name].as_str().unwrap();
    assert!(url.starts_with("https://licenze.example.it/"), "{url}");
    url.rsplit('/').next().unwrap().to_owned()
}

/// Asks for a reset, and waits for so many mails in all.
async fn forgotten(world: &World, email: &str, mails_then: usize) -> String {
    reset::request(&world.app, &public("192.0.2.1"), email)
        .await
        .unwrap();
    for _ in 0..1000 {
        let mails = mails(world, "reimposta_password", email);
        if mails.len() == mails_then {
            return token_of(mails.last().unwrap(), "url_password");
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("no mail");
}

/// Invites a user to the vendor, and gives their id.
async fn invited(world: &World, email: &str, home: Option<invite::Home>) -> UserId {
    let new = invite::New {
        email: email.into(),
        name: "Ada".into(),
        home,
        language: None,
        read_only: false,
        password: None,
    };
    let permit = Permit::ask(&Actor::operator()).unwrap();
    let made = invite::invite(&world.app, permit, new, Once::each_time()).await;
    match made.unwrap() {
        sigillo::operations::Replayable::Done(user) => user.id,
        sigillo::operations::Replayable::Replayed(..) => panic!("replayed"),
    }
}

fn is_refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> bool {
    match outcome {
        Err(Error::SignInRefused) => true,
        Err(Error::TooMany(seconds)) => {
            assert!((1..=60).contains(&seconds), "{seconds}");
            false
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_not_found<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    assert!(matches!(outcome, Err(Error::NotFound)), "{outcome:?}");
}

#[track_caller]
fn assert_field<T: std::fmt::Debug>(outcome: Result<T, Error>, name: &str, fault: Fault) {
    match outcome {
        Err(Error::Invalid(fields)) => assert_eq!(fields.0.get(name), Some(&vec![fault])),
        other => panic!("{other:?}"),
    }
}

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
