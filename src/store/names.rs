//! Names beside identifiers that a page shows: many at once, and none that the scope does not see.

use super::{
    db::ReadTx,
    schema::{customers, nodes, users},
    tenancy,
};
use crate::domain::{
    error::Result,
    ids::{CustomerId, NodeId, UserId},
    scope::Scope,
};
use diesel::prelude::*;
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
