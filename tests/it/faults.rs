//! Each error that MariaDB and the way to it can give, at each statement of an operation and at its COMMIT: whether the
//! operation runs again, says that nobody knows, or answers, and that its effect is there once or not at all.

use crate::support::{
    Reply, World,
    database::{Database, server},
    proxy::{At, Fault, Proxy},
};
use rocket::http::{ContentType, Header};
use serde_json::json;
use sigillo::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind},
        company::{Node, NodeKind},
        error::{Conflict, Error, Result},
        ids::NodeId,
    },
    store::{Db, Done, Threads, nodes},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Another transaction got in between: the operation runs again.
const AGAIN: &[Fault] = &[
    Fault::Undone(
        1213,
        "40001",
        "Deadlock found when trying to get lock; try restarting transaction",
    ),
    Fault::Error(
        1205,
        "HY000",
        "Lock wait timeout exceeded; try restarting transaction",
    ),
    Fault::Error(
        1020,
        "HY000",
        "Record has changed since last read in table 'nodes'",
    ),
    Fault::Undone(
        1020,
        "HY000",
        "Record has changed since last read in table 'nodes'",
    ),
];

/// The node or the connection is gone, and nothing was done; whoever asked cannot know. 2006 and 2013 are not the
/// server's, but what the client library makes of a connection that is cut.
const LOST: &[Fault] = &[
    Fault::Undone(
        1047,
        "08S01",
        "WSREP has not yet prepared node for application use",
    ),
    Fault::Undone(1180, "HY000", "Got error 5 \"Input/output error\" during COMMIT"),
    Fault::CutBefore,
];

/// The database holds an invariant.
const REFUSED: &[Fault] = &[
    Fault::Error(
        4025,
        "23000",
        "CONSTRAINT `nodes_kind` failed for `sigillo`.`nodes`",
    ),
    Fault::Error(1062, "23000", "Duplicate entry 'x' for key 'PRIMARY'"),
];

fn node(name: &str) -> Node {
    let now = "2026-11-23T10:00:00".parse().unwrap();
    let parent = Some(NodeId::VENDOR);
    Node {
        code: Some(name.to_owned()),
        ..Node::new(NodeId::new(), parent, NodeKind::Reseller, name.to_owned(), now)
    }
}

/// A store behind a proxy, with one connection that writes.
struct Behind {
    world: World,
    proxy: Proxy,
    db: Db,
    made: usize,
}

impl Behind {
    async fn new() -> Self {
        let world = World::new(Database::mariadb()).await;
        world.root().await;
        let proxy = Proxy::before(&server());
        let Database::MariaDb { name, .. } = &world.database else {
            panic!("of MariaDB alone")
        };
        let url = format!("{}/{name}", proxy.through(&server()));
        let url = sigillo::store::Url::parse(&url).unwrap();
        let threads = Threads {
            readers: 1,
            writers: 1,
            patience: Duration::from_secs(30),
        };
        let db = tokio::task::spawn_blocking(move || Db::open(&url, threads).unwrap())
            .await
            .unwrap();
        Self {
            world,
            proxy,
            db,
            made: 0,
        }
    }

    /// Adds a node: how it ended, and after how many runs.
    async fn add(&self, node: &Node) -> (Result<()>, usize) {
        let (node, runs) = (node.clone(), Arc::new(AtomicUsize::new(0)));
        let counted = runs.clone();
        let now = self.world.app.clock.now();
        let outcome = self
            .db
            .operation(&Actor::operator(), now, move |tx| {
                counted.fetch_add(1, Ordering::SeqCst);
                nodes::lock_tree(tx)?;
                if !nodes::insert(tx, &node)? {
                    return Err(Error::Conflict(Conflict::Changed));
                }
                Ok(Done::changed((), Event::node(EventKind::NodeCreated, node.id)))
            })
            .await;
        (outcome, runs.load(Ordering::SeqCst))
    }

    /// How often the node is there, and its audit record, and its place in the tree.
    fn effects(&self, node: &Node) -> (i64, i64, i64) {
        let count = |what: String| {
            self.world
                .database
                .count(&format!("SELECT COUNT(*) AS n FROM {what}"))
        };
        let id = node.id.to_string().replace('-', "");
        (
            count(format!("nodes WHERE id = UNHEX('{id}')")),
            count(format!("audit_log WHERE subject_id = UNHEX('{id}')")),
            count(format!("node_tree WHERE descendant_id = UNHEX('{id}')")),
        )
    }

