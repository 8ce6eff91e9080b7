//! The ledger: money, or a promise of money, for licences. Rows are only ever added; what is open of one follows from
//! the payments that settle it and from the row that undoes it.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    nodes,
    schema::{settlements, transactions},
    sql_types::At,
    tenancy::{self, Visible},
};
use crate::domain::{
    error::{Error, Fault, Result},
    ids::*,
    license::License,
    payment::{Payer, Payment, TransactionKind},
    scope::Scope,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A row to be written.
#[derive(Debug, Clone)]
pub struct NewTransaction {
    /// What it is.
    pub kind: TransactionKind,
    /// How it is paid.
    pub method: Payment,
    /// Net, in cents; what undoes something is negative.
    pub amount_cents: i64,
    /// VAT, in basis points.
    pub vat_bp: i32,
    /// ISO 4217.
    pub currency: String,
    /// When a deferred one falls due.
    pub due_on: Option<NaiveDate>,
    /// The period that it sells, first and last day.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// In words.
    pub note: Option<String>,
}

/// A row of the ledger.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = transactions, check_for_backend(MultiBackend))]
pub struct Transaction {
    /// Identifier.
    pub id: TransactionId,
    /// For which licence.
    pub license_id: Option<LicenseId>,
    /// To whom it was sold.
    pub customer_id: Option<CustomerId>,
    /// Who sold.
    pub company_id: Option<NodeId>,
    /// Who sold.
    pub agent_id: Option<NodeId>,
    /// Net, in cents.
    pub amount_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// When it falls due, where it is deferred.
    pub due_on: Option<NaiveDate>,
    /// Who pays.
    payer: String,
}

/// Whom a row is for: frozen as it is when the row is written.
struct Account {
    license: Option<LicenseId>,
    customer: Option<CustomerId>,
    company: Option<NodeId>,
    agent: Option<NodeId>,
    payer: Payer,
}

/// Writes a row for a licence, on the account of those it belongs to now: its company pays, and the customer where there is
/// none between it and the vendor.
///
/// # Errors
/// Of the database.
pub fn insert(
    tx: &mut WriteTx<'_>,
    license: &Visible<License>,
    new: &NewTransaction,
    by: Option<UserId>,
) -> Result<TransactionId> {
    let payer = license.company_id.map_or(Payer::Customer, |_| Payer::Company);
    insert_paid_by(tx, license, new, payer, by)
}

/// The same, where it is known who pays.
///
/// # Errors
/// Of the database.
pub fn insert_paid_by(
    tx: &mut WriteTx<'_>,
    license: &Visible<License>,
    new: &NewTransaction,
    payer: Payer,
    by: Option<UserId>,
) -> Result<TransactionId> {
    let account = Account {
        payer,
        license: Some(license.id),
        customer: license.customer_id,
        company: license.company_id,
        agent: license.agent_id,
    };
    write(tx, &account, new, None, by)
}

/// Writes the row that undoes another, whole, on the same account.
///
/// # Errors
/// Of the database: also where it was undone before.
pub fn undo(
    tx: &mut WriteTx<'_>,
    was: &Visible<Transaction>,
    new: &NewTransaction,
    by: Option<UserId>,
) -> Result<TransactionId> {
    write(tx, &account_of(was), new, Some(was.id), by)
}

/// Writes a payment that settles rows of one company, or of one customer who pays, each in whole or in part.
///
/// # Errors
/// [`Error::Invalid`] where a part is none, or more than is open, or they do not add up to the payment.
pub fn collect(
    tx: &mut WriteTx<'_>,
    parts: &[(Visible<Transaction>, i64)],
    new: &NewTransaction,
    by: Option<UserId>,
) -> Result<TransactionId> {
    let wrong = || Error::field("importo_centesimi", Fault::OutOfRange);
    let (first, _) = parts.first().ok_or_else(wrong)?;
    if parts.iter().map(|(_, cents)| cents).sum::<i64>() != new.amount_cents {
        return Err(wrong());
    }
    // Two payments at once must not both find the same rows open.
    if let Some(company) = first.company_id {
        nodes::lock(tx, company)?;
    }
    for (row, cents) in parts {
        // Who pays sees what they paid, and nothing of another's.
        let is_theirs = row.payer == first.payer
            && (row.payer == Payer::Company.code() || row.customer_id == first.customer_id);
        if row.company_id != first.company_id || !is_theirs || *cents <= 0 || *cents > open(tx, row)? {
            return Err(wrong());
        }
    }
    let account = Account {
        license: first.license_id.filter(|_| parts.len() == 1),
        ..account_of(first)
    };
    let payment = write(tx, &account, new, None, by)?;
    let now = tx.now();
    for (row, cents) in parts {
        diesel::insert_into(settlements::table)
            .values((
                settlements::id.eq(AnyId::at(now)),
                settlements::payment_id.eq(payment),
                settlements::transaction_id.eq(row.id),
                settlements::amount_cents.eq(cents),
                settlements::created_at.eq(At(now)),
            ))
            .execute(tx.conn)?;
    }
    Ok(payment)
}

/// A row of a scope.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &mut ReadTx<'_>, scope: Scope, id: TransactionId) -> Result<Visible<Transaction>> {
    Ok(Visible::new(
        tenancy::transactions(scope)
            .filter(transactions::id.eq(id))
            .select(Transaction::as_select())
            .first(tx.conn)?,
    ))
}

