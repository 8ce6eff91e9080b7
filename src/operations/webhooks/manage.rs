//! Choosing where events go: addresses, their secrets, trying them.

use super::seal;
use crate::{
    domain::{
        access::{Permit, right::ManageWebhooks},
        actor::Actor,
        audit::{Event, EventKind, Owner, Subject},
        error::{Conflict, Error, Fault, FieldErrors, Result, expect_revision},
        ids::{DeliveryId, NodeId, WebhookId},
        secrets,
        webhook::{HookEvent, ROLLING, SECRET_BYTES, TEST, spelt},
    },
    operations::{App, IdempotencyKey, Once, Replayable},
    store::{
        Done, ReadTx, Visible, nodes,
        webhooks::{self, New, Webhook},
    },
};
use chrono::SecondsFormat;
use serde_json::json;
use std::collections::BTreeSet;

/// Addresses of one node at most.
const MOST: i64 = 10;
/// Characters of an address.
const URL_MAX: usize = 500;

/// What is wanted of an address.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where to.
    pub url: String,
    /// What it is for.
    pub note: Option<String>,
    /// What of.
    pub events: BTreeSet<HookEvent>,
}

impl Wanted {
    fn check(&self, app: &App) -> Result<()> {
        let mut wrong = FieldErrors::default();
        if self.url.chars().count() > URL_MAX {
            wrong.add("indirizzo_webhook", Fault::TooLong);
        } else if app.webhooks.accepts(&self.url).is_err() {
            wrong.add("indirizzo_webhook", Fault::Invalid);
        }
        if self.events.is_empty() {
            wrong.add("eventi", Fault::Missing);
        }
        wrong.into_result()
    }
}

/// The node whose addresses somebody means: one of theirs, or their own.
///
/// # Errors
/// [`Error::NotFound`] for one that they do not see, or that is no company.
pub fn node(tx: &mut ReadTx<'_>, actor: &Actor, asked: Option<NodeId>) -> Result<(NodeId, Option<String>)> {
    match asked.or(actor.node()) {
        Some(id) => {
            let node = nodes::get(tx, actor.scope(), id)?;
            if !node.kind.is_company() {
                return Err(Error::NotFound);
            }
            Ok((node.id, Some(node.name.clone())))
        }
        None if actor.is_superadmin() => Ok((NodeId::VENDOR, None)),
        None => Err(Error::NotFound),
    }
}

fn about(kind: EventKind, id: WebhookId, node: NodeId) -> Event {
    let subject = Subject {
        kind: "webhook",
        id: id.0,
    };
    let owner = Owner {
        company: Some(node),
        ..Owner::default()
    };
    Event::new(kind, subject, owner)
}

fn codes(events: &BTreeSet<HookEvent>) -> Vec<&'static str> {
    events.iter().map(|event| event.code()).collect()
}

/// What was made: the address, and its secret, shown once.
#[derive(Debug, Clone)]
pub struct Made {
    /// The address.
    pub id: WebhookId,
    /// The secret.
    pub secret: String,
}

/// Adds an address, once for a key: asked again with it nothing is made, and nothing shown.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::NotFound`]; [`Conflict::QuotaExceeded`] where there are enough.
pub async fn create(
    app: &App,
    permit: Permit<ManageWebhooks>,
    of: Option<NodeId>,
    wanted: Wanted,
    key: Option<IdempotencyKey>,
) -> Result<Option<Made>> {
    wanted.check(app)?;
    let actor = permit.actor().clone();
    let id = WebhookId::at(app.clock.now());
    let secret = secrets::random::<SECRET_BYTES>()?;
    let sealed = seal(&app.vault, id, &secret)?;
    let once = Once::under(key, |_: &()| Ok((200, String::new())));
    let outcome = app
        .once(permit.actor(), once, move |tx| {
            let (node, _) = node(tx, &actor, of)?;
            if webhooks::count(tx, actor.scope(), node)? >= MOST {
                return Err(Error::Conflict(Conflict::QuotaExceeded));
            }
            let new = New {
                id,
                node,
                url: &wanted.url,
                note: wanted.note.as_deref(),
                secret: &sealed,
                by: actor.user_id(),
            };
            webhooks::insert(tx, &new, &wanted.events)?;
            let event = about(EventKind::WebhookCreated, id, node)
                .with("indirizzo_webhook", &wanted.url)
                .with("eventi", codes(&wanted.events));
            Ok(Done::changed((), event))
        })
        .await?;
    Ok(match outcome {
        Replayable::Done(()) => Some(Made {
            id,
            secret: spelt(&secret),
        }),
        Replayable::Replayed(..) => None,
    })
}

