//! What the one search box finds, and names for what lists point at: each within a scope.

use super::{
    db::ReadTx,
    page,
    schema::{activations, customers, licenses, nodes, products, users},
    sql_types::Hash32,
    statistics::{self, Label},
    tenancy,
};
use crate::domain::{
    company::NodeKind,
    error::Result,
    ids::{CustomerId, LicenseId, NodeId, ProductId, UserId},
    scope::Scope,
};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Licences by a whole key (its lookup hash) or a key's last group. Those that were put away answer to the whole key alone.
///
/// # Errors
/// Of the database.
pub fn licenses(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    hash: Option<[u8; 32]>,
    tail: &str,
    limit: i64,
) -> Result<Vec<Label>> {
    // Tails are ASCII, and MariaDB refuses to compare them with anything else.
    let tail = Some(tail.to_ascii_uppercase()).filter(|tail| tail.is_ascii());
    let ids: Vec<LicenseId> = tenancy::licenses(scope)
        .filter(
            licenses::key_tail
                .eq(tail.unwrap_or_default())
                .and(licenses::archived_at.is_null())
                .or(licenses::key_hash.eq(Hash32(hash.unwrap_or_default()))),
        )
        .order(licenses::id.desc())
        .limit(limit)
        .select(licenses::id)
        .load(tx.conn)?;
    labelled(tx, scope, &ids)
}

/// The licence with a whole key, by its lookup hash.
///
/// # Errors
/// Of the database.
pub fn license_with_key(tx: &mut ReadTx<'_>, scope: Scope, hash: [u8; 32]) -> Result<Option<LicenseId>> {
    Ok(tenancy::licenses(scope)
        .filter(licenses::key_hash.eq(Hash32(hash)))
        .select(licenses::id)
        .first(tx.conn)
        .optional()?)
}

fn labelled(tx: &mut ReadTx<'_>, scope: Scope, ids: &[LicenseId]) -> Result<Vec<Label>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut labels = statistics::labels(tx, scope, ids)?;
    Ok(ids.iter().filter_map(|id| labels.remove(id)).collect())
}

/// Customers whose name begins like this (as names are searched), or whose e-mail address or VAT number is this: with
/// name and e-mail address.
///
/// # Errors
/// Of the database.
pub fn customers(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    search: &str,
    limit: i64,
) -> Result<Vec<(CustomerId, String, Option<String>)>> {
    Ok(tenancy::customers(scope)
        .filter(
            customers::name_search
                .ge(search.to_owned())
                .and(customers::name_search.lt(page::after_prefix(search)))
                .nullable()
                .or(customers::email.eq(search.to_owned()))
                .or(customers::vat_number.eq(search.to_ascii_uppercase())),
        )
        .order(customers::name_search)
        .limit(limit)
        .select((customers::id, customers::name, customers::email))
        .load(tx.conn)?)
}

/// Companies and agents whose name begins like this (as names are searched).
///
/// # Errors
/// Of the database.
pub fn nodes(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    search: &str,
    limit: i64,
) -> Result<Vec<(NodeId, String, NodeKind)>> {
    Ok(tenancy::nodes(scope)
        .filter(
            nodes::name_search
                .ge(search.to_owned())
                .and(nodes::name_search.lt(page::after_prefix(search))),
        )
        .order(nodes::name_search)
        .limit(limit)
        .select((nodes::id, nodes::name, nodes::kind))
        .load(tx.conn)?)
}

/// Users whose e-mail address begins like this, or whose name does, as it is written.
///
/// # Errors
/// Of the database.
pub fn users(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    typed: &str,
    limit: i64,
) -> Result<Vec<(UserId, String, String)>> {
    let email = typed.to_lowercase();
    Ok(tenancy::users(scope)
        .filter(
            users::email
                .ge(email.clone())
                .and(users::email.lt(page::after_prefix(&email)))
                .or(users::name
                    .ge(typed.to_owned())
                    .and(users::name.lt(page::after_prefix(typed)))),
        )
        .order(users::email)
        .limit(limit)
        .select((users::id, users::name, users::email))
        .load(tx.conn)?)
}

