//! Figures that are kept beside the rows that they count (decision 0018): tallies, and deltas that are not folded into
//! them yet. Read together in one transaction they are what the rows say at that moment. `tallying` keeps them.

pub(super) use super::counts::{Count, NOT_REVOKED, What};

use super::{
    counts::{DELTA, Delta, EVERYBODY, NOBODY, REVOKED, When},
    db::ReadTx,
    regraced::Regraced,
    reports::Narrow,
    schema::{activation_log, tallies, tally_deltas, tally_state},
    statistics::{Cuts, Tried},
    tenancy,
};
use crate::domain::{
    calendar,
    company::{Node, NodeKind},
    error::Result,
    ids::{self, LogId, NodeId, ProductId},
    scope::Scope,
};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use diesel::{
    dsl::{count_star, sql},
    prelude::*,
    sql_types::{BigInt, Binary, Bool, Date, Integer, Nullable, Text},
};
use std::sync::Arc;

/// Whether each company or each agent is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    Whole,
    Company,
    Agent,
}

/// What was read of a scope already, for all figures of a page.
#[derive(Clone)]
pub(super) struct Memo {
    place: String,
    pub(super) zone: Option<Tz>,
    log_before: [u8; 16],
    pub(super) unfolded: Arc<[Count]>,
    licenses: Option<Arc<[Count]>>,
    pub(super) regraced: Option<Arc<[Regraced]>>,
    sales: Option<(Stretch, Arc<[Count]>)>,
}

/// The rows of a scope that also are of what it was narrowed to; not yet of its product.
pub(super) fn place(scope: Scope, narrow: Narrow, table: &str) -> String {
    let mut all = vec![tenancy::words_of_nodes(scope, table)];
    if let Some(company) = narrow.company {
        all.push(format!(
            "{table}.company_id IN {}",
            tenancy::below_words(company.0)
        ));
    }
    if let Some(agent) = narrow.agent {
        all.push(format!("{table}.agent_id = {}", tenancy::literal(agent.0)));
    }
    all.join(" AND ")
}

/// The same among the tallies, where rows of everybody stand beside those of each.
fn tallied(scope: Scope, narrow: Narrow, split: Split) -> String {
    let everybody = tenancy::literal(EVERYBODY);
    if !tenancy::is_everything(scope) || narrow.company.is_some() || narrow.agent.is_some() {
        let place = place(scope, narrow, "tallies");
        return format!("{place} AND tallies.company_id <> {everybody} AND tallies.agent_id <> {everybody}");
    }
    let (company, agent) = match split {
        Split::Whole => ("=", "="),
        Split::Company => ("<>", "="),
        Split::Agent => ("=", "<>"),
    };
    format!("tallies.company_id {company} {everybody} AND tallies.agent_id {agent} {everybody}")
}

/// What of a place is read once in a transaction.
pub(super) fn memo(tx: &mut ReadTx<'_>, scope: Scope, narrow: Narrow) -> Result<Memo> {
    let place = place(scope, narrow, "tally_deltas");
    if let Some(memo) = tx.memo.as_ref().filter(|memo| memo.place == place) {
        return Ok(memo.clone());
    }
    type Row = (String, LogId, Option<Delta>);
    let rows: Vec<Row> = tally_state::table
        .left_join(tally_deltas::table.on(sql::<Bool>(&place)))
        .select((tally_state::zone, tally_state::log_before, DELTA.nullable()))
        .load(tx.conn)?;
    let (zone, log_before) = rows
        .first()
        .map_or((None, NOBODY), |(zone, before, _)| (zone.parse().ok(), before.0));
    let memo = Memo {
        place,
        zone,
        log_before,
        unfolded: rows
            .iter()
            .filter_map(|(.., delta)| delta.as_ref())
            .flat_map(Delta::counts)
            .collect(),
        licenses: None,
        regraced: None,
        sales: None,
    };
    tx.memo = Some(memo.clone());
    Ok(memo)
}

/// From one instant until another: on no bound all time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: Option<NaiveDateTime>,
    pub(super) until: Option<NaiveDateTime>,
}

impl Stretch {
    /// On the tallies' days, which bounds of a stretch never cut in two but where a figure says so.
    fn words(self, zone: Tz) -> String {
        let day = |at| calendar::today(at, zone);
        let mut all = String::new();
        if let Some(from) = self.from {
            all.push_str(&format!(" AND tallies.day >= '{}'", day(from)));
        }
        if let Some(until) = self.until {
            all.push_str(&format!(" AND tallies.day < '{}'", day(until)));
        }
        all
    }

    fn holds(self, when: When, zone: Option<Tz>) -> bool {
        let (from, until) = (self.from, self.until);
        match when {
            When::At(at) => from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until),
            When::Day(day) => zone.is_none_or(|zone| {
                from.is_none_or(|from| calendar::today(from, zone) <= day)
                    && until.is_none_or(|until| day < calendar::today(until, zone))
            }),
            When::Never => from.is_none() && until.is_none(),
        }
    }
}

/// What is wanted of the tallies: each thing with its stretch of time.
pub(super) type Wanted<'a> = &'a [(What, Stretch)];

