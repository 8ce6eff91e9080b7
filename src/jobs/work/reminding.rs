//! Telling customers of a day of their licences, so many days before it and after: one message to each, however many
//! licences it is about.

use super::super::timetable::{Ended, Run};
use crate::{
    domain::{
        error::Result,
        ids::CustomerId,
        jobs::{Counted, due_days, least_period},
        license::LicenseKind,
        mail::{MailKind, phrases},
    },
    operations::{
        App,
        messages::{Addressee, queue},
    },
    store::{
        WriteTx,
        reminders::{self, Day, Reached, Told, Wanted},
    },
};
use chrono::NaiveDate;
use serde_json::json;

/// Customers of a batch.
const CUSTOMERS: usize = 25;

/// Of what customers are told, and when.
pub(super) struct Plan {
    /// As which message.
    pub mail: MailKind,
    /// Of licences of this kind.
    pub kind: LicenseKind,
    /// Of this day of theirs.
    pub day: Day,
    /// Days before that day; below zero after it.
    pub thresholds: &'static [i32],
    /// Days after it from which on nobody is told any more.
    pub none_after: i32,
    /// Customers who wait are told, too.
    pub waiting_too: bool,
}

#[derive(Default)]
struct Sent {
    messages: usize,
    licenses: usize,
    without_address: usize,
}

/// Tells all who are to be told today, and were not yet.
pub(super) async fn remind(run: &mut Run, plan: &Plan) -> Ended {
    let today = run.today();
    for threshold in plan.thresholds.iter().copied() {
        let Some((from, to)) = due_days(plan.thresholds, threshold, plan.none_after, today) else {
            continue;
        };
        let wanted = Wanted {
            mail: plan.mail,
            kind: plan.kind,
            day: plan.day,
            from,
            to,
            threshold,
            least_period: least_period(threshold),
            waiting_too: plan.waiting_too,
        };
        let look = wanted.clone();
        let customers = run
            .app
            .db
            .lookup(move |tx| reminders::customers(tx, &look))
            .await?;
        for some in customers.chunks(CUSTOMERS) {
            let (app, wanted, some) = (run.app.clone(), wanted.clone(), some.to_vec());
            let sent = run.batch(move |tx| tell(&app, tx, &wanted, today, &some)).await?;
            run.count(Counted::Messages, sent.messages);
            run.count(Counted::Licenses, sent.licenses);
            run.count(Counted::WithoutAddress, sent.without_address);
        }
    }
    Ok(())
}

/// Tells some customers, and notes it, in one transaction.
fn tell(
    app: &App,
    tx: &mut WriteTx<'_>,
    wanted: &Wanted,
    today: NaiveDate,
    some: &[CustomerId],
) -> Result<Sent> {
    let licenses = reminders::licenses(tx, wanted, some)?;
    let people = reminders::reached(tx, some)?;
    let mut sent = Sent::default();
    for whose in licenses.chunk_by(|one, next| one.customer == next.customer) {
        let Some(person) = whose.first().and_then(|told| people.get(&told.customer)) else {
            continue;
        };
        let Some(email) = &person.email else {
            sent.without_address += 1;
            continue;
        };
        reminders::note(
            tx,
            wanted.mail,
            wanted.threshold,
            whose.iter().map(|told| (told.license.0, told.about)),
        )?;
        write(app, tx, wanted.mail, today, (person, email), whose)?;
        sent.messages += 1;
        sent.licenses += whose.len();
    }
    Ok(sent)
}

fn write(
    app: &App,
    tx: &mut WriteTx<'_>,
    mail: MailKind,
    today: NaiveDate,
    (person, email): (&Reached, &str),
    whose: &[Told],
) -> Result<()> {
    let language = person.language.as_deref().unwrap_or(&app.language);
    let days = |about: NaiveDate| (about - today).num_days();
    let lines = whose
        .iter()
        .map(|told| phrases::license(&told.product, &told.tail, told.about, days(told.about), language))
        .collect();
    // They are in the order of their days.
    let first = whose.first().map_or(today, |told| told.about);
    let payload = json!({
        "nome": person.name,
        "quando": phrases::distance(days(first), language),
        "licenze": phrases::list(lines, language),
    });
    let to = Addressee {
        email,
        language,
        company: person.company,
        customer: Some(person.id),
        user: None,
    };
    queue(app, tx, mail, &to, &payload)
}
