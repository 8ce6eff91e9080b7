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
            if pending(&mut conn, MYSQL)? {
                use diesel::connection::SimpleConnection;
                lock(&mut conn)?;
                let done = up(&mut conn, MYSQL);
                conn.batch_execute("DO RELEASE_LOCK('sigillo.migrations')")?;
                done?;
            }
            Ok(())
        }
    }
}

/// Waits until no other process migrates on this server.
#[cfg(feature = "mariadb")]
fn lock(conn: &mut diesel::MysqlConnection) -> Result<()> {
    use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
    #[derive(QueryableByName)]
    struct Locked {
        #[diesel(sql_type = diesel::sql_types::Nullable<BigInt>)]
        locked: Option<i64>,
    }
    let rows: Vec<Locked> = sql_query("SELECT GET_LOCK('sigillo.migrations', 120) AS locked").load(conn)?;
    if rows.first().and_then(|row| row.locked) == Some(1) {
        Ok(())
    } else {
        Err(Error::Unavailable(
            "another process does not finish its migrations".into(),
        ))
    }
}

/// Whether something is missing; an error where the database knows migrations that this program does not.
fn pending<C, DB>(conn: &mut C, source: EmbeddedMigrations) -> Result<bool>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let applied = conn.applied_migrations().map_err(Error::Internal)?;
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
    conn.run_pending_migrations(source)
        .map(drop)
        .map_err(Error::Internal)
}
