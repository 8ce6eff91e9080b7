//! What tallies and deltas say: so many that are alike, and what they have in common.

use super::{schema::tally_deltas, statistics::Tried};
use crate::domain::{
    calendar,
    company_rules::Graces,
    customer::CustomerState,
    ids::{self, LogId, NodeId, ProductId},
    license::{LicenseKind, LicenseState},
};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use diesel::Queryable;

/// Rows of all companies or agents together are kept, too: under this name.
pub(super) const EVERYBODY: [u8; 16] = [0xff; 16];
/// No company, no agent, no product.
pub(super) const NOBODY: [u8; 16] = [0; 16];
/// No day: as a key can hold it.
pub(super) const NEVER: Option<NaiveDate> = NaiveDate::from_ymd_opt(9999, 12, 31);

/// What licences of a tally have in common.
const ACTIVATED: i32 = 1;
const HALTED: i32 = 2;
/// Of licences: their customer waits. Of customers: they do.
const WAITING: i32 = 4;
const CUSTOMER_HALTED: i32 = 8;
const SETTLED: i32 = 16;
pub(super) const REVOKED: i32 = 32;
/// In words, on the tallies of licences.
pub(super) const NOT_REVOKED: &str = "tallies.flags < 32";

/// What is counted, as migrations number it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Licences that were not put away, by kind, flags and last valid day; revoked ones without a day.
    Licenses = 0,
    /// Customers, by flags and the day on which they came.
    Customers = 1,
    /// Rows of the ledger that are sales, by kind and currency, and day.
    Sales = 2,
    /// Tries to activate, by outcome and day.
    Tries = 3,
    /// Modules of licences that are not revoked, by the last day of both.
    Modules = 4,
    /// Licences by kind and the day of their first activation.
    Began = 5,
    /// Licences by kind, flags and the day of their revocation.
    Revoked = 6,
    /// Rows of the ledger that are deferred and not undone, and what is still owed for them.
    Owed = 7,
    /// Licences that were put away, as the others. When they began and were revoked stays told beside those.
    Archived = 8,
}

impl What {
    pub(super) const ALL: [Self; 9] = [
        Self::Licenses,
        Self::Customers,
        Self::Sales,
        Self::Tries,
        Self::Modules,
        Self::Began,
        Self::Revoked,
        Self::Owed,
        Self::Archived,
    ];

    pub(super) fn of(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|what| *what as i32 == number)
    }
}

/// The time of what is counted: tallies know days, deltas instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Never,
    Day(NaiveDate),
    At(NaiveDateTime),
}

impl When {
    pub(super) fn day(self, zone: Tz) -> Option<NaiveDate> {
        match self {
            Self::Never => None,
            Self::Day(day) => Some(day),
            Self::At(at) => Some(calendar::today(at, zone)),
        }
    }

    pub(super) fn of(day: Option<NaiveDate>) -> Self {
        day.filter(|day| Some(*day) != NEVER)
            .map_or(Self::Never, Self::Day)
    }
}

/// So many that are alike.
#[derive(Debug, Clone)]
pub(super) struct Count {
    pub(super) what: What,
    pub(super) company: Option<[u8; 16]>,
    pub(super) agent: Option<[u8; 16]>,
    pub(super) product: [u8; 16],
    pub(super) word: String,
    pub(super) flags: i32,
    pub(super) when: When,
    pub(super) n: i64,
    pub(super) cents: i64,
}

impl Count {
    /// The licences' kind.
    pub(super) fn kind(&self) -> Option<LicenseKind> {
        LicenseKind::from_code(&self.word)
    }

    pub(super) fn is_revoked(&self) -> bool {
        self.flags & REVOKED != 0
    }

    pub(super) fn is_activated(&self) -> bool {
        self.flags & ACTIVATED != 0
    }

    /// Of customers.
    pub(super) fn waits(&self) -> bool {
        self.flags & WAITING != 0
    }

    /// Of customers.
    pub(super) fn customer_state(&self) -> CustomerState {
        match (self.flags & WAITING, self.flags & CUSTOMER_HALTED) {
            (0, 0) => CustomerState::Validated,
            (0, _) => CustomerState::Suspended,
            _ => CustomerState::Pending,
        }
    }

