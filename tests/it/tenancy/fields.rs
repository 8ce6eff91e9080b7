//! Every id that a request can carry is in the matrix; every field that it must not carry has no effect.
//!
//! Which fields there are is read from the OpenAPI document, so that a new one has to be said here what it is.

use super::{
    dump::{self, Dump},
    matrix::expected,
    people::{Caller, People, Place, Target},
    table::{Row, TABLE},
};
use crate::{
    on_both,
    support::{Reply, World, cast::PASSWORD, database::Database},
};
use serde_json::{Map, Value, json};
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
const NO_IDS: &[&str] = &[
    "attesa_giorni",
    "causale",
    "chiave_computer",
    "chiave_licenza",
    "codice",
    "codice_fiscale",
    "codice_pratica",
    "codice_rivenditore",
    "consenso_privacy",
    "data_rilascio",
    "data_scadenza",
    "decorrenza",
    "descrizione",
    "diritti",
    "diritti.convalida",
    "diritti.crea_sottoaziende",
    "diritti.incassa",
    "diritti.posticipato",
    "dispositivi_ammessi",
    "dispositivo",
    "dispositivo.id",
    "dispositivo.nome",
    "dispositivo.piattaforma",
    "durata_giorni",
    "durata_prova_giorni",
    "email",
    "etichetta",
    "fido_centesimi",
    "giorni_offline",
    "giorni_pagamento",
    "giorni_tolleranza",
    "in_attesa",
    "indirizzo",
    "limite",
    "lingua",
    "manutenzione_al",
    "modalita",
    "moduli",
    "moduli.bit",
    "moduli.codice",
    "moduli.incluso",
    "moduli.nome",
    "moduli.prezzo_base_centesimi",
    "moduli_usati",
    "motivo",
    "multi_sede",
    "multi_utente",
    "nome",
    "nonce",
    "note",
    "numero_dispositivi",
    "numero_utenti",
    "offline_illimitato",
    "ora_client",
    "partita_iva",
    "password",
    "periodo_mesi",
    "posti_flottanti",
    "prezzo_base_centesimi",
    "prezzo_centesimi",
    "prodotto",
    "proprieta",
    "q",
    "quantita",
    "quota_licenze",
    "quota_prove",
    "referente",
    "referente.email",
    "referente.nome",
    "referente.telefono",
    "referenti",
    "referenti.email",
    "referenti.nome",
    "referenti.telefono",
    "revoca",
    "richiede_agente",
    "rilasci_giorni",
    "rilasci_max",
    "rinnovo_automatico",
    "ruolo",
    "scade_entro",
    "sconto_punti_base",
    "sedi",
    "sedi.indirizzo",
    "sedi.nome",
    "sola_lettura",
    "stato",
    "telefono",
    "tipi_licenza",
    "tipo_licenza",
    "url",
    "utente",
    "valuta",
    "versione",
    "versioni",
    "versioni.data_rilascio",
    "versioni.note",
    "versioni.url",
    "versioni.versione",
    "vincolo",
];

/// A field of a request: in the path, the query or the body, dotted where it is nested.
struct Field {
    route: String,
    place: &'static str,
    name: String,
}

