//! Reading the activation log and the access log.

use super::{
    connection::MultiBackend,
    db::ReadTx,
    page::{Page, Slice},
    schema::{access_log, activation_log},
    tenancy,
};
use crate::domain::{error::Result, ids::*, scope::Scope};
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

/// The newest rows of the activation log of a scope, of one licence where one is given.
///
/// # Errors
/// Of the database.
pub fn activations(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    license: Option<LicenseId>,
    page: &Page,
) -> Result<Slice<ActivationRow>> {
    let mut query = tenancy::activation_log(scope);
    if let Some(license) = license {
        query = query.filter(activation_log::license_id.eq(license));
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
    /// What was done.
    pub action: String,
    /// How it ended.
    pub outcome: String,
    /// From where.
    pub address: String,
    /// With what.
    pub user_agent: String,
}

/// The newest rows of the access log of a scope.
///
/// # Errors
/// Of the database.
pub fn accesses(tx: &mut ReadTx<'_>, scope: Scope, page: &Page) -> Result<Slice<AccessRow>> {
    let mut query = tenancy::access_log(scope);
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
