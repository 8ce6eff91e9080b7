//! Whether a licence serves a device: the rules of `attiva` and `valida`, without database or clock.

use super::{Binding, License, LicenseKind, Term, days_after};
use crate::domain::{calendar, codes::codes, customer::Standing, error::Refusal, product::Rules};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

/// What is known when somebody asks for a licence.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The licence.
    pub license: &'a License,
    /// Its product's rules.
    pub rules: &'a Rules,
    /// Its customer's standing, where it has one.
    pub customer: Option<&'a Standing>,
    /// Now, UTC.
    pub now: NaiveDateTime,
    /// The installation's time zone.
    pub zone: Tz,
}

/// What the client said of itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ask<'a> {
    /// The product's code, where it sent one.
    pub product: Option<&'a str>,
    /// When the version it runs was released, where it sent one that is known.
    pub version_released_on: Option<NaiveDate>,
}

/// What taking a place changes in the licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// Set at the first activation, UTC.
    pub activated_at: NaiveDateTime,
    /// Set when the term starts with it.
    pub term: Option<Term>,
}

codes! {
    /// What has to hold for a licence to work at all, in the order in which it is asked.
    Working {
        /// The client is of the licence's product.
        Product = "prodotto",
        /// It was not revoked.
        NotRevoked = "revoca",
        /// Its customer is not suspended.
        Customer = "cliente",
        /// No suspension stands.
        NotSuspended = "sospensione",
        /// Its last valid day and the grace after it have not passed.
        NotExpired = "scadenza",
        /// Its customer's wait for validation is not over.
        Waiting = "attesa",
        /// The client's version is covered by maintenance.
        Version = "versione",
    }
}

codes! {
    /// What has to hold, beyond that, for a device to take a place, in the order in which it is asked.
    Taking {
        /// Devices hold places in it.
        NotFloating = "flottante",
        /// The device is among those it is reserved for.
        Listed = "riserva",
        /// A place is free.
        Room = "dispositivi",
    }
}

impl Case<'_> {
    /// The day, where the installation is.
    pub fn today(&self) -> NaiveDate {
        calendar::today(self.now, self.zone)
    }

    /// Whether the licence works at all, for a client that says this of itself.
    ///
    /// # Errors
    /// The first [`Refusal`] that applies.
    pub fn works(&self, ask: &Ask<'_>) -> Result<(), Refusal> {
        Working::ALL.iter().try_for_each(|check| self.passes(*check, ask))
    }

    /// One of the checks that [`works`](Self::works) makes.
    ///
    /// # Errors
    /// The [`Refusal`] that follows where it does not hold.
    pub fn passes(&self, check: Working, ask: &Ask<'_>) -> Result<(), Refusal> {
        let license = self.license;
        let past = |last: Option<NaiveDate>| last.is_some_and(|last| last < self.today());
        let uncovered = |until| ask.version_released_on.is_some_and(|released| released > until);
        let (fails, refusal) = match check {
            Working::Product => (
                ask.product.is_some_and(|code| code != self.rules.code),
                Refusal::WrongProduct,
            ),
            Working::NotRevoked => (license.revoked_at.is_some(), Refusal::Revoked),
            Working::Customer => (
                self.customer.is_some_and(Standing::is_suspended),
                Refusal::CustomerSuspended,
            ),
            Working::NotSuspended => (license.suspensions > 0, Refusal::Suspended),
            Working::NotExpired => (past(license.ends_on(self.rules.grace_days)), Refusal::Expired),
            Working::Waiting => (past(self.pending_until()), Refusal::PendingExhausted),
            Working::Version => (
                license.kind == LicenseKind::Permanent && license.maintenance_until.is_some_and(uncovered),
                Refusal::VersionNotCovered,
            ),
        };
        if fails { Err(refusal) } else { Ok(()) }
    }

    /// Whether a device that holds no place yet may take one.
    ///
    /// # Errors
    /// The [`Refusal`] that stands in its way.
    pub fn admits_device(&self, on_the_list: bool) -> Result<Start, Refusal> {
        Taking::ALL
            .iter()
            .try_for_each(|check| self.admits(*check, on_the_list))?;
        Ok(self.start())
    }

    /// One of the checks that [`admits_device`](Self::admits_device) makes.
    ///
    /// # Errors
    /// The [`Refusal`] that follows where it does not hold.
    pub fn admits(&self, check: Taking, on_the_list: bool) -> Result<(), Refusal> {
        let license = self.license;
        let full = |limit| license.devices_used >= limit;
        let (fails, refusal) = match check {
            Taking::NotFloating => (license.binding == Binding::Floating, Refusal::Floating),
            Taking::Listed => (license.reserved && !on_the_list, Refusal::DeviceNotAdmitted),
            Taking::Room => (self.device_limit().is_some_and(full), Refusal::DevicesExhausted),
        };
        if fails { Err(refusal) } else { Ok(()) }
    }

    /// Whether a user who is not named yet may be.
    ///
    /// # Errors
    /// [`Refusal::UsersExhausted`].
    pub fn admits_user(&self) -> Result<(), Refusal> {
        let full = self
            .license
            .max_users
            .is_some_and(|limit| self.license.users_used >= limit);
        if self.license.binding == Binding::User && full {
            Err(Refusal::UsersExhausted)
        } else {
            Ok(())
        }
    }

    /// Devices at most, now: one while the customer waits for validation.
    pub fn device_limit(&self) -> Option<i32> {
        let limit = self.license.max_devices;
        if self.license.is_pending(self.customer) {
            Some(limit.map_or(1, |n| n.min(1)))
        } else {
            limit
        }
    }

    /// The last day on which a waiting customer's licence works: so many days from its first activation.
    pub fn pending_until(&self) -> Option<NaiveDate> {
        let standing = self.customer.filter(|_| self.license.is_pending(self.customer))?;
        let days = standing.pending_days(self.rules.pending_days);
        let first = calendar::today(self.license.activated_at.unwrap_or(self.now), self.zone);
        Some(days_after(first, days))
    }

    /// A trial's clock runs from the first activation in any case; another licence's period starts only once its
    /// customer is validated.
    fn start(&self) -> Start {
        let license = self.license;
        let waits = license.is_pending(self.customer) && license.kind != LicenseKind::Trial;
        let term = (license.starts_on.is_none() && !waits).then(|| license.term_from(self.today()));
        Start {
            activated_at: license.activated_at.unwrap_or(self.now),
            term,
        }
    }

    /// When an offline lease given now ends, UTC: after the offline days, and never past the day on which the
    /// licence stops. None where unlimited offline use is allowed and nothing ends.
    pub fn lease_until(&self, license: &License) -> Option<NaiveDateTime> {
        let case = Case { license, ..*self };
        let last_day = [license.ends_on(self.rules.grace_days), case.pending_until()]
            .into_iter()
            .flatten()
            .min();
        let stops = last_day.map(|day| calendar::end_of_day(day, self.zone));
        let days = license.offline_days.unwrap_or(self.rules.offline_days);
        let lease = (!self.rules.offline_unlimited || license.offline_days.is_some())
            .then(|| self.now + chrono::Duration::days(i64::from(days)));
        [stops, lease].into_iter().flatten().min()
    }
}
