//! What customers pay, as they see it themselves: never what their company pays for what it sells them.

use super::{
    connection::MultiBackend,
    db::ReadTx,
    page::{Page, Slice},
    schema::transactions,
    tenancy,
    transactions::{Entry, EntryRow, entries},
};
use crate::domain::{error::Result, ids::TransactionId, payment::Payer, scope::Scope};
use chrono::NaiveDate;
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{BigInt, Bool},
};

/// Rows that are told as due at most.
const DUE: i64 = 50;

/// What of a scope's rows its customer pays.
fn paid_by_customer(scope: Scope) -> transactions::BoxedQuery<'static, MultiBackend> {
    tenancy::transactions(scope).filter(transactions::payer.eq(Payer::Customer.code()))
}

/// Those that are deferred, were not undone, and leave something open.
const OPEN: &str = "(transactions.due_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM transactions AS u \
     WHERE u.undoes_id = transactions.id) AND transactions.amount_cents > COALESCE((SELECT SUM(s.amount_cents) \
     FROM settlements AS s WHERE s.transaction_id = transactions.id), 0))";
/// What they leave open.
const LEFT: &str = "(transactions.amount_cents - CAST(COALESCE((SELECT SUM(s.amount_cents) FROM settlements AS s \
     WHERE s.transaction_id = transactions.id), 0) AS SIGNED))";

/// What a scope's customer pays, the newest first.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>, scope: Scope, page: &Page) -> Result<Slice<Entry>> {
    let mut query = paid_by_customer(scope);
    if let Some(before) = page.before {
        query = query.filter(transactions::id.lt(TransactionId(before)));
    }
    let rows: Vec<EntryRow> = query
        .order(transactions::id.desc())
        .limit(page.fetch())
        .select(EntryRow::as_select())
        .load(tx.conn)?;
    let slice = page.slice(rows, |row| row.id.0);
    Ok(Slice {
        next: slice.next,
        rows: entries(tx, slice.rows)?,
    })
}

/// What a scope's customer has still to pay, the earliest day first.
///
/// # Errors
/// Of the database.
pub fn due(tx: &mut ReadTx<'_>, scope: Scope) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> = paid_by_customer(scope)
        .filter(sql::<Bool>(OPEN))
        .order((transactions::due_on, transactions::id))
        .limit(DUE)
        .select(EntryRow::as_select())
        .load(tx.conn)?;
    entries(tx, rows)
}

/// The day, what is open and the currency of what a scope's customer pays next.
///
/// # Errors
/// Of the database.
pub fn next(tx: &mut ReadTx<'_>, scope: Scope) -> Result<Option<(NaiveDate, i64, String)>> {
    Ok(paid_by_customer(scope)
        .filter(sql::<Bool>(OPEN))
        .order((transactions::due_on, transactions::id))
        .select((
            transactions::due_on.assume_not_null(),
            sql::<BigInt>(LEFT),
            transactions::currency,
        ))
        .first(tx.conn)
        .optional()?)
}
