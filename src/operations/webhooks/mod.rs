//! What happens to webhooks: who is told of what, and telling them.

pub mod deliver;
pub mod manage;

use crate::domain::{error::Result, ids::WebhookId, secrets::Vault};

/// Where a secret is sealed: it opens for no other address.
fn place(id: WebhookId) -> Vec<u8> {
    [b"webhook/", id.0.as_slice()].concat()
}

fn seal(vault: &Vault, id: WebhookId, secret: &[u8]) -> Result<Vec<u8>> {
    vault.seal(&place(id), secret)
}
