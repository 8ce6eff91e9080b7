//! Computer keys checked offline by other languages' libraries, given nothing but the public keys.

use crate::support::{
    World,
    computer::{bent, claims, header},
    database::Database,
};
use serde_json::{Value, json};
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

/// A case, and what any verifier must say of it.
struct Case {
    name: String,
    question: Value,
    reason: Option<&'static str>,
}

#[rocket::async_test]
async fn python_and_node_check_computer_keys_offline_with_the_public_keys_alone() {
    let world = World::new(Database::sqlite()).await;
    let cases = cases(&world).await;
    for (tool, needs, command) in [
        (
            "Python",
            ".venv/bin/python",
            vec![".venv/bin/python", "tests/foreign/verify.py"],
        ),
        (
            "Node",
            "tests/foreign/node_modules/jose",
            vec!["node", "tests/foreign/verify.mjs"],
        ),
    ] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(
            root.join(needs).exists(),
            "{needs} is missing: run scripts/setup-tests (or `make test`), which installs it"
        );
        let questions: Vec<&Value> = cases.iter().map(|case| &case.question).collect();
        let answers = ask(root, &command, &json!(questions));
        assert_eq!(
            answers.len(),
            cases.len(),
            "{tool} answered another number of cases"
        );
        for (case, answer) in cases.iter().zip(answers) {
            let expected = match case.reason {
                None => json!({"ok": true, "claims": claims(case.question["token"].as_str().unwrap())}),
                Some(reason) => json!({"ok": false, "reason": reason}),
            };
            assert_eq!(answer, expected, "{tool}: {}", case.name);
        }
    }
}

