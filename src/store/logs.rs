//! Reading the activation log and the access log.

use super::{
    connection::MultiBackend,
    db::ReadTx,
    log::{AccessKind, AccessOutcome},
    page::{Page, Slice},
    schema::{access_log, activation_log, licenses, users},
    sql_types::Hash32,
    tenancy,
};
use crate::domain::{
    error::{Result, Success},
    ids::*,
    scope::Scope,
};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A row of the activation log.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = activation_log, check_for_backend(MultiBackend))]
pub struct ActivationRow {
    /// Identifier.
    pub id: LogId,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// For which licence.
    pub license_id: Option<LicenseId>,
    /// Which key was shown.
    pub key_kind: String,
    /// What was asked for.
    pub operation: String,
    /// The device.
    pub device: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// From where.
    pub address: String,
}

/// A row of the access log.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = access_log, check_for_backend(MultiBackend))]
pub struct AccessRow {
    /// Identifier.
    pub id: LogId,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// Who.
    pub user_id: Option<UserId>,
    /// With whose eyes they looked, where those were not their own.
    pub seen_user_id: Option<UserId>,
    /// What was done.
    pub action: String,
    /// How it ended.
    pub outcome: String,
    /// From where.
    pub address: String,
    /// With what.
    pub user_agent: String,
}

/// How a row ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Well, in any way.
    Well,
    /// Not well, in any way.
    Badly,
    /// Like this.
    Like(String),
}

/// What is wanted of the activation log. Nothing set is everything.
#[derive(Debug, Clone, Default)]
pub struct ActivationFilter {
    /// From this instant on, UTC.
    pub from: Option<NaiveDateTime>,
    /// Before this instant, UTC.
    pub until: Option<NaiveDateTime>,
    /// Of this licence.
    pub license: Option<LicenseId>,
    /// Of the licences of the scope with this key: its lookup hash, and its end as typed.
    pub key: Option<(Option<[u8; 32]>, String)>,
    /// That were about this.
    pub operation: Option<String>,
    /// That ended like this.
    pub ended: Option<Ended>,
    /// From this device or address.
    pub text: Option<String>,
}

/// Licences whose keys end alike that are looked at, at most: there are more than a million ends.
const SAME_END: i64 = 100;

/// The newest rows of the activation log of a scope that match.
///
/// # Errors
/// Of the database.
pub fn activations(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &ActivationFilter,
    page: &Page,
) -> Result<Slice<ActivationRow>> {
    let mut query = if filter.license.is_some() || filter.key.is_some() {
        tenancy::activation_log_walked(scope)
    } else {
        tenancy::activation_log(scope)
    };
    if let Some(from) = filter.from {
        query = query.filter(activation_log::id.ge(LogId(before(from))));
    }
    if let Some(until) = filter.until {
        query = query.filter(activation_log::id.lt(LogId(before(until))));
    }
    if let Some(license) = filter.license {
        query = query.filter(activation_log::license_id.eq(license));
    }
    if let Some((hash, tail)) = &filter.key {
        // Tails are ASCII, and MariaDB refuses to compare them with anything else.
        let tail = Some(tail.to_ascii_uppercase()).filter(|tail| tail.is_ascii());
        let known: Vec<LicenseId> = tenancy::licenses(scope)
            .filter(
                licenses::key_tail
                    .eq(tail.unwrap_or_default())
                    .or(licenses::key_hash.eq(Hash32(hash.unwrap_or_default()))),
            )
            .limit(SAME_END)
            .select(licenses::id)
            .load(tx.conn)?;
        query = query.filter(activation_log::license_id.eq_any(known));
    }
    if let Some(operation) = &filter.operation {
        query = query.filter(activation_log::operation.eq(operation.clone()));
    }
    match &filter.ended {
        Some(Ended::Well) => query = query.filter(activation_log::outcome.eq_any(Success::CODES.to_vec())),
        Some(Ended::Badly) => query = query.filter(activation_log::outcome.ne_all(Success::CODES.to_vec())),
        Some(Ended::Like(outcome)) => query = query.filter(activation_log::outcome.eq(outcome.clone())),
        None => {}
    }
    if let Some(text) = &filter.text {
        query = query.filter(
            activation_log::device
                .is_not_null()
                .and(activation_log::device.eq(text.clone()).assume_not_null())
                .or(activation_log::address.eq(text.clone())),
        );
    }
    if let Some(before) = page.before {
        query = query.filter(activation_log::id.lt(LogId(before)));
    }
    let rows = query
        .order(activation_log::id.desc())
        .limit(page.fetch())
        .select(ActivationRow::as_select())
        .load(tx.conn)?;
    Ok(page.slice(rows, |row| row.id.0))
}

