//! States of a licence, and the days on which they change.

use super::*;

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
