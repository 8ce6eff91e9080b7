//! Events on their way to addresses.
//!
//! A trigger queues the records of the audit log that some address waits for, in the transaction that writes them. From
//! the queue each becomes a delivery for every address that it concerns: those of the company that it happened to, of the
//! companies above, of the vendor. A delivery is its own record, like a message.

use super::{
    db::{Db, Ran, ReadTx, WriteTx},
    schema::{audit_log, node_tree, webhook_deliveries, webhook_events, webhook_queue, webhooks},
    sql_types::{At, Instant},
    webhooks::{COLUMNS, Webhook, queue},
};
use crate::domain::{actor::Actor, error::Result, ids::*, webhook::DeliveryState};
use chrono::NaiveDateTime;
use diesel::{dsl::sql, prelude::*, sql_types::Bool};

/// Deliveries that are looked at to find one that nobody takes meanwhile.
const CANDIDATES: i64 = 8;
/// Characters of a reason that are kept.
const REASON_MAX: usize = 300;
/// Characters of an answer that are kept.
const ANSWER_MAX: usize = 1024;

/// A record of the audit log that some address waits for.
#[derive(Debug, Clone, Queryable)]
pub struct Happened {
    /// The record.
    pub id: LogId,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub subject_kind: String,
    /// To which.
    pub subject: Option<AnyId>,
    /// Whose it was.
    pub company: Option<NodeId>,
    /// Whose it was.
    pub agent: Option<NodeId>,
    /// Whose it was.
    pub customer: Option<CustomerId>,
    /// Facts, a JSON object.
    pub details: String,
}

/// Whether anything waits to become deliveries.
///
/// # Errors
/// Of the database.
pub fn is_waiting(tx: &mut ReadTx<'_>) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(
        webhook_queue::table.select(webhook_queue::audit_id),
    ))
    .get_result(tx.conn)?)
}

/// Whether a delivery is due.
///
/// # Errors
/// Of the database.
pub fn is_due(tx: &mut ReadTx<'_>, now: NaiveDateTime) -> Result<bool> {
    let due = webhook_deliveries::table.filter(
        webhook_deliveries::state
            .eq(DeliveryState::Queued.code())
            .and(webhook_deliveries::next_attempt_at.le(At(now)))
            .and(
                webhook_deliveries::lease_until
                    .is_null()
                    .or(webhook_deliveries::lease_until.le(At(now))),
            ),
    );
    Ok(diesel::select(diesel::dsl::exists(due)).get_result(tx.conn)?)
}

/// One at a time to each address, so that a slow one holds up nobody else's.
const ONE_AT_A_TIME: &str = "NOT EXISTS (SELECT 1 FROM webhook_deliveries AS other \
     WHERE other.webhook_id = webhook_deliveries.webhook_id AND other.state = 'in_coda' AND other.lease_until > ";

/// A delivery whose turn it is, and ours.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Which.
    pub id: DeliveryId,
    /// What it says.
    pub body: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Where to.
    pub to: Webhook,
}

/// Deliveries, in the hands of who sends them.
pub struct Delivering<'t, 'c>(&'t mut WriteTx<'c>);

impl Db {
    /// Makes deliveries, claims them, or notes what became of them. Each is its own record.
    ///
    /// # Errors
    /// What the closure gives; otherwise as [`operation`](Self::operation).
    pub async fn deliver<T, F>(&self, now: NaiveDateTime, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Delivering<'_, '_>) -> Result<T> + Send + 'static,
    {
        self.run(&Actor::system(), now, move |tx| {
            work(&mut Delivering(tx)).map(Ran::Counted)
        })
        .await
    }
}

impl<'t, 'c> Delivering<'t, 'c> {
    /// Takes the next records off the queue.
    ///
    /// # Errors
    /// Of the database.
    pub fn take(&mut self, most: i64) -> Result<Vec<Happened>> {
        let ids: Vec<LogId> = webhook_queue::table
            .order(webhook_queue::audit_id)
            .limit(most)
            .select(webhook_queue::audit_id)
            .load(self.0.conn)?;
        let mut taken = Vec::with_capacity(ids.len());
        for id in ids {
            // Where another program was quicker, they are its own.
            if diesel::delete(webhook_queue::table.find(id)).execute(self.0.conn)? == 1 {
                taken.push(id);
            }
        }
        Ok(audit_log::table
            .filter(audit_log::id.eq_any(taken))
            .order(audit_log::id)
            .select((
                audit_log::id,
                audit_log::at,
                audit_log::action,
                audit_log::subject_kind,
                audit_log::subject_id,
                audit_log::company_id,
                audit_log::agent_id,
                audit_log::customer_id,
                audit_log::details,
            ))
            .load(self.0.conn)?)
    }

    /// Queues a record for every address that waits for it: of its company, of those above, of the vendor.
    ///
    /// # Errors
    /// Of the database.
    pub fn fan_out(&mut self, happened: &Happened, event: &str, body: &str) -> Result<()> {
        let wanted = webhooks::table
            .inner_join(webhook_events::table.on(webhook_events::webhook_id.eq(webhooks::id)))
            .filter(webhook_events::event.eq(&happened.action))
            .filter(webhooks::disabled_at.is_null());
        let above: Vec<NodeId> = match happened.company {
            Some(company) => node_tree::table
                .filter(node_tree::descendant_id.eq(company))
                .select(node_tree::ancestor_id)
                .load(self.0.conn)?,
            None => Vec::new(),
        };
        let to: Vec<WebhookId> = wanted
            .filter(
                webhooks::node_id
                    .eq(NodeId::VENDOR)
                    .or(webhooks::node_id.eq_any(above)),
            )
            .order(webhooks::id)
            .select(webhooks::id)
            .load(self.0.conn)?;
        for id in to {
            queue(self.0, id, event, body)?;
        }
        Ok(())
    }

