//! What waits for somebody, in one place: customers for their validation, licences for a company or an agent.

mod assign;
mod customers;
mod decide;
mod licenses;

use crate::{
    domain::{
        access::{Action, allows, may},
        actor::Actor,
        company_rules::Graces,
        customer::CustomerState,
        error::Result,
        scope::Scope,
    },
    store::{
        ReadTx,
        customers::{self as stored, Filter},
        licenses::{Filter as LicenseFilter, Waiting},
    },
};
use chrono::NaiveDate;
use rocket::{Route, routes};
use serde_json::{Value, json};

const CUSTOMERS: &str = "/in-attesa";
const LICENSES: &str = "/in-attesa/licenze";
/// Rows of a preview: the others are told by their number.
const PREVIEWED: usize = 50;

/// Every route of what waits.
pub(super) fn routes() -> Vec<Route> {
    routes![
        customers::clienti,
        decide::decidere,
        decide::deciso,
        licenses::licenze,
        assign::assegnare,
        assign::assegnate,
    ]
}

/// Customers who wait.
fn pending() -> Filter {
    Filter {
        state: Some(CustomerState::Pending),
        ..Filter::default()
    }
}

/// Licences that wait for a company or an agent.
fn unassigned() -> LicenseFilter {
    LicenseFilter {
        waiting: Some(Waiting::Assignment),
        ..LicenseFilter::default()
    }
}

/// Whether somebody is one who assigns licences: an agent's are never without an agent.
fn assigns(actor: &Actor) -> bool {
    actor
        .role()
        .is_some_and(|role| allows(role, Action::AssignLicense))
}

/// How many there are of each kind, exactly. Who waits for a company or an agent waits whatever the state, and so without
/// any grace.
fn counts(tx: &mut ReadTx<'_>, scope: Scope, today: NaiveDate, assigns: bool) -> Result<(i64, i64)> {
    let licenses = if assigns {
        crate::store::licenses::count(tx, scope, &unassigned(), today, &Graces::default())?
    } else {
        0
    };
    Ok((stored::count(tx, scope, &pending())?, licenses))
}

/// The tabs, and what the reader may do.
fn head(actor: &Actor, counts: (i64, i64), current: &str) -> Value {
    json!({
        "tabs": [
            { "text": "waiting-customers", "href": CUSTOMERS, "n": counts.0, "current": current == CUSTOMERS, "shown": true },
            { "text": "waiting-licenses", "href": LICENSES, "n": counts.1, "current": current == LICENSES, "shown": assigns(actor) },
        ],
        "decides": may(actor, Action::DecideCustomer),
        "proposes": may(actor, Action::ProposeCustomer) && !may(actor, Action::DecideCustomer),
        "assigns": may(actor, Action::AssignLicense),
        "superadmin": actor.is_superadmin(),
    })
}
