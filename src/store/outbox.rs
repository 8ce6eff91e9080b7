//! Messages, queued in the operation that causes them.

use super::{db::WriteTx, schema::outbox, sql_types::At};
use crate::domain::{error::Result, ids::*};
use diesel::prelude::*;

/// A message to be sent.
#[derive(Debug)]
pub struct NewMessage<'a> {
    /// Identifier; its `Message-ID` follows from it.
    pub id: MessageId,
    /// What it says: the template's name.
    pub kind: &'a str,
    /// To whom.
    pub recipient: &'a str,
    /// In which language.
    pub language: &'a str,
    /// On whose behalf.
    pub company: Option<NodeId>,
    /// About which customer.
    pub customer: Option<CustomerId>,
    /// To which user.
    pub user: Option<UserId>,
    /// The values of its placeholders, a sealed JSON object: there may be a key or a link among them.
    pub payload_sealed: &'a [u8],
}

/// Queues a message.
///
/// # Errors
/// Of the database.
pub fn queue(tx: &mut WriteTx<'_>, message: &NewMessage<'_>) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(message.id),
            outbox::kind.eq(message.kind),
            outbox::recipient.eq(message.recipient),
            outbox::language.eq(message.language),
            outbox::company_id.eq(message.company),
            outbox::customer_id.eq(message.customer),
            outbox::user_id.eq(message.user),
            outbox::payload.eq(message.payload_sealed),
            outbox::state.eq("in_coda"),
            outbox::next_attempt_at.eq(At(now)),
            outbox::message_id.eq(message.id.to_string()),
            outbox::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Takes out of the queue all that waits, as if it had been sent when it was queued: mail to people who are invented.
///
/// # Errors
/// Of the database.
pub fn pass_over(tx: &mut WriteTx<'_>) -> Result<usize> {
    Ok(diesel::update(outbox::table.filter(outbox::state.eq("in_coda")))
        .set((
            outbox::state.eq("inviata"),
            outbox::sent_at.eq(outbox::created_at.nullable()),
        ))
        .execute(tx.conn)?)
}

/// How many messages wait.
///
/// # Errors
/// Of the database.
pub fn waiting(tx: &mut super::ReadTx<'_>) -> Result<i64> {
    Ok(outbox::table
        .filter(outbox::state.eq("in_coda"))
        .count()
        .get_result(tx.conn)?)
}
