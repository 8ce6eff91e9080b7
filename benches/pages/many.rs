//! The demonstration many times over, by SQL: customers, their licences and devices, sales and activations.

use diesel::{
    Connection, MysqlConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    sql_types::{Binary, Nullable},
};
use sigillo::domain::{license::key::ActivationKey, secrets::Vault};

/// What the two databases spell differently.
enum Dialect {
    Sqlite,
    MariaDb,
}

impl Dialect {
    /// `n` from 1 on, as a table.
    fn numbers(&self, copies: usize) -> String {
        match self {
            Self::Sqlite => format!(
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {copies}) SELECT n FROM s)"
            ),
            Self::MariaDb => format!("(SELECT seq AS n FROM seq_1_to_{copies})"),
        }
    }

    /// The identifier of copy `n`: of the same instant, and no original's, for none has an F there.
    fn copy_of(&self, column: &str) -> String {
        match self {
            // What is null stays so: `hex` would make a text of it.
            Self::Sqlite => format!(
                "CASE WHEN {column} IS NULL THEN NULL ELSE unhex(substr(hex({column}), 1, 16) || printf('F%03X', n) || substr(hex({column}), 21)) END"
            ),
            Self::MariaDb => format!(
                "UNHEX(CONCAT(SUBSTR(HEX({column}), 1, 16), 'F', LPAD(HEX(n), 3, '0'), SUBSTR(HEX({column}), 21)))"
            ),
        }
    }

    fn join(&self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("{column} || ' ' || n"),
            Self::MariaDb => format!("CONCAT({column}, ' ', n)"),
        }
    }
}

/// Copies every row of a table; each column that is named is written otherwise.
fn copy(dialect: &Dialect, table: &str, columns: &str, other: &[(&str, String)], copies: usize) -> String {
    let columns: Vec<&str> = columns.split_whitespace().collect();
    let values: Vec<String> = columns
        .iter()
        .map(|column| {
            other
                .iter()
                .find(|(name, _)| name == column)
                .map_or_else(|| format!("t.{column}"), |(_, value)| value.clone())
        })
        .collect();
    format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {table} AS t, {} AS s;",
        columns.join(", "),
        values.join(", "),
        dialect.numbers(copies)
    )
}

/// Adds so many copies of what the demonstration made.
pub(crate) fn multiply(url: &str, copies: usize, vault: &Vault) {
    let dialect = if url.starts_with("sqlite") {
        Dialect::Sqlite
    } else {
        Dialect::MariaDb
    };
    let id = |column: &str| {
        (
            column.rsplit('.').next().unwrap_or(column).to_owned(),
            dialect.copy_of(column),
        )
    };
    let ids = |columns: &[&'static str]| -> Vec<(&'static str, String)> {
        columns
            .iter()
            .map(|column| (*column, id(&format!("t.{column}")).1))
            .collect()
    };
    let mut customers = ids(&["id"]);
    customers.push(("name", dialect.join("t.name")));
    customers.push(("name_search", dialect.join("t.name_search")));
    let statements = [
        copy(
            &dialect,
            "customers",
            "id company_id agent_id name name_search state state_note state_before suspended_by email vat_number \
             tax_code phone address multi_site multi_user flagged_double privacy_consent_at email_confirmed_at \
             decided_at archived_at created_at",
            &customers,
            copies,
        ),
        String::new(),
        copy(
            &dialect,
            "license_terms",
            "license_id price_cents discount_bp auto_renew renewal_method properties",
            &ids(&["license_id"]),
            copies,
        ),
        copy(
            &dialect,
            "license_modules",
            "license_id module_id expires_on",
            &ids(&["license_id"]),
            copies,
        ),
        copy(
            &dialect,
            "activations",
            "id license_id device device_name platform live activated_at last_seen_at released_at",
            &ids(&["id", "license_id"]),
            copies,
        ),
        copy(
            &dialect,
            "transactions",
            "id license_id customer_id company_id agent_id kind method amount_cents vat_bp currency due_on \
             period_from period_to details created_at",
            &ids(&["id", "license_id", "customer_id"]),
            copies,
        ),
        copy(
            &dialect,
            "activation_log",
            "id at license_id product_id company_id agent_id customer_id key_kind operation device outcome address \
             request_id",
            &ids(&["id", "license_id", "customer_id"]),
            copies / 10,
        ),
    ];
    for statement in statements {
        if statement.is_empty() {
            many_licenses(url, copies, vault);
            continue;
        }
        Opened::at(url).run(&statement);
    }
    Opened::at(url).run("DELETE FROM tally_deltas");
}

