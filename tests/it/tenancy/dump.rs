//! All rows of a database as text, to tell whether anything changed.

use crate::support::database::Database;
use diesel::{
    Connection, MysqlConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection, sql_types::Text,
};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Texts by a query with one column `line`, beside the program.
pub fn texts(database: &Database, sql: &str) -> Vec<String> {
    let rows: Vec<Line> = if database.is_sqlite() {
        let mut conn = SqliteConnection::establish(database.text().trim_start_matches("sqlite://")).unwrap();
        conn.batch_execute("PRAGMA busy_timeout = 10000;").unwrap();
        diesel::sql_query(sql).load(&mut conn).unwrap()
    } else {
        let mut conn = MysqlConnection::establish(&database.text()).unwrap();
        diesel::sql_query(sql).load(&mut conn).unwrap()
    };
    rows.into_iter().map(|row| row.line).collect()
}

/// Reads the rows of all tables, but for the columns `but` (`table.column`, `table.*`, `*.column`).
pub struct Dump {
    sql: String,
}

impl Dump {
    /// All columns, as `table.column`.
    pub fn columns(database: &Database) -> Vec<String> {
        let columns = if database.is_sqlite() {
            "SELECT m.name || '.' || c.name AS line FROM sqlite_master m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
        } else {
            "SELECT CONCAT(table_name, '.', column_name) AS line FROM information_schema.columns
             WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"
        };
        texts(database, columns)
    }

    pub fn but(database: &Database, but: &[&str]) -> Self {
        let mut tables: Vec<(String, Vec<String>)> = Vec::new();
        for name in Self::columns(database) {
            let (table, column) = name.split_once('.').unwrap();
            let left_out = [format!("{table}.*"), format!("*.{column}"), name.clone()];
            if left_out.iter().any(|name| but.contains(&name.as_str())) {
                continue;
            }
            if tables.last().is_none_or(|(last, _)| last != table) {
                tables.push((table.to_owned(), Vec::new()));
            }
            tables.last_mut().unwrap().1.push(column.to_owned());
        }
        assert!(tables.len() > 15, "a schema with {} tables", tables.len());
        let selects: Vec<String> = tables
            .iter()
            .map(|(table, columns)| {
                let value = |column: &String| {
                    if database.is_sqlite() {
                        format!("'{column}=' || quote({column})")
                    } else {
                        format!("CONCAT('{column}=', COALESCE(HEX(`{column}`), 'NULL'))")
                    }
                };
                let values: Vec<String> = columns.iter().map(value).collect();
                if database.is_sqlite() {
                    format!(
                        "SELECT '{table} ' || {} AS line FROM {table}",
                        values.join(" || ' ' || ")
                    )
                } else {
                    format!(
                        "SELECT CONCAT_WS(' ', '{table}', {}) AS line FROM {table}",
                        values.join(", ")
                    )
                }
            })
            .collect();
        Self {
            sql: selects.join(" UNION ALL "),
        }
    }

    pub fn take(&self, database: &Database) -> Vec<String> {
        let mut lines = texts(database, &self.sql);
        lines.sort();
        lines
    }
}

/// Holds that nothing changed, showing what did.
#[track_caller]
pub fn same(before: &[String], after: &[String], what: &str) {
    if before != after {
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            let lines = these.iter().filter(|line| !those.contains(line));
            lines.map(|line| line.chars().take(400).collect()).collect()
        };
        let (gone, come) = (only(before, after), only(after, before));
        panic!("{what} changed rows\nbefore: {gone:#?}\nafter: {come:#?}");
    }
}
