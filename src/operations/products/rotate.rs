//! Changing a product's signing key for the next.

use super::create::{fresh_pair, subject};
use crate::{
    domain::{
        access::{Permit, right::ManageSigningKeys},
        audit::{Event, EventKind, Owner},
        error::Result,
    },
    operations::App,
    store::{
        Done, products,
        signing_keys::{self, KeyState},
    },
};

/// Puts the next key to use and makes another next. The one that was stays accepted, unless it leaked: then it is
/// revoked, and what it signed is refused at its next contact.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub async fn rotate(app: &App, permit: Permit<ManageSigningKeys>, name: String, leaked: bool) -> Result<()> {
    let app_ = app.clone();
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let product = products::find(tx, scope, &name)?;
            let id = product.rules.id;
            let was = signing_keys::get(tx, product.rules.signing_key_id)?;
            let now = signing_keys::next(tx, id)?;
            let next = fresh_pair(&app_, id, tx.now())?;
            signing_keys::promote(tx, id, was.id, now.id, leaked)?;
            signing_keys::insert(tx, &next, KeyState::Next)?;
            let event = Event::new(EventKind::KeyRotated, subject(id), Owner::default())
                .changed("in_uso", &was.kid, &now.kid)
                .with("prossima", &next.kid)
                .with("revocata", leaked);
            Ok(Done::changed((), event))
        })
        .await
}
