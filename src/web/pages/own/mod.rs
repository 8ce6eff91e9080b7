//! What customers have: their licences in plain words, and their devices.

mod data;
mod payments;
mod users;

use super::reason::{Question, Wanted};
use crate::{
    domain::{
        access::{
            Permit,
            right::{ManageOwnDevices, ReadOwnLicenses},
        },
        error::{Error, Result},
        ids::{ActivationId, AnyId, LicenseId},
        license::LicenseState,
    },
    operations::{
        App,
        licenses::own::{self, Own, Released},
    },
    store::{activations::Device, page::Page as Slice},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, NAME_MAX, Query},
        page::{Answer, Goto, Level, Page},
        reader::{Language, Reader},
    },
};
use rocket::{Route, State, get, http::Status, post, routes};
use serde_json::{Value, json};

/// Licences on a page.
const SHOWN: usize = 20;
/// Devices of a licence that the first page shows.
const DEVICES_SHOWN: usize = 5;

pub(super) fn routes() -> Vec<Route> {
    routes![
        licenza,
        libera,
        liberato,
        nomina,
        nominato,
        payments::pagamenti,
        data::miei_dati,
        data::modifica,
        data::salva,
        data::esporta,
        data::cancellazione,
        data::cancellazione_chiesta,
        users::nuovo,
        users::invitato,
        users::disabilitare,
        users::disabilitato,
        users::abilitato,
    ]
}

fn path(id: LicenseId) -> String {
    format!("/mie-licenze/{id}")
}

fn device(device: &Device) -> Value {
    json!({
        "id": device.id,
        "device": device.device,
        "name": device.name,
        "platform": device.platform,
        "user": device.user,
        "since": device.since,
        "last_seen": device.last_seen,
    })
}

/// A licence in plain words. What costs, and what staff write for themselves, is not in it.
fn shown(own: &Own, at_most: usize) -> Value {
    let view = &own.view;
    let sheet = &view.sheet;
    let state = view.state();
    let last = sheet.expires_on;
    json!({
        "id": sheet.license.id,
        "key": view.key,
        "product": view.rules.name,
        "version": view.rules.version,
        "state": state.code(),
        "kind": sheet.kind.code(),
        "binding": sheet.binding.code(),
        "expires_on": last,
        "days": sheet.duration_days.filter(|_| last.is_none()),
        "in_grace": view.in_grace(),
        "ends_on": sheet.ends_on(view.rules.grace_days),
        "maintenance_until": sheet.maintenance_until,
        "pending_days": (state == LicenseState::Pending).then_some(view.rules.pending_days),
        "modules": own.modules,
        "devices": own.devices.iter().take(at_most).map(device).collect::<Vec<_>>(),
        "more_devices": own.devices.len() > at_most,
        "devices_used": sheet.devices_used,
        "max_devices": sheet.max_devices,
        "users_used": sheet.users_used,
        "max_users": sheet.max_users,
        "max_seats": sheet.max_seats,
        "releases_left": own.allowance.left,
        "releases_more_at": own.allowance.more_at,
        "activated_at": sheet.activated_at,
    })
}

/// A customer's licences, as the first page shows them.
pub(super) async fn mine(app: &App, permit: Permit<ReadOwnLicenses>, query: &Query) -> Answer {
    let mut check = Check::default();
    let mut slice: Slice = query.page(&mut check);
    check.finish()?;
    slice.limit = SHOWN;
    let is_first = slice.before.is_none();
    let seen = own::overview(app, permit, slice).await?;
    let next = seen.licenses.next.map(|id| format!("/?cursore={}", AnyId(id)));
    let shown = json!({
        "customer": seen.customer.name,
        "state": seen.customer.state.code(),
        "contact": seen.contact.map(|(name, email)| json!({ "name": name, "email": email })),
        "due": seen.due.map(|(day, cents, currency)| json!({ "day": day, "cents": cents, "currency": currency })),
        "licenses": seen.licenses.rows.iter().map(|own| shown(own, DEVICES_SHOWN)).collect::<Vec<_>>(),
        "first": if is_first { "" } else { "/" },
        "next": next.unwrap_or_default(),
    });
    Page::new("pages/own/licenses", shown)?.reply()
}

