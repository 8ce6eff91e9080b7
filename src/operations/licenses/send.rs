//! Mailing a licence's key to the customer who has it.

use super::{issue::Issued, view};
use crate::{
    domain::{
        access::{Permit, right::SendKeys},
        audit::{Event, EventKind},
        calendar,
        customer::Customer,
        error::{Conflict, Error, Fault, Result},
        ids::LicenseId,
    },
    operations::{App, Once, Replayable, messages::tell},
    store::{Done, WriteTx, customers, licenses},
};

/// Keys that one message delivers at most.
pub const MOST: usize = 200;

/// Mails the key to the customer's address.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it was revoked, or there is nobody to write to.
pub async fn send(
    app: &App,
    permit: Permit<SendKeys>,
    id: LicenseId,
    once: Once<()>,
) -> Result<Replayable<()>> {
    let (scope, app_) = (permit.scope(), app.clone());
    app.once(permit.actor(), once, move |tx| {
        let sheet = licenses::get(tx, scope, id)?;
        let nobody = Error::Conflict(Conflict::WrongState);
        let Some(customer) = sheet.customer_id.filter(|_| sheet.revoked_at.is_none()) else {
            return Err(nobody);
        };
        let customer = customers::get(tx, scope, customer)?;
        let license = sheet.license();
        let today = calendar::today(tx.now(), app_.zone);
        let views = view::complete(&app_, tx, vec![sheet], today)?;
        if !tell::keys(&app_, tx, &customer, &views)? {
            return Err(nobody);
        }
        let event = Event::license(EventKind::KeySent, &license).with("destinatario", &customer.email);
        Ok(Done::changed((), event))
    })
    .await
}

/// Mails keys that were made a moment ago, where that is wanted, and says to which address.
pub(super) fn issued(
    app: &App,
    tx: &mut WriteTx<'_>,
    wanted: bool,
    customer: Option<&Customer>,
    issued: &Issued,
) -> Result<Option<String>> {
    if !wanted {
        return Ok(None);
    }
    let keys = &issued.licenses;
    if keys.len() > MOST {
        return Err(Error::field("invia_chiave", Fault::OutOfRange));
    }
    let customer = customer.ok_or_else(|| Error::field("invia_chiave", Fault::Incompatible))?;
    if !tell::keys(app, tx, customer, keys)? {
        return Err(Error::field("invia_chiave", Fault::Incompatible));
    }
    Ok(customer.email.clone())
}
