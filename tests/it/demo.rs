//! `sigillo demo`: a world to look at, in which everything holds that holds elsewhere.

use crate::{
    on_both,
    support::{
        World,
        database::{Database, assert_places_add_up},
        rounds,
        server::Installation,
    },
};
use chrono::Duration;
use serde_json::{Value, json};
use sigillo::{
    demo::{self, Demonstration, Size},
    domain::{
        actor::Role,
        customer::CustomerState,
        error::Refusal,
        fiscal,
        license::{Binding, LicenseKind, LicenseState},
        user::check_password,
    },
};
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::Stdio,
};

/// Every special customer once.
const SMALL: Size = Size { customers: 40 };

fn assert_none(database: &Database, what: &str) {
    let n = database.count(&format!("SELECT COUNT(*) AS n FROM {what}"));
    assert_eq!(n, 0, "{what}");
}

fn rows(database: &Database, what: &str) -> i64 {
    database.count(&format!("SELECT COUNT(*) AS n FROM {what}"))
}

/// What holds of the demonstration's database, however large it is.
fn assert_it_holds(database: &Database) {
    assert_places_add_up(database);
    assert_none(
        database,
        "licenses l WHERE l.users_used <> \
         (SELECT COUNT(*) FROM license_users u WHERE u.license_id = l.id AND u.live = 1)",
    );
    assert_none(
        database,
        "licenses l JOIN customers c ON c.id = l.customer_id \
         WHERE COALESCE(l.company_id, '') <> COALESCE(c.company_id, '')",
    );
    assert_none(
        database,
        "licenses l JOIN nodes a ON a.id = l.agent_id WHERE a.parent_id <> l.company_id",
    );
    for (table, at) in [
        ("nodes", "created_at"),
        ("customers", "created_at"),
        ("licenses", "created_at"),
        ("users", "created_at"),
        ("batches", "created_at"),
        ("activations", "activated_at"),
        ("transactions", "created_at"),
        ("audit_log", "at"),
        ("activation_log", "at"),
        ("access_log", "at"),
    ] {
        // The vendor's id is the same everywhere.
        assert_none(
            database,
            &format!(
                "(SELECT {at} AS a, LAG({at}) OVER (ORDER BY id) AS b FROM {table} \
                 WHERE id <> (SELECT MIN(id) FROM nodes)) AS ids WHERE b > a"
            ),
        );
    }
    assert_money_adds_up(database);
    assert_nobody_is_real(database);
}

fn assert_money_adds_up(database: &Database) {
    let settled =
        "COALESCE((SELECT SUM(s.amount_cents) FROM settlements s WHERE s.transaction_id = t.id), 0)";
    assert_none(
        database,
        &format!("transactions t WHERE t.due_on IS NOT NULL AND {settled} > t.amount_cents"),
    );
    assert_none(
        database,
        &format!("transactions t WHERE t.due_on IS NULL AND {settled} <> 0"),
    );
    assert_none(
        database,
        "transactions p WHERE p.kind = 'incasso' AND p.amount_cents <> \
         (SELECT SUM(s.amount_cents) FROM settlements s WHERE s.payment_id = p.id)",
    );
    assert_none(
        database,
        "transactions u JOIN transactions t ON t.id = u.undoes_id WHERE u.amount_cents <> -t.amount_cents",
    );
    assert_none(
        database,
        "transactions t WHERE (t.method = 'posticipato' AND t.kind <> 'storno') <> (t.due_on IS NOT NULL)",
    );
    assert_none(
        database,
        "transactions t WHERE t.period_to < t.period_from \
         OR (t.kind IN ('rinnovo', 'conversione')) <> (t.period_to IS NOT NULL)",
    );
    assert_none(
        database,
        &format!(
            "nodes n WHERE n.kind <> 'agente' AND n.credit_limit_cents < \
             (SELECT SUM(t.amount_cents - {settled}) FROM transactions t WHERE t.company_id = n.id \
              AND t.due_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM transactions u WHERE u.undoes_id = t.id))"
        ),
    );
    for kind in [
        "attivazione",
        "rinnovo",
        "conversione",
        "incasso",
        "storno",
        "rimborso",
    ] {
        assert!(
            rows(database, &format!("transactions WHERE kind = '{kind}'")) > 0,
            "{kind}"
        );
    }
}

