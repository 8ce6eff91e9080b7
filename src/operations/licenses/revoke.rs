//! Stopping a licence for good.

use crate::{
    domain::{
        access::{Permit, right::RevokeLicense},
        audit::{Event, EventKind},
        error::{Conflict, Error, Result},
        ids::LicenseId,
        license::License,
    },
    operations::App,
    store::{At, Done, licenses},
};
use chrono::NaiveDateTime;

/// Revokes a licence. There is no way back.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it was revoked before.
pub async fn revoke(app: &App, permit: Permit<RevokeLicense>, id: LicenseId, note: String) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            let (revoked, event) = decide(&license, &note, tx.now())?;
            licenses::change(tx, &license, &revoked)?;
            licenses::note_revocation(tx, &license, &note)?;
            Ok(Done::changed((), event))
        })
        .await
}

/// Whether a licence can be revoked, with its change and the record of it.
pub(super) fn decide(license: &License, note: &str, now: NaiveDateTime) -> Result<(licenses::Change, Event)> {
    if license.revoked_at.is_some() {
        return Err(Error::Conflict(Conflict::WrongState));
    }
    let revoked = licenses::Change {
        revoked_at: Some(At(now)),
        ..licenses::Change::default()
    };
    let event = Event::license(EventKind::LicenseRevoked, license).with("motivo", note);
    Ok((revoked, event))
}
