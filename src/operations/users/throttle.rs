//! How often signing in, and what leads to it, may be tried: counted before anything dear is done.

use super::{access, own};
use crate::{
    domain::{
        actor::Actor,
        error::{Error, Result},
        text,
    },
    operations::App,
    store::{
        log::{AccessKind, AccessOutcome, LogRow},
        throttles::{Bucket, LONGEST},
        users::{self, Credentials},
    },
};
use chrono::Duration;
use std::net::IpAddr;

/// A bucket of the configured size; none where there is no limit.
fn bucket(app: &App, kind: &str, what: &[u8], period: Duration) -> Option<Bucket> {
    let times = app.limits.sign_in();
    (times > 0).then(|| Bucket {
        id: app.vault.throttle(kind, what),
        times,
        period,
    })
}

fn minute() -> Duration {
    Duration::minutes(1)
}

/// What one caller is counted by: whoever has an IPv6 address has all of its /64.
fn place(address: Option<IpAddr>) -> Vec<u8> {
    match address.map(|address| address.to_canonical()) {
        None => Vec::new(),
        Some(IpAddr::V4(v4)) => v4.octets().to_vec(),
        Some(IpAddr::V6(v6)) => v6.octets().into_iter().take(8).collect(),
    }
}

/// Counts a sign-in, per account (whether there is one or not) and per address, and gives whose the account is. A
/// browser at which the user signed in before has a count of its own, so that a stranger's tries keep nobody out.
///
/// # Errors
/// [`Error::TooMany`].
pub(super) async fn sign_in(
    app: &App,
    actor: &Actor,
    email: &str,
    known: Option<&str>,
    user_agent: &str,
) -> Result<Option<Credentials>> {
    let typed = text::email(email).ok();
    let account = typed.clone().unwrap_or_else(|| email.to_lowercase());
    let strangers: Vec<Bucket> = [
        bucket(app, "account", account.as_bytes(), minute()),
        bucket(app, "address", &place(actor.origin().address), minute()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (app_, known) = (app.clone(), known.map(str::to_owned));
    let now = app.clock.now();
    let looked = app
        .db
        .throttle(actor, now, move |tx| {
            let found = match &typed {
                Some(email) => users::credentials_by_email(tx, email)?,
                None => None,
            };
            let known = known.as_deref().zip(found.as_ref()).filter(|(shown, found)| {
                app_.vault
                    .is_known_browser(shown, found.user.id, found.changed_at)
            });
            let buckets = match known {
                Some((_, found)) => bucket(&app_, "browser", &found.user.id.0, minute())
                    .into_iter()
                    .collect(),
                None => strangers.clone(),
            };
            Ok((found, buckets))
        })
        .await;
    if let Err(Error::TooMany(_)) = &looked
        && app.limits.sign_in_noted(actor.origin().address).is_ok()
    {
        let outcome = AccessOutcome::Limited;
        let entry = access(actor, now, None, AccessKind::SignIn, outcome, user_agent);
        app.db.log(LogRow::Access(Box::new(entry))).await?;
    }
    looked
}

/// Counts a try of a signed-in user to give the password again, and gives the credentials.
///
/// # Errors
/// [`Error::TooMany`]; [`Error::Forbidden`] for whoever is not a user at a browser.
pub(super) async fn confirmation(app: &App, actor: &Actor) -> Result<Credentials> {
    let (app_, actor_) = (app.clone(), actor.clone());
    app.db
        .throttle(actor, app.clock.now(), move |tx| {
            let user = own(tx, &actor_)?;
            let buckets = bucket(&app_, "confirmation", &user.id.0, minute());
            Ok((users::credentials(tx, &user)?, buckets.into_iter().collect()))
        })
        .await
}

/// Counts a request that mails something to whatever address was typed, by what is mailed: per caller and minute; per
/// address that gets a mail each time, and hour.
///
/// # Errors
/// [`Error::TooMany`].
pub(in crate::operations) async fn mailing(app: &App, actor: &Actor, what: &str, email: &str) -> Result<()> {
    let buckets: Vec<Bucket> = [
        bucket(app, &format!("{what} account"), email.as_bytes(), LONGEST),
        bucket(
            app,
            &format!("{what} address"),
            &place(actor.origin().address),
            minute(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    app.db
        .throttle(actor, app.clock.now(), move |_| Ok(((), buckets.clone())))
        .await
}
