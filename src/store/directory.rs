//! What pages show beside the rows of a scope: names, counts, choices. Each is one query, however many rows it is for.

use super::{
    customers::{Filter, matches},
    db::ReadTx,
    page::{self, Page, Slice},
    reports::Narrow,
    schema::{customers, licenses, node_tree, nodes, sessions, users},
    tallies::{self, Split, Stretch, What},
    tenancy::{self, Condition, Visible},
    users::Row as UserRow,
};
use crate::domain::{
    company::{Node, NodeKind},
    customer::CustomerState,
    error::Result,
    ids::*,
    license::LicenseKind,
    scope::Scope,
    user::{User, UserState},
};
use chrono::NaiveDateTime;
use diesel::{dsl::count_star, prelude::*};
use serde::Serialize;
use std::collections::BTreeMap;

use functions::{latest, lower_case, position_of};

/// What both databases have, and Diesel does not.
#[allow(missing_docs)]
mod functions {
    use crate::store::sql_types::Instant;
    use diesel::sql_types::Text;

    diesel::define_sql_function! {
        #[sql_name = "LOWER"]
        fn lower_case(text: Text) -> Text;
    }
    diesel::define_sql_function! {
        #[sql_name = "INSTR"]
        fn position_of(text: Text, part: Text) -> Integer;
    }
    diesel::define_sql_function! {
        #[aggregate]
        #[sql_name = "MAX"]
        fn latest(at: Instant) -> Nullable<Instant>;
    }
}

/// A node to choose from a list.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// Identifier.
    #[serde(rename = "value")]
    pub id: NodeId,
    /// The node above.
    pub parent_id: Option<NodeId>,
    /// What it is.
    pub kind: NodeKind,
    /// Name.
    #[serde(rename = "text")]
    pub name: String,
}

/// The nodes of a scope by name, the first so many.
///
/// # Errors
/// Of the database.
pub fn choices(tx: &mut ReadTx<'_>, scope: Scope, most: i64) -> Result<Vec<Choice>> {
    let rows: Vec<(NodeId, Option<NodeId>, NodeKind, String)> = tenancy::nodes(scope)
        .order((nodes::name_search, nodes::id))
        .limit(most)
        .select((nodes::id, nodes::parent_id, nodes::kind, nodes::name))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, parent_id, kind, name)| Choice {
            id,
            parent_id,
            kind,
            name,
        })
        .collect())
}

/// The names of those of these nodes that a scope sees.
///
/// # Errors
/// Of the database.
pub fn node_names(tx: &mut ReadTx<'_>, scope: Scope, of: &[NodeId]) -> Result<BTreeMap<NodeId, String>> {
    if of.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(NodeId, String)> = tenancy::nodes(scope)
        .filter(nodes::id.eq_any(of.to_vec()))
        .select((nodes::id, nodes::name))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// The same, with what they are.
///
/// # Errors
/// Of the database.
pub fn node_kinds(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    of: &[NodeId],
) -> Result<BTreeMap<NodeId, (String, NodeKind)>> {
    if of.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(NodeId, String, NodeKind)> = tenancy::nodes(scope)
        .filter(nodes::id.eq_any(of.to_vec()))
        .select((nodes::id, nodes::name, nodes::kind))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, kind)| (id, (name, kind)))
        .collect())
}

/// The names of those of these customers that a scope sees.
///
/// # Errors
/// Of the database.
pub fn customer_names(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    of: &[CustomerId],
) -> Result<BTreeMap<CustomerId, String>> {
    if of.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(CustomerId, String)> = tenancy::every_customer(scope)
        .filter(customers::id.eq_any(of.to_vec()))
        .select((customers::id, customers::name))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// How many licences each of these customers has, those that were put away aside.
///
/// # Errors
/// Of the database.
pub fn licenses_of_customers(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    of: &[CustomerId],
) -> Result<BTreeMap<CustomerId, i64>> {
    let rows: Vec<(Option<CustomerId>, i64)> = licenses::table
        .filter(tenancy::walked_words(scope, "licenses"))
        .filter(licenses::customer_id.eq_any(of.to_vec()))
        .filter(licenses::archived_at.is_null())
        .group_by(licenses::customer_id)
        .select((licenses::customer_id, count_star()))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(id, n)| Some((id?, n))).collect())
}

