//! Who sells and who decides, as the clock finds them: what they are told of, and where they are written to. Without a scope,
//! as `reminders`: nobody asks, and each is told of their own.

use super::{
    db::ReadTx,
    schema::{customers, node_tree, nodes, reminders, users},
    sql_types::At,
};
use crate::domain::{
    company::NodeKind,
    customer::CustomerState,
    error::Result,
    ids::{CustomerId, LicenseId, NodeId, UserId},
    license::LicenseKind,
    mail::MailKind,
    user::UserState,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_query,
    sql_types::{Binary, Bool, Nullable, Text},
};
use std::collections::BTreeMap;

fn id(bytes: Vec<u8>) -> [u8; 16] {
    bytes.try_into().unwrap_or_default()
}

/// A trial that nothing is heard of, and who sells it.
#[derive(Debug, Clone)]
pub struct Idle {
    /// Which.
    pub license: LicenseId,
    /// The last group of its key.
    pub tail: String,
    /// Its product's name.
    pub product: String,
    /// Its customer's name.
    pub customer: Option<String>,
    /// The company on whose behalf.
    pub company: NodeId,
    /// The agent, or the company where there is none.
    pub seller: NodeId,
    /// When it was first activated, UTC.
    pub activated_at: NaiveDateTime,
}

#[derive(QueryableByName)]
struct IdleRow {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
    #[diesel(sql_type = Text)]
    tail: String,
    #[diesel(sql_type = Text)]
    product: String,
    #[diesel(sql_type = Nullable<Text>)]
    customer: Option<String>,
    #[diesel(sql_type = Binary)]
    company: Vec<u8>,
    #[diesel(sql_type = Binary)]
    seller: Vec<u8>,
    #[diesel(sql_type = super::sql_types::Instant)]
    activated_at: NaiveDateTime,
}

/// Trials that run and that nothing was heard of since then, and that nobody was told of yet: so many at most, those of
/// one seller together.
///
/// # Errors
/// Of the database.
pub fn idle(tx: &mut ReadTx<'_>, since: NaiveDateTime, today: NaiveDate, limit: usize) -> Result<Vec<Idle>> {
    let since = since.format("%Y-%m-%d %H:%M:%S%.6f");
    let query = format!(
        "SELECT l.id AS id, l.key_tail AS tail, (SELECT p.name FROM products AS p WHERE p.id = l.product_id) AS product, \
         c.name AS customer, l.company_id AS company, COALESCE(l.agent_id, l.company_id) AS seller, \
         l.activated_at AS activated_at \
         FROM licenses AS l LEFT JOIN customers AS c ON c.id = l.customer_id \
         WHERE l.kind = '{trial}' AND l.expires_on >= '{today}' AND l.activated_at < '{since}' AND l.company_id IS NOT NULL \
         AND l.revoked_at IS NULL AND l.suspensions = 0 AND (c.id IS NULL OR c.state <> '{suspended}') \
         AND NOT EXISTS (SELECT 1 FROM activations AS a WHERE a.license_id = l.id AND a.live = 1 AND a.last_seen_at >= '{since}') \
         AND NOT EXISTS (SELECT 1 FROM reminders AS r WHERE r.subject_id = l.id AND r.kind = '{mail}') \
         ORDER BY 6, 1 LIMIT {limit}",
        trial = LicenseKind::Trial,
        suspended = CustomerState::Suspended,
        mail = MailKind::IdleTrial,
    );
    let rows: Vec<IdleRow> = sql_query(query).load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|row| Idle {
            license: LicenseId(id(row.id)),
            tail: row.tail,
            product: row.product,
            customer: row.customer,
            company: NodeId(id(row.company)),
            seller: NodeId(id(row.seller)),
            activated_at: row.activated_at,
        })
        .collect())
}

/// A customer who waits for a decision, and where.
#[derive(Debug, Clone, Queryable)]
pub struct Undecided {
    /// Who.
    pub id: CustomerId,
    /// By name.
    pub name: String,
    /// At which company; none at the vendor.
    pub company: Option<NodeId>,
    /// Since when, UTC.
    pub since: NaiveDateTime,
}

