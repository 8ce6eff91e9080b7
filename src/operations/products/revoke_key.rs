//! Revoking a signing key that is not in use.

use super::create::{fresh_pair, subject};
use crate::{
    domain::{
        access::{Permit, right::ManageSigningKeys},
        audit::{Event, EventKind, Owner},
        error::{Conflict, Error, Result},
    },
    operations::App,
    store::{
        Done, products,
        signing_keys::{self, KeyState},
    },
};

/// Revokes a retired key, so that what it signed is refused; or the next one, in whose place another is made. The one
/// in use is revoked by rotating it.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it is in use, or revoked already.
pub async fn revoke_key(
    app: &App,
    permit: Permit<ManageSigningKeys>,
    name: String,
    kid: String,
) -> Result<()> {
    let app_ = app.clone();
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let id = products::find(tx, scope, &name)?.rules.id;
            products::lock(tx, id)?;
            let keys = signing_keys::of_product(tx, id)?;
            let key = keys.iter().find(|key| key.kid == kid).ok_or(Error::NotFound)?;
            if matches!(key.state, KeyState::Current | KeyState::Revoked) {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            signing_keys::revoke(tx, key.id)?;
            let mut event =
                Event::new(EventKind::KeyRevoked, subject(id), Owner::default()).with("kid", &kid);
            if key.state == KeyState::Next {
                let next = fresh_pair(&app_, id, tx.now())?;
                signing_keys::insert(tx, &next, KeyState::Next)?;
                event = event.with("prossima", &next.kid);
            }
            Ok(Done::changed((), event))
        })
        .await
}
