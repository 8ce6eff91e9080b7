//! `cargo bench --bench timing`: whether the time of an answer tells what the answer does not. Each row compares two
//! requests that are answered alike, by samples taken in turns, in process and in memory: with neither network nor
//! disk between them, where a difference shows best.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]
#![allow(clippy::disallowed_methods)]

mod statistics;

use rocket::{
    http::{ContentType, Header, Method},
    local::asynchronous::Client,
};
use serde_json::{Value, json};
use sigillo::{
    config::{self, Config},
    domain::{
        access::Permit,
        actor::Actor,
        ids::AnyId,
        license::key::ActivationKey,
        secrets::{self, Token},
    },
    operations::{
        App,
        users::{NewPassword, create_token, found},
    },
    start, web,
};
use statistics::{median, same_source};
use std::{
    path::Path,
    time::{Duration, Instant},
};

const SAMPLES: usize = 1_000;
const WARM_UP: usize = 200;
/// Of what hashes a password, which takes long.
const SIGN_INS: usize = 400;
/// Objects of each kind, foreign ones to be asked for in turn.
const OBJECTS: usize = 200;
const PASSWORD: &str = "quattro-cavalli-viola";

fn main() {
    let server =
        std::env::var("SIGILLO_TEST_MARIADB").expect("SIGILLO_TEST_MARIADB is not set: run `make bench`");
    println!("2 x {SAMPLES} samples in turns ({SIGN_INS} sign-ins); p: two-sample Kolmogorov-Smirnov");
    println!(
        "{:<9}{:<52}{:>11}{:>11}{:>9}{:>9}",
        "database", "request: this | that", "this µs", "that µs", "medians", "p"
    );
    for server in [None, Some(server)] {
        rocket::execute(measure(server));
    }
}

/// What one request is made of.
#[derive(Clone)]
struct Ask {
    method: Method,
    path: String,
    token: Option<String>,
    body: Option<Value>,
    /// Whether a browser sends the body, as a form.
    form: bool,
}

impl Ask {
    fn form(path: &str, fields: Value) -> Self {
        Self {
            form: true,
            ..Self::post(path, fields)
        }
    }

    fn get(path: String, token: &str) -> Self {
        Self {
            method: Method::Get,
            path,
            token: Some(token.to_owned()),
            body: None,
            form: false,
        }
    }

    fn post(path: &str, body: Value) -> Self {
        Self {
            method: Method::Post,
            path: path.to_owned(),
            token: None,
            body: Some(body),
            form: false,
        }
    }

    fn to(method: Method, path: String, token: &str, body: Value) -> Self {
        Self {
            method,
            path,
            token: Some(token.to_owned()),
            body: Some(body),
            form: false,
        }
    }
}

struct World {
    client: Client,
    app: App,
}

impl World {
    /// Status and body, and how long they took.
    async fn ask(&self, ask: &Ask) -> (u16, String, Duration) {
        let mut request = self
            .client
            .req(ask.method, ask.path.clone())
            .remote("192.0.2.1:4000".parse().unwrap());
        if let Some(token) = &ask.token {
            request = request.header(Header::new("Authorization", format!("Bearer {token}")));
        }
        if ask.method == Method::Patch {
            request = request.header(Header::new("If-Match", "\"1\""));
        }
        if let Some(fields) = ask.body.as_ref().filter(|_| ask.form) {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in fields.as_object().into_iter().flatten() {
                form.append_pair(name, value.as_str().unwrap_or_default());
            }
            request = request
                .header(ContentType::Form)
                .header(Header::new("Sec-Fetch-Site", "same-origin"))
                .body(form.finish());
        } else if let Some(body) = &ask.body {
            request = request.header(ContentType::JSON).body(body.to_string());
        }
        let begun = Instant::now();
        let response = request.dispatch().await;
        let status = response.status().code;
        let text = response.into_string().await.unwrap_or_default();
        (status, text, begun.elapsed())
    }