impl ActivationFilter {
    /// Everything of a licence.
    pub fn of(license: LicenseId) -> Self {
        Self {
            license: Some(license),
            ..Self::default()
        }
    }
}

/// What is wanted of the access log. Nothing set is everything.
#[derive(Debug, Clone, Default)]
pub struct AccessFilter {
    /// From this instant on, UTC.
    pub from: Option<NaiveDateTime>,
    /// Before this instant, UTC.
    pub until: Option<NaiveDateTime>,
    /// Of the user of the scope with this e-mail address.
    pub email: Option<String>,
    /// Whether signing in and out is meant, or what was opened and sent; either where it is not said.
    pub signing: Option<bool>,
    /// That ended like this.
    pub ended: Option<Ended>,
    /// From this address, or about this route.
    pub text: Option<String>,
}

/// The newest rows of the access log of a scope that match.
///
/// # Errors
/// Of the database.
pub fn accesses(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &AccessFilter,
    page: &Page,
) -> Result<Slice<AccessRow>> {
    let mut query = tenancy::access_log(scope);
    if let Some(from) = filter.from {
        query = query.filter(access_log::id.ge(LogId(before(from))));
    }
    if let Some(until) = filter.until {
        query = query.filter(access_log::id.lt(LogId(before(until))));
    }
    if let Some(email) = &filter.email {
        let known: Vec<UserId> = tenancy::users(scope)
            .filter(users::email.eq(email.clone()))
            .select(users::id)
            .load(tx.conn)?;
        query = query.filter(access_log::user_id.eq_any(known));
    }
    match filter.signing {
        Some(true) => query = query.filter(access_log::action.eq_any(AccessKind::CODES.to_vec())),
        Some(false) => query = query.filter(access_log::action.ne_all(AccessKind::CODES.to_vec())),
        None => {}
    }
    // Signing in says a word; what was opened and sent says HTTP's status.
    match &filter.ended {
        Some(Ended::Well) => {
            query = query.filter(
                access_log::outcome
                    .eq(AccessOutcome::Good.code())
                    .or(access_log::outcome.ge("1").and(access_log::outcome.lt("4"))),
            );
        }
        Some(Ended::Badly) => {
            query = query.filter(
                access_log::outcome
                    .eq_any([AccessOutcome::Refused.code(), AccessOutcome::Limited.code()])
                    .or(access_log::outcome.ge("4").and(access_log::outcome.lt("6"))),
            );
        }
        Some(Ended::Like(outcome)) => query = query.filter(access_log::outcome.eq(outcome.clone())),
        None => {}
    }
    if let Some(text) = &filter.text {
        let actions = ["", "GET ", "POST ", "PATCH "].map(|method| format!("{method}{text}"));
        query = query.filter(
            access_log::address
                .eq(text.clone())
                .or(access_log::action.eq_any(actions)),
        );
    }
    if let Some(before) = page.before {
        query = query.filter(access_log::id.lt(LogId(before)));
    }
    let rows = query
        .order(access_log::id.desc())
        .limit(page.fetch())
        .select(AccessRow::as_select())
        .load(tx.conn)?;
    Ok(page.slice(rows, |row| row.id.0))
}
