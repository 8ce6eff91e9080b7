//! Days and periods as customers count them: expiries are days in the installation's time zone, instants
//! are UTC, and the two meet here only, where days without a midnight and months without a 31st are known.

use chrono::{
    Datelike, Days, Duration, MappedLocalTime, Months, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone,
};
use chrono_tz::{GapInfo, Tz};

/// The last year a date may fall in: what MariaDB, RFC 3339 and people can write.
const LAST_YEAR: i32 = 9999;

/// The day that a calendar on the wall in `zone` shows at `now` (UTC).
pub fn today(now: NaiveDateTime, zone: Tz) -> NaiveDate {
    let offset = zone.offset_from_utc_datetime(&now).fix();
    now.checked_add_offset(offset).unwrap_or(now).date()
}

/// The instant (UTC) with which `day` is over in `zone`: the first one that belongs to a later day there.
///
/// Where the next midnight does not exist, that is the end of the gap; where it comes twice, the first of
/// the two. The end of time itself is [`NaiveDateTime::MAX`].
pub fn end_of_day(day: NaiveDate, zone: Tz) -> NaiveDateTime {
    let Some(next) = day.succ_opt() else {
        return NaiveDateTime::MAX;
    };
    instant(next.and_time(NaiveTime::MIN), zone)
}

/// The instant (UTC) in which the clock on the wall in `zone` shows `local`: where it never does the end of the gap, where
/// it does twice the first.
pub fn instant(local: NaiveDateTime, zone: Tz) -> NaiveDateTime {
    let offset = match zone.offset_from_local_datetime(&local) {
        MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => offset.fix(),
        MappedLocalTime::None => {
            return GapInfo::new(&local, &zone)
                .and_then(|gap| gap.end)
                .map_or(local, |end| end.naive_utc());
        }
    };
    local.checked_sub_offset(offset).unwrap_or(local)
}

/// The instant (UTC) with which `day` begins in `zone`.
pub fn start_of_day(day: NaiveDate, zone: Tz) -> NaiveDateTime {
    day.pred_opt()
        .map_or(NaiveDateTime::MIN, |eve| end_of_day(eve, zone))
}

/// The day `n` days after `day`; `None` beyond the year 9999.
pub fn plus_days(day: NaiveDate, n: u32) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(u64::from(n)))
        .and_then(within_years)
}

/// The last valid day of a period of `months` months that starts on `start`: start + months − 1 day.
///
/// `anchor_day` (1–31) is the day of the month on which the first period of the row started. A short month
/// moves a start to its last day, and the anchor brings the following ones back: from 31 January to
/// 27 (28) February, then to 30 March. It counts only where `start` stands on it so; any other start
/// counts from its own day, so that no period is shorter or longer than what was bought.
///
/// `None` for no months at all and beyond the year 9999.
pub fn period_end(start: NaiveDate, months: u32, anchor_day: u32) -> Option<NaiveDate> {
    if months == 0 {
        return None;
    }
    let anchor_day = if start.day() == anchor_day.min(days_in_month(start)) {
        anchor_day
    } else {
        start.day()
    };
    let month = start.with_day(1)?.checked_add_months(Months::new(months))?;
    month
        .with_day(anchor_day.min(days_in_month(month)))?
        .pred_opt()
        .and_then(within_years)
}

/// The last valid day of the period of `months` months that follows one ending on `last_day`: it starts the
/// day after. `anchor_day` and `None` as for [`period_end`].
pub fn next_period_end(last_day: NaiveDate, months: u32, anchor_day: u32) -> Option<NaiveDate> {
    period_end(last_day.succ_opt()?, months, anchor_day)
}

fn within_years(day: NaiveDate) -> Option<NaiveDate> {
    (day.year() <= LAST_YEAR).then_some(day)
}

fn days_in_month(day: NaiveDate) -> u32 {
    u32::from(day.num_days_in_month())
}

