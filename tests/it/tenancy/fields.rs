//! Every id that a request can carry is in the matrix.
//!
//! Which fields there are is read from the OpenAPI document, so that a new one has to be said here what it is.

use super::{
    people::{Caller, People, Place, Target},
    table::{Row, TABLE},
};
use crate::on_both;
use serde_json::{Value, json};
use sigillo::web::api::document;
use std::collections::BTreeSet;

/// Fields that carry an id of something that has an owner: the matrix holds each of them.
const IDS: &[&str] = &[
    "id",
    "attivazione",
    "azienda",
    "azienda_padre",
    "agente",
    "cliente",
    "nodo",
    "licenza",
];

/// Ids that only choose among what the caller sees anyway: a foreign one answers as one that nothing has.
const CHOOSING: &[&str] = &["cursore", "oggetto"];

/// Fields that carry no id of anything that has an owner. A licence key, a computer key and a registration's code are
/// credentials; a product is the vendor's; a device's id is whatever its software says.
#[rustfmt::skip]
const NO_IDS: &[&str] = &[
    "a", "archivio", "attesa_giorni", "attiva", "causale", "chiave_computer", "chiave_licenza", "codice", "codice_fiscale",
    "codice_pratica", "comunica_motivo", "codice_rivenditore", "consenso_privacy", "da", "data_rilascio", "data_scadenza",
    "decorrenza", "descrizione", "diritti", "diritti.convalida", "diritti.crea_sottoaziende",
    "diritti.incassa", "diritti.posticipato", "dispositivi_ammessi", "dispositivo", "dispositivo.id",
    "dispositivo.nome", "dispositivo.piattaforma", "disattiva", "durata_giorni", "durata_prova_giorni", "email",
    "etichetta", "fido_centesimi", "giorni_offline", "giorni_pagamento", "giorni_tolleranza", "in_attesa",
    "indirizzo", "invia_chiave", "limite", "lingua", "manutenzione_al", "modalita", "moduli", "moduli.bit", "moduli.codice",
    "moduli.incluso", "moduli.nome", "moduli.prezzo_base_centesimi", "moduli_scadenze", "moduli_usati", "motivo", "multi_sede",
    "multi_utente", "nome", "nonce", "note", "numero_dispositivi", "numero_utenti", "offline_illimitato",
    "ora_client", "partita_iva", "password", "periodo_mesi", "posti_flottanti", "prezzo_base_centesimi",
    "prezzo_centesimi", "prodotto", "proprieta", "q", "quantita", "quota_licenze", "quota_prove", "raggruppa", "referente",
    "referente.email", "referente.nome", "referente.telefono", "referenti", "referenti.email",
    "referenti.nome", "referenti.telefono", "regole", "regole.attesa_giorni", "regole.durata_prova_giorni",
    "regole.giorni_offline", "regole.giorni_tolleranza", "regole.rilasci_giorni", "regole.rilasci_max", "revoca", "richiede_agente", "rilasci_giorni", "rilasci_max",
    "rinnovo_automatico", "ruolo", "scade_entro", "sconto_punti_base", "sedi", "sedi.indirizzo", "sedi.nome",
    "sola_lettura", "stato", "telefono", "tipi_licenza", "tipo_licenza", "url", "utente", "valuta",
    "versione", "versioni", "versioni.data_rilascio", "versioni.note", "versioni.url", "versioni.versione",
    "vincolo",
];

/// A field of a request: in the path, the query or the body, dotted where it is nested.
pub struct Field {
    pub route: String,
    pub place: &'static str,
    pub name: String,
}

pub fn openapi() -> Value {
    serde_json::from_str(document()).unwrap()
}

fn resolved<'a>(openapi: &'a Value, schema: &'a Value) -> &'a Value {
    let one_of = ["oneOf", "anyOf", "allOf"]
        .iter()
        .find_map(|of| schema[of].as_array());
    if let Some(choices) = one_of {
        let named = choices.iter().find(|choice| choice["type"] != "null").unwrap();
        return resolved(openapi, named);
    }
    match schema["$ref"].as_str() {
        Some(reference) => resolved(
            openapi,
            openapi.pointer(reference.trim_start_matches('#')).unwrap(),
        ),
        None if schema["items"].is_object() => resolved(openapi, &schema["items"]),
        None => schema,
    }
}

