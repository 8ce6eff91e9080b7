//! Giving many licences to a company, an agent, a customer: first to whom, then what each would get, then done.

use super::{
    LICENSES, PREVIEWED,
    decide::ids,
    licenses::{Names, row},
    unassigned,
};
use crate::{
    domain::{
        access::{Permit, right::AssignLicense},
        calendar,
        company_rules::Graces,
        error::Result,
        ids::{CustomerId, LicenseId, NodeId},
        scope::Scope,
        text,
    },
    operations::{
        App,
        licenses::assign::{self, Assigned, Kept, MOST, To},
    },
    store::{
        customers::{self, Filter},
        licenses, names,
        page::Page as Slice,
        products,
    },
    web::{
        form::{Form, Sent},
        input::{Check, Query},
        page::{Answer, Goto, Level, Page},
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Customers to choose among at most: more are found by their names.
const CHOICES: usize = 100;

/// Which licences are asked about.
enum Which {
    All,
    These(Vec<LicenseId>),
}

/// To whom, as a form or an address says it: what is not chosen stays.
fn to<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Result<To> {
    let mut check = Check::default();
    let to = To {
        company: check.id::<NodeId>(value("azienda")).map(Some),
        agent: check.id::<NodeId>(value("agente")).map(Some),
        customer: check.id::<CustomerId>(value("cliente")).map(Some),
    };
    check.finish()?;
    Ok(to)
}

async fn ask(app: &App, scope: Scope, which: Which, to: To, typed: Option<String>, form: Form) -> Answer {
    let today = calendar::today(app.clock.now(), app.zone);
    let named = to.company.is_some() || to.agent.is_some() || to.customer.is_some();
    let all = matches!(which, Which::All);
    let shown = app
        .db
        .read(move |tx| {
            let products = products::brief(tx, scope)?;
            let found = match &which {
                Which::All => {
                    licenses::list(
                        tx,
                        scope,
                        &unassigned(),
                        today,
                        &Graces::default(),
                        &Slice::first(MOST),
                    )?
                    .rows
                }
                Which::These(ids) => licenses::of_ids(tx, scope, ids)?,
            };
            let fates = if named {
                assign::fates(tx, scope, &found, to, today)?
            } else {
                Vec::new()
            };
            let (first, _) = found.split_at(found.len().min(PREVIEWED));
            let choices = names::choices(tx, scope)?;
            let filter = Filter {
                search: typed.as_deref().map(text::searchable),
                ..Filter::default()
            };
            let offered = customers::list(tx, scope, &filter, &Slice::first(CHOICES))?;
            let landings = || fates.iter().take(PREVIEWED).flatten();
            let nodes: BTreeSet<NodeId> = first
                .iter()
                .flat_map(|row| [row.company_id, row.agent_id])
                .chain(landings().flat_map(|landing| [landing.company, landing.agent]))
                .flatten()
                .collect();
            let people: BTreeSet<CustomerId> = first
                .iter()
                .map(|row| row.customer_id)
                .chain(landings().map(|landing| landing.customer))
                .flatten()
                .collect();
            let names = Names {
                nodes: names::nodes(tx, scope, &nodes)?,
                customers: names::customers(tx, scope, &people)?,
            };
            let rows: Vec<Value> = first
                .iter()
                .enumerate()
                .map(|(n, sheet)| {
                    let fate = fates.get(n).map(|fate| match fate {
                        Ok(landing) => json!({
                            "company": landing.company.and_then(|id| names.nodes.get(&id)),
                            "agent": landing.agent.and_then(|id| names.nodes.get(&id)),
                            "customer": landing.customer.and_then(|id| names.customers.get(&id)),
                        }),
                        Err(Kept::OtherCompany) => json!({ "kept": "other-company" }),
                        Err(Kept::Revoked) => json!({ "kept": "revoked" }),
                        Err(Kept::Same) => json!({ "kept": "same" }),
                    });
                    json!({ "of": row(sheet, &products, &names), "fate": fate })
                })
                .collect();
            let going: Vec<LicenseId> = found
                .iter()
                .zip(&fates)
                .filter(|(_, fate)| fate.is_ok())
                .map(|(sheet, _)| sheet.license.id)
                .collect();
            let options = |companies: bool| -> Vec<Value> {
                let of_kind = choices
                    .iter()
                    .filter(|choice| choice.kind.is_company() == companies);
                of_kind
                    .map(|choice| {
                        let above = choices
                            .iter()
                            .find(|above| Some(above.id) == choice.parent && !companies);
                        let text = above.map_or_else(
                            || choice.name.clone(),
                            |above| format!("{} ({})", choice.name, above.name),
                        );
                        json!({ "value": choice.id, "text": text })
                    })
                    .collect()
            };
            let people: Vec<Value> = offered
                .rows
                .iter()
                .map(|row| json!({ "value": row.id, "text": row.name }))
                .collect();
            Ok(json!({
                "rows": rows,
                "ids": found.iter().map(|sheet| sheet.license.id).collect::<Vec<_>>(),
                "number": found.len(),
                "more": found.len().saturating_sub(PREVIEWED),
                "going": going,
                "kept": fates.len() - going.len(),
                "companies": options(true),
                "agents": options(false),
                "customers": people,
                "more_customers": offered.next.is_some(),
                "typed": typed,
            }))
        })
        .await?;
    if shown.get("number").is_none_or(|number| *number == 0) {
        return nothing();
    }
    let chosen = json!({ "azienda": to.company, "agente": to.agent, "cliente": to.customer });
    let page = json!({ "of": shown, "all": all, "named": named, "chosen": chosen, "form": form });
    Page::new("pages/waiting/assign", page)?
        .status(form.status())
        .reply()
}

fn nothing() -> Answer {
    Goto::to(LICENSES)
        .flash(Level::Info, "waiting-nothing-chosen", [])
        .reply()
}

/// Asks to whom, and tells what each would get.
#[get("/in-attesa/licenze/assegna")]
pub(crate) async fn assegnare(app: &State<App>, permit: Permit<AssignLicense>, query: Query) -> Answer {
    let which = if query.get("tutti").is_some() {
        Which::All
    } else {
        Which::These(ids(query.all("id"))?)
    };
    let to = to(|name| query.get(name))?;
    let typed = query
        .get("cerca_cliente")
        .map(text::clean)
        .filter(|typed| !typed.is_empty());
    let form = Form::new()?
        .with_some("azienda", to.company.flatten())
        .with_some("agente", to.agent.flatten())
        .with_some("cliente", to.customer.flatten())
        .with_some("cerca_cliente", typed.as_deref());
    ask(app, permit.scope(), which, to, typed, form).await
}

/// Assigns.
#[post("/in-attesa/licenze/assegna", data = "<sent>")]
pub(crate) async fn assegnate(
    app: &State<App>,
    permit: Permit<AssignLicense>,
    language: Language,
    sent: Sent,
) -> Answer {
    let chosen: Vec<LicenseId> = ids(sent.all("id"))?;
    if chosen.is_empty() {
        return nothing();
    }
    let (scope, to) = (permit.scope(), to(|name| sent.get(name))?);
    match assign::many(app, permit, chosen.clone(), to).await {
        Ok(assigned) => told(assigned),
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            ask(app, scope, Which::These(chosen), To::default(), None, form).await
        }
    }
}

fn told(assigned: Assigned) -> Answer {
    let level = if assigned.done > 0 { Level::Ok } else { Level::Info };
    let places = [
        ("n", assigned.done.into()),
        ("other", assigned.other_company.into()),
        ("rest", assigned.others.into()),
    ];
    Goto::to(LICENSES)
        .flash(level, "waiting-assigned", places)
        .reply()
}
