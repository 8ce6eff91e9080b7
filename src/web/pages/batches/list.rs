//! The batches.

use crate::{
    domain::{
        access::{Action, Permit, may, right::ReadLicenses},
        ids::AnyId,
    },
    operations::App,
    store::{batches, names, products},
    web::{
        input::{Check, Query},
        page::{Answer, Page},
    },
};
use rocket::{State, get};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The batches that the reader sees, newest first; of one product where the address says so.
#[get("/lotti")]
pub(crate) async fn lotti(app: &State<App>, permit: Permit<ReadLicenses>, query: Query) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let (scope, later) = (permit.scope(), page.before.is_some());
    let wanted = query.get("prodotto").map(str::to_owned);
    let of = wanted.clone();
    let (rows, next, product) = app
        .db
        .read(move |tx| {
            let product = match &of {
                Some(name) => Some(products::find(tx, scope, name)?),
                None => None,
            };
            let of = product.as_ref().map(|product| product.rules.id);
            let slice = batches::list(tx, scope, of, &page)?;
            let ids: Vec<_> = slice.rows.iter().map(|batch| batch.id).collect();
            let activated = batches::activated(tx, scope, &ids)?;
            let products_: BTreeSet<_> = slice.rows.iter().map(|batch| batch.product_id).collect();
            let products: BTreeMap<_, _> = products::by_ids(tx, &products_.into_iter().collect::<Vec<_>>())?
                .into_iter()
                .map(|product| (product.rules.id, product.rules.name))
                .collect();
            let makers = slice.rows.iter().filter_map(|batch| batch.created_by).collect();
            let makers = names::users(tx, scope, &makers)?;
            let companies = slice.rows.iter().filter_map(|batch| batch.company_id).collect();
            let companies = names::nodes(tx, scope, &companies)?;
            let rows: Vec<_> = slice
                .rows
                .iter()
                .map(|batch| {
                    json!({
                        "id": batch.id,
                        "label": batch.label,
                        "product": products.get(&batch.product_id),
                        "company": batch.company_id.and_then(|id| companies.get(&id)),
                        "by": batch.created_by.and_then(|id| makers.get(&id)),
                        "staff": batch.created_by.is_some(),
                        "created_at": batch.created_at,
                        "quantity": batch.quantity,
                        "activated": activated.get(&batch.id).copied().unwrap_or_default(),
                    })
                })
                .collect();
            Ok((rows, slice.next, product.map(|product| product.rules)))
        })
        .await?;
    let of = product
        .as_ref()
        .map_or_else(String::new, |product| format!("prodotto={}&", product.code));
    let shown = json!({
        "rows": rows,
        "product": product.as_ref().map(|product| &product.name),
        "product_code": product.as_ref().map(|product| &product.code),
        "may_issue": may(permit.actor(), Action::IssueLicenses),
        "first": later.then(|| format!("/lotti?{}", of.trim_end_matches('&'))),
        "next": next.map(|id| format!("/lotti?{of}cursore={}", AnyId(id))),
    });
    Page::new("pages/batches/list", shown)?.reply()
}
