//! Bodies that are wrong: each is refused by name, none breaks anything.

use crate::{
    on_both,
    support::{Reply, World, cast::Cast, cast::PASSWORD},
};
use rocket::http::{ContentType, Header, Method};
use serde_json::{Map, Value, json};

/// What a field takes.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    /// A text that has to be there.
    Needed,
    Number,
    Flag,
    /// A flag that has to be there.
    NeededFlag,
    List,
    Object,
    NeededObject,
}
use Kind::*;

/// An operation with a body that is right, and what its fields take.
struct Operation {
    method: Method,
    path: String,
    body: Value,
    fields: Vec<(&'static str, Kind)>,
    /// Whether a text of any length is an answer of its own: not found, mistyped.
    free: &'static [&'static str],
}

fn operation(method: Method, path: &str, body: Value, fields: &[(&'static str, Kind)]) -> Operation {
    Operation {
        method,
        path: path.to_owned(),
        body,
        fields: fields.to_vec(),
        // Identifiers: what is none belongs to nobody. Keys: what is none is mistyped.
        free: &[
            "chiave_licenza",
            "cliente",
            "azienda",
            "agente",
            "azienda_padre",
            "nodo",
        ],
    }
}

const DEVICE: &[(&str, Kind)] = &[
    ("dispositivo.id", Needed),
    ("dispositivo.nome", Text),
    ("dispositivo.piattaforma", Text),
];

#[allow(clippy::too_many_lines)]
async fn operations(world: &World, cast: &Cast) -> Vec<Operation> {
    use Method::{Patch, Post};
    let device = json!({"id": "D1", "nome": "PC", "piattaforma": "x"});
    let active = world.computer_key(&cast.verdi.key, "D1").await;
    let activation = crate::support::computer::claims(&active)["jti"]
        .as_str()
        .unwrap()
        .to_owned();
    let user = world
        .get("/api/admin/utenti?limite=1", &cast.root)
        .await
        .str("/dati/0/id");
    let license = format!("/api/admin/licenze/{}", cast.rossi.license);
    let customer = format!("/api/admin/clienti/{}", cast.rossi.id);
    let node = format!("/api/admin/agent/{}", cast.nord.id);
    let product = "/api/admin/prodotti/GESTIONALE".to_owned();
    let reason: &[(&str, Kind)] = &[("motivo", Text)];
    let data: &[(&str, Kind)] = &[
        ("email", Text),
        ("partita_iva", Text),
        ("codice_fiscale", Text),
        ("telefono", Text),
        ("indirizzo", Text),
    ];
    let node_terms: &[(&str, Kind)] = &[
        ("codice", Text),
        ("email", Text),
        ("fido_centesimi", Number),
        ("sconto_punti_base", Number),
        ("quota_licenze", Number),
        ("quota_prove", Number),
        ("giorni_pagamento", Number),
        ("richiede_agente", Flag),
        ("diritti", Object),
        ("diritti.posticipato", Flag),
        ("diritti.incassa", Flag),
        ("diritti.convalida", Flag),
        ("diritti.crea_sottoaziende", Flag),
    ];
    let node_rules: &[(&str, Kind)] = &[
        ("regole", Object),
        ("regole.durata_prova_giorni", Number),
        ("regole.giorni_offline", Number),
        ("regole.giorni_tolleranza", Number),
        ("regole.attesa_giorni", Number),
        ("regole.rilasci_max", Number),
        ("regole.rilasci_giorni", Number),
    ];
    let rules: &[(&str, Kind)] = &[
        ("versione", Text),
        ("descrizione", Text),
        ("tipi_licenza", List),
        ("prezzo_base_centesimi", Number),
        ("durata_prova_giorni", Number),
        ("periodo_mesi", Number),
        ("giorni_offline", Number),
        ("offline_illimitato", Flag),
        ("giorni_tolleranza", Number),
        ("attesa_giorni", Number),
        ("decorrenza", Text),
        ("rilasci_max", Number),
        ("rilasci_giorni", Number),
        ("proprieta", Object),
        ("moduli", List),
        ("moduli.0", Object),
        ("moduli.0.codice", Needed),
        ("moduli.0.nome", Text),
        ("moduli.0.bit", Number),
        ("moduli.0.prezzo_base_centesimi", Number),
        ("moduli.0.incluso", Flag),
    ];
    let module = json!([{"codice": "NUOVO"}]);
    let people: &[(&str, Kind)] = &[
        ("sedi", List),
        ("sedi.0", Object),
        ("sedi.0.nome", Needed),
        ("sedi.0.indirizzo", Text),
        ("referenti", List),
        ("referenti.0", Object),
        ("referenti.0.nome", Needed),
        ("referenti.0.email", Text),
        ("referenti.0.telefono", Text),
        ("multi_sede", Flag),
        ("multi_utente", Flag),
    ];
    vec![
        operation(
            Post,
            "/api/licenze/attiva",
            json!({"chiave_licenza": cast.rossi.key, "dispositivo": device}),
            &[
                DEVICE,
                &[
                    ("chiave_licenza", Needed),
                    ("dispositivo", NeededObject),
                    ("utente", Text),
                    ("prodotto", Text),
                    ("versione", Text),
                    ("nonce", Text),
                    ("ora_client", Text),
                ],
            ]
            .concat(),
        ),
        operation(
            Post,
            "/api/licenze/valida",
            json!({"chiave_licenza": cast.rossi.key, "dispositivo": device, "moduli_usati": {"A": 1}}),
            &[
                DEVICE,
                &[
                    ("chiave_computer", Text),
                    ("dispositivo", Object),
                    ("utente", Text),
                    ("prodotto", Text),
                    ("versione", Text),
                    ("nonce", Text),
                    ("ora_client", Text),
                    ("moduli_usati", Object),
                    ("moduli_usati.A", Number),
                ],
            ]
            .concat(),
        ),
        operation(
            Post,
            "/api/licenze/disattiva",
            json!({"chiave_licenza": cast.rossi.key, "dispositivo": device}),
            &[
                DEVICE,
                &[("chiave_licenza", Needed), ("dispositivo", NeededObject)],
            ]
            .concat(),
        ),
        operation(
            Post,
            "/api/clienti/registrazione",
            json!({"nome": "Carla", "email": "carla@example.org", "consenso_privacy": true, "referente": {"nome": "C"}}),
            &[
                data,
                &[
                    ("nome", Needed),
                    ("referente", Object),
                    ("referente.nome", Needed),
                    ("referente.email", Text),
                    ("referente.telefono", Text),
                    ("codice_rivenditore", Text),
                    ("prodotto", Text),
                    ("password", Text),
                    ("consenso_privacy", NeededFlag),
                ],
            ]
            .concat(),
        ),
        operation(
            Post,
            "/api/admin/licenze",
            json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "moduli": ["MAGAZZINO"], "dispositivi_ammessi": ["D"]}),
            &[
                ("prodotto", Needed),
                ("tipo_licenza", Needed),
                ("quantita", Number),
                ("moduli", List),
                ("moduli.0", Text),
                ("durata_giorni", Number),
                ("data_scadenza", Text),
                ("manutenzione_al", Text),
                ("numero_dispositivi", Number),
                ("numero_utenti", Number),
                ("posti_flottanti", Number),
                ("vincolo", Text),
                ("dispositivi_ammessi", List),
                ("dispositivi_ammessi.0", Text),
                ("cliente", Text),
                ("azienda", Text),
                ("agente", Text),
                ("prezzo_centesimi", Number),
                ("sconto_punti_base", Number),
                ("modalita", Text),
                ("etichetta", Text),
            ],
        ),
        operation(
            Patch,
            &license,
            json!({"etichetta": "x"}),
            &[
                ("etichetta", Text),
                ("data_scadenza", Text),
                ("manutenzione_al", Text),
                ("numero_dispositivi", Number),
                ("numero_utenti", Number),
                ("posti_flottanti", Number),
                ("giorni_offline", Number),
                ("prezzo_centesimi", Number),
                ("sconto_punti_base", Number),
                ("rinnovo_automatico", Flag),
            ],
        ),
        operation(
            Post,
            &format!("{license}/sospendi"),
            json!({"motivo": "x"}),
            &[("motivo", Text), ("causale", Text)],
        ),
        operation(
            Post,
            &format!("{license}/riattiva"),
            json!({"motivo": "x"}),
            reason,
        ),
        operation(Post, &format!("{license}/revoca"), json!({"motivo": "x"}), reason),
        operation(
            Post,
            &format!("{license}/archivia"),
            json!({"motivo": "x"}),
            reason,
        ),
        operation(
            Post,
            &format!("{license}/ripristina"),
            json!({"motivo": "x"}),
            reason,
        ),
        operation(
            Post,
            &format!("{license}/assegna"),
            json!({"azienda": cast.alfa.id}),
            &[("azienda", Text), ("agente", Text), ("cliente", Text)],
        ),
        operation(
            Post,
            &format!(
                "/api/admin/licenze/{}/dispositivi/{activation}/rilascia",
                cast.verdi.license
            ),
            json!({"motivo": "x"}),
            reason,
        ),
        operation(
            Post,
            "/api/admin/clienti",
            json!({"nome": "Nuovo", "sedi": [{"nome": "S"}], "referenti": [{"nome": "R"}]}),
            &[
                data,
                people,
                &[
                    ("nome", Needed),
                    ("azienda", Text),
                    ("agente", Text),
                    ("password", Text),
                ],
            ]
            .concat(),
        ),
        operation(
            Patch,
            &customer,
            json!({"sedi": [{"nome": "S"}], "referenti": [{"nome": "R"}]}),
            &[data, people, &[("nome", Text)]].concat(),
        ),
        operation(
            Post,
            &format!("{customer}/rifiuta"),
            json!({"motivo": "x"}),
            reason,
        ),
        operation(
            Post,
            &format!("{customer}/sospendi"),
            json!({"motivo": "x"}),
            reason,
        ),
        operation(
            Post,
            &format!("{customer}/riattiva"),
            json!({"motivo": "x"}),
            reason,
        ),
        operation(
            Post,
            &format!("{customer}/assegna"),
            json!({"azienda": cast.alfa.id}),
            &[("azienda", Text), ("agente", Text)],
        ),
        operation(
            Post,
            "/api/admin/agent",
            json!({"nome": "N", "ruolo": "rivenditore", "diritti": {}}),
            &[
                node_terms,
                &[
                    ("nome", Needed),
                    ("ruolo", Needed),
                    ("azienda_padre", Text),
                    ("password", Text),
                ],
            ]
            .concat(),
        ),
        operation(
            Patch,
            &node,
            json!({"diritti": {}, "regole": {}}),
            &[node_terms, node_rules, &[("nome", Text)]].concat(),
        ),
        operation(Post, &format!("{node}/sospendi"), json!({"motivo": "x"}), reason),
        operation(Post, &format!("{node}/riattiva"), json!({"motivo": "x"}), reason),
        operation(
            Post,
            &format!("{node}/sposta"),
            json!({"azienda_padre": cast.beta.id}),
            &[("azienda_padre", Text)],
        ),
        operation(
            Post,
            "/api/admin/utenti",
            json!({"email": "nuovo@example.it"}),
            &[
                ("email", Needed),
                ("nome", Text),
                ("nodo", Text),
                ("cliente", Text),
                ("lingua", Text),
                ("sola_lettura", Flag),
                ("password", Text),
            ],
        ),
        operation(
            Patch,
            &format!("/api/admin/utenti/{user}"),
            json!({"nome": "x"}),
            &[("nome", Text), ("lingua", Text), ("sola_lettura", Flag)],
        ),
        operation(
            Post,
            "/api/admin/prodotti",
            json!({"codice": "NUOVO", "nome": "N", "moduli": module, "versioni": [{"versione": "1", "data_rilascio": "2026-01-01"}]}),
            &[
                rules,
                &[
                    ("codice", Needed),
                    ("nome", Needed),
                    ("valuta", Text),
                    ("versioni", List),
                    ("versioni.0", Object),
                    ("versioni.0.versione", Needed),
                    ("versioni.0.data_rilascio", Needed),
                    ("versioni.0.note", Text),
                    ("versioni.0.url", Text),
                ],
            ]
            .concat(),
        ),
        operation(
            Patch,
            &product,
            json!({"moduli": module}),
            &[rules, &[("nome", Text)]].concat(),
        ),
        operation(
            Post,
            &format!("{product}/versioni"),
            json!({"versione": "9", "data_rilascio": "2026-01-01"}),
            &[
                ("versione", Needed),
                ("data_rilascio", Needed),
                ("note", Text),
                ("url", Text),
            ],
        ),
        operation(
            Post,
            &format!("{product}/ruota"),
            json!({"revoca": false}),
            &[("revoca", Flag)],
        ),
    ]
}

