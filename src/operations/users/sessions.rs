//! Sessions, seen and ended from another browser: one's own, and by the vendor anybody's.

use super::{about, access, own, tell};
use crate::{
    domain::{
        access::{Permit, right::EndSessions},
        actor::Actor,
        audit::EventKind,
        error::{Error, Result},
        ids::{SessionId, UserId},
        mail::MailKind,
    },
    operations::App,
    store::{
        Done,
        log::{AccessKind, AccessOutcome},
        sessions::{self, SessionRow},
        users,
    },
};

/// A session among one's own.
#[derive(Debug, Clone)]
pub struct Own {
    /// The session.
    pub session: SessionRow,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// One's own good sessions, newest first.
///
/// # Errors
/// [`Error::Forbidden`] for whoever is not a user at a browser.
pub async fn list(app: &App, actor: &Actor, current: SessionId) -> Result<Vec<Own>> {
    let (actor, now) = (actor.clone(), app.clock.now());
    app.db
        .read(move |tx| {
            let user = own(tx, &actor)?;
            let rows = sessions::list(tx, &user, now)?;
            let own = |session: SessionRow| Own {
                current: session.id == current,
                session,
            };
            Ok(rows.into_iter().map(own).collect())
        })
        .await
}

/// Ends one of one's own sessions.
///
/// # Errors
/// [`Error::NotFound`] where it is none of them, or ended already; [`Error::Forbidden`].
pub async fn end(app: &App, actor: &Actor, session: SessionId, user_agent: &str) -> Result<()> {
    let (actor_, user_agent) = (actor.clone(), user_agent.to_owned());
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let user = own(tx, &actor_)?;
            if !sessions::end(tx, &user, session)? {
                return Err(Error::NotFound);
            }
            let (kind, outcome) = (AccessKind::SessionsEnded, AccessOutcome::Good);
            let entry = access(&actor_, tx.now(), Some(&user), kind, outcome, &user_agent);
            Ok(Done::Accessed((), Box::new(entry)))
        })
        .await
}

/// Ends all of one's own sessions but the one that asks, and gives how many there were.
///
/// # Errors
/// [`Error::Forbidden`] for whoever is not a user at a browser.
pub async fn end_others(app: &App, actor: &Actor, current: SessionId, user_agent: &str) -> Result<usize> {
    let (actor_, user_agent) = (actor.clone(), user_agent.to_owned());
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let user = own(tx, &actor_)?;
            let ended = sessions::end_others(tx, &user, Some(current))?;
            if ended == 0 {
                return Ok(Done::Unchanged(0));
            }
            let (kind, outcome) = (AccessKind::SessionsEnded, AccessOutcome::Good);
            let entry = access(&actor_, tx.now(), Some(&user), kind, outcome, &user_agent);
            Ok(Done::Accessed(ended, Box::new(entry)))
        })
        .await
}

/// Ends all sessions of a user, and gives how many there were. Tokens go on.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub async fn end_of(app: &App, permit: Permit<EndSessions>, id: UserId) -> Result<usize> {
    let (scope, app_, own) = (permit.scope(), app.clone(), permit.actor().user_id());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let user = users::get(tx, scope, id)?;
            let ended = sessions::end_others(tx, &user, None)?;
            if ended == 0 {
                return Ok(Done::Unchanged(0));
            }
            if own != Some(user.id) {
                tell(&app_, tx, MailKind::SessionsNotice, &user)?;
            }
            let event = about(EventKind::UserSessionsEnded, &user)
                .with("email", &user.email)
                .with("sessioni", ended);
            Ok(Done::changed(ended, event))
        })
        .await
}
