//! What waits in the outbox.

use super::World;
use serde_json::Value;

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap())
        .collect()
}

impl World {
    /// The values of the placeholders of each mail of a kind to an address, in the order in which they were queued.
    pub fn mails(&self, kind: &str, to: &str) -> Vec<Value> {
        let column = |column: &str| {
            self.database.texts(&format!(
                "SELECT HEX({column}) AS t FROM outbox WHERE kind = '{kind}' AND recipient = '{to}' ORDER BY id"
            ))
        };
        column("id")
            .iter()
            .zip(&column("payload"))
            .map(|(id, payload)| {
                let (id, payload) = (unhex(id.as_ref().unwrap()), unhex(payload.as_ref().unwrap()));
                serde_json::from_slice(&self.app.vault.open(&id, &payload).unwrap()).unwrap()
            })
            .collect()
    }
}
