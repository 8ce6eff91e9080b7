//! The one place that asks what time it is.

use chrono::{NaiveDateTime, SubsecRound};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// The clock; in tests one that is moved by hand, in a story that is told one that stands.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_micros: Arc<AtomicI64>,
    stands_at: Option<NaiveDateTime>,
}

impl Clock {
    /// A clock that stands at an instant, UTC: whatever asks it happens then.
    pub fn standing(at: NaiveDateTime) -> Self {
        Self {
            stands_at: Some(at.trunc_subsecs(6)),
            ..Self::default()
        }
    }

    /// Now, UTC, in whole microseconds: what both databases keep.
    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> NaiveDateTime {
        if let Some(instant) = self.stands_at {
            return instant;
        }
        let ahead = chrono::Duration::microseconds(self.ahead_micros.load(Ordering::Relaxed));
        (chrono::Utc::now() + ahead).naive_utc().trunc_subsecs(6)
    }

    /// Moves the clock on, for tests.
    pub fn advance(&self, by: chrono::Duration) {
        self.ahead_micros
            .fetch_add(by.num_microseconds().unwrap_or(0), Ordering::Relaxed);
    }
}
