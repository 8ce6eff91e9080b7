//! Figures of what a scope holds and sells between two days. The API and the portal tell the same, since they ask here.

use super::App;
use crate::{
    domain::{
        calendar,
        codes::codes,
        error::{Error, Result},
        ids::NodeId,
        license::{LicenseKind, LicenseState, days_after},
        payment::TransactionKind,
        period::{Grouping, Stretch},
        scope::Scope,
    },
    store::{
        ReadTx,
        names::{self, Choice},
        products::{self, Brief},
        reports::{self, ModuleUse, Narrow, SoldBy},
        statistics::{Cuts, Sold, Tried},
    },
};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Intervals at most, those of the stretch before among them.
pub const INTERVALS: usize = 800;

codes! {
    /// Measure table.
    Measure {
        /// Sales.
        Sales = "vendite",
        /// Renewals.
        Renewals = "rinnovi",
        /// Tries to activate.
        Tries = "attivazioni",
        /// Trials that came to their end.
        Trials = "prove",
        /// Last valid days.
        Expiries = "scadenze",
        /// Licences by their kind.
        Kinds = "tipi",
        /// Licences by their state.
        States = "stati",
        /// Modules.
        Modules = "moduli",
        /// Agents.
        Agents = "agenti",
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Which days.
    pub stretch: Stretch,
    /// In what they are cut.
    pub grouping: Grouping,
    /// Whether they are held against those before.
    pub compares: bool,
    /// Of one product: its identifier or its code.
    pub product: Option<String>,
    /// Of a company and all below it.
    pub company: Option<NodeId>,
    /// Of an agent.
    pub agent: Option<NodeId>,
}

impl Wanted {
    /// The first days of the intervals; none where they would be too many.
    pub fn begins(&self) -> Option<Vec<NaiveDate>> {
        let most = if self.compares { INTERVALS / 2 } else { INTERVALS };
        // A month is the longest interval: what has more days than so many months has too many of any.
        let short = self.stretch.days() <= 31 * u64::try_from(most).unwrap_or_default();
        let begins = short.then(|| self.grouping.begins(self.stretch.from, self.stretch.to))?;
        (!begins.is_empty() && begins.len() <= most).then_some(begins)
    }
}

/// What can be added up.
pub trait Sum: Clone + Default {
    /// Adds another one.
    fn add(&mut self, other: &Self);
}

impl Sum for i64 {
    fn add(&mut self, other: &Self) {
        *self += other;
    }
}

/// So many, and for how much: net, in cents, by currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Money {
    /// How many.
    pub count: i64,
    /// For how much.
    pub cents: BTreeMap<String, i64>,
}

impl Money {
    fn of(currency: &str, count: i64, cents: i64) -> Self {
        Self {
            count,
            cents: BTreeMap::from([(currency.to_owned(), cents)]),
        }
    }
}

impl Sum for Money {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        for (currency, cents) in &other.cents {
            *self.cents.entry(currency.clone()).or_default() += cents;
        }
    }
}

/// Tries to activate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    /// A device took a place.
    pub activated: i64,
    /// It had one already.
    pub known: i64,
    /// It was refused.
    pub refused: i64,
}

impl Sum for Tries {
    fn add(&mut self, other: &Self) {
        self.activated += other.activated;
        self.known += other.known;
        self.refused += other.refused;
    }
}

/// Trials that came to their end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Trials {
    /// Converted into paid licences.
    pub converted: i64,
    /// Over, and not converted.
    pub over: i64,
}

impl Trials {
    /// Converted ones of both, in basis points; none without any.
    pub fn rate(&self) -> Option<i64> {
        let all = self.converted + self.over;
        (all > 0).then(|| (self.converted * 10_000 + all / 2) / all)
    }
}

impl Sum for Trials {
    fn add(&mut self, other: &Self) {
        self.converted += other.converted;
        self.over += other.over;
    }
}

/// A value for each interval, and what they add up to.
#[derive(Debug, Clone)]
pub struct Series<T> {
    /// In the order of the intervals.
    pub of: Vec<T>,
    /// All of them.
    pub total: T,
    /// The same of the days before, for the interval that each is held against; empty where nothing is compared.
    pub before: Vec<T>,
    /// All of those.
    pub total_before: T,
}

/// What an agent sold.
#[derive(Debug, Clone)]
pub struct Agent {
    /// Who; none for what companies sold without one, and for who is not seen any more.
    pub id: Option<NodeId>,
    /// The name; none alike.
    pub name: Option<String>,
    /// Whether somebody sold it who is not seen any more.
    pub left: bool,
    /// All that was sold.
    pub sales: Money,
    /// Renewals among it.
    pub renewals: Money,
}

