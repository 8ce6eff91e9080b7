//! Whose turn a job is: one node's, until it is done or its lease is over.

use super::{count, days, quiet, tick, until};
use crate::{
    on_both,
    support::{World, rounds},
};
use chrono::{Duration, NaiveDateTime};
use futures::future::join_all;
use serde_json::json;
use sigillo::{
    domain::jobs::{JobName, LEASE, RunOutcome, Turn},
    jobs::timetable::{Run, Worker, run_due, take, work},
    operations::App,
    store::jobs,
};
use tokio::sync::watch;

const JOB: JobName = JobName::ExpiryReminders;
const MAIL: &str = "promemoria_scadenza";

/// Customers with a licence each that ends within thirty days.
async fn customers(world: &World, n: usize) {
    world.clock_to("2027-03-01T09:00:00Z", 0);
    let cast = world.cast().await;
    quiet(world);
    let day = "2027-03-21";
    for n in 0..n {
        let body =
            json!({"nome": format!("C{n}"), "email": format!("c{n}@example.com"), "azienda": cast.alfa.id});
        let id = world
            .post("/api/admin/clienti", &cast.root, body)
            .await
            .expect(201)
            .str("/id");
        until(world, &cast.root, &id, day).await;
    }
}

/// Another program on the same database, at the same time of day.
async fn other(world: &World) -> App {
    let app = world.second().await;
    app.clock.advance(world.app.clock.now() - app.clock.now());
    app
}

fn state(world: &World) -> (String, i64) {
    let text = world
        .database
        .texts("SELECT last_outcome AS t FROM jobs WHERE name = 'promemoria_scadenza'");
    let failures = world
        .database
        .count("SELECT failures AS n FROM jobs WHERE name = 'promemoria_scadenza'");
    (text[0].clone().unwrap_or_default(), failures)
}

fn next(world: &World) -> NaiveDateTime {
    let text = world
        .database
        .texts("SELECT CAST(next_run_at AS CHAR(26)) AS t FROM jobs WHERE name = 'promemoria_scadenza'");
    text[0]
        .as_ref()
        .unwrap()
        .parse::<NaiveDateTime>()
        .unwrap_or_else(|_| {
            NaiveDateTime::parse_from_str(text[0].as_ref().unwrap(), "%Y-%m-%d %H:%M:%S%.f").unwrap()
        })
}

on_both!(three_runners_at_once_tell_everybody_once, |world| {
    async move {
        let people = rounds(60, 400);
        customers(&world, people).await;
        let apps = [world.app.clone(), other(&world).await, other(&world).await];
        let mut effects = 0;
        for day in 0..rounds(5, 25) {
            let nodes = apps.iter().map(|app| async move {
                let mut ran = Vec::new();
                for _ in 0..3 {
                    ran.extend(run_due(app, &Worker::new()).await.unwrap());
                }
                ran
            });
            let ran: Vec<_> = join_all(nodes).await.into_iter().flatten().collect();
            for job in JobName::ALL {
                let times = ran.iter().filter(|(name, _)| name == job).count();
                assert!(times <= 1, "{job} ran {times} times on day {day}");
            }
            effects += people;
            assert_eq!(count(&world, MAIL), i64::try_from(effects).unwrap());
            // Everything is renewed into the same distance, and the next day comes.
            world
                .database
                .execute(&format!(
                    "UPDATE licenses SET expires_on = '2027-{:02}-{:02}' WHERE expires_on < '2099-01-01'",
                    3 + (21 + day) / 28,
                    (21 + day) % 28 + 1
                ))
                .unwrap();
            for app in &apps {
                app.clock.advance(Duration::days(1));
            }
        }
        let doubles = world.database.count(
            "SELECT COUNT(*) AS n FROM (SELECT recipient FROM outbox WHERE kind = 'promemoria_scadenza' \
             GROUP BY recipient HAVING COUNT(*) <> (SELECT COUNT(*) FROM job_runs WHERE job = 'promemoria_scadenza')) AS d",
        );
        assert_eq!(doubles, 0);
    }
});

