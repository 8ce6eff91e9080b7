//! Subscriptions that end: their customers are told before, and after.

use super::{
    super::timetable::{Ended, Run},
    reminding::{Plan, remind},
};
use crate::{
    domain::{license::LicenseKind, mail::MailKind},
    store::reminders::Day,
};

/// Days before the last valid day, and after it. Who was not told for so long after the last of them is not told any more.
const PLAN: Plan = Plan {
    mail: MailKind::ExpiryReminder,
    kind: LicenseKind::Subscription,
    day: Day::Expiry,
    thresholds: &[60, 30, 7, 1, -1, -15],
    none_after: 30,
    waiting_too: false,
};

pub(super) async fn run(run: &mut Run) -> Ended {
    remind(run, &PLAN).await
}
