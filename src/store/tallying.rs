//! Keeps the tallies (decision 0018): folds deltas into them, a few at a time, and counts all rows anew where nobody
//! knows whether they agree. Neither changes a figure.

use super::{
    counts::{Count, DELTA, Delta, EVERYBODY, NEVER, NOBODY, What, When},
    db::{Db, Ran, ReadTx, WriteTx, stopped},
    retention::{self, Log},
    schema::{tally_deltas, tally_state},
    statistics::NO_SALE,
    tenancy::literal,
};
use crate::domain::{
    actor::Actor,
    calendar,
    error::Result,
    ids::{self, LogId},
};
use chrono::{Days, Duration, NaiveDate, NaiveDateTime, Timelike};
use chrono_tz::Tz;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Binary, Integer, Nullable, Text},
};
use std::collections::BTreeMap;

/// Deltas that are folded at once: so few that no operation waits long.
const FOLDED: i64 = 500;
/// Rows in a statement.
const AT_ONCE: usize = 250;
/// Tries to activate stay as rows for so long: a figure of the last 24 hours is told to the minute.
const YOUNG: Duration = Duration::hours(25);
/// The tries of so many hours are folded at once, at most.
const HOURS: i64 = 6;

impl Db {
    /// Folds some of what changed figures into the tallies (decision 0018): whether there is more. It changes no figure.
    ///
    /// # Errors
    /// As [`operation`](Self::operation).
    pub async fn fold_tallies(&self, now: NaiveDateTime, zone: Tz) -> Result<bool> {
        // What has nothing to do writes nothing.
        if !self.lookup(move |tx| is_due(tx, now, zone)).await? {
            return Ok(false);
        }
        // The first time it counts all rows, and takes as long as that takes.
        let folding = move |tx: &mut WriteTx<'_>| fold(tx, zone).map(Ran::Counted);
        let answer = self.queue(&Actor::operator(), now, folding).await?;
        answer.await.map_err(|_| stopped())?
    }

    /// Counts all rows anew. The figures are the same before and after, unless something was wrong with them.
    ///
    /// # Errors
    /// As [`operation`](Self::operation).
    pub async fn recount_tallies(&self, now: NaiveDateTime, zone: Tz) -> Result<()> {
        // It takes its time, and nobody waits for it who would ask again.
        let counting = move |tx: &mut WriteTx<'_>| recount(tx, zone).map(Ran::Counted);
        let answer = self.queue(&Actor::operator(), now, counting).await?;
        answer.await.map_err(|_| stopped())?
    }
}

/// What of the log is folded, and in which zone days are days.
struct State {
    zone: String,
    log_before: NaiveDateTime,
}

/// Sums by the key of a tally.
type Key = (What, [u8; 16], [u8; 16], NaiveDate, [u8; 16], String, i32);

#[derive(Default)]
struct Sums(BTreeMap<Key, (i64, i64)>);

impl Sums {
    fn add(&mut self, count: &Count, zone: Tz) {
        let day = count.when.day(zone).or(NEVER).unwrap_or(NaiveDate::MAX);
        let (company, agent) = (count.company.unwrap_or(NOBODY), count.agent.unwrap_or(NOBODY));
        let mut places = vec![(company, agent), (EVERYBODY, EVERYBODY)];
        // Sales of all are also asked for by company and by agent.
        if count.what == What::Sales {
            places.extend([(company, EVERYBODY), (EVERYBODY, agent)]);
        }
        for (company, agent) in places {
            let key = (
                count.what,
                company,
                agent,
                day,
                count.product,
                count.word.clone(),
                count.flags,
            );
            let sum = self.0.entry(key).or_default();
            sum.0 += count.n;
            sum.1 += count.cents;
        }
    }

