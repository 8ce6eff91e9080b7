//! Many at once: whatever order they arrive in, the rules hold as if they had come one after another.

use crate::{
    on_both,
    support::{
        Reply, World,
        cast::PASSWORD,
        database::{Database, assert_places_add_up},
        rounds,
        server::{Installation, Said},
    },
};
use futures::future::join_all;
use rocket::{
    http::{ContentType, Header, Method, Status},
    local::asynchronous::Client,
};
use serde_json::{Value, json};
use sigillo::{
    domain::{access::Permit, actor::Actor},
    operations::users::{NewPassword, found},
};

fn device(key: &str, id: &str) -> Value {
    json!({"chiave_licenza": key, "dispositivo": {"id": id}})
}

/// `POST` to one of several programs, again while it answers that the database is busy: what a client does.
async fn post(client: &Client, path: &str, headers: &[(&'static str, String)], body: &Value) -> Reply {
    for _ in 0..50 {
        let mut request = client.post(path.to_owned()).header(ContentType::JSON);
        request = request.remote("127.0.0.1:4000".parse().unwrap());
        for (name, value) in headers {
            request.add_header(Header::new(*name, value.clone()));
        }
        let reply = Reply::of(request.body(body.to_string())).await;
        assert_ne!(reply.status, Status::InternalServerError, "{}", reply.text);
        if reply.status != Status::ServiceUnavailable {
            return reply;
        }
    }
    panic!("{path}: busy for ever")
}

fn bearer(token: &str) -> Vec<(&'static str, String)> {
    vec![("Authorization", format!("Bearer {token}"))]
}

/// A product whose devices may be released without end, and licences of it.
async fn licenses(world: &World, quantity: usize, devices: usize) -> (String, Vec<(String, String)>) {
    let root = world.root().await;
    let product =
        json!({"codice": "GESTIONALE", "nome": "Gestionale", "versione": "1", "rilasci_max": 1_000_000});
    world
        .post("/api/admin/prodotti", &root, product)
        .await
        .expect(201);
    let mut keys = Vec::new();
    while keys.len() < quantity {
        let part = (quantity - keys.len()).min(10_000);
        keys.extend(
            world
                .issue(&root, json!({"quantita": part, "numero_dispositivi": devices}))
                .await,
        );
    }
    (root, keys)
}

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

mod histories {
    //! Random histories against a model of a licence that fits on a page (K11).

    use super::*;
    use proptest::{
        collection::vec,
        prelude::*,
        test_runner::{Config, TestRunner},
    };
    use std::collections::BTreeMap;

    #[derive(Debug, Clone)]
    enum Step {
        Activate(u8),
        Deactivate(u8),
        Validate(u8),
        Release(u8),
        Suspend,
        Resume,
        Resize(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            5 => (0_u8..5).prop_map(Step::Activate),
            3 => (0_u8..5).prop_map(Step::Deactivate),
            2 => (0_u8..5).prop_map(Step::Validate),
            1 => (0_u8..5).prop_map(Step::Release),
            1 => Just(Step::Suspend),
            2 => Just(Step::Resume),
            1 => (1_usize..5).prop_map(Step::Resize),
        ]
    }

    /// Own releases that a device's licence allows.
    const RELEASES: usize = 3;

    struct Model {
        places: usize,
        live: BTreeMap<u8, String>,
        past: Vec<String>,
        releases: usize,
        suspensions: usize,
    }

    impl Model {
        /// What an activation answers.
        fn activation(&self, device: u8) -> (u16, &'static str) {
            match () {
                () if self.suspensions > 0 => (403, "SOSPESA"),
                () if self.live.contains_key(&device) => (200, "gia_attiva"),
                () if self.live.len() >= self.places => (409, "DISPOSITIVI_ESAURITI"),
                () => (200, "attivata"),
            }
        }

        fn deactivation(&self, device: u8) -> (u16, &'static str) {
            match () {
                () if !self.live.contains_key(&device) => (409, "DISPOSITIVO_NON_ATTIVO"),
                () if self.releases >= RELEASES => (409, "RILASCI_ESAURITI"),
                () => (200, "disattivata"),
            }
        }

        fn validation(&self, device: u8) -> &'static str {
            match () {
                () if self.suspensions > 0 => "SOSPESA",
                () if !self.live.contains_key(&device) => "DISPOSITIVO_NON_ATTIVO",
                () => "VALIDA",
            }
        }
    }

    fn said(reply: &Reply) -> (u16, &str) {
        (
            reply.status.code,
            reply.body["esito"].as_str().unwrap_or(reply.code()),
        )
    }

    async fn live_out(world: &World, root: &str, license: (String, String), steps: &[Step]) {
        let (id, key) = license;
        let mut model = Model {
            places: 2,
            live: BTreeMap::new(),
            past: Vec::new(),
            releases: 0,
            suspensions: 0,
        };
        let sheet = format!("/api/admin/licenze/{id}");
        let ask = |verb: &'static str, n: u8| world.call(verb, device(&key, &format!("D{n}")));
        let staff = |verb: &str| {
            let path = format!("{sheet}/{verb}");
            async move {
                let body = json!({"causale": "altro", "motivo": "prova"});
                world.post(&path, root, body).await.status.code
            }
        };
        for step in steps {
            match step {
                Step::Activate(n) => {
                    let reply = ask("/api/licenze/attiva", *n).await;
                    assert_eq!(said(&reply), model.activation(*n), "{}", reply.text);
                    if reply.status == Status::Ok {
                        let activation = reply.str("/attivazione/id");
                        assert!(
                            !model.past.contains(&activation),
                            "an activation that was released came back"
                        );
                        let held = model.live.entry(*n).or_insert_with(|| activation.clone());
                        assert_eq!(*held, activation);
                        assert_eq!(reply.body["licenza"]["dispositivi_attivi"], model.live.len());
                    }
                }
                Step::Deactivate(n) => {
                    let reply = ask("/api/licenze/disattiva", *n).await;
                    assert_eq!(said(&reply), model.deactivation(*n), "{}", reply.text);
                    if reply.status == Status::Ok {
                        model.past.extend(model.live.remove(n));
                        model.releases += 1;
                        assert_eq!(reply.body["dispositivi_attivi"], model.live.len());
                    }
                }
                Step::Validate(n) => {
                    let reply = ask("/api/licenze/valida", *n).await.expect(200);
                    assert_eq!(reply.code(), model.validation(*n), "{}", reply.text);
                }
                Step::Release(n) => {
                    let nobody = "00000000-0000-7000-8000-000000000000".to_owned();
                    let activation = model.live.get(n).cloned().unwrap_or(nobody);
                    let status = staff(&format!("dispositivi/{activation}/rilascia")).await;
                    assert_eq!(status, if model.live.contains_key(n) { 200 } else { 404 });
                    model.past.extend(model.live.remove(n));
                }
                Step::Suspend => {
                    assert_eq!(staff("sospendi").await, 200);
                    model.suspensions += 1;
                }
                Step::Resume => {
                    let expected = if model.suspensions > 0 { 200 } else { 409 };
                    assert_eq!(staff("riattiva").await, expected);
                    model.suspensions = 0;
                }
                Step::Resize(places) => {
                    let tag = world.get(&sheet, root).await.header("etag").unwrap().to_owned();
                    let revision = tag.trim_matches('"').parse().unwrap();
                    let body = json!({"numero_dispositivi": places});
                    let reply = world.patch(&sheet, root, revision, body).await;
                    if *places < model.live.len() {
                        reply.refused(409, "POSTI_IN_USO");
                    } else {
                        reply.expect(200);
                        model.places = *places;
                    }
                }
            }
            let shown = world.get(&sheet, root).await.expect(200);
            assert_eq!(shown.body["dispositivi_attivi"], model.live.len());
        }
    }

    on_both!(
        any_history_of_a_licence_is_the_one_that_the_model_tells,
        |world| async {
            let root = world.root().await;
            let product = json!({"codice": "GESTIONALE", "nome": "Gestionale", "versione": "1", "rilasci_max": RELEASES});
            world
                .post("/api/admin/prodotti", &root, product)
                .await
                .expect(201);
            let cases = u32::try_from(rounds(16, 500)).unwrap();
            let mut runner = TestRunner::new(Config {
                cases,
                failure_persistence: None,
                ..Config::default()
            });
            let here = tokio::runtime::Handle::current();
            let outcome = tokio::task::block_in_place(|| {
                runner.run(&vec(step(), 1..40), |steps| {
                    here.block_on(async {
                        let license = world
                            .issue(&root, json!({"numero_dispositivi": 2}))
                            .await
                            .remove(0);
                        live_out(&world, &root, license, &steps).await;
                    });
                    Ok(())
                })
            });
            outcome.unwrap();
            assert_places_add_up(&world.database);
        }
    );
}

on_both!(
    two_orders_that_fit_a_quota_only_singly_do_not_pass_together,
    |world| async {
        let cast = world.cast().await;
        let second = world.second_client().await;
        for n in 0..rounds(10, 500) {
            let above = world
                .node(&cast.root, &format!("SOPRA{n}"), "rivenditore", None)
                .await;
            let below = world
                .node(&cast.root, &format!("SOTTO{n}"), "sottoazienda", Some(&above.id))
                .await;
            let (paid, trial) = (json!({"quota_licenze": 10}), json!({"quota_prove": 10}));
            let (quota, kind) = if n % 2 == 0 {
                (paid, "abbonamento")
            } else {
                (trial, "trial")
            };
            world
                .patch(&format!("/api/admin/agent/{}", above.id), &cast.root, 1, quota)
                .await
                .expect(200);
            let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": kind, "quantita": 6});
            let (above, below) = (bearer(&above.token), bearer(&below.token));
            let (one, other) = futures::future::join(
                post(&world.client, "/api/admin/licenze", &above, &order),
                post(&second, "/api/admin/licenze", &below, &order),
            )
            .await;
            let (passed, refused) = if one.status == Status::Created {
                (one, other)
            } else {
                (other, one)
            };
            passed.expect(201);
            refused.refused(409, "QUOTA_SUPERATA");
        }
    }
);

async fn change(client: &Client, path: &str, token: &str, tag: &str, body: &Value) -> Reply {
    let request = client
        .patch(path.to_owned())
        .remote("127.0.0.1:4000".parse().unwrap())
        .header(ContentType::JSON)
        .header(Header::new("Authorization", format!("Bearer {token}")))
        .header(Header::new("If-Match", tag.to_owned()));
    Reply::of(request.body(body.to_string())).await
}

on_both!(
    of_two_changes_of_one_revision_one_is_made_and_one_is_told,
    |world| async {
        let cast = world.cast().await;
        let second = world.second_client().await;
        let objects = [
            (format!("/api/admin/licenze/{}", cast.rossi.license), "etichetta"),
            (format!("/api/admin/clienti/{}", cast.rossi.id), "nome"),
            (format!("/api/admin/agent/{}", cast.alfa.id), "nome"),
            ("/api/admin/prodotti/GESTIONALE".to_owned(), "nome"),
        ];
        for (path, field) in &objects {
            for n in 0..rounds(5, 200) {
                let tag = world
                    .get(path, &cast.root)
                    .await
                    .expect(200)
                    .header("etag")
                    .unwrap()
                    .to_owned();
                let (first, then) = (
                    json!({(*field): format!("uno {n}")}),
                    json!({(*field): format!("altro {n}")}),
                );
                let (one, other) = futures::future::join(
                    change(&world.client, path, &cast.root, &tag, &first),
                    change(&second, path, &cast.root, &tag, &then),
                )
                .await;
                let mut statuses = [one.status.code, other.status.code];
                statuses.sort_unstable();
                assert_eq!(statuses, [200, 412], "{path}: {} {}", one.text, other.text);
                let winner = if one.status.code == 200 { "uno" } else { "altro" };
                let now = world.get(path, &cast.root).await.expect(200);
                assert_eq!(now.body[*field], format!("{winner} {n}"));
            }
        }
    }
);

on_both!(
    of_two_superadmins_who_disable_each_other_one_is_left,
    |world| async {
        let mut tokens = vec![world.root().await];
        let permit = Permit::ask(&Actor::operator()).unwrap();
        let password = NewPassword(PASSWORD.into());
        found::superadmin(&world.app, permit, "altro@example.it".into(), password)
            .await
            .unwrap();
        tokens.push(world.token("altro@example.it", false).await);
        let second = world.second_client().await;
        let users = world.get("/api/admin/utenti", &tokens[0]).await.expect(200);
        let emails = ["root@example.it", "altro@example.it"];
        let ids: Vec<String> = emails
            .iter()
            .map(|email| {
                let all = users.body["dati"].as_array().unwrap();
                let user = all.iter().find(|user| user["email"] == *email).unwrap();
                user["id"].as_str().unwrap().to_owned()
            })
            .collect();
        for _ in 0..rounds(10, 500) {
            let disable = |client, by: usize, whom: usize| {
                let (path, headers) = (
                    format!("/api/admin/utenti/{}/disabilita", ids[whom]),
                    bearer(&tokens[by]),
                );
                async move { post(client, &path, &headers, &json!({})).await }
            };
            let (one, other) =
                futures::future::join(disable(&world.client, 0, 1), disable(&second, 1, 0)).await;
            let left = "SELECT COUNT(*) AS n FROM users WHERE state = 'attivo'";
            assert_eq!(world.database.count(left), 1, "{} {}", one.text, other.text);
            let survivor = usize::from(one.status != Status::Ok);
            let loser = if survivor == 0 { other } else { one };
            assert!(
                loser.status == Status::Unauthorized || loser.code() == "ULTIMO_SUPERADMIN",
                "{}",
                loser.text
            );
            let path = format!("/api/admin/utenti/{}/abilita", ids[1 - survivor]);
            world.post(&path, &tokens[survivor], json!({})).await.expect(200);
            tokens[1 - survivor] = world.token(emails[1 - survivor], false).await;
        }
    }
);

on_both!(two_set_ups_at_once_make_one_vendor, |world| async {
    let second = world.second().await;
    let set_up = |app, email: &'static str| async move {
        let permit = Permit::ask(&Actor::operator()).unwrap();
        found::superadmin(app, permit, email.into(), NewPassword(PASSWORD.into())).await
    };
    let (one, other) = futures::future::join(
        set_up(&world.app, "uno@example.it"),
        set_up(&second, "altro@example.it"),
    )
    .await;
    one.unwrap();
    other.unwrap();
    let vendors = "SELECT COUNT(*) AS n FROM nodes WHERE kind = 'fornitore'";
    assert_eq!(world.database.count(vendors), 1);
});

