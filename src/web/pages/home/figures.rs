//! The cards and charts of the dashboard.

use super::Seen;
use crate::{
    domain::{
        payment::TransactionKind,
        period::{self, Period},
    },
    store::statistics::{self, Sold, Tried},
    web::{charts, messages, reader::Reader},
};
use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::{Value, json};

/// Whether a change is for the better.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Mood {
    Good,
    Poor,
    Flat,
}

#[derive(Serialize)]
struct Delta {
    mood: Mood,
    up: bool,
    text: String,
}

impl Seen {
    fn tried(&self, which: Tried) -> impl Iterator<Item = (i32, i64)> {
        self.tried
            .iter()
            .filter(move |(_, tried, _)| *tried == which)
            .map(|(interval, _, count)| (*interval, *count))
    }

    fn sold(&self) -> impl Iterator<Item = (i32, i64)> {
        self.sales
            .iter()
            .filter(|row| row.currency == self.currency)
            .map(|row| (row.interval, row.cents))
    }

    fn sales_of(&self, kind: TransactionKind) -> impl Iterator<Item = (i32, i64)> {
        let is_of = move |row: &&Sold| row.kind == kind.code();
        self.sales
            .iter()
            .filter(is_of)
            .map(|row| (row.interval, row.count))
    }

    fn trials_ended(&self) -> impl Iterator<Item = (i32, i64)> {
        let ended = self.lives.iter().filter(|row| row.trial == 1 && row.began >= 0);
        ended.map(|row| (row.ended, row.count))
    }

    /// What a count was in the stretch, and in the one before.
    fn now_and_before<I: Iterator<Item = (i32, i64)>>(&self, counted: impl Fn() -> I) -> (i64, i64) {
        (
            self.sum(counted(), self.span.from, self.tomorrow()),
            self.sum(counted(), self.span.previous, self.span.previous_end),
        )
    }

    /// How many licences that are no trials ran when each mark came, reckoned back from those that are active.
    fn ran(&self, marks: &[NaiveDate]) -> Vec<i64> {
        let paid = || self.lives.iter().filter(|row| row.trial == 0 && row.began >= 0);
        marks
            .iter()
            .skip(1)
            .map(|mark| {
                let after = |interval: i32| self.cuts.holds(interval, *mark, self.tomorrow());
                let began: i64 = paid().filter(|row| after(row.began)).map(|row| row.count).sum();
                let ended: i64 = paid().filter(|row| after(row.ended)).map(|row| row.count).sum();
                (self.active - began + ended).max(0)
            })
            .collect()
    }
}

fn delta(seen: &Seen, reader: &Reader, change: i64, more_is_good: bool, written: String) -> Value {
    if change == 0 {
        return json!(Delta {
            mood: Mood::Flat,
            up: false,
            text: reader.text(&format!("delta-same-{}", seen.period)),
        });
    }
    let before = match seen.period {
        Period::Month => reader.text(&format!("month-{}", seen.span.previous.month())),
        _ => seen.span.previous.year().to_string(),
    };
    json!(Delta {
        mood: if (change > 0) == more_is_good {
            Mood::Good
        } else {
            Mood::Poor
        },
        up: change > 0,
        text: messages::filled(
            reader.language,
            &format!("delta-{}", seen.period),
            [("change", written.into()), ("before", before.into())],
        ),
    })
}

fn signed(reader: &Reader, change: i64) -> String {
    let sign = if change > 0 { "+" } else { "" };
    format!("{sign}{}", reader.number(change))
}

fn flat(text: String) -> Value {
    json!(Delta {
        mood: Mood::Flat,
        up: false,
        text
    })
}

fn counted(reader: &Reader, key: &str, n: i64) -> String {
    messages::filled(
        reader.language,
        key,
        [("n", n.into()), ("number", reader.number(n).into())],
    )
}

