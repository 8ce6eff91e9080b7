//! Messages, queued in the operation that causes them.

use super::{
    db::{ReadTx, WriteTx},
    page::{Page, Slice},
    schema::{node_tree, outbox},
    sql_types::At,
    tenancy::{self, Visible},
};
use crate::domain::{
    company::{Node, NodeKind},
    error::{Error, Result},
    ids::*,
    mail::{MailKind, MailState},
    scope::Scope,
};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use std::collections::BTreeMap;

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
            outbox::state.eq(MailState::Queued.code()),
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
    Ok(
        diesel::update(outbox::table.filter(outbox::state.eq(MailState::Queued.code())))
            .set((
                outbox::state.eq(MailState::Sent.code()),
                outbox::sent_at.eq(outbox::created_at.nullable()),
            ))
            .execute(tx.conn)?,
    )
}

/// How many messages wait.
///
/// # Errors
/// Of the database.
pub fn waiting(tx: &mut ReadTx<'_>) -> Result<i64> {
    Ok(outbox::table
        .filter(outbox::state.eq(MailState::Queued.code()))
        .count()
        .get_result(tx.conn)?)
}

/// A message as staff see it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct Message {
    /// Identifier.
    pub id: MessageId,
    /// What it says.
    pub kind: String,
    /// To whom.
    pub recipient: String,
    /// In which language.
    pub language: String,
    /// On whose behalf.
    pub company_id: Option<NodeId>,
    /// About which customer.
    pub customer_id: Option<CustomerId>,
    /// The values of its placeholders, sealed.
    pub payload: Vec<u8>,
    /// Where it is on its way.
    pub state: String,
    /// How often a server was asked to take it.
    pub attempts: i32,
    /// When it is tried next, UTC.
    pub next_attempt_at: NaiveDateTime,
    /// What the server said last.
    pub last_error: Option<String>,
    /// When it was queued, UTC.
    pub created_at: NaiveDateTime,
    /// When the server took it, UTC.
    pub sent_at: Option<NaiveDateTime>,
}

/// What is wanted of the messages. Nothing set is everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// On this part of its way.
    pub state: Option<MailState>,
    /// About this.
    pub kind: Option<MailKind>,
    /// To this address.
    pub recipient: Option<String>,
}

/// The newest messages of a scope that match.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>, scope: Scope, filter: &Filter, page: &Page) -> Result<Slice<Message>> {
    let mut query = tenancy::outbox(scope);
    if let Some(state) = filter.state {
        query = query.filter(outbox::state.eq(state.code()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(outbox::kind.eq(kind.code()));
    }
    if let Some(recipient) = &filter.recipient {
        query = query.filter(outbox::recipient.eq(recipient.clone()));
    }
    if let Some(before) = page.before {
        query = query.filter(outbox::id.lt(MessageId(before)));
    }
    let rows = query
        .order(outbox::id.desc())
        .limit(page.fetch())
        .select(Message::as_select())
        .load(tx.conn)?;
    Ok(page.slice(rows, |row: &Message| row.id.0))
}

/// The newest message of a kind that went out on behalf of a node of a scope, or of one below it.
///
/// # Errors
/// Of the database.
pub fn newest(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    node: &Visible<Node>,
    kind: MailKind,
) -> Result<Option<Visible<Message>>> {
    let mut query = tenancy::outbox(scope).filter(outbox::kind.eq(kind.code()));
    if node.kind != NodeKind::Vendor {
        let below = node_tree::table
            .filter(node_tree::ancestor_id.eq(node.id))
            .select(node_tree::descendant_id.nullable());
        query = query.filter(outbox::company_id.eq_any(below));
    }
    let found: Option<Message> = query
        .order(outbox::id.desc())
        .select(Message::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(found.map(Visible::new))
}

/// Messages among which the last of each kind is looked for.
const RECENT: i64 = 2_000;

/// When a message of a kind, in a language, was last taken by a mail server: of the newest ones that went out on behalf
/// of a node of a scope, or of one below it.
///
/// # Errors
/// Of the database.
pub fn last_sent(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    node: &Visible<Node>,
) -> Result<BTreeMap<(String, String), NaiveDateTime>> {
    let mut query = tenancy::outbox(scope).filter(outbox::sent_at.is_not_null());
    if node.kind != NodeKind::Vendor {
        let below = node_tree::table
            .filter(node_tree::ancestor_id.eq(node.id))
            .select(node_tree::descendant_id.nullable());
        query = query.filter(outbox::company_id.eq_any(below));
    }
    let rows: Vec<(String, String, Option<NaiveDateTime>)> = query
        .order(outbox::id.desc())
        .limit(RECENT)
        .select((outbox::kind, outbox::language, outbox::sent_at))
        .load(tx.conn)?;
    let mut last = BTreeMap::new();
    for (kind, language, sent_at) in rows {
        if let Some(sent_at) = sent_at {
            let known = last.entry((kind, language)).or_insert(sent_at);
            *known = sent_at.max(*known);
        }
    }
    Ok(last)
}

/// A message of a scope.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &mut ReadTx<'_>, scope: Scope, id: MessageId) -> Result<Visible<Message>> {
    let found: Option<Message> = tenancy::outbox(scope)
        .filter(outbox::id.eq(id))
        .select(Message::as_select())
        .first(tx.conn)
        .optional()?;
    found.map(Visible::new).ok_or(Error::NotFound)
}

/// Queues a message once more, under another name: who got the first would take the second for it.
///
/// # Errors
/// Of the database.
pub fn queue_again(tx: &mut WriteTx<'_>, message: &Visible<Message>, recipient: &str) -> Result<()> {
    let now = At(tx.now());
    diesel::update(outbox::table.find(message.id))
        .set((
            outbox::state.eq(MailState::Queued.code()),
            outbox::recipient.eq(recipient),
            outbox::attempts.eq(0),
            outbox::next_attempt_at.eq(now),
            outbox::message_id.eq(MessageId::at(tx.now()).to_string()),
            outbox::last_error.eq(None::<String>),
        ))
        .execute(tx.conn)?;
    Ok(())
}