/// What is counted of a scope, and the zone in which its days are days.
///
/// # Errors
/// Of the database.
pub(super) fn read(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    wanted: Wanted<'_>,
    split: Split,
) -> Result<(Vec<Count>, Option<Tz>)> {
    let memo = memo(tx, scope, narrow)?;
    let mut found = match memo.zone {
        Some(zone) => stored(tx, &tallied(scope, narrow, split), wanted, zone, split)?,
        None => Vec::new(),
    };
    found.extend(
        memo.unfolded
            .iter()
            .filter(|count| {
                let mut wanted = wanted.iter();
                wanted.any(|(what, stretch)| *what == count.what && stretch.holds(count.when, memo.zone))
            })
            .cloned(),
    );
    if let Some(product) = narrow.product {
        found.retain(|count| count.product == product.0);
    }
    Ok((found, memo.zone))
}

/// The licences of a scope: read once for all figures of a page.
///
/// # Errors
/// Of the database.
pub(super) fn licenses(tx: &mut ReadTx<'_>, scope: Scope, narrow: Narrow) -> Result<Arc<[Count]>> {
    let memo = memo(tx, scope, narrow)?;
    let all = match memo.licenses {
        Some(all) => all,
        None => {
            let wanted = [(What::Licenses, Stretch::default())];
            let all: Arc<[Count]> = read(tx, scope, narrow.of_all_products(), &wanted, Split::Whole)?
                .0
                .into();
            if let Some(memo) = &mut tx.memo {
                memo.licenses = Some(all.clone());
            }
            all
        }
    };
    Ok(of_product(all, narrow))
}

/// The licences that a list counts: those of the archive, or the others.
///
/// # Errors
/// Of the database.
pub(super) fn listed(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    archived: bool,
) -> Result<Arc<[Count]>> {
    if !archived {
        return licenses(tx, scope, narrow);
    }
    let wanted = [(What::Archived, Stretch::default())];
    Ok(read(tx, scope, narrow, &wanted, Split::Whole)?.0.into())
}

/// The sales of a scope by agent, and the zone of their days: read once for all figures of one stretch.
///
/// # Errors
/// Of the database.
pub(super) fn sales(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    stretch: Stretch,
) -> Result<(Arc<[Count]>, Option<Tz>)> {
    let memo = memo(tx, scope, narrow)?;
    let all = match memo.sales.filter(|(of, _)| *of == stretch) {
        Some((_, all)) => all,
        None => {
            let wanted = [(What::Sales, stretch)];
            let all: Arc<[Count]> = read(tx, scope, narrow.of_all_products(), &wanted, Split::Agent)?
                .0
                .into();
            if let Some(memo) = &mut tx.memo {
                memo.sales = Some((stretch, all.clone()));
            }
            all
        }
    };
    Ok((of_product(all, narrow), memo.zone))
}

fn of_product(all: Arc<[Count]>, narrow: Narrow) -> Arc<[Count]> {
    match narrow.product {
        None => all,
        Some(product) => all
            .iter()
            .filter(|count| count.product == product.0)
            .cloned()
            .collect(),
    }
}

/// What is stored of a place, folded already.
pub(super) fn stored(
    tx: &mut ReadTx<'_>,
    place: &str,
    wanted: Wanted<'_>,
    zone: Tz,
    split: Split,
) -> Result<Vec<Count>> {
    type Row = (i32, Option<NodeId>, ProductId, String, i32, NaiveDate, i64, i64);
    let whats: Vec<String> = wanted
        .iter()
        .map(|(what, stretch)| format!("tallies.what = {}{}", *what as i32, stretch.words(zone)))
        .collect();
    // Once more by themselves, for the planners: the key begins with them.
    let numbers: Vec<String> = wanted
        .iter()
        .map(|(what, _)| (*what as i32).to_string())
        .collect();
    let whose = sql::<Nullable<Binary>>(match split {
        Split::Whole => "NULL",
        Split::Company => "tallies.company_id",
        Split::Agent => "tallies.agent_id",
    });
    let rows: Vec<Row> = tallies::table
        .filter(sql::<Bool>(&format!(
            "{place} AND tallies.what IN ({}) AND ({})",
            numbers.join(", "),
            whats.join(" OR ")
        )))
        .group_by((
            sql::<Integer>("tallies.what"),
            whose.clone(),
            sql::<Binary>("tallies.product_id"),
            sql::<Text>("tallies.word"),
            sql::<Integer>("tallies.flags"),
            sql::<Date>("tallies.day"),
        ))
        .select((
            sql::<Integer>("tallies.what"),
            whose,
            sql::<Binary>("tallies.product_id"),
            sql::<Text>("tallies.word"),
            sql::<Integer>("tallies.flags"),
            sql::<Date>("tallies.day"),
            sql::<BigInt>("CAST(SUM(tallies.n) AS SIGNED)"),
            sql::<BigInt>("CAST(SUM(tallies.cents) AS SIGNED)"),
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(what, whose, product, word, flags, day, n, cents)| {
            let whose = whose.map(|id| id.0).filter(|id| *id != NOBODY);
            Some(Count {
                what: What::of(what)?,
                company: whose.filter(|_| split == Split::Company),
                agent: whose.filter(|_| split == Split::Agent),
                product: product.0,
                word,
                flags,
                when: When::of(Some(day)),
                n,
                cents,
            })
        })
        .collect())
}

