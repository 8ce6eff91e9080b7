//! The baselines: Rocket routes that parse, do one point read or one durable one-row commit, and sign. They have
//! connections of their own on the same database, and threads as the program has.

use diesel::{
    Connection, MysqlConnection, QueryDsl, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::Binary,
};
use rocket::{Route, State, post, routes, serde::json::Json};
use serde::{Deserialize, Serialize};
use sigillo::{
    domain::{
        actor::{Actor, Origin},
        ids::{ProductId, SigningKeyId},
        license::{
            Binding, LicenseKind,
            computer_key::{Claims, Signer},
            key::ActivationKey,
        },
        product::{Product, Rules, StartRule},
    },
    operations::{App, licenses::issue::Order, products::create::New},
};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::oneshot;

diesel::table! { licenses (id) { id -> Binary, key_hash -> Binary, devices_used -> Integer, } }

type Job = ([u8; 32], oneshot::Sender<i32>);

/// The baselines' threads.
pub(crate) struct Bare {
    reads: crossbeam_channel::Sender<Job>,
    writes: crossbeam_channel::Sender<Job>,
    app: App,
    signer: Arc<Signer>,
}

/// One row, and nothing that could be left out.
struct Touch([u8; 32]);

impl QueryId for Touch {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<DB: diesel::backend::Backend> QueryFragment<DB> for Touch
where
    Vec<u8>: diesel::serialize::ToSql<Binary, DB>,
    [u8]: diesel::serialize::ToSql<Binary, DB>,
    DB: diesel::sql_types::HasSqlType<Binary>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE licenses SET revision = revision + 1 WHERE key_hash = ");
        out.push_bind_param::<Binary, _>(self.0.as_slice())
    }
}

impl<C> RunQueryDsl<C> for Touch {}

fn sqlite(url: &str) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(url.trim_start_matches("sqlite://")).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;").unwrap();
    conn
}

impl Bare {
    pub(crate) fn new(url: &str, app: &App) -> Self {
        let (reads, read_queue) = crossbeam_channel::unbounded::<Job>();
        let (writes, write_queue) = crossbeam_channel::unbounded::<Job>();
        let lite = url.starts_with("sqlite");
        for _ in 0..if lite { 2 } else { 8 } {
            let (queue, url) = (read_queue.clone(), url.to_owned());
            std::thread::spawn(move || {
                if lite {
                    read(&queue, sqlite(&url))
                } else {
                    read(&queue, MysqlConnection::establish(&url).unwrap())
                }
            });
        }
        if lite {
            let url = url.to_owned();
            std::thread::spawn(move || group(&write_queue, sqlite(&url)));
        } else {
            for _ in 0..16 {
                let (queue, url) = (write_queue.clone(), url.to_owned());
                std::thread::spawn(move || single(&queue, MysqlConnection::establish(&url).unwrap()));
            }
        }
        Self {
            reads,
            writes,
            app: app.clone(),
            signer: Arc::new(Signer::new([3; 32], "bench")),
        }
    }

    fn sign(&self, seats: i32) -> String {
        let claims = Claims {
            iss: self.app.base_url.clone(),
            sub: "01a208e8-fa36-77bf-af60-5d9953e285bd".into(),
            jti: "01a208e8-fa36-77bf-af60-5d9953e285bd".into(),
            iat: i64::from(seats),
            exp: Some(1_796_655_416),
            prodotto: "BENCH".into(),
            versione: "1.0".into(),
            tipo: "abbonamento".into(),
            stato: "attiva".into(),
            scadenza: Some("2027-11-22".into()),
            manutenzione_al: None,
            moduli: Vec::new(),
            maschera: 0,
            moduli_al: BTreeMap::new(),
            dispositivo: "D1".into(),
            utente: None,
            proprieta: serde_json::Map::new(),
            nonce: None,
        };
        self.signer.sign(&claims).unwrap()
    }

    async fn ask(&self, queue: &crossbeam_channel::Sender<Job>, sent: &Sent) -> Json<Token> {
        let key = ActivationKey::parse(&sent.chiave_licenza).unwrap();
        let (reply, answer) = oneshot::channel();
        queue
            .send((self.app.vault.lookup(key.canonical()), reply))
            .unwrap();
        Json(Token {
            token: self.sign(answer.await.unwrap()),
        })
    }
}

