//! The tree of companies and agents.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    fault,
    page::{Page, Slice},
    schema::{customers, licenses, node_tree, nodes},
    sql_types::At,
    tenancy::{self, Visible},
};
use crate::domain::{
    company::{Node, NodeKind},
    customer::Customer,
    error::Result,
    ids::NodeId,
    scope::Scope,
    text,
};
use diesel::prelude::*;
use std::collections::BTreeSet;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = nodes, check_for_backend(MultiBackend), treat_none_as_null = true)]
struct Row {
    id: NodeId,
    parent_id: Option<NodeId>,
    kind: NodeKind,
    name: String,
    name_search: String,
    code: Option<String>,
    email: Option<String>,
    suspended_at: Option<At>,
    suspension_note: Option<String>,
    suspended_by: Option<NodeId>,
    credit_limit_cents: i64,
    discount_bp: i32,
    license_quota: Option<i32>,
    trial_quota: Option<i32>,
    payment_days: i32,
    may_defer: Option<bool>,
    may_collect: bool,
    may_validate: bool,
    may_create_subs: bool,
    wants_agent: bool,
    created_at: At,
    revision: i32,
}

impl From<Row> for Node {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            parent_id: row.parent_id,
            kind: row.kind,
            name: row.name,
            code: row.code,
            email: row.email,
            suspended_at: row.suspended_at.map(|at| at.0),
            suspension_note: row.suspension_note,
            suspended_by: row.suspended_by,
            credit_limit_cents: row.credit_limit_cents,
            discount_bp: row.discount_bp,
            license_quota: row.license_quota,
            trial_quota: row.trial_quota,
            payment_days: row.payment_days,
            may_defer: row.may_defer,
            may_collect: row.may_collect,
            may_validate: row.may_validate,
            may_create_subs: row.may_create_subs,
            wants_agent: row.wants_agent,
            created_at: row.created_at.0,
            revision: row.revision,
        }
    }
}

impl From<&Node> for Row {
    fn from(node: &Node) -> Self {
        Self {
            id: node.id,
            parent_id: node.parent_id,
            kind: node.kind,
            name: node.name.clone(),
            name_search: text::search_key(&node.name),
            code: node.code.clone(),
            email: node.email.clone(),
            suspended_at: node.suspended_at.map(At),
            suspension_note: node.suspension_note.clone(),
            suspended_by: node.suspended_by,
            credit_limit_cents: node.credit_limit_cents,
            discount_bp: node.discount_bp,
            license_quota: node.license_quota,
            trial_quota: node.trial_quota,
            payment_days: node.payment_days,
            may_defer: node.may_defer,
            may_collect: node.may_collect,
            may_validate: node.may_validate,
            may_create_subs: node.may_create_subs,
            wants_agent: node.wants_agent,
            created_at: At(node.created_at),
            revision: node.revision,
        }
    }
}

/// The vendor's node, the root of the tree; none in a database that nobody has set up yet.
///
/// # Errors
/// Of the database.
pub fn vendor(tx: &mut ReadTx<'_>) -> Result<Option<Visible<Node>>> {
    let row: Option<Row> = nodes::table
        .filter(nodes::kind.eq(NodeKind::Vendor))
        .select(Row::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(|row| Visible::new(row.into())))
}

/// Makes the vendor's node, where there is none. It has an identifier of its own, so that of two set-ups at once
/// only one can.
///
/// # Errors
/// [`Again`](fault::Class::Again) where another set-up got in between.
pub fn insert_vendor(tx: &mut WriteTx<'_>, vendor: &Node) -> Result<()> {
    if insert(tx, vendor)? {
        Ok(())
    } else {
        Err(fault::again())
    }
}

/// What is wanted of a list. Nothing set is everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<NodeKind>,
    /// Right below this node.
    pub parent: Option<NodeId>,
}

/// The newest companies and agents of a scope.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>, scope: Scope, filter: &Filter, page: &Page) -> Result<Slice<Visible<Node>>> {
    let mut query = tenancy::nodes(scope);
    if let Some(kind) = filter.kind {
        query = query.filter(nodes::kind.eq(kind));
    }
    if let Some(parent) = filter.parent {
        query = query.filter(nodes::parent_id.eq(parent));
    }
    if let Some(before) = page.before {
        query = query.filter(nodes::id.lt(NodeId(before)));
    }
    let rows = query
        .order(nodes::id.desc())
        .limit(page.fetch())
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(page
        .slice(rows, |row| row.id.0)
        .map(|row| Visible::new(row.into())))
}

