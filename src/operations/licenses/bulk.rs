//! The same done to many licences: what would come of it, the deed, and what came of it.
//!
//! Whether it can be done to a licence is decided by the operation that does it to one alone.

use super::{
    archive,
    assign::{self, Target},
    change,
    deed::skip,
    list, resume, revoke, suspend,
    view::open_key,
};
use crate::{
    domain::{
        access::{Permit, Right, right::ReadLicenses},
        actor::Actor,
        audit::{Event, EventKind},
        calendar,
        error::{Conflict, Error, Fault, Result},
        ids::{CustomerId, LicenseId, NodeId, ProductId, SuspensionId, UserId},
        license::{License, Sheet, days_after},
        scope::Scope,
    },
    operations::{App, IdempotencyKey, Once, Replayable, messages::tell},
    store::{
        Done, ReadTx, Visible, WriteTx, customers, license_bulk,
        license_modules::{self, Switch},
        licenses::{Change, Filter},
        names, products,
    },
};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub use super::deed::{Deed, Skip};

/// Licences that one request changes at most.
pub const MOST: usize = 10_000;
/// Licences that a preview names for each reason.
const NAMED: usize = 5;

/// Which licences.
#[derive(Debug, Clone)]
pub enum Chosen {
    /// These, each of which the caller has to see.
    These(BTreeSet<LicenseId>),
    /// All that a list shows: it is asked again when the deed is done.
    All {
        /// Which; their product is named below.
        filter: Box<Filter>,
        /// Of the product with this code.
        product: Option<String>,
        /// The day of which the list is.
        today: NaiveDate,
    },
}

/// What is to be done, licence by licence.
struct Plan {
    steps: Vec<(Visible<License>, Change)>,
    events: Vec<Event>,
    lifted: Vec<SuspensionId>,
    switches: Vec<(Visible<License>, Switch)>,
    skipped: Vec<(Visible<Sheet>, Skip)>,
}

fn chosen(tx: &mut ReadTx<'_>, scope: Scope, chosen: &Chosen) -> Result<Vec<Visible<Sheet>>> {
    match chosen {
        Chosen::These(ids) => license_bulk::these(tx, scope, ids),
        Chosen::All {
            filter,
            product,
            today,
        } => {
            let (filter, products) = list::filter(tx, scope, filter, product.as_deref())?;
            let grace = products::graces_of(tx, &products)?;
            license_bulk::all(tx, scope, &filter, (*today, &grace), MOST + 1)
        }
    }
}

