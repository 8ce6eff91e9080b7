//! Queues that are full, and answers that come too late.

use super::*;

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