impl Operation {
    async fn send(&self, world: &World, cast: &Cast, body: impl AsRef<[u8]>) -> Reply {
        let mut request = world.request(self.method, &self.path);
        if self.path.starts_with("/api/admin") {
            request = request.header(Header::new("Authorization", format!("Bearer {}", cast.root)));
        }
        if self.method == Method::Patch && self.path.contains("licenze") {
            request = request.header(Header::new("If-Match", "\"999999\""));
        }
        let reply = Reply::of(request.header(ContentType::JSON).body(body.as_ref())).await;
        assert!(
            reply.status.code < 500,
            "{} {} with {:?}: {}",
            self.method,
            self.path,
            String::from_utf8_lossy(body.as_ref())
                .chars()
                .take(300)
                .collect::<String>(),
            reply.text
        );
        if reply.status.code >= 400 {
            whole(&reply);
        }
        reply
    }

    /// The right body with a field set to a value.
    fn with(&self, field: &str, value: Value) -> Value {
        let mut body = self.body.clone();
        *place(&mut body, field) = value;
        body
    }

    /// The right body without a field.
    fn without(&self, field: &str) -> Value {
        let mut body = self.body.clone();
        let (parent, name) = field.rsplit_once('.').unwrap_or(("", field));
        let parent = if parent.is_empty() {
            &mut body
        } else {
            place(&mut body, parent)
        };
        parent.as_object_mut().unwrap().remove(name);
        body
    }

