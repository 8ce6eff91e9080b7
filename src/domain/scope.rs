//! The slice of the data that somebody may see and touch.

use super::ids::{CustomerId, NodeId};

/// What an actor may see and touch. Every read of tenant data takes one, and only
/// [`Actor::scope`](super::actor::Actor::scope) makes one: it is the proof that somebody was asked who they are.
#[derive(Debug, Clone, Copy)]
pub struct Scope(pub(super) Reach);

/// How far a scope goes; the store alone turns it into SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Everything,
    Company(NodeId),
    Agent(NodeId),
    Customer(CustomerId),
    Nothing,
}

impl Scope {
    pub(crate) fn reach(self) -> Reach {
        self.0
    }
}
