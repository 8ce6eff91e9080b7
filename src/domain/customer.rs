//! A customer: who uses licences.

use super::{
    codes::codes,
    ids::{CustomerId, NodeId},
};
use chrono::NaiveDateTime;

codes! {
    /// Where a customer stands.
    CustomerState {
        /// Registered by themselves, not validated yet.
        Pending = "in_attesa",
        /// Known.
        Validated = "convalidato",
        /// Stopped, or refused.
        Suspended = "sospeso",
    }
}

/// Days that a registration lasts whose e-mail address was not confirmed.
const UNCONFIRMED_DAYS: i32 = 3;

/// What a licence needs to know of its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: CustomerState,
    /// Whether the mailed link was followed, or none was needed.
    pub confirmed: bool,
}

impl Standing {
    /// Waits for validation.
    pub fn is_pending(&self) -> bool {
        self.state == CustomerState::Pending
    }

    /// Stopped.
    pub fn is_suspended(&self) -> bool {
        self.state == CustomerState::Suspended
    }

    /// Days from the first activation for which a licence works while its customer waits.
    pub fn pending_days(&self, product_days: i32) -> i32 {
        if self.confirmed {
            product_days
        } else {
            product_days.min(UNCONFIRMED_DAYS)
        }
    }
}

/// A customer as stored.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Identifier.
    pub id: CustomerId,
    /// The company that sells to it.
    pub company_id: Option<NodeId>,
    /// The agent that sells to it.
    pub agent_id: Option<NodeId>,
    /// Company or person.
    pub name: String,
    /// Where it stands.
    pub state: CustomerState,
    /// Why, where somebody said.
    pub state_note: Option<String>,
    /// What a suspension interrupted.
    pub state_before: Option<CustomerState>,
    /// Whose the suspension is: lifted by this node or one above; none for the vendor's.
    pub suspended_by: Option<NodeId>,
    /// Where mail goes.
    pub email: Option<String>,
    /// VAT number.
    pub vat_number: Option<String>,
    /// Tax code.
    pub tax_code: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Works at several sites.
    pub multi_site: bool,
    /// Has several users.
    pub multi_user: bool,
    /// Shares an e-mail address or VAT number with another; the vendor's to see.
    pub flagged_double: bool,
    /// When the mailed link was followed, UTC.
    pub email_confirmed_at: Option<NaiveDateTime>,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
    /// Grows with every change.
    pub revision: i32,
}

/// A person at a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// A customer's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Name.
    pub name: String,
    /// Address.
    pub address: Option<String>,
}