fn openapi() -> Value {
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

fn properties(openapi: &Value, schema: &Value, prefix: &str, names: &mut Vec<String>) {
    for (name, inner) in resolved(openapi, schema)["properties"]
        .as_object()
        .into_iter()
        .flatten()
    {
        names.push(format!("{prefix}{name}"));
        properties(openapi, inner, &format!("{prefix}{name}."), names);
    }
}

fn fields(openapi: &Value) -> Vec<Field> {
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

const WORD: &str = "parola-ostile";
const NUMBER: i64 = 987_654;

/// Names that no request should be able to set: all that any answer shows, all columns of the database, and guesses;
/// less what the route takes by contract.
fn hostile_names(people: &People, openapi: &Value, route: &str) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = Dump::columns(&people.world.database)
        .into_iter()
        .map(|name| name.split_once('.').unwrap().1.to_owned())
        .collect();
    let mut shown = Vec::new();
    for schema in openapi["components"]["schemas"].as_object().unwrap().values() {
        properties(openapi, schema, "", &mut shown);
    }
    names.extend(shown.into_iter().filter(|name| !name.contains('.')));
    let guesses = [
        "superadmin",
        "is_superadmin",
        "role",
        "rights",
        "sospensioni",
        "suspensions",
        "saldata",
        "settled",
        "scope",
        "__proto__",
        "convalidato",
    ];
    names.extend(guesses.map(str::to_owned));
    let taken: Vec<Field> = fields(openapi)
        .into_iter()
        .filter(|field| field.route == route && field.place == "body")
        .collect();
    names.retain(|name| !taken.iter().any(|field| &field.name == name));
    names
}

/// Values that would do something, were they taken.
fn tempting(people: &People, name: &str) -> Value {
    let beta = &people.things[&Place::Beta];
    match name {
        "azienda" | "azienda_padre" | "nodo" | "company_id" | "node_id" | "parent_id" => {
            beta.node.clone().into()
        }
        "agente" | "agent_id" => people.things[&Place::Bruno].node.clone().into(),
        "cliente" | "customer_id" => beta.customer.clone().into(),
        "id" | "licenza" | "license_id" => beta.license.clone().into(),
        "utente" | "user_id" | "created_by" => beta.user.clone().into(),
        "ruolo" | "role" | "kind" => "superadmin".into(),
        "stato" => "revocata".into(),
        "state" => "sospeso".into(),
        "vincolo" | "binding" => "nessuno".into(),
        name if name.contains("centesimi") || name.contains("cents") || name.contains("_bp") => 1.into(),
        name if name.ends_with("_at") || name.ends_with("_il") => "2001-01-01T00:00:00Z".into(),
        name if name.ends_with("_on") || name.ends_with("_al") || name.contains("scadenza") => {
            "2099-12-31".into()
        }
        name if name.contains("numero") || name.contains("max") || name.contains("quota") => 999.into(),
        _ => true.into(),
    }
}

/// An answer without what differs between two things made alike.
fn alike(mut value: Value) -> Value {
    const OWN: &[&str] = &[
        "id",
        "lotto",
        "nome",
        "email",
        "chiave_licenza",
        "creato_il",
        "creata_il",
        "storico",
        "data_attivazione",
        "ultimo_contatto",
        "telefono",
        "codice",
        "versione",
        "etichetta",
        "descrizione",
        "dal",
        "dispositivi",
        "indirizzo",
        "revisione",
        "versioni",
        "codice_pratica",
        "chiave_computer",
        "verificata_il",
        "ricontrolla_entro",
    ];
    match &mut value {
        Value::Object(map) => {
            map.retain(|name, _| !OWN.contains(&name.as_str()));
            map.values_mut().for_each(|inner| *inner = alike(inner.take()));
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| *inner = alike(inner.take())),
        _ => {}
    }
    value
}

impl People {
    /// Asks as a row says about something fresh, with more fields in the body.
    async fn ask_with(&self, row: &Row, caller: Caller, place: Place, more: &Map<String, Value>) -> Reply {
        let own_node = row.target == Target::Node && place == caller.home();
        let aim = if own_node {
            self.standing(row.target, place)
        } else {
            self.fresh(row.target, place).await
        };
        if let Some(first) = row.first {
            let path = row.path.replace("{}", &aim.id);
            let path = format!("{}/{first}", path.rsplit_once('/').unwrap().0);
            self.send("POST", &path, caller, json!({"motivo": "m"}).to_string())
                .await
                .expect(200);
        }
        let open = row.body.strip_suffix('}').unwrap_or("{");
        let mut body = open.trim_end().to_owned();
        for (name, value) in more {
            let comma = if body == "{" { "" } else { "," };
            body.push_str(&format!("{comma}{}:{value}", Value::from(name.as_str())));
        }
        body.push_str(" }");
        let body = self.filled(&body, caller, &aim, true).await;
        let path = self.filled(row.path, caller, &aim, true).await;
        let mut reply = self.send(row.method(), &path, caller, body).await;
        if !aim.id.is_empty() {
            reply.text = reply.text.replace(&aim.id, "bersaglio");
            reply.body = serde_json::from_str(&reply.text).unwrap_or(Value::Null);
        }
        reply
    }
}

#[rocket::async_test]
async fn fields_that_are_not_the_requests_to_set_have_no_effect() {
    let people = People::new(World::new(Database::sqlite()).await).await;
    let openapi = openapi();
    let dump = Dump::but(
        &people.world.database,
        &["api_tokens.last_used_at", "access_log.*"],
    );
    let of_beta = [Place::Beta, Place::Bruno].map(|place| people.things[&place].clone());
    let beta: Vec<String> = of_beta
        .iter()
        .flat_map(|things| [&things.node, &things.customer, &things.license, &things.user])
        .map(|id| id.replace('-', "").to_uppercase())
        .collect();
    let mut requests = 0;
    for row in TABLE
        .iter()
        .filter(|row| row.writes() && !row.route.contains("/licenze/disattiva"))
    {
        let names = hostile_names(&people, &openapi, row.route);
        assert!(
            names.len() > 100 && names.contains("revision"),
            "{} names",
            names.len()
        );
        let callers: &[Caller] = if row.is_public() {
            &[Caller::Nobody]
        } else {
            &[Caller::Root, Caller::Alfa, Caller::Nino]
        };
        for caller in callers {
            // A place where the request succeeds.
            let Some(place) = Place::REAL
                .into_iter()
                .rev()
                .find(|place| expected(row, *caller, *place) < 300)
            else {
                continue;
            };
            let with = |value: &dyn Fn(&str) -> Value| {
                names
                    .iter()
                    .map(|name| (name.clone(), value(name)))
                    .collect::<Map<_, _>>()
            };
            let plain = people.ask_with(row, *caller, place, &Map::new()).await;
            assert!(plain.status.code < 300, "{caller:?} {}: {}", row.path, plain.text);
            let before: BTreeSet<String> = dump.take(&people.world.database).into_iter().collect();
            let hostile: [(&str, Map<String, Value>); 3] = [
                ("texts", with(&|_| WORD.into())),
                ("numbers", with(&|_| NUMBER.into())),
                ("tempting values", with(&|name| tempting(&people, name))),
            ];
            for (what, more) in hostile {
                let reply = people.ask_with(row, *caller, place, &more).await;
                requests += 1;
                assert_eq!(
                    reply.status, plain.status,
                    "{caller:?} {} with {what}: {}",
                    row.route, reply.text
                );
                assert_eq!(
                    alike(reply.body),
                    alike(plain.body.clone()),
                    "{caller:?} {} with {what}",
                    row.route
                );
            }
            for line in dump
                .take(&people.world.database)
                .iter()
                .filter(|line| !before.contains(*line))
            {
                let cell = format!("{caller:?} {} wrote {line}", row.route);
                assert!(
                    !line.contains(WORD) && !line.contains(&NUMBER.to_string()),
                    "{cell}"
                );
                // Where the superadmin asks in beta's place, beta's things are the request's own.
                let at_beta = matches!(place, Place::Beta | Place::Bruno);
                assert!(at_beta || !beta.iter().any(|id| line.contains(id)), "{cell}");
            }
        }
    }
    println!("{requests} requests with more than is theirs");
    assert!(requests > 200, "{requests}");
}

on_both!(
    fields_that_the_role_may_not_set_are_refused_and_nothing_changes,
    |world| async {
        let people = People::new(world).await;
        let at = |place: Place| people.things[&place].clone();
        let (alfa, nord, anna) = (at(Place::Alfa), at(Place::Nord), at(Place::Anna));
        let license = format!("/api/admin/licenze/{}", alfa.license);
        let assign = format!("{license}/assegna");
        let (own, child) = (
            format!("/api/admin/agent/{}", alfa.node),
            format!("/api/admin/agent/{}", nord.node),
        );
        let agent = format!("/api/admin/agent/{}", anna.node);
        let user = format!("/api/admin/utenti/{}", alfa.user);
        let trial = |field: &str, value: Value| json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial", field: value});
        let node = |field: &str, value: Value| json!({"nome": "n", "ruolo": "agente", field: value});
        let dump = Dump::but(
            &people.world.database,
            &["api_tokens.last_used_at", "access_log.*"],
        );
        let before = dump.take(&people.world.database);
        let patch = "PATCH";
        let post = "POST";
        let cells: Vec<(Caller, &str, &str, Value, u16)> = vec![
            // What costs something is the superadmin's.
            (
                Caller::Alfa,
                patch,
                &license,
                json!({"data_scadenza": "2099-12-31"}),
                422,
            ),
            (Caller::Alfa, patch, &license, json!({"data_scadenza": null}), 422),
            (
                Caller::Alfa,
                patch,
                &license,
                json!({"manutenzione_al": "2099-12-31"}),
                422,
            ),
            (
                Caller::Alfa,
                patch,
                &license,
                json!({"numero_dispositivi": 100}),
                422,
            ),
            (Caller::Alfa, patch, &license, json!({"numero_utenti": 100}), 422),
            (
                Caller::Alfa,
                patch,
                &license,
                json!({"posti_flottanti": 100}),
                422,
            ),
            (Caller::Alfa, patch, &license, json!({"giorni_offline": 100}), 422),
            (Caller::Alfa, patch, &license, json!({"prezzo_centesimi": 0}), 422),
            (
                Caller::Alfa,
                patch,
                &license,
                json!({"sconto_punti_base": 10_000}),
                422,
            ),
            (
                Caller::Alfa,
                patch,
                &license,
                json!({"etichetta": "si", "sconto_punti_base": 1}),
                422,
            ),
            (
                Caller::Alfa,
                post,
                "/api/admin/licenze",
                trial("prezzo_centesimi", json!(0)),
                422,
            ),
            (
                Caller::Alfa,
                post,
                "/api/admin/licenze",
                trial("sconto_punti_base", json!(1)),
                422,
            ),
            (
                Caller::Anna,
                post,
                "/api/admin/licenze",
                json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento"}),
                422,
            ),
            (
                Caller::Anna,
                post,
                "/api/admin/licenze",
                json!({"prodotto": "GESTIONALE", "tipo_licenza": "permanente"}),
                422,
            ),
            // Nobody agrees with themselves, and nobody gives more than they have.
            (Caller::Alfa, patch, &own, json!({"sconto_punti_base": 5000}), 403),
            (Caller::Alfa, patch, &own, json!({"fido_centesimi": 1}), 403),
            (Caller::Alfa, patch, &own, json!({"quota_licenze": null}), 403),
            (Caller::Alfa, patch, &own, json!({"quota_prove": 9}), 403),
            (Caller::Alfa, patch, &own, json!({"giorni_pagamento": 365}), 403),
            (
                Caller::Alfa,
                patch,
                &own,
                json!({"diritti": {"posticipato": true}}),
                403,
            ),
            (
                Caller::Alfa,
                patch,
                &own,
                json!({"diritti": {"incassa": true}}),
                403,
            ),
            (
                Caller::Alfa,
                patch,
                &own,
                json!({"diritti": {"convalida": true}}),
                403,
            ),
            (
                Caller::Alfa,
                patch,
                &own,
                json!({"diritti": {"crea_sottoaziende": true}}),
                403,
            ),
            (
                Caller::Alfa,
                patch,
                &child,
                json!({"sconto_punti_base": 1001}),
                422,
            ),
            (Caller::Alfa, patch, &child, json!({"fido_centesimi": 1}), 422),
            (
                Caller::Alfa,
                patch,
                &child,
                json!({"diritti": {"incassa": true}}),
                422,
            ),
            (
                Caller::Alfa,
                patch,
                &child,
                json!({"diritti": {"posticipato": true}}),
                422,
            ),
            (
                Caller::Alfa,
                patch,
                &agent,
                json!({"sconto_punti_base": 1001}),
                422,
            ),
            (
                Caller::Alfa,
                post,
                "/api/admin/agent",
                node("sconto_punti_base", json!(1001)),
                422,
            ),
            (
                Caller::Alfa,
                post,
                "/api/admin/agent",
                node("fido_centesimi", json!(1)),
                422,
            ),
            (
                Caller::Alfa,
                post,
                "/api/admin/agent",
                node("diritti", json!({"incassa": true})),
                422,
            ),
            (
                Caller::Alfa,
                post,
                "/api/admin/agent",
                node("ruolo", json!("rivenditore")),
                422,
            ),
            (
                Caller::Alfa,
                post,
                "/api/admin/agent",
                node("ruolo", json!("fornitore")),
                422,
            ),
            // Nobody widens their own access, or opens another's with a password of their choosing.
            (Caller::Alfa, patch, &user, json!({"sola_lettura": false}), 403),
            (
                Caller::Alfa,
                post,
                "/api/admin/utenti",
                json!({"email": "x@example.org", "password": PASSWORD}),
                422,
            ),
            // Only the vendor has things without a company.
            (Caller::Alfa, post, &assign, json!({"azienda": null}), 422),
        ];
        for (caller, method, path, body, status) in cells {
            let reply = people.send(method, path, caller, body.to_string()).await;
            assert_eq!(
                reply.status.code, status,
                "{caller:?} {method} {path} {body}: {}",
                reply.text
            );
            dump::same(
                &before,
                &dump.take(&people.world.database),
                &format!("{method} {path} {body}"),
            );
        }
    }
);

on_both!(
    nobody_gives_the_right_to_open_sub_companies_who_has_it_not,
    |world| async {
        let people = People::new(world).await;
        let (alfa, nord) = (
            &people.things[&Place::Alfa].node,
            &people.things[&Place::Nord].node,
        );
        let rights = |given: bool| json!({"diritti": {"crea_sottoaziende": given}}).to_string();
        for node in [nord, alfa] {
            people
                .send(
                    "PATCH",
                    &format!("/api/admin/agent/{node}"),
                    Caller::Root,
                    rights(false),
                )
                .await
                .expect(200);
        }
        let child = format!("/api/admin/agent/{nord}");
        people
            .send("PATCH", &child, Caller::Alfa, rights(true))
            .await
            .field("diritti.crea_sottoaziende", "NON_PERMESSO");
        let body = json!({"nome": "n", "ruolo": "sottoazienda"}).to_string();
        people
            .send("POST", "/api/admin/agent", Caller::Nord, body)
            .await
            .refused(403, "NON_PERMESSO");
    }
);
