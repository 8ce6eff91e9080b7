//! `make bench`: `valida` and `attiva` against bare routes that do only the unavoidable work, in one run, on the same
//! database. The load is wrk's, on the same machine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]
#![allow(clippy::disallowed_methods)]

mod bare;

use rocket::{Shutdown, figment::Figment};
use sigillo::{
    config::{self, Config},
    domain::{access::Permit, actor::Actor, license::key::ActivationKey},
    operations::{App, Once, Replayable, licenses, products},
    start, web,
};
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// Licences that are there before anything is measured.
const LICENSES: usize = 10_000;
const CONNECTIONS: usize = 32;
const ROUNDS: usize = 3;
const SECONDS: u64 = 4;

fn main() {
    let mut urls = vec![None];
    match std::env::var("SIGILLO_TEST_MARIADB") {
        Ok(server) => urls.push(Some(server)),
        Err(_) => panic!("SIGILLO_TEST_MARIADB is not set: run `make bench`"),
    }
    println!(
        "{LICENSES} licences, {CONNECTIONS} connections, median of {ROUNDS} interleaved rounds of {SECONDS} s; wrk on the same cores"
    );
    println!("{}", Row::head());
    for server in urls.into_iter().filter(|server| {
        wanted(
            if server.is_some() { "mariadb" } else { "sqlite" },
            &["sqlite", "mariadb"],
        )
    }) {
        rocket::execute(measure(server));
    }
}

/// Whether something is to be measured: `-- sqlite valida` asks for some, nothing asks for all.
fn wanted(what: &str, among: &[&str]) -> bool {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| among.contains(&word.as_str()))
        .collect();
    asked.is_empty() || asked.iter().any(|word| what.contains(word.as_str()))
}

/// One measured route.
#[derive(Debug, Clone, Copy)]
struct Sample {
    per_second: f64,
    p50: f64,
    p99: f64,
    cpu_micros: f64,
    errors: u64,
}

struct Row {
    database: &'static str,
    what: &'static str,
    sample: Sample,
    ratio: Option<f64>,
    peak_mib: u64,
}

impl Row {
    fn head() -> String {
        format!(
            "{:<9}{:<34}{:>9}{:>9}{:>9}{:>12}{:>8}{:>10}{:>8}",
            "database", "route", "req/s", "p50 ms", "p99 ms", "cpu µs/req", "ratio", "peak MiB", "errors"
        )
    }

    fn text(&self) -> String {
        let s = self.sample;
        let ratio = self
            .ratio
            .map_or("-".into(), |ratio| format!("{:.0} %", ratio * 100.0));
        format!(
            "{:<9}{:<34}{:>9.0}{:>9.2}{:>9.2}{:>12.0}{:>8}{:>10}{:>8}",
            self.database,
            self.what,
            s.per_second,
            s.p50,
            s.p99,
            s.cpu_micros,
            ratio,
            self.peak_mib,
            s.errors
        )
    }
}

async fn measure(server: Option<String>) {
    let dir = tempfile::TempDir::new().unwrap();
    let database = if server.is_some() { "mariadb" } else { "sqlite" };
    let url = match &server {
        None => format!("sqlite://{}", dir.path().join("bench.db").display()),
        Some(server) => {
            let name = format!("bench_{}", std::process::id());
            bare::execute(
                &format!("{server}/information_schema"),
                &format!("CREATE DATABASE {name}"),
            );
            format!("{server}/{name}")
        }
    };
    let port = free_port();
    let figment = config::figment()
        .merge(("port", port))
        .merge(("address", "127.0.0.1"));
    let mut config = Config {
        database_url: Some(url.clone()),
        data_dir: dir.path().into(),
        log_level: "critical".into(),
        ..Config::default()
    };
    config.rates.rate_device = 0;
    config.rates.rate_failures = 0;
    config.rates.rate_unknown_key = 0;
    let app = start::app(&config, port).await.unwrap();
    let keys = fill(&app).await;
    let keys_file = dir.path().join("keys");
    std::fs::write(&keys_file, keys.join("\n")).unwrap();
    let bulk = Instant::now();
    issue(&app, 10_000, 1).await;
    let bulk = bulk.elapsed();

    let stop = serve(&figment, &config, &app, &url).await;
    let routes = [
        ("bare: read, sign", "/bare/read", "own"),
        ("POST /api/licenze/valida", "/api/licenze/valida", "own"),
        ("bare: one-row commit, sign", "/bare/write", "own"),
        ("POST /api/licenze/attiva", "/api/licenze/attiva", "fresh"),
    ];
    let routes: Vec<_> = routes
        .chunks(2)
        .filter(|pair| wanted(pair[1].1, &["valida", "attiva"]))
        .flatten()
        .copied()
        .collect();
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); routes.len()];
    for round in 0..ROUNDS {
        for (n, (_, path, devices)) in routes.iter().enumerate() {
            samples[n].push(load(port, path, &keys_file, devices, round * 10 + n));
        }
    }
    let medians: Vec<Sample> = samples.iter().map(|samples| median(samples)).collect();
    for (n, (what, _, _)) in routes.iter().enumerate() {
        let ratio = (n % 2 == 1).then(|| medians[n].per_second / medians[n - 1].per_second);
        println!(
            "{}",
            Row {
                database,
                what,
                sample: medians[n],
                ratio,
                peak_mib: peak_mib()
            }
            .text()
        );
    }
    println!(
        "{database:<9}10,000 keys in one request: {:.2} s",
        bulk.as_secs_f64()
    );
    stop.notify();
    let db = app.db.clone();
    tokio::task::spawn_blocking(move || db.close()).await.unwrap();
    if let Some(server) = server {
        let name = url.rsplit('/').next().unwrap();
        bare::execute(
            &format!("{server}/information_schema"),
            &format!("DROP DATABASE {name}"),
        );
    }
}

