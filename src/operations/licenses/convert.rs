//! Making a trial a licence that is sold, under the same key.

use super::quota;
use crate::{
    domain::{
        access::{Permit, right::ConvertLicense},
        actor::Actor,
        audit::{Event, EventKind},
        calendar,
        customer::Standing,
        error::{Conflict, Error, Fault, FieldErrors, Result, expect_revision},
        ids::LicenseId,
        license::{License, LicenseKind, term},
        product::{Module, Product},
        scope::Scope,
    },
    operations::App,
    store::{Done, ReadTx, Visible, activations, license_modules::Had, licenses, products},
};
use chrono::NaiveDate;

/// What a trial is to be.
#[derive(Debug, Clone, Copy)]
pub struct Conversion {
    /// A subscription, or permanent.
    pub kind: LicenseKind,
    /// A last valid day of its own, in place of the product's period.
    pub expires_on: Option<NaiveDate>,
    /// New versions are covered up to this day.
    pub maintenance_until: Option<NaiveDate>,
}

/// When it would run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runs {
    /// From this day; none where it begins with its first use, or with its customer's validation.
    pub starts_on: Option<NaiveDate>,
    /// Up to this day; none for ever, or where it is not known yet.
    pub expires_on: Option<NaiveDate>,
    /// Months from its beginning, where it is not known yet.
    pub months: Option<i32>,
}

/// What the rules need to know beside the licence.
struct Around {
    product: Product,
    modules: Vec<Module>,
    had: Vec<Had>,
    standing: Option<Standing>,
}

impl Around {
    fn read(tx: &mut ReadTx<'_>, license: &Visible<License>) -> Result<Self> {
        let found = activations::find(tx, license, "")?;
        Ok(Self {
            product: products::get(tx, license.product_id)?,
            modules: products::all_modules(tx, license.product_id)?,
            had: found.modules,
            standing: found.standing,
        })
    }

    /// What it costs by the list, a period or once.
    fn price(&self, today: NaiveDate) -> i64 {
        let stands = |(_, last): &&Had| last.is_none_or(|last| today <= last);
        let had = self.had.iter().filter(stands);
        had.filter_map(|(id, _)| self.modules.iter().find(|module| module.id == *id))
            .filter(|module| !module.included)
            .fold(self.product.base_price_cents, |sum, module| {
                sum.saturating_add(module.base_price_cents)
            })
    }
}

/// Whether there is anything to convert.
fn is_trial(license: &License) -> Result<()> {
    if license.kind != LicenseKind::Trial || license.revoked_at.is_some() {
        return Err(Error::Conflict(Conflict::WrongState));
    }
    Ok(())
}

/// Whether it can be converted so.
fn check(actor: &Actor, around: &Around, to: &Conversion, today: NaiveDate) -> Result<()> {
    let mut wrong = FieldErrors::default();
    if to.kind == LicenseKind::Trial {
        wrong.add("tipo_licenza", Fault::Invalid);
    } else if !around.product.license_kinds.contains(&to.kind) {
        wrong.add("tipo_licenza", Fault::Incompatible);
    }
    if to.kind == LicenseKind::Permanent && to.expires_on.is_some() {
        wrong.add("data_scadenza", Fault::Incompatible);
    }
    if to.expires_on.is_some_and(|last| last < today) {
        wrong.add("data_scadenza", Fault::OutOfRange);
    }
    if !actor.is_superadmin() {
        for (given, field) in [
            (to.expires_on.is_some(), "data_scadenza"),
            (to.maintenance_until.is_some(), "manutenzione_al"),
        ] {
            if given {
                wrong.add(field, Fault::NotAllowed);
            }
        }
        // Without a payer the vendor alone gives what costs something: stock.
        if around.price(today) > 0 {
            wrong.add("modalita", Fault::Missing);
        }
    }
    wrong.into_result()
}

