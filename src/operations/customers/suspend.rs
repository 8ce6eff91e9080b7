//! Stopping a customer for a while, and letting it go on.

use crate::{
    domain::{
        access::{Permit, right::SuspendCustomer},
        audit::{Event, EventKind},
        customer::{Customer, CustomerState},
        error::{Conflict, Error, Result},
        ids::CustomerId,
    },
    operations::App,
    store::{Done, customers},
};

/// Suspends a customer: all its licences stop with it.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it is suspended already.
pub async fn suspend(app: &App, permit: Permit<SuspendCustomer>, id: CustomerId, note: String) -> Result<()> {
    let scope = permit.scope();
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

/// Lets a suspended customer go on where it was: validated, or waiting.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it is not suspended.
pub async fn resume(
    app: &App,
    permit: Permit<SuspendCustomer>,
    id: CustomerId,
    note: Option<String>,
) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = customers::get(tx, scope, id)?;
            if was.state != CustomerState::Suspended {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let state = was.state_before.unwrap_or(CustomerState::Validated);
            let customer = Customer {
                state,
                state_before: None,
                state_note: None,
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
