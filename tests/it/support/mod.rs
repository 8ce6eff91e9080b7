//! A program in a test: its own database, a clock that is moved by hand, people who ask.

pub mod browser;
pub mod cast;
pub mod computer;
pub mod database;
pub mod hook;
pub mod hostile;
pub mod html;
pub mod load;
pub mod mail;
pub mod mariadbd;
pub mod program;
pub mod proxy;
pub mod server;
pub mod smtp;

use rocket::{
    http::{ContentType, Header, Method, Status},
    local::asynchronous::{Client, LocalRequest},
};
use serde_json::Value;
use sigillo::{
    config::{self, Config},
    domain::{ids::LogId, secrets::Vault},
    gateways::{clock::Clock, limits::Limits, passwords::Passwords, webhook::Sender},
    operations::{App, Catalogue},
    store::{
        Db,
        log::{AccessEntry, LogRow},
    },
    web,
};
use std::sync::Arc;

/// The fixed secret of tests.
const SECRET: [u8; 32] = [7; 32];

/// A program with a database of its own.
pub struct World {
    pub app: App,
    pub client: Client,
    pub database: database::Database,
}

/// Defines a test that runs on both databases: `on_both!(name, |world| async { … })`.
#[macro_export]
macro_rules! on_both {
    ($name:ident, |$world:ident| $body:expr) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn run($world: $crate::support::World) {
                $body.await
            }

            #[rocket::async_test]
            async fn sqlite() {
                run($crate::support::World::new($crate::support::database::Database::sqlite()).await).await;
            }

            #[rocket::async_test]
            async fn mariadb() {
                run($crate::support::World::new($crate::support::database::Database::mariadb()).await).await;
            }
        }
    };
}

impl World {
    /// A program without limits on its callers.
    pub async fn new(database: database::Database) -> Self {
        Self::with(database, |_| {}).await
    }

    /// A program whose configuration is changed first.
    pub async fn with(database: database::Database, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = unlimited();
        change(&mut config);
        let app = app(&database, &config).await;
        let rocket = web::rocket(config::figment(), &config, app.clone());
        let client = Client::untracked(rocket).await.expect("a rocket that ignites");
        Self {
            app,
            client,
            database,
        }
    }

    /// Another program on the same database, as on another machine.
    pub async fn second(&self) -> App {
        app(&self.database, &unlimited()).await
    }

    /// Whoever asks another program on the same database.
    pub async fn second_client(&self) -> Client {
        let rocket = web::rocket(config::figment(), &unlimited(), self.second().await);
        Client::untracked(rocket).await.expect("a rocket that ignites")
    }

    /// Whoever asks a program that is another one.
    pub async fn client_of(&self, app: App) -> Client {
        let rocket = web::rocket(config::figment(), &unlimited(), app);
        Client::untracked(rocket).await.expect("a rocket that ignites")
    }

    /// A request.
    pub fn request(&self, method: Method, path: &str) -> LocalRequest<'_> {
        self.client
            .req(method, path.to_owned())
            .remote("127.0.0.1:4000".parse().unwrap())
    }

    /// Asks, with a token or without, and gives status and body.
    pub async fn ask(&self, method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> Reply {
        let mut request = self.request(method, path);
        if let Some(token) = token {
            request = request.header(Header::new("Authorization", format!("Bearer {token}")));
        }
        if let Some(body) = body {
            request = request.header(ContentType::JSON).body(body.to_string());
        }
        Reply::of(request).await
    }

    /// `GET` with a token.
    pub async fn get(&self, path: &str, token: &str) -> Reply {
        self.ask(Method::Get, path, Some(token), None).await
    }

    /// `POST` with a token.
    pub async fn post(&self, path: &str, token: &str, body: Value) -> Reply {
        self.ask(Method::Post, path, Some(token), Some(body)).await
    }

    /// `PATCH` with a token, of a revision.
    pub async fn patch(&self, path: &str, token: &str, revision: i64, body: Value) -> Reply {
        let request = self
            .request(Method::Patch, path)
            .header(Header::new("Authorization", format!("Bearer {token}")))
            .header(Header::new("If-Match", format!("\"{revision}\"")))
            .header(ContentType::JSON)
            .body(body.to_string());
        Reply::of(request).await
    }

    /// `POST` by client software or the public.
    pub async fn call(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::Post, path, None, Some(body)).await
    }

    /// Moves the program's clock to so many seconds after an instant (RFC 3339).
    pub fn clock_to(&self, at: &str, seconds: i64) {
        let wanted = instant(at).naive_utc() + chrono::Duration::seconds(seconds);
        self.app.clock.advance(wanted - self.app.clock.now());
    }

    /// Lets the writers try a few times: where nothing can be written there is nothing to wait for.
    pub async fn pause(&self) {
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    }

    /// Waits until the log rows that were queued are written: they are written in their order, so a last one tells.
    /// It stays in the access log (`settle`), where the superadmin alone sees it.
    pub async fn settle(&self) {
        let at = self.app.clock.now();
        let id = LogId::at(at);
        let last = AccessEntry {
            id,
            at,
            user: None,
            seen_as: None,
            node: None,
            customer: None,
            action: "settle".into(),
            outcome: String::new(),
            address: String::new(),
            user_agent: String::new(),
            request_id: id.to_string(),
        };
        self.app.db.log(LogRow::Access(Box::new(last))).await.unwrap();
        let written = format!("SELECT COUNT(*) AS n FROM access_log WHERE request_id = '{id}'");
        for _ in 0..2000 {
            if self.database.count(&written) == 1 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the log is not written");
    }
}

