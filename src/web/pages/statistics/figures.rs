//! Each measure as its page shows it: a chart, what it says, the table, the files.

use super::{
    PATH,
    asked::Asked,
    tables::{self, Head, Table, Value},
};
use crate::{
    domain::{license::days_after, period::Grouping},
    operations::statistics::{Figures, Measure, Money, Report, Series},
    web::{
        charts::{self, Chart},
        messages,
        pages::addresses,
        reader::Reader,
    },
};
use chrono::{Datelike, NaiveDate};
use serde_json::{Value as Json, json};

/// Names below a chart at most: more would stand on one another.
const NAMES: usize = 16;

/// What whoever looks at the figures may open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sees {
    /// The log of what was done.
    pub(super) audit: bool,
}

/// The lists that numbers are made of, where there are such.
#[derive(Debug)]
pub(super) struct Links {
    shown: bool,
    /// First and last day of each interval; nothing where a list would hold more than was counted.
    intervals: Vec<(NaiveDate, NaiveDate)>,
    sees: Sees,
}

impl Links {
    /// No links at all: a file has none.
    pub(super) fn none() -> Self {
        Self {
            shown: false,
            intervals: Vec::new(),
            sees: Sees { audit: false },
        }
    }

    fn of(asked: &Asked, sees: Sees) -> Self {
        let intervals = if asked.is_narrowed() {
            Vec::new()
        } else {
            let ends = asked.begins.iter().skip(1).map(|next| days_after(*next, -1));
            let ends = ends.chain([asked.wanted.stretch.to]);
            asked.begins.iter().copied().zip(ends).collect()
        };
        Self {
            shown: true,
            intervals,
            sees,
        }
    }

    pub(super) fn are_shown(&self) -> bool {
        self.shown
    }

    /// The tries to activate of an interval that ended so.
    pub(super) fn activations(&self, outcome: &str, interval: usize) -> Option<String> {
        let (from, to) = self.intervals.get(interval)?;
        Some(activations(outcome, *from, *to))
    }

    /// The conversions of an interval.
    pub(super) fn conversions(&self, interval: usize) -> Option<String> {
        let (from, to) = self.intervals.get(interval).filter(|_| self.sees.audit)?;
        Some(conversions(*from, *to))
    }
}

/// The log of tries to activate that ended so.
pub(super) fn activations(outcome: &str, from: NaiveDate, to: NaiveDate) -> String {
    let (from, to) = (from.to_string(), to.to_string());
    addresses::to(
        "/registri/attivazioni",
        &[
            ("operazione", Some("attiva")),
            ("esito", Some(outcome)),
            ("dal", Some(&from)),
            ("al", Some(&to)),
        ],
    )
}

/// The log of trials that were converted.
pub(super) fn conversions(from: NaiveDate, to: NaiveDate) -> String {
    let (from, to) = (from.to_string(), to.to_string());
    addresses::to(
        "/registri/attivita",
        &[
            ("azione", Some("licenza.convertita")),
            ("dal", Some(&from)),
            ("al", Some(&to)),
        ],
    )
}

/// A chart with what it says.
struct Drawn {
    chart: Chart,
    /// Of its series, the line's last.
    names: Vec<String>,
    legend: Vec<Json>,
    says: String,
}

struct Draw<'a> {
    figures: &'a Figures,
    asked: &'a Asked,
    reader: &'a Reader,
    currency: String,
}

