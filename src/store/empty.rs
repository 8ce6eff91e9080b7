//! Whether a database holds anything yet.

use super::{
    db::ReadTx,
    schema::{customers, licenses, nodes, products, users},
};
use crate::domain::error::Result;
use diesel::prelude::*;

/// Whether there is no node, product, user, customer and licence.
///
/// # Errors
/// Of the database.
pub fn is_empty(tx: &mut ReadTx<'_>) -> Result<bool> {
    macro_rules! none {
        ($($table:ident),+) => {
            $($table::table.select($table::id).first::<crate::domain::ids::AnyId>(tx.conn).optional()?.is_none())&&+
        };
    }
    Ok(none!(nodes, products, users, customers, licenses))
}
