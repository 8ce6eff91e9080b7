//! Operations that create or charge, asked for with an `Idempotency-Key`: done once, answered alike.

use super::App;
use crate::{
    domain::{
        actor::Actor,
        error::{Conflict, Error, Result},
    },
    store::{Done, ReadTx, WriteTx, idempotency},
};
use chrono::NaiveDateTime;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use std::{
    collections::HashSet,
    io::{Read, Write},
    sync::{Arc, LazyLock, Mutex},
};

/// Hours for which an answer is kept.
const KEPT_HOURS: i64 = 24;

/// A key, bound to its caller and route.
#[derive(Debug, Clone, Copy)]
pub struct IdempotencyKey {
    /// SHA-256 of caller, route and key.
    pub id: [u8; 32],
    /// SHA-256 of the request's body.
    pub body: [u8; 32],
}

/// What an operation gave: its value, or the answer that it gave the first time.
#[derive(Debug)]
pub enum Replayable<T> {
    /// It was done now.
    Done(T),
    /// It had been done: status and body as they were.
    Replayed(u16, String),
}

type Render<T> = Arc<dyn Fn(&T) -> Result<(u16, String)> + Send + Sync>;

/// How an operation is to be remembered, if at all.
pub struct Once<T>(Option<(IdempotencyKey, Render<T>)>);

impl<T> Once<T> {
    /// It is not: every request does it.
    pub fn each_time() -> Self {
        Self(None)
    }

    /// Under a key, with the answer as `render` writes it.
    pub fn under(
        key: Option<IdempotencyKey>,
        render: impl Fn(&T) -> Result<(u16, String)> + Send + Sync + 'static,
    ) -> Self {
        Self(key.map(|key| (key, Arc::new(render) as Render<T>)))
    }
}

static RUNNING: LazyLock<Mutex<HashSet<[u8; 32]>>> = LazyLock::new(Mutex::default);

/// A key that is being served by this process.
struct Running([u8; 32]);

impl Running {
    fn begin(key: IdempotencyKey) -> Result<Self> {
        let mut running = RUNNING.lock().map_err(|_| Error::internal("poisoned"))?;
        if running.insert(key.id) {
            Ok(Self(key.id))
        } else {
            Err(Error::Conflict(Conflict::IdempotencyRunning))
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(mut running) = RUNNING.lock() {
            running.remove(&self.0);
        }
    }
}

/// Bytes from which an answer is compressed: ten thousand licences with what their product says of itself would fit
/// neither into MariaDB's column nor into its packets.
const LONG: usize = 4096;
/// How what is compressed begins, and no text does (RFC 1952 § 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// An answer as it is stored, before it is sealed.
fn pack(body: &str) -> Result<Vec<u8>> {
    if body.len() < LONG {
        return Ok(body.as_bytes().to_vec());
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(body.as_bytes()).map_err(Error::internal)?;
    packed.finish().map_err(Error::internal)
}

fn unpack(stored: &[u8]) -> Result<String> {
    if !stored.starts_with(&GZIP) {
        return String::from_utf8(stored.to_vec()).map_err(Error::internal);
    }
    let mut body = String::new();
    GzDecoder::new(stored)
        .read_to_string(&mut body)
        .map_err(Error::internal)?;
    Ok(body)
}

impl App {
    /// The answer that was given to a key within the day, if one was.
    pub(super) fn remembered(
        &self,
        tx: &mut ReadTx<'_>,
        id: [u8; 32],
        now: NaiveDateTime,
    ) -> Result<Option<String>> {
        let stored = idempotency::find(tx, id, now - chrono::Duration::hours(KEPT_HOURS))?;
        stored
            .map(|stored| unpack(&self.vault.open(&id, &stored.sealed)?))
            .transpose()
    }

    /// Runs an operation, once for its idempotency key where it has one.
    ///
    /// # Errors
    /// What the operation gives; [`Conflict::IdempotencyMismatch`] where the key came with another body;
    /// [`Conflict::IdempotencyRunning`] while the first still runs here.
    pub(super) async fn once<T, F>(&self, actor: &Actor, once: Once<T>, mut work: F) -> Result<Replayable<T>>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteTx<'_>) -> Result<Done<T>> + Send + 'static,
    {
        let now = self.clock.now();
        let Some((key, render)) = once.0 else {
            return self.db.operation(actor, now, work).await.map(Replayable::Done);
        };
        let _running = Running::begin(key)?;
        let vault = self.vault.clone();
        self.db
            .operation(actor, now, move |tx| {
                if let Some(stored) =
                    idempotency::find(tx, key.id, now - chrono::Duration::hours(KEPT_HOURS))?
                {
                    if stored.body_hash != key.body {
                        return Err(Error::Conflict(Conflict::IdempotencyMismatch));
                    }
                    let body = unpack(&vault.open(&key.id, &stored.sealed)?)?;
                    return Ok(Done::Unchanged(Replayable::Replayed(stored.status, body)));
                }
                match work(tx)? {
                    Done::Changed(value, events) => {
                        let (status, body) = render(&value)?;
                        let sealed = vault.seal(&key.id, &pack(&body)?)?;
                        idempotency::insert(
                            tx,
                            key.id,
                            &idempotency::StoredAnswer {
                                body_hash: key.body,
                                status,
                                sealed,
                            },
                        )?;
                        Ok(Done::Changed(Replayable::Done(value), events))
                    }
                    Done::Accessed(value, entry) => Ok(Done::Accessed(Replayable::Done(value), entry)),
                    // What had no effect is not kept: asked again, it is judged again.
                    Done::Unchanged(value) => Ok(Done::Unchanged(Replayable::Done(value))),
                }
            })
            .await
    }
}