/// A configuration that never tells a caller to slow down.
fn unlimited() -> Config {
    let mut config = Config::default();
    config.rates.rate_unknown_key = 0;
    config.rates.rate_failures = 0;
    config.rates.rate_device = 0;
    config.rates.rate_sign_in = 0;
    config.rates.rate_registration = 0;
    config
}

/// How often a test repeats what may only rarely go wrong: `SIGILLO_LONG` asks for the counts of a long run.
#[allow(clippy::disallowed_methods)]
pub fn rounds(usual: usize, long: usize) -> usize {
    if std::env::var_os("SIGILLO_LONG").is_some() {
        long
    } else {
        usual
    }
}

async fn app(database: &database::Database, config: &Config) -> App {
    let url = database.url();
    let threads = config.threads(&url);
    let db = tokio::task::spawn_blocking(move || Db::open(&url, threads))
        .await
        .unwrap()
        .expect("a database that opens");
    let vault = Arc::new(Vault::new(&SECRET).unwrap());
    App {
        db,
        clock: Clock::default(),
        zone: config.time_zone,
        catalogue: Arc::new(Catalogue::default()),
        limits: Arc::new(Limits::new(&config.rates)),
        passwords: Passwords::new(vault.clone(), 4),
        base_url: "https://licenze.example.it".into(),
        mailer: None,
        webhooks: Arc::new(Sender::default().with_loopback(config.webhook_loopback)),
        language: config.language.clone(),
        vault,
    }
}

/// An instant of the contract.
pub fn instant(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap()
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: Status,
    pub body: Value,
    pub text: String,
    pub headers: Vec<(String, String)>,
}

impl Reply {
    pub async fn of(request: LocalRequest<'_>) -> Self {
        let response = request.dispatch().await;
        let status = response.status();
        let headers = response
            .headers()
            .iter()
            .map(|h| (h.name().to_string().to_lowercase(), h.value().to_owned()))
            .collect();
        let text = response.into_string().await.unwrap_or_default();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self {
            status,
            body,
            text,
            headers,
        }
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The problem's code.
    pub fn code(&self) -> &str {
        self.body["codice"].as_str().unwrap_or_default()
    }

    /// A member that is a string.
    pub fn str(&self, pointer: &str) -> String {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no {pointer} in {}", self.text))
            .to_owned()
    }

    /// Holds the status, showing the body where it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.code, status, "{}", self.text);
        self
    }

    /// Holds a problem's status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status.code, self.code()), (status, code), "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        self
    }

    /// Holds a 422 with this field's fault among its fields.
    #[track_caller]
    pub fn field(self, name: &str, fault: &str) -> Self {
        let faults = &self.body["campi"][name];
        assert!(
            self.status.code == 422
                && faults
                    .as_array()
                    .is_some_and(|list| list.iter().any(|code| code == fault)),
            "no {name}: {fault} in {}",
            self.text
        );
        self
    }
}

/// Whether a route is the portal's, and not of the API or for machines that watch over the program.
pub fn is_page(route: &rocket::Route) -> bool {
    let path = route.uri.path();
    let machine = path.starts_with("/api/")
        || path.starts_with("/.well-known/")
        || ["/salute", "/pronto", "/metrics"].contains(&path);
    !machine || path == "/api/docs"
}
