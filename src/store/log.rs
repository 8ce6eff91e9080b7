//! Rows that are queued and written together: the activation log, the access log, when something was last seen.

use super::{
    connection::AnyConnection,
    schema::{access_log, activation_log, activations, api_tokens, jobs, sessions},
    sql_types::At,
};
use crate::domain::{
    codes::codes,
    error::Result,
    ids::{ActivationId, CustomerId, LicenseId, LogId, NodeId, ProductId, SessionId, TokenId, UserId},
};
use chrono::NaiveDateTime;
use diesel::{Insertable, prelude::*};

codes! {
    /// What client software asked for.
    Operation {
        /// `attiva`
        Activate = "attiva",
        /// `valida`
        Validate = "valida",
        /// `disattiva`
        Deactivate = "disattiva",
        /// A release by staff.
        Release = "rilascia",
    }
}

codes! {
    /// Which key it showed.
    KeyKind {
        /// The activation key.
        Activation = "activation",
        /// A computer key.
        Computer = "computer",
    }
}

codes! {
    /// What is told of signing in, in the access log.
    AccessKind {
        /// An e-mail address and a password.
        SignIn = "accesso",
        /// The password again, by who is signed in.
        Confirmation = "conferma",
        /// The end of a session, by its own user.
        SignOut = "uscita",
        /// The end of other sessions, by their user.
        SessionsEnded = "sessioni_chiuse",
    }
}

codes! {
    /// How it ended.
    AccessOutcome {
        /// It was done.
        Good = "riuscito",
        /// It was not.
        Refused = "rifiutato",
        /// Too many tries: nothing was looked at.
        Limited = "troppi_tentativi",
    }
}

/// One row of the activation log.
#[derive(Debug, Clone)]
pub struct ActivationEntry {
    /// Identifier: it keeps the order in which things happened, whenever the row is written.
    pub id: LogId,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// For which licence, and whose it was then.
    pub license: Option<LicenseSnapshot>,
    /// Which key was shown.
    pub key_kind: KeyKind,
    /// What was asked for.
    pub operation: Operation,
    /// The device, as it was sent.
    pub device: Option<String>,
    /// `VALIDA`, `attivata`, … or a refusal's code.
    pub outcome: &'static str,
    /// From where.
    pub address: String,
    /// The request.
    pub request_id: String,
}

/// Whose a licence was at a moment.
#[derive(Debug, Clone, Copy)]
pub struct LicenseSnapshot {
    /// The licence.
    pub license: LicenseId,
    /// Its product.
    pub product: ProductId,
    /// Its company.
    pub company: Option<NodeId>,
    /// Its agent.
    pub agent: Option<NodeId>,
    /// Its customer.
    pub customer: Option<CustomerId>,
}

/// One row of the access log.
#[derive(Debug, Clone)]
pub struct AccessEntry {
    /// Identifier.
    pub id: LogId,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// Who, where known.
    pub user: Option<UserId>,
    /// With whose eyes they looked, where those were not their own.
    pub seen_as: Option<UserId>,
    /// The user's node.
    pub node: Option<NodeId>,
    /// Or the user's customer.
    pub customer: Option<CustomerId>,
    /// What was done: the method and the route.
    pub action: String,
    /// How it ended: the status.
    pub outcome: String,
    /// From where.
    pub address: String,
    /// With what.
    pub user_agent: String,
    /// The request.
    pub request_id: String,
}

/// What is queued.
#[derive(Debug, Clone)]
pub enum LogRow {
    /// A row of the activation log.
    Activation(Box<ActivationEntry>),
    /// A row of the access log.
    Access(Box<AccessEntry>),
    /// A device was heard of.
    Seen(ActivationId, NaiveDateTime),
    /// A token was used.
    TokenUsed(TokenId, NaiveDateTime),
    /// A session was used.
    SessionUsed(SessionId, NaiveDateTime),
}

#[derive(Insertable)]
#[diesel(table_name = activation_log)]
struct ActivationRow<'a> {
    id: LogId,
    at: At,
    license_id: Option<LicenseId>,
    product_id: Option<ProductId>,
    company_id: Option<NodeId>,
    agent_id: Option<NodeId>,
    customer_id: Option<CustomerId>,
    key_kind: &'a str,
    operation: &'a str,
    device: Option<&'a str>,
    outcome: &'a str,
    address: &'a str,
    request_id: &'a str,
}

