//! What of the products' rules a company has otherwise.

use crate::{
    domain::{
        access::{Permit, right::EditNode},
        audit::{Event, EventKind},
        company::NodeKind,
        company_rules::CompanyRules,
        error::{Error, Result, expect_revision},
        ids::NodeId,
    },
    operations::App,
    store::{Done, company_rules, nodes},
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
            if node.kind == NodeKind::Agent {
                return Err(Error::NotFound);
            }
            let (was, stands) = company_rules::get(tx, &node)?;
            expect_revision(stands, revision)?;
            let is_vendor = actor.is_superadmin();
            if actor.node() == Some(id) || (was.by_vendor && !was.is_empty() && !is_vendor) {
                return Err(Error::Forbidden);
            }
            let now = CompanyRules {
                by_vendor: is_vendor,
                ..wanted
            };
            if now == was || (now.is_empty() && was.is_empty()) {
                return Ok(Done::Unchanged(()));
            }
            company_rules::set(tx, &node, stands, &now)?;
            let event = Event::node(EventKind::NodeChanged, id)
                .changed("durata_prova_giorni", &was.trial_days, &now.trial_days)
                .changed("giorni_offline", &was.offline_days, &now.offline_days)
                .changed("attesa_giorni", &was.pending_days, &now.pending_days)
                .changed("rilasci_max", &was.release_max, &now.release_max)
                .changed("rilasci_giorni", &was.release_days, &now.release_days);
            Ok(Done::changed((), event))
        })
        .await
}
