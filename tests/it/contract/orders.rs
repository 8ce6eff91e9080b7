//! What licences can be made, by whom, how many, and once for a key.

use crate::{
    on_both,
    support::{Reply, World},
};
use rocket::http::{ContentType, Header, Method};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const LICENSES: &str = "/api/admin/licenze";

async fn order(world: &World, token: &str, extra: Value) -> Reply {
    let mut body = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento"});
    for (name, value) in extra.as_object().unwrap() {
        body[name] = value.clone();
    }
    world.post(LICENSES, token, body).await
}

async fn once(world: &World, path: &str, token: Option<&str>, key: &str, body: &Value) -> Reply {
    let mut request = world
        .request(Method::Post, path)
        .header(Header::new("Idempotency-Key", key.to_owned()))
        .header(ContentType::JSON)
        .body(body.to_string());
    if let Some(token) = token {
        request = request.header(Header::new("Authorization", format!("Bearer {token}")));
    }
    Reply::of(request).await
}

on_both!(terms_that_do_not_go_together_are_refused_by_name, |world| async {
    let cast = world.cast().await;
    let limited = json!({"codice": "SOLO", "nome": "Solo", "tipi_licenza": ["trial"]});
    world
        .post("/api/admin/prodotti", &cast.root, limited)
        .await
        .expect(201);
    let before = world.database.count("SELECT COUNT(*) AS n FROM licenses");
    for (extra, field, fault) in [
        (
            json!({"tipo_licenza": "permanente", "data_scadenza": "2030-01-01"}),
            "data_scadenza",
            "NON_COMPATIBILE",
        ),
        (
            json!({"tipo_licenza": "permanente", "durata_giorni": 5}),
            "durata_giorni",
            "NON_COMPATIBILE",
        ),
        (
            json!({"durata_giorni": 5, "data_scadenza": "2030-01-01"}),
            "data_scadenza",
            "NON_COMPATIBILE",
        ),
        (
            json!({"tipo_licenza": "trial", "durata_giorni": 5, "data_scadenza": "2030-01-01"}),
            "data_scadenza",
            "NON_COMPATIBILE",
        ),
        (json!({"prodotto": "SOLO"}), "tipo_licenza", "NON_COMPATIBILE"),
        (json!({"tipo_licenza": "eterna"}), "tipo_licenza", "NON_VALIDO"),
        (json!({"tipo_licenza": "Trial"}), "tipo_licenza", "NON_VALIDO"),
        (
            json!({"moduli": ["MAGAZZINO", "IGNOTO"]}),
            "moduli",
            "SCONOSCIUTO",
        ),
        (json!({"vincolo": "catena"}), "vincolo", "NON_VALIDO"),
        (json!({"vincolo": "utente"}), "numero_utenti", "MANCANTE"),
        (json!({"vincolo": "flottante"}), "posti_flottanti", "MANCANTE"),
        (
            json!({"vincolo": "flottante", "posti_flottanti": 1, "numero_dispositivi": 1}),
            "numero_dispositivi",
            "NON_COMPATIBILE",
        ),
        (
            json!({"vincolo": "dispositivo", "numero_utenti": 1}),
            "numero_utenti",
            "NON_COMPATIBILE",
        ),
        (
            json!({"vincolo": "dispositivo", "posti_flottanti": 1}),
            "posti_flottanti",
            "NON_COMPATIBILE",
        ),
        (
            json!({"vincolo": "nessuno", "numero_dispositivi": 1}),
            "numero_dispositivi",
            "NON_COMPATIBILE",
        ),
        (
            json!({"numero_utenti": 1, "posti_flottanti": 1}),
            "numero_utenti",
            "NON_COMPATIBILE",
        ),
        (json!({"quantita": 0}), "quantita", "FUORI_INTERVALLO"),
        (json!({"quantita": 10_001}), "quantita", "FUORI_INTERVALLO"),
        (
            json!({"numero_dispositivi": 0}),
            "numero_dispositivi",
            "FUORI_INTERVALLO",
        ),
        (
            json!({"numero_dispositivi": 1_000_001}),
            "numero_dispositivi",
            "FUORI_INTERVALLO",
        ),
        (json!({"durata_giorni": 0}), "durata_giorni", "FUORI_INTERVALLO"),
        (
            json!({"sconto_punti_base": 10_001}),
            "sconto_punti_base",
            "FUORI_INTERVALLO",
        ),
        (
            json!({"prezzo_centesimi": -1}),
            "prezzo_centesimi",
            "FUORI_INTERVALLO",
        ),
        (
            json!({"data_scadenza": "2030-02-29"}),
            "data_scadenza",
            "NON_VALIDO",
        ),
        (
            json!({"data_scadenza": "30/01/2030"}),
            "data_scadenza",
            "NON_VALIDO",
        ),
        (
            json!({"data_scadenza": "2030-1-1"}),
            "data_scadenza",
            "NON_VALIDO",
        ),
        (
            json!({"data_scadenza": "2030-01-01T00:00:00Z"}),
            "data_scadenza",
            "NON_VALIDO",
        ),
        (
            json!({"data_scadenza": "9999-12-31"}),
            "data_scadenza",
            "FUORI_INTERVALLO",
        ),
        (json!({"azienda": cast.anna.id}), "azienda", "NON_VALIDO"),
        (json!({"agente": cast.alfa.id}), "agente", "NON_VALIDO"),
        (
            json!({"azienda": cast.beta.id, "agente": cast.anna.id}),
            "agente",
            "NON_COMPATIBILE",
        ),
        (
            json!({"azienda": cast.beta.id, "cliente": cast.rossi.id}),
            "cliente",
            "NON_COMPATIBILE",
        ),
        (
            json!({"dispositivi_ammessi": vec!["D"; 1001]}),
            "dispositivi_ammessi",
            "TROPPO_LUNGO",
        ),
        (
            json!({"dispositivi_ammessi": ["D", "x".repeat(256)]}),
            "dispositivi_ammessi.1",
            "TROPPO_LUNGO",
        ),
        (json!({"etichetta": "x".repeat(201)}), "etichetta", "TROPPO_LUNGO"),
    ] {
        order(&world, &cast.root, extra).await.field(field, fault);
    }
    for nobody in [
        json!({"cliente": "x"}),
        json!({"azienda": cast.rossi.id}),
        json!({"prodotto": "NIENTE"}),
        json!({"agente": "01890000-0000-7000-8000-000000000000"}),
    ] {
        order(&world, &cast.root, nobody)
            .await
            .refused(404, "NON_TROVATO");
    }
    // All faults at once.
    let many = json!({"vincolo": "catena", "quantita": 0, "etichetta": "x".repeat(201)});
    let reply = order(&world, &cast.root, many).await.expect(422);
    assert_eq!(reply.body["campi"].as_object().unwrap().len(), 3);
    assert_eq!(
        world.database.count("SELECT COUNT(*) AS n FROM licenses"),
        before,
        "a refused order made licences"
    );
});

