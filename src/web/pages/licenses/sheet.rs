//! One licence, a page for each side of it.

use super::{shown, timeline};
use crate::{
    domain::{
        access::{Permit, right::ReadLicenses},
        error::{Fault, Refusal},
        ids::{AnyId, LicenseId},
        license::{LicenseKind, LicenseState},
    },
    operations::{
        App,
        licenses::{
            diagnose::{self, Diagnosis},
            head::{self, Head},
        },
    },
    store::{
        activations::{self, Device},
        licenses, logs,
        page::Page as Slice,
        transactions,
    },
    web::{
        guards::Id,
        input::{Check, DEVICE_MAX, Query},
        page::{Answer, Page},
        pages::logs::words,
    },
};
use rocket::{State, get};
use serde_json::{Value, json};

/// Rows of the activation log that are looked at for the last refusal.
const LOOKED_AT: usize = 100;
/// Rows of the activation log in a slice.
const LOG_LIMIT: usize = 50;
/// Devices of a reserved licence that are shown; nobody reserves more at once.
const RESERVED_SHOWN: i64 = 1000;
/// Devices on the first page.
const DEVICES_AT_FIRST: usize = 5;

fn devices(devices: &[Device], at_most: usize) -> Value {
    devices
        .iter()
        .take(at_most)
        .map(|device| {
            json!({
                "id": device.id, "device": device.device, "name": device.name, "platform": device.platform,
                "user": device.user, "since": device.since, "last_seen": device.last_seen,
            })
        })
        .collect()
}

fn modules(head: &Head) -> Value {
    let of_license = &head.found.modules;
    let mine = |id| of_license.iter().find(|(module, _)| *module == id);
    head.product
        .modules
        .iter()
        .filter_map(|module| {
            let (_, last) = mine(module.id)?;
            Some(json!({
                "code": module.code, "name": module.name, "price": module.base_price_cents,
                "included": module.included, "until": last.or(head.sheet.expires_on), "own_end": last.is_some(),
                "over": last.is_some_and(|last| last < head.today), "bit": module.bit,
            }))
        })
        .collect()
}

/// The last request of a device that was refused, as the log tells it.
struct LastRefused {
    device: Option<String>,
    outcome: String,
    at: chrono::NaiveDateTime,
}

fn told(head: &Head, diagnosis: &Diagnosis, devices: &[Device], last: Option<&LastRefused>) -> Value {
    let steps: Vec<Value> = diagnosis
        .steps
        .iter()
        .map(|step| json!({ "check": step.check, "refusal": step.refusal.map(Refusal::code) }))
        .collect();
    let idlest = devices.iter().min_by_key(|device| device.last_seen);
    let named = |id: &str| devices.iter().find(|device| device.device == id);
    let name = diagnosis
        .device
        .as_deref()
        .and_then(named)
        .and_then(|d| d.name.clone());
    json!({
        "device": diagnosis.device,
        "name": name,
        "holds_place": diagnosis.holds_place,
        "steps": steps,
        "verdict": diagnosis.verdict().map(Refusal::code),
        "last": last.filter(|last| last.device == diagnosis.device).map(|last| json!({ "at": last.at, "outcome": last.outcome })),
        "idlest": idlest.map(|device| json!({
            "name": device.name.as_ref().unwrap_or(&device.device), "at": device.last_seen,
        })),
        "until": head.sheet.ends_on(head.product.rules.grace_days),
    })
}

