//! Customers made by staff, and those who register themselves.

use crate::{
    on_both,
    support::{Reply, World, cast::PASSWORD, database::Database},
};
use rocket::http::{ContentType, Header, Method};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const REGISTER: &str = "/api/clienti/registrazione";
const CUSTOMERS: &str = "/api/admin/clienti";

fn registration(name: &str, extra: Value) -> Value {
    let mut body = json!({"nome": name, "email": format!("{}@example.org", name.to_lowercase()), "consenso_privacy": true});
    for (field, value) in extra.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

on_both!(
    vat_numbers_and_tax_codes_are_checked_by_their_check_digit,
    |world| async {
        let cast = world.cast().await;
        for (field, good, stored) in [
            ("partita_iva", "00743110157", "00743110157"),
            ("partita_iva", "IT 00743110157", "00743110157"),
            ("partita_iva", "de 136 695 976", "DE136695976"),
            ("codice_fiscale", "RSSMRA85T10A562S", "RSSMRA85T10A562S"),
            ("codice_fiscale", "rssmra85t10a562s", "RSSMRA85T10A562S"),
            ("codice_fiscale", "00743110157", "00743110157"),
        ] {
            let reply = world
                .post(CUSTOMERS, &cast.root, json!({"nome": "N", field: good}))
                .await
                .expect(201);
            assert_eq!(reply.str(&format!("/{field}")), stored);
            let body = registration("Carla", json!({field: good}));
            world.call(REGISTER, body).await.expect(201);
        }
        for (field, bad) in [
            ("partita_iva", "00743110158"),
            ("partita_iva", "0074311015"),
            ("partita_iva", "IT00743110158"),
            ("partita_iva", "x"),
            ("partita_iva", "٠٠٧٤٣١١٠١٥٧"),
            ("codice_fiscale", "RSSMRA85T10A562T"),
            ("codice_fiscale", "RSSMRA85T10A56"),
            ("codice_fiscale", "00743110158"),
            ("email", "senza-chiocciola"),
            ("email", "a@b@c"),
            ("email", "Nome <a@example.it>"),
            ("email", "a@example.it\r\nBcc: b@example.it"),
        ] {
            world
                .post(CUSTOMERS, &cast.root, json!({"nome": "N", field: bad}))
                .await
                .field(field, "NON_VALIDO");
            let path = format!("{CUSTOMERS}/{}", cast.rossi.id);
            world
                .ask(Method::Patch, &path, Some(&cast.root), Some(json!({field: bad})))
                .await
                .field(field, "NON_VALIDO");
            world
                .call(REGISTER, registration("Carla", json!({field: bad})))
                .await
                .field(field, "NON_VALIDO");
        }
    }
);

on_both!(a_possible_double_is_for_the_superadmin_to_see, |world| async {
    let cast = world.cast().await;
    let data = json!({"nome": "Doppio", "email": "bianchi@example.com", "partita_iva": "00743110157"});
    let seen = world.post(CUSTOMERS, &cast.root, data.clone()).await.expect(201);
    assert_eq!(seen.body["possibile_doppione"], true);
    // Alfa makes the same: beta's customer is nobody's to learn of.
    let blind = world.post(CUSTOMERS, &cast.alfa.token, data).await.expect(201);
    assert!(blind.body.get("possibile_doppione").is_none(), "{}", blind.text);
    let path = format!("{CUSTOMERS}/{}", blind.str("/id"));
    for token in [&cast.alfa.token, &cast.root] {
        let sheet = world.get(&path, token).await.expect(200);
        assert_eq!(
            sheet.body.get("possibile_doppione").is_some(),
            token == &cast.root
        );
        let list = world.get(CUSTOMERS, token).await.expect(200);
        assert_eq!(list.text.contains("possibile_doppione"), token == &cast.root);
    }
    let single = world
        .post(CUSTOMERS, &cast.root, json!({"nome": "Unico"}))
        .await
        .expect(201);
    assert_eq!(single.body["possibile_doppione"], false);
    assert_eq!(single.str("/stato"), "convalidato");
});

on_both!(a_first_user_wants_an_address_of_its_own, |world| async {
    let cast = world.cast().await;
    let with = |extra: Value| {
        let mut body = json!({"nome": "N", "email": "n@example.it", "password": PASSWORD});
        for (field, value) in extra.as_object().unwrap() {
            body[field] = value.clone();
        }
        body
    };
    world
        .post(CUSTOMERS, &cast.root, with(json!({"email": null})))
        .await
        .field("email", "MANCANTE");
    world
        .post(CUSTOMERS, &cast.root, with(json!({"email": "rossi@example.com"})))
        .await
        .field("email", "GIA_IN_USO");
    world
        .post(CUSTOMERS, &cast.root, with(json!({"password": "corta"})))
        .await
        .field("password", "TROPPO_CORTO");
    world
        .post(CUSTOMERS, &cast.root, with(json!({"password": "password1234"})))
        .await
        .field("password", "TROPPO_COMUNE");
    world
        .post(CUSTOMERS, &cast.root, with(json!({"password": "x".repeat(5000)})))
        .await
        .field("password", "TROPPO_LUNGO");
    assert_eq!(
        world
            .database
            .count("SELECT COUNT(*) AS n FROM customers WHERE name = 'N'"),
        0
    );
    world
        .post(CUSTOMERS, &cast.root, with(json!({})))
        .await
        .expect(201);
    world.token("n@example.it", false).await;
});

/// An answer without what is different in every one.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), shape(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(list) => list.iter().map(shape).collect::<Vec<_>>().into(),
        Value::String(text) => json!(format!("{} characters", text.chars().count())),
        other => other.clone(),
    }
}

