//! The tables of the figures: one for each measure, the same on the page and as a file.

use super::{asked::Asked, figures::Links};
use crate::{
    domain::{
        license::{LicenseKind, LicenseState},
        period::Grouping,
    },
    operations::statistics::{Figures, Measure, Money, Series, Trials, Tries},
    web::{
        reader::Reader,
        sheets::{self, Cell},
    },
};
use chrono::NaiveDate;

/// What stands in a cell.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Count(i64),
    Money(i64, String),
    /// Basis points.
    Share(Option<i64>),
}

impl Value {
    /// As people read it.
    pub(super) fn text(&self, reader: &Reader) -> String {
        match self {
            Self::Count(n) => reader.number(*n),
            Self::Money(cents, currency) => reader.money(*cents, currency),
            Self::Share(Some(points)) => super::cards::percent(reader, *points),
            Self::Share(None) => "–".to_owned(),
        }
    }

    fn cell(&self) -> Cell {
        match self {
            Self::Count(n) => Cell::Number(*n),
            Self::Money(cents, _) => Cell::Hundredths(*cents),
            Self::Share(points) => points.map_or(Cell::Nothing, Cell::Hundredths),
        }
    }
}

/// What a line is about.
#[derive(Debug, Clone)]
pub(super) enum Head {
    /// An interval, from this day on.
    Days(NaiveDate),
    /// Something with a name.
    Name(String),
}

/// A line.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) head: Head,
    /// What tells more of it.
    pub(super) href: Option<String>,
    /// Values, each with the list that makes it, where there is one.
    pub(super) cells: Vec<(Value, Option<String>)>,
}

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    /// What the first column holds.
    pub(super) first: String,
    pub(super) headings: Vec<String>,
    pub(super) lines: Vec<Line>,
    pub(super) total: Option<Vec<Value>>,
}

impl Table {
    /// As a file. The total is left to the spreadsheet, which else would count it again.
    pub(super) fn sheet(self) -> sheets::Table {
        let headings = std::iter::once(self.first).chain(self.headings).collect();
        let rows = self.lines.into_iter().map(|line| {
            let head = match line.head {
                Head::Days(begin) => Cell::Day(begin),
                Head::Name(name) => Cell::Text(name),
            };
            let cells = line.cells.iter().map(|(value, _)| value.cell());
            std::iter::once(head).chain(cells).collect()
        });
        sheets::Table {
            headings,
            rows: rows.collect(),
        }
    }
}

/// The currencies that something was sold in, the one that most was sold in first; never none.
pub(super) fn currencies(figures: &Figures) -> Vec<String> {
    let mut all: Vec<(&String, i64)> = figures
        .sales
        .total
        .cents
        .iter()
        .map(|(currency, cents)| (currency, *cents))
        .collect();
    for currency in figures.sales.total_before.cents.keys() {
        if all.iter().all(|(known, _)| *known != currency) {
            all.push((currency, i64::MIN));
        }
    }
    all.sort_by_key(|(_, cents)| std::cmp::Reverse(*cents));
    if all.is_empty() {
        return vec!["EUR".to_owned()];
    }
    all.into_iter().map(|(currency, _)| currency.clone()).collect()
}

/// The name of an interval.
pub(super) fn named(begin: NaiveDate, grouping: Grouping, reader: &Reader) -> String {
    match grouping {
        Grouping::Month => reader.month(begin),
        Grouping::Day | Grouping::Week => reader.day(begin),
    }
}

struct Columns<'a> {
    figures: &'a Figures,
    asked: &'a Asked,
    reader: &'a Reader,
    links: &'a Links,
}

