//! What happened to a customer, a node, a user: its rows of the audit log as a page tells them.

use crate::{
    domain::{error::Result, ids::NodeId, scope::Scope},
    store::{
        ReadTx,
        audit::{self, AuditRow},
        directory,
        page::Page as Slice,
    },
    web::{
        input::Query,
        page::{Answer, Page},
        pages::{addresses, logs::words},
    },
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Fields whose values are nodes.
const NODES: [&str; 3] = ["azienda", "agente", "azienda_padre"];

/// Rows as the page shows them, newest first, and where the next begin.
#[derive(Debug)]
pub(super) struct History {
    /// The rows.
    pub(super) events: Vec<Value>,
    /// Where the next begin.
    pub(super) next: Option<[u8; 16]>,
}

/// The history of one thing, as far as a scope sees it.
///
/// # Errors
/// Of the database.
pub(super) fn read(tx: &mut ReadTx<'_>, scope: Scope, subject: [u8; 16], page: &Slice) -> Result<History> {
    read_all(tx, scope, subject, Vec::new(), page)
}

/// The same, with that of what became part of it.
///
/// # Errors
/// Of the database.
pub(super) fn read_all(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    subject: [u8; 16],
    also: Vec<[u8; 16]>,
    page: &Slice,
) -> Result<History> {
    let filter = audit::Filter {
        also,
        ..audit::Filter::of(subject)
    };
    let slice = audit::list(tx, scope, &filter, page)?;
    let details: Vec<Map<String, Value>> = slice
        .rows
        .iter()
        .map(|row| serde_json::from_str(&row.details).unwrap_or_default())
        .collect();
    let mut ids: Vec<NodeId> = details.iter().flat_map(nodes_in).collect();
    ids.sort_unstable();
    ids.dedup();
    let names = directory::node_names(tx, scope, &ids)?;
    Ok(History {
        next: slice.next,
        events: slice
            .rows
            .iter()
            .zip(&details)
            .map(|(row, details)| event(row, details, &names))
            .collect(),
    })
}

/// The page of one thing's history: what its head shows, with the rows below.
///
/// # Errors
/// Where the page cannot be made.
pub(super) fn page(
    template: &'static str,
    head: Value,
    history: History,
    query: &Query,
    path: &str,
) -> Answer {
    let here = format!("{path}/storico");
    let (first, next) = addresses::slices(&here, &[], query.get("cursore"), history.next);
    let mut shown = json!({
        "path": path, "tab": "history", "events": history.events, "first": first, "next": next,
    });
    if let (Some(shown), Value::Object(head)) = (shown.as_object_mut(), head) {
        shown.extend(head);
    }
    Page::new(template, shown)?.reply()
}

fn nodes_in(details: &Map<String, Value>) -> Vec<NodeId> {
    NODES
        .iter()
        .filter_map(|field| details.get(*field))
        .flat_map(|value| [value.get("prima"), value.get("dopo")])
        .flatten()
        .filter_map(|value| value.as_str()?.parse().ok())
        .collect()
}

/// The icon and the colour of an action.
fn look(action: &str) -> (&'static str, &'static str) {
    let verb = action.split_once('.').map_or(action, |(_, verb)| verb);
    match verb {
        "creato" | "registrato" | "emesse" => ("plus", "is-info"),
        "invitato" => ("mail", "is-info"),
        "convalidato" | "riattivato" | "abilitato" | "attivato" => ("check", "is-ok"),
        "sospeso" => ("pause", "is-hold"),
        "rifiutato" | "disabilitato" | "revocato" | "sessioni_terminate" => ("ban", "is-bad"),
        "assegnato" | "spostato" => ("swap", "is-mute"),
        "modificato" => ("edit", "is-mute"),
        "password_cambiata" | "password_dimenticata" => ("lock", "is-warn"),
        _ => ("history", "is-mute"),
    }
}

fn event(row: &AuditRow, details: &Map<String, Value>, names: &BTreeMap<NodeId, String>) -> Value {
    let (icon, tone) = look(&row.action);
    let changes: Vec<Value> = details
        .iter()
        .filter(|(_, value)| value.get("prima").is_some() || value.get("dopo").is_some())
        .map(|(field, value)| {
            let told = |side: &str| told(field, value.get(side), names);
            json!({ "field": field.replace('.', "_"), "before": told("prima"), "after": told("dopo") })
        })
        .collect();
    json!({
        "at": row.at,
        "text": words::event_key(&row.action),
        "icon": icon,
        "tone": tone,
        "who": row.actor_name,
        "who_text": words::who_key(row),
        "address": row.address,
        "reason": details.get("motivo").and_then(Value::as_str),
        "changes": changes,
    })
}

/// A value with how it is to be written.
fn told(field: &str, value: Option<&Value>, names: &BTreeMap<NodeId, String>) -> Value {
    let value = value.unwrap_or(&Value::Null);
    let as_ = match (field, value) {
        (_, Value::Null) => "none",
        (_, Value::Bool(_)) => "bool",
        ("fido_centesimi", _) => "money",
        ("sconto_punti_base", _) => "percent",
        ("stato" | "ruolo" | "lingua", _) => "code",
        (_, Value::Number(_)) => "number",
        _ => "text",
    };
    if NODES.contains(&field)
        && let Some(id) = value.as_str()
    {
        let name = id.parse().ok().and_then(|id| names.get(&id));
        return match name {
            Some(name) => json!({ "as": "text", "value": name }),
            None => json!({ "as": "unseen", "value": "" }),
        };
    }
    json!({ "as": as_, "value": value })
}
