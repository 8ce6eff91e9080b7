//! The versions of a product.

use super::{head, head_alone, path, rights};
use crate::{
    domain::{
        access::{
            Permit,
            right::{DefineProducts, ReadProducts},
        },
        error::{Fault, Result},
        ids::VersionId,
        product::Version,
    },
    operations::{App, products::publish},
    store::products,
    web::{
        form::{Form, Sent},
        input::{Check, NOTE_MAX},
        once,
        page::{Answer, Goto, Page},
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
    let (head, versions) = app
        .db
        .read(move |tx| {
            let head = head(tx, scope, &name)?;
            let versions = products::versions(tx, &[head.product.rules.id])?;
            Ok((head, versions))
        })
        .await?;
    let versions: Vec<_> = versions
        .iter()
        .map(|(_, version)| {
            json!({
                "version": version.version, "released_on": version.released_on, "notes": version.notes,
                "url": version.url,
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
