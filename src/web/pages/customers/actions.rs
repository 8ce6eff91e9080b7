//! What is done to a customer: validating, refusing, suspending, letting go on, giving to somebody.

use super::path;
use crate::{
    domain::{
        access::{
            Permit,
            right::{AssignCustomer, DecideCustomer, SuspendCustomer},
        },
        customer::Customer,
        error::Error,
        ids::{CustomerId, NodeId},
        scope::Scope,
    },
    operations::{
        App,
        customers::{assign, decide, suspend},
    },
    store::{customers, directory},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, NOTE_MAX},
        page::{Answer, Goto, Page},
        pages::{
            addresses::CHOICES,
            reason::{Question, Wanted, effect},
        },
        problem::Failure,
        reader::Language,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::json;

/// Validates a waiting customer.
#[post("/clienti/<id>/convalida", data = "<_sent>")]
pub(crate) async fn convalida(
    app: &State<App>,
    permit: Permit<DecideCustomer>,
    id: Id<CustomerId>,
    _sent: Sent,
) -> Answer {
    let id = id.get()?;
    decide::validate(app, permit, id).await?;
    Goto::to(path(id)).saying("customer-validated").reply()
}

/// Something that is done with a reason.
#[derive(Clone, Copy)]
enum Act {
    Refuse,
    Suspend,
    Resume,
}

/// The page that asks about it.
async fn ask(app: &App, scope: Scope, id: CustomerId, act: Act, form: &Form, status: Status) -> Answer {
    let (customer, licenses) = app
        .db
        .read(move |tx| {
            let customer = customers::get(tx, scope, id)?;
            let licenses = directory::licenses_of_customers(tx, scope, &[id])?;
            Ok((customer, licenses.get(&id).copied().unwrap_or(0)))
        })
        .await?;
    let (key, verb, danger, reason) = match act {
        Act::Refuse => ("customer-refuse", "rifiuta", true, Wanted::Must),
        Act::Suspend => ("customer-suspend", "sospendi", true, Wanted::Must),
        Act::Resume => ("customer-resume", "riattiva", false, Wanted::May),
    };
    let touched = match act {
        Act::Resume => "customer-effect-resumed",
        _ => "customer-effect-stopped",
    };
    let question = Question {
        key,
        name: customer.name.clone(),
        section: ("nav-customers", "/clienti"),
        back: path(id),
        action: format!("{}/{verb}", path(id)),
        danger,
        reason,
        effects: vec![effect(touched, licenses, format!("/licenze?cliente={id}"))],
    };
    question.page(form, status)
}

/// The reason as it was given, or the page again.
fn given(sent: &Sent, must: bool) -> Result<Option<String>, Error> {
    let mut check = Check::default();
    let note = if must {
        Some(check.required_line("motivo", sent.get("motivo"), NOTE_MAX))
    } else {
        check.line("motivo", sent.get("motivo"), NOTE_MAX)
    };
    check.finish()?;
    Ok(note)
}

/// Asks before a waiting customer is refused.
#[get("/clienti/<id>/rifiuta")]
pub(crate) async fn rifiutare(
    app: &State<App>,
    permit: Permit<DecideCustomer>,
    id: Id<CustomerId>,
) -> Answer {
    ask(
        app,
        permit.scope(),
        id.get()?,
        Act::Refuse,
        &Form::new()?,
        Status::Ok,
    )
    .await
}

/// Refuses.
#[post("/clienti/<id>/rifiuta", data = "<sent>")]
pub(crate) async fn rifiuta(
    app: &State<App>,
    permit: Permit<DecideCustomer>,
    id: Id<CustomerId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    match given(&sent, true) {
        Ok(note) => {
            decide::refuse(app, permit, id, note.unwrap_or_default()).await?;
            Goto::to(path(id)).saying("customer-refused").reply()
        }
        Err(wrong) => again(app, scope, id, Act::Refuse, &sent, wrong, language).await,
    }
}

async fn again(
    app: &App,
    scope: Scope,
    id: CustomerId,
    act: Act,
    sent: &Sent,
    wrong: Error,
    language: Language,
) -> Answer {
    match wrong {
        Error::Invalid(wrong) => {
            let form = Form::again(sent, &wrong, language);
            ask(app, scope, id, act, &form, Status::UnprocessableEntity).await
        }
        other => Err(other.into()),
    }
}

