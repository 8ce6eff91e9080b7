//! Trials that nothing is heard of, customers who wait, the weekly digest, and what is kept no longer.

use super::{count, days, quiet, sent, tick, until};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use serde_json::json;

on_both!(
    a_trial_that_nothing_is_heard_of_is_told_once_to_who_sells_it,
    |world| {
        async move {
            world.clock_to("2027-03-01T09:00:00Z", 0);
            let cast = world.cast().await;
            quiet(&world);
            for (customer, device) in [
                (&cast.verdi, "D-VERDI"),
                (&cast.rossi, "D-ROSSI"),
                (&cast.bianchi, "D-VIVO"),
            ] {
                let body = json!({"cliente": customer.id, "tipo_licenza": "trial", "durata_giorni": 30});
                let key = world.issue(&cast.root, body).await.remove(0).1;
                let body = json!({"chiave_licenza": key, "dispositivo": {"id": device}});
                world.call("/api/licenze/attiva", body).await.expect(200);
            }
            world.settle().await;
            tick(&world).await;
            days(&world, 4);
            tick(&world).await;
            assert_eq!(count(&world, "prova_ferma"), 0);
            // One of them was heard of meanwhile.
            world
                .database
                .execute(
                    "UPDATE activations SET last_seen_at = '2027-03-06 09:00:00' WHERE device = 'D-VIVO'",
                )
                .unwrap();
            days(&world, 2);
            for _ in 0..3 {
                tick(&world).await;
                days(&world, 1);
            }
            let told: Vec<_> = sent(&world, "prova_ferma")
                .into_iter()
                .filter(|(to, _)| to != "bruno@example.it")
                .collect();
            let to: Vec<&str> = told.iter().map(|(to, _)| to.as_str()).collect();
            // Anna sells to Verdi; nobody but the company to Rossi.
            assert_eq!(to.len(), 2, "{told:?}");
            assert!(
                to.contains(&"anna@example.it") && to.contains(&"alfa@example.it"),
                "{to:?}"
            );
            let anna = &told.iter().find(|(to, _)| to == "anna@example.it").unwrap().1;
            assert!(
                anna["licenze"][0].as_str().unwrap().contains("VERDI spa"),
                "{anna}"
            );
            let early = world.database.count("SELECT COUNT(*) AS n FROM outbox WHERE kind = 'prova_ferma' AND created_at < '2027-03-07 00:00:00.0'");
            assert_eq!(early, 0);
        }
    }
);

on_both!(nobody_decides_and_it_goes_up_the_tree, |world| {
    async move {
        world.clock_to("2027-03-01T09:00:00Z", 0);
        world.cast().await;
        quiet(&world);
        let waiting = |name: &'static str, code: Option<&'static str>| json!({"nome": name, "email": format!("{}@example.org", name.to_lowercase()), "consenso_privacy": true, "codice_rivenditore": code});
        for (name, code) in [
            ("Prima", Some("NORD")),
            ("Seconda", None),
            ("Terza", Some("NORD")),
        ] {
            world
                .call("/api/clienti/registrazione", waiting(name, code))
                .await
                .expect(201);
        }
        let mut to = Vec::new();
        for _ in 0..14 {
            tick(&world).await;
            let all = sent(&world, "cliente_da_convalidare");
            to.push(all.len());
            days(&world, 1);
        }
        let all = sent(&world, "cliente_da_convalidare");
        let told: Vec<(&str, i64, usize)> = all
            .iter()
            .map(|(to, values)| {
                let customers = values["clienti"].as_array().unwrap().len();
                (to.as_str(), values["giorni"].as_i64().unwrap(), customers)
            })
            .collect();
        let mut sorted = told.clone();
        sorted.sort_unstable();
        assert_eq!(
            sorted,
            [
                ("alfa@example.it", 5, 2),
                ("nord@example.it", 2, 2),
                // Who registered at nobody's link is the vendor's from the beginning.
                ("root@example.it", 2, 1),
                ("root@example.it", 5, 1),
                ("root@example.it", 10, 3),
            ]
            .into_iter()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
        );
        assert_eq!((to[1], to[2]), (0, 2), "{to:?}");
    }
});

on_both!(
    the_digest_tells_each_what_they_see_and_nobody_without_anything,
    |world| {
        async move {
            // A Sunday.
            world.clock_to("2027-03-07T09:00:00Z", 0);
            let cast = world.cast().await;
            quiet(&world);
            tick(&world).await;
            assert_eq!(
                count(&world, "riepilogo_settimanale"),
                0,
                "there is nothing to tell"
            );
            for (customer, day) in [
                (&cast.verdi, "2027-03-20"),
                (&cast.neri, "2027-03-25"),
                (&cast.neri, "2027-09-25"),
            ] {
                until(&world, &cast.root, &customer.id, day).await;
            }
            let body = json!({"chiave_licenza": cast.verdi.key, "dispositivo": {"id": "D1"}});
            world.call("/api/licenze/attiva", body).await.expect(200);
            days(&world, 1);
            tick(&world).await;
            let mut all = sent(&world, "riepilogo_settimanale");
            all.sort_by(|one, other| one.0.cmp(&other.0));
            let figures: Vec<(&str, i64, i64)> = all
                .iter()
                .map(|(to, values)| {
                    let n = |name: &str| values[name].as_i64().unwrap();
                    (to.as_str(), n("in_scadenza"), n("attivazioni"))
                })
                .collect();
            assert_eq!(
                figures,
                [
                    ("alfa@example.it", 2, 1),
                    ("anna@example.it", 1, 1),
                    ("nord@example.it", 1, 0)
                ]
            );
            // Once a week, also when it is asked for once more.
            let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
            root.post("/attivita-pianificate/riepilogo_settimanale/esegui", &[])
                .await
                .expect(303);
            tick(&world).await;
            assert_eq!(count(&world, "riepilogo_settimanale"), 3);
            days(&world, 6);
            tick(&world).await;
            assert_eq!(count(&world, "riepilogo_settimanale"), 3);
            days(&world, 1);
            tick(&world).await;
            assert_eq!(count(&world, "riepilogo_settimanale"), 6);
        }
    }
);

