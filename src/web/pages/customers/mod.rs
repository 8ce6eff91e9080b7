//! Customers: the list, one of them with what it has, registering, changing, deciding.

mod actions;
mod change;
mod create;
pub(super) mod editing;
mod export;
pub(super) mod fields;
mod list;
mod merge;
mod privacy;
mod sheet;

use crate::domain::{
    access::{Action, may},
    actor::Actor,
    ids::CustomerId,
};
use rocket::{Route, routes};
use serde_json::{Value, json};

/// Every route of customers' pages.
pub(super) fn routes() -> Vec<Route> {
    routes![
        list::elenco,
        export::esporta,
        create::nuovo,
        create::crea,
        sheet::scheda,
        sheet::storico,
        change::modifica,
        change::salva,
        actions::convalida,
        actions::proporre,
        actions::proponi,
        actions::rifiutare,
        actions::rifiuta,
        actions::sospendere,
        actions::sospendi,
        actions::riattivare,
        actions::riattiva,
        actions::assegnare,
        actions::assegna,
        merge::unire,
        merge::unisci,
        privacy::dati_personali,
        privacy::esporta,
        privacy::anonimizza,
    ]
}

/// Where a customer's page is.
fn path(id: CustomerId) -> String {
    format!("/clienti/{id}")
}

/// What the reader may do to one that is archived.
fn nothing(actor: &Actor) -> Value {
    json!({ "audit": may(actor, Action::ReadAudit), "superadmin": actor.is_superadmin() })
}

/// What the reader may do to customers.
fn rights(actor: &Actor) -> Value {
    json!({
        "create": may(actor, Action::CreateCustomer),
        "edit": may(actor, Action::EditCustomer),
        "decide": may(actor, Action::DecideCustomer),
        "propose": may(actor, Action::ProposeCustomer) && !may(actor, Action::DecideCustomer),
        "suspend": may(actor, Action::SuspendCustomer),
        "assign": may(actor, Action::AssignCustomer),
        "merge": may(actor, Action::MergeCustomers),
        "personal": may(actor, Action::ExportCustomer),
        "issue": may(actor, Action::IssueLicenses),
        "users": may(actor, Action::ManageUsers),
        "audit": may(actor, Action::ReadAudit),
        "superadmin": actor.is_superadmin(),
    })
}