/// Asks before a customer is suspended.
#[get("/clienti/<id>/sospendi")]
pub(crate) async fn sospendere(
    app: &State<App>,
    permit: Permit<SuspendCustomer>,
    id: Id<CustomerId>,
) -> Answer {
    ask(
        app,
        permit.scope(),
        id.get()?,
        Act::Suspend,
        &Form::new()?,
        Status::Ok,
    )
    .await
}

/// Suspends.
#[post("/clienti/<id>/sospendi", data = "<sent>")]
pub(crate) async fn sospendi(
    app: &State<App>,
    permit: Permit<SuspendCustomer>,
    id: Id<CustomerId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    match given(&sent, true) {
        Ok(note) => {
            suspend::suspend(app, permit, id, note.unwrap_or_default()).await?;
            Goto::to(path(id)).saying("customer-suspended").reply()
        }
        Err(wrong) => again(app, scope, id, Act::Suspend, &sent, wrong, language).await,
    }
}

/// Asks before a customer goes on.
#[get("/clienti/<id>/riattiva")]
pub(crate) async fn riattivare(
    app: &State<App>,
    permit: Permit<SuspendCustomer>,
    id: Id<CustomerId>,
) -> Answer {
    ask(
        app,
        permit.scope(),
        id.get()?,
        Act::Resume,
        &Form::new()?,
        Status::Ok,
    )
    .await
}

/// Lets it go on.
#[post("/clienti/<id>/riattiva", data = "<sent>")]
pub(crate) async fn riattiva(
    app: &State<App>,
    permit: Permit<SuspendCustomer>,
    id: Id<CustomerId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    match given(&sent, false) {
        Ok(note) => {
            suspend::resume(app, permit, id, note).await?;
            Goto::to(path(id)).saying("customer-resumed").reply()
        }
        Err(wrong) => again(app, scope, id, Act::Resume, &sent, wrong, language).await,
    }
}

async fn to_whom(
    app: &App,
    scope: Scope,
    superadmin: bool,
    id: CustomerId,
    form: impl FnOnce(&Customer) -> Result<Form, Failure>,
    status: Status,
) -> Answer {
    let (customer, licenses, choices) = app
        .db
        .read(move |tx| {
            let customer = customers::get(tx, scope, id)?;
            let licenses = directory::licenses_of_customers(tx, scope, &[id])?;
            let choices = directory::choices(tx, scope, CHOICES)?;
            Ok((customer, licenses.get(&id).copied().unwrap_or(0), choices))
        })
        .await?;
    let (companies, agents): (Vec<_>, Vec<_>) =
        choices.into_iter().partition(|choice| choice.kind.is_company());
    let shown = json!({
        "id": id,
        "name": customer.name,
        "licenses": licenses,
        "companies": companies,
        "agents": agents,
        "superadmin": superadmin,
        "form": form(&customer)?,
    });
    Page::new("pages/customers/assign", shown)?.status(status).reply()
}

/// The form that gives a customer to a company or an agent.
#[get("/clienti/<id>/assegna")]
pub(crate) async fn assegnare(
    app: &State<App>,
    permit: Permit<AssignCustomer>,
    id: Id<CustomerId>,
) -> Answer {
    let superadmin = permit.actor().is_superadmin();
    let filled = |customer: &Customer| {
        Ok(Form::new()?
            .with_some("azienda", customer.company_id)
            .with_some("agente", customer.agent_id))
    };
    to_whom(app, permit.scope(), superadmin, id.get()?, filled, Status::Ok).await
}

/// Gives it.
#[post("/clienti/<id>/assegna", data = "<sent>")]
pub(crate) async fn assegna(
    app: &State<App>,
    permit: Permit<AssignCustomer>,
    id: Id<CustomerId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope, superadmin) = (id.get()?, permit.scope(), permit.actor().is_superadmin());
    let mut check = Check::default();
    let company: Option<NodeId> = check.id(sent.get("azienda"));
    let agent: Option<NodeId> = check.id(sent.get("agente"));
    let given = match check.finish() {
        Ok(()) => assign::assign(app, permit, id, Some(company), Some(agent)).await,
        Err(wrong) => Err(wrong),
    };
    match given {
        Ok(()) => Goto::to(path(id)).saying("customer-assigned").reply(),
        Err(Error::Invalid(wrong)) => {
            let again = move |_: &Customer| Ok(Form::again(&sent, &wrong, language));
            to_whom(app, scope, superadmin, id, again, Status::UnprocessableEntity).await
        }
        Err(other) => Err(other.into()),
    }
}
