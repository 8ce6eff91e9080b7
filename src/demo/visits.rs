//! Who signed in, and what they opened: the access log of two years.

use super::{chance::Chance, season::Season};
use crate::{
    domain::{actor::Actor, error::Result, ids::LogId},
    operations::App,
    store::log::{AccessEntry, LogRow},
};
use chrono::{Datelike, Duration, NaiveDateTime};

const BROWSERS: &[&str] = &[
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
];
const PAGES: &[&str] = &[
    "GET /",
    "GET /licenze",
    "GET /licenze",
    "GET /clienti",
    "GET /transazioni",
    "GET /statistiche",
    "GET /registro",
];

/// Writes down what a user did, from the first day on: more of it lately.
pub(super) async fn write(app: &App, who: &Actor, number: usize, season: &Season) -> Result<()> {
    let mut chance = Chance::of(10_000 + number);
    let browser = chance.pick(BROWSERS);
    let days = season.first.iter_days().take_while(|day| *day <= season.today);
    for (day, n) in days.zip(0_i64..) {
        let weekend = day.weekday().number_from_monday() > 5;
        if !chance.percent(if weekend { 3 } else { 12 + n / 25 }) {
            continue;
        }
        let mut at = season.at_work(day, &mut chance);
        if chance.percent(6) {
            visit(app, who, season, (at, "POST /accesso", "422"), browser).await?;
            at += Duration::seconds(21);
        }
        visit(app, who, season, (at, "POST /accesso", "303"), browser).await?;
        for _ in 0..chance.of_range(1..=3) {
            at += Duration::seconds(chance.of_range(4..=400));
            visit(app, who, season, (at, chance.pick(PAGES), "200"), browser).await?;
        }
    }
    Ok(())
}

async fn visit(
    app: &App,
    who: &Actor,
    season: &Season,
    (at, action, outcome): (NaiveDateTime, &str, &str),
    browser: &str,
) -> Result<()> {
    if at >= season.now {
        return Ok(());
    }
    let address = who.origin().address.map(|address| address.to_string());
    let entry = AccessEntry {
        id: LogId::at(at),
        at,
        user: who.user_id(),
        seen_as: None,
        node: who.node(),
        customer: who.customer(),
        action: action.to_owned(),
        outcome: outcome.to_owned(),
        address: address.unwrap_or_default(),
        user_agent: browser.to_owned(),
        request_id: String::new(),
    };
    app.db.log(LogRow::Access(Box::new(entry))).await
}
