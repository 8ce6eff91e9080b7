//! Customers who are one: what became of them, and giving all that one has to another.

use super::{
    db::{ReadTx, WriteTx},
    fault,
    schema::{
        batches, contacts, customers, licenses, one_time_links, orders, outbox, registrations, sites, users,
    },
    sql_types::At,
    tenancy::{self, Visible},
};
use crate::domain::{
    customer::Customer,
    error::Result,
    ids::{CustomerId, NodeId},
    scope::Scope,
};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// What became of a customer.
#[derive(Debug, Clone, Default, Queryable)]
pub struct Fate {
    /// When they agreed to how their data is used, UTC.
    pub consent_at: Option<NaiveDateTime>,
    /// When they asked for it to be erased, UTC.
    pub erasure_asked_at: Option<NaiveDateTime>,
    /// When it was, UTC.
    pub anonymised_at: Option<NaiveDateTime>,
    /// When they were archived, UTC.
    pub archived_at: Option<NaiveDateTime>,
    /// Who stayed when two became one.
    pub merged_into: Option<CustomerId>,
    /// When somebody who may not decide spoke for it, UTC…
    pub proposed_at: Option<NaiveDateTime>,
    /// …and what they said.
    pub proposed_note: Option<String>,
}

/// What became of a customer.
///
/// # Errors
/// Of the database.
pub fn fate(tx: &mut ReadTx<'_>, of: &Visible<Customer>) -> Result<Fate> {
    Ok(customers::table
        .find(of.id)
        .select((
            customers::privacy_consent_at,
            customers::erasure_asked_at,
            customers::anonymised_at,
            customers::archived_at,
            customers::merged_into,
            customers::proposed_at,
            customers::proposed_note,
        ))
        .first(tx.conn)?)
}

/// Those who became part of a customer, by what they were called: as far as a scope sees them, the vendor's alone.
///
/// # Errors
/// Of the database.
pub fn parts(tx: &mut ReadTx<'_>, scope: Scope, of: CustomerId) -> Result<Vec<(CustomerId, String)>> {
    Ok(tenancy::every_customer(scope)
        .filter(customers::merged_into.eq(of))
        .order(customers::id)
        .select((customers::id, customers::name))
        .load(tx.conn)?)
}

/// The ids of those who became part of a customer that was found through a scope: what old rows call it.
///
/// # Errors
/// Of the database.
pub fn former(tx: &mut ReadTx<'_>, of: &Visible<Customer>) -> Result<Vec<CustomerId>> {
    Ok(customers::table
        .filter(customers::merged_into.eq(of.id))
        .order(customers::id)
        .select(customers::id)
        .load(tx.conn)?)
}

/// Notes whether a customer shares something with another.
///
/// # Errors
/// Of the database.
pub fn flag(tx: &mut WriteTx<'_>, customer: &Visible<Customer>, double: bool) -> Result<()> {
    diesel::update(customers::table.find(customer.id))
        .set(customers::flagged_double.eq(double))
        .execute(tx.conn)?;
    Ok(())
}

/// What followed.
#[derive(Debug, Clone, Copy)]
pub struct Moved {
    /// Licences.
    pub licenses: usize,
    /// Users.
    pub users: usize,
}

/// Rows of a table that name the one who goes name the one who stays.
macro_rules! renamed {
    ($tx:ident, $table:ident, $gone:ident, $stays:ident) => {
        diesel::update($table::table.filter($table::customer_id.eq($gone.id)))
            .set($table::customer_id.eq($stays.id))
            .execute($tx.conn)?
    };
}

/// Rows of a list: behind those of the one who stays.
macro_rules! behind {
    ($tx:ident, $table:ident, $gone:ident, $stays:ident) => {{
        let last: Option<i32> = $table::table
            .filter($table::customer_id.eq($stays.id))
            .select(diesel::dsl::max($table::position))
            .first($tx.conn)?;
        diesel::update($table::table.filter($table::customer_id.eq($gone.id)))
            .set((
                $table::customer_id.eq($stays.id),
                $table::position.eq($table::position + last.map_or(0, |last| last + 1)),
            ))
            .execute($tx.conn)?;
    }};
}

/// Gives all that one customer has to another, who is of this company and agent by now, and archives it. Licences of
/// another company lose their agent to that of the one who stays. What is never changed keeps its old name: logs and
/// ledger are found from the one who stays by `merged_into`.
///
/// # Errors
/// [`Again`](fault::Class::Again) where the one who goes is not as it was read.
pub fn merge(
    tx: &mut WriteTx<'_>,
    gone: &Visible<Customer>,
    stays: &Visible<Customer>,
    company: Option<NodeId>,
    agent: Option<NodeId>,
) -> Result<Moved> {
    let now = At(tx.now());
    let of_gone = licenses::table.filter(licenses::customer_id.eq(gone.id));
    let grown = licenses::revision.eq(licenses::revision + 1);
    let moved = if gone.company_id == company {
        diesel::update(of_gone)
            .set((licenses::customer_id.eq(stays.id), grown))
            .execute(tx.conn)?
    } else {
        diesel::update(of_gone)
            .set((
                licenses::customer_id.eq(stays.id),
                licenses::company_id.eq(company),
                licenses::agent_id.eq(agent),
                grown,
            ))
            .execute(tx.conn)?
    };
    let people = diesel::update(users::table.filter(users::customer_id.eq(gone.id)))
        .set((
            users::customer_id.eq(stays.id),
            users::revision.eq(users::revision + 1),
        ))
        .execute(tx.conn)?;
    behind!(tx, contacts, gone, stays);
    behind!(tx, sites, gone, stays);
    renamed!(tx, registrations, gone, stays);
    renamed!(tx, one_time_links, gone, stays);
    renamed!(tx, orders, gone, stays);
    renamed!(tx, batches, gone, stays);
    renamed!(tx, outbox, gone, stays);
    diesel::update(customers::table.filter(customers::merged_into.eq(gone.id)))
        .set(customers::merged_into.eq(stays.id))
        .execute(tx.conn)?;
    // Without a company: nobody below the vendor meets it again, and a licence that is given to it at this moment, of the
    // company that it was of, has no such customer.
    let guard = customers::table
        .find(gone.id)
        .filter(customers::revision.eq(gone.revision));
    let archived = diesel::update(guard)
        .set((
            customers::company_id.eq(None::<NodeId>),
            customers::agent_id.eq(None::<NodeId>),
            customers::flagged_double.eq(false),
            customers::merged_into.eq(stays.id),
            customers::archived_at.eq(now),
            customers::revision.eq(gone.revision + 1),
        ))
        .execute(tx.conn)?;
    if archived == 0 {
        return Err(fault::again());
    }
    Ok(Moved {
        licenses: moved,
        users: people,
    })
}
