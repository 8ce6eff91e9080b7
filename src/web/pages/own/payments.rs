//! What a customer pays: what is still to be paid, and all that was.

use crate::{
    domain::{
        access::{Permit, right::ReadOwnPayments},
        payment::TransactionKind,
    },
    operations::{
        App,
        customers::payments::{self, Payments},
    },
    store::transactions::Entry,
    web::{
        input::{Check, Query},
        page::{Answer, Page},
        pages::addresses,
    },
};
use rocket::{State, get};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Where the page is.
const PATH: &str = "/pagamenti";

/// A row in plain words. What staff noted on it is theirs.
fn shown(of: &Payments, entry: &Entry) -> Value {
    let license = entry.license.and_then(|id| of.licenses.get(&id));
    json!({
        "at": entry.at,
        "kind": entry.kind,
        "is_payment": entry.kind == TransactionKind::Payment.code(),
        "method": entry.method,
        "product": license.map(|license| &license.product),
        "license": license.map(|license| json!({ "id": license.id, "tail": license.tail })),
        "from": entry.period.map(|(from, _)| from),
        "to": entry.period.map(|(_, to)| to),
        "amount": entry.amount_cents,
        "currency": entry.currency,
        "vat_bp": entry.vat_bp,
        "due_on": entry.due_on,
        "open": entry.open_cents,
        "undone": entry.undone,
        "undoes": entry.undoes.is_some(),
    })
}

/// What they pay.
#[get("/pagamenti")]
pub(crate) async fn pagamenti(app: &State<App>, permit: Permit<ReadOwnPayments>, query: Query) -> Answer {
    let mut check = Check::default();
    let slice = query.page(&mut check);
    check.finish()?;
    let found = payments::payments(app, permit, slice).await?;
    let mut open = BTreeMap::<&str, i64>::new();
    for row in &found.due {
        *open.entry(&row.currency).or_default() += row.open_cents;
    }
    let rows = |rows: &[Entry]| -> Vec<Value> { rows.iter().map(|row| shown(&found, row)).collect() };
    let page = json!({
        "due": rows(&found.due),
        "open": open.iter().map(|(currency, cents)| json!({ "currency": currency, "cents": cents })).collect::<Vec<_>>(),
        "rows": rows(&found.rows.rows),
        "pager": addresses::pager(&query, PATH, found.rows.next),
    });
    Page::new("pages/own/payments", page)?.reply()
}
