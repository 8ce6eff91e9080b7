//! Sending what waits in the outbox: whose turn a message is, and what became of it. The one thing beside counters that
//! changes without an audit record: each message is its own record.
//!
//! A message is claimed (owner, lease), the claim is committed, then it is sent, then its end is noted by whoever holds
//! the claim still. Who dies in between leaves a claim that ends by itself: the message goes out once more, under the
//! same `Message-ID`.

use super::{
    db::{Db, Ran, ReadTx, WriteTx},
    notices::{self, Seal, Telling},
    schema::outbox,
    sql_types::At,
};
use crate::domain::{
    actor::Actor,
    error::Result,
    ids::{CustomerId, MessageId, NodeId, UserId},
    mail::MailState,
    notice::{About, NoticeKind},
};
use chrono::NaiveDateTime;
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use serde_json::{Map, Value};

/// Characters of what a mail server said that are kept.
const ERROR_MAX: usize = 500;

/// Messages that are looked at to find one that nobody takes meanwhile.
const CANDIDATES: i64 = 8;

/// Nobody gets a message before an earlier one of theirs is through.
const FIRST_OF_ITS_RECIPIENT: &str = "NOT EXISTS (SELECT 1 FROM outbox AS earlier \
     WHERE earlier.recipient = outbox.recipient AND earlier.state = 'in_coda' AND earlier.id < outbox.id)";

/// A message whose turn it is, and ours.
#[derive(Debug, Clone, Queryable)]
pub struct Claimed {
    /// Which.
    pub id: MessageId,
    /// What it says.
    pub kind: String,
    /// To whom.
    pub recipient: String,
    /// In which language.
    pub language: String,
    /// On whose behalf.
    pub company_id: Option<NodeId>,
    /// The values of its placeholders, sealed.
    pub payload_sealed: Vec<u8>,
    /// How often a server put it off.
    pub attempts: i32,
    /// Names it for ever.
    pub message_id: String,
    /// When it was queued, UTC.
    pub created_at: NaiveDateTime,
    /// About which customer.
    pub customer: Option<CustomerId>,
    /// To which user.
    pub user: Option<UserId>,
}

/// Whether there is a message to send now.
///
/// # Errors
/// Of the database.
pub fn is_due(tx: &mut ReadTx<'_>, now: NaiveDateTime) -> Result<bool> {
    let due = outbox::table.filter(
        outbox::state
            .eq(MailState::Queued.code())
            .and(outbox::next_attempt_at.le(At(now)))
            .and(outbox::lease_until.is_null().or(outbox::lease_until.le(At(now)))),
    );
    Ok(diesel::select(diesel::dsl::exists(due)).get_result(tx.conn)?)
}

impl Db {
    /// Claims messages, or notes what became of them. Each is its own record, and the closure can change nothing else.
    ///
    /// # Errors
    /// What the closure gives; otherwise as [`operation`](Self::operation).
    pub async fn post<T, F>(&self, now: NaiveDateTime, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Posting<'_, '_>) -> Result<T> + Send + 'static,
    {
        self.run(&Actor::operator(), now, move |tx| {
            work(&mut Posting(tx)).map(Ran::Counted)
        })
        .await
    }
}

/// The outbox, in the hands of who sends.
pub struct Posting<'t, 'c>(&'t mut WriteTx<'c>);

impl<'t, 'c> Posting<'t, 'c> {
    /// Takes one message that is due and nobody's, the oldest, until an instant.
    ///
    /// # Errors
    /// Of the database.
    pub fn claim(&mut self, owner: &str, until: NaiveDateTime) -> Result<Option<Claimed>> {
        let now = self.0.now();
        let found: Vec<Claimed> = outbox::table
            .filter(outbox::state.eq(MailState::Queued.code()))
            .filter(outbox::next_attempt_at.le(At(now)))
            .filter(outbox::lease_until.is_null().or(outbox::lease_until.le(At(now))))
            .filter(sql::<Bool>(FIRST_OF_ITS_RECIPIENT))
            .order((outbox::next_attempt_at, outbox::id))
            .limit(CANDIDATES)
            .select((
                outbox::id,
                outbox::kind,
                outbox::recipient,
                outbox::language,
                outbox::company_id,
                outbox::payload,
                outbox::attempts,
                outbox::message_id,
                outbox::created_at,
                outbox::customer_id,
                outbox::user_id,
            ))
            .load(self.0.conn)?;
        for message in found {
            // Where another got in between, it is theirs.
            let free = outbox::lease_until.is_null().or(outbox::lease_until.le(At(now)));
            let taken = diesel::update(
                outbox::table
                    .find(message.id)
                    .filter(outbox::state.eq(MailState::Queued.code()))
                    .filter(free),
            )
            .set((outbox::lease_owner.eq(owner), outbox::lease_until.eq(At(until))))
            .execute(self.0.conn)?;
            if taken == 1 {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    /// Notes that a message is through, or will never be.
    ///
    /// # Errors
    /// Of the database.
    pub fn end(&mut self, id: MessageId, owner: &str, state: MailState, why: Option<&str>) -> Result<()> {
        let now = self.0.now();
        diesel::update(outbox::table.find(id).filter(outbox::lease_owner.eq(owner)))
            .set((
                outbox::state.eq(state.code()),
                outbox::attempts.eq(outbox::attempts + 1),
                outbox::last_error.eq(why.map(cut)),
                outbox::sent_at.eq((state == MailState::Sent).then_some(At(now))),
                outbox::lease_owner.eq(None::<String>),
                outbox::lease_until.eq(None::<At>),
            ))
            .execute(self.0.conn)?;
        Ok(())
    }

    /// Tells those who look after a customer now that a message to it was refused.
    ///
    /// # Errors
    /// Of the database, or of the seal.
    pub fn tell(
        &mut self,
        seal: Seal<'_>,
        customer: CustomerId,
        words: impl FnOnce(&str) -> (Value, Map<String, Value>),
    ) -> Result<()> {
        let (name, company, agent) = notices::keepers_of(self.0, customer)?;
        let (details, mail) = words(&name);
        let mut nodes: Vec<NodeId> = agent.into_iter().chain(company).collect();
        if nodes.is_empty() {
            nodes.push(NodeId::VENDOR);
        }
        let telling = Telling {
            kind: NoticeKind::MessageRefused,
            nodes: &nodes,
            but: None,
            about: (About::Customer, customer.0),
            customer: Some(customer),
            details,
            mail,
        };
        notices::tell(self.0, seal, &telling)
    }

    /// Gives a message back, for another try then. `counts` where a server put it off.
    ///
    /// # Errors
    /// Of the database.
    pub fn put_off(
        &mut self,
        id: MessageId,
        owner: &str,
        until: NaiveDateTime,
        why: &str,
        counts: bool,
    ) -> Result<()> {
        diesel::update(outbox::table.find(id).filter(outbox::lease_owner.eq(owner)))
            .set((
                outbox::next_attempt_at.eq(At(until)),
                outbox::attempts.eq(outbox::attempts + i32::from(counts)),
                outbox::last_error.eq(cut(why)),
                outbox::lease_owner.eq(None::<String>),
                outbox::lease_until.eq(None::<At>),
            ))
            .execute(self.0.conn)?;
        Ok(())
    }
}

fn cut(text: &str) -> String {
    crate::domain::text::clean(text).chars().take(ERROR_MAX).collect()
}
