//! Letting a suspended licence go on.

use crate::{
    domain::{
        access::{Permit, right::SuspendLicense},
        actor::Actor,
        audit::{Event, EventKind},
        error::{Conflict, Error, Result},
        ids::{LicenseId, NodeId, SuspensionId},
        license::{License, SuspensionReason},
    },
    operations::App,
    store::{
        Done, ReadTx,
        licenses::{self, Suspension},
        nodes,
    },
};
use std::collections::BTreeSet;

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
            let below = below(tx, &actor, &standing)?;
            let (lifted, event) = decide(&actor, &license, &standing, &below, note.as_ref())?;
            licenses::lift(tx, &license, &lifted, actor.user_id())?;
            Ok(Done::changed((), event))
        })
        .await
}

/// Of the nodes whose suspensions these are, those at or below the caller's.
pub(super) fn below<'s>(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    standing: impl IntoIterator<Item = &'s Suspension>,
) -> Result<BTreeSet<NodeId>> {
    match actor.node() {
        Some(own) => {
            let whose = standing.into_iter().filter_map(|suspension| suspension.node);
            nodes::at_or_below(tx, own, &whose.collect())
        }
        None => Ok(BTreeSet::new()),
    }
}

/// Which suspensions of a licence the caller may lift, and the record of it.
pub(super) fn decide(
    actor: &Actor,
    license: &License,
    standing: &[Suspension],
    below: &BTreeSet<NodeId>,
    note: Option<&String>,
) -> Result<(Vec<SuspensionId>, Event)> {
    if standing.is_empty() || license.revoked_at.is_some() {
        return Err(Error::Conflict(Conflict::WrongState));
    }
    let lifted: Vec<SuspensionId> = standing
        .iter()
        .filter(|suspension| may_lift(actor, suspension, below))
        .map(|suspension| suspension.id)
        .collect();
    if lifted.is_empty() {
        return Err(Error::Forbidden);
    }
    let event = Event::license(EventKind::LicenseResumed, license)
        .with("sospensioni_tolte", lifted.len())
        .with("sospensioni_rimaste", standing.len() - lifted.len())
        .with("motivo", note);
    Ok((lifted, event))
}

fn may_lift(actor: &Actor, suspension: &Suspension, below: &BTreeSet<NodeId>) -> bool {
    let settled_elsewhere = matches!(
        suspension.reason,
        SuspensionReason::Unpaid | SuspensionReason::Dispute
    );
    let is_below = suspension.node.is_some_and(|node| below.contains(&node));
    actor.is_superadmin() || (!settled_elsewhere && is_below)
}
