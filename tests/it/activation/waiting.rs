//! Customers who wait to be validated.

use super::*;

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
