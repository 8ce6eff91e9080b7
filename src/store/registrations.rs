//! Customers' own requests for registration.

use super::{
    customers as people,
    db::{ReadTx, WriteTx},
    schema::{customers, registrations},
    sql_types::{At, Hash32},
    tenancy::Visible,
};
use crate::domain::{customer::Customer, error::Result, ids::*};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Whose link these customers followed to register, for those who did; none within where it was the vendor's own page.
///
/// # Errors
/// Of the database.
pub fn links_followed(
    tx: &mut ReadTx<'_>,
    of: &[Visible<Customer>],
) -> Result<BTreeMap<CustomerId, Option<NodeId>>> {
    let ids: Vec<CustomerId> = of.iter().map(|customer| customer.id).collect();
    let rows: Vec<(CustomerId, Option<NodeId>)> = registrations::table
        .filter(registrations::customer_id.eq_any(ids))
        .order(registrations::id)
        .select((registrations::customer_id, registrations::node_id))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// A customer's own request.
#[derive(Debug, Clone, Copy)]
pub struct Registration {
    /// Identifier.
    pub id: RegistrationId,
    /// The customer it made.
    pub customer: CustomerId,
    /// SHA-256 of its code.
    pub case_hash: [u8; 32],
    /// The product that a trial was asked of.
    pub product: Option<ProductId>,
    /// The company whose link was followed.
    pub node: Option<NodeId>,
}

/// Adds a request.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, registration: &Registration) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(registrations::table)
        .values((
            registrations::id.eq(registration.id),
            registrations::customer_id.eq(registration.customer),
            registrations::case_hash.eq(Hash32(registration.case_hash)),
            registrations::product_id.eq(registration.product),
            registrations::node_id.eq(registration.node),
            registrations::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The customer whose request has this code, while it lives: up to a moment after the decision. The code is the
/// credential.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn by_case_code(
    tx: &mut ReadTx<'_>,
    case_hash: [u8; 32],
    decided_after: NaiveDateTime,
) -> Result<Visible<Customer>> {
    let customer = registrations::table
        .filter(registrations::case_hash.eq(Hash32(case_hash)))
        .filter(
            registrations::decided_at
                .is_null()
                .or(registrations::decided_at.gt(At(decided_after))),
        )
        .select(registrations::customer_id)
        .first::<CustomerId>(tx.conn)?;
    people::of_link(tx, customer)
}

/// Notes that a customer's request was decided.
///
/// # Errors
/// Of the database.
pub fn close(tx: &mut WriteTx<'_>, customer: &Visible<Customer>) -> Result<()> {
    let now = tx.now();
    diesel::update(
        registrations::table.filter(
            registrations::customer_id
                .eq(customer.id)
                .and(registrations::decided_at.is_null()),
        ),
    )
    .set(registrations::decided_at.eq(At(now)))
    .execute(tx.conn)?;
    diesel::update(customers::table.find(customer.id))
        .set(customers::decided_at.eq(At(now)))
        .execute(tx.conn)?;
    Ok(())
}
