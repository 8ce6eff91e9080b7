//! Products, for staff.

use super::{
    reply::{Answer, Created, Tagged, created, once},
    views::{Lista, Prodotto, Versione},
};
use crate::{
    domain::{
        access::{Permit, right::*},
        error::{Error, Fault},
        ids::{ProductId, SigningKeyId, VersionId},
        license::LicenseKind,
        product::{Product, Rules, StartRule, Version},
        scope::Scope,
    },
    operations::{
        App,
        products::{
            change,
            create::{self, New},
            publish, rotate,
            view::{self, View},
        },
    },
    store::{page::Slice, products, settings},
    web::{
        body::{RawBody, objects},
        guards::{Idempotency, IfMatch},
        input::{CENTS_MAX, COUNT_MAX, Check, DAYS_MAX, NAME_MAX, NOTE_MAX, Query},
        problem::{Failure, Problems},
    },
};
use rocket::{State, get, patch, post, serde::json::Json};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Modules of a product at most.
const MODULES_MAX: usize = 500;
/// Bytes of the properties at most: they travel in every computer key.
const PROPERTIES_MAX: usize = 2_000;
/// Characters of a description at most.
const DESCRIPTION_MAX: usize = 5_000;

/// The products.
#[utoipa::path(get, path = "/api/admin/prodotti", tag = "prodotti", params(
    ("limite" = Option<i64>, Query), ("cursore" = Option<String>, Query)),
    responses((status = 200, body = Lista<Prodotto>), Problems))]
#[get("/api/admin/prodotti")]
pub(super) async fn elenco(
    app: &State<App>,
    permit: Permit<ReadProducts>,
    query: Query,
) -> Answer<Lista<Prodotto>> {
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let scope = permit.scope();
    let slice = app
        .db
        .read(move |tx| {
            let slice = products::list(tx, scope, &page)?;
            Ok(Slice {
                next: slice.next,
                rows: view::complete(tx, slice.rows)?,
            })
        })
        .await?;
    Ok(Json(Lista::new(slice, |view| Prodotto::from(&view))))
}

/// A module.
#[derive(Deserialize, ToSchema)]
#[serde(remote = "Self")]
pub(super) struct ModuloInviato {
    codice: String,
    nome: Option<String>,
    /// Its place in the mask, 0 to 31; the first that is free where absent.
    bit: Option<i64>,
    prezzo_base_centesimi: Option<i64>,
    incluso: Option<bool>,
}

/// A version.
#[derive(Deserialize, ToSchema)]
#[serde(remote = "Self")]
pub(super) struct VersioneInviata {
    versione: String,
    data_rilascio: String,
    note: Option<String>,
    url: Option<String>,
}

objects!(ModuloInviato, VersioneInviata);

/// A new product.
#[derive(Deserialize, ToSchema)]
pub(super) struct NuovoProdotto {
    codice: String,
    nome: String,
    versione: Option<String>,
    descrizione: Option<String>,
    tipi_licenza: Option<Vec<String>>,
    prezzo_base_centesimi: Option<i64>,
    valuta: Option<String>,
    durata_prova_giorni: Option<i64>,
    periodo_mesi: Option<i64>,
    giorni_offline: Option<i64>,
    offline_illimitato: Option<bool>,
    giorni_tolleranza: Option<i64>,
    attesa_giorni: Option<i64>,
    decorrenza: Option<String>,
    rilasci_max: Option<i64>,
    rilasci_giorni: Option<i64>,
    proprieta: Option<Map<String, Value>>,
    moduli: Option<Vec<ModuloInviato>>,
    versioni: Option<Vec<VersioneInviata>>,
}

