//! What is done to many licences at once, and why it is not done to one of them.

use super::{
    assign::{self, To},
    switching::Switching,
};
use crate::domain::{
    access::Action,
    actor::Actor,
    codes::codes,
    error::{Conflict, Error, Fault, Result},
    license::{License, SuspensionReason},
};
use chrono::NaiveDate;

codes! {
    /// Why a licence is left as it is.
    Skip {
        /// It was stopped for good.
        Revoked = "revocata",
        /// Nothing stands that could be lifted.
        NotSuspended = "non_sospesa",
        /// What stands is not the caller's to lift.
        NotYours = "non_propria",
        /// It has no last day that could be another.
        Endless = "senza_scadenza",
        /// Its customer, company and agent would not go together.
        Incompatible = "non_compatibile",
        /// It is so already.
        Already = "gia_cosi",
        /// It is of another product.
        OtherProduct = "altro_prodotto",
        /// It costs something, and nobody pays.
        Costs = "a_pagamento",
        /// It runs, or may run again by itself.
        Runs = "in_uso",
        /// It was not put away.
        NotArchived = "non_archiviata",
    }
}

/// What is done to them.
#[derive(Debug, Clone)]
pub enum Deed {
    /// A suspension of each.
    Suspend(SuspensionReason, Option<String>),
    /// Lifting what the caller may lift.
    Resume(Option<String>),
    /// Stopping them for good.
    Revoke(String),
    /// Giving them to a company or an agent.
    Assign(To),
    /// So many days more.
    Extend(i32),
    /// Another last day.
    Until(NaiveDate),
    /// Modules switched on and off.
    Modules(Switching),
    /// Putting them away.
    Archive(Option<String>),
    /// Bringing them back.
    Restore(Option<String>),
}

impl Deed {
    /// Whether the caller may do it at all. What costs something is done without a payer by the vendor alone.
    pub(super) fn allowed(&self, actor: &Actor, right: Action) -> Result<()> {
        let fits = match self {
            Self::Suspend(..) | Self::Resume(_) => Action::SuspendLicense,
            Self::Revoke(_) => Action::RevokeLicense,
            Self::Assign(_) => Action::AssignLicense,
            Self::Extend(_) | Self::Until(_) => Action::EditLicense,
            Self::Modules(_) => Action::ChangeModules,
            Self::Archive(_) | Self::Restore(_) => Action::ArchiveLicense,
        };
        if fits != right {
            return Err(Error::Forbidden);
        }
        match self {
            Self::Assign(to) => assign::asked(actor, to),
            Self::Extend(_) if !actor.is_superadmin() => Err(Error::field("giorni", Fault::NotAllowed)),
            Self::Until(_) if !actor.is_superadmin() => Err(Error::field("data_scadenza", Fault::NotAllowed)),
            _ => Ok(()),
        }
    }
}

/// The rule's refusal as a reason to leave a licence as it is.
pub(super) fn skip(error: Error, license: &License, deed: &Deed) -> Result<Skip> {
    match error {
        Error::Conflict(Conflict::WrongState) if matches!(deed, Deed::Archive(_)) => {
            let was_put_away = license.archived_at.is_some();
            Ok(if was_put_away { Skip::Already } else { Skip::Runs })
        }
        Error::Conflict(Conflict::WrongState) if matches!(deed, Deed::Restore(_)) => Ok(Skip::NotArchived),
        Error::Conflict(Conflict::WrongState) if license.revoked_at.is_some() => Ok(Skip::Revoked),
        Error::Conflict(Conflict::WrongState) => Ok(Skip::NotSuspended),
        Error::Forbidden => Ok(Skip::NotYours),
        Error::Invalid(_) if matches!(deed, Deed::Extend(_) | Deed::Until(_)) => Ok(Skip::Endless),
        Error::Invalid(wrong) if wrong.has("modalita", Fault::Missing) => Ok(Skip::Costs),
        Error::Invalid(_) => Ok(Skip::Incompatible),
        other => Err(other),
    }
}
