//! The threads that write.
//!
//! SQLite takes one writer at a time and waits for the disk at each commit, so its thread commits together what
//! arrived meanwhile: a savepoint for each operation, one commit for all, the answers after it. There is no wait for
//! more to come: what arrives during one commit is the next batch. InnoDB groups commits by itself, so MariaDB has
//! several threads that each run one operation at a time, again where another transaction got in between.

use super::{
    connection::{Access, AnyConnection, Url},
    db::{Job, Message, Verdict, WAITING_LOG_ROWS},
    fault::{self, Class},
    log::{self, LogRow},
};
use crate::domain::error::{Error, Result};
use crossbeam_channel::{Receiver, RecvTimeoutError};
use diesel::{
    Connection,
    connection::{AnsiTransactionManager, TransactionManager},
};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

type Tm = <AnyConnection as Connection>::TransactionManager;

/// Operations in one commit, at most.
const BATCH: usize = 64;
/// Log rows in one commit, at most.
const LOG_BATCH: usize = 512;
/// How long a log row waits for company.
const LOG_PATIENCE: Duration = Duration::from_millis(50);

/// What waits to be written.
#[derive(Default)]
struct Waiting {
    jobs: Vec<Box<dyn Job>>,
    rows: Vec<LogRow>,
    places: Vec<OwnedSemaphorePermit>,
    oldest: Option<Instant>,
    stop: bool,
}

impl Waiting {
    fn take(&mut self, message: Message) {
        match message {
            Message::Run(job) => self.jobs.push(job),
            Message::Log(row, place) => {
                self.rows.push(row);
                self.places.push(place);
                self.oldest.get_or_insert_with(Instant::now);
            }
            Message::Stop => self.stop = true,
        }
    }

    /// Fills up from the queue: blocks for the first operation, or until a log row has waited long enough.
    fn fill(&mut self, queue: &Receiver<Message>) {
        while self.jobs.is_empty() && !self.stop && self.rows.len() < LOG_BATCH {
            let message = match self.oldest {
                None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(oldest) => queue.recv_timeout(LOG_PATIENCE.saturating_sub(oldest.elapsed())),
            };
            match message {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => self.stop = true,
            }
        }
        while self.jobs.len() < BATCH && self.rows.len() < LOG_BATCH {
            match queue.try_recv() {
                Ok(message) => self.take(message),
                Err(_) => break,
            }
        }
    }

    /// The log rows are written: their places are free again.
    fn rows_written(&mut self) {
        self.rows.clear();
        self.places.clear();
        self.oldest = None;
    }

    /// The log rows could not be written: they stay for the next try, up to what may wait at all.
    fn rows_failed(&mut self, error: &Error) {
        tracing::error!(rows = self.rows.len(), %error, "log rows could not be written yet");
        self.oldest = Some(Instant::now());
        self.rows.truncate(WAITING_LOG_ROWS);
    }
}

/// Serves SQLite until told to stop, or until nobody can ask any more.
pub(super) fn serve_sqlite(queue: &Receiver<Message>, url: &Url) {
    let mut waiting = Waiting::default();
    let mut slot = None;
    while !waiting.stop {
        waiting.fill(queue);
        let jobs = std::mem::take(&mut waiting.jobs);
        if !jobs.is_empty() || !waiting.rows.is_empty() {
            commit_batch(&mut slot, url, jobs, &mut waiting);
        }
    }
    while let Ok(message) = queue.try_recv() {
        waiting.take(message);
    }
    let jobs = std::mem::take(&mut waiting.jobs);
    commit_batch(&mut slot, url, jobs, &mut waiting);
}