    /// Adds the sums to what stands, and leaves no zeros.
    fn write(self, tx: &mut WriteTx<'_>) -> Result<()> {
        let rows: Vec<(Key, (i64, i64))> = self.0.into_iter().filter(|(_, sum)| *sum != (0, 0)).collect();
        for rows in rows.chunks(AT_ONCE) {
            let values: Vec<String> = rows.iter().map(|(key, sum)| values(key, *sum)).collect();
            let added = match tx.is_sqlite() {
                true => {
                    "ON CONFLICT (what, company_id, agent_id, day, product_id, word, flags) \
                     DO UPDATE SET n = n + excluded.n, cents = cents + excluded.cents"
                }
                false => "ON DUPLICATE KEY UPDATE n = n + VALUES(n), cents = cents + VALUES(cents)",
            };
            sql_query(format!(
                "INSERT INTO tallies (what, company_id, agent_id, day, product_id, word, flags, n, cents) VALUES {} {added}",
                values.join(", ")
            ))
            .execute(tx.conn)?;
        }
        let taken: Vec<String> = rows
            .iter()
            .filter(|(_, sum)| sum.0 < 0)
            .map(|(key, _)| is(key))
            .collect();
        for keys in taken.chunks(AT_ONCE / 5) {
            sql_query(format!(
                "DELETE FROM tallies WHERE n = 0 AND cents = 0 AND ({})",
                keys.join(" OR ")
            ))
            .execute(tx.conn)?;
        }
        Ok(())
    }
}

/// Codes are letters; whatever else a word held would not be told from the text of the statement.
fn quoted(word: &str) -> String {
    let kept: String = word
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '-'))
        .collect();
    format!("'{kept}'")
}

fn values((what, company, agent, day, product, word, flags): &Key, (n, cents): (i64, i64)) -> String {
    format!(
        "({}, {}, {}, '{day}', {}, {}, {flags}, {n}, {cents})",
        *what as i32,
        literal(*company),
        literal(*agent),
        literal(*product),
        quoted(word)
    )
}

fn is((what, company, agent, day, product, word, flags): &Key) -> String {
    format!(
        "(what = {} AND company_id = {} AND agent_id = {} AND day = '{day}' AND product_id = {} AND word = {} AND flags = {flags})",
        *what as i32,
        literal(*company),
        literal(*agent),
        literal(*product),
        quoted(word)
    )
}

/// Takes the turn: nodes fold one after the other, also on a cluster, for both change this row.
fn begin(tx: &mut WriteTx<'_>) -> Result<State> {
    diesel::update(tally_state::table)
        .set(tally_state::revision.eq(tally_state::revision + 1))
        .execute(tx.conn)?;
    let (zone, log_before): (String, LogId) = tally_state::table
        .select((tally_state::zone, tally_state::log_before))
        .first(tx.conn)?;
    Ok(State {
        zone,
        log_before: ids::instant_of(log_before.0),
    })
}

