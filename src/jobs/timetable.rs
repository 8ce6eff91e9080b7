//! The timetable: what is due is begun by one of all nodes, worked through in batches, and written down (decision 0024).

use super::work;
use crate::{
    domain::{
        audit::Event,
        calendar,
        error::{Error, Result},
        ids::AnyId,
        jobs::{Counted, JobName, RunOutcome, Turn, retry_at},
    },
    operations::App,
    store::{
        WriteTx,
        jobs::{self, Counts},
    },
};
use chrono::{Duration, NaiveDate, NaiveDateTime};
use tokio::sync::watch;

/// How far beyond its next time a job may be put before that is a clock that was wrong.
const TOO_FAR: Duration = Duration::hours(1);

/// Who works by the timetable: a process, and whether it is told to end.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Names the process.
    pub owner: String,
    stop: Option<watch::Receiver<bool>>,
}

impl Worker {
    /// One that works until all that is due is done.
    pub fn new() -> Self {
        Self {
            owner: AnyId::new().to_string(),
            stop: None,
        }
    }

    /// One that ends between batches when it is told to.
    pub fn until(stop: watch::Receiver<bool>) -> Self {
        Self {
            stop: Some(stop),
            ..Self::new()
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self::new()
    }
}

/// Why a run did not come to its end.
#[derive(Debug)]
pub enum Halt {
    /// The program is told to end.
    Stopped,
    /// Somebody else has the job by now.
    Lost,
    /// Something went wrong.
    Failed(Error),
}

/// How some work of a run ended.
pub type Ended<T = ()> = std::result::Result<T, Halt>;

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A run of a job, in the hands of who does it.
pub struct Run {
    /// What it works with.
    pub app: App,
    turn: Turn,
    worker: Worker,
    counts: Counts,
}

impl Run {
    /// A run of a turn that was taken.
    pub fn new(app: &App, turn: Turn, worker: &Worker) -> Self {
        Self {
            app: app.clone(),
            turn,
            worker: worker.clone(),
            counts: Counts::new(),
        }
    }

    /// Now, UTC.
    pub fn now(&self) -> NaiveDateTime {
        self.app.clock.now()
    }

    /// The day that it is.
    pub fn today(&self) -> NaiveDate {
        calendar::today(self.now(), self.app.zone)
    }

    /// Works a batch in a transaction of its own, which begins by making sure that the turn still is ours.
    ///
    /// # Errors
    /// [`Halt`].
    pub async fn batch<T, F>(&self, mut work: F) -> Ended<T>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    {
        self.changing(move |tx| Ok((work(tx)?, Vec::new()))).await
    }

    /// The same for what changes tenants' data: with its events.
    ///
    /// # Errors
    /// [`Halt`].
    pub async fn changing<T, F>(&self, work: F) -> Ended<T>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteTx<'_>) -> Result<(T, Vec<Event>)> + Send + 'static,
    {
        if self.worker.is_stopped() {
            return Err(Halt::Stopped);
        }
        let done = self.app.db.in_turn(&self.turn, self.now(), work).await?;
        done.ok_or(Halt::Lost)
    }

    /// Counts what was done.
    pub fn count(&mut self, what: Counted, n: usize) {
        if n > 0 {
            *self.counts.entry(what).or_default() += i64::try_from(n).unwrap_or(i64::MAX);
        }
    }
}

/// Does all that is due, each job once: what became of each. Jobs that others do are left to them.
///
/// # Errors
/// Of the database. A job that fails is no error: it is written down, and tried again.
pub async fn run_due(app: &App, worker: &Worker) -> Result<Vec<(JobName, RunOutcome)>> {
    let mut ran = Vec::new();
    for job in due(app).await? {
        if worker.is_stopped() {
            break;
        }
        if let Some(turn) = take(app, job, worker).await? {
            ran.push((job, work(app, turn, worker).await?));
        }
    }
    Ok(ran)
}

/// Takes the turn at a job that is due and nobody's.
///
/// # Errors
/// Of the database.
pub async fn take(app: &App, job: JobName, worker: &Worker) -> Result<Option<Turn>> {
    let owner = worker.owner.clone();
    app.db
        .turns(app.clock.now(), move |turns| turns.take(job, &owner))
        .await
}

/// The jobs that are due and nobody's.
async fn due(app: &App) -> Result<Vec<JobName>> {
    let (now, zone) = (app.clock.now(), app.zone);
    let known = app.db.lookup(jobs::list).await?;
    let (mut due, mut new, mut astray) = (Vec::new(), Vec::new(), Vec::new());
    for job in JobName::ALL.iter().copied() {
        let Some(row) = known.iter().find(|row| row.name == job.code()) else {
            new.push(job);
            due.push(job);
            continue;
        };
        let next = job.timetable().next(now, zone);
        if row.next_run_at <= now {
            if !row.is_running(now) {
                due.push(job);
            }
        } else if row.next_run_at > next + TOO_FAR {
            astray.push((job, row.next_run_at, next));
        }
    }
    if !new.is_empty() || !astray.is_empty() {
        app.db
            .turns(now, move |turns| {
                turns.begin(&new)?;
                for (job, seen, next) in &astray {
                    turns.put_back(*job, *seen, *next)?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(due)
}

/// Works a turn through, and writes down how it ended.
///
/// # Errors
/// Of the database, where not even that could be written: the turn is over with its lease then.
pub async fn work(app: &App, turn: Turn, worker: &Worker) -> Result<RunOutcome> {
    let job = turn.job;
    let mut run = Run::new(app, turn.clone(), worker);
    let ended = work::of(job, &mut run).await;
    let now = app.clock.now();
    let next = job.timetable().next(now, app.zone);
    let (outcome, error, next) = match ended {
        Ok(()) => (RunOutcome::Done, None, next),
        Err(Halt::Stopped) => (RunOutcome::Cut, None, now),
        Err(Halt::Lost) => {
            tracing::warn!(%job, "a job took so long that somebody else took it over");
            return Ok(RunOutcome::Cut);
        }
        Err(Halt::Failed(error)) => {
            tracing::error!(%job, %error, "a job failed");
            let failures = turn.failures + 1;
            (
                RunOutcome::Failed,
                Some(error.to_string()),
                retry_at(failures, now, next),
            )
        }
    };
    let counts = run.counts;
    let ended = app
        .db
        .turns(now, move |turns| {
            turns.end(&turn, outcome, &counts, error.as_deref(), next)
        })
        .await?;
    // Whoever took it over meanwhile writes down how it ended.
    Ok(if ended { outcome } else { RunOutcome::Cut })
}
