//! Places on a licence, raced for.

use super::*;

/// Twenty devices at once, spread over programs; how many got a place.
async fn race(clients: &[&Client], key: &str) -> usize {
    let asked = (0..20).map(|n| {
        let (client, body) = (clients[n % clients.len()], device(key, &format!("D{n}")));
        async move { post(client, "/api/licenze/attiva", &[], &body).await }
    });
    let mut places = 0;
    for reply in join_all(asked).await {
        if reply.status == Status::Ok {
            places += 1;
        } else {
            reply.refused(409, "DISPOSITIVI_ESAURITI");
        }
    }
    places
}

on_both!(
    twenty_devices_that_race_for_three_places_get_exactly_three,
    |world| async {
        let (_, keys) = licenses(&world, rounds(20, 1_000), 3).await;
        for (_, key) in &keys {
            assert_eq!(race(&[&world.client], key).await, 3);
        }
        assert_places_add_up(&world.database);
    }
);

on_both!(
    two_programs_on_one_database_do_not_oversell_either,
    |world| async {
        let (_, keys) = licenses(&world, rounds(20, 1_000), 3).await;
        let second = world.second_client().await;
        for (_, key) in &keys {
            assert_eq!(race(&[&world.client, &second], key).await, 3);
        }
        assert_places_add_up(&world.database);
    }
);

fn two_processes_share_places_and_idempotency_keys(database: Database) {
    let installation = Installation::new(database);
    let root = installation.root();
    let servers = [installation.serve(), installation.serve()];
    let keys = servers[0].caller().keys(&root, rounds(10, 200), 3);
    for key in &keys {
        let taken: usize = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..20)
                .map(|n| {
                    let caller = servers[n % 2].caller();
                    scope.spawn(move || {
                        loop {
                            let said = caller.device("attiva", key, &format!("D{n}")).expect("an answer");
                            match (said.status, said.code()) {
                                (200, _) => return 1,
                                (409, "DISPOSITIVI_ESAURITI") => return 0,
                                (503, _) => {}
                                _ => panic!("{said:?}"),
                            }
                        }
                    })
                })
                .collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).sum()
        });
        assert_eq!(taken, 3);
    }
    assert_places_add_up(&installation.database);

    let batches = "SELECT COUNT(*) AS n FROM batches";
    let before = installation.database.count(batches);
    let headers = [
        ("Authorization", format!("Bearer {root}")),
        ("Idempotency-Key", "una".to_owned()),
    ];
    let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "quantita": 2});
    let answers: Vec<Said> = std::thread::scope(|scope| {
        let askers: Vec<_> = (0..20)
            .map(|n| {
                let (caller, headers, order) = (servers[n % 2].caller(), &headers, &order);
                scope.spawn(move || {
                    loop {
                        let said = caller
                            .post("/api/admin/licenze", headers, order)
                            .expect("an answer");
                        match (said.status, said.code()) {
                            (201, _) => return said,
                            (409, "IDEMPOTENZA_IN_CORSO") | (503, _) => {}
                            _ => panic!("{said:?}"),
                        }
                    }
                })
            })
            .collect();
        askers.into_iter().map(|asker| asker.join().unwrap()).collect()
    });
    assert_eq!(installation.database.count(batches), before + 1);
    assert!(
        answers.iter().all(|answer| answer.body == answers[0].body),
        "{answers:?}"
    );
    let fresh = answers.iter().filter(|answer| !answer.replayed).count();
    assert_eq!(fresh, 1);
}

#[test]
fn two_processes_on_one_sqlite_file_share_places_and_idempotency_keys() {
    two_processes_share_places_and_idempotency_keys(Database::sqlite());
}

#[test]
fn two_processes_on_one_mariadb_share_places_and_idempotency_keys() {
    two_processes_share_places_and_idempotency_keys(Database::mariadb());
}

on_both!(
    one_device_activated_fifty_times_at_once_holds_one_place,
    |world| async {
        let (_, keys) = licenses(&world, rounds(5, 200), 3).await;
        let second = world.second_client().await;
        for (_, key) in &keys {
            let body = device(key, "D1");
            let asked = (0..50).map(|n| {
                let client = if n % 2 == 0 { &world.client } else { &second };
                post(client, "/api/licenze/attiva", &[], &body)
            });
            let replies = join_all(asked).await;
            let ids: Vec<String> = replies
                .into_iter()
                .map(|reply| reply.expect(200))
                .map(|reply| reply.str("/attivazione/id"))
                .collect();
            assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        }
        let live = world
            .database
            .count("SELECT COUNT(*) AS n FROM activations WHERE live = 1");
        assert_eq!(live, i64::try_from(keys.len()).unwrap());
        assert_places_add_up(&world.database);
    }
);

on_both!(
    a_storm_on_one_licence_leaves_what_was_acknowledged_last,
    |world| async {
        let (root, keys) = licenses(&world, 1, 4).await;
        let (id, key) = &keys[0];
        let second = world.second_client().await;
        let rounds = rounds(15, 300);
        let devices = (0..8).map(|n| {
            let (client, name) = (if n % 2 == 0 { &world.client } else { &second }, format!("D{n}"));
            async move {
                let mut active = false;
                for _ in 0..rounds {
                    let verb = if active { "disattiva" } else { "attiva" };
                    let reply = post(client, &format!("/api/licenze/{verb}"), &[], &device(key, &name)).await;
                    match (reply.status.code, reply.code()) {
                        (200, _) => active = !active,
                        (409, "DISPOSITIVI_ESAURITI") | (403, "SOSPESA") if !active => {}
                        _ => panic!("{verb}: {}", reply.text),
                    }
                }
                (name, active)
            }
        });
        let staff = async {
            for n in 0..rounds {
                let verb = if n % 2 == 0 { "sospendi" } else { "riattiva" };
                let body = json!({"causale": "altro", "motivo": "prova"});
                post(
                    &second,
                    &format!("/api/admin/licenze/{id}/{verb}"),
                    &bearer(&root),
                    &body,
                )
                .await
                .expect(200);
            }
        };
        let (devices, ()) = futures::future::join(join_all(devices), staff).await;
        for (name, active) in devices {
            let live = format!("SELECT COUNT(*) AS n FROM activations WHERE live = 1 AND device = '{name}'");
            assert_eq!(world.database.count(&live), i64::from(active), "{name}");
        }
        assert_places_add_up(&world.database);
    }
);

on_both!(
    two_trials_of_one_product_raced_by_one_device_are_one_trial,
    |world| async {
        let root = world.root().await;
        world.product(&root).await;
        let second = world.second_client().await;
        for n in 0..rounds(20, 1_000) {
            let order = json!({"tipo_licenza": "trial", "quantita": 2});
            let keys: Vec<String> = world
                .issue(&root, order)
                .await
                .into_iter()
                .map(|(_, key)| key)
                .collect();
            let name = format!("D{n}");
            let (first_body, second_body) = (device(&keys[0], &name), device(&keys[1], &name));
            let (one, other) = futures::future::join(
                post(&world.client, "/api/licenze/attiva", &[], &first_body),
                post(&second, "/api/licenze/attiva", &[], &second_body),
            )
            .await;
            let (done, refused) = if one.status == Status::Ok {
                (one, other)
            } else {
                (other, one)
            };
            assert_eq!(done.expect(200).str("/esito"), "attivata");
            refused.refused(409, "PROVA_GIA_USATA");
        }
        assert_places_add_up(&world.database);
    }
);
