//! Modules switched in many licences of one product: what is wanted, and of which it can be.

use super::modules::{self, Decided, OfProduct, Wanted};
use crate::{
    domain::{
        actor::{Actor, Role},
        error::{Error, Fault, FieldErrors, Result},
        ids::{LicenseId, ProductId},
        license::{License, Sheet},
    },
    store::{
        ReadTx, Visible,
        license_modules::{self, Had},
        products,
    },
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Modules that are switched at once at most.
const SWITCHED: usize = 50;

/// Modules of one product that are switched.
#[derive(Debug, Clone)]
pub struct Switching {
    /// The product's code.
    pub product: String,
    /// Codes of modules that are switched on.
    pub on: BTreeSet<String>,
    /// Codes of modules that are switched off.
    pub off: BTreeSet<String>,
    /// The last day of those that are switched on, where they have one of their own.
    pub until: Option<NaiveDate>,
}

impl Switching {
    /// As it is wanted of each licence.
    fn wanted(&self) -> Wanted {
        let until = self
            .until
            .map(|day| self.on.iter().map(move |code| (code.clone(), Some(day))));
        Wanted {
            exactly: None,
            on: self.on.clone(),
            off: self.off.clone(),
            until: until.into_iter().flatten().collect(),
        }
    }

    /// Finds the product, with what its licences among these have.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what can be wanted of none of its licences.
    pub(super) fn find(
        &self,
        tx: &mut ReadTx<'_>,
        actor: &Actor,
        sheets: &[Visible<Sheet>],
        today: NaiveDate,
    ) -> Result<Found> {
        if self.on.is_empty() && self.off.is_empty() {
            return Err(Error::field("moduli", Fault::Missing));
        }
        if self.on.len() + self.off.len() > SWITCHED {
            return Err(Error::field("moduli", Fault::TooLong));
        }
        let product = products::find(tx, actor.scope(), &self.product)
            .map_err(|error| match error {
                Error::NotFound => Error::field("prodotto", Fault::Unknown),
                other => other,
            })?
            .rules
            .id;
        let modules = OfProduct::read(tx, product)?;
        let named = |code: &String| modules.all.iter().find(|module| module.code == *code);
        let mut wrong = FieldErrors::default();
        if self.on.iter().chain(&self.off).any(|code| named(code).is_none()) {
            wrong.add("moduli", Fault::Unknown);
        }
        let kept = self.off.iter().filter_map(named).any(|module| module.included);
        let gone = self.on.iter().filter_map(named);
        let gone = gone
            .map(|module| module.id)
            .any(|id| modules.archived.contains(&id));
        if kept || gone || !self.on.is_disjoint(&self.off) {
            wrong.add("moduli", Fault::Incompatible);
        }
        if actor.role() == Some(Role::Agent) && !self.off.is_empty() {
            wrong.add("moduli", Fault::NotAllowed);
        }
        if self.until.is_some_and(|last| last < today) {
            wrong.add("valido_al", Fault::OutOfRange);
        }
        wrong.into_result()?;
        let licenses: Vec<Visible<License>> = sheets.iter().map(Visible::license).collect();
        Ok(Found {
            product,
            had: license_modules::of(tx, &licenses)?,
            modules,
            wanted: self.wanted(),
        })
    }
}

/// What was wanted, with what the licences have.
pub(super) struct Found {
    product: ProductId,
    modules: OfProduct,
    had: BTreeMap<LicenseId, Vec<Had>>,
    wanted: Wanted,
}

impl Found {
    /// What becomes of one of them; none where it is of another product.
    ///
    /// # Errors
    /// As [`modules::decide`].
    pub(super) fn decide(
        &self,
        actor: &Actor,
        license: &License,
        today: NaiveDate,
    ) -> Result<Option<Decided>> {
        if license.product_id != self.product {
            return Ok(None);
        }
        let had = self.had.get(&license.id).map(Vec::as_slice).unwrap_or_default();
        modules::decide(actor, license, &self.modules, had, &self.wanted, today).map(Some)
    }
}
