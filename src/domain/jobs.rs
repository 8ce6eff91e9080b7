//! What happens by the clock: which jobs there are, when each runs, and what becomes of one that fails or is late.

use super::{calendar, codes::codes, ids::JobRunId};
use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};
use chrono_tz::Tz;

codes! {
    /// A job by its name.
    JobName {
        /// Tells customers that subscriptions end.
        ExpiryReminders = "promemoria_scadenza",
        /// Tells customers that maintenance ends.
        MaintenanceReminders = "promemoria_manutenzione",
        /// Tells customers that trials end.
        EndingTrials = "prova_in_scadenza",
        /// Tells who sells of trials that nothing is heard of.
        IdleTrials = "prova_ferma",
        /// Tells who decides of customers who wait.
        WaitingCustomers = "cliente_da_convalidare",
        /// Tells who sells once a week what there is to do.
        WeeklyDigest = "riepilogo_settimanale",
        /// Takes away what is kept no longer.
        Pruning = "pulizia",
    }
}

codes! {
    /// How a run ended.
    RunOutcome {
        /// All was done.
        Done = "riuscito",
        /// Something went wrong: it is tried again.
        Failed = "fallito",
        /// It was stopped half-way, or whoever did it died: what is left is done later.
        Cut = "interrotto",
    }
}

codes! {
    /// What a run counts.
    Counted {
        /// Messages that were queued.
        Messages = "messaggi",
        /// Licences that they are about.
        Licenses = "licenze",
        /// Customers that they are about.
        Customers = "clienti",
        /// Whoever could not be written to: nobody knows an address.
        WithoutAddress = "senza_indirizzo",
        /// Rows that were taken away.
        Rows = "righe",
    }
}

/// How often a job runs, by the clock on the wall in the installation's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timetable {
    /// Every hour, so many minutes past it.
    Hourly(u32),
    /// Every day at an hour and a minute.
    Daily(u32, u32),
    /// Every week on a day, at an hour and a minute.
    Weekly(Weekday, u32, u32),
}

impl Timetable {
    /// The first time after `now`, both UTC. A time of day that a day does not have is the instant in which the clocks
    /// jump over it; one that it has twice is the first of the two: each day has one.
    pub fn next(self, now: NaiveDateTime, zone: Tz) -> NaiveDateTime {
        let (hour, minute, day) = match self {
            Self::Hourly(minute) => return next_hour(now, minute),
            Self::Daily(hour, minute) => (hour, minute, None),
            Self::Weekly(day, hour, minute) => (hour, minute, Some(day)),
        };
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        let today = calendar::today(now, zone);
        // From the day before: a zone may jump across midnight.
        let eve = today.pred_opt().unwrap_or(today);
        (0..16)
            .filter_map(|days| eve.checked_add_days(Days::new(days)))
            .filter(|candidate| day.is_none_or(|day| candidate.weekday() == day))
            .map(|candidate| calendar::instant(candidate.and_time(time), zone))
            .find(|instant| *instant > now)
            .unwrap_or(NaiveDateTime::MAX)
    }
}

fn next_hour(now: NaiveDateTime, minute: u32) -> NaiveDateTime {
    let begun = now.with_minute(minute.min(59)).and_then(|at| at.with_second(0));
    let begun = begun.and_then(|at| at.with_nanosecond(0)).unwrap_or(now);
    if begun > now {
        begun
    } else {
        begun + Duration::hours(1)
    }
}

impl JobName {
    /// When it runs.
    pub const fn timetable(self) -> Timetable {
        match self {
            Self::WeeklyDigest => Timetable::Weekly(Weekday::Mon, 7, 0),
            Self::ExpiryReminders => Timetable::Daily(8, 0),
            Self::MaintenanceReminders => Timetable::Daily(8, 10),
            Self::EndingTrials => Timetable::Daily(8, 20),
            Self::IdleTrials => Timetable::Daily(8, 30),
            Self::WaitingCustomers => Timetable::Daily(8, 40),
            Self::Pruning => Timetable::Daily(3, 30),
        }
    }
}

/// How long a job is somebody's after each sign of life.
pub const LEASE: Duration = Duration::minutes(2);
/// How much after its time a job that nobody began is late.
pub const LATE_AFTER: Duration = Duration::minutes(15);
/// Days for which runs are kept.
pub const RUNS_KEPT: i64 = 90;

/// How long to wait after so many failures in a row.
pub fn pause_after(failures: i32) -> Duration {
    match failures {
        ..=1 => Duration::minutes(1),
        2 => Duration::minutes(5),
        3 => Duration::minutes(15),
        4 => Duration::hours(1),
        _ => Duration::hours(4),
    }
}

/// When a job that failed is tried again: after a pause, but not later than its next time.
pub fn retry_at(failures: i32, now: NaiveDateTime, next: NaiveDateTime) -> NaiveDateTime {
    next.min(now + pause_after(failures))
}

/// Of days before a last valid day (below zero: after it), the one that a reminder is due of today: the last that has
/// come. `none_after` is how many days after the last day nobody is told any more.
pub fn threshold(thresholds: &[i32], days_left: i64, none_after: i32) -> Option<i32> {
    if days_left < -i64::from(none_after) {
        return None;
    }
    thresholds
        .iter()
        .copied()
        .filter(|threshold| days_left <= i64::from(*threshold))
        .min()
}

