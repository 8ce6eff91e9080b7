//! Stretches of days that figures are told for: this one, and the one before it to hold it against.

use super::codes::codes;
use chrono::{Datelike, Days, Months, NaiveDate};

codes! {
    /// Which stretch.
    Period {
        /// The last seven days.
        Week = "7giorni",
        /// The month, up to today.
        Month = "mese",
        /// The quarter, up to today.
        Quarter = "trimestre",
        /// The year, up to today.
        Year = "anno",
    }
}

/// Points of a small line.
pub const POINTS: u32 = 12;

/// A stretch and the one before, of as many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first day.
    pub from: NaiveDate,
    /// The first day of the one before…
    pub previous: NaiveDate,
    /// …and the first day that is not in it any more.
    pub previous_end: NaiveDate,
}

impl Period {
    /// The stretch that ends today.
    pub fn span(self, today: NaiveDate) -> Span {
        let month = first_of_month(today);
        let (from, previous) = match self {
            Self::Week => {
                let from = back(today, 6);
                (from, back(from, 7))
            }
            Self::Month => (month, months_back(month, 1)),
            Self::Quarter => {
                let from = months_back(month, month.month0() % 3);
                (from, months_back(from, 3))
            }
            Self::Year => {
                let from = months_back(month, month.month0());
                (from, months_back(from, 12))
            }
        };
        let days = u64::try_from((today - from).num_days()).unwrap_or_default() + 1;
        let end = previous.checked_add_days(Days::new(days)).unwrap_or(from);
        Span {
            from,
            previous,
            previous_end: end.min(from),
        }
    }

    /// Where the points of a small line begin, and tomorrow, where the last one ends: days, weeks, or months.
    pub fn marks(self, today: NaiveDate) -> Vec<NaiveDate> {
        let tomorrow = today.succ_opt().unwrap_or(today);
        let days = match self {
            Self::Week => 1,
            Self::Month => 7,
            Self::Quarter | Self::Year => return months(today),
        };
        (0..=u64::from(POINTS))
            .rev()
            .map(|n| back(tomorrow, n * days))
            .collect()
    }
}

codes! {
    /// A stretch of days by its name, as figures are asked for.
    Preset {
        /// Today.
        Today = "oggi",
        /// The last seven days.
        Week = "7giorni",
        /// The last thirty days.
        Thirty = "30giorni",
        /// The month, up to today.
        Month = "mese",
        /// The quarter, up to today.
        Quarter = "trimestre",
        /// The year, up to today.
        Year = "anno",
        /// The last twelve months, day by day.
        Twelve = "12mesi",
    }
}

impl Preset {
    /// The stretch that ends today.
    pub fn stretch(self, today: NaiveDate) -> Stretch {
        let month = first_of_month(today);
        let (from, months) = match self {
            Self::Today => (today, 0),
            Self::Week => (back(today, 6), 0),
            Self::Thirty => (back(today, 29), 0),
            Self::Month => (month, 1),
            Self::Quarter => (months_back(month, month.month0() % 3), 3),
            Self::Year => (months_back(month, month.month0()), 12),
            Self::Twelve => (twelve_months(today), 12),
        };
        Stretch {
            from,
            to: today,
            months,
        }
    }

    /// In what such a stretch is cut where nothing else is asked for.
    pub fn grouping(self) -> Grouping {
        match self {
            Self::Today | Self::Week | Self::Thirty | Self::Month => Grouping::Day,
            Self::Quarter => Grouping::Week,
            Self::Year | Self::Twelve => Grouping::Month,
        }
    }
}

/// The first of the twelve months of days that end with a day.
pub fn twelve_months(to: NaiveDate) -> NaiveDate {
    let year = to.checked_sub_months(Months::new(12)).unwrap_or(to);
    year.checked_add_days(Days::new(1)).unwrap_or(year)
}

/// Days from one to another, both of them included, and those that they are held against: as many months before, or as
/// many days right before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// How many months before the days lie that it is held against; 0 for those right before.
    months: u32,
}

