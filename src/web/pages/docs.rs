//! The API's documentation: the OpenAPI document as a page to read.

use crate::{
    domain::error::{Conflict, Refusal},
    operations::App,
    web::{
        api,
        page::{Answer, Page},
        reader::Reader,
        session::Visitor,
    },
};
use rocket::{State, get};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::LazyLock};

/// How deep fields of fields are shown.
const DEPTH: usize = 3;
/// Groups in the order in which somebody meets them; any other comes after.
const ORDER: [&str; 9] = [
    "programmi",
    "licenze",
    "clienti",
    "aziende",
    "utenti",
    "prodotti",
    "statistiche",
    "registri",
    "sistema",
];

/// A field of a body or an answer.
#[derive(Debug, Clone, Serialize)]
struct Field {
    name: String,
    kind: String,
    required: bool,
    text: String,
}

/// What can come back.
#[derive(Debug, Clone, Serialize)]
struct Reply {
    status: String,
    text: String,
}

/// An operation.
#[derive(Debug, Clone, Serialize)]
struct Operation {
    id: String,
    method: String,
    path: String,
    /// Which texts: its title is `op-<name>`, a sentence about it `op-<name>-text`.
    name: String,
    open: bool,
    parameters: Vec<Field>,
    body: Vec<Field>,
    good: Vec<Reply>,
    answer: Vec<Field>,
    bad: Vec<Reply>,
    example: Option<String>,
    query: String,
}

#[derive(Debug, Clone, Serialize)]
struct Group {
    tag: String,
    operations: Vec<Operation>,
}

static GROUPS: LazyLock<Vec<Group>> =
    LazyLock::new(|| read(&serde_json::from_str(api::document()).unwrap_or_default()));

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn read(document: &Value) -> Vec<Group> {
    let mut groups = BTreeMap::<(usize, String), Vec<Operation>>::new();
    let paths = document.pointer("/paths").and_then(Value::as_object);
    for (path, methods) in paths.into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = text(operation, "/tags/0").to_owned();
            let place = ORDER
                .iter()
                .position(|known| *known == tag)
                .unwrap_or(ORDER.len());
            groups
                .entry((place, tag))
                .or_default()
                .push(one(document, path, method, operation));
        }
    }
    groups
        .into_iter()
        .map(|((_, tag), operations)| Group { tag, operations })
        .collect()
}

fn one(document: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let words = |text: &str| text.trim().to_owned();
    let parameters = operation.pointer("/parameters").and_then(Value::as_array);
    let parameters: Vec<Field> = parameters
        .into_iter()
        .flatten()
        .map(|parameter| Field {
            name: text(parameter, "/name").to_owned(),
            kind: format!(
                "{} · {}",
                text(parameter, "/in"),
                kind(document, parameter.pointer("/schema").unwrap_or(&Value::Null))
            ),
            required: parameter
                .pointer("/required")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            text: words(text(parameter, "/description")),
        })
        .collect();
    let schema = operation.pointer("/requestBody/content/application~1json/schema");
    let mut body = Vec::new();
    if let Some(schema) = schema {
        fields(document, schema, "", DEPTH, &mut body);
    }
    let (mut good, mut bad, mut answer) = (Vec::new(), Vec::new(), Vec::new());
    for (status, reply) in operation
        .pointer("/responses")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let told = Reply {
            status: status.clone(),
            text: words(text(reply, "/description")),
        };
        if status.starts_with('2') {
            if let Some(schema) = reply.pointer("/content/application~1json/schema") {
                fields(document, schema, "", DEPTH, &mut answer);
            }
            good.push(told);
        } else {
            bad.push(told);
        }
    }
    let id: String = format!("{method}-{path}")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let open = operation
        .pointer("/security")
        .and_then(Value::as_array)
        .is_some_and(|ways| ways.iter().any(|way| way.as_object().is_some_and(Map::is_empty)));
    Operation {
        id: id
            .split('-')
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("-"),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        name: text(operation, "/operationId").to_owned(),
        open,
        parameters,
        example: schema.map(|schema| {
            let value = example(document, schema, "", DEPTH);
            serde_json::to_string_pretty(&value).unwrap_or_default()
        }),
        body,
        good,
        answer,
        bad,
        query: path
            .replace("{id}", "0197a3c4-5b6d-7e8f-9a0b-1c2d3e4f5061")
            .replace("{codice}", "GESTIONALE")
            .replace("{codice_pratica}", "K7QX-2M9D"),
    }
}

/// A schema, or the one that it points at.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema.pointer("/$ref").and_then(Value::as_str) {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or(&Value::Null),
        None => schema,
    }
}