fn modules(check: &mut Check, sent: &[ModuloInviato]) -> Vec<change::ModuleChange> {
    if sent.len() > MODULES_MAX {
        check.fault("moduli", Fault::TooLong);
        return Vec::new();
    }
    sent.iter()
        .enumerate()
        .map(|(n, module)| {
            let field = |name: &str| format!("moduli.{n}.{name}");
            change::ModuleChange {
                code: check
                    .token(&field("codice"), Some(&module.codice), 40)
                    .unwrap_or_default(),
                name: check.line(&field("nome"), module.nome.as_deref(), NAME_MAX),
                bit: check.number(&field("bit"), module.bit, 0..=31),
                base_price_cents: check.number(
                    &field("prezzo_base_centesimi"),
                    module.prezzo_base_centesimi,
                    0..=CENTS_MAX,
                ),
                included: module.incluso,
            }
        })
        .collect()
}

fn version(check: &mut Check, prefix: &str, sent: &VersioneInviata) -> Version {
    Version {
        id: VersionId::new(),
        version: check.required_line(&format!("{prefix}versione"), Some(&sent.versione), 40),
        released_on: check
            .day(&format!("{prefix}data_rilascio"), Some(&sent.data_rilascio))
            .unwrap_or_default(),
        notes: check
            .lines(&format!("{prefix}note"), sent.note.as_deref(), DESCRIPTION_MAX)
            .unwrap_or_default(),
        url: check.url(&format!("{prefix}url"), sent.url.as_deref(), NOTE_MAX),
    }
}

fn kinds(check: &mut Check, sent: &[String]) -> Vec<LicenseKind> {
    if sent.is_empty() {
        check.fault("tipi_licenza", Fault::Missing);
    }
    let mut kinds: Vec<LicenseKind> = sent
        .iter()
        .filter_map(|kind| check.word("tipi_licenza", Some(kind), LicenseKind::from_code))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Values for the software, short enough to travel in every computer key.
pub(super) fn properties(check: &mut Check, sent: Option<Map<String, Value>>) -> Option<Map<String, Value>> {
    if sent
        .as_ref()
        .is_some_and(|map| serde_json::to_string(map).is_ok_and(|json| json.len() > PROPERTIES_MAX))
    {
        check.fault("proprieta", Fault::TooLong);
    }
    sent
}

fn prodotto(view: &View) -> Prodotto {
    view.into()
}

/// Defines a product, with two signing keys.
#[utoipa::path(post, path = "/api/admin/prodotti", tag = "prodotti", request_body = NuovoProdotto,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Prodotto), Problems))]
#[post("/api/admin/prodotti", data = "<body>")]
pub(super) async fn crea(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    idempotency: Idempotency,
    body: RawBody,
) -> Result<Created, Failure> {
    let sent: NuovoProdotto = body.parse()?;
    let mut check = Check::default();
    let code = check.token("codice", Some(&sent.codice), 40).unwrap_or_default();
    let currency = sent.valuta.unwrap_or_else(|| "EUR".into());
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        check.fault("valuta", Fault::Invalid);
    }
    let versions: Vec<Version> = sent
        .versioni
        .unwrap_or_default()
        .iter()
        .enumerate()
        .map(|(n, sent)| version(&mut check, &format!("versioni.{n}."), sent))
        .collect();
    let newest = versions
        .iter()
        .max_by_key(|version| version.released_on)
        .map(|version| version.version.clone());
    let all_kinds: Vec<String> = LicenseKind::CODES.iter().map(|kind| (*kind).to_owned()).collect();
    let usual = app.db.read(settings::get).await?.0;
    let new = New {
        product: Product {
            rules: Rules {
                id: ProductId::new(),
                name: check.required_line("nome", Some(&sent.nome), NAME_MAX),
                version: check
                    .line("versione", sent.versione.as_deref(), 40)
                    .or(newest)
                    .unwrap_or_else(|| "1.0".into()),
                offline_days: check
                    .number("giorni_offline", sent.giorni_offline, 0..=DAYS_MAX)
                    .unwrap_or(usual.offline_days),
                offline_unlimited: sent.offline_illimitato.unwrap_or(false),
                grace_days: check
                    .number("giorni_tolleranza", sent.giorni_tolleranza, 0..=DAYS_MAX)
                    .unwrap_or(30),
                pending_days: check
                    .number("attesa_giorni", sent.attesa_giorni, 0..=DAYS_MAX)
                    .unwrap_or(14),
                release_max: check
                    .number("rilasci_max", sent.rilasci_max, 0..=COUNT_MAX)
                    .unwrap_or(2),
                release_days: check
                    .number("rilasci_giorni", sent.rilasci_giorni, 1..=DAYS_MAX)
                    .unwrap_or(30),
                properties: properties(&mut check, sent.proprieta).unwrap_or_default(),
                signing_key_id: SigningKeyId::new(),
                code,
            },
            description: check
                .lines("descrizione", sent.descrizione.as_deref(), DESCRIPTION_MAX)
                .unwrap_or_default(),
            license_kinds: kinds(&mut check, &sent.tipi_licenza.unwrap_or(all_kinds)),
            base_price_cents: check
                .number("prezzo_base_centesimi", sent.prezzo_base_centesimi, 0..=CENTS_MAX)
                .unwrap_or(0),
            currency,
            trial_days: check
                .number("durata_prova_giorni", sent.durata_prova_giorni, 1..=DAYS_MAX)
                .unwrap_or(usual.trial_days),
            period_months: check
                .number("periodo_mesi", sent.periodo_mesi, 1..=1200)
                .unwrap_or(12),
            start_rule: check
                .word("decorrenza", sent.decorrenza.as_deref(), StartRule::from_code)
                .unwrap_or(StartRule::Activation),
            created_at: app.clock.now(),
            revision: 1,
        },
        modules: modules(&mut check, &sent.moduli.unwrap_or_default())
            .iter()
            .map(change::ModuleChange::fresh)
            .collect(),
        versions,
    };
    check.finish()?;
    let key = idempotency.of(&body)?;
    created(
        create::create(app, permit, new, once(key, prodotto)).await?,
        prodotto,
    )
}

