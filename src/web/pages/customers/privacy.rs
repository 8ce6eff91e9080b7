//! A customer's personal data: handing it over, forgetting it.

use super::path;
use crate::{
    domain::{
        access::{
            Action, Permit, may,
            right::{AnonymiseCustomer, ExportCustomer},
        },
        actor::Actor,
        error::{Error, Fault},
        ids::CustomerId,
    },
    operations::{App, customers::personal},
    store::customers,
    web::{
        form::{Form, Sent},
        guards::Id,
        input::Check,
        page::{Answer, Goto, Page},
        pages::personal::Document,
        problem::Failure,
        reader::Language,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::json;

async fn asked(app: &App, actor: &Actor, id: CustomerId, form: Form, stale: bool) -> Answer {
    let (app_, scope) = (app.clone(), actor.scope());
    let (customer, fate, hindrance) = app
        .db
        .read(move |tx| {
            let (_, fate) = customers::get_any(tx, scope, id)?;
            let customer = customers::get(tx, scope, id)?;
            let hindrance = personal::hindrance(&app_, tx, &customer)?;
            Ok((customer, fate, hindrance))
        })
        .await?;
    let status = if stale { Status::Conflict } else { form.status() };
    let form = form.revision(customer.revision);
    let shown = json!({
        "id": id,
        "name": customer.name,
        "consent_at": fate.consent_at,
        "erasure_asked_at": fate.erasure_asked_at,
        "anonymised_at": fate.anonymised_at,
        "anonymise": may(actor, Action::AnonymiseCustomer),
        "working": hindrance.licenses,
        "owed": hindrance.open_cents,
        "stale": stale,
        "form": form,
    });
    Page::new("pages/customers/privacy", shown)?
        .status(status)
        .reply()
}

/// What may be done with a customer's personal data.
#[get("/clienti/<id>/dati-personali")]
pub(crate) async fn dati_personali(
    app: &State<App>,
    permit: Permit<ExportCustomer>,
    id: Id<CustomerId>,
) -> Answer {
    asked(app, permit.actor(), id.get()?, Form::new()?, false).await
}

/// The data, as a file.
#[post("/clienti/<id>/dati-personali/esporta", data = "<_sent>")]
pub(crate) async fn esporta(
    app: &State<App>,
    permit: Permit<ExportCustomer>,
    id: Id<CustomerId>,
    _sent: Sent,
) -> Result<Document, Failure> {
    let data = personal::export(app, permit, id.get()?).await?;
    Ok(Document::new(&data)?)
}

/// Forgets who the customer is.
#[post("/clienti/<id>/dati-personali/anonimizza", data = "<sent>")]
pub(crate) async fn anonimizza(
    app: &State<App>,
    permit: Permit<AnonymiseCustomer>,
    id: Id<CustomerId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, actor) = (id.get()?, permit.actor().clone());
    let scope = permit.scope();
    let customer = app.db.read(move |tx| customers::get(tx, scope, id)).await?;
    let mut check = Check::default();
    match sent.get("conferma") {
        None => check.fault("conferma", Fault::Missing),
        Some(typed) if typed.trim() == customer.name => {}
        Some(_) => check.fault("conferma", Fault::Invalid),
    }
    let done = match check.finish().and_then(|()| sent.revision()) {
        Ok(revision) => personal::anonymise(app, permit, id, revision).await,
        Err(wrong) => Err(wrong),
    };
    match done {
        Ok(()) => Goto::to(path(id)).saying("customer-anonymised").reply(),
        Err(Error::Stale) => asked(app, &actor, id, Form::new()?, true).await,
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            asked(app, &actor, id, form, false).await
        }
    }
}
