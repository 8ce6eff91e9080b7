//! Operations: what fails undoes itself alone, and every change has its record.

use super::*;

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