/// Figures of one scope, all of them read at one moment.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The first days of the intervals.
    pub begins: Vec<NaiveDate>,
    /// All that was sold, renewals among it; what was undone or given back counts against it.
    pub sales: Series<Money>,
    /// Renewals.
    pub renewals: Series<Money>,
    /// Licences of each kind now, revoked ones aside.
    pub kinds: BTreeMap<LicenseKind, i64>,
    /// Licences in each state now.
    pub states: BTreeMap<LicenseState, i64>,
    /// Trials.
    pub trials: Series<Trials>,
    /// In how many licences that are in force now each module is switched on.
    pub modules: Vec<ModuleUse>,
    /// Who sold, the most first.
    pub agents: Vec<Agent>,
    /// Tries to activate.
    pub tries: Series<Tries>,
    /// Licences whose last valid day lies in the stretch, trials aside.
    pub expiries: Series<i64>,
}

/// Figures, with what they can be narrowed to.
#[derive(Debug, Clone)]
pub struct Report {
    /// The figures.
    pub figures: Figures,
    /// Every product.
    pub products: Vec<Brief>,
    /// Companies and agents.
    pub nodes: Vec<Choice>,
}

/// Where days lie: in which interval of the stretch, or of the one before.
struct Calendar {
    begins: Vec<NaiveDate>,
    to: NaiveDate,
    /// Where each interval's days before begin, and where all of them end; nothing where nothing is compared.
    earlier: Vec<Option<NaiveDate>>,
    end: NaiveDate,
    /// Where the database cuts.
    days: Vec<NaiveDate>,
}

impl Calendar {
    fn new(wanted: &Wanted, begins: &[NaiveDate]) -> Self {
        let earlier: Vec<Option<NaiveDate>> = if wanted.compares {
            let before = |day: &NaiveDate| wanted.stretch.day_before(*day, wanted.grouping);
            begins.iter().map(before).collect()
        } else {
            Vec::new()
        };
        let (_, end) = wanted.stretch.before();
        let mut days: Vec<NaiveDate> = earlier.iter().flatten().copied().collect();
        if !days.is_empty() {
            days.push(end);
        }
        days.extend(begins);
        days.sort_unstable();
        days.dedup();
        Self {
            begins: begins.to_vec(),
            to: wanted.stretch.to,
            earlier,
            end,
            days,
        }
    }

    /// The first day that is looked at.
    fn first(&self) -> NaiveDate {
        self.days.first().copied().unwrap_or(self.to)
    }

    /// Of the number of an interval that the database told the first day: 0 lies before all of them.
    fn begun(&self, number: i32) -> Option<NaiveDate> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.days.get(place).copied()
    }

    /// Which interval a day lies in, and whether it is one of those before.
    fn place(&self, day: NaiveDate) -> Option<(usize, bool)> {
        let first = self.begins.first()?;
        if *first <= day {
            let place = self.begins.partition_point(|begin| *begin <= day);
            return (day <= self.to).then_some((place.checked_sub(1)?, false));
        }
        let begun = |earlier: &Option<NaiveDate>| earlier.is_some_and(|begin| begin <= day);
        let place = self.earlier.iter().rposition(begun)?;
        (day < self.end).then_some((place, true))
    }

    fn series<T: Sum>(&self, rows: impl Iterator<Item = (Option<NaiveDate>, T)>) -> Series<T> {
        let mut series = Series {
            of: vec![T::default(); self.begins.len()],
            total: T::default(),
            before: vec![T::default(); self.earlier.len()],
            total_before: T::default(),
        };
        for (day, value) in rows {
            let Some((place, earlier)) = day.and_then(|day| self.place(day)) else {
                continue;
            };
            let (of, total) = if earlier {
                (&mut series.before, &mut series.total_before)
            } else {
                (&mut series.of, &mut series.total)
            };
            if let Some(sum) = of.get_mut(place) {
                sum.add(&value);
                total.add(&value);
            }
        }
        series
    }

    fn sold(&self, rows: &[Sold], only: Option<TransactionKind>) -> Series<Money> {
        let wanted = rows
            .iter()
            .filter(|row| only.is_none_or(|kind| row.kind == kind.code()));
        self.series(wanted.map(|row| {
            let money = Money::of(&row.currency, row.count, row.cents);
            (self.begun(row.interval), money)
        }))
    }

    fn tried(&self, rows: &[(i32, Tried, i64)]) -> Series<Tries> {
        self.series(rows.iter().map(|(number, tried, n)| {
            let mut one = Tries::default();
            match tried {
                Tried::Activated => one.activated = *n,
                Tried::Known => one.known = *n,
                Tried::Refused => one.refused = *n,
            }
            (self.begun(*number), one)
        }))
    }

    fn trials(&self, sales: &[Sold], over: &[(NaiveDate, i64)]) -> Series<Trials> {
        let converted = sales
            .iter()
            .filter(|row| row.kind == TransactionKind::Conversion.code())
            .map(|row| {
                let one = Trials {
                    converted: row.count,
                    over: 0,
                };
                (self.begun(row.interval), one)
            });
        let over = over.iter().map(|(day, n)| {
            let one = Trials {
                converted: 0,
                over: *n,
            };
            (Some(*day), one)
        });
        self.series(converted.chain(over))
    }
}

