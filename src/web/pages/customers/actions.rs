//! What is done to a customer: validating, refusing, suspending, letting go on, giving to somebody.

use super::path;
use crate::{
    domain::{
        access::{
            Permit,
            right::{AssignCustomer, DecideCustomer, ProposeCustomer, SuspendCustomer},
        },
        customer::Customer,
        error::Result,
        ids::{CustomerId, NodeId},
        scope::Scope,
    },
    operations::{
        App,
        customers::{assign, decide, propose, suspend},
    },
    store::{customers, directory},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::Check,
        page::{Answer, Goto, Page},
        pages::{
            addresses::CHOICES,
            reason::{Question, Wanted, effect, given, required},
        },
        reader::Language,
    },
};
use rocket::{State, get, post};
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
    Propose,
    Refuse,
    Suspend,
    Resume,
}

/// The page that asks about it.
async fn ask(app: &App, scope: Scope, id: CustomerId, act: Act, form: Form) -> Answer {
    let (customer, licenses) = app
        .db
        .read(move |tx| {
            let customer = customers::get(tx, scope, id)?;
            let licenses = directory::licenses_of_customers(tx, scope, &[id])?;
            Ok((customer, licenses.get(&id).copied().unwrap_or(0)))
        })
        .await?;
    let (key, verb, touched) = match act {
        Act::Propose => ("customer-propose", "proponi", "customer-effect-proposed"),
        Act::Refuse => ("customer-refuse", "rifiuta", "customer-effect-stopped"),
        Act::Suspend => ("customer-suspend", "sospendi", "customer-effect-stopped"),
        Act::Resume => ("customer-resume", "riattiva", "customer-effect-resumed"),
    };
    let stops = matches!(act, Act::Refuse | Act::Suspend);
    let question = Question {
        key,
        name: customer.name.clone(),
        section: ("nav-customers", "/clienti"),
        back: path(id),
        action: format!("{}/{verb}", path(id)),
        danger: stops,
        reason: if stops { Wanted::Must } else { Wanted::May },
        effects: vec![effect(touched, licenses, format!("/licenze?cliente={id}"))],
    };
    question.page(&form)
}

/// To the customer's page where it was done, else to the question again.
async fn answer(
    app: &App,
    scope: Scope,
    id: CustomerId,
    act: Act,
    done: Result<()>,
    sent: &Sent,
    language: Language,
) -> Answer {
    let said = match act {
        Act::Propose => "customer-proposed",
        Act::Refuse => "customer-refused",
        Act::Suspend => "customer-suspended",
        Act::Resume => "customer-resumed",
    };
    match done {
        Ok(()) => Goto::to(path(id)).saying(said).reply(),
        Err(error) => ask(app, scope, id, act, Form::refused(sent, error, language)?).await,
    }
}

/// Asks what is to be said for a waiting customer.
#[get("/clienti/<id>/proponi")]
pub(crate) async fn proporre(
    app: &State<App>,
    permit: Permit<ProposeCustomer>,
    id: Id<CustomerId>,
) -> Answer {
    ask(app, permit.scope(), id.get()?, Act::Propose, Form::new()?).await
}

/// Speaks for it.
#[post("/clienti/<id>/proponi", data = "<sent>")]
pub(crate) async fn proponi(
    app: &State<App>,
    permit: Permit<ProposeCustomer>,
    id: Id<CustomerId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let done = async { propose::propose(app, permit, id, given(&sent)?).await };
    answer(app, scope, id, Act::Propose, done.await, &sent, language).await
}

/// Asks before a waiting customer is refused.
#[get("/clienti/<id>/rifiuta")]
pub(crate) async fn rifiutare(
    app: &State<App>,
    permit: Permit<DecideCustomer>,
    id: Id<CustomerId>,
) -> Answer {
    ask(app, permit.scope(), id.get()?, Act::Refuse, Form::new()?).await
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
    let done = async {
        let why = decide::Refusal {
            note: required(&sent)?,
            told: sent.ticked("comunica_motivo"),
        };
        decide::refuse(app, permit, id, why).await
    };
    answer(app, scope, id, Act::Refuse, done.await, &sent, language).await
}

/// Asks before a customer is suspended.
#[get("/clienti/<id>/sospendi")]
pub(crate) async fn sospendere(
    app: &State<App>,
    permit: Permit<SuspendCustomer>,
    id: Id<CustomerId>,
) -> Answer {
    ask(app, permit.scope(), id.get()?, Act::Suspend, Form::new()?).await
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
    let done = async { suspend::suspend(app, permit, id, required(&sent)?).await };
    answer(app, scope, id, Act::Suspend, done.await, &sent, language).await
}

/// Asks before a customer goes on.
#[get("/clienti/<id>/riattiva")]
pub(crate) async fn riattivare(
    app: &State<App>,
    permit: Permit<SuspendCustomer>,
    id: Id<CustomerId>,
) -> Answer {
    ask(app, permit.scope(), id.get()?, Act::Resume, Form::new()?).await
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
    let done = async { suspend::resume(app, permit, id, given(&sent)?).await };
    answer(app, scope, id, Act::Resume, done.await, &sent, language).await
}

async fn to_whom(
    app: &App,
    scope: Scope,
    superadmin: bool,
    id: CustomerId,
    form: impl FnOnce(&Customer) -> Result<Form>,
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
    let form = form(&customer)?;
    let shown = json!({
        "id": id,
        "name": customer.name,
        "licenses": licenses,
        "companies": companies,
        "agents": agents,
        "superadmin": superadmin,
        "form": form,
    });
    Page::new("pages/customers/assign", shown)?
        .status(form.status())
        .reply()
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
    to_whom(app, permit.scope(), superadmin, id.get()?, filled).await
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
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            to_whom(app, scope, superadmin, id, |_| Ok(form)).await
        }
    }
}