/// Ten thousand licences with room for many devices, each with its own device active.
async fn fill(app: &App) -> Vec<String> {
    let operator = Actor::operator();
    products::create::create(
        app,
        Permit::ask(&operator).unwrap(),
        bare::product(),
        Once::each_time(),
    )
    .await
    .unwrap();
    let keys = issue(app, LICENSES, 1_000_000).await;
    let mut waiting = Vec::new();
    for (n, key) in keys.iter().enumerate() {
        let (app, key) = (app.clone(), ActivationKey::parse(key).unwrap());
        waiting.push(tokio::spawn(async move {
            let device = licenses::Device {
                id: format!("D{}", n + 1),
                name: None,
                platform: None,
            };
            let request = licenses::activate::Request {
                key,
                device,
                user: None,
                product: None,
                version: None,
                nonce: None,
            };
            licenses::activate::activate(&app, &bare::client(), request)
                .await
                .map(drop)
                .unwrap();
        }));
        if waiting.len() == 256 {
            for task in waiting.drain(..) {
                task.await.unwrap();
            }
        }
    }
    for task in waiting {
        task.await.unwrap();
    }
    keys
}

async fn issue(app: &App, quantity: usize, devices: i32) -> Vec<String> {
    let permit = Permit::ask(&Actor::operator()).unwrap();
    let outcome = licenses::issue::issue(app, permit, bare::order(quantity, devices), Once::each_time())
        .await
        .unwrap();
    let Replayable::Done(issued) = outcome else {
        panic!("nothing to replay")
    };
    issued.licenses.into_iter().map(|view| view.key).collect()
}

async fn serve(figment: &Figment, config: &Config, app: &App, url: &str) -> Shutdown {
    let bare = bare::Bare::new(url, app);
    let rocket = web::rocket(figment.clone(), config, app.clone())
        .manage(bare)
        .mount("/bare", bare::routes());
    let rocket = rocket.ignite().await.unwrap();
    let stop = rocket.shutdown();
    tokio::spawn(rocket.launch());
    tokio::time::sleep(Duration::from_millis(500)).await;
    stop
}

fn load(port: u16, path: &str, keys: &Path, devices: &str, seed: usize) -> Sample {
    let script: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/load/load.lua");
    let before = cpu();
    let output = tokio::task::block_in_place(|| {
        Command::new("wrk")
            .args(["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{SECONDS}s"), "-s"])
            .arg(script)
            .arg(format!("http://127.0.0.1:{port}{path}"))
            .arg("--")
            .arg(keys)
            .args([devices, &seed.to_string()])
            .output()
            .expect("wrk is installed by scripts/setup-tests")
    });
    let cpu = cpu() - before;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("RESULT "))
        .unwrap_or_else(|| panic!("wrk said: {text}"));
    let n: Vec<f64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
    Sample {
        per_second: n[0],
        p50: n[1],
        p99: n[2],
        cpu_micros: cpu.as_secs_f64() * 1e6 / n[3],
        errors: n[4] as u64,
    }
}

fn median(samples: &[Sample]) -> Sample {
    let mut sorted = samples.to_vec();
    sorted.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    Sample {
        errors: samples.iter().map(|sample| sample.errors).sum(),
        ..sorted[sorted.len() / 2]
    }
}

/// Processor time of this process: the server's, for wrk is another.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
