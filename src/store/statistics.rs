//! Figures: how many, and how much, in stretches of time. Each is one query, whatever the number of rows.

use super::{
    db::ReadTx,
    licenses::{Filter, in_state, matching},
    schema::{activation_log, customers, licenses, nodes, products, transactions},
    tenancy,
};
use crate::domain::{
    calendar,
    customer::CustomerState,
    error::{Result, Success},
    ids::{self, CustomerId, LicenseId, LogId, NodeId, ProductId, TransactionId},
    license::LicenseState,
    scope::Scope,
};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use diesel::{
    dsl::{count_star, max, sql},
    expression::SqlLiteral,
    prelude::*,
    sql_types::{BigInt, Bool, Integer, Nullable, Text},
};
use std::collections::BTreeMap;

/// Where time is cut into intervals: that before the first cut is 0, that from cut n on is n + 1.
#[derive(Debug, Clone)]
pub struct Cuts(Vec<(NaiveDateTime, NaiveDate)>);

impl Cuts {
    /// Cuts at the beginnings of days in a zone.
    pub fn at(days: impl IntoIterator<Item = NaiveDate>, zone: Tz) -> Self {
        let mut cuts: Vec<_> = days
            .into_iter()
            .map(|day| (calendar::start_of_day(day, zone), day))
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        Self(cuts)
    }

    /// The same, and at one more instant.
    #[must_use]
    pub fn and_at(mut self, instant: NaiveDateTime, zone: Tz) -> Self {
        self.0.push((instant, calendar::today(instant, zone)));
        self.0.sort_unstable();
        self
    }

    /// Whether an interval lies from an instant on.
    pub fn is_since(&self, interval: i32, instant: NaiveDateTime) -> bool {
        self.begun(interval).is_some_and(|(begun, _)| instant <= begun)
    }

    fn begun(&self, interval: i32) -> Option<(NaiveDateTime, NaiveDate)> {
        let before = usize::try_from(interval).ok()?.checked_sub(1)?;
        self.0.get(before).copied()
    }

    /// Whether an interval lies from one day on, and before another.
    pub fn holds(&self, interval: i32, from: NaiveDate, until: NaiveDate) -> bool {
        self.begun(interval)
            .is_some_and(|(_, begun)| from <= begun && begun < until)
    }

    pub(super) fn first(&self) -> NaiveDateTime {
        self.0.first().map_or(NaiveDateTime::MIN, |cut| cut.0)
    }

    /// The number of the interval, where `before` says that something lies before a cut.
    fn number(&self, before: impl Fn(&(NaiveDateTime, NaiveDate)) -> String) -> String {
        if self.0.is_empty() {
            return "0".to_owned();
        }
        let cases: String = self
            .0
            .iter()
            .enumerate()
            .map(|(n, cut)| format!(" WHEN {} THEN {n}", before(cut)))
            .collect();
        format!("(CASE{cases} ELSE {} END)", self.0.len())
    }

    /// The interval that an identifier of an instant lies in.
    pub(super) fn of_id(&self, column: &str) -> SqlLiteral<Integer> {
        sql(&self.number(|cut| {
            let digits: String = ids::before(cut.0)
                .iter()
                .map(|byte| format!("{byte:02X}"))
                .collect();
            format!("{column} < X'{digits}'")
        }))
    }
}

/// An instant as both databases compare it.
fn quoted(at: NaiveDateTime) -> String {
    format!("'{}'", at.format("%Y-%m-%d %H:%M:%S"))
}

/// How many licences of a scope are active, and how many match: one statement.
///
/// # Errors
/// Of the database.
pub fn active_licenses(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    today: NaiveDate,
    grace: &[(ProductId, i32)],
    and: &Filter,
) -> Result<(i64, i64)> {
    let active = tenancy::licenses(scope)
        .filter(in_state(LicenseState::Active, today, grace))
        .count()
        .single_value();
    let matching = matching(scope, and, today, grace).count().single_value();
    let (active, matching): (Option<i64>, Option<i64>) =
        diesel::select((active, matching)).get_result(tx.conn)?;
    Ok((active.unwrap_or(0), matching.unwrap_or(0)))
}

