//! Switching a licence's modules on and off, each with its own last day where it has one. The rules stand here once: a
//! page, the API and what is done to many ask the same [`decide`].

use crate::{
    domain::{
        access::{Permit, right::ChangeModules},
        actor::{Actor, Role},
        audit::{Event, EventKind},
        calendar,
        error::{Conflict, Error, Fault, FieldErrors, Result, expect_revision},
        ids::{LicenseId, ModuleId, ProductId},
        license::{License, LicenseKind},
        product::Module,
    },
    operations::App,
    store::{
        Done, ReadTx, Visible,
        license_modules::{self, Had, Switch},
        licenses, products,
    },
};
use chrono::NaiveDate;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What is wanted, by the codes of modules. What is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// These and no others; what every licence of the product has stays in any case.
    pub exactly: Option<BTreeSet<String>>,
    /// These are switched on.
    pub on: BTreeSet<String>,
    /// These are switched off.
    pub off: BTreeSet<String>,
    /// Their own last days; none takes one away.
    pub until: BTreeMap<String, Option<NaiveDate>>,
}

/// The modules of a product.
#[derive(Debug, Clone)]
pub struct OfProduct {
    /// All that its licences may have, in the order of their codes.
    pub all: Vec<Module>,
    /// Those that no licence gets any more.
    pub archived: BTreeSet<ModuleId>,
}

impl OfProduct {
    /// Reads them.
    ///
    /// # Errors
    /// Of the database.
    pub fn read(tx: &mut ReadTx<'_>, product: ProductId) -> Result<Self> {
        let mut all = products::all_modules(tx, product)?;
        all.sort_by(|a, b| a.code.cmp(&b.code));
        let archived = products::archived_modules(tx, product)?;
        Ok(Self {
            all,
            archived: archived.into_iter().map(|module| module.id).collect(),
        })
    }

    fn named(&self, code: &str) -> Option<&Module> {
        self.all.iter().find(|module| module.code == code)
    }

    /// The codes of what a licence has.
    fn codes(&self, had: &[Had]) -> Vec<&str> {
        let is_had = |module: &&Module| had.iter().any(|(id, _)| *id == module.id);
        let codes = self.all.iter().filter(is_had);
        codes.map(|module| module.code.as_str()).collect()
    }

    /// The last days of what a licence has.
    fn days(&self, had: &[Had]) -> BTreeMap<&str, NaiveDate> {
        self.all
            .iter()
            .filter_map(|module| {
                let (_, day) = had.iter().find(|(id, _)| *id == module.id)?;
                Some((module.code.as_str(), (*day)?))
            })
            .collect()
    }
}

/// What is switched, and how the record of it reads.
#[derive(Debug, Clone, Default)]
pub(super) struct Decided {
    pub(super) switch: Switch,
    before: Facts,
    after: Facts,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Facts {
    codes: Vec<String>,
    days: BTreeMap<String, NaiveDate>,
}

impl Facts {
    fn of(product: &OfProduct, had: &[Had]) -> Self {
        Self {
            codes: product.codes(had).into_iter().map(str::to_owned).collect(),
            days: product
                .days(had)
                .into_iter()
                .map(|(code, day)| (code.to_owned(), day))
                .collect(),
        }
    }
}

impl Decided {
    /// Whether nothing would be another thing than before.
    pub(super) fn is_nothing(&self) -> bool {
        self.switch == Switch::default()
    }

