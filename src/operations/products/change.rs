//! Changing a product.

use super::create::{subject, with_bits};
use crate::{
    domain::{
        access::{Permit, right::DefineProducts},
        audit::{Event, EventKind, Owner},
        error::{Fault, FieldErrors, Result, expect_revision},
        ids::ModuleId,
        license::LicenseKind,
        product::{Module, Product, StartRule},
    },
    operations::App,
    store::{Done, products},
};
use serde_json::{Map, Value};

/// What is to change: absent stays. The code never changes: clients carry it.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Name.
    pub name: Option<String>,
    /// Its version now.
    pub version: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// The kinds it is sold as.
    pub license_kinds: Option<Vec<LicenseKind>>,
    /// Price of a period, or once, in cents.
    pub base_price_cents: Option<i64>,
    /// Days of a trial.
    pub trial_days: Option<i32>,
    /// Months of a subscription's period.
    pub period_months: Option<i32>,
    /// Days that a computer key lasts without contact.
    pub offline_days: Option<i32>,
    /// Whether a computer key may last for ever.
    pub offline_unlimited: Option<bool>,
    /// Days of grace.
    pub grace_days: Option<i32>,
    /// Days for which a waiting customer's licence works.
    pub pending_days: Option<i32>,
    /// When days begin to count.
    pub start_rule: Option<StartRule>,
    /// A customer's own releases at most…
    pub release_max: Option<i32>,
    /// …in so many days.
    pub release_days: Option<i32>,
    /// Free values for the software.
    pub properties: Option<Map<String, Value>>,
    /// Modules to change (by code) or to add; those not named stay.
    pub modules: Vec<ModuleChange>,
}

/// What is to change in a module, or a new one: absent stays.
#[derive(Debug, Clone)]
pub struct ModuleChange {
    /// Its code, which never changes.
    pub code: String,
    /// Its name; a new module's is its code.
    pub name: Option<String>,
    /// Its place in the mask, which never changes; a new module's is the first that is free.
    pub bit: Option<i32>,
    /// Price of a period, or once, in cents.
    pub base_price_cents: Option<i64>,
    /// Whether every new licence has it.
    pub included: Option<bool>,
}

impl ModuleChange {
    /// The module after the change.
    pub fn apply(&self, known: &Module) -> Module {
        Module {
            id: known.id,
            code: known.code.clone(),
            name: self.name.clone().unwrap_or_else(|| known.name.clone()),
            bit: known.bit,
            base_price_cents: self.base_price_cents.unwrap_or(known.base_price_cents),
            included: self.included.unwrap_or(known.included),
        }
    }

    /// A new module.
    pub fn fresh(&self) -> Module {
        Module {
            id: ModuleId::new(),
            code: self.code.clone(),
            name: self.name.clone().unwrap_or_else(|| self.code.clone()),
            bit: self.bit,
            base_price_cents: self.base_price_cents.unwrap_or(0),
            included: self.included.unwrap_or(false),
        }
    }
}

/// Changes a product, of the revision that the caller read where they say so.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound), [`Stale`](crate::domain::error::Error::Stale),
/// [`Invalid`](crate::domain::error::Error::Invalid).
pub async fn change(
    app: &App,
    permit: Permit<DefineProducts>,
    name: String,
    revision: Option<i32>,
    changes: Changes,
) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = products::find(tx, scope, &name)?;
            expect_revision(was.revision, revision)?;
            let now = changed(&was, &changes);
            products::update(tx, &now, was.revision)?;
            let known: Vec<Module> = products::modules(tx, &[was.rules.id])?
                .into_iter()
                .map(|(_, module)| module)
                .collect();
            // Their codes and bits stay theirs: licences have them still.
            let archived = products::archived_modules(tx, was.rules.id)?;
            let taken: Vec<Module> = known.iter().chain(&archived).cloned().collect();
            let mut event = Event::new(EventKind::ProductChanged, subject(was.rules.id), Owner::default());
            let mut new = Vec::new();
            let mut wrong = FieldErrors::default();
            for (n, change) in changes.modules.iter().enumerate() {
                let Some(known) = known.iter().find(|known| known.code == change.code) else {
                    new.push(change.fresh());
                    continue;
                };
                if change.bit.is_some() && change.bit != known.bit {
                    wrong.add(&format!("moduli.{n}.bit"), Fault::NotAllowed);
                }
                let module = change.apply(known);
                products::update_module(tx, &module)?;
                event = event.changed(&format!("moduli.{}", known.code), &shown(known), &shown(&module));
            }
            wrong.into_result()?;
            for module in with_bits(&taken, new)? {
                products::insert_module(tx, was.rules.id, &module)?;
                event = event.changed(&format!("moduli.{}", module.code), &None, &Some(shown(&module)));
            }
            let (a, b) = (&was.rules, &now.rules);
            let event = event
                .changed("nome", &a.name, &b.name)
                .changed("versione", &a.version, &b.version)
                .changed("descrizione", &was.description, &now.description)
                .changed("tipi_licenza", &was.license_kinds, &now.license_kinds)
                .changed(
                    "prezzo_base_centesimi",
                    &was.base_price_cents,
                    &now.base_price_cents,
                )
                .changed("durata_prova_giorni", &was.trial_days, &now.trial_days)
                .changed("periodo_mesi", &was.period_months, &now.period_months)
                .changed("giorni_offline", &a.offline_days, &b.offline_days)
                .changed("offline_illimitato", &a.offline_unlimited, &b.offline_unlimited)
                .changed("giorni_tolleranza", &a.grace_days, &b.grace_days)
                .changed("attesa_giorni", &a.pending_days, &b.pending_days)
                .changed("decorrenza", &was.start_rule, &now.start_rule)
                .changed("rilasci_max", &a.release_max, &b.release_max)
                .changed("rilasci_giorni", &a.release_days, &b.release_days)
                .changed("proprieta", &a.properties, &b.properties);
            Ok(Done::changed((), event))
        })
        .await
}

fn changed(was: &Product, changes: &Changes) -> Product {
    let mut now = was.clone();
    macro_rules! set {
        ($($target:expr => $field:ident),+ $(,)?) => { $(if let Some(value) = &changes.$field { $target = value.clone(); })+ };
    }
    set!(
        now.rules.name => name,
        now.rules.version => version,
        now.description => description,
        now.license_kinds => license_kinds,
        now.base_price_cents => base_price_cents,
        now.trial_days => trial_days,
        now.period_months => period_months,
        now.rules.offline_days => offline_days,
        now.rules.offline_unlimited => offline_unlimited,
        now.rules.grace_days => grace_days,
        now.rules.pending_days => pending_days,
        now.start_rule => start_rule,
        now.rules.release_max => release_max,
        now.rules.release_days => release_days,
        now.rules.properties => properties,
    );
    now
}

/// What the audit log says of a module.
fn shown(module: &Module) -> Value {
    serde_json::json!({
        "nome": module.name,
        "prezzo_base_centesimi": module.base_price_cents,
        "incluso": module.included,
    })
}
