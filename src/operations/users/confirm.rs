//! The password again, by who is signed in: asked for before what opens accounts and signs keys is changed.

use super::{Renewed, access, throttle};
use crate::{
    domain::{
        actor::Actor,
        error::{Error, Fault, Result},
        ids::SessionId,
        secrets::Token,
    },
    operations::App,
    store::{
        Done,
        log::{AccessKind, AccessOutcome, LogRow},
        sessions,
        users::Credentials,
    },
};

/// Confirms who sits at a session: it goes on under another secret, as one whose password was just given.
///
/// # Errors
/// [`Error::Invalid`] (`password`) where it is wrong, [`Error::TooMany`]; [`Error::Forbidden`] for whoever is not a user
/// at a browser; [`Error::NotFound`] where the session ended meanwhile.
pub async fn confirm(
    app: &App,
    actor: &Actor,
    session: SessionId,
    password: &str,
    user_agent: &str,
) -> Result<Renewed> {
    let proved = prove(app, actor, "password", password, user_agent).await?;
    let secret = Token::new()?;
    let (hash, actor_, user_agent) = (secret.hash(), actor.clone(), user_agent.to_owned());
    let now = app.clock.now();
    let end = app
        .db
        .operation(actor, now, move |tx| {
            let end = sessions::renew(tx, &proved.user, session, hash)?;
            let (kind, outcome) = (AccessKind::Confirmation, AccessOutcome::Good);
            let entry = access(&actor_, now, Some(&proved.user), kind, outcome, &user_agent);
            Ok(Done::Accessed(end, Box::new(entry)))
        })
        .await?;
    Ok(Renewed {
        secret,
        lasts: end.map(|end| end - now),
    })
}

/// The same for one deed alone, whose form asks for the password itself: the session stays as it is.
///
/// # Errors
/// As [`confirm`].
pub async fn for_once(app: &App, actor: &Actor, password: &str, user_agent: &str) -> Result<()> {
    let proved = prove(app, actor, "password", password, user_agent).await?;
    let (kind, outcome) = (AccessKind::Confirmation, AccessOutcome::Good);
    let now = app.clock.now();
    let entry = access(actor, now, Some(&proved.user), kind, outcome, user_agent);
    app.db.log(LogRow::Access(Box::new(entry))).await
}

/// Holds a password against that of the user who acts. A wrong one is a fault of the field, and a row of the access log.
pub(super) async fn prove(
    app: &App,
    actor: &Actor,
    field: &str,
    password: &str,
    user_agent: &str,
) -> Result<Credentials> {
    let credentials = throttle::confirmation(app, actor).await?;
    let stored = credentials.password_hash.as_deref();
    if app.passwords.verify(password, stored).await? {
        return Ok(credentials);
    }
    let (kind, outcome) = (AccessKind::Confirmation, AccessOutcome::Refused);
    let user = Some(&*credentials.user);
    let entry = access(actor, app.clock.now(), user, kind, outcome, user_agent);
    app.db.log(LogRow::Access(Box::new(entry))).await?;
    Err(Error::field(field, Fault::Invalid))
}
