//! What each job does: a file for each.

mod digest;
mod expiry;
mod idle_trials;
mod maintenance;
mod people;
mod pruning;
mod reminding;
mod trials;
mod waiting;

use super::timetable::{Ended, Run};
use crate::domain::jobs::JobName;

/// Does a job.
pub(super) async fn of(job: JobName, run: &mut Run) -> Ended {
    match job {
        JobName::ExpiryReminders => expiry::run(run).await,
        JobName::MaintenanceReminders => maintenance::run(run).await,
        JobName::EndingTrials => trials::run(run).await,
        JobName::IdleTrials => idle_trials::run(run).await,
        JobName::WaitingCustomers => waiting::run(run).await,
        JobName::WeeklyDigest => digest::run(run).await,
        JobName::Pruning => pruning::run(run).await,
    }
}
