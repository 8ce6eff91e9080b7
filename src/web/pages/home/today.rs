//! An agent's first page: whom to call today and about what, and below it what one sold.

use super::{Asked, By, Seen, figures, periods, ranked};
use crate::{
    domain::{
        access::{Action, may},
        actor::Actor,
        calendar,
        company_rules::Graces,
        license::{LicenseKind, days_after},
    },
    operations::App,
    store::{
        day::{self, Due, Waits},
        licenses::Filter,
        statistics::{self, Refused},
    },
    web::{
        page::{Answer, Page},
        pages::{addresses, logs::words},
        reader::Reader,
    },
};
use chrono::{Duration, NaiveDateTime};
use serde_json::{Value, json};

/// Rows of each list: the others are behind its link.
const SHOWN: i64 = 5;
/// Days before its end in which a licence is worth a call.
const RENEWAL_DAYS: i32 = 30;
/// Days before its end in which a trial is.
const TRIAL_DAYS: i32 = 7;
/// Days after which a trial that nothing is heard of is one that does not run.
pub(super) const IDLE_DAYS: i64 = 5;
/// Days of refusals that are looked back on.
const REFUSED_DAYS: i64 = 7;
/// Licences and reasons of refusals that are summed at most.
const REFUSED_SUMMED: i64 = 1000;

/// Figures that an agent's own sales show.
const OWN: [&str; 3] = ["activations", "converted", "sold"];

/// Trials that nothing was heard of for some days.
pub(super) fn idle(now: NaiveDateTime) -> Filter {
    Filter {
        idle_since: Some(now - Duration::days(IDLE_DAYS)),
        ..Filter::default()
    }
}

struct Day {
    waiting: (Vec<Waits>, i64),
    refused: Vec<Refused>,
    trials: (Vec<Due>, i64),
    idle: (Vec<Due>, i64),
    expiring: (Vec<Due>, i64),
}

/// The page.
pub(super) async fn page(app: &App, actor: &Actor, reader: &Reader, asked: Asked) -> Answer {
    let scope = actor.scope();
    let (seen, day) = app
        .db
        .read(move |tx| {
            let (today, span, day_ago, cuts) = asked.stretches();
            let ending = |kind, days| Filter {
                kind: Some(kind),
                expires_by: Some(days_after(today, days)),
                ..Filter::default()
            };
            let (renewals, trials) = (
                ending(LicenseKind::Subscription, RENEWAL_DAYS),
                ending(LicenseKind::Trial, TRIAL_DAYS),
            );
            let since = asked.now - Duration::days(REFUSED_DAYS);
            let day = Day {
                waiting: day::customers(tx, scope, SHOWN)?,
                refused: statistics::refused(tx, scope, since, REFUSED_SUMMED)?,
                trials: day::licenses(tx, scope, &trials, today, SHOWN)?,
                idle: day::licenses(tx, scope, &idle(asked.now), today, SHOWN)?,
                expiring: day::licenses(tx, scope, &renewals, today, SHOWN)?,
            };
            let board = statistics::board(tx, scope, &cuts, today, &Graces::default())?;
            let currency = super::main_currency(&board.sales);
            let begun = calendar::start_of_day(span.from, asked.zone);
            let ranking = if board.sales.is_empty() {
                Vec::new()
            } else {
                statistics::ranking(tx, scope, By::Customer, &currency, begun)?
            };
            let seen = Seen {
                period: asked.period,
                active: 0,
                idle: 0,
                unassigned: 0,
                troubled: (0, 0),
                lives: board.lives,
                tried: board.tried,
                customers: Vec::new(),
                waiting: Vec::new(),
                refused: Vec::new(),
                recent: Vec::new(),
                by: By::Customer,
                day_ago,
                span,
                today,
                cuts,
                sales: board.sales,
                currency,
                ranking,
            };
            Ok((seen, day))
        })
        .await?;
    let cards: Vec<Value> = figures::cards(&seen, reader, false)
        .into_iter()
        .filter(|card| card["key"].as_str().is_some_and(|key| OWN.contains(&key)))
        .collect();
    let shown = json!({
        "groups": groups(&day, reader, may(actor, Action::DecideCustomer)),
        "periods": periods(&seen),
        "period": seen.period,
        "from": seen.span.from,
        "kpis": cards,
        "sold": seen.sales.iter().any(|row| row.currency == seen.currency),
        "currency": seen.currency,
        "figures": figures::months(&seen, reader),
        "ranking": ranked(&seen),
        "by": "customer",
    });
    Page::new("pages/home/today", shown)?.reply()
}

