//! Ending a token for the API.

use super::{own, owner};
use crate::{
    domain::{
        access::{
            Permit, Right,
            right::{ManageTokens, ManageUsers},
        },
        actor::Actor,
        audit::{Event, EventKind, Subject},
        error::{Conflict, Error, Result},
        ids::TokenId,
        user::User,
    },
    operations::App,
    store::{
        Done, Visible, WriteTx,
        tokens::{self, Token},
    },
};

/// Ends one of one's own tokens.
///
/// # Errors
/// [`Error::NotFound`], [`Conflict::WrongState`] where it ended already; [`Error::Forbidden`] for whoever is not a user
/// at a browser.
pub async fn revoke_own(app: &App, actor: &Actor, id: TokenId) -> Result<()> {
    let actor_ = actor.clone();
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let own = own(tx, &actor_)?;
            let (token, user) = tokens::get(tx, actor_.scope(), id)?;
            if user.id != own.id {
                return Err(Error::NotFound);
            }
            revoked(tx, &token, &user)
        })
        .await
}

/// Ends a token of a user whom one manages.
///
/// # Errors
/// [`Error::NotFound`], [`Conflict::WrongState`] where it ended already.
pub async fn revoke(app: &App, permit: Permit<ManageUsers>, id: TokenId) -> Result<()> {
    of_the_scope(app, permit, id).await
}

/// Ends anybody's token.
///
/// # Errors
/// As [`revoke`].
pub async fn revoke_any(app: &App, permit: Permit<ManageTokens>, id: TokenId) -> Result<()> {
    of_the_scope(app, permit, id).await
}

async fn of_the_scope<R: Right>(app: &App, permit: Permit<R>, id: TokenId) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let (token, user) = tokens::get(tx, scope, id)?;
            revoked(tx, &token, &user)
        })
        .await
}

fn revoked(tx: &mut WriteTx<'_>, token: &Visible<Token>, user: &Visible<User>) -> Result<Done<()>> {
    if token.revoked_at.is_some() {
        return Err(Error::Conflict(Conflict::WrongState));
    }
    tokens::revoke(tx, token)?;
    let subject = Subject {
        kind: "token",
        id: token.id.0,
    };
    let event = Event::new(EventKind::TokenRevoked, subject, owner(user))
        .with("utente", &user.email)
        .with("nome", &token.name);
    Ok(Done::changed((), event))
}
