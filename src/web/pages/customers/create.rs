//! Registering a customer.

use super::{fields, path};
use crate::{
    domain::{
        access::{Permit, right::CreateCustomer},
        error::FieldErrors,
    },
    operations::{
        App,
        customers::{
            create::{self, New},
            view::View,
        },
    },
    store::directory,
    web::{
        form::{Form, Sent},
        input::Check,
        once,
        page::{Answer, Goto, Page},
        pages::addresses::CHOICES,
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::json;

async fn form(app: &App, permit: &Permit<CreateCustomer>, form: Form, sent: Option<&Sent>) -> Answer {
    let scope = permit.scope();
    let choices = app
        .db
        .read(move |tx| directory::choices(tx, scope, CHOICES))
        .await?;
    let (companies, agents): (Vec<_>, Vec<_>) =
        choices.into_iter().partition(|choice| choice.kind.is_company());
    let own = permit.actor().node().map(|node| node.to_string());
    let status = form.status();
    let shown = json!({
        "form": form,
        "shape": fields::shape(sent, 0, 0),
        "companies": companies,
        "agents": agents,
        "own": own.unwrap_or_default(),
        "superadmin": permit.actor().is_superadmin(),
    });
    Page::new("pages/customers/new", shown)?.status(status).reply()
}

/// The form of a new customer.
#[get("/clienti/nuovo?<azienda>&<agente>")]
pub(crate) async fn nuovo(
    app: &State<App>,
    permit: Permit<CreateCustomer>,
    azienda: Option<&str>,
    agente: Option<&str>,
) -> Answer {
    let blank = fields::blank()?
        .with_some("azienda", azienda)
        .with_some("agente", agente);
    form(app, &permit, blank, None).await
}

/// Registers the customer.
#[post("/clienti/nuovo", data = "<sent>")]
pub(crate) async fn crea(
    app: &State<App>,
    permit: Permit<CreateCustomer>,
    language: Language,
    sent: Sent,
) -> Answer {
    if fields::wants_rows(&sent) {
        let same = Form::again(&sent, &FieldErrors::default(), language);
        return form(app, &permit, same, Some(&sent)).await;
    }
    let mut check = Check::default();
    let new = New {
        data: fields::read(&mut check, &sent),
        company: check.id(sent.get("azienda")),
        agent: check.id(sent.get("agente")),
        password: None,
    };
    let asking = Permit::ask(permit.actor())?;
    let made = match check.finish() {
        Ok(()) => {
            let once = once::under(permit.actor(), "/clienti/nuovo", &sent, |view: &View| {
                path(view.customer.id)
            });
            create::create(app, asking, new, once).await
        }
        Err(wrong) => Err(wrong),
    };
    match made {
        Ok(outcome) => Goto::to(once::path(outcome, |view| path(view.customer.id)))
            .saying("customer-created")
            .reply(),
        Err(error) => {
            let again = fields::refused(&sent, error, language)?;
            form(app, &permit, again, Some(&sent)).await
        }
    }
}