/// How many trials, or other licences, a node has that are not revoked; a company's with all below it. Read anew each
/// time: what the same transaction wrote is counted.
///
/// # Errors
/// Of the database.
pub(super) fn of_node(tx: &mut ReadTx<'_>, node: &Node, trials: bool) -> Result<i64> {
    let everybody = tenancy::literal(EVERYBODY);
    let place = |table: &str| match node.kind {
        NodeKind::Agent => format!("{table}.agent_id = {}", tenancy::literal(node.id.0)),
        _ => format!("{table}.company_id IN {}", tenancy::below_words(node.id.0)),
    };
    let sum = |table: &str| {
        format!(
            "COALESCE((SELECT SUM({table}.n) FROM {table} WHERE {table}.what IN ({}, {}) AND {} AND {table}.flags < {REVOKED} \
             AND {table}.word {} 'trial' AND COALESCE({table}.company_id, '') <> {everybody} \
             AND COALESCE({table}.agent_id, '') <> {everybody}), 0)",
            What::Licenses as i32,
            What::Archived as i32,
            place(table),
            if trials { "=" } else { "<>" },
        )
    };
    let all = format!("CAST({} + {} AS SIGNED)", sum("tallies"), sum("tally_deltas"));
    Ok(diesel::select(sql::<BigInt>(&all)).get_result(tx.conn)?)
}

/// How many there are, and how many cents, of each company and agent.
pub(super) type Held = (Option<NodeId>, Option<NodeId>, i64, i64);

/// What each company and agent of a scope has of something, by `words` on the tallies, which say what `is` says.
///
/// # Errors
/// Of the database.
pub(super) fn held(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    (whats, words): (&[What], &str),
    is: impl Fn(&Count) -> bool,
) -> Result<Vec<Held>> {
    let memo = memo(tx, scope, narrow)?;
    let everybody = tenancy::literal(EVERYBODY);
    let place = place(scope, narrow, "tallies");
    let (company, agent) = (
        sql::<Binary>("tallies.company_id"),
        sql::<Binary>("tallies.agent_id"),
    );
    let numbers: Vec<String> = whats.iter().map(|what| (*what as i32).to_string()).collect();
    let rows: Vec<(NodeId, NodeId, i64, i64)> = tallies::table
        .filter(sql::<Bool>(&format!(
            "tallies.what IN ({}) AND {place} AND tallies.company_id <> {everybody} \
             AND tallies.agent_id <> {everybody} AND {words}",
            numbers.join(", ")
        )))
        .group_by((company.clone(), agent.clone()))
        .select((
            company,
            agent,
            sql::<BigInt>("CAST(SUM(tallies.n) AS SIGNED)"),
            sql::<BigInt>("CAST(SUM(tallies.cents) AS SIGNED)"),
        ))
        .load(tx.conn)?;
    let known = |id: NodeId| Some(id).filter(|id| id.0 != NOBODY);
    let mut held: Vec<Held> = rows
        .into_iter()
        .map(|(company, agent, n, cents)| (known(company), known(agent), n, cents))
        .collect();
    let unfolded = memo
        .unfolded
        .iter()
        .filter(|count| whats.contains(&count.what) && is(count));
    held.extend(unfolded.map(|count| {
        (
            count.company.map(NodeId),
            count.agent.map(NodeId),
            count.n,
            count.cents,
        )
    }));
    Ok(held)
}

/// The tries to activate that are too young to be in the tallies, by interval and outcome.
///
/// # Errors
/// Of the database.
pub(super) fn young_tries(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    cuts: &Cuts,
    until: Option<NaiveDateTime>,
) -> Result<Vec<(i32, Tried, i64)>> {
    let memo = memo(tx, scope, narrow)?;
    let first = memo.log_before.max(ids::before(cuts.first()));
    let mut words = place(scope, narrow, "activation_log");
    if let Some(product) = narrow.product {
        words.push_str(&format!(
            " AND activation_log.product_id = {}",
            tenancy::literal(product.0)
        ));
    }
    if let Some(until) = until {
        words.push_str(&format!(
            " AND activation_log.id < {}",
            tenancy::literal(ids::before(until))
        ));
    }
    // Nothing that is looked at lies before the first of it.
    let (cuts, before) = cuts.behind(ids::instant_of(first));
    let interval = cuts.of_id("activation_log.id");
    let outcome = sql::<Integer>(Tried::WORDS);
    let rows: Vec<(i32, i32, i64)> = activation_log::table
        .filter(sql::<Bool>(&words))
        .filter(activation_log::id.ge(LogId(first)))
        .filter(activation_log::operation.eq("attiva"))
        .group_by((interval.clone(), outcome.clone()))
        .select((interval, outcome, count_star()))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(interval, outcome, count)| (before + interval, Tried::of(outcome), count))
        .collect())
}
