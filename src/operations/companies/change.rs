//! Changing a node's data and what is agreed with it.

use super::{create::Terms, rules};
use crate::{
    domain::{
        access::{Permit, right::EditNode},
        audit::{Event, EventKind},
        company::{Node, NodeKind},
        company_rules::CompanyRules,
        error::{Error, Fault, Result, expect_revision},
        ids::NodeId,
    },
    operations::App,
    store::{Done, company_rules, nodes},
};

/// What is to change: absent stays, none takes away.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Name.
    pub name: Option<String>,
    /// Names it in its registration link.
    pub code: Option<Option<String>>,
    /// Where mail goes.
    pub email: Option<Option<String>>,
    /// What is agreed.
    pub terms: Terms,
    /// What it has otherwise than the products.
    pub rules: Option<RuleChanges>,
}

/// What of a company's own rules is to change: absent stays, none takes away.
#[derive(Debug, Clone, Copy, Default)]
pub struct RuleChanges {
    /// Days of a trial.
    pub trial_days: Option<Option<i32>>,
    /// Days that a computer key lasts without contact.
    pub offline_days: Option<Option<i32>>,
    /// Days for which a subscription works beyond its last.
    pub grace_days: Option<Option<i32>>,
    /// Days for which a waiting customer's licence works.
    pub pending_days: Option<Option<i32>>,
    /// A customer's own releases at most…
    pub release_max: Option<Option<i32>>,
    /// …in so many days.
    pub release_days: Option<Option<i32>>,
}

impl RuleChanges {
    /// Takes all of it away.
    pub const NONE: Self = Self {
        trial_days: Some(None),
        offline_days: Some(None),
        grace_days: Some(None),
        pending_days: Some(None),
        release_max: Some(None),
        release_days: Some(None),
    };

    fn apply(self, was: CompanyRules) -> CompanyRules {
        CompanyRules {
            by_vendor: was.by_vendor,
            trial_days: self.trial_days.unwrap_or(was.trial_days),
            offline_days: self.offline_days.unwrap_or(was.offline_days),
            grace_days: self.grace_days.unwrap_or(was.grace_days),
            pending_days: self.pending_days.unwrap_or(was.pending_days),
            release_max: self.release_max.unwrap_or(was.release_max),
            release_days: self.release_days.unwrap_or(was.release_days),
        }
    }
}

impl Changes {
    fn touches_terms(&self) -> bool {
        let terms = &self.terms;
        terms.credit_limit_cents.is_some()
            || terms.discount_bp.is_some()
            || terms.license_quota.is_some()
            || terms.trial_quota.is_some()
            || terms.payment_days.is_some()
            || terms.may_defer.is_some()
            || terms.may_collect.is_some()
            || terms.may_validate.is_some()
            || terms.may_create_subs.is_some()
    }
}

/// The revision of which a node's data are a part or all that is known of it.
#[derive(Debug, Clone, Copy)]
pub enum Revision {
    /// Of its data alone.
    OfData(Option<i32>),
    /// Of its data and its rules: the sum, which grows with every change of either.
    OfAll(Option<i32>),
}

/// Changes a node. Its discount stays at most its parent's and at least its children's. Nobody changes what is agreed with their own node: that is for those above it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`], [`Error::Invalid`], [`Error::Forbidden`].
pub async fn change(
    app: &App,
    permit: Permit<EditNode>,
    id: NodeId,
    revision: Revision,
    changes: Changes,
) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = nodes::get(tx, actor.scope(), id)?;
            let stands = company_rules::get(tx, &was)?;
            match revision {
                Revision::OfData(seen) => expect_revision(was.revision, seen)?,
                Revision::OfAll(seen) => expect_revision(was.revision + stands.1, seen)?,
            }
            if actor.node() == Some(was.id) && changes.touches_terms() {
                return Err(Error::Forbidden);
            }
            let line = nodes::line(tx, was.id)?;
            let above = line.get(1).filter(|node| node.kind != NodeKind::Vendor);
            changes.terms.beyond(above).into_result()?;
            if let Some(discount) = changes.terms.discount_bp {
                // A child that is opened or moved meanwhile waits, and then sees this.
                nodes::lock_tree(tx)?;
                if nodes::greatest_discount_below(tx, was.id)?.is_some_and(|below| below > discount) {
                    return Err(Error::field("sconto_punti_base", Fault::OutOfRange));
                }
            }
            let named = Node {
                name: changes.name.clone().unwrap_or_else(|| was.name.clone()),
                code: changes.code.clone().unwrap_or_else(|| was.code.clone()),
                email: changes.email.clone().unwrap_or_else(|| was.email.clone()),
                ..(*was).clone()
            };
            let now = changes.terms.apply(&named);
            if !nodes::update(tx, &was, &now)? {
                return Err(Error::field("codice", Fault::Taken));
            }
            let event = Event::node(EventKind::NodeChanged, was.id)
                .changed("nome", &was.name, &now.name)
                .changed("codice", &was.code, &now.code)
                .changed("email", &was.email, &now.email)
                .changed("fido_centesimi", &was.credit_limit_cents, &now.credit_limit_cents)
                .changed("sconto_punti_base", &was.discount_bp, &now.discount_bp)
                .changed("quota_licenze", &was.license_quota, &now.license_quota)
                .changed("quota_prove", &was.trial_quota, &now.trial_quota)
                .changed("giorni_pagamento", &was.payment_days, &now.payment_days)
                .changed("diritti.posticipato", &was.may_defer, &now.may_defer)
                .changed("diritti.incassa", &was.may_collect, &now.may_collect)
                .changed("diritti.convalida", &was.may_validate, &now.may_validate)
                .changed(
                    "diritti.crea_sottoaziende",
                    &was.may_create_subs,
                    &now.may_create_subs,
                )
                .changed("richiede_agente", &was.wants_agent, &now.wants_agent);
            let event = match changes.rules {
                Some(_) if was.kind == NodeKind::Agent => {
                    return Err(Error::field("regole", Fault::Incompatible));
                }
                Some(changes) => {
                    let wanted = changes.apply(stands.0);
                    match rules::put(tx, &actor, &was, stands, wanted, event)? {
                        Ok(event) | Err(event) => event,
                    }
                }
                None => event,
            };
            Ok(Done::changed((), event))
        })
        .await
}
