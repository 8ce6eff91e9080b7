//! The tree of tenants: the vendor, resellers, sub-companies and agents.

use super::{codes::codes, ids::NodeId};
use chrono::NaiveDateTime;

codes! {
    /// What a node is.
    NodeKind {
        /// The root.
        Vendor = "fornitore",
        /// A company at the root of a tenant's tree.
        Reseller = "rivenditore",
        /// A company below a reseller, at any depth.
        SubCompany = "sottoazienda",
        /// Sells for a company.
        Agent = "agente",
    }
}

impl NodeKind {
    /// Whether a node of this kind may stand right below one of another.
    pub fn fits_below(self, parent: Self) -> bool {
        match self {
            Self::Vendor => false,
            Self::Reseller => parent == Self::Vendor,
            Self::SubCompany | Self::Agent => matches!(parent, Self::Reseller | Self::SubCompany),
        }
    }

    /// Whether licences and customers can belong to it.
    pub fn is_company(self) -> bool {
        matches!(self, Self::Reseller | Self::SubCompany)
    }
}

/// How deep the tree may be, so that a walk up it is bounded.
pub const MAX_DEPTH: i32 = 16;

/// A node as stored.
#[derive(Debug, Clone)]
pub struct Node {
    /// Identifier.
    pub id: NodeId,
    /// The node above; none for the vendor.
    pub parent_id: Option<NodeId>,
    /// What it is.
    pub kind: NodeKind,
    /// Name.
    pub name: String,
    /// Names the company in its registration link.
    pub code: Option<String>,
    /// Where mail goes.
    pub email: Option<String>,
    /// Since when it is suspended, UTC.
    pub suspended_at: Option<NaiveDateTime>,
    /// Why.
    pub suspension_note: Option<String>,
    /// Whose the suspension is: lifted by this node or one above; none for the vendor's.
    pub suspended_by: Option<NodeId>,
    /// Deferred payments at most, in cents.
    pub credit_limit_cents: i64,
    /// What it buys at, or (for an agent) may give at most, in basis points.
    pub discount_bp: i32,
    /// Paid licences at most, in it and below.
    pub license_quota: Option<i32>,
    /// Trials at most, in it and below.
    pub trial_quota: Option<i32>,
    /// Days in which a deferred payment falls due.
    pub payment_days: i32,
    /// Deferred payment, where it was granted or taken away by hand.
    pub may_defer: Option<bool>,
    /// May record its customers' payments to itself.
    pub may_collect: bool,
    /// May validate customers.
    pub may_validate: bool,
    /// May open sub-companies.
    pub may_create_subs: bool,
    /// Its customers and licences want an agent.
    pub wants_agent: bool,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
    /// Grows with every change.
    pub revision: i32,
}

impl Node {
    /// A node on no terms yet: nothing on credit, no discount, no quota, no right.
    pub fn new(
        id: NodeId,
        parent_id: Option<NodeId>,
        kind: NodeKind,
        name: String,
        now: NaiveDateTime,
    ) -> Self {
        Self {
            id,
            parent_id,
            kind,
            name,
            code: None,
            email: None,
            suspended_at: None,
            suspension_note: None,
            suspended_by: None,
            credit_limit_cents: 0,
            discount_bp: 0,
            license_quota: None,
            trial_quota: None,
            payment_days: 30,
            may_defer: None,
            may_collect: false,
            may_validate: false,
            may_create_subs: false,
            wants_agent: false,
            created_at: now,
            revision: 1,
        }
    }

    /// The company that its customers and licences belong to: itself, or the one above an agent.
    pub fn company(&self) -> NodeId {
        match (self.kind, self.parent_id) {
            (NodeKind::Agent, Some(company)) => company,
            _ => self.id,
        }
    }

    /// Whether it may pay later: granted or taken away by hand, else wherever it has a credit limit.
    pub fn defers(&self) -> bool {
        self.may_defer.unwrap_or(self.credit_limit_cents > 0)
    }
}
