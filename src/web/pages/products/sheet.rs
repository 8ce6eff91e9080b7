//! A product at a glance; archiving it, and putting it back.

use super::{head, head_alone, path, rights};
use crate::{
    domain::{
        access::{
            Permit,
            right::{DefineProducts, ReadProducts},
        },
        error::{Error, Fault},
    },
    operations::{App, products::archive},
    store::{batches, page::Page as Slice, products},
    web::{
        form::{Form, Sent},
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::json;

/// A product at a glance.
#[get("/prodotti/<codice>")]
pub(crate) async fn panoramica(app: &State<App>, permit: Permit<ReadProducts>, codice: &str) -> Answer {
    let (scope, name) = (permit.scope(), codice.to_owned());
    let (head, modules, versions, licenses, batches) = app
        .db
        .read(move |tx| {
            let head = head(tx, scope, &name)?;
            let id = head.product.rules.id;
            let modules = products::modules(tx, &[id])?;
            let versions = products::versions(tx, &[id])?;
            let counts = products::license_counts(tx, scope, &[id])?;
            let batches = batches::list(tx, scope, Some(id), &Slice::first(5))?;
            Ok((head, modules, versions, counts.get(&id).copied(), batches.rows))
        })
        .await?;
    let modules: Vec<_> = modules
        .iter()
        .map(|(_, module)| {
            json!({
                "code": module.code, "name": module.name, "included": module.included,
                "base_price_cents": module.base_price_cents,
            })
        })
        .collect();
    let newest = versions
        .first()
        .map(|(_, version)| json!({ "version": version.version, "released_on": version.released_on }));
    let batches: Vec<_> = batches
        .iter()
        .map(|batch| {
            json!({
                "id": batch.id, "label": batch.label, "quantity": batch.quantity, "created_at": batch.created_at,
            })
        })
        .collect();
    let shown = json!({
        "tab": "panoramica",
        "product": head.value,
        "modules": modules,
        "newest": newest,
        "versions": versions.len(),
        "licenses": licenses.unwrap_or_default(),
        "batches": batches,
        "can": rights(permit.actor()),
    });
    Page::new("pages/products/sheet", shown)?.reply()
}

/// Asks before a product is archived.
#[get("/prodotti/<codice>/archivia")]
pub(crate) async fn archivia(app: &State<App>, _permit: Permit<DefineProducts>, codice: &str) -> Answer {
    asked(app, codice, Form::new()?).await
}

async fn asked(app: &App, codice: &str, form: Form) -> Answer {
    let head = head_alone(app, codice).await?;
    let status = form.status();
    let shown = json!({ "form": form, "product": head.value });
    Page::new("pages/products/archive", shown)?.status(status).reply()
}

/// Whether what was typed is the product's code.
pub(super) fn typed(sent: &Sent, code: &str) -> Result<(), Error> {
    let fault = match sent.get("conferma") {
        None => Fault::Missing,
        Some(typed) if typed.trim().eq_ignore_ascii_case(code) => return Ok(()),
        Some(_) => Fault::Invalid,
    };
    Err(Error::field("conferma", fault))
}

/// Archives a product.
#[post("/prodotti/<codice>/archivia", data = "<sent>")]
pub(crate) async fn archiviato(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    language: Language,
    codice: &str,
    sent: Sent,
) -> Answer {
    let code = head_alone(app, codice).await?.product.rules.code;
    let done = async {
        typed(&sent, &code)?;
        archive::archive(app, permit, codice.to_owned()).await
    };
    match done.await {
        Ok(()) => Goto::to("/prodotti").saying("product-archived-done").reply(),
        Err(error) => asked(app, codice, Form::refused(&sent, error, language)?).await,
    }
}

/// Puts an archived product back.
#[post("/prodotti/<codice>/ripristina", data = "<_sent>")]
pub(crate) async fn ripristina(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    codice: &str,
    _sent: Sent,
) -> Answer {
    archive::restore(app, permit, codice.to_owned()).await?;
    Goto::to(path(codice)).saying("product-restored-done").reply()
}