/// A licence: what matters of it, and why it does not activate.
#[get("/licenze/<id>")]
pub(crate) async fn panoramica(
    app: &State<App>,
    permit: Permit<ReadLicenses>,
    id: Id<LicenseId>,
    query: Query,
) -> Answer {
    let (id, scope, app_) = (id.get()?, permit.scope(), app.inner().clone());
    let mut check = Check::default();
    let asked = check.verbatim("dispositivo", query.get("dispositivo"), DEVICE_MAX);
    let version = check.verbatim("versione", query.get("versione"), 40);
    check.finish()?;
    let actor = permit.actor().clone();
    let page = app
        .db
        .read(move |tx| {
            let log = logs::activations(
                tx,
                scope,
                &logs::ActivationFilter::of(id),
                &Slice::first(LOOKED_AT),
            )?;
            let last = log
                .rows
                .into_iter()
                .find(|row| row.device.is_some() && Refusal::from_code(&row.outcome).is_some())
                .map(|row| LastRefused {
                    device: row.device,
                    outcome: row.outcome,
                    at: row.at,
                });
            let device = asked
                .as_deref()
                .or_else(|| last.as_ref().and_then(|last| last.device.as_deref()));
            let head = head::open(&app_, tx, scope, id, device.unwrap_or_default())?;
            let license = head.sheet.license();
            let terms = licenses::terms(tx, &[id])?.remove(&id).unwrap_or_default();
            let held = activations::devices(tx, &license)?;
            let suspensions = if head.sheet.suspensions > 0 {
                licenses::suspensions(tx, &license)?
            } else {
                Vec::new()
            };
            let names = head::names(
                tx,
                scope,
                &head.sheet,
                [],
                suspensions.iter().filter_map(|s| s.node),
            )?;
            let rules = &head.product.rules;
            let diagnosis = diagnose::diagnose(&app_, tx, &head.found, rules, device, version.as_deref())?;
            Ok(json!({
                "tab": "",
                "license": shown(&head, &names, &actor),
                "modules": modules(&head),
                "devices": devices(&held, DEVICES_AT_FIRST),
                "diagnosis": told(&head, &diagnosis, &held, last.as_ref()),
                "asked": { "device": asked, "version": version },
                "choices": held.iter().map(|d| json!({ "id": d.device, "name": d.name })).collect::<Vec<_>>(),
                "suspensions": suspensions.iter().map(|s| json!({
                    "reason": s.reason, "note": s.note, "since": s.since,
                    "by": names.node(s.node), "by_vendor": s.node.is_none(),
                })).collect::<Vec<_>>(),
                "customer_stops": head.state() == LicenseState::Suspended && suspensions.is_empty(),
                "terms": {
                    "price": terms.price_cents, "discount": terms.discount_bp,
                    "auto_renew": terms.auto_renew, "method": terms.renewal_method,
                },
                "renews": head.sheet.kind == LicenseKind::Subscription,
            }))
        })
        .await?;
    Page::new("pages/licenses/overview", page)?.reply()
}

/// The devices that hold a place.
#[get("/licenze/<id>/dispositivi")]
pub(crate) async fn dispositivi(app: &State<App>, permit: Permit<ReadLicenses>, id: Id<LicenseId>) -> Answer {
    let (id, scope, app_) = (id.get()?, permit.scope(), app.inner().clone());
    let actor = permit.actor().clone();
    let now = app.clock.now();
    let page = app
        .db
        .read(move |tx| {
            let head = head::open(&app_, tx, scope, id, "")?;
            let license = head.sheet.license();
            let held = activations::devices(tx, &license)?;
            let rules = &head.product.rules;
            let since = now - chrono::Duration::days(i64::from(rules.release_days));
            let freed = activations::own_releases(tx, &license, since)?.len();
            let left = usize::try_from(rules.release_max)
                .unwrap_or(0)
                .saturating_sub(freed);
            let names = head::names(tx, scope, &head.sheet, [], [])?;
            let reserved = match head.sheet.reserved {
                true => activations::reserved(tx, &license, RESERVED_SHOWN)?,
                false => Vec::new(),
            };
            Ok(json!({
                "tab": "dispositivi",
                "license": shown(&head, &names, &actor),
                "reserved": reserved.iter().map(|device| json!({
                    "device": device, "active": held.iter().any(|held| held.device == *device),
                })).collect::<Vec<_>>(),
                "devices": devices(&held, held.len()),
                "releases": { "left": left, "max": rules.release_max, "days": rules.release_days },
            }))
        })
        .await?;
    Page::new("pages/licenses/devices", page)?.reply()
}

