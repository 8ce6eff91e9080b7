//! How often one caller may try, whose address counts, and who sees how the program fares.

use crate::{
    on_both,
    support::{Reply, World, database::Database, rounds},
};
use rocket::http::{ContentType, Header, Method};
use serde_json::{Value, json};
use sigillo::{
    config::Config,
    domain::{license::key::ActivationKey, secrets},
};
use std::time::Instant;

const ATTIVA: &str = "/api/licenze/attiva";
const VALIDA: &str = "/api/licenze/valida";

fn guess(n: u8) -> Value {
    let key = ActivationKey::from_entropy([n; 15]).to_string();
    json!({"chiave_licenza": key, "dispositivo": {"id": "D1"}})
}

async fn from(world: &World, address: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
    let mut request = world
        .client
        .post(path.to_owned())
        .remote(format!("{address}:4000").parse().unwrap())
        .header(ContentType::JSON)
        .body(body.to_string());
    for (name, value) in headers {
        request = request.header(Header::new((*name).to_owned(), (*value).to_owned()));
    }
    Reply::of(request).await
}

#[track_caller]
fn too_many(reply: Reply) {
    let reply = reply.refused(429, "TROPPE_RICHIESTE");
    let seconds: u64 = reply
        .header("retry-after")
        .expect("a Retry-After")
        .parse()
        .unwrap();
    assert!((1..=61).contains(&seconds), "{seconds}");
}

async fn worlds(change: impl Fn(&mut Config)) -> Vec<World> {
    let mut worlds = Vec::new();
    for database in [Database::sqlite(), Database::mariadb()] {
        worlds.push(World::with(database, &change).await);
    }
    worlds
}

/// Holds that an address is turned away. A slow run may win a guess back: one in six seconds.
async fn turned_away(world: &World, address: &str, path: &str, n: u8, headers: &[(&str, &str)]) -> usize {
    for won_back in 0..3 {
        let reply = from(world, address, path, &guess(n), headers).await;
        if reply.code() != "LICENZA_NON_TROVATA" {
            too_many(reply);
            return won_back;
        }
    }
    panic!("{address} goes on guessing, with {headers:?}");
}

#[rocket::async_test]
async fn the_eleventh_unknown_key_in_a_minute_is_turned_away_and_good_keys_are_not() {
    for world in worlds(|config| config.rates.rate_unknown_key = 10).await {
        let cast = world.cast().await;
        for n in 0..10 {
            let path = if n % 2 == 0 { ATTIVA } else { VALIDA };
            let reply = from(&world, "192.0.2.1", path, &guess(n), &[]).await;
            assert_eq!(reply.code(), "LICENZA_NON_TROVATA");
        }
        let mut answered = 10;
        for path in [ATTIVA, VALIDA, "/api/licenze/disattiva"] {
            answered += turned_away(&world, "192.0.2.1", path, 77, &[]).await;
        }
        // Case codes are keys too.
        let code = || {
            let path = format!("/api/clienti/registrazione/{}", "x".repeat(43));
            Reply::of(world.client.get(path).remote("192.0.2.1:4000".parse().unwrap()))
        };
        let first = code().await;
        too_many(if first.status.code == 404 {
            code().await
        } else {
            first
        });
        let good = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "D1"}});
        from(&world, "192.0.2.1", ATTIVA, &good, &[]).await.expect(200);
        for _ in 0..30 {
            from(&world, "192.0.2.1", VALIDA, &good, &[]).await.expect(200);
        }
        // Headers that anybody can set change nothing; another address has its own count.
        for header in [
            "X-Real-IP",
            "X-Forwarded-For",
            "Forwarded",
            "X-Client-IP",
            "True-Client-IP",
            "CF-Connecting-IP",
        ] {
            let told = if header == "Forwarded" {
                "for=198.51.100.9"
            } else {
                "198.51.100.9"
            };
            answered += turned_away(&world, "192.0.2.1", ATTIVA, 78, &[(header, told)]).await;
        }
        from(
            &world,
            "192.0.2.2",
            ATTIVA,
            &guess(79),
            &[("X-Real-IP", "192.0.2.1")],
        )
        .await
        .refused(404, "LICENZA_NON_TROVATA");
        answered += 1;
        world.settle().await;
        let log = world
            .get("/api/admin/attivazioni?limite=200", &cast.root)
            .await
            .expect(200);
        assert!(
            !log.text.contains("198.51.100.9"),
            "a forged address was written down"
        );
        let refused = log.text.matches("LICENZA_NON_TROVATA").count();
        assert_eq!(refused, answered, "what is turned away fills no log");
    }
}

