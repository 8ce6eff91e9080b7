//! The steps that a story is made of: who does what, and when.

use super::{money::Sale, names::Party};
use crate::{
    domain::{
        license::SuspensionReason,
        payment::{Payment, TransactionKind},
    },
    operations::licenses::issue,
};
use chrono::NaiveDateTime;

/// A licence of a story: the number of its order, and its own in it.
pub(super) type Which = (usize, usize);

/// A step.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) at: NaiveDateTime,
    pub(super) what: What,
}

/// What happens.
#[derive(Debug)]
pub(super) enum What {
    /// Staff make the customer.
    Join(Box<Party>),
    /// The customer registers, for a trial of a product, which is the story's first order.
    Register(Box<Party>, Option<&'static str>),
    /// The waiting customer is validated.
    Validate,
    /// The waiting customer is refused.
    Refuse(&'static str),
    /// The customer is stopped.
    Stop(&'static str),
    /// Licences are generated: an order, by its number.
    Issue(usize, Box<issue::Order>),
    /// All licences of an order, or one, are sold: a sale, by its number.
    Sell(usize, (usize, Option<usize>), Sale),
    /// A share of what a sale leaves open is paid, in percent.
    Collect(usize, i64, Payment),
    /// A sale is undone.
    Undo(usize, (TransactionKind, Payment), &'static str),
    /// A device asks for a place.
    Activate(Which, Device),
    /// A device checks its licence.
    Check(Which, Device),
    /// A device gives its place back.
    Leave(Which, Device),
    /// Staff free a device's place.
    Release(Which, Device, &'static str),
    /// A licence is suspended.
    Suspend(Which, SuspensionReason, &'static str),
    /// What suspends a licence is lifted.
    Resume(Which, &'static str),
    /// A licence is revoked.
    Revoke(Which, &'static str),
    /// Somebody tries a key that is none.
    Guess(Guess),
}

/// A device, and what it says of itself.
#[derive(Debug, Clone)]
pub(super) struct Device {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) platform: &'static str,
    pub(super) user: Option<String>,
    pub(super) product: Option<&'static str>,
    pub(super) version: Option<&'static str>,
}

/// What is not a key of anybody's.
#[derive(Debug, Clone, Copy)]
pub(super) enum Guess {
    /// With a wrong check symbol.
    Mistyped,
    /// Well-formed, and nobody's.
    Unknown,
    /// A computer key with a wrong signature.
    Forged,
}
