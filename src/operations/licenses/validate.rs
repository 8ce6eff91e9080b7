//! `valida`: whether a licence holds, and a fresh computer key for a device that has a place. It changes nothing.

use super::grant::{self, ClientView, ComputerKey, Device, Granted};
use crate::{
    domain::{
        actor::Actor,
        error::{Error, Refusal, Result, Success},
        ids::{ActivationId, LicenseId, ProductId},
        license::{
            admission::{Ask, Case},
            computer_key,
            key::ActivationKey,
        },
        product,
    },
    operations::App,
    store::{
        ReadTx,
        activations::{self, By, Found},
        log::{KeyKind, LogRow, Operation},
        signing_keys,
    },
};
use chrono::{Duration, NaiveDateTime};

/// How the licence is named.
#[derive(Debug, Clone)]
pub enum Shown {
    /// By its activation key; none where it was mistyped.
    Key(Option<ActivationKey>),
    /// By a computer key: its licence, its activation and its device are the signed ones.
    Computer(String),
}

/// What a client sends.
#[derive(Debug, Clone)]
pub struct Request {
    /// The key.
    pub shown: Shown,
    /// The device, where it says.
    pub device: Option<Device>,
    /// The product's code.
    pub product: Option<String>,
    /// The version it runs.
    pub version: Option<String>,
    /// To be given back in the computer key.
    pub nonce: Option<String>,
}

/// What it gets.
pub struct Validated {
    /// Why not, where it does not hold.
    pub refusal: Option<Refusal>,
    /// The licence; none where nobody knows the key.
    pub view: Option<ClientView>,
    /// A computer key to store, where it holds and the device has a place.
    pub key: Option<ComputerKey>,
    /// When it was checked, UTC.
    pub at: NaiveDateTime,
    /// When to check again, UTC; none where there is no need.
    pub check_again_by: Option<NaiveDateTime>,
}

/// A device is noted as seen at most this often.
const SEEN_EVERY: Duration = Duration::minutes(10);

/// Without a computer key there is no lease to tell when to come back.
const CHECK_AGAIN: Duration = Duration::days(1);

struct Answer {
    refusal: Option<Refusal>,
    found: Option<Found>,
    view: Option<ClientView>,
    granted: Option<Granted>,
}

/// Checks a licence.
///
/// # Errors
/// [`Error::Refused`] with [`Refusal::BadComputerKey`], [`Error::TooMany`], or of the database. That the licence does
/// not hold is an answer.
pub async fn validate(app: &App, actor: &Actor, request: Request) -> Result<Validated> {
    let now = app.clock.now();
    let key_kind = if matches!(request.shown, Shown::Computer(_)) {
        KeyKind::Computer
    } else {
        KeyKind::Activation
    };
    let target = match target(app, &request).await {
        Err(Error::Refused(refusal)) => {
            // Nothing that it says was proven: neither its licence nor its device is written down.
            let mut entry = grant::entry(actor, now, Operation::Validate, None, None, Err(refusal));
            entry.key_kind = key_kind;
            grant::refused(app, actor, refusal, entry).await?;
            return Err(Error::Refused(refusal));
        }
        target => target?,
    };
    let Some(target) = target else {
        let device = request.device.as_ref().map(|device| device.id.as_str());
        grant::mistyped(app, actor, Operation::Validate, device).await?;
        return Ok(Validated {
            refusal: Some(Refusal::Mistyped),
            view: None,
            key: None,
            at: now,
            check_again_by: None,
        });
    };
    if let (By::Key(hash), Some(device)) = (target.by, &target.device) {
        app.limits.device(&hash, &device.id)?;
    }
    if let (By::Signed(license), Some(device)) = (target.by, &target.device) {
        app.limits.device(&license.0, &device.id)?;
    }
    let nonce = request.nonce.clone();
    let device = target.device.as_ref().map(|device| device.id.clone());
    let answer = {
        let app_ = app.clone();
        app.db
            .lookup(move |tx| judge(&app_, tx, &target, &request, now))
            .await?
    };
    let snapshot = answer.found.as_ref().map(Found::snapshot);
    let outcome = answer.refusal.map_or(Ok(Success::Valid), Err);
    let mut entry = grant::entry(
        actor,
        now,
        Operation::Validate,
        snapshot,
        device.as_deref(),
        outcome,
    );
    entry.key_kind = key_kind;
    match answer.refusal {
        Some(refusal) => grant::refused(app, actor, refusal, entry).await?,
        None => app.db.log(LogRow::Activation(Box::new(entry))).await?,
    }
    let mut key = None;
    if let Some(granted) = answer.granted {
        key = Some(granted.sign(app, now, nonce)?);
        if now - granted.place.last_seen > SEEN_EVERY {
            app.db.log(LogRow::Seen(granted.place.id, now)).await?;
        }
    }
    let check_again_by = match (&key, answer.refusal) {
        (_, Some(_)) => None,
        (Some(key), None) => key.until,
        (None, None) => Some(now + CHECK_AGAIN),
    };
    Ok(Validated {
        refusal: answer.refusal,
        view: answer.view,
        key,
        at: now,
        check_again_by,
    })
}