/// The tree as parents tell it, beside the tree as the closure table tells it.
fn assert_tree_is_one(database: &Database) {
    let up = "WITH RECURSIVE up (d, a, k) AS (SELECT id, id, 0 FROM nodes \
        UNION ALL SELECT up.d, n.parent_id, up.k + 1 FROM up JOIN nodes n ON n.id = up.a \
        WHERE n.parent_id IS NOT NULL AND up.k < 60)";
    let endless = format!("{up} SELECT COUNT(*) AS n FROM up WHERE k >= 60");
    assert_eq!(database.count(&endless), 0, "a node is above itself");
    let missing = format!(
        "{up} SELECT COUNT(*) AS n FROM up WHERE NOT EXISTS (SELECT 1 FROM node_tree t \
         WHERE t.ancestor_id = up.a AND t.descendant_id = up.d AND t.depth = up.k)"
    );
    assert_eq!(database.count(&missing), 0, "pairs that the closure table lacks");
    let pairs = database.count(&format!("{up} SELECT COUNT(*) AS n FROM up"));
    let kept = database.count("SELECT COUNT(*) AS n FROM node_tree");
    assert_eq!(pairs, kept, "pairs that the closure table has too many");
    let rootless = "SELECT COUNT(*) AS n FROM nodes n WHERE NOT EXISTS (SELECT 1 FROM node_tree t \
        JOIN nodes v ON v.id = t.ancestor_id WHERE v.kind = 'fornitore' AND t.descendant_id = n.id)";
    assert_eq!(
        database.count(rootless),
        0,
        "nodes that do not hang below the vendor"
    );
}

