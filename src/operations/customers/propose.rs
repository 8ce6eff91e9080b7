//! Speaking for a customer who waits, to who may validate it.

use crate::{
    domain::{
        access::{Permit, right::ProposeCustomer},
        audit::{Event, EventKind},
        customer::CustomerState,
        error::{Conflict, Error, Result},
        ids::CustomerId,
    },
    operations::App,
    store::{Done, customers, proposals},
};

/// Proposes that a waiting customer is validated: nothing changes for it, and who decides sees it before the others.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it does not wait.
pub async fn propose(
    app: &App,
    permit: Permit<ProposeCustomer>,
    id: CustomerId,
    note: Option<String>,
) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let customer = customers::get(tx, scope, id)?;
            if customer.state != CustomerState::Pending {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            proposals::propose(tx, &customer, note.as_deref())?;
            let event = Event::customer(EventKind::CustomerProposed, &customer).with("motivo", &note);
            Ok(Done::changed((), event))
        })
        .await
}
