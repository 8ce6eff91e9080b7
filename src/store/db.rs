//! The one way to the database: [`Db::read`], [`Db::lookup`] and [`Db::operation`].
//!
//! Each connection has a thread of its own, fed by a queue, so that no request waits for a connection pool and none
//! blocks an async worker. SQLite has one writer, which commits what waits together (`writer`); MariaDB has many.

pub use super::tx::{ReadTx, WriteTx};
use super::{
    audit,
    connection::{AnyConnection, Opener, Url},
    fault::{self, Class},
    log::{self, AccessEntry, LogRow},
    migrate,
    throttles::{self, Bucket},
    writer,
};
use crate::domain::{
    actor::Actor,
    audit::Event,
    error::{Error, Result},
};
use chrono::NaiveDateTime;
use crossbeam_channel::{Receiver, Sender};
use diesel::Connection;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Operations that may wait at once; more are told to come back.
const WAITING_OPERATIONS: usize = 1024;
/// Reads that may wait at once.
const WAITING_READS: usize = 1024;
/// Log rows that may wait at once.
const WAITING_LOG_ROWS: usize = 16_384;
/// How long a request waits for a place in the queue.
const QUEUE_PATIENCE: Duration = Duration::from_secs(5);

/// How an operation ended, where it ended well.
pub enum Done<T> {
    /// Something was changed, and these are its records: where many things were, one for each.
    Changed(T, Vec<Event>),
    /// Somebody came or went: the record of it is a row of the access log, good or refused.
    Accessed(T, Box<AccessEntry>),
    /// Nothing was to be changed. Whatever was written is undone.
    Unchanged(T),
}

impl<T> Done<T> {
    /// Something was changed.
    pub fn changed(value: T, event: Event) -> Self {
        Self::Changed(value, vec![event])
    }
}

/// What a run inside [`Operation`] gave.
pub(super) enum Ran<T> {
    Done(Done<T>),
    /// A throttle's counters moved, or a message: the changes without a record.
    Counted(T),
}

/// What an operation's run says of its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Commit,
    Undo,
    Failed(Class),
}

/// An operation in the queue.
pub(super) trait Job: Send {
    /// Whether somebody waits for the answer still.
    fn is_wanted(&self) -> bool;
    /// Runs inside a transaction that the caller began and ends.
    /// `settled` unless another job wrote something in the same transaction.
    fn run(&mut self, conn: &mut AnyConnection, attempt: u32, settled: bool) -> Verdict;
    /// Answers whoever waits: with what the run gave, or with why it does not stand.
    fn answer(self: Box<Self>, undone: Option<Error>);
}

struct Operation<T, F> {
    work: F,
    actor: Actor,
    now: NaiveDateTime,
    outcome: Option<Result<T>>,
    reply: Option<oneshot::Sender<Result<T>>>,
    _place: OwnedSemaphorePermit,
}

impl<T, F> Job for Operation<T, F>
where
    T: Send,
    F: FnMut(&mut WriteTx<'_>) -> Result<Ran<T>> + Send,
{
    fn is_wanted(&self) -> bool {
        self.reply.as_ref().is_some_and(|reply| !reply.is_closed())
    }

    fn run(&mut self, conn: &mut AnyConnection, attempt: u32, settled: bool) -> Verdict {
        let mut tx = WriteTx {
            read: ReadTx::new(conn, settled),
            attempt,
            now: self.now,
        };
        let ran = catch_unwind(AssertUnwindSafe(|| match (self.work)(&mut tx)? {
            Ran::Done(Done::Changed(value, events)) => {
                audit::record(&mut tx, &self.actor, &events).map(|()| (value, Verdict::Commit))
            }
            Ran::Done(Done::Accessed(value, entry)) => {
                log::insert_access(tx.conn, &entry).map(|()| (value, Verdict::Commit))
            }
            Ran::Done(Done::Unchanged(value)) => Ok((value, Verdict::Undo)),
            Ran::Counted(value) => Ok((value, Verdict::Commit)),
        }));
        match ran.unwrap_or_else(|_| Err(Error::internal("an operation panicked"))) {
            Ok((value, verdict)) => {
                self.outcome = Some(Ok(value));
                verdict
            }
            Err(error) => {
                let class = fault::class(&error);
                self.outcome = Some(Err(error));
                class.map_or(Verdict::Undo, Verdict::Failed)
            }
        }
    }

    fn answer(mut self: Box<Self>, undone: Option<Error>) {
        let ran = self
            .outcome
            .take()
            .unwrap_or_else(|| Err(Error::Unavailable("it never ran".into())));
        // A refusal stands whatever became of the batch; a success only if it was committed.
        let outcome = match (ran, undone) {
            (Ok(_), Some(error)) => Err(error),
            (outcome, _) => outcome.map_err(fault::settle),
        };
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(outcome);
        }
    }
}

/// What the writers' queue carries.
pub(super) enum Message {
    Run(Box<dyn Job>),
    Log(LogRow, OwnedSemaphorePermit),
    Stop,
}