/// What to look for: the licence, and the device whose place counts.
struct Target {
    by: By,
    device: Option<Device>,
    /// The activation that a computer key names.
    activation: Option<ActivationId>,
    /// Whether the request names another device than its computer key.
    elsewhere: bool,
    /// The product whose key signed the computer key.
    product: Option<ProductId>,
}

async fn target(app: &App, request: &Request) -> Result<Option<Target>> {
    match &request.shown {
        Shown::Key(None) => Ok(None),
        Shown::Key(Some(key)) => {
            let by = By::Key(app.vault.lookup(key.canonical()));
            Ok(Some(Target {
                by,
                device: request.device.clone(),
                activation: None,
                elsewhere: false,
                product: None,
            }))
        }
        Shown::Computer(token) => {
            let bad = || Error::Refused(Refusal::BadComputerKey);
            let kid = computer_key::claimed_kid(token).map_err(|_| bad())?;
            let (product, public_key) = app
                .db
                .lookup(move |tx| signing_keys::accepted(tx, &kid))
                .await?
                .ok_or_else(bad)?;
            let claims = computer_key::verify(token, &public_key).map_err(|_| bad())?;
            let license: LicenseId = claims.sub.parse().map_err(|_| bad())?;
            let activation: ActivationId = claims.jti.parse().map_err(|_| bad())?;
            let elsewhere = request
                .device
                .as_ref()
                .is_some_and(|device| device.id != claims.dispositivo);
            let device = Device {
                id: claims.dispositivo,
                name: None,
                platform: None,
            };
            Ok(Some(Target {
                by: By::Signed(license),
                device: Some(device),
                activation: Some(activation),
                elsewhere,
                product: Some(product),
            }))
        }
    }
}

fn judge(
    app: &App,
    tx: &mut ReadTx<'_>,
    target: &Target,
    request: &Request,
    now: NaiveDateTime,
) -> Result<Answer> {
    let device = target.device.as_ref().map_or("", |device| device.id.as_str());
    let Some(found) = activations::find_unscoped(tx, target.by, device)? else {
        return Ok(Answer {
            refusal: Some(Refusal::Unknown),
            found: None,
            view: None,
            granted: None,
        });
    };
    let license = &found.license;
    if target
        .product
        .is_some_and(|product| product != license.product_id)
    {
        return Err(Error::Refused(Refusal::BadComputerKey));
    }
    let product = app.catalogue.of(tx, &found)?;
    let rules = product.rules.clone();
    let version_released_on = match (&request.version, license.maintenance_until) {
        (Some(version), Some(_)) => activations::version_released_on(tx, license.product_id, version)?,
        _ => None,
    };
    let case = Case {
        license,
        rules: &rules,
        customer: found.standing.as_ref(),
        now,
        zone: app.zone,
    };
    let place = found.place.filter(|place| {
        !target.elsewhere && target.activation.is_none_or(|activation| activation == place.id)
    });
    let refusal = match case.works(&Ask {
        product: request.product.as_deref(),
        version_released_on,
    }) {
        Err(refusal) => Some(refusal),
        Ok(()) if target.device.is_some() && place.is_none() && counts_devices(license) => {
            Some(Refusal::DeviceNotActive)
        }
        Ok(()) => None,
    };
    let today = case.today();
    let modules = product::active(&product.modules, &found.modules);
    let user = match place.and_then(|place| place.user) {
        Some(user) => Some(activations::user_name(tx, user)?),
        None => None,
    };
    let view = ClientView::new(
        (**license).clone(),
        rules.clone(),
        found.standing,
        modules,
        &found.properties,
        today,
    );
    let granted = match (refusal, place, &target.device) {
        (None, Some(place), Some(device)) => {
            let signer = app.catalogue.signer(tx, &app.vault, rules.signing_key_id)?;
            Some(Granted {
                view: view.clone(),
                place,
                device: device.clone(),
                user,
                is_new: false,
                signer,
            })
        }
        _ => None,
    };
    Ok(Answer {
        refusal,
        found: Some(found),
        view: Some(view),
        granted,
    })
}

/// A floating licence is leased by the hour: no device holds a place in it for good.
fn counts_devices(license: &crate::domain::license::License) -> bool {
    license.binding != crate::domain::license::Binding::Floating
}