impl Stretch {
    /// Any days.
    pub fn between(from: NaiveDate, to: NaiveDate) -> Self {
        Self { from, to, months: 0 }
    }

    /// How many days.
    pub fn days(&self) -> u64 {
        u64::try_from((self.to - self.from).num_days()).map_or(0, |days| days + 1)
    }

    /// The first day of those before, and the first that is not of them any more.
    pub fn before(&self) -> (NaiveDate, NaiveDate) {
        let first = match self.months {
            0 => back(self.from, self.days()),
            months => months_back(self.from, months),
        };
        // Twelve months are held against twelve, whatever a leap year adds.
        let end = first
            .checked_add_days(Days::new(self.days()))
            .unwrap_or(self.from);
        (first, end.min(self.from))
    }

    /// The day before that one of the stretch is held against; none where there is none, since the month was shorter.
    pub fn day_before(&self, day: NaiveDate, grouping: Grouping) -> Option<NaiveDate> {
        let (first, end) = self.before();
        let shifted = match (grouping, self.months) {
            (Grouping::Month, months) if months > 0 => months_back(day, months).max(first),
            _ => first.checked_add_days(Days::new(u64::try_from((day - self.from).num_days()).ok()?))?,
        };
        (shifted < end).then_some(shifted)
    }

    /// In what it is cut where nothing else is asked for.
    pub fn grouping(&self) -> Grouping {
        match self.days() {
            0..=45 => Grouping::Day,
            46..=200 => Grouping::Week,
            _ => Grouping::Month,
        }
    }
}

codes! {
    /// In what a stretch of days is cut.
    Grouping {
        /// Days.
        Day = "giorno",
        /// Weeks, from Monday on.
        Week = "settimana",
        /// Months.
        Month = "mese",
    }
}

impl Grouping {
    /// The first days of the intervals that lie between two days, both of them included. The first interval begins on
    /// the first day, wherever that lies in its week or month.
    pub fn begins(self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let mut begins = Vec::new();
        let mut day = Some(from);
        while let Some(begin) = day.filter(|day| *day <= to) {
            begins.push(begin);
            day = match self {
                Self::Day => begin.succ_opt(),
                Self::Week => {
                    let left = 7 - u64::from(begin.weekday().num_days_from_monday());
                    begin.checked_add_days(Days::new(left))
                }
                Self::Month => first_of_month(begin).checked_add_months(Months::new(1)),
            };
        }
        begins
    }
}

/// The first days of the last twelve months, this one among them, and tomorrow.
pub fn months(today: NaiveDate) -> Vec<NaiveDate> {
    let month = first_of_month(today);
    (0..POINTS)
        .rev()
        .map(|n| months_back(month, n))
        .chain(today.succ_opt())
        .collect()
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn months_back(day: NaiveDate, n: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(n)).unwrap_or(NaiveDate::MIN)
}