on_both!(a_registration_is_answered_alike_whoever_is_known, |world| async {
    let cast = world.cast().await;
    world
        .post(CUSTOMERS, &cast.root, json!({"nome": "Noto", "email": "gianna@example.org", "partita_iva": "00743110157", "password": PASSWORD}))
        .await
        .expect(201);
    let mut shapes = BTreeSet::new();
    let mut headers = BTreeSet::new();
    for (name, vat) in [
        ("Gianna", "00743110157"),
        ("Nicola", "00743110157"),
        ("Gianna", "01114601006"),
        ("Nicole", "07643520567"),
    ] {
        for key in [None, Some("k")] {
            let body = registration(
                name,
                json!({"partita_iva": vat, "prodotto": "GESTIONALE", "password": "altri-tre-gatti-neri"}),
            );
            let mut request = world
                .request(Method::Post, REGISTER)
                .header(ContentType::JSON)
                .body(body.to_string());
            if let Some(key) = key {
                request = request.header(Header::new(
                    "Idempotency-Key",
                    format!("{key}{name}{vat}{}", &cast.root[..8]),
                ));
            }
            let reply = Reply::of(request).await.expect(201);
            shapes.insert(shape(&reply.body).to_string());
            let names: BTreeMap<String, String> = reply
                .headers
                .iter()
                .filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
                .cloned()
                .collect();
            headers.insert(format!("{names:?}"));
        }
    }
    assert_eq!(shapes.len(), 1, "{shapes:#?}");
    assert_eq!(headers.len(), 1, "{headers:#?}");
    // The existing account is as it was: its password, and nothing attached to it.
    assert_eq!(
        world
            .database
            .count("SELECT COUNT(*) AS n FROM users WHERE email = 'gianna@example.org'"),
        1
    );
    assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM licenses l JOIN customers c ON c.id = l.customer_id WHERE c.name = 'Noto'"), 0);
    assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM outbox WHERE kind = 'registrazione_ripetuta' AND recipient = 'gianna@example.org'"), 4);
    assert_eq!(
        world
            .database
            .count("SELECT COUNT(*) AS n FROM customers WHERE flagged_double = 1 AND state = 'in_attesa'"),
        7
    );
    // The first of nicole's is nobody's double.
    let list = world
        .get(&format!("{CUSTOMERS}?q=nicole"), &cast.root)
        .await
        .expect(200);
    let flags: Vec<bool> = list.body["dati"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["possibile_doppione"].as_bool().unwrap())
        .collect();
    assert_eq!(flags.len(), 2);
});

