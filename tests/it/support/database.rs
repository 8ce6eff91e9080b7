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
        let server = server();
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

#[allow(clippy::disallowed_methods)]
fn server() -> String {
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
