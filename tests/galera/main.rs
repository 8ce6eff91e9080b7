//! The program on a Galera cluster of three nodes: `scripts/with-galera cargo test --all-features --test galera`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub
)]

mod cluster;
// Shared with the tests of the whole, which need more of it.
#[allow(dead_code, unused_macros)]
#[path = "../it/support/mod.rs"]
mod support;

use cluster::Cluster;
use serde_json::json;
use std::{
    collections::BTreeSet,
    process::Stdio,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use support::{
    database::assert_places_add_up,
    load::{Load, Memory, assert_remembered},
    rounds,
    server::{Caller, Installation},
};

/// More than a load takes while a node comes back.
const PLACES: usize = 10_000;

/// How long the cluster may freeze, or refuse, before it serves again.
const PATIENCE: Duration = Duration::from_secs(90);

#[test]
fn devices_that_race_over_three_nodes_for_three_places_get_exactly_three() {
    let cluster = Cluster::whole();
    let installation = cluster.installation();
    let root = installation.root();
    let servers = cluster.serve_each(&installation);
    let keys = servers[0].caller().keys(&root, rounds(20, 500), 3);
    let mut busy = 0;
    for key in &keys {
        let (taken, refused): (usize, usize) = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..30)
                .map(|n| {
                    let caller = servers[n % servers.len()].caller();
                    scope.spawn(move || {
                        let mut refused = 0;
                        loop {
                            let said = caller.device("attiva", key, &format!("D{n}")).expect("an answer");
                            match (said.status, said.code()) {
                                (200, _) => return (1, refused),
                                (409, "DISPOSITIVI_ESAURITI") => return (0, refused),
                                (503, "NON_DISPONIBILE") => refused += 1,
                                _ => panic!("{said:?}"),
                            }
                        }
                    })
                })
                .collect();
            racers
                .into_iter()
                .map(|racer| racer.join().unwrap())
                .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
        });
        assert_eq!(taken, 3, "{key}");
        busy += refused;
    }
    cluster.catch_up();
    assert_places_add_up(&installation.database);
    println!("{} races, {busy} answers of 503", keys.len());
}

#[test]
fn what_one_node_was_told_every_other_knows_at_once() {
    let cluster = Cluster::whole();
    let installation = cluster.installation();
    let root = installation.root();
    let servers = cluster.serve_each(&installation);
    let callers: Vec<Caller> = servers.iter().map(|server| server.caller()).collect();
    let keys = callers[0].keys(&root, 1, 10_000);
    for n in 0..rounds(300, 5_000) {
        let (here, there) = (&callers[n % 3], &callers[(n + 1 + n / 3 % 2) % 3]);
        let device = format!("D{n}");
        here.device("attiva", &keys[0], &device).unwrap().expect(200);
        let said = there.device("valida", &keys[0], &device).unwrap().expect(200);
        assert_eq!(said.code(), "VALIDA", "{n}: {}", said.body);
        here.device("disattiva", &keys[0], &device).unwrap().expect(200);
        let said = there.device("valida", &keys[0], &device).unwrap().expect(200);
        assert_eq!(said.code(), "DISPOSITIVO_NON_ATTIVO", "{n}: {}", said.body);
    }
}

