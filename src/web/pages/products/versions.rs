//! The versions of a product.

use super::{head, head_alone, path, rights};
use crate::{
    domain::{
        access::{
            Permit,
            right::{DefineProducts, ReadProducts},
        },
        calendar,
        error::{Error, Fault, Result},
        ids::VersionId,
        product::Version,
    },
    operations::{
        App,
        products::{announce, publish},
    },
    store::{announcing, products},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, NOTE_MAX},
        once,
        page::{Answer, Goto, Level, Page},
        pages::reason::{Question, Wanted, effect},
        reader::{Language, Reader},
    },
};
use rocket::{State, get, post};
use serde_json::json;

/// Characters of a version's notes at most.
const NOTES_MAX: usize = 5_000;

/// The versions of a product, newest release first.
#[get("/prodotti/<codice>/versioni")]
pub(crate) async fn versioni(app: &State<App>, permit: Permit<ReadProducts>, codice: &str) -> Answer {
    let (scope, name) = (permit.scope(), codice.to_owned());
    let (head, versions, announced) = app
        .db
        .read(move |tx| {
            let head = head(tx, scope, &name)?;
            let versions = products::versions(tx, &[head.product.rules.id])?;
            let announced = announcing::announcements(tx, head.product.rules.id)?;
            Ok((head, versions, announced))
        })
        .await?;
    let versions: Vec<_> = versions
        .iter()
        .map(|(_, version)| {
            json!({
                "version": version.version, "released_on": version.released_on, "notes": version.notes,
                "url": version.url, "id": version.id, "announced_at": announced.get(&version.id),
            })
        })
        .collect();
    let shown = json!({
        "tab": "versioni", "product": head.value, "versions": versions,
        "can": rights(permit.actor()),
    });
    Page::new("pages/products/versions", shown)?.reply()
}

/// The form of a new version.
#[get("/prodotti/<codice>/versioni/nuova")]
pub(crate) async fn nuova(
    app: &State<App>,
    _permit: Permit<DefineProducts>,
    language: Language,
    codice: &str,
) -> Answer {
    let today = Reader {
        language,
        zone: app.zone,
        now: app.clock.now(),
    }
    .today();
    let form = Form::new()?.with("data_rilascio", today);
    page(app, codice, form).await
}

async fn page(app: &App, codice: &str, form: Form) -> Answer {
    let head = head_alone(app, codice).await?;
    let status = form.status();
    let shown = json!({ "form": form, "product": head.value });
    Page::new("pages/products/version", shown)?.status(status).reply()
}

fn read(sent: &Sent) -> Result<Version> {
    let mut check = Check::default();
    let day = check.day("data_rilascio", sent.get("data_rilascio"));
    if sent.get("data_rilascio").is_none() {
        check.fault("data_rilascio", Fault::Missing);
    }
    let version = Version {
        id: VersionId::new(),
        version: check.required_line("versione", sent.get("versione"), 40),
        released_on: day.unwrap_or_default(),
        notes: check
            .lines("note_versione", sent.get("note_versione"), NOTES_MAX)
            .unwrap_or_default(),
        url: check.url("url", sent.get("url"), NOTE_MAX),
    };
    check.finish()?;
    Ok(version)
}

/// Publishes a version.
#[post("/prodotti/<codice>/versioni/nuova", data = "<sent>")]
pub(crate) async fn pubblica(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    language: Language,
    codice: &str,
    sent: Sent,
) -> Answer {
    let list = format!("{}/versioni", path(codice));
    let remembered = once::leading(permit.actor(), &format!("{list}/nuova"), &sent, &list);
    let published =
        async { publish::publish(app, permit, codice.to_owned(), read(&sent)?, remembered).await };
    match published.await {
        Ok(_) => Goto::to(list).saying("product-version-published").reply(),
        Err(error) => page(app, codice, Form::refused(&sent, error, language)?).await,
    }
}

/// Asks before the customers whose licences cover a version are told of it, and says how many they are.
#[get("/prodotti/<codice>/versioni/<versione>/avvisa")]
pub(crate) async fn avvisa(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    codice: &str,
    versione: Id<VersionId>,
) -> Answer {
    let (scope, name, id) = (permit.scope(), codice.to_owned(), versione.get()?);
    let today = calendar::today(app.clock.now(), app.zone);
    let (version, covered) = app
        .db
        .read(move |tx| {
            let product = products::find(tx, scope, &name)?;
            let version = announcing::version(tx, product.rules.id, id)?;
            let covered = announcing::covered(tx, &version, today)?;
            Ok((version, covered))
        })
        .await?;
    if version.announced_at.is_some() {
        return announced_before(codice);
    }
    let question = Question {
        key: "product-announce",
        name: format!("{} {}", version.name, version.version),
        section: ("nav-products", "/prodotti"),
        back: format!("{}/versioni", path(codice)),
        action: format!("{}/versioni/{}/avvisa", path(codice), version.id),
        danger: false,
        reason: Wanted::Not,
        effects: vec![effect("product-announce-effect", covered, "")],
    };
    question.page(&Form::new()?)
}

fn announced_before(codice: &str) -> Answer {
    Goto::to(format!("{}/versioni", path(codice)))
        .flash(Level::Info, "product-announced-before", [])
        .reply()
}

/// Begins to tell them.
#[post("/prodotti/<codice>/versioni/<versione>/avvisa", data = "<_sent>")]
pub(crate) async fn avvisati(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    codice: &str,
    versione: Id<VersionId>,
    _sent: Sent,
) -> Answer {
    match announce::announce(app, permit, codice.to_owned(), versione.get()?).await {
        Ok(()) => Goto::to(format!("{}/versioni", path(codice)))
            .saying("product-announced")
            .reply(),
        Err(Error::Conflict(_)) => announced_before(codice),
        Err(error) => Err(error.into()),
    }
}