fn assert_nobody_is_real(database: &Database) {
    for table in ["nodes", "customers", "contacts", "users"] {
        assert_none(
            database,
            &format!("{table} WHERE email NOT LIKE '%@example.it' AND email NOT LIKE '%@%.example.it'"),
        );
    }
    assert_none(database, "outbox WHERE state = 'in_coda'");
    let texts = |column: &str| {
        let sql = format!("SELECT {column} AS t FROM customers WHERE {column} IS NOT NULL");
        let texts: Vec<String> = database.texts(&sql).into_iter().flatten().collect();
        assert!(texts.len() > 10, "{column}");
        texts
    };
    for number in texts("vat_number") {
        assert_eq!(fiscal::vat_number(&number).as_ref(), Ok(&number));
        assert_eq!(&number[7..10], "000", "an office that there is not: {number}");
    }
    for code in texts("tax_code") {
        assert_eq!(fiscal::tax_code(&code).as_ref(), Ok(&code));
        assert!(
            code.len() == 11 || &code[11..15] == "Z000",
            "a place that there is not: {code}"
        );
    }
}

async fn listed(world: &World, token: &str, path: &str, query: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/admin/{path}?limite=200&{query}{cursor}");
        let reply = world.get(&path, token).await.expect(200);
        found.extend(reply.body["dati"].as_array().unwrap().iter().cloned());
        match reply.body["cursore"].as_str() {
            Some(next) => cursor = format!("&cursore={next}"),
            None => return found,
        }
    }
}

async fn filled(world: &World) -> (Demonstration, String) {
    assert!(demo::may_fill(&world.app).await.unwrap());
    let made = demo::fill(&world.app, SMALL).await.unwrap();
    world.settle().await;
    let token = world.token("superadmin@example.it", true).await;
    (made, token)
}

async fn assert_all_of_it(world: &World) {
    let (made, token) = filled(world).await;
    let database = &world.database;
    assert_it_holds(database);
    assert!(
        !demo::may_fill(&world.app).await.unwrap(),
        "a second one is refused"
    );

    let roles: BTreeSet<Role> = made.sign_ins.iter().map(|sign_in| sign_in.role).collect();
    assert_eq!(roles.len(), Role::ALL.len());
    for sign_in in &made.sign_ins {
        assert!(check_password(&sign_in.password, &sign_in.email).is_ok());
        let hash = format!(
            "SELECT password_hash AS t FROM users WHERE email = '{}'",
            sign_in.email
        );
        let hash = database.texts(&hash).remove(0).unwrap();
        assert!(
            world
                .app
                .passwords
                .verify(&sign_in.password, Some(&hash))
                .await
                .unwrap()
        );
    }

    for state in LicenseState::CODES {
        assert!(
            !listed(world, &token, "licenze", &format!("stato={state}"))
                .await
                .is_empty(),
            "{state}"
        );
    }
    let active = listed(world, &token, "licenze", "stato=attiva").await;
    assert!(
        active.iter().any(|license| license["in_tolleranza"] == true),
        "one in grace"
    );
    for waiting in ["convalida", "assegnazione"] {
        let found = listed(world, &token, "licenze", &format!("in_attesa={waiting}")).await;
        assert!(!found.is_empty(), "{waiting}");
    }
    let soon = listed(world, &token, "licenze", "scade_entro=7").await;
    for kind in ["trial", "abbonamento"] {
        assert!(
            soon.iter().any(|license| license["tipo_licenza"] == kind),
            "{kind} soon"
        );
    }
    for (column, words) in [("kind", LicenseKind::CODES), ("binding", Binding::CODES)] {
        for word in words {
            assert!(
                rows(database, &format!("licenses WHERE {column} = '{word}'")) > 0,
                "{word}"
            );
        }
    }
    for state in CustomerState::CODES {
        assert!(
            rows(database, &format!("customers WHERE state = '{state}'")) > 0,
            "{state}"
        );
    }
    for code in Refusal::CODES {
        assert!(
            rows(database, &format!("activation_log WHERE outcome = '{code}'")) > 0,
            "{code}"
        );
    }
    assert_eq!(rows(database, "customers"), 40);
    assert_eq!(rows(database, "products"), 3);
    assert!((200..900).contains(&rows(database, "licenses")));
    assert_eq!(
        database.count("SELECT MAX(depth) AS n FROM node_tree"),
        4,
        "two sub-companies and an agent"
    );

    let device = json!({"chiave_licenza": made.key, "prodotto": made.product, "dispositivo": {"id": "X1"}});
    let reply = world.call("/api/licenze/attiva", device).await.expect(200);
    assert_eq!(reply.body["esito"], "attivata");
    assert_eq!(reply.body["licenza"]["stato"], "attiva");
}

