//! What runs by the clock: whose turn a job is, and how it went (decision 0024).
//!
//! A turn is taken (owner, lease, fence), that is committed, then the work is done in batches. Each batch begins by saying
//! that it still is its turn, in the same transaction: whoever woke up after somebody else took the job writes nothing.

use super::{
    connection::MultiBackend,
    db::{Db, Done, Ran, ReadTx, WriteTx},
    fault,
    schema::{job_runs, jobs},
    sql_types::At,
};
use crate::domain::{
    actor::Actor,
    audit::Event,
    error::{Error, Result},
    ids::JobRunId,
    jobs::{Counted, JobName, LEASE, RunOutcome, Turn},
    text,
};
use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Characters of an error that are kept.
const ERROR_MAX: usize = 300;

/// What a run counted.
pub type Counts = BTreeMap<Counted, i64>;

/// A job as it stands.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = jobs, check_for_backend(MultiBackend))]
pub struct JobRow {
    /// Which.
    pub name: String,
    /// Who works on it.
    pub lease_owner: Option<String>,
    /// Until when, without a sign of life, UTC.
    pub lease_until: Option<NaiveDateTime>,
    /// When it runs next, UTC.
    pub next_run_at: NaiveDateTime,
    /// When it ran last, UTC.
    pub last_run_at: Option<NaiveDateTime>,
    /// For how long.
    pub last_duration_ms: Option<i64>,
    /// How that ended.
    pub last_outcome: Option<String>,
    /// Since when it runs, UTC.
    pub running_since: Option<NaiveDateTime>,
    /// How often it failed in a row.
    pub failures: i32,
}

impl JobRow {
    /// Whether somebody works on it.
    pub fn is_running(&self, now: NaiveDateTime) -> bool {
        self.lease_until.is_some_and(|until| until > now)
    }
}

/// A run of a job.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = job_runs, check_for_backend(MultiBackend))]
pub struct RunRow {
    /// Which.
    pub id: JobRunId,
    /// Of which job.
    pub job: String,
    /// By whom.
    pub owner: String,
    /// Since when, UTC.
    pub started_at: NaiveDateTime,
    /// Until when, UTC.
    pub ended_at: Option<NaiveDateTime>,
    /// For how long.
    pub duration_ms: Option<i64>,
    /// How it ended.
    pub outcome: Option<String>,
    /// What it counted, a JSON object.
    pub counts: String,
    /// Why it failed.
    pub error: Option<String>,
}

/// All jobs that ever ran.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>) -> Result<Vec<JobRow>> {
    Ok(jobs::table
        .order(jobs::name)
        .select(JobRow::as_select())
        .load(tx.conn)?)
}

/// The newest runs of all jobs.
///
/// # Errors
/// Of the database.
pub fn runs(tx: &mut ReadTx<'_>, limit: i64) -> Result<Vec<RunRow>> {
    Ok(job_runs::table
        .order(job_runs::id.desc())
        .limit(limit)
        .select(RunRow::as_select())
        .load(tx.conn)?)
}

/// Has a job run now: whoever looks next takes it.
///
/// # Errors
/// [`Again`](fault::Class::Again) where another node saw it for the first time meanwhile.
pub fn ask(tx: &mut WriteTx<'_>, job: JobName) -> Result<()> {
    let now = tx.now();
    let changed = diesel::update(jobs::table.find(job.code()))
        .set(jobs::next_run_at.eq(At(now)))
        .execute(tx.conn)?;
    if changed == 0 {
        first_seen(tx, job, now)?;
    }
    Ok(())
}

/// Has a job that was never seen before run for the first time at an instant.
///
/// # Errors
/// [`Again`](fault::Class::Again) where another node saw it meanwhile.
pub fn first_seen(tx: &mut WriteTx<'_>, job: JobName, at: NaiveDateTime) -> Result<()> {
    let inserted = diesel::insert_into(jobs::table)
        .values((jobs::name.eq(job.code()), jobs::next_run_at.eq(At(at))))
        .execute(tx.conn);
    if fault::is_taken(&inserted) {
        return Err(fault::again());
    }
    inserted?;
    Ok(())
}

impl Db {
    /// Takes a turn, or notes how one ended. Each run is its own record, and the closure can change nothing else.
    ///
    /// # Errors
    /// What the closure gives; otherwise as [`operation`](Self::operation).
    pub async fn turns<T, F>(&self, now: NaiveDateTime, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Turns<'_, '_>) -> Result<T> + Send + 'static,
    {
        self.run(&Actor::system(), now, move |tx| {
            work(&mut Turns(tx)).map(Ran::Counted)
        })
        .await
    }

    /// Works a batch of somebody's turn, and renews the lease: none where the turn is over. What changes tenants' data
    /// comes with its events; messages and what is technical are their own record.
    ///
    /// # Errors
    /// What the closure gives; otherwise as [`operation`](Self::operation).
    pub async fn in_turn<T, F>(&self, turn: &Turn, now: NaiveDateTime, mut work: F) -> Result<Option<T>>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteTx<'_>) -> Result<(T, Vec<Event>)> + Send + 'static,
    {
        let turn = turn.clone();
        self.run(&Actor::system(), now, move |tx| {
            // First, so that on a cluster two who both think it theirs meet here.
            if !renew(tx, &turn)? {
                return Ok(Ran::Done(Done::Unchanged(None)));
            }
            let (value, events) = work(tx)?;
            Ok(match events.is_empty() {
                true => Ran::Counted(Some(value)),
                false => Ran::Done(Done::Changed(Some(value), events)),
            })
        })
        .await
    }
}