    #[track_caller]
    fn names(&self, reply: &Reply, field: &str, faults: &[&str], sent: &str) {
        let sent: String = sent.chars().take(200).collect();
        let found = &reply.body["campi"][field];
        let said = found
            .as_array()
            .is_some_and(|list| list.iter().any(|code| faults.contains(&code.as_str().unwrap())));
        assert!(
            reply.status.code == 422 && reply.code() == "RICHIESTA_NON_VALIDA" && said,
            "{} {} with {sent}: wanted {field}: {faults:?}, got {}",
            self.method,
            self.path,
            reply.text
        );
    }
}

fn place<'a>(body: &'a mut Value, field: &str) -> &'a mut Value {
    let mut at = body;
    for part in field.split('.') {
        at = match part.parse::<usize>() {
            Ok(n) => &mut at[n],
            Err(_) => &mut at[part],
        };
    }
    at
}

/// Holds that a problem has all its members.
#[track_caller]
fn whole(reply: &Reply) {
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json"),
        "{}",
        reply.text
    );
    for member in ["type", "title", "detail", "codice", "id_richiesta"] {
        assert!(
            reply.body[member].as_str().is_some_and(|text| !text.is_empty()),
            "no {member} in {}",
            reply.text
        );
    }
    assert_eq!(reply.body["status"], reply.status.code);
    assert_eq!(reply.header("x-request-id"), reply.body["id_richiesta"].as_str());
}

