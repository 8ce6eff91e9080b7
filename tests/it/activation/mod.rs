//! Activating, validating and releasing devices: what works, and every way in which it is refused.

mod keys;
mod limits;
mod states;
mod waiting;

use crate::{
    on_both,
    support::{World, computer::claims, database::Database},
};
use serde_json::{Value, json};

const ATTIVA: &str = "/api/licenze/attiva";
const VALIDA: &str = "/api/licenze/valida";
const DISATTIVA: &str = "/api/licenze/disattiva";

fn device(key: &str, id: &str) -> Value {
    json!({"chiave_licenza": key, "dispositivo": {"id": id}})
}

/// The same body with more in it.
fn with(mut body: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// A refusal: what `attiva` answers, and what `valida` says of the same request.
#[derive(Clone, Copy)]
struct Refused(u16, &'static str, &'static str);

/// A refusal that both say alike.
fn alike(status: u16, code: &'static str) -> Refused {
    Refused(status, code, code)
}

/// Holds that a request is refused by both, is written down with its outcome, takes no place and names nobody else.
async fn refused(world: &World, root: &str, license: Option<&str>, body: Value, wanted: Refused) {
    let Refused(status, code, on_check) = wanted;
    let places = || {
        let count = |sql| world.database.count(sql);
        (
            count("SELECT COUNT(*) AS n FROM activations WHERE live = 1"),
            count("SELECT COUNT(*) AS n FROM license_users"),
            count("SELECT COUNT(*) AS n FROM trial_uses"),
            count("SELECT COUNT(*) AS n FROM licenses WHERE devices_used > 0"),
        )
    };
    let before = places();
    let attempt = world.call(ATTIVA, body.clone()).await.refused(status, code);
    assert!(
        !attempt.text.contains("taken-by"),
        "a refusal names another device: {}",
        attempt.text
    );
    assert!(!attempt.str("/detail").is_empty() && !attempt.str("/title").is_empty());
    let check = world.call(VALIDA, body.clone()).await.expect(200);
    assert_eq!(
        (
            check.code(),
            &check.body["valida"],
            &check.body["chiave_computer"]
        ),
        (on_check, &json!(false), &Value::Null),
        "{}",
        check.text
    );
    assert_eq!(
        check.body["licenza"].is_null(),
        license.is_none(),
        "{}",
        check.text
    );
    assert!(!check.str("/messaggio").is_empty() && check.body["ricontrolla_entro"].is_null());
    assert_eq!(places(), before, "a refusal of {code} took a place");
    world.settle().await;
    let filter = license.map_or(String::new(), |id| format!("&licenza={id}"));
    let log = world
        .get(&format!("/api/admin/attivazioni?limite=2{filter}"), root)
        .await
        .expect(200);
    for (row, operation, outcome) in [(0, "valida", on_check), (1, "attiva", code)] {
        let row = &log.body["dati"][row];
        assert_eq!(
            (&row["operazione"], &row["risultato_validazione"]),
            (&json!(operation), &json!(outcome)),
            "{}",
            log.text
        );
        assert_eq!(row["dispositivo"], body["dispositivo"]["id"]);
        assert_eq!(
            (&row["tipo_chiave"], &row["indirizzo"]),
            (&json!("activation"), &json!("127.0.0.1"))
        );
        assert_eq!(row["licenza"].as_str(), license);
    }
}

/// Holds that a device is activated.
async fn activated(world: &World, body: Value) -> Value {
    world.call(ATTIVA, body).await.expect(200).body
}

/// Holds what `valida` says.
async fn says(world: &World, body: Value, code: &str) -> Value {
    let reply = world.call(VALIDA, body).await.expect(200);
    assert_eq!(reply.code(), code, "{}", reply.text);
    assert_eq!(reply.body["valida"], json!(code == "VALIDA"));
    reply.body
}
