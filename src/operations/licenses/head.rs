//! One licence with what stands at the top of each of its pages.

use super::view::open_key;
use crate::{
    domain::{
        calendar,
        company::NodeKind,
        error::Result,
        ids::{CustomerId, LicenseId, NodeId},
        license::{LicenseState, Sheet},
        scope::Scope,
    },
    operations::{App, catalogue::Known},
    store::{
        ReadTx, Visible,
        activations::{self, Found},
        licenses, names,
    },
};
use chrono::NaiveDate;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A licence, its product, its customer's standing and its key.
#[derive(Debug, Clone)]
pub struct Head {
    /// The licence.
    pub sheet: Visible<Sheet>,
    /// The licence as the hot path reads it, with the place of the device that was asked about.
    pub found: Found,
    /// Its product.
    pub product: Arc<Known>,
    /// Whether the product is one that the reader sells: else the licence alone names it.
    pub is_offered: bool,
    /// The activation key, grouped.
    pub key: String,
    /// The day, where the installation is.
    pub today: NaiveDate,
}

impl Head {
    /// The state.
    pub fn state(&self) -> LicenseState {
        self.sheet.state(
            self.found.standing.as_ref(),
            self.product.rules.grace_days,
            self.today,
        )
    }

    /// Whether it works by grace alone.
    pub fn in_grace(&self) -> bool {
        self.sheet.is_in_grace(self.product.rules.grace_days, self.today)
    }
}

/// A licence of a scope, with the place of `device` in it (an empty name has none).
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn open(app: &App, tx: &mut ReadTx<'_>, scope: Scope, id: LicenseId, device: &str) -> Result<Head> {
    let (sheet, is_offered) = licenses::get_and_offer(tx, scope, id)?;
    let found = activations::find(tx, &sheet.license(), device)?;
    let product = app.catalogue.of(tx, &found)?;
    Ok(Head {
        is_offered,
        key: open_key(app, &sheet)?,
        today: calendar::today(app.clock.now(), app.zone),
        sheet,
        found,
        product,
    })
}

/// Names of customers, companies and agents that a page points at; what the caller does not see has none.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Of customers.
    pub customers: BTreeMap<CustomerId, String>,
    /// Of companies and agents.
    pub nodes: BTreeMap<NodeId, (String, NodeKind)>,
}

impl Names {
    /// A customer's.
    pub fn customer(&self, id: Option<CustomerId>) -> Option<&str> {
        self.customers.get(&id?).map(String::as_str)
    }

    /// A company's or an agent's.
    pub fn node(&self, id: Option<NodeId>) -> Option<&str> {
        self.nodes.get(&id?).map(|(name, _)| name.as_str())
    }
}

/// The names of those that a licence belongs to, and of others.
///
/// # Errors
/// Of the database.
pub fn names(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    sheet: &Sheet,
    customers: impl IntoIterator<Item = CustomerId>,
    nodes: impl IntoIterator<Item = NodeId>,
) -> Result<Names> {
    let customers: BTreeSet<CustomerId> = sheet.customer_id.into_iter().chain(customers).collect();
    let own = [sheet.company_id, sheet.agent_id].into_iter().flatten();
    let nodes: BTreeSet<NodeId> = own.chain(nodes).collect();
    Ok(Names {
        customers: names::customers(tx, scope, &customers)?,
        nodes: names::nodes_with_kinds(tx, scope, &nodes)?,
    })
}
