//! Activating, validating and releasing devices: what works, and every way in which it is refused.

use crate::{
    on_both,
    support::{World, computer::claims, database::Database},
};
use serde_json::{Value, json};

const ATTIVA: &str = "/api/licenze/attiva";
const VALIDA: &str = "/api/licenze/valida";
const DISATTIVA: &str = "/api/licenze/disattiva";

fn device(key: &str, id: &str) -> Value {
    json!({"chiave_licenza": key, "dispositivo": {"id": id}})
}

/// The same body with more in it.
fn with(mut body: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// A refusal: what `attiva` answers, and what `valida` says of the same request.
#[derive(Clone, Copy)]
struct Refused(u16, &'static str, &'static str);

/// A refusal that both say alike.
fn alike(status: u16, code: &'static str) -> Refused {
    Refused(status, code, code)
}

/// Holds that a request is refused by both, is written down with its outcome, takes no place and names nobody else.
async fn refused(world: &World, root: &str, license: Option<&str>, body: Value, wanted: Refused) {
    let Refused(status, code, on_check) = wanted;
    let places = || {
        let count = |sql| world.database.count(sql);
        (
            count("SELECT COUNT(*) AS n FROM activations WHERE live = 1"),
            count("SELECT COUNT(*) AS n FROM license_users"),
            count("SELECT COUNT(*) AS n FROM trial_uses"),
            count("SELECT COUNT(*) AS n FROM licenses WHERE devices_used > 0"),
        )
    };
    let before = places();
    let attempt = world.call(ATTIVA, body.clone()).await.refused(status, code);
    assert!(
        !attempt.text.contains("taken-by"),
        "a refusal names another device: {}",
        attempt.text
    );
    assert!(!attempt.str("/detail").is_empty() && !attempt.str("/title").is_empty());
    let check = world.call(VALIDA, body.clone()).await.expect(200);
    assert_eq!(
        (
            check.code(),
            &check.body["valida"],
            &check.body["chiave_computer"]
        ),
        (on_check, &json!(false), &Value::Null),
        "{}",
        check.text
    );
    assert_eq!(
        check.body["licenza"].is_null(),
        license.is_none(),
        "{}",
        check.text
    );
    assert!(!check.str("/messaggio").is_empty() && check.body["ricontrolla_entro"].is_null());
    assert_eq!(places(), before, "a refusal of {code} took a place");
    world.settle().await;
    let filter = license.map_or(String::new(), |id| format!("&licenza={id}"));
    let log = world
        .get(&format!("/api/admin/attivazioni?limite=2{filter}"), root)
        .await
        .expect(200);
    for (row, operation, outcome) in [(0, "valida", on_check), (1, "attiva", code)] {
        let row = &log.body["dati"][row];
        assert_eq!(
            (&row["operazione"], &row["risultato_validazione"]),
            (&json!(operation), &json!(outcome)),
            "{}",
            log.text
        );
        assert_eq!(row["dispositivo"], body["dispositivo"]["id"]);
        assert_eq!(
            (&row["tipo_chiave"], &row["indirizzo"]),
            (&json!("activation"), &json!("127.0.0.1"))
        );
        assert_eq!(row["licenza"].as_str(), license);
    }
}

/// Holds that a device is activated.
async fn activated(world: &World, body: Value) -> Value {
    world.call(ATTIVA, body).await.expect(200).body
}

/// Holds what `valida` says.
async fn says(world: &World, body: Value, code: &str) -> Value {
    let reply = world.call(VALIDA, body).await.expect(200);
    assert_eq!(reply.code(), code, "{}", reply.text);
    assert_eq!(reply.body["valida"], json!(code == "VALIDA"));
    reply.body
}

/// A well-formed key that nobody has.
fn unknown_key() -> String {
    sigillo::domain::license::key::ActivationKey::from_entropy([9; 15]).to_string()
}

/// The key with its third symbol changed for another.
fn mistyped(key: &str) -> String {
    let mut symbols: Vec<char> = key.chars().collect();
    symbols[2] = if symbols[2] == '7' { '8' } else { '7' };
    symbols.into_iter().collect()
}

on_both!(a_device_is_activated_validated_and_released, |world| async {
    let cast = world.cast().await;
    let first = world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    assert_eq!(first.str("/esito"), "attivata");
    let again = world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    assert_eq!(again.str("/esito"), "gia_attiva");
    assert_eq!(again.str("/attivazione/id"), first.str("/attivazione/id"));
    world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D2"))
        .await
        .refused(409, "DISPOSITIVI_ESAURITI");
    let valid = world
        .call("/api/licenze/valida", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    assert_eq!((valid.code(), &valid.body["valida"]), ("VALIDA", &json!(true)));
    world
        .call("/api/licenze/disattiva", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    let stale = world
        .call(
            "/api/licenze/valida",
            json!({"chiave_computer": valid.str("/chiave_computer")}),
        )
        .await
        .expect(200);
    assert_eq!(stale.code(), "DISPOSITIVO_NON_ATTIVO");
    world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D2"))
        .await
        .expect(200);
});

on_both!(
    unknown_mistyped_and_foreign_keys_are_refused_each_in_its_own_way,
    |world| async {
        let cast = world.cast().await;
        world
            .post(
                "/api/admin/prodotti",
                &cast.root,
                json!({"codice": "ALTRO", "nome": "Altro"}),
            )
            .await
            .expect(201);
        let body = device(&unknown_key(), "D1");
        refused(&world, &cast.root, None, body, alike(404, "LICENZA_NON_TROVATA")).await;
        let body = device(&mistyped(&cast.rossi.key), "D1");
        refused(&world, &cast.root, None, body, alike(422, "CHIAVE_DIGITATA_MALE")).await;
        for nonsense in ["", "-", "ciao", "\u{0}", &"A".repeat(5000)] {
            world
                .call(ATTIVA, device(nonsense, "D1"))
                .await
                .refused(422, "CHIAVE_DIGITATA_MALE");
            let check = says(&world, device(nonsense, "D1"), "CHIAVE_DIGITATA_MALE").await;
            assert!(check["licenza"].is_null());
            world
                .call(DISATTIVA, device(nonsense, "D1"))
                .await
                .refused(422, "CHIAVE_DIGITATA_MALE");
        }
        world
            .call(DISATTIVA, device(&unknown_key(), "D1"))
            .await
            .refused(404, "LICENZA_NON_TROVATA");
        for product in ["ALTRO", "SCONOSCIUTO", "gestionale"] {
            let body = with(device(&cast.rossi.key, "D1"), json!({"prodotto": product}));
            let wrong = alike(409, "PRODOTTO_ERRATO");
            refused(&world, &cast.root, Some(&cast.rossi.license), body, wrong).await;
        }
        let body = with(device(&cast.rossi.key, "D1"), json!({"prodotto": "GESTIONALE"}));
        activated(&world, body).await;
    }
);

on_both!(
    a_key_is_read_as_people_type_it_and_shown_back_in_groups,
    |world| async {
        let cast = world.cast().await;
        let plain = cast.rossi.key.replace('-', "");
        let typed = [
            plain.to_lowercase(),
            format!("  {}  ", cast.rossi.key.replace('-', " ")),
            cast.rossi.key.replace('0', "o").replace('1', "l"),
            cast.rossi.key.replace('0', "O").replace('1', "I"),
            plain.chars().map(|c| format!("{c}-")).collect(),
        ];
        for key in typed {
            activated(&world, device(&key, "D1")).await;
        }
        assert!(cast.rossi.key.split('-').all(|group| group.len() == 5));
        assert_eq!(cast.rossi.key.split('-').count(), 5);
        let sheet = world
            .get(&format!("/api/admin/licenze/{}", cast.rossi.license), &cast.root)
            .await
            .expect(200);
        assert_eq!(sheet.str("/chiave_licenza"), cast.rossi.key);
    }
);

#[rocket::async_test]
async fn a_mistyped_key_is_refused_before_the_database_and_counts_for_no_limit() {
    for database in [Database::sqlite(), Database::mariadb()] {
        let world = World::with(database, |config| {
            config.rates.rate_unknown_key = 1;
            config.rates.rate_failures = 1;
            config.rates.rate_device = 1;
        })
        .await;
        let cast = world.cast().await;
        world
            .database
            .execute("ALTER TABLE licenses RENAME TO elsewhere")
            .unwrap();
        for _ in 0..30 {
            let body = device(&mistyped(&cast.rossi.key), "D1");
            for path in [ATTIVA, DISATTIVA] {
                world
                    .call(path, body.clone())
                    .await
                    .refused(422, "CHIAVE_DIGITATA_MALE");
            }
            says(&world, body, "CHIAVE_DIGITATA_MALE").await;
        }
        let status = world.call(ATTIVA, device(&unknown_key(), "D1")).await.status.code;
        assert!(
            [500, 503].contains(&status),
            "an unknown key never reached the database: {status}"
        );
        world
            .database
            .execute("ALTER TABLE elsewhere RENAME TO licenses")
            .unwrap();
        activated(&world, device(&cast.rossi.key, "D1")).await;
    }
}

on_both!(
    a_suspended_revoked_or_stopped_licence_is_refused_and_the_gravest_state_is_told,
    |world| async {
        let cast = world.cast().await;
        let root = cast.root.clone();
        let (id, key) = world
            .issue(
                &root,
                json!({"cliente": cast.rossi.id, "data_scadenza": "2020-01-01", "numero_dispositivi": 2}),
            )
            .await
            .remove(0);
        let path = |what: &str| format!("/api/admin/licenze/{id}/{what}");
        let customer = |what: &str| format!("/api/admin/clienti/{}/{what}", cast.rossi.id);
        let body = device(&key, "D1");
        let because = json!({"motivo": "prova", "causale": "frode"});
        let state = async |world: &World| {
            let sheet = world
                .get(&format!("/api/admin/licenze/{id}"), &root)
                .await
                .expect(200);
            sheet.str("/stato")
        };

        // A past last valid day is accepted, and is past.
        refused(&world, &root, Some(&id), body.clone(), alike(403, "SCADUTA")).await;
        assert_eq!(state(&world).await, "scaduta");
        world
            .post(&path("sospendi"), &root, because.clone())
            .await
            .expect(200);
        refused(&world, &root, Some(&id), body.clone(), alike(403, "SOSPESA")).await;
        assert_eq!(state(&world).await, "sospesa");
        world
            .post(&customer("sospendi"), &root, because.clone())
            .await
            .expect(200);
        refused(
            &world,
            &root,
            Some(&id),
            body.clone(),
            alike(403, "CLIENTE_SOSPESO"),
        )
        .await;
        assert_eq!(state(&world).await, "sospesa");
        world.post(&path("riattiva"), &root, json!({})).await.expect(200);
        refused(
            &world,
            &root,
            Some(&id),
            body.clone(),
            alike(403, "CLIENTE_SOSPESO"),
        )
        .await;
        assert_eq!(state(&world).await, "sospesa");
        world
            .post(&path("revoca"), &root, because.clone())
            .await
            .expect(200);
        refused(&world, &root, Some(&id), body.clone(), alike(403, "REVOCATA")).await;
        assert_eq!(state(&world).await, "revocata");
        for what in ["sospendi", "riattiva", "revoca"] {
            world
                .post(&path(what), &root, because.clone())
                .await
                .refused(409, "STATO_INCOMPATIBILE");
        }

        // Another licence of the customer goes on as it was, once the customer may.
        let other = device(&cast.rossi.key, "D1");
        let license = Some(cast.rossi.license.as_str());
        refused(
            &world,
            &root,
            license,
            other.clone(),
            alike(403, "CLIENTE_SOSPESO"),
        )
        .await;
        world
            .post(&customer("riattiva"), &root, json!({}))
            .await
            .expect(200);
        activated(&world, other).await;
    }
);

on_both!(a_licence_goes_through_its_states_in_order, |world| async {
    let cast = world.cast().await;
    for (kind, running) in [
        ("abbonamento", "attiva"),
        ("permanente", "attiva"),
        ("trial", "demo"),
    ] {
        let (id, key) = world
            .issue(&cast.root, json!({"tipo_licenza": kind}))
            .await
            .remove(0);
        let device_id = format!("D-{kind}");
        let sheet = world
            .get(&format!("/api/admin/licenze/{id}"), &cast.root)
            .await
            .expect(200);
        assert_eq!(sheet.str("/stato"), "emessa");
        assert!(sheet.body["data_attivazione"].is_null());
        // Asking about it starts nothing.
        let asked = says(&world, json!({"chiave_licenza": key}), "VALIDA").await;
        assert_eq!(asked["licenza"]["stato"], "emessa");
        assert!(asked["chiave_computer"].is_null());
        says(&world, device(&key, &device_id), "DISPOSITIVO_NON_ATTIVO").await;
        let first = activated(&world, device(&key, &device_id)).await;
        assert_eq!(first["licenza"]["stato"], running);
        assert_eq!(first["licenza"]["tipo_licenza"], kind);
        assert_eq!(first["licenza"]["data_scadenza"].is_null(), kind == "permanente");
        assert_eq!(first["licenza"]["dispositivi_attivi"], 1);
        assert_eq!(
            first["licenza"]["data_attivazione"],
            first["attivazione"]["data_attivazione"]
        );
    }
});

on_both!(
    a_trial_ends_with_its_last_day_in_rome_also_when_the_clocks_change,
    |world| async {
        let cast = world.cast().await;
        // 29 March 2027 begins at 22:00 UTC, the day after the clocks went forward; 1 November at 23:00 UTC.
        for (n, last, end) in [
            (1, "2027-03-27", "2027-03-27T23:00:00Z"),
            (2, "2027-03-28", "2027-03-28T22:00:00Z"),
            (3, "2027-10-30", "2027-10-30T22:00:00Z"),
            (4, "2027-10-31", "2027-10-31T23:00:00Z"),
        ] {
            let (id, key) = world
                .issue(
                    &cast.root,
                    json!({"tipo_licenza": "trial", "data_scadenza": last}),
                )
                .await
                .remove(0);
            let body = device(&key, &format!("D{n}"));
            world.clock_to(end, -60);
            let first = activated(&world, body.clone()).await;
            assert_eq!(first["licenza"]["data_scadenza"], last);
            assert_eq!(first["ricontrolla_entro"], end, "the lease ends with the licence");
            let claims = claims(first["chiave_computer"].as_str().unwrap());
            assert_eq!(claims["exp"], crate::support::instant(end).timestamp());
            assert_eq!(claims["scadenza"], last);
            let good = says(&world, body.clone(), "VALIDA").await;
            assert_eq!(good["licenza"]["in_tolleranza"], false);
            world.clock_to(end, 1);
            let late = says(&world, body.clone(), "SCADUTA").await;
            assert_eq!(late["licenza"]["stato"], "scaduta");
            refused(&world, &cast.root, Some(&id), body, alike(403, "SCADUTA")).await;
        }
    }
);

on_both!(
    n_days_from_an_activation_are_that_day_in_rome_plus_n,
    |world| async {
        let cast = world.cast().await;
        // 23:30 UTC on 30 June is 1 July in Rome already.
        world.clock_to("2027-06-30T23:30:00Z", 0);
        let issued = world
            .issue(
                &cast.root,
                json!({"tipo_licenza": "trial", "durata_giorni": 10, "quantita": 2}),
            )
            .await;
        let first = activated(&world, device(&issued[0].1, "D1")).await;
        assert_eq!(first["licenza"]["data_scadenza"], "2027-07-11");
        let (_, key) = world.issue(&cast.root, json!({})).await.remove(0);
        let year = activated(&world, device(&key, "D1")).await;
        assert_eq!(year["licenza"]["data_scadenza"], "2028-06-30");
        world.clock_to("2027-07-01T21:30:00Z", 0);
        let second = activated(&world, device(&issued[1].1, "D2")).await;
        assert_eq!(second["licenza"]["data_scadenza"], "2027-07-11");
    }
);

on_both!(
    a_subscription_works_through_its_grace_says_so_and_then_has_expired,
    |world| async {
        let cast = world.cast().await;
        // Thirty days of grace end on 28 March, a day of 23 hours.
        let (id, key) = world
            .issue(
                &cast.root,
                json!({"data_scadenza": "2027-02-26", "numero_dispositivi": 2}),
            )
            .await
            .remove(0);
        let body = device(&key, "D1");
        world.clock_to("2027-02-26T23:00:00Z", -60);
        let first = activated(&world, body.clone()).await;
        assert_eq!(first["licenza"]["in_tolleranza"], false);
        world.clock_to("2027-02-26T23:00:00Z", 1);
        let grace = says(&world, body.clone(), "VALIDA").await;
        assert_eq!(
            (&grace["licenza"]["in_tolleranza"], &grace["licenza"]["stato"]),
            (&json!(true), &json!("attiva"))
        );
        world.clock_to("2027-03-28T22:00:00Z", -60);
        let last = activated(&world, device(&key, "D2")).await;
        assert_eq!(last["licenza"]["in_tolleranza"], true);
        let until = claims(last["chiave_computer"].as_str().unwrap());
        assert_eq!(
            until["exp"],
            crate::support::instant("2027-03-28T22:00:00Z").timestamp()
        );
        world.clock_to("2027-03-28T22:00:00Z", 1);
        let late = says(&world, body.clone(), "SCADUTA").await;
        assert_eq!(
            (&late["licenza"]["in_tolleranza"], &late["licenza"]["stato"]),
            (&json!(false), &json!("scaduta"))
        );
        refused(&world, &cast.root, Some(&id), body, alike(403, "SCADUTA")).await;
    }
);

/// Registers a customer of alfa with a trial, and gives id, licence and key.
async fn registered(world: &World, name: &str) -> (String, String, String) {
    let body = json!({
        "nome": name, "email": format!("{name}@example.org"), "prodotto": "GESTIONALE", "codice_rivenditore": "ALFA",
        "consenso_privacy": true,
    });
    let reply = world.call("/api/clienti/registrazione", body).await.expect(201);
    (
        reply.str("/cliente/id"),
        reply.str("/licenze/0/id"),
        reply.str("/licenze/0/chiave_licenza"),
    )
}

on_both!(
    a_waiting_customer_has_one_device_for_a_while_and_three_days_while_unconfirmed,
    |world| async {
        let cast = world.cast().await;
        let root = cast.root.clone();
        world.clock_to("2027-05-10T10:00:00Z", 0);
        let (customer, trial, trial_key) = registered(&world, "carla").await;
        let (paid, paid_key) = world
            .issue(&root, json!({"cliente": customer, "numero_dispositivi": 3}))
            .await
            .remove(0);

        let first = activated(&world, device(&trial_key, "taken-by-D1")).await;
        assert_eq!(first["licenza"]["stato"], "in_attesa_convalida");
        // A trial's own clock runs meanwhile; the lease ends with the days of waiting: 10 + 3, to its last instant.
        assert_eq!(first["licenza"]["data_scadenza"], "2027-06-09");
        assert_eq!(first["ricontrolla_entro"], "2027-05-13T22:00:00Z");
        let first = activated(&world, device(&paid_key, "taken-by-D1")).await;
        assert_eq!(first["licenza"]["stato"], "in_attesa_convalida");
        assert!(
            first["licenza"]["data_scadenza"].is_null(),
            "its period starts at validation"
        );
        let stands = Refused(409, "DISPOSITIVI_ESAURITI", "DISPOSITIVO_NON_ATTIVO");
        refused(&world, &root, Some(&trial), device(&trial_key, "D2"), stands).await;
        refused(&world, &root, Some(&paid), device(&paid_key, "D2"), stands).await;

        let waits = alike(403, "IN_ATTESA_ESAURITA");
        let d1 = |key: &str| device(key, "taken-by-D1");
        world.clock_to("2027-05-13T22:00:00Z", -60);
        says(&world, d1(&trial_key), "VALIDA").await;
        world.clock_to("2027-05-13T22:00:00Z", 1);
        for (license, key) in [(&trial, &trial_key), (&paid, &paid_key)] {
            let body = device(key, "D1");
            refused(&world, &root, Some(license), body, waits).await;
            says(&world, d1(key), "IN_ATTESA_ESAURITA").await;
        }

        // With the e-mail address confirmed, the product's fourteen days count.
        world
            .database
            .execute("UPDATE customers SET email_confirmed_at = created_at WHERE email = 'carla@example.org'")
            .unwrap();
        says(&world, d1(&paid_key), "VALIDA").await;
        world.clock_to("2027-05-24T22:00:00Z", -60);
        let last = says(&world, d1(&paid_key), "VALIDA").await;
        assert_eq!(last["ricontrolla_entro"], "2027-05-24T22:00:00Z");
        world.clock_to("2027-05-24T22:00:00Z", 1);
        refused(&world, &root, Some(&paid), device(&paid_key, "D1"), waits).await;

        // Validated: full terms at the next check, nothing to activate again.
        world.clock_to("2027-05-26T10:00:00Z", 0);
        world
            .post(
                &format!("/api/admin/clienti/{customer}/convalida"),
                &root,
                json!({}),
            )
            .await
            .expect(200);
        let full = says(&world, d1(&paid_key), "VALIDA").await;
        assert_eq!(full["licenza"]["stato"], "attiva");
        assert_eq!(full["licenza"]["data_scadenza"], "2028-05-25");
        assert_eq!(full["licenza"]["dispositivi_attivi"], 1);
        assert!(full["chiave_computer"].is_string());
        for id in ["D2", "D3"] {
            activated(&world, device(&paid_key, id)).await;
        }
        refused(&world, &root, Some(&paid), device(&paid_key, "D4"), stands).await;
        let trial_now = says(&world, d1(&trial_key), "VALIDA").await;
        assert_eq!(trial_now["licenza"]["stato"], "demo");
        assert_eq!(trial_now["licenza"]["data_scadenza"], "2027-06-09");
    }
);

on_both!(a_refused_customer_and_its_licences_are_suspended, |world| async {
    let cast = world.cast().await;
    let (customer, license, key) = registered(&world, "dario").await;
    activated(&world, device(&key, "D1")).await;
    let path = format!("/api/admin/clienti/{customer}/rifiuta");
    world
        .post(&path, &cast.root, json!({}))
        .await
        .field("motivo", "MANCANTE");
    world
        .post(&path, &cast.alfa.token, json!({"motivo": "sconosciuto"}))
        .await
        .expect(200);
    let stopped = alike(403, "CLIENTE_SOSPESO");
    refused(&world, &cast.root, Some(&license), device(&key, "D1"), stopped).await;
    let sheet = world
        .get(&format!("/api/admin/licenze/{license}"), &cast.root)
        .await;
    assert_eq!(sheet.str("/stato"), "sospesa");
    let customer = world
        .get(&format!("/api/admin/clienti/{customer}"), &cast.root)
        .await;
    assert_eq!(
        (customer.str("/stato"), customer.str("/motivo_stato")),
        ("sospeso".into(), "sconosciuto".into())
    );
    world
        .post(&path, &cast.root, json!({"motivo": "ancora"}))
        .await
        .refused(409, "STATO_INCOMPATIBILE");
});

on_both!(
    devices_users_reservations_and_floating_seats_are_held_to_their_limits,
    |world| async {
        let cast = world.cast().await;
        let root = &cast.root;
        let (id, key) = world
            .issue(root, json!({"numero_dispositivi": 2}))
            .await
            .remove(0);
        activated(&world, device(&key, "taken-by-D1")).await;
        activated(&world, device(&key, "taken-by-D2")).await;
        let full = Refused(409, "DISPOSITIVI_ESAURITI", "DISPOSITIVO_NON_ATTIVO");
        refused(&world, root, Some(&id), device(&key, "D3"), full).await;
        // Capitals and blanks make another device.
        refused(&world, root, Some(&id), device(&key, "TAKEN-BY-d1"), full).await;
        refused(&world, root, Some(&id), device(&key, " taken-by-D1"), full).await;

        let (id, key) = world
            .issue(
                root,
                json!({"numero_dispositivi": 5, "dispositivi_ammessi": ["taken-by-A", "B"]}),
            )
            .await
            .remove(0);
        let reserved = Refused(403, "DISPOSITIVO_NON_AMMESSO", "DISPOSITIVO_NON_ATTIVO");
        refused(&world, root, Some(&id), device(&key, "C"), reserved).await;
        refused(&world, root, Some(&id), device(&key, "b"), reserved).await;
        activated(&world, device(&key, "B")).await;

        let (id, key) = world
            .issue(root, json!({"vincolo": "utente", "numero_utenti": 1}))
            .await
            .remove(0);
        let asked = |device_id: &str, user: &str| with(device(&key, device_id), json!({"utente": user}));
        world
            .call(ATTIVA, device(&key, "D1"))
            .await
            .field("utente", "MANCANTE");
        let first = activated(&world, asked("D1", "mario@example.it")).await;
        assert_eq!(first["attivazione"]["utente"], "mario@example.it");
        // The same person elsewhere, written otherwise.
        let second = activated(&world, asked("D2", " MARIO@example.it ")).await;
        assert_eq!(second["licenza"]["utenti_attivi"], 1);
        let users = Refused(409, "UTENTI_ESAURITI", "DISPOSITIVO_NON_ATTIVO");
        refused(&world, root, Some(&id), asked("D3", "luigi@example.it"), users).await;

        let (_, key) = world
            .issue(root, json!({"vincolo": "flottante", "posti_flottanti": 2}))
            .await
            .remove(0);
        world
            .call(ATTIVA, device(&key, "D1"))
            .await
            .refused(409, "LICENZA_FLOTTANTE");
        let check = says(&world, device(&key, "D1"), "VALIDA").await;
        assert!(check["chiave_computer"].is_null());
        assert_eq!(
            (
                &check["licenza"]["posti_flottanti"],
                &check["licenza"]["dispositivi_attivi"]
            ),
            (&json!(2), &json!(0))
        );

        let (_, key) = world.issue(root, json!({"vincolo": "nessuno"})).await.remove(0);
        for n in 0..5 {
            activated(&world, device(&key, &format!("D{n}"))).await;
        }
    }
);

on_both!(
    a_maintenance_date_covers_versions_released_up_to_it_and_no_later_ones,
    |world| async {
        let cast = world.cast().await;
        for (version, day) in [
            ("3.2", "2026-03-01"),
            ("4.0", "2026-06-30"),
            ("5.0", "2026-07-01"),
        ] {
            let body = json!({"versione": version, "data_rilascio": day});
            world
                .post("/api/admin/prodotti/GESTIONALE/versioni", &cast.root, body)
                .await
                .expect(201);
        }
        let issue =
            json!({"tipo_licenza": "permanente", "manutenzione_al": "2026-06-30", "numero_dispositivi": 9});
        let (id, key) = world.issue(&cast.root, issue).await.remove(0);
        let asked = |version: &str| with(device(&key, "D1"), json!({"versione": version}));
        refused(
            &world,
            &cast.root,
            Some(&id),
            asked("5.0"),
            alike(409, "VERSIONE_NON_COPERTA"),
        )
        .await;
        let first = activated(&world, asked("4.0")).await;
        assert_eq!(first["licenza"]["manutenzione_al"], "2026-06-30");
        assert_eq!(
            claims(first["chiave_computer"].as_str().unwrap())["manutenzione_al"],
            "2026-06-30"
        );
        for covered in ["3.2", "4.0", "never-published"] {
            says(&world, asked(covered), "VALIDA").await;
        }
        says(&world, asked("5.0"), "VERSIONE_NON_COPERTA").await;
        says(&world, device(&key, "D1"), "VALIDA").await;
        // A permanent licence without a maintenance date covers everything.
        let (_, key) = world
            .issue(&cast.root, json!({"tipo_licenza": "permanente"}))
            .await
            .remove(0);
        activated(&world, with(device(&key, "D1"), json!({"versione": "5.0"}))).await;
    }
);

on_both!(a_device_has_one_trial_of_a_product, |world| async {
    let cast = world.cast().await;
    let root = &cast.root;
    let trials = world
        .issue(
            root,
            json!({"tipo_licenza": "trial", "quantita": 2, "numero_dispositivi": 2}),
        )
        .await;
    activated(&world, device(&trials[0].1, "D1")).await;
    let again = Refused(409, "PROVA_GIA_USATA", "DISPOSITIVO_NON_ATTIVO");
    refused(
        &world,
        root,
        Some(&trials[1].0),
        device(&trials[1].1, "D1"),
        again,
    )
    .await;
    activated(&world, device(&trials[1].1, "D2")).await;
    // The same trial may be released and taken up again; the other one still may not.
    world
        .call(DISATTIVA, device(&trials[0].1, "D1"))
        .await
        .expect(200);
    activated(&world, device(&trials[0].1, "D1")).await;
    refused(
        &world,
        root,
        Some(&trials[1].0),
        device(&trials[1].1, "D1"),
        again,
    )
    .await;
    // Another product's trial is another trial, and a paid licence is none.
    let other = json!({"codice": "ALTRO", "nome": "Altro"});
    world.post("/api/admin/prodotti", root, other).await.expect(201);
    let (_, key) = world
        .issue(root, json!({"prodotto": "ALTRO", "tipo_licenza": "trial"}))
        .await
        .remove(0);
    activated(&world, device(&key, "D1")).await;
    activated(&world, device(&cast.rossi.key, "D1")).await;
});

on_both!(
    a_customers_own_releases_are_limited_and_the_window_moves_on,
    |world| async {
        let cast = world.cast().await;
        let key = &cast.rossi.key;
        let body = device(key, "D1");
        world.clock_to("2027-01-10T09:59:00Z", 0);
        world
            .call(DISATTIVA, body.clone())
            .await
            .refused(409, "DISPOSITIVO_NON_ATTIVO");
        let seconds = |instant: &str| crate::support::instant(instant).timestamp();
        for (at, next) in [
            ("2027-01-10T10:00:00Z", ""),
            ("2027-01-20T10:00:00Z", "2027-02-09T10:00:00Z"),
        ] {
            world.clock_to(at, 0);
            activated(&world, body.clone()).await;
            let released = world.call(DISATTIVA, body.clone()).await.expect(200);
            assert_eq!(
                released.body,
                json!({"esito": "disattivata", "dispositivi_attivi": 0, "numero_dispositivi": 1})
            );
            if next.is_empty() {
                continue;
            }
            activated(&world, body.clone()).await;
            let no = world
                .call(DISATTIVA, body.clone())
                .await
                .refused(409, "RILASCI_ESAURITI");
            let told = seconds(&no.str("/prossimo_rilascio"));
            assert!((told - seconds(next)).abs() < 60, "{}", no.text);
            says(&world, body.clone(), "VALIDA").await;
        }
        world.settle().await;
        let log = world
            .get(
                &format!("/api/admin/attivazioni?licenza={}", cast.rossi.license),
                &cast.root,
            )
            .await;
        let outcomes: Vec<&str> = log.body["dati"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["risultato_validazione"].as_str().unwrap())
            .collect();
        assert_eq!(
            outcomes,
            [
                "VALIDA",
                "RILASCI_ESAURITI",
                "attivata",
                "disattivata",
                "attivata",
                "disattivata",
                "attivata",
                "DISPOSITIVO_NON_ATTIVO"
            ]
        );
        // Staff may release more, with a reason; it does not count.
        let sheet = world
            .get(&format!("/api/admin/licenze/{}", cast.rossi.license), &cast.root)
            .await;
        let path = format!(
            "/api/admin/licenze/{}/dispositivi/{}/rilascia",
            cast.rossi.license,
            sheet.str("/dispositivi/0/id")
        );
        world
            .post(&path, &cast.alfa.token, json!({}))
            .await
            .field("motivo", "MANCANTE");
        world
            .post(&path, &cast.alfa.token, json!({"motivo": "PC rotto"}))
            .await
            .expect(200);
        world
            .post(&path, &cast.alfa.token, json!({"motivo": "PC rotto"}))
            .await
            .expect(404);
        says(&world, body.clone(), "DISPOSITIVO_NON_ATTIVO").await;
        activated(&world, body.clone()).await;
        world.clock_to("2027-02-09T10:00:00Z", -300);
        world
            .call(DISATTIVA, body.clone())
            .await
            .refused(409, "RILASCI_ESAURITI");
        world.clock_to("2027-02-09T10:00:00Z", 300);
        world.call(DISATTIVA, body).await.expect(200);
    }
);

on_both!(
    a_licences_page_shows_the_oldest_devices_and_the_others_can_be_released,
    |world| async {
        let cast = world.cast().await;
        let (id, key) = world
            .issue(&cast.root, json!({"numero_dispositivi": 203}))
            .await
            .remove(0);
        let mut last = String::new();
        for n in 0..203 {
            let device = json!({"chiave_licenza": key, "dispositivo": {"id": format!("D{n:03}")}});
            let reply = world.call("/api/licenze/attiva", device).await.expect(200);
            last = reply.str("/attivazione/id");
        }
        let path = format!("/api/admin/licenze/{id}");
        let shown = world.get(&path, &cast.root).await.expect(200);
        let devices = shown.body["dispositivi"].as_array().unwrap();
        assert_eq!(devices.len(), 200, "{}", devices.len());
        assert_eq!(shown.str("/dispositivi/0/dispositivo/id"), "D000");
        assert_eq!(shown.str("/dispositivi/199/dispositivo/id"), "D199");
        let release = format!("/api/admin/licenze/{id}/dispositivi/{last}/rilascia");
        let note = json!({"motivo": "perso"});
        world.post(&release, &cast.root, note.clone()).await.expect(200);
        world.post(&release, &cast.root, note).await.expect(404);
    }
);
