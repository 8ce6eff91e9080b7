//! Sending a message once more.

use crate::{
    domain::{
        access::{Permit, right::ResendMail},
        audit::{Event, EventKind, Owner, Subject},
        error::{Conflict, Error, Result},
        ids::MessageId,
        mail::{MailKind, MailState},
    },
    operations::App,
    store::{
        Done, customers,
        outbox::{self, Message},
    },
};
use chrono::NaiveDateTime;

/// Whether it can be sent once more: it is through, or never will be, and still leads somewhere.
pub fn can_be_resent(message: &Message, now: NaiveDateTime) -> bool {
    let ended = [MailState::Sent, MailState::Refused, MailState::Abandoned]
        .iter()
        .any(|state| state.code() == message.state);
    let kind = MailKind::from_code(&message.kind);
    // What it said may be kept no longer.
    ended
        && !message.payload.is_empty()
        && kind.is_some_and(|kind| {
            kind.useful_for()
                .is_none_or(|time| now < message.created_at + time)
        })
}

/// Sends a message once more: what is about a customer's licences to the address that the customer has now. A link that
/// opens an account goes to the address that it was made for, and to no other.
///
/// # Errors
/// [`Error::NotFound`], [`Conflict::WrongState`] for one that waits, or leads nowhere any more.
pub async fn resend(app: &App, permit: Permit<ResendMail>, id: MessageId) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let message = outbox::get(tx, scope, id)?;
            if !can_be_resent(&message, tx.now()) {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let mut recipient = message.recipient.clone();
            if MailKind::from_code(&message.kind).is_some_and(MailKind::follows_customer)
                && let Some(customer) = message.customer_id
            {
                recipient = customers::get(tx, scope, customer)?
                    .email
                    .clone()
                    .unwrap_or(recipient);
            }
            outbox::queue_again(tx, &message, &recipient)?;
            let subject = Subject {
                kind: "messaggio",
                id: id.0,
            };
            let owner = Owner {
                company: message.company_id,
                agent: None,
                customer: message.customer_id,
            };
            let event = Event::new(EventKind::MessageResent, subject, owner)
                .with("tipo", &message.kind)
                .with("destinatario", &recipient);
            Ok(Done::changed((), event))
        })
        .await
}
