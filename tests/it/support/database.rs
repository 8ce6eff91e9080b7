//! Databases for tests: a file that goes away, or a database of its own on the throwaway server of `make test`.

use diesel::{Connection, MysqlConnection, connection::SimpleConnection};
use sigillo::store::Url;
use tempfile::TempDir;

/// A database that goes away with the test.
pub enum Database {
    Sqlite(TempDir),
    MariaDb { server: String, name: String },
}

impl Database {
    pub fn sqlite() -> Self {
        Self::Sqlite(TempDir::new().unwrap())
    }

    /// # Panics
    /// Without the server that `make test` starts: a test never passes by not running.
    pub fn mariadb() -> Self {
        Self::mariadb_on(server())
    }

    /// A database of its own on a server.
    pub fn mariadb_on(server: String) -> Self {
        let name = format!(
            "t_{}",
            sigillo::domain::ids::AnyId::new().to_string().replace('-', "")
        );
        admin(&server)
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .unwrap();
        Self::MariaDb { server, name }
    }

    /// As `database_url` has it.
    pub fn text(&self) -> String {
        match self {
            Self::Sqlite(dir) => format!("sqlite://{}", dir.path().join("sigillo.db").display()),
            Self::MariaDb { server, name } => format!("{server}/{name}"),
        }
    }

    pub fn url(&self) -> Url {
        Url::parse(&self.text()).unwrap()
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Runs statements beside the program.
    pub fn execute(&self, sql: &str) -> diesel::QueryResult<()> {
        match self {
            Self::Sqlite(_) => {
                let mut conn =
                    diesel::SqliteConnection::establish(self.text().trim_start_matches("sqlite://")).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON;")?;
                conn.batch_execute(sql)
            }
            Self::MariaDb { .. } => MysqlConnection::establish(&self.text())
                .unwrap()
                .batch_execute(sql),
        }
    }

    /// Texts beside the program: `texts("SELECT … AS t FROM …")`, none for null.
    pub fn texts(&self, sql: &str) -> Vec<Option<String>> {
        use diesel::{
            QueryableByName, RunQueryDsl,
            sql_types::{Nullable, Text},
        };
        #[derive(QueryableByName)]
        struct T {
            #[diesel(sql_type = Nullable<Text>)]
            t: Option<String>,
        }
        let rows: Vec<T> = match self {
            Self::Sqlite(_) => {
                let mut conn =
                    diesel::SqliteConnection::establish(self.text().trim_start_matches("sqlite://")).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 10000;").unwrap();
                diesel::sql_query(sql).load(&mut conn).unwrap()
            }
            Self::MariaDb { .. } => diesel::sql_query(sql)
                .load(&mut MysqlConnection::establish(&self.text()).unwrap())
                .unwrap(),
        };
        rows.into_iter().map(|row| row.t).collect()
    }

    /// How SQLite would run a statement, whatever its parameters are.
    pub fn plan(&self, sql: &str) -> Vec<String> {
        use diesel::{QueryableByName, RunQueryDsl, sql_types::Text};
        #[derive(QueryableByName)]
        struct Step {
            #[diesel(sql_type = Text)]
            detail: String,
        }
        let mut conn =
            diesel::SqliteConnection::establish(self.text().trim_start_matches("sqlite://")).unwrap();
        let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
            .load(&mut conn)
            .unwrap();
        steps.into_iter().map(|step| step.detail).collect()
    }

    /// One number beside the program: `count("SELECT COUNT(*) AS n FROM …")`.
    pub fn count(&self, sql: &str) -> i64 {
        use diesel::{QueryableByName, RunQueryDsl, sql_types::BigInt};
        #[derive(QueryableByName)]
        struct N {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let rows: Vec<N> = match self {
            Self::Sqlite(_) => {
                let mut conn =
                    diesel::SqliteConnection::establish(self.text().trim_start_matches("sqlite://")).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 10000;").unwrap();
                diesel::sql_query(sql).load(&mut conn).unwrap()
            }
            Self::MariaDb { .. } => diesel::sql_query(sql)
                .load(&mut MysqlConnection::establish(&self.text()).unwrap())
                .unwrap(),
        };
        rows[0].n
    }
}

/// What holds of every database at rest, whatever happened to it: no place given twice or lost, every change of a
/// place with its audit record and its log row.
pub fn assert_places_add_up(database: &Database) {
    let wrong = "SELECT COUNT(*) AS n FROM licenses l WHERE l.devices_used <> \
        (SELECT COUNT(*) FROM activations a WHERE a.license_id = l.id AND a.live = 1)";
    assert_eq!(
        database.count(wrong),
        0,
        "counters that differ from the live rows"
    );
    let oversold = "SELECT COUNT(*) AS n FROM licenses WHERE devices_used > max_devices";
    assert_eq!(database.count(oversold), 0, "licences that are oversold");
    let doubles = "SELECT COUNT(*) AS n FROM (SELECT license_id, device FROM activations WHERE live = 1 \
        GROUP BY license_id, device HAVING COUNT(*) > 1) AS d";
    assert_eq!(database.count(doubles), 0, "devices with two places");
    let standing = "SELECT COUNT(*) AS n FROM licenses l WHERE l.suspensions <> \
        (SELECT COUNT(*) FROM suspensions s WHERE s.license_id = l.id AND s.lifted_at IS NULL)";
    assert_eq!(
        database.count(standing),
        0,
        "suspensions that differ from their rows"
    );
    let rows = |what: &str| database.count(&format!("SELECT COUNT(*) AS n FROM {what}"));
    let taken = rows("activations");
    assert_eq!(rows("audit_log WHERE action = 'dispositivo.attivato'"), taken);
    assert_eq!(rows("activation_log WHERE outcome = 'attivata'"), taken);
    let released = rows("activations WHERE live IS NULL");
    assert_eq!(
        rows("audit_log WHERE action = 'dispositivo.rilasciato'"),
        released
    );
    assert_eq!(
        rows("activation_log WHERE outcome IN ('disattivata', 'rilasciata')"),
        released
    );
}

#[allow(clippy::disallowed_methods)]
/// The throwaway server.
pub fn server() -> String {
    std::env::var("SIGILLO_TEST_MARIADB").expect("SIGILLO_TEST_MARIADB is not set: run the tests with `make test`, or `scripts/with-mariadb cargo test --all-features`")
}

fn admin(server: &str) -> MysqlConnection {
    MysqlConnection::establish(&format!("{server}/mysql"))
        .or_else(|_| MysqlConnection::establish(&format!("{server}/information_schema")))
        .expect("a MariaDB server")
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::MariaDb { server, name } = self {
            let _ = admin(server).batch_execute(&format!("DROP DATABASE IF EXISTS {name}"));
        }
    }
}