    async fn done(&self, ask: Ask) -> Value {
        let (status, text, _) = self.ask(&ask).await;
        assert!((200..300).contains(&status), "{status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn id(&self, path: &str, token: &str, body: Value) -> String {
        let made = self
            .done(Ask::to(Method::Post, path.to_owned(), token, body))
            .await;
        made["id"].as_str().unwrap().to_owned()
    }

    async fn token(&self, email: &str) -> String {
        let new = create_token::New {
            email: email.into(),
            name: "bench".into(),
            read_only: false,
            days: None,
        };
        let permit = Permit::ask(&Actor::operator()).unwrap();
        create_token::create_token(&self.app, permit, new).await.unwrap()
    }

    /// A row of the table: `this` and `that` make request number `n`.
    async fn compare(
        &self,
        database: &str,
        what: &str,
        this: impl Fn(usize) -> Ask,
        that: impl Fn(usize) -> Ask,
    ) {
        self.compare_some((WARM_UP, SAMPLES), database, what, this, that)
            .await;
    }

    async fn compare_some(
        &self,
        (warm_up, samples): (usize, usize),
        database: &str,
        what: &str,
        this: impl Fn(usize) -> Ask,
        that: impl Fn(usize) -> Ask,
    ) {
        let mut times = [Vec::with_capacity(samples), Vec::with_capacity(samples)];
        let mut statuses = [0, 0];
        // Made beforehand: what it takes to make one would be felt in the caches.
        let asks: Vec<[Ask; 2]> = (0..warm_up + samples).map(|n| [this(n), that(n)]).collect();
        for (n, asks) in asks.iter().enumerate() {
            // Which comes first is left to chance: what one leaves behind meets both.
            let first = usize::from(secrets::random::<1>().unwrap()[0] & 1);
            for which in [first, 1 - first] {
                let (status, _, took) = self.ask(&asks[which]).await;
                statuses[which] = status;
                if n >= warm_up {
                    times[which].push(took.as_secs_f64() * 1e6);
                }
            }
            assert_eq!(statuses[0], statuses[1], "{what} is told apart by its status");
        }
        let [this, that] = times;
        let (a, b) = (median(&this), median(&that));
        println!(
            "{database:<9}{what:<52}{a:>11.1}{b:>11.1}{:>+7.1} %{:>9.2e}",
            (a / b - 1.0) * 100.0,
            same_source(&this, &that)
        );
    }
}

async fn measure(server: Option<String>) {
    // In memory, where there is such a place: a disk would cover what is looked for.
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() {
        tempfile::TempDir::new_in(memory).unwrap()
    } else {
        tempfile::TempDir::new().unwrap()
    };
    let database = if server.is_some() { "mariadb" } else { "sqlite" };
    let name = format!("timing_{}", std::process::id());
    let admin = |sql: String| {
        use diesel::{Connection, MysqlConnection, connection::SimpleConnection};
        if let Some(server) = &server {
            MysqlConnection::establish(&format!("{server}/information_schema"))
                .unwrap()
                .batch_execute(&sql)
                .unwrap();
        }
    };
    admin(format!("CREATE DATABASE {name}"));
    let url = match &server {
        None => format!("sqlite://{}", dir.path().join("bench.db").display()),
        Some(server) => format!("{server}/{name}"),
    };
    let mut config = Config {
        database_url: Some(url),
        data_dir: dir.path().into(),
        log_level: "critical".into(),
        bcrypt_cost: 10,
        ..Config::default()
    };
    config.rates.rate_device = 0;
    config.rates.rate_failures = 0;
    config.rates.rate_unknown_key = 0;
    config.rates.rate_registration = 0;
    config.rates.rate_sign_in = 0;
    let app = start::app(&config, 0).await.unwrap();
    let rocket = web::rocket(config::figment(), &config, app.clone());
    let client = Client::untracked(rocket).await.unwrap();
    let world = World { client, app };
    rows(&world, database).await;
    let db = world.app.db.clone();
    drop(world);
    tokio::task::spawn_blocking(move || db.close()).await.unwrap();
    admin(format!("DROP DATABASE {name}"));
}

/// What belongs to others: identifiers that `alfa` must not learn about.
struct Foreign {
    licenses: Vec<String>,
    customers: Vec<String>,
    nodes: Vec<String>,
    users: Vec<String>,
    keys: Vec<String>,
}

async fn foreign(world: &World, root: &str) -> Foreign {
    let product = json!({"codice": "GESTIONALE", "nome": "Gestionale"});
    world.id("/api/admin/prodotti", root, product).await;
    let node = |name: &str, role: &str, parent: Option<&str>| {
        json!({"nome": name, "ruolo": role, "codice": name, "azienda_padre": parent,
            "email": format!("{}@example.it", name.to_lowercase()), "password": PASSWORD})
    };
    world
        .id("/api/admin/agent", root, node("ALFA", "rivenditore", None))
        .await;
    let beta = world
        .id("/api/admin/agent", root, node("BETA", "rivenditore", None))
        .await;
    let mut foreign = Foreign {
        licenses: Vec::new(),
        customers: Vec::new(),
        nodes: Vec::new(),
        users: Vec::new(),
        keys: Vec::new(),
    };
    for n in 0..OBJECTS {
        let customer =
            json!({"nome": format!("Cliente {n}"), "email": format!("c{n}@example.com"), "azienda": beta});
        foreign
            .customers
            .push(world.id("/api/admin/clienti", root, customer).await);
        if n % 10 == 0 {
            let agent = json!({"nome": format!("A{n}"), "ruolo": "agente", "azienda_padre": beta});
            foreign
                .nodes
                .push(world.id("/api/admin/agent", root, agent).await);
            let user = json!({"email": format!("u{n}@example.it"), "password": PASSWORD, "nodo": beta});
            foreign
                .users
                .push(world.id("/api/admin/utenti", root, user).await);
        }
    }
    for n in 0..OBJECTS {
        let order =
            json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "cliente": foreign.customers[n]});
        let issued = world
            .done(Ask::to(Method::Post, "/api/admin/licenze".into(), root, order))
            .await;
        let license = &issued["licenze"][0];
        foreign.licenses.push(license["id"].as_str().unwrap().to_owned());
        foreign
            .keys
            .push(license["chiave_licenza"].as_str().unwrap().to_owned());
    }
    foreign
}

