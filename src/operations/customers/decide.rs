//! Validating or refusing a customer who waits.

use crate::{
    domain::{
        access::{Permit, right::DecideCustomer},
        actor::Actor,
        audit::{Event, EventKind},
        calendar,
        customer::{Customer, CustomerState},
        error::{Conflict, Error, Fault, Result},
        ids::CustomerId,
        mail::MailKind,
    },
    operations::{App, messages::tell},
    store::{Done, Visible, WriteTx, customers, licenses, registrations},
};
use serde_json::json;
use std::collections::BTreeSet;

/// Validates a waiting customer. Its licences have their full terms from now on, with nothing to activate again; the
/// period of those that run already begins today.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it does not wait.
pub async fn validate(app: &App, permit: Permit<DecideCustomer>, id: CustomerId) -> Result<()> {
    let (actor, app_) = (permit.actor().clone(), app.clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = customers::get(tx, actor.scope(), id)?;
            let event = apply(&app_, tx, &actor, &was, &Decision::Validate)?;
            Ok(Done::changed((), event))
        })
        .await
}

/// Refuses a waiting customer: it is suspended for the reason given, and its licences stop with it.
///
/// # Errors
/// As [`validate`].
pub async fn refuse(app: &App, permit: Permit<DecideCustomer>, id: CustomerId, why: Refusal) -> Result<()> {
    let (actor, app_) = (permit.actor().clone(), app.clone());
    let decision = Decision::Refuse(why);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = customers::get(tx, actor.scope(), id)?;
            let event = apply(&app_, tx, &actor, &was, &decision)?;
            Ok(Done::changed((), event))
        })
        .await
}

/// Customers that are decided at once, at most.
pub const MOST: usize = 1000;

/// What is decided of customers who wait.
#[derive(Debug, Clone)]
pub enum Decision {
    /// They are known from now on.
    Validate,
    /// They are suspended, for this reason.
    Refuse(Refusal),
}

/// Why somebody is refused.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// In words, for staff.
    pub note: String,
    /// Whether the customer reads them too.
    pub told: bool,
}

/// What became of many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decided {
    /// Those that were decided now.
    pub done: usize,
    /// Those that did not wait any more: somebody else was quicker.
    pub decided_before: usize,
    /// Those that the caller does not see, or sees no more.
    pub gone: usize,
}

/// Decides many waiting customers in one transaction, each with its own record. Who does not wait any more is left as
/// it is, and who is not seen is as if it were not there.
///
/// # Errors
/// [`Error::Invalid`] for none, and for more than [`MOST`].
pub async fn many(
    app: &App,
    permit: Permit<DecideCustomer>,
    ids: Vec<CustomerId>,
    decision: Decision,
) -> Result<Decided> {
    let ids: Vec<CustomerId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        return Err(Error::field("id", Fault::Missing));
    }
    if ids.len() > MOST {
        return Err(Error::field("id", Fault::OutOfRange));
    }
    let (actor, app_) = (permit.actor().clone(), app.clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let found = customers::of_ids(tx, actor.scope(), &ids)?;
            let mut decided = Decided {
                gone: ids.len() - found.len(),
                ..Decided::default()
            };
            let mut events = Vec::with_capacity(found.len());
            for was in &found {
                if was.state == CustomerState::Pending {
                    events.push(apply(&app_, tx, &actor, was, &decision)?);
                } else {
                    decided.decided_before += 1;
                }
            }
            decided.done = events.len();
            Ok(if events.is_empty() {
                Done::Unchanged(decided)
            } else {
                Done::Changed(decided, events)
            })
        })
        .await
}

/// Does to one what was decided; the record of it.
fn apply(
    app: &App,
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    was: &Visible<Customer>,
    decision: &Decision,
) -> Result<Event> {
    match decision {
        Decision::Validate => {
            let customer = decided(tx, actor, was, CustomerState::Validated, None)?;
            let today = calendar::today(tx.now(), app.zone);
            // A device that activates meanwhile read the customer as waiting: it has to read again.
            licenses::touch_of_customer(tx, was)?;
            for sheet in licenses::of_customer(tx, was)? {
                let license = sheet.license();
                if license.owes_start() {
                    let change = licenses::Change::starting(license.term_from(today));
                    licenses::change(tx, &license, &change)?;
                }
            }
            let nothing = tell::object(json!({}));
            tell::customer(app, tx, MailKind::CustomerValidated, &customer, nothing)?;
            tell::decided(app, tx, actor, &customer, false)?;
            Ok(Event::customer(EventKind::CustomerValidated, &customer))
        }
        Decision::Refuse(Refusal { note, told }) => {
            let customer = decided(tx, actor, was, CustomerState::Suspended, Some(note.clone()))?;
            let why = if *told {
                json!({ "it": format!("Il motivo: {note}"), "en": format!("The reason: {note}") })
            } else {
                json!("")
            };
            let payload = tell::object(json!({ "motivo": why }));
            tell::customer(app, tx, MailKind::CustomerRefused, &customer, payload)?;
            tell::decided(app, tx, actor, &customer, true)?;
            let event = Event::customer(EventKind::CustomerRefused, &customer).with("motivo", note);
            Ok(if *told {
                event.with("motivo_comunicato", true)
            } else {
                event
            })
        }
    }
}

fn decided(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    was: &Visible<Customer>,
    state: CustomerState,
    note: Option<String>,
) -> Result<Customer> {
    if was.state != CustomerState::Pending {
        return Err(Error::Conflict(Conflict::WrongState));
    }
    let refused = state == CustomerState::Suspended;
    let customer = Customer {
        state,
        state_note: note,
        state_before: refused.then_some(was.state),
        suspended_by: actor.node().filter(|_| refused),
        ..(**was).clone()
    };
    customers::update(tx, was, &customer)?;
    registrations::close(tx, was)?;
    Ok(customer)
}
