//! How many licences a company or an agent may make.

use crate::{
    domain::{
        error::{Conflict, Error, Result},
        ids::NodeId,
        license::LicenseKind,
        scope::Scope,
    },
    store::{ReadTx, WriteTx, licenses, names, nodes},
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

/// What is left of a quota.
#[derive(Debug, Clone, Copy)]
pub struct Left {
    /// How many there may be.
    pub quota: i64,
    /// How many there are.
    pub used: i64,
}

/// The quota that stands nearest above a seller, of those that the scope sees.
///
/// # Errors
/// Of the database.
pub fn left(tx: &mut ReadTx<'_>, scope: Scope, seller: NodeId, kind: LicenseKind) -> Result<Option<Left>> {
    let trials = kind == LicenseKind::Trial;
    let line = nodes::line(tx, seller)?;
    let seen = names::nodes(tx, scope, &line.iter().map(|node| node.id).collect())?;
    let nearest = line.iter().find_map(|node| {
        let quota = if trials {
            node.trial_quota
        } else {
            node.license_quota
        };
        quota
            .filter(|_| seen.contains_key(&node.id))
            .map(|quota| (node, quota))
    });
    let Some((node, quota)) = nearest else {
        return Ok(None);
    };
    Ok(Some(Left {
        quota: quota.into(),
        used: licenses::count_of(tx, node, trials)?,
    }))
}
