//! The first page: the dashboard of who works with licences; for customers, who they are.

mod figures;
mod tasks;
mod today;

use crate::{
    domain::{
        access::{Action, Permit, may},
        actor::Role,
        audit::EventKind,
        calendar, ids,
        license::days_after,
        period::{self, Period, Span},
        scope::Scope,
    },
    operations::App,
    store::{
        audit,
        customers::{self, Filter},
        jobs,
        page::Page as Slice,
        products,
        statistics::{self, By, Cuts, Lives, Place, Refused, Sold, Tried},
    },
    web::{
        charts,
        input::{Check, Query},
        page::{Answer, Page},
        pages::own,
        reader::Reader,
        session::SignedIn,
    },
};
use chrono::{Duration, NaiveDate, NaiveDateTime, Timelike};
use rocket::{State, get};
use serde_json::{Value, json};

/// Customers who wait that are named.
const WAITING_SHOWN: usize = 5;
/// Licences whose refusals are named.
const REFUSED_SHOWN: i64 = 5;
/// Rows of the log that are shown.
const RECENT_SHOWN: i64 = 6;
/// Days of refusals that the list of what is to do looks back on.
const REFUSED_DAYS: i64 = 7;

/// All that a dashboard tells, as it was read at one moment.
struct Seen {
    period: Period,
    span: Span,
    today: NaiveDate,
    cuts: Cuts,
    active: i64,
    /// Trials that nothing was heard of for some days.
    idle: i64,
    /// Licences that wait for a company or an agent.
    unassigned: i64,
    /// Jobs that fail, and those that are late, for who sees them.
    troubled: (usize, usize),
    lives: Vec<Lives>,
    tried: Vec<(i32, Tried, i64)>,
    /// A day ago, to the minute.
    day_ago: NaiveDateTime,
    sales: Vec<Sold>,
    currency: String,
    customers: Vec<(bool, i32, i64)>,
    waiting: Vec<(ids::CustomerId, String, Option<String>, NaiveDateTime)>,
    refused: Vec<Refused>,
    ranking: Vec<Place>,
    by: By,
    recent: Vec<audit::AuditRow>,
}

impl Seen {
    fn tomorrow(&self) -> NaiveDate {
        days_after(self.today, 1)
    }

    /// Sums what is counted in intervals over a stretch of days.
    fn sum(&self, counted: impl Iterator<Item = (i32, i64)>, from: NaiveDate, until: NaiveDate) -> i64 {
        counted
            .filter(|(interval, _)| self.cuts.holds(*interval, from, until))
            .map(|(_, count)| count)
            .sum()
    }

    /// The sums over each stretch between two days of a row.
    fn sums<I: Iterator<Item = (i32, i64)>>(&self, counted: impl Fn() -> I, marks: &[NaiveDate]) -> Vec<i64> {
        marks
            .windows(2)
            .map(|pair| match pair {
                [from, until] => self.sum(counted(), *from, *until),
                _ => 0,
            })
            .collect()
    }
}

