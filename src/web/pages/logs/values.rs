//! Values in the audit log's details, as people read them.

use super::words::known;
use crate::{
    domain::ids,
    store::search::{Names, Pointers},
    web::reader::Reader,
};
use serde_json::Value;

/// The identifiers in a field that names things, by the kind of the thing.
enum Pointed {
    License(ids::LicenseId),
    Customer(ids::CustomerId),
    Node(ids::NodeId),
}

impl Pointed {
    fn of(field: &str, text: &str) -> Option<Self> {
        Some(match field {
            "licenze" => Self::License(text.parse().ok()?),
            "cliente" => Self::Customer(text.parse().ok()?),
            "azienda" | "agente" | "azienda_padre" => Self::Node(text.parse().ok()?),
            _ => return None,
        })
    }

    fn name(&self, names: &Names, reader: &Reader) -> String {
        let name = match self {
            Self::License(id) => names
                .licenses
                .get(id)
                .map(|label| format!("…{} {}", label.tail, label.product)),
            Self::Customer(id) => names.customers.get(id).cloned(),
            Self::Node(ids::NodeId::VENDOR) => Some(reader.text("role-superadmin")),
            Self::Node(id) => names.nodes.get(id).cloned(),
        };
        name.unwrap_or_else(|| reader.text("log-not-visible"))
    }
}

/// Notes what a row's details point at, so that it can be named.
pub(super) fn note_pointed(details: &str, of: &mut Pointers) {
    fn note(field: &str, value: &Value, of: &mut Pointers) {
        match value {
            Value::String(text) => match Pointed::of(field, text) {
                Some(Pointed::License(id)) => of.licenses.push(id),
                Some(Pointed::Customer(id)) => of.customers.push(id),
                Some(Pointed::Node(id)) => of.nodes.push(id),
                None => {}
            },
            Value::Array(list) => list.iter().take(LISTED).for_each(|value| note(field, value, of)),
            Value::Object(fields) => fields.iter().for_each(|(name, value)| {
                let side = matches!(name.as_str(), "prima" | "dopo");
                note(if side { field } else { name }, value, of);
            }),
            _ => {}
        }
    }
    let details: Value = serde_json::from_str(details).unwrap_or_default();
    note("", &details, of);
}

/// Values of a list that are shown.
const LISTED: usize = 20;

/// A value as people read it.
pub(super) fn written(name: &str, value: &Value, names: &Names, reader: &Reader) -> String {
    match value {
        Value::Null => reader.text("value-none"),
        Value::Bool(true) => reader.text("value-yes"),
        Value::Bool(false) => reader.text("value-no"),
        Value::Number(number) => match number.as_i64() {
            Some(cents) if name.ends_with("_centesimi") => reader.money(cents, "EUR"),
            Some(points) if name.ends_with("_punti_base") => {
                format!("{}\u{a0}%", reader.hundredths(points, 0))
            }
            Some(number) => reader.number(number),
            None => number.to_string(),
        },
        Value::String(text) if text.is_empty() => reader.text("value-none"),
        Value::String(text) if Pointed::of(name, text).is_some() => Pointed::of(name, text)
            .map(|pointed| pointed.name(names, reader))
            .unwrap_or_default(),
        Value::String(text) => match (text.parse(), known(reader, &format!("value-{text}"))) {
            (Ok(day), _) => reader.day(day),
            (_, Some(word)) => word,
            _ => text.clone(),
        },
        Value::Array(list) if list.is_empty() => reader.text("value-none"),
        Value::Array(list) => {
            let shown: Vec<String> = list
                .iter()
                .take(LISTED)
                .map(|value| written(name, value, names, reader))
                .collect();
            let more = if list.len() > LISTED { ", …" } else { "" };
            format!("{}{more}", shown.join(", "))
        }
        Value::Object(fields) => {
            let shown: Vec<String> = fields
                .iter()
                .map(|(name, value)| {
                    let field = known(reader, &format!("change-{}", name.replace('.', "-")))
                        .unwrap_or_else(|| name.clone());
                    format!("{field}: {}", written(name, value, names, reader))
                })
                .collect();
            shown.join("; ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::reader::Language;
    use chrono::NaiveDateTime;
    use serde_json::json;

    fn readers() -> [Reader; 2] {
        [Language::Italian, Language::English].map(|language| Reader {
            language,
            zone: chrono_tz::Europe::Rome,
            now: NaiveDateTime::MIN,
        })
    }

    #[test]
    fn values_are_written_as_people_read_them() {
        let [italian, english] = readers();
        let mut names = Names::default();
        let node = ids::NodeId::new();
        names.nodes.insert(node, "Nordest srl".into());
        for (name, value, it, en) in [
            ("fido_centesimi", json!(123_450), "1.234,50\u{a0}€", "€1,234.50"),
            ("sconto_punti_base", json!(1250), "12,5\u{a0}%", "12.5\u{a0}%"),
            ("quota_licenze", json!(1000), "1.000", "1,000"),
            ("quota_licenze", json!(null), "nessuno", "none"),
            ("multi_sede", json!(true), "sì", "yes"),
            ("data_scadenza", json!("2026-12-31"), "31/12/2026", "31 Dec 2026"),
            ("azienda", json!(node), "Nordest srl", "Nordest srl"),
            (
                "azienda",
                json!(ids::NodeId::new()),
                "non visibile",
                "not visible",
            ),
            ("azienda_padre", json!(ids::NodeId::VENDOR), "Fornitore", "Vendor"),
            ("nome", json!("<b>Rossi</b>"), "<b>Rossi</b>", "<b>Rossi</b>"),
            (
                "tipi_licenza",
                json!(["trial", "permanente"]),
                "prova, permanente",
                "trial, permanent",
            ),
        ] {
            assert_eq!(written(name, &value, &names, &italian), it);
            assert_eq!(written(name, &value, &names, &english), en);
        }
    }
}
