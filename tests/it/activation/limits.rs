//! How many devices, users, trials and releases there may be.

use super::*;

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
