//! Where time is cut into intervals.

use super::counts::When;
use crate::domain::{calendar, ids};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use diesel::{dsl::sql, expression::SqlLiteral, sql_types::Integer};

/// Where time is cut into intervals: that before the first cut is 0, that from cut n on is n + 1.
#[derive(Debug, Clone)]
pub struct Cuts(Vec<(NaiveDateTime, NaiveDate)>);

impl Cuts {
    /// Cuts at the beginnings of days in a zone.
    pub fn at(days: impl IntoIterator<Item = NaiveDate>, zone: Tz) -> Self {
        let mut cuts: Vec<_> = days
            .into_iter()
            .map(|day| (calendar::start_of_day(day, zone), day))
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        Self(cuts)
    }

    /// The same, and at one more instant.
    #[must_use]
    pub fn and_at(mut self, instant: NaiveDateTime, zone: Tz) -> Self {
        self.0.push((instant, calendar::today(instant, zone)));
        self.0.sort_unstable();
        self
    }

    /// Whether an interval lies from an instant on.
    pub fn is_since(&self, interval: i32, instant: NaiveDateTime) -> bool {
        self.begun(interval).is_some_and(|(begun, _)| instant <= begun)
    }

    fn begun(&self, interval: i32) -> Option<(NaiveDateTime, NaiveDate)> {
        let before = usize::try_from(interval).ok()?.checked_sub(1)?;
        self.0.get(before).copied()
    }

    /// Whether an interval lies from one day on, and before another.
    pub fn holds(&self, interval: i32, from: NaiveDate, until: NaiveDate) -> bool {
        self.begun(interval)
            .is_some_and(|(_, begun)| from <= begun && begun < until)
    }

    pub(super) fn first(&self) -> NaiveDateTime {
        self.0.first().map_or(NaiveDateTime::MIN, |cut| cut.0)
    }

    /// The interval that something lies in.
    pub(super) fn interval(&self, when: When, zone: Option<Tz>) -> i32 {
        let number = match (when, zone) {
            (When::Never, _) => self.0.len(),
            (When::At(at), _) => self.0.partition_point(|cut| cut.0 <= at),
            (When::Day(day), Some(zone)) => {
                let begun = calendar::start_of_day(day, zone);
                self.0.partition_point(|cut| cut.0 <= begun)
            }
            (When::Day(day), None) => self.0.partition_point(|cut| cut.1 <= day),
        };
        i32::try_from(number).unwrap_or(i32::MAX)
    }

    /// The number of the interval, where `before` says that something lies before a cut.
    fn number(&self, before: impl Fn(&(NaiveDateTime, NaiveDate)) -> String) -> String {
        if self.0.is_empty() {
            // Not a bare number: that would name a column to group by.
            return "(0 + 0)".to_owned();
        }
        let cases: String = self
            .0
            .iter()
            .enumerate()
            .map(|(n, cut)| format!(" WHEN {} THEN {n}", before(cut)))
            .collect();
        format!("(CASE{cases} ELSE {} END)", self.0.len())
    }

    /// The cuts behind an instant alone, and how many stand before them.
    pub(super) fn behind(&self, instant: NaiveDateTime) -> (Self, i32) {
        let before = self.0.partition_point(|cut| cut.0 <= instant);
        let left = self.0.get(before..).unwrap_or_default().to_vec();
        (Self(left), i32::try_from(before).unwrap_or(i32::MAX))
    }

    /// The interval that an identifier of an instant lies in.
    pub(super) fn of_id(&self, column: &str) -> SqlLiteral<Integer> {
        sql(&self.number(|cut| {
            let digits: String = ids::before(cut.0)
                .iter()
                .map(|byte| format!("{byte:02X}"))
                .collect();
            format!("{column} < X'{digits}'")
        }))
    }
}
