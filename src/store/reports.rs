//! Figures that are asked for: of a scope, narrowed to a product, a company, an agent, in intervals of days. They are read
//! from the tallies, which agree with the rows at every moment.

use super::{
    db::ReadTx,
    licenses::Filter,
    names, regraced,
    schema::{modules, products},
    statistics::{self, Cuts, Sold, Tried},
    tallies::{self, Count, Split, Stretch, What},
};
use crate::domain::{
    company_rules::Graces,
    error::Result,
    ids::{ModuleId, NodeId, ProductId},
    license::{LicenseKind, LicenseState},
    scope::Scope,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

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
    /// Whatever the product.
    pub(super) fn of_all_products(self) -> Self {
        Self {
            product: None,
            ..self
        }
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

/// What was sold from one instant until another, by interval, kind and currency. Both are beginnings of days.
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
    let stretch = Stretch {
        from: Some(cuts.first()),
        until: Some(until),
    };
    let (counts, zone) = tallies::sales(tx, scope, narrow, stretch)?;
    Ok(statistics::sold(counts.iter(), cuts, zone))
}

/// What an agent sold, by kind and currency.
#[derive(Debug, Clone)]
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

/// What each agent sold between two beginnings of days.
///
/// # Errors
/// Of the database.
pub fn sales_by_agent(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    (from, until): (NaiveDateTime, NaiveDateTime),
) -> Result<Vec<SoldBy>> {
    let stretch = Stretch {
        from: Some(from),
        until: Some(until),
    };
    let (counts, _) = tallies::sales(tx, scope, narrow, stretch)?;
    let mut sums = BTreeMap::<(Option<NodeId>, &str), (i64, i64)>::new();
    for count in counts.iter() {
        let sum = sums
            .entry((count.agent.map(NodeId), count.word.as_str()))
            .or_default();
        *sum = (sum.0 + count.n, sum.1 + count.cents);
    }
    let agents: BTreeSet<NodeId> = sums.keys().filter_map(|(agent, _)| *agent).collect();
    let names = names::nodes_with_kinds(tx, scope, &agents)?;
    Ok(sums
        .into_iter()
        .filter(|(_, (count, _))| *count != 0)
        .map(|((agent, word), (count, cents))| {
            let (kind, currency) = statistics::kind_and_currency(word);
            SoldBy {
                agent,
                name: agent.and_then(|id| names.get(&id)).map(|(name, _)| name.clone()),
                kind,
                currency,
                count,
                cents,
            }
        })
        .collect())
}

/// The tries to activate until the beginning of a day, by interval and how they ended.
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
    let stretch = Stretch {
        from: Some(cuts.first()),
        until: Some(until),
    };
    let (counts, zone) = tallies::read(tx, scope, narrow, &[(What::Tries, stretch)], Split::Whole)?;
    let mut tried = tallies::young_tries(tx, scope, narrow, cuts, Some(until))?;
    tried.extend(
        counts
            .iter()
            .map(|count| (cuts.interval(count.when, zone), count.tried(), count.n)),
    );
    Ok(tried)
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
    grace: &Graces,
) -> Result<BTreeMap<LicenseState, i64>> {
    regraced::states(tx, scope, narrow, (today, grace), false, |_| true)
}

/// How many licences there are of each kind, revoked ones aside.
///
/// # Errors
/// Of the database.
pub fn kinds(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    _today: NaiveDate,
) -> Result<BTreeMap<LicenseKind, i64>> {
    let mut of = BTreeMap::new();
    let all = tallies::licenses(tx, scope, narrow)?;
    for count in all.iter().filter(|count| !count.is_revoked()) {
        if let Some(kind) = count.kind() {
            *of.entry(kind).or_default() += count.n;
        }
    }
    of.retain(|_, n| *n != 0);
    Ok(of)
}

/// Days on which licences expire, of a stretch: how many each, revoked ones aside; of trials those that were activated. Of
/// those that were put away the days that are over by today.
///
/// # Errors
/// Of the database.
pub fn expiries(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    (from, to): (NaiveDate, NaiveDate),
    today: NaiveDate,
    trials: bool,
) -> Result<Vec<(NaiveDate, i64)>> {
    let mut of = BTreeMap::<NaiveDate, i64>::new();
    let standing = tallies::licenses(tx, scope, narrow)?;
    let away = tallies::listed(tx, scope, narrow, true)?;
    let over = |count: &&Count| count.expires_on().is_some_and(|day| day < today);
    for count in standing.iter().chain(away.iter().filter(over)) {
        let is_trial = count.kind() == Some(LicenseKind::Trial);
        if count.is_revoked() || is_trial != trials || (is_trial && !count.is_activated()) {
            continue;
        }
        if let Some(day) = count.expires_on().filter(|day| (from..=to).contains(day)) {
            *of.entry(day).or_default() += count.n;
        }
    }
    Ok(of.into_iter().filter(|(_, n)| *n != 0).collect())
}

/// In how many licences a module is switched on.
#[derive(Debug, Clone)]
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
    let everything = narrow.of_all_products();
    let wanted = [(What::Modules, Stretch::default())];
    let (counts, _) = tallies::read(tx, scope, everything, &wanted, Split::Whole)?;
    let mut sums = BTreeMap::<[u8; 16], i64>::new();
    for count in counts
        .iter()
        .filter(|count| count.expires_on().is_none_or(|last| last >= today))
    {
        *sums.entry(count.product).or_default() += count.n;
    }
    let rows: Vec<(ModuleId, ProductId, String, String, String)> = modules::table
        .inner_join(products::table.on(products::id.eq(modules::product_id)))
        .order((products::code, modules::code))
        .select((
            modules::id,
            products::id,
            products::code,
            modules::code,
            modules::name,
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter(|(_, of, ..)| narrow.product.is_none_or(|product| product == *of))
        .filter_map(|(id, _, product, code, name)| {
            Some(ModuleUse {
                product,
                code,
                name,
                licenses: sums.get(&id.0).copied().filter(|n| *n != 0)?,
            })
        })
        .collect())
}
