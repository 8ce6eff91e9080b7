//! The store's promises: what conflicts, panics, lost connections and wrong servers come to, and that every value
//! comes back as it was given, on both databases alike.

use crate::{
    on_both,
    support::{World, database::Database, mariadbd::MariaDbd, rounds, server::Installation},
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{Connection, MysqlConnection, connection::SimpleConnection};
use futures::future::join_all;
use serde_json::{Value, json};
use sigillo::{
    domain::{
        access::Permit,
        actor::Actor,
        audit::{Event, EventKind},
        company::{Node, NodeKind},
        error::{Conflict, Error, Result},
        ids::*,
        license::LicenseKind,
        product::{Product, Rules, StartRule, Version},
    },
    operations::users::create_token,
    store::{
        Db, Done, Threads, WriteTx,
        log::{ActivationEntry, KeyKind, LogRow, Operation},
        nodes, products,
    },
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

fn instant(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").unwrap()
}

fn node(name: &str) -> Node {
    let now = instant("2026-11-23T10:00:00");
    Node {
        code: Some(name.to_owned()),
        may_validate: true,
        may_create_subs: true,
        ..Node::new(
            NodeId::new(),
            Some(NodeId::VENDOR),
            NodeKind::Reseller,
            name.to_owned(),
            now,
        )
    }
}

/// Runs one operation, as nobody in particular.
async fn operate<T: Send + 'static>(
    world: &World,
    work: impl FnMut(&mut WriteTx<'_>) -> Result<Done<T>> + Send + 'static,
) -> Result<T> {
    let now = world.app.clock.now();
    world.app.db.operation(&Actor::operator(), now, work).await
}

/// Adds a node.
async fn add(world: &World, node: Node) -> Result<()> {
    operate(world, move |tx| {
        assert!(nodes::insert(tx, &node)?);
        Ok(Done::changed((), Event::node(EventKind::NodeCreated, node.id)))
    })
    .await
}

fn count(world: &World, what: &str) -> i64 {
    world.database.count(&format!("SELECT COUNT(*) AS n FROM {what}"))
}

fn named(world: &World, name: &str) -> i64 {
    count(world, &format!("nodes WHERE name = '{name}'"))
}

// --- Conflicts: real ones, made by a second connection.

/// A MariaDB program with a vendor, and a connection beside it.
async fn mariadb() -> (World, MysqlConnection) {
    let world = World::new(Database::mariadb()).await;
    world.root().await;
    let beside = MysqlConnection::establish(&world.database.text()).unwrap();
    (world, beside)
}

#[rocket::async_test]
async fn an_operation_that_read_what_another_changed_is_run_again() {
    let (world, mut beside) = mariadb().await;
    let (read, has_read) = mpsc::channel();
    let (changed, has_changed) = mpsc::channel();
    let other = std::thread::spawn(move || {
        has_read.recv().unwrap();
        beside
            .batch_execute("UPDATE nodes SET revision = revision + 100 WHERE parent_id IS NULL")
            .unwrap();
        changed.send(()).unwrap();
    });
    let runs = Arc::new(AtomicUsize::new(0));
    let (before, seen) = operate(&world, {
        let (runs, mut before) = (runs.clone(), None);
        move |tx| {
            let vendor = nodes::vendor(tx)?.unwrap();
            if runs.fetch_add(1, Ordering::SeqCst) == 0 {
                assert!(!tx.is_contended());
                before = Some(vendor.revision);
                read.send(()).unwrap();
                has_changed.recv().unwrap();
            } else {
                assert!(tx.is_contended());
            }
            nodes::lock_tree(tx)?;
            let event = Event::node(EventKind::NodeChanged, vendor.id);
            Ok(Done::changed((before.unwrap(), vendor.revision), event))
        }
    })
    .await
    .unwrap();
    other.join().unwrap();
    assert_eq!((runs.load(Ordering::SeqCst), seen), (2, before + 100));
    let revision = world
        .database
        .count("SELECT revision + 0 AS n FROM nodes WHERE parent_id IS NULL");
    assert_eq!(revision, i64::from(before) + 101, "both changes stand");
}

#[rocket::async_test]
async fn of_two_operations_in_a_deadlock_one_is_run_again_and_both_pass() {
    let (world, _) = mariadb().await;
    let (a, b) = (node("A"), node("B"));
    let ids = [a.id, b.id];
    add(&world, a).await.unwrap();
    add(&world, b).await.unwrap();
    for _ in 0..rounds(5, 200) {
        let runs = Arc::new(AtomicUsize::new(0));
        let barrier = Arc::new(std::sync::Barrier::new(2));
        let crossing = |first: NodeId, second: NodeId| {
            let (runs, barrier) = (runs.clone(), barrier.clone());
            operate(&world, move |tx| {
                runs.fetch_add(1, Ordering::SeqCst);
                nodes::lock(tx, first)?;
                if !tx.is_contended() {
                    barrier.wait();
                }
                nodes::lock(tx, second)?;
                Ok(Done::changed((), Event::node(EventKind::NodeChanged, first)))
            })
        };
        let (one, other) = futures::future::join(crossing(ids[0], ids[1]), crossing(ids[1], ids[0])).await;
        one.unwrap();
        other.unwrap();
        assert!(runs.load(Ordering::SeqCst) >= 3);
    }
}

#[rocket::async_test]
async fn a_row_that_stays_locked_is_unavailable_and_not_a_fault() {
    let (world, mut beside) = mariadb().await;
    beside
        .batch_execute("BEGIN; UPDATE nodes SET revision = revision + 1 WHERE parent_id IS NULL")
        .unwrap();
    let refused = add_below_lock(&world, "A").await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    beside.batch_execute("ROLLBACK").unwrap();
    add_below_lock(&world, "A").await.unwrap();
}

async fn add_below_lock(world: &World, name: &str) -> Result<()> {
    let node = node(name);
    operate(world, move |tx| {
        nodes::lock_tree(tx)?;
        assert!(nodes::insert(tx, &node)?);
        Ok(Done::changed((), Event::node(EventKind::NodeCreated, node.id)))
    })
    .await
}

#[rocket::async_test]
async fn a_sqlite_file_that_another_process_writes_to_is_waited_for() {
    let world = World::new(Database::sqlite()).await;
    world.root().await;
    let mut beside =
        diesel::SqliteConnection::establish(world.database.text().trim_start_matches("sqlite://")).unwrap();
    beside
        .batch_execute("BEGIN IMMEDIATE; UPDATE nodes SET revision = revision + 1")
        .unwrap();
    let other = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        beside.batch_execute("COMMIT").unwrap();
    });
    add(&world, node("A")).await.unwrap();
    other.join().unwrap();
    assert_eq!(named(&world, "A"), 1);
}

