//! How many licences a list holds in each state.

use super::{
    connection::MultiBackend,
    db::ReadTx,
    license_lists::tallied,
    licenses::{Condition, Filter, in_state, matching},
    regraced,
};
use crate::domain::{company_rules::Graces, error::Result, license::LicenseState, scope::Scope};
use chrono::NaiveDate;
use diesel::{
    expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate},
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{BigInt, Text},
};
use std::collections::BTreeMap;

/// Licences that are looked at, at most, where the tallies do not tell how many there are in each state: what is beyond is
/// not counted.
const COUNTED: i64 = 10_000;

/// How many licences there are in each state.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// By state; a state that is not there has none.
    pub of: BTreeMap<LicenseState, i64>,
    /// Whether there are more than were looked at: each number is one that is reached at least.
    pub more: bool,
}

impl Counts {
    /// Of all states.
    pub fn total(&self) -> i64 {
        self.of.values().sum()
    }
}

/// The state of a licence as a word: the first of the states whose condition holds.
struct StateWord(Vec<(Condition, &'static str)>);

impl Expression for StateWord {
    type SqlType = Text;
}

impl<QS> SelectableExpression<QS> for StateWord {}
impl<QS> AppearsOnTable<QS> for StateWord {}

impl ValidGrouping<()> for StateWord {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for StateWord {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<MultiBackend> for StateWord {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("CASE");
        for (condition, word) in &self.0 {
            out.push_sql(" WHEN ");
            condition.walk_ast(out.reborrow())?;
            out.push_sql(" THEN ");
            out.push_bind_param::<Text, _>(word)?;
        }
        out.push_sql(" ELSE '' END AS word");
        Ok(())
    }
}

/// How often each word stands in the one column of a query.
struct Tally<Q>(Q);

impl<Q> QueryId for Tally<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> Query for Tally<Q> {
    type SqlType = (Text, BigInt);
}

impl<Q> RunQueryDsl<super::connection::AnyConnection> for Tally<Q> {}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Tally<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("SELECT word, COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS t GROUP BY word");
        Ok(())
    }
}

/// How many licences of a scope match in each state, whatever state the filter asks for: one query, by the same
/// conditions by which the list of a state is made.
///
/// # Errors
/// Of the database.
pub fn count_by_state(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    today: NaiveDate,
    grace: &Graces,
) -> Result<Counts> {
    if let Some(narrow) = tallied(filter) {
        let of = regraced::states(tx, scope, narrow, (today, grace), filter.archived, |count| {
            let is_kind = filter.kind.is_none_or(|kind| count.kind() == Some(kind));
            let ends = |last| {
                let day = count.expires_on().filter(|_| !count.is_revoked());
                day.is_some_and(|day| (today..=last).contains(&day))
            };
            is_kind && filter.expires_by.is_none_or(ends)
        })?;
        return Ok(Counts { of, more: false });
    }
    let of = tally_states(tx, scope, filter, (today, grace))?;
    let more = of.values().sum::<i64>() > COUNTED;
    Ok(Counts { of, more })
}

fn tally_states(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    (today, grace): (NaiveDate, &Graces),
) -> Result<BTreeMap<LicenseState, i64>> {
    let any = Filter {
        state: None,
        ..filter.clone()
    };
    let words = LicenseState::ALL
        .iter()
        .map(|state| (in_state(*state, today, grace), state.code()))
        .collect();
    let query = matching(scope, &any, today, grace)
        .select(StateWord(words))
        .limit(COUNTED + 1);
    let rows: Vec<(String, i64)> = Tally(query).load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(word, n)| Some((LicenseState::from_code(&word)?, n)))
        .collect())
}
