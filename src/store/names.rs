//! Names beside identifiers that a page shows: many at once, and none that the scope does not see.

use super::{
    db::ReadTx,
    schema::{customers, nodes, users},
    tenancy,
};
use crate::domain::{
    company::NodeKind,
    error::Result,
    ids::{CustomerId, NodeId, UserId},
    scope::Scope,
};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use std::collections::{BTreeMap, BTreeSet};

macro_rules! names {
    ($(#[$doc:meta])* $table:ident, $id:ty) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// Of the database.
        pub fn $table(tx: &mut ReadTx<'_>, scope: Scope, of: &BTreeSet<$id>) -> Result<BTreeMap<$id, String>> {
            if of.is_empty() {
                return Ok(BTreeMap::new());
            }
            let rows: Vec<($id, String)> = tenancy::$table(scope)
                .filter($table::id.eq_any(of.iter().copied().collect::<Vec<_>>()))
                .select(($table::id, $table::name))
                .load(tx.conn)?;
            Ok(rows.into_iter().collect())
        }
    };
}

names! {
    /// The names of companies and agents.
    nodes, NodeId
}
names! {
    /// The names of customers.
    customers, CustomerId
}
names! {
    /// The names of users.
    users, UserId
}

/// Companies and agents to choose among at most.
const CHOICES: i64 = 500;

/// The names of companies and agents, and which of the two they are.
///
/// # Errors
/// Of the database.
pub fn nodes_with_kinds(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    of: &BTreeSet<NodeId>,
) -> Result<BTreeMap<NodeId, (String, NodeKind)>> {
    if of.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(NodeId, String, NodeKind)> = tenancy::nodes(scope)
        .filter(nodes::id.eq_any(of.iter().copied().collect::<Vec<_>>()))
        .select((nodes::id, nodes::name, nodes::kind))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, kind)| (id, (name, kind)))
        .collect())
}

/// A company or agent to choose.
#[derive(Debug, Clone, Queryable)]
pub struct Choice {
    /// Identifier.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// Which of the two.
    pub kind: NodeKind,
    /// What stands above it.
    pub parent: Option<NodeId>,
}

/// The same with certain ones among them, however many there are: one that is missing is not the scope's to see.
///
/// # Errors
/// Of the database.
pub fn choices_with(tx: &mut ReadTx<'_>, scope: Scope, asked: &[NodeId]) -> Result<Vec<Choice>> {
    if asked.is_empty() {
        return choices(tx, scope);
    }
    let asked: Vec<String> = asked.iter().map(|id| tenancy::literal(id.0)).collect();
    let first = sql::<Bool>(&format!("(nodes.id IN ({})) DESC", asked.join(", ")));
    let mut chosen: Vec<Choice> = tenancy::nodes(scope)
        .order((first, nodes::name_search, nodes::id))
        .limit(CHOICES)
        .select((nodes::id, nodes::name, nodes::kind, nodes::parent_id))
        .load(tx.conn)?;
    chosen.sort_by_key(|choice| choice.name.to_lowercase());
    Ok(chosen)
}

/// The companies and agents of a scope by their names, with the company of each agent: the first 500.
///
/// # Errors
/// Of the database.
pub fn choices(tx: &mut ReadTx<'_>, scope: Scope) -> Result<Vec<Choice>> {
    Ok(tenancy::nodes(scope)
        .order((nodes::name_search, nodes::id))
        .limit(CHOICES)
        .select((nodes::id, nodes::name, nodes::kind, nodes::parent_id))
        .load(tx.conn)?)
}