on_both!(terms_that_go_together_are_given_back_as_ordered, |world| async {
    let cast = world.cast().await;
    world.clock_to("2027-01-31T10:00:00Z", 0);
    let make = async |extra: Value| {
        let reply = order(&world, &cast.root, extra).await.expect(201);
        reply.body["licenze"][0].clone()
    };
    let plain = make(json!({})).await;
    assert_eq!(
        (&plain["numero_dispositivi"], &plain["vincolo"]),
        (&json!(1), &json!("dispositivo"))
    );
    assert_eq!(
        (&plain["stato"], &plain["data_scadenza"]),
        (&json!("emessa"), &Value::Null)
    );
    assert_eq!(plain["moduli_attivi"], json!(["CONTABILITA"]));
    let past = make(json!({"data_scadenza": "2020-01-01"})).await;
    assert_eq!(
        (&past["stato"], &past["data_scadenza"]),
        (&json!("scaduta"), &json!("2020-01-01"))
    );
    let users = make(json!({"numero_utenti": 3, "numero_dispositivi": 6})).await;
    assert_eq!(
        (
            &users["vincolo"],
            &users["numero_utenti"],
            &users["numero_dispositivi"]
        ),
        (&json!("utente"), &json!(3), &json!(6))
    );
    let floating = make(json!({"posti_flottanti": 2, "numero_dispositivi": null})).await;
    assert_eq!(
        (&floating["vincolo"], &floating["numero_dispositivi"]),
        (&json!("flottante"), &Value::Null)
    );
    let modules = make(json!({"moduli": ["MAGAZZINO", "MAGAZZINO", "CONTABILITA"]})).await;
    assert_eq!(
        (&modules["moduli_attivi"], &modules["maschera_moduli"]),
        (&json!(["CONTABILITA", "MAGAZZINO"]), &json!(3))
    );
    let reserved = make(json!({"dispositivi_ammessi": ["A", "A", "B"]})).await;
    assert_eq!(reserved["riservata"], true);
    // Start at creation: the period runs from today, the day of the month kept.
    let product = json!({"codice": "SUBITO", "nome": "Subito", "decorrenza": "creazione", "periodo_mesi": 1});
    world
        .post("/api/admin/prodotti", &cast.root, product)
        .await
        .expect(201);
    let month = make(json!({"prodotto": "SUBITO"})).await;
    assert_eq!(month["data_scadenza"], "2027-02-27");
    let trial = make(json!({"prodotto": "SUBITO", "tipo_licenza": "trial"})).await;
    assert_eq!(trial["data_scadenza"], "2027-03-02");
});