/// Whether the hours of a zone begin with those of UTC: now, and in the last ten years, in which something may have been
/// written.
pub fn is_whole_hours(zone: Tz, now: NaiveDateTime) -> bool {
    (0..40).all(|quarter| {
        let at = now - Duration::days(90 * quarter);
        zone.offset_from_utc_datetime(&at).fix().local_minus_utc() % 3600 == 0
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use chrono::TimeDelta;
    use chrono_tz::{America, Atlantic, Europe, Pacific};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn utc(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
    }

    #[test]
    fn the_day_in_rome_changes_at_its_own_midnight_in_winter_and_summer() {
        for (now, expected) in [
            ("2026-12-31 22:59:59", "2026-12-31"),
            ("2026-12-31 23:00:00", "2027-01-01"),
            ("2026-06-30 21:59:59", "2026-06-30"),
            ("2026-06-30 22:00:00", "2026-07-01"),
        ] {
            assert_eq!(today(utc(now), Europe::Rome), day(expected), "{now}");
        }
    }

    #[test]
    fn days_in_rome_around_the_clock_changes_last_23_and_25_hours() {
        for (last, before, end) in [
            ("2026-03-29", "2026-03-28 23:00:00", "2026-03-29 22:00:00"),
            ("2026-10-25", "2026-10-24 22:00:00", "2026-10-25 23:00:00"),
            ("2026-12-31", "2026-12-30 23:00:00", "2026-12-31 23:00:00"),
        ] {
            assert_eq!(end_of_day(day(last), Europe::Rome), utc(end));
            let eve = day(last).pred_opt().unwrap();
            assert_eq!(end_of_day(eve, Europe::Rome), utc(before));
        }
    }

    #[test]
    fn a_missing_midnight_is_the_instant_in_which_the_clocks_jump() {
        for (zone, last, end) in [
            (America::Sao_Paulo, "2018-11-03", "2018-11-04 03:00:00"),
            (America::Havana, "2024-03-09", "2024-03-10 05:00:00"),
            // The gap begins before midnight: 23:30 became 00:30.
            (America::Toronto, "1919-03-30", "1919-03-31 04:30:00"),
            // A whole day is missing: after the 29th came the 31st.
            (Pacific::Apia, "2011-12-29", "2011-12-30 10:00:00"),
            (Pacific::Apia, "2011-12-30", "2011-12-30 10:00:00"),
        ] {
            assert_eq!(end_of_day(day(last), zone), utc(end), "{zone} {last}");
        }
    }

    #[test]
    fn a_doubled_midnight_counts_at_its_first_coming() {
        for (zone, last, end) in [
            // 01:00 became 00:00 of the same day.
            (America::Havana, "2024-11-02", "2024-11-03 04:00:00"),
            (Atlantic::Azores, "2026-10-24", "2026-10-25 00:00:00"),
            // 00:01 became 23:01 of the day before.
            (America::St_Johns, "2010-11-06", "2010-11-07 02:30:00"),
            // 24:00 became 23:00: the hour is doubled, midnight is not.
            (America::Sao_Paulo, "2018-02-17", "2018-02-18 03:00:00"),
        ] {
            assert_eq!(end_of_day(day(last), zone), utc(end), "{zone} {last}");
        }
    }

    #[test]
    fn the_ends_of_time_are_answered_without_panic() {
        for zone in [Pacific::Apia, Pacific::Niue, Europe::Rome] {
            assert_eq!(end_of_day(NaiveDate::MAX, zone), NaiveDateTime::MAX);
            let _ = end_of_day(NaiveDate::MIN, zone);
            let _ = end_of_day(NaiveDate::MAX.pred_opt().unwrap(), zone);
            assert_eq!(today(NaiveDateTime::MAX, zone), NaiveDate::MAX);
            assert_eq!(today(NaiveDateTime::MIN, zone), NaiveDate::MIN);
        }
    }

    #[test]
    fn days_are_added_across_leap_days_and_up_to_the_year_9999() {
        assert_eq!(plus_days(day("2028-02-28"), 1), Some(day("2028-02-29")));
        assert_eq!(plus_days(day("2026-11-23"), 30), Some(day("2026-12-23")));
        assert_eq!(plus_days(day("9999-12-30"), 1), Some(day("9999-12-31")));
        assert_eq!(plus_days(day("9999-12-31"), 1), None);
        assert_eq!(plus_days(day("2026-01-01"), u32::MAX), None);
    }

    #[test]
    fn a_subscription_from_31_january_ends_in_late_february_then_on_30_march() {
        for (start, first) in [("2026-01-31", "2026-02-27"), ("2028-01-31", "2028-02-28")] {
            let end = period_end(day(start), 1, 31).unwrap();
            assert_eq!(end, day(first));
            let march = next_period_end(end, 1, 31).unwrap();
            assert_eq!((march.month(), march.day()), (3, 30));
        }
    }

    #[test]
    fn a_year_from_a_leap_day_returns_to_the_leap_day() {
        let mut end = period_end(day("2024-02-29"), 12, 29).unwrap();
        for expected in [
            "2025-02-27",
            "2026-02-27",
            "2027-02-27",
            "2028-02-28",
            "2029-02-27",
        ] {
            assert_eq!(end, day(expected));
            end = next_period_end(end, 12, 29).unwrap();
        }
        assert_eq!(period_end(day("2026-01-01"), 12, 1), Some(day("2026-12-31")));
    }

    #[test]
    fn a_month_end_anchor_holds_for_36_months() {
        let mut start = day("2026-01-31");
        for month in 1..=36 {
            let end = period_end(start, 1, 31).unwrap();
            start = end.succ_opt().unwrap();
            let months = u32::try_from(start.year() - 2026).unwrap() * 12 + start.month0();
            assert_eq!(months, month);
            assert_eq!(start.day(), days_in_month(start), "the last of the month");
        }
    }

    #[test]
    fn a_start_that_does_not_stand_on_the_anchor_counts_from_its_own_day() {
        assert_eq!(period_end(day("2026-01-10"), 1, 31), Some(day("2026-02-09")));
        assert_eq!(period_end(day("2026-01-31"), 1, 5), Some(day("2026-02-27")));
        assert_eq!(period_end(day("2026-01-10"), 1, 0), Some(day("2026-02-09")));
    }

    #[test]
    fn no_months_and_far_futures_are_refused() {
        assert_eq!(period_end(day("2026-01-31"), 0, 31), None);
        assert_eq!(period_end(day("2026-01-31"), u32::MAX, 31), None);
        assert_eq!(period_end(day("9999-01-01"), 12, 1), Some(day("9999-12-31")));
        assert_eq!(period_end(day("9999-01-02"), 12, 2), None);
        assert_eq!(next_period_end(day("9999-12-31"), 1, 1), None);
        assert_eq!(next_period_end(NaiveDate::MAX, 1, 1), None);
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0..365_000_u64).prop_map(|n| day("1900-01-01") + Days::new(n))
    }

    proptest! {
        #[test]
        fn consecutive_periods_neither_overlap_nor_leave_a_gap(
            start in any_day(), months in 1..=24_u32, count in 1..=20_u32,
        ) {
            let anchor = start.day();
            let mut end = period_end(start, months, anchor).unwrap();
            prop_assert!(end >= start);
            for _ in 1..count {
                let later = next_period_end(end, months, anchor).unwrap();
                let length = (later - end).num_days();
                let months = i64::from(months);
                prop_assert!((28 * months..=31 * months).contains(&length));
                end = later;
            }
            prop_assert_eq!(Some(end), period_end(start, months * count, anchor));
        }

        #[test]
        fn a_day_ends_with_the_first_instant_of_a_later_day(
            last in (0..73_000_u64).prop_map(|n| day("1900-01-01") + Days::new(n)),
            zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        ) {
            let end = end_of_day(last, zone);
            prop_assert!(today(end, zone) > last);
            for minutes in 0..=150 {
                let before = end - TimeDelta::minutes(minutes) - TimeDelta::seconds(1);
                prop_assert!(today(before, zone) <= last);
            }
        }

        #[test]
        fn any_arguments_are_answered_without_panic(days in any::<i32>(), months: u32, anchor: u32) {
            if let Some(start) = NaiveDate::from_num_days_from_ce_opt(days) {
                let _ = (period_end(start, months, anchor), next_period_end(start, months % 999, anchor));
                let _ = (plus_days(start, months), end_of_day(start, Pacific::Apia));
            }
        }
    }
}