on_both!(
    a_demonstration_holds_every_role_state_and_kind_and_breaks_no_rule,
    |world| async { assert_all_of_it(&world).await }
);

#[rocket::async_test]
async fn a_demonstration_is_whole_on_whatever_day_it_is_made() {
    for n in 0..rounds(2, 40) {
        let world = World::new(Database::sqlite()).await;
        let later = 1 + i64::try_from(n).unwrap();
        world
            .app
            .clock
            .advance(Duration::days(37 * later) + Duration::hours(11 * later));
        assert_all_of_it(&world).await;
    }
}

#[test]
fn the_command_prints_its_sign_ins_and_a_call_serves_and_refuses_to_do_it_twice() {
    let installation = Installation::new(Database::sqlite());
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut child = installation
        .command(&["demo"])
        .env("ROCKET_PORT", port.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines: Vec<String> = {
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut read = Vec::new();
        while read.last().is_none_or(|line: &String| !line.starts_with("curl ")) {
            read.push(lines.next().expect("a call").unwrap());
        }
        read
    };
    let (call, sign_ins) = lines.split_last().unwrap();
    let roles: Vec<&str> = sign_ins
        .iter()
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 3, "{line}");
            assert!(!line.contains(' '), "{line}");
            assert!(fields[1].ends_with("@example.it"), "{line}");
            fields[0]
        })
        .collect();
    assert_eq!(
        roles,
        [
            "superadmin",
            "rivenditore",
            "rivenditore",
            "sottoazienda",
            "agente",
            "cliente"
        ]
    );
    let server = installation.attach(child, port);
    let (url, rest) = call.strip_prefix("curl -s ").unwrap().split_once(' ').unwrap();
    assert_eq!(url, format!("http://127.0.0.1:{port}/api/licenze/attiva"));
    let body: Value = serde_json::from_str(rest.split('\'').rev().nth(1).unwrap()).unwrap();
    let said = server
        .caller()
        .post("/api/licenze/attiva", &[], &body)
        .unwrap()
        .expect(200);
    assert_eq!(said.body["esito"], "attivata");
    server.ask_to_end();
    assert!(server.ended().success());

    let again = installation.run(&["demo"], "");
    assert!(!again.status.success());
    let why = String::from_utf8(again.stderr).unwrap();
    assert!(why.contains("this database holds data"), "{why}");
    assert!(again.stdout.is_empty());

    let database = &installation.database;
    assert_it_holds(database);
    assert_eq!(rows(database, "customers"), 200);
    let licenses = rows(database, "licenses");
    assert!((1700..2400).contains(&licenses), "{licenses} licences");
    // Volumes grow.
    let middle = "(SELECT date(MAX(created_at), '-365 days') FROM transactions)";
    let (first, second) = (
        rows(database, &format!("transactions WHERE created_at < {middle}")),
        rows(database, &format!("transactions WHERE created_at >= {middle}")),
    );
    assert!(
        first > 300 && second > first + first / 4,
        "{first} transactions, then {second}"
    );
    let refused = rows(
        database,
        "activation_log WHERE at > datetime('now', '-1 day') AND outcome NOT IN \
         ('VALIDA', 'attivata', 'gia_attiva', 'disattivata', 'rilasciata')",
    );
    assert!((5..120).contains(&refused), "{refused} refused in the last day");
}