impl<'a> From<&'a ActivationEntry> for ActivationRow<'a> {
    fn from(entry: &'a ActivationEntry) -> Self {
        let whose = entry.license;
        Self {
            id: entry.id,
            at: At(entry.at),
            license_id: whose.map(|l| l.license),
            product_id: whose.map(|l| l.product),
            company_id: whose.and_then(|l| l.company),
            agent_id: whose.and_then(|l| l.agent),
            customer_id: whose.and_then(|l| l.customer),
            key_kind: entry.key_kind.code(),
            operation: entry.operation.code(),
            device: entry.device.as_deref(),
            outcome: entry.outcome,
            address: &entry.address,
            request_id: &entry.request_id,
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = access_log)]
struct AccessRow<'a> {
    id: LogId,
    at: At,
    user_id: Option<UserId>,
    seen_user_id: Option<UserId>,
    node_id: Option<NodeId>,
    customer_id: Option<CustomerId>,
    action: &'a str,
    outcome: &'a str,
    address: &'a str,
    user_agent: &'a str,
    request_id: &'a str,
}

impl<'a> From<&'a AccessEntry> for AccessRow<'a> {
    fn from(entry: &'a AccessEntry) -> Self {
        Self {
            id: entry.id,
            at: At(entry.at),
            user_id: entry.user,
            seen_user_id: entry.seen_as,
            node_id: entry.node,
            customer_id: entry.customer,
            action: &entry.action,
            outcome: &entry.outcome,
            address: &entry.address,
            user_agent: &entry.user_agent,
            request_id: &entry.request_id,
        }
    }
}

/// Writes queued rows, in the order in which they came.
pub(super) fn insert(conn: &mut AnyConnection, rows: &[LogRow]) -> Result<()> {
    let entries: Vec<ActivationRow<'_>> = rows
        .iter()
        .filter_map(|row| {
            if let LogRow::Activation(entry) = row {
                Some((&**entry).into())
            } else {
                None
            }
        })
        .collect();
    let accesses: Vec<AccessRow<'_>> = rows
        .iter()
        .filter_map(|row| {
            if let LogRow::Access(entry) = row {
                Some((&**entry).into())
            } else {
                None
            }
        })
        .collect();
    // A batch insert exists for each database, and not for the two as one.
    match conn {
        AnyConnection::Sqlite(conn) => {
            for row in entries {
                diesel::insert_into(activation_log::table)
                    .values(row)
                    .execute(conn)?;
            }
            for row in accesses {
                diesel::insert_into(access_log::table).values(row).execute(conn)?;
            }
        }
        #[cfg(feature = "mariadb")]
        AnyConnection::Mysql(conn) => {
            for chunk in entries.chunks(100) {
                diesel::insert_into(activation_log::table)
                    .values(chunk)
                    .execute(conn)?;
            }
            for chunk in accesses.chunks(100) {
                diesel::insert_into(access_log::table)
                    .values(chunk)
                    .execute(conn)?;
            }
        }
    }
    for row in rows {
        match row {
            LogRow::Seen(activation, at) => {
                diesel::update(activations::table.find(activation))
                    .set(activations::last_seen_at.eq(At(*at)))
                    .execute(conn)?;
            }
            LogRow::TokenUsed(token, at) => {
                diesel::update(api_tokens::table.find(token))
                    .set(api_tokens::last_used_at.eq(At(*at)))
                    .execute(conn)?;
            }
            LogRow::SessionUsed(session, at) => {
                diesel::update(sessions::table.find(session))
                    .set(sessions::last_seen_at.eq(At(*at)))
                    .execute(conn)?;
            }
            LogRow::Activation(_) | LogRow::Access(_) => {}
        }
    }
    Ok(())
}

/// Writes one row inside the caller's transaction.
pub(super) fn insert_one(conn: &mut AnyConnection, entry: &ActivationEntry) -> Result<()> {
    diesel::insert_into(activation_log::table)
        .values(ActivationRow::from(entry))
        .execute(conn)?;
    Ok(())
}

/// Writes one row of the access log inside the caller's transaction.
pub(super) fn insert_access(conn: &mut AnyConnection, entry: &AccessEntry) -> Result<()> {
    diesel::insert_into(access_log::table)
        .values(AccessRow::from(entry))
        .execute(conn)?;
    Ok(())
}

/// A write for the caller to undo: it shows that the database takes one.
pub(super) fn probe(conn: &mut AnyConnection) -> Result<()> {
    let row = (
        jobs::name.eq("probe"),
        jobs::next_run_at.eq(At(NaiveDateTime::default())),
    );
    diesel::insert_into(jobs::table).values(row).execute(conn)?;
    Ok(())
}
