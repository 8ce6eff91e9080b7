//! Changing a node's data and what is agreed with it.

use super::create::Terms;
use crate::{
    domain::{
        access::{Permit, right::EditNode},
        audit::{Event, EventKind},
        company::{Node, NodeKind},
        error::{Error, Fault, Result, expect_revision},
        ids::NodeId,
    },
    operations::App,
    store::{Done, nodes},
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

/// Changes a node. Its discount stays at most its parent's and at least its children's. Nobody changes what is agreed with their own node: that is for those above it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`], [`Error::Invalid`], [`Error::Forbidden`].
pub async fn change(
    app: &App,
    permit: Permit<EditNode>,
    id: NodeId,
    revision: Option<i32>,
    changes: Changes,
) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = nodes::get(tx, actor.scope(), id)?;
            expect_revision(was.revision, revision)?;
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
            Ok(Done::changed((), event))
        })
        .await
}
