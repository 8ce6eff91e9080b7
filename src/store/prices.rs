//! The vendor's price lists. A row is added and gets its last day; nothing else of it ever changes.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    schema::prices,
    sql_types::At,
};
use crate::domain::{
    company::NodeKind,
    error::Result,
    ids::{ModuleId, PriceId, ProductId},
    license::LicenseKind,
    price::Price,
};
use chrono::NaiveDate;
use diesel::prelude::*;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = prices, check_for_backend(MultiBackend))]
struct Row {
    id: PriceId,
    product_id: ProductId,
    module_id: Option<ModuleId>,
    license_kind: LicenseKind,
    period_months: Option<i32>,
    company_level: Option<NodeKind>,
    per_seat: bool,
    amount_cents: i64,
    currency: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    created_at: At,
}

impl From<Row> for Price {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            product_id: row.product_id,
            module_id: row.module_id,
            kind: row.license_kind,
            period_months: row.period_months,
            level: row.company_level,
            per_seat: row.per_seat,
            amount_cents: row.amount_cents,
            currency: row.currency,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}

/// All prices of a product, the latest first.
///
/// # Errors
/// Of the database.
pub fn of_product(tx: &mut ReadTx<'_>, product: ProductId) -> Result<Vec<Price>> {
    let rows: Vec<Row> = prices::table
        .filter(prices::product_id.eq(product))
        .order((prices::valid_from.desc(), prices::id.desc()))
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Adds a price.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, price: &Price) -> Result<()> {
    let row = Row {
        id: price.id,
        product_id: price.product_id,
        module_id: price.module_id,
        license_kind: price.kind,
        period_months: price.period_months,
        company_level: price.level,
        per_seat: price.per_seat,
        amount_cents: price.amount_cents,
        currency: price.currency.clone(),
        valid_from: price.valid_from,
        valid_to: price.valid_to,
        created_at: At(tx.now()),
    };
    diesel::insert_into(prices::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Gives a price its last day.
///
/// # Errors
/// Of the database.
pub fn end(tx: &mut WriteTx<'_>, price: PriceId, last: NaiveDate) -> Result<()> {
    diesel::update(prices::table.find(price))
        .set(prices::valid_to.eq(last))
        .execute(tx.conn)?;
    Ok(())
}
