//! Giving a licence to a company, an agent, a customer.

use super::shown;
use crate::{
    domain::{
        access::{Permit, right::AssignLicense},
        error::{Error, Result},
        ids::{CustomerId, LicenseId, NodeId},
        text,
    },
    operations::{
        App,
        licenses::{
            assign::{self, To},
            head,
        },
    },
    store::{
        customers::{self, Filter},
        licenses, names,
        page::Page as Slice,
    },
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, Query},
        page::{Answer, Goto, Level, Page},
        problem::Failure,
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::json;
use std::str::FromStr;

/// Customers to choose among at most: more are found by their names.
const CHOICES: usize = 100;

async fn question(
    app: &App,
    permit: &Permit<AssignLicense>,
    id: LicenseId,
    typed: Option<String>,
    form: Option<Form>,
) -> std::result::Result<Page, Failure> {
    let (scope, app_, actor) = (permit.scope(), app.clone(), permit.actor().clone());
    let form = form.map_or_else(|| Form::new().map(|form| (form, true)), |form| Ok((form, false)))?;
    let typed_ = typed.clone();
    let (mut page, sheet) = app
        .db
        .read(move |tx| {
            let head = head::open(&app_, tx, scope, id, "")?;
            let names = head::names(tx, scope, &head.sheet, [], [])?;
            let nodes = names::choices(tx, scope)?;
            let filter = Filter {
                search: typed_.as_deref().map(text::searchable),
                ..Filter::default()
            };
            let found = customers::list(tx, scope, &filter, &Slice::first(CHOICES))?;
            let mut customers: Vec<(CustomerId, String)> =
                found.rows.iter().map(|row| (row.id, row.name.clone())).collect();
            if let Some(id) = head.sheet.customer_id
                && customers.iter().all(|(known, _)| *known != id)
                && let Some(name) = names.customer(Some(id))
            {
                customers.push((id, name.to_owned()));
            }
            customers.sort_by_key(|(_, name)| text::searchable(name));
            let of_kind = |companies: bool| -> Vec<serde_json::Value> {
                let chosen = nodes.iter().filter(|node| node.kind.is_company() == companies);
                chosen
                    .map(|node| {
                        let above = nodes.iter().find(|above| Some(above.id) == node.parent && !companies);
                        let text = match above {
                            Some(above) => format!("{} ({})", node.name, above.name),
                            None => node.name.clone(),
                        };
                        json!({ "value": node.id, "text": text })
                    })
                    .collect()
            };
            let page = json!({
                "license": shown(&head, &names, &actor),
                "companies": of_kind(true),
                "agents": of_kind(false),
                "customers": customers.iter().map(|(id, name)| json!({ "value": id, "text": name })).collect::<Vec<_>>(),
                "more": found.next.is_some(),
                "typed": typed_,
                "may_take_away": actor.is_superadmin(),
            });
            Ok((page, head.sheet.into_inner()))
        })
        .await?;
    let form = match form {
        (form, true) => form
            .revision(sheet.revision)
            .with_some("azienda", sheet.company_id)
            .with_some("agente", sheet.agent_id)
            .with_some("cliente", sheet.customer_id),
        (form, false) => form,
    };
    let status = form.status();
    if let Some(page) = page.as_object_mut() {
        page.insert(
            "form".into(),
            serde_json::to_value(form).map_err(Error::internal)?,
        );
    }
    Ok(Page::new("pages/licenses/assign", page)?
        .part("partials/licenses/assign_part")
        .status(status))
}

/// Asks to whom.
#[get("/licenze/<id>/assegna")]
pub(crate) async fn assegna(
    app: &State<App>,
    permit: Permit<AssignLicense>,
    id: Id<LicenseId>,
    query: Query,
) -> Answer {
    let typed = query
        .get("cerca")
        .map(text::clean)
        .filter(|typed| !typed.is_empty());
    question(app, &permit, id.get()?, typed, None).await?.reply()
}

/// A choice that differs from what stands: none where it does not.
fn chosen<T: FromStr + PartialEq + Copy>(
    check: &mut Check,
    sent: Option<&str>,
    stands: Option<T>,
) -> Option<Option<T>> {
    let chosen = check.id(sent);
    (chosen != stands).then_some(chosen)
}

/// Assigns.
#[post("/licenze/<id>/assegna", data = "<sent>")]
pub(crate) async fn assegnata(
    app: &State<App>,
    permit: Permit<AssignLicense>,
    id: Id<LicenseId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let spare = Permit::ask(permit.actor())?;
    let sheet = app.db.read(move |tx| licenses::get(tx, scope, id)).await?;
    let asked = || -> Result<To> {
        let mut check = Check::default();
        let to = To {
            company: chosen::<NodeId>(&mut check, sent.get("azienda"), sheet.company_id),
            agent: chosen::<NodeId>(&mut check, sent.get("agente"), sheet.agent_id),
            customer: chosen::<CustomerId>(&mut check, sent.get("cliente"), sheet.customer_id),
        };
        check.finish()?;
        crate::domain::error::expect_revision(sheet.revision, sent.revision()?)?;
        Ok(to)
    };
    let done = match asked() {
        Ok(To {
            company: None,
            agent: None,
            customer: None,
        }) => {
            return Goto::to(format!("/licenze/{id}"))
                .flash(Level::Info, "license-nothing-changed", [])
                .reply();
        }
        Ok(to) => assign::assign(app, permit, id, to, sent.ticked("invia_chiave")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Goto::to(format!("/licenze/{id}"))
            .saying("license-assigned")
            .reply(),
        Err(Error::Stale) => Goto::to(format!("/licenze/{id}"))
            .flash(Level::Info, "license-changed-meanwhile", [])
            .reply(),
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            question(app, &spare, id, None, Some(form)).await?.reply()
        }
    }
}