pub fn properties(openapi: &Value, schema: &Value, prefix: &str, names: &mut Vec<String>) {
    for (name, inner) in resolved(openapi, schema)["properties"]
        .as_object()
        .into_iter()
        .flatten()
    {
        names.push(format!("{prefix}{name}"));
        properties(openapi, inner, &format!("{prefix}{name}."), names);
    }
}

pub fn fields(openapi: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    for (path, methods) in openapi["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let route = format!(
                "{} {}",
                method.to_uppercase(),
                path.replace('{', "<").replace('}', ">")
            );
            let mut field = |place, name: &str| {
                fields.push(Field {
                    route: route.clone(),
                    place,
                    name: name.to_owned(),
                })
            };
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                match parameter["in"].as_str().unwrap() {
                    "path" => field("path", parameter["name"].as_str().unwrap()),
                    "query" => field("query", parameter["name"].as_str().unwrap()),
                    _ => {}
                }
            }
            let mut names = Vec::new();
            properties(
                openapi,
                &operation["requestBody"]["content"]["application/json"]["schema"],
                "",
                &mut names,
            );
            names.iter().for_each(|name| field("body", name));
        }
    }
    fields
}

/// Whether a row puts its target where the field stands.
fn holds(row: &Row, field: &Field) -> bool {
    let (path, query) = row.path.split_once('?').unwrap_or((row.path, ""));
    row.route == field.route
        && row.target != Target::Nothing
        && match field.place {
            "path" => {
                let parts = row
                    .route
                    .split(' ')
                    .nth(1)
                    .unwrap()
                    .split('/')
                    .zip(path.split('/'));
                parts.into_iter().any(|(name, value)| {
                    name == format!("<{}>", field.name) && ["{}", "{licenza}"].contains(&value)
                })
            }
            "query" => query == format!("{}={{}}", field.name),
            _ => row.body.contains(&format!("\"{}\":\"{{}}\"", field.name)),
        }
}

#[test]
fn every_id_that_a_request_can_carry_stands_in_the_matrix() {
    let openapi = openapi();
    let fields = fields(&openapi);
    let mut ids = 0;
    for field in &fields {
        let known = |list: &[&str]| list.contains(&field.name.as_str());
        let place = format!("{} in the {} of {}", field.name, field.place, field.route);
        if known(IDS) {
            ids += 1;
            assert!(
                TABLE.iter().any(|row| holds(row, field)),
                "no row of the matrix for {place}"
            );
        } else {
            assert!(
                known(CHOOSING) || known(NO_IDS),
                "say in tests/it/tenancy/fields.rs what this is: {place}"
            );
        }
    }
    let used: BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    for name in [IDS, CHOOSING, NO_IDS].concat() {
        assert!(used.contains(name), "no request has a {name} any more");
    }
    println!("{ids} places of ids");
    assert!(ids > 40, "{ids}");
}

on_both!(
    a_foreign_id_that_only_chooses_answers_as_one_that_nothing_has,
    |world| async {
        let people = People::new(world).await;
        for target in [Target::License, Target::Customer, Target::Node, Target::User] {
            for caller in [Caller::Alfa, Caller::Nord] {
                let mut answers = Vec::new();
                for place in [Place::Nowhere, Place::Beta, Place::Bruno] {
                    let path = format!(
                        "/api/admin/registro?oggetto={}",
                        people.standing(target, place).id
                    );
                    answers.push(
                        people
                            .send("GET", &path, caller, String::new())
                            .await
                            .expect(200)
                            .body,
                    );
                }
                assert_eq!(answers[0], json!({"dati": [], "cursore": null}));
                assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
            }
        }
        // A cursor of another tenant's list begins somewhere in one's own, and shows no more of it.
        for list in ["licenze", "clienti", "agent", "utenti"] {
            let whole = people
                .send(
                    "GET",
                    &format!("/api/admin/{list}?limite=200"),
                    Caller::Alfa,
                    String::new(),
                )
                .await;
            let whole = whole.body["dati"].as_array().unwrap().clone();
            let cursor = people.standing(Target::License, Place::Bruno).id;
            let path = format!("/api/admin/{list}?limite=200&cursore={cursor}");
            let part = people
                .send("GET", &path, Caller::Alfa, String::new())
                .await
                .expect(200);
            assert!(
                part.body["dati"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|row| whole.contains(row)),
                "{list}"
            );
        }
    }
);
