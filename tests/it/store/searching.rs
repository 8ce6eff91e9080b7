//! Searching by name.

use super::*;

/// The statements of searches, as SQLite was given them.
static SEARCHES: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn note_searches() -> Option<Box<dyn diesel::connection::Instrumentation>> {
    Some(Box::new(|event: diesel::connection::InstrumentationEvent<'_>| {
        if let diesel::connection::InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            if text.contains("zz piano") {
                SEARCHES.lock().unwrap().push(text);
            }
        }
    }))
}

#[rocket::async_test]
async fn a_search_by_name_goes_by_the_index() {
    diesel::connection::set_default_instrumentation(note_searches).unwrap();
    let world = World::new(Database::sqlite()).await;
    let root = world.root().await;
    for path in ["clienti", "licenze"] {
        let path = format!("/api/admin/{path}?q=zz%20piano");
        world.get(&path, &root).await.expect(200);
    }
    let statements = std::mem::take(&mut *SEARCHES.lock().unwrap());
    assert_eq!(statements.len(), 2, "{statements:#?}");
    for statement in statements {
        let (sql, _) = statement.split_once("-- binds").unwrap();
        let plan = world.database.plan(sql);
        assert!(
            plan.iter()
                .any(|step| step.contains("customers_name_search_id (name_search>? AND name_search<?)")),
            "{plan:#?}"
        );
        assert!(
            !plan.iter().any(|step| step.starts_with("SCAN customers")),
            "{plan:#?}"
        );
    }
}

on_both!(names_are_found_by_whatever_they_begin_with, |world| async {
    let root = world.root().await;
    let names = [
        "Rossi",
        "Rossini",
        "Rosti",
        "ROSSJ",
        "a%b",
        "aXb",
        "a_c",
        "a!d",
        "zz\u{d7ff}x",
        "zz\u{e000}",
        "zz\u{10ffff}",
        "zz\u{10ffff}b",
        "zzz",
        "日本",
        "日本語",
        "😀a",
        "😀b",
    ];
    for name in names {
        world
            .post("/api/admin/clienti", &root, json!({"nome": name}))
            .await
            .expect(201);
    }
    for search in [
        "ross",
        "rossi",
        "ROSSJ",
        "a%",
        "a_",
        "a!",
        "zz",
        "zz\u{d7ff}",
        "zz\u{e000}",
        "zz\u{10ffff}",
        "日本",
        "日本語",
        "😀",
        "\u{10ffff}",
    ] {
        let wanted = sigillo::domain::text::searchable(search);
        let mut expected: Vec<&str> = names
            .into_iter()
            .filter(|name| sigillo::domain::text::searchable(name).starts_with(&wanted))
            .collect();
        let query: String = search.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let reply = world
            .get(&format!("/api/admin/clienti?q={query}"), &root)
            .await
            .expect(200);
        let mut found: Vec<&str> = reply.body["dati"]
            .as_array()
            .unwrap()
            .iter()
            .map(|customer| customer["nome"].as_str().unwrap())
            .collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{search:?}");
    }
});
