//! Changing the installation's settings.

use crate::{
    domain::{
        access::{Permit, right::ChangeSettings},
        audit::{Event, EventKind, Owner, Subject},
        error::{Result, expect_revision},
        ids::NodeId,
        settings::{Setting, Settings},
    },
    operations::App,
    store::{Done, settings},
};

/// Changes the settings, of the revision that was read.
///
/// # Errors
/// [`Stale`](crate::domain::error::Error::Stale).
pub async fn change(
    app: &App,
    permit: Permit<ChangeSettings>,
    revision: Option<i32>,
    wanted: Settings,
) -> Result<()> {
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let (was, stands) = settings::get(tx)?;
            expect_revision(stands, revision)?;
            if was == wanted {
                return Ok(Done::Unchanged(()));
            }
            settings::set(tx, &was, &wanted, stands)?;
            let subject = Subject {
                kind: "impostazioni",
                id: NodeId::VENDOR.0,
            };
            let event = Setting::ALL.iter().fold(
                Event::new(EventKind::SettingsChanged, subject, Owner::default()),
                |event, setting| event.changed(setting.code(), &was.text(*setting), &wanted.text(*setting)),
            );
            Ok(Done::changed((), event))
        })
        .await
}
