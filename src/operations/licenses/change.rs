//! Changing the terms of a licence.

use super::modules;
use crate::{
    domain::{
        access::{Permit, right::EditLicense},
        audit::{Event, EventKind},
        calendar,
        error::{Conflict, Error, Fault, FieldErrors, Result, expect_revision},
        ids::LicenseId,
        license::{Binding, License, LicenseKind},
    },
    operations::App,
    store::{
        Done, license_modules,
        licenses::{self, Terms},
    },
};
use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value};

/// What is to change: absent stays, none takes away.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The label.
    pub label: Option<Option<String>>,
    /// The last valid day.
    pub expires_on: Option<Option<NaiveDate>>,
    /// The maintenance date.
    pub maintenance_until: Option<Option<NaiveDate>>,
    /// Devices at most.
    pub max_devices: Option<Option<i32>>,
    /// Named users at most.
    pub max_users: Option<Option<i32>>,
    /// Floating seats at most.
    pub max_seats: Option<Option<i32>>,
    /// Its own offline days.
    pub offline_days: Option<Option<i32>>,
    /// Its own price, in cents.
    pub price_cents: Option<Option<i64>>,
    /// Its own discount, in basis points.
    pub discount_bp: Option<Option<i32>>,
    /// Whether it renews by itself.
    pub auto_renew: Option<bool>,
    /// Its own values for the software.
    pub properties: Option<Map<String, Value>>,
    /// Its modules.
    pub modules: Option<modules::Wanted>,
}

impl Changes {
    /// Fields that cost something, or could: the superadmin's alone, by their names in the contract.
    fn costly(&self) -> impl Iterator<Item = &'static str> {
        [
            (self.expires_on.is_some(), "data_scadenza"),
            (self.maintenance_until.is_some(), "manutenzione_al"),
            (self.max_devices.is_some(), "numero_dispositivi"),
            (self.max_users.is_some(), "numero_utenti"),
            (self.max_seats.is_some(), "posti_flottanti"),
            (self.offline_days.is_some(), "giorni_offline"),
            (self.price_cents.is_some(), "prezzo_centesimi"),
            (self.discount_bp.is_some(), "sconto_punti_base"),
            (self.properties.is_some(), "proprieta"),
        ]
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
    }
}

/// Changes a licence that has the revision the caller read.
///
/// # Errors
/// [`Error::Stale`], [`Error::Invalid`], [`Conflict::SeatsInUse`] for a limit below what is in use.
pub async fn change(
    app: &App,
    permit: Permit<EditLicense>,
    id: LicenseId,
    revision: i32,
    changes: Changes,
) -> Result<()> {
    let mut wrong = FieldErrors::default();
    if !permit.actor().is_superadmin() {
        changes
            .costly()
            .for_each(|field| wrong.add(field, Fault::NotAllowed));
    }
    wrong.into_result()?;
    let (scope, actor, zone) = (permit.scope(), permit.actor().clone(), app.zone);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let sheet = licenses::get(tx, scope, id)?;
            expect_revision(sheet.license.revision, Some(revision))?;
            let license = sheet.license();
            check(&license, &changes)?;
            if changes
                .max_seats
                .flatten()
                .is_some_and(|limit| limit < sheet.seats_used)
            {
                return Err(Error::Conflict(Conflict::SeatsInUse));
            }
            let switched = match &changes.modules {
                Some(wanted) => {
                    let today = calendar::today(tx.now(), zone);
                    modules::judge(tx, &actor, &license, wanted, today)?
                }
                None => modules::Decided::default(),
            };
            let change = licenses::Change {
                label: changes.label.clone(),
                expires_on: changes.expires_on,
                anchor_day: changes.expires_on.map(|day| day.and_then(anchor)),
                maintenance_until: changes.maintenance_until,
                max_devices: changes.max_devices,
                max_users: changes.max_users,
                max_seats: changes.max_seats,
                offline_days: changes.offline_days,
                ..licenses::Change::default()
            };
            let before = licenses::terms(tx, &[id])?.remove(&id).unwrap_or_default();
            let after = Terms {
                price_cents: changes.price_cents.unwrap_or(before.price_cents),
                discount_bp: changes.discount_bp.unwrap_or(before.discount_bp),
                auto_renew: changes.auto_renew.unwrap_or(before.auto_renew),
                renewal_method: before.renewal_method.clone(),
                properties: changes
                    .properties
                    .clone()
                    .unwrap_or_else(|| before.properties.clone()),
            };
            licenses::change(tx, &license, &change)?;
            if after != before {
                licenses::set_terms(tx, &license, &after)?;
            }
            let event = Event::license(EventKind::LicenseChanged, &license)
                .changed(
                    "etichetta",
                    &sheet.label,
                    changes.label.as_ref().unwrap_or(&sheet.label),
                )
                .changed(
                    "data_scadenza",
                    &license.expires_on,
                    &changes.expires_on.unwrap_or(license.expires_on),
                )
                .changed(
                    "manutenzione_al",
                    &license.maintenance_until,
                    &changes.maintenance_until.unwrap_or(license.maintenance_until),
                )
                .changed(
                    "numero_dispositivi",
                    &license.max_devices,
                    &changes.max_devices.unwrap_or(license.max_devices),
                )
                .changed(
                    "numero_utenti",
                    &license.max_users,
                    &changes.max_users.unwrap_or(license.max_users),
                )
                .changed(
                    "posti_flottanti",
                    &license.max_seats,
                    &changes.max_seats.unwrap_or(license.max_seats),
                )
                .changed(
                    "giorni_offline",
                    &license.offline_days,
                    &changes.offline_days.unwrap_or(license.offline_days),
                )
                .changed("prezzo_centesimi", &before.price_cents, &after.price_cents)
                .changed("sconto_punti_base", &before.discount_bp, &after.discount_bp)
                .changed("rinnovo_automatico", &before.auto_renew, &after.auto_renew)
                .changed("proprieta", &before.properties, &after.properties);
            let event = switched.told(event);
            license_modules::switch(tx, &[(license, switched.switch)])?;
            Ok(Done::changed((), event))
        })
        .await
}

