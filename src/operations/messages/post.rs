//! Sending what waits.

use super::{
    compose::{Draft, Eyes, compose, manner},
    tell,
};
use crate::{
    domain::{
        brand::Logo,
        error::{Error, Result},
        ids::AnyId,
        mail::{MailKind, MailState, TRIES, pause_after},
    },
    gateways::mail::{LOGO_ADDRESS, Letter, Mailer, PATIENCE, Undelivered},
    operations::App,
    store::{
        brands,
        posting::{self, Claimed},
    },
};
use chrono::Duration;

/// What became of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// There was none to send.
    Nothing,
    /// The server took it.
    Sent,
    /// It was refused, put off, or too late.
    NotSent,
    /// There is no server to talk to: it waits as before.
    Unreachable,
}

/// Sends one message that is due and nobody's, the oldest first.
///
/// # Errors
/// Of the database. What a mail server says is no error: it stands with the message.
pub async fn post(app: &App, mailer: &Mailer) -> Result<Posted> {
    let now = app.clock.now();
    if !app.db.lookup(move |tx| posting::is_due(tx, now)).await? {
        return Ok(Posted::Nothing);
    }
    let owner = AnyId::new().to_string();
    // Who sends in vain also asks the server whether it is there.
    let term = Duration::from_std(PATIENCE * 3).map_err(Error::internal)?;
    let (name, until) = (owner.clone(), now + term);
    let claimed = app
        .db
        .post(now, move |posting| posting.claim(&name, until))
        .await?;
    let Some(message) = claimed else {
        return Ok(Posted::Nothing);
    };
    let ended = send(app, mailer, &message).await?;
    note(app, &message, owner, ended).await
}

/// Pixels across that a logo is shown at most.
const LOGO_WIDTH: i32 = 240;
/// Pixels down.
const LOGO_HEIGHT: i32 = 72;

/// How wide a logo is shown, so that it is no higher than a line or two.
pub fn logo_width(logo: &Logo) -> i32 {
    let by_height = logo.width * LOGO_HEIGHT / logo.height.max(1);
    logo.width.min(LOGO_WIDTH).min(by_height).max(1)
}

enum Ended {
    As(MailState, Option<String>),
    PutOff(String),
    Unreachable(String),
}

async fn send(app: &App, mailer: &Mailer, message: &Claimed) -> Result<Ended> {
    let Some(kind) = MailKind::from_code(&message.kind) else {
        let why = format!("this version knows no message `{}`", message.kind);
        return Ok(Ended::PutOff(why));
    };
    let now = app.clock.now();
    if kind
        .useful_for()
        .is_some_and(|time| message.created_at + time < now)
    {
        return Ok(Ended::As(MailState::Overdue, None));
    }
    let (company, language) = (message.company_id, message.language.clone());
    let (manner, logo) = app
        .db
        .read(move |tx| {
            let manner = manner(tx, company, kind, &language)?;
            let logo = match manner.brand.logo {
                Some(id) => brands::logo_by_id(tx, id)?,
                None => None,
            };
            Ok((manner, logo))
        })
        .await?;
    let draft = Draft {
        id: message.id,
        kind,
        language: &message.language,
        payload_sealed: &message.payload_sealed,
    };
    // It travels with the message: most programs show what comes with it, and ask before they fetch anything.
    let picture = logo.as_ref().map(|logo| (LOGO_ADDRESS, logo_width(logo)));
    let filled = match compose(app, &manner, &draft, Eyes::Recipient, picture) {
        Ok(filled) => filled,
        // A fault of ours, which a new version may mend.
        Err(Error::Internal(why)) => return Ok(Ended::PutOff(why.to_string())),
        Err(error) => return Err(error),
    };
    let letter = Letter {
        message_id: &message.message_id,
        kind: kind.code(),
        language: &message.language,
        to: &message.recipient,
        reply_to: manner.help(),
        own_name: manner.sender(),
        sender_name: &manner.settings.name,
        at: now,
        filled: &filled,
        logo: logo.as_ref().map(|logo| logo.png.as_slice()),
    };
    Ok(match mailer.send(&letter).await {
        Ok(()) => Ended::As(MailState::Sent, None),
        Err(Undelivered::Refused(why)) => Ended::As(MailState::Refused, Some(why)),
        Err(Undelivered::Later(why)) => Ended::PutOff(why),
        Err(Undelivered::Unreachable(why)) => Ended::Unreachable(why),
    })
}

async fn note(app: &App, message: &Claimed, owner: String, ended: Ended) -> Result<Posted> {
    let (now, id, kind) = (app.clock.now(), message.id, &message.kind);
    let tries = message.attempts + 1;
    let ended = match ended {
        Ended::PutOff(why) if tries >= TRIES => Ended::As(MailState::Abandoned, Some(why)),
        other => other,
    };
    match ended {
        Ended::As(state, why) => {
            if state != MailState::Sent {
                tracing::warn!(message = %id, kind, %state, why, "a message will not be sent");
            }
            // What was for staff is no customer's address that is wrong.
            let customer = message.customer.filter(|_| message.user.is_none());
            let concerns = customer.filter(|_| state == MailState::Refused);
            let app_ = app.clone();
            app.db
                .post(now, move |posting| {
                    posting.end(id, &owner, state, why.as_deref())?;
                    match concerns {
                        Some(customer) => tell::refusal(&app_, posting, customer),
                        None => Ok(()),
                    }
                })
                .await?;
            Ok(match state {
                MailState::Sent => Posted::Sent,
                _ => Posted::NotSent,
            })
        }
        Ended::PutOff(why) => {
            tracing::info!(message = %id, kind, why, "a message is put off");
            let then = now + pause_after(tries);
            app.db
                .post(now, move |posting| posting.put_off(id, &owner, then, &why, true))
                .await?;
            Ok(Posted::NotSent)
        }
        Ended::Unreachable(why) => {
            tracing::warn!(why, "the mail server cannot be reached");
            app.db
                .post(now, move |posting| posting.put_off(id, &owner, now, &why, false))
                .await?;
            Ok(Posted::Unreachable)
        }
    }
}