    /// Strikes once while a node is added, and holds what comes of it; false where the operation has no such command.
    async fn strikes(&mut self, at: At, fault: Fault, expected: &Expected) -> bool {
        self.made += 1;
        let node = node(&format!("N{}", self.made));
        self.proxy.strike(at, fault, "");
        let (outcome, runs) = self.add(&node).await;
        if !self.proxy.has_struck() {
            outcome.unwrap();
            return false;
        }
        let said = format!("{fault:?} at {at:?}: {outcome:?} after {runs} runs");
        let there = match expected {
            Expected::RunAgain => {
                assert!(outcome.is_ok() && runs == 2, "{said}");
                true
            }
            Expected::Done => {
                assert!(outcome.is_ok() && runs == 1, "{said}");
                true
            }
            Expected::Unknown { done } => {
                assert!(
                    matches!(outcome, Err(Error::Unavailable(_))) && runs == 1,
                    "{said}"
                );
                *done
            }
            Expected::Answer => {
                assert!(matches!(outcome, Err(Error::Conflict(_))) && runs == 1, "{said}");
                false
            }
        };
        let effects = if there { (1, 1, 2) } else { (0, 0, 0) };
        assert_eq!(self.effects(&node), effects, "{said}");
        // Whoever asks again finds it done, or gets it done.
        let (outcome, _) = self.add(&node).await;
        assert_eq!(outcome.is_ok(), !there, "{said}; and then: {outcome:?}");
        assert_eq!(self.effects(&node), (1, 1, 2), "{said}");
        true
    }

    /// The same at each statement; how many there were.
    async fn strikes_at_each_statement(&mut self, fault: Fault, expected: Expected) -> usize {
        let mut n = 1;
        while self.strikes(At::Statement(n), fault, &expected).await {
            n += 1;
        }
        assert!(n > 5, "{fault:?}: only {n} statements seen");
        n
    }
}

enum Expected {
    RunAgain,
    Done,
    /// Whether it was done all the same.
    Unknown {
        done: bool,
    },
    Answer,
}

#[rocket::async_test]
async fn an_error_at_any_statement_is_run_again_unknown_or_an_answer() {
    let mut behind = Behind::new().await;
    for fault in AGAIN {
        behind.strikes_at_each_statement(*fault, Expected::RunAgain).await;
    }
    for fault in LOST.iter().chain(&[Fault::CutAfter, Fault::CutIdle]) {
        behind
            .strikes_at_each_statement(*fault, Expected::Unknown { done: false })
            .await;
    }
    for fault in REFUSED {
        behind.strikes_at_each_statement(*fault, Expected::Answer).await;
    }
}

#[rocket::async_test]
async fn an_error_at_commit_is_run_again_unknown_or_an_answer() {
    let mut behind = Behind::new().await;
    for fault in AGAIN {
        assert!(behind.strikes(At::Commit, *fault, &Expected::RunAgain).await);
    }
    for fault in LOST {
        let unknown = Expected::Unknown { done: false };
        assert!(behind.strikes(At::Commit, *fault, &unknown).await);
    }
    // The answer is lost, the effect is not.
    let unknown = Expected::Unknown { done: true };
    assert!(behind.strikes(At::Commit, Fault::CutAfter, &unknown).await);
    // Nobody notices before the next operation, which has done nothing yet.
    assert!(behind.strikes(At::Commit, Fault::CutIdle, &Expected::Done).await);
    for fault in REFUSED {
        assert!(behind.strikes(At::Commit, *fault, &Expected::Answer).await);
    }
}

#[rocket::async_test]
async fn a_connection_that_is_gone_before_an_operation_begins_is_replaced_unnoticed() {
    let mut behind = Behind::new().await;
    for fault in LOST.iter().chain(&[Fault::CutAfter]) {
        // One that has served, so that it is no new one.
        behind.add(&node(&format!("B{}", behind.made))).await.0.unwrap();
        assert!(behind.strikes(At::Statement(0), *fault, &Expected::Done).await);
    }
}