    /// How tries ended.
    pub(super) fn tried(&self) -> Tried {
        Tried::of(self.flags)
    }

    /// The last valid day of licences.
    pub(super) fn expires_on(&self) -> Option<NaiveDate> {
        match self.when {
            When::Day(day) => Some(day),
            _ => None,
        }
    }

    /// The state of licences where no company has another grace than the product.
    pub(super) fn state(&self, today: NaiveDate, grace: &Graces) -> LicenseState {
        self.state_with(today, grace.of_product(ProductId(self.product)))
    }

    /// The state of licences, as [`License::state`](crate::domain::license::License::state) says it of one.
    pub(super) fn state_with(&self, today: NaiveDate, grace_days: i32) -> LicenseState {
        let has = |flag: i32| self.flags & flag != 0;
        let is_trial = self.word == LicenseKind::Trial.code();
        let grace = || match self.kind() {
            Some(LicenseKind::Subscription) => i64::from(grace_days.max(0)),
            _ => 0,
        };
        if has(REVOKED) {
            LicenseState::Revoked
        } else if has(HALTED) || has(CUSTOMER_HALTED) {
            LicenseState::Suspended
        } else if self
            .expires_on()
            .is_some_and(|last| last < today && (today - last).num_days() > grace())
        {
            LicenseState::Expired
        } else if has(WAITING) && !has(SETTLED) {
            LicenseState::Pending
        } else if !has(ACTIVATED) {
            LicenseState::Issued
        } else if is_trial {
            LicenseState::Demo
        } else {
            LicenseState::Active
        }
    }
}

/// A change that was not folded yet, as it stands in the database.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Delta {
    pub(super) id: i64,
    what: i32,
    n: i64,
    cents: i64,
    company: Option<NodeId>,
    agent: Option<NodeId>,
    product: Option<ProductId>,
    word: String,
    flags: i32,
    day: Option<NaiveDate>,
    began: Option<NaiveDateTime>,
    ended: Option<NaiveDateTime>,
    of: Option<LogId>,
}

/// Its columns.
pub(super) type DeltaColumns = (
    tally_deltas::id,
    tally_deltas::what,
    tally_deltas::n,
    tally_deltas::cents,
    tally_deltas::company_id,
    tally_deltas::agent_id,
    tally_deltas::product_id,
    tally_deltas::word,
    tally_deltas::flags,
    tally_deltas::day,
    tally_deltas::began_at,
    tally_deltas::ended_at,
    tally_deltas::of_id,
);

pub(super) const DELTA: DeltaColumns = (
    tally_deltas::id,
    tally_deltas::what,
    tally_deltas::n,
    tally_deltas::cents,
    tally_deltas::company_id,
    tally_deltas::agent_id,
    tally_deltas::product_id,
    tally_deltas::word,
    tally_deltas::flags,
    tally_deltas::day,
    tally_deltas::began_at,
    tally_deltas::ended_at,
    tally_deltas::of_id,
);

impl Delta {
    /// What it changes: of a licence also when it began and when it was revoked.
    pub(super) fn counts(&self) -> impl Iterator<Item = Count> {
        let Some(what) = What::of(self.what) else {
            return Vec::new().into_iter();
        };
        let one = Count {
            what,
            company: self.company.map(|id| id.0),
            agent: self.agent.map(|id| id.0),
            product: self.product.map_or(NOBODY, |id| id.0),
            word: self.word.clone(),
            flags: self.flags,
            when: self
                .of
                .map_or_else(|| When::of(self.day), |id| When::At(ids::instant_of(id.0))),
            n: self.n,
            cents: self.cents,
        };
        let mut all = vec![one.clone()];
        if matches!(what, What::Licenses | What::Archived) {
            let moments = [
                (What::Began, self.began, 0),
                (What::Revoked, self.ended, self.flags & ACTIVATED),
            ];
            all.extend(moments.into_iter().filter_map(|(what, at, flags)| {
                Some(Count {
                    what,
                    flags,
                    when: When::At(at?),
                    ..one.clone()
                })
            }));
        }
        all.into_iter()
    }
}
