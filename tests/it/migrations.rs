//! Both databases end with one schema, the one that `src/store/schema.rs` says; and getting there survives
//! everything: twice, at once, killed half-way.

use crate::support::{database::Database, rounds, server::Installation};
use diesel::{Connection, MysqlConnection, connection::SimpleConnection};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations")
        .join(kind)
}

fn names(kind: &str) -> BTreeSet<String> {
    std::fs::read_dir(folder(kind))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn both_databases_have_migrations_of_equal_names() {
    assert_eq!(names("sqlite"), names("mysql"));
    assert!(!names("sqlite").is_empty());
}

fn migrated(database: Database) -> Installation {
    let installation = Installation::new(database);
    installation.done(&["migrate"], "");
    installation
}

fn lines(database: &Database, sql: &str) -> BTreeSet<String> {
    database.texts(sql).into_iter().flatten().collect()
}

/// A name of a column, with what it holds and whether it may be null.
type Columns = BTreeMap<String, (String, bool)>;

/// A column list as `table: a, b`.
type Keys = BTreeSet<String>;

#[derive(Debug, PartialEq, Eq)]
struct Schema {
    /// `table.column`.
    columns: Columns,
    primary: Keys,
}

/// What `schema.rs` says.
fn declared() -> Schema {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/schema.rs")).unwrap();
    let (mut columns, mut primary) = (Columns::new(), Keys::new());
    for block in text.split("diesel::table! {").skip(1) {
        let block = block.split("\n}\n").next().unwrap();
        let mut lines = block
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with("use "));
        let (table, key) = lines
            .next()
            .unwrap()
            .trim_end_matches('{')
            .split_once('(')
            .unwrap();
        let table = table.trim();
        primary.insert(format!("{table}: {}", key.trim().trim_end_matches(')')));
        for line in lines.filter(|line| *line != "}") {
            let (name, kind) = line.trim_end_matches(',').split_once(" -> ").unwrap();
            let inner = kind
                .strip_prefix("Nullable<")
                .and_then(|kind| kind.strip_suffix('>'));
            columns.insert(
                format!("{table}.{name}"),
                (inner.unwrap_or(kind).to_owned(), inner.is_some()),
            );
        }
    }
    Schema { columns, primary }
}

/// `table.column type YES|NO` as lines.
fn columns(
    database: &Database,
    lines: &BTreeSet<String>,
    kind: impl Fn(&str) -> &'static [&'static str],
) -> Columns {
    let declared = declared();
    lines
        .iter()
        .map(|line| {
            let mut words = line.split(' ');
            let (name, held, null) = (
                words.next().unwrap(),
                words.next().unwrap(),
                words.next().unwrap(),
            );
            // The database's type admits one or several of ours: the declared one, where it is among them.
            let wanted = declared.columns.get(name).map(|(kind, _)| kind.as_str());
            let admitted = kind(held);
            let ours = admitted.iter().copied().find(|kind| Some(*kind) == wanted);
            let ours = ours.or(admitted.first().copied());
            let ours = ours.unwrap_or_else(|| panic!("{}: {line}: what is that?", database.text()));
            (name.to_owned(), (ours.to_owned(), null == "YES"))
        })
        .collect()
}

struct Found {
    schema: Schema,
    unique: Keys,
    indexes: Keys,
    foreign: BTreeSet<String>,
    triggers: BTreeSet<String>,
}

const SQLITE_TABLES: &str = "sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~' \
                             AND m.name NOT LIKE '~_~_%' ESCAPE '~'";

fn sqlite(database: &Database) -> Found {
    let from = |join: &str| SQLITE_TABLES.replacen("sqlite_master m", &format!("sqlite_master m {join}"), 1);
    let held = lines(
        database,
        &format!(
            "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || CASE c.\"notnull\" WHEN 1 THEN 'NO' ELSE 'YES' END \
             AS t FROM {}",
            from("JOIN pragma_table_xinfo(m.name) c")
        ),
    );
    let keys = |unique: &str| {
        lines(
            database,
            &format!(
                "SELECT m.name || ': ' || (SELECT group_concat(name, ', ') FROM \
                 (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS t FROM {} AND {unique}",
                from("JOIN pragma_index_list(m.name) i")
            ),
        )
    };
    Found {
        schema: Schema {
            columns: columns(database, &held, |held| match held {
                "BLOB" => &["Binary"],
                "TEXT" => &["Text", "Instant", "Date"],
                "INTEGER" => &["Integer", "BigInt", "Bool"],
                _ => &[],
            }),
            primary: lines(
                database,
                &format!(
                    "SELECT m.name || ': ' || (SELECT group_concat(name, ', ') FROM \
                     (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk)) AS t FROM {SQLITE_TABLES}"
                ),
            ),
        },
        unique: keys("i.\"unique\" = 1 AND i.origin <> 'pk'"),
        indexes: keys("i.\"unique\" = 0"),
        foreign: lines(
            database,
            &format!(
                "SELECT m.name || '.' || f.\"from\" || ' ' || f.\"table\" || '.' || f.\"to\" AS t FROM {}",
                from("JOIN pragma_foreign_key_list(m.name) f")
            ),
        ),
        triggers: lines(
            database,
            "SELECT name AS t FROM sqlite_master WHERE type = 'trigger'",
        ),
    }
}

