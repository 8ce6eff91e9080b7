//! What the program refuses to start with, and which configuration it reads.

use super::*;

/// What the program says when it refuses to start.
#[track_caller]
fn refusal(installation: &Installation) -> String {
    let output = installation.run(&["migrate"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_mariadb_server_that_could_lose_what_was_acknowledged_is_refused() {
    let mut mariadbd = MariaDbd::new(&["--innodb-flush-log-at-trx-commit=2"]);
    let installation = Installation::new(Database::mariadb_on(mariadbd.url()));
    let said = refusal(&installation);
    assert!(said.contains("innodb_flush_log_at_trx_commit is not 1"), "{said}");
    for (option, sentence) in [
        ("--innodb-doublewrite=0", "innodb_doublewrite is off"),
        (
            "--default-storage-engine=Aria",
            "default_storage_engine is not InnoDB",
        ),
    ] {
        mariadbd.kill();
        mariadbd.start(&[option]);
        let said = refusal(&installation);
        assert!(said.contains(sentence), "{said}");
    }
    mariadbd.kill();
    mariadbd.start(&[]);
    installation.done(&["migrate"], "");
}

fn a_database_of_a_newer_program_is_refused(database: Database) {
    let installation = Installation::new(database);
    installation.done(&["migrate"], "");
    let newer = "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('29990101000000', '2026-01-01 00:00:00')";
    installation.database.execute(newer).unwrap();
    let said = refusal(&installation);
    assert!(
        said.contains("newer version of this program (migration 29990101000000)"),
        "{said}"
    );
}

#[test]
fn a_database_of_a_newer_program_is_refused_on_sqlite() {
    a_database_of_a_newer_program_is_refused(Database::sqlite());
}

#[test]
fn a_database_of_a_newer_program_is_refused_on_mariadb() {
    a_database_of_a_newer_program_is_refused(Database::mariadb());
}

fn a_secret_that_did_not_seal_the_keys_is_refused(database: Database) {
    let mut installation = Installation::new(database);
    let root = installation.root();
    let server = installation.serve();
    server.caller().keys(&root, 1, 1);
    server.kill();
    let right = installation.environment.clone();
    for (environment, sentence) in [
        (vec![], "secret_key is not set"),
        (
            vec![("ROCKET_SECRET_KEY", "07".repeat(31) + "08")],
            "is not the one that sealed the keys",
        ),
        (
            vec![("ROCKET_SECRET_KEY", "BwcHBwcHBw==".into())],
            "secret_key must be at least 32 bytes",
        ),
    ] {
        installation.environment = environment;
        let said = refusal(&installation);
        assert!(said.contains(sentence), "{said}");
        assert!(!installation.folder.path().join("secret.key").exists());
    }
    installation.environment = right;
    installation.done(&["migrate"], "");
    // The same secret, spelt in hexadecimal.
    installation.environment = vec![("ROCKET_SECRET_KEY", "07".repeat(32))];
    installation.done(&["migrate"], "");
}

#[test]
fn a_secret_that_did_not_seal_the_keys_is_refused_on_sqlite() {
    a_secret_that_did_not_seal_the_keys_is_refused(Database::sqlite());
}

#[test]
fn a_secret_that_did_not_seal_the_keys_is_refused_on_mariadb() {
    a_secret_that_did_not_seal_the_keys_is_refused(Database::mariadb());
}

#[test]
fn the_profile_that_is_named_is_the_one_that_is_read() {
    let mut installation = Installation::new(Database::sqlite());
    let file = installation.folder.path().join("Rocket.toml");
    std::fs::write(
        file,
        "[default]\nlanguage = \"it\"\n[collaudo]\nlanguage = \"xx\"\n",
    )
    .unwrap();
    installation.done(&["migrate"], "");
    installation
        .environment
        .push(("ROCKET_PROFILE", "collaudo".into()));
    let said = refusal(&installation);
    assert!(said.contains("language must be `it` or `en`"), "{said}");
}