impl Draw<'_> {
    fn sample(&self, shape: &str, key: &str, value: &Value) -> Json {
        let name = self.reader.text(&format!("stat-series-{key}"));
        json!({ "shape": shape, "text": format!("{name}, {}", value.text(self.reader)) })
    }

    fn chart(&self, series: &[Vec<i64>], line: Option<&[i64]>) -> Chart {
        let chart = charts::columns(series, line);
        // What ends with another day than today is over, or has not begun.
        if self.asked.wanted.stretch.to == self.asked.today {
            chart
        } else {
            chart.whole()
        }
    }

    /// What a chart says, in a sentence or two: how much, when most, and what it was before.
    fn says(&self, values: &[Value], total: &Value, before: Option<&Value>) -> String {
        let most = values
            .iter()
            .zip(&self.figures.begins)
            .max_by_key(|(value, begin)| (size(value), std::cmp::Reverse(**begin)))
            .filter(|(value, _)| size(value) > 0);
        let told = match most {
            Some((most, begin)) => {
                let when = tables::named(*begin, self.asked.wanted.grouping, self.reader);
                let when = messages::filled(
                    self.reader.language,
                    &format!("stat-when-{}", self.asked.wanted.grouping),
                    [("when", when.into())],
                );
                messages::filled(
                    self.reader.language,
                    "stat-says",
                    [
                        ("total", total.text(self.reader).into()),
                        ("most", most.text(self.reader).into()),
                        ("when", when.into()),
                    ],
                )
            }
            None => self.reader.text("stat-says-none"),
        };
        let Some(before) = before else { return told };
        let change = size(total) - size(before);
        let way = match change.signum() {
            1 => "more",
            -1 => "less",
            _ => "same",
        };
        let change = match total {
            Value::Money(_, currency) => Value::Money(change.abs(), currency.clone()),
            _ => Value::Count(change.abs()),
        };
        let compared = messages::filled(
            self.reader.language,
            &format!("stat-says-{way}"),
            [
                ("change", change.text(self.reader).into()),
                ("before", before.text(self.reader).into()),
            ],
        );
        format!("{told} {compared}")
    }

    /// One series with that of the days before as a line over it.
    fn one<T>(
        &self,
        series: &Series<T>,
        unit: &str,
        value: impl Fn(&T) -> Value,
        height: impl Fn(i64) -> i64,
    ) -> Drawn {
        let compares = self.asked.wanted.compares;
        let values: Vec<Value> = series.of.iter().map(&value).collect();
        let heights: Vec<i64> = values.iter().map(|value| height(size(value))).collect();
        let before: Vec<i64> = series.before.iter().map(|of| height(size(&value(of)))).collect();
        let (total, total_before) = (value(&series.total), value(&series.total_before));
        let mut legend = vec![self.sample("bar", "now", &total)];
        if compares {
            legend.push(self.sample("line", "before", &total_before));
        }
        Drawn {
            chart: self.chart(&[heights], compares.then_some(before.as_slice())),
            names: vec![
                unit.to_owned(),
                format!("{unit}, {}", self.reader.text("stat-before")),
            ],
            legend,
            says: self.says(&values, &total, compares.then_some(&total_before)),
        }
    }

    /// Two series on one another.
    fn two<T>(&self, series: &Series<T>, keys: [&str; 2], parts: impl Fn(&T) -> [i64; 2]) -> Drawn {
        let part = |n: usize| -> Vec<i64> {
            let parts = series.of.iter().map(&parts);
            parts.filter_map(|parts| parts.get(n).copied()).collect()
        };
        let (first, second) = (part(0), part(1));
        let [total, other] = parts(&series.total).map(Value::Count);
        let [before, _] = parts(&series.total_before).map(Value::Count);
        let values: Vec<Value> = first.iter().copied().map(Value::Count).collect();
        let compares = self.asked.wanted.compares;
        let told = self.says(&values, &total, compares.then_some(&before));
        Drawn {
            chart: self.chart(&[first, second], None),
            names: keys
                .map(|key| self.reader.text(&format!("stat-series-{key}")).to_lowercase())
                .to_vec(),
            legend: vec![
                self.sample("bar", keys.first().copied().unwrap_or_default(), &total),
                self.sample("second", keys.last().copied().unwrap_or_default(), &other),
            ],
            says: format!(
                "{}: {}",
                self.reader.text(&format!(
                    "stat-series-{}",
                    keys.first().copied().unwrap_or_default()
                )),
                uncapitalised(&told)
            ),
        }
    }

    fn drawn(&self, which: Measure) -> Option<Drawn> {
        let money = |money: &Money| {
            let cents = money.cents.get(&self.currency).copied().unwrap_or(0);
            Value::Money(cents, self.currency.clone())
        };
        let licenses = self.reader.text("stat-unit-licenses");
        match which {
            Measure::Sales => {
                let sales = &self.figures.sales;
                let of = sales.of.iter().chain(&sales.before);
                let most = of.map(|one| size(&money(one))).max().unwrap_or(0);
                // The scale has room for four digits.
                let (unit, cents) = if most < 1_000_000 {
                    (self.currency.clone(), 100)
                } else {
                    let key = "stat-unit-thousands";
                    let currency = self.currency.clone().into();
                    let unit = messages::filled(self.reader.language, key, [("currency", currency)]);
                    (unit, 100_000)
                };
                let mut drawn = self.one(sales, &unit, money, |n| n / cents);
                drawn.legend.push(json!({ "shape": "", "text": unit }));
                Some(drawn)
            }
            Measure::Renewals => {
                let unit = self.reader.text("stat-unit-renewals");
                Some(self.one(
                    &self.figures.renewals,
                    &unit,
                    |money| Value::Count(money.count),
                    |n| n,
                ))
            }
            Measure::Expiries => {
                Some(self.one(&self.figures.expiries, &licenses, |n| Value::Count(*n), |n| n))
            }
            Measure::Tries => Some(self.two(&self.figures.tries, ["activated", "refused"], |tries| {
                [tries.activated, tries.refused]
            })),
            Measure::Trials => Some(self.two(&self.figures.trials, ["converted", "over"], |trials| {
                [trials.converted, trials.over]
            })),
            Measure::States | Measure::Kinds | Measure::Agents | Measure::Modules => None,
        }
    }

    /// The short names of the intervals.
    fn labels(&self) -> Vec<String> {
        let name = |begin: &NaiveDate| match self.asked.wanted.grouping {
            Grouping::Month => self.reader.text(&format!("month-short-{}", begin.month())),
            Grouping::Day | Grouping::Week => format!("{}/{}", begin.day(), begin.month()),
        };
        self.figures.begins.iter().map(name).collect()
    }
}