on_both!(
    a_registration_that_nobody_confirmed_keeps_no_address_from_its_owner,
    |world| async {
        let cast = world.cast().await;
        let squat = async |name: &str| {
            let body = registration(name, json!({"password": "altri-tre-gatti-neri"}));
            world.call(REGISTER, body).await.expect(201);
        };
        let mails = |kind: &str, to: &str| {
            world.database.count(&format!(
                "SELECT COUNT(*) AS n FROM outbox WHERE kind = '{kind}' AND recipient = '{to}@example.org'"
            ))
        };
        for name in ["Ada", "Bea", "Cleo", "Dora", "Elsa"] {
            squat(name).await;
            assert_eq!(
                world.database.count(&format!(
                    "SELECT COUNT(*) AS n FROM one_time_links WHERE email = '{}@example.org' AND password_hash IS NOT NULL",
                    name.to_lowercase()
                )),
                1
            );
        }
        assert_eq!(
            world
                .database
                .count("SELECT COUNT(*) AS n FROM users WHERE email LIKE '%@example.org'"),
            0
        );
        // An invitation arrives, a superadmin's user and the first ones of a customer and of a node are made.
        let users = "/api/admin/utenti";
        let ada = json!({"email": "ada@example.org"});
        world.post(users, &cast.alfa.token, ada).await.expect(201);
        assert_eq!(mails("invito", "ada"), 1);
        let bea = json!({"email": "bea@example.org", "password": PASSWORD});
        world.post(users, &cast.root, bea).await.expect(201);
        let cleo = json!({"nome": "Cleo", "email": "cleo@example.org", "password": PASSWORD});
        world.post(CUSTOMERS, &cast.alfa.token, cleo).await.expect(201);
        let dora =
            json!({"nome": "Dora", "ruolo": "agente", "email": "dora@example.org", "password": PASSWORD});
        world
            .post("/api/admin/agent", &cast.alfa.token, dora)
            .await
            .expect(201);
        for name in ["bea", "cleo", "dora"] {
            world.token(&format!("{name}@example.org"), false).await;
        }
        // The real person's own registration is one like any other, with a link of its own.
        squat("Elsa").await;
        assert_eq!(
            (
                mails("registrazione", "elsa"),
                mails("registrazione_ripetuta", "elsa")
            ),
            (2, 0)
        );
        // Of an address that has an owner no stranger's password is kept.
        squat("Bea").await;
        assert_eq!(mails("registrazione_ripetuta", "bea"), 1);
        assert_eq!(
            world.database.count(
                "SELECT COUNT(*) AS n FROM one_time_links WHERE email = 'bea@example.org' AND password_hash IS NOT NULL"
            ),
            1
        );
    }
);

on_both!(
    a_registration_gives_one_trial_a_code_and_waits_for_validation,
    |world| async {
        let cast = world.cast().await;
        let body = registration(
            "Carla",
            json!({"prodotto": cast.product, "codice_rivenditore": "nord", "referente": {"nome": "Carla C.", "telefono": "06 1"}}),
        );
        let reply = world.call(REGISTER, body).await.expect(201);
        assert_eq!(reply.str("/cliente/stato"), "in_attesa");
        let code = reply.str("/codice_pratica");
        assert!(code.len() >= 22, "at least 128 bits");
        let licenses = reply.body["licenze"].as_array().unwrap();
        assert_eq!(licenses.len(), 1);
        assert_eq!(
            (&licenses[0]["tipo_licenza"], &licenses[0]["stato"]),
            (&json!("trial"), &json!("in_attesa_convalida"))
        );
        let id = reply.str("/cliente/id");
        let sheet = world
            .get(&format!("{CUSTOMERS}/{id}"), &cast.nord.token)
            .await
            .expect(200);
        assert_eq!(
            (sheet.str("/azienda"), sheet.str("/referenti/0/nome")),
            (cast.nord.id.clone(), "Carla C.".into())
        );
        world
            .get(&format!("{CUSTOMERS}/{id}"), &cast.beta.token)
            .await
            .refused(404, "NON_TROVATO");
        // An agent's link gives it to the agent.
        let body = registration("Dino", json!({"codice_rivenditore": "ANNA"}));
        let dino = world.call(REGISTER, body).await.expect(201);
        assert_eq!(dino.body["licenze"], json!([]));
        let sheet = world
            .get(
                &format!("{CUSTOMERS}/{}", dino.str("/cliente/id")),
                &cast.anna.token,
            )
            .await
            .expect(200);
        assert_eq!(
            (sheet.str("/azienda"), sheet.str("/agente")),
            (cast.alfa.id.clone(), cast.anna.id.clone())
        );

        let path = format!("{REGISTER}/{code}");
        let state = world.ask(Method::Get, &path, None, None).await.expect(200);
        assert_eq!(state.str("/cliente/stato"), "in_attesa");
        assert_eq!(
            state.str("/licenze/0/chiave_licenza"),
            licenses[0]["chiave_licenza"].as_str().unwrap()
        );
        for wrong in [
            code.to_uppercase(),
            code[1..].to_owned(),
            format!("{code}x"),
            "x".repeat(43),
            id.clone(),
        ] {
            world
                .ask(Method::Get, &format!("{REGISTER}/{wrong}"), None, None)
                .await
                .refused(404, "NON_TROVATO");
        }
        world.app.clock.advance(chrono::Duration::days(100));
        world.ask(Method::Get, &path, None, None).await.expect(200);
        world
            .post(
                &format!("{CUSTOMERS}/{id}/convalida"),
                &cast.nord.token,
                json!({}),
            )
            .await
            .expect(200);
        let state = world.ask(Method::Get, &path, None, None).await.expect(200);
        assert_eq!(state.str("/cliente/stato"), "convalidato");
        assert_eq!(state.str("/licenze/0/stato"), "emessa");
        world
            .app
            .clock
            .advance(chrono::Duration::days(30) - chrono::Duration::minutes(5));
        world.ask(Method::Get, &path, None, None).await.expect(200);
        world.app.clock.advance(chrono::Duration::minutes(10));
        world
            .ask(Method::Get, &path, None, None)
            .await
            .refused(404, "NON_TROVATO");
    }
);

