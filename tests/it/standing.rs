//! What ends who is signed in, or narrows what they may, at their next request; and how many may wait to be let in.

use crate::{
    on_both,
    support::{
        Reply, World,
        browser::Browser,
        cast::{Cast, PASSWORD},
    },
};
use futures::future::join_all;
use rocket::http::{ContentType, Header, Method};
use serde_json::{Value, json};
use sigillo::{gateways::passwords::Passwords, operations::App};

const NEXT: &str = "sei-barche-ferme-in-porto";

/// Somebody in every way in which they can be signed in, and somebody else.
struct Seats<'w> {
    world: &'w World,
    sessions: Vec<Browser<'w>>,
    token: String,
    other: Browser<'w>,
    other_token: String,
}

impl<'w> Seats<'w> {
    async fn of(world: &'w World, email: &str, password: &str) -> Self {
        let mut sessions = vec![Browser::sign_in(world, email, password).await];
        // One that is to be remembered.
        let remembered = Browser::new(world);
        let form = [("email", email), ("password", password), ("ricorda", "si")];
        remembered.post("/accedi", &form).await.leads();
        sessions.push(remembered);
        Self {
            world,
            sessions,
            token: world.token(email, false).await,
            other: Browser::sign_in(world, "beta@example.it", PASSWORD).await,
            other_token: world.token("beta@example.it", false).await,
        }
    }

    /// Holds at which sessions one still sits, and whether the token opens anything.
    #[track_caller]
    fn sit(&self, sessions: [bool; 2], token: bool) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            for (n, (browser, sits)) in self.sessions.iter().zip(sessions).enumerate() {
                for path in ["/", "/profilo", "/licenze"] {
                    let reply = browser.get(path).await;
                    if sits {
                        assert_eq!(reply.status.code, 200, "session {n}, {path}, asked at {place}");
                    } else {
                        assert!(
                            reply.leads().starts_with("/accedi"),
                            "session {n}, {path}, asked at {place}"
                        );
                    }
                }
            }
            let reply = self.world.get("/api/admin/licenze", &self.token).await;
            assert_eq!(
                reply.status.code,
                if token { 200 } else { 401 },
                "the token, asked at {place}"
            );
            self.other.get("/licenze").await.expect(200);
            self.world
                .get("/api/admin/licenze", &self.other_token)
                .await
                .expect(200);
        }
    }
}

async fn user(world: &World, cast: &Cast, email: &str) -> (String, i64) {
    let users = world
        .get("/api/admin/utenti?limite=200", &cast.root)
        .await
        .expect(200);
    let mut all = users.body["dati"].as_array().unwrap().iter();
    let found = all.find(|user| user["email"] == email).unwrap();
    let id = found["id"].as_str().unwrap().to_owned();
    let sheet = world
        .get(&format!("/api/admin/utenti/{id}"), &cast.root)
        .await
        .expect(200);
    let tag = sheet.header("etag").unwrap().trim_matches('"').parse().unwrap();
    (id, tag)
}

async fn change(world: &World, cast: &Cast, email: &str, body: Value) {
    let (id, revision) = user(world, cast, email).await;
    world
        .patch(&format!("/api/admin/utenti/{id}"), &cast.root, revision, body)
        .await
        .expect(200);
}

on_both!(
    other_rights_end_all_sessions_and_tokens_at_the_next_request,
    |world| async {
        let cast = world.cast().await;
        let alfa = cast.alfa.email.as_str();
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let seats = Seats::of(&world, alfa, PASSWORD).await;
        // A name, a language, and rights that stay as they were, end nothing.
        for body in [
            json!({"nome": "Altro"}),
            json!({"lingua": "en"}),
            json!({"sola_lettura": false}),
        ] {
            change(&world, &cast, alfa, body).await;
            seats.sit([true; 2], true).await;
        }
        change(&world, &cast, alfa, json!({"sola_lettura": true})).await;
        seats.sit([false; 2], false).await;
        // Wider rights do too, and at the portal as at the API.
        let seats = Seats::of(&world, alfa, PASSWORD).await;
        seats.sessions[0]
            .post("/clienti/nuovo", &[("nome", "X")])
            .await
            .expect(403);
        let (id, revision) = user(&world, &cast, alfa).await;
        let revision = revision.to_string();
        let form = [
            ("nome", "Alfa"),
            ("lingua", "it"),
            ("revisione", revision.as_str()),
        ];
        root.post(&format!("/utenti/{id}/modifica"), &form).await.leads();
        seats.sit([false; 2], false).await;
        let seats = Seats::of(&world, alfa, PASSWORD).await;
        seats.sessions[0]
            .post("/clienti/nuovo", &[("nome", "X")])
            .await
            .leads();
        // So does a state.
        let act = async |what: &str| {
            let path = format!("/api/admin/utenti/{id}/{what}");
            world.post(&path, &cast.root, json!({})).await.expect(200);
        };
        act("disabilita").await;
        seats.sit([false; 2], false).await;
        act("abilita").await;
        seats.sit([false; 2], false).await;
        // And a password: but for the session of who chose it.
        let seats = Seats::of(&world, alfa, PASSWORD).await;
        let form = [("password_attuale", PASSWORD), ("password", NEXT)];
        seats.sessions[1].post("/profilo/password", &form).await.leads();
        seats.sit([false, true], false).await;
        assert_eq!(
            world
                .database
                .count("SELECT COUNT(*) AS n FROM audit_log WHERE action = 'utente.modificato'"),
            5
        );
    }
);

