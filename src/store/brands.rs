//! How companies show themselves, and their logos.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    fault,
    schema::{brands, logos, node_tree},
    sql_types::At,
    tenancy::Visible,
};
use crate::domain::{
    brand::{Brand, Color, Logo},
    company::Node,
    error::Result,
    ids::{LogoId, NodeId},
};
use diesel::prelude::*;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = brands, check_for_backend(MultiBackend), treat_none_as_null = true)]
struct Row {
    node_id: NodeId,
    name: Option<String>,
    sender: Option<String>,
    reply_to: Option<String>,
    color: Option<String>,
    logo_id: Option<LogoId>,
    revision: i32,
}

impl From<Row> for Brand {
    fn from(row: Row) -> Self {
        Self {
            name: row.name,
            sender: row.sender,
            reply_to: row.reply_to,
            color: row.color.and_then(|color| Color::parse(&color).ok()),
            logo: row.logo_id,
        }
    }
}

/// What a node says of itself, and the revision: 0 where it never said anything.
///
/// # Errors
/// Of the database.
pub fn get(tx: &mut ReadTx<'_>, node: &Visible<Node>) -> Result<(Brand, i32)> {
    let row: Option<Row> = brands::table
        .find(node.id)
        .select(Row::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map_or_else(Default::default, |row| {
        let revision = row.revision;
        (row.into(), revision)
    }))
}

/// Replaces it, if it still is as it was read.
///
/// # Errors
/// [`Again`](fault::Class::Again) where it is not.
pub fn set(tx: &mut WriteTx<'_>, node: &Visible<Node>, was: i32, brand: &Brand) -> Result<()> {
    let row = Row {
        node_id: node.id,
        name: brand.name.clone(),
        sender: brand.sender.clone(),
        reply_to: brand.reply_to.clone(),
        color: brand.color.map(|color| color.to_string()),
        logo_id: brand.logo,
        revision: was + 1,
    };
    if was == 0 {
        let inserted = diesel::insert_into(brands::table).values(&row).execute(tx.conn);
        if fault::is_taken(&inserted) {
            return Err(fault::again());
        }
        inserted?;
        return Ok(());
    }
    let guard = brands::table.find(node.id).filter(brands::revision.eq(was));
    if diesel::update(guard).set(&row).execute(tx.conn)? == 0 {
        return Err(fault::again());
    }
    Ok(())
}

/// What holds for a node (none: the vendor): of each thing what the nearest of its line says.
///
/// # Errors
/// Of the database.
pub fn of_line(tx: &mut ReadTx<'_>, node: Option<NodeId>) -> Result<Brand> {
    let rows: Vec<Row> = brands::table
        .inner_join(node_tree::table.on(node_tree::ancestor_id.eq(brands::node_id)))
        .filter(node_tree::descendant_id.eq(node.unwrap_or(NodeId::VENDOR)))
        .order(node_tree::depth)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(Brand::of_line(rows.into_iter().map(Into::into)))
}

/// A logo; its id is the credential.
///
/// # Errors
/// Of the database.
pub fn logo_by_id(tx: &mut ReadTx<'_>, id: LogoId) -> Result<Option<Logo>> {
    let row: Option<(Vec<u8>, i32, i32)> = logos::table
        .find(id)
        .select((logos::png, logos::width, logos::height))
        .first(tx.conn)
        .optional()?;
    Ok(row.map(|(png, width, height)| Logo { png, width, height }))
}

/// Keeps a logo of a node.
///
/// # Errors
/// Of the database.
pub fn insert_logo(tx: &mut WriteTx<'_>, node: &Visible<Node>, id: LogoId, logo: &Logo) -> Result<()> {
    diesel::insert_into(logos::table)
        .values((
            logos::id.eq(id),
            logos::node_id.eq(node.id),
            logos::png.eq(logo.png.as_slice()),
            logos::width.eq(logo.width),
            logos::height.eq(logo.height),
            logos::created_at.eq(At(tx.now())),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Throws away a node's logos that it shows no more.
///
/// # Errors
/// Of the database.
pub fn drop_logos_but(tx: &mut WriteTx<'_>, node: &Visible<Node>, kept: Option<LogoId>) -> Result<()> {
    let mut others = diesel::delete(logos::table.filter(logos::node_id.eq(node.id))).into_boxed();
    if let Some(kept) = kept {
        others = others.filter(logos::id.ne(kept));
    }
    others.execute(tx.conn)?;
    Ok(())
}
