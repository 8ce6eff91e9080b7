//! Looking at the portal with the eyes of somebody below, without changing anything.

use super::{about, own};
use crate::{
    domain::{
        access::{Permit, right::SeeAsOthers},
        actor::Actor,
        audit::EventKind,
        error::{Error, Result},
        ids::{SessionId, UserId},
        user::may_see_as,
    },
    operations::App,
    store::{Done, sessions, users},
};

/// Begins: from the next request on the session sees what the user sees.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for oneself, a colleague, the vendor's users, whoever cannot sign in, and for
/// who comes with a token.
pub async fn begin(app: &App, permit: Permit<SeeAsOthers>, session: SessionId, id: UserId) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let own = own(tx, &actor)?;
            let scope = actor.scope();
            let user = users::get(tx, scope, id)?;
            if !may_see_as(&actor, &user) || sessions::seen(tx, scope, id)?.is_none() {
                return Err(Error::Forbidden);
            }
            sessions::see(tx, &own, session, Some(&user))?;
            let event = about(EventKind::UserSeen, &user).with("email", &user.email);
            Ok(Done::changed((), event))
        })
        .await
}

/// Ends: the session sees with its own eyes again.
///
/// # Errors
/// [`Error::Forbidden`] for whoever is not a user at a browser.
pub async fn end(app: &App, actor: &Actor, session: SessionId, id: UserId) -> Result<()> {
    let actor_ = actor.clone();
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let own = own(tx, &actor_)?;
            sessions::see(tx, &own, session, None)?;
            let user = users::get(tx, actor_.scope(), id)?;
            let event = about(EventKind::UserUnseen, &user).with("email", &user.email);
            Ok(Done::changed((), event))
        })
        .await
}