/// Runs a batch in one transaction and answers everybody once it is committed, or failed.
fn commit_batch(
    slot: &mut Option<AnyConnection>,
    url: &Url,
    mut jobs: Vec<Box<dyn Job>>,
    waiting: &mut Waiting,
) {
    let committed = connected(slot, url).and_then(|conn| {
        begin(conn)?;
        for job in &mut jobs {
            Tm::begin_transaction(conn)?;
            match job.run(conn, 0) {
                Verdict::Commit => Tm::commit_transaction(conn)?,
                // Where the savepoint is gone, SQLite gave up the whole transaction, and with it the batch.
                Verdict::Undo | Verdict::Failed(_) => Tm::rollback_transaction(conn)?,
            }
        }
        write_rows(conn, &waiting.rows)?;
        Ok(Tm::commit_transaction(conn)?)
    });
    match committed {
        Ok(()) => {
            waiting.rows_written();
            jobs.into_iter().for_each(|job| job.answer(None));
        }
        Err(error) => {
            // Whatever state the connection is in, closing it rolls back.
            *slot = None;
            if !waiting.rows.is_empty() {
                waiting.rows_failed(&error);
            }
            let why = error.to_string();
            jobs.into_iter()
                .for_each(|job| job.answer(Some(Error::Unavailable(why.clone()))));
        }
    }
}

/// Writes log rows, in a transaction or a savepoint. One that the database refuses for what it is, it would refuse
/// for ever, and all behind it would wait: it is dropped, and said. So is one that stands there already: its
/// connection was lost at a COMMIT that took effect.
fn write_rows(conn: &mut AnyConnection, rows: &[LogRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    match conn.transaction(|conn| log::insert(conn, rows)) {
        Err(error) if is_own_fault(&error) => {}
        written => return written,
    }
    for row in rows {
        match conn.transaction(|conn| log::insert(conn, std::slice::from_ref(row))) {
            Err(error) if is_own_fault(&error) => {
                tracing::error!(%error, "a log row was refused and is dropped");
            }
            written => written?,
        }
    }
    Ok(())
}

fn is_own_fault(error: &Error) -> bool {
    matches!(fault::class(error), Some(Class::Refused | Class::Bug))
}

fn connected<'s>(slot: &'s mut Option<AnyConnection>, url: &Url) -> Result<&'s mut AnyConnection> {
    if slot.is_none() {
        *slot = Some(url.open(Access::Write)?);
    }
    slot.as_mut().ok_or_else(|| Error::internal("no connection"))
}

/// SQLite must take its write lock up front: a transaction that begins by reading fails at once when it comes to
/// write and somebody else did, whatever the busy timeout.
fn begin(conn: &mut AnyConnection) -> Result<()> {
    match conn {
        AnyConnection::Sqlite(conn) => Ok(AnsiTransactionManager::begin_transaction_sql(
            conn,
            "BEGIN IMMEDIATE",
        )?),
        #[cfg(feature = "mariadb")]
        AnyConnection::Mysql(conn) => Ok(AnsiTransactionManager::begin_transaction(conn)?),
    }
}

/// A change that changes nothing: whether a write would be taken.
pub(super) struct Probe {
    reply: oneshot::Sender<Result<()>>,
    outcome: Option<Error>,
    _place: OwnedSemaphorePermit,
}

impl Probe {
    pub(super) fn new(reply: oneshot::Sender<Result<()>>, place: OwnedSemaphorePermit) -> Self {
        Self {
            reply,
            outcome: None,
            _place: place,
        }
    }
}

impl Job for Probe {
    fn run(&mut self, conn: &mut AnyConnection, _attempt: u32) -> Verdict {
        match log::probe(conn) {
            Ok(()) => {
                self.outcome = None;
                Verdict::Undo
            }
            Err(error) => {
                let class = fault::class(&error).unwrap_or(Class::Bug);
                self.outcome = Some(error);
                Verdict::Failed(class)
            }
        }
    }

    fn answer(self: Box<Self>, undone: Option<Error>) {
        let _ = self.reply.send(match self.outcome.or(undone) {
            None => Ok(()),
            Some(error) => Err(fault::settle(error)),
        });
    }
}

#[cfg(feature = "mariadb")]
pub(super) use mariadb::{serve_log, serve_mariadb};

#[cfg(feature = "mariadb")]
mod mariadb {
    use super::*;

    /// Runs of one operation, at most…
    const ATTEMPTS: u32 = 25;
    /// …within this time.
    const PATIENCE: Duration = Duration::from_secs(2);
    /// A connection that rested this long is tried before it is used.
    const RESTED: Duration = Duration::from_millis(500);