/// The schema that an optional one has beside null.
fn given<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = resolved(document, schema);
    for among in ["/oneOf", "/anyOf"] {
        if let Some(ways) = schema.pointer(among).and_then(Value::as_array) {
            let real = ways.iter().find(|way| text(way, "/type") != "null");
            return real.map_or(schema, |real| resolved(document, real));
        }
    }
    schema
}

/// The type of a schema, as a reader of the contract says it.
fn kind(document: &Value, schema: &Value) -> String {
    let real = given(document, schema);
    let named = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (name, null) = match real.pointer("/type") {
        Some(Value::Array(types)) => (
            types
                .iter()
                .map(named)
                .find(|name| name != "null")
                .unwrap_or_default(),
            types.iter().any(|name| name == "null"),
        ),
        Some(other) => (named(other), false),
        None if real.pointer("/properties").is_some() || real.pointer("/allOf").is_some() => {
            ("object".into(), false)
        }
        None => ("any".into(), false),
    };
    let name = match (name.as_str(), real.pointer("/items")) {
        ("array", Some(items)) => format!("{}[]", kind(document, items)),
        _ => name,
    };
    let optional = null || !std::ptr::eq(real, resolved(document, schema));
    if optional { format!("{name} | null") } else { name }
}

fn properties<'a>(document: &'a Value, schema: &'a Value) -> Vec<(&'a String, &'a Value, bool)> {
    let schema = given(document, schema);
    let required: Vec<&str> = schema
        .pointer("/required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let own = schema.pointer("/properties").and_then(Value::as_object);
    let own = own
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name, schema, required.contains(&name.as_str())));
    let parts = schema.pointer("/allOf").and_then(Value::as_array);
    parts
        .into_iter()
        .flatten()
        .flat_map(|part| properties(document, part))
        .chain(own)
        .collect()
}

fn fields(document: &Value, schema: &Value, within: &str, depth: usize, out: &mut Vec<Field>) {
    if depth == 0 {
        return;
    }
    for (name, schema, required) in properties(document, schema) {
        let path = if within.is_empty() {
            name.clone()
        } else {
            format!("{within}.{name}")
        };
        out.push(Field {
            name: path.clone(),
            kind: kind(document, schema),
            required,
            text: text(schema, "/description").trim().to_owned(),
        });
        let real = given(document, schema);
        match real.pointer("/items") {
            Some(items) => fields(document, items, &format!("{path}[]"), depth - 1, out),
            None => fields(document, real, &path, depth - 1, out),
        }
    }
}

/// What a field may look like, by its name.
const EXAMPLES: &[(&str, &str)] = &[
    ("chiave_licenza", "\"7H2KD-9QXMA-B4TNE-RW6PC-Z3FYV\""),
    ("chiave_computer", "\"eyJhbGciOiJFZERTQSIs…\""),
    ("prodotto", "\"GESTIONALE\""),
    ("codice", "\"GESTIONALE\""),
    ("versione", "\"3.2\""),
    ("email", "\"mario.rossi@example.it\""),
    ("telefono", "\"+39 040 123456\""),
    ("nome", "\"Mario Rossi\""),
    ("partita_iva", "\"IT00743110157\""),
    ("indirizzo", "\"Via Roma 1, 34121 Trieste\""),
    ("tipo_licenza", "\"abbonamento\""),
    ("quantita", "1"),
    ("ruolo", "\"rivenditore\""),
    ("causale", "\"altro\""),
    ("motivo", "\"Richiesta del cliente\""),
    ("lingua", "\"it\""),
    ("id", "\"PC-UFFICIO-01\""),
    ("piattaforma", "\"windows\""),
    ("consenso_privacy", "true"),
    ("password", "\"quattro-cavalli-viola\""),
    ("data_rilascio", "\"2026-11-23\""),
];

/// A body with what has to be there, and what is plausible.
fn example(document: &Value, schema: &Value, name: &str, depth: usize) -> Value {
    let last = name.rsplit('.').next().unwrap_or(name);
    let real = given(document, schema);
    let parts = properties(document, real);
    if !parts.is_empty() && depth > 0 {
        let needed = parts
            .iter()
            .filter(|(_, _, required)| *required)
            .map(|(name, schema, _)| ((*name).clone(), example(document, schema, name, depth - 1)));
        let fields: Map<String, Value> = needed.collect();
        if !fields.is_empty() {
            return fields.into();
        }
        return parts
            .iter()
            .take(1)
            .map(|(name, schema, _)| ((*name).clone(), example(document, schema, name, depth - 1)))
            .collect::<Map<_, _>>()
            .into();
    }
    if let Some((_, value)) = EXAMPLES.iter().find(|(known, _)| *known == last) {
        return serde_json::from_str(value).unwrap_or_default();
    }
    match kind(document, schema).split(' ').next().unwrap_or_default() {
        "string" => "…".into(),
        "integer" | "number" => 1.into(),
        "boolean" => true.into(),
        list if list.ends_with("[]") => match real.pointer("/items") {
            Some(items) => json!([example(document, items, "", depth.saturating_sub(1))]),
            None => json!([]),
        },
        _ => json!({}),
    }
}

