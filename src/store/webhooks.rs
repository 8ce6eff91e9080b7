//! Addresses that events are sent to, and the events on their way there.
//!
//! What was sent to an address stands with it for as long as it is there.

use super::{
    db::{ReadTx, WriteTx},
    page::{Page, Slice},
    schema::{nodes, users, webhook_deliveries, webhook_events, webhooks},
    sql_types::At,
    tenancy::{self, Visible},
};
use crate::domain::{
    error::{Error, Result},
    ids::*,
    scope::Scope,
    webhook::{DeliveryState, HookEvent},
};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// An address.
#[derive(Debug, Clone, Queryable)]
pub struct Webhook {
    /// Identifier.
    pub id: WebhookId,
    /// Whose: its events, and those of all below.
    pub node_id: NodeId,
    /// Where to.
    pub url: String,
    /// What it is for.
    pub note: Option<String>,
    /// What it signs with, sealed.
    pub secret: Vec<u8>,
    /// What it signed with before, sealed.
    pub old_secret: Option<Vec<u8>>,
    /// Until when that counts, UTC.
    pub old_until: Option<NaiveDateTime>,
    /// Since when nothing comes through, UTC.
    pub failing_since: Option<NaiveDateTime>,
    /// Since when nothing is sent, UTC.
    pub disabled_at: Option<NaiveDateTime>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When, UTC.
    pub created_at: NaiveDateTime,
    /// Grows with every change.
    pub revision: i32,
}

pub(super) const COLUMNS: (
    webhooks::id,
    webhooks::node_id,
    webhooks::url,
    webhooks::note,
    webhooks::secret,
    webhooks::old_secret,
    webhooks::old_until,
    webhooks::failing_since,
    webhooks::disabled_at,
    webhooks::created_by,
    webhooks::created_at,
    webhooks::revision,
) = (
    webhooks::id,
    webhooks::node_id,
    webhooks::url,
    webhooks::note,
    webhooks::secret,
    webhooks::old_secret,
    webhooks::old_until,
    webhooks::failing_since,
    webhooks::disabled_at,
    webhooks::created_by,
    webhooks::created_at,
    webhooks::revision,
);

/// The addresses of a node of the scope, oldest first.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>, scope: Scope, node: NodeId) -> Result<Vec<Visible<Webhook>>> {
    let rows: Vec<Webhook> = tenancy::webhooks(scope)
        .filter(webhooks::node_id.eq(node))
        .order(webhooks::id)
        .select(COLUMNS)
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Visible::new).collect())
}

/// One of the scope.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &mut ReadTx<'_>, scope: Scope, id: WebhookId) -> Result<Visible<Webhook>> {
    let found: Option<Webhook> = tenancy::webhooks(scope)
        .filter(webhooks::id.eq(id))
        .select(COLUMNS)
        .first(tx.conn)
        .optional()?;
    found.map(Visible::new).ok_or(Error::NotFound)
}

/// What addresses wait for.
///
/// # Errors
/// Of the database.
pub fn events(tx: &mut ReadTx<'_>, of: &[Visible<Webhook>]) -> Result<Vec<(WebhookId, HookEvent)>> {
    let ids: Vec<WebhookId> = of.iter().map(|hook| hook.id).collect();
    let rows: Vec<(WebhookId, String)> = webhook_events::table
        .filter(webhook_events::webhook_id.eq_any(ids))
        .select((webhook_events::webhook_id, webhook_events::event))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, action)| Some((id, HookEvent::of_action(&action)?)))
        .collect())
}

/// A new address.
#[derive(Debug)]
pub struct New<'a> {
    /// Identifier.
    pub id: WebhookId,
    /// Whose.
    pub node: NodeId,
    /// Where to.
    pub url: &'a str,
    /// What it is for.
    pub note: Option<&'a str>,
    /// What it signs with, sealed.
    pub secret: &'a [u8],
    /// Who makes it.
    pub by: Option<UserId>,
}

/// Adds an address of a node that the caller found.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, new: &New<'_>, events: &BTreeSet<HookEvent>) -> Result<()> {
    let now = At(tx.now());
    diesel::insert_into(webhooks::table)
        .values((
            webhooks::id.eq(new.id),
            webhooks::node_id.eq(new.node),
            webhooks::url.eq(new.url),
            webhooks::note.eq(new.note),
            webhooks::secret.eq(new.secret),
            webhooks::created_by.eq(new.by),
            webhooks::created_at.eq(now),
        ))
        .execute(tx.conn)?;
    wait_for(tx, new.id, events)
}