on_both!(
    ten_thousand_licences_are_made_in_one_request_or_none,
    |world| async {
        let cast = world.cast().await;
        let begin = std::time::Instant::now();
        let reply = order(
            &world,
            &cast.root,
            json!({"quantita": 10_000, "azienda": cast.alfa.id}),
        )
        .await
        .expect(201);
        println!("10,000 licences: {:?}", begin.elapsed());
        let keys: BTreeSet<&str> = reply.body["licenze"]
            .as_array()
            .unwrap()
            .iter()
            .map(|license| license["chiave_licenza"].as_str().unwrap())
            .collect();
        assert_eq!(keys.len(), 10_000);
        let lot = reply.str("/lotto");
        assert!(
            reply.body["licenze"]
                .as_array()
                .unwrap()
                .iter()
                .all(|license| license["lotto"] == lot)
        );
        world.computer_key(keys.first().unwrap(), "D1").await;
        world.computer_key(keys.last().unwrap(), "D1").await;
        // One record of it all.
        let log = world
            .get(&format!("/api/admin/registro?limite=1&oggetto={lot}"), &cast.root)
            .await;
        assert_eq!(log.body["dati"][0]["dettagli"]["quantita"], 10_000);
    }
);

on_both!(
    what_costs_wants_a_payer_and_an_agent_makes_trials_alone,
    |world| async {
        let cast = world.cast().await;
        let dear = json!({"codice": "CARO", "nome": "Caro", "prezzo_base_centesimi": 10_000});
        world
            .post("/api/admin/prodotti", &cast.root, dear)
            .await
            .expect(201);
        for seller in [&cast.alfa, &cast.nord] {
            order(&world, &seller.token, json!({"prodotto": "CARO"}))
                .await
                .field("modalita", "MANCANTE");
            order(
                &world,
                &seller.token,
                json!({"prodotto": "CARO", "tipo_licenza": "trial"}),
            )
            .await
            .expect(201);
            order(&world, &seller.token, json!({})).await.expect(201);
            for own in ["prezzo_centesimi", "sconto_punti_base"] {
                order(&world, &seller.token, json!({own: 0}))
                    .await
                    .field(own, "NON_PERMESSO");
            }
        }
        for kind in ["permanente", "abbonamento"] {
            order(&world, &cast.anna.token, json!({"tipo_licenza": kind}))
                .await
                .field("tipo_licenza", "NON_PERMESSO");
        }
        let made = order(&world, &cast.anna.token, json!({"tipo_licenza": "trial"}))
            .await
            .expect(201);
        let license = &made.body["licenze"][0];
        assert_eq!(
            (&license["azienda"], &license["agente"]),
            (&json!(cast.alfa.id), &json!(cast.anna.id))
        );
        // The vendor's stock is no sale.
        order(&world, &cast.root, json!({"prodotto": "CARO"}))
            .await
            .expect(201);
        world
            .post(
                LICENSES,
                &cast.rossi.token,
                json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial"}),
            )
            .await
            .refused(403, "NON_PERMESSO");
        // Another's customer, company or agent is nobody's.
        for foreign in [
            json!({"cliente": cast.bianchi.id}),
            json!({"azienda": cast.beta.id}),
            json!({"agente": cast.bruno.id}),
        ] {
            order(&world, &cast.alfa.token, foreign)
                .await
                .refused(404, "NON_TROVATO");
        }
        for above in [
            json!({"azienda": cast.alfa.id}),
            json!({"agente": cast.anna.id}),
            json!({"cliente": cast.rossi.id}),
        ] {
            order(&world, &cast.nord.token, above)
                .await
                .refused(404, "NON_TROVATO");
        }
    }
);

