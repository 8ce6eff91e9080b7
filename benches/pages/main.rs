//! `cargo bench --bench pages`: how long every page takes on the server, for every role, in the world of the
//! demonstration and in one that is five hundred times as large (a million licences).
//! `-- sqlite demo` asks for some, nothing asks for all. `SIGILLO_BENCH_KEEP=folder` keeps what was made there, and uses
//! what an earlier run kept: the large world takes minutes to make. `SIGILLO_BENCH_SLOW=20` says which statements take
//! longer than so many milliseconds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]
#![allow(clippy::disallowed_methods)]

mod many;

use rocket::{
    http::{Accept, ContentType, Cookie, Header},
    local::asynchronous::Client,
};
use sigillo::{
    config::{self, Config},
    demo::{self, SignIn},
    domain::actor::Role,
    start, web,
};
use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
    time::{Duration, Instant},
};

const SAMPLES: usize = 100;
/// Pages whose samples would take longer than this are asked for less often.
const PATIENCE: Duration = Duration::from_secs(3);
const LARGE: usize = 500;
/// What a page may take: at the 95th percentile.
const GOAL: Duration = Duration::from_millis(60);

fn main() {
    let server =
        std::env::var("SIGILLO_TEST_MARIADB").expect("SIGILLO_TEST_MARIADB is not set: run `make bench`");
    diesel::connection::set_default_instrumentation(tell_slow).unwrap();
    println!(
        "{SAMPLES} times each, one after another; goal: {} ms at p95",
        GOAL.as_millis()
    );
    println!(
        "{:<9}{:<7}{:<14}{:>9}{:>9}{:>9}  page",
        "database", "world", "role", "p50 ms", "p95 ms", "KB"
    );
    for world in ["demo", "large"] {
        for server in [None, Some(&server)] {
            let database = if server.is_some() { "mariadb" } else { "sqlite" };
            if wanted(database, &["sqlite", "mariadb"]) && wanted(world, &["demo", "large"]) {
                rocket::execute(measure(database, world, server.cloned()));
            }
        }
    }
}

/// Says which statements take longer than so many milliseconds.
struct Slow {
    limit: Duration,
    begun: Instant,
}

impl diesel::connection::Instrumentation for Slow {
    fn on_connection_event(&mut self, event: diesel::connection::InstrumentationEvent<'_>) {
        use diesel::connection::InstrumentationEvent::{FinishQuery, StartQuery};
        match event {
            StartQuery { .. } => self.begun = Instant::now(),
            FinishQuery { query, .. } if self.begun.elapsed() > self.limit => {
                eprintln!("{:>9.1} ms  {query}", self.begun.elapsed().as_secs_f64() * 1e3);
            }
            _ => {}
        }
    }
}

fn tell_slow() -> Option<Box<dyn diesel::connection::Instrumentation>> {
    let limit = std::env::var("SIGILLO_BENCH_SLOW").ok()?.parse().ok()?;
    Some(Box::new(Slow {
        limit: Duration::from_millis(limit),
        begun: Instant::now(),
    }))
}

fn wanted(what: &str, among: &[&str]) -> bool {
    let mut asked = std::env::args()
        .skip(1)
        .filter(|word| among.contains(&word.as_str()))
        .peekable();
    asked.peek().is_none() || asked.any(|word| word == what)
}

async fn measure(database: &str, world: &str, server: Option<String>) {
    let kept = std::env::var_os("SIGILLO_BENCH_KEEP")
        .map(|kept| PathBuf::from(kept).join(format!("{database}-{world}")));
    let temporary = tempfile::TempDir::new().unwrap();
    let dir = kept.as_deref().unwrap_or(temporary.path()).to_owned();
    std::fs::create_dir_all(&dir).unwrap();
    let name = match &kept {
        Some(_) => format!("pages_{world}"),
        None => format!("pages_{}", std::process::id()),
    };
    let admin = |sql: String| {
        use diesel::{Connection, MysqlConnection, connection::SimpleConnection};
        if let Some(server) = &server {
            MysqlConnection::establish(&format!("{server}/information_schema"))
                .unwrap()
                .batch_execute(&sql)
                .unwrap();
        }
    };
    admin(format!("CREATE DATABASE IF NOT EXISTS {name}"));
    let url = match &server {
        None => format!("sqlite://{}", dir.join("bench.db").display()),
        Some(server) => format!("{server}/{name}"),
    };
    let mut config = Config {
        database_url: Some(url.clone()),
        data_dir: dir.clone(),
        log_level: "critical".into(),
        ..Config::default()
    };
    config.rates.rate_sign_in = 0;
    let app = start::app(&config, 0).await.unwrap();
    let people = dir.join("people");
    let sign_ins = match std::fs::read_to_string(&people) {
        Ok(text) => read_people(&text),
        Err(_) => {
            let made = demo::fill(&app, demo::Size::FULL).await.unwrap();
            if world == "large" {
                let begun = Instant::now();
                let vault = app.vault.clone();
                tokio::task::spawn_blocking(move || many::multiply(&url, LARGE, &vault))
                    .await
                    .unwrap();
                app.db.recount_tallies(app.clock.now(), app.zone).await.unwrap();
                eprintln!("{LARGE} copies in {:.0} s", begun.elapsed().as_secs_f64());
            }
            std::fs::write(&people, write_people(&made.sign_ins)).unwrap();
            made.sign_ins
        }
    };
    while app.db.fold_tallies(app.clock.now(), app.zone).await.unwrap() {}
    let rocket = web::rocket(config::figment(), &config, app.clone());
    let client = Client::untracked(rocket).await.unwrap();
    let mut seen: Vec<Role> = Vec::new();
    for someone in &sign_ins {
        if !seen.contains(&someone.role) {
            seen.push(someone.role);
            role(&client, database, world, someone).await;
        }
    }
    drop(client);
    let db = app.db.clone();
    drop(app);
    tokio::task::spawn_blocking(move || db.close()).await.unwrap();
    if kept.is_none() {
        admin(format!("DROP DATABASE {name}"));
    }
}