/// Licences that are alike in when they began and when they end.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Lives {
    /// The interval of the first activation; −1 without one.
    pub began: i32,
    /// The interval in which it was revoked, or in which the day after its last one fell.
    pub ended: i32,
    /// How many weeks from today its last valid day lies, counted from 1; 0 where it is no day to come.
    pub week: i32,
    /// Whether that day is one of the next thirty.
    pub in_thirty: i32,
    /// Whether it is a trial.
    pub trial: i32,
    /// Whether it waits for a company or an agent.
    pub waits: i32,
    /// How many.
    pub count: i64,
}

/// Weeks ahead that are told apart.
pub const WEEKS: i32 = 12;

/// The licences of a scope by when they began and end.
///
/// # Errors
/// Of the database.
pub fn lives(tx: &mut ReadTx<'_>, scope: Scope, cuts: &Cuts, today: NaiveDate) -> Result<Vec<Lives>> {
    let began = cuts.number(|cut| format!("licenses.activated_at < {}", quoted(cut.0)));
    let began = sql::<Integer>(&format!(
        "(CASE WHEN licenses.activated_at IS NULL THEN -1 ELSE {began} END)"
    ));
    let ended = sql::<Integer>(&cuts.number(|cut| {
        format!(
            "licenses.revoked_at < {} OR (licenses.revoked_at IS NULL AND licenses.expires_on < '{}')",
            quoted(cut.0),
            cut.1
        )
    }));
    let last = |days: i32| crate::domain::license::days_after(today, days);
    let weeks: String = (1..=WEEKS)
        .map(|n| format!(" WHEN licenses.expires_on <= '{}' THEN {n}", last(7 * n)))
        .collect();
    let gone = format!(
        "licenses.revoked_at IS NOT NULL OR licenses.expires_on IS NULL OR licenses.expires_on < '{today}'"
    );
    let week = sql::<Integer>(&format!("(CASE WHEN {gone} THEN 0{weeks} ELSE 0 END)"));
    let in_thirty = sql::<Integer>(&format!(
        "(CASE WHEN {gone} THEN 0 WHEN licenses.expires_on <= '{}' THEN 1 ELSE 0 END)",
        last(30)
    ));
    let trial = sql::<Integer>("(CASE WHEN licenses.kind = 'trial' THEN 1 ELSE 0 END)");
    // As the list of licences says it.
    let waits = sql::<Integer>(
        "(CASE WHEN licenses.revoked_at IS NULL \
         AND (licenses.activated_at IS NOT NULL OR licenses.settled = 1) \
         AND (licenses.company_id IS NULL OR (licenses.agent_id IS NULL AND licenses.company_id IN \
         (SELECT wanting.id FROM nodes AS wanting WHERE wanting.wants_agent = 1))) THEN 1 ELSE 0 END)",
    );
    Ok(licenses::table
        .filter(tenancy::has_license(scope))
        .group_by((
            began.clone(),
            ended.clone(),
            week.clone(),
            in_thirty.clone(),
            trial.clone(),
            waits.clone(),
        ))
        .select((began, ended, week, in_thirty, trial, waits, count_star()))
        .load(tx.conn)?)
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

/// The tries to activate of a scope, by interval and outcome, from the first cut on.
///
/// # Errors
/// Of the database.
pub fn activations(tx: &mut ReadTx<'_>, scope: Scope, cuts: &Cuts) -> Result<Vec<(i32, Tried, i64)>> {
    let interval = cuts.of_id("activation_log.id");
    let outcome = sql::<Integer>(Tried::WORDS);
    let rows: Vec<(i32, i32, i64)> = activation_log::table
        .filter(tenancy::has_activation(scope))
        .filter(activation_log::id.ge(LogId(ids::before(cuts.first()))))
        .filter(activation_log::operation.eq("attiva"))
        .group_by((interval.clone(), outcome.clone()))
        .select((interval, outcome, count_star()))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(interval, outcome, count)| (interval, Tried::of(outcome), count))
        .collect())
}

/// Rows of the ledger that are alike.
#[derive(Debug, Clone, Queryable)]
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
     AND transactions.undoes_id IN (SELECT undone.id FROM transactions AS undone \
     WHERE undone.kind IN ('incasso', 'ricarica', 'trasferimento'))))";
/// A sum is a decimal on MariaDB; this makes it whole on both.
pub(super) const CENTS: &str = "CAST(SUM(transactions.amount_cents) AS SIGNED)";