on_both!(
    a_field_of_another_type_or_missing_or_too_long_is_named,
    |world| async {
        let cast = world.cast().await;
        for operation in operations(&world, &cast).await {
            for (field, kind) in &operation.fields {
                let wrong: &[Value] = match kind {
                    Text | Needed => &[json!(1), json!(true), json!([]), json!({}), json!(1.5)],
                    Number => &[
                        json!("1"),
                        json!(true),
                        json!([]),
                        json!({}),
                        json!(1.5),
                        json!(-1.0),
                    ],
                    Flag | NeededFlag => &[json!("true"), json!(0), json!(1), json!([]), json!({})],
                    List => &[json!("x"), json!(1), json!(true), json!({})],
                    Object | NeededObject => &[
                        json!("x"),
                        json!(1),
                        json!(true),
                        json!([]),
                        json!([null, null, null]),
                    ],
                };
                for value in wrong {
                    let sent = operation.with(field, value.clone()).to_string();
                    let reply = operation.send(&world, &cast, &sent).await;
                    operation.names(&reply, field, &["TIPO_ERRATO"], &sent);
                }
                if matches!(kind, Needed | NeededObject | NeededFlag) {
                    for body in [operation.without(field), operation.with(field, Value::Null)] {
                        let sent = body.to_string();
                        let reply = operation.send(&world, &cast, &sent).await;
                        operation.names(&reply, field, &["MANCANTE", "TIPO_ERRATO"], &sent);
                    }
                }
                if matches!(kind, Text | Needed) && !operation.free.contains(field) {
                    let sent = operation.with(field, json!("è".repeat(30_000))).to_string();
                    let reply = operation.send(&world, &cast, &sent).await;
                    let faults = ["TROPPO_LUNGO", "NON_VALIDO", "SCONOSCIUTO", "NON_DISPONIBILE"];
                    // A product's name is looked up: what is too long for one is said so, a list's words are one fault.
                    let named = if *field == "moduli.0" { "moduli" } else { field };
                    operation.names(&reply, named, &faults, &sent);
                }
                if *kind == Number {
                    for number in [
                        "1e400",
                        "-1e400",
                        "1e30",
                        "99999999999999999999999999",
                        "-1",
                        "9223372036854775807",
                    ] {
                        let marked = operation.with(field, json!("HERE")).to_string();
                        let sent = marked.replace("\"HERE\"", number);
                        let reply = operation.send(&world, &cast, &sent).await;
                        if *field == "moduli_usati.A" && number == "9223372036854775807" {
                            continue;
                        }
                        operation.names(&reply, field, &["FUORI_INTERVALLO", "TIPO_ERRATO"], &sent);
                    }
                }
            }
        }
    }
);

