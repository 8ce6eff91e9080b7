//! How many licences a company or an agent may make.

use crate::{
    domain::{
        error::{Conflict, Error, Result},
        ids::NodeId,
        license::LicenseKind,
    },
    store::{WriteTx, licenses, nodes},
};

/// Holds the quotas of an agent, its company and all above against so many more licences. Each node that has a quota
/// is locked, so that two requests at once cannot pass together what fits only singly.
pub(in crate::operations) fn charge(
    tx: &mut WriteTx<'_>,
    (company, agent): (Option<NodeId>, Option<NodeId>),
    kind: LicenseKind,
    more: usize,
) -> Result<()> {
    let Some(seller) = agent.or(company) else {
        return Ok(());
    };
    let trials = kind == LicenseKind::Trial;
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    for node in nodes::line(tx, seller)? {
        let quota = if trials {
            node.trial_quota
        } else {
            node.license_quota
        };
        let Some(quota) = quota else { continue };
        nodes::lock(tx, node.id)?;
        let used = licenses::count_of(tx, &node, trials)?;
        if used.saturating_add(more) > i64::from(quota) {
            return Err(Error::Conflict(Conflict::QuotaExceeded));
        }
    }
    Ok(())
}
