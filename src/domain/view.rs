//! Views: what somebody asks of a list again and again, under a name.

use super::{
    codes::codes,
    ids::{NodeId, TemplateId, UserId, ViewId},
};

codes! {
    /// The lists that have views.
    List {
        /// Of licences.
        Licenses = "licenze",
        /// Of customers.
        Customers = "clienti",
    }
}

/// Whose views one sees: one's own, and those that are shared with one's node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    /// The user.
    pub user: UserId,
    /// The user's node; the vendor's for its own staff.
    pub node: NodeId,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Identifier.
    pub id: ViewId,
    /// Of this list.
    pub list: List,
    /// Who made it.
    pub maker: UserId,
    /// The node that it is shared with.
    pub shared_with: Option<NodeId>,
    /// Its name.
    pub name: String,
    /// What it asks, as an address has it.
    pub query: String,
    /// Whether it is what its reader's list opens with.
    pub is_default: bool,
}

/// What the form that creates licences holds, under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseTemplate {
    /// Identifier.
    pub id: TemplateId,
    /// Who made it.
    pub maker: UserId,
    /// The node that it is shared with.
    pub shared_with: Option<NodeId>,
    /// Its name.
    pub name: String,
    /// The form's fields, as an address has them.
    pub fields: String,
}