/// What is open of a deferred row: nothing where it was undone.
///
/// # Errors
/// Of the database.
pub fn open(tx: &mut ReadTx<'_>, row: &Visible<Transaction>) -> Result<i64> {
    let undone = transactions::table
        .filter(transactions::undoes_id.eq(row.id))
        .select(transactions::id)
        .first::<TransactionId>(tx.conn)
        .optional()?;
    if row.due_on.is_none() || undone.is_some() {
        return Ok(0);
    }
    let paid: Vec<i64> = settlements::table
        .filter(settlements::transaction_id.eq(row.id))
        .select(settlements::amount_cents)
        .load(tx.conn)?;
    Ok(row.amount_cents - paid.iter().sum::<i64>())
}

/// What a customer's deferred rows leave open, under all the names that it had.
///
/// # Errors
/// Of the database.
pub fn open_of_customer(
    tx: &mut ReadTx<'_>,
    of: &Visible<crate::domain::customer::Customer>,
    former: &[CustomerId],
) -> Result<i64> {
    let names: Vec<CustomerId> = former.iter().copied().chain([of.id]).collect();
    let rows: Vec<(TransactionId, i64)> = transactions::table
        .filter(
            transactions::customer_id
                .eq_any(names)
                .and(transactions::due_on.is_not_null()),
        )
        .select((transactions::id, transactions::amount_cents))
        .load(tx.conn)?;
    let ids: Vec<TransactionId> = rows.iter().map(|(id, _)| *id).collect();
    let undone: Vec<Option<TransactionId>> = transactions::table
        .filter(transactions::undoes_id.eq_any(ids.clone()))
        .select(transactions::undoes_id)
        .load(tx.conn)?;
    let paid: Vec<(TransactionId, i64)> = settlements::table
        .filter(settlements::transaction_id.eq_any(ids))
        .select((settlements::transaction_id, settlements::amount_cents))
        .load(tx.conn)?;
    let stands = |id: &TransactionId| !undone.contains(&Some(*id));
    let sum = |rows: &[(TransactionId, i64)]| -> i64 {
        rows.iter()
            .filter(|(id, _)| stands(id))
            .map(|(_, cents)| cents)
            .sum()
    };
    Ok(sum(&rows) - sum(&paid))
}

/// A row of the ledger as people read it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Identifier.
    pub id: TransactionId,
    /// For which licence.
    pub license: Option<LicenseId>,
    /// What it is.
    pub kind: String,
    /// How it is paid.
    pub method: Option<String>,
    /// Net, in cents.
    pub amount_cents: i64,
    /// VAT on it, in basis points.
    pub vat_bp: i32,
    /// ISO 4217.
    pub currency: String,
    /// When it falls due, where it is deferred.
    pub due_on: Option<NaiveDate>,
    /// The period that it sells, first and last day.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// The row that it undoes.
    pub undoes: Option<TransactionId>,
    /// In words.
    pub note: Option<String>,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// What is open of it, where it is deferred and was not undone.
    pub open_cents: i64,
    /// Whether another row undoes it.
    pub undone: bool,
}

/// Rows of one licence at most.
const OF_LICENSE: i64 = 200;