type ReadJob = Box<dyn FnOnce(&mut Option<AnyConnection>, &Opener) + Send>;

/// The database.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    opener: Opener,
    readers: Sender<ReadJob>,
    operations: Sender<Message>,
    log: Sender<Message>,
    read_places: Arc<Semaphore>,
    operation_places: Arc<Semaphore>,
    log_places: Arc<Semaphore>,
    writers: Mutex<Vec<JoinHandle<()>>>,
    writer_count: usize,
    patience: Duration,
}

/// How many threads serve the database, and for how long they are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Threads {
    /// Readers.
    pub readers: usize,
    /// Writers; SQLite has one, whatever stands here.
    pub writers: usize,
    /// How long a request waits for its answer, once it stands in the queue.
    pub patience: Duration,
}

impl Threads {
    /// The patience of a program that serves.
    pub const PATIENCE: Duration = Duration::from_secs(30);
}

impl Db {
    /// Opens the database, brings its schema up to date and starts the threads that serve it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where it cannot be reached, [`Error::Internal`] with a sentence for the operator where
    /// it must not be used.
    pub fn open(url: &Url, threads: Threads) -> Result<Self> {
        migrate::run(url)?;
        let (readers, reader_queue) = crossbeam_channel::unbounded();
        let opener = Opener::new(url);
        for n in 0..threads.readers.max(1) {
            let (queue, opener) = (reader_queue.clone(), opener.clone());
            spawn(format!("reader-{n}"), move || serve_reads(&queue, &opener))?;
        }
        let (operations, operation_queue) = crossbeam_channel::unbounded();
        let mut writers = Vec::new();
        let (log, writer_count) = match url {
            Url::Sqlite(_) => {
                let url = url.clone();
                writers.push(spawn("writer".into(), move || {
                    writer::serve_sqlite(&operation_queue, &url)
                })?);
                (operations.clone(), 1)
            }
            #[cfg(feature = "mariadb")]
            Url::Mysql(_) => {
                let (log, log_queue) = crossbeam_channel::unbounded();
                for n in 0..threads.writers.max(1) {
                    let (queue, url) = (operation_queue.clone(), url.clone());
                    writers.push(spawn(format!("writer-{n}"), move || {
                        writer::serve_mariadb(&queue, &url)
                    })?);
                }
                let url = url.clone();
                writers.push(spawn("log".into(), move || writer::serve_log(&log_queue, &url))?);
                (log, threads.writers.max(1))
            }
        };
        Ok(Self {
            inner: Arc::new(Inner {
                opener,
                readers,
                operations,
                log,
                read_places: Arc::new(Semaphore::new(WAITING_READS)),
                operation_places: Arc::new(Semaphore::new(WAITING_OPERATIONS)),
                log_places: Arc::new(Semaphore::new(WAITING_LOG_ROWS)),
                writers: Mutex::new(writers),
                writer_count,
                patience: threads.patience,
            }),
        })
    }

