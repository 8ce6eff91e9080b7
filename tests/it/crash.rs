//! What was acknowledged is there after a crash: of the program, or of the database server below it.

use crate::support::{
    database::{Database, assert_places_add_up},
    mariadbd::MariaDbd,
    rounds,
    server::{Caller, Installation},
};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// What is known of a device on a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Its activation was acknowledged.
    Active,
    /// Its release was.
    Released,
    /// It was asked for, and no answer came, or one that says that nobody knows.
    Either,
}

/// What one client thread knows, by key and device.
type Memory = BTreeMap<(String, String), Known>;

/// What the threads of one load share.
struct Load<'k> {
    keys: &'k [String],
    stop: AtomicBool,
    acknowledged: AtomicUsize,
    validated: AtomicUsize,
}

const THREADS: usize = 6;

/// Ends the clients, whether the test goes on or fails.
struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<'k> Load<'k> {
    fn new(keys: &'k [String]) -> Self {
        Self {
            keys,
            stop: AtomicBool::new(false),
            acknowledged: AtomicUsize::new(0),
            validated: AtomicUsize::new(0),
        }
    }

    /// Clients ask until `meanwhile` is over; then what they know.
    fn run(&self, caller: &Caller, name: &str, meanwhile: impl FnOnce()) -> Memory {
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let caller = caller.clone();
                    scope.spawn(move || self.client(&caller, thread, name))
                })
                .collect();
            let end = Stop(&self.stop);
            meanwhile();
            drop(end);
            clients
                .into_iter()
                .flat_map(|client| client.join().unwrap())
                .collect()
        })
    }

    fn client(&self, caller: &Caller, thread: usize, name: &str) -> Memory {
        let mut memory = Memory::new();
        for turn in 0.. {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let key = &self.keys[(turn * THREADS + thread) % self.keys.len()];
            let device = format!("{name}-{thread}-{turn}");
            let place = (key.clone(), device.clone());
            self.ask(caller, "attiva", &place, Known::Active, &mut memory);
            // Every third gives its place back, so that places are freed and taken again.
            if turn % 3 == 0 && memory.get(&place) == Some(&Known::Active) {
                self.ask(caller, "disattiva", &place, Known::Released, &mut memory);
            }
            if turn % 5 == 0
                && caller
                    .device("valida", key, &device)
                    .is_some_and(|said| said.status == 200)
            {
                self.validated.fetch_add(1, Ordering::Relaxed);
            }
        }
        memory
    }

    fn ask(&self, caller: &Caller, verb: &str, place: &(String, String), then: Known, memory: &mut Memory) {
        let said = caller.device(verb, &place.0, &place.1);
        let known = match &said {
            None => pause(),
            Some(said) => match (said.status, said.code()) {
                (200, _) => {
                    self.acknowledged.fetch_add(1, Ordering::Relaxed);
                    then
                }
                (409, "DISPOSITIVI_ESAURITI") => return,
                (503, "NON_DISPONIBILE") => pause(),
                _ => panic!("{verb}: {said:?}"),
            },
        };
        memory.insert(place.clone(), known);
    }

    /// Waits until so many requests were acknowledged.
    fn wait_for(&self, acknowledged: usize) {
        let begun = Instant::now();
        while self.acknowledged.load(Ordering::Relaxed) < acknowledged {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "nothing is acknowledged any more"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn pause() -> Known {
    std::thread::sleep(Duration::from_millis(20));
    Known::Either
}

/// Holds what clients know against what the server says now; how often that validated.
fn assert_remembered(caller: &Caller, memory: &Memory) -> i64 {
    let mut validated = 0;
    for ((key, device), known) in memory.iter().filter(|(_, known)| **known != Known::Either) {
        let said = caller
            .device("valida", key, device)
            .expect("an answer")
            .expect(200);
        match known {
            Known::Active => assert_eq!(said.code(), "VALIDA", "{device} was acknowledged: {}", said.body),
            Known::Released => assert_eq!(said.code(), "DISPOSITIVO_NON_ATTIVO", "{device} was released"),
            Known::Either => {}
        }
        validated += 1;
    }
    validated
}

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
        let memory = load.run(&caller, &format!("c{cycle}"), || {
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
        let memory = load.run(&caller, &format!("c{cycle}"), || {
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
        let memory = load.run(&server.caller(), &format!("c{cycle}"), || {
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
