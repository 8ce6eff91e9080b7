//! A licence as the contract writes it, for support; and as a certificate on paper.

use super::shown;
use crate::{
    domain::{
        access::{Permit, right::ReadLicenses},
        ids::LicenseId,
    },
    operations::{App, licenses::head},
    web::{
        api,
        guards::Id,
        page::{Answer, Page},
    },
};
use rocket::{State, get};
use serde_json::json;

/// The JSON that the API gives of it.
#[get("/licenze/<id>/dati")]
pub(crate) async fn dati(app: &State<App>, permit: Permit<ReadLicenses>, id: Id<LicenseId>) -> Answer {
    let id = id.get()?;
    let raw = api::licenses::raw(app, permit.scope(), id).await?;
    let key = raw.get("chiave_licenza").cloned().unwrap_or_default();
    let text = serde_json::to_string_pretty(&raw).map_err(crate::domain::error::Error::internal)?;
    Page::new(
        "pages/licenses/data",
        json!({ "id": id, "key": key, "json": text }),
    )?
    .reply()
}

/// The certificate.
#[get("/licenze/<id>/certificato")]
pub(crate) async fn certificato(app: &State<App>, permit: Permit<ReadLicenses>, id: Id<LicenseId>) -> Answer {
    let (id, scope, app_) = (id.get()?, permit.scope(), app.inner().clone());
    let actor = permit.actor().clone();
    let page = app
        .db
        .read(move |tx| {
            let head = head::open(&app_, tx, scope, id, "")?;
            let names = head::names(tx, scope, &head.sheet, [], [])?;
            let switched_on = &head.found.modules;
            let modules: Vec<&str> = head
                .product
                .modules
                .iter()
                .filter(|module| {
                    let mine = switched_on.iter().find(|(id, _)| *id == module.id);
                    mine.is_some_and(|(_, last)| last.is_none_or(|last| head.today <= last))
                })
                .map(|module| module.name.as_str())
                .collect();
            Ok(json!({ "license": shown(&head, &names, &actor), "module_names": modules }))
        })
        .await?;
    Page::new("pages/licenses/certificate", page)?.reply()
}