/// Customers who wait since between two instants, and of whom nobody was told at this threshold: so many at most.
///
/// # Errors
/// Of the database.
pub fn undecided(
    tx: &mut ReadTx<'_>,
    kind: MailKind,
    threshold: i32,
    (from, until): (NaiveDateTime, NaiveDateTime),
    limit: i64,
) -> Result<Vec<Undecided>> {
    let told = reminders::table
        .filter(reminders::subject_id.eq(customers::id))
        .filter(reminders::kind.eq(kind.code()))
        .filter(reminders::threshold.eq(threshold));
    Ok(customers::table
        .filter(customers::state.eq(CustomerState::Pending))
        .filter(customers::archived_at.is_null())
        .filter(customers::created_at.gt(At(from)))
        .filter(customers::created_at.le(At(until)))
        .filter(diesel::dsl::not(exists(told)))
        .order(customers::id)
        .limit(limit)
        .select((
            customers::id,
            customers::name,
            customers::company_id,
            customers::created_at,
        ))
        .load(tx.conn)?)
}

/// Somebody of a node, as a message finds them.
#[derive(Debug, Clone)]
pub struct Person {
    /// The user; none where the node's own address is written to.
    pub user: Option<UserId>,
    /// By name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their language, where they chose one.
    pub language: Option<String>,
}

/// Whether a node, or one above it, is suspended: nobody there is written to.
fn at_work(node: &str) -> diesel::expression::SqlLiteral<Bool> {
    sql(&format!(
        "NOT EXISTS (SELECT 1 FROM node_tree AS t JOIN nodes AS above ON above.id = t.ancestor_id \
         WHERE t.descendant_id = {node} AND above.suspended_at IS NOT NULL)"
    ))
}

/// The companies and agents that sell, none of them suspended.
///
/// # Errors
/// Of the database.
pub fn sellers(tx: &mut ReadTx<'_>) -> Result<Vec<(NodeId, NodeKind)>> {
    Ok(nodes::table
        .filter(nodes::kind.ne(NodeKind::Vendor))
        .filter(at_work("nodes.id"))
        .order(nodes::id)
        .select((nodes::id, nodes::kind))
        .load(tx.conn)?)
}

/// Who is written to of some nodes: their active users, or where a node has none its own address.
///
/// # Errors
/// Of the database.
pub fn people(tx: &mut ReadTx<'_>, of: &[NodeId]) -> Result<BTreeMap<NodeId, Vec<Person>>> {
    let rows: Vec<(Option<NodeId>, UserId, String, String, String)> = users::table
        .filter(users::node_id.eq_any(of.to_vec()))
        .filter(users::state.eq(UserState::Active))
        .filter(at_work("users.node_id"))
        .order(users::id)
        .select((
            users::node_id,
            users::id,
            users::name,
            users::email,
            users::language,
        ))
        .load(tx.conn)?;
    let mut people: BTreeMap<NodeId, Vec<Person>> = BTreeMap::new();
    for (node, user, name, email, language) in rows {
        let Some(node) = node else { continue };
        people.entry(node).or_default().push(Person {
            user: Some(user),
            name,
            email,
            language: Some(language),
        });
    }
    let without: Vec<NodeId> = of
        .iter()
        .copied()
        .filter(|node| !people.contains_key(node))
        .collect();
    if !without.is_empty() {
        let rows: Vec<(NodeId, String, Option<String>)> = nodes::table
            .filter(nodes::id.eq_any(without))
            .filter(at_work("nodes.id"))
            .select((nodes::id, nodes::name, nodes::email))
            .load(tx.conn)?;
        for (node, name, email) in rows {
            let Some(email) = email else { continue };
            people.entry(node).or_default().push(Person {
                user: None,
                name,
                email,
                language: None,
            });
        }
    }
    Ok(people)
}

/// The node above each.
///
/// # Errors
/// Of the database.
pub fn parents(tx: &mut ReadTx<'_>, of: &[NodeId]) -> Result<BTreeMap<NodeId, NodeId>> {
    let rows: Vec<(NodeId, NodeId)> = node_tree::table
        .filter(node_tree::descendant_id.eq_any(of.to_vec()))
        .filter(node_tree::depth.eq(1))
        .select((node_tree::descendant_id, node_tree::ancestor_id))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}
