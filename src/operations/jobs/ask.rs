//! Having a job run now.

use crate::{
    domain::{
        access::{Permit, right::RunJob},
        audit::{Event, EventKind, Owner, Subject},
        error::Result,
        ids::NodeId,
        jobs::JobName,
    },
    operations::App,
    store::{Done, jobs},
};

/// Has a job run now: whichever node looks next does it. One that runs already goes on, and that is all.
///
/// # Errors
/// Of the database.
pub async fn ask(app: &App, permit: Permit<RunJob>, job: JobName) -> Result<()> {
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            jobs::ask(tx, job)?;
            let subject = Subject {
                kind: "lavoro",
                id: NodeId::VENDOR.0,
            };
            let event = Event::new(EventKind::JobAsked, subject, Owner::default()).with("lavoro", job);
            Ok(Done::changed((), event))
        })
        .await
}