on_both!(who_dies_half_way_is_followed_once_the_lease_is_over, |world| {
    async move {
        let people = 60;
        customers(&world, people).await;
        let second = other(&world).await;
        tick(&world).await;
        assert_eq!(count(&world, MAIL), 60);
        world
            .database
            .execute("UPDATE licenses SET expires_on = '2027-03-24' WHERE expires_on < '2099-01-01'")
            .unwrap();
        for app in [&world.app, &second] {
            app.clock.advance(Duration::days(1));
        }
        // It does a part, and is gone.
        let dying = Worker::new();
        let turn = take(&world.app, JOB, &dying).await.unwrap().unwrap();
        let (app, task_turn) = (world.app.clone(), turn.clone());
        let task = tokio::spawn(async move { work(&app, task_turn, &Worker::new()).await });
        while count(&world, MAIL) == 60 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        task.abort();
        let _ = task.await;
        // What stands is whole batches, each with its rows.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let half = count(&world, MAIL);
        assert!(half > 60, "{half}");
        if half == 120 {
            // So quick that nothing was left: nothing to show here, but for what follows.
            assert_eq!(
                world
                    .database
                    .count("SELECT COUNT(*) AS n FROM reminders WHERE kind = 'promemoria_scadenza'"),
                120
            );
        }
        assert!(
            take(&second, JOB, &Worker::new()).await.unwrap().is_none(),
            "its lease stands"
        );
        second.clock.advance(LEASE + Duration::seconds(1));
        let follower = Worker::new();
        let next = take(&second, JOB, &follower).await.unwrap();
        // Unless it came to its end after all.
        if let Some(next) = next {
            assert_eq!(next.fence, turn.fence + 1);
            assert_eq!(work(&second, next, &follower).await.unwrap(), RunOutcome::Done);
        }
        assert_eq!(count(&world, MAIL), 120);
        let twice = world.database.count(
            "SELECT COUNT(*) AS n FROM (SELECT recipient FROM outbox WHERE kind = 'promemoria_scadenza' \
             GROUP BY recipient HAVING COUNT(*) <> 2) AS d",
        );
        assert_eq!(twice, 0);
    }
});

on_both!(who_wakes_up_late_writes_nothing, |world| {
    async move {
        customers(&world, 30).await;
        let second = other(&world).await;
        let (late, quick) = (Worker::new(), Worker::new());
        // The timetable is looked at for the first time.
        world
            .app
            .db
            .turns(world.app.clock.now(), |turns| turns.begin(JobName::ALL))
            .await
            .unwrap();
        let turn = take(&world.app, JOB, &late).await.unwrap().unwrap();
        second.clock.advance(LEASE + Duration::seconds(1));
        let taken = take(&second, JOB, &quick).await.unwrap().unwrap();
        assert_eq!(taken.fence, turn.fence + 1);
        // It wakes up, and goes on where it was.
        assert_eq!(
            work(&world.app, turn.clone(), &late).await.unwrap(),
            RunOutcome::Cut
        );
        assert_eq!(count(&world, MAIL), 0, "an old fence writes nothing");
        assert!(batch(&world.app, &turn, &late).await.is_none());
        assert_eq!(work(&second, taken, &quick).await.unwrap(), RunOutcome::Done);
        assert_eq!(count(&world, MAIL), 30);
        // Nor does it after all is done.
        assert!(batch(&world.app, &turn, &late).await.is_none());
        assert_eq!(work(&world.app, turn, &late).await.unwrap(), RunOutcome::Cut);
        assert_eq!(count(&world, MAIL), 30);
        assert_eq!(state(&world), ("riuscito".to_owned(), 0));
        let runs = world
            .database
            .texts("SELECT outcome AS t FROM job_runs WHERE job = 'promemoria_scadenza' ORDER BY id");
        assert_eq!(runs, [Some("interrotto".to_owned()), Some("riuscito".to_owned())]);
    }
});

