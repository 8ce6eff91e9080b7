//! Fields that are not the request's to set, unknown ones and forbidden ones, have no effect.

use super::{
    dump::{self, Dump},
    fields::{Field, fields, openapi, properties},
    matrix::expected,
    people::{Caller, People, Place, Target},
    table::{Row, TABLE},
};
use crate::{
    on_both,
    support::{Reply, World, cast::PASSWORD, database::Database},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

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
