//! Computer keys taken apart and put together, as a client or a forger would.

use super::World;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};

/// What a token says, unverified.
pub fn claims(token: &str) -> Value {
    part(token, 1)
}

/// A token's header.
pub fn header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, n: usize) -> Value {
    serde_json::from_slice(&bytes(token)[n]).unwrap()
}

/// The three parts, decoded.
pub fn bytes(token: &str) -> Vec<Vec<u8>> {
    let parts: Vec<Vec<u8>> = token.split('.').map(|part| B64.decode(part).unwrap()).collect();
    assert_eq!(parts.len(), 3, "not a JWS in compact form: {token}");
    parts
}

/// The parts together again.
pub fn join(parts: &[Vec<u8>]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| B64.encode(part)).collect();
    parts.join(".")
}

/// The token with one byte of a part changed.
pub fn bent(token: &str, part: usize) -> String {
    let mut parts = bytes(token);
    let middle = parts[part].len() / 2;
    parts[part][middle] ^= 1;
    join(&parts)
}

impl World {
    /// Activates a device and gives its computer key.
    pub async fn computer_key(&self, key: &str, device: &str) -> String {
        let body = json!({"chiave_licenza": key, "dispositivo": {"id": device}});
        let reply = self.call("/api/licenze/attiva", body).await.expect(200);
        reply.str("/chiave_computer")
    }

    /// The public keys.
    pub async fn jwks(&self) -> Value {
        let reply = self
            .ask(rocket::http::Method::Get, "/.well-known/jwks.json", None, None)
            .await
            .expect(200);
        reply.body
    }

    /// A public key by its name.
    pub async fn public_key(&self, kid: &str) -> [u8; 32] {
        let jwks = self.jwks().await;
        let keys = jwks["keys"].as_array().unwrap();
        let key = keys
            .iter()
            .find(|key| key["kid"] == kid)
            .expect("a published key");
        B64.decode(key["x"].as_str().unwrap())
            .unwrap()
            .try_into()
            .unwrap()
    }
}
