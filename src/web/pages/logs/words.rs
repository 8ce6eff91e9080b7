//! What the logs say, in words.

use super::values::written;
use crate::{
    domain::{
        actor::{ActorKind, Role},
        error::{Refusal, Success},
        ids,
    },
    store::{audit::AuditRow, search::Names},
    web::{messages, reader::Reader},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A text, if there is one.
pub(super) fn known(reader: &Reader, key: &str) -> Option<String> {
    let text = messages::text(reader.language, key);
    (text != key).then_some(text)
}

/// The text that says what was done: by the code of an event.
pub(in crate::web) fn event_key(code: &str) -> String {
    format!("event-{}", code.replace('.', "-"))
}

/// What was done, in words.
pub(in crate::web) fn event(code: &str, reader: &Reader) -> String {
    known(reader, &event_key(code)).unwrap_or_else(|| code.to_owned())
}

/// The text that says how a try to activate, validate or release ended.
pub(in crate::web) fn outcome_key(code: &str) -> String {
    match Success::from_code(code) {
        None | Some(Success::Valid) => code.to_owned(),
        Some(success) => format!("outcome-{success}"),
    }
}

/// How it ended, in words.
pub(in crate::web) fn outcome(code: &str, reader: &Reader) -> String {
    reader.text(&outcome_key(code))
}

/// Whether it ended well.
pub(super) fn is_well(code: &str) -> bool {
    Refusal::from_code(code).is_none()
}

/// The look of an event: what kind of thing it is about, and whether it stops something.
fn look(code: &str) -> (&'static str, &'static str) {
    let icon = match code.split('.').next().unwrap_or_default() {
        "licenza" | "licenze" => "key",
        "transazione" => "coins",
        "dispositivo" => "laptop",
        "cliente" => "users",
        "nodo" => "tree",
        "utente" => "user",
        "token" => "terminal",
        "prodotto" => "box",
        "modello" => "bookmark",
        "impostazioni" => "settings",
        "lavoro" => "clock",
        _ => "server",
    };
    let mood = match code {
        "dispositivo.attivato"
        | "cliente.convalidato"
        | "licenza.riattivata"
        | "cliente.riattivato"
        | "nodo.riattivato"
        | "licenza.rinnovata"
        | "licenza.convertita" => "is-ok",
        "licenza.sospesa" | "cliente.sospeso" | "nodo.sospeso" | "utente.disabilitato" => "is-hold",
        "licenza.revocata" | "cliente.rifiutato" | "token.revocato" => "is-bad",
        _ => "",
    };
    (icon, mood)
}

/// The text that names who did it, where it is the role of who acts from above, or a way, and not a person.
pub(in crate::web) fn who_key(row: &AuditRow) -> Option<String> {
    match row.actor_kind {
        ActorKind::User => Role::from_code(&row.actor_name).map(|role| format!("role-{role}")),
        other => Some(format!("actor-{other}")),
    }
}

/// Who did it: their address, or what [`who_key`] says.
fn who(row: &AuditRow, reader: &Reader) -> String {
    who_key(row).map_or_else(|| row.actor_name.clone(), |key| reader.text(&key))
}

/// Where the thing is shown, by its kind.
pub(super) fn path(kind: &str, id: &str) -> Option<String> {
    let folder = match kind {
        "licenza" => "licenze",
        "cliente" => "clienti",
        "nodo" => "aziende",
        "utente" => "utenti",
        _ => return None,
    };
    Some(format!("/{folder}/{id}"))
}

/// A thing that a row is about.
#[derive(Debug, Default, Serialize)]
pub(super) struct Thing {
    kind: String,
    name: Option<String>,
    href: Option<String>,
}

/// What a row is about: named and linked where the reader sees it still.
fn thing(row: &AuditRow, names: &Names, reader: &Reader) -> Thing {
    let kind =
        known(reader, &format!("thing-{}", row.subject_kind)).unwrap_or_else(|| row.subject_kind.clone());
    let Some(id) = row.subject_id else {
        return Thing {
            kind,
            ..Thing::default()
        };
    };
    let name = match row.subject_kind.as_str() {
        "licenza" => names.licenses.get(&ids::LicenseId(id.0)).map(|label| {
            let customer = label.customer.as_deref().unwrap_or_default();
            let gap = if customer.is_empty() { "" } else { " · " };
            format!("…{} {}{gap}{customer}", label.tail, label.product)
        }),
        "cliente" => names.customers.get(&ids::CustomerId(id.0)).cloned(),
        "nodo" => names.nodes.get(&ids::NodeId(id.0)).cloned(),
        "utente" => names.users.get(&ids::UserId(id.0)).cloned(),
        "prodotto" => {
            if let Some((code, name)) = names.products.get(&ids::ProductId(id.0)) {
                return Thing {
                    kind,
                    name: Some(name.clone()),
                    href: Some(format!("/prodotti/{code}")),
                };
            }
            None
        }
        "impostazioni" => {
            return Thing {
                kind,
                name: None,
                href: Some("/impostazioni".into()),
            };
        }
        "lavoro" => {
            return Thing {
                kind,
                name: None,
                href: Some("/attivita-pianificate".into()),
            };
        }
        _ => None,
    };
    Thing {
        href: name
            .is_some()
            .then(|| path(&row.subject_kind, &id.to_string()))
            .flatten(),
        kind,
        name,
    }
}

/// A field with its value, or with what it was and is.
#[derive(Debug, Serialize)]
struct Line {
    field: String,
    before: Option<String>,
    after: String,
}

/// What a row tells, field by field.
fn lines(details: &Map<String, Value>, names: &Names, reader: &Reader) -> Vec<Line> {
    let mut fields: Vec<(&String, &Value)> = details.iter().collect();
    // By name, but for a stretch of days: its beginning comes first.
    fields.sort_by_key(|(name, _)| {
        if name.as_str() == "al" {
            "dalzz"
        } else {
            name.as_str()
        }
    });
    fields
        .into_iter()
        .map(|(name, value)| {
            let field =
                known(reader, &format!("change-{}", name.replace('.', "-"))).unwrap_or_else(|| name.clone());
            match value {
                Value::Object(pair)
                    if pair.len() == 2 && pair.contains_key("prima") && pair.contains_key("dopo") =>
                {
                    Line {
                        field,
                        before: pair.get("prima").map(|value| written(name, value, names, reader)),
                        after: pair
                            .get("dopo")
                            .map(|value| written(name, value, names, reader))
                            .unwrap_or_default(),
                    }
                }
                other => Line {
                    field,
                    before: None,
                    after: written(name, other, names, reader),
                },
            }
        })
        .collect()
}

/// A row in one line.
pub(in crate::web) fn summary(row: &AuditRow, reader: &Reader) -> Value {
    let (icon, mood) = look(&row.action);
    json!({
        "icon": icon,
        "mood": mood,
        "text": event(&row.action, reader),
        "who": who(row, reader),
        "at": row.at,
        "href": row.subject_id.and_then(|id| path(&row.subject_kind, &id.to_string())),
    })
}

/// A row with all that it tells.
pub(super) fn full(row: &AuditRow, names: &Names, reader: &Reader) -> Value {
    let (icon, mood) = look(&row.action);
    let details: Value = serde_json::from_str(&row.details).unwrap_or_default();
    let (changes, facts): (Vec<Line>, Vec<Line>) =
        lines(details.as_object().unwrap_or(&Map::new()), names, reader)
            .into_iter()
            .partition(|line| line.before.is_some());
    json!({
        "id": row.id,
        "icon": icon,
        "mood": mood,
        "text": event(&row.action, reader),
        "who": who(row, reader),
        "who_href": row.user_id.filter(|id| names.users.contains_key(id)).map(|id| format!("/utenti/{id}")),
        "with_token": row.token_id.is_some(),
        "at": row.at,
        "thing": thing(row, names, reader),
        "subject": row.subject_id,
        "changes": changes,
        "facts": facts,
        "address": row.address,
        "request": row.request_id,
        "code": row.action,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::audit::EventKind,
        store::log::{AccessKind, AccessOutcome, Operation},
        web::reader::Language,
    };
    use chrono::NaiveDateTime;

    fn readers() -> [Reader; 2] {
        [Language::Italian, Language::English].map(|language| Reader {
            language,
            zone: chrono_tz::Europe::Rome,
            now: NaiveDateTime::MIN,
        })
    }

    #[test]
    fn there_are_words_for_everything_that_the_logs_say() {
        for reader in readers() {
            for code in EventKind::CODES {
                assert_ne!(event(code, &reader), *code, "{:?}", reader.language);
            }
            for code in Refusal::CODES {
                assert_ne!(outcome(code, &reader), *code, "{:?}", reader.language);
            }
            for code in Success::CODES {
                assert_ne!(outcome(code, &reader), *code, "{:?}", reader.language);
                assert!(is_well(code));
            }
            let others = ActorKind::CODES
                .iter()
                .map(|code| format!("actor-{code}"))
                .chain(Operation::CODES.iter().map(|code| format!("operation-{code}")))
                .chain(AccessKind::CODES.iter().map(|code| format!("access-{code}")))
                .chain(
                    AccessOutcome::CODES
                        .iter()
                        .map(|code| format!("access-outcome-{code}")),
                );
            for key in others {
                assert!(known(&reader, &key).is_some(), "{key} {:?}", reader.language);
            }
        }
    }
}