/// Cuts every connection that the program has.
fn kill_connections(database: &Database) -> usize {
    let Database::MariaDb { name, .. } = database else {
        return 0;
    };
    let ids = database.texts(&format!(
        "SELECT CAST(id AS CHAR) AS t FROM information_schema.processlist WHERE db = '{name}' AND id <> CONNECTION_ID()"
    ));
    for id in ids.iter().flatten() {
        // One that ends by itself meanwhile is as good.
        let _ = database.execute(&format!("KILL {id}"));
    }
    ids.len()
}

#[rocket::async_test]
async fn a_connection_that_is_cut_is_replaced() {
    let (world, _) = mariadb().await;
    for n in 0..rounds(5, 100) {
        assert!(kill_connections(&world.database) > 0);
        // A read is made again; a write has begun nothing on a connection that it finds cut, or says that it could not.
        let vendor = world.app.db.read(nodes::vendor).await.unwrap();
        assert!(vendor.is_some());
        let name = format!("N{n}");
        while let Err(error) = add(&world, node(&name)).await {
            assert!(matches!(error, Error::Unavailable(_)), "{error}");
        }
        assert_eq!(named(&world, &name), 1);
    }
}

#[rocket::async_test]
async fn a_connection_that_is_cut_in_the_middle_undoes_the_operation() {
    let (world, _) = mariadb().await;
    let runs = Arc::new(AtomicUsize::new(0));
    let (written, has_written) = mpsc::channel();
    let (cut, is_cut) = mpsc::channel();
    let killed = {
        let runs = runs.clone();
        operate(&world, move |tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            assert!(nodes::insert(tx, &node("CUT"))?);
            written.send(()).unwrap();
            is_cut.recv().unwrap();
            nodes::lock_tree(tx)?;
            Ok(Done::changed(
                (),
                Event::node(EventKind::NodeCreated, NodeId::VENDOR),
            ))
        })
    };
    let killer = async {
        tokio::task::block_in_place(|| {
            has_written.recv().unwrap();
            assert!(kill_connections(&world.database) > 0);
            cut.send(()).unwrap();
        });
    };
    // The operation has to be in the queue before its killer waits for it.
    let (outcome, ()) = futures::future::join(killed, killer).await;
    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
    assert_eq!((runs.load(Ordering::SeqCst), named(&world, "CUT")), (1, 0));
    add(&world, node("NEXT")).await.unwrap();
}

#[test]
fn an_address_that_refuses_is_passed_over() {
    let mut installation = Installation::new(Database::mariadb());
    let refusing = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let several = installation
        .database
        .text()
        .replacen('@', &format!("@{refusing},{refusing},"), 1);
    installation.environment.push(("ROCKET_DATABASE_URL", several));
    let root = installation.root();
    let server = installation.serve();
    let key = server.caller().keys(&root, 1, 1).remove(0);
    server.caller().device("attiva", &key, "D1").unwrap().expect(200);
    assert_eq!(server.caller().get("/pronto", None).unwrap().status, 200);
}

#[test]
fn where_no_address_answers_each_is_named() {
    let mut installation = Installation::new(Database::mariadb());
    let refusing = || {
        std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
    };
    let (one, other) = (refusing(), refusing());
    let url = format!("mysql://sigillo:sigillo@{one},{other}/sigillo");
    installation.environment.push(("ROCKET_DATABASE_URL", url));
    let output = installation.run(&["migrate"], "");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains(&one.to_string()) && said.contains(&other.to_string()),
        "{said}"
    );
}

// --- Faults of ours.

on_both!(a_panic_in_an_operation_is_a_fault_and_undoes_it, |world| async {
    world.root().await;
    for _ in 0..20 {
        let panicked: Result<()> = operate(&world, |tx| {
            nodes::insert(tx, &node("PANICO"))?;
            panic!("on purpose")
        })
        .await;
        assert!(matches!(panicked, Err(Error::Internal(_))), "{panicked:?}");
    }
    add(&world, node("DOPO")).await.unwrap();
    assert_eq!((named(&world, "PANICO"), named(&world, "DOPO")), (0, 1));
});

