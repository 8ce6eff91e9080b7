//! Signing in with an e-mail address and a password.

use super::{access, address, short, throttle};
use crate::{
    domain::{
        actor::Actor,
        error::{Error, Result},
        ids::UserId,
        secrets::Token,
    },
    operations::App,
    store::{
        Done, WriteTx,
        log::{AccessKind, AccessOutcome},
        sessions::{self, LASTS_REMEMBERED, NewSession},
        users::{self, Credentials},
    },
};
use chrono::Duration;

/// What somebody shows.
#[derive(Clone)]
pub struct Attempt {
    /// E-mail address, as typed.
    pub email: String,
    /// Password.
    pub password: String,
    /// Whether the session is to last beyond the day.
    pub remember: bool,
    /// With what.
    pub user_agent: String,
    /// What the browser kept of an earlier sign-in.
    pub known: Option<String>,
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attempt(…)")
    }
}

/// A session that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The cookie's value.
    pub secret: Token,
    /// For how long it is to be kept; none for one that ends with the browser.
    pub lasts: Option<Duration>,
    /// Who signed in.
    pub user: UserId,
    /// Their language.
    pub language: String,
    /// What the browser is to keep, so that strangers' tries never keep its user out.
    pub known: String,
}

/// Signs in. An unknown account, a wrong password, a user who may not, a node that is stopped: one error, after the same
/// work.
///
/// # Errors
/// [`Error::SignInRefused`]; [`Error::TooMany`] before anything else was looked at.
pub async fn sign_in(app: &App, actor: &Actor, attempt: Attempt) -> Result<Opened> {
    let known = attempt.known.as_deref();
    let found = throttle::sign_in(app, actor, &attempt.email, known, &attempt.user_agent).await?;
    let stored = found.as_ref().and_then(|found| found.password_hash.as_deref());
    let right = app.passwords.verify(&attempt.password, stored).await?;
    let rehashed = match stored {
        Some(stored) if right && app.passwords.is_dated(stored) => {
            Some(app.passwords.hash(&attempt.password).await?)
        }
        _ => None,
    };
    let secret = Token::new()?;
    let (hash, remember) = (secret.hash(), attempt.remember);
    let (actor_, user_agent) = (actor.clone(), short(&attempt.user_agent));
    let opened = app
        .db
        .operation(actor, app.clock.now(), move |tx| {
            let entry = |tx: &WriteTx<'_>, outcome| {
                let user = found.as_ref().map(|found| &*found.user);
                let entry = access(&actor_, tx.now(), user, AccessKind::SignIn, outcome, &user_agent);
                Box::new(entry)
            };
            let found = found.as_ref().filter(|_| right);
            let Some(current) = stands(tx, found)? else {
                return Ok(Done::Accessed(None, entry(tx, AccessOutcome::Refused)));
            };
            let session = NewSession {
                secret_hash: hash,
                remembered: remember,
                address: &address(&actor_),
                user_agent: &user_agent,
            };
            sessions::insert(tx, &current.user, &session)?;
            if let (Some(was), Some(rehashed)) = (&current.password_hash, &rehashed) {
                users::rehash(tx, &current.user, was, rehashed)?;
            }
            let entry = entry(tx, AccessOutcome::Good);
            Ok(Done::Accessed(Some(current), entry))
        })
        .await?
        .ok_or(Error::SignInRefused)?;
    Ok(Opened {
        secret,
        lasts: remember.then_some(LASTS_REMEMBERED),
        user: opened.user.id,
        language: opened.user.language.clone(),
        known: app.vault.known_browser(opened.user.id, opened.changed_at),
    })
}

/// The credentials as they are now, if they are those that were verified and their user may sign in.
fn stands(tx: &mut WriteTx<'_>, verified: Option<&Credentials>) -> Result<Option<Credentials>> {
    let Some(verified) = verified else {
        return Ok(None);
    };
    let current = users::credentials(tx, &verified.user)?;
    if current.password_hash != verified.password_hash || !users::may_sign_in(tx, &current.user)? {
        return Ok(None);
    }
    Ok(Some(current))
}