/// A company or agent of a scope.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn get(tx: &mut ReadTx<'_>, scope: Scope, id: NodeId) -> Result<Visible<Node>> {
    let row: Row = tenancy::nodes(scope)
        .filter(nodes::id.eq(id))
        .select(Row::as_select())
        .first(tx.conn)?;
    Ok(Visible::new(row.into()))
}

/// The company whose registration link carries this code, and that is not suspended, nor any above it. The code is
/// public.
///
/// # Errors
/// Of the database.
pub fn by_code(tx: &mut ReadTx<'_>, code: &str) -> Result<Option<Visible<Node>>> {
    let row: Option<Row> = nodes::table
        .filter(nodes::code.eq(code).and(nodes::kind.ne(NodeKind::Vendor)))
        .select(Row::as_select())
        .first(tx.conn)
        .optional()?;
    match row {
        Some(row) if !is_stopped(tx, row.id)? => Ok(Some(Visible::new(row.into()))),
        _ => Ok(None),
    }
}

/// Whom a customer turns to: the agent, else the company, by name and e-mail address.
///
/// # Errors
/// Of the database.
pub fn contact(
    tx: &mut ReadTx<'_>,
    customer: &Visible<Customer>,
) -> Result<Option<(String, Option<String>)>> {
    let Some(node) = customer.agent_id.or(customer.company_id) else {
        return Ok(None);
    };
    let found = nodes::table.find(node).select((nodes::name, nodes::email));
    Ok(Some(found.first(tx.conn)?))
}

/// Whether a node, or any above it, is suspended.
pub(super) fn is_stopped(tx: &mut ReadTx<'_>, node: NodeId) -> Result<bool> {
    let stopped = nodes::table
        .inner_join(node_tree::table.on(node_tree::ancestor_id.eq(nodes::id)))
        .filter(
            node_tree::descendant_id
                .eq(node)
                .and(nodes::suspended_at.is_not_null()),
        )
        .select(nodes::id)
        .first::<NodeId>(tx.conn)
        .optional()?;
    Ok(stopped.is_some())
}

