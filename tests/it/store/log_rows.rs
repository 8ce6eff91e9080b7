//! Rows of the logs: queued, written in order, and in nobody's way.

use super::*;

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