on_both!(
    what_a_node_may_is_what_its_users_may_at_their_next_request,
    |world| async {
        let cast = world.cast().await;
        let waiting = json!({"nome": "Attesa", "email": "attesa@example.org", "codice_rivenditore": "ALFA", "consenso_privacy": true});
        let customer = world
            .call("/api/clienti/registrazione", waiting)
            .await
            .expect(201)
            .str("/cliente/id");
        let seats = Seats::of(&world, &cast.alfa.email, PASSWORD).await;
        let node = format!("/api/admin/agent/{}", cast.alfa.id);
        let page = format!("/clienti/{customer}/rifiuta");
        let told = |code: u16| {
            let (seats, page) = (&seats, &page);
            async move {
                for browser in &seats.sessions {
                    browser.get(page).await.expect(code);
                }
            }
        };
        let grant = async |may: bool| {
            let sheet = world.get(&node, &cast.root).await.expect(200);
            let revision = sheet.header("etag").unwrap().trim_matches('"').parse().unwrap();
            let body = json!({"diritti": {"convalida": may}});
            world.patch(&node, &cast.root, revision, body).await.expect(200);
        };
        grant(true).await;
        told(200).await;
        grant(false).await;
        told(403).await;
        grant(true).await;
        told(200).await;
        seats.sit([true; 2], true).await;
        // A node that is stopped is out, and what was open is open again when it goes on.
        for (action, sits) in [("sospendi", false), ("riattiva", true)] {
            world
                .post(
                    &format!("{node}/{action}"),
                    &cast.root,
                    json!({"motivo": "prova"}),
                )
                .await
                .expect(200);
            seats.sit([sits; 2], sits).await;
        }
        // Moved away, they see nothing of where they were.
        let nord = Browser::sign_in(&world, &cast.nord.email, PASSWORD).await;
        let alfa = &seats.sessions[0];
        let sheet = format!("/aziende/{}", cast.nord.id);
        alfa.get(&sheet).await.expect(200);
        let shift = json!({"azienda_padre": cast.beta.id});
        world
            .post(
                &format!("/api/admin/agent/{}/sposta", cast.nord.id),
                &cast.root,
                shift,
            )
            .await
            .expect(200);
        alfa.get(&sheet).await.expect(404);
        nord.get(&sheet).await.expect(200);
    }
);

/// A sign-in with a password that is wrong.
async fn knock(client: &rocket::local::asynchronous::Client, n: usize) -> Reply {
    let request = client
        .req(Method::Post, "/accedi")
        .remote("127.0.0.1:4000".parse().unwrap())
        .header(ContentType::Form)
        .header(Header::new("Accept", "text/html"))
        .header(Header::new("Origin", "https://licenze.example.it"))
        .body(format!(
            "email=persona{n}%40example.org&password=sbagliata-davvero"
        ));
    Reply::of(request).await
}

#[track_caller]
fn is_told_to_come_back(reply: &Reply) {
    assert_eq!(reply.status.code, 503, "{}", reply.text);
    let seconds: u64 = reply
        .header("retry-after")
        .expect("a Retry-After")
        .parse()
        .unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert!(reply.header("set-cookie").is_none());
}

on_both!(
    who_waits_for_a_password_to_be_hashed_is_bounded_and_nobody_else_waits,
    |world| async {
        let cast = world.cast().await;
        let with = |passwords: Passwords| App {
            passwords,
            ..world.app.clone()
        };
        let vault = || world.app.vault.clone();
        // Where no place is left: whatever wants a hash is told to come back, and does nothing by halves.
        let full = world.client_of(with(Passwords::bounded(vault(), 4, 0, 0))).await;
        let users = || world.database.count("SELECT COUNT(*) AS n FROM users");
        let before = users();
        is_told_to_come_back(&knock(&full, 0).await);
        let ask = async |method: Method, path: &str, body: Value| {
            let request = full
                .req(method, path.to_owned())
                .remote("127.0.0.1:4000".parse().unwrap())
                .header(Header::new("Authorization", format!("Bearer {}", cast.root)))
                .header(ContentType::JSON)
                .body(body.to_string());
            Reply::of(request).await
        };
        let made = ask(
            Method::Post,
            "/api/admin/utenti",
            json!({"email": "n@example.org", "password": PASSWORD}),
        )
        .await;
        is_told_to_come_back(&made);
        assert_eq!((made.code(), users()), ("NON_DISPONIBILE", before));
        // Programs, tokens and sessions ask for no hash.
        let body = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "D1"}});
        for path in ["/api/licenze/attiva", "/api/licenze/valida"] {
            ask(Method::Post, path, body.clone()).await.expect(200);
        }
        ask(Method::Get, "/api/admin/licenze", Value::Null)
            .await
            .expect(200);

        // One at work and three who wait, of forty who come together: whoever is let in is answered, whoever is not knows
        // it at once, and when they are gone there is place again.
        let narrow = world.client_of(with(Passwords::bounded(vault(), 8, 1, 3))).await;
        let replies = join_all((0..40).map(|n| knock(&narrow, n))).await;
        let (let_in, turned_away): (Vec<&Reply>, Vec<&Reply>) =
            replies.iter().partition(|reply| reply.status.code == 422);
        assert!(
            let_in.len() >= 4 && !turned_away.is_empty(),
            "{} and {}",
            let_in.len(),
            turned_away.len()
        );
        for reply in turned_away {
            is_told_to_come_back(reply);
        }
        for n in 0..4 {
            assert_eq!(knock(&narrow, n).await.status.code, 422);
        }
    }
);
