//! `attiva`: a device takes a place in a licence.

use super::grant::{self, ClientView, ComputerKey, Device, Granted};
use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind},
        error::{Error, Fault, Refusal, Result, Success},
        ids::LicenseUserId,
        license::{
            Binding, License, LicenseKind,
            admission::{Ask, Case},
            key::ActivationKey,
        },
        product, text,
    },
    operations::{App, messages::tell},
    store::{
        Done, Visible, WriteTx,
        activations::{self, By, Found, NewPlace, Place},
        log::{LicenseSnapshot, LogRow, Operation},
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};

/// What a client sends.
#[derive(Debug, Clone)]
pub struct Request {
    /// The activation key.
    pub key: ActivationKey,
    /// The device.
    pub device: Device,
    /// The named user.
    pub user: Option<String>,
    /// The product's code.
    pub product: Option<String>,
    /// The version it runs.
    pub version: Option<String>,
    /// To be given back in the computer key.
    pub nonce: Option<String>,
}

/// What it gets.
pub struct Activated {
    /// The place.
    pub granted: Granted,
    /// The computer key.
    pub key: ComputerKey,
    /// With which the device proves offline that it removed the licence, base64url.
    pub removal_secret: String,
}

enum Outcome {
    Granted(Box<Granted>, LicenseSnapshot),
    Refused(Refusal, Option<LicenseSnapshot>),
}

/// Activates a device. A refusal takes no place; the same device again gets the same place.
///
/// # Errors
/// [`Error::Refused`], [`Error::TooMany`], or of the database.
pub async fn activate(app: &App, actor: &Actor, request: Request) -> Result<Activated> {
    let hash = app.vault.lookup(request.key.canonical());
    app.limits.device(&hash, &request.device.id)?;
    let now = app.clock.now();
    let (nonce, device) = (request.nonce.clone(), request.device.id.clone());
    let work = {
        let (app, actor) = (app.clone(), actor.clone());
        move |tx: &mut WriteTx<'_>| attempt(&app, &actor, tx, hash, &request)
    };
    match app.db.operation(actor, now, work).await? {
        Outcome::Granted(granted, whose) => {
            let key = granted.sign(app, now, nonce)?;
            if !granted.is_new {
                let entry = grant::entry(
                    actor,
                    now,
                    Operation::Activate,
                    Some(whose),
                    Some(&device),
                    Ok(Success::ActiveAlready),
                );
                app.db.log(LogRow::Activation(Box::new(entry))).await?;
                app.db.log(LogRow::Seen(granted.place.id, now)).await?;
            }
            let removal_secret = B64.encode(app.vault.removal_secret(&granted.place.id.0));
            Ok(Activated {
                granted: *granted,
                key,
                removal_secret,
            })
        }
        Outcome::Refused(refusal, license) => {
            let entry = grant::entry(
                actor,
                now,
                Operation::Activate,
                license,
                Some(&device),
                Err(refusal),
            );
            grant::refused(app, actor, refusal, entry).await?;
            Err(Error::Refused(refusal))
        }
    }
}

fn attempt(
    app: &App,
    actor: &Actor,
    tx: &mut WriteTx<'_>,
    hash: [u8; 32],
    request: &Request,
) -> Result<Done<Outcome>> {
    let by = By::Key(hash);
    if tx.is_contended() {
        activations::lock(tx, by)?;
    }
    let Some(found) = activations::find_unscoped(tx, by, &request.device.id)? else {
        return Ok(Done::Unchanged(Outcome::Refused(Refusal::Unknown, None)));
    };
    let snapshot = found.snapshot();
    match admit(app, actor, tx, found, request) {
        Err(Error::Refused(refusal)) => Ok(Done::Unchanged(Outcome::Refused(refusal, Some(snapshot)))),
        outcome => outcome,
    }
}

