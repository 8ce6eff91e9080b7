//! What the form that creates licences holds, under names. Each read takes whose they are: one's own, and those that are
//! shared with one's node.

use super::{
    db::{ReadTx, WriteTx},
    saved_views::of_whose,
    schema::license_templates,
    sql_types::At,
    tenancy::Visible,
};
use crate::domain::{
    error::Result,
    ids::{NodeId, TemplateId, UserId},
    view::{LicenseTemplate, Whose},
};
use diesel::prelude::*;

/// Templates that one chooses from at most.
const SHOWN: i64 = 200;

type Row = (TemplateId, UserId, Option<NodeId>, String, String);

/// The templates that somebody sees.
macro_rules! seen {
    ($whose:expr) => {
        license_templates::table
            .filter(of_whose!(license_templates, $whose))
            .select((
                license_templates::id,
                license_templates::user_id,
                license_templates::node_id,
                license_templates::name,
                license_templates::fields,
            ))
    };
}

fn template((id, maker, shared_with, name, fields): Row) -> LicenseTemplate {
    LicenseTemplate {
        id,
        maker,
        shared_with,
        name,
        fields,
    }
}

/// All of them, oldest first.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>, whose: Whose) -> Result<Vec<LicenseTemplate>> {
    let rows: Vec<Row> = seen!(whose)
        .order(license_templates::id)
        .limit(SHOWN)
        .load(tx.conn)?;
    Ok(rows.into_iter().map(template).collect())
}

/// One of them.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound) where it is neither one's own nor shared with one's node.
pub fn get(tx: &mut ReadTx<'_>, whose: Whose, id: TemplateId) -> Result<Visible<LicenseTemplate>> {
    let row: Row = seen!(whose).filter(license_templates::id.eq(id)).first(tx.conn)?;
    Ok(Visible::new(template(row)))
}

/// Writes one down.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, template: &LicenseTemplate) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(license_templates::table)
        .values((
            license_templates::id.eq(template.id),
            license_templates::user_id.eq(template.maker),
            license_templates::node_id.eq(template.shared_with),
            license_templates::name.eq(&template.name),
            license_templates::fields.eq(&template.fields),
            license_templates::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Gives one another name, and shares it or not.
///
/// # Errors
/// Of the database.
pub fn change(
    tx: &mut WriteTx<'_>,
    template: &Visible<LicenseTemplate>,
    name: &str,
    shared_with: Option<NodeId>,
) -> Result<()> {
    diesel::update(license_templates::table.find(template.id))
        .set((
            license_templates::name.eq(name),
            license_templates::node_id.eq(shared_with),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Takes one away.
///
/// # Errors
/// Of the database.
pub fn delete(tx: &mut WriteTx<'_>, template: &Visible<LicenseTemplate>) -> Result<()> {
    diesel::delete(license_templates::table.find(template.id)).execute(tx.conn)?;
    Ok(())
}
