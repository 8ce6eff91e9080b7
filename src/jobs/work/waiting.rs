//! Customers whom nobody decides about: who may is told, higher up the tree the longer it takes.

use super::{
    super::timetable::{Ended, Run},
    people,
};
use crate::{
    domain::{
        calendar,
        error::Result,
        ids::NodeId,
        jobs::Counted,
        mail::{MailKind, phrases},
    },
    operations::App,
    store::{
        WriteTx, reminders,
        sellers::{self, Undecided},
    },
};
use chrono::{Duration, NaiveDateTime};
use serde_json::json;
use std::collections::BTreeMap;

/// Days after which somebody is told: the company, then the one above it, then the vendor.
const LEVELS: [(i32, Level); 3] = [(2, Level::Company), (5, Level::Above), (10, Level::Vendor)];
/// Customers of a batch.
const CUSTOMERS: i64 = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Company,
    Above,
    Vendor,
}

pub(super) async fn run(run: &mut Run) -> Ended {
    let now = run.now();
    for (n, (days, level)) in LEVELS.into_iter().enumerate() {
        // Who waits longer is for the next level.
        let from = LEVELS.get(n + 1).map_or(
            NaiveDateTime::MIN.max(now - Duration::days(36_500)),
            |(days, _)| now - Duration::days((*days).into()),
        );
        let until = now - Duration::days(days.into());
        loop {
            let app = run.app.clone();
            let (messages, customers) = run
                .batch(move |tx| tell(&app, tx, (days, level), (from, until)))
                .await?;
            run.count(Counted::Messages, messages);
            run.count(Counted::Customers, customers);
            if customers < usize::try_from(CUSTOMERS).unwrap_or(usize::MAX) {
                break;
            }
        }
    }
    Ok(())
}

fn tell(
    app: &App,
    tx: &mut WriteTx<'_>,
    (days, level): (i32, Level),
    since: (NaiveDateTime, NaiveDateTime),
) -> Result<(usize, usize)> {
    let found = sellers::undecided(tx, MailKind::WaitingCustomer, days, since, CUSTOMERS)?;
    let companies: Vec<NodeId> = found.iter().filter_map(|customer| customer.company).collect();
    let above = if level == Level::Above {
        sellers::parents(tx, &companies)?
    } else {
        BTreeMap::new()
    };
    let decides = |customer: &Undecided| match (level, customer.company) {
        (Level::Company, Some(company)) => company,
        (Level::Above, Some(company)) => above.get(&company).copied().unwrap_or(NodeId::VENDOR),
        _ => NodeId::VENDOR,
    };
    let mut by_node: BTreeMap<NodeId, Vec<&Undecided>> = BTreeMap::new();
    for customer in &found {
        by_node.entry(decides(customer)).or_default().push(customer);
    }
    let nodes: Vec<NodeId> = by_node.keys().copied().collect();
    let known = sellers::people(tx, &nodes)?;
    let mail = MailKind::WaitingCustomer;
    let day = |customer: &Undecided| calendar::today(customer.since, app.zone);
    reminders::note(
        tx,
        mail,
        days,
        found.iter().map(|customer| (customer.id.0, day(customer))),
    )?;
    let mut messages = 0;
    for (node, customers) in &by_node {
        let Some(people) = known.get(node) else { continue };
        let company = (*node != NodeId::VENDOR).then_some(*node);
        messages += people::tell(app, tx, mail, company, people, |language| {
            let lines = customers
                .iter()
                .map(|customer| {
                    let day = phrases::day(day(customer), language);
                    match language {
                        "en" => format!("{}: since {day}", customer.name),
                        _ => format!("{}: dal {day}", customer.name),
                    }
                })
                .collect();
            json!({"clienti": phrases::list(lines, language), "giorni": days})
        })?;
    }
    Ok((messages, found.len()))
}
