//! Stopping a company or agent for a while, and letting it go on.

use crate::{
    domain::{
        access::{Permit, right::SuspendNode},
        audit::{Event, EventKind},
        company::Node,
        error::{Conflict, Error, Result},
        ids::NodeId,
    },
    operations::{App, may_lift},
    store::{Done, nodes},
};

/// Suspends a node: its users, and those of all below it, are out at their next request. Licences of its customers
/// go on.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for one's own node; [`Conflict::WrongState`] where it is suspended.
pub async fn suspend(app: &App, permit: Permit<SuspendNode>, id: NodeId, note: String) -> Result<()> {
    switch(app, permit, id, true, Some(note)).await
}

/// Lets a suspended node go on. A stop is lifted by the node that it is of, or by one above.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for one's own node, and where the stop is not the caller's to lift;
/// [`Conflict::WrongState`] where it is not suspended.
pub async fn resume(app: &App, permit: Permit<SuspendNode>, id: NodeId, note: Option<String>) -> Result<()> {
    switch(app, permit, id, false, note).await
}

async fn switch(
    app: &App,
    permit: Permit<SuspendNode>,
    id: NodeId,
    stop: bool,
    note: Option<String>,
) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = nodes::get(tx, actor.scope(), id)?;
            if actor.node() == Some(was.id) {
                return Err(Error::Forbidden);
            }
            if was.suspended_at.is_some() == stop {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            if !stop && !may_lift(tx, &actor, was.suspended_by)? {
                return Err(Error::Forbidden);
            }
            let now = Node {
                suspended_at: stop.then_some(tx.now()),
                suspension_note: note.clone().filter(|_| stop),
                suspended_by: actor.node().filter(|_| stop),
                ..(*was).clone()
            };
            nodes::update(tx, &was, &now)?;
            let kind = if stop {
                EventKind::NodeSuspended
            } else {
                EventKind::NodeResumed
            };
            Ok(Done::changed((), Event::node(kind, was.id).with("motivo", &note)))
        })
        .await
}
