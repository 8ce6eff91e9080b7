//! Lists of licences as people look through them: in an order of their choice.

use super::{
    connection::MultiBackend,
    db::ReadTx,
    license_apart::{self, Apart},
    licenses::{Filter, Row, Waiting, matching_in},
    page::{self, Cursor, Window},
    regraced,
    reports::Narrow,
    schema::{activations, customers, licenses},
    sql_types::At,
    tenancy::{self, Visible},
};
use crate::domain::{
    codes::codes,
    company_rules::Graces,
    error::Result,
    ids::LicenseId,
    license::{LicenseState, Sheet},
    scope::Scope,
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::{
    BoolExpressionMethods,
    dsl::{exists, not},
    prelude::*,
};
use std::collections::BTreeMap;

codes! {
    /// What a list of licences is sorted by. Each has an index, and rows without the value come last.
    SortBy {
        /// By when they were made.
        Created = "creazione",
        /// By the last valid day.
        Expiry = "scadenza",
        /// By the customer's name.
        Customer = "cliente",
        /// By when a device that holds a place was last heard of.
        Contact = "contatto",
    }
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: SortBy,
    /// The greatest first.
    pub descending: bool,
}

impl Order {
    /// The newest first.
    pub const NEWEST: Self = Self {
        by: SortBy::Created,
        descending: true,
    };
}

/// A slice of licences in an order.
#[derive(Debug)]
pub struct Sorted {
    /// The rows.
    pub rows: Vec<Visible<Sheet>>,
    /// Where the next slice begins; none at the end.
    pub next: Option<Cursor>,
}

/// No device was heard of before.
const FIRST: DateTime<Utc> = DateTime::UNIX_EPOCH;
/// Nor is any heard of after the last second that both databases can write.
const LAST: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(last) => last,
    None => DateTime::UNIX_EPOCH,
};

// Other places of the same licence.
diesel::alias! {
    const other: Alias<Other> = activations as other;
}

/// Orders by a column and the identifier, from behind the cursor.
macro_rules! behind {
    ($query:expr, $column:expr, $descending:expr, $after:expr) => {
        behind!($query, $column, licenses::id, $descending, $after)
    };
    ($query:expr, $column:expr, $id:expr, $descending:expr, $after:expr) => {{
        let mut query = $query;
        if let Some((value, id)) = $after {
            let id = LicenseId(id);
            query = if $descending {
                query
                    .filter($column.le(value.clone()))
                    .filter($column.lt(value).or($id.lt(id)))
            } else {
                query
                    .filter($column.ge(value.clone()))
                    .filter($column.gt(value).or($id.gt(id)))
            };
        }
        if $descending {
            query.order(($column.desc(), $id.desc()))
        } else {
            query.order(($column.asc(), $id.asc()))
        }
    }};
}

