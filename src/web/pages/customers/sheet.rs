//! One customer: data, sites, contacts, users, licences, history.

use super::{nothing, path, rights};
use crate::{
    domain::{
        access::{Permit, right::ReadAudit, right::ReadCustomers},
        calendar,
        company_rules::Graces,
        customer::{Customer, Standing},
        error::Error,
        ids::{CustomerId, NodeId},
    },
    operations::{App, customers::view},
    store::{
        company_rules, customers,
        directory::{self, UserFilter},
        licenses,
        merging::{self, Fate},
        page::Page as Slice,
        products,
    },
    web::{
        guards::Id,
        input::{Check, Query},
        page::{Answer, Page},
        pages::{addresses, history},
    },
};
use rocket::{State, get};
use serde_json::{Value, json};

/// Licences and users that the page shows; more are in their lists.
const SHOWN: usize = 10;
/// Doubles that the page names.
const DOUBLES: i64 = 5;

fn head(
    customer: &Customer,
    fate: &Fate,
    names: &std::collections::BTreeMap<NodeId, String>,
    superadmin: bool,
) -> Value {
    let name = |id: Option<NodeId>| {
        id.and_then(|id| Some(addresses::step(names.get(&id)?, format!("/aziende/{id}"))))
    };
    json!({
        "id": customer.id,
        "name": customer.name,
        "state": customer.state,
        "note": customer.state_note,
        "double": superadmin && customer.flagged_double,
        "company": name(customer.company_id),
        "agent": name(customer.agent_id),
        "email": customer.email,
        "confirmed": customer.email_confirmed_at.is_some(),
        "vat_number": customer.vat_number,
        "tax_code": customer.tax_code,
        "phone": customer.phone,
        "address": customer.address,
        "multi_site": customer.multi_site,
        "multi_user": customer.multi_user,
        "created_at": customer.created_at,
        "archived_at": fate.archived_at,
        "merged_into": fate.merged_into,
        "anonymised_at": fate.anonymised_at,
        "erasure_asked_at": fate.erasure_asked_at,
        "proposed_at": fate.proposed_at,
        "proposed_note": fate.proposed_note,
    })
}

fn nodes(customer: &Customer) -> Vec<NodeId> {
    [customer.company_id, customer.agent_id]
        .into_iter()
        .flatten()
        .collect()
}

/// A customer.
#[get("/clienti/<id>")]
pub(crate) async fn scheda(app: &State<App>, permit: Permit<ReadCustomers>, id: Id<CustomerId>) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let today = calendar::today(app.clock.now(), app.zone);
    let superadmin = permit.actor().is_superadmin();
    let (view, fate, names, users, sheets, wares, graces, count, doubles, parts) = app
        .db
        .read(move |tx| {
            let (found, fate) = customers::get_any(tx, scope, id)?;
            // Who shares what with whom, beyond companies, is the vendor's to know.
            let (doubles, parts) = if superadmin {
                let doubles = customers::doubles(tx, scope, &found, DOUBLES)?;
                (doubles, merging::parts(tx, scope, id)?)
            } else {
                (Vec::new(), Vec::new())
            };
            let view = view::complete(tx, vec![found])?.pop().ok_or(Error::NotFound)?;
            let names = directory::node_names(tx, scope, &nodes(&view.customer))?;
            let of = UserFilter {
                customer: Some(id),
                ..UserFilter::default()
            };
            let users = directory::users(tx, scope, &of, &Slice::first(SHOWN))?;
            let of = licenses::Filter {
                customer: Some(id),
                ..licenses::Filter::default()
            };
            let sheets = licenses::list(tx, scope, &of, today, &Graces::default(), &Slice::first(SHOWN))?;
            let wanted: Vec<_> = sheets.rows.iter().map(|sheet| sheet.product_id).collect();
            let wares = products::by_ids(tx, &wanted)?;
            let of_products = wares.iter().map(|ware| (ware.rules.id, ware.rules.grace_days));
            let graces = company_rules::graces(tx, of_products)?;
            // Where all are shown, they are counted already.
            let count = match sheets.next {
                Some(_) => directory::licenses_of_customers(tx, scope, &[id])?
                    .get(&id)
                    .copied(),
                None => i64::try_from(sheets.rows.len()).ok(),
            };
            Ok((
                view, fate, names, users, sheets, wares, graces, count, doubles, parts,
            ))
        })
        .await?;
    let standing = Standing {
        state: view.customer.state,
        confirmed: view.customer.email_confirmed_at.is_some(),
    };
    let licenses: Vec<Value> = sheets
        .rows
        .iter()
        .map(|sheet| {
            let ware = wares.iter().find(|ware| ware.rules.id == sheet.product_id);
            let grace = graces.days(sheet.product_id, sheet.company_id);
            json!({
                "id": sheet.license.id,
                "tail": sheet.key_tail,
                "product": ware.map(|ware| format!("{} {}", ware.rules.name, ware.rules.version)),
                "state": sheet.state(Some(&standing), grace, today),
                "kind": sheet.kind,
                "expires_on": sheet.expires_on,
                "used": sheet.devices_used,
                "max": sheet.max_devices,
            })
        })
        .collect();
    let users: Vec<Value> = users
        .rows
        .iter()
        .map(|user| json!({ "id": user.id, "name": user.name, "email": user.email, "state": user.state }))
        .collect();
    let doubles: Vec<Value> = doubles
        .iter()
        .filter(|_| fate.archived_at.is_none())
        .map(|other| {
            json!({
                "id": other.id,
                "name": other.name,
                "same_email": other.email.is_some() && other.email == view.customer.email,
                "same_vat": other.vat_number.is_some() && other.vat_number == view.customer.vat_number,
            })
        })
        .collect();
    let shown = json!({
        "can": if fate.archived_at.is_none() { rights(permit.actor()) } else { nothing(permit.actor()) },
        "customer": head(&view.customer, &fate, &names, superadmin),
        "doubles": doubles,
        "parts": parts.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect::<Vec<_>>(),
        "contacts": view.contacts.iter().map(|contact| json!({
            "name": contact.name, "email": contact.email, "phone": contact.phone,
        })).collect::<Vec<_>>(),
        "sites": view.sites.iter().map(|site| json!({
            "name": site.name, "address": site.address,
        })).collect::<Vec<_>>(),
        "users": users,
        "licenses": licenses,
        "license_count": count.unwrap_or(0),
        "path": path(id),
        "tab": "overview",
    });
    Page::new("pages/customers/sheet", shown)?.reply()
}

/// What happened to a customer.
#[get("/clienti/<id>/storico")]
pub(crate) async fn storico(
    app: &State<App>,
    permit: Permit<ReadCustomers>,
    _audit: Permit<ReadAudit>,
    id: Id<CustomerId>,
    query: Query,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let (customer, fate, names, history) = app
        .db
        .read(move |tx| {
            let (customer, fate) = customers::get_any(tx, scope, id)?;
            let names = directory::node_names(tx, scope, &nodes(&customer))?;
            let former = merging::former(tx, &customer)?.iter().map(|id| id.0).collect();
            let history = history::read_all(tx, scope, id.0, former, &page)?;
            Ok((customer, fate, names, history))
        })
        .await?;
    let head = json!({
        "can": if fate.archived_at.is_none() { rights(permit.actor()) } else { nothing(permit.actor()) },
        "customer": head(&customer, &fate, &names, permit.actor().is_superadmin()),
    });
    history::page("pages/customers/history", head, history, &query, &path(id))
}