on_both!(
    a_panic_in_a_read_is_a_fault_and_the_next_reads_on,
    |world| async {
        world.root().await;
        for _ in 0..20 {
            let panicked: Result<()> = world
                .app
                .db
                .read(|tx| {
                    nodes::vendor(tx)?;
                    panic!("on purpose")
                })
                .await;
            assert!(matches!(panicked, Err(Error::Internal(_))), "{panicked:?}");
            let panicked: Result<()> = world.app.db.lookup(|_| panic!("on purpose")).await;
            assert!(matches!(panicked, Err(Error::Internal(_))), "{panicked:?}");
        }
        assert!(world.app.db.read(nodes::vendor).await.unwrap().is_some());
    }
);

on_both!(
    operations_that_fail_do_not_touch_those_beside_them,
    |world| async {
        world.root().await;
        add(&world, node("GIA")).await.unwrap();
        for round in 0..rounds(5, 200) {
            let many = (0..60).map(|n| {
                let node = node(&format!("N{round}-{n}"));
                operate(&world, move |tx| {
                    assert!(nodes::insert(tx, &node)?);
                    match n % 6 {
                        0 => Err(Error::Conflict(Conflict::WrongState)),
                        1 => panic!("on purpose"),
                        // The vendor stands above nobody's: the database refuses.
                        2 => nodes::insert(
                            tx,
                            &Node {
                                parent_id: Some(node.id),
                                kind: NodeKind::Vendor,
                                ..self::node("X")
                            },
                        )
                        .map(|_| Done::Unchanged(())),
                        3 => Ok(Done::Unchanged(())),
                        _ => Ok(Done::changed((), Event::node(EventKind::NodeCreated, node.id))),
                    }
                })
            });
            for (n, outcome) in join_all(many).await.into_iter().enumerate() {
                let expected = match n % 6 {
                    0 => matches!(outcome, Err(Error::Conflict(Conflict::WrongState))),
                    1 => matches!(outcome, Err(Error::Internal(_))),
                    2 => matches!(outcome, Err(Error::Conflict(Conflict::Changed))),
                    _ => outcome.is_ok(),
                };
                assert!(expected, "{n}: {outcome:?}");
                let there = i64::from(n % 6 > 3);
                assert_eq!(named(&world, &format!("N{round}-{n}")), there, "{n}");
            }
        }
        assert_eq!(count(&world, "nodes"), count(&world, "node_tree WHERE depth = 0"));
    }
);

on_both!(what_ends_unchanged_leaves_nothing, |world| async {
    world.root().await;
    let before = count(&world, "audit_log");
    let answer = operate(&world, |tx| {
        assert!(nodes::insert(tx, &node("NIENTE"))?);
        Ok(Done::Unchanged(7))
    })
    .await;
    assert_eq!(answer.unwrap(), 7);
    assert_eq!((named(&world, "NIENTE"), count(&world, "audit_log")), (0, before));
});

on_both!(each_change_has_one_audit_record, |world| async {
    world.root().await;
    let before = count(&world, "audit_log");
    join_all((0..40).map(|n| add(&world, node(&format!("N{n}")))))
        .await
        .into_iter()
        .for_each(|done| done.unwrap());
    assert_eq!(count(&world, "audit_log"), before + 40);
});

on_both!(
    a_change_whose_audit_record_cannot_be_written_is_undone,
    |world| async {
        let root = world.root().await;
        let refusing = if world.database.is_sqlite() {
            "CREATE TRIGGER refusing BEFORE INSERT ON audit_log WHEN NEW.details LIKE '%VIETATO%' \
         BEGIN SELECT RAISE(ABORT, 'no'); END"
        } else {
            "CREATE TRIGGER refusing BEFORE INSERT ON audit_log FOR EACH ROW \
         SET NEW.action = IF(NEW.details LIKE '%VIETATO%', NULL, NEW.action)"
        };
        world.database.execute(refusing).unwrap();
        let before = count(&world, "audit_log");
        let create = |name: &str| {
            let body = json!({"nome": name, "ruolo": "rivenditore", "codice": name});
            world.post("/api/admin/agent", &root, body)
        };
        create("VIETATO").await.refused(500, "ERRORE_INTERNO");
        assert_eq!(
            (named(&world, "VIETATO"), count(&world, "audit_log")),
            (0, before)
        );
        create("AMMESSO").await.expect(201);
        assert_eq!(
            (named(&world, "AMMESSO"), count(&world, "audit_log")),
            (1, before + 1)
        );
    }
);

