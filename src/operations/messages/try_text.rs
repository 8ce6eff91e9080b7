//! Sending oneself a text, before it is kept.

use super::{
    Addressee, compose,
    preview::stage,
    queue,
    texts::{Which, event, faults, may_word, place},
};
use crate::{
    domain::{
        access::{Permit, right::EditTexts},
        audit::EventKind,
        error::{Error, Result},
        ids::NodeId,
        mail::wording::Wording,
    },
    operations::App,
    store::{Done, users},
};
use serde_json::Value;

/// Queues a message of the kind, in these words, to whoever asks: with the values that the preview shows.
///
/// # Errors
/// [`Error::Invalid`] for what its kind may not say, [`Error::TooMany`], [`Error::Forbidden`] for a kind that is the
/// vendor's to word.
pub async fn try_text(
    app: &App,
    permit: Permit<EditTexts>,
    at: NodeId,
    which: Which,
    wording: Wording,
) -> Result<()> {
    if let Err(found) = wording.check(which.kind) {
        return faults(&found).into_result();
    }
    let id = permit.actor().user_id().ok_or(Error::Forbidden)?;
    app.limits.tried_mail(id)?;
    let (app_, actor) = (app.clone(), permit.actor().clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let node = place(tx, &actor, at)?;
            if !may_word(&node, which.kind) {
                return Err(Error::Forbidden);
            }
            let user = users::get(tx, actor.scope(), id)?;
            let payload = stage(tx, actor.scope(), &node, which)?.payload(&app_, which.kind);
            let to = Addressee {
                email: &user.email,
                language: which.language,
                company: (at != NodeId::VENDOR).then_some(at),
                customer: None,
                user: Some(user.id),
            };
            let payload = Value::Object(compose::trying(payload, &wording));
            queue(&app_, tx, which.kind, &to, &payload)?;
            let event = event(EventKind::MailTextTried, at)
                .with("tipo", which.kind)
                .with("lingua", which.language)
                .with("destinatario", &user.email);
            Ok(Done::changed((), event))
        })
        .await
}