/// One of them, with all its devices.
#[get("/mie-licenze/<id>")]
pub(crate) async fn licenza(app: &State<App>, permit: Permit<ReadOwnLicenses>, id: Id<LicenseId>) -> Answer {
    let own = own::one(app, permit, id.get()?).await?;
    Page::new("pages/own/license", json!({ "license": shown(&own, usize::MAX) }))?.reply()
}

/// A device of one of the caller's licences.
async fn found(
    app: &App,
    permit: &Permit<ManageOwnDevices>,
    id: LicenseId,
    activation: ActivationId,
) -> Result<Device> {
    let scope = permit.scope();
    app.db
        .read(move |tx| own::device(tx, scope, id, activation))
        .await
}

fn name_of(device: &Device) -> String {
    device.name.clone().unwrap_or_else(|| device.device.clone())
}

/// Asks whether a device's place is to be freed.
#[get("/mie-licenze/<id>/dispositivi/<attivazione>/libera")]
pub(crate) async fn libera(
    app: &State<App>,
    permit: Permit<ManageOwnDevices>,
    id: Id<LicenseId>,
    attivazione: Id<ActivationId>,
) -> Answer {
    let (id, activation) = (id.get()?, attivazione.get()?);
    let device = found(app, &permit, id, activation).await?;
    Question {
        key: "own-release",
        name: name_of(&device),
        section: ("nav-own-licenses", "/"),
        back: path(id),
        action: format!("{}/dispositivi/{activation}/libera", path(id)),
        danger: true,
        reason: Wanted::Not,
        effects: Vec::new(),
    }
    .page(&Form::new()?)
}

/// Frees it.
#[post("/mie-licenze/<id>/dispositivi/<attivazione>/libera", data = "<_sent>")]
pub(crate) async fn liberato(
    app: &State<App>,
    permit: Permit<ManageOwnDevices>,
    reader: Reader,
    id: Id<LicenseId>,
    attivazione: Id<ActivationId>,
    _sent: Sent,
) -> Answer {
    let (id, activation) = (id.get()?, attivazione.get()?);
    match own::release(app, permit, id, activation).await? {
        Released::Done => Goto::to(path(id)).saying("own-released").reply(),
        Released::Exhausted(at) => Goto::to(path(id))
            .flash(
                Level::Bad,
                "own-releases-exhausted",
                [("when", reader.instant(at).into())],
            )
            .reply(),
    }
}

fn naming(id: LicenseId, device: &Device, form: &Form, status: Status) -> Answer {
    let shown = json!({
        "form": form,
        "name": name_of(device),
        "back": path(id),
        "action": format!("{}/dispositivi/{}/nome", path(id), device.id),
    });
    Page::new("pages/own/name", shown)?.status(status).reply()
}

/// Asks for a device's name.
#[get("/mie-licenze/<id>/dispositivi/<attivazione>/nome")]
pub(crate) async fn nomina(
    app: &State<App>,
    permit: Permit<ManageOwnDevices>,
    id: Id<LicenseId>,
    attivazione: Id<ActivationId>,
) -> Answer {
    let (id, activation) = (id.get()?, attivazione.get()?);
    let device = found(app, &permit, id, activation).await?;
    let form = Form::new()?.with_some("nome", device.name.as_deref());
    naming(id, &device, &form, Status::Ok)
}

/// Names it.
#[post("/mie-licenze/<id>/dispositivi/<attivazione>/nome", data = "<sent>")]
pub(crate) async fn nominato(
    app: &State<App>,
    permit: Permit<ManageOwnDevices>,
    language: Language,
    id: Id<LicenseId>,
    attivazione: Id<ActivationId>,
    sent: Sent,
) -> Answer {
    let (id, activation) = (id.get()?, attivazione.get()?);
    let device = found(app, &permit, id, activation).await?;
    let mut check = Check::default();
    let name = check.required_line("nome", sent.get("nome"), NAME_MAX);
    let done = match check.finish() {
        Ok(()) => own::rename(app, permit, id, activation, name).await,
        Err(wrong) => Err(wrong),
    };
    match done {
        Ok(()) => Goto::to(path(id)).saying("own-renamed").reply(),
        Err(Error::Invalid(wrong)) => {
            let form = Form::again(&sent, &wrong, language);
            naming(id, &device, &form, Status::UnprocessableEntity)
        }
        Err(other) => Err(other.into()),
    }
}