fn wait_for(tx: &mut WriteTx<'_>, id: WebhookId, events: &BTreeSet<HookEvent>) -> Result<()> {
    for event in events {
        diesel::insert_into(webhook_events::table)
            .values((
                webhook_events::event.eq(event.action().code()),
                webhook_events::webhook_id.eq(id),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

fn guarded(tx: &mut WriteTx<'_>, was: &Visible<Webhook>) -> Result<()> {
    let guard = webhooks::table
        .find(was.id)
        .filter(webhooks::revision.eq(was.revision));
    let changed = diesel::update(guard)
        .set(webhooks::revision.eq(was.revision + 1))
        .execute(tx.conn)?;
    if changed == 0 {
        Err(super::fault::again())
    } else {
        Ok(())
    }
}

/// Changes where to, what for and what of.
///
/// # Errors
/// [`Again`](super::fault::Class::Again) where it is not as it was read.
pub fn change(
    tx: &mut WriteTx<'_>,
    was: &Visible<Webhook>,
    url: &str,
    note: Option<&str>,
    events: &BTreeSet<HookEvent>,
) -> Result<()> {
    guarded(tx, was)?;
    diesel::update(webhooks::table.find(was.id))
        .set((webhooks::url.eq(url), webhooks::note.eq(note)))
        .execute(tx.conn)?;
    diesel::delete(webhook_events::table.filter(webhook_events::webhook_id.eq(was.id))).execute(tx.conn)?;
    wait_for(tx, was.id, events)
}

/// Replaces the secret; the one that there was counts for a while still.
///
/// # Errors
/// [`Again`](super::fault::Class::Again) where it is not as it was read.
pub fn roll(tx: &mut WriteTx<'_>, was: &Visible<Webhook>, secret: &[u8], until: NaiveDateTime) -> Result<()> {
    guarded(tx, was)?;
    diesel::update(webhooks::table.find(was.id))
        .set((
            webhooks::secret.eq(secret),
            webhooks::old_secret.eq(&was.secret),
            webhooks::old_until.eq(At(until)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Stops sending, or goes on. What waits when it is stopped is not sent any more.
///
/// # Errors
/// [`Again`](super::fault::Class::Again) where it is not as it was read.
pub fn switch(tx: &mut WriteTx<'_>, was: &Visible<Webhook>, on: bool) -> Result<()> {
    guarded(tx, was)?;
    let now = tx.now();
    diesel::update(webhooks::table.find(was.id))
        .set((
            webhooks::disabled_at.eq((!on).then_some(At(now))),
            webhooks::failing_since.eq(None::<At>),
        ))
        .execute(tx.conn)?;
    if !on {
        abandon(tx, was.id)?;
    }
    Ok(())
}

pub(super) fn abandon(tx: &mut WriteTx<'_>, id: WebhookId) -> Result<()> {
    let waiting = webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(id))
        .filter(webhook_deliveries::state.eq(DeliveryState::Queued.code()));
    diesel::update(waiting)
        .set(webhook_deliveries::state.eq(DeliveryState::Abandoned.code()))
        .execute(tx.conn)?;
    Ok(())
}

/// Takes an address away, with all that was sent to it.
///
/// # Errors
/// Of the database.
pub fn delete(tx: &mut WriteTx<'_>, was: &Visible<Webhook>) -> Result<()> {
    diesel::delete(webhook_deliveries::table.filter(webhook_deliveries::webhook_id.eq(was.id)))
        .execute(tx.conn)?;
    diesel::delete(webhook_events::table.filter(webhook_events::webhook_id.eq(was.id))).execute(tx.conn)?;
    diesel::delete(webhooks::table.find(was.id)).execute(tx.conn)?;
    Ok(())
}

/// How many addresses a node has.
///
/// # Errors
/// Of the database.
pub fn count(tx: &mut ReadTx<'_>, scope: Scope, node: NodeId) -> Result<i64> {
    Ok(tenancy::webhooks(scope)
        .filter(webhooks::node_id.eq(node))
        .count()
        .get_result(tx.conn)?)
}

/// An event on its way, or at its end.
#[derive(Debug, Clone, Queryable)]
pub struct Delivery {
    /// Identifier: what it is called in `webhook-id`.
    pub id: DeliveryId,
    /// What it is.
    pub event: String,
    /// What it says.
    pub body: String,
    /// Where it is on its way.
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next, UTC.
    pub next_attempt_at: NaiveDateTime,
    /// The status that came back last.
    pub status: Option<i32>,
    /// How the answer began.
    pub answer: Option<String>,
    /// Why none came.
    pub last_error: Option<String>,
    /// When it happened, UTC.
    pub created_at: NaiveDateTime,
    /// When it was taken, UTC.
    pub delivered_at: Option<NaiveDateTime>,
}

macro_rules! deliveries {
    () => {
        webhook_deliveries::table.select((
            webhook_deliveries::id,
            webhook_deliveries::event,
            webhook_deliveries::body,
            webhook_deliveries::state,
            webhook_deliveries::attempts,
            webhook_deliveries::next_attempt_at,
            webhook_deliveries::status,
            webhook_deliveries::answer,
            webhook_deliveries::last_error,
            webhook_deliveries::created_at,
            webhook_deliveries::delivered_at,
        ))
    };
}

/// The newest deliveries to an address.
///
/// # Errors
/// Of the database.
pub fn deliveries(tx: &mut ReadTx<'_>, of: &Visible<Webhook>, page: &Page) -> Result<Slice<Delivery>> {
    let mut query = deliveries!()
        .filter(webhook_deliveries::webhook_id.eq(of.id))
        .into_boxed();
    if let Some(before) = page.before {
        query = query.filter(webhook_deliveries::id.lt(DeliveryId(before)));
    }
    let rows = query
        .order(webhook_deliveries::id.desc())
        .limit(page.fetch())
        .load(tx.conn)?;
    Ok(page.slice(rows, |row: &Delivery| row.id.0))
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delivery(tx: &mut ReadTx<'_>, of: &Visible<Webhook>, id: DeliveryId) -> Result<Delivery> {
    let found: Option<Delivery> = deliveries!()
        .filter(webhook_deliveries::webhook_id.eq(of.id))
        .filter(webhook_deliveries::id.eq(id))
        .first(tx.conn)
        .optional()?;
    found.ok_or(Error::NotFound)
}

/// Queues an event for an address.
///
/// # Errors
/// Of the database.
pub fn queue(tx: &mut WriteTx<'_>, to: WebhookId, event: &str, body: &str) -> Result<DeliveryId> {
    let now = tx.now();
    let id = DeliveryId::at(now);
    diesel::insert_into(webhook_deliveries::table)
        .values((
            webhook_deliveries::id.eq(id),
            webhook_deliveries::webhook_id.eq(to),
            webhook_deliveries::event.eq(event),
            webhook_deliveries::body.eq(body),
            webhook_deliveries::state.eq(DeliveryState::Queued.code()),
            webhook_deliveries::next_attempt_at.eq(At(now)),
            webhook_deliveries::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(id)
}

/// Sends one once more, under its own name: who got it before can tell.
///
/// # Errors
/// Of the database.
pub fn queue_again(tx: &mut WriteTx<'_>, of: &Visible<Webhook>, id: DeliveryId) -> Result<()> {
    let now = At(tx.now());
    let row = webhook_deliveries::table
        .filter(webhook_deliveries::id.eq(id))
        .filter(webhook_deliveries::webhook_id.eq(of.id));
    diesel::update(row)
        .set((
            webhook_deliveries::state.eq(DeliveryState::Queued.code()),
            webhook_deliveries::attempts.eq(0),
            webhook_deliveries::next_attempt_at.eq(now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Gives an address up: what waits for it is not sent any more. False where somebody did already.
///
/// # Errors
/// Of the database.
pub fn give_up(tx: &mut WriteTx<'_>, id: WebhookId) -> Result<bool> {
    let now = tx.now();
    let guard = webhooks::table.find(id).filter(webhooks::disabled_at.is_null());
    let changed = diesel::update(guard)
        .set((
            webhooks::disabled_at.eq(At(now)),
            webhooks::revision.eq(webhooks::revision + 1),
        ))
        .execute(tx.conn)?;
    if changed == 1 {
        abandon(tx, id)?;
    }
    Ok(changed == 1)
}

/// Who is told that an address was given up.
#[derive(Debug, Clone, Queryable)]
pub struct Owner {
    /// Who.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Language.
    pub language: String,
    /// Of which node.
    pub node: Option<NodeId>,
}

/// Who made an address, where they may sign in still; else the first who may, of its node.
///
/// # Errors
/// Of the database.
pub fn owner(tx: &mut ReadTx<'_>, of: &Webhook) -> Result<Option<Owner>> {
    let active = users::table
        .filter(users::state.eq(crate::domain::user::UserState::Active))
        .select((
            users::id,
            users::email,
            users::name,
            users::language,
            users::node_id,
        ));
    if let Some(by) = of.created_by {
        let found: Option<Owner> = active.filter(users::id.eq(by)).first(tx.conn).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(active
        .filter(users::node_id.eq(of.node_id))
        .order(users::id)
        .first(tx.conn)
        .optional()?)
}

/// The name of a node that an address belongs to.
///
/// # Errors
/// Of the database.
pub fn node_name(tx: &mut ReadTx<'_>, of: &Visible<Webhook>) -> Result<String> {
    Ok(nodes::table.find(of.node_id).select(nodes::name).first(tx.conn)?)
}