fn admit(
    app: &App,
    actor: &Actor,
    tx: &mut WriteTx<'_>,
    found: Found,
    request: &Request,
) -> Result<Done<Outcome>> {
    let now = tx.now();
    let snapshot = found.snapshot();
    let license = &found.license;
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
    case.works(&Ask {
        product: request.product.as_deref(),
        version_released_on,
    })
    .map_err(Error::Refused)?;
    let today = case.today();

    let (place, license, named, is_new) = match found.place {
        Some(place) => {
            let named = name_user(tx, &case, license, request)?;
            let mut license = (**license).clone();
            license.users_used += i32::from(named.as_ref().is_some_and(|named| named.is_new));
            (place, license, named, false)
        }
        None => {
            let on_the_list =
                !license.reserved || activations::is_on_the_list(tx, license, &request.device.id)?;
            let start = case.admits_device(on_the_list).map_err(Error::Refused)?;
            if license.kind == LicenseKind::Trial && !activations::use_trial(tx, license, &request.device.id)?
            {
                return Err(Error::Refused(Refusal::TrialUsed));
            }
            let named = name_user(tx, &case, license, request)?;
            let device = &request.device;
            let user = named.as_ref().map(|named| named.id);
            let new = NewPlace {
                device: &device.id,
                name: device.name.as_deref(),
                platform: device.platform.as_deref(),
                user,
            };
            let (mut taken, id) = activations::take(tx, license, &new, &start)?;
            taken.users_used += i32::from(named.as_ref().is_some_and(|named| named.is_new));
            (
                Place {
                    id,
                    since: now,
                    last_seen: now,
                    user,
                },
                taken,
                named,
                true,
            )
        }
    };
    let signer = app.catalogue.signer(tx, &app.vault, rules.signing_key_id)?;
    let modules = product::active(&product.modules, &found.modules);
    let user = named.as_ref().map(|named| named.name.clone());
    let handed_over = !is_new && named.as_ref().is_some_and(|named| place.user != Some(named.id));
    let event = Event::license(EventKind::DeviceActivated, &license)
        .with("dispositivo", &request.device.id)
        .with("attivazione", place.id)
        .with("utente", &user);
    // A key that was put away, and handed out after all.
    let event = match is_new && found.license.archived_at.is_some() {
        true => event.with("ripristinata", true),
        false => event,
    };
    if let (true, Some(named)) = (handed_over, &named) {
        activations::hand_over(tx, &found.license, &place, named.id)?;
    }
    if is_new && found.license.activated_at.is_none() {
        tell::unassigned(app, tx, &found.license)?;
    }
    if is_new {
        let entry = grant::entry(
            actor,
            now,
            Operation::Activate,
            Some(snapshot),
            Some(&request.device.id),
            Ok(Success::Activated),
        );
        activations::log(tx, &entry)?;
    }
    let view = ClientView::new(license, rules, found.standing, modules, &found.properties, today);
    let granted = Granted {
        view,
        place,
        device: request.device.clone(),
        user,
        is_new,
        signer,
    };
    let outcome = Outcome::Granted(Box::new(granted), snapshot);
    Ok(if is_new || handed_over {
        Done::changed(outcome, event)
    } else {
        Done::Unchanged(outcome)
    })
}

/// Characters of a named user at most.
const USER_MAX: usize = 254;

/// A named user of the licence.
struct Named {
    id: LicenseUserId,
    name: String,
    is_new: bool,
}

/// The named user that the request is for, where the licence binds users: one it has, or a new one.
fn name_user(
    tx: &mut WriteTx<'_>,
    case: &Case<'_>,
    license: &Visible<License>,
    request: &Request,
) -> Result<Option<Named>> {
    if license.binding != Binding::User {
        return Ok(None);
    }
    let name = request
        .user
        .as_deref()
        .map(|name| text::clean(name).to_lowercase())
        .filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Error::field("utente", Fault::Missing))?;
    // Lower case can be longer than what was sent.
    if name.chars().count() > USER_MAX {
        return Err(Error::field("utente", Fault::TooLong));
    }
    if let Some(id) = activations::find_user(tx, license, &name)? {
        return Ok(Some(Named {
            id,
            name,
            is_new: false,
        }));
    }
    case.admits_user().map_err(Error::Refused)?;
    let id = activations::add_user(tx, license, &name)?;
    Ok(Some(Named {
        id,
        name,
        is_new: true,
    }))
}
