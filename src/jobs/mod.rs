//! What happens by itself while the program runs: mail, figures, and what goes by the clock.

pub mod timetable;
mod work;

use crate::{
    domain::{error::Result, jobs::RunOutcome},
    gateways::mail::Mailer,
    operations::{
        App,
        messages::post::{Posted, post},
        products::announce,
        webhooks::deliver::{Delivered, deliver as carry, spread},
    },
};
use std::{sync::Arc, time::Duration};
use timetable::Worker;
use tokio::{sync::watch, task::JoinSet, time::sleep};

/// How often the outbox is looked at.
const GLANCE: Duration = Duration::from_secs(2);
/// Messages that are sent at once: a server that is slow with one does not hold up the others.
const POSTMEN: usize = 4;
/// Webhooks that are called at once: one that is slow does not hold up the others.
const CARRIERS: usize = 3;
/// How often versions are looked at that customers are to be told of.
const ANNOUNCING: Duration = Duration::from_secs(10);
/// How often what changed figures is folded into the tallies.
const FOLDING: Duration = Duration::from_secs(5);
/// How often the timetable is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// How long nobody tries after a mail server could not be reached, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(60));

/// What runs beside the requests, until it is ended.
#[derive(Debug)]
pub struct Jobs {
    stop: watch::Sender<bool>,
    running: JoinSet<()>,
}

impl Jobs {
    /// Begins.
    pub fn start(app: &App) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut running = JoinSet::new();
        running.spawn(fold(app.clone(), stopped.clone()));
        running.spawn(keep_time(app.clone(), stopped.clone()));
        running.spawn(announce(app.clone(), stopped.clone()));
        running.spawn(spread_events(app.clone(), stopped.clone()));
        for _ in 0..CARRIERS {
            running.spawn(carry_events(app.clone(), stopped.clone()));
        }
        if let Some(mailer) = &app.mailer {
            for _ in 0..POSTMEN {
                running.spawn(deliver(app.clone(), mailer.clone(), stopped.clone()));
            }
        }
        Self { stop, running }
    }

    /// Ends: nothing new is begun, and what was begun is finished, or given up after a while.
    pub async fn end(mut self, patience: Duration) {
        let _ = self.stop.send(true);
        let finished = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, finished).await.is_err() {
            tracing::warn!("what was begun is left to the next start");
        }
    }
}

async fn deliver(app: App, mailer: Arc<Mailer>, mut stopped: watch::Receiver<bool>) {
    let mut pause = PAUSES.0;
    while !*stopped.borrow() {
        let next = match post(&app, &mailer).await {
            Ok(Posted::Sent | Posted::NotSent) => {
                pause = PAUSES.0;
                continue;
            }
            Ok(Posted::Nothing) => GLANCE,
            Ok(Posted::Unreachable) => {
                let now = pause;
                pause = (pause * 2).min(PAUSES.1);
                now
            }
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be worked through");
                PAUSES.1
            }
        };
        tokio::select! {
            () = sleep(next) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Makes deliveries of what happened.
async fn spread_events(app: App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let next = match spread(&app).await {
            Ok(true) => continue,
            Ok(false) => GLANCE,
            Err(error) => {
                tracing::warn!(%error, "events could not be queued for webhooks yet");
                PAUSES.1
            }
        };
        tokio::select! {
            () = sleep(next) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Sends deliveries, one after the other.
async fn carry_events(app: App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let next = match carry(&app, &app.webhooks).await {
            Ok(Delivered::Taken | Delivered::NotTaken) => continue,
            Ok(Delivered::Nothing) => GLANCE,
            Err(error) => {
                tracing::warn!(%error, "webhooks cannot be worked through");
                PAUSES.1
            }
        };
        tokio::select! {
            () = sleep(next) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Tells customers of new versions, so many at a time.
async fn announce(app: App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let more = match announce::go_on(&app).await {
            Ok(more) => more,
            Err(error) => {
                tracing::warn!(%error, "customers could not be told of a version yet");
                false
            }
        };
        tokio::select! {
            () = sleep(if more { GLANCE / 20 } else { ANNOUNCING }) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Folds what changed figures into the tallies, a little at a time: no operation waits for long, and readers add what is
/// left.
async fn fold(app: App, mut stopped: watch::Receiver<bool>) {
    let mut failed = false;
    while !*stopped.borrow() {
        let folded = app.db.fold_tallies(app.clock.now(), app.zone).await;
        // Said once, not every five seconds.
        if let Err(error) = &folded
            && !failed
        {
            tracing::warn!(%error, "figures could not be folded into their tallies yet");
        }
        failed = folded.is_err();
        let more = folded.unwrap_or(false);
        tokio::select! {
            () = sleep(if more { FOLDING / 100 } else { FOLDING }) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Does what is due, whenever it is.
async fn keep_time(app: App, mut stopped: watch::Receiver<bool>) {
    let worker = Worker::until(stopped.clone());
    let mut failed = false;
    while !*stopped.borrow() {
        let ran = timetable::run_due(&app, &worker).await;
        if let Err(error) = &ran
            && !failed
        {
            tracing::warn!(%error, "the timetable cannot be kept");
        }
        failed = ran.is_err();
        tokio::select! {
            () = sleep(LOOK) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Does what is due once, folds figures, sends what the outbox holds, and ends: with how many jobs failed.
///
/// # Errors
/// Of the database. A mail server that cannot be reached is none.
pub async fn run(app: &App) -> Result<usize> {
    let ran = timetable::run_due(app, &Worker::new()).await?;
    while app.db.fold_tallies(app.clock.now(), app.zone).await? {}
    let sent = drain(app).await?;
    tracing::info!(jobs = ran.len(), sent, "what was due is done");
    Ok(ran
        .iter()
        .filter(|(_, outcome)| *outcome == RunOutcome::Failed)
        .count())
}

/// Sends what the outbox holds, and ends: with how many messages the server took.
///
/// # Errors
/// Of the database. A mail server that cannot be reached is none: what waits, waits.
pub async fn drain(app: &App) -> Result<usize> {
    let Some(mailer) = &app.mailer else {
        return Ok(0);
    };
    let mut sent = 0;
    loop {
        match post(app, mailer).await? {
            Posted::Sent => sent += 1,
            Posted::NotSent => {}
            Posted::Nothing | Posted::Unreachable => return Ok(sent),
        }
    }
}
