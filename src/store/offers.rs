//! What of the products companies may sell, and what lists tell of a product.

use super::{
    company_rules,
    db::{ReadTx, WriteTx},
    schema::{company_products, products},
    tenancy::{self, Visible},
};
use crate::domain::{
    company::Node,
    company_rules::Graces,
    error::Result,
    ids::{NodeId, ProductId},
    scope::Scope,
};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use std::collections::BTreeSet;

/// Whether a product is one of a scope.
///
/// # Errors
/// Of the database.
pub fn is_offered(tx: &mut ReadTx<'_>, scope: Scope, id: ProductId) -> Result<bool> {
    if tenancy::is_everything(scope) {
        return Ok(true);
    }
    let words = tenancy::products_words(scope);
    let query = products::table
        .filter(sql::<Bool>(&words))
        .filter(products::id.eq(id));
    let n: i64 = query.count().get_result(tx.conn)?;
    Ok(n > 0)
}

/// Whether a company may sell a product.
///
/// # Errors
/// Of the database.
pub fn is_sold(tx: &mut ReadTx<'_>, by: NodeId, id: ProductId) -> Result<bool> {
    let words = sold_words(by);
    let query = products::table
        .filter(sql::<Bool>(&words))
        .filter(products::id.eq(id));
    let n: i64 = query.count().get_result(tx.conn)?;
    Ok(n > 0)
}

/// The products that were chosen for a company. Where there are none, it sells all that its line may.
///
/// # Errors
/// Of the database.
pub fn chosen(tx: &mut ReadTx<'_>, of: &Visible<Node>) -> Result<BTreeSet<ProductId>> {
    let rows: Vec<ProductId> = company_products::table
        .filter(company_products::node_id.eq(of.id))
        .select(company_products::product_id)
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// Replaces the products that a company may sell. None are all that its line may.
///
/// # Errors
/// Of the database.
pub fn choose(tx: &mut WriteTx<'_>, of: &Visible<Node>, products: &BTreeSet<ProductId>) -> Result<()> {
    diesel::delete(company_products::table.filter(company_products::node_id.eq(of.id))).execute(tx.conn)?;
    for product in products {
        diesel::insert_into(company_products::table)
            .values((
                company_products::node_id.eq(of.id),
                company_products::product_id.eq(product),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Whether any company has another grace: asked beside the products, so that what companies set is read only where there
/// is any.
const GRACE_IS_SET: &str =
    "EXISTS (SELECT 1 FROM company_rules AS set_rules WHERE set_rules.grace_days IS NOT NULL)";

/// Days of grace of each product, and of companies that have them otherwise: what the states of many licences follow
/// from.
///
/// # Errors
/// Of the database.
pub fn graces(tx: &mut ReadTx<'_>) -> Result<Graces> {
    let of_products: Vec<(ProductId, i32, bool)> = products::table
        .select((products::id, products::grace_days, sql::<Bool>(GRACE_IS_SET)))
        .load(tx.conn)?;
    let is_set = of_products.iter().any(|(.., is_set)| *is_set);
    let of_products = of_products.into_iter().map(|(id, days, _)| (id, days));
    if is_set {
        company_rules::graces(tx, of_products)
    } else {
        Ok(Graces::new(of_products, []))
    }
}

/// The same, of products that were read.
///
/// # Errors
/// Of the database.
pub fn graces_of(tx: &mut ReadTx<'_>, products: &[Brief]) -> Result<Graces> {
    let of_products = products.iter().map(|one| (one.id, one.grace_days));
    if products.iter().any(|one| one.grace_is_set) {
        company_rules::graces(tx, of_products)
    } else {
        Ok(Graces::new(of_products, []))
    }
}

/// What lists tell of a product.
#[derive(Debug, Clone, Queryable)]
pub struct Brief {
    /// Identifier.
    pub id: ProductId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Days for which a subscription goes on after its last valid day.
    pub grace_days: i32,
    /// Whether any company has other days.
    pub grace_is_set: bool,
    /// Whether it is sold no more.
    pub is_archived: bool,
    /// Whether it is one of the scope: others are named only where licences of it are seen.
    pub is_offered: bool,
    /// Days from the first activation for which it runs while its customer waits.
    pub pending_days: i32,
}

impl Brief {
    /// Whether it is to choose among: sold still, and one of the scope; or chosen already.
    pub fn is_choice(&self, chosen: Option<&str>) -> bool {
        self.is_offered && (!self.is_archived || chosen == Some(self.code.as_str()))
    }
}

/// All products, in short, by their names: licences that are seen tell theirs, whether it is one of the scope or not.
///
/// # Errors
/// Of the database.
pub fn brief(tx: &mut ReadTx<'_>, scope: Scope) -> Result<Vec<Brief>> {
    briefly(tx, &tenancy::products_words(scope))
}

/// The same for a company that is found: those are offered that are sold above it.
///
/// # Errors
/// Of the database.
pub fn brief_above(tx: &mut ReadTx<'_>, node: &Visible<Node>) -> Result<Vec<Brief>> {
    briefly(tx, &sold_above_words(node.id))
}

fn briefly(tx: &mut ReadTx<'_>, words: &str) -> Result<Vec<Brief>> {
    let offered = sql::<Bool>(words);
    Ok(products::table
        .order((products::name, products::id))
        .select((
            products::id,
            products::code,
            products::name,
            products::grace_days,
            sql::<Bool>(GRACE_IS_SET),
            products::archived_at.is_not_null(),
            offered,
            products::pending_days,
        ))
        .load(tx.conn)?)
}

/// The products that a company or agent may sell, in words: those that no company of its line leaves out.
pub(super) fn sold_words(by: NodeId) -> String {
    sold_from(by, 0, "products.id")
}

/// The same of those above it alone: what it could be given to sell.
fn sold_above_words(by: NodeId) -> String {
    sold_from(by, 1, "products.id")
}

/// The same of those of its line that are so far above it, or farther, and of the product that a column names.
pub(super) fn sold_from(by: NodeId, depth: u8, product: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM node_tree AS above WHERE above.descendant_id = {} AND above.depth >= {depth} \
         AND above.ancestor_id IN (SELECT chosen.node_id FROM company_products AS chosen) \
         AND NOT EXISTS (SELECT 1 FROM company_products AS sold \
         WHERE sold.node_id = above.ancestor_id AND sold.product_id = {product}))",
        tenancy::literal(by.0)
    )
}