async fn shift(client: &Client, token: &str, node: &str, parent: &str) -> Reply {
    let path = format!("/api/admin/agent/{node}/sposta");
    post(client, &path, &bearer(token), &json!({"azienda_padre": parent})).await
}

on_both!(
    two_companies_moved_below_each_other_make_no_cycle,
    |world| async {
        let root = world.root().await;
        let second = world.second_client().await;
        let top = world.node(&root, "CIMA", "rivenditore", None).await;
        let a = world.node(&root, "A", "sottoazienda", Some(&top.id)).await;
        let b = world.node(&root, "B", "sottoazienda", Some(&top.id)).await;
        world.node(&root, "SOTTO-A", "agente", Some(&a.id)).await;
        for _ in 0..rounds(10, 500) {
            let (one, other) = futures::future::join(
                shift(&world.client, &root, &a.id, &b.id),
                shift(&second, &root, &b.id, &a.id),
            )
            .await;
            let (done, refused) = if one.status == Status::Ok {
                (one, other)
            } else {
                (other, one)
            };
            done.expect(200);
            refused.refused(409, "CICLO");
            assert_tree_is_one(&world.database);
            for node in [&a, &b] {
                shift(&world.client, &root, &node.id, &top.id).await.expect(200);
            }
        }
    }
);

