//! A [`Scope`] as SQL: for each table of tenants' data the query that all its reads begin with.

use super::{
    connection::MultiBackend,
    offers,
    schema::{
        access_log, activation_log, audit_log, batches, customers, licenses, node_tree, nodes, outbox,
        transactions, users, webhooks,
    },
};
use crate::domain::{
    company::NodeKind,
    scope::{Reach, Scope},
};
use diesel::{
    BoxableExpression,
    prelude::*,
    sql_types::{Bool, Nullable},
};

/// A row that some scope was allowed to see, or that its secret key found. Writes take this and not an identifier,
/// so that nothing is changed, or pointed at, that was not found first.
#[derive(Debug, Clone)]
pub struct Visible<T>(T);

impl<T> Visible<T> {
    pub(super) fn new(row: T) -> Self {
        Self(row)
    }

    /// The row itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> std::ops::Deref for Visible<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// The nodes at and below one.
macro_rules! below {
    ($root:expr) => {
        node_tree::table
            .filter(node_tree::ancestor_id.eq($root))
            .select(node_tree::descendant_id)
    };
}

/// The same, for a column that may be null.
macro_rules! below_or_null {
    ($root:expr) => {
        node_tree::table
            .filter(node_tree::ancestor_id.eq($root))
            .select(node_tree::descendant_id.nullable())
    };
}

/// The customers of a company and of all below it.
macro_rules! customers_below {
    ($root:expr) => {
        customers::table
            .filter(customers::company_id.eq_any(below_or_null!($root)))
            .select(customers::id.nullable())
    };
}

/// No row at all.
fn never() -> diesel::expression::SqlLiteral<Bool> {
    diesel::dsl::sql("1 = 0")
}

/// A table whose rows name their company, agent and customer.
macro_rules! owned {
    ($(#[$doc:meta])* $table:ident, $customer:ident) => {
        $(#[$doc])*
        pub(super) fn $table(scope: Scope) -> $table::BoxedQuery<'static, MultiBackend> {
            let query = $table::table.into_boxed();
            match scope.reach() {
                Reach::Everything => query,
                Reach::Company(node) => query.filter($table::company_id.eq_any(below_or_null!(node))),
                Reach::Agent(node) => query.filter($table::agent_id.eq(node)),
                Reach::Customer(customer) => query.filter($table::$customer.eq(customer)),
                Reach::Nothing => query.filter(never()),
            }
        }
    };
}

owned! {
    /// The licences of a scope.
    licenses, customer_id
}
/// The same, as a condition that no index answers: for what is found by another index, or walked through in its order.
/// SQLite's planner, which knows no values, would take all rows of a company or an agent instead.
macro_rules! walked {
    ($(#[$doc:meta])* $name:ident, $table:ident) => {
        $(#[$doc])*
        pub(super) fn $name(scope: Scope) -> $table::BoxedQuery<'static, MultiBackend> {
            match scope.reach() {
                Reach::Company(_) | Reach::Agent(_) => $table::table
                    .into_boxed()
                    .filter(walked_words(scope, stringify!($table))),
                _ => $table(scope),
            }
        }
    };
}

walked! {
    /// Licences.
    licenses_walked, licenses
}
walked! {
    /// Customers, the archived ones too.
    customers_walked, customers
}
walked! {
    /// Rows of the ledger.
    transactions_walked, transactions
}
walked! {
    /// Rows of the activation log.
    activation_log_walked, activation_log
}

/// The companies or the agent of a scope, in words that no index answers.
pub(super) fn walked_words(scope: Scope, table: &str) -> diesel::expression::SqlLiteral<Bool> {
    diesel::dsl::sql(&match scope.reach() {
        Reach::Company(node) => format!("COALESCE({table}.company_id, '') IN {}", below_words(node.0)),
        Reach::Agent(node) => format!("COALESCE({table}.agent_id, '') = {}", literal(node.0)),
        _ => words(scope, table, "customer_id"),
    })
}

/// The licences of a company and of all below it, which no index answers.
pub(super) fn of_company_walked(company: [u8; 16]) -> diesel::expression::SqlLiteral<Bool> {
    diesel::dsl::sql(&format!(
        "COALESCE(licenses.company_id, '') IN {}",
        below_words(company)
    ))
}

/// The licences of an agent, which no index answers.
pub(super) fn of_agent_walked(agent: [u8; 16]) -> diesel::expression::SqlLiteral<Bool> {
    diesel::dsl::sql(&format!("COALESCE(licenses.agent_id, '') = {}", literal(agent)))
}

/// The customers of a scope. Who was archived is not among them: [`every_customer`].
pub(super) fn customers(scope: Scope) -> customers::BoxedQuery<'static, MultiBackend> {
    every_customer(scope).filter(customers::archived_at.is_null())
}

/// The customers of a scope, the archived ones too: to name them where old rows do. They have no company any more, so that
/// nobody below the vendor meets them.
pub(super) fn every_customer(scope: Scope) -> customers::BoxedQuery<'static, MultiBackend> {
    let query = customers::table.into_boxed();
    match scope.reach() {
        Reach::Everything => query,
        Reach::Company(node) => query.filter(customers::company_id.eq_any(below_or_null!(node))),
        Reach::Agent(node) => query.filter(customers::agent_id.eq(node)),
        Reach::Customer(customer) => query.filter(customers::id.eq(customer)),
        Reach::Nothing => query.filter(never()),
    }
}

/// Those who became part of a customer.
macro_rules! merged_into {
    ($customer:expr) => {
        customers::table
            .filter(customers::merged_into.eq($customer))
            .select(customers::id.nullable())
    };
}

/// A table whose rows are never changed, and name their company, agent and customer as they were then. A customer's own
/// are those of who became part of it, too.
macro_rules! kept {
    ($(#[$doc:meta])* $table:ident) => {
        $(#[$doc])*
        pub(super) fn $table(scope: Scope) -> $table::BoxedQuery<'static, MultiBackend> {
            let query = $table::table.into_boxed();
            match scope.reach() {
                Reach::Everything => query,
                Reach::Company(node) => query.filter($table::company_id.eq_any(below_or_null!(node))),
                Reach::Agent(node) => query.filter($table::agent_id.eq(node)),
                Reach::Customer(customer) => query.filter(
                    $table::customer_id
                        .eq(customer)
                        .or($table::customer_id.eq_any(merged_into!(customer))),
                ),
                Reach::Nothing => query.filter(never()),
            }
        }
    };
}

kept! {
    /// The activation log of a scope: rows stay with whom they happened to.
    activation_log
}
kept! {
    /// The audit log of a scope: rows stay with whom they happened to.
    audit_log
}
kept! {
    /// The ledger of a scope: rows stay with whom they happened to.
    transactions
}

owned! {
    /// The batches of a scope: rows stay with whom they were made for.
    batches, customer_id
}

/// The messages of a scope: those that go out on its companies' behalf. Agents and customers have none to see.
pub(super) fn outbox(scope: Scope) -> outbox::BoxedQuery<'static, MultiBackend> {
    let query = outbox::table.into_boxed();
    match scope.reach() {
        Reach::Everything => query,
        Reach::Company(node) => query.filter(outbox::company_id.eq_any(below_or_null!(node))),
        Reach::Agent(_) | Reach::Customer(_) | Reach::Nothing => query.filter(never()),
    }
}

/// The addresses of a scope that events are sent to. Agents and customers have none.
pub(super) fn webhooks(scope: Scope) -> webhooks::BoxedQuery<'static, MultiBackend> {
    let query = webhooks::table.into_boxed();
    match scope.reach() {
        Reach::Everything => query,
        Reach::Company(node) => query.filter(webhooks::node_id.eq_any(below!(node))),
        Reach::Agent(_) | Reach::Customer(_) | Reach::Nothing => query.filter(never()),
    }
}

