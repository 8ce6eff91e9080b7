//! What happens by the clock: once, on whichever node, however time jumps and whoever dies.

mod engine;
mod others;
mod page;
mod program;
mod year;

use crate::support::World;
use chrono::Duration;
use serde_json::{Value, json};
use sigillo::{
    domain::jobs::{JobName, RunOutcome},
    jobs::timetable::{Worker, run_due, take, work},
};

/// Does what is due, as a node does, and holds that nothing failed.
async fn tick(world: &World) -> Vec<JobName> {
    let ran = run_due(&world.app, &Worker::new()).await.unwrap();
    for (job, outcome) in &ran {
        assert_eq!(*outcome, RunOutcome::Done, "{job}");
    }
    ran.into_iter().map(|(job, _)| job).collect()
}

/// Does one job, if it is due.
async fn only(world: &World, job: JobName) {
    let worker = Worker::new();
    if let Some(turn) = take(&world.app, job, &worker).await.unwrap() {
        assert_eq!(work(&world.app, turn, &worker).await.unwrap(), RunOutcome::Done);
    }
}

/// Moves the clock on by days.
fn days(world: &World, days: i64) {
    world.app.clock.advance(Duration::days(days));
}

/// All messages of a kind: to whom and what fills them in, in their order.
fn sent(world: &World, kind: &str) -> Vec<(String, Value)> {
    let to = world.database.texts(&format!(
        "SELECT recipient AS t FROM outbox WHERE kind = '{kind}' ORDER BY id"
    ));
    let mut mails = std::collections::BTreeMap::<String, std::vec::IntoIter<Value>>::new();
    to.into_iter()
        .flatten()
        .map(|to| {
            let mails = mails
                .entry(to.clone())
                .or_insert_with(|| world.mails(kind, &to).into_iter());
            let values = mails.next().unwrap();
            (to, values)
        })
        .collect()
}

/// How many messages of a kind there are.
fn count(world: &World, kind: &str) -> i64 {
    world
        .database
        .count(&format!("SELECT COUNT(*) AS n FROM outbox WHERE kind = '{kind}'"))
}

/// A subscription of a customer that ends on a day.
async fn until(world: &World, root: &str, customer: &str, day: &str) -> String {
    let body = json!({"cliente": customer, "data_scadenza": day});
    world.issue(root, body).await.remove(0).0
}

/// Sets a day of a licence beside the program.
fn set(world: &World, license: &str, column: &str, day: &str) {
    let id = license.replace('-', "");
    world
        .database
        .execute(&format!(
            "UPDATE licenses SET {column} = '{day}' WHERE id = X'{id}'"
        ))
        .unwrap();
}

/// Moves every licence so far away that nothing is told of it.
fn quiet(world: &World) {
    world
        .database
        .execute("UPDATE licenses SET expires_on = '2099-12-31' WHERE kind <> 'permanente'")
        .unwrap();
}
