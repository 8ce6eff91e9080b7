//! Moving a node with all below it.

use crate::{
    domain::{
        access::{Permit, right::MoveNode},
        audit::{Event, EventKind},
        company::{MAX_DEPTH, NodeKind},
        error::{Conflict, Error, Fault, Result},
        ids::NodeId,
    },
    operations::App,
    store::{Done, nodes},
};

/// Moves a node below another that the caller sees; none moves it right below the vendor, which makes a company a
/// reseller. What happened before stays with who it happened to.
///
/// # Errors
/// [`Error::NotFound`], [`Conflict::Cycle`], [`Error::Forbidden`] for one's own node, [`Error::Invalid`].
pub async fn shift(app: &App, permit: Permit<MoveNode>, id: NodeId, parent: Option<NodeId>) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            nodes::lock_tree(tx)?;
            let node = nodes::get(tx, actor.scope(), id)?;
            if actor.node() == Some(node.id) {
                return Err(Error::Forbidden);
            }
            let parent = match parent {
                Some(id) => nodes::get(tx, actor.scope(), id)?,
                None if actor.is_superadmin() => nodes::vendor(tx)?.ok_or(Error::NotFound)?,
                None => return Err(Error::field("azienda_padre", Fault::Missing)),
            };
            if nodes::is_at_or_above(tx, node.id, parent.id)? {
                return Err(Error::Conflict(Conflict::Cycle));
            }
            let kind = match (node.kind, parent.kind) {
                (NodeKind::Agent, _) => NodeKind::Agent,
                (_, NodeKind::Vendor) => NodeKind::Reseller,
                _ => NodeKind::SubCompany,
            };
            if !kind.fits_below(parent.kind) {
                return Err(Error::field("azienda_padre", Fault::Incompatible));
            }
            // Nobody gives more than they have: a child's discount is at most its parent's.
            if parent.kind != NodeKind::Vendor && node.discount_bp > parent.discount_bp {
                return Err(Error::field("azienda_padre", Fault::Incompatible));
            }
            let depth = i32::try_from(nodes::line(tx, parent.id)?.len()).unwrap_or(i32::MAX);
            if depth.saturating_add(nodes::height(tx, node.id)?) >= MAX_DEPTH {
                return Err(Error::field("azienda_padre", Fault::OutOfRange));
            }
            // Customers and licences stay with their company: an agent who goes to another leaves them behind.
            let leaves = node.kind == NodeKind::Agent && node.parent_id != Some(parent.id);
            let left = if leaves {
                nodes::leave_customers(tx, &node)?
            } else {
                0
            };
            nodes::shift(tx, &node, &parent, kind)?;
            let event = Event::node(EventKind::NodeMoved, node.id)
                .changed("azienda_padre", &node.parent_id, &Some(parent.id))
                .changed("ruolo", &node.kind, &kind)
                .with("clienti_e_licenze_lasciati", left);
            Ok(Done::changed((), event))
        })
        .await
}
