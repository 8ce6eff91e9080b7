//! Brings the schema up to date, once at a time, and refuses a database that cannot be trusted.

use super::connection::{Access, AnyConnection, Url, has_stable_planner};
use crate::domain::error::{Error, Result};
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "mariadb")]
const MYSQL: EmbeddedMigrations = embed_migrations!("migrations/mysql");

/// Runs what is missing of the migrations. Several processes may do it at once.
///
/// # Errors
/// A sentence for the operator: the server is not safe, or the schema is newer than this program.
pub(super) fn run(url: &Url) -> Result<()> {
    match url.open(Access::Write)? {
        AnyConnection::Sqlite(mut conn) => {
            if !has_stable_planner(&mut conn)? {
                return Err(Error::internal(
                    "SQLite was built without ENABLE_QPSG: build inside the project, whose .cargo/config.toml sets LIBSQLITE3_FLAGS",
                ));
            }
            if pending(&mut conn, SQLITE)? {
                // Under the write lock, so that of two processes one finds nothing left to do.
                conn.immediate_transaction(|conn| up(conn, SQLITE))?;
            }
            Ok(())
        }
        #[cfg(feature = "mariadb")]
        AnyConnection::Mysql(mut conn) => {
            let objections = super::connection::mariadb::objections(&mut conn)?;
            if !objections.is_empty() {
                return Err(Error::internal(format!(
                    "this MariaDB server must not be used: {}",
                    objections.join("; ")
                )));
            }
            mariadb::bring_up(&mut conn, url)
        }
    }
}

#[cfg(feature = "mariadb")]
mod mariadb {
    use super::*;
    use crate::store::{
        fault::{self, Class},
        lease::Lease,
    };
    use diesel::MysqlConnection;
    use std::time::{Duration, Instant};

    /// How long others may take with their migrations.
    const PATIENCE: Duration = Duration::from_secs(120);
    const PAUSE: Duration = Duration::from_millis(50);

    /// Does what is missing, as soon as it is this process's turn; again where another one got in between.
    pub(super) fn bring_up(conn: &mut MysqlConnection, url: &Url) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            match attempt(conn, url, until) {
                Err(error) if fault::class(&error) == Some(Class::Again) => {
                    if Instant::now() > until {
                        return Err(Error::Unavailable(
                            "another process does not finish its migrations".into(),
                        ));
                    }
                    std::thread::sleep(PAUSE);
                }
                ended => return ended,
            }
        }
    }

    fn attempt(conn: &mut MysqlConnection, url: &Url, until: Instant) -> Result<()> {
        if !pending(conn, MYSQL)? {
            return Ok(());
        }
        let lease = Lease::take(conn, url, until)?;
        let done = up_while_held(conn, &lease);
        lease.release(conn);
        done
    }

    /// One migration after the other, none once somebody else has the turn: each can be run again, but not after those
    /// that follow it.
    fn up_while_held(conn: &mut MysqlConnection, lease: &Lease) -> Result<()> {
        while pending(conn, MYSQL)? {
            lease.hold(conn)?;
            if let Err(error) = conn.run_next_migration(MYSQL) {
                // Who took over meanwhile may have done it.
                lease.hold(conn)?;
                return Err(failed(error));
            }
        }
        Ok(())
    }
}

/// A migration's error as the rest of the program knows it.
fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    #[cfg(feature = "mariadb")]
    if super::fault::is_conflict(&*error) {
        return super::fault::again();
    }
    Error::Internal(error)
}

/// Whether something is missing; an error where the database knows migrations that this program does not.
fn pending<C, DB>(conn: &mut C, source: EmbeddedMigrations) -> Result<bool>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let applied = conn.applied_migrations().map_err(failed)?;
    let known: Vec<String> = MigrationSource::<DB>::migrations(&source)
        .map_err(Error::Internal)?
        .iter()
        .map(|m| m.name().version().to_string())
        .collect();
    if let Some(unknown) = applied
        .iter()
        .map(ToString::to_string)
        .find(|version| !known.contains(version))
    {
        return Err(Error::internal(format!(
            "the database was made by a newer version of this program (migration {unknown})"
        )));
    }
    Ok(applied.len() < known.len())
}

fn up<C, DB>(conn: &mut C, source: EmbeddedMigrations) -> Result<()>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    conn.run_pending_migrations(source).map(drop).map_err(failed)
}