    /// Serves MariaDB, one operation at a time, until told to stop.
    pub(in crate::store) fn serve_mariadb(queue: &Receiver<Message>, url: &Url) {
        let mut slot = None;
        let mut used = Instant::now();
        while let Ok(Message::Run(mut job)) = queue.recv() {
            if used.elapsed() > RESTED {
                check(&mut slot);
            }
            let undone = run(&mut slot, url, &mut *job).err();
            used = Instant::now();
            job.answer(undone);
        }
    }

    /// Drops a connection that no longer answers.
    fn check(slot: &mut Option<AnyConnection>) {
        use diesel::connection::SimpleConnection;
        if slot
            .as_mut()
            .is_some_and(|conn| conn.batch_execute("DO 1").is_err())
        {
            *slot = None;
        }
    }

    /// Runs an operation to its end, again while it meets others. An error means that nothing of it stands, or (lost
    /// at COMMIT) that nobody knows.
    fn run(slot: &mut Option<AnyConnection>, url: &Url, job: &mut dyn Job) -> Result<()> {
        let begun = Instant::now();
        for attempt in 0.. {
            let class = match try_once(connected(slot, url)?, job, attempt) {
                Ok(Verdict::Commit | Verdict::Undo) => return Ok(()),
                Ok(Verdict::Failed(class)) => class,
                Err(error) => match fault::class(&error) {
                    Some(Class::Again) => Class::Again,
                    _ => {
                        *slot = None;
                        return Err(Error::Unavailable(error.to_string()));
                    }
                },
            };
            match class {
                Class::Again if attempt + 1 < ATTEMPTS && begun.elapsed() < PATIENCE => {
                    std::thread::sleep(pause(attempt))
                }
                Class::Again => return Err(Error::Unavailable("others kept getting in between".into())),
                Class::Lost => {
                    *slot = None;
                    return Err(Error::Unavailable(
                        "the connection to the database was lost".into(),
                    ));
                }
                Class::Full | Class::Refused | Class::Bug => return Ok(()),
            }
        }
        Ok(())
    }

    /// One run in one transaction. After an error the transaction is over.
    fn try_once(conn: &mut AnyConnection, job: &mut dyn Job, attempt: u32) -> Result<Verdict> {
        begin(conn)?;
        let verdict = job.run(conn, attempt);
        let ended = match verdict {
            Verdict::Commit => Tm::commit_transaction(conn),
            Verdict::Failed(Class::Lost) => return Ok(verdict),
            Verdict::Undo | Verdict::Failed(_) => Tm::rollback_transaction(conn),
        };
        ended.map(|()| verdict).map_err(Into::into)
    }

    /// Longer with each attempt, and never the same for two threads.
    fn pause(attempt: u32) -> Duration {
        let ceiling = 2_000_u64 << attempt.min(5);
        let noise = crate::domain::secrets::random::<2>().map_or(0, u16::from_le_bytes);
        Duration::from_micros(500 + u64::from(noise) % ceiling)
    }

    /// Writes log rows, several to a statement, until told to stop.
    pub(in crate::store) fn serve_log(queue: &Receiver<Message>, url: &Url) {
        let mut waiting = Waiting::default();
        let mut slot = None;
        while !waiting.stop {
            waiting.fill(queue);
            write(&mut slot, url, &mut waiting);
        }
        while let Ok(message) = queue.try_recv() {
            waiting.take(message);
        }
        write(&mut slot, url, &mut waiting);
    }

    fn write(slot: &mut Option<AnyConnection>, url: &Url, waiting: &mut Waiting) {
        if waiting.rows.is_empty() {
            return;
        }
        check(slot);
        match connected(slot, url).and_then(|conn| write_rows(conn, &waiting.rows)) {
            Ok(()) => waiting.rows_written(),
            Err(error) => {
                *slot = None;
                waiting.rows_failed(&error);
                std::thread::sleep(LOG_PATIENCE);
            }
        }
    }
}