/// How many of a scope's customers that match are in each state, whichever state is asked for.
///
/// # Errors
/// Of the database.
pub fn customer_states(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
) -> Result<BTreeMap<CustomerState, i64>> {
    if filter.search.is_none() {
        let narrow = Narrow {
            product: None,
            company: filter.company,
            agent: filter.agent,
        };
        let wanted = [(What::Customers, Stretch::default())];
        let mut of = BTreeMap::new();
        for count in tallies::read(tx, scope, narrow, &wanted, Split::Whole)?.0 {
            *of.entry(count.customer_state()).or_default() += count.n;
        }
        of.retain(|_, n| *n != 0);
        return Ok(of);
    }
    let rows: Vec<(CustomerState, i64)> = customers::table
        .filter(tenancy::has_customer(scope))
        .filter(matches(filter))
        .group_by(customers::state)
        .select((customers::state, count_star()))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// How much there is of something, by whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// The company.
    pub company: Option<NodeId>,
    /// The agent.
    pub agent: Option<NodeId>,
    /// How many, or how many cents.
    pub amount: i64,
}

/// Sums what is of the same company and agent.
fn held(rows: Vec<tallies::Held>, amount: impl Fn(&tallies::Held) -> i64) -> Vec<Held> {
    let mut of = BTreeMap::new();
    for row in &rows {
        *of.entry((row.0, row.1)).or_default() += amount(row);
    }
    of.into_iter()
        .filter(|(_, amount)| *amount != 0)
        .map(|((company, agent), amount)| Held {
            company,
            agent,
            amount,
        })
        .collect()
}

/// Which part of a scope is counted.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// All of it.
    Whole,
    /// A company and all below it.
    Company(NodeId),
    /// An agent.
    Agent(NodeId),
}

impl From<&Node> for Part {
    fn from(node: &Node) -> Self {
        if node.kind == NodeKind::Agent {
            Self::Agent(node.id)
        } else {
            Self::Company(node.id)
        }
    }
}

/// The nodes at and below one, for a column that may be null.
macro_rules! below {
    ($root:expr) => {
        node_tree::table
            .filter(node_tree::ancestor_id.eq($root))
            .select(node_tree::descendant_id.nullable())
    };
}

impl Part {
    fn narrow(self) -> Narrow {
        match self {
            Self::Whole => Narrow::default(),
            Self::Company(node) => Narrow {
                company: Some(node),
                ..Narrow::default()
            },
            Self::Agent(node) => Narrow {
                agent: Some(node),
                ..Narrow::default()
            },
        }
    }
}

/// The trials, or the other licences, that are not revoked: what quotas count.
///
/// # Errors
/// Of the database.
pub fn licenses_held(tx: &mut ReadTx<'_>, scope: Scope, part: Part, trials: bool) -> Result<Vec<Held>> {
    let words = format!(
        "{} AND tallies.word {} 'trial'",
        tallies::NOT_REVOKED,
        if trials { "=" } else { "<>" }
    );
    let what = (&[What::Licenses, What::Archived][..], words.as_str());
    let rows = tallies::held(tx, scope, part.narrow(), what, |count| {
        !count.is_revoked() && (count.kind() == Some(LicenseKind::Trial)) == trials
    })?;
    Ok(held(rows, |row| row.2))
}

/// The customers.
///
/// # Errors
/// Of the database.
pub fn customers_held(tx: &mut ReadTx<'_>, scope: Scope, part: Part) -> Result<Vec<Held>> {
    let what = (&[What::Customers][..], "1 = 1");
    Ok(held(
        tallies::held(tx, scope, part.narrow(), what, |_| true)?,
        |row| row.2,
    ))
}

