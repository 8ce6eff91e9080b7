//! Figures that are asked for: of a scope, narrowed to a product, a company, an agent, in intervals of days. Each is one
//! query, whatever the number of rows.

use super::{
    db::ReadTx,
    license_lists::{self, Tally},
    licenses::{self as lists, Filter},
    schema::{activation_log, license_modules, licenses, modules, nodes, products, transactions},
    statistics::{CENTS, Cuts, NO_SALE, Sold, Tried},
    tenancy,
};
use crate::domain::{
    error::Result,
    ids::{self, LogId, NodeId, ProductId, TransactionId},
    license::{LicenseKind, LicenseState},
    scope::Scope,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    dsl::{count_star, sql},
    prelude::*,
    sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text},
};
use std::collections::BTreeMap;

/// What of a scope is looked at. Who asks was found to see the nodes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrow {
    /// Of one product.
    pub product: Option<ProductId>,
    /// Of a company and all below it.
    pub company: Option<NodeId>,
    /// Of an agent.
    pub agent: Option<NodeId>,
}

impl Narrow {
    /// As a condition on a table whose rows name their company and agent; `product` says how they name their product.
    fn words(self, table: &str, product: impl Fn(&str) -> String) -> String {
        let mut all = vec!["1 = 1".to_owned()];
        if let Some(company) = self.company {
            all.push(format!(
                "{table}.company_id IN {}",
                tenancy::below_words(company.0)
            ));
        }
        if let Some(agent) = self.agent {
            all.push(format!("{table}.agent_id = {}", tenancy::literal(agent.0)));
        }
        if let Some(id) = self.product {
            all.push(product(&tenancy::literal(id.0)));
        }
        all.join(" AND ")
    }

    fn of_transactions(self) -> String {
        self.words("transactions", |product| {
            format!(
                "transactions.license_id IN (SELECT sold.id FROM licenses AS sold WHERE sold.product_id = {product})"
            )
        })
    }

    /// As the list of licences is filtered.
    pub fn filter(self) -> Filter {
        Filter {
            product: self.product,
            company: self.company,
            agent: self.agent,
            ..Filter::default()
        }
    }
}

/// What was sold from one instant until another, by interval, kind and currency.
///
/// # Errors
/// Of the database.
pub fn sales(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    cuts: &Cuts,
    until: NaiveDateTime,
) -> Result<Vec<Sold>> {
    let interval = cuts.of_id("transactions.id");
    let kind = sql::<Text>("transactions.kind");
    let currency = sql::<Text>("transactions.currency");
    Ok(transactions::table
        .filter(tenancy::has_transaction(scope))
        .filter(sql::<Bool>(&narrow.of_transactions()))
        .filter(transactions::id.ge(TransactionId(ids::before(cuts.first()))))
        .filter(transactions::id.lt(TransactionId(ids::before(until))))
        .filter(sql::<Bool>(&format!("NOT {NO_SALE}")))
        .group_by((interval.clone(), kind.clone(), currency.clone()))
        .select((interval, kind, currency, count_star(), sql::<BigInt>(CENTS)))
        .load(tx.conn)?)
}

/// What an agent sold, by kind and currency.
#[derive(Debug, Clone, Queryable)]
pub struct SoldBy {
    /// Who; none for what a company sold without one.
    pub agent: Option<NodeId>,
    /// The name, where the scope sees the agent still.
    pub name: Option<String>,
    /// What the rows are.
    pub kind: String,
    /// ISO 4217.
    pub currency: String,
    /// How many.
    pub count: i64,
    /// Net, in cents.
    pub cents: i64,
}

/// What each agent sold between two instants.
///
/// # Errors
/// Of the database.
pub fn sales_by_agent(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    (from, until): (NaiveDateTime, NaiveDateTime),
) -> Result<Vec<SoldBy>> {
    let seen = sql::<Nullable<Bool>>(&tenancy::nodes_words(scope));
    let agent = sql::<Nullable<Binary>>("transactions.agent_id");
    let kind = sql::<Text>("transactions.kind");
    let currency = sql::<Text>("transactions.currency");
    Ok(transactions::table
        .left_join(nodes::table.on(nodes::id.nullable().eq(transactions::agent_id).and(seen)))
        .filter(sql::<Bool>(&tenancy::words(scope, "transactions", "customer_id")))
        .filter(sql::<Bool>(&narrow.of_transactions()))
        .filter(transactions::id.ge(TransactionId(ids::before(from))))
        .filter(transactions::id.lt(TransactionId(ids::before(until))))
        .filter(sql::<Bool>(&format!("NOT {NO_SALE}")))
        .group_by((agent.clone(), kind.clone(), currency.clone()))
        .select((
            agent,
            sql::<Nullable<Text>>("MAX(nodes.name)"),
            kind,
            currency,
            count_star(),
            sql::<BigInt>(CENTS),
        ))
        .load(tx.conn)?)
}

