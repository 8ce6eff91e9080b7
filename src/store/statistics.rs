//! Figures: how many, and how much, in stretches of time. Each is one query, whatever the number of rows.

pub use super::cuts::Cuts;

use super::{
    db::ReadTx,
    licenses::{Filter, matching},
    names, regraced,
    reports::Narrow,
    schema::{activation_log, customers, licenses, products, transactions},
    tallies::{self, Count, Split, Stretch, What},
    tenancy, waiting,
};
use crate::domain::{
    company_rules::Graces,
    error::{Result, Success},
    ids::{self, CustomerId, LicenseId, LogId, NodeId, TransactionId},
    license::{LicenseKind, LicenseState},
    scope::Scope,
};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use diesel::{
    dsl::{count_star, max, sql},
    prelude::*,
    sql_types::{BigInt, Bool, Nullable},
};
use std::collections::BTreeMap;

/// How many licences of a scope match, and how many wait for a company or an agent: one statement.
///
/// # Errors
/// Of the database.
pub fn matching_and_unassigned(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    today: NaiveDate,
) -> Result<(i64, i64)> {
    let matching = matching(scope, filter, today, &Graces::default())
        .count()
        .single_value();
    let unassigned = sql::<BigInt>(&waiting::unassigned(scope, None));
    let (matching, unassigned): (Option<i64>, i64) =
        diesel::select((matching, unassigned)).get_result(tx.conn)?;
    Ok((matching.unwrap_or(0), unassigned))
}

/// Licences that are alike in when they began, or in when they end.
#[derive(Debug, Clone, Copy)]
pub struct Lives {
    /// The interval of the first activation; −1 without one, 0 where the row tells of the end.
    pub began: i32,
    /// The interval in which it was revoked, or in which the day after its last one fell; 0 where the row tells of the
    /// beginning.
    pub ended: i32,
    /// How many weeks from today its last valid day lies, counted from 1; 0 where it is no day to come.
    pub week: i32,
    /// Whether that day is one of the next thirty.
    pub in_thirty: i32,
    /// Whether it is a trial.
    pub trial: i32,
    /// How many.
    pub count: i64,
}

/// Weeks ahead that are told apart.
pub const WEEKS: i32 = 12;

/// All that a first page counts, in intervals.
#[derive(Debug)]
pub struct Board {
    /// Licences that are active.
    pub active: i64,
    /// Licences by when they began and end.
    pub lives: Vec<Lives>,
    /// Tries to activate, by interval and outcome.
    pub tried: Vec<(i32, Tried, i64)>,
    /// What was sold, from the first cut on.
    pub sales: Vec<Sold>,
    /// Customers, by whether they wait and by the interval in which they came.
    pub customers: Vec<(bool, i32, i64)>,
}

/// What a first page counts of a scope: from the tallies.
///
/// # Errors
/// Of the database.
pub fn board(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    cuts: &Cuts,
    today: NaiveDate,
    grace: &Graces,
) -> Result<Board> {
    let (always, since) = (
        Stretch::default(),
        Stretch {
            from: Some(cuts.first()),
            until: None,
        },
    );
    let wanted = [
        (What::Licenses, always),
        (What::Archived, always),
        (What::Began, always),
        (What::Revoked, always),
        (What::Customers, always),
        (What::Sales, since),
        (What::Tries, since),
    ];
    let (counts, zone) = tallies::read(tx, scope, Narrow::default(), &wanted, Split::Whole)?;
    let mut board = Board {
        active: 0,
        lives: Vec::new(),
        tried: tallies::young_tries(tx, scope, Narrow::default(), cuts, None)?,
        sales: sold(counts.iter(), cuts, zone),
        customers: Vec::new(),
    };
    for count in &counts {
        let interval = cuts.interval(count.when, zone);
        match count.what {
            What::Licenses => {
                if count.state(today, grace) == LicenseState::Active {
                    board.active += count.n;
                }
                if !count.is_revoked() {
                    board.lives.push(ending(count, interval, today));
                }
            }
            // What is over is over, wherever it was put since; what never began is no life.
            What::Archived if !count.is_revoked() && count.is_activated() => {
                board.lives.push(ending(count, interval, today));
            }
            What::Began => board.lives.push(Lives {
                began: interval,
                ended: 0,
                ..ending(count, 0, today)
            }),
            What::Revoked => board.lives.push(ending(count, interval, today)),
            What::Customers => board.customers.push((count.waits(), interval, count.n)),
            What::Tries => board.tried.push((interval, count.tried(), count.n)),
            What::Sales | What::Modules | What::Owed | What::Archived => {}
        }
    }
    for one in regraced::regraced(tx, scope, Narrow::default(), (today, grace), false)? {
        board.active += match (one.from, one.to) {
            (LicenseState::Active, _) => -one.count.n,
            (_, LicenseState::Active) => one.count.n,
            _ => 0,
        };
    }
    Ok(board)
}

