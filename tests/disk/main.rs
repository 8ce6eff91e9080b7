//! A disk that is really full, below SQLite and below MariaDB. Mounting wants rights that not every machine gives, so
//! this is a part of `make long` alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    unreachable_pub
)]

mod mount;
#[path = "../it/support/mod.rs"]
mod support;

use mount::Disk;
use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::{Duration, Instant},
};
use support::{
    database::{Database, assert_places_add_up},
    mariadbd::MariaDbd,
    rounds,
    server::{Caller, Installation},
};
use tempfile::TempDir;

/// How long anything may take to be refused, or to be taken again.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the clients know.
#[derive(Default)]
struct Known {
    active: Vec<(String, String)>,
    refused: Vec<(String, String)>,
}

impl Known {
    /// Activates a new device; whether it was taken.
    fn activate(&mut self, caller: &Caller, keys: &[String]) -> bool {
        let n = self.active.len() + self.refused.len();
        let place = (keys[n % keys.len()].clone(), format!("D{n}"));
        let said = caller.device("attiva", &place.0, &place.1).expect("an answer");
        match (said.status, said.code()) {
            (200, _) => self.active.push(place),
            (503, "NON_DISPONIBILE") => self.refused.push(place),
            _ => panic!("{said:?}"),
        }
        said.status == 200
    }

    fn until(&mut self, caller: &Caller, keys: &[String], taken: bool) {
        let begun = Instant::now();
        while self.activate(caller, keys) != taken {
            assert!(begun.elapsed() < PATIENCE, "still the same on a disk that is not");
            if taken {
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }

    /// Every one that was taken is there. How often that validated.
    fn hold(&self, caller: &Caller, last: usize) -> usize {
        let some = &self.active[self.active.len().saturating_sub(last)..];
        for (key, device) in some {
            let said = caller
                .device("valida", key, device)
                .expect("an answer")
                .expect(200);
            assert_eq!(said.code(), "VALIDA", "{device}");
        }
        some.len()
    }
}

/// What lies on the disk.
enum Below {
    File(Database),
    Server(Database, MariaDbd),
}

impl Below {
    fn database(&self) -> &Database {
        match self {
            Self::File(database) | Self::Server(database, _) => database,
        }
    }

    /// InnoDB that has no room left to undo a change ends its server (`Out of disk space in rollback`), as it chooses.
    fn is_up(&mut self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Server(_, mariadbd) => mariadbd.is_up(),
        }
    }

    /// What a service manager does with a server that ended.
    fn start_again(&mut self) -> bool {
        let ended = !self.is_up();
        if let (true, Self::Server(_, mariadbd)) = (ended, self) {
            mariadbd.start(&[]);
        }
        ended
    }
}

fn a_full_disk_is_an_answer(disk: &Disk, below: impl FnOnce(&Disk) -> Below) {
    let mut below = below(disk);
    let url = below.database().text();
    let mut installation = Installation::new(Database::sqlite());
    installation.environment.push(("ROCKET_DATABASE_URL", url));
    let root = installation.root();
    let server = installation.serve();
    let caller = server.caller();
    let keys = caller.keys(&root, 50, 100_000);
    let mut known = Known::default();
    let mut validated = 0;
    let mut ended = 0;
    for _ in 0..rounds(3, 50) {
        for _ in 0..20 {
            assert!(known.activate(&caller, &keys));
        }
        disk.fill();
        known.until(&caller, &keys, false);
        for _ in 0..20 {
            known.activate(&caller, &keys);
        }
        caller.get("/salute", None).expect("an answer").expect(200);
        let ready = caller.get("/pronto", None).expect("an answer").status;
        if below.database().is_sqlite() {
            assert_eq!(ready, 503);
        } else {
            // InnoDB has room left for the little that this tries.
            assert!(matches!(ready, 200 | 503), "{ready}");
        }
        // What needs no room goes on, while there is a server.
        if below.is_up() {
            let reads = || {
                for list in ["licenze", "registro", "attivazioni"] {
                    let path = format!("/api/admin/{list}?limite=50");
                    caller.get(&path, Some(&root)).expect("an answer").expect(200);
                }
                assert_places_add_up(below.database());
                known.hold(&caller, 50)
            };
            match catch_unwind(AssertUnwindSafe(reads)) {
                Ok(times) => validated += times,
                Err(failed) if below.is_up() => resume_unwind(failed),
                Err(_) => {}
            }
        }

        disk.free();
        ended += usize::from(below.start_again());
        known.until(&caller, &keys, true);
        caller.get("/pronto", None).expect("an answer").expect(200);
        validated += known.hold(&caller, usize::MAX);
        assert_places_add_up(below.database());
    }
    println!(
        "{} changes refused, {} taken; the database server ended itself {ended} times",
        known.refused.len(),
        known.active.len()
    );
    for (key, device) in &known.refused {
        let said = caller
            .device("valida", key, device)
            .expect("an answer")
            .expect(200);
        assert_eq!(said.code(), "DISPOSITIVO_NON_ATTIVO", "{device} was refused");
        validated += 1;
    }
    server.ask_to_end();
    assert!(server.ended().success());
    // What could not be written at the time was written later.
    let logged = "SELECT COUNT(*) AS n FROM activation_log WHERE operation = 'valida'";
    let logged = below.database().count(logged);
    assert!(
        logged >= i64::try_from(validated).unwrap(),
        "{logged} rows of {validated} validations"
    );
}

#[test]
fn on_a_full_disk_sqlite_refuses_changes_answers_reads_and_recovers_by_itself() {
    a_full_disk_is_an_answer(&Disk::new(64), |disk| {
        Below::File(Database::Sqlite(TempDir::new_in(disk.path()).unwrap()))
    });
}

#[test]
fn on_a_full_disk_below_mariadb_changes_are_refused_and_taken_again_once_there_is_room() {
    a_full_disk_is_an_answer(&Disk::new(512), |disk| {
        let mariadbd = MariaDbd::new_in(disk.path(), &[]);
        Below::Server(Database::mariadb_on(mariadbd.url()), mariadbd)
    });
}
