//! What runs by the clock: how it went, when it runs next, and having it run now.

use crate::{
    domain::{
        access::{Action, Permit, may, right::*},
        error::Error,
        jobs::{JobName, LATE_AFTER, Timetable},
    },
    operations::{App, jobs::ask},
    store::jobs::{self, JobRow, RunRow},
    web::{
        form::{Form, Sent},
        messages,
        page::{Answer, Goto, Page},
        reader::Reader,
    },
};
use chrono::NaiveDateTime;
use rocket::{State, get, post};
use serde_json::{Map, Value, json};

/// Where they are.
const LIST: &str = "/attivita-pianificate";
/// Runs that are shown.
const RUNS: i64 = 40;

/// What runs by the clock.
#[get("/attivita-pianificate")]
pub(crate) async fn attivita_pianificate(
    app: &State<App>,
    permit: Permit<ReadJobs>,
    reader: Reader,
) -> Answer {
    let (rows, runs) = app
        .db
        .read(|tx| Ok((jobs::list(tx)?, jobs::runs(tx, RUNS)?)))
        .await?;
    let now = app.clock.now();
    let known: Vec<Value> = JobName::ALL
        .iter()
        .map(|job| {
            let row = rows.iter().find(|row| row.name == job.code());
            // Of the last run of each it is told why it failed.
            let last = runs
                .iter()
                .find(|run| run.job == job.code() && run.ended_at.is_some());
            shown(*job, row, last, now, &reader)
        })
        .collect();
    let shown = json!({
        "form": Form::new()?,
        "may_run": may(permit.actor(), Action::RunJob),
        "zone": app.zone.name(),
        "jobs": known,
        "runs": runs.iter().map(|row| run(row, now, &reader)).collect::<Vec<_>>(),
    });
    Page::new("pages/jobs/list", shown)?.reply()
}

/// How a job stands: one word.
fn state(row: Option<&JobRow>, now: NaiveDateTime) -> &'static str {
    match row {
        None => "new",
        Some(row) if row.is_running(now) => "running",
        Some(row) if row.failures > 0 => "failed",
        Some(row) if row.next_run_at + LATE_AFTER < now => "late",
        Some(row) if row.next_run_at <= now => "due",
        Some(row) if row.last_run_at.is_none() => "new",
        Some(_) => "good",
    }
}

fn shown(
    job: JobName,
    row: Option<&JobRow>,
    last: Option<&RunRow>,
    now: NaiveDateTime,
    reader: &Reader,
) -> Value {
    let state = state(row, now);
    json!({
        "name": job,
        "state": state,
        "when": when(job, reader),
        "last_at": row.and_then(|row| row.last_run_at),
        "last_outcome": row.and_then(|row| row.last_outcome.as_deref()),
        "took": row.and_then(|row| row.last_duration_ms).map(|ms| duration(ms, reader)),
        "next_at": row.map(|row| row.next_run_at),
        "running_since": row.and_then(|row| row.running_since),
        "owner": row.and_then(|row| row.lease_owner.as_deref()).map(short),
        "failures": row.map_or(0, |row| row.failures),
        "error": last.filter(|_| state == "failed").and_then(|run| run.error.as_deref()),
    })
}

/// Who does something, in short: a process has a long name.
fn short(owner: &str) -> String {
    let tail: Vec<char> = owner.chars().rev().take(6).collect();
    tail.into_iter().rev().collect()
}

/// When a job runs, in words.
fn when(job: JobName, reader: &Reader) -> String {
    let time = |hour: u32, minute: u32| format!("{hour:02}:{minute:02}");
    let (key, time, day) = match job.timetable() {
        Timetable::Hourly(minute) => ("jobs-hourly", format!("{minute:02}"), None),
        Timetable::Daily(hour, minute) => ("jobs-daily", time(hour, minute), None),
        Timetable::Weekly(day, hour, minute) => ("jobs-weekly", time(hour, minute), Some(day)),
    };
    let day = day.map(|day| reader.text(&format!("jobs-day-{}", day.num_days_from_monday())));
    messages::filled(
        reader.language,
        key,
        [("time", time.into()), ("day", day.unwrap_or_default().into())],
    )
}

fn duration(ms: i64, reader: &Reader) -> String {
    let (key, n) = match ms {
        ..1000 => ("jobs-milliseconds", ms),
        1000..120_000 => ("jobs-seconds", ms / 1000),
        _ => ("jobs-minutes", ms / 60_000),
    };
    messages::filled(reader.language, key, [("n", reader.number(n).into())])
}

fn run(row: &RunRow, now: NaiveDateTime, reader: &Reader) -> Value {
    let counts: Map<String, Value> = serde_json::from_str(&row.counts).unwrap_or_default();
    let counts: Vec<String> = counts
        .iter()
        .filter_map(|(what, n)| {
            let n = n.as_i64()?;
            let key = format!("jobs-count-{what}");
            Some(messages::filled(
                reader.language,
                &key,
                [("n", n.into()), ("number", reader.number(n).into())],
            ))
        })
        .collect();
    // A name of a version to come, or of one that was.
    let name = JobName::from_code(&row.job).map(|job| reader.text(&format!("job-{job}")));
    json!({
        "job": name.unwrap_or_else(|| row.job.clone()),
        "started_at": row.started_at,
        "took": row.duration_ms.map(|ms| duration(ms, reader)),
        "since": (now - row.started_at).num_seconds(),
        "outcome": row.outcome,
        "counts": counts,
        "error": row.error,
        "owner": short(&row.owner),
    })
}

/// Has a job run now.
#[post("/attivita-pianificate/<nome>/esegui", data = "<_sent>")]
pub(crate) async fn esegui(app: &State<App>, permit: Permit<RunJob>, nome: &str, _sent: Sent) -> Answer {
    let job = JobName::from_code(nome).ok_or(Error::NotFound)?;
    ask::ask(app, permit, job).await?;
    Goto::to(LIST).saying("jobs-asked").reply()
}

/// The jobs that fail, and those that are late: what `/pronto` and the first page tell.
pub(in crate::web) fn troubled(rows: &[JobRow], now: NaiveDateTime) -> (Vec<JobName>, Vec<JobName>) {
    let of = |wanted: &str| {
        JobName::ALL
            .iter()
            .copied()
            .filter(|job| {
                let row = rows.iter().find(|row| row.name == job.code());
                row.is_some() && state(row, now) == wanted
            })
            .collect()
    };
    (of("failed"), of("late"))
}
