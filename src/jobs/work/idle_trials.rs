//! Trials that were activated and then not heard of: who sells them is told, once of each.

use super::{
    super::timetable::{Ended, Run},
    people,
};
use crate::{
    domain::{
        calendar,
        error::Result,
        jobs::Counted,
        mail::{MailKind, phrases},
    },
    operations::App,
    store::{
        WriteTx, reminders,
        sellers::{self, Idle},
    },
};
use chrono::{Duration, NaiveDate, NaiveDateTime};
use serde_json::json;

/// Days without a sign of life.
const DAYS: i64 = 5;
/// Trials of a batch. Those of one seller come together: who has more of them than that gets several messages.
const TRIALS: usize = 500;

pub(super) async fn run(run: &mut Run) -> Ended {
    loop {
        let (app, since, today) = (run.app.clone(), run.now() - Duration::days(DAYS), run.today());
        let (messages, licenses) = run.batch(move |tx| tell(&app, tx, since, today)).await?;
        run.count(Counted::Messages, messages);
        run.count(Counted::Licenses, licenses);
        if licenses < TRIALS {
            return Ok(());
        }
    }
}

fn tell(app: &App, tx: &mut WriteTx<'_>, since: NaiveDateTime, today: NaiveDate) -> Result<(usize, usize)> {
    let idle = sellers::idle(tx, since, today, TRIALS)?;
    let mut nodes: Vec<_> = idle
        .iter()
        .flat_map(|trial| [trial.seller, trial.company])
        .collect();
    nodes.sort_unstable();
    nodes.dedup();
    let known = sellers::people(tx, &nodes)?;
    let mut messages = 0;
    for whose in idle.chunk_by(|one, next| one.seller == next.seller) {
        let Some(first) = whose.first() else { continue };
        // An agent without anybody: then the company.
        let people = known.get(&first.seller).or_else(|| known.get(&first.company));
        let days: Vec<_> = whose
            .iter()
            .map(|trial| (trial.license.0, calendar::today(trial.activated_at, app.zone)))
            .collect();
        reminders::note(tx, MailKind::IdleTrial, 0, days.into_iter())?;
        let Some(people) = people else { continue };
        messages += people::tell(
            app,
            tx,
            MailKind::IdleTrial,
            Some(first.company),
            people,
            |language| {
                let lines = whose.iter().map(|trial| line(app, trial, language)).collect();
                json!({"licenze": phrases::list(lines, language), "giorni": DAYS})
            },
        )?;
    }
    Ok((messages, idle.len()))
}

fn line(app: &App, trial: &Idle, language: &str) -> String {
    let day = phrases::day(calendar::today(trial.activated_at, app.zone), language);
    let since = match language {
        "en" => format!("activated on {day}"),
        _ => format!("attivata il {day}"),
    };
    let customer = trial.customer.as_deref().map(|name| format!(", {name}"));
    format!(
        "{} …{}{}: {since}",
        trial.product,
        trial.tail,
        customer.unwrap_or_default()
    )
}