/// Holds what the clients of a load know, asking each program.
fn assert_all_remember(cluster: &Cluster, installation: &Installation, callers: &[Caller], memory: &Memory) {
    for caller in callers {
        assert_remembered(caller, memory);
    }
    cluster.catch_up();
    assert_places_add_up(&installation.database);
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn readiness(caller: &Caller) -> u16 {
    caller.get("/pronto", None).expect("an answer").status
}

#[test]
fn a_node_that_is_killed_under_load_costs_nothing_but_503s_and_comes_back() {
    let cluster = Cluster::whole();
    let installation = cluster.installation();
    let root = installation.root();
    let servers = cluster.serve_all(&installation);
    let callers: Vec<Caller> = servers.iter().map(|server| server.caller()).collect();
    let cycles = rounds(6, 50);
    let keys = callers[0].keys(&root, 60 * cycles, PLACES);
    for cycle in 0..cycles {
        let load = Load::new(&keys[cycle * 60..][..60]);
        let memory = load.run(&callers, &format!("c{cycle}"), || {
            load.wait_for(60);
            cluster.kill(cycle % 3);
            let before = load.acknowledged.load(Ordering::Relaxed);
            load.wait_for(before + 60);
            // Each program has found a node that serves.
            for caller in &callers {
                wait_for("ready without a node", || readiness(caller) == 200);
            }
            cluster.release(cycle % 3);
            let before = load.acknowledged.load(Ordering::Relaxed);
            load.wait_for(before + 30);
            cluster.wait_until_whole();
        });
        assert_eq!(load.unanswered.load(Ordering::Relaxed), 0);
        assert_all_remember(&cluster, &installation, &callers, &memory);
    }
}

#[test]
fn without_a_majority_nothing_is_served_and_all_is_there_when_it_is_back() {
    let cluster = Cluster::whole();
    let installation = cluster.installation();
    let root = installation.root();
    let servers = cluster.serve_all(&installation);
    let callers: Vec<Caller> = servers.iter().map(|server| server.caller()).collect();
    let cycles = rounds(3, 20);
    let keys = callers[0].keys(&root, 60 * cycles, PLACES);
    for cycle in 0..cycles {
        let load = Load::new(&keys[cycle * 60..][..60]);
        let memory = load.run(&callers, &format!("c{cycle}"), || {
            load.wait_for(60);
            let (one, other) = (cycle % 3, (cycle + 1) % 3);
            cluster.kill(one);
            cluster.kill(other);
            for caller in &callers {
                wait_for("unready without a majority", || readiness(caller) == 503);
                let refused = caller
                    .device("attiva", &keys[cycle * 60], "X")
                    .expect("an answer");
                assert_eq!((refused.status, refused.code()), (503, "NON_DISPONIBILE"));
            }
            cluster.release(one);
            cluster.release(other);
            cluster.wait_until_whole();
            for caller in &callers {
                wait_for("ready again", || readiness(caller) == 200);
            }
            let before = load.acknowledged.load(Ordering::Relaxed);
            load.wait_for(before + 60);
        });
        assert_eq!(load.unanswered.load(Ordering::Relaxed), 0);
        assert_all_remember(&cluster, &installation, &callers, &memory);
    }
}

const COLUMNS: &str = "SELECT CONCAT(table_name, '.', column_name, ' ', column_type, ' ', is_nullable) AS t \
    FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> '__migration_lease'";
const INDEXES: &str = "SELECT CONCAT(table_name, ': ', index_name, ' ', seq_in_index, ' ', column_name) AS t \
    FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name <> '__migration_lease'";
const TRIGGERS: &str =
    "SELECT trigger_name AS t FROM information_schema.triggers WHERE trigger_schema = DATABASE()";
const APPLIED: &str = "SELECT version AS t FROM __diesel_schema_migrations";

fn schema(cluster: &Cluster, installation: &Installation, n: usize) -> BTreeSet<String> {
    [COLUMNS, INDEXES, TRIGGERS, APPLIED]
        .into_iter()
        .flat_map(|sql| cluster.texts(installation, n, sql))
        .collect()
}

fn assert_schema(cluster: &Cluster, installation: &Installation, wanted: &BTreeSet<String>) {
    cluster.catch_up();
    for n in 0..3 {
        assert_eq!(&schema(cluster, installation, n), wanted, "node {n}");
    }
}

#[test]
fn programs_that_start_on_all_nodes_at_once_make_one_schema() {
    let cluster = Cluster::whole();
    let alone = cluster.installation();
    alone.done(&["migrate"], "");
    let wanted = schema(&cluster, &alone, 0);
    assert!(wanted.len() > 300, "{}", wanted.len());
    for _ in 0..rounds(6, 100) {
        let installation = cluster.installation();
        let servers: Vec<_> = std::thread::scope(|scope| {
            let starting: Vec<_> = (0..6)
                .map(|n| {
                    let url = cluster.at(&installation, n % 3);
                    let installation = &installation;
                    scope.spawn(move || installation.serve_with(&[("ROCKET_DATABASE_URL", &url)]))
                })
                .collect();
            starting
                .into_iter()
                .map(|server| server.join().unwrap())
                .collect()
        });
        assert_schema(&cluster, &installation, &wanted);
        for server in &servers {
            assert_eq!(readiness(&server.caller()), 200);
        }
        // They are of one mind: what one makes, the others know.
        let root = installation.root();
        let keys = servers[0].caller().keys(&root, 1, servers.len());
        for (n, server) in servers.iter().enumerate() {
            let body = json!({"chiave_licenza": keys[0], "dispositivo": {"id": format!("D{n}")}});
            server
                .caller()
                .post("/api/licenze/attiva", &[], &body)
                .unwrap()
                .expect(200);
        }
    }
}

#[test]
fn a_migration_that_is_killed_on_one_node_is_finished_from_another() {
    let cluster = Cluster::whole();
    let alone = cluster.installation();
    alone.done(&["migrate"], "");
    let wanted = schema(&cluster, &alone, 0);
    for round in 0..rounds(4, 40) {
        let installation = cluster.installation();
        let start = |n: usize| {
            installation
                .command(&["migrate"])
                .env("ROCKET_DATABASE_URL", cluster.at(&installation, n))
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let mut killed = start(0);
        let held = "SELECT owner AS t FROM __migration_lease WHERE owner <> ''";
        // Half of them in the middle of it, the others before.
        if round % 2 == 0 {
            wait_for("somebody migrates", || {
                let exists = "SELECT table_name AS t FROM information_schema.tables \
                    WHERE table_schema = DATABASE() AND table_name = '__migration_lease'";
                !cluster.texts(&installation, 0, exists).is_empty()
                    && !cluster.texts(&installation, 0, held).is_empty()
            });
        }
        let others = [start(1), start(2)];
        killed.kill().unwrap();
        killed.wait().unwrap();
        for other in others {
            let output = other.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
        }
        assert_schema(&cluster, &installation, &wanted);
    }
}
