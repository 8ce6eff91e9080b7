//! How often one caller may try. Good calls of many machines behind one address, or with one key, are never counted
//! together.

use crate::domain::{
    error::{Error, Result},
    ids::UserId,
};
use governor::{Quota, RateLimiter, clock::Clock as _, clock::QuantaClock, state::keyed::DashMapStateStore};
use serde::Deserialize;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// What is allowed, as configured; 0 is no limit.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default)]
pub struct Rates {
    /// Well-formed but unknown keys, per address and minute.
    pub rate_unknown_key: u32,
    /// Other refusals, per address and minute.
    pub rate_failures: u32,
    /// Calls per key and device and minute.
    pub rate_device: u32,
    /// Sign-ins per account, and per address, and minute.
    pub rate_sign_in: u32,
    /// Registrations per address and hour.
    pub rate_registration: u32,
}

impl Rates {
    /// No limit at all.
    pub const NONE: Self = Self {
        rate_unknown_key: 0,
        rate_failures: 0,
        rate_device: 0,
        rate_sign_in: 0,
        rate_registration: 0,
    };
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            rate_unknown_key: 10,
            rate_failures: 60,
            rate_device: 30,
            rate_sign_in: 10,
            rate_registration: 10,
        }
    }
}

type Keyed = RateLimiter<u64, DashMapStateStore<u64>, QuantaClock>;

struct Limit {
    limiter: Option<Keyed>,
    asked: AtomicU32,
}

/// How many asks pass between two looks for what can be forgotten.
const SWEEP: u32 = 10_000;

impl Limit {
    fn new(times: u32, period: Duration) -> Self {
        let quota = NonZeroU32::new(times)
            .and_then(|n| Some(Quota::with_period(period.checked_div(times)?)?.allow_burst(n)));
        Self {
            limiter: quota.map(RateLimiter::dashmap),
            asked: AtomicU32::new(0),
        }
    }

    fn ask(&self, who: &impl Hash) -> Result<()> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            limiter.retain_recent();
        }
        let mut hasher = DefaultHasher::new();
        who.hash(&mut hasher);
        limiter.check_key(&hasher.finish()).map_err(|not_until| {
            Error::TooMany(not_until.wait_time_from(QuantaClock::default().now()).as_secs() + 1)
        })
    }
}

/// The limits of client software and public pages, kept in this process.
pub struct Limits {
    unknown_key: Limit,
    failures: Limit,
    mistyped: Limit,
    device: Limit,
    registration: Limit,
    sign_in_noted: Limit,
    report: Limit,
    alarm: Limit,
    tried_mail: Limit,
    sign_in: u32,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Limits(…)")
    }
}

/// Messages that somebody sends themselves to try their words, a minute.
const TRIED_MAIL: u32 = 5;

const MINUTE: Duration = Duration::from_secs(60);
/// Refused devices of one licence that are looked at in an hour.
const ALARMS: u32 = 6;

impl Limits {
    /// Limits of these rates.
    pub fn new(rates: &Rates) -> Self {
        Self {
            unknown_key: Limit::new(rates.rate_unknown_key, MINUTE),
            failures: Limit::new(rates.rate_failures, MINUTE),
            mistyped: Limit::new(rates.rate_failures, MINUTE),
            device: Limit::new(rates.rate_device, MINUTE),
            registration: Limit::new(rates.rate_registration, 60 * MINUTE),
            sign_in_noted: Limit::new(rates.rate_failures, MINUTE),
            report: Limit::new(rates.rate_failures, MINUTE),
            alarm: Limit::new(ALARMS, 60 * MINUTE),
            // Where refusals have no limit, nothing is to have one.
            tried_mail: Limit::new(TRIED_MAIL.min(rates.rate_failures), MINUTE),
            sign_in: rates.rate_sign_in,
        }
    }

    /// Counts a key that nobody has.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn unknown_key(&self, address: Option<IpAddr>) -> Result<()> {
        self.unknown_key.ask(&address)
    }

    /// Counts another refusal.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn failure(&self, address: Option<IpAddr>) -> Result<()> {
        self.failures.ask(&address)
    }

    /// Counts a mistyped key: beyond the limit it is not written down any more, and still answered.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn mistyped(&self, address: Option<IpAddr>) -> Result<()> {
        self.mistyped.ask(&address)
    }

    /// Counts a call of one device with one key.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn device(&self, key: &[u8], device: &str) -> Result<()> {
        self.device.ask(&(key, device))
    }

    /// Sign-ins per account, and per address, and minute; 0 is no limit. They are counted in the database.
    pub fn sign_in(&self) -> u32 {
        self.sign_in
    }

    /// Counts a sign-in beyond the limit: beyond this one too, it is not written down any more.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn sign_in_noted(&self, address: Option<IpAddr>) -> Result<()> {
        self.sign_in_noted.ask(&address)
    }

    /// Counts a browser's report: beyond the limit it is not written down any more.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn report(&self, address: Option<IpAddr>) -> Result<()> {
        self.report.ask(&address)
    }

    /// Counts a refused device of a licence: beyond the limit nobody looks whether staff are to be told.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn alarm(&self, license: &[u8], about: &str) -> Result<()> {
        self.alarm.ask(&(license, about))
    }

    /// Counts a message that somebody sends themselves.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn tried_mail(&self, user: UserId) -> Result<()> {
        self.tried_mail.ask(&user)
    }

    /// Counts a registration.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn registration(&self, address: Option<IpAddr>) -> Result<()> {
        self.registration.ask(&address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_counts_each_caller_alone_and_says_when_to_come_back() {
        let limits = Limits::new(&Rates {
            rate_unknown_key: 3,
            rate_failures: 0,
            ..Rates::default()
        });
        let (a, b) = (
            Some("192.0.2.1".parse().unwrap()),
            Some("192.0.2.2".parse().unwrap()),
        );
        for _ in 0..3 {
            limits.unknown_key(a).unwrap();
        }
        assert!(matches!(limits.unknown_key(a), Err(Error::TooMany(seconds)) if (1..=21).contains(&seconds)));
        limits.unknown_key(b).unwrap();
        for _ in 0..1000 {
            limits.failure(a).unwrap();
        }
    }
}
