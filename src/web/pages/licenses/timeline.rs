//! What was done to a licence and what was asked of it, in one row of days.

use crate::{
    domain::{
        error::{Refusal, Result, Success},
        ids::{CustomerId, LicenseId, NodeId},
        scope::Scope,
    },
    operations::licenses::head::Names,
    store::{
        ReadTx,
        audit::{self, AuditRow},
        logs::{self, ActivationFilter, ActivationRow},
        page::Page,
    },
    web::pages::logs::words,
};
use chrono::{NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

/// One half of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Only {
    /// What was changed.
    Changes,
    /// What client software asked for.
    Activations,
}

impl Only {
    /// The word of the address.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Changes => "modifiche",
            Self::Activations => "attivazioni",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        [Self::Changes, Self::Activations]
            .into_iter()
            .find(|only| only.code() == code)
    }
}

enum Entry {
    Change(AuditRow, Map<String, Value>),
    Request(ActivationRow, u32),
}

impl Entry {
    fn id(&self) -> [u8; 16] {
        match self {
            Self::Change(row, _) => row.id.0,
            Self::Request(row, _) => row.id.0,
        }
    }

    fn at(&self) -> NaiveDateTime {
        match self {
            Self::Change(row, _) => row.at,
            Self::Request(row, _) => row.at,
        }
    }
}

/// A slice of the timeline.
pub(super) struct Told {
    entries: Vec<Entry>,
    /// Where the next slice begins; none at the end.
    pub(super) next: Option<[u8; 16]>,
}

/// Facts that a row tells elsewhere, or that say nothing to people.
const SILENT: [&str; 5] = ["attivazione", "licenze", "lotto", "motivo", "quantita"];
/// Outcomes of requests that are changes too, and told as such.
const TWICE: [Success; 3] = [Success::Activated, Success::Deactivated, Success::Released];

/// Reads a slice of both logs: their identifiers are of the time at which things happened, so they have one order.
pub(super) fn read(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    license: LicenseId,
    only: Option<Only>,
    page: &Page,
) -> Result<Told> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut more = false;
    if only != Some(Only::Activations) {
        let slice = audit::list(tx, scope, &audit::Filter::of(license.0), page)?;
        more |= slice.next.is_some();
        entries.extend(slice.rows.into_iter().map(|row| {
            let details = serde_json::from_str(&row.details).unwrap_or_default();
            Entry::Change(row, details)
        }));
    }
    if only != Some(Only::Changes) {
        let slice = logs::activations(tx, scope, &ActivationFilter::of(license), page)?;
        more |= slice.next.is_some();
        entries.extend(slice.rows.into_iter().map(|row| Entry::Request(row, 1)));
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.id()));
    more |= entries.len() > page.limit;
    entries.truncate(page.limit);
    let next = entries.last().filter(|_| more).map(Entry::id);
    if only.is_none() {
        entries.retain(|entry| match entry {
            Entry::Change(..) => true,
            Entry::Request(row, _) => {
                !Success::from_code(&row.outcome).is_some_and(|success| TWICE.contains(&success))
            }
        });
    }
    Ok(Told { entries, next })
}

impl Told {
    /// The customers and nodes whose names the rows want.
    pub(super) fn points_at(&self) -> (Vec<CustomerId>, Vec<NodeId>) {
        let (mut customers, mut nodes) = (Vec::new(), Vec::new());
        for entry in &self.entries {
            let Entry::Change(_, details) = entry else {
                continue;
            };
            for (field, value) in details {
                let texts = [value, part(value, "prima"), part(value, "dopo")];
                let texts = texts.into_iter().filter_map(Value::as_str);
                match field.as_str() {
                    "cliente" => customers.extend(texts.filter_map(|id| id.parse::<CustomerId>().ok())),
                    "azienda" | "agente" => nodes.extend(texts.filter_map(|id| id.parse::<NodeId>().ok())),
                    _ => {}
                }
            }
        }
        (customers, nodes)
    }