fn read<C>(queue: &crossbeam_channel::Receiver<Job>, mut conn: C)
where
    C: diesel::connection::LoadConnection + 'static,
    for<'a> diesel::dsl::Select<
        diesel::dsl::Filter<licenses::table, diesel::dsl::Eq<licenses::key_hash, &'a [u8]>>,
        licenses::devices_used,
    >: diesel::query_dsl::methods::LoadQuery<'a, C, i32>,
{
    for (key, reply) in queue {
        let seats: Vec<i32> = licenses::table
            .filter(licenses::key_hash.eq(key.as_slice()))
            .select(licenses::devices_used)
            .load(&mut conn)
            .unwrap();
        let _ = reply.send(seats[0]);
    }
}

fn group(queue: &crossbeam_channel::Receiver<Job>, mut conn: SqliteConnection) {
    while let Ok(first) = queue.recv() {
        let mut jobs = vec![first];
        while jobs.len() < 64 {
            match queue.try_recv() {
                Ok(job) => jobs.push(job),
                Err(_) => break,
            }
        }
        conn.batch_execute("BEGIN IMMEDIATE").unwrap();
        for (key, _) in &jobs {
            Touch(*key).execute(&mut conn).unwrap();
        }
        conn.batch_execute("COMMIT").unwrap();
        for (_, reply) in jobs {
            let _ = reply.send(1);
        }
    }
}

fn single(queue: &crossbeam_channel::Receiver<Job>, mut conn: MysqlConnection) {
    for (key, reply) in queue {
        Touch(key).execute(&mut conn).unwrap();
        let _ = reply.send(1);
    }
}

#[derive(Deserialize)]
struct Sent {
    chiave_licenza: String,
}

#[derive(Serialize)]
struct Token {
    token: String,
}

#[post("/read", data = "<sent>")]
async fn bare_read(bare: &State<Bare>, sent: Json<Sent>) -> Json<Token> {
    bare.ask(&bare.reads, &sent).await
}

#[post("/write", data = "<sent>")]
async fn bare_write(bare: &State<Bare>, sent: Json<Sent>) -> Json<Token> {
    bare.ask(&bare.writes, &sent).await
}

pub(crate) fn routes() -> Vec<Route> {
    routes![bare_read, bare_write]
}

/// Runs a statement on a MariaDB server.
pub(crate) fn execute(url: &str, sql: &str) {
    MysqlConnection::establish(url)
        .unwrap()
        .batch_execute(sql)
        .unwrap();
}

/// Client software on loopback.
pub(crate) fn client() -> Actor {
    Actor::client(Origin {
        address: Some("127.0.0.1".parse().unwrap()),
        request_id: "bench".into(),
    })
}

/// A product without modules, to be compared with routes that have none.
pub(crate) fn product() -> New {
    let rules = Rules {
        id: ProductId::new(),
        code: "BENCH".into(),
        name: "Bench".into(),
        version: "1.0".into(),
        offline_days: 14,
        offline_unlimited: false,
        grace_days: 30,
        pending_days: 14,
        release_max: 2,
        release_days: 30,
        properties: serde_json::Map::new(),
        signing_key_id: SigningKeyId::new(),
    };
    let product = Product {
        rules,
        description: String::new(),
        license_kinds: LicenseKind::ALL.to_vec(),
        base_price_cents: 0,
        currency: "EUR".into(),
        trial_days: 30,
        period_months: 12,
        start_rule: StartRule::Activation,
        created_at: chrono::NaiveDateTime::default(),
        revision: 1,
    };
    New {
        product,
        modules: Vec::new(),
        versions: Vec::new(),
    }
}

/// Subscriptions of that product.
pub(crate) fn order(quantity: usize, devices: i32) -> Order {
    Order {
        product: "BENCH".into(),
        kind: LicenseKind::Subscription,
        quantity,
        modules: Vec::new(),
        duration_days: None,
        expires_on: None,
        maintenance_until: None,
        max_devices: Some(devices),
        max_users: None,
        max_seats: None,
        binding: Some(Binding::Device),
        reserved_devices: Vec::new(),
        customer: None,
        company: None,
        agent: None,
        price_cents: None,
        discount_bp: None,
        label: None,
        start: None,
        mails_keys: false,
    }
}