fn unknown_key() -> String {
    ActivationKey::from_entropy(secrets::random().unwrap()).to_string()
}

/// The key that begins as another one and ends otherwise.
fn neighbour(key: &str, n: usize) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let known = key.replace('-', "");
    (0..1024)
        .map(|end| {
            let end = (end + n) % 1024;
            let tail = [ALPHABET[end / 32], ALPHABET[end % 32]].map(char::from);
            format!("{}{}{}", &known[..23], tail[0], tail[1])
        })
        .find(|typed| *typed != known && ActivationKey::parse(typed).is_ok())
        .unwrap()
}

async fn rows(world: &World, database: &str) {
    let permit = Permit::ask(&Actor::operator()).unwrap();
    found::superadmin(
        &world.app,
        permit,
        "root@example.it".into(),
        NewPassword(PASSWORD.into()),
    )
    .await
    .unwrap();
    let root = world.token("root@example.it").await;
    let foreign = foreign(world, &root).await;
    let alfa = world.token("alfa@example.it").await;
    let missing: Vec<String> = (0..OBJECTS).map(|_| AnyId::new().to_string()).collect();
    let missing = |n: usize| missing[n % OBJECTS].clone();

    world
        .compare(
            database,
            "licence: missing | missing (control)",
            |n| Ask::get(format!("/api/admin/licenze/{}", missing(n)), &alfa),
            |n| Ask::get(format!("/api/admin/licenze/{}", missing(n + 7)), &alfa),
        )
        .await;
    for (what, path, ids) in [
        ("licence", "licenze", &foreign.licenses),
        ("customer", "clienti", &foreign.customers),
        ("node", "agent", &foreign.nodes),
        ("user", "utenti", &foreign.users),
    ] {
        let path = |id: &str| format!("/api/admin/{path}/{id}");
        let id = |n: usize| ids[n % ids.len()].clone();
        world
            .compare(
                database,
                &format!("read {what}: foreign | missing"),
                |n| Ask::get(path(&id(n)), &alfa),
                |n| Ask::get(path(&missing(n)), &alfa),
            )
            .await;
        let change = |id: &str| Ask::to(Method::Patch, path(id), &alfa, json!({}));
        world
            .compare(
                database,
                &format!("change {what}: foreign | missing"),
                |n| change(&id(n)),
                |n| change(&missing(n)),
            )
            .await;
    }
    let suspend = |id: String| {
        let path = format!("/api/admin/licenze/{id}/sospendi");
        Ask::to(Method::Post, path, &alfa, json!({}))
    };
    world
        .compare(
            database,
            "suspend licence: foreign | missing",
            |n| suspend(foreign.licenses[n % OBJECTS].clone()),
            |n| suspend(missing(n)),
        )
        .await;

    let with = |key: String| json!({"chiave_licenza": key, "dispositivo": {"id": "D1"}});
    for verb in ["attiva", "valida", "disattiva"] {
        let path = format!("/api/licenze/{verb}");
        world
            .compare(
                database,
                &format!("{verb}, unknown key: near a real one | random"),
                |n| Ask::post(&path, with(neighbour(&foreign.keys[n % OBJECTS], n))),
                |_| Ask::post(&path, with(unknown_key())),
            )
            .await;
    }
    let code = || format!("/api/clienti/registrazione/{}", Token::new().unwrap().reveal());
    let public = |path: String| Ask {
        method: Method::Get,
        path,
        token: None,
        body: None,
        form: false,
    };
    world
        .compare(
            database,
            "case code: unknown | unknown (control)",
            |_| public(code()),
            |_| public(code()),
        )
        .await;
    let register = |email: String| {
        let body = json!({"nome": "Carla", "email": email, "consenso_privacy": true});
        Ask::post("/api/clienti/registrazione", body)
    };
    world
        .compare(
            database,
            "registration, address: a user's | new",
            |n| register(format!("u{}@example.it", n % 20 * 10)),
            |n| register(format!("n{n}@example.it")),
        )
        .await;
    people(world, database, &root, &foreign).await;
}

