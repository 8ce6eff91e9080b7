//! Who acts: the one thing that a scope and a permit can be made from.

use super::{
    codes::codes,
    ids::{CustomerId, NodeId, TokenId, UserId},
    scope::{Reach, Scope},
};
use std::net::IpAddr;

codes! {
    /// What a user is, from where they belong.
    Role {
        /// Of the vendor.
        Superadmin = "superadmin",
        /// Of a company at the root of a tenant's tree.
        Reseller = "rivenditore",
        /// Of a company below a reseller.
        SubCompany = "sottoazienda",
        /// Sells for a company.
        Agent = "agente",
        /// Of a customer.
        Customer = "cliente",
    }
}

codes! {
    /// By which way something was done.
    ActorKind {
        /// A user, at the portal or with a token.
        User = "utente",
        /// Client software, with a licence key.
        Client = "programma",
        /// Anybody, at a public page.
        Public = "pubblico",
        /// The program itself, by the clock.
        System = "sistema",
        /// Somebody at the machine's command line.
        Operator = "operatore",
    }
}

/// What the node of a user grants beyond, or takes from, the role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rights {
    /// May validate customers (companies from the start, agents when granted).
    pub validate: bool,
    /// May open sub-companies.
    pub create_subs: bool,
}

/// Where a request came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The caller's address; none at the command line.
    pub address: Option<IpAddr>,
    /// The request's id, as in `X-Request-Id`.
    pub request_id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Home {
    Vendor,
    Company(NodeId),
    Agent(NodeId),
    Customer(CustomerId),
    Nowhere,
}

/// Somebody who acts, as established by a token, a session, a licence key or the machine itself.
#[derive(Debug, Clone)]
pub struct Actor {
    kind: ActorKind,
    role: Option<Role>,
    home: Home,
    user: Option<UserId>,
    token: Option<TokenId>,
    name: String,
    rights: Rights,
    read_only: bool,
    is_seen: bool,
    origin: Origin,
}

/// A signed-in user as the store found them; what [`Actor::user`] is made from.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The user.
    pub user: UserId,
    /// The token used, if one was.
    pub token: Option<TokenId>,
    /// The e-mail address, for the log.
    pub name: String,
    /// Role and place.
    pub place: Place,
    /// What the node grants.
    pub rights: Rights,
    /// Whether the token, or the user, may only read.
    pub read_only: bool,
}

/// Where a user belongs; it decides the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The vendor.
    Vendor,
    /// A reseller.
    Reseller(NodeId),
    /// A sub-company.
    SubCompany(NodeId),
    /// An agent.
    Agent(NodeId),
    /// A customer.
    Customer(CustomerId),
}

impl Place {
    /// The role that follows from the place.
    pub fn role(self) -> Role {
        match self {
            Self::Vendor => Role::Superadmin,
            Self::Reseller(_) => Role::Reseller,
            Self::SubCompany(_) => Role::SubCompany,
            Self::Agent(_) => Role::Agent,
            Self::Customer(_) => Role::Customer,
        }
    }
}

impl Actor {
    /// A user who proved who they are.
    pub fn user(who: SignedIn, origin: Origin) -> Self {
        let home = match who.place {
            Place::Vendor => Home::Vendor,
            Place::Reseller(node) | Place::SubCompany(node) => Home::Company(node),
            Place::Agent(node) => Home::Agent(node),
            Place::Customer(customer) => Home::Customer(customer),
        };
        Self {
            kind: ActorKind::User,
            role: Some(who.place.role()),
            home,
            user: Some(who.user),
            token: who.token,
            name: who.name,
            rights: who.rights,
            read_only: who.read_only,
            is_seen: false,
            origin,
        }
    }

    /// A user with whose eyes somebody else looks: nothing changes in their name.
    pub fn seen(who: SignedIn, origin: Origin) -> Self {
        Self {
            read_only: true,
            is_seen: true,
            ..Self::user(who, origin)
        }
    }

    /// Client software: its licence key is its credential, so it has no scope of its own.
    pub fn client(origin: Origin) -> Self {
        Self::nobody(ActorKind::Client, "programma", origin)
    }

    /// Anybody at a public page.
    pub fn public(origin: Origin) -> Self {
        Self::nobody(ActorKind::Public, "pubblico", origin)
    }

    /// Somebody with a shell on the machine: what they may do the file system has decided.
    pub fn operator() -> Self {
        let origin = Origin {
            address: None,
            request_id: String::new(),
        };
        Self {
            role: Some(Role::Superadmin),
            home: Home::Vendor,
            ..Self::nobody(ActorKind::Operator, "operatore", origin)
        }
    }

    /// The program itself, by the clock or for what follows from something.
    pub fn system() -> Self {
        Self {
            kind: ActorKind::System,
            name: "sistema".to_owned(),
            ..Self::operator()
        }
    }

    fn nobody(kind: ActorKind, name: &str, origin: Origin) -> Self {
        Self {
            kind,
            role: None,
            home: Home::Nowhere,
            user: None,
            token: None,
            name: name.to_owned(),
            rights: Rights::default(),
            read_only: false,
            is_seen: false,
            origin,
        }
    }

    /// What this actor may see and touch.
    pub fn scope(&self) -> Scope {
        Scope(match self.home {
            Home::Vendor => Reach::Everything,
            Home::Company(node) => Reach::Company(node),
            Home::Agent(node) => Reach::Agent(node),
            Home::Customer(customer) => Reach::Customer(customer),
            Home::Nowhere => Reach::Nothing,
        })
    }

    /// By which way the actor came.
    pub fn kind(&self) -> ActorKind {
        self.kind
    }

    /// The role; none for client software and the public.
    pub fn role(&self) -> Option<Role> {
        self.role
    }

    /// Whether this is the vendor's own staff.
    pub fn is_superadmin(&self) -> bool {
        self.role == Some(Role::Superadmin)
    }

    /// The user, where there is one.
    pub fn user_id(&self) -> Option<UserId> {
        self.user
    }

    /// The token used, where one was.
    pub fn token_id(&self) -> Option<TokenId> {
        self.token
    }

    /// The name for the log.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the user's node grants.
    pub fn rights(&self) -> Rights {
        self.rights
    }

    /// Whether every change is to be refused.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Whether somebody else looks with this user's eyes.
    pub fn is_seen(&self) -> bool {
        self.is_seen
    }

    /// Where the request came from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The node that the user belongs to: the company or the agent. None for the vendor and for customers.
    pub fn node(&self) -> Option<NodeId> {
        match self.home {
            Home::Company(node) | Home::Agent(node) => Some(node),
            Home::Vendor | Home::Customer(_) | Home::Nowhere => None,
        }
    }

    /// The customer that the user belongs to.
    pub fn customer(&self) -> Option<CustomerId> {
        match self.home {
            Home::Customer(customer) => Some(customer),
            _ => None,
        }
    }
}
