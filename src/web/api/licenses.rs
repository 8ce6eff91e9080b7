//! Licences, for staff.

use super::{
    logs::RigaRegistro,
    products::properties,
    reply::{Answer, Created, Tagged, created, once},
    terms::{last_days, no_payment},
    views::{LicenzaScheda, LicenzaStaff, Lista},
};
use crate::{
    domain::{
        access::{Permit, right::*},
        calendar,
        error::{Error, Fault},
        ids::{ActivationId, LicenseId},
        license::{Binding, LicenseKind, LicenseState, SuspensionReason, days_after, key::ActivationKey},
        text,
    },
    operations::{
        App,
        licenses::{
            change,
            issue::{self, Issued},
            modules, release, resume, revoke, suspend, view,
        },
    },
    store::{
        audit,
        licenses::{self, Filter, Search, Waiting},
        page::Page,
        products,
    },
    web::{
        body::RawBody,
        guards::{Id, Idempotency, IfMatch},
        input::{CENTS_MAX, COUNT_MAX, Check, DAYS_MAX, DEVICE_MAX, NAME_MAX, NOTE_MAX, Query, double},
        problem::{Failure, Problems},
    },
};
use rocket::{State, get, patch, post, serde::json::Json};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Licences in one request at most.
const QUANTITY_MAX: i64 = 10_000;
/// Devices that a licence can be reserved for at most.
const RESERVED_MAX: usize = 1000;

/// The licences that the caller sees.
#[utoipa::path(get, path = "/api/admin/licenze", tag = "licenze", params(
    ("stato" = Option<String>, Query), ("tipo_licenza" = Option<String>, Query),
    ("prodotto" = Option<String>, Query, description = "id or code"), ("cliente" = Option<String>, Query),
    ("azienda" = Option<String>, Query), ("agente" = Option<String>, Query),
    ("scade_entro" = Option<i64>, Query, description = "days"),
    ("in_attesa" = Option<String>, Query, description = "convalida or assegnazione"),
    ("q" = Option<String>, Query, description = "a key or its end, a customer, a device"),
    ("archivio" = Option<String>, Query, description = "si: those that were put away, and no others"),
    ("limite" = Option<i64>, Query), ("cursore" = Option<String>, Query)),
    responses((status = 200, body = Lista<LicenzaStaff>), Problems))]
#[get("/api/admin/licenze")]
pub(super) async fn elenco(
    app: &State<App>,
    permit: Permit<ReadLicenses>,
    query: Query,
) -> Answer<Lista<LicenzaStaff>> {
    let mut check = Check::default();
    let page = query.page(&mut check);
    let today = calendar::today(app.clock.now(), app.zone);
    let within: Option<i32> = query
        .number(&mut check, "scade_entro", 0..=DAYS_MAX)
        .and_then(|days| i32::try_from(days).ok());
    let typed = query.get("q").map(text::clean).filter(|typed| !typed.is_empty());
    let product = query.get("prodotto").map(str::to_owned);
    let filter = Filter {
        state: check.word("stato", query.get("stato"), LicenseState::from_code),
        kind: check.word("tipo_licenza", query.get("tipo_licenza"), LicenseKind::from_code),
        product: None,
        customer: check.id(query.get("cliente")),
        company: check.id(query.get("azienda")),
        agent: check.id(query.get("agente")),
        expires_by: within.map(|days| days_after(today, days)),
        waiting: check.word("in_attesa", query.get("in_attesa"), Waiting::from_code),
        idle_since: None,
        archived: check
            .word("archivio", query.get("archivio"), |word| {
                (word == "si").then_some(())
            })
            .is_some(),
        search: typed.map(|typed| Search {
            key_hash: ActivationKey::parse(&typed)
                .ok()
                .map(|key| app.vault.lookup(key.canonical())),
            name: text::searchable(&typed),
            text: typed,
        }),
    };
    check.finish()?;
    let (scope, app_) = (permit.scope(), app.inner().clone());
    let slice = app
        .db
        .read(move |tx| {
            let mut filter = filter.clone();
            if let Some(customer) = filter.customer {
                crate::store::customers::get(tx, scope, customer)?;
            }
            for node in [filter.company, filter.agent].into_iter().flatten() {
                crate::store::nodes::get(tx, scope, node)?;
            }
            if let Some(name) = &product {
                filter.product = Some(products::find(tx, scope, name)?.rules.id);
            }
            let grace = products::graces(tx)?;
            let slice = licenses::list(tx, scope, &filter, today, &grace, &page)?;
            let next = slice.next;
            let rows = view::complete(&app_, tx, slice.rows, today)?;
            Ok(crate::store::page::Slice { rows, next })
        })
        .await?;
    Ok(Json(Lista::new(slice, |view| LicenzaStaff::from(&view))))
}