fn agents(rows: Vec<SoldBy>) -> Vec<Agent> {
    let mut of: BTreeMap<Option<NodeId>, Agent> = BTreeMap::new();
    for row in rows {
        let agent = of.entry(row.agent).or_insert_with(|| Agent {
            // Of who left the scope neither name nor identifier is told.
            id: row.agent.filter(|_| row.name.is_some()),
            left: row.agent.is_some() && row.name.is_none(),
            name: row.name.clone(),
            sales: Money::default(),
            renewals: Money::default(),
        });
        let money = Money::of(&row.currency, row.count, row.cents);
        if row.kind == TransactionKind::Renewal.code() {
            agent.renewals.add(&money);
        }
        agent.sales.add(&money);
    }
    let mut all: Vec<Agent> = of.into_values().collect();
    all.sort_by_key(|agent| std::cmp::Reverse(agent.sales.cents.values().copied().max()));
    all
}

/// Reads the figures: ten queries, whatever there is.
///
/// # Errors
/// [`Error::NotFound`] for a product that nobody sells, and for a company or an agent that the scope does not see.
pub fn read(
    app: &App,
    tx: &mut ReadTx<'_>,
    scope: Scope,
    wanted: &Wanted,
    begins: &[NaiveDate],
) -> Result<Report> {
    let today = calendar::today(app.clock.now(), app.zone);
    let (from, to) = (wanted.stretch.from, wanted.stretch.to);
    let asked: Vec<NodeId> = [wanted.company, wanted.agent].into_iter().flatten().collect();
    let nodes = names::choices_with(tx, scope, &asked)?;
    if asked.iter().any(|id| nodes.iter().all(|node| node.id != *id)) {
        return Err(Error::NotFound);
    }
    let products = products::brief(tx, scope)?;
    let product = match &wanted.product {
        Some(name) => {
            let mut found = products
                .iter()
                .filter(|product| product.is_offered)
                .filter(|product| product.code == *name || product.id.to_string() == *name);
            Some(found.next().ok_or(Error::NotFound)?.id)
        }
        None => None,
    };
    let grace = products::graces_of(tx, &products)?;
    let narrow = Narrow {
        product,
        company: wanted.company,
        agent: wanted.agent,
    };
    let calendar = Calendar::new(wanted, begins);
    let cuts = Cuts::at(calendar.days.iter().copied(), app.zone);
    let (since, until) = (
        calendar::start_of_day(from, app.zone),
        calendar::start_of_day(days_after(to, 1), app.zone),
    );
    let sales = reports::sales(tx, scope, narrow, &cuts, until)?;
    let tried = reports::activations(tx, scope, narrow, &cuts, until)?;
    let first = calendar.first();
    let expiries = reports::expiries(tx, scope, narrow, (first, to), today, false)?;
    // One is over on the day after its last, and so not yet today.
    let yesterday = today.pred_opt().unwrap_or(today);
    let over = reports::expiries(tx, scope, narrow, (first, to.min(yesterday)), today, true)?;
    let figures = Figures {
        sales: calendar.sold(&sales, None),
        renewals: calendar.sold(&sales, Some(TransactionKind::Renewal)),
        kinds: reports::kinds(tx, scope, narrow, today)?,
        states: reports::states(tx, scope, narrow, today, &grace)?,
        trials: calendar.trials(&sales, &over),
        modules: reports::modules(tx, scope, narrow, today)?,
        agents: agents(reports::sales_by_agent(tx, scope, narrow, (since, until))?),
        tries: calendar.tried(&tried),
        expiries: calendar.series(expiries.iter().map(|(day, n)| (Some(*day), *n))),
        begins: calendar.begins,
    };
    Ok(Report {
        figures,
        products,
        nodes,
    })
}
