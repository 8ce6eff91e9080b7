//! Validating or refusing a customer who waits.

use crate::{
    domain::{
        access::{Permit, right::DecideCustomer},
        actor::Actor,
        audit::{Event, EventKind},
        calendar,
        customer::{Customer, CustomerState},
        error::{Conflict, Error, Result},
        ids::CustomerId,
    },
    operations::App,
    store::{Done, WriteTx, customers, licenses},
};

/// Validates a waiting customer. Its licences have their full terms from now on, with nothing to activate again; the
/// period of those that run already begins today.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it does not wait.
pub async fn validate(app: &App, permit: Permit<DecideCustomer>, id: CustomerId) -> Result<()> {
    let (actor, zone) = (permit.actor().clone(), app.zone);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = customers::get(tx, actor.scope(), id)?;
            let customer = decided(tx, &actor, &was, CustomerState::Validated, None)?;
            let today = calendar::today(tx.now(), zone);
            // A device that activates meanwhile read the customer as waiting: it has to read again.
            licenses::touch_of_customer(tx, &was)?;
            for sheet in licenses::of_customer(tx, &was)? {
                let license = sheet.license();
                if license.owes_start() {
                    let change = licenses::Change::starting(license.term_from(today));
                    licenses::change(tx, &license, &change)?;
                }
            }
            Ok(Done::changed(
                (),
                Event::customer(EventKind::CustomerValidated, &customer),
            ))
        })
        .await
}

/// Refuses a waiting customer: it is suspended for the reason given, and its licences stop with it.
///
/// # Errors
/// As [`validate`].
pub async fn refuse(app: &App, permit: Permit<DecideCustomer>, id: CustomerId, note: String) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = customers::get(tx, actor.scope(), id)?;
            let customer = decided(tx, &actor, &was, CustomerState::Suspended, Some(note.clone()))?;
            Ok(Done::changed(
                (),
                Event::customer(EventKind::CustomerRefused, &customer).with("motivo", &note),
            ))
        })
        .await
}

fn decided(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    was: &crate::store::Visible<Customer>,
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
    customers::close_registrations(tx, was)?;
    Ok(customer)
}
