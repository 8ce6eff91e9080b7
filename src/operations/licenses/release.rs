//! Freeing a device's place by hand.

use super::grant;
use crate::{
    domain::{
        access::{Permit, right::ReleaseDevice},
        audit::{Event, EventKind},
        error::{Result, Success},
        ids::{ActivationId, LicenseId},
    },
    operations::App,
    store::{
        Done,
        activations::{self, ReleasedBy},
        licenses,
        log::{LicenseSnapshot, Operation},
    },
};

/// Frees the place of a device, for a reason.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound) for another's licence, or a device that holds no place in it.
pub async fn release(
    app: &App,
    permit: Permit<ReleaseDevice>,
    id: LicenseId,
    activation: ActivationId,
    note: String,
) -> Result<()> {
    let (scope, actor) = (permit.scope(), permit.actor().clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            let device = activations::device(tx, &license, activation)?;
            activations::release(
                tx,
                &license,
                activation,
                ReleasedBy {
                    user: actor.user_id(),
                    note: Some(&note),
                },
            )?;
            let whose = LicenseSnapshot {
                license: license.id,
                product: license.product_id,
                company: license.company_id,
                agent: license.agent_id,
                customer: license.customer_id,
            };
            let entry = grant::entry(
                &actor,
                tx.now(),
                Operation::Release,
                Some(whose),
                Some(&device.device),
                Ok(Success::Released),
            );
            activations::log(tx, &entry)?;
            let event = Event::license(EventKind::DeviceReleased, &license)
                .with("dispositivo", &device.device)
                .with("attivazione", activation)
                .with("motivo", &note);
            Ok(Done::changed((), event))
        })
        .await
}
