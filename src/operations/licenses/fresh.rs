//! Keys that nobody has yet.

use super::view;
use crate::{
    domain::{error::Result, ids::LicenseId, license::key::ActivationKey, secrets},
    operations::App,
    store::batches::NewKey,
};

/// A key in clear beside what is stored of it.
pub(in crate::operations) struct Fresh {
    pub(super) key: ActivationKey,
    pub(super) new: NewKey,
}

/// So many keys, sealed: made before the transaction that writes them.
pub(in crate::operations) fn fresh_keys(app: &App, quantity: usize) -> Result<Vec<Fresh>> {
    let now = app.clock.now();
    (0..quantity)
        .map(|_| {
            let key = ActivationKey::from_entropy(secrets::random()?);
            let id = LicenseId::at(now);
            let sealed = app.vault.seal(&view::place(id), key.canonical().as_bytes())?;
            let new = NewKey {
                id,
                hash: app.vault.lookup(key.canonical()),
                sealed,
                tail: key.tail().to_owned(),
            };
            Ok(Fresh { key, new })
        })
        .collect()
}
