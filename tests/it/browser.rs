//! The portal in Debian's Chromium (tests/browser): from the first link to an activated key on both databases, the
//! palette and the keys, and every page of the demonstration for every role.

use crate::support::{
    database::Database,
    server::{Installation, Server},
};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};

/// Starts a command that serves, and gives what it prints up to the line that begins like this.
fn start(installation: &Installation, command: &str, until: &str) -> (Server, String, Vec<String>) {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut child = installation
        .command(&[command])
        .env("ROCKET_PORT", port.to_string())
        .env("ROCKET_RATE_SIGN_IN", "0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said: Vec<String> = Vec::new();
    while said.last().is_none_or(|line| !line.starts_with(until)) {
        said.push(lines.next().expect("another line").unwrap());
    }
    // Whatever it says further is read, so that it never waits for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    let server = installation.attach(child, port);
    (server, format!("http://127.0.0.1:{port}"), said)
}

/// Runs a script in the browser, and gives what it found.
fn look(script: &str, question: &Value) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(
        root.join("tests/browser/node_modules/playwright-core").exists(),
        "tests/browser/node_modules is missing: run scripts/setup-tests (or `make test`), which installs it"
    );
    assert!(
        root.join("static/vendor/htmx.min.js").exists(),
        "static/vendor/htmx.min.js is missing: run `make assets`"
    );
    let output = Command::new("node")
        .arg(format!("tests/browser/{script}.mjs"))
        .current_dir(root)
        .env("SIGILLO_TOUR", question.to_string())
        .output()
        .unwrap();
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{script}: {said}\n{complained}");
    serde_json::from_str(said.lines().last().unwrap_or_default())
        .unwrap_or_else(|_| panic!("{script}: {said}\n{complained}"))
}

#[track_caller]
fn assert_nothing_wrong(found: &Value) {
    let wrong: Vec<&str> = found["wrong"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// From the first link to an activated key and its release, with a script and without.
fn from_the_first_link_to_an_activated_key(database: Database) {
    let installation = Installation::new(database);
    let (_server, base, said) = start(&installation, "serve", "Nobody can sign in yet");
    let link = said.last().unwrap().rsplit(' ').next().unwrap();
    let found = look("journey", &json!({"base": base, "link": link}));
    assert_nothing_wrong(&found);
    let activations = installation
        .database
        .count("SELECT COUNT(*) AS n FROM activations");
    assert_eq!(activations, 2, "one with a script, one without");
}

#[test]
fn from_the_first_link_to_an_activated_key_on_sqlite() {
    from_the_first_link_to_an_activated_key(Database::sqlite());
}

#[test]
fn from_the_first_link_to_an_activated_key_on_mariadb() {
    from_the_first_link_to_an_activated_key(Database::mariadb());
}

/// One of each role whom the demonstration names.
fn people(said: &[String]) -> Vec<Value> {
    let mut people: Vec<Value> = Vec::new();
    for line in said.iter().filter(|line| line.contains('\t')) {
        let fields: Vec<&str> = line.split('\t').collect();
        if people.iter().all(|one| one["role"] != fields[0]) {
            people.push(json!({"role": fields[0], "email": fields[1], "password": fields[2]}));
        }
    }
    assert_eq!(people.len(), 5, "{said:?}");
    people
}

#[test]
fn the_palette_and_the_keys_lead_where_they_say_and_what_changes_in_place_is_told() {
    let installation = Installation::new(Database::sqlite());
    let (_server, base, said) = start(&installation, "demo", "curl ");
    let found = look("keys", &json!({"base": base, "people": people(&said)}));
    assert_nothing_wrong(&found);
}

#[test]
fn every_page_of_every_role_is_sound_in_both_languages_and_themes() {
    let installation = Installation::new(Database::sqlite());
    let (_server, base, said) = start(&installation, "demo", "curl ");
    let people = people(&said);
    let found = look("tour", &json!({"base": base, "people": people}));
    assert_nothing_wrong(&found);
    let seen = |role: &str| found["visited"][role].as_array().unwrap().len();
    assert!(seen("superadmin") >= 30, "{}", found["visited"]);
    assert!(seen("superadmin") > seen("agente"), "{}", found["visited"]);
}