    /// Takes one delivery that is due and nobody's, the oldest, until an instant.
    ///
    /// # Errors
    /// Of the database.
    pub fn claim(&mut self, owner: &str, until: NaiveDateTime) -> Result<Option<Claimed>> {
        let now = self.0.now();
        let free = || {
            webhook_deliveries::lease_until
                .is_null()
                .or(webhook_deliveries::lease_until.le(At(now)))
        };
        let idle = sql::<Bool>(ONE_AT_A_TIME).bind::<Instant, _>(At(now)).sql(")");
        let found: Vec<(DeliveryId, WebhookId, String, i32)> = webhook_deliveries::table
            .filter(webhook_deliveries::state.eq(DeliveryState::Queued.code()))
            .filter(webhook_deliveries::next_attempt_at.le(At(now)))
            .filter(free())
            .filter(idle)
            .order((webhook_deliveries::next_attempt_at, webhook_deliveries::id))
            .limit(CANDIDATES)
            .select((
                webhook_deliveries::id,
                webhook_deliveries::webhook_id,
                webhook_deliveries::body,
                webhook_deliveries::attempts,
            ))
            .load(self.0.conn)?;
        for (id, to, body, attempts) in found {
            let guard = webhook_deliveries::table
                .find(id)
                .filter(webhook_deliveries::state.eq(DeliveryState::Queued.code()))
                .filter(free());
            let taken = diesel::update(guard)
                .set((
                    webhook_deliveries::lease_owner.eq(owner),
                    webhook_deliveries::lease_until.eq(At(until)),
                ))
                .execute(self.0.conn)?;
            if taken == 1 {
                let to: Webhook = webhooks::table.find(to).select(COLUMNS).first(self.0.conn)?;
                return Ok(Some(Claimed {
                    id,
                    body,
                    attempts,
                    to,
                }));
            }
        }
        Ok(None)
    }

    /// Notes that a delivery was taken.
    ///
    /// # Errors
    /// Of the database.
    pub fn taken(&mut self, of: &Claimed, owner: &str, status: u16, answer: &str) -> Result<()> {
        let now = At(self.0.now());
        self.note(of, owner, Some(status), Some(answer), None)?;
        diesel::update(webhook_deliveries::table.find(of.id))
            .set((
                webhook_deliveries::state.eq(DeliveryState::Delivered.code()),
                webhook_deliveries::delivered_at.eq(now),
            ))
            .execute(self.0.conn)?;
        if of.to.failing_since.is_some() {
            diesel::update(webhooks::table.find(of.to.id))
                .set(webhooks::failing_since.eq(None::<At>))
                .execute(self.0.conn)?;
        }
        Ok(())
    }

    fn note(
        &mut self,
        of: &Claimed,
        owner: &str,
        status: Option<u16>,
        answer: Option<&str>,
        why: Option<&str>,
    ) -> Result<()> {
        let row = webhook_deliveries::table
            .find(of.id)
            .filter(webhook_deliveries::lease_owner.eq(owner));
        diesel::update(row)
            .set((
                webhook_deliveries::attempts.eq(webhook_deliveries::attempts + 1),
                webhook_deliveries::status.eq(status.map(i32::from)),
                webhook_deliveries::answer.eq(answer.map(|text| cut(text, ANSWER_MAX))),
                webhook_deliveries::last_error.eq(why.map(|text| cut(text, REASON_MAX))),
                webhook_deliveries::lease_owner.eq(None::<String>),
                webhook_deliveries::lease_until.eq(None::<At>),
            ))
            .execute(self.0.conn)?;
        Ok(())
    }

    /// Notes that a try came to nothing: the next is then, or there is none. Since when nothing comes through is noted
    /// too, and given.
    ///
    /// # Errors
    /// Of the database.
    pub fn failed(
        &mut self,
        of: &Claimed,
        owner: &str,
        answered: Option<(u16, &str)>,
        why: Option<&str>,
        next: Option<NaiveDateTime>,
    ) -> Result<NaiveDateTime> {
        let now = self.0.now();
        self.note(
            of,
            owner,
            answered.map(|(status, _)| status),
            answered.map(|(_, text)| text),
            why,
        )?;
        let row = webhook_deliveries::table.find(of.id);
        match next {
            Some(next) => diesel::update(row)
                .set(webhook_deliveries::next_attempt_at.eq(At(next)))
                .execute(self.0.conn)?,
            None => diesel::update(row)
                .set(webhook_deliveries::state.eq(DeliveryState::Abandoned.code()))
                .execute(self.0.conn)?,
        };
        if let Some(since) = of.to.failing_since {
            return Ok(since);
        }
        diesel::update(webhooks::table.find(of.to.id))
            .set(webhooks::failing_since.eq(At(now)))
            .execute(self.0.conn)?;
        Ok(now)
    }
}

fn cut(text: &str, most: usize) -> String {
    let clean: String = text
        .chars()
        .map(|c| {
            if c.is_control() && c != '\n' && c != '\t' {
                ' '
            } else {
                c
            }
        })
        .collect();
    clean.chars().take(most).collect()
}
