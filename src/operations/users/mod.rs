//! What happens to users and their tokens.

pub mod change;
pub mod create_token;
pub mod found;
pub mod invite;

use crate::{
    domain::{
        actor::Actor,
        error::{Error, Fault, Result},
        ids::MessageId,
        user::User,
    },
    operations::App,
    store::{WriteTx, outbox, users},
};

/// Adds a user; false where somebody has the e-mail address. Only the superadmin is told of that: for everybody else
/// whatever they asked for goes on, without the user, and the owner of the address gets a mail.
pub(super) fn add(
    app: &App,
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    user: &User,
    password_hash: Option<&str>,
) -> Result<bool> {
    if users::insert(tx, user, password_hash)? {
        return Ok(true);
    }
    if actor.is_superadmin() {
        return Err(Error::field("email", Fault::Taken));
    }
    let owner = users::holder(tx, &user.email)?;
    let id = MessageId::new();
    let payload = serde_json::json!({"nome": owner.name});
    let sealed = app.vault.seal(&id.0, payload.to_string().as_bytes())?;
    // On nobody's behalf: who wanted the user is not to find it among their mail.
    let message = outbox::NewMessage {
        id,
        kind: "invito_doppio",
        recipient: &owner.email,
        language: &owner.language,
        company: None,
        customer: None,
        user: Some(owner.id),
        payload_sealed: &sealed,
    };
    outbox::queue(tx, &message)?;
    Ok(false)
}

/// A password on its way to its hash.
#[derive(Clone)]
pub struct NewPassword(pub String);

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(…)")
    }
}
