//! Views of lists. Each read takes whose they are: one's own, and those that are shared with one's node.

use super::{
    db::{ReadTx, WriteTx},
    schema::{default_views, saved_views, users},
    sql_types::At,
    tenancy::Visible,
};
use crate::domain::{
    error::Result,
    ids::{NodeId, UserId, ViewId},
    view::{List, View, Whose},
};
use diesel::prelude::*;

/// Views that one list shows at most.
const SHOWN: i64 = 60;

type Row = (
    ViewId,
    List,
    UserId,
    Option<NodeId>,
    String,
    String,
    Option<UserId>,
);

/// What is kept under names, of those whom it is shown to: one's own, and what is shared with one's node.
macro_rules! of_whose {
    ($table:ident, $whose:expr) => {
        $table::node_id
            .is_null()
            .and($table::user_id.eq($whose.user))
            .or($table::node_id
                .is_not_null()
                .and($table::node_id.eq($whose.node).assume_not_null()))
    };
}
pub(super) use of_whose;

/// The views that somebody sees, each with whether it is their default.
macro_rules! seen {
    ($whose:expr) => {
        saved_views::table
            .left_join(
                default_views::table.on(default_views::view_id
                    .eq(saved_views::id)
                    .and(default_views::user_id.eq($whose.user))),
            )
            .filter(of_whose!(saved_views, $whose))
            .select((
                saved_views::id,
                saved_views::list,
                saved_views::user_id,
                saved_views::node_id,
                saved_views::name,
                saved_views::query,
                default_views::user_id.nullable(),
            ))
    };
}

fn view((id, list, maker, shared_with, name, query, default): Row) -> View {
    View {
        id,
        list,
        maker,
        shared_with,
        name,
        query,
        is_default: default.is_some(),
    }
}

/// The views of a list, oldest first.
///
/// # Errors
/// Of the database.
pub fn of_list(tx: &mut ReadTx<'_>, whose: Whose, list: List) -> Result<Vec<View>> {
    let rows: Vec<Row> = seen!(whose)
        .filter(saved_views::list.eq(list))
        .order(saved_views::id)
        .limit(SHOWN)
        .load(tx.conn)?;
    Ok(rows.into_iter().map(view).collect())
}

/// One view.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound) where it is neither one's own nor shared with one's node.
pub fn get(tx: &mut ReadTx<'_>, whose: Whose, id: ViewId) -> Result<Visible<View>> {
    let row: Row = seen!(whose).filter(saved_views::id.eq(id)).first(tx.conn)?;
    Ok(Visible::new(view(row)))
}

/// Whether who made something belongs to the node no more that it is shared with.
///
/// # Errors
/// Of the database.
pub fn maker_left(tx: &mut ReadTx<'_>, maker: UserId, shared_with: Option<NodeId>) -> Result<bool> {
    let home: Option<Option<NodeId>> = users::table
        .find(maker)
        .select(users::node_id)
        .first(tx.conn)
        .optional()?;
    Ok(home.flatten() != shared_with)
}

/// Writes a view down.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, view: &View) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(saved_views::table)
        .values((
            saved_views::id.eq(view.id),
            saved_views::list.eq(view.list),
            saved_views::user_id.eq(view.maker),
            saved_views::node_id.eq(view.shared_with),
            saved_views::name.eq(&view.name),
            saved_views::query.eq(&view.query),
            saved_views::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Gives a view another name, and shares it or not.
///
/// # Errors
/// Of the database.
pub fn change(
    tx: &mut WriteTx<'_>,
    view: &Visible<View>,
    name: &str,
    shared_with: Option<NodeId>,
) -> Result<()> {
    diesel::update(saved_views::table.find(view.id))
        .set((saved_views::name.eq(name), saved_views::node_id.eq(shared_with)))
        .execute(tx.conn)?;
    Ok(())
}

/// Makes a view, or none, what somebody's list opens with.
///
/// # Errors
/// Of the database.
pub fn set_default(tx: &mut WriteTx<'_>, whose: Whose, list: List, view: Option<ViewId>) -> Result<()> {
    diesel::delete(default_views::table.find((whose.user, list))).execute(tx.conn)?;
    if let Some(view) = view {
        diesel::insert_into(default_views::table)
            .values((
                default_views::user_id.eq(whose.user),
                default_views::list.eq(list),
                default_views::view_id.eq(view),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Takes a view away, for everybody who opened their list with it too.
///
/// # Errors
/// Of the database.
pub fn delete(tx: &mut WriteTx<'_>, view: &Visible<View>) -> Result<()> {
    diesel::delete(default_views::table.filter(default_views::view_id.eq(view.id))).execute(tx.conn)?;
    diesel::delete(saved_views::table.find(view.id)).execute(tx.conn)?;
    Ok(())
}