fn ending(count: &Count, ended: i32, today: NaiveDate) -> Lives {
    let ahead = match (count.what, count.expires_on()) {
        (What::Licenses, Some(last)) => (last - today).num_days(),
        _ => -1,
    };
    let week = (ahead.max(1) + 6) / 7;
    let week = i32::try_from(week).ok().filter(|week| *week <= WEEKS);
    Lives {
        began: if count.is_activated() { 0 } else { -1 },
        ended,
        week: week.filter(|_| ahead >= 0).unwrap_or(0),
        in_thirty: i32::from((0..=30).contains(&ahead)),
        trial: i32::from(count.kind() == Some(LicenseKind::Trial)),
        count: count.n,
    }
}

/// Sales by interval, kind and currency.
pub(super) fn sold<'c>(counts: impl Iterator<Item = &'c Count>, cuts: &Cuts, zone: Option<Tz>) -> Vec<Sold> {
    let mut sums = BTreeMap::<(i32, &str), (i64, i64)>::new();
    for count in counts.filter(|count| count.what == What::Sales) {
        let sum = sums
            .entry((cuts.interval(count.when, zone), count.word.as_str()))
            .or_default();
        *sum = (sum.0 + count.n, sum.1 + count.cents);
    }
    sums.into_iter()
        .filter(|(_, (count, _))| *count != 0)
        .map(|((interval, word), (count, cents))| {
            let (kind, currency) = kind_and_currency(word);
            Sold {
                interval,
                kind,
                currency,
                count,
                cents,
            }
        })
        .collect()
}

/// What stands in the word of a sale.
pub(super) fn kind_and_currency(word: &str) -> (String, String) {
    let (kind, currency) = word.split_once(' ').unwrap_or((word, ""));
    (kind.to_owned(), currency.to_owned())
}

/// How tries to activate ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// A device took a place.
    Activated,
    /// It had one already.
    Known,
    /// It was refused.
    Refused,
}

impl Tried {
    /// As a number in SQL.
    pub(super) const WORDS: &'static str =
        "(CASE activation_log.outcome WHEN 'attivata' THEN 0 WHEN 'gia_attiva' THEN 1 ELSE 2 END)";

    pub(super) fn of(number: i32) -> Self {
        match number {
            0 => Self::Activated,
            1 => Self::Known,
            _ => Self::Refused,
        }
    }
}

/// Rows of the ledger that are alike.
#[derive(Debug, Clone)]
pub struct Sold {
    /// In which interval.
    pub interval: i32,
    /// What they are.
    pub kind: String,
    /// ISO 4217.
    pub currency: String,
    /// How many.
    pub count: i64,
    /// Net, in cents.
    pub cents: i64,
}

/// What is no sale: money that comes in for one, or moves, and what undoes that.
pub(super) const NO_SALE: &str = "(transactions.kind IN ('incasso', 'ricarica', 'trasferimento') OR (transactions.kind = 'storno' \
     AND EXISTS (SELECT 1 FROM transactions AS undone WHERE undone.id = transactions.undoes_id \
     AND undone.kind IN ('incasso', 'ricarica', 'trasferimento'))))";
/// A sum is a decimal on MariaDB; this makes it whole on both.
pub(super) const CENTS: &str = "CAST(SUM(transactions.amount_cents) AS SIGNED)";

/// By whom a ranking is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By company.
    Company,
    /// By agent.
    Agent,
    /// By customer.
    Customer,
}

/// A place in a ranking.
#[derive(Debug, Clone)]
pub struct Place {
    /// Whose.
    pub id: [u8; 16],
    /// Name.
    pub name: String,
    /// Net, in cents.
    pub cents: i64,
}

/// Places in a ranking.
const PLACES: usize = 5;

/// Who of a scope sold most in a currency since the beginning of a day. Who left the scope meanwhile is not named.
///
/// # Errors
/// Of the database.
pub fn ranking(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    by: By,
    currency: &str,
    since: NaiveDateTime,
) -> Result<Vec<Place>> {
    let split = match by {
        By::Company => Split::Company,
        By::Agent => Split::Agent,
        By::Customer => return best_customers(tx, scope, currency, since),
    };
    let stretch = Stretch {
        from: Some(since),
        until: None,
    };
    let (counts, _) = tallies::read(tx, scope, Narrow::default(), &[(What::Sales, stretch)], split)?;
    let mut sums = BTreeMap::<[u8; 16], i64>::new();
    for count in counts
        .iter()
        .filter(|count| kind_and_currency(&count.word).1 == currency)
    {
        let whose = if by == By::Company {
            count.company
        } else {
            count.agent
        };
        if let Some(id) = whose {
            *sums.entry(id).or_default() += count.cents;
        }
    }
    let ids = sums.keys().map(|id| NodeId(*id)).collect();
    let names = names::nodes_with_kinds(tx, scope, &ids)?;
    let mut best: Vec<Place> = sums
        .into_iter()
        .filter(|(_, cents)| *cents > 0)
        .filter_map(|(id, cents)| {
            let (name, _) = names.get(&NodeId(id))?.clone();
            Some(Place { id, name, cents })
        })
        .collect();
    best.sort_by_key(|place| std::cmp::Reverse(place.cents));
    best.truncate(PLACES);
    Ok(best)
}