on_both!(
    what_is_append_only_can_be_neither_changed_nor_deleted,
    |world| async {
        let cast = world.cast().await;
        let device = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "D1"}});
        world.call("/api/licenze/attiva", device).await.expect(200);
        // The rows of the logs are written a moment later, and are counted here.
        world.settle().await;
        let id = "x'00000000000000000000000000000001'";
        let hash = "x'0000000000000000000000000000000000000000000000000000000000000001'";
        let now = "'2026-11-23 10:00:00'";
        for sql in [
            format!(
                "INSERT INTO access_log (id, at, action, outcome, address, user_agent, request_id) \
             VALUES ({id}, {now}, 'accesso', 'riuscito', '', '', '')"
            ),
            format!(
                "INSERT INTO audit_chain (position, audit_id, hash, sealed_at) \
             SELECT 1, MIN(id), {hash}, {now} FROM audit_log"
            ),
            format!(
                "INSERT INTO transactions (id, kind, amount_cents, vat_bp, currency, details, created_at) \
             VALUES ({id}, 'incasso', 1, 0, 'EUR', '{{}}', {now})"
            ),
            format!(
                "INSERT INTO settlements (id, payment_id, transaction_id, amount_cents, created_at) \
             VALUES ({id}, {id}, {id}, 1, {now})"
            ),
        ] {
            world.database.execute(&sql).unwrap();
        }
        for (table, column) in [
            ("audit_log", "action"),
            ("activation_log", "outcome"),
            ("access_log", "outcome"),
            ("audit_chain", "sealed_at"),
            ("transactions", "kind"),
            ("settlements", "created_at"),
        ] {
            let before = count(&world, table);
            assert!(before > 0, "{table}");
            for sql in [
                format!("UPDATE {table} SET {column} = '2000-01-01'"),
                format!("UPDATE {table} SET {column} = {column}"),
                format!("DELETE FROM {table}"),
            ] {
                let error = world.database.execute(&sql).unwrap_err().to_string();
                assert!(error.contains("is append-only"), "{sql}: {error}");
            }
            assert_eq!(count(&world, table), before, "{table}");
        }
    }
);

fn validation(world: &World, id: LogId, device: String) -> LogRow {
    LogRow::Activation(Box::new(ActivationEntry {
        id,
        at: world.app.clock.now(),
        license: None,
        key_kind: KeyKind::Activation,
        operation: Operation::Validate,
        device: Some(device),
        outcome: "VALIDA",
        address: "127.0.0.1".into(),
        request_id: "prova".into(),
    }))
}

// A row comes twice where a connection was lost at a COMMIT that took effect.
on_both!(a_log_row_that_is_refused_holds_up_nothing, |world| async {
    world.root().await;
    let again = LogId::new();
    for (id, device) in [
        (LogId::new(), "D1".to_owned()),
        (again, "D2".to_owned()),
        (again, "D2".to_owned()),
        (LogId::new(), "troppo".repeat(100)),
        (LogId::new(), "D3".to_owned()),
    ] {
        world.app.db.log(validation(&world, id, device)).await.unwrap();
    }
    add(&world, node("SUBITO")).await.unwrap();
    world.settle().await;
    // In another batch, when the first is done.
    world
        .app
        .db
        .log(validation(&world, again, "D2".into()))
        .await
        .unwrap();
    world
        .app
        .db
        .log(validation(&world, LogId::new(), "D4".into()))
        .await
        .unwrap();
    add(&world, node("DOPO")).await.unwrap();
    let db = world.app.db.clone();
    tokio::task::spawn_blocking(move || db.close()).await.unwrap();
    let rows = world
        .database
        .texts("SELECT device AS t FROM activation_log ORDER BY device");
    let rows: Vec<String> = rows.into_iter().flatten().collect();
    assert_eq!(rows, ["D1", "D2", "D3", "D4"]);
    assert_eq!((named(&world, "SUBITO"), named(&world, "DOPO")), (1, 1));
});

on_both!(
    log_rows_that_wait_are_written_in_order_before_the_end,
    |world| async {
        let many = 3_000;
        for n in 0..many {
            let row = validation(&world, LogId::new(), format!("D{n:05}"));
            world.app.db.log(row).await.unwrap();
        }
        let db = world.app.db.clone();
        tokio::task::spawn_blocking(move || db.close()).await.unwrap();
        // SQLite numbers rows as they are written.
        let order = if world.database.is_sqlite() { "rowid" } else { "id" };
        let rows = world.database.texts(&format!(
            "SELECT device AS t FROM activation_log ORDER BY {order}"
        ));
        let expected: Vec<_> = (0..many).map(|n| Some(format!("D{n:05}"))).collect();
        assert_eq!(rows, expected);
        let late = operate(&world, |_| Ok(Done::Unchanged(()))).await;
        assert!(matches!(late, Err(Error::Unavailable(_))), "{late:?}");
    }
);

/// Lets every row for these tables meet what a full disk says, until [`free_space`].
fn fill_disk(world: &World, tables: &[&str]) {
    for table in tables {
        let full = if world.database.is_sqlite() {
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        } else {
            "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'No space left on device'"
        };
        let trigger = format!("CREATE TRIGGER full_{table} BEFORE INSERT ON {table} FOR EACH ROW {full}");
        world.database.execute(&trigger).unwrap();
    }
}

fn free_space(world: &World, tables: &[&str]) {
    for table in tables {
        world
            .database
            .execute(&format!("DROP TRIGGER full_{table}"))
            .unwrap();
    }
}

/// As many log rows as go into several commits.
async fn log_many(world: &World) -> Vec<Option<String>> {
    let devices: Vec<String> = (0..1_500).map(|n| format!("D{n:05}")).collect();
    for device in &devices {
        let row = validation(world, LogId::new(), device.clone());
        world.app.db.log(row).await.unwrap();
    }
    devices.into_iter().map(Some).collect()
}

/// What is asked for, which must not take long.
async fn promptly<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), what)
        .await
        .expect("an answer in time")
}

async fn close(world: &World) {
    let db = world.app.db.clone();
    promptly(tokio::task::spawn_blocking(move || db.close()))
        .await
        .unwrap();
}

