//! A customer's own licences: what they see of them, and what they do with their devices.

use super::{
    grant,
    view::{self, View},
};
use crate::{
    domain::{
        access::{
            Permit,
            right::{ManageOwnDevices, ReadOwnLicenses},
        },
        audit::{Event, EventKind},
        calendar,
        company_rules::Graces,
        customer::Customer,
        error::{Error, Result, Success},
        ids::{ActivationId, LicenseId},
        license::License,
        product::Rules,
        scope::Scope,
    },
    operations::App,
    store::{
        Done, ReadTx, Visible,
        activations::{self, Device, ReleasedBy},
        company_rules, customers, licenses,
        log::{LicenseSnapshot, Operation},
        page::{Page, Slice},
        payments, products,
    },
};
use chrono::{Duration, NaiveDateTime};
use std::collections::{BTreeMap, BTreeSet};

/// How many devices a customer may still release without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// So many now.
    pub left: usize,
    /// When there is one more, UTC; none while all are left.
    pub more_at: Option<NaiveDateTime>,
}

impl Allowance {
    /// What is left of an allowance of so many in so many days after these releases, oldest first, all of them within
    /// those days.
    pub(super) fn of((most, days): (i32, i32), releases: &[NaiveDateTime], now: NaiveDateTime) -> Self {
        let window = Duration::days(i64::from(days));
        let most = usize::try_from(most).unwrap_or(0);
        let left = most.saturating_sub(releases.len());
        // The one whose end makes room: beyond the allowance, as it may be after it was lowered, it is a later one.
        let next = releases.len().saturating_sub(most.max(1));
        let more_at = match releases.get(next) {
            Some(first) => Some(*first + window),
            None => (most == 0).then(|| now + window),
        };
        Self { left, more_at }
    }
}

/// So many releases, in so many days.
pub(super) fn allowed(rules: &Rules) -> (i32, i32) {
    (rules.release_max, rules.release_days)
}

/// A licence as its customer sees it.
#[derive(Debug)]
pub struct Own {
    /// The licence.
    pub view: View,
    /// The names of its modules that have not ended.
    pub modules: Vec<String>,
    /// The devices that hold a place.
    pub devices: Vec<Device>,
    /// How many of them the customer may still release.
    pub allowance: Allowance,
}

/// What a customer sees first.
#[derive(Debug)]
pub struct Overview {
    /// Who.
    pub customer: Customer,
    /// Whom to turn to: the agent, else the company, by name and address.
    pub contact: Option<(String, Option<String>)>,
    /// The licences, the newest first.
    pub licenses: Slice<Own>,
    /// What it pays next.
    pub due: Option<payments::Next>,
}

/// A customer's licences, a slice of them.
///
/// # Errors
/// Of the database.
pub async fn overview(app: &App, permit: Permit<ReadOwnLicenses>, page: Page) -> Result<Overview> {
    let (scope, now, app_) = (permit.scope(), app.clock.now(), app.clone());
    let id = permit.actor().customer().ok_or(Error::NotFound)?;
    app.db
        .read(move |tx| {
            let customer = customers::get(tx, scope, id)?;
            let (contact, due) = payments::contact_and_next(tx, scope, &customer)?;
            let slice = licenses::list(
                tx,
                scope,
                &licenses::Filter::default(),
                calendar::today(now, app_.zone),
                &Graces::default(),
                &page,
            )?;
            Ok(Overview {
                due,
                customer: customer.into_inner(),
                contact,
                licenses: Slice {
                    next: slice.next,
                    rows: complete(&app_, tx, slice.rows, now)?,
                },
            })
        })
        .await
}

/// One of a customer's licences.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn one(app: &App, permit: Permit<ReadOwnLicenses>, id: LicenseId) -> Result<Own> {
    let (scope, now, app_) = (permit.scope(), app.clock.now(), app.clone());
    app.db
        .read(move |tx| {
            let sheet = licenses::get(tx, scope, id)?;
            complete(&app_, tx, vec![sheet], now)?
                .pop()
                .ok_or(Error::NotFound)
        })
        .await
}

/// With as many queries for a hundred as for one.
fn complete(
    app: &App,
    tx: &mut ReadTx<'_>,
    sheets: Vec<Visible<crate::domain::license::Sheet>>,
    now: NaiveDateTime,
) -> Result<Vec<Own>> {
    let licenses: Vec<Visible<License>> = sheets.iter().map(Visible::license).collect();
    let views = view::complete(app, tx, sheets, calendar::today(now, app.zone))?;
    let mut devices = activations::devices_of_many(tx, &licenses)?;
    let longest = views
        .iter()
        .map(|view| view.rules.release_days)
        .max()
        .unwrap_or(0);
    let since = now - Duration::days(i64::from(longest));
    let releases = activations::own_releases_of_many(tx, &licenses, since)?;
    let product_ids: BTreeSet<_> = views.iter().map(|view| view.rules.id).collect();
    let names: BTreeMap<_, _> = products::modules(tx, &product_ids.into_iter().collect::<Vec<_>>())?
        .into_iter()
        .map(|(product, module)| ((product, module.code), module.name))
        .collect();
    Ok(views
        .into_iter()
        .map(|view| {
            let id = view.sheet.license.id;
            let window = now - Duration::days(i64::from(view.rules.release_days));
            let mine: Vec<NaiveDateTime> = releases
                .get(&id)
                .into_iter()
                .flatten()
                .copied()
                .filter(|at| *at >= window)
                .collect();
            let modules = view.modules.iter().map(|module| {
                let name = names.get(&(view.rules.id, module.code.clone()));
                name.unwrap_or(&module.code).clone()
            });
            Own {
                modules: modules.collect(),
                devices: devices.remove(&id).unwrap_or_default(),
                allowance: Allowance::of(allowed(&view.rules), &mine, now),
                view,
            }
        })
        .collect())
}

