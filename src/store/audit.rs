//! The audit log: one row for each change, in the change's own transaction.

use super::{
    db::{ReadTx, WriteTx},
    page::{self, Page},
    schema::audit_log,
    sql_types::At,
    tenancy,
};
use crate::domain::{
    actor::{Actor, ActorKind},
    audit::Event,
    error::{Error, Result},
    ids::{AnyId, CustomerId, LogId, NodeId, TokenId, UserId},
    scope::Scope,
};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// Writes an event down.
pub(super) fn record(tx: &mut WriteTx<'_>, actor: &Actor, event: &Event) -> Result<()> {
    let origin = actor.origin();
    let address = origin.address.map(|address| address.to_string());
    let request_id = Some(origin.request_id.as_str()).filter(|id| !id.is_empty());
    diesel::insert_into(audit_log::table)
        .values((
            audit_log::id.eq(LogId::new()),
            audit_log::at.eq(At(tx.now())),
            audit_log::actor_kind.eq(actor.kind()),
            audit_log::user_id.eq(actor.user_id()),
            audit_log::token_id.eq(actor.token_id()),
            audit_log::actor_name.eq(actor.name()),
            audit_log::company_id.eq(event.owner.company),
            audit_log::agent_id.eq(event.owner.agent),
            audit_log::customer_id.eq(event.owner.customer),
            audit_log::action.eq(event.kind.code()),
            audit_log::subject_kind.eq(event.subject.kind),
            audit_log::subject_id.eq(AnyId(event.subject.id)),
            audit_log::details.eq(serde_json::to_string(&event.details).map_err(Error::internal)?),
            audit_log::address.eq(address),
            audit_log::request_id.eq(request_id),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// A row of the audit log.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = audit_log, check_for_backend(super::connection::MultiBackend))]
pub struct AuditRow {
    /// Identifier.
    pub id: LogId,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// By which way.
    pub actor_kind: ActorKind,
    /// Who, where it was a user.
    pub user_id: Option<UserId>,
    /// With which token.
    pub token_id: Option<TokenId>,
    /// The name at that time.
    pub actor_name: String,
    /// Whose it was.
    pub company_id: Option<NodeId>,
    /// Whose it was.
    pub agent_id: Option<NodeId>,
    /// Whose it was.
    pub customer_id: Option<CustomerId>,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub subject_kind: String,
    /// To which.
    pub subject_id: Option<AnyId>,
    /// Before and after, a JSON object.
    pub details: String,
    /// From where.
    pub address: Option<String>,
    /// The request.
    pub request_id: Option<String>,
}

/// The newest rows of a scope, of one subject where one is given.
///
/// # Errors
/// Of the database.
pub fn list(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    subject: Option<[u8; 16]>,
    page: &Page,
) -> Result<page::Slice<AuditRow>> {
    let mut query = tenancy::audit_log(scope);
    if let Some(subject) = subject {
        query = query.filter(audit_log::subject_id.eq(AnyId(subject)));
    }
    if let Some(before) = page.before {
        query = query.filter(audit_log::id.lt(LogId(before)));
    }
    let rows = query
        .order(audit_log::id.desc())
        .limit(page.fetch())
        .select(AuditRow::as_select())
        .load(tx.conn)?;
    Ok(page.slice(rows, |row| row.id.0))
}
