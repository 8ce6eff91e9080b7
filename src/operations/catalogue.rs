//! What the hot path would otherwise read again and again: products' rules and their signing keys.
//!
//! Rules are remembered with the product's revision, which every licence is read together with, so that a change made
//! on another node is seen at once. A signing key never changes, so it is remembered by its identifier; which one is
//! in use stands in the rules.

use crate::{
    domain::{
        error::{Error, Result},
        ids::{ProductId, SigningKeyId},
        license::computer_key::Signer,
        product::Rules,
        secrets::Vault,
    },
    store::{ReadTx, activations, signing_keys},
};
use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

type Remembered<K, V> = RwLock<HashMap<K, V>>;

/// Products' rules and signing keys, remembered.
#[derive(Debug, Default)]
pub struct Catalogue {
    rules: Remembered<ProductId, (i32, Arc<Rules>)>,
    signers: Remembered<SigningKeyId, Arc<Signer>>,
}

impl Catalogue {
    /// A product's rules, as they are at this revision.
    ///
    /// # Errors
    /// Of the database.
    pub fn rules(&self, tx: &mut ReadTx<'_>, product: ProductId, revision: i32) -> Result<Arc<Rules>> {
        if let Ok(known) = self.rules.read()
            && let Some((at, rules)) = known.get(&product)
            && *at == revision
        {
            return Ok(rules.clone());
        }
        let (at, rules) = activations::rules_of(tx, product)?;
        let rules = Arc::new(rules);
        if let Ok(mut known) = self.rules.write() {
            known.insert(product, (at, rules.clone()));
        }
        Ok(rules)
    }

    /// A signing key, opened.
    ///
    /// # Errors
    /// Where the installation's secret does not open it.
    pub fn signer(&self, tx: &mut ReadTx<'_>, vault: &Vault, id: SigningKeyId) -> Result<Arc<Signer>> {
        if let Ok(known) = self.signers.read()
            && let Some(signer) = known.get(&id)
        {
            return Ok(signer.clone());
        }
        let stored = signing_keys::get(tx, id)?;
        let signer = Arc::new(open(vault, &stored)?);
        if let Ok(mut known) = self.signers.write() {
            known.insert(id, signer.clone());
        }
        Ok(signer)
    }
}

/// Where a seed is sealed: it opens for no other product and under no other name.
pub(super) fn place(product: ProductId, kid: &str) -> Vec<u8> {
    [b"signing-key/", product.0.as_slice(), kid.as_bytes()].concat()
}

/// Opens a stored pair.
pub(super) fn open(vault: &Vault, stored: &signing_keys::StoredKey) -> Result<Signer> {
    let seed = vault.open(&place(stored.product_id, &stored.kid), &stored.seed_sealed)?;
    let seed: [u8; 32] = seed.as_slice().try_into().map_err(Error::internal)?;
    let signer = Signer::new(seed, &stored.kid);
    if signer.public_key() == stored.public_key {
        Ok(signer)
    } else {
        Err(Error::internal("a signing key's halves do not belong together"))
    }
}
