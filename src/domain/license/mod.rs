//! A licence: what it is, which state it is in, when it ends.

pub mod admission;
pub mod computer_key;
pub mod key;

use super::{
    calendar,
    codes::codes,
    customer::Standing,
    ids::{BatchId, CustomerId, LicenseId, NodeId, ProductId},
};
use chrono::{Datelike, NaiveDate, NaiveDateTime};

codes! {
    /// How long a licence runs.
    LicenseKind {
        /// For ever; new versions up to its maintenance date, where it has one.
        Permanent = "permanente",
        /// Ends by itself, does not renew, can be converted.
        Trial = "trial",
        /// Ends and renews.
        Subscription = "abbonamento",
    }
}

codes! {
    /// What a licence counts.
    Binding {
        /// Up to N devices.
        Device = "dispositivo",
        /// Up to N named users; devices too where a number is given.
        User = "utente",
        /// Any device, at most N at once.
        Floating = "flottante",
        /// Nothing.
        None = "nessuno",
    }
}

codes! {
    /// The state of a licence; it follows from its row, its customer and the day, and is never stored.
    LicenseState {
        /// Stopped for good.
        Revoked = "revocata",
        /// At least one suspension stands, or its customer is suspended.
        Suspended = "sospesa",
        /// The last valid day, and grace where it has one, has passed.
        Expired = "scaduta",
        /// Its customer is not validated yet, and nothing was paid for it.
        Pending = "in_attesa_convalida",
        /// Not activated yet.
        Issued = "emessa",
        /// A trial that runs.
        Demo = "demo",
        /// Anything else that runs.
        Active = "attiva",
    }
}

codes! {
    /// Why a licence is suspended.
    SuspensionReason {
        /// Fraud. Lifted by the vendor alone.
        Fraud = "frode",
        /// A payment is overdue. Lifted by settling.
        Unpaid = "insoluto",
        /// A payment is disputed. Lifted by the verdict.
        Dispute = "disputa",
        /// The customer asked for it.
        Customer = "cliente",
        /// Something else; the note says what.
        Other = "altro",
    }
}

/// A licence, as its rules need it.
#[derive(Debug, Clone)]
pub struct License {
    /// Identifier; the `sub` of its computer keys.
    pub id: LicenseId,
    /// What may be run.
    pub product_id: ProductId,
    /// Who runs it; none while it is stock.
    pub customer_id: Option<CustomerId>,
    /// The company that sells it.
    pub company_id: Option<NodeId>,
    /// The agent that sells it.
    pub agent_id: Option<NodeId>,
    /// How long it runs.
    pub kind: LicenseKind,
    /// What it counts.
    pub binding: Binding,
    /// Runs so many days from its start.
    pub duration_days: Option<i32>,
    /// Runs so many months from its start, and renews by as many.
    pub period_months: Option<i32>,
    /// The first valid day.
    pub starts_on: Option<NaiveDate>,
    /// The last valid day.
    pub expires_on: Option<NaiveDate>,
    /// New versions are covered up to this day.
    pub maintenance_until: Option<NaiveDate>,
    /// When it was first activated, UTC.
    pub activated_at: Option<NaiveDateTime>,
    /// When it was revoked, UTC.
    pub revoked_at: Option<NaiveDateTime>,
    /// When it was put away, UTC; whatever is done to it again, and a device that takes a place, brings it back.
    pub archived_at: Option<NaiveDateTime>,
    /// How many suspensions stand.
    pub suspensions: i32,
    /// Whether something was paid for it: full terms although its customer is pending.
    pub settled: bool,
    /// Devices at most.
    pub max_devices: Option<i32>,
    /// Devices now.
    pub devices_used: i32,
    /// Named users at most.
    pub max_users: Option<i32>,
    /// Named users now.
    pub users_used: i32,
    /// Floating seats at most.
    pub max_seats: Option<i32>,
    /// Whether only the devices in its list are admitted.
    pub reserved: bool,
    /// Its own offline days, before the product's.
    pub offline_days: Option<i32>,
    /// Grows with every change of its terms; activations leave it alone.
    pub revision: i32,
}

/// What a licence's state follows from, beside its customer's standing, its product's grace and the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// How long it runs.
    pub kind: LicenseKind,
    /// The last valid day.
    pub expires_on: Option<NaiveDate>,
    /// Whether it was ever activated.
    pub activated: bool,
    /// Whether it was stopped for good.
    pub revoked: bool,
    /// How many suspensions stand.
    pub suspensions: i32,
    /// Whether something was paid for it.
    pub settled: bool,
}

