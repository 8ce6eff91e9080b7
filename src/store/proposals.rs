//! Customers who wait, and whom somebody who may not decide spoke for.

use super::{
    customers::Row,
    db::{ReadTx, WriteTx},
    fault,
    schema::customers,
    sql_types::At,
    tenancy::{self, Visible},
};
use crate::domain::{
    customer::{Customer, CustomerState},
    error::Result,
    scope::Scope,
};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// What was said for a customer.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// When, UTC.
    pub at: NaiveDateTime,
    /// Why it should be validated.
    pub note: Option<String>,
}

/// Speaks for a customer, if it still is as it was read; who spoke before is heard no more.
///
/// # Errors
/// [`Again`](fault::Class::Again) where it is not as it was read.
pub fn propose(tx: &mut WriteTx<'_>, was: &Visible<Customer>, note: Option<&str>) -> Result<()> {
    let now = tx.now();
    let guard = customers::table
        .find(was.id)
        .filter(customers::revision.eq(was.revision));
    let proposed = diesel::update(guard)
        .set((
            customers::proposed_at.eq(At(now)),
            customers::proposed_note.eq(note),
            customers::revision.eq(was.revision + 1),
        ))
        .execute(tx.conn)?;
    if proposed == 0 {
        Err(fault::again())
    } else {
        Ok(())
    }
}

/// The waiting customers of a scope that somebody spoke for, who was spoken for first before the others.
///
/// # Errors
/// Of the database.
pub fn waiting(tx: &mut ReadTx<'_>, scope: Scope, most: i64) -> Result<Vec<(Visible<Customer>, Proposal)>> {
    let rows: Vec<(Row, Option<NaiveDateTime>, Option<String>)> = tenancy::customers(scope)
        .filter(customers::state.eq(CustomerState::Pending))
        .filter(customers::proposed_at.is_not_null())
        .order((customers::proposed_at, customers::id))
        .limit(most)
        .select((Row::as_select(), customers::proposed_at, customers::proposed_note))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(row, at, note)| Some((Visible::new(row.into()), Proposal { at: at?, note })))
        .collect())
}