/// A batch that would ask for another job to be run.
async fn batch(app: &App, turn: &Turn, worker: &Worker) -> Option<()> {
    let run = Run::new(app, turn.clone(), worker);
    run.batch(|tx| jobs::ask(tx, JobName::Pruning)).await.ok()
}

on_both!(a_lease_is_renewed_while_work_goes_on, |world| {
    async move {
        customers(&world, 0).await;
        tick(&world).await;
        days(&world, 1);
        let worker = Worker::new();
        let turn = take(&world.app, JOB, &worker).await.unwrap().unwrap();
        for _ in 0..5 {
            world.app.clock.advance(LEASE - Duration::seconds(10));
            assert!(batch(&world.app, &turn, &worker).await.is_some());
            assert!(take(&world.app, JOB, &Worker::new()).await.unwrap().is_none());
        }
        // Whoever is told to end does so before the next batch, and what is left is due.
        let (stop, stopped) = watch::channel(false);
        let mut ending = Worker::until(stopped);
        ending.owner.clone_from(&worker.owner);
        stop.send(true).unwrap();
        assert!(batch(&world.app, &turn, &ending).await.is_none());
        assert!(run_due(&world.app, &ending).await.unwrap().is_empty());
    }
});

on_both!(what_fails_is_tried_again_after_pauses_and_says_why, |world| {
    async move {
        customers(&world, 3).await;
        // Messages cannot be sealed into a column that is gone.
        world
            .database
            .execute("ALTER TABLE outbox RENAME COLUMN payload TO gone")
            .unwrap();
        let worker = Worker::new();
        let mut pauses = Vec::new();
        for _ in 0..4 {
            let ran = run_due(&world.app, &worker).await.unwrap();
            let failed = ran.iter().find(|(job, _)| *job == JOB);
            assert_eq!(
                failed.map(|(_, outcome)| *outcome),
                Some(RunOutcome::Failed),
                "{ran:?}"
            );
            pauses.push((next(&world) - world.app.clock.now()).num_minutes());
            world
                .app
                .clock
                .advance(next(&world) - world.app.clock.now() + Duration::seconds(1));
        }
        assert_eq!(pauses, [0, 4, 14, 59]);
        assert_eq!(state(&world), ("fallito".to_owned(), 4));
        let ready = world.get("/pronto", "").await.expect(200);
        assert_eq!(
            ready.body["lavori_falliti"],
            json!(["promemoria_scadenza", "riepilogo_settimanale", "pulizia"])
        );
        world
            .database
            .execute("ALTER TABLE outbox RENAME COLUMN gone TO payload")
            .unwrap();
        tick(&world).await;
        assert_eq!(state(&world), ("riuscito".to_owned(), 0));
        assert_eq!(count(&world, MAIL), 3);
        let ready = world.get("/pronto", "").await.expect(200);
        assert_eq!(ready.body["lavori_falliti"], json!([]));
        // Nobody looks for days: late, until somebody does.
        days(&world, 3);
        let ready = world.get("/pronto", "").await.expect(200);
        assert_eq!(
            ready.body["lavori_in_ritardo"].as_array().unwrap().len(),
            JobName::ALL.len() - 1
        );
        tick(&world).await;
        let ready = world.get("/pronto", "").await.expect(200);
        assert_eq!(ready.body["lavori_in_ritardo"], json!([]));
    }
});

on_both!(what_was_missed_is_made_up_for_once, |world| {
    async move {
        customers(&world, 0).await;
        assert_eq!(tick(&world).await.len(), JobName::ALL.len());
        assert_eq!(tick(&world).await, []);
        days(&world, 40);
        assert_eq!(tick(&world).await.len(), JobName::ALL.len());
        assert_eq!(tick(&world).await, []);
        let runs = world.database.count("SELECT COUNT(*) AS n FROM job_runs");
        assert_eq!(runs, 2 * i64::try_from(JobName::ALL.len()).unwrap());
        // A clock that was a year ahead for a moment holds nobody up for a year.
        days(&world, 365);
        tick(&world).await;
        days(&world, -365);
        tick(&world).await;
        days(&world, 1);
        assert!(tick(&world).await.contains(&JOB));
    }
});
