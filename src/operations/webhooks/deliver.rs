//! Telling addresses what happened: from the queue to deliveries, and out.

use super::place;
use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind, Owner, Subject},
        error::{Error, Result},
        ids::AnyId,
        mail::MailKind,
        webhook::{HookEvent, LOST_AFTER, TOLD, pause_after, signatures},
    },
    gateways::webhook::{Outgoing, PATIENCE, Sender},
    operations::{
        App,
        messages::{self, Addressee},
    },
    store::{
        Done,
        delivering::{self, Claimed, Happened},
        webhooks::{self, Webhook},
    },
};
use chrono::{Duration, SecondsFormat};
use serde_json::{Map, Value, json};

/// Records that become deliveries in one transaction.
const AT_ONCE: i64 = 100;
/// The answer of an address that wants nothing any more.
const GONE: u16 = 410;

/// What became of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// There was none to send.
    Nothing,
    /// It was taken.
    Taken,
    /// It was not, and is tried again, or given up.
    NotTaken,
}

/// Makes deliveries of the records that wait; false where there are none.
///
/// # Errors
/// Of the database.
pub async fn spread(app: &App) -> Result<bool> {
    if !app.db.lookup(delivering::is_waiting).await? {
        return Ok(false);
    }
    app.db
        .deliver(app.clock.now(), |delivering| {
            let taken = delivering.take(AT_ONCE)?;
            for happened in &taken {
                if let Some(event) = HookEvent::of_action(&happened.action) {
                    delivering.fan_out(happened, event.code(), &body(event, happened))?;
                }
            }
            Ok(!taken.is_empty())
        })
        .await
}

/// What a record says outside: identifiers, codes, numbers. Whoever may know more asks the API for it.
fn body(event: HookEvent, happened: &Happened) -> String {
    let details: Map<String, Value> = serde_json::from_str(&happened.details).unwrap_or_default();
    let told: Map<String, Value> = details
        .into_iter()
        .filter(|(name, _)| TOLD.contains(&name.as_str()))
        .collect();
    json!({
        "type": event.code(),
        "timestamp": happened.at.and_utc().to_rfc3339_opts(SecondsFormat::Millis, true),
        "data": {
            "oggetto": { "tipo": happened.subject_kind, "id": happened.subject },
            "azienda": happened.company,
            "agente": happened.agent,
            "cliente": happened.customer,
            "dettagli": told,
        },
    })
    .to_string()
}

/// Sends one delivery that is due, the oldest first.
///
/// # Errors
/// Of the database. What an address answers is none: it stands with the delivery.
pub async fn deliver(app: &App, sender: &Sender) -> Result<Delivered> {
    let now = app.clock.now();
    if !app.db.lookup(move |tx| delivering::is_due(tx, now)).await? {
        return Ok(Delivered::Nothing);
    }
    let owner = AnyId::new().to_string();
    let term = Duration::from_std(PATIENCE * 3).map_err(Error::internal)?;
    let (name, until) = (owner.clone(), now + term);
    let claimed = app
        .db
        .deliver(now, move |delivering| delivering.claim(&name, until))
        .await?;
    let Some(claimed) = claimed else {
        return Ok(Delivered::Nothing);
    };
    let id = format!("msg_{}", claimed.id);
    let secrets = secrets(app, &claimed.to)?;
    let secrets: Vec<&[u8]> = secrets.iter().map(Vec::as_slice).collect();
    let out = Outgoing {
        url: &claimed.to.url,
        id: &id,
        at: now.and_utc().timestamp(),
        signatures: &signatures(&id, now, &claimed.body, &secrets),
        body: &claimed.body,
    };
    let answer = sender.send(&out).await;
    note(
        app,
        claimed,
        owner,
        answer.map(|answer| (answer.status, answer.text)),
    )
    .await
}

/// The secrets that sign now: the one, and for a while the one before.
fn secrets(app: &App, hook: &Webhook) -> Result<Vec<Vec<u8>>> {
    let open = |sealed: &[u8]| {
        app.vault
            .open(&place(hook.id), sealed)
            .map(|plain| plain.to_vec())
    };
    let mut all = vec![open(&hook.secret)?];
    if let (Some(old), Some(until)) = (&hook.old_secret, hook.old_until)
        && app.clock.now() < until
    {
        all.push(open(old)?);
    }
    Ok(all)
}

async fn note(
    app: &App,
    claimed: Claimed,
    owner: String,
    answer: std::result::Result<(u16, String), String>,
) -> Result<Delivered> {
    let now = app.clock.now();
    let to = claimed.to.clone();
    if let Ok((status @ 200..=299, text)) = answer {
        app.db
            .deliver(now, move |delivering| {
                delivering.taken(&claimed, &owner, status, &text)
            })
            .await?;
        return Ok(Delivered::Taken);
    }
    let next = pause_after(claimed.attempts + 1).map(|pause| now + pause);
    let gone = matches!(answer, Ok((GONE, _)));
    let since = app
        .db
        .deliver(now, move |delivering| {
            let (answered, why) = match &answer {
                Ok((status, text)) => (Some((*status, text.as_str())), None),
                Err(why) => (None, Some(why.as_str())),
            };
            delivering.failed(&claimed, &owner, answered, why, next)
        })
        .await?;
    if gone || now - since >= LOST_AFTER {
        give_up(app, to).await?;
    }
    Ok(Delivered::NotTaken)
}

/// Stops sending to an address that nothing came through to for days, and tells its owner.
async fn give_up(app: &App, to: Webhook) -> Result<()> {
    let app_ = app.clone();
    app.db
        .operation(&Actor::system(), app.clock.now(), move |tx| {
            if !webhooks::give_up(tx, to.id)? {
                return Ok(Done::Unchanged(()));
            }
            if let Some(owner) = webhooks::owner(tx, &to)? {
                let addressee = Addressee {
                    email: &owner.email,
                    language: &owner.language,
                    company: owner.node,
                    customer: None,
                    user: Some(owner.id),
                };
                let payload = json!({
                    "nome": owner.name,
                    "indirizzo_webhook": to.url,
                    "url_webhook": format!("{}/webhook/{}", app_.base_url, to.id),
                });
                messages::queue(&app_, tx, MailKind::WebhookLost, &addressee, &payload)?;
            }
            let subject = Subject {
                kind: "webhook",
                id: to.id.0,
            };
            let owner = Owner {
                company: Some(to.node_id),
                ..Owner::default()
            };
            Ok(Done::changed(
                (),
                Event::new(EventKind::WebhookLost, subject, owner),
            ))
        })
        .await
}