/// How many licences of a scope each value of a column has, to be narrowed.
macro_rules! counted {
    ($(#[$doc:meta])* $name:ident, $column:ident) => {
        $(#[$doc])*
        pub(super) fn $name(
            scope: Scope,
        ) -> diesel::dsl::IntoBoxed<
            'static,
            diesel::dsl::Select<
                diesel::dsl::GroupBy<licenses::table, licenses::$column>,
                (licenses::$column, diesel::dsl::count_star),
            >,
            MultiBackend,
        > {
            let query = licenses::table
                .group_by(licenses::$column)
                .select((licenses::$column, diesel::dsl::count_star()))
                .into_boxed();
            match scope.reach() {
                Reach::Everything => query,
                Reach::Company(node) => query.filter(licenses::company_id.eq_any(below_or_null!(node))),
                Reach::Agent(node) => query.filter(licenses::agent_id.eq(node)),
                Reach::Customer(customer) => query.filter(licenses::customer_id.eq(customer)),
                Reach::Nothing => query.filter(never()),
            }
        }
    };
}

counted! {
    /// By batch.
    licenses_by_batch, batch_id
}

/// Whether a customer is of a scope, and was not archived.
pub(super) fn has_customer(scope: Scope) -> Condition<customers::table> {
    Box::new(when_customer(scope).and(customers::archived_at.is_null()))
}
/// An identifier as both databases read it.
pub(super) fn literal(id: [u8; 16]) -> String {
    let digits: String = id.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("X'{digits}'")
}

pub(super) fn below_words(node: [u8; 16]) -> String {
    format!(
        "(SELECT below.descendant_id FROM node_tree AS below WHERE below.ancestor_id = {})",
        literal(node)
    )
}

/// The scope of a table whose rows name their company, agent and customer, in words: for joins, where no boxed condition
/// can stand.
pub(super) fn words(scope: Scope, table: &str, customer: &str) -> String {
    match scope.reach() {
        Reach::Everything => "1 = 1".to_owned(),
        Reach::Company(node) => format!("{table}.company_id IN {}", below_words(node.0)),
        Reach::Agent(node) => format!("{table}.agent_id = {}", literal(node.0)),
        Reach::Customer(id) => format!("{table}.{customer} = {}", literal(id.0)),
        Reach::Nothing => "1 = 0".to_owned(),
    }
}

/// The same of a table whose rows name no customer, but a company and an agent.
pub(super) fn words_of_nodes(scope: Scope, table: &str) -> String {
    match scope.reach() {
        Reach::Customer(_) => "1 = 0".to_owned(),
        _ => words(scope, table, "company_id"),
    }
}

/// Whether a scope leaves nothing out.
pub(super) fn is_everything(scope: Scope) -> bool {
    scope.reach() == Reach::Everything
}

/// The companies and agents of a scope, in words.
pub(super) fn nodes_words(scope: Scope) -> String {
    match scope.reach() {
        Reach::Everything => "nodes.parent_id IS NOT NULL".to_owned(),
        Reach::Company(node) => format!("nodes.id IN {}", below_words(node.0)),
        Reach::Agent(node) => format!("nodes.id = {}", literal(node.0)),
        Reach::Customer(_) | Reach::Nothing => "1 = 0".to_owned(),
    }
}

/// The products of a scope, in words: what companies may sell.
pub(super) fn products_words(scope: Scope) -> String {
    offered_words(scope, "products.id")
}

/// The same of the product that a column names.
pub(super) fn offered_words(scope: Scope, product: &str) -> String {
    match scope.reach() {
        Reach::Everything => "1 = 1".to_owned(),
        Reach::Company(node) | Reach::Agent(node) => offers::sold_from(node, 0, product),
        Reach::Customer(_) | Reach::Nothing => "1 = 0".to_owned(),
    }
}

/// The users of a scope, in words.
pub(super) fn users_words(scope: Scope) -> String {
    let of = |customers: String| {
        format!("users.customer_id IN (SELECT own.id FROM customers AS own WHERE own.{customers})")
    };
    match scope.reach() {
        Reach::Everything => "1 = 1".to_owned(),
        Reach::Company(node) => {
            let below = below_words(node.0);
            let customers = of(format!("company_id IN {below}"));
            format!("(users.node_id IN {below} OR {customers})")
        }
        Reach::Agent(node) => {
            let own = literal(node.0);
            let customers = of(format!("agent_id = {own}"));
            format!("(users.node_id = {own} OR {customers})")
        }
        Reach::Customer(id) => format!("users.customer_id = {}", literal(id.0)),
        Reach::Nothing => "1 = 0".to_owned(),
    }
}

/// Notices about what is of a scope still, in words.
pub(super) fn notices_words(scope: Scope) -> String {
    let seen = |about: &str, table: &str, words: String| {
        format!(
            "(notices.subject_kind = '{about}' AND EXISTS (SELECT 1 FROM {table} \
             WHERE {table}.id = notices.subject_id AND {words}))"
        )
    };
    format!(
        "({} OR {} OR {})",
        seen(
            "cliente",
            "customers",
            format!(
                "customers.archived_at IS NULL AND {}",
                words(scope, "customers", "id")
            )
        ),
        seen("licenza", "licenses", words(scope, "licenses", "customer_id")),
        seen("nodo", "nodes", nodes_words(scope)),
    )
}

/// The companies and agents of a scope; the vendor is not among them.
pub(super) fn nodes(scope: Scope) -> nodes::BoxedQuery<'static, MultiBackend> {
    let query = nodes::table.filter(nodes::kind.ne(NodeKind::Vendor)).into_boxed();
    match scope.reach() {
        Reach::Everything => query,
        Reach::Company(node) => query.filter(nodes::id.eq_any(below!(node))),
        Reach::Agent(node) => query.filter(nodes::id.eq(node)),
        Reach::Customer(_) | Reach::Nothing => query.filter(never()),
    }
}

/// The users of a scope: of its nodes, and of its customers.
pub(super) fn users(scope: Scope) -> users::BoxedQuery<'static, MultiBackend> {
    let query = users::table.into_boxed();
    match scope.reach() {
        Reach::Everything => query,
        Reach::Company(node) => query.filter(
            users::node_id
                .is_not_null()
                .and(users::node_id.eq_any(below_or_null!(node)))
                .or(users::customer_id
                    .is_not_null()
                    .and(users::customer_id.eq_any(customers_below!(node)))),
        ),
        Reach::Agent(node) => query.filter(
            users::node_id
                .is_not_null()
                .and(users::node_id.eq(node))
                .or(users::customer_id.is_not_null().and(
                    users::customer_id.eq_any(
                        customers::table
                            .filter(customers::agent_id.eq(node))
                            .select(customers::id.nullable()),
                    ),
                )),
        ),
        Reach::Customer(customer) => query.filter(users::customer_id.eq(customer)),
        Reach::Nothing => query.filter(never()),
    }
}

