//! The audit log: one row for each change, in the change's own transaction.

use super::{
    connection::AnyConnection,
    db::{ReadTx, WriteTx},
    page::{self, Page},
    schema::{audit_log, nodes, users},
    sql_types::At,
    tenancy,
};
use crate::domain::{
    actor::{Actor, ActorKind, Role},
    audit::{Event, EventKind},
    company::NodeKind,
    error::{Error, Result},
    ids::{self, AnyId, CustomerId, LogId, NodeId, TokenId, UserId},
    scope::Scope,
};
use chrono::NaiveDateTime;
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Integer, Nullable},
};
use std::collections::{BTreeMap, BTreeSet};

/// A row that is to be written. Each column has a value, so that SQLite too takes many rows in one statement.
#[derive(Insertable)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false)]
struct NewRow<'a> {
    id: LogId,
    at: At,
    actor_kind: ActorKind,
    user_id: Option<UserId>,
    token_id: Option<TokenId>,
    actor_name: &'a str,
    company_id: Option<NodeId>,
    agent_id: Option<NodeId>,
    customer_id: Option<CustomerId>,
    action: &'static str,
    subject_kind: &'static str,
    subject_id: AnyId,
    details: String,
    address: Option<&'a str>,
    request_id: Option<&'a str>,
}

/// Rows in one statement.
const CHUNK: usize = 250;

