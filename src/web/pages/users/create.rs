//! Inviting a user, or making one ready to sign in.

use super::path;
use crate::{
    domain::{
        access::{Permit, right::ManageUsers},
        ids::CustomerId,
        user::User,
    },
    operations::{
        App,
        users::invite::{self, Home, New},
    },
    store::{customers, directory},
    web::{
        form::{Form, Sent},
        input::{Check, NAME_MAX},
        once,
        page::{Answer, Goto, Page},
        pages::addresses::CHOICES,
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::json;

/// The languages of the interface and of mail.
pub(super) fn language_code(code: &str) -> Option<String> {
    Language::from_code(code).map(|language| language.code().to_owned())
}

async fn page(app: &App, permit: &Permit<ManageUsers>, customer: Option<CustomerId>, form: Form) -> Answer {
    let scope = permit.scope();
    let (customer, choices) = app
        .db
        .read(move |tx| {
            let customer = customer.map(|id| customers::get(tx, scope, id)).transpose()?;
            Ok((customer, directory::choices(tx, scope, CHOICES)?))
        })
        .await?;
    let own = permit.actor().node().map(|node| node.to_string());
    let status = form.status();
    let shown = json!({
        "form": form,
        "nodes": choices,
        "own": own.unwrap_or_default(),
        "customer": customer.map(|customer| json!({ "id": customer.id, "name": customer.name })),
        "superadmin": permit.actor().is_superadmin(),
    });
    Page::new("pages/users/new", shown)?.status(status).reply()
}

/// The form of a new user.
#[get("/utenti/nuovo?<nodo>&<cliente>")]
pub(crate) async fn nuovo(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    nodo: Option<&str>,
    cliente: Option<&str>,
) -> Answer {
    let mut check = Check::default();
    let customer = check.id(cliente);
    check.finish()?;
    let form = Form::new()?.with_some("nodo", nodo).with("lingua", &app.language);
    page(app, &permit, customer, form).await
}

/// Makes the user.
#[post("/utenti/nuovo", data = "<sent>")]
pub(crate) async fn crea(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    language: Language,
    sent: Sent,
) -> Answer {
    let superadmin = permit.actor().is_superadmin();
    let mut check = Check::default();
    let email = check.email("email", sent.get("email"));
    if email.is_none() && sent.get("email").is_none() {
        check.fault("email", crate::domain::error::Fault::Missing);
    }
    let email = email.unwrap_or_default();
    let customer: Option<CustomerId> = check.id(sent.get("cliente"));
    let node = check.id(sent.get("nodo"));
    let new = New {
        name: check
            .line("nome", sent.get("nome"), NAME_MAX)
            .unwrap_or_else(|| email.clone()),
        home: customer.map(Home::Customer).or(node.map(Home::Node)),
        language: check.word("lingua", sent.get("lingua"), language_code),
        read_only: sent.ticked("sola_lettura"),
        password: check.password("password", sent.verbatim("password"), &email),
        email,
    };
    let asking = Permit::ask(permit.actor())?;
    // Only the vendor learns whether somebody had the address: everybody else goes back to the list.
    let to = move |user: &User| {
        if superadmin {
            path(user.id)
        } else {
            "/utenti".to_owned()
        }
    };
    let invited = new.password.is_none();
    let made = match check.finish() {
        Ok(()) => {
            let once = once::under(permit.actor(), "/utenti/nuovo", &sent, to);
            invite::invite(app, asking, new, once).await
        }
        Err(wrong) => Err(wrong),
    };
    match made {
        Ok(outcome) => Goto::to(once::path(outcome, to))
            .saying(if invited { "user-invited" } else { "user-created" })
            .reply(),
        Err(error) => page(app, &permit, customer, Form::refused(&sent, error, language)?).await,
    }
}