/// What is deferred and neither paid nor undone, in cents: what credit limits hold.
///
/// # Errors
/// Of the database.
pub fn credit_held(tx: &mut ReadTx<'_>, scope: Scope, part: Part) -> Result<Vec<Held>> {
    let what = (&[What::Owed][..], "1 = 1");
    Ok(held(
        tallies::held(tx, scope, part.narrow(), what, |_| true)?,
        |row| row.3,
    ))
}

/// How many users the nodes of a scope have.
///
/// # Errors
/// Of the database.
pub fn users_of_nodes(tx: &mut ReadTx<'_>, scope: Scope, part: Part) -> Result<BTreeMap<NodeId, i64>> {
    let part: Condition<users::table> = match part {
        Part::Whole => tenancy::always(),
        Part::Company(node) => Box::new(users::node_id.eq_any(below!(node))),
        Part::Agent(node) => Box::new(users::node_id.eq(node)),
    };
    let rows: Vec<(Option<NodeId>, i64)> = users::table
        .filter(tenancy::when_user_of_node(scope))
        .filter(part)
        .filter(users::node_id.is_not_null())
        .group_by(users::node_id)
        .select((users::node_id, count_star()))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(id, n)| Some((id?, n))).collect())
}

/// How many nodes stand below one.
///
/// # Errors
/// Of the database.
pub fn nodes_below(tx: &mut ReadTx<'_>, node: &Visible<Node>) -> Result<i64> {
    Ok(node_tree::table
        .filter(node_tree::ancestor_id.eq(node.id).and(node_tree::depth.gt(0)))
        .count()
        .get_result(tx.conn)?)
}

/// The nodes at and below one.
///
/// # Errors
/// Of the database.
pub fn at_or_below(tx: &mut ReadTx<'_>, node: &Visible<Node>) -> Result<Vec<NodeId>> {
    Ok(node_tree::table
        .filter(node_tree::ancestor_id.eq(node.id))
        .select(node_tree::descendant_id)
        .load(tx.conn)?)
}

/// What is wanted of a list of users. Nothing set is everything.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// In this state.
    pub state: Option<UserState>,
    /// Of this company or agent.
    pub node: Option<NodeId>,
    /// Of this company or agent, or one below it.
    pub below: Option<NodeId>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// With this in the name, or at the beginning of the e-mail address; in small letters.
    pub search: Option<String>,
}

/// The newest users of a scope that match.
///
/// # Errors
/// Of the database.
pub fn users(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &UserFilter,
    page: &Page,
) -> Result<Slice<Visible<User>>> {
    let mut query = tenancy::users(scope);
    if let Some(state) = filter.state {
        query = query.filter(users::state.eq(state));
    }
    if let Some(node) = filter.node {
        query = query.filter(users::node_id.eq(node));
    }
    if let Some(node) = filter.below {
        query = query.filter(users::node_id.eq_any(below!(node)));
    }
    if let Some(customer) = filter.customer {
        query = query.filter(users::customer_id.eq(customer));
    }
    if let Some(search) = &filter.search {
        query = query.filter(
            users::email
                .ge(search.clone())
                .and(users::email.lt(page::after_prefix(search)))
                .or(position_of(lower_case(users::name), search.clone()).gt(0)),
        );
    }
    if let Some(before) = page.before {
        query = query.filter(users::id.lt(UserId(before)));
    }
    let rows: Vec<UserRow> = query
        .order(users::id.desc())
        .limit(page.fetch())
        .select(UserRow::as_select())
        .load(tx.conn)?;
    Ok(page
        .slice(rows, |row| row.id.0)
        .map(|row| Visible::new(row.into())))
}

/// When these users last did something at a browser, UTC; who never did is not among them.
///
/// # Errors
/// Of the database.
pub fn last_seen(tx: &mut ReadTx<'_>, of: &[Visible<User>]) -> Result<BTreeMap<UserId, NaiveDateTime>> {
    let ids: Vec<UserId> = of.iter().map(|user| user.id).collect();
    let rows: Vec<(UserId, Option<NaiveDateTime>)> = sessions::table
        .filter(sessions::user_id.eq_any(ids))
        .group_by(sessions::user_id)
        .select((sessions::user_id, latest(sessions::last_seen_at)))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(id, at)| Some((id, at?))).collect())
}