/// A node and all above it, nearest first, with the vendor's last.
///
/// # Errors
/// Of the database.
pub fn line(tx: &mut ReadTx<'_>, node: NodeId) -> Result<Vec<Node>> {
    let rows: Vec<Row> = nodes::table
        .inner_join(node_tree::table.on(node_tree::ancestor_id.eq(nodes::id)))
        .filter(node_tree::descendant_id.eq(node))
        .order(node_tree::depth)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Whether one node is another, or stands above it.
///
/// # Errors
/// Of the database.
pub fn is_at_or_above(tx: &mut ReadTx<'_>, above: NodeId, node: NodeId) -> Result<bool> {
    let row = node_tree::table
        .find((above, node))
        .select(node_tree::depth)
        .first::<i32>(tx.conn)
        .optional()?;
    Ok(row.is_some())
}

/// Of some nodes those that are one, or stand below it.
///
/// # Errors
/// Of the database.
pub fn at_or_below(tx: &mut ReadTx<'_>, above: NodeId, among: &BTreeSet<NodeId>) -> Result<BTreeSet<NodeId>> {
    if among.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<NodeId> = node_tree::table
        .filter(node_tree::ancestor_id.eq(above))
        .filter(node_tree::descendant_id.eq_any(among.iter().copied().collect::<Vec<_>>()))
        .select(node_tree::descendant_id)
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// The greatest discount of the nodes right below one, in basis points; none without any.
///
/// # Errors
/// Of the database.
pub fn greatest_discount_below(tx: &mut ReadTx<'_>, node: NodeId) -> Result<Option<i32>> {
    Ok(nodes::table
        .filter(nodes::parent_id.eq(node))
        .select(diesel::dsl::max(nodes::discount_bp))
        .first(tx.conn)?)
}

/// Adds a node below its parent; false where its code is taken.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, node: &Node) -> Result<bool> {
    let inserted = diesel::insert_into(nodes::table)
        .values(Row::from(node))
        .execute(tx.conn);
    if fault::is_taken(&inserted) {
        return Ok(false);
    }
    inserted?;
    insert_pair(tx, node.id, node.id, 0)?;
    if let Some(parent) = node.parent_id {
        for (ancestor, depth) in ancestors(tx, parent)? {
            insert_pair(tx, ancestor, node.id, depth + 1)?;
        }
    }
    Ok(true)
}

/// Replaces a node's data, if it still is as it was read; false where its code is taken. The tree stays.
///
/// # Errors
/// [`Again`](fault::Class::Again) where it is not as it was read.
pub fn update(tx: &mut WriteTx<'_>, was: &Visible<Node>, now: &Node) -> Result<bool> {
    let row = Row {
        revision: was.revision + 1,
        parent_id: was.parent_id,
        ..Row::from(now)
    };
    let guard = nodes::table.find(was.id).filter(nodes::revision.eq(was.revision));
    let updated = diesel::update(guard).set(&row).execute(tx.conn);
    if fault::is_taken(&updated) {
        return Ok(false);
    }
    if updated? == 0 {
        Err(fault::again())
    } else {
        Ok(true)
    }
}

/// Locks the tree until the transaction ends: moves and new nodes follow one another.
///
/// # Errors
/// Of the database.
pub fn lock_tree(tx: &mut WriteTx<'_>) -> Result<()> {
    diesel::update(nodes::table.filter(nodes::kind.eq(NodeKind::Vendor)))
        .set(nodes::revision.eq(nodes::revision + 1))
        .execute(tx.conn)?;
    Ok(())
}

/// Locks one node until the transaction ends, so that what counts under it follows one another.
///
/// # Errors
/// Of the database.
pub fn lock(tx: &mut WriteTx<'_>, node: NodeId) -> Result<()> {
    diesel::update(nodes::table.find(node))
        .set(nodes::revision.eq(nodes::revision + 1))
        .execute(tx.conn)?;
    Ok(())
}

/// Moves a node with all below it under another parent. The tree is locked, and the parent is not below the node.
///
/// # Errors
/// Of the database.
pub fn shift(
    tx: &mut WriteTx<'_>,
    node: &Visible<Node>,
    parent: &Visible<Node>,
    kind: NodeKind,
) -> Result<()> {
    let below: Vec<(NodeId, i32)> = node_tree::table
        .filter(node_tree::ancestor_id.eq(node.id))
        .select((node_tree::descendant_id, node_tree::depth))
        .load(tx.conn)?;
    let ids: Vec<NodeId> = below.iter().map(|(id, _)| *id).collect();
    diesel::delete(
        node_tree::table.filter(
            node_tree::descendant_id
                .eq_any(&ids)
                .and(node_tree::ancestor_id.ne_all(&ids)),
        ),
    )
    .execute(tx.conn)?;
    for (ancestor, up) in ancestors(tx, parent.id)? {
        for (descendant, down) in &below {
            insert_pair(tx, ancestor, *descendant, up + down + 1)?;
        }
    }
    diesel::update(nodes::table.find(node.id))
        .set((
            nodes::parent_id.eq(parent.id),
            nodes::kind.eq(kind),
            nodes::revision.eq(nodes::revision + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Takes an agent off all its customers and licences; how many those were.
///
/// # Errors
/// Of the database.
pub fn leave_customers(tx: &mut WriteTx<'_>, agent: &Visible<Node>) -> Result<usize> {
    let nobody = None::<NodeId>;
    let customers = diesel::update(customers::table.filter(customers::agent_id.eq(agent.id)))
        .set((
            customers::agent_id.eq(nobody),
            customers::revision.eq(customers::revision + 1),
        ))
        .execute(tx.conn)?;
    let licenses = diesel::update(licenses::table.filter(licenses::agent_id.eq(agent.id)))
        .set((
            licenses::agent_id.eq(nobody),
            licenses::revision.eq(licenses::revision + 1),
        ))
        .execute(tx.conn)?;
    Ok(customers + licenses)
}

/// How deep the tree goes below a node.
///
/// # Errors
/// Of the database.
pub fn height(tx: &mut ReadTx<'_>, node: NodeId) -> Result<i32> {
    let deepest: Option<i32> = node_tree::table
        .filter(node_tree::ancestor_id.eq(node))
        .select(diesel::dsl::max(node_tree::depth))
        .first(tx.conn)?;
    Ok(deepest.unwrap_or(0))
}

fn ancestors(tx: &mut ReadTx<'_>, node: NodeId) -> Result<Vec<(NodeId, i32)>> {
    Ok(node_tree::table
        .filter(node_tree::descendant_id.eq(node))
        .select((node_tree::ancestor_id, node_tree::depth))
        .load(tx.conn)?)
}

fn insert_pair(tx: &mut WriteTx<'_>, ancestor: NodeId, descendant: NodeId, depth: i32) -> Result<()> {
    diesel::insert_into(node_tree::table)
        .values((
            node_tree::ancestor_id.eq(ancestor),
            node_tree::descendant_id.eq(descendant),
            node_tree::depth.eq(depth),
        ))
        .execute(tx.conn)?;
    Ok(())
}