async fn sheet(app: &App, scope: Scope, name: String) -> Result<Tagged<Prodotto>, Failure> {
    let view = app
        .db
        .read(move |tx| {
            let product = products::find(tx, scope, &name)?;
            view::complete(tx, vec![product])?.pop().ok_or(Error::NotFound)
        })
        .await?;
    Ok(Tagged((&view).into(), view.product.revision))
}

/// A product, by id or code.
#[utoipa::path(get, path = "/api/admin/prodotti/{codice}", tag = "prodotti", params(("codice" = String, Path)),
    responses((status = 200, body = Prodotto), Problems))]
#[get("/api/admin/prodotti/<codice>")]
pub(super) async fn scheda(
    app: &State<App>,
    permit: Permit<ReadProducts>,
    codice: &str,
) -> Result<Tagged<Prodotto>, Failure> {
    sheet(app, permit.scope(), codice.to_owned()).await
}

/// What is to change; absent leaves. Modules are changed by their code, or added.
#[derive(Deserialize, ToSchema)]
pub(super) struct ModificaProdotto {
    nome: Option<String>,
    versione: Option<String>,
    descrizione: Option<String>,
    tipi_licenza: Option<Vec<String>>,
    prezzo_base_centesimi: Option<i64>,
    durata_prova_giorni: Option<i64>,
    periodo_mesi: Option<i64>,
    giorni_offline: Option<i64>,
    offline_illimitato: Option<bool>,
    giorni_tolleranza: Option<i64>,
    attesa_giorni: Option<i64>,
    decorrenza: Option<String>,
    rilasci_max: Option<i64>,
    rilasci_giorni: Option<i64>,
    proprieta: Option<Map<String, Value>>,
    moduli: Option<Vec<ModuloInviato>>,
}

/// Changes a product.
#[utoipa::path(patch, path = "/api/admin/prodotti/{codice}", tag = "prodotti", request_body = ModificaProdotto,
    params(("codice" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = Prodotto), Problems))]
