//! Rules that once were broken: each is a sequence that somebody could walk.

use crate::{on_both, support::World, support::cast::Cast};
use serde_json::{Value, json};

fn device(key: &str, id: &str) -> Value {
    json!({"chiave_licenza": key, "dispositivo": {"id": id}})
}

/// A waiting customer of alfa with an activated subscription.
async fn waiting_with_a_subscription(world: &World, cast: &Cast) -> (String, String, String) {
    let body = json!({"nome": "Attesa srl", "email": "attesa@example.com", "codice_rivenditore": "ALFA", "consenso_privacy": true});
    let customer = world
        .call("/api/clienti/registrazione", body)
        .await
        .expect(201)
        .str("/cliente/id");
    let (license, key) = world
        .issue(&cast.root, json!({"cliente": customer}))
        .await
        .remove(0);
    world
        .call("/api/licenze/attiva", device(&key, "D1"))
        .await
        .expect(200);
    let sheet = world
        .get(&format!("/api/admin/licenze/{license}"), &cast.root)
        .await
        .expect(200);
    assert_eq!(sheet.body["data_scadenza"], Value::Null);
    (customer, license, key)
}

on_both!(
    a_subscription_that_waited_starts_with_its_assignment_to_a_known_customer,
    |world| async {
        let cast = world.cast().await;
        let (_, license, _) = waiting_with_a_subscription(&world, &cast).await;
        let path = format!("/api/admin/licenze/{license}/assegna");
        let sheet = world
            .post(&path, &cast.root, json!({"cliente": cast.rossi.id}))
            .await
            .expect(200);
        assert!(sheet.body["data_scadenza"].is_string(), "{}", sheet.text);
        let (_, license, _) = waiting_with_a_subscription(&world, &cast).await;
        let path = format!("/api/admin/licenze/{license}/assegna");
        let sheet = world
            .post(&path, &cast.root, json!({"cliente": null}))
            .await
            .expect(200);
        assert!(sheet.body["data_scadenza"].is_string(), "{}", sheet.text);
    }
);

on_both!(
    validation_and_first_activation_at_once_leave_no_subscription_without_an_end,
    |world| async {
        let cast = world.cast().await;
        for round in 0..10 {
            let body = json!({"nome": format!("Attesa {round}"), "email": format!("a{round}@example.com"), "consenso_privacy": true});
            let customer = world
                .call("/api/clienti/registrazione", body)
                .await
                .expect(201)
                .str("/cliente/id");
            let (license, key) = world
                .issue(&cast.root, json!({"cliente": customer}))
                .await
                .remove(0);
            let validate = format!("/api/admin/clienti/{customer}/convalida");
            let (validated, activated) = rocket::tokio::join!(
                world.post(&validate, &cast.root, json!({})),
                world.call("/api/licenze/attiva", device(&key, "D1"))
            );
            validated.expect(200);
            activated.expect(200);
            let sheet = world
                .get(&format!("/api/admin/licenze/{license}"), &cast.root)
                .await
                .expect(200);
            assert!(sheet.body["data_scadenza"].is_string(), "{}", sheet.text);
        }
    }
);

on_both!(
    an_agents_quota_counts_and_trials_are_no_longer_than_the_products,
    |world| async {
        let cast = world.cast().await;
        let agent = format!("/api/admin/agent/{}", cast.anna.id);
        let revision = world.get(&agent, &cast.root).await.body["revisione"]
            .as_i64()
            .unwrap();
        world
            .patch(&agent, &cast.root, revision, json!({"quota_prove": 2}))
            .await
            .expect(200);
        let trial = json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial", "quantita": 2});
        world
            .post("/api/admin/licenze", &cast.anna.token, trial.clone())
            .await
            .expect(201);
        let one = json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial"});
        world
            .post("/api/admin/licenze", &cast.anna.token, one.clone())
            .await
            .refused(409, "QUOTA_SUPERATA");
        world
            .post("/api/admin/licenze", &cast.alfa.token, one)
            .await
            .expect(201);
        let long = json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial", "durata_giorni": 31});
        world
            .post("/api/admin/licenze", &cast.alfa.token, long.clone())
            .await
            .field("durata_giorni", "FUORI_INTERVALLO");
        world
            .post("/api/admin/licenze", &cast.root, long)
            .await
            .expect(201);
    }
);

on_both!(
    priced_modules_of_a_free_product_want_a_way_to_pay,
    |world| async {
        let cast = world.cast().await;
        let product = json!({"codice": "LIBERO", "nome": "Libero", "moduli": [{"codice": "PRO", "prezzo_base_centesimi": 500}]});
        world
            .post("/api/admin/prodotti", &cast.root, product)
            .await
            .expect(201);
        let mut order = json!({"prodotto": "LIBERO", "tipo_licenza": "abbonamento", "moduli": ["PRO"]});
        world
            .post("/api/admin/licenze", &cast.alfa.token, order.clone())
            .await
            .field("modalita", "MANCANTE");
        world
            .post("/api/admin/licenze", &cast.root, order.clone())
            .await
            .expect(201);
        order["moduli"] = json!([]);
        world
            .post("/api/admin/licenze", &cast.alfa.token, order)
            .await
            .expect(201);
    }
);

on_both!(one_request_does_not_write_millions_of_rows, |world| async {
    let cast = world.cast().await;
    let devices: Vec<String> = (0..100).map(|n| format!("D{n}")).collect();
    let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial", "quantita": 10_000, "dispositivi_ammessi": devices});
    world
        .post("/api/admin/licenze", &cast.root, order)
        .await
        .field("quantita", "FUORI_INTERVALLO");
});