on_both!(
    log_rows_that_cannot_be_written_hold_up_neither_operations_nor_the_end,
    |world| async {
        world.root().await;
        fill_disk(&world, &["activation_log"]);
        log_many(&world).await;
        world.pause().await;
        promptly(add(&world, node("SUBITO"))).await.unwrap();
        world.pause().await;
        promptly(add(&world, node("ANCORA"))).await.unwrap();
        promptly(world.app.db.check()).await.unwrap();
        close(&world).await;
        assert_eq!((named(&world, "SUBITO"), named(&world, "ANCORA")), (1, 1));
        assert_eq!(count(&world, "activation_log"), 0);
    }
);

on_both!(
    log_rows_that_could_not_be_written_are_written_in_order_once_they_can,
    |world| async {
        world.root().await;
        fill_disk(&world, &["activation_log"]);
        let expected = log_many(&world).await;
        world.pause().await;
        promptly(add(&world, node("SUBITO"))).await.unwrap();
        free_space(&world, &["activation_log"]);
        promptly(async {
            while count(&world, "activation_log") < 1_500 {
                world.pause().await;
            }
        })
        .await;
        let order = if world.database.is_sqlite() { "rowid" } else { "id" };
        let rows = world.database.texts(&format!(
            "SELECT device AS t FROM activation_log ORDER BY {order}"
        ));
        assert_eq!(rows, expected);
        close(&world).await;
    }
);

on_both!(
    a_database_that_can_be_written_no_more_is_unavailable_at_once,
    |world| async {
        world.root().await;
        fill_disk(&world, &["activation_log", "audit_log"]);
        log_many(&world).await;
        world.pause().await;
        for _ in 0..3 {
            let refused = promptly(add(&world, node("PIENO"))).await;
            assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        }
        free_space(&world, &["activation_log", "audit_log"]);
        promptly(add(&world, node("LIBERO"))).await.unwrap();
        assert_eq!((named(&world, "PIENO"), named(&world, "LIBERO")), (0, 1));
        close(&world).await;
        assert_eq!(count(&world, "activation_log"), 1_500);
    }
);

#[rocket::async_test]
async fn a_product_seen_in_a_batch_that_is_undone_is_not_remembered() {
    let world = World::new(Database::sqlite()).await;
    world.root().await;
    let sent = stored(&world, product("P")).await;
    let id = sent.rules.id;
    let trigger = "CREATE TRIGGER ruin BEFORE INSERT ON nodes WHEN NEW.name = 'ROVINA' \
                   BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END";
    world.database.execute(trigger).unwrap();
    let renamed = |name: &str| {
        let mut product = sent.clone();
        product.rules.name = name.to_owned();
        let event = || Event::node(EventKind::ProductChanged, NodeId::VENDOR);
        operate(&world, move |tx| {
            products::update(tx, &product, 1)?;
            Ok(Done::changed((), event()))
        })
    };
    // What comes while the first runs is one batch.
    let (go, gone) = mpsc::channel::<()>();
    let (begun, begins) = mpsc::channel::<()>();
    let first = operate(&world, move |_| {
        begun.send(()).unwrap();
        gone.recv().unwrap();
        Ok(Done::Unchanged(()))
    });
    let seen = {
        let catalogue = world.app.catalogue.clone();
        operate(&world, move |tx| {
            assert_eq!(catalogue.product(tx, id, 2)?.rules.name, "FANTASMA");
            Ok(Done::changed(
                (),
                Event::node(EventKind::NodeChanged, NodeId::VENDOR),
            ))
        })
    };
    let release = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        go.send(()).unwrap();
    };
    let rest = async {
        while begins.try_recv().is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::join!(renamed("FANTASMA"), seen, add(&world, node("ROVINA")), release)
    };
    let (_, (changed, seen, ruined, ())) = tokio::join!(first, rest);
    assert!(changed.is_err() && seen.is_err() && ruined.is_err());
    renamed("VERO").await.unwrap();
    let catalogue = world.app.catalogue.clone();
    let known = operate(&world, move |tx| {
        Ok(Done::Unchanged(catalogue.product(tx, id, 2)?))
    })
    .await;
    assert_eq!(known.unwrap().rules.name, "VERO");
}

// --- Nobody waits for ever.

/// A second program on the same database, with one reader and one writer.
async fn narrow(world: &World, patience: Duration) -> Db {
    let url = world.database.url();
    let threads = Threads {
        readers: 1,
        writers: 1,
        patience,
    };
    tokio::task::spawn_blocking(move || Db::open(&url, threads))
        .await
        .unwrap()
        .unwrap()
}

on_both!(
    what_is_not_answered_in_time_is_unavailable_and_not_begun_later,
    |world| async {
        let db = narrow(&world, Duration::from_millis(300)).await;
        let now = world.app.clock.now();
        let ran = Arc::new(AtomicUsize::new(0));
        let (free_reader, reader_is_free) = mpsc::channel::<()>();
        let (free_writer, writer_is_free) = mpsc::channel::<()>();
        let operator = Actor::operator();
        let slow_read = db.lookup(move |_| {
            reader_is_free.recv().unwrap();
            Ok(())
        });
        let slow_write = db.operation(&operator, now, move |_| {
            writer_is_free.recv().unwrap();
            Ok(Done::Unchanged(()))
        });
        let counted = ran.clone();
        let waiting_read = db.read(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok(())
        });
        let counted = ran.clone();
        let waiting_write = db.operation(&operator, now, move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok(Done::Unchanged(()))
        });
        let outcomes =
            promptly(async { tokio::join!(slow_read, slow_write, waiting_read, waiting_write, db.check()) })
                .await;
        let outcomes = [outcomes.0, outcomes.1, outcomes.2, outcomes.3, outcomes.4];
        for outcome in outcomes {
            assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
        }
        free_reader.send(()).unwrap();
        free_writer.send(()).unwrap();
        // Both serve again, and what nobody waited for was left out.
        promptly(db.read(nodes::vendor)).await.unwrap();
        promptly(db.check()).await.unwrap();
        assert_eq!(ran.load(Ordering::SeqCst), 0);
    }
);