fn renew(tx: &mut WriteTx<'_>, turn: &Turn) -> Result<bool> {
    let until = tx.now() + LEASE;
    let guard = jobs::table
        .find(turn.job.code())
        .filter(jobs::fence.eq(turn.fence))
        .filter(jobs::lease_owner.eq(&turn.owner));
    Ok(diesel::update(guard)
        .set(jobs::lease_until.eq(At(until)))
        .execute(tx.conn)?
        == 1)
}

/// The timetable, in the hands of who works by it.
pub struct Turns<'t, 'c>(&'t mut WriteTx<'c>);

impl Turns<'_, '_> {
    /// Notes jobs that were never seen before: each is due at once.
    ///
    /// # Errors
    /// [`Again`](fault::Class::Again) where another node got in between.
    pub fn begin(&mut self, names: &[JobName]) -> Result<()> {
        for name in names {
            let known: Option<String> = jobs::table
                .find(name.code())
                .select(jobs::name)
                .first(self.0.conn)
                .optional()?;
            // Another node may have been quicker.
            if known.is_none() {
                let now = self.0.now();
                first_seen(self.0, *name, now)?;
            }
        }
        Ok(())
    }

    /// Puts a job's next run where it belongs, if it still is where it was seen: a clock that was wrong put it too far.
    ///
    /// # Errors
    /// Of the database.
    pub fn put_back(&mut self, job: JobName, seen: NaiveDateTime, next: NaiveDateTime) -> Result<()> {
        diesel::update(
            jobs::table
                .find(job.code())
                .filter(jobs::next_run_at.eq(At(seen))),
        )
        .set(jobs::next_run_at.eq(At(next)))
        .execute(self.0.conn)?;
        Ok(())
    }

    /// Takes the turn at a job that is due and nobody's.
    ///
    /// # Errors
    /// Of the database.
    pub fn take(&mut self, job: JobName, owner: &str) -> Result<Option<Turn>> {
        let now = self.0.now();
        let found: Option<(i64, i32)> = jobs::table
            .find(job.code())
            .select((jobs::fence, jobs::failures))
            .first(self.0.conn)
            .optional()?;
        let Some((fence, failures)) = found else {
            return Ok(None);
        };
        let free = jobs::lease_until.is_null().or(jobs::lease_until.le(At(now)));
        let guard = jobs::table
            .find(job.code())
            .filter(jobs::fence.eq(fence))
            .filter(jobs::next_run_at.le(At(now)))
            .filter(free);
        let taken = diesel::update(guard)
            .set((
                jobs::fence.eq(fence + 1),
                jobs::lease_owner.eq(owner),
                jobs::lease_until.eq(At(now + LEASE)),
                jobs::running_since.eq(At(now)),
            ))
            .execute(self.0.conn)?;
        if taken == 0 {
            return Ok(None);
        }
        let died = job_runs::table.filter(job_runs::job.eq(job.code()).and(job_runs::ended_at.is_null()));
        diesel::update(died)
            .set((
                job_runs::ended_at.eq(At(now)),
                job_runs::outcome.eq(RunOutcome::Cut.code()),
            ))
            .execute(self.0.conn)?;
        let turn = Turn {
            job,
            owner: owner.to_owned(),
            fence: fence + 1,
            run: JobRunId::at(now),
            since: now,
            failures,
        };
        diesel::insert_into(job_runs::table)
            .values((
                job_runs::id.eq(turn.run),
                job_runs::job.eq(job.code()),
                job_runs::owner.eq(owner),
                job_runs::started_at.eq(At(now)),
                job_runs::counts.eq("{}"),
            ))
            .execute(self.0.conn)?;
        Ok(Some(turn))
    }

    /// Notes how a turn ended, and when the job runs next: false where the turn was over already.
    ///
    /// # Errors
    /// Of the database.
    pub fn end(
        &mut self,
        turn: &Turn,
        outcome: RunOutcome,
        counts: &Counts,
        error: Option<&str>,
        next: NaiveDateTime,
    ) -> Result<bool> {
        let now = self.0.now();
        let took = (now - turn.since).max(Duration::zero()).num_milliseconds();
        let failures = match outcome {
            RunOutcome::Done => 0,
            RunOutcome::Failed => turn.failures + 1,
            RunOutcome::Cut => turn.failures,
        };
        let guard = jobs::table
            .find(turn.job.code())
            .filter(jobs::fence.eq(turn.fence))
            .filter(jobs::lease_owner.eq(&turn.owner));
        let ended = diesel::update(guard)
            .set((
                jobs::lease_owner.eq(None::<String>),
                jobs::lease_until.eq(None::<At>),
                jobs::running_since.eq(None::<At>),
                jobs::last_run_at.eq(At(turn.since)),
                jobs::last_duration_ms.eq(took),
                jobs::last_outcome.eq(outcome.code()),
                jobs::failures.eq(failures),
                jobs::next_run_at.eq(At(next)),
            ))
            .execute(self.0.conn)?;
        if ended == 0 {
            return Ok(false);
        }
        let counts: BTreeMap<&str, i64> = counts.iter().map(|(what, n)| (what.code(), *n)).collect();
        diesel::update(job_runs::table.find(turn.run))
            .set((
                job_runs::ended_at.eq(At(now)),
                job_runs::duration_ms.eq(took),
                job_runs::outcome.eq(outcome.code()),
                job_runs::counts.eq(serde_json::to_string(&counts).map_err(Error::internal)?),
                job_runs::error
                    .eq(error.map(|why| text::clean(why).chars().take(ERROR_MAX).collect::<String>())),
            ))
            .execute(self.0.conn)?;
        Ok(true)
    }
}