/// The ledger's rows.
#[get("/licenze/<id>/transazioni")]
pub(crate) async fn transazioni(app: &State<App>, permit: Permit<ReadLicenses>, id: Id<LicenseId>) -> Answer {
    let (id, scope, app_) = (id.get()?, permit.scope(), app.inner().clone());
    let actor = permit.actor().clone();
    let page = app
        .db
        .read(move |tx| {
            let head = head::open(&app_, tx, scope, id, "")?;
            let rows = transactions::of_license(tx, scope, &head.sheet.license())?;
            let names = head::names(tx, scope, &head.sheet, [], [])?;
            let rows: Vec<Value> = rows
                .iter()
                .map(|row| {
                    json!({
                        "kind": row.kind, "method": row.method, "amount": row.amount_cents, "currency": row.currency,
                        "due_on": row.due_on, "from": row.period.map(|(from, _)| from),
                        "to": row.period.map(|(_, to)| to), "note": row.note, "at": row.at, "open": row.open_cents,
                        "undone": row.undone, "undoes": row.undoes.is_some(),
                    })
                })
                .collect();
            Ok(json!({ "tab": "transazioni", "license": shown(&head, &names, &actor), "rows": rows }))
        })
        .await?;
    Page::new("pages/licenses/transactions", page)?.reply()
}

/// All that was done to it and asked of it, newest first.
#[get("/licenze/<id>/storico")]
pub(crate) async fn storico(
    app: &State<App>,
    permit: Permit<ReadLicenses>,
    id: Id<LicenseId>,
    query: Query,
) -> Answer {
    let (id, scope, app_) = (id.get()?, permit.scope(), app.inner().clone());
    let mut check = Check::default();
    let only = check.word("mostra", query.get("mostra"), timeline::Only::from_code);
    let slice = slice(&query, &mut check);
    check.finish()?;
    let actor = permit.actor().clone();
    let page = app
        .db
        .read(move |tx| {
            let head = head::open(&app_, tx, scope, id, "")?;
            let told = timeline::read(tx, scope, id, only, &slice)?;
            let (customers, nodes) = told.points_at();
            let names = head::names(tx, scope, &head.sheet, customers, nodes)?;
            let next = told.next.map(AnyId);
            Ok(json!({
                "tab": "storico",
                "license": shown(&head, &names, &actor),
                "days": told.days(&names, app_.zone),
                "only": only.map(timeline::Only::code).unwrap_or_default(),
                "next": next,
                "is_first": slice.before.is_none(),
            }))
        })
        .await?;
    Page::new("pages/licenses/history", page)?.reply()
}

/// Its rows of the activation log.
#[get("/licenze/<id>/registro")]
pub(crate) async fn registro(
    app: &State<App>,
    permit: Permit<ReadLicenses>,
    id: Id<LicenseId>,
    query: Query,
) -> Answer {
    let (id, scope, app_) = (id.get()?, permit.scope(), app.inner().clone());
    let mut check = Check::default();
    let slice = slice(&query, &mut check);
    check.finish()?;
    let actor = permit.actor().clone();
    let page = app
        .db
        .read(move |tx| {
            let head = head::open(&app_, tx, scope, id, "")?;
            let log = logs::activations(tx, scope, &logs::ActivationFilter::of(id), &slice)?;
            let names = head::names(tx, scope, &head.sheet, [], [])?;
            let rows: Vec<Value> = log
                .rows
                .iter()
                .map(|row| {
                    json!({
                        "at": row.at, "operation": row.operation, "outcome": row.outcome, "device": row.device,
                        "address": row.address, "key_kind": row.key_kind,
                        "refused": Refusal::from_code(&row.outcome).is_some(), "text": words::outcome_key(&row.outcome),
                    })
                })
                .collect();
            Ok(json!({
                "tab": "registro",
                "license": shown(&head, &names, &actor),
                "rows": rows,
                "next": log.next.map(AnyId),
                "is_first": slice.before.is_none(),
            }))
        })
        .await?;
    Page::new("pages/licenses/log", page)?.reply()
}

fn slice(query: &Query, check: &mut Check) -> Slice {
    let before = query.get("cursore").map(str::parse::<AnyId>);
    if matches!(before, Some(Err(_))) {
        check.fault("cursore", Fault::Invalid);
    }
    Slice {
        limit: LOG_LIMIT,
        before: before.and_then(Result::ok).map(|id| id.0),
    }
}
