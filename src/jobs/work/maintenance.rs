//! Permanent licences whose maintenance ends: their customers are told before, and after.

use super::{
    super::timetable::{Ended, Run},
    reminding::{Plan, remind},
};
use crate::{
    domain::{license::LicenseKind, mail::MailKind},
    store::reminders::Day,
};

const PLAN: Plan = Plan {
    mail: MailKind::MaintenanceReminder,
    kind: LicenseKind::Permanent,
    day: Day::Maintenance,
    thresholds: &[30, 7, -1],
    none_after: 15,
    waiting_too: false,
};

pub(super) async fn run(run: &mut Run) -> Ended {
    remind(run, &PLAN).await
}
