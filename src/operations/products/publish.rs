//! Publishing a version of a product.

use super::create::{publish as insert, subject};
use crate::{
    domain::{
        access::{Permit, right::DefineProducts},
        audit::{Event, EventKind, Owner},
        error::Result,
        product::{Product, Version},
    },
    operations::{App, Once, Replayable},
    store::{Done, products},
};

/// Publishes a version; released last, it is the product's version from now on.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound); [`Invalid`](crate::domain::error::Error::Invalid) where the
/// product has it already.
pub async fn publish(
    app: &App,
    permit: Permit<DefineProducts>,
    name: String,
    version: Version,
    once: Once<Version>,
) -> Result<Replayable<Version>> {
    let scope = permit.scope();
    app.once(permit.actor(), once, move |tx| {
        let product = products::find(tx, scope, &name)?;
        let id = product.rules.id;
        insert(tx, id, std::slice::from_ref(&version))?;
        let newest = products::versions(tx, &[id])?.into_iter().next();
        if newest.is_some_and(|(_, newest)| newest.version == version.version) {
            let mut now: Product = product.clone();
            now.rules.version.clone_from(&version.version);
            products::update(tx, &now, product.revision)?;
        }
        let event = Event::new(EventKind::VersionPublished, subject(id), Owner::default())
            .with("versione", &version.version)
            .with("data_rilascio", version.released_on);
        Ok(Done::changed(version.clone(), event))
    })
    .await
}
