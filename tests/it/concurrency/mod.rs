//! Many at once: whatever order they arrive in, the rules hold as if they had come one after another.

mod changes;
mod histories;
mod idempotency;
mod places;
mod trees;

use crate::{
    on_both,
    support::{
        Reply, World,
        cast::PASSWORD,
        database::{Database, assert_places_add_up},
        rounds,
        server::{Installation, Said},
    },
};
use futures::future::join_all;
use rocket::{
    http::{ContentType, Header, Method, Status},
    local::asynchronous::Client,
};
use serde_json::{Value, json};
use sigillo::{
    domain::{access::Permit, actor::Actor},
    operations::users::{NewPassword, found},
};

fn device(key: &str, id: &str) -> Value {
    json!({"chiave_licenza": key, "dispositivo": {"id": id}})
}

/// `POST` to one of several programs, again while it answers that the database is busy: what a client does.
async fn post(client: &Client, path: &str, headers: &[(&'static str, String)], body: &Value) -> Reply {
    for _ in 0..50 {
        let mut request = client.post(path.to_owned()).header(ContentType::JSON);
        request = request.remote("127.0.0.1:4000".parse().unwrap());
        for (name, value) in headers {
            request.add_header(Header::new(*name, value.clone()));
        }
        let reply = Reply::of(request.body(body.to_string())).await;
        assert_ne!(reply.status, Status::InternalServerError, "{}", reply.text);
        if reply.status != Status::ServiceUnavailable {
            return reply;
        }
    }
    panic!("{path}: busy for ever")
}

fn bearer(token: &str) -> Vec<(&'static str, String)> {
    vec![("Authorization", format!("Bearer {token}"))]
}

/// A product whose devices may be released without end, and licences of it.
async fn licenses(world: &World, quantity: usize, devices: usize) -> (String, Vec<(String, String)>) {
    let root = world.root().await;
    let product =
        json!({"codice": "GESTIONALE", "nome": "Gestionale", "versione": "1", "rilasci_max": 1_000_000});
    world
        .post("/api/admin/prodotti", &root, product)
        .await
        .expect(201);
    let mut keys = Vec::new();
    while keys.len() < quantity {
        let part = (quantity - keys.len()).min(10_000);
        keys.extend(
            world
                .issue(&root, json!({"quantita": part, "numero_dispositivi": devices}))
                .await,
        );
    }
    (root, keys)
}
