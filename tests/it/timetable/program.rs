//! The program itself, on days that are to come: it is told that it is another day by Debian's `faketime`.

use crate::support::{cast::PASSWORD, database::Database, server::Installation, smtp::Smtp};
use serde_json::{Value, json};
use std::{collections::BTreeSet, process::Command};

/// Runs a command on another day.
fn on_day(installation: &Installation, day: &str, arguments: &[&str]) -> std::process::Output {
    let program = installation.command(arguments);
    let mut command = Command::new("faketime");
    command
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .arg("-f")
        .arg(format!("@{day} 09:00:00"))
        .arg(program.get_program())
        .args(program.get_args());
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.env("TZ", "UTC").current_dir(installation.folder.path());
    command
        .output()
        .expect("faketime, which scripts/setup-tests installs")
}

fn kinds(taken: &[Value]) -> Vec<String> {
    taken
        .iter()
        .filter_map(|message| message["headers"]["X-Sigillo-Tipo"].as_str())
        .filter(|kind| kind.starts_with("pro"))
        .map(str::to_owned)
        .collect()
}

async fn reminded_on_their_days(database: Database) {
    let mut installation = Installation::new(database);
    let smtp = Smtp::start();
    let token = installation.root();
    {
        let server = installation.serve();
        let caller = server.caller();
        let bearer = [("Authorization", format!("Bearer {token}"))];
        let made = |path: &str, body: Value| {
            let said = caller.post(path, &bearer, &body).unwrap();
            assert_eq!(said.status, 201, "{}", said.body);
            said.body
        };
        made(
            "/api/admin/prodotti",
            json!({"codice": "GESTIONALE", "nome": "Gestionale"}),
        );
        let customer = made(
            "/api/admin/clienti",
            json!({"nome": "Rossi spa", "email": "rossi@example.com", "password": PASSWORD}),
        );
        for (kind, day) in [
            ("abbonamento", "2031-03-31"),
            ("abbonamento", "2031-03-31"),
            ("trial", "2031-04-10"),
        ] {
            made(
                "/api/admin/licenze",
                json!({"prodotto": "GESTIONALE", "tipo_licenza": kind, "cliente": customer["id"], "data_scadenza": day}),
            );
        }
        server.ask_to_end();
        assert!(server.ended().success());
    }
    // The mail server is down: what is due is done, and waits.
    installation
        .environment
        .push(("ROCKET_SMTP_URL", "smtp://127.0.0.1:9?tls=none".into()));
    let ran = on_day(&installation, "2031-03-01", &["run-jobs"]);
    assert!(ran.status.success(), "{ran:?}");
    installation.environment.pop();
    installation.environment.push(("ROCKET_SMTP_URL", smtp.url()));
    let mut expected = Vec::new();
    for (day, kinds_of_day) in [
        // Thirty days before, of the day before: the server is back.
        ("2031-03-02", vec!["promemoria_scadenza"]),
        ("2031-03-03", vec![]),
        ("2031-03-24", vec!["promemoria_scadenza"]),
        ("2031-04-05", vec!["promemoria_scadenza", "prova_in_scadenza"]),
        ("2031-04-09", vec!["prova_in_scadenza"]),
        ("2031-04-11", vec![]),
        ("2031-04-20", vec!["promemoria_scadenza"]),
        ("2031-09-01", vec![]),
    ] {
        // Twice: what was done is done.
        for _ in 0..2 {
            let ran = on_day(&installation, day, &["run-jobs"]);
            assert!(ran.status.success(), "{day}: {ran:?}");
        }
        expected.extend(kinds_of_day.into_iter().map(str::to_owned));
        let taken = smtp.taken();
        let (mut seen, mut wanted) = (kinds(&taken), expected.clone());
        if seen.len() < wanted.len() {
            seen = kinds(&smtp.wait_for(taken.len() + wanted.len() - seen.len()).await);
        }
        seen.sort();
        wanted.sort();
        assert_eq!(seen, wanted, "{day}");
    }
    let taken = smtp.taken();
    let ids: BTreeSet<&str> = taken
        .iter()
        .filter_map(|message| message["headers"]["Message-ID"].as_str())
        .collect();
    assert_eq!(ids.len(), taken.len());
    let first = taken
        .iter()
        .find(|message| message["headers"]["X-Sigillo-Tipo"] == "promemoria_scadenza")
        .unwrap();
    assert_eq!(first["to"], json!(["rossi@example.com"]));
    let text = first["text"].as_str().unwrap();
    assert_eq!(text.matches("31/03/2031").count(), 2, "{text}");
}

#[rocket::async_test]
async fn the_program_reminds_on_the_days_that_are_meant_on_sqlite() {
    reminded_on_their_days(Database::sqlite()).await;
}

#[rocket::async_test]
async fn the_program_reminds_on_the_days_that_are_meant_on_mariadb() {
    reminded_on_their_days(Database::mariadb()).await;
}