/// What is to be generated.
#[derive(Deserialize, ToSchema)]
pub(super) struct NuoveLicenze {
    /// By id or code.
    prodotto: String,
    /// `permanente`, `trial`, `abbonamento`.
    tipo_licenza: String,
    /// 1 to 10,000.
    quantita: Option<i64>,
    moduli: Option<Vec<String>>,
    durata_giorni: Option<i64>,
    data_scadenza: Option<String>,
    manutenzione_al: Option<String>,
    numero_dispositivi: Option<i64>,
    numero_utenti: Option<i64>,
    posti_flottanti: Option<i64>,
    /// `dispositivo`, `utente`, `flottante`, `nessuno`.
    vincolo: Option<String>,
    dispositivi_ammessi: Option<Vec<String>>,
    cliente: Option<String>,
    azienda: Option<String>,
    agente: Option<String>,
    prezzo_centesimi: Option<i64>,
    sconto_punti_base: Option<i64>,
    modalita: Option<String>,
    etichetta: Option<String>,
    /// Whether the keys are mailed to the customer: 200 at most.
    invia_chiave: Option<bool>,
}

/// What was generated.
#[derive(Serialize, ToSchema)]
pub(super) struct Lotto {
    lotto: String,
    licenze: Vec<LicenzaStaff>,
}

fn lotto(issued: &Issued) -> Lotto {
    Lotto {
        lotto: issued.batch.to_string(),
        licenze: issued.licenses.iter().map(Into::into).collect(),
    }
}

/// Generates licences: all or none.
#[utoipa::path(post, path = "/api/admin/licenze", tag = "licenze", request_body = NuoveLicenze,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Lotto), Problems))]
#[post("/api/admin/licenze", data = "<body>")]
pub(super) async fn genera(
    app: &State<App>,
    permit: Permit<IssueLicenses>,
    idempotency: Idempotency,
    body: RawBody,
) -> Result<Created, Failure> {
    let sent: NuoveLicenze = body.parse()?;
    let mut check = Check::default();
    let kind = check.word("tipo_licenza", Some(&sent.tipo_licenza), LicenseKind::from_code);
    let reserved = sent.dispositivi_ammessi.unwrap_or_default();
    if reserved.len() > RESERVED_MAX {
        check.fault("dispositivi_ammessi", Fault::TooLong);
    }
    for (n, device) in reserved.iter().enumerate() {
        check.verbatim(&format!("dispositivi_ammessi.{n}"), Some(device), DEVICE_MAX);
    }
    no_payment(&mut check, sent.modalita.as_deref());
    let order = issue::Order {
        product: check
            .verbatim("prodotto", Some(&sent.prodotto), 40)
            .unwrap_or_default(),
        kind: kind.unwrap_or(LicenseKind::Trial),
        quantity: check
            .number::<i64>("quantita", sent.quantita, 1..=QUANTITY_MAX)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(1),
        modules: sent.moduli.unwrap_or_default(),
        duration_days: check.number("durata_giorni", sent.durata_giorni, 1..=DAYS_MAX),
        expires_on: check.day("data_scadenza", sent.data_scadenza.as_deref()),
        maintenance_until: check.day("manutenzione_al", sent.manutenzione_al.as_deref()),
        max_devices: check.number("numero_dispositivi", sent.numero_dispositivi, 1..=COUNT_MAX),
        max_users: check.number("numero_utenti", sent.numero_utenti, 1..=COUNT_MAX),
        max_seats: check.number("posti_flottanti", sent.posti_flottanti, 1..=COUNT_MAX),
        binding: check.word("vincolo", sent.vincolo.as_deref(), Binding::from_code),
        reserved_devices: dedup(reserved),
        customer: check.id(sent.cliente.as_deref()),
        company: check.id(sent.azienda.as_deref()),
        agent: check.id(sent.agente.as_deref()),
        price_cents: check.number("prezzo_centesimi", sent.prezzo_centesimi, 0..=CENTS_MAX),
        discount_bp: check.number("sconto_punti_base", sent.sconto_punti_base, 0..=10_000),
        label: check.line("etichetta", sent.etichetta.as_deref(), NAME_MAX),
        start: None,
        mails_keys: sent.invia_chiave.unwrap_or(false),
    };
    check.finish()?;
    let key = idempotency.of(&body)?;
    created(issue::issue(app, permit, order, once(key, lotto)).await?, lotto)
}