on_both!(
    control_characters_nul_and_lone_surrogates_break_nothing,
    |world| async {
        let cast = world.cast().await;
        for operation in operations(&world, &cast).await {
            for (field, kind) in &operation.fields {
                if !matches!(kind, Text | Needed) {
                    continue;
                }
                for text in [
                    "\u{0}",
                    "a\u{0}b",
                    "\u{7}\u{1b}[31m",
                    "\u{85}\u{2028}",
                    "\u{202e}\u{200b}",
                    "\u{10ffff}",
                    "\r\nBcc: x@example.it",
                ] {
                    let sent = operation.with(field, json!(text)).to_string();
                    operation.send(&world, &cast, &sent).await;
                }
                for escape in [
                    "\\ud800",
                    "\\udfff",
                    "a\\ud83db",
                    "\\ud83d\\ud83d",
                    "\\u12",
                    "\\x",
                ] {
                    let marked = operation.with(field, json!("HERE")).to_string();
                    let sent = marked.replace("HERE", escape);
                    let reply = operation.send(&world, &cast, &sent).await;
                    assert_eq!(
                        (reply.status.code, reply.code()),
                        (400, "JSON_NON_VALIDO"),
                        "{} {sent}: {}",
                        operation.path,
                        reply.text
                    );
                }
            }
        }
    }
);