/// How a customer's release ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Released {
    /// The place is free.
    Done,
    /// The releases without asking are used up until then, UTC.
    Exhausted(NaiveDateTime),
}

/// Frees the place of one of the customer's devices, within what the product allows: the same allowance as the device's
/// own releases.
///
/// # Errors
/// [`Error::NotFound`] for another's licence, or a device that holds no place in it.
pub async fn release(
    app: &App,
    permit: Permit<ManageOwnDevices>,
    id: LicenseId,
    activation: ActivationId,
) -> Result<Released> {
    let (scope, actor) = (permit.scope(), permit.actor().clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            // Locked from the start: the limit is counted over rows that two releases at once would both not see.
            activations::lock(tx, activations::By::Signed(id))?;
            let license = licenses::get(tx, scope, id)?.license();
            let device = activations::device(tx, &license, activation)?;
            let line = company_rules::line(tx, license.company_id)?;
            let rules = products::get(tx, license.product_id)?.rules.under(&line);
            let since = tx.now() - Duration::days(i64::from(rules.release_days));
            let releases = activations::own_releases(tx, &license, since)?;
            let allowance = Allowance::of(allowed(&rules), &releases, tx.now());
            if allowance.left == 0 {
                let at = allowance.more_at.unwrap_or(tx.now());
                return Ok(Done::Unchanged(Released::Exhausted(at)));
            }
            let by = ReleasedBy {
                user: actor.user_id(),
                note: None,
            };
            activations::release(tx, &license, activation, by)?;
            let entry = grant::entry(
                &actor,
                tx.now(),
                Operation::Release,
                Some(snapshot(&license)),
                Some(&device.device),
                Ok(Success::Released),
            );
            activations::log(tx, &entry)?;
            let event = Event::license(EventKind::DeviceReleased, &license)
                .with("dispositivo", &device.device)
                .with("attivazione", activation);
            Ok(Done::changed(Released::Done, event))
        })
        .await
}

/// Gives one of the customer's devices another name.
///
/// # Errors
/// [`Error::NotFound`] for another's licence, or a device that holds no place in it.
pub async fn rename(
    app: &App,
    permit: Permit<ManageOwnDevices>,
    id: LicenseId,
    activation: ActivationId,
    name: String,
) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            let device = activations::device(tx, &license, activation)?;
            if device.name.as_deref() == Some(name.as_str()) {
                return Ok(Done::Unchanged(()));
            }
            activations::rename(tx, &license, activation, &name)?;
            let event = Event::license(EventKind::DeviceRenamed, &license)
                .with("dispositivo", &device.device)
                .with("attivazione", activation)
                .changed("nome", &device.name, &Some(name.clone()));
            Ok(Done::changed((), event))
        })
        .await
}

/// One device of one of the customer's licences.
///
/// # Errors
/// [`Error::NotFound`].
pub fn device(tx: &mut ReadTx<'_>, scope: Scope, id: LicenseId, activation: ActivationId) -> Result<Device> {
    let license = licenses::get(tx, scope, id)?.license();
    activations::device(tx, &license, activation)
}

fn snapshot(license: &License) -> LicenseSnapshot {
    LicenseSnapshot {
        license: license.id,
        product: license.product_id,
        company: license.company_id,
        agent: license.agent_id,
        customer: license.customer_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> NaiveDateTime {
        chrono::DateTime::UNIX_EPOCH.naive_utc() + Duration::days(day)
    }

    #[test]
    fn an_allowance_is_used_up_and_comes_back_with_time() {
        let now = at(100);
        for (most, releases, left, more_at) in [
            (2, vec![], 2, None),
            (2, vec![at(80)], 1, Some(at(110))),
            (2, vec![at(80), at(90)], 0, Some(at(110))),
            (1, vec![at(80), at(90)], 0, Some(at(120))),
            (0, vec![], 0, Some(at(130))),
            (0, vec![at(90)], 0, Some(at(120))),
        ] {
            let wanted = Allowance { left, more_at };
            assert_eq!(
                Allowance::of((most, 30), &releases, now),
                wanted,
                "{most} {releases:?}"
            );
        }
    }
}