fn dedup(mut devices: Vec<String>) -> Vec<String> {
    devices.sort();
    devices.dedup();
    devices
}

/// A licence with its devices, suspensions and history.
#[utoipa::path(get, path = "/api/admin/licenze/{id}", tag = "licenze", params(("id" = String, Path)),
    responses((status = 200, body = LicenzaScheda), Problems))]
#[get("/api/admin/licenze/<id>")]
pub(super) async fn scheda(
    app: &State<App>,
    permit: Permit<ReadLicenses>,
    id: Id<LicenseId>,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    sheet(app, permit.scope(), id.get()?).await
}

pub(super) async fn sheet(
    app: &App,
    scope: crate::domain::scope::Scope,
    id: LicenseId,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let app_ = app.clone();
    let today = calendar::today(app.clock.now(), app.zone);
    let (detail, history) = app
        .db
        .read(move |tx| {
            let found = licenses::get(tx, scope, id)?;
            let detail = view::detail(&app_, tx, found, today)?;
            let history = audit::list(tx, scope, &audit::Filter::of(id.0), &Page::first(50))?;
            Ok((detail, history))
        })
        .await?;
    let revision = detail.view.sheet.revision;
    let history = history.rows.into_iter().map(RigaRegistro::from).collect();
    Ok(Tagged(LicenzaScheda::new(&detail, history), revision))
}

/// A licence as the contract writes it, for who looks at it in the portal.
pub(in crate::web) async fn raw(
    app: &App,
    scope: crate::domain::scope::Scope,
    id: LicenseId,
) -> Result<Value, Failure> {
    let Tagged(sheet, _) = sheet(app, scope, id).await?;
    Ok(serde_json::to_value(sheet).map_err(Error::internal)?)
}

/// What is to change. Null takes away, absent leaves.
#[derive(Deserialize, ToSchema)]
pub(super) struct ModificaLicenza {
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    etichetta: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    data_scadenza: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    manutenzione_al: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    numero_dispositivi: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    numero_utenti: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    posti_flottanti: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    giorni_offline: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    prezzo_centesimi: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    sconto_punti_base: Option<Option<i64>>,
    rinnovo_automatico: Option<bool>,
    /// The codes of all modules that it is to have.
    moduli: Option<Vec<String>>,
    /// Last days of their own, by code; null takes one away.
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    moduli_scadenze: Option<BTreeMap<String, Option<String>>>,
    /// Values for the software, beside those of its product or in their place.
    proprieta: Option<Map<String, Value>>,
}

/// Changes a licence that still is as the caller read it (`If-Match`).
#[utoipa::path(patch, path = "/api/admin/licenze/{id}", tag = "licenze", request_body = ModificaLicenza,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = LicenzaScheda), Problems))]
#[patch("/api/admin/licenze/<id>", data = "<body>")]
pub(super) async fn modifica(
    app: &State<App>,
    permit: Permit<EditLicense>,
    id: Id<LicenseId>,
    if_match: IfMatch,
    body: RawBody,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    // What the caller does not see has no revision to ask for.
    app.db
        .read(move |tx| licenses::get(tx, scope, id).map(drop))
        .await?;
    let revision = if_match.required()?.ok_or(Failure::IfMatchWanted)?;
    let sent: ModificaLicenza = body.parse()?;
    let mut check = Check::default();
    let mut number = |field: &str, value: Option<Option<i64>>, bounds| {
        value.map(|value| check.number(field, value, bounds))
    };
    let (max_devices, max_users, max_seats, offline_days, discount_bp) = (
        number("numero_dispositivi", sent.numero_dispositivi, 1..=COUNT_MAX),
        number("numero_utenti", sent.numero_utenti, 1..=COUNT_MAX),
        number("posti_flottanti", sent.posti_flottanti, 1..=COUNT_MAX),
        number("giorni_offline", sent.giorni_offline, 0..=DAYS_MAX),
        number("sconto_punti_base", sent.sconto_punti_base, 0..=10_000),
    );
    let modules = (sent.moduli.is_some() || sent.moduli_scadenze.is_some()).then(|| modules::Wanted {
        exactly: sent.moduli.map(|codes| codes.into_iter().collect()),
        until: last_days(&mut check, sent.moduli_scadenze.unwrap_or_default()),
        ..modules::Wanted::default()
    });
    let changes = change::Changes {
        label: sent
            .etichetta
            .map(|label| check.line("etichetta", label.as_deref(), NAME_MAX)),
        expires_on: sent
            .data_scadenza
            .map(|day| check.day("data_scadenza", day.as_deref())),
        maintenance_until: sent
            .manutenzione_al
            .map(|day| check.day("manutenzione_al", day.as_deref())),
        max_devices,
        max_users,
        max_seats,
        offline_days,
        price_cents: sent
            .prezzo_centesimi
            .map(|price| check.number("prezzo_centesimi", price, 0..=CENTS_MAX)),
        discount_bp,
        auto_renew: sent.rinnovo_automatico,
        properties: properties(&mut check, sent.proprieta),
        modules,
    };
    check.finish()?;
    change::change(app, permit, id, revision, changes).await?;
    sheet(app, scope, id).await
}