#[patch("/api/admin/prodotti/<codice>", data = "<body>")]
pub(super) async fn modifica(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    codice: &str,
    if_match: IfMatch,
    body: RawBody,
) -> Result<Tagged<Prodotto>, Failure> {
    let sent: ModificaProdotto = body.parse()?;
    let mut check = Check::default();
    let changes = change::Changes {
        name: sent
            .nome
            .map(|name| check.required_line("nome", Some(&name), NAME_MAX)),
        version: sent
            .versione
            .map(|version| check.required_line("versione", Some(&version), 40)),
        description: sent.descrizione.map(|text| {
            check
                .lines("descrizione", Some(&text), DESCRIPTION_MAX)
                .unwrap_or_default()
        }),
        license_kinds: sent.tipi_licenza.map(|sent| kinds(&mut check, &sent)),
        base_price_cents: check.number("prezzo_base_centesimi", sent.prezzo_base_centesimi, 0..=CENTS_MAX),
        trial_days: check.number("durata_prova_giorni", sent.durata_prova_giorni, 1..=DAYS_MAX),
        period_months: check.number("periodo_mesi", sent.periodo_mesi, 1..=1200),
        offline_days: check.number("giorni_offline", sent.giorni_offline, 0..=DAYS_MAX),
        offline_unlimited: sent.offline_illimitato,
        grace_days: check.number("giorni_tolleranza", sent.giorni_tolleranza, 0..=DAYS_MAX),
        pending_days: check.number("attesa_giorni", sent.attesa_giorni, 0..=DAYS_MAX),
        start_rule: check.word("decorrenza", sent.decorrenza.as_deref(), StartRule::from_code),
        release_max: check.number("rilasci_max", sent.rilasci_max, 0..=COUNT_MAX),
        release_days: check.number("rilasci_giorni", sent.rilasci_giorni, 1..=DAYS_MAX),
        properties: properties(&mut check, sent.proprieta),
        modules: modules(&mut check, &sent.moduli.unwrap_or_default()),
    };
    check.finish()?;
    let scope = permit.scope();
    change::change(app, permit, codice.to_owned(), if_match.optional()?, changes).await?;
    sheet(app, scope, codice.to_owned()).await
}

fn versione(version: &Version) -> Versione {
    version.into()
}

/// Publishes a version.
#[utoipa::path(post, path = "/api/admin/prodotti/{codice}/versioni", tag = "prodotti", request_body = VersioneInviata,
    params(("codice" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Versione), Problems))]
#[post("/api/admin/prodotti/<codice>/versioni", data = "<body>")]
pub(super) async fn pubblica(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    codice: &str,
    idempotency: Idempotency,
    body: RawBody,
) -> Result<Created, Failure> {
    let sent: VersioneInviata = body.parse()?;
    let mut check = Check::default();
    let version = version(&mut check, "", &sent);
    check.finish()?;
    let key = idempotency.of(&body)?;
    created(
        publish::publish(app, permit, codice.to_owned(), version, once(key, versione)).await?,
        versione,
    )
}

/// Whether the key that was in use leaked.
#[derive(Deserialize, ToSchema)]
pub(super) struct Rotazione {
    /// What it signed is refused from now on.
    revoca: Option<bool>,
}

/// Puts the product's next signing key to use, and makes another next.
#[utoipa::path(post, path = "/api/admin/prodotti/{codice}/ruota", tag = "prodotti", request_body = Rotazione,
    params(("codice" = String, Path)), responses((status = 200, body = Prodotto), Problems))]
#[post("/api/admin/prodotti/<codice>/ruota", data = "<body>")]
pub(super) async fn ruota(
    app: &State<App>,
    permit: Permit<ManageSigningKeys>,
    codice: &str,
    body: RawBody,
) -> Result<Tagged<Prodotto>, Failure> {
    let sent: Rotazione = body.parse()?;
    let scope = permit.scope();
    rotate::rotate(app, permit, codice.to_owned(), sent.revoca.unwrap_or(false)).await?;
    sheet(app, scope, codice.to_owned()).await
}
