//! What of the products' rules companies have otherwise: each one's own, and the line that a licence stands under.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    fault,
    schema::{company_rules, node_tree},
    tenancy::Visible,
};
use crate::domain::{
    company::Node,
    company_rules::{CompanyRules, Graces},
    error::{Error, Result},
    ids::{NodeId, ProductId},
};
use diesel::{
    expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate},
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Nullable, Text},
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = company_rules, check_for_backend(MultiBackend), treat_none_as_null = true)]
struct Row {
    node_id: NodeId,
    by_vendor: bool,
    trial_days: Option<i32>,
    offline_days: Option<i32>,
    pending_days: Option<i32>,
    grace_days: Option<i32>,
    release_max: Option<i32>,
    release_days: Option<i32>,
    revision: i32,
}

impl From<&Row> for CompanyRules {
    fn from(row: &Row) -> Self {
        Self {
            by_vendor: row.by_vendor,
            trial_days: row.trial_days,
            offline_days: row.offline_days,
            pending_days: row.pending_days,
            grace_days: row.grace_days,
            release_max: row.release_max,
            release_days: row.release_days,
        }
    }
}

/// What a company has of its own, and the revision: 0 where it never had anything.
///
/// # Errors
/// Of the database.
pub fn get(tx: &mut ReadTx<'_>, node: &Visible<Node>) -> Result<(CompanyRules, i32)> {
    let row: Option<Row> = company_rules::table
        .find(node.id)
        .select(Row::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map_or_else(Default::default, |row| ((&row).into(), row.revision)))
}

/// Replaces what a company has of its own, if it still is as it was read.
///
/// # Errors
/// [`Again`](fault::Class::Again) where it is not as it was read.
pub fn set(tx: &mut WriteTx<'_>, node: &Visible<Node>, was: i32, rules: &CompanyRules) -> Result<()> {
    let row = Row {
        node_id: node.id,
        by_vendor: rules.by_vendor,
        trial_days: rules.trial_days,
        offline_days: rules.offline_days,
        pending_days: rules.pending_days,
        grace_days: rules.grace_days,
        release_max: rules.release_max,
        release_days: rules.release_days,
        revision: was + 1,
    };
    if was == 0 {
        let inserted = diesel::insert_into(company_rules::table)
            .values(&row)
            .execute(tx.conn);
        if fault::is_taken(&inserted) {
            return Err(fault::again());
        }
        inserted?;
        return Ok(());
    }
    let guard = company_rules::table
        .find(node.id)
        .filter(company_rules::revision.eq(was));
    if diesel::update(guard).set(&row).execute(tx.conn)? == 0 {
        return Err(fault::again());
    }
    Ok(())
}

/// What stands over the licences of some companies: what each of a company's line sets, the topmost first. Companies that
/// nothing stands over are not among them.
///
/// # Errors
/// Of the database.
pub fn lines(tx: &mut ReadTx<'_>, of: &BTreeSet<NodeId>) -> Result<BTreeMap<NodeId, Vec<CompanyRules>>> {
    let mut lines: BTreeMap<NodeId, Vec<CompanyRules>> = BTreeMap::new();
    if of.is_empty() {
        return Ok(lines);
    }
    let rows: Vec<(NodeId, Row)> = company_rules::table
        .inner_join(node_tree::table.on(node_tree::ancestor_id.eq(company_rules::node_id)))
        .filter(node_tree::descendant_id.eq_any(of.iter().copied().collect::<Vec<_>>()))
        .order((node_tree::descendant_id, node_tree::depth.desc()))
        .select((node_tree::descendant_id, Row::as_select()))
        .load(tx.conn)?;
    for (company, row) in &rows {
        lines.entry(*company).or_default().push(row.into());
    }
    Ok(lines)
}

/// What stands over the licences of one company.
///
/// # Errors
/// Of the database.
pub fn line(tx: &mut ReadTx<'_>, company: Option<NodeId>) -> Result<Vec<CompanyRules>> {
    let Some(company) = company else {
        return Ok(Vec::new());
    };
    let found = lines(tx, &BTreeSet::from([company]))?;
    Ok(found.into_values().next().unwrap_or_default())
}