/// A list with how many there are, and where all of them stand.
fn group(key: &str, icon: &str, mood: &str, n: i64, href: String, rows: Vec<Value>) -> Option<Value> {
    let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    (n > 0).then(|| {
        json!({
            "key": key, "icon": icon, "mood": mood, "n": n, "href": href, "rows": rows, "more": n > shown,
        })
    })
}

fn due(list: &[Due], action: &str) -> Vec<Value> {
    list.iter()
        .map(|row| {
            json!({
                "who": row.name,
                "who_href": row.customer.map(|id| format!("/clienti/{id}")),
                "product": row.product,
                "tail": row.tail,
                "day": row.expires_on,
                "at": row.activated_at.unwrap_or(row.created_at),
                "active": row.activated_at.is_some(),
                "phone": row.phone, "call": addresses::call(row.phone.as_deref()),
                "email": row.email,
                "href": format!("/licenze/{}", row.id),
                "action": action,
            })
        })
        .collect()
}

fn groups(day: &Day, reader: &Reader, decides: bool) -> Vec<Value> {
    let waiting: Vec<Value> = day
        .waiting
        .0
        .iter()
        .map(|row| {
            let (href, action) = if decides {
                (
                    format!("/in-attesa/clienti/decidi?azione=convalida&id={}", row.id),
                    "today-decide",
                )
            } else {
                (format!("/clienti/{}", row.id), "today-open")
            };
            json!({
                "who": row.name, "who_href": format!("/clienti/{}", row.id), "at": row.at, "phone": row.phone, "call": addresses::call(row.phone.as_deref()),
                "email": row.email, "href": href, "action": action,
            })
        })
        .collect();
    let refused: Vec<Value> = day
        .refused
        .iter()
        .take(usize::try_from(SHOWN).unwrap_or_default())
        .map(|row| {
            let full = row.outcome == "DISPOSITIVI_ESAURITI";
            let (href, action) = match (row.license.filter(|_| row.tail.is_some()), full) {
                (Some(license), true) => (format!("/licenze/{license}/dispositivi"), "today-free"),
                (Some(license), false) => (format!("/licenze/{license}"), "today-open"),
                (None, _) => (
                    format!("/registri/attivazioni?operazione=attiva&esito={}", row.outcome),
                    "today-log",
                ),
            };
            json!({
                "who": row.customer, "product": row.product, "tail": row.tail, "reason": words::outcome(&row.outcome, reader),
                "times": row.count, "places": full, "used": row.devices_used, "most": row.max_devices, "at": row.last,
                "href": href, "action": action,
            })
        })
        .collect();
    let tries: i64 = day.refused.iter().map(|row| row.count).sum();
    let hours = REFUSED_DAYS * 24;
    let mut refused = group(
        "refused",
        "alert",
        "is-bad",
        tries,
        format!("/registri/attivazioni?operazione=attiva&esito=rifiutata&ore={hours}"),
        refused,
    );
    if let Some(group) = &mut refused {
        group["more"] = json!(day.refused.len() > usize::try_from(SHOWN).unwrap_or_default());
    }
    let order = "ordine=scadenza";
    [
        group(
            "waiting",
            "users",
            "is-warn",
            day.waiting.1,
            "/in-attesa".into(),
            waiting,
        ),
        refused,
        group(
            "trials",
            "flask",
            "is-info",
            day.trials.1,
            format!("/licenze?tipo=trial&scade_entro={TRIAL_DAYS}&{order}"),
            due(&day.trials.0, "today-open"),
        ),
        group(
            "idle",
            "hourglass",
            "is-warn",
            day.idle.1,
            format!("/licenze?ferma_da={IDLE_DAYS}"),
            due(&day.idle.0, "today-open"),
        ),
        group(
            "expiring",
            "key",
            "is-info",
            day.expiring.1,
            format!("/licenze?tipo=abbonamento&scade_entro={RENEWAL_DAYS}&{order}"),
            due(&day.expiring.0, "today-open"),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