impl Columns<'_> {
    fn heading(&self, key: &str) -> String {
        self.reader.text(&format!("stat-col-{key}"))
    }

    fn before(&self, heading: &str) -> String {
        crate::web::messages::filled(
            self.reader.language,
            "stat-col-before",
            [("what", heading.to_owned().into())],
        )
    }

    /// A table of intervals: `cells` writes a value, now or before.
    fn timed<T>(
        &self,
        series: &Series<T>,
        mut headings: Vec<String>,
        cells: impl Fn(&T) -> Vec<Value>,
        links: impl Fn(usize) -> Vec<Option<String>>,
    ) -> Table {
        let compares = self.asked.wanted.compares;
        if compares {
            let before: Vec<String> = headings.iter().map(|heading| self.before(heading)).collect();
            headings.extend(before);
        }
        let lines = series.of.iter().zip(&self.figures.begins).enumerate();
        let lines = lines.map(|(n, (value, begin))| {
            let links = links(n).into_iter().chain(std::iter::repeat(None));
            let now = cells(value).into_iter().zip(links);
            let before = series.before.get(n).map(&cells).unwrap_or_default();
            Line {
                head: Head::Days(*begin),
                href: None,
                cells: now.chain(before.into_iter().map(|value| (value, None))).collect(),
            }
        });
        let mut total = cells(&series.total);
        if compares {
            total.extend(cells(&series.total_before));
        }
        Table {
            first: self
                .reader
                .text(&format!("stat-first-{}", self.asked.wanted.grouping)),
            headings,
            lines: lines.collect(),
            total: Some(total),
        }
    }

    fn money_headings(&self, currencies: &[String], count: &str) -> Vec<String> {
        let amounts = currencies.iter().map(|currency| {
            crate::web::messages::filled(
                self.reader.language,
                "stat-col-amount",
                [("currency", currency.clone().into())],
            )
        });
        std::iter::once(self.heading(count)).chain(amounts).collect()
    }

    fn sold(&self, series: &Series<Money>, count: &str) -> Table {
        let currencies = currencies(self.figures);
        let headings = self.money_headings(&currencies, count);
        self.timed(
            series,
            headings,
            |money| amounts(money, &currencies),
            |_| Vec::new(),
        )
    }

    fn tries(&self) -> Table {
        let headings = ["activated", "known", "refused"].map(|key| self.heading(key));
        let cells = |tries: &Tries| {
            [tries.activated, tries.known, tries.refused]
                .map(Value::Count)
                .to_vec()
        };
        let links = |n| {
            ["attivata", "gia_attiva", "rifiutata"]
                .map(|outcome| self.links.activations(outcome, n))
                .to_vec()
        };
        self.timed(&self.figures.tries, headings.to_vec(), cells, links)
    }

    fn trials(&self) -> Table {
        let headings = ["converted", "over", "rate"].map(|key| self.heading(key));
        let cells = |trials: &Trials| {
            vec![
                Value::Count(trials.converted),
                Value::Count(trials.over),
                Value::Share(trials.rate()),
            ]
        };
        let links = |n| vec![self.links.conversions(n)];
        self.timed(&self.figures.trials, headings.to_vec(), cells, links)
    }

    fn expiries(&self) -> Table {
        let cells = |n: &i64| vec![Value::Count(*n)];
        let headings = vec![self.heading("licenses")];
        self.timed(&self.figures.expiries, headings, cells, |_| Vec::new())
    }

    /// A table of things with a name, each with how many licences it has.
    fn counted(&self, first: &str, of: impl Iterator<Item = (String, i64, Option<String>)>) -> Table {
        let mut all = 0;
        let lines = of
            .map(|(name, n, href)| {
                all += n;
                Line {
                    head: Head::Name(name),
                    href: None,
                    cells: vec![(Value::Count(n), href)],
                }
            })
            .collect();
        Table {
            first: self.heading(first),
            headings: vec![self.heading("licenses")],
            lines,
            total: Some(vec![Value::Count(all)]),
        }
    }

    fn states(&self) -> Table {
        let of = LicenseState::ALL.iter().map(|state| {
            (
                self.reader.text(&format!("license-state-{state}")),
                self.figures.states.get(state).copied().unwrap_or(0),
                self.links
                    .are_shown()
                    .then(|| self.asked.licenses("stato", state.code())),
            )
        });
        self.counted("state", of)
    }

    fn kinds(&self) -> Table {
        let of = LicenseKind::ALL.iter().map(|kind| {
            let n = self.figures.kinds.get(kind).copied().unwrap_or(0);
            (self.reader.text(&format!("license-kind-{kind}")), n, None)
        });
        self.counted("kind", of)
    }

    fn modules(&self) -> Table {
        let of = self.figures.modules.iter().map(|module| {
            let name = format!("{} · {}", module.product, module.name);
            (name, module.licenses, None)
        });
        Table {
            // A licence has several modules: they add up to nothing.
            total: None,
            ..self.counted("module", of)
        }
    }

    fn agents(&self) -> Table {
        let currencies = currencies(self.figures);
        let mut headings = self.money_headings(&currencies, "sales");
        headings.extend(self.money_headings(&currencies, "renewals"));
        let lines = self.figures.agents.iter().map(|agent| {
            let name = match (&agent.name, agent.left) {
                (Some(name), _) => name.clone(),
                (None, true) => self.reader.text("stat-agent-left"),
                (None, false) => self.reader.text("stat-agent-none"),
            };
            let cells = amounts(&agent.sales, &currencies)
                .into_iter()
                .chain(amounts(&agent.renewals, &currencies));
            Line {
                head: Head::Name(name),
                href: agent.id.filter(|_| self.links.are_shown()).map(|id| {
                    self.asked
                        .address(super::PATH, &[("agente", Some(&id.to_string()))])
                }),
                cells: cells.map(|value| (value, None)).collect(),
            }
        });
        let of_all = |series: &Series<Money>| amounts(&series.total, &currencies);
        Table {
            first: self.heading("agent"),
            headings,
            lines: lines.collect(),
            total: Some(
                of_all(&self.figures.sales)
                    .into_iter()
                    .chain(of_all(&self.figures.renewals))
                    .collect(),
            ),
        }
    }
}

fn amounts(money: &Money, currencies: &[String]) -> Vec<Value> {
    let amounts = currencies.iter().map(|currency| {
        let cents = money.cents.get(currency).copied().unwrap_or(0);
        Value::Money(cents, currency.clone())
    });
    std::iter::once(Value::Count(money.count))
        .chain(amounts)
        .collect()
}

/// A table of the figures.
pub(super) fn table(
    which: Measure,
    figures: &Figures,
    asked: &Asked,
    reader: &Reader,
    links: &Links,
) -> Table {
    let columns = Columns {
        figures,
        asked,
        reader,
        links,
    };
    match which {
        Measure::Sales => columns.sold(&figures.sales, "sales"),
        Measure::Renewals => columns.sold(&figures.renewals, "renewals"),
        Measure::Tries => columns.tries(),
        Measure::Trials => columns.trials(),
        Measure::Expiries => columns.expiries(),
        Measure::States => columns.states(),
        Measure::Kinds => columns.kinds(),
        Measure::Agents => columns.agents(),
        Measure::Modules => columns.modules(),
    }
}
