//! What everybody should see, in a few lines that need no database.

use sigillo::domain::ids::{CustomerId, LicenseId, NodeId, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// Nodes from the vendor down to the deepest at most, as the domain has it.
const DEPTH: usize = 16;

/// What a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    Node(NodeId),
    Customer(CustomerId),
    License(LicenseId),
    User(UserId),
}

/// Whose a thing is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Owner {
    pub company: Option<NodeId>,
    pub agent: Option<NodeId>,
    pub customer: Option<CustomerId>,
}

#[derive(Debug, Clone, Copy)]
pub enum Viewer {
    Root,
    Node(NodeId),
    Customer(CustomerId),
}

/// The reference: parents, owners, and one question.
#[derive(Default)]
pub struct Model {
    pub parents: BTreeMap<NodeId, Option<NodeId>>,
    pub agents: BTreeSet<NodeId>,
    pub customers: BTreeMap<CustomerId, Owner>,
    pub licenses: BTreeMap<LicenseId, Owner>,
    pub users: BTreeMap<UserId, Result<NodeId, CustomerId>>,
}

impl Model {
    /// A node and all above it.
    pub fn line(&self, node: NodeId) -> Vec<NodeId> {
        std::iter::successors(Some(node), |node| self.parents[node]).collect()
    }

    fn sees(&self, viewer: Viewer, owner: Owner) -> bool {
        match viewer {
            Viewer::Root => true,
            Viewer::Node(agent) if self.agents.contains(&agent) => owner.agent == Some(agent),
            Viewer::Node(company) => owner
                .company
                .is_some_and(|node| self.line(node).contains(&company)),
            Viewer::Customer(customer) => owner.customer == Some(customer),
        }
    }

    fn sees_node(&self, viewer: Viewer, node: NodeId) -> bool {
        let agent = self.agents.contains(&node).then_some(node);
        self.sees(
            viewer,
            Owner {
                company: Some(node),
                agent,
                customer: None,
            },
        )
    }

    pub fn visible(&self, viewer: Viewer) -> BTreeSet<Thing> {
        let nodes = self
            .parents
            .keys()
            .filter(|node| self.sees_node(viewer, **node))
            .map(|id| Thing::Node(*id));
        let customers = self
            .customers
            .iter()
            .filter(|(_, owner)| self.sees(viewer, **owner))
            .map(|(id, _)| Thing::Customer(*id));
        let licenses = self
            .licenses
            .iter()
            .filter(|(_, owner)| self.sees(viewer, **owner))
            .map(|(id, _)| Thing::License(*id));
        let users = self.users.iter().filter(|(_, home)| match home {
            Ok(node) => self.sees_node(viewer, *node),
            Err(customer) => self.sees(viewer, self.customers[customer]),
        });
        nodes
            .chain(customers)
            .chain(licenses)
            .chain(users.map(|(id, _)| Thing::User(*id)))
            .collect()
    }
}

impl Model {
    pub fn companies(&self, of: &[NodeId]) -> Vec<NodeId> {
        of.iter()
            .filter(|node| !self.agents.contains(node))
            .copied()
            .collect()
    }

    pub fn below(&self, node: NodeId) -> Vec<NodeId> {
        self.parents
            .keys()
            .filter(|other| self.line(**other).contains(&node))
            .copied()
            .collect()
    }

    /// How a move ends: where it is refused, with whether it would close a circle.
    pub fn shift(&mut self, node: NodeId, parent: Option<NodeId>) -> Result<(), bool> {
        let line = parent.map(|parent| self.line(parent)).unwrap_or_default();
        if line.contains(&node) {
            return Err(true);
        }
        let is_agent = self.agents.contains(&node);
        let fits = parent.map_or(!is_agent, |parent| !self.agents.contains(&parent));
        let own = self.line(node).len();
        let height = self
            .below(node)
            .iter()
            .map(|other| self.line(*other).len() - own)
            .max()
            .unwrap();
        if !fits || line.len() + 1 + height >= DEPTH {
            return Err(false);
        }
        if is_agent && self.parents[&node] != parent {
            for owner in self.customers.values_mut().chain(self.licenses.values_mut()) {
                owner.agent = owner.agent.filter(|agent| *agent != node);
            }
        }
        self.parents.insert(node, parent);
        Ok(())
    }
}

/// Numbers that come again from the same seed (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % u64::try_from(bound).unwrap()) as usize
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub fn maybe<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() || self.below(3) == 0 {
            None
        } else {
            Some(self.one(of))
        }
    }
}