/// The access log of a scope: what its users did.
pub(super) fn access_log(scope: Scope) -> access_log::BoxedQuery<'static, MultiBackend> {
    let query = access_log::table.into_boxed();
    match scope.reach() {
        Reach::Everything => query,
        Reach::Company(node) => query.filter(
            access_log::node_id
                .is_not_null()
                .and(access_log::node_id.eq_any(below_or_null!(node)))
                .or(access_log::customer_id
                    .is_not_null()
                    .and(access_log::customer_id.eq_any(customers_below!(node)))),
        ),
        Reach::Agent(node) => query.filter(access_log::node_id.eq(node)),
        Reach::Customer(customer) => query.filter(
            access_log::customer_id
                .eq(customer)
                .or(access_log::customer_id.eq_any(merged_into!(customer))),
        ),
        Reach::Nothing => query.filter(never()),
    }
}

/// A scope as a condition, for queries that group: a boxed one cannot be grouped any more.
pub(super) type Condition<T> = Box<dyn BoxableExpression<T, MultiBackend, SqlType = Nullable<Bool>>>;

/// Every row.
pub(super) fn always<T: 'static>() -> Condition<T>
where
    diesel::expression::SqlLiteral<Nullable<Bool>>:
        BoxableExpression<T, MultiBackend, SqlType = Nullable<Bool>>,
{
    Box::new(diesel::dsl::sql::<Nullable<Bool>>("1 = 1"))
}

