//! What happens to messages.

pub mod compose;
pub mod post;
pub mod preview;
pub mod resend;
pub(in crate::operations) mod tell;
pub mod texts;
pub mod try_out;
pub mod try_text;

use crate::{
    domain::{
        error::Result,
        ids::{CustomerId, MessageId, NodeId, UserId},
        mail::MailKind,
    },
    operations::App,
    store::{WriteTx, message_texts, outbox},
};
use serde_json::Value;

/// Whom a message is for, and on whose behalf it goes out.
#[derive(Debug)]
pub(crate) struct Addressee<'a> {
    /// The address.
    pub email: &'a str,
    /// The language.
    pub language: &'a str,
    /// On whose behalf.
    pub company: Option<NodeId>,
    /// About which customer.
    pub customer: Option<CustomerId>,
    /// To which user.
    pub user: Option<UserId>,
}

/// Queues a message in the operation that causes it, unless whose it is switched its kind off. What fills it in is sealed:
/// a key or a link may be among it.
pub(crate) fn queue(
    app: &App,
    tx: &mut WriteTx<'_>,
    kind: MailKind,
    to: &Addressee<'_>,
    payload: &Value,
) -> Result<()> {
    if kind.is_optional() && !message_texts::goes_out(tx, to.company, kind)? {
        return Ok(());
    }
    let id = MessageId::at(tx.now());
    let sealed = app.vault.seal(&id.0, payload.to_string().as_bytes())?;
    let message = outbox::NewMessage {
        id,
        kind: kind.code(),
        recipient: to.email,
        language: to.language,
        company: to.company,
        customer: to.customer,
        user: to.user,
        payload_sealed: &sealed,
    };
    outbox::queue(tx, &message)
}