/// What would be done to each: the same few queries for ten thousand as for one.
fn plan(
    tx: &mut ReadTx<'_>,
    (scope, actor): (Scope, &Actor),
    sheets: Vec<Visible<Sheet>>,
    deed: &Deed,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Plan> {
    let standing = match deed {
        Deed::Resume(_) => license_bulk::suspensions(tx, &sheets)?,
        _ => BTreeMap::new(),
    };
    let below = resume::below(tx, actor, standing.values().flatten())?;
    let target = match deed {
        Deed::Assign(to) => Some(Target::find(tx, scope, to)?),
        _ => None,
    };
    let named = match deed {
        Deed::Assign(to) => to.customer.flatten(),
        _ => None,
    };
    let named = named.map(|id| customers::get(tx, scope, id)).transpose()?;
    let people: BTreeSet<CustomerId> = match (&target, &named) {
        (Some(_), None) => sheets.iter().filter_map(|sheet| sheet.customer_id).collect(),
        _ => BTreeSet::new(),
    };
    let switching = match deed {
        Deed::Modules(switching) => Some(switching.find(tx, actor, &sheets, today)?),
        _ => None,
    };
    let people = customers::many(tx, scope, &people)?;
    let around = match deed {
        Deed::Archive(_) => Some(archive::Around::read(
            tx,
            sheets.iter().map(|sheet| &sheet.license),
        )?),
        _ => None,
    };
    let mut plan = Plan {
        steps: Vec::new(),
        events: Vec::new(),
        lifted: Vec::new(),
        switches: Vec::new(),
        skipped: Vec::new(),
    };
    for sheet in sheets {
        let license = sheet.license();
        let none = Vec::new();
        if let Some(switching) = &switching {
            match switching.decide(actor, &license, today) {
                Ok(Some(decided)) if decided.is_nothing() => plan.skipped.push((sheet, Skip::Already)),
                Ok(Some(decided)) => {
                    let event = Event::license(EventKind::LicenseChanged, &license);
                    plan.events.push(decided.told(event));
                    plan.steps.push((license.clone(), Change::default()));
                    plan.switches.push((license, decided.switch));
                }
                Ok(None) => plan.skipped.push((sheet, Skip::OtherProduct)),
                Err(error) => {
                    let why = skip(error, &license, deed)?;
                    plan.skipped.push((sheet, why));
                }
            }
            continue;
        }
        let judged = match deed {
            Deed::Suspend(reason, note) => suspend::decide(&license, *reason, note.as_ref()).map(|event| {
                let change = Change {
                    suspensions: Some(license.suspensions + 1),
                    ..Change::default()
                };
                (change, event, none)
            }),
            Deed::Resume(note) => {
                let standing = standing.get(&license.id).cloned().unwrap_or_default();
                resume::decide(actor, &license, &standing, &below, note.as_ref()).map(|(lifted, event)| {
                    let left = license.suspensions - i32::try_from(lifted.len()).unwrap_or(i32::MAX);
                    let change = Change {
                        suspensions: Some(left),
                        ..Change::default()
                    };
                    (change, event, lifted)
                })
            }
            Deed::Revoke(note) => {
                revoke::decide(&license, note, now).map(|(change, event)| (change, event, none))
            }
            Deed::Assign(to) => match &target {
                Some(target) => {
                    let own = || license.customer_id.and_then(|id| people.get(&id));
                    let customer = named.as_ref().or_else(own);
                    if license.customer_id.is_some() && customer.is_none() {
                        Err(Error::Forbidden)
                    } else {
                        assign::decide(&license, to, target, customer, today)
                            .map(|(change, event)| (change, event, none))
                    }
                }
                None => Err(Error::Forbidden),
            },
            Deed::Extend(_) | Deed::Until(_) => {
                let day = match deed {
                    Deed::Until(day) => Some(*day),
                    Deed::Extend(days) => license.expires_on.map(|last| days_after(last, *days)),
                    _ => None,
                };
                match day {
                    // Nothing comes of more days for what was stopped for good.
                    _ if license.revoked_at.is_some() => Err(Error::Conflict(Conflict::WrongState)),
                    None => Err(Error::field("data_scadenza", Fault::Incompatible)),
                    Some(day) => change::extended(&license, day).map(|(change, event)| (change, event, none)),
                }
            }
            Deed::Archive(note) => match &around {
                Some(around) => archive::decide(&license, around, note.as_ref(), (now, today))
                    .map(|(change, event)| (change, event, none)),
                None => Err(Error::Forbidden),
            },
            Deed::Restore(note) => {
                archive::decide_back(&license, note.as_ref()).map(|(change, event)| (change, event, none))
            }
            // Judged above.
            Deed::Modules(_) => continue,
        };
        match judged {
            // No field of it would be another one: not worth a record.
            Ok((_, event, _))
                if event.details.is_empty() && matches!(deed, Deed::Assign(_) | Deed::Until(_)) =>
            {
                plan.skipped.push((sheet, Skip::Already));
            }
            Ok((change, event, lifted)) => {
                plan.steps.push((license, change));
                plan.events.push(event);
                plan.lifted.extend(lifted);
            }
            Err(error) => {
                let why = skip(error, &license, deed)?;
                plan.skipped.push((sheet, why));
            }
        }
    }
    Ok(plan)
}

/// A licence that is left as it is.
#[derive(Debug, Clone)]
pub struct Left {
    /// Which.
    pub id: LicenseId,
    /// Its key.
    pub key: String,
    /// Its customer's name, where the caller sees the customer.
    pub customer: Option<String>,
    /// Why.
    pub why: Skip,
}

/// What would come of it.
#[derive(Debug)]
pub struct Preview {
    /// How many are chosen; more than [`MOST`] are too many, and nothing more is told then.
    pub chosen: usize,
    /// To how many it would be done.
    pub done: usize,
    /// How many devices these have.
    pub devices: i64,
    /// Of which products the chosen are, and how many of each.
    pub products: BTreeMap<ProductId, usize>,
    /// How many it would not be done to, and the first of them, by reason.
    pub skipped: BTreeMap<Skip, (usize, Vec<Left>)>,
}

fn left(app: &App, tx: &mut ReadTx<'_>, scope: Scope, of: Vec<(Visible<Sheet>, Skip)>) -> Result<Vec<Left>> {
    let people: BTreeSet<CustomerId> = of.iter().filter_map(|(sheet, _)| sheet.customer_id).collect();
    let people = names::customers(tx, scope, &people)?;
    of.into_iter()
        .map(|(sheet, why)| {
            Ok(Left {
                id: sheet.license.id,
                key: open_key(app, &sheet)?,
                customer: sheet.customer_id.and_then(|id| people.get(&id).cloned()),
                why,
            })
        })
        .collect()
}

/// What would come of a deed; of none only how many are chosen.
///
/// # Errors
/// [`Error::NotFound`] where one is chosen that the caller does not see; of the rules.
pub async fn preview<R: Right>(
    app: &App,
    permit: &Permit<R>,
    of: Chosen,
    deed: Option<Deed>,
) -> Result<Preview> {
    if let Some(deed) = &deed {
        deed.allowed(permit.actor(), R::ACTION)?;
    }
    let (scope, actor, app_) = (permit.scope(), permit.actor().clone(), app.clone());
    let now = app.clock.now();
    let today = calendar::today(now, app.zone);
    app.db
        .read(move |tx| {
            let sheets = chosen(tx, scope, &of)?;
            let mut preview = Preview {
                chosen: sheets.len(),
                done: sheets.len(),
                devices: sheets.iter().map(|sheet| i64::from(sheet.devices_used)).sum(),
                products: BTreeMap::new(),
                skipped: BTreeMap::new(),
            };
            for sheet in &sheets {
                *preview.products.entry(sheet.product_id).or_default() += 1;
            }
            let Some(deed) = deed.as_ref().filter(|_| sheets.len() <= MOST) else {
                return Ok(preview);
            };
            let plan = plan(tx, (scope, &actor), sheets, deed, (now, today))?;
            preview.done = plan.steps.len();
            preview.devices = plan
                .steps
                .iter()
                .map(|(license, _)| i64::from(license.devices_used))
                .sum();
            let mut named = Vec::new();
            for (sheet, why) in plan.skipped {
                let (n, _) = preview.skipped.entry(why).or_default();
                *n += 1;
                if *n <= NAMED {
                    named.push((sheet, why));
                }
            }
            for one in left(&app_, tx, scope, named)? {
                preview.skipped.entry(one.why).or_default().1.push(one);
            }
            Ok(preview)
        })
        .await
}

/// What came of it, as it is kept for a day under the form that did it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// To how many it was done.
    pub done: usize,
    /// To which it was not, and why.
    pub skipped: Vec<(String, String)>,
}

