//! Stopping a licence for good.

use crate::{
    domain::{
        access::{Permit, right::RevokeLicense},
        audit::{Event, EventKind},
        error::{Conflict, Error, Result},
        ids::LicenseId,
    },
    operations::App,
    store::{At, Done, licenses},
};

/// Revokes a licence. There is no way back.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it was revoked before.
pub async fn revoke(app: &App, permit: Permit<RevokeLicense>, id: LicenseId, note: String) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            if license.revoked_at.is_some() {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let revoked = licenses::Change {
                revoked_at: Some(At(tx.now())),
                ..licenses::Change::default()
            };
            licenses::change(tx, &license, &revoked)?;
            licenses::note_revocation(tx, &license, &note)?;
            let event = Event::license(EventKind::LicenseRevoked, &license).with("motivo", &note);
            Ok(Done::changed((), event))
        })
        .await
}