on_both!(
    quotas_count_up_the_line_and_nothing_of_what_exceeds_them_is_made,
    |world| async {
        let cast = world.cast().await;
        let set = async |id: &str, terms: Value| {
            world
                .ask(
                    Method::Patch,
                    &format!("/api/admin/agent/{id}"),
                    Some(&cast.root),
                    Some(terms),
                )
                .await
                .expect(200);
        };
        // Neri's licence is nord's, and so counts for alfa too; with rossi's and verdi's alfa has three.
        set(&cast.alfa.id, json!({"quota_licenze": 8, "quota_prove": 2})).await;
        set(&cast.nord.id, json!({"quota_licenze": 5})).await;
        order(&world, &cast.nord.token, json!({"quantita": 5}))
            .await
            .refused(409, "QUOTA_SUPERATA");
        order(&world, &cast.nord.token, json!({"quantita": 4}))
            .await
            .expect(201);
        order(&world, &cast.nord.token, json!({}))
            .await
            .refused(409, "QUOTA_SUPERATA");
        order(&world, &cast.alfa.token, json!({"quantita": 2}))
            .await
            .refused(409, "QUOTA_SUPERATA");
        order(&world, &cast.alfa.token, json!({})).await.expect(201);
        // Now alfa is full, and so is everybody below it, whoever asks.
        set(&cast.nord.id, json!({"quota_licenze": null})).await;
        order(&world, &cast.nord.token, json!({}))
            .await
            .refused(409, "QUOTA_SUPERATA");
        order(&world, &cast.root, json!({"azienda": cast.nord.id}))
            .await
            .refused(409, "QUOTA_SUPERATA");
        let trial = json!({"tipo_licenza": "trial"});
        order(&world, &cast.nino.token, trial.clone()).await.expect(201);
        order(&world, &cast.anna.token, trial.clone()).await.expect(201);
        order(&world, &cast.nino.token, trial.clone())
            .await
            .refused(409, "QUOTA_SUPERATA");
        let registration = json!({
            "nome": "Carla", "email": "carla@example.org", "prodotto": "GESTIONALE", "codice_rivenditore": "NORD", "consenso_privacy": true,
        });
        world
            .call("/api/clienti/registrazione", registration)
            .await
            .refused(409, "QUOTA_SUPERATA");
        assert_eq!(
            world
                .database
                .count("SELECT COUNT(*) AS n FROM customers WHERE email = 'carla@example.org'"),
            0
        );
        order(&world, &cast.beta.token, trial).await.expect(201);
    }
);

