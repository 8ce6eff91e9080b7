//! `disattiva`: a device gives its place back.

use super::{
    grant,
    own::{self, Allowance},
};
use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind},
        error::{Refusal, Result, Success},
        license::key::ActivationKey,
    },
    operations::App,
    store::{
        Done, WriteTx,
        activations::{self, By, ReleasedBy},
        log::{LicenseSnapshot, Operation},
    },
};
use chrono::{Duration, NaiveDateTime};

/// What a release leaves.
#[derive(Debug, Clone, Copy)]
pub struct Deactivated {
    /// Devices now.
    pub devices_used: i32,
    /// Devices at most.
    pub max_devices: Option<i32>,
}

/// How a release ended.
#[derive(Debug, Clone, Copy)]
pub enum Outcome {
    /// The place is free.
    Released(Deactivated),
    /// It is not, and why.
    Refused(Refusal),
    /// The customer's own releases are used up until then, UTC.
    Exhausted(NaiveDateTime),
}

/// Gives back the place that a device holds. The number of such releases is limited by the product.
///
/// # Errors
/// [`TooMany`](crate::domain::error::Error::TooMany), or of the database. A refusal is an outcome.
pub async fn deactivate(app: &App, actor: &Actor, key: &ActivationKey, device: String) -> Result<Outcome> {
    let hash = app.vault.lookup(key.canonical());
    app.limits.device(&hash, &device)?;
    let now = app.clock.now();
    let work = {
        let (app, actor, device) = (app.clone(), actor.clone(), device.clone());
        move |tx: &mut WriteTx<'_>| attempt(&app, &actor, tx, hash, &device)
    };
    let (outcome, snapshot) = app.db.operation(actor, now, work).await?;
    let refusal = match outcome {
        Outcome::Released(_) => return Ok(outcome),
        Outcome::Refused(refusal) => refusal,
        Outcome::Exhausted(_) => Refusal::ReleasesExhausted,
    };
    let entry = grant::entry(
        actor,
        now,
        Operation::Deactivate,
        snapshot,
        Some(&device),
        Err(refusal),
    );
    grant::refused(app, actor, refusal, entry).await?;
    Ok(outcome)
}

type Answer = (Outcome, Option<LicenseSnapshot>);

fn attempt(
    app: &App,
    actor: &Actor,
    tx: &mut WriteTx<'_>,
    hash: [u8; 32],
    device: &str,
) -> Result<Done<Answer>> {
    // Locked from the start: the limit is counted over rows that two releases at once would both not see.
    let by = By::Key(hash);
    activations::lock(tx, by)?;
    let Some(found) = activations::find_unscoped(tx, by, device)? else {
        return Ok(Done::Unchanged((Outcome::Refused(Refusal::Unknown), None)));
    };
    let snapshot = found.snapshot();
    let license = &found.license;
    let Some(place) = found.place else {
        return Ok(Done::Unchanged((
            Outcome::Refused(Refusal::DeviceNotActive),
            Some(snapshot),
        )));
    };
    let product = app.catalogue.of(tx, &found)?;
    let allowed = own::allowed(&product.rules);
    let since = tx.now() - Duration::days(i64::from(allowed.1));
    let releases = activations::own_releases(tx, license, since)?;
    let allowance = Allowance::of(allowed, &releases, tx.now());
    if allowance.left == 0 {
        let next = allowance.more_at.unwrap_or(tx.now());
        return Ok(Done::Unchanged((Outcome::Exhausted(next), Some(snapshot))));
    }
    activations::release(
        tx,
        license,
        place.id,
        ReleasedBy {
            user: None,
            note: None,
        },
    )?;
    let entry = grant::entry(
        actor,
        tx.now(),
        Operation::Deactivate,
        Some(snapshot),
        Some(device),
        Ok(Success::Deactivated),
    );
    activations::log(tx, &entry)?;
    let event = Event::license(EventKind::DeviceReleased, license)
        .with("dispositivo", device)
        .with("attivazione", place.id);
    let left = Deactivated {
        devices_used: license.devices_used - 1,
        max_devices: license.max_devices,
    };
    Ok(Done::changed((Outcome::Released(left), Some(snapshot)), event))
}
