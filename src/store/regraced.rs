//! The states of many licences, where companies have another grace than the products: tallies know no company's grace, so
//! what it moves from one state to another is read beside them.

use super::{
    counts::{Count, EVERYBODY, What},
    db::ReadTx,
    reports::Narrow,
    tallies::{self, Split, Stretch},
    tenancy,
};
use crate::domain::{
    company_rules::Graces,
    error::Result,
    ids::{NodeId, ProductId},
    license::{LicenseKind, LicenseState},
    scope::Scope,
};
use chrono::{Duration, NaiveDate};
use std::{collections::BTreeMap, sync::Arc};

/// Licences whose company has another grace than their product, and which are therefore in another state.
#[derive(Debug, Clone)]
pub(super) struct Regraced {
    pub(super) count: Count,
    /// What the product's grace says.
    pub(super) from: LicenseState,
    /// What holds.
    pub(super) to: LicenseState,
}

/// Of the licences of a scope those that are in another state than [`Count::state`] says, because their company has
/// another grace: those of the archive, or the others. Where no company sets any, nothing is read.
///
/// # Errors
/// Of the database.
pub(super) fn regraced(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    (today, graces): (NaiveDate, &Graces),
    archived: bool,
) -> Result<Vec<Regraced>> {
    let Some(longest) = graces.longest_set() else {
        return Ok(Vec::new());
    };
    let memo = tallies::memo(tx, scope, narrow)?;
    let what = if archived { What::Archived } else { What::Licenses };
    let all = match memo.regraced.filter(|_| !archived) {
        Some(all) => all,
        None => {
            let first = today
                .checked_sub_signed(Duration::days(i64::from(longest)))
                .unwrap_or(today);
            let setters: Vec<String> = graces
                .setters()
                .map(|(node, _)| tenancy::literal(node.0))
                .collect();
            let word = LicenseKind::Subscription.code();
            let everybody = tenancy::literal(EVERYBODY);
            let place = format!(
                "{} AND tallies.company_id <> {everybody} AND tallies.agent_id <> {everybody} AND tallies.word = '{word}' AND tallies.day >= '{first}' AND tallies.day < '{today}' \
                 AND tallies.company_id IN (SELECT under.descendant_id FROM node_tree AS under \
                 WHERE under.ancestor_id IN ({}))",
                tallies::place(scope, narrow, "tallies"),
                setters.join(", ")
            );
            let wanted = [(what, Stretch::default())];
            let mut found = match memo.zone {
                Some(zone) => tallies::stored(tx, &place, &wanted, zone, Split::Company)?,
                None => Vec::new(),
            };
            let unfolded = memo.unfolded.iter().filter(|count| {
                count.what == what
                    && count.word == word
                    && count
                        .expires_on()
                        .is_some_and(|day| (first..today).contains(&day))
            });
            found.extend(unfolded.cloned());
            let all: Arc<[Regraced]> = found
                .into_iter()
                .filter_map(|count| {
                    let company = count.company.map(NodeId).filter(|id| graces.is_set_for(*id))?;
                    let days = graces.days(ProductId(count.product), Some(company));
                    let (from, to) = (count.state(today, graces), count.state_with(today, days));
                    (from != to).then_some(Regraced { count, from, to })
                })
                .collect();
            if let Some(memo) = tx.memo.as_mut().filter(|_| !archived) {
                memo.regraced = Some(all.clone());
            }
            all
        }
    };
    Ok(all
        .iter()
        .filter(|one| {
            narrow
                .product
                .is_none_or(|product| one.count.product == product.0)
        })
        .cloned()
        .collect())
}

/// How many licences of a scope are in each state, of those that `is` says: of the archive, or of the others.
///
/// # Errors
/// Of the database.
pub(super) fn states(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    narrow: Narrow,
    (today, graces): (NaiveDate, &Graces),
    archived: bool,
    is: impl Fn(&Count) -> bool,
) -> Result<BTreeMap<LicenseState, i64>> {
    let mut of = BTreeMap::new();
    for count in tallies::listed(tx, scope, narrow, archived)?
        .iter()
        .filter(|count| is(count))
    {
        *of.entry(count.state(today, graces)).or_default() += count.n;
    }
    for one in regraced(tx, scope, narrow, (today, graces), archived)? {
        if is(&one.count) {
            *of.entry(one.from).or_default() -= one.count.n;
            *of.entry(one.to).or_default() += one.count.n;
        }
    }
    of.retain(|_, n| *n != 0);
    Ok(of)
}
