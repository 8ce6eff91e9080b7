//! A demonstration: a vendor's two years with resellers, customers and licences, told by the operations that everybody
//! uses, each at its own time. It is the same at every run, but for passwords and keys.

mod chance;
mod money;
mod names;
mod orders;
mod posts;
mod products;
mod run;
mod sales;
mod season;
mod specials;
mod steps;
mod story;
mod tree;
mod visits;

use crate::{
    domain::{
        actor::{Actor, Role},
        audit::{Event, EventKind, Owner, Subject},
        error::{Error, Result},
        ids::{CustomerId, NodeId},
        jobs::JobName,
    },
    gateways::limits::{Limits, Rates},
    operations::App,
    store::{Done, empty, jobs, notices, outbox},
};
use run::Run;
use season::Season;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::task::JoinSet;
use tree::Staff;

/// Stories that are told at once: SQLite commits together what arrives meanwhile; on MariaDB those that count against
/// the same quota only get in each other's way.
fn at_once(app: &App) -> usize {
    if app.db.kind() == "sqlite" { 48 } else { 6 }
}

/// How much there is to be.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Customers; each has some ten licences.
    pub customers: usize,
}

impl Size {
    /// What the command makes.
    pub const FULL: Self = Self { customers: 200 };
}

/// Who can sign in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// As what.
    pub role: Role,
    /// E-mail address.
    pub email: String,
    /// Password, in clear: it is printed, this once.
    pub password: String,
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Demonstration {
    /// One at least of each role.
    pub sign_ins: Vec<SignIn>,
    /// The key of a licence that has a place left.
    pub key: String,
    /// What that licence is for.
    pub product: &'static str,
}

/// Whether a database is empty enough to be filled.
///
/// # Errors
/// Of the database.
pub async fn may_fill(app: &App) -> Result<bool> {
    app.db.read(empty::is_empty).await
}

/// Fills an empty database.
///
/// # Errors
/// Of the database, or of an operation that should not have failed.
pub async fn fill(app: &App, size: Size) -> Result<Demonstration> {
    let app = App {
        limits: Arc::new(Limits::new(&Rates::NONE)),
        ..app.clone()
    };
    let season = Season::before(app.clock.now(), app.zone);
    let mut staff = Staff::found(&app, &season).await?;
    staff.open(&season).await?;
    products::define(&staff, &season).await?;
    let (staff, season) = (Arc::new(staff), Arc::new(season));

    let next = Arc::new(AtomicUsize::new(0));
    let mut tellers = JoinSet::new();
    for _ in 0..at_once(&app) {
        let (staff, season, next) = (staff.clone(), season.clone(), next.clone());
        tellers.spawn(async move { tell(&staff, &season, size, &next).await });
    }
    let mut shown = None;
    while let Some(told) = tellers.join_next().await {
        shown = told.map_err(Error::internal)??.or(shown);
    }
    let (customer, key) = shown.ok_or_else(|| Error::internal("the first story was not told"))?;
    let mut staff = Arc::into_inner(staff).ok_or_else(|| Error::internal("a story goes on"))?;
    staff.customer_signs_in(customer, &season).await?;
    staff.stop_an_agent(&season).await?;
    for (number, who) in staff.people.iter().enumerate() {
        visits::write(&app, who, number, &season).await?;
    }
    finish(&app, size).await?;
    Ok(Demonstration {
        sign_ins: staff.sign_ins,
        key,
        product: products::AURORA.code,
    })
}

/// Tells stories until none is left; gives the customer and the key of the one that is shown.
async fn tell(
    staff: &Staff,
    season: &Season,
    size: Size,
    next: &AtomicUsize,
) -> Result<Option<(CustomerId, String)>> {
    let order = order(size);
    let mut shown = None;
    while let Some(number) = order.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
        let story = if number == size.customers {
            story::of_nobody(number, size.customers, staff, season)
        } else {
            story::of_customer(number, staff, season)
        };
        let run = Run::tell(staff, story).await?;
        if number == story::SHOWCASE {
            shown = run.customer.zip(run.key((0, 0)));
        }
    }
    Ok(shown)
}

/// The long ones first: the stock, and every tenth customer.
fn order(size: Size) -> Vec<usize> {
    let (long, short): (Vec<_>, Vec<_>) =
        (0..=size.customers).partition(|number| *number == size.customers || number.is_multiple_of(10));
    long.into_iter().rev().chain(short).collect()
}

/// Mail of these two years goes to nobody, and the log tells where all of it comes from. What runs by the clock begins at
/// its next time: nobody is reminded of what was invented just now.
async fn finish(app: &App, size: Size) -> Result<()> {
    let zone = app.zone;
    app.db
        .operation(&Actor::operator(), app.clock.now(), move |tx| {
            let subject = Subject {
                kind: "nodo",
                id: NodeId::VENDOR.0,
            };
            for job in JobName::ALL {
                jobs::first_seen(tx, *job, job.timetable().next(tx.now(), zone))?;
            }
            let event = Event::new(EventKind::DemonstrationMade, subject, Owner::default())
                .with("clienti", size.customers)
                .with("messaggi_non_spediti", outbox::pass_over(tx)?);
            notices::pass_over(tx)?;
            Ok(Done::changed((), event))
        })
        .await
}