/// What the door tells of who has an account.
async fn people(world: &World, database: &str, root: &str, foreign: &Foreign) {
    let disabled = &foreign.users[0];
    let path = format!("/api/admin/utenti/{disabled}/disabilita");
    world.done(Ask::to(Method::Post, path, root, json!({}))).await;
    let door = |email: String| {
        Ask::form(
            "/accedi",
            json!({"email": email, "password": "non-e-quella-giusta"}),
        )
    };
    let user = |n: usize| format!("u{}@example.it", n % 19 * 10 + 10);
    let nobody = |n: usize| format!("x{}@example.it", n % 19 * 10 + 10);
    for (what, this) in [
        (
            "sign-in: wrong password | nobody",
            &user as &(dyn Fn(usize) -> String + Sync),
        ),
        ("sign-in: disabled | nobody", &|_| "u0@example.it".to_owned()),
    ] {
        world
            .compare_some(
                (20, SIGN_INS),
                database,
                what,
                |n| door(this(n)),
                |n| door(nobody(n)),
            )
            .await;
    }
    let forgotten = |email: String| Ask::form("/password/dimenticata", json!({"email": email}));
    world
        .compare(
            database,
            "password forgotten: a user's | nobody's",
            |n| forgotten(user(n)),
            |n| forgotten(nobody(n)),
        )
        .await;
}
