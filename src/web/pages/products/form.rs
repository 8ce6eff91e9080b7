//! Defining a product, and changing it.

use super::{Head, head_alone, path};
use crate::{
    domain::{
        access::{Permit, right::DefineProducts},
        error::{Error, Fault, FieldErrors},
        ids::{ProductId, SigningKeyId},
        license::LicenseKind,
        product::{Product, Rules, StartRule},
    },
    operations::{
        App,
        products::{
            change,
            create::{self, New},
            view::View,
        },
    },
    store::settings,
    web::{
        form::{Difference, Form, Sent},
        input::{CENTS_MAX, COUNT_MAX, Check, DAYS_MAX, NAME_MAX},
        once,
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Map, Value, json};

/// Bytes of the properties at most: they travel in every computer key.
const PROPERTIES_MAX: usize = 2_000;
/// Characters of a description at most.
const DESCRIPTION_MAX: usize = 5_000;

/// The fields that can change, as a conflict shows them.
const FIELDS: &[&str] = &[
    "nome_prodotto",
    "versione",
    "descrizione",
    "tipi_licenza",
    "prezzo_base",
    "durata_prova_giorni",
    "periodo_mesi",
    "decorrenza",
    "giorni_offline",
    "offline_illimitato",
    "giorni_tolleranza",
    "attesa_giorni",
    "rilasci_max",
    "rilasci_giorni",
    "proprieta",
];

/// What a form says of a product, new or old.
struct Read {
    code: String,
    currency: String,
    changes: change::Changes,
}

fn read(sent: &Sent, is_new: bool) -> Result<Read, Error> {
    let mut check = Check::default();
    let mut wrong = FieldErrors::default();
    let mut number = |check: &mut Check, name: &'static str, bounds| {
        let value = sent.number(&mut wrong, name);
        if sent.get(name).is_none() {
            check.fault(name, Fault::Missing);
        }
        check.number::<i32>(name, value, bounds)
    };
    let (trial_days, period_months) = (
        number(&mut check, "durata_prova_giorni", 1..=DAYS_MAX),
        number(&mut check, "periodo_mesi", 1..=1200),
    );
    let (offline_days, grace_days, pending_days) = (
        number(&mut check, "giorni_offline", 0..=DAYS_MAX),
        number(&mut check, "giorni_tolleranza", 0..=DAYS_MAX),
        number(&mut check, "attesa_giorni", 0..=DAYS_MAX),
    );
    let (release_max, release_days) = (
        number(&mut check, "rilasci_max", 0..=COUNT_MAX),
        number(&mut check, "rilasci_giorni", 1..=DAYS_MAX),
    );
    let price = sent.hundredths(&mut wrong, "prezzo_base");
    if sent.get("prezzo_base").is_none() {
        check.fault("prezzo_base", Fault::Missing);
    }
    let (code, currency) = if is_new {
        let code = check.token("codice", sent.get("codice"), 40);
        let code = check.required("codice", code);
        let currency = sent.get("valuta").unwrap_or("EUR").trim().to_ascii_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            check.fault("valuta", Fault::Invalid);
        }
        (code, currency)
    } else {
        Default::default()
    };
    let changes = change::Changes {
        name: Some(check.required_line("nome_prodotto", sent.get("nome_prodotto"), NAME_MAX)),
        version: Some(check.required_line("versione", sent.get("versione"), 40)),
        description: Some(
            check
                .lines("descrizione", sent.get("descrizione"), DESCRIPTION_MAX)
                .unwrap_or_default(),
        ),
        license_kinds: Some(kinds(&mut check, sent)),
        base_price_cents: check.number("prezzo_base", price, 0..=CENTS_MAX),
        trial_days,
        period_months,
        offline_days,
        offline_unlimited: Some(sent.ticked("offline_illimitato")),
        grace_days,
        pending_days,
        start_rule: check.word("decorrenza", sent.get("decorrenza"), StartRule::from_code),
        release_max,
        release_days,
        properties: Some(properties(&mut check, sent.get("proprieta"))),
        modules: Vec::new(),
    };
    check.faults(wrong);
    check.finish()?;
    Ok(Read {
        code,
        currency,
        changes,
    })
}

