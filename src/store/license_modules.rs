//! The modules that licences have: read and switched, of many in statements of bounded length.

use super::{
    connection::AnyConnection,
    db::{ReadTx, WriteTx},
    schema::license_modules,
    tenancy::Visible,
};
use crate::domain::{
    error::Result,
    ids::{LicenseId, ModuleId},
    license::License,
};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Licences that one statement names at most.
const AT_ONCE: usize = 500;
/// Rows that one statement writes at most.
const WRITTEN_AT_ONCE: usize = 250;

/// A module that a licence has, with its own last day where it has one.
pub type Had = (ModuleId, Option<NaiveDate>);

/// What is switched in one licence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switch {
    /// What it has from now on, whether it had it before or not.
    pub set: Vec<Had>,
    /// What it has no more.
    pub off: Vec<ModuleId>,
}

/// The modules of licences; a licence that has none is absent.
///
/// # Errors
/// Of the database.
pub fn of(tx: &mut ReadTx<'_>, licenses: &[Visible<License>]) -> Result<BTreeMap<LicenseId, Vec<Had>>> {
    let ids: Vec<LicenseId> = licenses.iter().map(|license| license.id).collect();
    let mut found: BTreeMap<LicenseId, Vec<Had>> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(LicenseId, ModuleId, Option<NaiveDate>)> = license_modules::table
        .filter(license_modules::license_id.eq_any(ids))
        .select((
            license_modules::license_id,
            license_modules::module_id,
            license_modules::expires_on,
        ))
        .load(tx.conn)?;
    for (license, module, until) in rows {
        found.entry(license).or_default().push((module, until));
    }
    Ok(found)
}

#[derive(Insertable)]
#[diesel(table_name = license_modules, treat_none_as_default_value = false)]
struct Row {
    license_id: LicenseId,
    module_id: ModuleId,
    expires_on: Option<NaiveDate>,
}

/// Switches modules of licences whose revision the caller's change holds.
///
/// # Errors
/// Of the database.
pub fn switch(tx: &mut WriteTx<'_>, of: &[(Visible<License>, Switch)]) -> Result<()> {
    let mut gone: BTreeMap<ModuleId, Vec<LicenseId>> = BTreeMap::new();
    let mut rows: Vec<Row> = Vec::new();
    for (license, switch) in of {
        for (module_id, expires_on) in &switch.set {
            gone.entry(*module_id).or_default().push(license.id);
            rows.push(Row {
                license_id: license.id,
                module_id: *module_id,
                expires_on: *expires_on,
            });
        }
        for module in &switch.off {
            gone.entry(*module).or_default().push(license.id);
        }
    }
    for (module, licenses) in gone {
        for chunk in licenses.chunks(AT_ONCE) {
            diesel::delete(
                license_modules::table
                    .filter(license_modules::license_id.eq_any(chunk.to_vec()))
                    .filter(license_modules::module_id.eq(module)),
            )
            .execute(tx.conn)?;
        }
    }
    for chunk in rows.chunks(WRITTEN_AT_ONCE) {
        match &mut *tx.conn {
            AnyConnection::Sqlite(conn) => diesel::insert_into(license_modules::table)
                .values(chunk)
                .execute(conn)?,
            #[cfg(feature = "mariadb")]
            AnyConnection::Mysql(conn) => diesel::insert_into(license_modules::table)
                .values(chunk)
                .execute(conn)?,
        };
    }
    Ok(())
}
