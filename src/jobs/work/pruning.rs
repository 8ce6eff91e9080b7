//! What is kept no longer goes, a few rows at a time.

use super::super::timetable::{Ended, Run};
use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind},
        calendar,
        error::Result,
        jobs::{Counted, RUNS_KEPT},
    },
    operations::customers::personal,
    store::{
        WriteTx,
        retention::{self, AT_ONCE, Log},
        settings, throttles,
    },
};
use chrono::{Duration, NaiveDateTime};

/// Hours that answers are repeated for.
const ANSWERS: i64 = 24;
/// Days for which people find what they were told.
const NOTICES: i64 = 365;
/// How much longer than it can count anything a counter is kept: clocks of nodes differ.
const SLACK: Duration = Duration::hours(1);

pub(super) async fn run(run: &mut Run) -> Ended {
    let now = run.now();
    let (kept, _) = run.app.db.lookup(settings::get).await?;
    let before = |days: i32| (days > 0).then(|| now - Duration::days(days.into()));

    sweep(run, now - Duration::hours(ANSWERS), retention::answers).await?;
    sweep(run, now - throttles::LONGEST - SLACK, retention::tries).await?;
    sweep(run, now - Duration::days(RUNS_KEPT), retention::runs).await?;
    sweep(run, now - Duration::days(RUNS_KEPT), retention::deliveries).await?;
    sweep(run, now - Duration::days(NOTICES), retention::notices).await?;
    if let Some(before) = before(kept.keep_sessions) {
        sweep(run, before, retention::sessions).await?;
        sweep(run, before, retention::links).await?;
    }
    if let Some(before) = before(kept.keep_mail) {
        sweep(run, before, retention::payloads).await?;
    }
    if let Some(before) = before(kept.keep_registrations) {
        unconfirmed(run, before).await?;
    }
    for (days, log) in [
        (kept.keep_activations, Log::Activations),
        (kept.keep_accesses, Log::Accesses),
    ] {
        if let Some(before) = before(days) {
            // Whole days, so that a day's figures are told by its rows or without them.
            let day = calendar::today(before, run.app.zone);
            let begin = calendar::start_of_day(day, run.app.zone);
            run.batch(move |tx| retention::set_cut(tx, log, begin)).await?;
            sweep(run, begin, move |tx, _| retention::log(tx, log)).await?;
        }
    }
    Ok(())
}

/// Takes away in batches until nothing is left to take.
async fn sweep<F>(run: &mut Run, before: NaiveDateTime, some: F) -> Ended
where
    F: Fn(&mut WriteTx<'_>, NaiveDateTime) -> Result<usize> + Clone + Send + 'static,
{
    loop {
        let some = some.clone();
        let gone = run.batch(move |tx| some(tx, before)).await?;
        run.count(Counted::Rows, gone);
        if gone < usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}

/// Forgets who registered and never proved the address: nobody knows whether they wanted to be known.
async fn unconfirmed(run: &mut Run, before: NaiveDateTime) -> Ended {
    loop {
        let found = run
            .app
            .db
            .lookup(move |tx| retention::unconfirmed(tx, before))
            .await?;
        if found.is_empty() {
            return Ok(());
        }
        for id in found {
            let scope = Actor::system().scope();
            let forgotten = run
                .changing(move |tx| {
                    // Somebody may have confirmed, or decided, since.
                    if !retention::unconfirmed(tx, before)?.contains(&id) {
                        return Ok((0, Vec::new()));
                    }
                    let (was, people) = personal::forget(tx, scope, id)?;
                    let event = Event::customer(EventKind::CustomerAnonymised, &was).with("utenti", people);
                    Ok((1, vec![event]))
                })
                .await?;
            run.count(Counted::Customers, forgotten);
        }
    }
}
