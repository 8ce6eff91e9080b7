//! The one place that asks what time it is.

use chrono::{NaiveDateTime, SubsecRound};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// The clock; in tests one that is moved by hand.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_micros: Arc<AtomicI64>,
}

impl Clock {
    /// Now, UTC, in whole microseconds: what both databases keep.
    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> NaiveDateTime {
        let ahead = chrono::Duration::microseconds(self.ahead_micros.load(Ordering::Relaxed));
        (chrono::Utc::now() + ahead).naive_utc().trunc_subsecs(6)
    }

    /// Moves the clock on, for tests.
    pub fn advance(&self, by: chrono::Duration) {
        self.ahead_micros
            .fetch_add(by.num_microseconds().unwrap_or(0), Ordering::Relaxed);
    }
}