#[rocket::async_test]
async fn guessing_finds_nothing_and_is_turned_away_before_the_twentieth_guess() {
    for world in worlds(|config| config.rates.rate_unknown_key = 10).await {
        let cast = world.cast().await;
        world.issue(&cast.root, json!({"quantita": 1_000})).await;
        let begun = Instant::now();
        let mut first = None;
        let mut answered = 0;
        for n in 1..=rounds(1_000, 100_000) {
            let key = ActivationKey::from_entropy(secrets::random().unwrap()).to_string();
            let body = json!({"chiave_licenza": key, "dispositivo": {"id": "D1"}});
            let path = [ATTIVA, VALIDA, "/api/licenze/disattiva"][n % 3];
            let reply = from(&world, "192.0.2.1", path, &body, &[]).await;
            match reply.code() {
                "LICENZA_NON_TROVATA" => answered += 1,
                _ => {
                    first.get_or_insert(n);
                    too_many(reply);
                }
            }
        }
        assert!(first.is_some_and(|n| n <= 20), "{first:?}");
        // Ten, and one more for each six seconds that it took.
        let most = 11 + begun.elapsed().as_secs() / 6;
        assert!(answered <= most, "{answered} guesses were answered, of {most}");
        world.settle().await;
        assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM activations"), 0);
    }
}

#[rocket::async_test]
async fn other_refusals_have_a_limit_of_their_own() {
    for world in worlds(|config| {
        config.rates.rate_unknown_key = 2;
        config.rates.rate_failures = 5;
    })
    .await
    {
        let cast = world.cast().await;
        let token = world.computer_key(&cast.rossi.key, "D1").await;
        let full = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "D2"}});
        for _ in 0..4 {
            from(&world, "192.0.2.1", ATTIVA, &full, &[])
                .await
                .refused(409, "DISPOSITIVI_ESAURITI");
        }
        let bad = json!({"chiave_computer": format!("{token}A")});
        from(&world, "192.0.2.1", VALIDA, &bad, &[])
            .await
            .refused(422, "CHIAVE_COMPUTER_NON_VALIDA");
        too_many(from(&world, "192.0.2.1", ATTIVA, &full, &[]).await);
        too_many(from(&world, "192.0.2.1", VALIDA, &bad, &[]).await);
        too_many(from(&world, "192.0.2.1", VALIDA, &full, &[]).await);
        from(&world, "192.0.2.1", ATTIVA, &guess(1), &[])
            .await
            .refused(404, "LICENZA_NON_TROVATA");
        let good = json!({"chiave_computer": token});
        assert_eq!(
            from(&world, "192.0.2.1", VALIDA, &good, &[])
                .await
                .expect(200)
                .code(),
            "VALIDA"
        );
        from(&world, "192.0.2.2", ATTIVA, &full, &[])
            .await
            .refused(409, "DISPOSITIVI_ESAURITI");
    }
}

#[rocket::async_test]
async fn one_device_with_one_key_is_limited_and_many_machines_behind_one_address_are_not() {
    for world in worlds(|config| config.rates.rate_device = 5).await {
        let cast = world.cast().await;
        let (_, key) = world
            .issue(&cast.root, json!({"numero_dispositivi": 50}))
            .await
            .remove(0);
        let body = |id: usize| json!({"chiave_licenza": key, "dispositivo": {"id": format!("D{id}")}});
        for _ in 0..5 {
            from(&world, "192.0.2.1", ATTIVA, &body(0), &[]).await.expect(200);
        }
        too_many(from(&world, "192.0.2.1", ATTIVA, &body(0), &[]).await);
        too_many(from(&world, "192.0.2.9", VALIDA, &body(0), &[]).await);
        for n in 1..50 {
            from(&world, "192.0.2.1", ATTIVA, &body(n), &[]).await.expect(200);
        }
        let other = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "D0"}});
        from(&world, "192.0.2.1", ATTIVA, &other, &[]).await.expect(200);
    }
}