macro_rules! owned_when {
    ($(#[$doc:meta])* $name:ident, $source:ty, $table:ident, $customer:ident) => {
        $(#[$doc])*
        pub(super) fn $name(scope: Scope) -> Condition<$source> {
            match scope.reach() {
                Reach::Everything => always(),
                Reach::Company(node) => Box::new($table::company_id.eq_any(below_or_null!(node))),
                Reach::Agent(node) => Box::new($table::agent_id.eq(node)),
                Reach::Customer(customer) => Box::new($table::$customer.eq(customer).nullable()),
                Reach::Nothing => Box::new(diesel::dsl::sql::<Nullable<Bool>>("1 = 0")),
            }
        }
    };
}

owned_when! {
    /// Which customers are, archived or not.
    when_customer, customers::table, customers, id
}
/// Which users of nodes are of a scope.
pub(super) fn when_user_of_node(scope: Scope) -> Condition<users::table> {
    match scope.reach() {
        Reach::Everything => always(),
        Reach::Company(node) => Box::new(users::node_id.eq_any(below_or_null!(node))),
        Reach::Agent(node) => Box::new(users::node_id.eq(node)),
        Reach::Customer(_) | Reach::Nothing => Box::new(diesel::dsl::sql::<Nullable<Bool>>("1 = 0")),
    }
}
