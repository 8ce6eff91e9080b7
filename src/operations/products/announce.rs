//! Telling the customers whose licences cover a version that it is out.

use super::create::subject;
use crate::{
    domain::{
        access::{Permit, right::DefineProducts},
        actor::Actor,
        audit::{Event, EventKind, Owner},
        calendar,
        error::{Conflict, Error, Result},
        ids::VersionId,
        mail::MailKind,
    },
    operations::{
        App,
        messages::{self, Addressee},
    },
    store::{
        Done, WriteTx,
        announcing::{self, Announced, Covered},
        products,
    },
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Customers who are written to in one transaction.
const AT_ONCE: i64 = 100;
/// Characters of a version's notes that a message tells.
const NOTES: usize = 2000;

/// Begins to tell them: once for each version, and each customer once.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it was announced already.
pub async fn announce(
    app: &App,
    permit: Permit<DefineProducts>,
    product: String,
    version: VersionId,
) -> Result<()> {
    let (zone, scope) = (app.zone, permit.scope());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let product = products::find(tx, scope, &product)?;
            let version = announcing::version(tx, product.rules.id, version)?;
            if version.announced_at.is_some() {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let today = calendar::today(tx.now(), zone);
            let covered = announcing::covered(tx, &version, today)?;
            announcing::announce(tx, &version)?;
            let event = Event::new(
                EventKind::VersionAnnounced,
                subject(product.rules.id),
                Owner::default(),
            )
            .with("versione", &version.version)
            .with("clienti", covered);
            Ok(Done::changed((), event))
        })
        .await
}

/// Writes to the next customers of a version that is being announced; false where there is none. Each step notes how far
/// it came in its own transaction: whatever ends the program, nobody is written to twice, and nobody is left out.
///
/// # Errors
/// Of the database.
pub async fn go_on(app: &App) -> Result<bool> {
    let Some(version) = app.db.lookup(announcing::being_announced).await? else {
        return Ok(false);
    };
    let app_ = app.clone();
    let now = app.clock.now();
    app.db
        .announce(&Actor::system(), now, move |tx| {
            let today = calendar::today(now, app_.zone);
            let next = announcing::next_covered(tx, &version, today, AT_ONCE)?;
            if !announcing::announced_up_to(tx, &version, next.last().map(|customer| customer.id))? {
                return Ok(true);
            }
            let ids: Vec<_> = next.iter().map(|customer| customer.id).collect();
            let languages = announcing::languages(tx, &ids)?;
            for customer in &next {
                write(&app_, tx, &version, customer, &languages)?;
            }
            Ok(!next.is_empty())
        })
        .await
}

fn write(
    app: &App,
    tx: &mut WriteTx<'_>,
    version: &Announced,
    customer: &Covered,
    languages: &BTreeMap<crate::domain::ids::CustomerId, String>,
) -> Result<()> {
    let Some(email) = &customer.email else {
        return Ok(());
    };
    let to = Addressee {
        email,
        language: languages.get(&customer.id).unwrap_or(&app.language),
        company: customer.company,
        customer: Some(customer.id),
        user: None,
    };
    let notes: String = version.notes.chars().take(NOTES).collect();
    let both = |it: &str, en: &str, text: &str| -> Value {
        if text.trim().is_empty() {
            json!("")
        } else {
            json!({ "it": format!("{it}{text}"), "en": format!("{en}{text}") })
        }
    };
    let payload = json!({
        "nome": customer.name,
        "prodotto": version.name,
        "versione": version.version,
        "novita": both("Che cosa cambia:\n", "What is new:\n", &notes),
        "scaricala": both("Per scaricarla: ", "To download it: ", version.url.as_deref().unwrap_or_default()),
    });
    messages::queue(app, tx, MailKind::NewVersion, &to, &payload)
}
