//! Whose turn it is to migrate a MariaDB: one process at a time, on however many nodes of a cluster.
//!
//! A row of the database says who has the turn, and until when by the servers' clock. The cluster replicates it, which
//! it does not do with `GET_LOCK`. That one is the holder's pulse: where it is missing on the holder's own node, the
//! holder is dead, and nobody waits for the term to end.

use super::{
    connection::{Access, AnyConnection, Url, mariadb::cluster_node},
    fault,
};
use crate::domain::{error::Result, ids::AnyId};
use crossbeam_channel::{RecvTimeoutError, Sender};
use diesel::{
    MysqlConnection, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{Integer, Text},
};
use std::{
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// How long a turn lasts after its holder was last heard of.
const TERM_SECONDS: i32 = 30;
/// How often the holder is heard of.
const PULSE: Duration = Duration::from_secs(5);
/// How often one who waits looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Two underscores: of the program's workings, like Diesel's own table of migrations.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS __migration_lease (\
     id INT NOT NULL PRIMARY KEY, owner VARCHAR(36) NOT NULL, node VARCHAR(64) NOT NULL, ends_at DATETIME(6) NOT NULL)";
const ROW: &str = "INSERT IGNORE INTO __migration_lease VALUES (1, '', '', '2000-01-01')";
const TAKE: &str = "UPDATE __migration_lease SET owner = ?, node = ?, ends_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND \
     WHERE id = 1 AND (ends_at < UTC_TIMESTAMP(6) OR (node = ? AND IS_USED_LOCK(owner) IS NULL))";
const RENEW: &str =
    "UPDATE __migration_lease SET ends_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND WHERE id = 1 AND owner = ?";
const RELEASE: &str =
    "UPDATE __migration_lease SET owner = '', ends_at = '2000-01-01' WHERE id = 1 AND owner = ?";

/// The turn, while it is held.
pub(super) struct Lease {
    owner: String,
    stop: Sender<()>,
    keeper: JoinHandle<()>,
}

impl Lease {
    /// Waits for the turn until then.
    ///
    /// # Errors
    /// [`Again`](fault::Class::Again) where others have it still, or got in between.
    pub(super) fn take(conn: &mut MysqlConnection, url: &Url, until: Instant) -> Result<Self> {
        let owner = AnyId::new().to_string();
        conn.batch_execute(TABLE)?;
        conn.batch_execute(ROW)?;
        // Of this connection alone, so that it ends with it.
        conn.batch_execute(&format!("DO GET_LOCK('{owner}', 0)"))?;
        let node = cluster_node(conn)?;
        loop {
            let taken = sql_query(TAKE)
                .bind::<Text, _>(&owner)
                .bind::<Text, _>(&node)
                .bind::<Integer, _>(TERM_SECONDS)
                .bind::<Text, _>(&node)
                .execute(conn)?;
            if taken == 1 {
                break;
            }
            if Instant::now() > until {
                return Err(fault::again());
            }
            std::thread::sleep(PAUSE);
        }
        let (stop, stopped) = crossbeam_channel::bounded(0);
        let (url, name) = (url.clone(), owner.clone());
        let keeper = std::thread::spawn(move || {
            // A statement of a migration may take longer than the term.
            let mut slot = None;
            while stopped.recv_timeout(PULSE) == Err(RecvTimeoutError::Timeout) {
                let renewed = match slot.take().or_else(|| url.open(Access::Write).ok()) {
                    Some(AnyConnection::Mysql(mut conn)) => {
                        let renewed = renew(&mut conn, &name);
                        slot = renewed.is_ok().then_some(AnyConnection::Mysql(conn));
                        renewed.ok()
                    }
                    _ => None,
                };
                if renewed.is_none() {
                    tracing::warn!("the turn to migrate could not be prolonged yet");
                }
            }
        });
        Ok(Self { owner, stop, keeper })
    }

    /// Holds that it is this process's turn still, and prolongs it.
    ///
    /// # Errors
    /// [`Again`](fault::Class::Again) where another took over.
    pub(super) fn hold(&self, conn: &mut MysqlConnection) -> Result<()> {
        if renew(conn, &self.owner)? == 1 {
            Ok(())
        } else {
            Err(fault::again())
        }
    }

    /// Gives it back. Where that fails it ends by itself.
    pub(super) fn release(self, conn: &mut MysqlConnection) {
        drop(self.stop);
        let _ = self.keeper.join();
        let released = sql_query(RELEASE)
            .bind::<Text, _>(&self.owner)
            .execute(conn)
            .and_then(|_| conn.batch_execute(&format!("DO RELEASE_LOCK('{}')", self.owner)));
        if let Err(error) = released {
            tracing::warn!(%error, "the turn to migrate was not given back; it ends by itself");
        }
    }
}

fn renew(conn: &mut MysqlConnection, owner: &str) -> diesel::QueryResult<usize> {
    sql_query(RENEW)
        .bind::<Integer, _>(TERM_SECONDS)
        .bind::<Text, _>(owner)
        .execute(conn)
}
