//! Making one of two customers: choosing the other, both side by side, and doing it.

use super::path;
use crate::{
    domain::{
        access::{Permit, right::MergeCustomers},
        error::{Error, Fault, Result},
        ids::{CustomerId, NodeId},
        scope::Scope,
        text,
    },
    operations::{
        App,
        customers::{
            merge::{self, Pair},
            view::{self, View},
        },
    },
    store::{ReadTx, customers, directory, directory::UserFilter, page::Page as Slice},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, Query},
        messages,
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Customers to choose from.
const CHOICES: usize = 10;
/// Users that are counted for the preview.
const USERS: usize = 100;

/// Both, completed, the one who stays first.
async fn both(app: &App, scope: Scope, stays: CustomerId, goes: CustomerId) -> Result<(Vec<View>, Value)> {
    app.db
        .read(move |tx| {
            let found = vec![
                customers::get(tx, scope, stays)?,
                customers::get(tx, scope, goes)?,
            ];
            let views = view::complete(tx, found)?;
            let sides = sides(tx, scope, &views)?;
            Ok((views, sides))
        })
        .await
}

fn sides(tx: &mut ReadTx<'_>, scope: Scope, views: &[View]) -> Result<Value> {
    let ids: Vec<CustomerId> = views.iter().map(|view| view.customer.id).collect();
    let nodes: Vec<NodeId> = views
        .iter()
        .flat_map(|view| [view.customer.company_id, view.customer.agent_id])
        .flatten()
        .collect();
    let names: BTreeMap<NodeId, String> = directory::node_names(tx, scope, &nodes)?;
    let licenses = directory::licenses_of_customers(tx, scope, &ids)?;
    let mut sides = Vec::new();
    for view in views {
        let customer = &view.customer;
        let of = UserFilter {
            customer: Some(customer.id),
            ..UserFilter::default()
        };
        let users = directory::users(tx, scope, &of, &Slice::first(USERS))?;
        let name = |id: Option<NodeId>| id.and_then(|id| names.get(&id));
        sides.push(json!({
            "id": customer.id,
            "name": customer.name,
            "state": customer.state,
            "email": customer.email,
            "vat_number": customer.vat_number,
            "tax_code": customer.tax_code,
            "phone": customer.phone,
            "address": customer.address,
            "company": name(customer.company_id),
            "agent": name(customer.agent_id),
            "created_at": customer.created_at,
            "licenses": licenses.get(&customer.id).copied().unwrap_or(0),
            "users": users.rows.iter().map(|user| &user.email).collect::<Vec<_>>(),
            "contacts": view.contacts.iter().map(|contact| &contact.name).collect::<Vec<_>>(),
            "sites": view.sites.iter().map(|site| &site.name).collect::<Vec<_>>(),
        }));
    }
    Ok(Value::Array(sides))
}

fn preview(views: &[View], sides: &Value, form: &Form, stale: bool) -> Answer {
    let [stays, goes] = views else {
        return Err(Error::NotFound.into());
    };
    let shown = json!({
        "id": stays.customer.id,
        "name": stays.customer.name,
        "other": goes.customer.id,
        "other_revision": goes.customer.revision,
        "sides": sides,
        "alike": stays.customer.state == goes.customer.state,
        "companies_differ": stays.customer.company_id != goes.customer.company_id,
        "form": form,
        "stale": stale,
    });
    let status = if stale { Status::Conflict } else { form.status() };
    Page::new("pages/customers/merge", shown)?.status(status).reply()
}

/// Whom to choose from, or the preview of a choice.
#[get("/clienti/<id>/unisci")]
pub(crate) async fn unire(
    app: &State<App>,
    permit: Permit<MergeCustomers>,
    id: Id<CustomerId>,
    query: Query,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let mut check = Check::default();
    let other: Option<CustomerId> = check.id(query.get("altro"));
    check.finish()?;
    if let Some(other) = other.filter(|other| *other != id) {
        let (views, sides) = both(app, scope, id, other).await?;
        let form = Form::new()?.revision(views.first().map_or(0, |view| view.customer.revision));
        return preview(&views, &sides, &form, false);
    }
    let typed = query.get("q").unwrap_or_default().to_owned();
    let search = Some(text::searchable(&typed)).filter(|search| !search.is_empty());
    let (customer, doubles, found, names) = app
        .db
        .read(move |tx| {
            let customer = customers::get(tx, scope, id)?;
            let most = i64::try_from(CHOICES).unwrap_or(i64::MAX);
            let doubles = customers::doubles(tx, scope, &customer, most)?;
            let filter = customers::Filter {
                search: search.clone(),
                ..customers::Filter::default()
            };
            let found = customers::list(tx, scope, &filter, &Slice::first(CHOICES))?;
            let nodes: Vec<NodeId> = doubles
                .iter()
                .chain(&found.rows)
                .filter_map(|other| other.company_id)
                .collect();
            let names = directory::node_names(tx, scope, &nodes)?;
            Ok((customer, doubles, found, names))
        })
        .await?;
    let told = |other: &crate::store::Visible<crate::domain::customer::Customer>| {
        json!({
            "id": other.id,
            "name": other.name,
            "state": other.state,
            "email": other.email,
            "vat_number": other.vat_number,
            "company": other.company_id.and_then(|company| names.get(&company)),
            "same_email": other.email.is_some() && other.email == customer.email,
            "same_vat": other.vat_number.is_some() && other.vat_number == customer.vat_number,
        })
    };
    let known: Vec<CustomerId> = doubles.iter().map(|double| double.id).collect();
    let shown = json!({
        "id": id,
        "name": customer.name,
        "q": typed,
        "doubles": doubles.iter().map(told).collect::<Vec<_>>(),
        "found": found
            .rows
            .iter()
            .filter(|other| other.id != id && !known.contains(&other.id))
            .map(told)
            .collect::<Vec<_>>(),
    });
    Page::new("pages/customers/merge_choice", shown)?.reply()
}

/// Makes one of them.
#[post("/clienti/<id>/unisci", data = "<sent>")]
pub(crate) async fn unisci(
    app: &State<App>,
    permit: Permit<MergeCustomers>,
    id: Id<CustomerId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let mut check = Check::default();
    let other: Option<CustomerId> = check.id(sent.get("altro"));
    let of: Option<CustomerId> = check.id(sent.get("di_chi"));
    let goes_revision = sent.get("revisione_altro").and_then(|n| n.parse().ok());
    if other.is_none() {
        check.fault("altro", Fault::Missing);
    }
    let read = check.finish().and_then(|()| sent.revision());
    let (Ok(stays_revision), Some(other)) = (read, other) else {
        app.db.read(move |tx| customers::get(tx, scope, id)).await?;
        return Goto::to(format!("{}/unisci", path(id))).reply();
    };
    let pair = Pair {
        stays: id,
        stays_revision,
        goes: other,
        goes_revision,
        of,
    };
    match merge::merge(app, permit, pair).await {
        Ok(()) => Goto::to(path(id)).saying("customers-merged").reply(),
        Err(Error::Stale) => {
            let (views, sides) = both(app, scope, id, other).await?;
            let form = Form::new()?
                .with_some("di_chi", of)
                .revision(views.first().map_or(0, |view| view.customer.revision));
            preview(&views, &sides, &form, true)
        }
        Err(error) => {
            let form = Form::refused(&sent, error, language)?
                .explained("altro", messages::text(language, "customer-merge-states"));
            let (views, sides) = both(app, scope, id, other).await?;
            preview(&views, &sides, &form, false)
        }
    }
}
