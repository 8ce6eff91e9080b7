//! The two databases as one connection type, how each is opened, and what is asked of a server before it is trusted.

use super::fault;
use crate::domain::error::{Error, Result};
use diesel::{
    Connection, RunQueryDsl, SqliteConnection,
    connection::{Instrumentation, InstrumentationEvent, SimpleConnection},
    sql_query,
    sql_types::Text,
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
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

#[cfg(feature = "mariadb")]
pub(super) mod mariadb;

/// Where the data live.
#[derive(Clone, PartialEq, Eq)]
pub enum Url {
    /// A file.
    Sqlite(PathBuf),
    /// A MariaDB server, or the nodes of a cluster: `mysql://user:password@host:port,host:port/db`.
    #[cfg(feature = "mariadb")]
    Mysql(mariadb::Nodes),
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
            return mariadb::Nodes::parse(text).map(Self::Mysql);
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
            Self::Mysql(nodes) => mariadb::open(nodes, access).map(AnyConnection::Mysql),
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// Counts statements, without those that begin and end a transaction.
#[derive(Debug, Clone, Default)]
pub(super) struct Statements(Arc<AtomicU64>);

impl Statements {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counts, and passes on to whoever listens to every connection.
struct Counting {
    statements: Statements,
    next: Option<Box<dyn Instrumentation>>,
}

impl Instrumentation for Counting {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match &event {
            InstrumentationEvent::StartQuery { .. } => {
                self.statements.0.fetch_add(1, Ordering::Relaxed);
            }
            // Each of these is a query too.
            InstrumentationEvent::BeginTransaction { .. }
            | InstrumentationEvent::CommitTransaction { .. }
            | InstrumentationEvent::RollbackTransaction { .. } => {
                self.statements.0.fetch_sub(1, Ordering::Relaxed);
            }
            _ => {}
        }
        if let Some(next) = &mut self.next {
            next.on_connection_event(event);
        }
    }
}

/// What readers open their connections with.
#[derive(Clone)]
pub(super) struct Opener {
    url: Url,
    pub(super) statements: Statements,
}

impl Opener {
    pub(super) fn new(url: &Url) -> Self {
        Self {
            url: url.clone(),
            statements: Statements::default(),
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self.url {
            Url::Sqlite(_) => "sqlite",
            #[cfg(feature = "mariadb")]
            Url::Mysql(_) => "mariadb",
        }
    }

    pub(super) fn open(&self) -> Result<AnyConnection> {
        let mut conn = self.url.open(Access::Read)?;
        conn.set_instrumentation(Counting {
            statements: self.statements.clone(),
            next: diesel::connection::get_default_instrumentation(),
        });
        Ok(conn)
    }
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