on_both!(
    a_tree_that_is_moved_and_grown_at_once_stays_one_tree,
    |world| async {
        let root = world.root().await;
        let second = world.second_client().await;
        let mut nodes = vec![world.node(&root, "CIMA", "rivenditore", None).await.id];
        for n in 0..6 {
            let parent = nodes[n / 2].clone();
            nodes.push(
                world
                    .node(&root, &format!("N{n}"), "sottoazienda", Some(&parent))
                    .await
                    .id,
            );
        }
        for round in 0..rounds(5, 200) {
            let moves = (0..8).map(|n| {
                let client = if n % 2 == 0 { &world.client } else { &second };
                let (from, to) = (&nodes[1 + (n * 5 + round) % 6], &nodes[(n * 3 + round) % 7]);
                let root = &root;
                async move {
                    let reply = shift(client, root, from, to).await;
                    assert!(matches!(reply.status.code, 200 | 409 | 422), "{}", reply.text);
                }
            });
            let births = (0..3).map(|n| {
                let (parent, root, second) = (&nodes[1 + (n + round) % 6], &root, &second);
                async move {
                    let name = format!("FOGLIA-{round}-{n}");
                    let body =
                        json!({"nome": name, "codice": name, "ruolo": "agente", "azienda_padre": parent});
                    let reply = post(second, "/api/admin/agent", &bearer(root), &body).await;
                    assert!(matches!(reply.status.code, 201 | 422), "{}", reply.text);
                }
            });
            futures::future::join(join_all(moves), join_all(births)).await;
            assert_tree_is_one(&world.database);
        }
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

on_both!(
    twenty_orders_with_one_idempotency_key_make_one_batch,
    |world| async {
        let root = world.root().await;
        world.product(&root).await;
        let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "quantita": 3});
        let batches = || world.database.count("SELECT COUNT(*) AS n FROM batches");
        let ask = |key: &str, body: &Value| {
            let mut request = world
                .request(Method::Post, "/api/admin/licenze")
                .header(ContentType::JSON);
            request.add_header(Header::new("Authorization", format!("Bearer {root}")));
            request.add_header(Header::new("Idempotency-Key", key.to_owned()));
            Reply::of(request.body(body.to_string()))
        };
        for n in 0..rounds(5, 200) {
            let (key, before) = (format!("ordine {n}"), batches());
            let mut answers = Vec::new();
            for reply in join_all((0..20).map(|_| ask(&key, &order))).await {
                if reply.status == Status::Created {
                    answers.push(reply);
                } else {
                    reply.refused(409, "IDEMPOTENZA_IN_CORSO");
                }
            }
            answers.push(ask(&key, &order).await.expect(201));
            assert_eq!(batches(), before + 1);
            assert!(answers.iter().all(|answer| answer.text == answers[0].text));
            let first = answers
                .iter()
                .filter(|answer| answer.header("idempotency-replayed").is_none());
            assert_eq!(first.count(), 1);
            assert_eq!(
                answers.last().unwrap().header("idempotency-replayed"),
                Some("true")
            );
            let mut other = order.clone();
            other["quantita"] = json!(4);
            ask(&key, &other).await.refused(409, "IDEMPOTENZA_IN_CONFLITTO");
            assert_eq!(batches(), before + 1);
        }
    }
);