/// The cards above all else: each with the list that gives its number.
pub(super) fn cards(seen: &Seen, reader: &Reader, may_audit: bool) -> Vec<Value> {
    let marks = seen.period.marks(seen.today);
    let ran = seen.ran(&marks);
    let then = seen.ran(&[seen.span.from, seen.span.from]);
    let grown = seen.active - then.first().copied().unwrap_or(seen.active);
    let ahead = || seen.lives.iter().filter(|row| row.week > 0);
    let expiring: i64 = ahead()
        .filter(|row| row.in_thirty == 1)
        .map(|row| row.count)
        .sum();
    let this_week: i64 = ahead().filter(|row| row.week == 1).map(|row| row.count).sum();
    let weeks: Vec<i64> = (1..=statistics::WEEKS)
        .map(|week| ahead().filter(|row| row.week == week).map(|row| row.count).sum())
        .collect();
    let waiting: i64 = seen
        .customers
        .iter()
        .filter(|(waits, ..)| *waits)
        .map(|(.., count)| count)
        .sum();
    let came = || {
        seen.customers
            .iter()
            .map(|(_, interval, count)| (*interval, *count))
    };
    let new = seen.sum(came(), seen.span.from, seen.tomorrow());
    let (activated, activated_before) = seen.now_and_before(|| seen.tried(Tried::Activated));
    let today = seen.sum(seen.tried(Tried::Activated), seen.today, seen.tomorrow());
    let (refused, refused_before) = seen.now_and_before(|| seen.tried(Tried::Refused));
    let lately: i64 = seen
        .tried(Tried::Refused)
        .filter(|(interval, _)| seen.cuts.is_since(*interval, seen.day_ago))
        .map(|(_, count)| count)
        .sum();
    let stretch = format!("dal={}&al={}", seen.span.from, seen.today);
    let mut cards = vec![
        json!({
            "key": "active", "href": "/licenze?stato=attiva", "value": reader.number(seen.active),
            "delta": delta(seen, reader, grown, true, signed(reader, grown)), "spark": charts::spark(&ran),
        }),
        json!({
            "key": "expiring", "href": "/licenze?scade_entro=30", "value": reader.number(expiring),
            "delta": flat(counted(reader, "kpi-this-week", this_week)), "spark": charts::spark(&weeks),
        }),
        json!({
            "key": "waiting", "href": "/clienti?stato=in_attesa", "value": reader.number(waiting),
            "delta": flat(counted(reader, "kpi-new-customers", new)),
            "spark": charts::spark(&seen.sums(came, &marks)),
        }),
        converted(seen, reader, &marks, may_audit),
        json!({
            "key": "activations", "value": reader.number(activated),
            "href": format!("/registri/attivazioni?operazione=attiva&esito=attivata&{stretch}"),
            "hint": counted(reader, "kpi-today", today),
            "delta": delta(seen, reader, activated - activated_before, true, signed(reader, activated - activated_before)),
            "spark": charts::spark(&seen.sums(|| seen.tried(Tried::Activated), &marks)),
        }),
        json!({
            "key": "refused", "value": reader.number(lately),
            "href": "/registri/attivazioni?operazione=attiva&esito=rifiutata&ore=24",
            "delta": flat(counted(reader, "kpi-refused-before", refused)),
            "poor": refused > refused_before,
            "spark": charts::spark(&seen.sums(|| seen.tried(Tried::Refused), &marks)),
        }),
    ];
    if seen.sales.iter().any(|row| row.currency == seen.currency) {
        let (sold, before) = seen.now_and_before(|| seen.sold());
        let written = share(sold - before, before).map_or_else(
            || reader.money(sold - before, &seen.currency),
            |points| format!("{}{}", if points > 0 { "+" } else { "" }, percent(reader, points)),
        );
        cards.push(json!({
            "key": "sold", "href": "#h-rank", "value": reader.money(sold, &seen.currency),
            "delta": delta(seen, reader, sold - before, true, written),
            "spark": charts::spark(&seen.sums(|| seen.sold(), &marks)),
        }));
    }
    cards
}

/// Basis points of a whole.
fn share(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| part.saturating_mul(10_000) / whole)
}

fn percent(reader: &Reader, points: i64) -> String {
    // To a tenth.
    let tenths = (points + points.signum() * 5) / 10 * 10;
    format!("{}\u{a0}%", reader.hundredths(tenths, 0))
}