    /// Reads in one transaction: all statements see the same moment.
    ///
    /// # Errors
    /// What the closure gives, or [`Error::Unavailable`]: also where the answer takes too long. On a lost connection
    /// the closure runs once more.
    pub async fn read<T, F>(&self, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut ReadTx<'_>) -> Result<T> + Send + 'static,
    {
        self.on_reader(move |conn| conn.transaction(|conn| work(&mut ReadTx::new(conn, true))))
            .await
    }

    /// Reads without a transaction: for one statement, or several that need not see the same moment.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn lookup<T, F>(&self, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut ReadTx<'_>) -> Result<T> + Send + 'static,
    {
        self.on_reader(move |conn| work(&mut ReadTx::new(conn, true)))
            .await
    }

    /// Runs one business operation: its changes and its audit record are committed together, or not at all, and the
    /// answer comes after the commit. The closure may run several times, so it has no effect outside `tx`.
    ///
    /// # Errors
    /// What the closure gives, or [`Error::Unavailable`] where the database cannot serve: nothing was done then, or
    /// (a connection lost at COMMIT, an answer that takes too long) it is not known whether it was.
    pub async fn operation<T, F>(&self, actor: &Actor, now: NaiveDateTime, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteTx<'_>) -> Result<Done<T>> + Send + 'static,
    {
        self.run(actor, now, move |tx| work(tx).map(Ran::Done)).await
    }

    /// Looks, and counts one try in each bucket that the look gives: in all of them, or in none where one is full.
    /// The counters change without a record, and the closure can change nothing else.
    ///
    /// # Errors
    /// What the closure gives; [`Error::TooMany`]; otherwise as [`operation`](Self::operation).
    pub async fn throttle<T, F>(&self, actor: &Actor, now: NaiveDateTime, mut look: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut ReadTx<'_>) -> Result<(T, Vec<Bucket>)> + Send + 'static,
    {
        self.run(actor, now, move |tx| {
            let (value, buckets) = look(tx)?;
            throttles::take(tx, buckets)?;
            Ok(Ran::Counted(value))
        })
        .await
    }

    pub(super) async fn run<T, F>(&self, actor: &Actor, now: NaiveDateTime, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteTx<'_>) -> Result<Ran<T>> + Send + 'static,
    {
        // Whatever way it came here: with somebody else's eyes nothing is changed.
        if actor.is_seen() {
            return Err(Error::Forbidden);
        }
        let answer = self.queue(actor, now, work).await?;
        self.answer(answer).await
    }

    /// Queues an operation, and gives where its answer will come.
    pub(super) async fn queue<T, F>(
        &self,
        actor: &Actor,
        now: NaiveDateTime,
        work: F,
    ) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteTx<'_>) -> Result<Ran<T>> + Send + 'static,
    {
        let place = enter(&self.inner.operation_places).await?;
        let (reply, answer) = oneshot::channel();
        let job = Operation {
            work,
            actor: actor.clone(),
            now,
            outcome: None,
            reply: Some(reply),
            _place: place,
        };
        self.inner
            .operations
            .send(Message::Run(Box::new(job)))
            .map_err(|_| stopped())?;
        Ok(answer)
    }

    /// Queues a row of the activation or access log. Rows are written in the order in which they came, together, a
    /// few milliseconds later; those that wait when the program is told to end are written before it does.
    ///
    /// # Errors
    /// [`Error::Unavailable`] while the queue stays full.
    pub async fn log(&self, row: LogRow) -> Result<()> {
        let place = enter(&self.inner.log_places).await?;
        self.inner
            .log
            .send(Message::Log(row, place))
            .map_err(|_| stopped())
    }

    /// Whether a change could be made now, and why not.
    pub async fn check(&self) -> Result<()> {
        let place = enter(&self.inner.operation_places).await?;
        let (reply, answer) = oneshot::channel();
        let job = writer::Probe::new(reply, place);
        self.inner
            .operations
            .send(Message::Run(Box::new(job)))
            .map_err(|_| stopped())?;
        self.answer(answer).await
    }

    /// Ends the writers once all that waits is written. Blocks.
    pub fn close(&self) {
        for _ in 0..self.inner.writer_count {
            let _ = self.inner.operations.send(Message::Stop);
        }
        let _ = self.inner.log.send(Message::Stop);
        let writers = self
            .inner
            .writers
            .lock()
            .map(|mut writers| std::mem::take(&mut *writers))
            .unwrap_or_default();
        for writer in writers {
            let _ = writer.join();
        }
    }

    /// How many statements were read with so far: what a page costs is the difference.
    pub fn statements_read(&self) -> u64 {
        self.inner.opener.statements.count()
    }

    /// Which kind of database this is.
    pub fn kind(&self) -> &'static str {
        self.inner.opener.kind()
    }

    async fn on_reader<T, F>(&self, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> Result<T> + Send + 'static,
    {
        let place = enter(&self.inner.read_places).await?;
        let (reply, answer) = oneshot::channel();
        let job: ReadJob = Box::new(move |slot, opener| {
            let _place = place;
            // Who asked may have gone meanwhile, or lost patience.
            if reply.is_closed() {
                return;
            }
            let mut outcome = attempt(slot, opener, &mut work);
            if outcome.as_ref().err().and_then(fault::class) == Some(Class::Lost) {
                *slot = None;
                if reply.is_closed() {
                    return;
                }
                outcome = attempt(slot, opener, &mut work);
            }
            let _ = reply.send(outcome.map_err(fault::settle));
        });
        self.inner.readers.send(job).map_err(|_| stopped())?;
        self.answer(answer).await
    }

    /// Waits for an answer, but not for ever. What nobody waits for any more is not begun.
    async fn answer<T>(&self, answer: oneshot::Receiver<Result<T>>) -> Result<T> {
        match tokio::time::timeout(self.inner.patience, answer).await {
            Ok(answer) => answer.map_err(|_| stopped())?,
            Err(_) => Err(Error::Unavailable("the database does not answer in time".into())),
        }
    }
}

fn attempt<T>(
    slot: &mut Option<AnyConnection>,
    opener: &Opener,
    work: &mut impl FnMut(&mut AnyConnection) -> Result<T>,
) -> Result<T> {
    if slot.is_none() {
        *slot = Some(opener.open()?);
    }
    let conn = slot.as_mut().ok_or_else(stopped)?;
    catch_unwind(AssertUnwindSafe(|| work(conn))).unwrap_or_else(|_| {
        *slot = None;
        Err(Error::internal("a read panicked"))
    })
}

fn serve_reads(queue: &Receiver<ReadJob>, opener: &Opener) {
    let mut slot = opener.open().ok();
    for job in queue {
        job(&mut slot, opener);
    }
}

async fn enter(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
    match tokio::time::timeout(QUEUE_PATIENCE, places.clone().acquire_owned()).await {
        Ok(Ok(place)) => Ok(place),
        _ => Err(Error::Unavailable("the queue to the database is full".into())),
    }
}

pub(super) fn stopped() -> Error {
    Error::Unavailable("the database is closing".into())
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(name)
        .spawn(work)
        .map_err(Error::internal)
}
