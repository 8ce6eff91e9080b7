//! Companies and agents: the tree, one of them, opening, changing, stopping, moving.

mod actions;
mod change;
mod create;
mod fields;
mod holdings;
mod products;
mod rules;
mod sheet;
mod shift;
mod tree;

pub(super) use sheet::head;

use crate::domain::{
    access::{Action, may},
    actor::Actor,
    ids::NodeId,
};
use rocket::{Route, routes};
use serde_json::{Value, json};

/// Every route of these pages.
pub(super) fn routes() -> Vec<Route> {
    routes![
        tree::albero,
        create::nuova,
        create::crea,
        sheet::scheda,
        sheet::storico,
        change::modifica,
        change::salva,
        rules::regole,
        rules::salva,
        products::prodotti,
        products::scegli,
        actions::sospendere,
        actions::sospendi,
        actions::riattivare,
        actions::riattiva,
        shift::spostare,
        shift::sposta,
    ]
}

/// Where a node's page is.
fn path(id: NodeId) -> String {
    format!("/aziende/{id}")
}

/// What the reader may do to nodes.
pub(super) fn rights(actor: &Actor) -> Value {
    json!({
        "create": may(actor, Action::CreateNode),
        "create_subs": may(actor, Action::CreateNode) && (actor.is_superadmin() || actor.rights().create_subs),
        "edit": may(actor, Action::EditNode),
        "suspend": may(actor, Action::SuspendNode),
        "shift": may(actor, Action::MoveNode),
        "users": may(actor, Action::ManageUsers),
        "audit": may(actor, Action::ReadAudit),
        "texts": may(actor, Action::ReadTexts),
        "superadmin": actor.is_superadmin(),
    })
}
