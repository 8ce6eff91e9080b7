//! Trying whether mail comes.

use super::{Addressee, queue};
use crate::{
    domain::{
        access::{Permit, right::ChangeSettings},
        audit::{Event, EventKind, Owner, Subject},
        error::{Error, Result},
        mail::MailKind,
    },
    operations::App,
    store::{Done, users},
};
use serde_json::json;

/// Queues a message to whoever asks.
///
/// # Errors
/// [`Error::Forbidden`] for whoever is no user.
pub async fn try_out(app: &App, permit: Permit<ChangeSettings>) -> Result<()> {
    let (app_, actor) = (app.clone(), permit.actor().clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let id = actor.user_id().ok_or(Error::Forbidden)?;
            let user = users::get(tx, actor.scope(), id)?;
            let to = Addressee {
                email: &user.email,
                language: &user.language,
                company: None,
                customer: None,
                user: Some(user.id),
            };
            queue(&app_, tx, MailKind::Test, &to, &json!({"nome": user.name}))?;
            let subject = Subject {
                kind: "utente",
                id: user.id.0,
            };
            let event =
                Event::new(EventKind::MailTried, subject, Owner::default()).with("destinatario", &user.email);
            Ok(Done::changed((), event))
        })
        .await
}
