//! How much waits for somebody: what stands beside the menu, on every page.

use super::{db::ReadTx, notices, tenancy};
use crate::domain::{customer::CustomerState, error::Result, ids::UserId, scope::Scope};
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

/// What is counted of each kind at most: every page asks.
pub const COUNTED: i64 = 100;

/// How many customers of a scope wait for validation, and, where they are asked for, how many of its licences wait for
/// a company or an agent; beside it how many notices a user did not read yet: one statement, that looks at so many rows
/// at most as it counts.
///
/// # Errors
/// Of the database.
pub fn count(tx: &mut ReadTx<'_>, scope: Scope, with_licenses: bool, user: UserId) -> Result<(i64, i64)> {
    let mut parts = vec![counted(
        &format!(
            "customers WHERE customers.state = '{}' AND {}",
            CustomerState::Pending,
            tenancy::words(scope, "customers", "id")
        ),
        Some(COUNTED),
    )];
    if with_licenses {
        parts.push(unassigned(scope, Some(COUNTED)));
    }
    let both = (
        sql::<BigInt>(&parts.join(" + ")),
        sql::<BigInt>(&notices::unread_words(scope, user, COUNTED)),
    );
    Ok(diesel::select(both).get_result(tx.conn)?)
}

fn counted(from: &str, most: Option<i64>) -> String {
    match most {
        Some(most) => format!("(SELECT COUNT(*) FROM (SELECT 1 AS one FROM {from} LIMIT {most}) AS t)"),
        None => format!("(SELECT COUNT(*) FROM {from})"),
    }
}

/// How many licences of a scope wait for a company or an agent, in words: of each stretch of the index so many at most.
pub(super) fn unassigned(scope: Scope, most: Option<i64>) -> String {
    let seen = tenancy::words(scope, "licenses", "customer_id");
    let nodes_seen = tenancy::nodes_words(scope);
    // As the index has them that SQLite keeps of these alone.
    let unassigned = format!(
        "licenses.agent_id IS NULL AND licenses.revoked_at IS NULL AND licenses.archived_at IS NULL \
         AND (licenses.activated_at IS NOT NULL OR licenses.settled = 1) AND {seen}"
    );
    let mut parts = Vec::new();
    // Apart, so that each is a stretch of the index; SQLite keeps a cross join in the order in which it is written.
    for why in [
        "licenses.activated_at IS NOT NULL",
        "licenses.activated_at IS NULL AND licenses.settled = 1",
    ] {
        parts.push(counted(
            &format!("licenses WHERE licenses.company_id IS NULL AND {why} AND {unassigned}"),
            most,
        ));
        parts.push(counted(
            &format!(
                "nodes CROSS JOIN licenses WHERE licenses.company_id = nodes.id AND nodes.wants_agent = 1 \
                 AND {nodes_seen} AND {why} AND {unassigned}"
            ),
            most,
        ));
    }
    format!("({})", parts.join(" + "))
}