on_both!(an_answer_without_an_effect_is_not_kept, |world| async {
    let root = world.root().await;
    let headers = [bearer(&root), vec![("Idempotency-Key", "una".to_owned())]].concat();
    let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento"});
    post(&world.client, "/api/admin/licenze", &headers, &order)
        .await
        .expect(404);
    post(
        &world.client,
        "/api/admin/licenze",
        &headers,
        &json!({"prodotto": "GESTIONALE"}),
    )
    .await
    .expect(422);
    assert_eq!(
        world.database.count("SELECT COUNT(*) AS n FROM idempotency_keys"),
        0
    );
    world.product(&root).await;
    let made = post(&world.client, "/api/admin/licenze", &headers, &order)
        .await
        .expect(201);
    assert_eq!(made.header("idempotency-replayed"), None);
});

on_both!(no_key_stands_in_clear_in_the_database, |world| async {
    let root = world.root().await;
    world.product(&root).await;
    let headers = [bearer(&root), vec![("Idempotency-Key", "una".to_owned())]].concat();
    let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "quantita": 2});
    let made = post(&world.client, "/api/admin/licenze", &headers, &order)
        .await
        .expect(201);
    let key = made.str("/licenze/0/chiave_licenza");
    world
        .call("/api/licenze/attiva", device(&key, "D1"))
        .await
        .expect(200);
    world
        .call("/api/licenze/valida", device(&key, "D1"))
        .await
        .expect(200);
    world.settle().await;
    let bare = key.replace('-', "");
    let spellings = [key.clone(), key.to_lowercase(), bare.clone(), bare.to_lowercase()];
    // The whole file on SQLite, every column on MariaDB.
    match &world.database {
        Database::Sqlite(folder) => {
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                for spelling in &spellings {
                    assert!(
                        !bytes
                            .windows(spelling.len())
                            .any(|part| part == spelling.as_bytes())
                    );
                }
            }
        }
        Database::MariaDb { name, .. } => {
            let columns = world.database.texts(&format!(
                "SELECT CONCAT(table_name, ' ', column_name) AS t FROM information_schema.columns \
                 WHERE table_schema = '{name}' AND (data_type LIKE '%char' OR data_type LIKE '%text' \
                 OR data_type LIKE '%binary' OR data_type LIKE '%blob')"
            ));
            assert!(columns.len() > 100);
            for column in columns.into_iter().flatten() {
                let (table, column) = column.split_once(' ').unwrap();
                for spelling in &spellings {
                    let sql =
                        format!("SELECT COUNT(*) AS n FROM {table} WHERE INSTR({column}, '{spelling}') > 0");
                    assert_eq!(world.database.count(&sql), 0, "{table}.{column}");
                }
            }
        }
    }
    assert_eq!(
        world.database.count("SELECT COUNT(*) AS n FROM idempotency_keys"),
        1
    );
});