on_both!(what_is_no_json_object_is_refused, |world| async {
    let cast = world.cast().await;
    for operation in operations(&world, &cast).await {
        let good = operation.body.to_string();
        let first = operation.body.as_object().unwrap().keys().next().unwrap().clone();
        let nested = |open: &str, close: &str| {
            format!("{{\"{first}\": {}{}}}", open.repeat(10_000), close.repeat(10_000))
        };
        let mut not_json: Vec<Vec<u8>> = [
            "ciao",
            "{",
            "}",
            "{\"",
            "{\"a\":}",
            "{'a': 1}",
            "{a: 1}",
            "NaN",
            "[",
            "\u{feff}{}",
            "{}{}",
            "{} x",
            "{,}",
            "\u{0}",
            "chiave=1&b=2",
            "<a/>",
        ]
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect();
        not_json.push(good.as_bytes()[..good.len() - 1].to_vec());
        not_json.push([good.as_bytes(), b","].concat());
        not_json.push(b"{\"a\": \"\xff\xfe\"}".to_vec());
        not_json.push(b"\xff\xfe{\x00}\x00".to_vec());
        for body in not_json {
            let reply = operation.send(&world, &cast, &body).await;
            assert!(
                reply.code() == "JSON_NON_VALIDO" && reply.status.code == 400,
                "{} {:?}: {}",
                operation.path,
                String::from_utf8_lossy(&body),
                reply.text
            );
        }
        for body in [
            "[]",
            "null",
            "\"x\"",
            "1",
            "true",
            "1.5",
            "[null,null,null,null]",
            "[{}]",
        ] {
            let reply = operation.send(&world, &cast, body).await;
            operation.names(&reply, "corpo", &["TIPO_ERRATO"], body);
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let body = if open == "[" {
                nested("[", "]")
            } else {
                nested("{\"a\":", "1}").replace("1}1}", "1}}")
            };
            let reply = operation.send(&world, &cast, body).await;
            assert!(
                matches!(reply.status.code, 400 | 422),
                "{}{close}: {}",
                operation.path,
                reply.text
            );
            let unknown = format!("{{\"ignoto\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
            operation.send(&world, &cast, unknown).await;
        }
        let mut twice = Map::new();
        twice.insert(first.clone(), operation.body[&first].clone());
        let twice = serde_json::to_string(&twice).unwrap();
        let body = format!("{},{}", &twice[..twice.len() - 1], &good[1..]);
        let reply = operation.send(&world, &cast, &body).await;
        operation.names(&reply, &first, &["NON_VALIDO"], &body);
        let reply = operation.send(&world, &cast, "").await;
        let may_be_empty = [
            "archivia",
            "riattiva",
            "rifiuta",
            "revoca",
            "rilascia",
            "ripristina",
            "sospendi",
        ]
        .iter()
        .any(|last| operation.path.ends_with(last));
        assert!(
            may_be_empty || reply.code() == "JSON_NON_VALIDO",
            "{}: {}",
            operation.path,
            reply.text
        );
        let large = format!("{}{}", " ".repeat(256 * 1024), good);
        operation
            .send(&world, &cast, large)
            .await
            .refused(413, "CORPO_TROPPO_GRANDE");
    }
    // A body of exactly the limit is read.
    let key = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "D1"}}).to_string();
    let full = format!("{}{key}", " ".repeat(256 * 1024 - key.len()));
    let request = world
        .request(Method::Post, "/api/licenze/attiva")
        .header(ContentType::JSON)
        .body(full);
    Reply::of(request).await.expect(200);
});

on_both!(unknown_fields_have_no_effect, |world| async {
    let cast = world.cast().await;
    let reply = world
        .post(
            "/api/admin/clienti",
            &cast.alfa.token,
            json!({"nome": "Furbo", "stato": "sospeso", "id": cast.bianchi.id, "creato_il": "1999-01-01T00:00:00Z", "revisione": 77, "ruolo": "superadmin"}),
        )
        .await
        .expect(201);
    assert_eq!(reply.str("/stato"), "convalidato");
    assert_ne!(reply.str("/id"), cast.bianchi.id);
    assert_eq!(reply.body["revisione"], 1);
    let reply = world
        .post(
            "/api/admin/utenti",
            &cast.root,
            json!({"email": "furba@example.it", "password": PASSWORD, "ruolo": "superadmin", "stato": "disabilitato", "nodo": cast.alfa.id}),
        )
        .await
        .expect(201);
    let user = world
        .get(&format!("/api/admin/utenti/{}", reply.str("/id")), &cast.root)
        .await;
    assert_eq!(
        (user.str("/stato"), user.str("/nodo")),
        ("attivo".into(), cast.alfa.id.clone())
    );
});