/// The tries to activate until an instant, by interval and how they ended.
///
/// # Errors
/// Of the database.
pub fn activations(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    cuts: &Cuts,
    until: NaiveDateTime,
) -> Result<Vec<(i32, Tried, i64)>> {
    let words = narrow.words("activation_log", |product| {
        format!("activation_log.product_id = {product}")
    });
    let interval = cuts.of_id("activation_log.id");
    let outcome = sql::<Integer>(Tried::WORDS);
    let rows: Vec<(i32, i32, i64)> = activation_log::table
        .filter(tenancy::has_activation(scope))
        .filter(sql::<Bool>(&words))
        .filter(activation_log::id.ge(LogId(ids::before(cuts.first()))))
        .filter(activation_log::id.lt(LogId(ids::before(until))))
        .filter(activation_log::operation.eq("attiva"))
        .group_by((interval.clone(), outcome.clone()))
        .select((interval, outcome, count_star()))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(interval, outcome, count)| (interval, Tried::of(outcome), count))
        .collect())
}

/// How many licences there are in each state, all of them counted.
///
/// # Errors
/// Of the database.
pub fn states(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    today: NaiveDate,
    grace: &[(ProductId, i32)],
) -> Result<BTreeMap<LicenseState, i64>> {
    license_lists::states(tx, scope, &narrow.filter(), today, grace)
}

/// How many licences there are of each kind, revoked ones aside.
///
/// # Errors
/// Of the database.
pub fn kinds(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    today: NaiveDate,
) -> Result<BTreeMap<LicenseKind, i64>> {
    let query = lists::matching(scope, &narrow.filter(), today, &[])
        .filter(licenses::revoked_at.is_null())
        .select(sql::<Text>("licenses.kind AS word"));
    let rows: Vec<(String, i64)> = Tally(query).load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(word, n)| Some((LicenseKind::from_code(&word)?, n)))
        .collect())
}

/// Days on which licences expire, of a stretch: how many each, revoked ones aside; of trials those that were activated.
///
/// # Errors
/// Of the database.
pub fn expiries(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    (from, to): (NaiveDate, NaiveDate),
    trials: bool,
) -> Result<Vec<(NaiveDate, i64)>> {
    let mut query = lists::matching(scope, &narrow.filter(), from, &[])
        .filter(licenses::revoked_at.is_null())
        .filter(licenses::expires_on.ge(from))
        .filter(licenses::expires_on.le(to));
    query = if trials {
        query
            .filter(licenses::kind.eq(LicenseKind::Trial))
            .filter(licenses::activated_at.is_not_null())
    } else {
        query.filter(licenses::kind.ne(LicenseKind::Trial))
    };
    let query = query.select(sql::<Text>("CAST(licenses.expires_on AS CHAR(10)) AS word"));
    let rows: Vec<(String, i64)> = Tally(query).load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(day, n)| Some((day.parse().ok()?, n)))
        .collect())
}

/// In how many licences a module is switched on.
#[derive(Debug, Clone, Queryable)]
pub struct ModuleUse {
    /// The product's code.
    pub product: String,
    /// The module's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Licences.
    pub licenses: i64,
}

/// How many licences that are neither revoked nor over have each module.
///
/// # Errors
/// Of the database.
pub fn modules(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    today: NaiveDate,
) -> Result<Vec<ModuleUse>> {
    let words = narrow.words("licenses", |product| format!("licenses.product_id = {product}"));
    let product = sql::<Text>("products.code");
    let (code, name) = (sql::<Text>("modules.code"), sql::<Text>("modules.name"));
    Ok(license_modules::table
        .inner_join(licenses::table.on(licenses::id.eq(license_modules::license_id)))
        .inner_join(modules::table.on(modules::id.eq(license_modules::module_id)))
        .inner_join(products::table.on(products::id.eq(modules::product_id)))
        .filter(sql::<Bool>(&tenancy::words(scope, "licenses", "customer_id")))
        .filter(sql::<Bool>(&words))
        .filter(licenses::revoked_at.is_null())
        .filter(licenses::expires_on.is_null().or(licenses::expires_on.ge(today)))
        .filter(
            license_modules::expires_on
                .is_null()
                .or(license_modules::expires_on.ge(today)),
        )
        .group_by((product.clone(), code.clone(), name.clone()))
        .select((product.clone(), code.clone(), name, count_star()))
        .order((product, code))
        .load(tx.conn)?)
}
