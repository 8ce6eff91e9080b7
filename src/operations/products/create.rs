//! Defining a product, with two signing keys from the start.

use super::view::View;
use crate::{
    domain::{
        access::{Permit, right::DefineProducts},
        audit::{Event, EventKind, Owner, Subject},
        error::{Error, Fault, FieldErrors, Result},
        ids::{ProductId, SigningKeyId},
        license::computer_key::{self, Signer},
        product::{Module, Product, Version},
        secrets,
    },
    operations::{App, Once, Replayable, catalogue},
    store::{
        Done, WriteTx, products,
        signing_keys::{self, KeyState, StoredKey},
    },
};
use chrono::NaiveDateTime;
use std::collections::BTreeSet;

/// A new product. Its identifiers are made here.
#[derive(Debug, Clone)]
pub struct New {
    /// The product.
    pub product: Product,
    /// Its modules; those without a bit get the first that is free.
    pub modules: Vec<Module>,
    /// Its versions.
    pub versions: Vec<Version>,
}

/// Defines a product.
///
/// # Errors
/// [`Error::Invalid`] where its code is taken, or a module's code or bit stands twice.
pub async fn create(
    app: &App,
    permit: Permit<DefineProducts>,
    new: New,
    once: Once<View>,
) -> Result<Replayable<View>> {
    let now = app.clock.now();
    let id = ProductId::at(now);
    let (current, next) = (fresh_pair(app, id, now)?, fresh_pair(app, id, now)?);
    let modules = with_bits(&[], new.modules)?;
    let mut product = new.product;
    product.rules.id = id;
    product.rules.signing_key_id = current.id;
    product.created_at = now;
    app.once(permit.actor(), once, move |tx| {
        if !products::insert(tx, &product)? {
            return Err(Error::field("codice", Fault::Taken));
        }
        signing_keys::insert(tx, &current, KeyState::Current)?;
        signing_keys::insert(tx, &next, KeyState::Next)?;
        for module in &modules {
            products::insert_module(tx, id, module)?;
        }
        publish(tx, id, &new.versions)?;
        let event = Event::new(EventKind::ProductCreated, subject(id), Owner::default())
            .with("codice", &product.rules.code)
            .with("nome", &product.rules.name)
            .with("chiavi", [&current.kid, &next.kid]);
        let view = View {
            product: product.clone(),
            modules: modules.clone(),
            versions: new.versions.clone(),
        };
        Ok(Done::changed(view, event))
    })
    .await
}

pub(super) fn subject(id: ProductId) -> Subject {
    Subject {
        kind: "prodotto",
        id: id.0,
    }
}

pub(super) fn publish(tx: &mut WriteTx<'_>, id: ProductId, versions: &[Version]) -> Result<()> {
    for version in versions {
        if !products::insert_version(tx, id, version)? {
            return Err(Error::field("versione", Fault::Taken));
        }
    }
    Ok(())
}

/// A new key pair, its seed sealed.
pub(super) fn fresh_pair(app: &App, product: ProductId, now: NaiveDateTime) -> Result<StoredKey> {
    let seed = secrets::random::<32>()?;
    let public_key = Signer::new(seed, "").public_key();
    let kid = computer_key::kid(&public_key);
    let seed_sealed = app.vault.seal(&catalogue::place(product, &kid), &seed)?;
    Ok(StoredKey {
        id: SigningKeyId::at(now),
        product_id: product,
        kid,
        public_key,
        seed_sealed,
    })
}

/// Gives each new module without a bit the first that is free; beyond 32 modules have none.
pub(super) fn with_bits(known: &[Module], new: Vec<Module>) -> Result<Vec<Module>> {
    let mut wrong = FieldErrors::default();
    let mut codes: BTreeSet<String> = known.iter().map(|module| module.code.clone()).collect();
    let mut taken: BTreeSet<i32> = known.iter().filter_map(|module| module.bit).collect();
    for (n, module) in new.iter().enumerate() {
        if !codes.insert(module.code.clone()) {
            wrong.add(&format!("moduli.{n}.codice"), Fault::Taken);
        }
        if module.bit.is_some_and(|bit| !taken.insert(bit)) {
            wrong.add(&format!("moduli.{n}.bit"), Fault::Taken);
        }
    }
    wrong.into_result()?;
    Ok(new
        .into_iter()
        .map(|module| {
            let bit = module.bit.or_else(|| (0..32).find(|bit| taken.insert(*bit)));
            Module { bit, ..module }
        })
        .collect())
}