fn end(tx: &mut WriteTx<'_>, zone: Tz, log_before: NaiveDateTime) -> Result<()> {
    diesel::update(tally_state::table)
        .set((
            tally_state::zone.eq(zone.name()),
            tally_state::log_before.eq(LogId(ids::before(log_before))),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Up to where the log may be folded now.
fn due(now: NaiveDateTime) -> NaiveDateTime {
    let hour = now.with_minute(0).and_then(|now| now.with_second(0));
    hour.and_then(|now| now.with_nanosecond(0)).unwrap_or(now) - YOUNG
}

/// Whether there is something to fold, or to count anew.
fn is_due(tx: &mut ReadTx<'_>, now: NaiveDateTime, zone: Tz) -> Result<bool> {
    let (known, log_before): (String, LogId) = tally_state::table
        .select((tally_state::zone, tally_state::log_before))
        .first(tx.conn)?;
    if known != zone.name() || ids::instant_of(log_before.0) < due(now) {
        return Ok(true);
    }
    let delta: Option<i64> = tally_deltas::table
        .select(tally_deltas::id)
        .first(tx.conn)
        .optional()?;
    Ok(delta.is_some())
}

/// Folds some of what waits: whether there is more. Counts all rows anew where that was never done, or in another zone.
pub(super) fn fold(tx: &mut WriteTx<'_>, zone: Tz) -> Result<bool> {
    let state = begin(tx)?;
    if state.zone != zone.name() {
        count_all(tx, zone)?;
        return Ok(false);
    }
    let deltas: Vec<Delta> = tally_deltas::table
        .order(tally_deltas::id)
        .limit(FOLDED)
        .select(DELTA)
        .load(tx.conn)?;
    let mut sums = Sums::default();
    for count in deltas.iter().flat_map(Delta::counts) {
        sums.add(&count, zone);
    }
    let ids: Vec<i64> = deltas.iter().map(|delta| delta.id).collect();
    forget(tx, &ids)?;
    let (from, due) = (state.log_before, due(tx.now()));
    let mut until = from;
    if from < due {
        until = due.min(from + Duration::hours(HOURS));
        tries(tx, zone, from, until, &mut sums)?;
        end(tx, zone, until)?;
    }
    sums.write(tx)?;
    Ok(ids.len() as i64 >= FOLDED || until < due)
}

fn forget(tx: &mut WriteTx<'_>, ids: &[i64]) -> Result<()> {
    for ids in ids.chunks(AT_ONCE) {
        diesel::delete(tally_deltas::table.filter(tally_deltas::id.eq_any(ids.to_vec()))).execute(tx.conn)?;
    }
    Ok(())
}

/// Counts all rows anew.
pub(super) fn recount(tx: &mut WriteTx<'_>, zone: Tz) -> Result<()> {
    begin(tx)?;
    count_all(tx, zone)
}

/// What a query of a count gives.
#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Nullable<Binary>)]
    company: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Binary>)]
    agent: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Binary>)]
    product: Option<Vec<u8>>,
    #[diesel(sql_type = Text)]
    word: String,
    #[diesel(sql_type = Integer)]
    flags: i32,
    #[diesel(sql_type = Nullable<Text>)]
    time: Option<String>,
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = BigInt)]
    cents: i64,
}

impl Counted {
    fn count(self, what: What, day: Option<NaiveDate>) -> Count {
        let id = |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
        let when = match (day, self.time.as_deref()) {
            (Some(day), _) => When::Day(day),
            (None, Some(time)) => time
                .parse()
                .map(When::Day)
                .or_else(|_| {
                    // Instants are given by their hour, or by their minute.
                    let time = if time.len() == 13 {
                        format!("{time}:00")
                    } else {
                        time.to_owned()
                    };
                    NaiveDateTime::parse_from_str(&time, "%Y-%m-%d %H:%M").map(When::At)
                })
                .unwrap_or(When::Never),
            (None, None) => When::Never,
        };
        Count {
            what,
            company: id(self.company),
            agent: id(self.agent),
            product: id(self.product).unwrap_or(NOBODY),
            word: self.word,
            flags: self.flags,
            when,
            n: self.n,
            cents: self.cents,
        }
    }
}

fn count(
    tx: &mut WriteTx<'_>,
    what: What,
    day: Option<NaiveDate>,
    query: String,
    zone: Tz,
    sums: &mut Sums,
) -> Result<()> {
    let rows: Vec<Counted> = sql_query(query).load(tx.conn)?;
    for row in rows {
        sums.add(&row.count(what, day), zone);
    }
    Ok(())
}

/// The tries between two instants, day by day.
fn tries(
    tx: &mut WriteTx<'_>,
    zone: Tz,
    from: NaiveDateTime,
    until: NaiveDateTime,
    sums: &mut Sums,
) -> Result<()> {
    for (day, from, until) in days(zone, from, until) {
        let query = format!(
            "SELECT company_id AS company, agent_id AS agent, product_id AS product, '' AS word, \
             CASE outcome WHEN 'attivata' THEN 0 WHEN 'gia_attiva' THEN 1 ELSE 2 END AS flags, \
             NULL AS time, COUNT(*) AS n, 0 AS cents FROM activation_log \
             WHERE id >= {} AND id < {} AND operation = 'attiva' GROUP BY 1, 2, 3, 5",
            literal(ids::before(from)),
            literal(ids::before(until)),
        );
        count(tx, What::Tries, Some(day), query, zone, sums)?;
    }
    Ok(())
}