/// Does it. All in one transaction, in statements of bounded length: what is told afterwards is what stands, and nothing
/// is done by halves.
///
/// # Errors
/// [`Error::NotFound`] where one is chosen that the caller does not see: nothing is done then; of the rules.
pub async fn run<R: Right>(
    app: &App,
    permit: Permit<R>,
    of: Chosen,
    deed: Deed,
    key: Option<IdempotencyKey>,
) -> Result<Outcome> {
    deed.allowed(permit.actor(), R::ACTION)?;
    let (scope, actor, app_) = (permit.scope(), permit.actor().clone(), app.clone());
    let zone = app.zone;
    let kept = Once::under(key, |outcome: &Outcome| {
        let text = serde_json::to_string(outcome).map_err(Error::internal)?;
        Ok((200, text))
    });
    let done = app
        .once(permit.actor(), kept, move |tx| {
            let sheets = chosen(tx, scope, &of)?;
            if sheets.len() > MOST {
                return Err(Error::field("licenze", Fault::TooLong));
            }
            let now = tx.now();
            let at = (now, calendar::today(now, zone));
            let plan = plan(tx, (scope, &actor), sheets, &deed, at)?;
            tell::moved(&app_, tx, &actor, &plan.steps)?;
            let outcome = Outcome {
                done: plan.steps.len(),
                skipped: plan
                    .skipped
                    .iter()
                    .map(|(sheet, why)| (sheet.license.id.to_string(), why.code().to_owned()))
                    .collect(),
            };
            if plan.steps.is_empty() {
                return Ok(Done::Unchanged(outcome));
            }
            carry_out(tx, &plan, &deed, (actor.node(), actor.user_id()))?;
            Ok(Done::Changed(outcome, plan.events))
        })
        .await?;
    match done {
        Replayable::Done(outcome) => Ok(outcome),
        Replayable::Replayed(_, text) => serde_json::from_str(&text).map_err(Error::internal),
    }
}

fn carry_out(
    tx: &mut WriteTx<'_>,
    plan: &Plan,
    deed: &Deed,
    by: (Option<NodeId>, Option<UserId>),
) -> Result<()> {
    license_bulk::change(tx, &plan.steps)?;
    match deed {
        Deed::Suspend(reason, note) => license_bulk::suspend(tx, &plan.steps, *reason, note.as_deref(), by),
        Deed::Resume(_) => license_bulk::lift(tx, &plan.steps, &plan.lifted, by.1),
        Deed::Revoke(note) => license_bulk::note_revocations(tx, &plan.steps, note),
        Deed::Modules(_) => license_modules::switch(tx, &plan.switches),
        Deed::Assign(_) | Deed::Extend(_) | Deed::Until(_) | Deed::Archive(_) | Deed::Restore(_) => Ok(()),
    }
}

/// What came of a form that was sent within the day, with those that were left as they were and that the caller sees
/// still.
///
/// # Errors
/// [`Error::NotFound`] where the caller sent no such form.
pub async fn outcome(
    app: &App,
    permit: Permit<ReadLicenses>,
    key: IdempotencyKey,
    most: usize,
) -> Result<(Outcome, Vec<Left>)> {
    let (scope, app_) = (permit.scope(), app.clone());
    let now = app.clock.now();
    app.db
        .read(move |tx| {
            let text = app_.remembered(tx, key.id, now)?.ok_or(Error::NotFound)?;
            let outcome: Outcome = serde_json::from_str(&text).map_err(Error::internal)?;
            let whys: BTreeMap<LicenseId, Skip> = outcome
                .skipped
                .iter()
                .take(most)
                .filter_map(|(id, why)| Some((id.parse().ok()?, Skip::from_code(why)?)))
                .collect();
            let sheets = license_bulk::seen(tx, scope, &whys.keys().copied().collect())?;
            let of = sheets
                .into_iter()
                .filter_map(|sheet| {
                    let why = *whys.get(&sheet.license.id)?;
                    Some((sheet, why))
                })
                .collect();
            let left = left(&app_, tx, scope, of)?;
            Ok((outcome, left))
        })
        .await
}
