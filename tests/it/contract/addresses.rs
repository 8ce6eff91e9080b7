//! Whether an e-mail address is somebody's is nobody's to learn but the superadmin's.

use crate::{
    on_both,
    support::{Reply, World, cast::PASSWORD},
};
use rocket::http::{ContentType, Header, Method};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CUSTOMERS: &str = "/api/admin/clienti";
const NODES: &str = "/api/admin/agent";
const USERS: &str = "/api/admin/utenti";

async fn post_once(world: &World, path: &str, token: &str, key: &str, body: &Value) -> Reply {
    let request = world
        .request(Method::Post, path)
        .header(Header::new("Authorization", format!("Bearer {token}")))
        .header(Header::new("Idempotency-Key", key.to_owned()))
        .header(ContentType::JSON)
        .body(body.to_string());
    Reply::of(request).await
}

/// What is the same of answers that tell nothing apart.
fn shape(reply: &Reply, address: &str) -> String {
    let mut body = reply.body.clone();
    for (name, value) in body.as_object_mut().unwrap() {
        if ["id", "creato_il"].contains(&name.as_str()) {
            *value = Value::Null;
        }
    }
    let mut headers = reply.headers.clone();
    headers.retain(|(name, _)| name != "x-request-id" && name != "content-length");
    headers.sort();
    format!("{} {body} {headers:?}", reply.status.code).replace(address, "…")
}

on_both!(
    a_first_users_address_that_somebody_has_is_answered_like_any_other,
    |world| async {
        let cast = world.cast().await;
        let doubles = |to: &str| {
            world.database.count(&format!(
                "SELECT COUNT(*) AS n FROM outbox WHERE kind = 'invito_doppio' AND recipient = '{to}' \
                 AND company_id IS NULL AND customer_id IS NULL"
            ))
        };
        let users = || world.database.count("SELECT COUNT(*) AS n FROM users");
        for (n, (path, token)) in [
            (CUSTOMERS, &cast.alfa.token),
            (CUSTOMERS, &cast.anna.token),
            (NODES, &cast.alfa.token),
            (NODES, &cast.nord.token),
        ]
        .into_iter()
        .enumerate()
        {
            let mut shapes = BTreeSet::new();
            for taken in [false, true] {
                let email = if taken {
                    "beta@example.it".to_owned()
                } else {
                    format!("nuova{n}@example.it")
                };
                let body = json!({"nome": "Nuova", "ruolo": "agente", "email": email, "password": PASSWORD});
                let before = users();
                let reply = world.post(path, token, body.clone()).await.expect(201);
                assert_eq!(users() - before, i64::from(!taken));
                shapes.insert(shape(&reply, &email));
                world
                    .get(&format!("{path}/{}", reply.str("/id")), token)
                    .await
                    .expect(200);
                if taken {
                    let before = users();
                    world
                        .post(path, &cast.root, json!({"nome": "N", "ruolo": "rivenditore", "email": email, "password": PASSWORD}))
                        .await
                        .field("email", "GIA_IN_USO");
                    assert_eq!(users(), before);
                }
            }
            assert_eq!(shapes.len(), 1, "{shapes:#?}");
            assert_eq!(doubles("beta@example.it"), i64::try_from(n).unwrap() + 1);
        }
        // The account that there is stays as it was.
        world.get(NODES, &cast.beta.token).await.expect(200);
    }
);

on_both!(
    an_invitation_is_repeated_by_its_key_and_written_down_alike_whoever_has_the_address,
    |world| async {
        let cast = world.cast().await;
        let mut answers = BTreeSet::new();
        let mut rows = BTreeSet::new();
        for (n, email) in ["mai-vista@example.it", "beta@example.it"].iter().enumerate() {
            // Which keys run is known to the process, and all tests share one.
            let key = format!("invito{n}{}", &cast.root[..12]);
            let body = json!({"email": email, "nome": "Nuova"});
            let first = post_once(&world, USERS, &cast.alfa.token, &key, &body)
                .await
                .expect(201);
            let again = post_once(&world, USERS, &cast.alfa.token, &key, &body)
                .await
                .expect(201);
            assert_eq!(again.header("idempotency-replayed"), Some("true"), "{email}");
            assert_eq!(again.text, first.text);
            let other = json!({"email": "altra@example.it"});
            post_once(&world, USERS, &cast.alfa.token, &key, &other)
                .await
                .refused(409, "IDEMPOTENZA_IN_CONFLITTO");
            answers.insert(shape(&first, email));
            let log = world
                .get("/api/admin/registro?limite=1", &cast.alfa.token)
                .await
                .expect(200);
            let row = &log.body["dati"][0];
            assert_eq!(row["dettagli"]["email"], *email);
            rows.insert((
                row["azione"].to_string(),
                row["azienda"].to_string(),
                row["oggetto"].to_string(),
            ));
        }
        assert_eq!((answers.len(), rows.len()), (1, 1), "{answers:#?} {rows:#?}");
        let queued = |kind: &str| {
            world
                .database
                .count(&format!("SELECT COUNT(*) AS n FROM outbox WHERE kind = '{kind}'"))
        };
        assert_eq!((queued("invito"), queued("invito_doppio")), (1, 1));
    }
);
