//! The threads that write.
//!
//! SQLite takes one writer at a time and waits for the disk at each commit, so its thread commits together what
//! arrived meanwhile: a savepoint for each operation, one commit for all, the answers after it. There is no wait for
//! more to come: what arrives during one commit is the next batch. InnoDB groups commits by itself, so MariaDB has
//! several threads that each run one operation at a time, again where another transaction got in between.

use super::{
    connection::{Access, AnyConnection, Url},
    db::{Job, Message, Verdict},
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
    /// Of each row its place in the queue, which bounds how many wait at all.
    places: Vec<OwnedSemaphorePermit>,
    /// When the rows are to be written; none while none wait.
    due: Option<Instant>,
    /// Whether the last attempt to write rows failed.
    failed: bool,
    stop: bool,
}

impl Waiting {
    fn take(&mut self, message: Message) {
        match message {
            Message::Run(job) => self.jobs.push(job),
            Message::Log(row, place) => {
                self.rows.push(row);
                self.places.push(place);
                if self.rows.len() == LOG_BATCH && !self.failed {
                    self.due = Some(Instant::now());
                } else {
                    self.due.get_or_insert_with(|| Instant::now() + LOG_PATIENCE);
                }
            }
            Message::Stop => self.stop = true,
        }
    }

    /// Fills up from the queue: blocks for the first operation, or until log rows are to be written. However many of
    /// those wait, operations and the word to stop that stand behind them are heard.
    fn fill(&mut self, queue: &Receiver<Message>) {
        while self.jobs.is_empty() && !self.stop {
            let message = match self.due {
                None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => queue.recv_deadline(due),
            };
            match message {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => self.stop = true,
            }
        }
        while self.jobs.len() < BATCH {
            match queue.try_recv() {
                Ok(message) => self.take(message),
                Err(_) => break,
            }
        }
    }

    /// Takes all that is left in the queue, for the last attempt.
    fn drain(&mut self, queue: &Receiver<Message>) {
        while let Ok(message) = queue.try_recv() {
            self.take(message);
        }
    }

    /// How many log rows go into this commit, oldest first: none yet while they failed a moment ago.
    fn rows_for_now(&self) -> usize {
        if self.failed && self.due.is_some_and(|due| Instant::now() < due) {
            0
        } else {
            self.rows.len().min(LOG_BATCH)
        }
    }

    /// The first log rows are written: their places are free again.
    fn rows_written(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        self.rows.drain(..count);
        self.places.drain(..count);
        self.failed = false;
        // Those that are left waited while the others were written.
        self.due = (!self.rows.is_empty()).then(Instant::now);
    }

    /// The log rows could not be written: they stay, and are tried again a little later.
    fn rows_failed(&mut self, error: &Error) {
        // Said once, not twenty times a second.
        if !self.failed {
            tracing::error!(rows = self.rows.len(), %error, "log rows could not be written yet");
        }
        self.failed = true;
        self.due = Some(Instant::now() + LOG_PATIENCE);
    }
}

/// Serves SQLite until told to stop, or until nobody can ask any more.
pub(super) fn serve_sqlite(queue: &Receiver<Message>, url: &Url) {
    let mut waiting = Waiting::default();
    let mut slot = None;
    while !waiting.stop {
        waiting.fill(queue);
        let rows = waiting.rows_for_now();
        commit_batch(&mut slot, url, &mut waiting, rows);
    }
    waiting.drain(queue);
    let rows = waiting.rows.len();
    commit_batch(&mut slot, url, &mut waiting, rows);
}