/// Writes events down, in their order.
pub(super) fn record(tx: &mut WriteTx<'_>, actor: &Actor, events: &[Event]) -> Result<()> {
    let origin = actor.origin();
    let address = origin.address.map(|address| address.to_string());
    for chunk in events.chunks(CHUNK) {
        let rows = chunk
            .iter()
            .map(|event| {
                Ok(NewRow {
                    id: LogId::at(tx.now()),
                    at: At(tx.now()),
                    actor_kind: actor.kind(),
                    user_id: actor.user_id(),
                    token_id: actor.token_id(),
                    actor_name: actor.name(),
                    company_id: event.owner.company,
                    agent_id: event.owner.agent,
                    customer_id: event.owner.customer,
                    action: event.kind.code(),
                    subject_kind: event.subject.kind,
                    subject_id: AnyId(event.subject.id),
                    details: serde_json::to_string(&event.details).map_err(Error::internal)?,
                    address: address.as_deref(),
                    request_id: Some(origin.request_id.as_str()).filter(|id| !id.is_empty()),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        match (&mut *tx.conn, rows.as_slice()) {
            // One row alone is a statement that the connection remembers.
            (AnyConnection::Sqlite(conn), [row]) => {
                diesel::insert_into(audit_log::table).values(row).execute(conn)?
            }
            (AnyConnection::Sqlite(conn), rows) => {
                diesel::insert_into(audit_log::table).values(rows).execute(conn)?
            }
            #[cfg(feature = "mariadb")]
            (AnyConnection::Mysql(conn), [row]) => {
                diesel::insert_into(audit_log::table).values(row).execute(conn)?
            }
            #[cfg(feature = "mariadb")]
            (AnyConnection::Mysql(conn), rows) => {
                diesel::insert_into(audit_log::table).values(rows).execute(conn)?
            }
        };
    }
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

/// The newest rows of a scope, told like those of [`list`], in one query.
///
/// # Errors
/// Of the database.
pub fn recent(tx: &mut ReadTx<'_>, scope: Scope, limit: i64) -> Result<Vec<AuditRow>> {
    let seen = format!(
        "(CASE WHEN users.id IS NULL OR {} THEN 1 ELSE 0 END)",
        tenancy::users_words(scope)
    );
    let rows: Vec<(AuditRow, i32, Option<NodeKind>)> = audit_log::table
        .left_join(users::table.on(users::id.nullable().eq(audit_log::user_id)))
        .left_join(nodes::table.on(nodes::id.nullable().eq(users::node_id.nullable())))
        .filter(sql::<Bool>(&tenancy::words(scope, "audit_log", "customer_id")))
        .order(audit_log::id.desc())
        .limit(limit)
        .select((
            AuditRow::as_select(),
            sql::<Integer>(&seen),
            nodes::kind.nullable(),
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(mut row, seen, kind)| {
            if seen == 0 {
                hide(&mut row, kind);
            }
            row
        })
        .collect())
}

/// Leaves of who acted from outside only the role.
fn hide(row: &mut AuditRow, kind: Option<NodeKind>) {
    row.actor_name = kind.map_or(Role::Customer.code(), NodeKind::code).to_owned();
    row.user_id = None;
    row.token_id = None;
    row.address = None;
}

/// What is wanted of a list. Nothing set is everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// From this instant on, UTC.
    pub from: Option<NaiveDateTime>,
    /// Before this instant, UTC.
    pub until: Option<NaiveDateTime>,
    /// Where this was done.
    pub action: Option<EventKind>,
    /// To this kind of thing.
    pub subject_kind: Option<String>,
    /// To this.
    pub subject: Option<[u8; 16]>,
    /// Or to one of these.
    pub also: Vec<[u8; 16]>,
    /// By this way.
    pub actor_kind: Option<ActorKind>,
    /// By the user of the scope with this e-mail address: who acted from outside is not found by it.
    pub email: Option<String>,
}

impl Filter {
    /// Everything of one thing.
    pub fn of(subject: [u8; 16]) -> Self {
        Self {
            subject: Some(subject),
            ..Self::default()
        }
    }
}

/// The newest rows of a scope that match. Of who acted from outside the scope only the role is told: who the staff above
/// are, and where they sit, is not for those below.
///
/// # Errors
/// Of the database.
pub fn list(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    page: &Page,
) -> Result<page::Slice<AuditRow>> {
    let mut query = tenancy::audit_log(scope);
    if let Some(from) = filter.from {
        query = query.filter(audit_log::id.ge(LogId(ids::before(from))));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_log::id.lt(LogId(ids::before(until))));
    }
    if let Some(action) = filter.action {
        query = query.filter(audit_log::action.eq(action.code()));
    }
    if let Some(kind) = &filter.subject_kind {
        query = query.filter(audit_log::subject_kind.eq(kind.clone()));
    }
    if let Some(subject) = filter.subject {
        let subjects: Vec<AnyId> = filter.also.iter().chain([&subject]).copied().map(AnyId).collect();
        query = match subjects.as_slice() {
            [one] => query.filter(audit_log::subject_id.eq(*one)),
            _ => query.filter(audit_log::subject_id.eq_any(subjects)),
        };
    }
    if let Some(kind) = filter.actor_kind {
        query = query.filter(audit_log::actor_kind.eq(kind));
    }
    if let Some(email) = &filter.email {
        let known: Vec<UserId> = tenancy::users(scope)
            .filter(users::email.eq(email.clone()))
            .select(users::id)
            .load(tx.conn)?;
        query = query.filter(audit_log::user_id.eq_any(known));
    }
    if let Some(before) = page.before {
        query = query.filter(audit_log::id.lt(LogId(before)));
    }
    let rows = query
        .order(audit_log::id.desc())
        .limit(page.fetch())
        .select(AuditRow::as_select())
        .load(tx.conn)?;
    let mut slice = page.slice(rows, |row| row.id.0);
    cover(tx, scope, &mut slice.rows)?;
    Ok(slice)
}

fn cover(tx: &mut ReadTx<'_>, scope: Scope, rows: &mut [AuditRow]) -> Result<()> {
    let people: BTreeSet<UserId> = rows.iter().filter_map(|row| row.user_id).collect();
    if people.is_empty() {
        return Ok(());
    }
    let is_seen = sql::<Nullable<Bool>>(&tenancy::users_words(scope));
    let found: Vec<(UserId, Option<NodeKind>, Option<bool>)> = users::table
        .left_join(nodes::table.on(nodes::id.nullable().eq(users::node_id)))
        .filter(users::id.eq_any(people.iter().copied().collect::<Vec<_>>()))
        .select((users::id, nodes::kind.nullable(), is_seen))
        .load(tx.conn)?;
    let seen: BTreeSet<UserId> = found
        .iter()
        .filter(|(.., is_seen)| *is_seen == Some(true))
        .map(|(id, ..)| *id)
        .collect();
    let kinds: BTreeMap<UserId, Option<NodeKind>> =
        found.into_iter().map(|(id, kind, _)| (id, kind)).collect();
    for row in rows {
        let Some(user) = row.user_id.filter(|user| !seen.contains(user)) else {
            continue;
        };
        hide(row, kinds.get(&user).copied().flatten());
    }
    Ok(())
}