    /// The rows by day, newest first; the same request again and again is one row that says how often.
    pub(super) fn days(self, names: &Names, zone: Tz) -> Value {
        let mut days: Vec<(NaiveDate, Vec<Entry>)> = Vec::new();
        for entry in self.entries {
            let day = Utc
                .from_utc_datetime(&entry.at())
                .with_timezone(&zone)
                .date_naive();
            if days.last().is_none_or(|(last, _)| *last != day) {
                days.push((day, Vec::new()));
            }
            let Some((_, of_day)) = days.last_mut() else {
                continue;
            };
            if let (Some(Entry::Request(last, times)), Entry::Request(row, _)) = (of_day.last_mut(), &entry)
                && (&last.operation, &last.outcome, &last.device, &last.address)
                    == (&row.operation, &row.outcome, &row.device, &row.address)
            {
                *times += 1;
                continue;
            }
            of_day.push(entry);
        }
        days.into_iter()
            .map(|(day, entries)| {
                let entries: Vec<Value> = entries.into_iter().map(|entry| told(entry, names)).collect();
                json!({ "day": day, "entries": entries })
            })
            .collect()
    }
}

/// A member of an object; null where there is none.
fn part<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}

fn told(entry: Entry, names: &Names) -> Value {
    match entry {
        Entry::Change(row, details) => {
            let fact = |name: &str| details.get(name).and_then(Value::as_str).map(str::to_owned);
            let changes: Vec<Value> = details
                .iter()
                .filter(|(_, value)| value.get("prima").is_some() || value.get("dopo").is_some())
                .map(|(field, value)| {
                    json!({
                        "field": field, "form": form(field),
                        "before": readable(field, part(value, "prima"), names),
                        "after": readable(field, part(value, "dopo"), names),
                    })
                })
                .collect();
            let facts: Vec<Value> = details
                .iter()
                .filter(|(field, value)| {
                    !value.is_object() && !value.is_null() && !SILENT.contains(&field.as_str())
                })
                .map(|(field, value)| json!({ "field": field, "form": form(field), "value": readable(field, value, names) }))
                .collect();
            json!({
                "kind": "change", "action": row.action, "text": words::event_key(&row.action),
                "who": row.actor_name, "who_text": words::who_key(&row), "at": row.at, "address": row.address,
                "reason": fact("motivo"), "with_batch": details.contains_key("lotto"), "changes": changes, "facts": facts,
            })
        }
        Entry::Request(row, times) => json!({
            "kind": "request", "operation": row.operation, "outcome": row.outcome, "text": words::outcome_key(&row.outcome),
            "device": row.device, "refused": Refusal::from_code(&row.outcome).is_some(), "at": row.at, "address": row.address, "times": times,
        }),
    }
}

/// How a field's value is written.
fn form(field: &str) -> &'static str {
    match field {
        _ if field.ends_with("_centesimi") => "money",
        _ if field.ends_with("_punti_base") => "percent",
        "data_scadenza" | "manutenzione_al" | "data_inizio" | "scadenza" | "valido_dal" | "dal" | "al" => {
            "day"
        }
        "tipo_licenza" => "kind",
        "causale" => "reason",
        _ => "text",
    }
}

/// An identifier becomes a name; a list becomes its words.
fn readable(field: &str, value: &Value, names: &Names) -> Value {
    match (field, value) {
        ("cliente", Value::String(id)) => json!(names.customer(id.parse().ok())),
        ("azienda" | "agente", Value::String(id)) => json!(names.node(id.parse().ok())),
        (_, Value::Array(items)) if items.is_empty() => Value::Null,
        (_, Value::Object(parts)) if parts.is_empty() => Value::Null,
        (_, Value::Object(parts)) => {
            let words: Vec<String> = parts
                .iter()
                .map(|(name, part)| match part.as_str() {
                    Some(text) => format!("{name}: {text}"),
                    None => format!("{name}: {part}"),
                })
                .collect();
            json!(words.join(", "))
        }
        (_, Value::Array(items)) => {
            let words: Vec<String> = items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect();
            json!(words.join(", "))
        }
        _ => value.clone(),
    }
}