/// The day of the month that periods keep, after a last day.
fn anchor(day: NaiveDate) -> Option<i32> {
    day.succ_opt().and_then(|day| i32::try_from(day.day()).ok())
}

/// Whether a licence can have another last day, with its change and the record of it.
pub(super) fn extended(license: &License, day: NaiveDate) -> Result<(licenses::Change, Event)> {
    let changes = Changes {
        expires_on: Some(Some(day)),
        ..Changes::default()
    };
    check(license, &changes)?;
    let change = licenses::Change {
        expires_on: Some(Some(day)),
        anchor_day: Some(anchor(day)),
        ..licenses::Change::default()
    };
    let event = Event::license(EventKind::LicenseChanged, license).changed(
        "data_scadenza",
        &license.expires_on,
        &Some(day),
    );
    Ok((change, event))
}

fn check(license: &License, changes: &Changes) -> Result<()> {
    let mut wrong = FieldErrors::default();
    if license.kind == LicenseKind::Permanent && matches!(changes.expires_on, Some(Some(_))) {
        wrong.add("data_scadenza", Fault::Incompatible);
    }
    // Taking the last day away from what runs by days or months would make it run for ever.
    if license.kind != LicenseKind::Permanent
        && license.starts_on.is_some()
        && changes.expires_on == Some(None)
    {
        wrong.add("data_scadenza", Fault::Missing);
    }
    let limits = [
        (
            "numero_dispositivi",
            changes.max_devices,
            license.binding == Binding::Device,
            license.binding == Binding::User,
        ),
        (
            "numero_utenti",
            changes.max_users,
            license.binding == Binding::User,
            false,
        ),
        (
            "posti_flottanti",
            changes.max_seats,
            license.binding == Binding::Floating,
            false,
        ),
    ];
    for (field, change, wanted, allowed) in limits {
        match change {
            Some(Some(_)) if !wanted && !allowed => wrong.add(field, Fault::Incompatible),
            Some(None) if wanted => wrong.add(field, Fault::Missing),
            _ => {}
        }
    }
    wrong.into_result()?;
    let below = |change: Option<Option<i32>>, used: i32| change.flatten().is_some_and(|limit| limit < used);
    if below(changes.max_devices, license.devices_used) || below(changes.max_users, license.users_used) {
        return Err(Error::Conflict(Conflict::SeatsInUse));
    }
    Ok(())
}