/// Trials that were paid for, among those that were decided: paid for, or over.
fn converted(seen: &Seen, reader: &Reader, marks: &[NaiveDate], may_audit: bool) -> Value {
    let paid = || seen.sales_of(TransactionKind::Conversion);
    let (now, before) = seen.now_and_before(paid);
    let (over, over_before) = seen.now_and_before(|| seen.trials_ended());
    let (rate, rate_before) = (share(now, now + over), share(before, before + over_before));
    let points = seen
        .sums(paid, marks)
        .into_iter()
        .zip(seen.sums(|| seen.trials_ended(), marks))
        .map(|(paid, over)| share(paid, paid + over).unwrap_or(0))
        .collect::<Vec<_>>();
    let href = if may_audit {
        format!(
            "/registri/attivita?azione=licenza.convertita&dal={}&al={}",
            seen.span.from, seen.today
        )
    } else {
        "/licenze?tipo=trial".to_owned()
    };
    let told = messages::filled(
        reader.language,
        "kpi-converted-of",
        [
            ("paid", reader.number(now).into()),
            ("all", reader.number(now + over).into()),
        ],
    );
    json!({
        "key": "converted", "href": href, "hint": told.clone(),
        "value": rate.map(|rate| percent(reader, rate)),
        "delta": match (rate, rate_before) {
            (Some(rate), Some(before)) if rate != before => {
                let change = messages::filled(
                    reader.language,
                    "kpi-points",
                    [("points", format!("{}{}", if rate > before { "+" } else { "" }, reader.hundredths((rate - before) / 10 * 10, 0)).into())],
                );
                delta(seen, reader, rate - before, true, change)
            }
            _ => flat(told),
        },
        "spark": charts::spark(&points),
    })
}

/// The charts of twelve months, with their tables.
pub(super) fn months(seen: &Seen, reader: &Reader) -> Value {
    let marks = period::months(seen.today);
    let activated = seen.sums(|| seen.tried(Tried::Activated), &marks);
    let refused = seen.sums(|| seen.tried(Tried::Refused), &marks);
    let renewed = seen.sums(|| seen.sales_of(TransactionKind::Renewal), &marks);
    let firsts: Vec<NaiveDate> = marks.iter().copied().take(activated.len()).collect();
    let short: Vec<String> = firsts
        .iter()
        .map(|day| reader.text(&format!("month-short-{}", day.month())))
        .collect();
    let rows: Vec<Value> = firsts
        .iter()
        .enumerate()
        .map(|(n, first)| {
            json!({
                "month": reader.month(*first),
                "part": n + 1 == firsts.len(),
                "activated": activated.get(n),
                "renewed": renewed.get(n),
                "refused": refused.get(n),
            })
        })
        .collect();
    let says = [
        told(reader, "says-activated", &activated, &firsts),
        told(reader, "says-renewed", &renewed, &firsts),
    ]
    .join(" ");
    json!({
        "labels": short,
        "rows": rows,
        "sums": {
            "activated": activated.iter().sum::<i64>(),
            "renewed": renewed.iter().sum::<i64>(),
            "refused": refused.iter().sum::<i64>(),
        },
        "renewals": charts::columns(std::slice::from_ref(&activated), Some(&renewed)),
        "says": says,
        "tries": charts::columns(&[activated.clone(), refused.clone()], None),
        "says_tries": told(reader, "says-refused", &refused, &firsts),
    })
}

/// What a row of months says, in a sentence: from where to where, and the most of it. The month that runs is left out
/// of the comparison.
fn told(reader: &Reader, key: &str, values: &[i64], months: &[NaiveDate]) -> String {
    let whole: Vec<(i64, NaiveDate)> = values
        .iter()
        .copied()
        .zip(months.iter().copied())
        .take(values.len().saturating_sub(1))
        .collect();
    let most = values
        .iter()
        .copied()
        .zip(months.iter().copied())
        .max_by_key(|(value, month)| (*value, *month))
        .filter(|(value, _)| *value > 0);
    let (Some(first), Some(last), Some(most)) = (whole.first(), whole.last(), most) else {
        return reader.text(&format!("{key}-none"));
    };
    let way = match first.0.cmp(&last.0) {
        std::cmp::Ordering::Less => "rises",
        std::cmp::Ordering::Equal => "stays",
        std::cmp::Ordering::Greater => "falls",
    };
    messages::filled(
        reader.language,
        &format!("{key}-{way}"),
        [
            ("first", reader.number(first.0).into()),
            ("last", reader.number(last.0).into()),
            ("most", reader.number(most.0).into()),
            ("month", reader.month(most.1).into()),
        ],
    )
}
