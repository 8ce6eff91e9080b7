//! A customer follows the request by its code.

use super::register::{CASE_DAYS, case_hash};
use crate::{
    domain::{
        actor::Actor,
        calendar,
        customer::Customer,
        error::{Error, Result},
    },
    operations::{
        App,
        licenses::view::{self, View},
    },
    store::{licenses, nodes, registrations},
};
use chrono::Duration;

/// Where a request stands.
#[derive(Debug)]
pub struct Followed {
    /// The customer.
    pub customer: Customer,
    /// Whom to turn to, by name.
    pub contact: Option<String>,
    /// The licences, pending ones too.
    pub licenses: Vec<View>,
}

/// Where the request with this code stands: the code is the credential.
///
/// # Errors
/// [`Error::NotFound`] for a code that nobody has, or whose request was decided long ago; [`Error::TooMany`].
pub async fn follow(app: &App, actor: &Actor, code: &str) -> Result<Followed> {
    let found = match case_hash(code) {
        Some(hash) => read(app, hash).await,
        None => Err(Error::NotFound),
    };
    if matches!(found, Err(Error::NotFound)) {
        app.limits.unknown_key(actor.origin().address)?;
    }
    found
}

async fn read(app: &App, hash: [u8; 32]) -> Result<Followed> {
    let (now, app_) = (app.clock.now(), app.clone());
    app.db
        .read(move |tx| {
            let customer = registrations::by_case_code(tx, hash, now - Duration::days(CASE_DAYS))?;
            let sheets = licenses::of_customer(tx, &customer)?;
            let licenses = view::complete(&app_, tx, sheets, calendar::today(now, app_.zone))?;
            let contact = nodes::contact(tx, &customer)?.map(|(name, _)| name);
            Ok(Followed {
                customer: customer.into_inner(),
                contact,
                licenses,
            })
        })
        .await
}