impl Facts {
    /// As [`License::state`].
    pub fn state(&self, customer: Option<&Standing>, grace_days: i32, today: NaiveDate) -> LicenseState {
        if self.revoked {
            LicenseState::Revoked
        } else if self.suspensions > 0 || customer.is_some_and(Standing::is_suspended) {
            LicenseState::Suspended
        } else if self.ends_on(grace_days).is_some_and(|last| last < today) {
            LicenseState::Expired
        } else if !self.settled && customer.is_some_and(Standing::is_pending) {
            LicenseState::Pending
        } else if !self.activated {
            LicenseState::Issued
        } else if self.kind == LicenseKind::Trial {
            LicenseState::Demo
        } else {
            LicenseState::Active
        }
    }

    fn ends_on(&self, grace_days: i32) -> Option<NaiveDate> {
        let grace = if self.kind == LicenseKind::Subscription {
            grace_days
        } else {
            0
        };
        self.expires_on.map(|last| days_after(last, grace))
    }
}

/// A licence with what staff see of it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The licence.
    pub license: License,
    /// The batch it was generated in.
    pub batch_id: Option<BatchId>,
    /// The activation key, encrypted.
    pub key_sealed: Vec<u8>,
    /// The key's last group.
    pub key_tail: String,
    /// The day of the month that periods keep.
    pub anchor_day: Option<i32>,
    /// Floating seats now.
    pub seats_used: i32,
    /// A label for staff.
    pub label: Option<String>,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
}

impl std::ops::Deref for Sheet {
    type Target = License;
    fn deref(&self) -> &License {
        &self.license
    }
}

/// When a licence runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The first valid day.
    pub starts_on: NaiveDate,
    /// The last valid day; none for ever.
    pub expires_on: Option<NaiveDate>,
    /// The day of the month that later periods keep.
    pub anchor_day: Option<i32>,
}

impl License {
    /// The state, for a customer's standing (none without a customer) and a product's grace, on a day.
    pub fn state(&self, customer: Option<&Standing>, grace_days: i32, today: NaiveDate) -> LicenseState {
        self.facts().state(customer, grace_days, today)
    }

    /// What its state follows from.
    pub fn facts(&self) -> Facts {
        Facts {
            kind: self.kind,
            expires_on: self.expires_on,
            activated: self.activated_at.is_some(),
            revoked: self.revoked_at.is_some(),
            suspensions: self.suspensions,
            settled: self.settled,
        }
    }

    /// Whether it runs nowhere in this state, and so may be put away: it is over for good, or never began.
    pub fn is_idle(&self, state: LicenseState) -> bool {
        matches!(state, LicenseState::Revoked | LicenseState::Expired) || self.activated_at.is_none()
    }

    /// Whether it runs on the terms of a customer who waits for validation.
    pub fn is_pending(&self, customer: Option<&Standing>) -> bool {
        !self.settled && customer.is_some_and(Standing::is_pending)
    }

    /// The last day on which it works: the last valid day, and for subscriptions the grace after it.
    pub fn ends_on(&self, grace_days: i32) -> Option<NaiveDate> {
        self.facts().ends_on(grace_days)
    }

    /// Whether it works by grace alone.
    pub fn is_in_grace(&self, grace_days: i32, today: NaiveDate) -> bool {
        self.expires_on.is_some_and(|last| last < today)
            && self.ends_on(grace_days).is_some_and(|last| today <= last)
    }

    /// Whether it runs already, and its term was to start with its customer's validation.
    pub fn owes_start(&self) -> bool {
        self.activated_at.is_some() && self.starts_on.is_none()
    }

    /// The term that starts on a day. A last valid day that is set already stands; a licence with neither days
    /// nor months runs for ever.
    pub fn term_from(&self, start: NaiveDate) -> Term {
        term(start, self.expires_on, self.duration_days, self.period_months)
    }
}

/// The term that starts on a day: up to a fixed last day, or so many days, or so many months, or for ever.
pub fn term(start: NaiveDate, fixed: Option<NaiveDate>, days: Option<i32>, months: Option<i32>) -> Term {
    let months = months.and_then(|n| u32::try_from(n).ok());
    let anchor = match fixed {
        Some(last) => days_after(last, 1).day(),
        None => start.day(),
    };
    let expires_on = fixed
        .or_else(|| days.map(|n| days_after(start, n)))
        .or_else(|| months.and_then(|n| calendar::period_end(start, n, anchor)));
    Term {
        starts_on: start,
        expires_on,
        anchor_day: months.and_then(|_| i32::try_from(anchor).ok()),
    }
}

/// The day n days later; the last day of the calendar where that lies beyond it.
pub fn days_after(day: NaiveDate, n: i32) -> NaiveDate {
    u32::try_from(n)
        .ok()
        .and_then(|n| calendar::plus_days(day, n))
        .unwrap_or(NaiveDate::MAX)
}
