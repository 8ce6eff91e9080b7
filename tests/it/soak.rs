//! The program over a time, under changes, checks and long reads at once: its write-ahead log, its files and its memory
//! stay within bounds.

use crate::support::{
    database::{Database, assert_places_add_up},
    rounds,
    server::{Caller, Installation, Server},
};
use diesel::{Connection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query};
use serde_json::json;
use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// What the program must stay below.
const WAL_MAX: u64 = 64 << 20;
const RSS_MAX: u64 = 250 << 20;
/// Connections that come and go.
const FILES_SLACK: usize = 8;

const CHANGING: usize = 4;
const READING: usize = 4;

/// How it stood at a moment.
struct Sample {
    at: f64,
    wal: u64,
    rss: u64,
    files: usize,
}

fn sample(begun: Instant, installation: &Installation, server: &Server) -> Sample {
    let wal = format!(
        "{}-wal",
        installation.database.text().trim_start_matches("sqlite://")
    );
    let proc = format!("/proc/{}", server.pid());
    let status = std::fs::read_to_string(format!("{proc}/status")).unwrap();
    let rss = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    Sample {
        at: begun.elapsed().as_secs_f64(),
        wal: std::fs::metadata(wal).map_or(0, |file| file.len()),
        rss: rss.split_whitespace().next().unwrap().parse::<u64>().unwrap() << 10,
        files: std::fs::read_dir(format!("{proc}/fd")).unwrap().count(),
    }
}

/// How much a value grows in an hour, by least squares.
fn slope(samples: &[Sample], value: impl Fn(&Sample) -> f64) -> f64 {
    let n = samples.len() as f64;
    let (mean_at, mean) = samples.iter().fold((0.0, 0.0), |(at, sum), sample| {
        (at + sample.at / n, sum + value(sample) / n)
    });
    let (above, below) = samples.iter().fold((0.0, 0.0), |(above, below), sample| {
        let from = sample.at - mean_at;
        (above + from * (value(sample) - mean), below + from * from)
    });
    3600.0 * above / below
}

struct Load<'l> {
    stop: AtomicBool,
    asked: AtomicUsize,
    token: &'l str,
    keys: &'l [String],
}

impl Load<'_> {
    fn until_stopped(&self, mut turn: impl FnMut(usize)) {
        for n in 0.. {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            turn(n);
            self.asked.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Devices that come, are checked and go; licences that are issued and changed.
    fn change(&self, caller: &Caller, thread: usize) {
        let bearer = [("Authorization", format!("Bearer {}", self.token))];
        self.until_stopped(|n| {
            let key = &self.keys[(n / 4 * CHANGING + thread) % self.keys.len()];
            let device = format!("{thread}-{}", n / 4 % 1000);
            let said = match n % 4 {
                0 => caller.device("attiva", key, &device).unwrap().expect(200),
                1 | 2 => caller.device("valida", key, &device).unwrap().expect(200),
                _ if n % 100 == 3 => {
                    let order =
                        json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "quantita": 20});
                    let issued = caller
                        .post("/api/admin/licenze", &bearer, &order)
                        .unwrap()
                        .expect(201);
                    let path = format!(
                        "/api/admin/licenze/{}/sospendi",
                        issued.body["licenze"][0]["id"].as_str().unwrap()
                    );
                    caller.post(&path, &bearer, &json!({})).unwrap().expect(200)
                }
                _ => caller.device("disattiva", key, &device).unwrap(),
            };
            assert!(said.status < 500, "{said:?}");
        });
    }

    /// The longest lists that there are, so that a read goes on at every moment.
    fn read(&self, caller: &Caller, thread: usize) {
        const LISTS: [&str; 4] = [
            "/api/admin/attivazioni?limite=200",
            "/api/admin/licenze?limite=200",
            "/api/admin/registro?limite=200",
            "/api/admin/licenze?limite=200&q=zzz",
        ];
        self.until_stopped(|n| {
            let list = LISTS[(n + thread) % LISTS.len()];
            caller.get(list, Some(self.token)).unwrap().expect(200);
        });
    }

    /// Somebody else's program on the same file, as a backup or a shell: it keeps a read open for a second.
    fn look(&self, database: &Database) {
        let mut conn = SqliteConnection::establish(database.text().trim_start_matches("sqlite://")).unwrap();
        conn.batch_execute("PRAGMA busy_timeout = 10000;").unwrap();
        self.until_stopped(|_| {
            conn.transaction(|conn| {
                sql_query("SELECT COUNT(*) FROM activation_log").execute(conn)?;
                std::thread::sleep(Duration::from_secs(1));
                diesel::QueryResult::Ok(())
            })
            .unwrap();
            std::thread::sleep(Duration::from_secs(4));
        });
    }
}

/// Ends the load, whether the test goes on or fails.
struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn under_changes_and_reads_that_never_pause_the_log_the_files_and_the_memory_stay_bounded() {
    let installation = Installation::new(Database::sqlite());
    let root = installation.root();
    let server = installation.serve();
    let keys = server.caller().keys(&root, 100, 10_000);
    let load = Load {
        stop: AtomicBool::new(false),
        asked: AtomicUsize::new(0),
        token: &root,
        keys: &keys,
    };
    let seconds = rounds(20, 3600) as f64;
    let begun = Instant::now();
    let mut samples = Vec::new();
    std::thread::scope(|scope| {
        let _end = Stop(&load.stop);
        let mut threads = Vec::new();
        for thread in 0..CHANGING {
            let (load, caller) = (&load, server.caller());
            threads.push(scope.spawn(move || load.change(&caller, thread)));
        }
        for thread in 0..READING {
            let (load, caller) = (&load, server.caller());
            threads.push(scope.spawn(move || load.read(&caller, thread)));
        }
        threads.push(scope.spawn(|| load.look(&installation.database)));
        while begun.elapsed().as_secs_f64() < seconds {
            std::thread::sleep(Duration::from_millis(250));
            let now = sample(begun, &installation, &server);
            assert!(
                now.wal < WAL_MAX,
                "a write-ahead log of {} MiB after {:.0} s",
                now.wal >> 20,
                now.at
            );
            assert!(
                now.rss < RSS_MAX,
                "{} MiB of memory after {:.0} s",
                now.rss >> 20,
                now.at
            );
            // Who failed has said why: the scope passes it on.
            if threads.iter().any(|thread| thread.is_finished()) {
                return;
            }
            samples.push(now);
        }
    });
    let (early, late) = samples.split_at(samples.len() / 2);
    let most = |samples: &[Sample]| samples.iter().map(|sample| sample.files).max().unwrap();
    println!(
        "{} requests in {seconds} s; write-ahead log {} MiB at most; memory {} MiB at most, {:+.1} MiB an hour in the \
         second half; files {} at most, {:+.1} an hour in the second half",
        load.asked.load(Ordering::Relaxed),
        samples.iter().map(|sample| sample.wal).max().unwrap() >> 20,
        samples.iter().map(|sample| sample.rss).max().unwrap() >> 20,
        slope(late, |sample| sample.rss as f64 / f64::from(1 << 20)),
        most(&samples),
        slope(late, |sample| sample.files as f64),
    );
    assert!(
        most(late) <= most(early) + FILES_SLACK,
        "{} open files, then {}",
        most(early),
        most(late)
    );
    assert_eq!(server.caller().get("/pronto", None).unwrap().status, 200);
    assert_places_add_up(&installation.database);
}