/// Runs the operations that wait and writes the first `count` log rows, in one transaction, and answers everybody
/// once it is committed, or failed. Where the log rows alone cannot be written, the operations run without them.
fn commit_batch(slot: &mut Option<AnyConnection>, url: &Url, waiting: &mut Waiting, count: usize) {
    let mut jobs = std::mem::take(&mut waiting.jobs);
    jobs.retain(|job| job.is_wanted());
    if jobs.is_empty() && count == 0 {
        return;
    }
    let rows = waiting.rows.get(..count).unwrap_or_default();
    let committed = match try_batch(slot, url, &mut jobs, rows) {
        Ok(()) => {
            waiting.rows_written(count);
            Ok(())
        }
        Err(Undone::ByRows(error)) => {
            waiting.rows_failed(&error);
            try_batch(slot, url, &mut jobs, &[])
        }
        Err(Undone::ByAll(error)) => {
            if count > 0 {
                waiting.rows_failed(&error);
            }
            Err(Undone::ByAll(error))
        }
    };
    let why = committed
        .err()
        .map(|(Undone::ByAll(error) | Undone::ByRows(error))| error.to_string());
    for job in jobs {
        job.answer(why.clone().map(Error::Unavailable));
    }
}

/// Why nothing of a batch stands.
enum Undone {
    /// Its log rows could not be written.
    ByRows(Error),
    /// Something else of it.
    ByAll(Error),
}

/// Runs a batch in one transaction.
fn try_batch(
    slot: &mut Option<AnyConnection>,
    url: &Url,
    jobs: &mut [Box<dyn Job>],
    rows: &[LogRow],
) -> std::result::Result<(), Undone> {
    let mut undone: fn(Error) -> Undone = Undone::ByAll;
    let committed = connected(slot, url).and_then(|conn| {
        begin(conn)?;
        let mut settled = true;
        for job in jobs {
            // Those before it, or another process's lock, may have taken longer than anybody waits.
            if !job.is_wanted() {
                continue;
            }
            Tm::begin_transaction(conn)?;
            match job.run(conn, 0, settled) {
                Verdict::Commit => {
                    Tm::commit_transaction(conn)?;
                    settled = false;
                }
                // Where the savepoint is gone, SQLite gave up the whole transaction, and with it the batch.
                Verdict::Undo | Verdict::Failed(_) => Tm::rollback_transaction(conn)?,
            }
        }
        undone = Undone::ByRows;
        write_rows(conn, rows)?;
        undone = Undone::ByAll;
        Ok(Tm::commit_transaction(conn)?)
    });
    committed.map_err(|error| {
        // Whatever state the connection is in, closing it rolls back.
        *slot = None;
        undone(error)
    })
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
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn run(&mut self, conn: &mut AnyConnection, _attempt: u32, _settled: bool) -> Verdict {
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
            if !job.is_wanted() {
                continue;
            }
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
            let class = match begun_on(slot, url).and_then(|conn| try_once(conn, job, attempt)) {
                Ok(Verdict::Commit | Verdict::Undo) => return Ok(()),
                Ok(Verdict::Failed(class)) => class,
                Err(error) => match fault::class(&error) {
                    Some(Class::Again) => Class::Again,
                    Some(Class::Refused) => {
                        *slot = None;
                        return Err(fault::settle(error));
                    }
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

    /// A connection with a transaction begun. Nothing was done yet on one that turns out to be gone: another is opened,
    /// to another node where there are several.
    fn begun_on<'s>(slot: &'s mut Option<AnyConnection>, url: &Url) -> Result<&'s mut AnyConnection> {
        if let Some(conn) = slot
            && begin(conn).is_err()
        {
            *slot = None;
        }
        if slot.is_none() {
            begin(connected(slot, url)?)?;
        }
        connected(slot, url)
    }

    /// One run in the transaction that was begun. After an error it is over.
    fn try_once(conn: &mut AnyConnection, job: &mut dyn Job, attempt: u32) -> Result<Verdict> {
        let verdict = job.run(conn, attempt, true);
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
            let count = waiting.rows_for_now();
            write(&mut slot, url, &mut waiting, count);
        }
        waiting.drain(queue);
        let count = waiting.rows.len();
        write(&mut slot, url, &mut waiting, count);
    }

    fn write(slot: &mut Option<AnyConnection>, url: &Url, waiting: &mut Waiting, count: usize) {
        if count == 0 {
            return;
        }
        check(slot);
        let rows = waiting.rows.get(..count).unwrap_or_default();
        match connected(slot, url).and_then(|conn| write_rows(conn, rows)) {
            Ok(()) => waiting.rows_written(count),
            Err(error) => {
                *slot = None;
                waiting.rows_failed(&error);
            }
        }
    }
}
