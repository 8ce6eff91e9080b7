//! Who may do what: one table, and the proof that it was asked.

use super::{
    actor::{Actor, Role},
    error::{Error, Result},
    scope::Scope,
};
use std::marker::PhantomData;

/// Declares the actions, the marker type of each, and the table of who may.
macro_rules! policy {
    ($($(#[$doc:meta])* $action:ident, $writes:literal: $($role:ident)|+;)+) => {
        /// What can be done. Each has a marker type of the same name in [`right`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action { $($(#[$doc])* $action),+ }

        impl Action {
            /// Every action, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$action),+];

            /// Whether it changes anything; what a read-only token may not do.
            pub const fn writes(self) -> bool {
                match self { $(Self::$action => $writes),+ }
            }
        }

        /// The whole policy by role. A node's rights narrow it: [`Permit::ask`].
        pub const fn allows(role: Role, action: Action) -> bool {
            match action { $(Action::$action => matches!(role, $(Role::$role)|+)),+ }
        }

        /// A marker for each action, to name it in a [`Permit`]'s type.
        pub mod right {
            $($(#[$doc])* #[derive(Debug)] pub struct $action;
            impl super::Right for $action { const ACTION: super::Action = super::Action::$action; })+
        }
    };
}

policy! {
    /// See licences with their keys, devices and history.
    ReadLicenses, false: Superadmin | Reseller | SubCompany | Agent;
    /// Generate licences.
    IssueLicenses, true: Superadmin | Reseller | SubCompany | Agent;
    /// Change the terms of a licence.
    EditLicense, true: Superadmin | Reseller | SubCompany;
    /// Switch a licence's modules on and off; what costs something, and taking away, is narrowed by its rules.
    ChangeModules, true: Superadmin | Reseller | SubCompany | Agent;
    /// Make a trial a licence that is sold.
    ConvertLicense, true: Superadmin | Reseller | SubCompany | Agent;
    /// Stop a licence for a while, and let it go on.
    SuspendLicense, true: Superadmin | Reseller | SubCompany;
    /// Stop a licence for good.
    RevokeLicense, true: Superadmin;
    /// Put licences away that run nowhere, and bring them back.
    ArchiveLicense, true: Superadmin | Reseller | SubCompany;
    /// Give a licence to a company, an agent, a customer.
    AssignLicense, true: Superadmin | Reseller | SubCompany;
    /// Mail a licence's key to the customer who has it.
    SendKeys, true: Superadmin | Reseller | SubCompany | Agent;
    /// Free a device's place.
    ReleaseDevice, true: Superadmin | Reseller | SubCompany | Agent;
    /// See customers.
    ReadCustomers, false: Superadmin | Reseller | SubCompany | Agent;
    /// Register a customer.
    CreateCustomer, true: Superadmin | Reseller | SubCompany | Agent;
    /// Change a customer's data.
    EditCustomer, true: Superadmin | Reseller | SubCompany | Agent;
    /// Validate or refuse a customer who waits. Below the vendor it needs the right `convalida`.
    DecideCustomer, true: Superadmin | Reseller | SubCompany | Agent;
    /// Speak for a customer who waits, to who validates it.
    ProposeCustomer, true: Superadmin | Reseller | SubCompany | Agent;
    /// Stop a customer for a while, and let it go on.
    SuspendCustomer, true: Superadmin | Reseller | SubCompany;
    /// Hand over all that is known of a customer.
    ExportCustomer, true: Superadmin | Reseller | SubCompany | Agent;
    /// Take away what tells who a customer is.
    AnonymiseCustomer, true: Superadmin | Reseller | SubCompany;
    /// Make one of two customers.
    MergeCustomers, true: Superadmin;
    /// Give a customer to a company or an agent.
    AssignCustomer, true: Superadmin | Reseller | SubCompany;
    /// See the tree's nodes.
    ReadNodes, false: Superadmin | Reseller | SubCompany | Agent;
    /// Open companies and agents. A company needs the right `crea_sottoaziende` for companies.
    CreateNode, true: Superadmin | Reseller | SubCompany;
    /// Change a node's data.
    EditNode, true: Superadmin | Reseller | SubCompany;
    /// Stop a node for a while, and let it go on.
    SuspendNode, true: Superadmin | Reseller | SubCompany;
    /// Move a node with all below it.
    MoveNode, true: Superadmin | Reseller | SubCompany;
    /// See users.
    ReadUsers, false: Superadmin | Reseller | SubCompany | Agent;
    /// Create, change, disable users.
    ManageUsers, true: Superadmin | Reseller | SubCompany;
    /// End all sessions of somebody else.
    EndSessions, true: Superadmin;
    /// Look at the portal with the eyes of somebody below, without changing anything.
    SeeAsOthers, true: Superadmin | Reseller | SubCompany;
    /// Have tokens for the API: see, make and end one's own. Who may only read has them too, that only read.
    OwnTokens, false: Superadmin | Reseller | SubCompany | Agent;
    /// See everybody's tokens.
    ReadTokens, false: Superadmin;
    /// Make tokens for others, and end anybody's.
    ManageTokens, true: Superadmin;
    /// See products.
    ReadProducts, false: Superadmin | Reseller | SubCompany | Agent;
    /// Define products, modules, versions.
    DefineProducts, true: Superadmin;
    /// See the price lists.
    ReadPrices, false: Superadmin;
    /// Begin and end prices.
    SetPrices, true: Superadmin;
    /// See products' signing keys.
    ReadSigningKeys, false: Superadmin;
    /// Change a signing key for the next, and revoke one that leaked.
    ManageSigningKeys, true: Superadmin;
    /// See the audit log.
    ReadAudit, false: Superadmin | Reseller | SubCompany;
    /// See the activation log.
    ReadActivations, false: Superadmin | Reseller | SubCompany | Agent;
    /// See the access log.
    ReadAccesses, false: Superadmin | Reseller | SubCompany;
    /// See the figures of what one sells.
    ReadStatistics, false: Superadmin | Reseller | SubCompany | Agent;
    /// See one's own licences, with their keys and devices.
    ReadOwnLicenses, false: Customer;
    /// Free one's own devices within the allowance, and name them.
    ManageOwnDevices, true: Customer;
    /// See one's own data, contacts, sites and users.
    ReadOwnData, false: Customer;
    /// Change one's own data, have them as a file, ask for them to be erased.
    ManageOwnData, true: Customer;
    /// See what one pays oneself, and what is still to be paid.
    ReadOwnPayments, false: Customer;
    /// Invite, disable and enable one's own users.
    ManageOwnUsers, true: Customer;
    /// See the messages that go out on one's behalf.
    ReadMail, false: Superadmin | Reseller | SubCompany;
    /// Send a message once more.
    ResendMail, true: Superadmin | Reseller | SubCompany;
    /// See where events are sent to, and what was delivered.
    ReadWebhooks, false: Superadmin | Reseller | SubCompany;
    /// Choose where events are sent to.
    ManageWebhooks, true: Superadmin | Reseller | SubCompany;
    /// See what one was told in the portal. Who may only read marks it as read too.
    ReadNotices, false: Superadmin | Reseller | SubCompany | Agent;
    /// See what messages say on one's behalf, and how one shows oneself to customers.
    ReadTexts, false: Superadmin | Reseller | SubCompany;
    /// Word the messages that go out on one's behalf, and say how one shows oneself.
    EditTexts, true: Superadmin | Reseller | SubCompany;
    /// Keep views of lists under names. Who may only read keeps their own.
    SaveViews, false: Superadmin | Reseller | SubCompany | Agent;
    /// See the installation's settings.
    ReadSettings, false: Superadmin;
    /// Change the installation's settings.
    ChangeSettings, true: Superadmin;
    /// See what runs by the clock.
    ReadJobs, false: Superadmin;
    /// Have it run now.
    RunJob, true: Superadmin;
}

/// Ties a marker type to its action.
pub trait Right {
    /// The action that the marker names.
    const ACTION: Action;
}

/// Proof that the policy let this actor do `R`, with the scope to do it in. Not `Clone`: one proof, one operation.
#[derive(Debug)]
pub struct Permit<R> {
    actor: Actor,
    _right: PhantomData<fn() -> R>,
}

impl<R: Right> Permit<R> {
    /// Asks the policy.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the role, the node's rights or a read-only token says no.
    pub fn ask(actor: &Actor) -> Result<Self> {
        if may(actor, R::ACTION) {
            Ok(Self {
                actor: actor.clone(),
                _right: PhantomData,
            })
        } else {
            Err(Error::Forbidden)
        }
    }

    /// Who was permitted.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The scope to do it in.
    pub fn scope(&self) -> Scope {
        self.actor.scope()
    }
}

/// Whether the actor may do it: the role's row of the table, narrowed by the rights of the node.
pub fn may(actor: &Actor, action: Action) -> bool {
    let Some(role) = actor.role() else { return false };
    allows(role, action)
        && !(actor.is_read_only() && action.writes())
        && (role == Role::Superadmin || action != Action::DecideCustomer || actor.rights().validate)
}
