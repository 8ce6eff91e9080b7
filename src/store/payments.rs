//! What customers pay, as they see it themselves: never what their company pays for what it sells them.

use super::{
    connection::MultiBackend,
    db::ReadTx,
    page::{Page, Slice},
    schema::{nodes, transactions},
    tenancy::{self, Visible},
    transactions::{Entry, EntryRow, entries},
};
use crate::domain::{customer::Customer, error::Result, ids::TransactionId, payment::Payer, scope::Scope};
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

/// What is paid next: by which day, how much is open of it, and its currency.
pub type Next = (NaiveDate, i64, String);

/// Whom a customer turns to, by name and e-mail address.
pub type Contact = (String, Option<String>);

/// Whom a customer turns to, by name and address (its agent, else its company), and what it pays next: one statement, for
/// its first page asks for much else.
///
/// # Errors
/// Of the database.
pub fn contact_and_next(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    customer: &Visible<Customer>,
) -> Result<(Option<Contact>, Option<Next>)> {
    let node = customer.agent_id.or(customer.company_id);
    let contact = || nodes::table.filter(nodes::id.nullable().eq(node));
    let first = || {
        paid_by_customer(scope)
            .filter(sql::<Bool>(OPEN))
            .order((transactions::due_on, transactions::id))
    };
    type Row = (
        Option<String>,
        Option<String>,
        Option<NaiveDate>,
        Option<i64>,
        Option<String>,
    );
    let (name, email, day, open, currency): Row = diesel::select((
        contact().select(nodes::name).single_value(),
        contact().select(nodes::email).single_value(),
        first().select(transactions::due_on).single_value(),
        first().select(sql::<BigInt>(LEFT)).single_value(),
        first().select(transactions::currency).single_value(),
    ))
    .get_result(tx.conn)?;
    let next = day.zip(open).zip(currency);
    Ok((
        name.map(|name| (name, email)),
        next.map(|((day, open), currency)| (day, open, currency)),
    ))
}