/// What a scope sold, by interval, kind and currency, from the first cut on.
///
/// # Errors
/// Of the database.
pub fn sales(tx: &mut ReadTx<'_>, scope: Scope, cuts: &Cuts) -> Result<Vec<Sold>> {
    let interval = cuts.of_id("transactions.id");
    let kind = sql::<Text>("transactions.kind");
    let currency = sql::<Text>("transactions.currency");
    Ok(transactions::table
        .filter(tenancy::has_transaction(scope))
        .filter(transactions::id.ge(TransactionId(ids::before(cuts.first()))))
        .filter(sql::<Bool>(&format!("NOT {NO_SALE}")))
        .group_by((interval.clone(), kind.clone(), currency.clone()))
        .select((interval, kind, currency, count_star(), sql::<BigInt>(CENTS)))
        .load(tx.conn)?)
}

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

/// Who of a scope sold most in a currency since an instant. Who left the scope meanwhile is not named.
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
    macro_rules! best {
        ($table:ident, $column:expr, $id:ident, $seen:expr) => {
            transactions::table
                .inner_join(
                    $table::table.on($table::id
                        .nullable()
                        .eq($column)
                        .and(sql::<Nullable<Bool>>(&$seen))),
                )
                .filter(sql::<Bool>(&tenancy::words(
                    scope,
                    "transactions",
                    "customer_id",
                )))
                .filter(transactions::id.ge(TransactionId(ids::before(since))))
                .filter(transactions::currency.eq(currency))
                .filter(sql::<Bool>(&format!("NOT {NO_SALE}")))
                .group_by(($table::id, $table::name))
                .select(($table::id, $table::name, sql::<BigInt>(CENTS)))
                .order(sql::<BigInt>(&format!("{CENTS} DESC")))
                .limit(5)
                .load::<($id, String, i64)>(tx.conn)?
                .into_iter()
                .map(|(id, name, cents)| Place {
                    id: id.0,
                    name,
                    cents,
                })
                .collect::<Vec<_>>()
        };
    }
    let nodes_seen = tenancy::nodes_words(scope);
    let mut best = match by {
        By::Company => best!(nodes, transactions::company_id, NodeId, nodes_seen),
        By::Agent => best!(nodes, transactions::agent_id, NodeId, nodes_seen),
        By::Customer => best!(
            customers,
            transactions::customer_id,
            CustomerId,
            tenancy::words(scope, "customers", "id")
        ),
    };
    best.retain(|place| place.cents > 0);
    Ok(best)
}

/// The customers of a scope, by whether they wait and by the interval in which they came.
///
/// # Errors
/// Of the database.
pub fn customers(tx: &mut ReadTx<'_>, scope: Scope, cuts: &Cuts) -> Result<Vec<(bool, i32, i64)>> {
    let interval = cuts.of_id("customers.id");
    let waits = sql::<Integer>(&format!(
        "(CASE WHEN customers.state = '{}' THEN 1 ELSE 0 END)",
        CustomerState::Pending
    ));
    let rows: Vec<(i32, i32, i64)> = customers::table
        .filter(tenancy::has_customer(scope))
        .group_by((waits.clone(), interval.clone()))
        .select((waits, interval, count_star()))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(waits, interval, count)| (waits == 1, interval, count))
        .collect())
}

/// Refusals of one licence, for one reason; with what a line says of the licence, where the scope sees it still.
#[derive(Debug, Clone, Queryable)]
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
    let seen = sql::<Nullable<Bool>>(&tenancy::words(scope, "licenses", "customer_id"));
    Ok(activation_log::table
        .left_join(licenses::table.on(licenses::id.nullable().eq(activation_log::license_id).and(seen)))
        .left_join(products::table.on(products::id.nullable().eq(licenses::product_id.nullable())))
        .left_join(customers::table.on(customers::id.nullable().eq(licenses::customer_id.nullable())))
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
            sql::<Nullable<Text>>("MAX(licenses.key_tail)"),
            sql::<Nullable<Text>>("MAX(products.name)"),
            sql::<Nullable<Text>>("MAX(customers.name)"),
            sql::<Nullable<Integer>>("MAX(licenses.devices_used)"),
            sql::<Nullable<Integer>>("MAX(licenses.max_devices)"),
        ))
        .order(sql::<BigInt>("COUNT(*) DESC, MAX(activation_log.id) DESC"))
        .limit(limit)
        .load(tx.conn)?)
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
