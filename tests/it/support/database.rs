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

/// What tallies and deltas add up to, less what the rows give: by what all of it has in common. Texts tell what differs.
fn differences(database: &Database) -> diesel::QueryResult<Vec<String>> {
    use diesel::{QueryableByName, RunQueryDsl, sql_types::Text};
    #[derive(QueryableByName)]
    struct T {
        #[diesel(sql_type = Text)]
        t: String,
    }
    const NOBODY: &str = "X'00000000000000000000000000000000'";
    const EVERYBODY: &str = "X'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF'";
    let customers = "(SELECT CASE c.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END FROM customers AS c \
                     WHERE c.id = l.customer_id)";
    let flags = format!(
        "CASE WHEN l.activated_at IS NULL THEN 0 ELSE 1 END + CASE WHEN l.suspensions > 0 THEN 2 ELSE 0 END \
         + CASE WHEN l.settled = 1 THEN 16 ELSE 0 END + CASE WHEN l.revoked_at IS NULL THEN 0 ELSE 32 END \
         + COALESCE({customers}, 0)"
    );
    let concat = if database.is_sqlite() {
        "t.kind || ' ' || t.currency"
    } else {
        "CONCAT(t.kind, ' ', t.currency)"
    };
    let earlier = "(CASE WHEN m.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR m.expires_on < l.expires_on \
                   THEN m.expires_on ELSE l.expires_on END)";
    let no_sale = "('incasso', 'ricarica', 'trasferimento')";
    let undone = "EXISTS (SELECT 1 FROM transactions AS u WHERE u.undoes_id = t.id)";
    let by_day = |day: &str| format!("COALESCE({day}, '9999-12-31')");
    let rows = [
        format!(
            "SELECT CASE WHEN l.archived_at IS NULL THEN 0 ELSE 8 END AS what, l.company_id AS c, l.agent_id AS a, l.product_id AS p, l.kind AS w, {flags} AS f, {} AS d, \
             1 AS n, 0 AS s FROM licenses AS l",
            by_day("CASE WHEN l.revoked_at IS NULL THEN l.expires_on END")
        ),
        "SELECT 1, k.company_id, k.agent_id, NULL, '', CASE k.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END, \
         '', 1, 0 FROM customers AS k WHERE k.archived_at IS NULL"
            .to_owned(),
        format!(
            "SELECT 2, t.company_id, t.agent_id, (SELECT l.product_id FROM licenses AS l WHERE l.id = t.license_id), {concat}, \
             0, '', 1, t.amount_cents FROM transactions AS t WHERE t.kind NOT IN {no_sale} AND NOT (t.kind = 'storno' \
             AND t.undoes_id IN (SELECT u.id FROM transactions AS u WHERE u.kind IN {no_sale}))"
        ),
        format!(
            "SELECT 4, l.company_id, l.agent_id, m.module_id, '', 0, {}, 1, 0 FROM license_modules AS m \
             JOIN licenses AS l ON l.id = m.license_id \
             WHERE l.revoked_at IS NULL AND l.archived_at IS NULL",
            by_day(earlier)
        ),
        format!(
            "SELECT 7, t.company_id, t.agent_id, NULL, '', 0, '9999-12-31', 1, t.amount_cents - COALESCE((SELECT \
             SUM(s.amount_cents) FROM settlements AS s WHERE s.transaction_id = t.id), 0) FROM transactions AS t \
             WHERE t.due_on IS NOT NULL AND NOT {undone}"
        ),
    ];
    let day = |day: &str| format!("CASE WHEN what IN (0, 4, 7, 8) THEN {} ELSE '' END", by_day(day));
    let query = format!(
        "SELECT CONCAT_(what, HEX(c), HEX(a), HEX(p), w, f, d, SUM(n), SUM(s)) AS t FROM (\
         SELECT what, company_id AS c, agent_id AS a, product_id AS p, word AS w, flags AS f, {} AS d, n, cents AS s \
         FROM tally_deltas WHERE what <> 3 \
         UNION ALL SELECT what, NULLIF(company_id, {NOBODY}), NULLIF(agent_id, {NOBODY}), NULLIF(product_id, {NOBODY}), word, \
         flags, {}, n, cents FROM tallies WHERE what IN (0, 1, 2, 4, 7, 8) AND company_id <> {EVERYBODY} AND agent_id <> {EVERYBODY} \
         UNION ALL SELECT what, c, a, p, w, f, d, -n, -s FROM ({}) AS given) AS together \
         GROUP BY what, c, a, p, w, f, d HAVING SUM(n) <> 0 OR SUM(s) <> 0 LIMIT 10",
        day("day"),
        day("day"),
        rows.join(" UNION ALL ")
    );
    let parts = [
        "what", "HEX(c)", "HEX(a)", "HEX(p)", "w", "f", "d", "SUM(n)", "SUM(s)",
    ];
    let text = if database.is_sqlite() {
        let parts: Vec<String> = parts.iter().map(|part| format!("COALESCE({part}, '')")).collect();
        parts.join(" || ' ' || ")
    } else {
        format!("CONCAT_WS(' ', {})", parts.join(", "))
    };
    let query = query.replace(
        "CONCAT_(what, HEX(c), HEX(a), HEX(p), w, f, d, SUM(n), SUM(s))",
        &text,
    );
    let rows: Vec<T> = match database {
        Database::Sqlite(_) => {
            let path = database.text();
            let mut conn = diesel::SqliteConnection::establish(path.trim_start_matches("sqlite://"))
                .map_err(|_| diesel::NotFound)?;
            conn.batch_execute("PRAGMA busy_timeout = 10000;")?;
            diesel::sql_query(query).load(&mut conn)?
        }
        Database::MariaDb { .. } => {
            let mut conn = MysqlConnection::establish(&database.text()).map_err(|_| diesel::NotFound)?;
            diesel::sql_query(query).load(&mut conn)?
        }
    };
    Ok(rows.into_iter().map(|row| row.t).collect())
}

/// What every figure is told from is what the rows give.
pub fn assert_tallies_agree(database: &Database) {
    let differences = differences(database).unwrap();
    assert!(
        differences.is_empty(),
        "tallies that the rows do not give: {differences:#?}"
    );
}

impl Drop for Database {
    fn drop(&mut self) {
        // After every test that ends well, whatever it did; a database that was never made, or was broken on purpose,
        // tells nothing.
        let differences = if std::thread::panicking() {
            Vec::new()
        } else {
            differences(self).unwrap_or_default()
        };
        if let Self::MariaDb { server, name } = self {
            let _ = admin(server).batch_execute(&format!("DROP DATABASE IF EXISTS {name}"));
        }
        assert!(
            differences.is_empty(),
            "tallies that the rows do not give: {differences:#?}"
        );
    }
}