#[rocket::async_test]
async fn an_operation_that_meets_others_for_ever_is_unavailable_in_the_end() {
    let behind = Behind::new().await;
    let node = node("MAI");
    let refusing = "CREATE TRIGGER refusing BEFORE INSERT ON node_tree FOR EACH ROW \
        SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock found when trying to get lock'";
    behind.world.database.execute(refusing).unwrap();
    let (outcome, runs) = behind.add(&node).await;
    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
    assert!((2..=25).contains(&runs), "{runs} runs");
    assert_eq!(behind.effects(&node), (0, 0, 0));
    behind.world.database.execute("DROP TRIGGER refusing").unwrap();
    behind.add(&node).await.0.unwrap();
    assert_eq!(behind.effects(&node), (1, 1, 2));
}

/// A program all of whose connections go through a proxy, which has to end after it.
async fn program() -> (Proxy, World) {
    let proxy = Proxy::before(&server());
    let world = World::new(Database::mariadb_on(proxy.through(&server()))).await;
    (proxy, world)
}

fn faults() -> impl Iterator<Item = Fault> {
    AGAIN.iter().chain(LOST).chain(&[Fault::CutAfter]).copied()
}

#[rocket::async_test]
async fn who_repeats_with_an_idempotency_key_after_an_unknown_commit_gets_one_effect() {
    let (proxy, world) = program().await;
    let root = world.root().await;
    for (n, fault) in faults().enumerate() {
        let create = || {
            let body =
                json!({"nome": format!("N{n} srl"), "ruolo": "rivenditore", "codice": format!("N{n}")});
            let request = world
                .client
                .post("/api/admin/agent")
                .remote("127.0.0.1:4000".parse().unwrap())
                .header(Header::new("Authorization", format!("Bearer {root}")))
                .header(Header::new("Idempotency-Key", format!("chiave-{n}")))
                .header(ContentType::JSON);
            Reply::of(request.body(body.to_string()))
        };
        proxy.strike(At::Commit, fault, "INSERT INTO `idempotency_keys`");
        let first = create().await;
        assert!(proxy.has_struck(), "{fault:?}");
        if AGAIN.contains(&fault) {
            assert_eq!(first.status.code, 201, "{fault:?}: {}", first.text);
        } else {
            assert!(first.header("retry-after").is_some(), "{fault:?}");
            first.refused(503, "NON_DISPONIBILE");
        }
        let done_before = AGAIN.contains(&fault) || fault == Fault::CutAfter;
        let again = create().await.expect(201);
        let replayed = again.header("idempotency-replayed").is_some();
        assert_eq!(replayed, done_before, "{fault:?}");
        let named = format!("SELECT COUNT(*) AS n FROM nodes WHERE code = 'N{n}'");
        assert_eq!(world.database.count(&named), 1, "{fault:?}");
        let id = again.str("/id").replace('-', "");
        let audited = format!("SELECT COUNT(*) AS n FROM audit_log WHERE subject_id = UNHEX('{id}')");
        assert_eq!(world.database.count(&audited), 1, "{fault:?}");
    }
}

#[rocket::async_test]
async fn an_activation_that_is_repeated_after_an_unknown_commit_takes_one_place() {
    let (proxy, world) = program().await;
    let root = world.root().await;
    world.product(&root).await;
    for (n, fault) in faults().enumerate() {
        let (_, key) = world
            .issue(&root, json!({"numero_dispositivi": 2}))
            .await
            .remove(0);
        let activate = || {
            let body = json!({"chiave_licenza": key, "dispositivo": {"id": format!("D{n}")}});
            world.call("/api/licenze/attiva", body)
        };
        proxy.strike(At::Commit, fault, "INSERT INTO `activations`");
        let first = activate().await;
        assert!(proxy.has_struck(), "{fault:?}");
        let unknown = !AGAIN.contains(&fault);
        assert_eq!(first.status.code, if unknown { 503 } else { 200 }, "{fault:?}");
        activate().await.expect(200);
        let taken = format!("SELECT COUNT(*) AS n FROM activations WHERE device = 'D{n}'");
        assert_eq!(world.database.count(&taken), 1, "{fault:?}");
    }
    crate::support::database::assert_places_add_up(&world.database);
}