/// The days that a stretch touches, each with the part of it.
fn days(
    zone: Tz,
    from: NaiveDateTime,
    until: NaiveDateTime,
) -> Vec<(NaiveDate, NaiveDateTime, NaiveDateTime)> {
    let mut all = Vec::new();
    let (mut at, mut day) = (from, calendar::today(from, zone));
    while at < until {
        let end = calendar::end_of_day(day, zone).min(until);
        all.push((day, at, end));
        at = end;
        match day.checked_add_days(Days::new(1)) {
            Some(next) => day = next,
            None => break,
        }
    }
    all
}

/// An identifier, where there is one.
#[derive(QueryableByName)]
struct Bound {
    #[diesel(sql_type = Nullable<Binary>)]
    id: Option<Vec<u8>>,
}

fn instant(tx: &mut WriteTx<'_>, which: &str, table: &str) -> Result<Option<NaiveDateTime>> {
    let bound: Bound = sql_query(format!("SELECT {which}(id) AS id FROM {table}")).get_result(tx.conn)?;
    let id = bound.id.and_then(|id| <[u8; 16]>::try_from(id).ok());
    Ok(id.map(ids::instant_of))
}

const STANDING: &str = "(CASE WHEN l.activated_at IS NULL THEN 0 ELSE 1 END) + (CASE WHEN l.suspensions > 0 THEN 2 ELSE 0 END) \
     + (CASE c.state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END) + (CASE WHEN l.settled = 1 THEN 16 ELSE 0 END) \
     + (CASE WHEN l.revoked_at IS NULL THEN 0 ELSE 32 END)";