    /// The record, with what changed.
    pub(super) fn told(&self, event: Event) -> Event {
        event
            .changed("moduli", &self.before.codes, &self.after.codes)
            .changed("moduli_scadenze", &self.before.days, &self.after.days)
    }
}

/// What a licence would have, or why not.
///
/// # Errors
/// [`Conflict::WrongState`] for what was revoked; [`Error::Invalid`] at `moduli` for what the product has not, gives
/// nobody any more or gives everybody; at `moduli_scadenze.<code>`; at `modalita` for what costs something and has no
/// payer.
pub(super) fn decide(
    actor: &Actor,
    license: &License,
    product: &OfProduct,
    had: &[Had],
    wanted: &Wanted,
    today: NaiveDate,
) -> Result<Decided> {
    if license.revoked_at.is_some() {
        return Err(Error::Conflict(Conflict::WrongState));
    }
    let mut wrong = FieldErrors::default();
    let named = wanted.exactly.iter().flatten();
    if named
        .chain(&wanted.on)
        .chain(&wanted.off)
        .any(|code| product.named(code).is_none())
    {
        wrong.add("moduli", Fault::Unknown);
    }
    if !wanted.on.is_disjoint(&wanted.off) {
        wrong.add("moduli", Fault::Incompatible);
    }
    for code in wanted.until.keys() {
        if product.named(code).is_none() {
            wrong.add(&format!("moduli_scadenze.{code}"), Fault::Unknown);
        }
    }
    let (mut switch, mut after) = (Switch::default(), Vec::new());
    for module in &product.all {
        let before = had.iter().find(|(id, _)| *id == module.id).map(|(_, day)| *day);
        let code = &module.code;
        let stays = match &wanted.exactly {
            Some(codes) => codes.contains(code) || (module.included && before.is_some()),
            None => before.is_some(),
        };
        let has = (stays || wanted.on.contains(code)) && !wanted.off.contains(code);
        let day = wanted.until.get(code);
        let field = || format!("moduli_scadenze.{code}");
        if before.is_some() && !has {
            if module.included {
                wrong.add("moduli", Fault::Incompatible);
            }
            if actor.role() == Some(Role::Agent) {
                wrong.add("moduli", Fault::NotAllowed);
            }
            switch.off.push(module.id);
        }
        if !has {
            // The last day of what it has not says nothing.
            if day.is_some_and(Option::is_some) {
                wrong.add(&field(), Fault::Incompatible);
            }
            continue;
        }
        let until = day.copied().unwrap_or_else(|| before.flatten());
        after.push((module.id, until));
        if before == Some(until) {
            continue;
        }
        if before.is_none() && product.archived.contains(&module.id) {
            wrong.add("moduli", Fault::Incompatible);
        }
        if until.is_some_and(|last| last < today) {
            wrong.add(&field(), Fault::OutOfRange);
        }
        let longer = match (before, until) {
            (None, _) => true,
            (Some(before), until) => before.is_some_and(|before| until.is_none_or(|until| until > before)),
        };
        if longer && wants_payer(actor, license, module) {
            wrong.add("modalita", Fault::Missing);
        }
        switch.set.push((module.id, until));
    }
    wrong.into_result()?;
    Ok(Decided {
        before: Facts::of(product, had),
        after: Facts::of(product, &after),
        switch,
    })
}

/// Whether somebody has to pay for a module: without a payer the vendor alone gives what costs something (stock). A
/// trial costs nothing, whatever it lets try.
fn wants_payer(actor: &Actor, license: &License, module: &Module) -> bool {
    !actor.is_superadmin()
        && license.kind != LicenseKind::Trial
        && !module.included
        && module.base_price_cents > 0
}

/// What a licence that was found through a scope would have.
///
/// # Errors
/// As [`decide`].
pub(super) fn judge(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    license: &Visible<License>,
    wanted: &Wanted,
    today: NaiveDate,
) -> Result<Decided> {
    let product = OfProduct::read(tx, license.product_id)?;
    let had = license_modules::of(tx, std::slice::from_ref(license))?
        .remove(&license.id)
        .unwrap_or_default();
    decide(actor, license, &product, &had, wanted, today)
}

/// Switches modules, and changes the licence's own values for the software where some are given: the vendor's alone.
/// Whether anything changed.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] where the caller read another revision; as the rules say.
pub async fn switch(
    app: &App,
    permit: Permit<ChangeModules>,
    id: LicenseId,
    revision: Option<i32>,
    wanted: Wanted,
    properties: Option<Map<String, Value>>,
) -> Result<bool> {
    if properties.is_some() && !permit.actor().is_superadmin() {
        return Err(Error::field("proprieta", Fault::NotAllowed));
    }
    let (scope, actor, zone) = (permit.scope(), permit.actor().clone(), app.zone);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            expect_revision(license.revision, revision)?;
            let today = calendar::today(tx.now(), zone);
            let decided = judge(tx, &actor, &license, &wanted, today)?;
            let before = licenses::terms(tx, &[id])?.remove(&id).unwrap_or_default();
            let mut after = before.clone();
            if let Some(properties) = &properties {
                after.properties.clone_from(properties);
            }
            if decided.is_nothing() && before == after {
                return Ok(Done::Unchanged(false));
            }
            licenses::change(tx, &license, &licenses::Change::default())?;
            if before != after {
                licenses::set_terms(tx, &license, &after)?;
            }
            let event = decided
                .told(Event::license(EventKind::LicenseChanged, &license))
                .changed("proprieta", &before.properties, &after.properties);
            license_modules::switch(tx, &[(license, decided.switch)])?;
            Ok(Done::changed(true, event))
        })
        .await
}