on_both!(
    a_named_user_without_a_device_left_is_named_no_more,
    |world| async {
        let cast = world.cast().await;
        let (license, key) = world
            .issue(&cast.root, json!({"numero_utenti": 1, "vincolo": "utente"}))
            .await
            .remove(0);
        let as_user =
            |user: &str, id: &str| json!({"chiave_licenza": key, "utente": user, "dispositivo": {"id": id}});
        world
            .call("/api/licenze/attiva", as_user("anna@example.it", "D1"))
            .await
            .expect(200);
        world
            .call("/api/licenze/attiva", as_user("anna@example.it", "D2"))
            .await
            .expect(200);
        world
            .call("/api/licenze/attiva", as_user("bruno@example.it", "D3"))
            .await
            .refused(409, "UTENTI_ESAURITI");
        world
            .call("/api/licenze/disattiva", device(&key, "D1"))
            .await
            .expect(200);
        world
            .call("/api/licenze/attiva", as_user("bruno@example.it", "D3"))
            .await
            .refused(409, "UTENTI_ESAURITI");
        world
            .call("/api/licenze/disattiva", device(&key, "D2"))
            .await
            .expect(200);
        let bruno = world
            .call("/api/licenze/attiva", as_user("bruno@example.it", "D3"))
            .await
            .expect(200);
        assert_eq!(bruno.body["licenza"]["utenti_attivi"], 1);
        let sheet = world
            .get(&format!("/api/admin/licenze/{license}"), &cast.root)
            .await
            .expect(200);
        assert_eq!(
            (&sheet.body["utenti_attivi"], &sheet.body["dispositivi_attivi"]),
            (&json!(1), &json!(1))
        );
        let long = "İ".repeat(254);
        world
            .call("/api/licenze/attiva", as_user(&long, "D4"))
            .await
            .field("utente", "TROPPO_LUNGO");
    }
);

on_both!(a_change_of_a_module_leaves_what_it_does_not_name, |world| async {
    let cast = world.cast().await;
    let path = "/api/admin/prodotti/GESTIONALE";
    let change =
        json!({"moduli": [{"codice": "CONTABILITA", "prezzo_base_centesimi": 500}, {"codice": "NUOVO"}]});
    let product = world
        .ask(rocket::http::Method::Patch, path, Some(&cast.root), Some(change))
        .await
        .expect(200);
    let modules = product.body["moduli"].as_array().unwrap();
    let of = |code: &str| {
        modules
            .iter()
            .find(|module| module["codice"] == code)
            .unwrap()
            .clone()
    };
    assert_eq!(
        of("CONTABILITA"),
        json!({"codice": "CONTABILITA", "nome": "Contabilità", "bit": 0, "prezzo_base_centesimi": 500, "incluso": true})
    );
    assert_eq!(of("NUOVO")["bit"], 2);
    let moved = json!({"moduli": [{"codice": "CONTABILITA", "bit": 7}]});
    world
        .ask(rocket::http::Method::Patch, path, Some(&cast.root), Some(moved))
        .await
        .field("moduli.0.bit", "NON_PERMESSO");
});

on_both!(what_runs_by_months_does_not_lose_its_end, |world| async {
    let cast = world.cast().await;
    world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    let path = format!("/api/admin/licenze/{}", cast.rossi.license);
    let revision = world.get(&path, &cast.root).await.body["revisione"]
        .as_i64()
        .unwrap();
    world
        .patch(&path, &cast.root, revision, json!({"data_scadenza": null}))
        .await
        .field("data_scadenza", "MANCANTE");
});

on_both!(
    licences_follow_their_customer_and_keep_their_agents_where_nothing_moves,
    |world| async {
        let cast = world.cast().await;
        let assign = format!("/api/admin/licenze/{}/assegna", cast.rossi.license);
        world
            .post(&assign, &cast.root, json!({"agente": cast.anna.id}))
            .await
            .expect(200);
        let customer = format!("/api/admin/clienti/{}/assegna", cast.rossi.id);
        let license = format!("/api/admin/licenze/{}", cast.rossi.license);
        world
            .post(&customer, &cast.root, json!({"azienda": cast.alfa.id}))
            .await
            .expect(200);
        assert_eq!(world.get(&license, &cast.root).await.str("/agente"), cast.anna.id);
        world
            .post(
                &customer,
                &cast.root,
                json!({"azienda": cast.beta.id, "agente": cast.bruno.id}),
            )
            .await
            .expect(200);
        let moved = world.get(&license, &cast.root).await;
        assert_eq!(
            (moved.str("/azienda"), moved.str("/agente")),
            (cast.beta.id.clone(), cast.bruno.id.clone())
        );
        world
            .post(&customer, &cast.root, json!({"azienda": cast.alfa.id}))
            .await
            .expect(200);
        let back = world.get(&license, &cast.root).await;
        assert_eq!(
            (back.str("/azienda"), back.body["agente"].clone()),
            (cast.alfa.id.clone(), Value::Null)
        );
    }
);

on_both!(
    the_database_lets_no_licence_belong_to_two_companies,
    |world| async {
        let cast = world.cast().await;
        let hex = |id: &str| id.replace('-', "");
        for sql in [
            format!(
                "UPDATE licenses SET company_id = X'{}' WHERE id = X'{}'",
                hex(&cast.beta.id),
                hex(&cast.rossi.license)
            ),
            format!(
                "UPDATE licenses SET agent_id = X'{}' WHERE id = X'{}'",
                hex(&cast.bruno.id),
                hex(&cast.rossi.license)
            ),
            format!(
                "UPDATE customers SET agent_id = X'{}' WHERE id = X'{}'",
                hex(&cast.bruno.id),
                hex(&cast.rossi.id)
            ),
        ] {
            assert!(world.database.execute(&sql).is_err(), "{sql}");
        }
    }
);