fn mariadb(database: &Database) -> Found {
    let held = lines(
        database,
        "SELECT CONCAT(table_name, '.', column_name, ' ', data_type, ' ', is_nullable) AS t \
         FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_\\_%'",
    );
    let keys = |which: &str| {
        lines(
            database,
            &format!(
                "SELECT CONCAT(table_name, ': ', GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', ')) AS t \
                 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_\\_%' \
                 AND {which} GROUP BY table_name, index_name"
            ),
        )
    };
    Found {
        schema: Schema {
            columns: columns(database, &held, |held| match held {
                "binary" | "varbinary" | "mediumblob" => &["Binary"],
                "varchar" | "mediumtext" => &["Text"],
                "int" => &["Integer"],
                "bigint" => &["BigInt"],
                "tinyint" => &["Bool"],
                "datetime" => &["Instant"],
                "date" => &["Date"],
                _ => &[],
            }),
            primary: keys("index_name = 'PRIMARY'"),
        },
        unique: keys("non_unique = 0 AND index_name <> 'PRIMARY'"),
        indexes: keys("non_unique = 1"),
        foreign: lines(
            database,
            "SELECT CONCAT(table_name, '.', column_name, ' ', referenced_table_name, '.', referenced_column_name) AS t \
             FROM information_schema.key_column_usage WHERE table_schema = DATABASE() \
             AND referenced_table_name IS NOT NULL",
        ),
        triggers: lines(
            database,
            "SELECT trigger_name AS t FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
        ),
    }
}

#[test]
fn both_databases_and_the_program_agree_on_the_schema() {
    let (sqlite, mariadb) = (
        sqlite(&migrated(Database::sqlite()).database),
        mariadb(&migrated(Database::mariadb()).database),
    );
    let declared = declared();
    assert!(declared.columns.len() > 200 && !sqlite.triggers.is_empty() && !sqlite.foreign.is_empty());
    assert_eq!(sqlite.schema, declared);
    assert_eq!(mariadb.schema, declared);
    assert_eq!(sqlite.unique, mariadb.unique);
    assert_eq!(sqlite.foreign, mariadb.foreign);
    assert_eq!(sqlite.triggers, mariadb.triggers);
    // MariaDB makes an index for a foreign key that has none.
    let missing: Vec<_> = sqlite.indexes.difference(&mariadb.indexes).collect();
    assert!(missing.is_empty(), "indexes that MariaDB lacks: {missing:?}");
}

/// The whole schema as text, to be compared.
fn schema(database: &Database) -> BTreeSet<String> {
    let found = if database.is_sqlite() {
        sqlite(database)
    } else {
        mariadb(database)
    };
    let mut all: BTreeSet<String> = found
        .schema
        .columns
        .iter()
        .map(|column| format!("{column:?}"))
        .collect();
    for (what, set) in [
        ("primary", found.schema.primary),
        ("unique", found.unique),
        ("index", found.indexes),
        ("foreign", found.foreign),
        ("trigger", found.triggers),
    ] {
        all.extend(set.into_iter().map(|line| format!("{what} {line}")));
    }
    let applied = database.texts("SELECT version AS t FROM __diesel_schema_migrations");
    all.extend(applied.into_iter().flatten());
    all
}