fn write_people(people: &[SignIn]) -> String {
    people
        .iter()
        .map(|who| format!("{}\t{}\t{}\n", who.role.code(), who.email, who.password))
        .collect()
}

fn read_people(text: &str) -> Vec<SignIn> {
    text.lines()
        .map(|line| {
            let mut parts = line.split('\t').map(str::to_owned);
            SignIn {
                role: Role::from_code(&parts.next().unwrap()).unwrap(),
                email: parts.next().unwrap(),
                password: parts.next().unwrap(),
            }
        })
        .collect()
}

/// Every page that links lead to, for one person: those beyond the goal each, and the others as one row.
async fn role(client: &Client, database: &str, world: &str, someone: &SignIn) {
    let cookie = sign_in(client, someone).await;
    let mut rows = Vec::new();
    for path in crawl(client, &cookie).await {
        let mut times = Vec::with_capacity(SAMPLES);
        let mut size = 0;
        let begun = Instant::now();
        while times.len() < SAMPLES && (times.len() < 5 || begun.elapsed() < PATIENCE) {
            let asked = Instant::now();
            let body = get(client, &cookie, &path).await.unwrap_or_default();
            times.push(asked.elapsed());
            size = body.len();
        }
        times.sort_unstable();
        rows.push((times[times.len() * 95 / 100], times[times.len() / 2], size, path));
    }
    rows.sort_unstable_by(|a, b| b.cmp(a));
    let slow = rows.iter().filter(|row| row.0 > GOAL).count();
    for (p95, p50, size, path) in rows.iter().take(slow.max(3)) {
        println!(
            "{database:<9}{world:<7}{:<14}{:>9.1}{:>9.1}{:>9.0}  {path}",
            someone.role.code(),
            p50.as_secs_f64() * 1e3,
            p95.as_secs_f64() * 1e3,
            *size as f64 / 1e3,
        );
    }
    println!(
        "{database:<9}{world:<7}{:<14}{} of {} pages within the goal",
        someone.role.code(),
        rows.len() - slow,
        rows.len()
    );
}

async fn sign_in(client: &Client, someone: &SignIn) -> Vec<Cookie<'static>> {
    let form = |text: &str| text.replace('@', "%40").replace('+', "%2B");
    let answer = client
        .post("/accedi")
        .remote("127.0.0.1:4000".parse().unwrap())
        .header(ContentType::Form)
        .header(Header::new("Sec-Fetch-Site", "same-origin"))
        .body(format!(
            "email={}&password={}",
            form(&someone.email),
            form(&someone.password)
        ))
        .dispatch()
        .await;
    assert_eq!(answer.status().code, 303, "{} signs in", someone.email);
    answer
        .cookies()
        .iter()
        .map(|cookie| cookie.clone().into_owned())
        .collect()
}

async fn get(client: &Client, cookies: &[Cookie<'static>], path: &str) -> Option<String> {
    let answer = client
        .get(path.to_owned())
        .remote("127.0.0.1:4000".parse().unwrap())
        .header(Accept::HTML)
        .cookies(cookies.iter().cloned())
        .dispatch()
        .await;
    let is_page = answer.status().code == 200 && answer.content_type().is_some_and(|kind| kind.is_html());
    if is_page { answer.into_string().await } else { None }
}

/// One path of each pattern, and lists also in each order and each state that links lead to.
async fn crawl(client: &Client, cookies: &[Cookie<'static>]) -> Vec<String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut queue: VecDeque<String> = VecDeque::from(["/".to_owned()]);
    while let Some(path) = queue.pop_front() {
        let key = pattern(&path);
        if found.contains_key(&key) || found.len() > 400 {
            continue;
        }
        let Some(body) = get(client, cookies, &path).await else {
            continue;
        };
        found.insert(key, path);
        for link in body
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            let link = link
                .replace("&amp;", "&")
                .replace("&#x2F;", "/")
                .replace("&#x3D;", "=");
            let link = link.split('#').next().unwrap_or_default();
            let served = ["/static", "/api/openapi", "/.well-known"]
                .iter()
                .any(|no| link.starts_with(no));
            if link.starts_with('/') && !served && !link.ends_with("/xlsx") && !link.ends_with("/csv") {
                queue.push_back(link.to_owned());
            }
        }
    }
    found.into_values().collect()
}

/// A path without what tells one object, one slice or one word from another.
fn pattern(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path: Vec<&str> = path
        .split('/')
        .map(|part| if part.len() >= 36 { "<id>" } else { part })
        .collect();
    let kept = query.split('&').find(|pair| {
        ["stato=", "ordine=", "scade_entro=", "periodo="]
            .iter()
            .any(|name| pair.starts_with(name))
    });
    format!("{}?{}", path.join("/"), kept.unwrap_or_default())
}