fn best_customers(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    currency: &str,
    since: NaiveDateTime,
) -> Result<Vec<Place>> {
    let seen = tenancy::words(scope, "customers", "id");
    let rows: Vec<(CustomerId, String, i64)> = transactions::table
        .inner_join(
            customers::table.on(customers::id.nullable().eq(transactions::customer_id).and(sql::<
                Nullable<Bool>,
            >(
                &seen
            ))),
        )
        .filter(sql::<Bool>(&tenancy::words(scope, "transactions", "customer_id")))
        .filter(transactions::id.ge(TransactionId(ids::before(since))))
        .filter(transactions::currency.eq(currency))
        .filter(sql::<Bool>(&format!("NOT {NO_SALE}")))
        .group_by((customers::id, customers::name))
        .select((customers::id, customers::name, sql::<BigInt>(CENTS)))
        .order(sql::<BigInt>(&format!("{CENTS} DESC")))
        .limit(PLACES as i64)
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter(|(.., cents)| *cents > 0)
        .map(|(id, name, cents)| Place {
            id: id.0,
            name,
            cents,
        })
        .collect())
}

/// Refusals of one licence, for one reason; with what a line says of the licence, where the scope sees it still.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Which; none for keys that nobody has.
    pub license: Option<LicenseId>,
    /// Why.
    pub outcome: String,
    /// How often.
    pub count: i64,
    /// When last, UTC.
    pub last: Option<NaiveDateTime>,
    /// The last group of the licence's key; none where it is not seen.
    pub tail: Option<String>,
    /// Its product's name.
    pub product: Option<String>,
    /// Its customer's name.
    pub customer: Option<String>,
    /// Its devices now.
    pub devices_used: Option<i32>,
    /// Its devices at most.
    pub max_devices: Option<i32>,
}

/// The refused tries to activate of a scope since an instant, by licence and reason, the most frequent first.
///
/// # Errors
/// Of the database.
pub fn refused(tx: &mut ReadTx<'_>, scope: Scope, since: NaiveDateTime, limit: i64) -> Result<Vec<Refused>> {
    type Row = (Option<LicenseId>, String, i64, Option<NaiveDateTime>);
    let rows: Vec<Row> = activation_log::table
        .filter(sql::<Bool>(&tenancy::words(
            scope,
            "activation_log",
            "customer_id",
        )))
        .filter(activation_log::id.ge(LogId(ids::before(since))))
        .filter(activation_log::operation.eq("attiva"))
        .filter(activation_log::outcome.ne_all(Success::CODES.to_vec()))
        .group_by((activation_log::license_id, activation_log::outcome))
        .select((
            activation_log::license_id,
            activation_log::outcome,
            count_star(),
            max(activation_log::at),
        ))
        .order(sql::<BigInt>("COUNT(*) DESC, MAX(activation_log.id) DESC"))
        .limit(limit)
        .load(tx.conn)?;
    let ids: Vec<LicenseId> = rows.iter().filter_map(|(id, ..)| *id).collect();
    let labels = if ids.is_empty() {
        BTreeMap::new()
    } else {
        labels(tx, scope, &ids)?
    };
    Ok(rows
        .into_iter()
        .map(|(license, outcome, count, last)| {
            let label = license.and_then(|id| labels.get(&id));
            Refused {
                license,
                outcome,
                count,
                last,
                tail: label.map(|label| label.tail.clone()),
                product: label.map(|label| label.product.clone()),
                customer: label.and_then(|label| label.customer.clone()),
                devices_used: label.map(|label| label.devices_used),
                max_devices: label.and_then(|label| label.max_devices),
            }
        })
        .collect())
}

/// A licence as a line says it.
#[derive(Debug, Clone, Queryable)]
pub struct Label {
    /// Which.
    pub id: LicenseId,
    /// The last group of its key.
    pub tail: String,
    /// Its product's name.
    pub product: String,
    /// Its customer's name.
    pub customer: Option<String>,
    /// Devices now.
    pub devices_used: i32,
    /// Devices at most.
    pub max_devices: Option<i32>,
}

/// Those of some licences that a scope sees.
///
/// # Errors
/// Of the database.
pub fn labels(tx: &mut ReadTx<'_>, scope: Scope, of: &[LicenseId]) -> Result<BTreeMap<LicenseId, Label>> {
    let rows: Vec<Label> = tenancy::licenses(scope)
        .filter(licenses::id.eq_any(of.to_vec()))
        .inner_join(products::table.on(products::id.eq(licenses::product_id)))
        .left_join(customers::table.on(customers::id.nullable().eq(licenses::customer_id)))
        .select((
            licenses::id,
            licenses::key_tail,
            products::name,
            customers::name.nullable(),
            licenses::devices_used,
            licenses::max_devices,
        ))
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