/// The licences that hold a place for a device, with the device's own name.
///
/// # Errors
/// Of the database.
pub fn devices(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    device: &str,
    limit: i64,
) -> Result<Vec<(Label, Option<String>)>> {
    let found: Vec<(LicenseId, Option<String>)> = tenancy::licenses(scope)
        .inner_join(activations::table.on(activations::license_id.eq(licenses::id)))
        .filter(
            activations::device
                .eq(device.to_owned())
                .and(activations::live.is_not_null()),
        )
        .filter(licenses::archived_at.is_null())
        .limit(limit)
        .select((activations::license_id, activations::device_name))
        .load(tx.conn)?;
    let ids: Vec<LicenseId> = found.iter().map(|(id, _)| *id).collect();
    let mut names: BTreeMap<LicenseId, Option<String>> = found.into_iter().collect();
    Ok(labelled(tx, scope, &ids)?
        .into_iter()
        .map(|label| {
            let name = names.remove(&label.id).flatten();
            (label, name)
        })
        .collect())
}

/// Things that a list points at.
#[derive(Debug, Default)]
pub struct Pointers {
    /// Licences.
    pub licenses: Vec<LicenseId>,
    /// Customers.
    pub customers: Vec<CustomerId>,
    /// Companies and agents.
    pub nodes: Vec<NodeId>,
    /// Users.
    pub users: Vec<UserId>,
    /// Products, which everybody sees.
    pub products: Vec<ProductId>,
}

/// Their names, of those that the scope sees.
#[derive(Debug, Default)]
pub struct Names {
    /// Licences.
    pub licenses: BTreeMap<LicenseId, Label>,
    /// Customers.
    pub customers: BTreeMap<CustomerId, String>,
    /// Companies and agents.
    pub nodes: BTreeMap<NodeId, String>,
    /// Users.
    pub users: BTreeMap<UserId, String>,
    /// Products, with their codes.
    pub products: BTreeMap<ProductId, (String, String)>,
}

/// Names of what a list points at: a query for each kind of thing that is among them.
///
/// # Errors
/// Of the database.
pub fn names(tx: &mut ReadTx<'_>, scope: Scope, of: &Pointers) -> Result<Names> {
    let mut names = Names::default();
    if !of.licenses.is_empty() {
        names.licenses = statistics::labels(tx, scope, &of.licenses)?;
    }
    if !of.customers.is_empty() {
        let rows: Vec<(CustomerId, String)> = tenancy::every_customer(scope)
            .filter(customers::id.eq_any(of.customers.clone()))
            .select((customers::id, customers::name))
            .load(tx.conn)?;
        names.customers = rows.into_iter().collect();
    }
    if !of.nodes.is_empty() {
        let rows: Vec<(NodeId, String)> = tenancy::nodes(scope)
            .filter(nodes::id.eq_any(of.nodes.clone()))
            .select((nodes::id, nodes::name))
            .load(tx.conn)?;
        names.nodes = rows.into_iter().collect();
    }
    if !of.users.is_empty() {
        let rows: Vec<(UserId, String)> = tenancy::users(scope)
            .filter(users::id.eq_any(of.users.clone()))
            .select((users::id, users::email))
            .load(tx.conn)?;
        names.users = rows.into_iter().collect();
    }
    if !of.products.is_empty() {
        let rows: Vec<(ProductId, String, String)> = products::table
            .filter(products::id.eq_any(of.products.clone()))
            .select((products::id, products::code, products::name))
            .load(tx.conn)?;
        names.products = rows
            .into_iter()
            .map(|(id, code, name)| (id, (code, name)))
            .collect();
    }
    Ok(names)
}
