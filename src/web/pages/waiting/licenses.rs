//! Licences that wait for a company, or for an agent where the company wants one.

use super::{LICENSES, assigns, counts, head, unassigned};
use crate::{
    domain::{
        access::{Permit, right::ReadLicenses},
        calendar,
        company_rules::Graces,
        ids::{CustomerId, NodeId},
        license::Sheet,
    },
    operations::App,
    store::{
        Visible, licenses, names,
        products::{self, Brief},
    },
    web::{
        input::{Check, Query},
        page::{Answer, Page},
        pages::addresses,
    },
};
use rocket::{State, get};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The names beside licences.
pub(super) struct Names {
    pub(super) nodes: BTreeMap<NodeId, String>,
    pub(super) customers: BTreeMap<CustomerId, String>,
}

/// A row.
pub(super) fn row(sheet: &Visible<Sheet>, products: &[Brief], names: &Names) -> Value {
    let product = products.iter().find(|product| product.id == sheet.product_id);
    json!({
        "id": sheet.license.id,
        "tail": sheet.key_tail,
        "product": product.map(|product| &product.name),
        "customer": sheet.customer_id.map(|id| json!({ "id": id, "name": names.customers.get(&id) })),
        "company": sheet.company_id.and_then(|id| names.nodes.get(&id)),
        "agent": sheet.agent_id.and_then(|id| names.nodes.get(&id)),
        "has_company": sheet.company_id.is_some(),
        "activated_at": sheet.activated_at,
        "created_at": sheet.created_at,
        "settled": sheet.settled,
    })
}

/// The licences that wait, and that the reader sees.
#[get("/in-attesa/licenze")]
pub(crate) async fn licenze(app: &State<App>, permit: Permit<ReadLicenses>, query: Query) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let scope = permit.scope();
    let today = calendar::today(app.clock.now(), app.zone);
    let assigns = assigns(permit.actor());
    let (rows, next, counts) = app
        .db
        .read(move |tx| {
            let products = products::brief(tx, scope)?;
            let found = licenses::list(tx, scope, &unassigned(), today, &Graces::default(), &page)?;
            let nodes: BTreeSet<NodeId> = found
                .rows
                .iter()
                .flat_map(|row| [row.company_id, row.agent_id])
                .flatten()
                .collect();
            let customers: BTreeSet<CustomerId> =
                found.rows.iter().filter_map(|row| row.customer_id).collect();
            let names = Names {
                nodes: names::nodes(tx, scope, &nodes)?,
                customers: names::customers(tx, scope, &customers)?,
            };
            let counts = counts(tx, scope, today, assigns)?;
            let rows: Vec<Value> = found
                .rows
                .iter()
                .map(|sheet| row(sheet, &products, &names))
                .collect();
            Ok((rows, found.next, counts))
        })
        .await?;
    let shown = json!({
        "head": head(permit.actor(), counts, LICENSES),
        "rows": rows,
        "total": counts.1,
        "pager": addresses::pager(&query, LICENSES, next),
    });
    Page::new("pages/waiting/licenses", shown)?.reply()
}