/// The newest rows of a scope for a licence that was found through it, with what is open of each.
///
/// # Errors
/// Of the database.
pub fn of_license(tx: &mut ReadTx<'_>, scope: Scope, license: &Visible<License>) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> = tenancy::transactions_walked(scope)
        .filter(transactions::license_id.eq(license.id))
        .order(transactions::id.desc())
        .limit(OF_LICENSE)
        .select(EntryRow::as_select())
        .load(tx.conn)?;
    entries(tx, rows)
}

/// What is read of an entry.
#[derive(Queryable, Selectable)]
#[diesel(table_name = transactions, check_for_backend(MultiBackend))]
pub(super) struct EntryRow {
    pub(super) id: TransactionId,
    license_id: Option<LicenseId>,
    kind: String,
    method: Option<String>,
    amount_cents: i64,
    vat_bp: i32,
    currency: String,
    due_on: Option<NaiveDate>,
    period_from: Option<NaiveDate>,
    period_to: Option<NaiveDate>,
    undoes_id: Option<TransactionId>,
    note: Option<String>,
    created_at: NaiveDateTime,
}

/// Rows with what is open of each, and whether it was undone.
///
/// # Errors
/// Of the database.
pub(super) fn entries(tx: &mut ReadTx<'_>, rows: Vec<EntryRow>) -> Result<Vec<Entry>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<TransactionId> = rows.iter().map(|row| row.id).collect();
    let undone: BTreeSet<TransactionId> = transactions::table
        .filter(transactions::undoes_id.eq_any(ids))
        .select(transactions::undoes_id)
        .load::<Option<TransactionId>>(tx.conn)?
        .into_iter()
        .flatten()
        .collect();
    let deferred = rows.iter().filter(|row| row.due_on.is_some());
    let deferred: Vec<TransactionId> = deferred.map(|row| row.id).collect();
    let mut paid: BTreeMap<TransactionId, i64> = BTreeMap::new();
    if !deferred.is_empty() {
        let parts: Vec<(TransactionId, i64)> = settlements::table
            .filter(settlements::transaction_id.eq_any(deferred))
            .select((settlements::transaction_id, settlements::amount_cents))
            .load(tx.conn)?;
        for (row, cents) in parts {
            *paid.entry(row).or_default() += cents;
        }
    }
    let entry = |row: EntryRow| Entry {
        open_cents: if row.due_on.is_some() && !undone.contains(&row.id) {
            row.amount_cents - paid.get(&row.id).copied().unwrap_or_default()
        } else {
            0
        },
        undone: undone.contains(&row.id),
        id: row.id,
        license: row.license_id,
        kind: row.kind,
        method: row.method,
        amount_cents: row.amount_cents,
        vat_bp: row.vat_bp,
        currency: row.currency,
        due_on: row.due_on,
        period: row.period_from.zip(row.period_to),
        undoes: row.undoes_id,
        note: row.note,
        at: row.created_at,
    };
    Ok(rows.into_iter().map(entry).collect())
}

fn account_of(row: &Transaction) -> Account {
    Account {
        license: row.license_id,
        customer: row.customer_id,
        company: row.company_id,
        agent: row.agent_id,
        payer: Payer::from_code(&row.payer).unwrap_or(Payer::Company),
    }
}

fn write(
    tx: &mut WriteTx<'_>,
    account: &Account,
    new: &NewTransaction,
    undoes: Option<TransactionId>,
    by: Option<UserId>,
) -> Result<TransactionId> {
    let now = tx.now();
    let id = TransactionId::at(now);
    diesel::insert_into(transactions::table)
        .values((
            transactions::id.eq(id),
            transactions::license_id.eq(account.license),
            transactions::customer_id.eq(account.customer),
            transactions::company_id.eq(account.company),
            transactions::agent_id.eq(account.agent),
            transactions::kind.eq(new.kind.code()),
            transactions::method.eq(new.method.code()),
            transactions::payer.eq(account.payer.code()),
            transactions::amount_cents.eq(new.amount_cents),
            transactions::vat_bp.eq(new.vat_bp),
            transactions::currency.eq(&new.currency),
            transactions::due_on.eq(new.due_on),
            transactions::period_from.eq(new.period.map(|(from, _)| from)),
            transactions::period_to.eq(new.period.map(|(_, to)| to)),
            transactions::undoes_id.eq(undoes),
            transactions::note.eq(&new.note),
            transactions::details.eq("{}"),
            transactions::created_by.eq(by),
            transactions::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(id)
}
