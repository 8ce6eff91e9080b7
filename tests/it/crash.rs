//! What was acknowledged is there after a crash: of the program, or of the database server below it.

use crate::support::{
    database::{Database, assert_places_add_up},
    load::{Load, Memory, assert_remembered},
    mariadbd::MariaDbd,
    rounds,
    server::Installation,
};
use std::sync::atomic::Ordering;

fn killed_programs_forget_nothing(database: Database, cycles: usize) {
    let installation = Installation::new(database);
    let root = installation.root();
    let mut server = installation.serve();
    let keys = server.caller().keys(&root, 60 * cycles.min(100), 3);
    let mut all = Memory::new();
    for cycle in 0..cycles {
        // Other licences in each cycle, with more devices than places after a while.
        let part = &keys[(cycle * 60) % keys.len()..][..60];
        let load = Load::new(part);
        let caller = server.caller();
        let memory = load.run(&[caller], &format!("c{cycle}"), || {
            load.wait_for(20 + 7 * (cycle % 10));
            server.kill();
        });
        server = installation.serve();
        assert_remembered(&server.caller(), &memory);
        all.extend(memory);
        if cycle % 5 == 4 {
            assert_places_add_up(&installation.database);
        }
    }
    assert_remembered(&server.caller(), &all);
    assert_places_add_up(&installation.database);
}

#[test]
fn a_program_that_is_killed_under_load_forgets_nothing_on_sqlite() {
    killed_programs_forget_nothing(Database::sqlite(), rounds(30, 200));
}

#[test]
fn a_program_that_is_killed_under_load_forgets_nothing_on_mariadb() {
    killed_programs_forget_nothing(Database::mariadb(), rounds(15, 50));
}

fn a_program_told_to_end_finishes_what_it_began(database: Database) {
    let mut installation = Installation::new(database);
    // Rocket waits for the whole of its grace where anybody was being served.
    let grace = ("ROCKET_SHUTDOWN", "{grace=1,mercy=1}".to_owned());
    installation.environment.push(grace);
    let root = installation.root();
    let mut server = installation.serve();
    let cycles = rounds(10, 200);
    let keys = server.caller().keys(&root, 60 * cycles, 3);
    let mut validated = 0;
    for cycle in 0..cycles {
        let load = Load::new(&keys[cycle * 60..][..60]);
        let caller = server.caller();
        let memory = load.run(&[caller], &format!("c{cycle}"), || {
            load.wait_for(60);
            server.ask_to_end();
            let log = installation
                .folder
                .path()
                .join(format!("server-{}.log", server.port));
            let status = server.ended();
            let said = std::fs::read_to_string(log).unwrap();
            assert_eq!((status.code(), said.as_str()), (Some(0), ""));
        });
        validated += i64::try_from(load.validated.load(Ordering::Relaxed)).unwrap();
        let logged = "SELECT COUNT(*) AS n FROM activation_log WHERE operation = 'valida'";
        let rows = installation.database.count(logged);
        assert!(
            rows >= validated,
            "{rows} rows of {validated} validations that were answered"
        );
        server = installation.serve();
        validated = rows + assert_remembered(&server.caller(), &memory);
        assert_places_add_up(&installation.database);
    }
}

#[test]
fn a_program_told_to_end_finishes_what_it_began_on_sqlite() {
    a_program_told_to_end_finishes_what_it_began(Database::sqlite());
}

#[test]
fn a_program_told_to_end_finishes_what_it_began_on_mariadb() {
    a_program_told_to_end_finishes_what_it_began(Database::mariadb());
}

#[test]
fn a_database_server_that_is_killed_under_load_costs_nothing_but_503s() {
    let mut mariadbd = MariaDbd::new(&[]);
    let installation = Installation::new(Database::mariadb_on(mariadbd.url()));
    let root = installation.root();
    let server = installation.serve();
    let cycles = rounds(5, 200);
    let keys = server.caller().keys(&root, 60 * cycles.min(100), 3);
    let mut all = Memory::new();
    for cycle in 0..cycles {
        let load = Load::new(&keys[(cycle * 60) % keys.len()..][..60]);
        let memory = load.run(&[server.caller()], &format!("c{cycle}"), || {
            load.wait_for(30);
            mariadbd.kill();
            let ready = server.caller().get("/pronto", None).unwrap();
            assert_eq!(ready.status, 503, "{}", ready.body);
            mariadbd.start(&[]);
            let before = load.acknowledged.load(Ordering::Relaxed);
            load.wait_for(before + 20);
        });
        assert_eq!(server.caller().get("/pronto", None).unwrap().status, 200);
        assert_remembered(&server.caller(), &memory);
        all.extend(memory);
    }
    assert_remembered(&server.caller(), &all);
    assert_places_add_up(&installation.database);
}
