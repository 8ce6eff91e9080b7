//! Letting a suspended licence go on.

use crate::{
    domain::{
        access::{Permit, right::SuspendLicense},
        actor::Actor,
        audit::{Event, EventKind},
        error::{Conflict, Error, Result},
        ids::{LicenseId, SuspensionId},
        license::SuspensionReason,
    },
    operations::App,
    store::{
        Done, ReadTx,
        licenses::{self, Suspension},
        nodes,
    },
};

/// Lifts the suspensions that the caller may lift: their own node's and those below it. The vendor lifts any; what
/// an overdue payment or a dispute stopped is lifted by its settling or verdict, and by nobody below the vendor.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where there is nothing to lift; [`Error::Forbidden`] where what
/// stands is not the caller's to lift.
pub async fn resume(
    app: &App,
    permit: Permit<SuspendLicense>,
    id: LicenseId,
    note: Option<String>,
) -> Result<()> {
    let (scope, actor) = (permit.scope(), permit.actor().clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            let standing = licenses::suspensions(tx, &license)?;
            if standing.is_empty() || license.revoked_at.is_some() {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let mut lifted: Vec<SuspensionId> = Vec::new();
            for suspension in &standing {
                if may_lift(tx, &actor, suspension)? {
                    lifted.push(suspension.id);
                }
            }
            if lifted.is_empty() {
                return Err(Error::Forbidden);
            }
            licenses::lift(tx, &license, &lifted, actor.user_id())?;
            let event = Event::license(EventKind::LicenseResumed, &license)
                .with("sospensioni_tolte", lifted.len())
                .with("sospensioni_rimaste", standing.len() - lifted.len())
                .with("motivo", &note);
            Ok(Done::changed((), event))
        })
        .await
}

fn may_lift(tx: &mut ReadTx<'_>, actor: &Actor, suspension: &Suspension) -> Result<bool> {
    if actor.is_superadmin() {
        return Ok(true);
    }
    if matches!(
        suspension.reason,
        SuspensionReason::Unpaid | SuspensionReason::Dispute
    ) {
        return Ok(false);
    }
    match (actor.node(), suspension.node) {
        (Some(own), Some(whose)) => nodes::is_at_or_above(tx, own, whose),
        _ => Ok(false),
    }
}
