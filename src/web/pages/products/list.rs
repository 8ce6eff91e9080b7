//! The products.

use super::{rights, shown};
use crate::{
    domain::{
        access::{Permit, right::ReadProducts},
        ids::AnyId,
    },
    operations::{App, products::view},
    store::{page::Slice, products},
    web::{
        input::{Check, Query},
        page::{Answer, Page},
    },
};
use rocket::{State, get};
use serde_json::json;

/// The products that are sold; on demand the archived ones.
#[get("/prodotti")]
pub(crate) async fn prodotti(app: &State<App>, permit: Permit<ReadProducts>, query: Query) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let (archived, later) = (query.get("archiviati").is_some(), page.before.is_some());
    let scope = permit.scope();
    let (slice, counts) = app
        .db
        .read(move |tx| {
            let slice = if archived {
                products::archived(tx, scope, &page)?
            } else {
                products::list(tx, scope, &page)?
            };
            let ids: Vec<_> = slice.rows.iter().map(|product| product.rules.id).collect();
            let counts = products::license_counts(tx, scope, &ids)?;
            let rows = view::complete(tx, slice.rows)?;
            Ok((
                Slice {
                    rows,
                    next: slice.next,
                },
                counts,
            ))
        })
        .await?;
    let rows: Vec<_> = slice
        .rows
        .iter()
        .map(|view| {
            let mut row = shown(&view.product, None);
            if let Some(row) = row.as_object_mut() {
                row.insert("modules".into(), view.modules.len().into());
                let licenses = counts.get(&view.product.rules.id).copied().unwrap_or_default();
                row.insert("licenses".into(), licenses.into());
            }
            row
        })
        .collect();
    let of = if archived { "archiviati=si&" } else { "" };
    let shown = json!({
        "rows": rows,
        "archived": archived,
        "can": rights(permit.actor()),
        "first": later.then(|| format!("/prodotti?{}", of.trim_end_matches('&'))),
        "next": slice.next.map(|id| format!("/prodotti?{of}cursore={}", AnyId(id))),
    });
    Page::new("pages/products/list", shown)?.reply()
}