/// The dashboard.
#[get("/")]
pub(crate) async fn home(app: &State<App>, session: SignedIn<'_>, reader: Reader, query: Query) -> Answer {
    let actor = &session.0.actor;
    let role = actor.role().unwrap_or(Role::Customer);
    if may(actor, Action::ReadOwnLicenses) {
        return own::mine(app, Permit::ask(actor)?, &query).await;
    }
    let mut check = Check::default();
    let period = check.word("periodo", query.get("periodo"), Period::from_code);
    check.finish()?;
    let by = match role {
        Role::Superadmin => By::Company,
        Role::Reseller | Role::SubCompany => By::Agent,
        Role::Agent | Role::Customer => By::Customer,
    };
    let asked = Asked {
        period: period.unwrap_or(Period::Month),
        by,
        audit: may(actor, Action::ReadAudit),
        jobs: may(actor, Action::ReadJobs),
        now: app.clock.now(),
        zone: app.zone,
    };
    let scope = actor.scope();
    if role == Role::Agent {
        return today::page(app, actor, &reader, asked).await;
    }
    let seen = app.db.read(move |tx| see(tx, scope, &asked)).await?;
    let shown = show(&seen, &reader, may(actor, Action::ReadAudit));
    Page::new("pages/home/dashboard", shown)?.reply()
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Asked {
    period: Period,
    by: By,
    audit: bool,
    jobs: bool,
    now: NaiveDateTime,
    zone: chrono_tz::Tz,
}

impl Asked {
    /// Today, the period around it, a day ago to the minute, and where time is cut for all figures.
    fn stretches(&self) -> (NaiveDate, Span, NaiveDateTime, Cuts) {
        let today = calendar::today(self.now, self.zone);
        let span = self.period.span(today);
        let day_ago = self.now.with_nanosecond(0).unwrap_or(self.now) - Duration::hours(24);
        let cuts = Cuts::at(
            period::months(today)
                .into_iter()
                .chain(self.period.marks(today))
                .chain([span.from, span.previous, span.previous_end]),
            self.zone,
        )
        .and_at(day_ago, self.zone);
        (today, span, day_ago, cuts)
    }
}

fn see(tx: &mut crate::store::ReadTx<'_>, scope: Scope, asked: &Asked) -> crate::domain::error::Result<Seen> {
    let (today, span, day_ago, cuts) = asked.stretches();
    let grace = products::graces(tx)?;
    let idle = today::idle(asked.now);
    let (idle, unassigned) = statistics::matching_and_unassigned(tx, scope, &idle, today)?;
    let board = statistics::board(tx, scope, &cuts, today, &grace)?;
    let currency = main_currency(&board.sales);
    let since = asked.now - Duration::days(REFUSED_DAYS);
    let refused = statistics::refused(tx, scope, since, REFUSED_SHOWN)?;
    let waiting = Filter {
        state: Some(crate::domain::customer::CustomerState::Pending),
        ..Filter::default()
    };
    let begun = calendar::start_of_day(span.from, asked.zone);
    Ok(Seen {
        period: asked.period,
        active: board.active,
        idle,
        unassigned,
        troubled: if asked.jobs {
            let (failed, late) = super::jobs::troubled(&jobs::list(tx)?, asked.now);
            (failed.len(), late.len())
        } else {
            (0, 0)
        },
        lives: board.lives,
        tried: board.tried,
        day_ago,
        customers: board.customers,
        waiting: customers::list(tx, scope, &waiting, &Slice::first(WAITING_SHOWN))?
            .rows
            .into_iter()
            .map(|customer| {
                let customer = customer.into_inner();
                (customer.id, customer.name, customer.email, customer.created_at)
            })
            .collect(),
        refused,
        ranking: if board.sales.is_empty() {
            Vec::new()
        } else {
            statistics::ranking(tx, scope, asked.by, &currency, begun)?
        },
        recent: if asked.audit {
            audit::recent(tx, scope, RECENT_SHOWN)?
        } else {
            Vec::new()
        },
        by: asked.by,
        span,
        today,
        cuts,
        sales: board.sales,
        currency,
    })
}

/// The currency that most was sold in: sums of several would say nothing.
fn main_currency(sales: &[Sold]) -> String {
    let mut sums = std::collections::BTreeMap::<&str, i64>::new();
    for row in sales {
        *sums.entry(&row.currency).or_default() += row.cents;
    }
    let most = sums.into_iter().max_by_key(|(_, cents)| *cents);
    most.map_or_else(|| "EUR".to_owned(), |(currency, _)| currency.to_owned())
}

/// The periods to choose among.
fn periods(seen: &Seen) -> Vec<Value> {
    Period::ALL
        .iter()
        .map(|period| json!({"code": period, "current": *period == seen.period}))
        .collect()
}

/// Who sold most, with the way to each.
fn ranked(seen: &Seen) -> Vec<Value> {
    let places: Vec<i64> = seen.ranking.iter().map(|place| place.cents).collect();
    seen.ranking
        .iter()
        .zip(charts::shares(&places))
        .map(|(place, share)| {
            let path = match seen.by {
                By::Company | By::Agent => "aziende",
                By::Customer => "clienti",
            };
            json!({
                "href": format!("/{path}/{}", ids::AnyId(place.id)),
                "name": place.name,
                "cents": place.cents,
                "share": share,
            })
        })
        .collect()
}

fn show(seen: &Seen, reader: &Reader, may_audit: bool) -> Value {
    let (periods, ranking) = (periods(seen), ranked(seen));
    let recent: Vec<Value> = seen
        .recent
        .iter()
        .map(|row| super::logs::words::summary(row, reader))
        .collect();
    json!({
        "periods": periods,
        "period": seen.period,
        "from": seen.span.from,
        "kpis": figures::cards(seen, reader, may_audit),
        "sold": seen.sales.iter().any(|row| row.currency == seen.currency),
        "currency": seen.currency,
        "tasks": tasks::list(seen, reader),
        "figures": figures::months(seen, reader),
        "ranking": ranking,
        "by": match seen.by {
            By::Company => "company",
            By::Agent => "agent",
            By::Customer => "customer",
        },
        "recent": recent,
        "may_audit": may_audit,
        "converted": EventKind::LicenseConverted,
    })
}