fn rows(world: &World, what: &str) -> i64 {
    world.database.count(&format!("SELECT COUNT(*) AS n FROM {what}"))
}

on_both!(what_is_kept_no_longer_goes_and_nothing_else, |world| {
    async move {
        world.clock_to("2027-03-01T09:00:00Z", 0);
        let cast = world.cast().await;
        quiet(&world);
        let browser = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        browser.post("/posta/prova", &[]).await.expect(303);
        world
            .database
            .execute("UPDATE outbox SET state = 'inviata', sent_at = created_at")
            .unwrap();
        let registered = json!({"nome": "Muta", "email": "muta@example.org", "consenso_privacy": true});
        world
            .call("/api/clienti/registrazione", registered)
            .await
            .expect(201);
        let device = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "D1"}});
        world.call("/api/licenze/attiva", device).await.expect(200);
        world.settle().await;
        while world
            .app
            .db
            .fold_tallies(world.app.clock.now(), world.app.zone)
            .await
            .unwrap()
        {}
        let (sessions, accesses, tries) = (
            rows(&world, "sessions"),
            rows(&world, "access_log"),
            rows(&world, "activation_log"),
        );
        assert!(sessions > 0 && accesses > 0 && tries > 0);
        let links = rows(&world, "one_time_links");
        assert!(links > 0);

        // Nothing is old yet.
        tick(&world).await;
        days(&world, 60);
        tick(&world).await;
        assert_eq!(rows(&world, "sessions"), sessions);
        assert_eq!(rows(&world, "one_time_links"), links);
        assert_eq!(rows(&world, "customers WHERE name = 'Muta'"), 1);

        days(&world, 80);
        tick(&world).await;
        assert_eq!(rows(&world, "sessions"), 0);
        assert_eq!(rows(&world, "one_time_links"), 0);
        assert_eq!(rows(&world, "idempotency_keys"), 0);
        assert_eq!(rows(&world, "throttles"), 0);
        // Who never proved the address is forgotten, and that is told.
        assert_eq!(rows(&world, "customers WHERE name = 'Muta'"), 0);
        assert_eq!(rows(&world, "customers WHERE anonymised_at IS NOT NULL"), 1);
        assert_eq!(
            rows(
                &world,
                "audit_log WHERE action = 'cliente.anonimizzato' AND actor_kind = 'sistema'"
            ),
            1
        );
        assert_eq!(rows(&world, "customers WHERE name = 'ROSSI spa'"), 1);
        // Logs are for ever unless somebody says otherwise.
        assert!(rows(&world, "access_log") >= accesses);
        assert_eq!(rows(&world, "activation_log"), tries);
        assert!(rows(&world, "outbox WHERE LENGTH(payload) > 0") > 0);

        let figure = |world: &World| {
            world.database.count("SELECT COALESCE(SUM(n), 0) AS n FROM tallies WHERE what = 3 AND agent_id = X'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF'")
        };
        while world
            .app
            .db
            .fold_tallies(world.app.clock.now(), world.app.zone)
            .await
            .unwrap()
        {}
        let before = figure(&world);
        assert!(before > 0);
        world
            .database
            .execute(
                "INSERT INTO settings (name, value, updated_at, revision) VALUES ('conserva_attivazioni', '90', '2027-01-01 00:00:00', 1), \
                 ('conserva_accessi', '90', '2027-01-01 00:00:00', 1), ('conserva_posta', '30', '2027-01-01 00:00:00', 1)",
            )
            .unwrap();
        days(&world, 1);
        tick(&world).await;
        assert_eq!(rows(&world, "activation_log"), 0);
        assert_eq!(
            rows(&world, "outbox WHERE LENGTH(payload) > 0 AND state = 'inviata'"),
            0
        );
        assert!(
            rows(&world, "outbox WHERE state = 'inviata'") > 0,
            "the messages stay"
        );
        // What is young stays, and the database takes nothing more away.
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let young = rows(&world, "access_log");
        assert!(young > 0);
        assert!(world.database.execute("DELETE FROM access_log").is_err());
        assert_eq!(rows(&world, "access_log"), young);
        // Figures are told as before, also when all is counted anew.
        assert_eq!(figure(&world), before);
        world
            .app
            .db
            .recount_tallies(world.app.clock.now(), world.app.zone)
            .await
            .unwrap();
        assert_eq!(figure(&world), before);
        root.get("/posta").await.expect(200);
        let id = world
            .database
            .texts("SELECT LOWER(HEX(id)) AS t FROM outbox WHERE kind = 'prova'");
        let id = id[0].clone().unwrap();
        let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
        root.get(&format!("/posta/{id}"))
            .await
            .expect(200)
            .says("Il testo non si può mostrare")
            .hides("rispedisci");
    }
});