/// A sentence that goes on after a colon.
fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars).collect()
}

/// How much a value is.
fn size(value: &Value) -> i64 {
    match value {
        Value::Count(n) | Value::Money(n, _) => *n,
        Value::Share(points) => points.unwrap_or(0),
    }
}

fn lines(table: &Table, asked: &Asked, reader: &Reader) -> Vec<Json> {
    // The bars are of the first amount, or of the first count where there is none.
    let measured = |cells: &[(Value, Option<String>)]| {
        let mut amounts = cells
            .iter()
            .filter(|(value, _)| matches!(value, Value::Money(..)));
        amounts
            .next()
            .or_else(|| cells.first())
            .map_or(0, |(value, _)| size(value))
    };
    let sizes: Vec<i64> = table.lines.iter().map(|line| measured(&line.cells)).collect();
    let shares = charts::shares(&sizes);
    let shown = table.lines.iter().zip(shares).map(|(line, share)| {
        json!({
            "head": match &line.head {
                Head::Days(begin) => tables::named(*begin, asked.wanted.grouping, reader),
                Head::Name(name) => name.clone(),
            },
            "href": line.href,
            "share": share,
            "cells": line.cells.iter().map(|(value, href)| json!({
                "text": value.text(reader),
                // A list of nothing is no use.
                "href": href.as_ref().filter(|_| size(value) != 0),
            })).collect::<Vec<_>>(),
        })
    });
    shown.collect()
}

/// All measures, in the order of the page.
pub(super) fn all(report: &Report, asked: &Asked, reader: &Reader, sees: Sees) -> Vec<Json> {
    let figures = &report.figures;
    let links = Links::of(asked, sees);
    let draw = Draw {
        figures,
        asked,
        reader,
        currency: tables::currencies(figures).into_iter().next().unwrap_or_default(),
    };
    let labels = draw.labels();
    let every = labels.len().div_ceil(NAMES).max(1);
    Measure::ALL
        .iter()
        .map(|which| {
            let table = tables::table(*which, figures, asked, reader, &links);
            let drawn = draw.drawn(*which);
            let file = |format: &str| {
                let path = format!("{PATH}/esporta/{format}");
                asked.address(&path, &[("tabella", Some(which.code()))])
            };
            json!({
                "key": which,
                "title": reader.text(&format!("stat-{which}")),
                "about": reader.text(&format!("stat-about-{which}")),
                "meaning": reader.text(&format!("stat-meaning-{which}")),
                "bars": drawn.is_none(),
                "chart": drawn.as_ref().map(|drawn| &drawn.chart),
                "names": drawn.as_ref().map(|drawn| &drawn.names),
                "legend": drawn.as_ref().map(|drawn| &drawn.legend),
                "says": drawn.as_ref().map(|drawn| &drawn.says),
                "labels": labels,
                "every": every,
                "first": table.first,
                "headings": table.headings,
                "lines": lines(&table, asked, reader),
                "total": table.total.as_ref().map(|total| {
                    total.iter().map(|value| value.text(reader)).collect::<Vec<_>>()
                }),
                "csv": file("csv"),
                "xlsx": file("xlsx"),
            })
        })
        .collect()
}