/// The licences of a scope that match, in an order: at most two queries, for those that have the value and for those
/// that have none.
///
/// # Errors
/// Of the database.
pub fn sorted(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    at: (NaiveDate, &Graces),
    order: Order,
    window: &Window,
) -> Result<Sorted> {
    let way = match way(tx, scope, filter, at)? {
        Some(way) => way,
        None => return Ok(slice(Vec::new(), window.limit)),
    };
    let wanted = || matching_in(scope, filter, at.0, at.1, way != Way::Narrow);
    let fetch = i64::try_from(window.limit).unwrap_or(i64::MAX - 1) + 1;
    let after = window.after.as_ref();
    let mut rows: Vec<(Option<String>, Row)> = Vec::new();
    match order.by {
        SortBy::Created => {
            let before = after.map(|cursor| cursor.id);
            if let Way::Apart(which) = way {
                let of = (scope, filter, at);
                rows.extend(license_apart::read(tx, of, which, order, before, fetch)?);
            } else {
                rows.extend(unvalued(tx, wanted(), order, before, fetch)?);
            }
            return Ok(slice(rows, window.limit));
        }
        // Who stands among those without the value is past all that have one.
        SortBy::Expiry if after.is_none_or(|cursor| cursor.value.is_some()) => {
            let after =
                after.and_then(|cursor| Some((cursor.value.as_ref()?.parse::<NaiveDate>().ok()?, cursor.id)));
            let query = wanted().filter(licenses::expires_on.is_not_null());
            let found: Vec<Row> = behind!(query, licenses::expires_on, order.descending, after)
                .limit(fetch)
                .select(Row::as_select())
                .load(tx.conn)?;
            rows.extend(
                found
                    .into_iter()
                    .map(|row| (row.expires_on.map(|day| day.to_string()), row)),
            );
        }
        SortBy::Customer if after.is_none_or(|cursor| cursor.value.is_some()) => {
            // From before the first name on: SQLite's planner, which knows no values, takes the index of names for a
            // list that begins somewhere, and sorts every licence there is for one that does not.
            let start = if order.descending {
                (page::after_prefix(""), [0xff; 16])
            } else {
                (String::new(), [0; 16])
            };
            let after = after.and_then(|cursor| Some((cursor.value.clone()?, cursor.id)));
            let after = after.unwrap_or(start);
            // MariaDB joins all and sorts them: first those of so many customers, and of all where these do not do.
            let last = match way {
                Way::Narrow => None,
                _ => name_behind(tx, scope, order, &after.0)?,
            };
            let mut found: Vec<(String, Row)> = Vec::new();
            for until in [last.as_ref(), None] {
                let mut query = wanted()
                    .inner_join(customers::table.on(customers::id.nullable().eq(licenses::customer_id)));
                if let Some(name) = until {
                    query = if order.descending {
                        query.filter(customers::name_search.ge(name))
                    } else {
                        query.filter(customers::name_search.le(name))
                    };
                }
                let after = Some(after.clone());
                found = behind!(query, customers::name_search, order.descending, after)
                    .limit(fetch)
                    .select((customers::name_search, Row::as_select()))
                    .load(tx.conn)?;
                if found.len() as i64 >= fetch || last.is_none() {
                    break;
                }
            }
            rows.extend(found.into_iter().map(|(name, row)| (Some(name), row)));
        }
        SortBy::Contact if after.is_none_or(|cursor| cursor.value.is_some()) => {
            // From before the first instant on, for the same reason. Of the places of a licence the one that was heard
            // of last stands for it.
            let start = if order.descending {
                (LAST.naive_utc(), [0xff; 16])
            } else {
                (FIRST.naive_utc(), [0; 16])
            };
            let after = after.and_then(|cursor| Some((cursor.value.as_ref()?.parse().ok()?, cursor.id)));
            let after = after.filter(|(at, _)| (FIRST.naive_utc()..=LAST.naive_utc()).contains(at));
            let (at, id) = after.unwrap_or(start);
            let after = Some((At(at), id));
            let heard_later = other
                .filter(other.field(activations::license_id).eq(activations::license_id))
                .filter(other.field(activations::live).eq(1))
                .filter(
                    other
                        .field(activations::last_seen_at)
                        .gt(activations::last_seen_at)
                        .or(other
                            .field(activations::last_seen_at)
                            .eq(activations::last_seen_at)
                            .and(other.field(activations::id).gt(activations::id))),
                );
            let query = wanted()
                .inner_join(activations::table.on(activations::license_id.eq(licenses::id)))
                .filter(activations::live.eq(1))
                .filter(not(exists(heard_later)));
            let query = behind!(
                query,
                activations::last_seen_at,
                activations::license_id,
                order.descending,
                after
            );
            let found: Vec<(At, Row)> = query
                .limit(fetch)
                .select((activations::last_seen_at, Row::as_select()))
                .load(tx.conn)?;
            // As it is written, to the microsecond, and read again.
            rows.extend(
                found
                    .into_iter()
                    .map(|(at, row)| (Some(at.0.format("%Y-%m-%dT%H:%M:%S%.6f").to_string()), row)),
            );
        }
        SortBy::Expiry | SortBy::Customer | SortBy::Contact => {}
    }
    let left = fetch - i64::try_from(rows.len()).unwrap_or(fetch);
    if left > 0 {
        let rest = match order.by {
            SortBy::Customer => wanted().filter(licenses::customer_id.is_null()),
            SortBy::Contact => {
                let held = activations::table
                    .filter(activations::license_id.eq(licenses::id))
                    .filter(activations::live.eq(1));
                wanted().filter(not(exists(held)))
            }
            _ => wanted().filter(licenses::expires_on.is_null()),
        };
        let before = after
            .filter(|cursor| cursor.value.is_none())
            .map(|cursor| cursor.id);
        rows.extend(unvalued(tx, rest, order, before, left)?);
    }
    Ok(slice(rows, window.limit))
}

/// Customers whose licences are sorted together at first: several slices full.
const TOGETHER: i64 = 500;

/// The name of the customer so many places behind a name, none where there are fewer.
fn name_behind(tx: &mut ReadTx<'_>, scope: Scope, order: Order, name: &str) -> Result<Option<String>> {
    let all = tenancy::customers_walked(scope);
    let query = if order.descending {
        all.filter(customers::name_search.le(name.to_owned()))
            .order(customers::name_search.desc())
    } else {
        all.filter(customers::name_search.ge(name.to_owned()))
            .order(customers::name_search.asc())
    };
    let found = query
        .offset(TOGETHER)
        .select(customers::name_search)
        .first(tx.conn);
    Ok(found.optional()?)
}