/// The line for a shell.
fn curl(operation: &Operation, base_url: &str) -> String {
    let method = match operation.method.as_str() {
        "GET" => String::new(),
        other => format!("-X {other} "),
    };
    let mut parts = vec![format!("curl {method}'{base_url}{}'", operation.query)];
    if !operation.open {
        parts.push("-H \"Authorization: Bearer $SIGILLO_TOKEN\"".to_owned());
    }
    if let Some(example) = &operation.example {
        let value: Value = serde_json::from_str(example).unwrap_or_default();
        parts.push("-H 'Content-Type: application/json'".to_owned());
        parts.push(format!("-d '{}'", value.to_string().replace('\'', "'\\''")));
    }
    parts.join(" \\\n  ")
}

/// The lines by which a first licence is issued, activated and validated.
fn first_lines(base_url: &str) -> Value {
    let line = |path: &str, token: bool, body: &Value| {
        let token = if token {
            "  -H \"Authorization: Bearer $SIGILLO_TOKEN\" \\\n"
        } else {
            ""
        };
        format!(
            "curl -X POST '{base_url}{path}' \\\n{token}  -H 'Content-Type: application/json' \\\n  -d '{body}'"
        )
    };
    let device = json!({"id": "PC-UFFICIO-01"});
    json!({
        "issue": line("/api/admin/licenze", true, &json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial"})),
        "activate": line("/api/licenze/attiva", false, &json!({"chiave_licenza": "…", "dispositivo": device})),
        "validate": line("/api/licenze/valida", false, &json!({"chiave_computer": "…", "dispositivo": device})),
    })
}

/// The documentation.
#[get("/api/docs")]
pub(crate) async fn documentazione(app: &State<App>, _visitor: Visitor<'_>, reader: Reader) -> Answer {
    let groups: Vec<Value> = GROUPS
        .iter()
        .map(|group| {
            let operations: Vec<Value> = group
                .operations
                .iter()
                .map(|operation| json!({"of": operation, "curl": curl(operation, &app.base_url)}))
                .collect();
            json!({"tag": group.tag, "operations": operations})
        })
        .collect();
    let codes: Vec<Value> = Refusal::CODES
        .iter()
        .chain(Conflict::CODES)
        .map(|code| {
            json!({
                "code": code,
                "title": reader.text(code),
                "detail": reader.text(&format!("{code}-detail")),
            })
        })
        .collect();
    let shown = json!({"wide": true, "groups": groups, "codes": codes, "lines": first_lines(&app.base_url)});
    Page::new("pages/docs", shown)?.reply()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{messages, reader::Language};
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_of_the_document_is_on_the_page_with_a_line_to_copy() {
        let document: Value = serde_json::from_str(api::document()).unwrap_or_default();
        let wanted: usize = document["paths"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, methods)| methods.as_object())
            .map(Map::len)
            .sum();
        let operations: Vec<&Operation> = GROUPS.iter().flat_map(|group| &group.operations).collect();
        assert!(wanted > 40, "{wanted} operations");
        assert_eq!(operations.len(), wanted);
        let names: BTreeSet<&str> = operations
            .iter()
            .map(|operation| operation.name.as_str())
            .collect();
        assert_eq!(names.len(), operations.len(), "{names:?}");
        for operation in operations {
            let line = curl(operation, "https://licenze.example.it");
            assert!(
                line.starts_with("curl") && line.contains("https://licenze.example.it/"),
                "{line}"
            );
            if operation.method == "POST" || operation.method == "PATCH" {
                let acts = operation.example.is_none();
                assert!(acts || line.contains("-d '{\""), "{line}");
            }
        }
    }

    #[test]
    fn every_operation_has_a_title_and_a_sentence_in_both_languages() {
        for language in [Language::Italian, Language::English] {
            for operation in GROUPS.iter().flat_map(|group| &group.operations) {
                for key in [
                    format!("op-{}", operation.name),
                    format!("op-{}-text", operation.name),
                ] {
                    assert_ne!(messages::text(language, &key), key, "{language:?}");
                }
            }
        }
    }

    #[test]
    fn the_first_call_says_all_that_it_needs() {
        let first = GROUPS
            .iter()
            .flat_map(|group| &group.operations)
            .find(|operation| operation.path.ends_with("/attiva"));
        let body: Vec<(&str, bool)> = first
            .iter()
            .flat_map(|operation| &operation.body)
            .map(|field| (field.name.as_str(), field.required))
            .collect();
        assert!(body.contains(&("chiave_licenza", true)), "{body:?}");
        assert!(body.contains(&("dispositivo.id", true)), "{body:?}");
    }
}