#[rocket::async_test]
async fn a_trusted_proxy_is_believed_and_nobody_else() {
    let database = Database::sqlite();
    let world = World::with(database, |config| {
        config.rates.rate_unknown_key = 1;
        config.trusted_proxy = Some("10.0.0.1".parse().unwrap());
    })
    .await;
    let cast = world.cast().await;
    let proxy = "10.0.0.1";
    let told = |address: &'static str| [("X-Real-IP", address)];
    from(&world, proxy, ATTIVA, &guess(1), &told("198.51.100.1"))
        .await
        .refused(404, "LICENZA_NON_TROVATA");
    too_many(from(&world, proxy, ATTIVA, &guess(1), &told("198.51.100.1")).await);
    from(&world, proxy, ATTIVA, &guess(1), &told("198.51.100.2"))
        .await
        .refused(404, "LICENZA_NON_TROVATA");
    // Nonsense from the proxy counts as the proxy's; the list of proxies is not what is believed.
    from(&world, proxy, ATTIVA, &guess(1), &told("nonsense"))
        .await
        .refused(404, "LICENZA_NON_TROVATA");
    too_many(
        from(
            &world,
            proxy,
            ATTIVA,
            &guess(1),
            &[("X-Forwarded-For", "198.51.100.7")],
        )
        .await,
    );
    // Somebody else who says the same.
    from(&world, "10.0.0.2", ATTIVA, &guess(1), &told("198.51.100.8"))
        .await
        .refused(404, "LICENZA_NON_TROVATA");
    too_many(from(&world, "10.0.0.2", ATTIVA, &guess(1), &told("198.51.100.9")).await);
    world.settle().await;
    let log = world.get("/api/admin/attivazioni", &cast.root).await;
    let addresses: Vec<&str> = log.body["dati"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["indirizzo"].as_str().unwrap())
        .collect();
    assert_eq!(
        addresses,
        ["10.0.0.2", "10.0.0.1", "198.51.100.2", "198.51.100.1"]
    );
}

async fn metrics(world: &World, address: &str, header: Option<&str>) -> Reply {
    let mut request = world
        .client
        .get("/metrics")
        .remote(format!("{address}:4000").parse().unwrap());
    if let Some(header) = header {
        request = request.header(Header::new("Authorization", header.to_owned()));
    }
    Reply::of(request).await
}

#[rocket::async_test]
async fn the_metrics_are_for_loopback_or_the_token_and_hold_no_secret() {
    let world = World::with(Database::sqlite(), |config| {
        config.metrics_token = Some("gettone-delle-metriche".into())
    })
    .await;
    let cast = world.cast().await;
    world.computer_key(&cast.rossi.key, "D1").await;
    world
        .get(&format!("/api/admin/licenze/{}", cast.rossi.license), &cast.root)
        .await;
    for address in ["127.0.0.1", "127.8.8.8", "[::1]"] {
        metrics(&world, address, None).await.expect(200);
    }
    for header in [
        None,
        Some("Bearer x"),
        Some("Bearer "),
        Some("gettone-delle-metriche"),
        Some("Bearer gettone-delle-metrichE"),
    ] {
        metrics(&world, "192.0.2.1", header)
            .await
            .refused(401, "NON_AUTENTICATO");
    }
    metrics(&world, "192.0.2.1", Some(&format!("Bearer {}", cast.root)))
        .await
        .refused(401, "NON_AUTENTICATO");
    let reply = metrics(&world, "192.0.2.1", Some("Bearer gettone-delle-metriche"))
        .await
        .expect(200);
    assert!(reply.text.contains("/api/licenze/attiva"), "{}", reply.text);
    for secret in [
        &cast.root,
        &cast.rossi.key,
        &cast.rossi.license,
        &"gettone".to_owned(),
    ] {
        assert!(!reply.text.contains(secret.as_str()));
    }
    let world = World::new(Database::sqlite()).await;
    metrics(&world, "192.0.2.1", Some("Bearer "))
        .await
        .refused(401, "NON_AUTENTICATO");
}

on_both!(it_is_ready_while_the_database_takes_a_write, |world| async {
    let alive = world.ask(Method::Get, "/salute", None, None).await.expect(200);
    assert_eq!(alive.str("/stato"), "vivo");
    let ready = world.ask(Method::Get, "/pronto", None, None).await.expect(200);
    assert_eq!(
        (&ready.body["pronto"], &ready.body["scrivibile"]),
        (&json!(true), &json!(true))
    );
    // A database that reads and does not write: full, or read-only.
    let refuse = if world.database.is_sqlite() {
        "CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    } else {
        "CREATE TRIGGER full BEFORE INSERT ON jobs FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'disk full'"
    };
    world.database.execute(refuse).unwrap();
    for _ in 0..3 {
        let reply = world.ask(Method::Get, "/pronto", None, None).await.expect(503);
        assert_eq!(
            (&reply.body["pronto"], &reply.body["scrivibile"]),
            (&json!(false), &json!(false))
        );
        assert!(!reply.text.contains("disk"), "why is for the log alone");
    }
    world.ask(Method::Get, "/salute", None, None).await.expect(200);
    world.database.execute("DROP TRIGGER full").unwrap();
    world.ask(Method::Get, "/pronto", None, None).await.expect(200);
    assert_eq!(
        world
            .database
            .count("SELECT COUNT(*) AS n FROM jobs WHERE name = 'probe'"),
        0
    );
});