fn back(day: NaiveDate, n: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(n)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_stretch_is_held_against_as_many_days_before_it() {
        for (period, today, from, previous, end) in [
            (
                Period::Week,
                "2026-11-23",
                "2026-11-17",
                "2026-11-10",
                "2026-11-17",
            ),
            (
                Period::Month,
                "2026-11-23",
                "2026-11-01",
                "2026-10-01",
                "2026-10-24",
            ),
            (
                Period::Month,
                "2026-03-31",
                "2026-03-01",
                "2026-02-01",
                "2026-03-01",
            ),
            (
                Period::Quarter,
                "2026-11-23",
                "2026-10-01",
                "2026-07-01",
                "2026-08-24",
            ),
            (
                Period::Quarter,
                "2026-01-01",
                "2026-01-01",
                "2025-10-01",
                "2025-10-02",
            ),
            (
                Period::Year,
                "2026-11-23",
                "2026-01-01",
                "2025-01-01",
                "2025-11-24",
            ),
        ] {
            let wanted = Span {
                from: day(from),
                previous: day(previous),
                previous_end: day(end),
            };
            assert_eq!(period.span(day(today)), wanted, "{period} {today}");
        }
    }

    #[test]
    fn a_small_line_has_twelve_points_and_ends_with_today() {
        for period in Period::ALL {
            let marks = period.marks(day("2026-11-23"));
            assert_eq!(marks.len(), 13);
            assert!(marks.is_sorted());
            assert_eq!(marks.last(), Some(&day("2026-11-24")));
        }
        assert_eq!(months(day("2026-11-23")).first(), Some(&day("2025-12-01")));
    }

    #[test]
    fn a_named_stretch_is_held_against_the_one_before() {
        for (preset, today, from, first, end) in [
            (
                Preset::Today,
                "2026-11-23",
                "2026-11-23",
                "2026-11-22",
                "2026-11-23",
            ),
            (
                Preset::Week,
                "2026-11-23",
                "2026-11-17",
                "2026-11-10",
                "2026-11-17",
            ),
            (
                Preset::Thirty,
                "2026-11-23",
                "2026-10-25",
                "2026-09-25",
                "2026-10-25",
            ),
            (
                Preset::Month,
                "2026-11-23",
                "2026-11-01",
                "2026-10-01",
                "2026-10-24",
            ),
            (
                Preset::Month,
                "2026-03-31",
                "2026-03-01",
                "2026-02-01",
                "2026-03-01",
            ),
            (
                Preset::Quarter,
                "2026-11-23",
                "2026-10-01",
                "2026-07-01",
                "2026-08-24",
            ),
            (
                Preset::Year,
                "2026-11-23",
                "2026-01-01",
                "2025-01-01",
                "2025-11-24",
            ),
            (
                Preset::Twelve,
                "2026-11-23",
                "2025-11-24",
                "2024-11-24",
                "2025-11-24",
            ),
        ] {
            let stretch = preset.stretch(day(today));
            assert_eq!((stretch.from, stretch.to), (day(from), day(today)), "{preset}");
            assert_eq!(stretch.before(), (day(first), day(end)), "{preset} {today}");
        }
        let any = Stretch::between(day("2026-11-10"), day("2026-11-12"));
        assert_eq!(any.before(), (day("2026-11-07"), day("2026-11-10")));
        assert_eq!(
            any.day_before(day("2026-11-11"), Grouping::Day),
            Some(day("2026-11-08"))
        );
    }

    #[test]
    fn months_are_held_against_months_and_days_against_days() {
        let year = Preset::Year.stretch(day("2024-11-23"));
        assert_eq!(
            year.day_before(day("2024-03-01"), Grouping::Month),
            Some(day("2023-03-01"))
        );
        let march = Preset::Month.stretch(day("2026-03-31"));
        assert_eq!(
            march.day_before(day("2026-03-28"), Grouping::Day),
            Some(day("2026-02-28"))
        );
        assert_eq!(march.day_before(day("2026-03-29"), Grouping::Day), None);
        let twelve = Preset::Twelve.stretch(day("2026-11-23"));
        assert_eq!(
            twelve.day_before(twelve.from, Grouping::Month),
            Some(day("2024-11-24"))
        );
        assert_eq!(
            twelve.day_before(day("2025-12-01"), Grouping::Month),
            Some(day("2024-12-01"))
        );
    }

    #[test]
    fn intervals_begin_on_the_first_day_and_then_on_mondays_or_firsts() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let begins = |grouping: Grouping| grouping.begins(day("2026-01-28"), day("2026-02-10"));
        assert_eq!(begins(Grouping::Day).len(), 14);
        assert_eq!(
            begins(Grouping::Week),
            [day("2026-01-28"), day("2026-02-02"), day("2026-02-09")]
        );
        assert_eq!(begins(Grouping::Month), [day("2026-01-28"), day("2026-02-01")]);
        assert_eq!(Grouping::Month.begins(day("2026-02-02"), day("2026-02-01")), []);
    }
}
