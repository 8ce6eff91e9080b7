//! Stopping a licence for a while.

use crate::{
    domain::{
        access::{Permit, right::SuspendLicense},
        audit::{Event, EventKind},
        error::{Conflict, Error, Result, expect_revision},
        ids::LicenseId,
        license::SuspensionReason,
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
            if license.revoked_at.is_some() {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            licenses::suspend(tx, &license, reason, note.as_deref(), by)?;
            let event = Event::license(EventKind::LicenseSuspended, &license)
                .with("causale", reason)
                .with("motivo", &note);
            Ok(Done::changed((), event))
        })
        .await
}