#[rocket::async_test]
async fn more_reads_than_may_wait_are_told_to_come_back() {
    let world = World::new(Database::sqlite()).await;
    let db = narrow(&world, Duration::from_secs(60)).await;
    let (free, is_free) = mpsc::channel::<()>();
    let slow = tokio::spawn({
        let db = db.clone();
        async move {
            db.lookup(move |_| {
                is_free.recv().unwrap();
                Ok(())
            })
            .await
        }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let many: Vec<_> = (0..1_100)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { db.lookup(|_| Ok(())).await })
        })
        .collect();
    // As long as one waits for a place, and somewhat more.
    tokio::time::sleep(Duration::from_millis(5_500)).await;
    free.send(()).unwrap();
    slow.await.unwrap().unwrap();
    let outcomes = promptly(join_all(many)).await;
    let refused = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Ok(Err(Error::Unavailable(_)))))
        .count();
    assert_eq!(refused, 1_100 + 1 - 1_024);
}

// --- Names are searched by their beginning.

/// The statements of searches, as SQLite was given them.
static SEARCHES: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn note_searches() -> Option<Box<dyn diesel::connection::Instrumentation>> {
    Some(Box::new(|event: diesel::connection::InstrumentationEvent<'_>| {
        if let diesel::connection::InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            if text.contains("zz piano") {
                SEARCHES.lock().unwrap().push(text);
            }
        }
    }))
}

#[rocket::async_test]
async fn a_search_by_name_goes_by_the_index() {
    diesel::connection::set_default_instrumentation(note_searches).unwrap();
    let world = World::new(Database::sqlite()).await;
    let root = world.root().await;
    for path in ["clienti", "licenze"] {
        let path = format!("/api/admin/{path}?q=zz%20piano");
        world.get(&path, &root).await.expect(200);
    }
    let statements = std::mem::take(&mut *SEARCHES.lock().unwrap());
    assert_eq!(statements.len(), 2, "{statements:#?}");
    for statement in statements {
        let (sql, _) = statement.split_once("-- binds").unwrap();
        let plan = world.database.plan(sql);
        assert!(
            plan.iter()
                .any(|step| step.contains("customers_name_search_id (name_search>? AND name_search<?)")),
            "{plan:#?}"
        );
        assert!(
            !plan.iter().any(|step| step.starts_with("SCAN customers")),
            "{plan:#?}"
        );
    }
}

on_both!(names_are_found_by_whatever_they_begin_with, |world| async {
    let root = world.root().await;
    let names = [
        "Rossi",
        "Rossini",
        "Rosti",
        "ROSSJ",
        "a%b",
        "aXb",
        "a_c",
        "a!d",
        "zz\u{d7ff}x",
        "zz\u{e000}",
        "zz\u{10ffff}",
        "zz\u{10ffff}b",
        "zzz",
        "日本",
        "日本語",
        "😀a",
        "😀b",
    ];
    for name in names {
        world
            .post("/api/admin/clienti", &root, json!({"nome": name}))
            .await
            .expect(201);
    }
    for search in [
        "ross",
        "rossi",
        "ROSSJ",
        "a%",
        "a_",
        "a!",
        "zz",
        "zz\u{d7ff}",
        "zz\u{e000}",
        "zz\u{10ffff}",
        "日本",
        "日本語",
        "😀",
        "\u{10ffff}",
    ] {
        let wanted = sigillo::domain::text::searchable(search);
        let mut expected: Vec<&str> = names
            .into_iter()
            .filter(|name| sigillo::domain::text::searchable(name).starts_with(&wanted))
            .collect();
        let query: String = search.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let reply = world
            .get(&format!("/api/admin/clienti?q={query}"), &root)
            .await
            .expect(200);
        let mut found: Vec<&str> = reply.body["dati"]
            .as_array()
            .unwrap()
            .iter()
            .map(|customer| customer["nome"].as_str().unwrap())
            .collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{search:?}");
    }
});

// --- Databases that must not be used.

