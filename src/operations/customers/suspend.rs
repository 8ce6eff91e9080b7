//! Stopping a customer for a while, and letting it go on.

use crate::{
    domain::{
        access::{Permit, right::SuspendCustomer},
        audit::{Event, EventKind},
        customer::{Customer, CustomerState},
        error::{Conflict, Error, Result},
        ids::CustomerId,
    },
    operations::{App, may_lift},
    store::{Done, customers},
};

/// Suspends a customer: all its licences stop with it.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it is suspended already.
pub async fn suspend(app: &App, permit: Permit<SuspendCustomer>, id: CustomerId, note: String) -> Result<()> {
    let (scope, node) = (permit.scope(), permit.actor().node());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = customers::get(tx, scope, id)?;
            if was.state == CustomerState::Suspended {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let customer = Customer {
                state: CustomerState::Suspended,
                state_before: Some(was.state),
                state_note: Some(note.clone()),
                suspended_by: node,
                ..(*was).clone()
            };
            customers::update(tx, &was, &customer)?;
            Ok(Done::changed(
                (),
                Event::customer(EventKind::CustomerSuspended, &customer).with("motivo", &note),
            ))
        })
        .await
}

/// Lets a suspended customer go on where it was: validated, or waiting. A stop is lifted by the node that it is of, or
/// by one above; so is a refusal.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it is not suspended; [`Error::Forbidden`] where the stop is not
/// the caller's to lift.
pub async fn resume(
    app: &App,
    permit: Permit<SuspendCustomer>,
    id: CustomerId,
    note: Option<String>,
) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = customers::get(tx, actor.scope(), id)?;
            if was.state != CustomerState::Suspended {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            if !may_lift(tx, &actor, was.suspended_by)? {
                return Err(Error::Forbidden);
            }
            let state = was.state_before.unwrap_or(CustomerState::Validated);
            let customer = Customer {
                state,
                state_before: None,
                state_note: None,
                suspended_by: None,
                ..(*was).clone()
            };
            customers::update(tx, &was, &customer)?;
            let event = Event::customer(EventKind::CustomerResumed, &customer)
                .with("stato", state)
                .with("motivo", &note);
            Ok(Done::changed((), event))
        })
        .await
}
