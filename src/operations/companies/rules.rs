//! What of the products' rules a company has otherwise.

use crate::{
    domain::{
        access::{Permit, right::EditNode},
        actor::Actor,
        audit::{Event, EventKind},
        company::{Node, NodeKind},
        company_rules::CompanyRules,
        error::{Error, Result, expect_revision},
        ids::NodeId,
    },
    operations::App,
    store::{Done, Visible, WriteTx, company_rules, nodes},
};

/// Sets it, or takes it away: it holds for the licences at and below the company from then on. The vendor sets anything; a
/// company sets it for those below it, and what the vendor set stays the vendor's.
///
/// # Errors
/// [`Error::NotFound`] also for an agent, [`Error::Stale`], [`Error::Forbidden`] for one's own company and for what the
/// vendor set.
pub async fn set(
    app: &App,
    permit: Permit<EditNode>,
    id: NodeId,
    revision: Option<i32>,
    wanted: CompanyRules,
) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let node = nodes::get(tx, actor.scope(), id)?;
            let stands = company_rules::get(tx, &node)?;
            expect_revision(stands.1, revision)?;
            let event = Event::node(EventKind::NodeChanged, id);
            Ok(match put(tx, &actor, &node, stands, wanted, event)? {
                Ok(event) => Done::changed((), event),
                Err(_) => Done::Unchanged(()),
            })
        })
        .await
}

/// Sets it within an operation, and adds to an event what changed; gives the event back as it was where nothing did.
///
/// # Errors
/// As [`set`].
pub(super) fn put(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    node: &Visible<Node>,
    (was, stands): (CompanyRules, i32),
    wanted: CompanyRules,
    event: Event,
) -> Result<std::result::Result<Event, Event>> {
    if node.kind == NodeKind::Agent {
        return Err(Error::NotFound);
    }
    let is_vendor = actor.is_superadmin();
    if actor.node() == Some(node.id) || (was.by_vendor && !was.is_empty() && !is_vendor) {
        return Err(Error::Forbidden);
    }
    let now = CompanyRules {
        by_vendor: is_vendor,
        ..wanted
    };
    if now == was || (now.is_empty() && was.is_empty()) {
        return Ok(Err(event));
    }
    company_rules::set(tx, node, stands, &now)?;
    Ok(Ok(event
        .changed("durata_prova_giorni", &was.trial_days, &now.trial_days)
        .changed("giorni_offline", &was.offline_days, &now.offline_days)
        .changed("giorni_tolleranza", &was.grace_days, &now.grace_days)
        .changed("attesa_giorni", &was.pending_days, &now.pending_days)
        .changed("rilasci_max", &was.release_max, &now.release_max)
        .changed("rilasci_giorni", &was.release_days, &now.release_days)))
}
