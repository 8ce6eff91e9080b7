//! What somebody who sells has to do today: bounded lists, each with how many there are in all, one statement each.

use super::{
    db::ReadTx,
    licenses::{Filter, matching},
    schema::{customers, licenses, products},
    tenancy,
};
use crate::domain::{
    company_rules::Graces,
    customer::CustomerState,
    error::Result,
    ids::{CustomerId, LicenseId},
    scope::Scope,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{BigInt, Bool, Nullable},
};

/// How many rows there are before the limit.
const IN_ALL: &str = "COUNT(*) OVER ()";

/// Whom to call, and about which licence.
#[derive(Debug, Clone, Queryable)]
pub struct Due {
    /// Which.
    pub id: LicenseId,
    /// The last group of its key.
    pub tail: String,
    /// Its product's name.
    pub product: String,
    /// Its last valid day.
    pub expires_on: Option<NaiveDate>,
    /// When it was first activated, UTC.
    pub activated_at: Option<NaiveDateTime>,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
    /// Its customer, where the scope sees it.
    pub customer: Option<CustomerId>,
    /// By name.
    pub name: Option<String>,
    /// Where the customer is called.
    pub phone: Option<String>,
    /// Where mail goes.
    pub email: Option<String>,
}

/// The licences of a scope that match, those that end first before the others; and how many there are.
///
/// # Errors
/// Of the database.
pub fn licenses(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    today: NaiveDate,
    limit: i64,
) -> Result<(Vec<Due>, i64)> {
    let seen = sql::<Nullable<Bool>>(&tenancy::words(scope, "customers", "id"));
    let rows: Vec<(Due, i64)> = matching(scope, filter, today, &Graces::default())
        .inner_join(products::table.on(products::id.eq(licenses::product_id)))
        .left_join(customers::table.on(customers::id.nullable().eq(licenses::customer_id).and(seen)))
        .order((licenses::expires_on.asc(), licenses::id.asc()))
        .limit(limit)
        .select((
            (
                licenses::id,
                licenses::key_tail,
                products::name,
                licenses::expires_on,
                licenses::activated_at,
                licenses::created_at,
                customers::id.nullable(),
                customers::name.nullable(),
                customers::phone.nullable(),
                customers::email.nullable(),
            ),
            sql::<BigInt>(IN_ALL),
        ))
        .load(tx.conn)?;
    Ok(split(rows))
}

/// A customer who waits.
#[derive(Debug, Clone, Queryable)]
pub struct Waits {
    /// Who.
    pub id: CustomerId,
    /// By name.
    pub name: String,
    /// Where they are called.
    pub phone: Option<String>,
    /// Where mail goes.
    pub email: Option<String>,
    /// Since when, UTC.
    pub at: NaiveDateTime,
}

/// The customers of a scope who wait for validation, who came last first; and how many there are.
///
/// # Errors
/// Of the database.
pub fn customers(tx: &mut ReadTx<'_>, scope: Scope, limit: i64) -> Result<(Vec<Waits>, i64)> {
    let rows: Vec<(Waits, i64)> = tenancy::customers(scope)
        .filter(customers::state.eq(CustomerState::Pending))
        .order(customers::id.desc())
        .limit(limit)
        .select((
            (
                customers::id,
                customers::name,
                customers::phone,
                customers::email,
                customers::created_at,
            ),
            sql::<BigInt>(IN_ALL),
        ))
        .load(tx.conn)?;
    Ok(split(rows))
}

fn split<T>(rows: Vec<(T, i64)>) -> (Vec<T>, i64) {
    let all = rows.first().map_or(0, |(_, all)| *all);
    (rows.into_iter().map(|(row, _)| row).collect(), all)
}
