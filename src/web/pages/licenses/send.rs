//! Mailing a licence's key to the customer who has it.

use crate::{
    domain::{
        access::{Permit, right::SendKeys},
        error::{Conflict, Error},
        ids::LicenseId,
    },
    operations::{App, licenses::send},
    store::{customers, licenses},
    web::{
        form::{Form, Sent},
        guards::Id,
        once,
        page::{Answer, Goto, Level},
        pages::reason::{Question, Wanted},
    },
};
use rocket::{State, get, post};

/// Asks before the key is mailed, and tells to whom.
#[get("/licenze/<id>/invia")]
pub(crate) async fn invia(app: &State<App>, permit: Permit<SendKeys>, id: Id<LicenseId>) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let (email, tail) = app
        .db
        .read(move |tx| {
            let sheet = licenses::get(tx, scope, id)?;
            let customer = match sheet.customer_id.filter(|_| sheet.revoked_at.is_none()) {
                Some(customer) => Some(customers::get(tx, scope, customer)?),
                None => None,
            };
            let email = customer.and_then(|customer| customer.email.clone());
            Ok((email, sheet.key_tail.clone()))
        })
        .await?;
    let email = email.ok_or(Error::Conflict(Conflict::WrongState))?;
    let question = Question {
        key: "license-send",
        name: email,
        section: ("nav-licenses", "/licenze"),
        back: format!("/licenze/{id}"),
        action: format!("/licenze/{id}/invia"),
        danger: false,
        reason: Wanted::Not,
        effects: vec![serde_json::json!({ "key": "license-send-effect", "n": tail, "href": "" })],
    };
    question.page(&Form::new()?)
}

fn nobody(id: LicenseId) -> Answer {
    Goto::to(format!("/licenze/{id}"))
        .flash(Level::Bad, "license-send-nobody", [])
        .reply()
}

/// Mails it.
#[post("/licenze/<id>/invia", data = "<sent>")]
pub(crate) async fn inviata(
    app: &State<App>,
    permit: Permit<SendKeys>,
    id: Id<LicenseId>,
    sent: Sent,
) -> Answer {
    let id = id.get()?;
    let page = format!("/licenze/{id}");
    let remembered = once::leading(permit.actor(), &format!("{page}/invia"), &sent, &page);
    match send::send(app, permit, id, remembered).await {
        Ok(_) => Goto::to(page).saying("license-key-sent").reply(),
        Err(Error::Conflict(_)) => nobody(id),
        Err(error) => Err(error.into()),
    }
}
