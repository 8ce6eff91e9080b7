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
        product::{Module, Rules},
        secrets::Vault,
    },
    store::{ReadTx, activations::Found, products, signing_keys},
};
use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

type Remembered<K, V> = RwLock<HashMap<K, V>>;

/// What is remembered of a product.
#[derive(Debug)]
pub struct Known {
    revision: i32,
    /// Its rules.
    pub rules: Arc<Rules>,
    /// All modules that its licences may have, archived ones too, in the order of their codes.
    pub modules: Vec<Module>,
}

/// Products' rules and signing keys, remembered.
#[derive(Debug, Default)]
pub struct Catalogue {
    products: Remembered<ProductId, Arc<Known>>,
    signers: Remembered<SigningKeyId, Arc<Signer>>,
}

impl Catalogue {
    /// A product, as it is at this revision. It is remembered where all that was read is committed: what another
    /// operation of the same batch changed may be undone, and the next change would give the same revision to something
    /// else. An operation that changes a product must not ask for it here afterwards.
    ///
    /// # Errors
    /// Of the database.
    pub fn product(&self, tx: &mut ReadTx<'_>, id: ProductId, revision: i32) -> Result<Arc<Known>> {
        if let Ok(products) = self.products.read()
            && let Some(known) = products.get(&id).filter(|known| known.revision == revision)
        {
            return Ok(known.clone());
        }
        let product = products::get(tx, id)?;
        let mut modules = products::all_modules(tx, id)?;
        modules.sort_by(|a, b| a.code.cmp(&b.code));
        let known = Arc::new(Known {
            revision: product.revision,
            rules: Arc::new(product.rules),
            modules,
        });
        if tx.is_settled()
            && let Ok(mut products) = self.products.write()
        {
            products.insert(id, known.clone());
        }
        Ok(known)
    }

    /// The product of a licence as the hot path reads it, with the rules as its company has them.
    ///
    /// # Errors
    /// Of the database.
    pub fn of(&self, tx: &mut ReadTx<'_>, found: &Found) -> Result<Arc<Known>> {
        let known = self.product(tx, found.license.product_id, found.product_revision)?;
        if found.line.is_empty() {
            return Ok(known);
        }
        Ok(Arc::new(Known {
            revision: known.revision,
            rules: Arc::new(known.rules.under(&found.line)),
            modules: known.modules.clone(),
        }))
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
