//! Opening a company or an agent.

use crate::{
    domain::{
        access::{Permit, right::CreateNode},
        audit::{Event, EventKind},
        company::{MAX_DEPTH, Node, NodeKind},
        error::{Error, Fault, FieldErrors, Result},
        ids::{NodeId, UserId},
        user::{User, UserState},
    },
    operations::{
        App, Once, Replayable,
        users::{self, NewPassword},
    },
    store::{Done, nodes},
};

/// A new node.
#[derive(Debug, Clone)]
pub struct New {
    /// What it is.
    pub kind: NodeKind,
    /// Name.
    pub name: String,
    /// The company above; none for a reseller, or for the caller's own company.
    pub parent: Option<NodeId>,
    /// Names it in its registration link.
    pub code: Option<String>,
    /// Where mail goes; the first user's too.
    pub email: Option<String>,
    /// A first user, ready to sign in with this password.
    pub password: Option<NewPassword>,
    /// The rest.
    pub terms: Terms,
}

/// What is agreed with a node. Absent fields stay as they are, or as a new node has them.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Deferred payments at most, in cents.
    pub credit_limit_cents: Option<i64>,
    /// What it buys at, in basis points.
    pub discount_bp: Option<i32>,
    /// Paid licences at most.
    pub license_quota: Option<Option<i32>>,
    /// Trials at most.
    pub trial_quota: Option<Option<i32>>,
    /// Days in which a deferred payment falls due.
    pub payment_days: Option<i32>,
    /// Deferred payment, granted or taken away by hand.
    pub may_defer: Option<Option<bool>>,
    /// May record its customers' payments to itself.
    pub may_collect: Option<bool>,
    /// May validate customers.
    pub may_validate: Option<bool>,
    /// May open sub-companies.
    pub may_create_subs: Option<bool>,
    /// Its customers and licences want an agent.
    pub wants_agent: Option<bool>,
}

impl Terms {
    /// A node on these terms.
    pub(super) fn apply(&self, node: &Node) -> Node {
        Node {
            credit_limit_cents: self.credit_limit_cents.unwrap_or(node.credit_limit_cents),
            discount_bp: self.discount_bp.unwrap_or(node.discount_bp),
            license_quota: self.license_quota.unwrap_or(node.license_quota),
            trial_quota: self.trial_quota.unwrap_or(node.trial_quota),
            payment_days: self.payment_days.unwrap_or(node.payment_days),
            may_defer: self.may_defer.unwrap_or(node.may_defer),
            may_collect: self.may_collect.unwrap_or(node.may_collect),
            may_validate: self.may_validate.unwrap_or(node.may_validate),
            may_create_subs: self.may_create_subs.unwrap_or(node.may_create_subs),
            wants_agent: self.wants_agent.unwrap_or(node.wants_agent),
            ..node.clone()
        }
    }

    /// What goes beyond the node above: nobody gives more than they have. `above` is none right below the vendor.
    pub(super) fn beyond(&self, above: Option<&Node>) -> FieldErrors {
        let mut wrong = FieldErrors::default();
        let Some(above) = above else { return wrong };
        if self
            .discount_bp
            .is_some_and(|discount| discount > above.discount_bp)
        {
            wrong.add("sconto_punti_base", Fault::OutOfRange);
        }
        if self
            .credit_limit_cents
            .is_some_and(|limit| limit > above.credit_limit_cents)
        {
            wrong.add("fido_centesimi", Fault::OutOfRange);
        }
        if self.may_defer == Some(Some(true)) && !above.defers() {
            wrong.add("diritti.posticipato", Fault::NotAllowed);
        }
        if self.may_collect == Some(true) && !above.may_collect {
            wrong.add("diritti.incassa", Fault::NotAllowed);
        }
        if self.may_validate == Some(true) && !above.may_validate {
            wrong.add("diritti.convalida", Fault::NotAllowed);
        }
        if self.may_create_subs == Some(true) && !above.may_create_subs {
            wrong.add("diritti.crea_sottoaziende", Fault::NotAllowed);
        }
        wrong
    }
}

/// Opens a node below one that the caller sees. Where somebody has the address of its first user already, it is opened
/// without one: whether an address is known is nobody's to learn but the superadmin's.
///
/// # Errors
/// [`Error::NotFound`] for a parent that the caller does not see, [`Error::Forbidden`] where the caller's company may
/// not open sub-companies, [`Error::Invalid`].
pub async fn create(
    app: &App,
    permit: Permit<CreateNode>,
    new: New,
    once: Once<Node>,
) -> Result<Replayable<Node>> {
    let hash = match &new.password {
        Some(password) => Some(app.passwords.hash(&password.0).await?),
        None => None,
    };
    let (app_, actor) = (app.clone(), permit.actor().clone());
    app.once(permit.actor(), once, move |tx| {
        nodes::lock_tree(tx)?;
        let wanted = new.parent.or(actor.node());
        let parent = match (new.kind, wanted) {
            (NodeKind::Reseller, None) if actor.is_superadmin() => {
                nodes::vendor(tx)?.ok_or(Error::NotFound)?
            }
            (NodeKind::Reseller, _) if actor.is_superadmin() => {
                return Err(Error::field("azienda_padre", Fault::Incompatible));
            }
            (NodeKind::Reseller, _) => return Err(Error::field("ruolo", Fault::NotAllowed)),
            (_, None) => return Err(Error::field("azienda_padre", Fault::Missing)),
            (_, Some(id)) => nodes::get(tx, actor.scope(), id)?,
        };
        if !new.kind.fits_below(parent.kind) {
            return Err(Error::field("azienda_padre", Fault::Incompatible));
        }
        if new.kind == NodeKind::SubCompany && !actor.is_superadmin() && !actor.rights().create_subs {
            return Err(Error::Forbidden);
        }
        if nodes::line(tx, parent.id)?.len() >= usize::try_from(MAX_DEPTH).unwrap_or(usize::MAX) {
            return Err(Error::field("azienda_padre", Fault::OutOfRange));
        }
        let above = (parent.kind != NodeKind::Vendor).then_some(&*parent);
        new.terms.beyond(above).into_result()?;
        let now = tx.now();
        let blank = Node {
            code: new.code.clone(),
            email: new.email.clone(),
            may_validate: new.kind != NodeKind::Agent && parent.may_validate,
            may_create_subs: new.kind != NodeKind::Agent,
            ..Node::new(NodeId::at(now), Some(parent.id), new.kind, new.name.clone(), now)
        };
        let node = new.terms.apply(&blank);
        if !nodes::insert(tx, &node)? {
            return Err(Error::field("codice", Fault::Taken));
        }
        if let (Some(hash), Some(email)) = (&hash, &new.email) {
            let user = User {
                id: UserId::at(now),
                node_id: Some(node.id),
                customer_id: None,
                email: email.clone(),
                name: new.name.clone(),
                language: app_.language.clone(),
                state: UserState::Active,
                read_only: false,
                created_at: now,
                revision: 1,
            };
            users::add(&app_, tx, &actor, &user, Some(hash))?;
        }
        let event = Event::node(EventKind::NodeCreated, node.id)
            .with("nome", &node.name)
            .with("ruolo", node.kind)
            .with("azienda_padre", node.parent_id);
        Ok(Done::changed(node, event))
    })
    .await
}