on_both!(a_registration_wants_consent_and_names_that_exist, |world| async {
    let cast = world.cast().await;
    world
        .call(REGISTER, registration("C", json!({"consenso_privacy": false})))
        .await
        .field("consenso_privacy", "NON_ACCETTATO");
    world
        .call(
            REGISTER,
            registration("C", json!({"codice_rivenditore": "NESSUNO"})),
        )
        .await
        .field("codice_rivenditore", "SCONOSCIUTO");
    world
        .call(REGISTER, registration("C", json!({"codice_rivenditore": "è"})))
        .await
        .field("codice_rivenditore", "NON_VALIDO");
    world
        .call(REGISTER, registration("C", json!({"prodotto": "NESSUNO"})))
        .await
        .field("prodotto", "SCONOSCIUTO");
    world
        .call(REGISTER, registration("C", json!({"prodotto": "CITTÀ"})))
        .await
        .field("prodotto", "SCONOSCIUTO");
    world
        .call(REGISTER, registration("C", json!({"nome": " \u{200b} "})))
        .await
        .field("nome", "MANCANTE");
    let path = format!("/api/admin/agent/{}/sospendi", cast.beta.id);
    world
        .post(&path, &cast.root, json!({"motivo": "x"}))
        .await
        .expect(200);
    world
        .call(REGISTER, registration("C", json!({"codice_rivenditore": "BETA"})))
        .await
        .field("codice_rivenditore", "SCONOSCIUTO");
    assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM registrations"), 0);
});

on_both!(
    a_registration_with_an_idempotency_key_is_done_once,
    |world| async {
        let cast = world.cast().await;
        // Which ones run is known to the process, and all tests share one.
        let key = format!("una-{}", &cast.root[..8]);
        let body = registration("Carla", json!({"prodotto": "GESTIONALE"}));
        let send = async |body: &Value| {
            let request = world
                .request(Method::Post, REGISTER)
                .header(ContentType::JSON)
                .header(Header::new("Idempotency-Key", key.clone()))
                .body(body.to_string());
            Reply::of(request).await
        };
        let first = send(&body).await.expect(201);
        let again = send(&body).await.expect(201);
        assert_eq!(
            (again.header("idempotency-replayed"), &again.text),
            (Some("true"), &first.text)
        );
        assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM registrations"), 1);
        send(&registration("Altra", json!({})))
            .await
            .refused(409, "IDEMPOTENZA_IN_CONFLITTO");
    }
);