fn migrating_twice_or_at_once_is_harmless(new: fn() -> Database) {
    let reference = migrated(new());
    let wanted = schema(&reference.database);
    reference.done(&["migrate"], "");
    assert_eq!(schema(&reference.database), wanted);
    for _ in 0..rounds(20, 200) {
        let installation = Installation::new(new());
        let children: Vec<_> = (0..4)
            .map(|_| {
                let mut command = installation.command(&["migrate"]);
                command.stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        assert_eq!(schema(&installation.database), wanted);
    }
}

#[test]
fn migrating_twice_or_at_once_is_harmless_on_sqlite() {
    migrating_twice_or_at_once_is_harmless(Database::sqlite);
}

#[test]
fn migrating_twice_or_at_once_is_harmless_on_mariadb() {
    migrating_twice_or_at_once_is_harmless(Database::mariadb);
}

fn a_migration_that_is_killed_is_finished_by_the_next(new: fn() -> Database) {
    let wanted = schema(&migrated(new()).database);
    let mut runner = TestRunner::default();
    for _ in 0..rounds(8, 300) {
        let installation = Installation::new(new());
        let mut child = installation
            .command(&["migrate"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let pause = (0_u64..150).new_tree(&mut runner).unwrap().current();
        std::thread::sleep(Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        installation.done(&["migrate"], "");
        assert_eq!(schema(&installation.database), wanted, "killed after {pause} ms");
    }
}

#[test]
fn a_migration_that_is_killed_is_finished_by_the_next_on_sqlite() {
    a_migration_that_is_killed_is_finished_by_the_next(Database::sqlite);
}

#[test]
fn a_migration_that_is_killed_is_finished_by_the_next_on_mariadb() {
    a_migration_that_is_killed_is_finished_by_the_next(Database::mariadb);
}

/// Says that somebody has the turn to migrate an empty MariaDB: on which node of a cluster, and for how long.
fn lease(node: &str, seconds: i64) -> Installation {
    let installation = Installation::new(Database::mariadb());
    let taken = format!(
        "CREATE TABLE __migration_lease (id INT NOT NULL PRIMARY KEY, owner VARCHAR(36) NOT NULL, \
         node VARCHAR(64) NOT NULL, ends_at DATETIME(6) NOT NULL); \
         INSERT INTO __migration_lease VALUES (1, 'somebody', '{node}', UTC_TIMESTAMP(6) + INTERVAL {seconds} SECOND)"
    );
    installation.database.execute(&taken).unwrap();
    installation
}

fn is_migrated(installation: &Installation) -> bool {
    installation.database.count(
        "SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'licenses'",
    ) == 1
}

#[test]
fn a_dead_holders_lease_is_taken_over() {
    let wanted = schema(&migrated(Database::mariadb()).database);
    // On the same server at once, since its connection is gone; on another node when its term is over.
    for (node, seconds) in [("", 1_000_000), ("another", 2), ("another", -1)] {
        let installation = lease(node, seconds);
        installation.done(&["migrate"], "");
        assert_eq!(schema(&installation.database), wanted, "{node}: {seconds} s");
    }
}

#[test]
fn a_living_holders_lease_is_waited_for() {
    // Alive: by its connection, or by a term on another node that has not ended.
    for node in ["", "another"] {
        let installation = lease(node, 1_000_000);
        let mut holder = MysqlConnection::establish(&installation.database.text()).unwrap();
        holder.batch_execute("DO GET_LOCK('somebody', 0)").unwrap();
        let mut waiting = installation
            .command(&["migrate"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_secs(1));
        assert!(waiting.try_wait().unwrap().is_none(), "{node}: it did not wait");
        assert!(!is_migrated(&installation), "{node}: it did not wait");
        if node.is_empty() {
            drop(holder);
        } else {
            let given_back = "UPDATE __migration_lease SET owner = '', ends_at = '2000-01-01'";
            installation.database.execute(given_back).unwrap();
        }
        let output = waiting.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(is_migrated(&installation));
    }
}

/// The statements of all migrations of MariaDB, which commits each by itself.
fn statements() -> Vec<String> {
    names("mysql")
        .into_iter()
        .flat_map(|name| {
            let text = std::fs::read_to_string(folder("mysql").join(name).join("up.sql")).unwrap();
            let parts: Vec<String> = text.split_inclusive(";\n").map(str::to_owned).collect();
            parts
        })
        .filter(|statement| statement.trim_end().ends_with(';'))
        .collect()
}

#[test]
fn every_statement_for_mariadb_can_be_run_again() {
    // Each twice in a row, on its way to the schema that the program makes of it.
    let wanted = schema(&migrated(Database::mariadb()).database);
    let installation = Installation::new(Database::mariadb());
    for statement in statements() {
        for _ in 0..2 {
            if let Err(error) = installation.database.execute(&statement) {
                panic!("{error}: {statement}");
            }
        }
    }
    installation.done(&["migrate"], "");
    assert_eq!(schema(&installation.database), wanted);
}

#[test]
fn a_start_after_any_prefix_of_the_statements_for_mariadb_ends_with_the_whole_schema() {
    let statements = statements();
    let wanted = schema(&migrated(Database::mariadb()).database);
    let mut runner = TestRunner::default();
    let every = rounds(0, 1) == 1;
    let ends: Vec<usize> = if every {
        (1..=statements.len()).collect()
    } else {
        let random = (1..=statements.len()).new_tree(&mut runner).unwrap().current();
        vec![1, random, statements.len()]
    };
    for end in ends {
        let installation = Installation::new(Database::mariadb());
        installation
            .database
            .execute(&statements[..end].concat())
            .unwrap();
        installation.done(&["migrate"], "");
        assert_eq!(schema(&installation.database), wanted, "after {end} statements");
    }
}