fn count_all(tx: &mut WriteTx<'_>, zone: Tz) -> Result<()> {
    let ids: Vec<i64> = tally_deltas::table.select(tally_deltas::id).load(tx.conn)?;
    forget(tx, &ids)?;
    // Of days whose log is kept no longer only the tallies tell.
    let kept = retention::first_day(tx, Log::Activations, zone)?;
    match kept {
        None => sql_query("DELETE FROM tallies").execute(tx.conn)?,
        Some(day) => sql_query(format!(
            "DELETE FROM tallies WHERE what <> {0} OR (what = {0} AND day >= '{day}')",
            What::Tries as i32
        ))
        .execute(tx.conn)?,
    };
    let mut sums = Sums::default();
    // Of instants what a day in this zone begins and ends with: whole hours nearly everywhere.
    let width = if calendar::is_whole_hours(zone, tx.now()) {
        13
    } else {
        16
    };
    let of_licenses = "l.company_id AS company, l.agent_id AS agent, l.product_id AS product, l.kind AS word";
    let time = |column: &str, width: usize| format!("SUBSTR(CAST({column} AS CHAR(26)), 1, {width}) AS time");
    for (what, which) in [
        (What::Licenses, "l.archived_at IS NULL"),
        (What::Archived, "l.archived_at IS NOT NULL"),
    ] {
        let licenses = format!(
            "SELECT {of_licenses}, {STANDING} AS flags, {}, COUNT(*) AS n, 0 AS cents FROM licenses AS l \
             LEFT JOIN customers AS c ON c.id = l.customer_id WHERE {which} GROUP BY 1, 2, 3, 4, 5, 6",
            time("(CASE WHEN l.revoked_at IS NULL THEN l.expires_on END)", 10)
        );
        count(tx, what, None, licenses, zone, &mut sums)?;
    }
    for (what, column, flags) in [
        (What::Began, "l.activated_at", "0"),
        (
            What::Revoked,
            "l.revoked_at",
            "(CASE WHEN l.activated_at IS NULL THEN 0 ELSE 1 END)",
        ),
    ] {
        let query = format!(
            "SELECT {of_licenses}, {flags} AS flags, {}, COUNT(*) AS n, 0 AS cents FROM licenses AS l \
             WHERE {column} IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6",
            time(column, width)
        );
        count(tx, what, None, query, zone, &mut sums)?;
    }
    let modules = format!(
        "SELECT l.company_id AS company, l.agent_id AS agent, m.module_id AS product, '' AS word, 0 AS flags, {}, \
         COUNT(*) AS n, 0 AS cents FROM license_modules AS m JOIN licenses AS l ON l.id = m.license_id \
         WHERE l.revoked_at IS NULL AND l.archived_at IS NULL GROUP BY 1, 2, 3, 6",
        time(
            "(CASE WHEN m.expires_on IS NULL THEN l.expires_on WHEN l.expires_on IS NULL OR m.expires_on < l.expires_on \
             THEN m.expires_on ELSE l.expires_on END)",
            10
        )
    );
    count(tx, What::Modules, None, modules, zone, &mut sums)?;
    for (day, from, until) in all_days(tx, zone, "customers")? {
        let query = format!(
            "SELECT company_id AS company, agent_id AS agent, NULL AS product, '' AS word, \
             CASE state WHEN 'in_attesa' THEN 4 WHEN 'sospeso' THEN 8 ELSE 0 END AS flags, NULL AS time, COUNT(*) AS n, 0 AS cents \
             FROM customers WHERE archived_at IS NULL AND id >= {from} AND id < {until} GROUP BY 1, 2, 5"
        );
        count(tx, What::Customers, Some(day), query, zone, &mut sums)?;
    }
    let word = if tx.is_sqlite() {
        "transactions.kind || ' ' || transactions.currency"
    } else {
        "CONCAT(transactions.kind, ' ', transactions.currency)"
    };
    for (day, from, until) in all_days(tx, zone, "transactions")? {
        let query = format!(
            "SELECT transactions.company_id AS company, transactions.agent_id AS agent, licenses.product_id AS product, \
             {word} AS word, 0 AS flags, NULL AS time, COUNT(*) AS n, \
             CAST(SUM(transactions.amount_cents) AS SIGNED) AS cents FROM transactions \
             LEFT JOIN licenses ON licenses.id = transactions.license_id \
             WHERE transactions.id >= {from} AND transactions.id < {until} AND NOT {NO_SALE} GROUP BY 1, 2, 3, 4"
        );
        count(tx, What::Sales, Some(day), query, zone, &mut sums)?;
    }
    // What is owed: what is deferred and not undone, without what was paid of it.
    const WHOSE: &str =
        "t.company_id AS company, t.agent_id AS agent, NULL AS product, '' AS word, 0 AS flags, NULL AS time";
    const OPEN: &str = "t.due_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM transactions AS u WHERE u.undoes_id = t.id) GROUP BY 1, 2";
    for query in [
        format!(
            "SELECT {WHOSE}, COUNT(*) AS n, CAST(SUM(t.amount_cents) AS SIGNED) AS cents FROM transactions AS t WHERE {OPEN}"
        ),
        format!(
            "SELECT {WHOSE}, 0 AS n, CAST(-SUM(s.amount_cents) AS SIGNED) AS cents FROM settlements AS s \
             JOIN transactions AS t ON t.id = s.transaction_id WHERE {OPEN}"
        ),
    ] {
        count(tx, What::Owed, None, query, zone, &mut sums)?;
    }
    let due = due(tx.now());
    if let Some(from) = instant(tx, "MIN", "activation_log")? {
        let from = kept.map_or(from, |day| from.max(calendar::start_of_day(day, zone)));
        tries(tx, zone, from, due, &mut sums)?;
    }
    end(tx, zone, due)?;
    sums.write(tx)
}

/// Every day of a table's rows, with its first identifier and the first behind it.
fn all_days(tx: &mut WriteTx<'_>, zone: Tz, table: &str) -> Result<Vec<(NaiveDate, String, String)>> {
    let (Some(from), Some(last)) = (instant(tx, "MIN", table)?, instant(tx, "MAX", table)?) else {
        return Ok(Vec::new());
    };
    let until = last + Duration::milliseconds(1);
    Ok(days(zone, from, until)
        .into_iter()
        .map(|(day, from, until)| (day, literal(ids::before(from)), literal(ids::before(until))))
        .collect())
}