/// The licences, whose keys are sealed for the identifier of each.
fn many_licenses(url: &str, copies: usize, vault: &Vault) {
    const COLUMNS: &str = "product_id company_id agent_id batch_id key_tail kind binding duration_days period_months \
        starts_on anchor_day expires_on maintenance_until activated_at revoked_at suspensions settled max_devices \
        devices_used max_users users_used max_seats seats_used reserved offline_days label created_at";
    let mut opened = Opened::at(url);
    let originals = opened.originals();
    let columns = COLUMNS.split_whitespace().collect::<Vec<_>>().join(", ");
    let read = COLUMNS
        .split_whitespace()
        .map(|column| format!("t.{column}"))
        .collect::<Vec<_>>()
        .join(", ");
    opened.run(
        "CREATE TABLE sealed_copies (source BLOB, id BLOB, customer_id BLOB, key_hash BLOB, key_sealed BLOB)",
    );
    for n in 1..=copies {
        let rows: Vec<String> = originals
            .iter()
            .map(|original| {
                let id = copy_of(&original.id, n);
                let place = [b"activation-key/", id.as_slice()].concat();
                let sealed = vault.seal(&place, &original.key).unwrap();
                let hash = sigillo::domain::secrets::random::<32>().unwrap();
                let customer = original
                    .customer
                    .as_ref()
                    .map_or_else(|| "NULL".to_owned(), |id| literal(&copy_of(id, n)));
                format!(
                    "({}, {}, {customer}, {}, {})",
                    literal(&original.id),
                    literal(&id),
                    literal(&hash),
                    literal(&sealed)
                )
            })
            .collect();
        opened.run("DELETE FROM sealed_copies");
        for rows in rows.chunks(400) {
            opened.run(&format!("INSERT INTO sealed_copies VALUES {}", rows.join(", ")));
        }
        opened.run(&format!(
            "INSERT INTO licenses (id, customer_id, key_hash, key_sealed, {columns}) \
             SELECT s.id, s.customer_id, s.key_hash, s.key_sealed, {read} \
             FROM sealed_copies AS s JOIN licenses AS t ON t.id = s.source"
        ));
    }
    opened.run("DROP TABLE sealed_copies");
}

fn literal(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("X'{digits}'")
}

/// As [`Dialect::copy_of`].
fn copy_of(id: &[u8], n: usize) -> Vec<u8> {
    let mut id = id.to_vec();
    id[8] = 0xF0 | u8::try_from(n >> 8).unwrap();
    id[9] = u8::try_from(n & 0xFF).unwrap();
    id
}

/// A licence of the demonstration.
struct Original {
    id: Vec<u8>,
    customer: Option<Vec<u8>>,
    /// The key, in clear.
    key: Vec<u8>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    customer_id: Option<Vec<u8>>,
}

enum Opened {
    Sqlite(SqliteConnection),
    MariaDb(MysqlConnection),
}

impl Opened {
    fn at(url: &str) -> Self {
        if let Some(path) = url.strip_prefix("sqlite://") {
            let mut conn = SqliteConnection::establish(path).unwrap();
            conn.batch_execute(
                "PRAGMA busy_timeout = 60000; PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000",
            )
            .unwrap();
            Self::Sqlite(conn)
        } else {
            let mut conn = MysqlConnection::establish(url).unwrap();
            conn.batch_execute("SET foreign_key_checks = 0, unique_checks = 0")
                .unwrap();
            Self::MariaDb(conn)
        }
    }

    fn run(&mut self, statement: &str) {
        match self {
            Self::Sqlite(conn) => conn.batch_execute(statement).unwrap(),
            Self::MariaDb(conn) => conn.batch_execute(statement).unwrap(),
        }
    }

    fn originals(&mut self) -> Vec<Original> {
        let query = diesel::sql_query("SELECT id, customer_id FROM licenses");
        let rows: Vec<Row> = match self {
            Self::Sqlite(conn) => query.load(conn).unwrap(),
            Self::MariaDb(conn) => query.load(conn).unwrap(),
        };
        rows.into_iter()
            .map(|row| Original {
                id: row.id,
                customer: row.customer_id,
                key: ActivationKey::from_entropy(sigillo::domain::secrets::random().unwrap())
                    .canonical()
                    .into(),
            })
            .collect()
    }
}