/// What the program says when it refuses to start.
#[track_caller]
fn refusal(installation: &Installation) -> String {
    let output = installation.run(&["migrate"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_mariadb_server_that_could_lose_what_was_acknowledged_is_refused() {
    let mut mariadbd = MariaDbd::new(&["--innodb-flush-log-at-trx-commit=2"]);
    let installation = Installation::new(Database::mariadb_on(mariadbd.url()));
    let said = refusal(&installation);
    assert!(said.contains("innodb_flush_log_at_trx_commit is not 1"), "{said}");
    for (option, sentence) in [
        ("--innodb-doublewrite=0", "innodb_doublewrite is off"),
        (
            "--default-storage-engine=Aria",
            "default_storage_engine is not InnoDB",
        ),
    ] {
        mariadbd.kill();
        mariadbd.start(&[option]);
        let said = refusal(&installation);
        assert!(said.contains(sentence), "{said}");
    }
    mariadbd.kill();
    mariadbd.start(&[]);
    installation.done(&["migrate"], "");
}

fn a_database_of_a_newer_program_is_refused(database: Database) {
    let installation = Installation::new(database);
    installation.done(&["migrate"], "");
    let newer = "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('29990101000000', '2026-01-01 00:00:00')";
    installation.database.execute(newer).unwrap();
    let said = refusal(&installation);
    assert!(
        said.contains("newer version of this program (migration 29990101000000)"),
        "{said}"
    );
}

#[test]
fn a_database_of_a_newer_program_is_refused_on_sqlite() {
    a_database_of_a_newer_program_is_refused(Database::sqlite());
}

#[test]
fn a_database_of_a_newer_program_is_refused_on_mariadb() {
    a_database_of_a_newer_program_is_refused(Database::mariadb());
}

fn a_secret_that_did_not_seal_the_keys_is_refused(database: Database) {
    let mut installation = Installation::new(database);
    let root = installation.root();
    let server = installation.serve();
    server.caller().keys(&root, 1, 1);
    server.kill();
    let right = installation.environment.clone();
    for (environment, sentence) in [
        (vec![], "secret_key is not set"),
        (
            vec![("ROCKET_SECRET_KEY", "07".repeat(31) + "08")],
            "is not the one that sealed the keys",
        ),
        (
            vec![("ROCKET_SECRET_KEY", "BwcHBwcHBw==".into())],
            "secret_key must be at least 32 bytes",
        ),
    ] {
        installation.environment = environment;
        let said = refusal(&installation);
        assert!(said.contains(sentence), "{said}");
        assert!(!installation.folder.path().join("secret.key").exists());
    }
    installation.environment = right;
    installation.done(&["migrate"], "");
    // The same secret, spelt in hexadecimal.
    installation.environment = vec![("ROCKET_SECRET_KEY", "07".repeat(32))];
    installation.done(&["migrate"], "");
}

#[test]
fn a_secret_that_did_not_seal_the_keys_is_refused_on_sqlite() {
    a_secret_that_did_not_seal_the_keys_is_refused(Database::sqlite());
}

#[test]
fn a_secret_that_did_not_seal_the_keys_is_refused_on_mariadb() {
    a_secret_that_did_not_seal_the_keys_is_refused(Database::mariadb());
}

#[test]
fn the_profile_that_is_named_is_the_one_that_is_read() {
    let mut installation = Installation::new(Database::sqlite());
    let file = installation.folder.path().join("Rocket.toml");
    std::fs::write(
        file,
        "[default]\nlanguage = \"it\"\n[collaudo]\nlanguage = \"xx\"\n",
    )
    .unwrap();
    installation.done(&["migrate"], "");
    installation
        .environment
        .push(("ROCKET_PROFILE", "collaudo".into()));
    let said = refusal(&installation);
    assert!(said.contains("language must be `it` or `en`"), "{said}");
}

// --- Values come back as they were given (D19, D20).

fn product(code: &str) -> Product {
    Product {
        rules: Rules {
            id: ProductId::new(),
            code: code.to_owned(),
            name: code.to_owned(),
            version: "1".into(),
            offline_days: 14,
            offline_unlimited: false,
            grace_days: 30,
            pending_days: 14,
            release_max: 2,
            release_days: 30,
            properties: serde_json::Map::new(),
            signing_key_id: SigningKeyId::new(),
        },
        description: String::new(),
        license_kinds: vec![LicenseKind::Subscription],
        base_price_cents: 0,
        currency: "EUR".into(),
        trial_days: 30,
        period_months: 12,
        start_rule: StartRule::Activation,
        created_at: instant("2026-11-23T10:00:00"),
        revision: 1,
    }
}

/// Stores a product and gives it as it is read.
async fn stored(world: &World, product: Product) -> Product {
    let (id, shown) = (product.rules.id, format!("{product:?}"));
    operate(world, move |tx| {
        assert!(products::insert(tx, &product)?);
        Ok(Done::changed(
            (),
            Event::node(EventKind::ProductCreated, NodeId::VENDOR),
        ))
    })
    .await
    .unwrap_or_else(|error| panic!("{error}: {shown}"));
    world.app.db.read(move |tx| products::get(tx, id)).await.unwrap()
}

on_both!(texts_of_every_length_come_back, |world| async {
    let alphabets = [
        "a",
        "è",
        "日",
        "😀",
        "e\u{301}",
        "\u{0}b",
        "'\"\\%_;--",
        "\r\n\t ",
    ];
    let mut n = 0;
    for alphabet in alphabets {
        for length in [
            0, 1, 2, 127, 128, 253, 254, 255, 256, 257, 1_023, 4_096, 16_383, 16_384, 60_000,
        ] {
            let text: String = alphabet.chars().cycle().take(length).collect();
            let mut sent = product(&format!("P{n}"));
            n += 1;
            sent.description.clone_from(&text);
            sent.rules.name = text.chars().take(200).collect();
            sent.rules
                .properties
                .insert("testo".into(), Value::String(text.clone()));
            let name = sent.rules.name.clone();
            let got = stored(&world, sent).await;
            assert!(got.description == text, "{alphabet:?} × {length}");
            assert_eq!(got.rules.name, name);
            assert!(got.rules.properties["testo"] == text, "{alphabet:?} × {length}");
        }
    }
});

on_both!(numbers_and_instants_come_back_to_their_limits, |world| async {
    for (n, cents) in [0, 1, -1, i64::MAX, i64::MIN, i64::from(i32::MAX) + 1, 1 << 53]
        .into_iter()
        .enumerate()
    {
        let sent = Product {
            base_price_cents: cents,
            ..product(&format!("C{n}"))
        };
        assert_eq!(stored(&world, sent).await.base_price_cents, cents);
    }
    for (n, days) in [0, 1, -1, i32::MAX, i32::MIN].into_iter().enumerate() {
        let sent = Product {
            trial_days: days,
            ..product(&format!("D{n}"))
        };
        assert_eq!(stored(&world, sent).await.trial_days, days);
    }
    for (n, text) in [
        "1970-01-01T00:00:00",
        "1970-01-01T00:00:00.000001",
        "2026-03-29T02:30:00",
        "2026-10-25T02:30:00.5",
        "2028-02-29T23:59:59.999999",
        "2038-01-19T03:14:07.999999",
        "2038-01-19T03:14:08",
        "9998-12-31T23:59:59.999999",
    ]
    .into_iter()
    .enumerate()
    {
        let sent = Product {
            created_at: instant(text),
            ..product(&format!("I{n}"))
        };
        assert_eq!(stored(&world, sent).await.created_at, instant(text), "{text}");
    }
});

on_both!(a_token_that_ends_after_2038_ends, |world| async {
    world.root().await;
    let new = create_token::New {
        email: "root@example.it".into(),
        name: "lungo".into(),
        read_only: true,
        days: Some(36_500),
    };
    let permit = Permit::ask(&Actor::operator()).unwrap();
    create_token::create_token(&world.app, permit, new).await.unwrap();
    let ends = "api_tokens WHERE name = 'lungo' AND expires_at > '2100-01-01 00:00:00'";
    assert_eq!(count(&world, ends), 1);
});

on_both!(days_nulls_case_and_blanks_come_back, |world| async {
    let owner = stored(&world, product("P")).await.rules.id;
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let days = [
        day(1970, 1, 1),
        day(2028, 2, 29),
        day(2038, 1, 20),
        day(9998, 12, 31),
    ];
    let texts = [
        "v1",
        "V1",
        "v1 ",
        " v1",
        "v1\u{a0}",
        "é1",
        "e\u{301}1",
        "e1",
        "1",
        "1.0",
        "١",
        "ß",
        "ss",
        "İ",
        "i",
        "😀",
    ];
    let sent: Vec<Version> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| Version {
            id: VersionId::new(),
            version: (*text).to_owned(),
            released_on: days[n % days.len()],
            notes: String::new(),
            url: [None, Some(String::new()), Some("https://example.it/è?a=1".into())][n % 3].clone(),
        })
        .collect();
    for version in sent.clone() {
        let text = version.version.clone();
        let added = operate(&world, move |tx| {
            let added = products::insert_version(tx, owner, &version)?;
            Ok(Done::changed(
                added,
                Event::node(EventKind::VersionPublished, NodeId::VENDOR),
            ))
        })
        .await
        .unwrap();
        assert!(added, "{text:?} was taken for another");
    }
    let got = world
        .app
        .db
        .read(move |tx| products::versions(tx, &[owner]))
        .await
        .unwrap();
    assert_eq!(got.len(), sent.len());
    for version in sent {
        let (_, kept) = got.iter().find(|(_, kept)| kept.id == version.id).unwrap();
        assert_eq!(
            (&kept.version, kept.released_on, &kept.url),
            (&version.version, version.released_on, &version.url)
        );
    }
});

on_both!(devices_are_told_apart_to_the_last_blank, |world| async {
    let root = world.root().await;
    world.product(&root).await;
    let long = "😀".repeat(255);
    let devices = [
        "D1", "d1", "D1 ", " D1", "D1\u{a0}", "É", "é", "e\u{301}", "E", "ß", "ss", "0", "00", &long,
    ];
    let order = json!({"numero_dispositivi": devices.len()});
    let (_, key) = world.issue(&root, order).await.remove(0);
    let body = |device: &str| json!({"chiave_licenza": key, "dispositivo": {"id": device}});
    let mut seen = Vec::new();
    for device in devices {
        let reply = world.call("/api/licenze/attiva", body(device)).await.expect(200);
        assert_eq!(
            reply.str("/esito"),
            "attivata",
            "{device:?} was taken for another"
        );
        assert_eq!(reply.str("/attivazione/dispositivo/id"), device);
        seen.push(reply.str("/attivazione/id"));
    }
    for (device, activation) in devices.iter().zip(&seen) {
        let reply = world.call("/api/licenze/attiva", body(device)).await.expect(200);
        assert_eq!(
            (reply.str("/esito"), &reply.str("/attivazione/id")),
            ("gia_attiva".into(), activation)
        );
        let valid = world.call("/api/licenze/valida", body(device)).await.expect(200);
        assert_eq!(valid.code(), "VALIDA");
    }
    world
        .call("/api/licenze/attiva", body("D2"))
        .await
        .refused(409, "DISPOSITIVI_ESAURITI");
    world
        .call("/api/licenze/attiva", body(&"😀".repeat(256)))
        .await
        .field("dispositivo.id", "TROPPO_LUNGO");
});