fn events_of(tx: &mut ReadTx<'_>, hook: &Visible<Webhook>) -> Result<BTreeSet<HookEvent>> {
    let events = webhooks::events(tx, std::slice::from_ref(hook))?;
    Ok(events.into_iter().map(|(_, event)| event).collect())
}

/// Changes an address.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`], [`Error::Stale`].
pub async fn change(
    app: &App,
    permit: Permit<ManageWebhooks>,
    id: WebhookId,
    revision: Option<i32>,
    wanted: Wanted,
) -> Result<()> {
    wanted.check(app)?;
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = webhooks::get(tx, scope, id)?;
            expect_revision(was.revision, revision)?;
            let events = events_of(tx, &was)?;
            webhooks::change(tx, &was, &wanted.url, wanted.note.as_deref(), &wanted.events)?;
            let event = about(EventKind::WebhookChanged, id, was.node_id)
                .changed("indirizzo_webhook", &was.url, &wanted.url)
                .changed("descrizione", &was.note, &wanted.note)
                .changed("eventi", &codes(&events), &codes(&wanted.events));
            Ok(Done::changed((), event))
        })
        .await
}

/// Gives an address another secret, shown once. For a day both sign, so that who checks has the time to change it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] where it was changed meanwhile.
pub async fn roll(
    app: &App,
    permit: Permit<ManageWebhooks>,
    id: WebhookId,
    revision: Option<i32>,
) -> Result<String> {
    let scope = permit.scope();
    let secret = secrets::random::<SECRET_BYTES>()?;
    let sealed = seal(&app.vault, id, &secret)?;
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = webhooks::get(tx, scope, id)?;
            expect_revision(was.revision, revision)?;
            let until = tx.now() + ROLLING;
            webhooks::roll(tx, &was, &sealed, until)?;
            Ok(Done::changed(
                (),
                about(EventKind::WebhookRolled, id, was.node_id),
            ))
        })
        .await?;
    Ok(spelt(&secret))
}

/// Stops sending to an address, or goes on.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it is so already.
pub async fn switch(app: &App, permit: Permit<ManageWebhooks>, id: WebhookId, on: bool) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = webhooks::get(tx, scope, id)?;
            if was.disabled_at.is_none() == on {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            webhooks::switch(tx, &was, on)?;
            let kind = if on {
                EventKind::WebhookEnabled
            } else {
                EventKind::WebhookDisabled
            };
            Ok(Done::changed((), about(kind, id, was.node_id)))
        })
        .await
}

/// Takes an address away, with what was sent to it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(app: &App, permit: Permit<ManageWebhooks>, id: WebhookId) -> Result<NodeId> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = webhooks::get(tx, scope, id)?;
            webhooks::delete(tx, &was)?;
            let event = about(EventKind::WebhookDeleted, id, was.node_id).with("indirizzo_webhook", &was.url);
            Ok(Done::changed(was.node_id, event))
        })
        .await
}

/// Sends an address an event that only tries it.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where nothing is sent to it.
pub async fn try_out(app: &App, permit: Permit<ManageWebhooks>, id: WebhookId) -> Result<DeliveryId> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = webhooks::get(tx, scope, id)?;
            if was.disabled_at.is_some() {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let at = tx.now().and_utc().to_rfc3339_opts(SecondsFormat::Millis, true);
            let body = json!({ "type": TEST, "timestamp": at, "data": {} }).to_string();
            let delivery = webhooks::queue(tx, id, TEST, &body)?;
            Ok(Done::changed(
                delivery,
                about(EventKind::WebhookTried, id, was.node_id),
            ))
        })
        .await
}

/// Sends a delivery once more, under its own name.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it waits still, or nothing is sent to the address.
pub async fn replay(
    app: &App,
    permit: Permit<ManageWebhooks>,
    id: WebhookId,
    delivery: DeliveryId,
) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let hook = webhooks::get(tx, scope, id)?;
            let was = webhooks::delivery(tx, &hook, delivery)?;
            let waits = was.state == crate::domain::webhook::DeliveryState::Queued.code();
            if waits || hook.disabled_at.is_some() {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            webhooks::queue_again(tx, &hook, delivery)?;
            let event = about(EventKind::WebhookReplayed, id, hook.node_id).with("consegna", delivery);
            Ok(Done::changed((), event))
        })
        .await
}
