//! What is secret stands nowhere in clear: not in the database's files, not in the log.

use crate::support::program::Program;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};

const PASSWORDS: [&str; 4] = [
    "tre-lampade-accese-1",
    "tre-lampade-accese-2",
    "tre-lampade-accese-3",
    "tre-lampade-accese-4",
];

/// Everything that was handed out, by what it is.
#[derive(Default)]
struct Secrets(Vec<(&'static str, Vec<u8>)>);

impl Secrets {
    fn add(&mut self, what: &'static str, value: &str) {
        self.0.push((what, value.as_bytes().to_vec()));
        // Of a random secret, the bytes themselves too.
        if let Ok(raw) = B64.decode(value)
            && raw.len() >= 16
        {
            self.0.push((what, raw));
        }
    }

    fn add_key(&mut self, key: &str) {
        let plain = key.replace('-', "");
        for form in [
            key,
            &plain,
            &key.to_lowercase(),
            &plain.to_lowercase(),
            &key[..23],
            &plain[..20],
        ] {
            self.add("a licence key", form);
        }
    }

    #[track_caller]
    fn are_not_in(&self, place: &str, content: &[u8]) {
        let content = latin(content);
        for (what, secret) in &self.0 {
            if let Some(at) = content.find(&latin(secret)) {
                let around: String = content[at..].chars().take(120).collect();
                panic!("{place} holds {what} in clear: {around}…");
            }
        }
    }
}

/// Each byte as a character: to search in it as in a text.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[test]
fn no_key_token_code_or_password_stands_in_the_database_or_the_log_in_clear() {
    let mut program = Program::start();
    let mut secrets = Secrets::default();
    for password in PASSWORDS {
        secrets.add("a password", password);
    }
    let token = program.superadmin(PASSWORDS[0]);
    secrets.add("an API token", &token);
    let bearer = format!("Bearer {token}");
    let auth = [("Authorization", bearer.as_str())];
    let once = [auth[0], ("Idempotency-Key", "una-volta")];
    let good = |(status, body): (u16, Value)| {
        assert!(matches!(status, 200 | 201), "{status} {body}");
        body
    };
    let text = |body: &Value, pointer: &str| body.pointer(pointer).unwrap().as_str().unwrap().to_owned();

    let product = json!({"codice": "GESTIONALE", "nome": "Gestionale"});
    good(program.post("/api/admin/prodotti", &once, &product));
    let node = json!({"nome": "Alfa", "ruolo": "rivenditore", "email": "alfa@example.it", "password": PASSWORDS[1], "codice": "ALFA"});
    good(program.post("/api/admin/agent", &once, &node));
    let alfa = program.command(
        &["token", "create", "--email", "alfa@example.it", "--name", "a"],
        "",
    );
    secrets.add("an API token", &alfa);
    let user = json!({"email": "anna@example.it", "password": PASSWORDS[2]});
    good(program.post("/api/admin/utenti", &once, &user));

    let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "quantita": 20, "numero_dispositivi": 3});
    let issued = good(program.post("/api/admin/licenze", &once, &order));
    // The stored answer is given again, with the keys in it.
    let again = good(program.post("/api/admin/licenze", &once, &order));
    assert_eq!(issued, again);
    let keys: Vec<String> = (0..20)
        .map(|n| text(&issued, &format!("/licenze/{n}/chiave_licenza")))
        .collect();
    for key in &keys {
        secrets.add_key(key);
    }
    let registration = json!({
        "nome": "Carla", "email": "carla@example.org", "prodotto": "GESTIONALE", "password": PASSWORDS[3], "consenso_privacy": true,
    });
    let registered = good(program.post("/api/clienti/registrazione", &[once[1]], &registration));
    let case = text(&registered, "/codice_pratica");
    secrets.add("a case code", &case);
    secrets.add_key(&text(&registered, "/licenze/0/chiave_licenza"));
    assert_eq!(
        program.get(&format!("/api/clienti/registrazione/{case}"), &[]).0,
        200
    );

    for (n, key) in keys.iter().enumerate() {
        let body = json!({"chiave_licenza": key, "dispositivo": {"id": format!("D{n}")}, "nonce": "n"});
        let active = good(program.post("/api/licenze/attiva", &[], &body));
        secrets.add("a computer key", &text(&active, "/chiave_computer"));
        secrets.add("a removal secret", &text(&active, "/segreto_rimozione"));
        let shown = json!({"chiave_computer": active["chiave_computer"]});
        good(program.post("/api/licenze/valida", &[], &shown));
        if n % 2 == 0 {
            good(program.post("/api/licenze/disattiva", &[], &body));
        }
        // Ways to fail: a key that is mistyped, unknown, in a path, in a query, in a field that is wrong.
        let wrong = json!({"chiave_licenza": format!("{key}0"), "dispositivo": {"id": "X"}});
        assert_eq!(program.post("/api/licenze/attiva", &[], &wrong).0, 422);
        let wrong = json!({"chiave_licenza": key, "dispositivo": key});
        assert_eq!(program.post("/api/licenze/attiva", &[], &wrong).0, 422);
        assert_eq!(program.get(&format!("/api/admin/licenze?q={key}"), &auth).0, 200);
        assert_eq!(program.get(&format!("/api/admin/licenze/{key}"), &auth).0, 404);
        assert_eq!(program.get(&format!("/niente/{key}?chiave={key}"), &[]).0, 404);
    }
    let nonsense = format!("Bearer {}x", token);
    assert_eq!(
        program
            .get("/api/admin/licenze", &[("Authorization", &nonsense)])
            .0,
        401
    );
    assert_eq!(
        program.get(&format!("/api/admin/licenze?token={token}"), &[]).0,
        401
    );

    // With what still stands in the write-ahead log, and once everything is written.
    let running = program.database();
    assert!(
        running
            .iter()
            .any(|(path, _)| path.extension().is_some_and(|e| e == "db-wal")),
        "no write-ahead log to look at"
    );
    program.stop();
    let closed = program.database();
    assert!(!closed.is_empty());
    for (path, content) in running.iter().chain(&closed) {
        secrets.are_not_in(&path.display().to_string(), content);
    }
    let log = program.log();
    assert!(
        String::from_utf8_lossy(&log).contains("/api/licenze/attiva"),
        "nothing was logged: {}",
        String::from_utf8_lossy(&log)
    );
    secrets.are_not_in("the log", &log);
    // That this looks in the right place: what may stand there does.
    let all: Vec<u8> = closed.into_iter().flat_map(|(_, content)| content).collect();
    for known in ["carla@example.org", "GESTIONALE", "D19", &keys[0][24..]] {
        assert!(latin(&all).contains(known), "{known}");
    }
}