on_both!(
    a_company_below_a_suspended_one_takes_no_registrations,
    |world| async {
        let cast = world.cast().await;
        let codes = ["ALFA", "ANNA", "NORD", "NINO"];
        let act = async |id: &str, action: &str| {
            let path = format!("/api/admin/agent/{id}/{action}");
            world
                .post(&path, &cast.root, json!({"motivo": "x"}))
                .await
                .expect(200);
        };
        act(&cast.alfa.id, "sospendi").await;
        for code in codes {
            let body = registration("C", json!({"codice_rivenditore": code}));
            world
                .call(REGISTER, body)
                .await
                .field("codice_rivenditore", "SCONOSCIUTO");
        }
        act(&cast.alfa.id, "riattiva").await;
        for code in codes {
            let body = registration(code, json!({"codice_rivenditore": code}));
            world.call(REGISTER, body).await.expect(201);
        }
    }
);

on_both!(
    a_registrations_trial_is_of_what_is_sold_as_trial_with_the_included_modules,
    |world| async {
        let cast = world.cast().await;
        let body = json!({"codice": "SENZAPROVA", "nome": "Senza prova", "tipi_licenza": ["abbonamento"]});
        world
            .post("/api/admin/prodotti", &cast.root, body)
            .await
            .expect(201);
        world
            .call(REGISTER, registration("C", json!({"prodotto": "SENZAPROVA"})))
            .await
            .field("prodotto", "NON_COMPATIBILE");
        assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM registrations"), 0);
        let body = registration("C", json!({"prodotto": "GESTIONALE"}));
        let made = world.call(REGISTER, body).await.expect(201);
        assert_eq!(made.body["licenze"][0]["moduli_attivi"], json!(["CONTABILITA"]));
        let path = format!("/api/admin/licenze/{}", made.str("/licenze/0/id"));
        let sheet = world.get(&path, &cast.root).await.expect(200);
        assert_eq!(sheet.body["moduli_attivi"], json!(["CONTABILITA"]));
    }
);

on_both!(
    an_idempotency_key_without_a_token_belongs_to_the_callers_address,
    |world| async {
        let cast = world.cast().await;
        let key = format!("indirizzo-{}", &cast.root[..12]);
        let send = async |address: &str, name: &str| {
            let request = world
                .request(Method::Post, REGISTER)
                .remote(format!("{address}:4000").parse().unwrap())
                .header(ContentType::JSON)
                .header(Header::new("Idempotency-Key", key.clone()))
                .body(registration(name, json!({})).to_string());
            Reply::of(request).await
        };
        let one = send("192.0.2.1", "Una").await.expect(201);
        // Neither told that the key is in use, nor given the other's case.
        let two = send("192.0.2.2", "Due").await.expect(201);
        let three = send("192.0.2.3", "Una").await.expect(201);
        assert_eq!(three.header("idempotency-replayed"), None);
        for (address, name, first) in [("192.0.2.1", "Una", &one), ("192.0.2.2", "Due", &two)] {
            let again = send(address, name).await.expect(201);
            assert_eq!(again.header("idempotency-replayed"), Some("true"));
            assert_eq!(again.text, first.text);
        }
        send("192.0.2.1", "Altra")
            .await
            .refused(409, "IDEMPOTENZA_IN_CONFLITTO");
    }
);

#[rocket::async_test]
async fn the_limit_of_registrations_is_asked_before_a_password_is_judged() {
    for database in [Database::sqlite(), Database::mariadb()] {
        let world = World::with(database, |config| config.rates.rate_registration = 1).await;
        let body = registration("C", json!({"password": "password1234"}));
        world
            .call(REGISTER, body.clone())
            .await
            .field("password", "TROPPO_COMUNE");
        world.call(REGISTER, body).await.refused(429, "TROPPE_RICHIESTE");
    }
}

#[rocket::async_test]
async fn registrations_are_limited_by_address_and_hour() {
    for database in [Database::sqlite(), Database::mariadb()] {
        let world = World::with(database, |config| config.rates.rate_registration = 3).await;
        for n in 0..5 {
            let reply = world
                .call(REGISTER, registration(&format!("C{n}"), json!({})))
                .await;
            if n < 3 {
                reply.expect(201);
            } else {
                let reply = reply.refused(429, "TROPPE_RICHIESTE");
                let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
                assert!((1..=1201).contains(&seconds), "{seconds}");
            }
        }
        // What is wrong is told before it counts.
        world
            .call(REGISTER, registration("C", json!({"email": "x"})))
            .await
            .field("email", "NON_VALIDO");
    }
}