/// What some companies have of their own, and the revision of each. Those that never had anything are not among them.
///
/// # Errors
/// Of the database.
pub fn of_nodes(
    tx: &mut ReadTx<'_>,
    nodes: &[&Visible<Node>],
) -> Result<BTreeMap<NodeId, (CompanyRules, i32)>> {
    let ids: Vec<NodeId> = nodes.iter().map(|node| node.id).collect();
    let rows: Vec<Row> = company_rules::table
        .filter(company_rules::node_id.eq_any(ids))
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows
        .iter()
        .map(|row| (row.node_id, (row.into(), row.revision)))
        .collect())
}

/// Days of grace of products, given, and of all companies that have them otherwise: what the states of many licences
/// follow from.
///
/// # Errors
/// Of the database.
pub fn graces(
    tx: &mut ReadTx<'_>,
    of_products: impl IntoIterator<Item = (ProductId, i32)>,
) -> Result<Graces> {
    let rows: Vec<(NodeId, NodeId, bool, Option<i32>)> = company_rules::table
        .inner_join(node_tree::table.on(node_tree::ancestor_id.eq(company_rules::node_id)))
        .filter(company_rules::grace_days.is_not_null())
        .order((node_tree::descendant_id, node_tree::depth.desc()))
        .select((
            node_tree::descendant_id,
            company_rules::node_id,
            company_rules::by_vendor,
            company_rules::grace_days,
        ))
        .load(tx.conn)?;
    let set = rows.into_iter().map(|(company, setter, by_vendor, grace_days)| {
        let rules = CompanyRules {
            by_vendor,
            grace_days,
            ..CompanyRules::default()
        };
        (company, setter, rules)
    });
    Ok(Graces::new(of_products, set))
}

/// The line over a licence's company in one text, so that the hot path's one statement reads it too.
#[derive(Debug, Clone, Copy, QueryId)]
pub(super) struct LineText;

impl Expression for LineText {
    type SqlType = Nullable<Text>;
}

impl<QS> SelectableExpression<QS> for LineText {}
impl<QS> AppearsOnTable<QS> for LineText {}

impl ValidGrouping<()> for LineText {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<MultiBackend> for LineText {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(
            "(SELECT GROUP_CONCAT(CONCAT(above.depth, ':', set_rules.by_vendor, ':', \
             COALESCE(set_rules.trial_days, ''), ':', COALESCE(set_rules.offline_days, ''), ':', \
             COALESCE(set_rules.pending_days, ''), ':', COALESCE(set_rules.grace_days, ''), ':', \
             COALESCE(set_rules.release_max, ''), ':', COALESCE(set_rules.release_days, ''))) FROM node_tree AS above \
             INNER JOIN company_rules AS set_rules ON set_rules.node_id = above.ancestor_id \
             WHERE above.descendant_id = licenses.company_id)",
        );
        Ok(())
    }
}

/// Reads a [`LineText`], the topmost first.
pub(super) fn read_line(text: &str) -> Result<Vec<CompanyRules>> {
    let mut line: Vec<(i32, CompanyRules)> = text
        .split(',')
        .map(|one| {
            let numbers: Vec<Option<i32>> = one
                .split(':')
                .map(|number| Some(number).filter(|n| !n.is_empty()).map(str::parse).transpose())
                .collect::<std::result::Result<_, _>>()
                .map_err(Error::internal)?;
            match numbers.as_slice() {
                [
                    Some(depth),
                    Some(by_vendor),
                    trial_days,
                    offline_days,
                    pending_days,
                    grace_days,
                    release_max,
                    release_days,
                ] => Ok((
                    *depth,
                    CompanyRules {
                        by_vendor: *by_vendor != 0,
                        trial_days: *trial_days,
                        offline_days: *offline_days,
                        pending_days: *pending_days,
                        grace_days: *grace_days,
                        release_max: *release_max,
                        release_days: *release_days,
                    },
                )),
                _ => Err(Error::internal("a company's rules are cut")),
            }
        })
        .collect::<Result<_>>()?;
    line.sort_by_key(|(depth, _)| std::cmp::Reverse(*depth));
    Ok(line.into_iter().map(|(_, rules)| rules).collect())
}
