//! Transactions that meet: run again, waited for, or unavailable.

use super::*;

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
