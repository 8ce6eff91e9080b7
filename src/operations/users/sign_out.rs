//! Signing out.

use super::{access, own};
use crate::{
    domain::{actor::Actor, error::Result, ids::SessionId},
    operations::App,
    store::{
        Done,
        log::{AccessKind, AccessOutcome},
        sessions,
    },
};

/// Ends the session that asks.
///
/// # Errors
/// [`Forbidden`](crate::domain::error::Error::Forbidden) for whoever is not a user at a browser.
pub async fn sign_out(app: &App, actor: &Actor, session: SessionId, user_agent: &str) -> Result<()> {
    let (actor_, user_agent) = (actor.clone(), user_agent.to_owned());
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let user = own(tx, &actor_)?;
            if !sessions::end(tx, &user, session)? {
                return Ok(Done::Unchanged(()));
            }
            let (kind, outcome) = (AccessKind::SignOut, AccessOutcome::Good);
            let entry = access(&actor_, tx.now(), Some(&user), kind, outcome, &user_agent);
            Ok(Done::Accessed((), Box::new(entry)))
        })
        .await
}
