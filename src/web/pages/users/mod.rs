//! Users: the list, one of them with sessions and tokens, inviting, changing, disabling.

mod actions;
mod change;
mod create;
mod list;
mod see_as;
mod sheet;

use crate::domain::{
    access::{Action, may},
    actor::Actor,
    company::NodeKind,
    ids::{NodeId, UserId},
    user::User,
};
use rocket::{Route, routes};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every route of users' pages.
pub(super) fn routes() -> Vec<Route> {
    routes![
        list::elenco,
        create::nuovo,
        create::crea,
        sheet::scheda,
        sheet::storico,
        change::modifica,
        change::salva,
        actions::disabilitare,
        actions::disabilita,
        actions::abilita,
        actions::invita,
        actions::terminare,
        actions::termina,
        actions::revocare,
        actions::revoca,
        see_as::vedere,
        see_as::vedi,
        see_as::fine,
    ]
}

/// Where a user's page is.
fn path(id: UserId) -> String {
    format!("/utenti/{id}")
}

/// What the reader may do to users.
fn rights(actor: &Actor) -> Value {
    json!({
        "manage": may(actor, Action::ManageUsers),
        "audit": may(actor, Action::ReadAudit),
        "end_sessions": may(actor, Action::EndSessions),
    })
}

/// Where a user belongs, by name and page, and the role that follows.
fn home(
    user: &User,
    nodes: &BTreeMap<NodeId, (String, NodeKind)>,
    customers: &BTreeMap<crate::domain::ids::CustomerId, String>,
) -> Value {
    if let Some(id) = user.customer_id {
        return json!({ "role": "cliente", "text": customers.get(&id), "href": format!("/clienti/{id}") });
    }
    match user.node_id {
        Some(NodeId::VENDOR) | None => json!({ "role": "superadmin", "text": null, "href": "" }),
        Some(id) => {
            let node = nodes.get(&id);
            json!({
                "role": node.map(|(_, kind)| kind.code()),
                "text": node.map(|(name, _)| name),
                "href": format!("/aziende/{id}"),
            })
        }
    }
}