/// Keys of every kind of licence, good and spoilt in every way that a client may meet.
async fn cases(world: &World) -> Vec<Case> {
    let mut cases = Vec::new();
    let cast = world.cast().await;
    let root = &cast.root;
    let now = world.app.clock.now().and_utc().timestamp();
    for product in [
        json!({"codice": "SEMPRE", "nome": "Sempre", "offline_illimitato": true, "proprieta": {"è": ["漢字", null, -1.5]}}),
        json!({"codice": "ALTRO", "nome": "Altro"}),
    ] {
        world.post("/api/admin/prodotti", root, product).await.expect(201);
    }
    let orders = [
        json!({"tipo_licenza": "permanente"}),
        json!({"tipo_licenza": "permanente", "manutenzione_al": "2026-12-31"}),
        json!({"tipo_licenza": "permanente", "prodotto": "SEMPRE"}),
        json!({"tipo_licenza": "trial"}),
        json!({"tipo_licenza": "abbonamento"}),
        json!({"tipo_licenza": "abbonamento", "data_scadenza": "9998-12-31"}),
        json!({"tipo_licenza": "abbonamento", "vincolo": "utente", "numero_utenti": 2}),
        json!({"tipo_licenza": "abbonamento", "vincolo": "nessuno", "moduli": ["MAGAZZINO"]}),
    ];
    let mut tokens = Vec::new();
    for (n, order) in orders.into_iter().enumerate() {
        let product = order["prodotto"].as_str().unwrap_or("GESTIONALE").to_owned();
        let device = format!("D{n} «è» 🦀");
        let (_, key) = world.issue(root, order.clone()).await.remove(0);
        let body = json!({
            "chiave_licenza": key, "dispositivo": {"id": device}, "utente": "Żółw@example.it", "nonce": format!("nonce {n} \" \\ /"),
        });
        let token = world
            .call("/api/licenze/attiva", body)
            .await
            .expect(200)
            .str("/chiave_computer");
        tokens.push((order.to_string(), product, device, token));
    }
    // One whose customer waits for validation.
    let registration = json!({
        "nome": "Carla", "email": "carla@example.org", "prodotto": "GESTIONALE", "consenso_privacy": true,
    });
    let registered = world
        .call("/api/clienti/registrazione", registration)
        .await
        .expect(201);
    let token = world
        .computer_key(&registered.str("/licenze/0/chiave_licenza"), "DX")
        .await;
    tokens.push(("in attesa".into(), "GESTIONALE".into(), "DX".into(), token));

    let jwks = world.jwks().await;
    for (name, product, device, token) in &tokens {
        let question = |token: &str, product: &str, device: &str, now: i64| json!({"jwks": jwks, "token": token, "expected": {"prodotto": product, "dispositivo": device}, "now": now});
        let mut add = |what: &str, question: Value, reason| {
            cases.push(Case {
                name: format!("{name}: {what}"),
                question,
                reason,
            });
        };
        add("good", question(token, product, device, now), None);
        add(
            "good, seen with a slow clock",
            question(token, product, device, now - 40 * 86_400),
            None,
        );
        let exp = claims(token).get("exp").and_then(Value::as_i64);
        match exp {
            Some(exp) => {
                add(
                    "good in its last second",
                    question(token, product, device, exp - 1),
                    None,
                );
                add(
                    "past its end",
                    question(token, product, device, exp),
                    Some("expired"),
                );
                add(
                    "long past its end",
                    question(token, product, device, exp + 90 * 86_400),
                    Some("expired"),
                );
            }
            None => {
                let far = 4_000_000_000;
                add("without an end", question(token, product, device, far), None);
            }
        }
        add(
            "on another device",
            question(token, product, "D1", now),
            Some("wrong_device"),
        );
        add(
            "for another product",
            question(token, "ALTRO", device, now),
            Some("wrong_product"),
        );
        add(
            "a changed byte in what is signed",
            question(&bent(token, 1), product, device, now),
            Some("signature"),
        );
        add(
            "a changed byte in the signature",
            question(&bent(token, 2), product, device, now),
            Some("signature"),
        );
        let (head, rest) = token.split_once('.').unwrap();
        add(
            "a piece of it",
            question(head, product, device, now),
            Some("malformed"),
        );
        add(
            "without its header",
            question(&format!(".{rest}"), product, device, now),
            Some("malformed"),
        );
        // The keys of another installation, or none.
        let mut unknown = question(token, product, device, now);
        unknown["jwks"] = json!({"keys": []});
        add("without its public key", unknown, Some("unknown_kid"));
    }

    // After a rotation: a client that fetched the keys before it knew the next one already; the old key stays good.
    let before = jwks.clone();
    world
        .post("/api/admin/prodotti/GESTIONALE/ruota", root, json!({}))
        .await
        .expect(200);
    let after = world.jwks().await;
    let (_, product, device, old) = &tokens[0];
    let body = json!({"chiave_computer": old});
    let new = world
        .call("/api/licenze/valida", body)
        .await
        .expect(200)
        .str("/chiave_computer");
    assert_ne!(header(old)["kid"], header(&new)["kid"]);
    let expected = json!({"prodotto": product, "dispositivo": device});
    for (name, jwks, token) in [
        ("the old key, keys from after the rotation", &after, old),
        ("the new key, keys from before the rotation", &before, &new),
        ("the new key, keys from after the rotation", &after, &new),
    ] {
        cases.push(Case {
            name: name.into(),
            question: json!({"jwks": jwks, "token": token, "expected": expected, "now": now}),
            reason: None,
        });
    }
    // The one in use leaks: its key is published no more.
    world
        .post(
            "/api/admin/prodotti/GESTIONALE/ruota",
            root,
            json!({"revoca": true}),
        )
        .await
        .expect(200);
    let revoked = world.jwks().await;
    for (token, reason) in [(&new, Some("unknown_kid")), (old, None)] {
        cases.push(Case {
            name: format!("keys from after the second one was revoked: {reason:?}"),
            question: json!({"jwks": revoked, "token": token, "expected": expected, "now": now}),
            reason,
        });
    }
    cases
}

fn ask(root: &Path, command: &[&str], questions: &Value) -> Vec<Value> {
    let mut child = Command::new(command[0])
        .args(&command[1..])
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{} does not start ({error}): run scripts/setup-tests", command[0]));
    let mut input = child.stdin.take().unwrap();
    let questions = questions.to_string();
    let writer = std::thread::spawn(move || input.write_all(questions.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}
