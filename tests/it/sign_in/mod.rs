//! Signing in, and what leads to it: on the operations themselves, below HTTP.

mod entering;
mod new_passwords;
mod newcomers;
mod own_data;
mod staying;

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