/// The last valid days of which a threshold is due today, from the first to the last, both among them.
pub fn due_days(
    thresholds: &[i32],
    threshold: i32,
    none_after: i32,
    today: NaiveDate,
) -> Option<(NaiveDate, NaiveDate)> {
    let later = thresholds
        .iter()
        .copied()
        .filter(|other| *other < threshold)
        .max();
    let first = later.map_or(-none_after, |later| later + 1);
    let day = |days: i32| today.checked_add_signed(Duration::days(i64::from(days)));
    (first <= threshold)
        .then(|| day(first).zip(day(threshold)))
        .flatten()
}

/// Days that a period has at least for a reminder so many days before its end: one that came in its first half would be
/// read as a mistake.
pub fn least_period(threshold: i32) -> i32 {
    (threshold * 2).max(0)
}

/// Somebody's turn at a job: good as long as nobody took it since.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The job.
    pub job: JobName,
    /// Whose.
    pub owner: String,
    /// Which turn of this job it is.
    pub fence: i64,
    /// The row of this run.
    pub run: JobRunId,
    /// Since when, UTC.
    pub since: NaiveDateTime,
    /// Failures in a row before it.
    pub failures: i32,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use chrono_tz::{America, Europe};
    use proptest::prelude::*;

    fn utc(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn a_daily_time_keeps_its_hour_on_the_wall_in_winter_and_summer() {
        let daily = Timetable::Daily(8, 0);
        for (now, next) in [
            ("2026-01-10 06:59", "2026-01-10 07:00"),
            ("2026-01-10 07:00", "2026-01-11 07:00"),
            ("2026-07-10 05:00", "2026-07-10 06:00"),
            ("2026-12-31 22:59", "2027-01-01 07:00"),
            ("2028-02-28 20:00", "2028-02-29 07:00"),
        ] {
            assert_eq!(daily.next(utc(now), Europe::Rome), utc(next), "{now}");
        }
    }

    #[test]
    fn a_time_that_does_not_exist_or_exists_twice_comes_once() {
        let daily = Timetable::Daily(2, 30);
        // On 29 March 2026 the clocks go from 02:00 to 03:00 in Rome, on 25 October back from 03:00 to 02:00.
        for (now, next) in [
            ("2026-03-28 12:00", "2026-03-29 01:00"),
            ("2026-03-29 01:00", "2026-03-30 00:30"),
            ("2026-10-24 12:00", "2026-10-25 00:30"),
            ("2026-10-25 00:30", "2026-10-26 01:30"),
        ] {
            assert_eq!(daily.next(utc(now), Europe::Rome), utc(next), "{now}");
        }
    }

    #[test]
    fn a_weekly_time_comes_on_its_day() {
        let weekly = Timetable::Weekly(Weekday::Mon, 7, 0);
        for (now, next) in [
            ("2026-11-24 03:00", "2026-11-30 06:00"),
            ("2026-11-30 05:59", "2026-11-30 06:00"),
            ("2026-11-30 06:00", "2026-12-07 06:00"),
        ] {
            assert_eq!(weekly.next(utc(now), Europe::Rome), utc(next), "{now}");
        }
        assert_eq!(
            Timetable::Hourly(5).next(utc("2026-11-24 03:05"), Europe::Rome),
            utc("2026-11-24 04:05")
        );
    }

    proptest! {
        #[test]
        fn every_day_has_its_time_once(
            begin in 0_i64..3650, hour in 0_u32..24, minute in 0_u32..60,
            zone in prop::sample::select(vec![Europe::Rome, America::Sao_Paulo, America::Havana, America::New_York]),
        ) {
            let timetable = Timetable::Daily(hour, minute);
            let mut at = utc("2016-01-01 00:00") + Duration::days(begin);
            for _ in 0..10 {
                let next = timetable.next(at, zone);
                prop_assert!(next > at);
                prop_assert!(next - at <= Duration::hours(26), "{at} {next}");
                let (day, later) = (calendar::today(next, zone), calendar::today(timetable.next(next, zone), zone));
                prop_assert_eq!(day.succ_opt(), Some(later));
                at = next;
            }
        }

        #[test]
        fn the_days_of_a_threshold_are_those_on_which_it_is_the_one_that_is_due(left in -60_i64..100) {
            let thresholds = [60, 30, 7, 1, -1, -15];
            let today: NaiveDate = "2026-11-24".parse().unwrap();
            let last = today + Duration::days(left);
            let due = threshold(&thresholds, left, 30);
            for one in thresholds {
                let (from, to) = due_days(&thresholds, one, 30, today).unwrap();
                prop_assert_eq!((from..=to).contains(&last), due == Some(one));
            }
        }
    }

    #[test]
    fn the_last_threshold_that_has_come_is_due() {
        let thresholds = [60, 30, 7, 1, -1, -15];
        for (left, due) in [
            (61, None),
            (60, Some(60)),
            (31, Some(60)),
            (5, Some(7)),
            (1, Some(1)),
            (0, Some(1)),
            (-1, Some(-1)),
            (-14, Some(-1)),
            (-15, Some(-15)),
            (-30, Some(-15)),
            (-31, None),
        ] {
            assert_eq!(threshold(&thresholds, left, 30), due, "{left}");
        }
    }

    #[test]
    fn a_short_period_has_no_reminder_in_its_first_half() {
        assert!(least_period(30) > 31 && least_period(60) > 90);
        assert!(least_period(7) <= 30 && least_period(60) <= 365 && least_period(-1) == 0);
    }
}
