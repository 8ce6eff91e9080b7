//! Trials that end: their customers are told before, those who wait for validation too, for a trial's clock runs meanwhile.

use super::{
    super::timetable::{Ended, Run},
    reminding::{Plan, remind},
};
use crate::{
    domain::{license::LicenseKind, mail::MailKind},
    store::reminders::Day,
};

const PLAN: Plan = Plan {
    mail: MailKind::EndingTrial,
    kind: LicenseKind::Trial,
    day: Day::Expiry,
    thresholds: &[7, 1],
    none_after: 0,
    waiting_too: true,
};

pub(super) async fn run(run: &mut Run) -> Ended {
    remind(run, &PLAN).await
}
