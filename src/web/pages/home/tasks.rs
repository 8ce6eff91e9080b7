//! What is to do: each line with the way to where it is done.

use super::{Seen, today::IDLE_DAYS};
use crate::web::{messages, pages::logs::words, reader::Reader};
use chrono::NaiveDateTime;
use serde::Serialize;

/// Days within which a trial that ends is worth a call.
const TRIAL_WEEKS: i32 = 1;

#[derive(Serialize)]
pub(super) struct Task {
    mood: &'static str,
    icon: &'static str,
    /// What it is about, in bold, and what with it.
    subject: String,
    text: String,
    meta: String,
    at: Option<NaiveDateTime>,
    href: String,
    action: String,
}

#[derive(Serialize)]
pub(super) struct Tasks {
    list: Vec<Task>,
    /// Customers who wait, beyond those that are named.
    more: i64,
}

fn counted(reader: &Reader, key: &str, n: i64) -> String {
    messages::filled(
        reader.language,
        key,
        [("n", n.into()), ("number", reader.number(n).into())],
    )
}

pub(super) fn list(seen: &Seen, reader: &Reader) -> Tasks {
    let mut list = Vec::new();
    let (failed, late) = seen.troubled;
    for (jobs, mood, text) in [
        (failed, "is-bad", "jobs-task-failed-text"),
        (late, "is-warn", "jobs-task-late-text"),
    ] {
        let jobs = i64::try_from(jobs).unwrap_or(i64::MAX);
        if jobs > 0 {
            list.push(Task {
                mood,
                icon: "clock",
                subject: counted(reader, "jobs-task-failed", jobs),
                text: counted(reader, text, jobs),
                meta: String::new(),
                at: None,
                href: "/attivita-pianificate".into(),
                action: reader.text("jobs-task-see"),
            });
        }
    }
    for (id, name, email, at) in &seen.waiting {
        list.push(Task {
            mood: "is-warn",
            icon: "users",
            subject: name.clone(),
            text: reader.text("task-waits"),
            meta: email.clone().unwrap_or_else(|| reader.text("task-no-email")),
            at: Some(*at),
            href: format!("/clienti/{id}"),
            action: reader.text("task-examine"),
        });
    }
    let unassigned = seen.unassigned;
    if unassigned > 0 {
        list.push(Task {
            mood: "is-info",
            icon: "key",
            subject: counted(reader, "task-licenses", unassigned),
            text: reader.text("task-unassigned"),
            meta: reader.text("task-unassigned-meta"),
            at: None,
            href: "/in-attesa/licenze".into(),
            action: reader.text("task-assign"),
        });
    }
    for row in &seen.refused {
        let reason = words::outcome(&row.outcome, reader);
        let (meta, href, action) = match (row.license, &row.tail) {
            (Some(license), Some(tail)) => {
                let whose = row.customer.clone().unwrap_or_else(|| format!("…{tail}"));
                let product = row.product.as_deref().unwrap_or_default();
                let places = match (row.devices_used, row.max_devices) {
                    (Some(used), Some(max)) if row.outcome == "DISPOSITIVI_ESAURITI" => {
                        format!(": {} / {}", reader.number(used.into()), reader.number(max.into()))
                    }
                    _ => String::new(),
                };
                (
                    format!("{whose} · {product} · {reason}{places}"),
                    format!("/licenze/{license}"),
                    reader.text("task-open-license"),
                )
            }
            // Licences that left the scope meanwhile, and keys that nobody has.
            _ => (
                reason,
                format!("/registri/attivazioni?operazione=attiva&esito={}", row.outcome),
                reader.text("task-open-log"),
            ),
        };
        list.push(Task {
            mood: "is-bad",
            icon: "alert",
            subject: counted(reader, "task-refused", row.count),
            text: match row.license {
                Some(_) => counted(reader, "task-same-license", row.count),
                None => reader.text("task-no-license"),
            },
            meta,
            at: row.last,
            href,
            action,
        });
    }
    let ending: i64 = seen
        .lives
        .iter()
        .filter(|row| row.trial == 1 && (1..=TRIAL_WEEKS).contains(&row.week))
        .map(|row| row.count)
        .sum();
    if ending > 0 {
        list.push(Task {
            mood: "is-info",
            icon: "flask",
            subject: counted(reader, "task-trials", ending),
            text: counted(reader, "task-ending", ending),
            meta: reader.text("task-ending-meta"),
            at: None,
            href: "/licenze?tipo=trial&scade_entro=7".into(),
            action: reader.text("task-see"),
        });
    }
    if seen.idle > 0 {
        list.push(Task {
            mood: "is-warn",
            icon: "hourglass",
            subject: counted(reader, "task-trials", seen.idle),
            text: counted(reader, "task-idle", seen.idle),
            meta: reader.text("task-idle-meta"),
            at: None,
            href: format!("/licenze?ferma_da={IDLE_DAYS}"),
            action: reader.text("task-see"),
        });
    }
    let renewals: i64 = seen
        .lives
        .iter()
        .filter(|row| row.trial == 0 && row.week == TRIAL_WEEKS)
        .map(|row| row.count)
        .sum();
    if renewals > 0 {
        list.push(Task {
            mood: "is-info",
            icon: "key",
            subject: counted(reader, "task-licenses", renewals),
            text: counted(reader, "task-ending", renewals),
            meta: reader.text("task-renewals-meta"),
            at: None,
            href: "/licenze?tipo=abbonamento&scade_entro=7".into(),
            action: reader.text("task-see"),
        });
    }
    let waiting: i64 = seen
        .customers
        .iter()
        .filter(|(waits, ..)| *waits)
        .map(|(.., count)| count)
        .sum();
    let named = i64::try_from(seen.waiting.len()).unwrap_or(i64::MAX);
    Tasks {
        list,
        more: (waiting - named).max(0),
    }
}
