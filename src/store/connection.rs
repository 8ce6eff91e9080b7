//! The two databases as one connection type, how each is opened, and what is asked of a server before it is trusted.

use super::fault;
use crate::domain::error::{Error, Result};
use diesel::{
    Connection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query, sql_types::Text,
};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

#[allow(missing_docs, unreachable_pub)]
mod any {
    /// A connection to whichever database is configured.
    #[derive(diesel::MultiConnection)]
    pub enum AnyConnection {
        Sqlite(diesel::SqliteConnection),
        #[cfg(feature = "mariadb")]
        Mysql(diesel::MysqlConnection),
    }
}
pub(crate) use any::{AnyConnection, MultiBackend};

/// Where the data live.
#[derive(Clone, PartialEq, Eq)]
pub enum Url {
    /// A file.
    Sqlite(PathBuf),
    /// A MariaDB server: `mysql://user:password@host:port/db`.
    #[cfg(feature = "mariadb")]
    Mysql(String),
}

impl std::fmt::Debug for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "sqlite",
            #[cfg(feature = "mariadb")]
            Self::Mysql(_) => "mysql",
        })
    }
}

impl Url {
    /// Reads a `database_url`.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            return if path.is_empty() {
                Err("database_url: `sqlite://` wants a path after it".into())
            } else {
                Ok(Self::Sqlite(path.into()))
            };
        }
        if text.starts_with("mysql://") || text.starts_with("mariadb://") {
            #[cfg(feature = "mariadb")]
            return Ok(Self::Mysql(format!(
                "mysql://{}",
                text.split_once("://").map_or(text, |(_, rest)| rest)
            )));
            #[cfg(not(feature = "mariadb"))]
            return Err("database_url names a MariaDB server, and this program was built without it: build with `--features mariadb`".into());
        }
        Err("database_url must begin with `sqlite://` or `mysql://`".into())
    }

    /// Opens a connection that writes, or one that only reads.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where it cannot be reached.
    pub(super) fn open(&self, access: Access) -> Result<AnyConnection> {
        match self {
            Self::Sqlite(path) => open_sqlite(path, access).map(AnyConnection::Sqlite),
            #[cfg(feature = "mariadb")]
            Self::Mysql(url) => mariadb::open(url, access).map(AnyConnection::Mysql),
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// How long SQLite waits for another process's lock.
const BUSY: Duration = Duration::from_secs(10);

fn open_sqlite(path: &Path, access: Access) -> Result<SqliteConnection> {
    let path = path
        .to_str()
        .ok_or_else(|| Error::internal("the database's path is not UTF-8"))?;
    let mut conn = SqliteConnection::establish(path).map_err(|e| Error::Unavailable(e.to_string()))?;
    conn.batch_execute(&format!("PRAGMA busy_timeout = {}", BUSY.as_millis()))
        .map_err(fault::read)?;
    use_wal(&mut conn)?;
    let cache_kib = 16_000;
    // What a long read of another program made of the write-ahead log is given back when it is over.
    let wal_kept = 32 << 20;
    conn.batch_execute(&format!(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; \
         PRAGMA cache_size = -{cache_kib}; PRAGMA journal_size_limit = {wal_kept};"
    ))
    .map_err(fault::read)?;
    if access == Access::Read {
        conn.batch_execute("PRAGMA query_only = ON;")
            .map_err(fault::read)?;
    }
    Ok(conn)
}

/// Only the first connection to a file changes its journal, and SQLite does not wait for those that do the same at that
/// moment, whatever its busy timeout: a wait there could be a deadlock.
fn use_wal(conn: &mut SqliteConnection) -> Result<()> {
    let begun = Instant::now();
    loop {
        let outcome = conn
            .batch_execute("PRAGMA journal_mode = WAL")
            .map_err(fault::read);
        match &outcome {
            Err(error) if fault::class(error) == Some(fault::Class::Again) && begun.elapsed() < BUSY => {
                std::thread::sleep(Duration::from_millis(10));
            }
            _ => return outcome,
        }
    }
}

/// Whether this SQLite was built with the query planner stability guarantee: without it every statement with a
/// LIMIT is compiled again at each execution.
pub(super) fn has_stable_planner(conn: &mut SqliteConnection) -> Result<bool> {
    #[derive(diesel::QueryableByName)]
    struct CompileOption {
        #[diesel(sql_type = Text)]
        compile_options: String,
    }
    let options: Vec<CompileOption> = sql_query("PRAGMA compile_options")
        .load(conn)
        .map_err(fault::read)?;
    Ok(options
        .iter()
        .any(|option| option.compile_options == "ENABLE_QPSG"))
}

#[cfg(feature = "mariadb")]
pub(super) mod mariadb {
    //! What is set for each session, and what a server must be for its promises to hold.

    use super::*;
    use diesel::MysqlConnection;

    /// Oldest server that is supported.
    const OLDEST: (u32, u32) = (10, 11);

    pub(super) fn open(url: &str, access: Access) -> Result<MysqlConnection> {
        let mut conn = MysqlConnection::establish(url).map_err(|e| Error::Unavailable(e.to_string()))?;
        conn.batch_execute(
            "SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin; SET SESSION time_zone = '+00:00', lc_messages = 'en_US', \
             sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', \
             innodb_lock_wait_timeout = 5, tx_isolation = 'REPEATABLE-READ', \
             idle_transaction_timeout = 60, net_read_timeout = 30, net_write_timeout = 60",
        )
        .map_err(fault::read)?;
        // Nobody waits longer for what is read; what is written is bound by its locks, and a migration by nothing.
        if access == Access::Read {
            conn.batch_execute("SET SESSION max_statement_time = 30")
                .map_err(fault::read)?;
        }
        // A lost update or a stale read is refused by the server itself. One that does not know how gets this far only to
        // be told why it must not be used.
        if variable(&mut conn, "innodb_snapshot_isolation")?.is_some() {
            conn.batch_execute("SET SESSION innodb_snapshot_isolation = ON")
                .map_err(fault::read)?;
        }
        if variable(&mut conn, "wsrep_on")?.as_deref() == Some("ON") {
            conn.batch_execute("SET SESSION wsrep_sync_wait = 1")
                .map_err(fault::read)?;
        }
        Ok(conn)
    }

    #[derive(diesel::QueryableByName)]
    struct Variable {
        #[diesel(sql_type = Text, column_name = "Value")]
        value: String,
    }

    fn variable(conn: &mut MysqlConnection, name: &str) -> Result<Option<String>> {
        let rows: Vec<Variable> = sql_query(format!("SHOW VARIABLES LIKE '{name}'"))
            .load(conn)
            .map_err(fault::read)?;
        Ok(rows.into_iter().next().map(|row| row.value))
    }

    /// Why this server must not be used, as sentences for the operator; none if it may.
    pub(in crate::store) fn objections(conn: &mut MysqlConnection) -> Result<Vec<String>> {
        objections_to(|name| variable(conn, name))
    }

    /// The same, of a server whose variables are these.
    fn objections_to(mut variable: impl FnMut(&str) -> Result<Option<String>>) -> Result<Vec<String>> {
        let mut found = Vec::new();
        let version = variable("version")?.unwrap_or_default();
        let mut parts = version
            .split(['.', '-'])
            .map(|part| part.parse::<u32>().unwrap_or(0));
        let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if !version.to_lowercase().contains("mariadb") || (major, minor) < OLDEST {
            found.push(format!(
                "the server is `{version}`; MariaDB 10.11 or later is needed"
            ));
        }
        if variable("innodb_flush_log_at_trx_commit")?.as_deref() != Some("1") {
            found.push(
                "innodb_flush_log_at_trx_commit is not 1: acknowledged data would be lost in a crash".into(),
            );
        }
        if variable("innodb_doublewrite")?.as_deref() == Some("OFF") {
            found.push("innodb_doublewrite is off: a crash could tear pages".into());
        }
        if variable("default_storage_engine")?.as_deref() != Some("InnoDB") {
            found.push("default_storage_engine is not InnoDB: there would be no transactions".into());
        }
        // Locks are taken after the transaction's first read: without it a quota would be counted, or a last superadmin
        // looked for, in what stood there before the lock was had.
        if variable("innodb_snapshot_isolation")?.is_none() {
            found.push(format!(
                "innodb_snapshot_isolation is unknown to the server (`{version}`): changes made at the same time could \
                 overlook each other; MariaDB 10.11.8, 11.4.2 or later knows it"
            ));
        }
        Ok(found)
    }

    #[cfg(test)]
    mod tests {
        #![allow(clippy::unwrap_used)]

        use super::*;

        fn said(differs: (&str, Option<&str>)) -> Vec<String> {
            objections_to(|name| {
                let usual = match name {
                    "version" => "10.11.19-MariaDB",
                    "innodb_flush_log_at_trx_commit" => "1",
                    "default_storage_engine" => "InnoDB",
                    _ => "ON",
                };
                let value = if name == differs.0 { differs.1 } else { Some(usual) };
                Ok(value.map(str::to_owned))
            })
            .unwrap()
        }

        #[test]
        fn a_server_that_does_not_notice_what_changed_since_it_was_read_is_refused() {
            assert!(said(("", None)).is_empty());
            let said = said(("innodb_snapshot_isolation", None));
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(
                said.concat()
                    .starts_with("innodb_snapshot_isolation is unknown to the server")
            );
        }
    }
}
