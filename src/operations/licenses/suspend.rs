//! Stopping a licence for a while.

use crate::{
    domain::{
        access::{Permit, right::SuspendLicense},
        audit::{Event, EventKind},
        error::{Conflict, Error, Result, expect_revision},
        ids::LicenseId,
        license::{License, SuspensionReason},
    },
    operations::App,
    store::{Done, licenses},
};

/// Adds a suspension. Several may stand at once; each is lifted by whose it is, or by a node above.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] where the caller read another revision: a form sent twice suspends once;
/// [`Conflict::WrongState`] for a licence that was revoked.
pub async fn suspend(
    app: &App,
    permit: Permit<SuspendLicense>,
    id: LicenseId,
    revision: Option<i32>,
    reason: SuspensionReason,
    note: Option<String>,
) -> Result<()> {
    let (scope, by) = (permit.scope(), (permit.actor().node(), permit.actor().user_id()));
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            expect_revision(license.revision, revision)?;
            let event = decide(&license, reason, note.as_ref())?;
            licenses::suspend(tx, &license, reason, note.as_deref(), by)?;
            Ok(Done::changed((), event))
        })
        .await
}

/// Whether a licence can be suspended, and the record of it.
pub(super) fn decide(license: &License, reason: SuspensionReason, note: Option<&String>) -> Result<Event> {
    if license.revoked_at.is_some() {
        return Err(Error::Conflict(Conflict::WrongState));
    }
    Ok(Event::license(EventKind::LicenseSuspended, license)
        .with("causale", reason)
        .with("motivo", note))
}
