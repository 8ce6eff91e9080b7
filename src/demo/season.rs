//! When things happen: two years that grow, with weekdays and weekends, a quiet August and a busy end of the year.

use super::chance::Chance;
use crate::domain::calendar;
use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, Weekday};
use chrono_tz::Tz;

/// Days that the demonstration looks back.
const DAYS: u64 = 730;

/// The days of the demonstration, each with the weight of all up to it.
#[derive(Debug)]
pub(super) struct Season {
    days: Vec<(NaiveDate, u64)>,
    zone: Tz,
    /// Now, UTC: what would happen later has not happened.
    pub(super) now: NaiveDateTime,
    /// Today.
    pub(super) today: NaiveDate,
    /// The first day.
    pub(super) first: NaiveDate,
}

impl Season {
    /// The two years before an instant.
    pub(super) fn before(now: NaiveDateTime, zone: Tz) -> Self {
        let today = calendar::today(now, zone);
        let first = today.checked_sub_days(Days::new(DAYS)).unwrap_or(today);
        let mut sum = 0;
        let days = first
            .iter_days()
            .take_while(|day| *day <= today)
            .zip(0_u64..)
            .map(|(day, n)| {
                sum += (100 + 70 * n / DAYS) * weekday(day) * time_of_year(day);
                (day, sum)
            })
            .collect();
        Self {
            days,
            zone,
            now,
            today,
            first,
        }
    }

    /// A day from this one on, the busier the likelier.
    pub(super) fn day_from(&self, from: NaiveDate, chance: &mut Chance) -> NaiveDate {
        let before = self.days.partition_point(|(day, _)| *day < from);
        let low = before
            .checked_sub(1)
            .and_then(|at| self.days.get(at))
            .map_or(0, |(_, sum)| *sum);
        let high = self.days.last().map_or(0, |(_, sum)| *sum);
        if low >= high {
            return self.today;
        }
        let drawn = low + 1 + chance.next() % (high - low);
        let at = self.days.partition_point(|(_, sum)| *sum < drawn);
        self.days.get(at).map_or(self.today, |(day, _)| *day)
    }

    /// A working instant of a day, UTC: between eight and half past six.
    pub(super) fn at_work(&self, day: NaiveDate, chance: &mut Chance) -> NaiveDateTime {
        let midnight = self.at_hour(day, 0);
        let quarter_past_one = 13 * 3600 + 900;
        let second = chance.of_range(8 * 3600..=18 * 3600 + 1800);
        // Fewer at lunch.
        let second = if (second - quarter_past_one).abs() < 2400 && chance.percent(70) {
            second - 2 * 3600
        } else {
            second
        };
        midnight + Duration::seconds(second) + Duration::microseconds(chance.of_range(0..=999_999))
    }

    /// An hour of a day, UTC.
    pub(super) fn at_hour(&self, day: NaiveDate, hour: i64) -> NaiveDateTime {
        day.pred_opt()
            .map_or(self.now, |eve| calendar::end_of_day(eve, self.zone))
            + Duration::hours(hour)
    }

    /// The day of an instant.
    pub(super) fn day_of(&self, at: NaiveDateTime) -> NaiveDate {
        calendar::today(at, self.zone)
    }

    /// An instant so many days later, at work.
    pub(super) fn later(&self, from: NaiveDateTime, days: i64, chance: &mut Chance) -> NaiveDateTime {
        if days <= 0 {
            return from + Duration::seconds(chance.of_range(40..=5400));
        }
        let day = self.day_of(from) + Duration::days(days);
        let weekend = match day.weekday() {
            Weekday::Sat if chance.percent(75) => chance.of_range(2..=6),
            Weekday::Sun if chance.percent(90) => chance.of_range(1..=5),
            _ => 0,
        };
        self.at_work(day + Duration::days(weekend), chance)
    }
}

fn weekday(day: NaiveDate) -> u64 {
    match day.weekday() {
        Weekday::Sat => 20,
        Weekday::Sun => 6,
        Weekday::Mon => 90,
        Weekday::Fri => 85,
        Weekday::Tue | Weekday::Wed | Weekday::Thu => 100,
    }
}

fn time_of_year(day: NaiveDate) -> u64 {
    match (day.month(), day.day()) {
        (8, 8..=24) => 25,
        (8, _) => 55,
        (12, 24..=31) | (1, 1..=6) => 25,
        (12, _) => 190,
        (11, _) => 140,
        (1 | 9, _) => 115,
        (7, _) => 85,
        _ => 100,
    }
}
