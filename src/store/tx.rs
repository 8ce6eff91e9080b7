//! Transactions, as the rest of the store is given them.

use super::{connection::AnyConnection, tallies::Memo};
use chrono::NaiveDateTime;

/// Reading, in a transaction or in one statement.
pub struct ReadTx<'c> {
    pub(super) conn: &'c mut AnyConnection,
    /// Whether all that is seen is committed.
    pub(super) settled: bool,
    /// Of figures, what was read already.
    pub(super) memo: Option<Memo>,
}

impl<'c> ReadTx<'c> {
    pub(super) fn new(conn: &'c mut AnyConnection, settled: bool) -> Self {
        Self {
            conn,
            settled,
            memo: None,
        }
    }
}

impl ReadTx<'_> {
    /// Whether all that is seen is committed, but for what the operation itself wrote: what another one wrote in the
    /// same batch may be undone with it, and must not be remembered.
    pub fn is_settled(&self) -> bool {
        self.settled
    }
}

/// A write transaction, which can also read. Only [`Db::operation`] makes one, so that nothing is changed without
/// its audit record.
pub struct WriteTx<'c> {
    pub(super) read: ReadTx<'c>,
    pub(super) attempt: u32,
    pub(super) now: NaiveDateTime,
}

impl<'c> WriteTx<'c> {
    /// Whether this is SQLite: for what the two databases spell differently.
    pub(super) fn is_sqlite(&self) -> bool {
        matches!(&*self.read.conn, AnyConnection::Sqlite(_))
    }

    /// Whether an earlier run of this operation met another transaction: now it pays to lock first.
    pub fn is_contended(&self) -> bool {
        self.attempt > 0
    }

    /// When the operation was asked for, UTC.
    pub fn now(&self) -> NaiveDateTime {
        self.now
    }
}

impl<'c> std::ops::Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;
    fn deref(&self) -> &ReadTx<'c> {
        &self.read
    }
}

impl std::ops::DerefMut for WriteTx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.read
    }
}
