//! Many licences at once: found by what was chosen, changed in statements of bounded length.

use super::{
    connection::AnyConnection,
    db::{ReadTx, WriteTx},
    fault,
    licenses::{Change, Filter, Row, Suspension, matching},
    schema::{license_terms, licenses, suspensions},
    sql_types::At,
    tenancy::{self, Visible},
};
use crate::domain::{
    company_rules::Graces,
    error::{Error, Result},
    ids::*,
    license::{License, Sheet, SuspensionReason},
    scope::Scope,
};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

/// Rows that one statement changes at most.
const AT_ONCE: usize = 500;
/// Rows that one statement writes at most.
const WRITTEN_AT_ONCE: usize = 250;

/// The licences of a scope that match, oldest first, so many at most.
///
/// # Errors
/// Of the database.
pub fn all(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    at: (NaiveDate, &Graces),
    most: usize,
) -> Result<Vec<Visible<Sheet>>> {
    let rows: Vec<Row> = matching(scope, filter, at.0, at.1)
        .order(licenses::id)
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| Visible::new(row.into())).collect())
}

/// Those of these licences that a scope sees, oldest first.
///
/// # Errors
/// Of the database.
pub fn seen(tx: &mut ReadTx<'_>, scope: Scope, ids: &BTreeSet<LicenseId>) -> Result<Vec<Visible<Sheet>>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = tenancy::licenses(scope)
        .filter(licenses::id.eq_any(ids.iter().copied().collect::<Vec<_>>()))
        .order(licenses::id)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| Visible::new(row.into())).collect())
}

/// These licences, each of which the scope has to see.
///
/// # Errors
/// [`Error::NotFound`] where it does not see one.
pub fn these(tx: &mut ReadTx<'_>, scope: Scope, ids: &BTreeSet<LicenseId>) -> Result<Vec<Visible<Sheet>>> {
    let seen = seen(tx, scope, ids)?;
    if seen.len() == ids.len() {
        Ok(seen)
    } else {
        Err(Error::NotFound)
    }
}

/// The suspensions of licences that stand, oldest first.
///
/// # Errors
/// Of the database.
pub fn suspensions(
    tx: &mut ReadTx<'_>,
    of: &[Visible<Sheet>],
) -> Result<BTreeMap<LicenseId, Vec<Suspension>>> {
    let ids: Vec<LicenseId> = of
        .iter()
        .filter(|sheet| sheet.suspensions > 0)
        .map(|sheet| sheet.license.id)
        .collect();
    let mut found: BTreeMap<LicenseId, Vec<Suspension>> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(LicenseId, Suspension)> = suspensions::table
        .filter(suspensions::license_id.eq_any(ids))
        .filter(suspensions::lifted_at.is_null())
        .order(suspensions::id)
        .select((
            suspensions::license_id,
            (
                suspensions::id,
                suspensions::reason,
                suspensions::note,
                suspensions::node_id,
                suspensions::created_at,
            ),
        ))
        .load(tx.conn)?;
    for (license, suspension) in rows {
        found.entry(license).or_default().push(suspension);
    }
    Ok(found)
}

/// Changes licences that still are as they were read: those of one revision that change alike in one statement.
///
/// # Errors
/// [`Again`](fault::Class::Again) where one is not.
pub fn change(tx: &mut WriteTx<'_>, steps: &[(Visible<License>, Change)]) -> Result<()> {
    let mut groups: Vec<(i32, Cow<'_, Change>, Vec<LicenseId>)> = Vec::new();
    for (license, change) in steps {
        let change = change.bringing_back(license);
        let known = groups
            .iter_mut()
            .find(|(revision, known, _)| *revision == license.revision && *known == change);
        match known {
            Some((.., ids)) => ids.push(license.id),
            None => groups.push((license.revision, change, vec![license.id])),
        }
    }
    for (revision, change, ids) in groups {
        for chunk in ids.chunks(AT_ONCE) {
            let guard = licenses::table
                .filter(licenses::id.eq_any(chunk.to_vec()))
                .filter(licenses::revision.eq(revision));
            let changed = diesel::update(guard)
                .set((&*change, licenses::revision.eq(licenses::revision + 1)))
                .execute(tx.conn)?;
            if changed != chunk.len() {
                return Err(fault::again());
            }
        }
    }
    Ok(())
}

/// Notes why licences were revoked.
///
/// # Errors
/// Of the database.
pub fn note_revocations(tx: &mut WriteTx<'_>, of: &[(Visible<License>, Change)], note: &str) -> Result<()> {
    for chunk in of.chunks(AT_ONCE) {
        let ids: Vec<LicenseId> = chunk.iter().map(|(license, _)| license.id).collect();
        diesel::update(license_terms::table.filter(license_terms::license_id.eq_any(ids)))
            .set(license_terms::revoked_note.eq(note))
            .execute(tx.conn)?;
    }
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = suspensions, treat_none_as_default_value = false)]
struct NewSuspension<'a> {
    id: SuspensionId,
    license_id: LicenseId,
    reason: SuspensionReason,
    note: Option<&'a str>,
    node_id: Option<NodeId>,
    created_by: Option<UserId>,
    created_at: At,
}

/// Writes a suspension of each of these licences down; that they have one more is their change.
///
/// # Errors
/// Of the database.
pub fn suspend(
    tx: &mut WriteTx<'_>,
    of: &[(Visible<License>, Change)],
    reason: SuspensionReason,
    note: Option<&str>,
    by: (Option<NodeId>, Option<UserId>),
) -> Result<()> {
    let now = tx.now();
    for chunk in of.chunks(WRITTEN_AT_ONCE) {
        let rows: Vec<NewSuspension<'_>> = chunk
            .iter()
            .map(|(license, _)| NewSuspension {
                id: SuspensionId::at(now),
                license_id: license.id,
                reason,
                note,
                node_id: by.0,
                created_by: by.1,
                created_at: At(now),
            })
            .collect();
        match &mut *tx.conn {
            AnyConnection::Sqlite(conn) => diesel::insert_into(suspensions::table)
                .values(&rows)
                .execute(conn)?,
            #[cfg(feature = "mariadb")]
            AnyConnection::Mysql(conn) => diesel::insert_into(suspensions::table)
                .values(&rows)
                .execute(conn)?,
        };
    }
    Ok(())
}

/// Writes down that suspensions were lifted, of licences that were found with them.
///
/// # Errors
/// Of the database.
pub fn lift(
    tx: &mut WriteTx<'_>,
    _of: &[(Visible<License>, Change)],
    which: &[SuspensionId],
    by: Option<UserId>,
) -> Result<()> {
    let now = tx.now();
    for chunk in which.chunks(AT_ONCE) {
        diesel::update(suspensions::table.filter(suspensions::id.eq_any(chunk.to_vec())))
            .set((suspensions::lifted_at.eq(At(now)), suspensions::lifted_by.eq(by)))
            .execute(tx.conn)?;
    }
    Ok(())
}