fn kinds(check: &mut Check, sent: &Sent) -> Vec<LicenseKind> {
    let mut kinds: Vec<LicenseKind> = sent
        .all("tipi_licenza")
        .filter_map(|kind| check.word("tipi_licenza", Some(kind), LicenseKind::from_code))
        .collect();
    if kinds.is_empty() {
        check.fault("tipi_licenza", Fault::Missing);
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Values for the software, as JSON.
pub(in crate::web::pages) fn properties(check: &mut Check, text: Option<&str>) -> Map<String, Value> {
    let Some(text) = text else { return Map::new() };
    let map: Map<String, Value> = serde_json::from_str(text).unwrap_or_else(|_| {
        check.fault("proprieta", Fault::Invalid);
        Map::new()
    });
    if Value::Object(map.clone()).to_string().len() > PROPERTIES_MAX {
        check.fault("proprieta", Fault::TooLong);
    }
    map
}

/// Cents, as people write them in their language.
pub(super) fn amount(cents: i64, language: Language) -> String {
    let separator = match language {
        Language::Italian => ',',
        Language::English => '.',
    };
    format!("{}{separator}{:02}", cents / 100, cents % 100)
}

fn filled(product: &Product, language: Language) -> Result<Form, Error> {
    let rules = &product.rules;
    let properties = match rules.properties.is_empty() {
        true => None,
        false => serde_json::to_string_pretty(&rules.properties).ok(),
    };
    let mut form = Form::new()?
        .revision(product.revision)
        .with("nome_prodotto", &rules.name)
        .with("versione", &rules.version)
        .with_some(
            "descrizione",
            Some(&product.description).filter(|text| !text.is_empty()),
        )
        .with("prezzo_base", amount(product.base_price_cents, language))
        .with("durata_prova_giorni", product.trial_days)
        .with("periodo_mesi", product.period_months)
        .with("decorrenza", product.start_rule)
        .with("giorni_offline", rules.offline_days)
        .with_some("offline_illimitato", rules.offline_unlimited.then_some("si"))
        .with("giorni_tolleranza", rules.grace_days)
        .with("attesa_giorni", rules.pending_days)
        .with("rilasci_max", rules.release_max)
        .with("rilasci_giorni", rules.release_days)
        .with_some("proprieta", properties);
    for kind in &product.license_kinds {
        form = form.with("tipi_licenza", kind);
    }
    Ok(form)
}

fn words() -> Value {
    json!({ "kinds": LicenseKind::CODES, "starts": StartRule::CODES })
}

/// The form of a new product, with what the settings say of new ones.
#[get("/prodotti/nuovo")]
pub(crate) async fn nuovo(app: &State<App>, _permit: Permit<DefineProducts>) -> Answer {
    let (usual, _) = app.db.read(settings::get).await?;
    let mut form = Form::new()?
        .with("valuta", "EUR")
        .with("versione", "1.0")
        .with("durata_prova_giorni", usual.trial_days)
        .with("periodo_mesi", 12)
        .with("decorrenza", StartRule::Activation)
        .with("giorni_offline", usual.offline_days)
        .with("giorni_tolleranza", 30)
        .with("attesa_giorni", 14)
        .with("rilasci_max", 2)
        .with("rilasci_giorni", 30);
    for kind in LicenseKind::CODES {
        form = form.with("tipi_licenza", kind);
    }
    Page::new("pages/products/new", json!({ "form": form, "words": words() }))?.reply()
}

fn path_of(view: &View) -> String {
    path(&view.product.rules.code)
}

fn product(app: &App, read: Read) -> Product {
    let changes = read.changes;
    Product {
        rules: Rules {
            id: ProductId::new(),
            code: read.code,
            name: changes.name.unwrap_or_default(),
            version: changes.version.unwrap_or_default(),
            offline_days: changes.offline_days.unwrap_or_default(),
            offline_unlimited: changes.offline_unlimited.unwrap_or_default(),
            grace_days: changes.grace_days.unwrap_or_default(),
            pending_days: changes.pending_days.unwrap_or_default(),
            release_max: changes.release_max.unwrap_or_default(),
            release_days: changes.release_days.unwrap_or_default(),
            properties: changes.properties.unwrap_or_default(),
            signing_key_id: SigningKeyId::new(),
        },
        description: changes.description.unwrap_or_default(),
        license_kinds: changes.license_kinds.unwrap_or_default(),
        base_price_cents: changes.base_price_cents.unwrap_or_default(),
        currency: read.currency,
        trial_days: changes.trial_days.unwrap_or_default(),
        period_months: changes.period_months.unwrap_or_default(),
        start_rule: changes.start_rule.unwrap_or(StartRule::Activation),
        created_at: app.clock.now(),
        revision: 1,
    }
}

/// Defines a product.
#[post("/prodotti/nuovo", data = "<sent>")]
pub(crate) async fn crea(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    language: Language,
    sent: Sent,
) -> Answer {
    let remembered = once::under(permit.actor(), "/prodotti/nuovo", &sent, path_of);
    let made = match read(&sent, true) {
        Ok(read) => {
            let new = New {
                product: product(app, read),
                modules: Vec::new(),
                versions: Vec::new(),
            };
            create::create(app, permit, new, remembered).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => Goto::to(once::path(made, path_of)).saying("product-made").reply(),
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            Page::new("pages/products/new", json!({ "form": form, "words": words() }))?
                .status(Status::UnprocessableEntity)
                .reply()
        }
    }
}

/// The form of a product.
#[get("/prodotti/<codice>/modifica")]
pub(crate) async fn modifica(
    app: &State<App>,
    _permit: Permit<DefineProducts>,
    language: Language,
    codice: &str,
) -> Answer {
    let head = head_alone(app, codice).await?;
    page(&head, &filled(&head.product, language)?, None)
}

/// Changes a product.
#[post("/prodotti/<codice>/modifica", data = "<sent>")]
pub(crate) async fn modificato(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    language: Language,
    codice: &str,
    sent: Sent,
) -> Answer {
    let changed = match (sent.revision(), read(&sent, false)) {
        (Ok(revision), Ok(read)) => {
            change::change(app, permit, codice.to_owned(), revision, read.changes).await
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match changed {
        Ok(()) => Goto::to(path(codice)).saying("product-changed").reply(),
        Err(error) => again(app, codice, &sent, language, error).await,
    }
}

async fn again(app: &App, codice: &str, sent: &Sent, language: Language, error: Error) -> Answer {
    let head = head_alone(app, codice).await?;
    if !matches!(error, Error::Stale) {
        return page(&head, &Form::refused(sent, error, language)?, None);
    }
    let form = Form::again(sent, &FieldErrors::default(), language).revision(head.product.revision);
    let differing = form.differing(&filled(&head.product, language)?, FIELDS);
    page(&head, &form, Some(differing))
}

fn page(head: &Head, form: &Form, stale: Option<Vec<Difference>>) -> Answer {
    let status = form.status_of(stale.as_deref());
    let shown = json!({ "form": form, "words": words(), "product": head.value, "stale": stale });
    Page::new("pages/products/edit", shown)?.status(status).reply()
}