/// Where a company has so many licences, times how many of them match, a list is walked through: of a million, a slice of
/// those that match is then met in fewer steps than the company has licences, also where they do not lie evenly.
const WALKED: i64 = 100_000_000;

/// Where there are more licences than this, those that are revoked, suspended or pending are found by
/// indexes of their own.
const FEW: i64 = 5_000;

/// How a list is found soonest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By the index of the company, the agent, the customer.
    Narrow,
    /// By walking through all licences in the list's order.
    Walked,
    /// By an index of these alone, for they are few, and mostly not among the newest.
    Apart(Apart),
}

/// How a list is found soonest, none where there is nothing to find: the planners do not know how many a company has, the
/// tallies do. Where many match, the first are met soon; where few do, those are sorted.
fn way(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    (today, grace): (NaiveDate, &Graces),
) -> Result<Option<Way>> {
    let Some(narrow) = tallied(filter) else {
        let all = tenancy::is_everything(scope) && filter.customer.is_none() && filter.search.is_none();
        return Ok(Some(match (filter.waiting, filter.state) {
            (Some(Waiting::Assignment), None) if all => Way::Apart(Apart::Unassigned),
            _ => Way::Narrow,
        }));
    };
    if tenancy::is_everything(scope)
        && narrow.company.is_none()
        && narrow.agent.is_none()
        && filter.state.is_none()
        && !filter.archived
    {
        return Ok(Some(Way::Walked));
    }
    let (mut all, mut matching): (i64, i64) = (0, 0);
    for (state, n) in regraced::states(tx, scope, narrow, (today, grace), filter.archived, |_| true)? {
        all += n;
        if filter.state.is_none_or(|wanted| wanted == state) {
            matching += n;
        }
    }
    if matching == 0 {
        return Ok(None);
    }
    Ok(Some(match filter.state {
        Some(LicenseState::Revoked) if all > FEW => Way::Walked,
        Some(LicenseState::Suspended) if all > FEW => Way::Apart(Apart::Suspended),
        Some(LicenseState::Pending) if all > FEW => Way::Apart(Apart::Pending),
        _ if all.saturating_mul(matching) > WALKED => Way::Walked,
        _ => Way::Narrow,
    }))
}

pub(super) fn behind_id(
    query: licenses::BoxedQuery<'static, MultiBackend>,
    order: Order,
    after: Option<[u8; 16]>,
) -> licenses::BoxedQuery<'static, MultiBackend> {
    match after.map(LicenseId) {
        Some(id) if order.descending => query.filter(licenses::id.lt(id)),
        Some(id) => query.filter(licenses::id.gt(id)),
        None => query,
    }
}

/// By the identifier alone.
fn unvalued(
    tx: &mut ReadTx<'_>,
    query: licenses::BoxedQuery<'static, MultiBackend>,
    order: Order,
    after: Option<[u8; 16]>,
    limit: i64,
) -> Result<impl Iterator<Item = (Option<String>, Row)>> {
    let query = behind_id(query, order, after);
    let query = if order.descending {
        query.order(licenses::id.desc())
    } else {
        query.order(licenses::id.asc())
    };
    let rows: Vec<Row> = query.limit(limit).select(Row::as_select()).load(tx.conn)?;
    Ok(rows.into_iter().map(|row| (None, row)))
}

fn slice(mut rows: Vec<(Option<String>, Row)>, limit: usize) -> Sorted {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|(value, row)| Cursor {
        value: value.clone(),
        id: row.id.0,
    });
    Sorted {
        rows: rows
            .into_iter()
            .map(|(_, row)| Visible::new(row.into()))
            .collect(),
        next,
    }
}

/// What the tallies can be narrowed to, where they know all that the filter asks for.
pub(super) fn tallied(filter: &Filter) -> Option<Narrow> {
    let Filter {
        state: _,
        kind: _,
        product,
        customer: None,
        company,
        agent,
        expires_by: _,
        waiting: None,
        idle_since: None,
        search: None,
        archived: _,
    } = filter
    else {
        return None;
    };
    Some(Narrow {
        product: *product,
        company: *company,
        agent: *agent,
    })
}

/// When each of these licences was last heard of by a device that holds a place in it.
///
/// # Errors
/// Of the database.
pub fn last_contacts(
    tx: &mut ReadTx<'_>,
    of: &[Visible<Sheet>],
) -> Result<BTreeMap<LicenseId, NaiveDateTime>> {
    let ids: Vec<LicenseId> = of.iter().map(|sheet| sheet.license.id).collect();
    let rows: Vec<(LicenseId, Option<At>)> = activations::table
        .filter(activations::license_id.eq_any(ids))
        .filter(activations::live.eq(1))
        .group_by(activations::license_id)
        .select((
            activations::license_id,
            diesel::dsl::max(activations::last_seen_at),
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, at)| Some((id, at?.0)))
        .collect())
}