on_both!(a_request_with_an_idempotency_key_is_done_once, |world| async {
    let cast = world.cast().await;
    let body = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "quantita": 2});
    let count = || world.database.count("SELECT COUNT(*) AS n FROM licenses");
    let before = count();
    let first = once(&world, LICENSES, Some(&cast.root), "k1", &body)
        .await
        .expect(201);
    assert!(first.header("idempotency-replayed").is_none());
    let again = once(&world, LICENSES, Some(&cast.root), "k1", &body)
        .await
        .expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.text, first.text);
    assert_eq!(count(), before + 2);
    let mut other = body.clone();
    other["quantita"] = json!(3);
    once(&world, LICENSES, Some(&cast.root), "k1", &other)
        .await
        .refused(409, "IDEMPOTENZA_IN_CONFLITTO");
    // The key is the user's and the route's.
    once(&world, LICENSES, Some(&cast.alfa.token), "k1", &body)
        .await
        .expect(201);
    let customer = json!({"nome": "Nuovo"});
    once(&world, "/api/admin/clienti", Some(&cast.root), "k1", &customer)
        .await
        .expect(201);
    let second = world.token("root@example.it", false).await;
    let same = once(&world, LICENSES, Some(&second), "k1", &body)
        .await
        .expect(201);
    assert_eq!(same.text, first.text, "another token of the same user");
    // What failed is not remembered.
    let wrong = json!({"prodotto": "GESTIONALE", "tipo_licenza": "boh"});
    once(&world, LICENSES, Some(&cast.root), "k2", &wrong)
        .await
        .field("tipo_licenza", "NON_VALIDO");
    once(&world, LICENSES, Some(&cast.root), "k2", &body)
        .await
        .expect(201);
    for bad in ["", "è", &"x".repeat(256)] {
        let reply = once(&world, LICENSES, Some(&cast.root), bad, &body).await;
        reply.field("Idempotency-Key", "NON_VALIDO");
    }
    // A day later it is forgotten.
    let before = count();
    world.app.clock.advance(chrono::Duration::hours(25));
    let late = once(&world, LICENSES, Some(&cast.root), "k1", &body)
        .await
        .expect(201);
    assert!(late.header("idempotency-replayed").is_none() && late.text != first.text);
    assert_eq!(count(), before + 2);
});

on_both!(answers_older_than_a_day_go_when_others_come, |world| async {
    let cast = world.cast().await;
    let body = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento"});
    let kept = || world.database.count("SELECT COUNT(*) AS n FROM idempotency_keys");
    for n in 0..5 {
        once(&world, LICENSES, Some(&cast.root), &format!("k{n}"), &body)
            .await
            .expect(201);
    }
    world.app.clock.advance(chrono::Duration::hours(23));
    once(&world, LICENSES, Some(&cast.root), "k5", &body)
        .await
        .expect(201);
    assert_eq!(kept(), 6);
    world.app.clock.advance(chrono::Duration::hours(2));
    once(&world, LICENSES, Some(&cast.root), "k6", &body)
        .await
        .expect(201);
    assert_eq!(kept(), 2);
    let again = once(&world, LICENSES, Some(&cast.root), "k5", &body)
        .await
        .expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
});

on_both!(the_longest_answer_is_stored_and_repeated, |world| async {
    let root = world.root().await;
    let product = json!({
        "codice": "LUNGO", "nome": "Lungo", "proprieta": {"testo": "0123456789".repeat(198)},
    });
    world
        .post("/api/admin/prodotti", &root, product)
        .await
        .expect(201);
    let body = json!({"prodotto": "LUNGO", "tipo_licenza": "abbonamento", "quantita": 10_000});
    let first = once(&world, LICENSES, Some(&root), "k", &body).await.expect(201);
    assert!(first.text.len() > 20_000_000, "{}", first.text.len());
    let again = once(&world, LICENSES, Some(&root), "k", &body).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert!(again.text == first.text);
    assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM licenses"), 10_000);
});

on_both!(
    requests_with_one_key_at_the_same_time_have_one_effect,
    |world| async {
        let cast = world.cast().await;
        let body = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento"});
        let before = world.database.count("SELECT COUNT(*) AS n FROM licenses");
        let replies =
            futures::future::join_all((0..20).map(|_| once(&world, LICENSES, Some(&cast.root), "k", &body)))
                .await;
        let mut answers = BTreeSet::new();
        for reply in replies {
            match reply.status.code {
                201 => {
                    answers.insert(reply.text);
                }
                _ => assert_eq!(
                    (reply.status.code, reply.code()),
                    (409, "IDEMPOTENZA_IN_CORSO"),
                    "{}",
                    reply.text
                ),
            }
        }
        assert_eq!(answers.len(), 1);
        assert_eq!(
            world.database.count("SELECT COUNT(*) AS n FROM licenses"),
            before + 1
        );
    }
);
