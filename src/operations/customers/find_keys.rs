//! Whoever lost their keys gets them by mail, at the address that they are known by; the answer is the same for all.

use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind},
        calendar,
        customer::Customer,
        error::{Error, Fault, Result},
        mail::MailKind,
        text,
    },
    operations::{
        App,
        licenses::view,
        messages::{self, Addressee, tell},
        users::throttle,
    },
    store::{Done, Visible, WriteTx, customers, licenses},
};
use serde_json::{Value, json};

/// Customers of one address whose keys are mailed at most.
const CUSTOMERS: i64 = 20;
/// Keys in one mail at most.
const KEYS: usize = 200;

/// Asks for the keys. Whether anybody is known by the address is looked at only after the answer: it is the same, and as
/// quick, for all.
///
/// # Errors
/// [`Error::Invalid`] for what is no e-mail address; [`Error::TooMany`].
pub async fn request(app: &App, actor: &Actor, email: &str, language: &str) -> Result<()> {
    let email = text::email(email).map_err(|_| Error::field("email", Fault::Invalid))?;
    throttle::mailing(app, actor, "keys", &email).await?;
    let (app, actor, language) = (app.clone(), actor.clone(), language.to_owned());
    tokio::spawn(async move {
        if let Err(error) = send(&app, &actor, email, language).await {
            tracing::error!(id = actor.origin().request_id, %error, "keys that were asked for were not sent");
        }
    });
    Ok(())
}

async fn send(app: &App, actor: &Actor, email: String, language: String) -> Result<()> {
    let app_ = app.clone();
    let now = app.clock.now();
    app.db
        .operation(actor, now, move |tx| {
            let found = customers::reached_at(tx, &email, CUSTOMERS)?;
            let Some(first) = found.first() else {
                return Ok(Done::Unchanged(()));
            };
            let keys = keys(&app_, tx, &found)?;
            if keys.is_empty() {
                return Ok(Done::Unchanged(()));
            }
            let event = Event::customer(EventKind::KeysMailed, first).with("chiavi", keys.len());
            let to = Addressee {
                email: &email,
                language: &language,
                company: first.company_id,
                customer: Some(first.id),
                user: None,
            };
            let payload = json!({"nome": first.name, "chiavi": keys});
            messages::queue(&app_, tx, MailKind::KeysFound, &to, &payload)?;
            Ok(Done::changed((), event))
        })
        .await
}

/// What a mail says of each licence. One that was stopped for good is of no use.
fn keys(app: &App, tx: &mut WriteTx<'_>, of: &[Visible<Customer>]) -> Result<Vec<Value>> {
    let today = calendar::today(tx.now(), app.zone);
    let mut sheets = Vec::new();
    for customer in of {
        sheets.extend(licenses::of_customer(tx, customer)?);
    }
    sheets.retain(|sheet| sheet.license.revoked_at.is_none());
    sheets.truncate(KEYS);
    Ok(view::complete(app, tx, sheets, today)?
        .iter()
        .map(tell::line)
        .collect())
}