/// How it runs then, and its change. A trial that runs, or ran, begins anew today; one that was never used keeps its
/// beginning, and one whose customer waits begins with the validation.
fn runs(license: &License, around: &Around, to: &Conversion, today: NaiveDate) -> (licenses::Change, Runs) {
    let months = (to.kind == LicenseKind::Subscription && to.expires_on.is_none())
        .then_some(around.product.period_months);
    let unused = license.activated_at.is_none() && license.starts_on.is_none();
    let later = unused || license.is_pending(around.standing.as_ref());
    let term = (!later).then(|| term(today, to.expires_on, None, months));
    let runs = Runs {
        starts_on: term.map(|term| term.starts_on),
        expires_on: term.map_or(to.expires_on, |term| term.expires_on),
        months: months.filter(|_| later),
    };
    let change = licenses::Change {
        kind: Some(to.kind),
        duration_days: Some(None),
        period_months: Some(months),
        starts_on: Some(runs.starts_on),
        expires_on: Some(runs.expires_on),
        anchor_day: Some(term.and_then(|term| term.anchor_day)),
        maintenance_until: to.maintenance_until.map(Some),
        ..licenses::Change::default()
    };
    (change, runs)
}

/// What a conversion would make of a licence of a scope: how it would run as each of the kinds that its product is sold
/// as, and what it costs by the list.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The kinds, in the order of the product's.
    pub kinds: Vec<(LicenseKind, Runs)>,
    /// Net, in cents.
    pub price_cents: i64,
    /// ISO 4217.
    pub currency: String,
}

/// What there is to choose from.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] for what is no trial, or was revoked.
pub fn offer(tx: &mut ReadTx<'_>, scope: Scope, id: LicenseId, today: NaiveDate) -> Result<Offer> {
    let license = licenses::get(tx, scope, id)?.license();
    is_trial(&license)?;
    if !products::is_offered(tx, scope, license.product_id)? {
        return Err(Error::NotFound);
    }
    let around = Around::read(tx, &license)?;
    let kinds = around.product.license_kinds.iter();
    let kinds = kinds.filter(|kind| **kind != LicenseKind::Trial).map(|kind| {
        let to = Conversion {
            kind: *kind,
            expires_on: None,
            maintenance_until: None,
        };
        (*kind, runs(&license, &around, &to, today).1)
    });
    let kinds = kinds.collect();
    Ok(Offer {
        kinds,
        price_cents: around.price(today),
        currency: around.product.currency,
    })
}

/// Converts a trial.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`], [`Conflict::WrongState`], [`Conflict::QuotaExceeded`]; [`Error::Invalid`], at
/// `modalita` for what costs something and has no payer.
pub async fn convert(
    app: &App,
    permit: Permit<ConvertLicense>,
    id: LicenseId,
    revision: Option<i32>,
    to: Conversion,
) -> Result<()> {
    let (scope, actor, zone) = (permit.scope(), permit.actor().clone(), app.zone);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            expect_revision(license.revision, revision)?;
            let around = Around::read(tx, &license)?;
            let today = calendar::today(tx.now(), zone);
            is_trial(&license)?;
            if !products::is_offered(tx, scope, license.product_id)? {
                return Err(Error::NotFound);
            }
            check(&actor, &around, &to, today)?;
            let (change, runs) = runs(&license, &around, &to, today);
            quota::charge(tx, (license.company_id, license.agent_id), to.kind, 1)?;
            licenses::change(tx, &license, &change)?;
            let event = Event::license(EventKind::LicenseConverted, &license)
                .changed("tipo_licenza", &license.kind, &to.kind)
                .changed("valido_dal", &license.starts_on, &runs.starts_on)
                .changed("data_scadenza", &license.expires_on, &runs.expires_on)
                .changed(
                    "manutenzione_al",
                    &license.maintenance_until,
                    &to.maintenance_until.or(license.maintenance_until),
                );
            Ok(Done::changed((), event))
        })
        .await
}
