//! What nodes have, counted: licences, trials, customers, users, credit, each with all below it.

use crate::{
    domain::{company::Node, error::Result, ids::NodeId, scope::Scope},
    store::{
        ReadTx, Visible,
        directory::{self, Held, Part},
    },
};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What there is, by whose it is: read in a few queries, for one node or a whole tree.
#[derive(Debug)]
pub(super) struct Holdings {
    licenses: Vec<Held>,
    trials: Vec<Held>,
    customers: Vec<Held>,
    credit: Vec<Held>,
    users: BTreeMap<NodeId, i64>,
}

impl Holdings {
    /// Reads it: six queries.
    ///
    /// # Errors
    /// Of the database.
    pub(super) fn read(tx: &mut ReadTx<'_>, scope: Scope, part: Part) -> Result<Self> {
        Ok(Self {
            licenses: directory::licenses_held(tx, scope, part, false)?,
            trials: directory::licenses_held(tx, scope, part, true)?,
            customers: directory::customers_held(tx, scope, part)?,
            credit: directory::credit_held(tx, scope, part)?,
            users: directory::users_of_nodes(tx, scope, part)?,
        })
    }

    /// All of it together.
    pub(super) fn sum(&self) -> Sum {
        let all = |held: &[Held]| held.iter().map(|held| held.amount).sum();
        Sum {
            licenses: all(&self.licenses),
            trials: all(&self.trials),
            customers: all(&self.customers),
            credit: all(&self.credit),
            users: self.users.values().sum(),
        }
    }

    /// What each of these nodes has with all below it.
    pub(super) fn by_node(&self, nodes: &[Visible<Node>]) -> BTreeMap<NodeId, Sum> {
        let parents: BTreeMap<NodeId, Option<NodeId>> =
            nodes.iter().map(|node| (node.id, node.parent_id)).collect();
        let mut sums: BTreeMap<NodeId, Sum> = nodes.iter().map(|node| (node.id, Sum::default())).collect();
        let mut add = |from: Option<NodeId>, put: &dyn Fn(&mut Sum)| {
            let mut at = from;
            while let Some(id) = at {
                if let Some(sum) = sums.get_mut(&id) {
                    put(sum);
                }
                at = parents.get(&id).copied().flatten();
            }
        };
        // An agent's is on its own account and, by the company above it, on that of all above.
        let from = |held: &Held| {
            held.agent
                .filter(|agent| parents.contains_key(agent))
                .or(held.company)
        };
        for held in &self.licenses {
            add(from(held), &|sum| sum.licenses += held.amount);
        }
        for held in &self.trials {
            add(from(held), &|sum| sum.trials += held.amount);
        }
        for held in &self.customers {
            add(from(held), &|sum| sum.customers += held.amount);
        }
        for held in &self.credit {
            add(from(held), &|sum| sum.credit += held.amount);
        }
        for (node, users) in &self.users {
            add(Some(*node), &|sum| sum.users += users);
        }
        sums
    }
}

/// Numbers of one node.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(super) struct Sum {
    pub(super) licenses: i64,
    pub(super) trials: i64,
    pub(super) customers: i64,
    pub(super) credit: i64,
    pub(super) users: i64,
}

/// Something in use of a limit, with its bar.
fn gauge(used: i64, limit: Option<i64>) -> Value {
    let share = limit.map(|limit| {
        let tenths = if limit <= 0 {
            if used > 0 { 1000 } else { 0 }
        } else {
            used.clamp(0, limit).saturating_mul(1000) / limit
        };
        (format!("{}.{}", tenths / 10, tenths % 10), tenths)
    });
    let level = match share {
        Some((_, 1000..)) if used > 0 => "hbar--full",
        Some((_, 900..)) => "hbar--high",
        _ => "",
    };
    json!({ "used": used, "limit": limit, "share": share.map(|(share, _)| share), "level": level })
}

/// What a node has of what it may.
pub(super) fn gauges(node: &Node, sum: &Sum) -> Value {
    json!({
        "licenses": gauge(sum.licenses, node.license_quota.map(i64::from)),
        "trials": gauge(sum.trials, node.trial_quota.map(i64::from)),
        "credit": gauge(sum.credit, Some(node.credit_limit_cents).filter(|limit| *limit > 0 || node.defers())),
        "customers": sum.customers,
        "users": sum.users,
    })
}
