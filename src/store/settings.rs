//! The installation's settings: a row for each that somebody set, and one that counts the changes of all.

use super::{
    db::{ReadTx, WriteTx},
    fault,
    schema::settings,
    sql_types::At,
};
use crate::domain::{
    error::Result,
    settings::{Setting, Settings},
};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// The row whose revision is that of all settings together.
const ALL: &str = "revisione";

/// The settings, and their revision.
///
/// # Errors
/// Of the database.
pub fn get(tx: &mut ReadTx<'_>) -> Result<(Settings, i32)> {
    let rows: Vec<(String, String, i32)> = settings::table
        .select((settings::name, settings::value, settings::revision))
        .load(tx.conn)?;
    let revision = rows
        .iter()
        .find(|(name, ..)| name == ALL)
        .map_or(1, |(.., revision)| *revision);
    let texts: BTreeMap<String, String> = rows.into_iter().map(|(name, value, _)| (name, value)).collect();
    Ok((Settings::read(&texts), revision))
}

/// Sets those that changed, if the settings still are of the revision that was read.
///
/// # Errors
/// [`Again`](fault::Class::Again) where they are not.
pub fn set(tx: &mut WriteTx<'_>, was: &Settings, now: &Settings, revision: i32) -> Result<()> {
    let at = At(tx.now());
    let counted = diesel::update(settings::table.find(ALL).filter(settings::revision.eq(revision)))
        .set((settings::revision.eq(revision + 1), settings::updated_at.eq(at)))
        .execute(tx.conn)?;
    if counted == 0 {
        // Either nobody set anything yet, or somebody got in between: then this name is taken.
        let first = diesel::insert_into(settings::table)
            .values((
                settings::name.eq(ALL),
                settings::value.eq(""),
                settings::updated_at.eq(at),
                settings::revision.eq(revision + 1),
            ))
            .execute(tx.conn);
        if fault::is_taken(&first) {
            return Err(fault::again());
        }
        first?;
    }
    for setting in Setting::ALL {
        let text = now.text(*setting);
        if text == was.text(*setting) {
            continue;
        }
        diesel::delete(settings::table.find(setting.code())).execute(tx.conn)?;
        diesel::insert_into(settings::table)
            .values((
                settings::name.eq(setting.code()),
                settings::value.eq(text),
                settings::updated_at.eq(at),
                settings::revision.eq(revision + 1),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}