/// Why something is done.
#[derive(Default, Deserialize, ToSchema)]
pub(super) struct Motivo {
    motivo: Option<String>,
    /// Of a suspension: `frode`, `insoluto`, `disputa`, `cliente`, `altro`.
    causale: Option<String>,
}

/// Stops a licence for a while.
#[utoipa::path(post, path = "/api/admin/licenze/{id}/sospendi", tag = "licenze", request_body = Motivo,
    params(("id" = String, Path)), responses((status = 200, body = LicenzaScheda), Problems))]
#[post("/api/admin/licenze/<id>/sospendi", data = "<body>")]
pub(super) async fn sospendi(
    app: &State<App>,
    permit: Permit<SuspendLicense>,
    id: Id<LicenseId>,
    body: RawBody,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    let sent: Motivo = body.parse_or_default()?;
    let mut check = Check::default();
    let note = check.lines("motivo", sent.motivo.as_deref(), NOTE_MAX);
    let reason = check
        .word("causale", sent.causale.as_deref(), SuspensionReason::from_code)
        .unwrap_or(SuspensionReason::Other);
    check.finish()?;
    suspend::suspend(app, permit, id, None, reason, note).await?;
    sheet(app, scope, id).await
}

/// Lets a suspended licence go on: lifts the suspensions that are the caller's to lift.
#[utoipa::path(post, path = "/api/admin/licenze/{id}/riattiva", tag = "licenze", request_body = Motivo,
    params(("id" = String, Path)), responses((status = 200, body = LicenzaScheda), Problems))]
#[post("/api/admin/licenze/<id>/riattiva", data = "<body>")]
pub(super) async fn riattiva(
    app: &State<App>,
    permit: Permit<SuspendLicense>,
    id: Id<LicenseId>,
    body: RawBody,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    let note = reason(&body)?;
    resume::resume(app, permit, id, note).await?;
    sheet(app, scope, id).await
}

/// Stops a licence for good.
#[utoipa::path(post, path = "/api/admin/licenze/{id}/revoca", tag = "licenze", request_body = Motivo,
    params(("id" = String, Path)), responses((status = 200, body = LicenzaScheda), Problems))]
#[post("/api/admin/licenze/<id>/revoca", data = "<body>")]
pub(super) async fn revoca(
    app: &State<App>,
    permit: Permit<RevokeLicense>,
    id: Id<LicenseId>,
    body: RawBody,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    let note = required_reason(&body)?;
    revoke::revoke(app, permit, id, note).await?;
    sheet(app, scope, id).await
}

/// An optional reason.
pub(super) fn reason(body: &RawBody) -> Result<Option<String>, Failure> {
    let sent: Motivo = body.parse_or_default()?;
    let mut check = Check::default();
    let note = check.lines("motivo", sent.motivo.as_deref(), NOTE_MAX);
    check.finish()?;
    Ok(note)
}

/// A reason that has to be given.
pub(super) fn required_reason(body: &RawBody) -> Result<String, Failure> {
    Ok(reason(body)?.ok_or_else(|| Error::field("motivo", Fault::Missing))?)
}

/// Frees a device's place.
#[utoipa::path(post, path = "/api/admin/licenze/{id}/dispositivi/{attivazione}/rilascia", tag = "licenze",
    request_body = Motivo, params(("id" = String, Path), ("attivazione" = String, Path)),
    responses((status = 200, body = LicenzaScheda), Problems))]
#[post("/api/admin/licenze/<id>/dispositivi/<attivazione>/rilascia", data = "<body>")]
pub(super) async fn rilascia(
    app: &State<App>,
    permit: Permit<ReleaseDevice>,
    id: Id<LicenseId>,
    attivazione: Id<ActivationId>,
    body: RawBody,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    let activation = attivazione.get()?;
    let note = required_reason(&body)?;
    release::release(app, permit, id, activation, note).await?;
    sheet(app, scope, id).await
}
