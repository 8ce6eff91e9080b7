//! The demonstration many times over, by SQL: customers, their licences and devices, sales and activations.

use diesel::{Connection, MysqlConnection, SqliteConnection, connection::SimpleConnection};

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

    /// The identifier of copy `n`: of the same instant.
    fn copy_of(&self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("unhex(substr(hex({column}), 1, 28) || printf('%04X', n))"),
            Self::MariaDb => format!("UNHEX(CONCAT(SUBSTR(HEX({column}), 1, 28), LPAD(HEX(n), 4, '0')))"),
        }
    }

    fn random(&self, bytes: usize) -> String {
        match self {
            Self::Sqlite => format!("randomblob({bytes})"),
            Self::MariaDb => format!("RANDOM_BYTES({bytes})"),
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
pub(crate) fn multiply(url: &str, copies: usize) {
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
    let mut licenses = ids(&["id", "customer_id"]);
    licenses.push(("key_hash", dialect.random(32)));
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
        copy(
            &dialect,
            "licenses",
            "id product_id customer_id company_id agent_id batch_id key_hash key_sealed key_tail kind binding \
             duration_days period_months starts_on anchor_day expires_on maintenance_until activated_at revoked_at \
             suspensions settled max_devices devices_used max_users users_used max_seats seats_used reserved \
             offline_days label created_at",
            &licenses,
            copies,
        ),
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
        match dialect {
            Dialect::Sqlite => {
                let path = url.strip_prefix("sqlite://").unwrap_or(url);
                let mut conn = SqliteConnection::establish(path).unwrap();
                conn.batch_execute(
                    "PRAGMA busy_timeout = 60000; PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000",
                )
                .unwrap();
                conn.batch_execute(&statement).unwrap();
            }
            Dialect::MariaDb => {
                let mut conn = MysqlConnection::establish(url).unwrap();
                conn.batch_execute("SET foreign_key_checks = 0, unique_checks = 0")
                    .unwrap();
                conn.batch_execute(&statement).unwrap();
            }
        }
    }
}
