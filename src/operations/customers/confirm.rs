//! A customer proves, by following the mailed link, that the e-mail address of the registration is theirs.

use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind},
        customer::Customer,
        error::{Error, Fault, Result},
        ids::UserId,
        secrets,
        user::{User, UserState},
    },
    operations::{
        App,
        users::{self, NewPassword},
    },
    store::{
        Done, ReadTx, Visible, customers,
        links::{self, Link, LinkPurpose},
        users as user_rows,
    },
};
use chrono::NaiveDateTime;

/// What the page behind the link shows and asks.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The customer's name.
    pub name: String,
    /// The address.
    pub email: String,
    /// What the password is for, if it is asked for at all.
    pub password: Password,
}

/// Whether a password is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Password {
    /// It has to be given: one was chosen when registering.
    Wanted,
    /// It may be: who gives one can sign in from then on.
    Offered,
    /// It is not: the address has an account.
    HasAccount,
}

/// What following the link did.
#[derive(Debug, Clone, Copy)]
pub struct Confirmed {
    /// Whether its owner can sign in now.
    pub may_sign_in: bool,
}

/// What waits behind a link, while it is good.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn peek(app: &App, token: &str) -> Result<Waiting> {
    let (hash, now) = (secrets::hash(token), app.clock.now());
    app.db
        .read(move |tx| {
            let (link, customer) = good(tx, hash, now)?;
            Ok(Waiting {
                name: customer.name.clone(),
                password: asked(tx, &link)?,
                email: link.email,
            })
        })
        .await
}

/// Confirms the address. Whoever follows the link has the address, and so chooses the password here: one that was given
/// with the registration, by whomever, counts for nothing but the wish to have an account.
///
/// # Errors
/// [`Error::NotFound`] for a link that is not good, or is not any more; [`Error::Invalid`] (`password`), after which it
/// still is.
pub async fn confirm(
    app: &App,
    actor: &Actor,
    token: &str,
    password: Option<NewPassword>,
    language: &str,
) -> Result<Confirmed> {
    let waiting = peek(app, token).await?;
    let chosen = match (waiting.password, password) {
        (Password::HasAccount, _) | (Password::Offered, None) => None,
        (Password::Wanted, None) => return Err(Error::field("password", Fault::Missing)),
        (_, Some(password)) => Some(users::chosen(app, &password, &waiting.email).await?),
    };
    let (hash, now, language) = (secrets::hash(token), app.clock.now(), language.to_owned());
    app.db
        .operation(actor, now, move |tx| {
            let (link, was) = good(tx, hash, now)?;
            links::consume(tx, &link)?;
            let is_its_own = was.email.as_deref() == Some(link.email.as_str());
            if is_its_own && was.email_confirmed_at.is_none() {
                let confirmed = Customer {
                    email_confirmed_at: Some(now),
                    ..(*was).clone()
                };
                customers::update(tx, &was, &confirmed)?;
            }
            // Somebody may have taken the address since the page was shown: then it is their account that is theirs.
            let made = match &chosen {
                Some(chosen) => user_rows::insert(tx, &user(&link, &was, &language, now), Some(chosen))?,
                None => false,
            };
            let event = Event::customer(EventKind::CustomerConfirmed, &was)
                .with("email", &link.email)
                .with("utente", made);
            Ok(Done::changed(Confirmed { may_sign_in: made }, event))
        })
        .await
}

fn user(link: &Link, customer: &Customer, language: &str, now: NaiveDateTime) -> User {
    User {
        id: UserId::at(now),
        node_id: None,
        customer_id: Some(customer.id),
        email: link.email.clone(),
        name: customer.name.clone(),
        language: language.to_owned(),
        state: UserState::Active,
        read_only: false,
        created_at: now,
        revision: 1,
    }
}

fn asked(tx: &mut ReadTx<'_>, link: &Link) -> Result<Password> {
    Ok(if user_rows::by_email(tx, &link.email)?.is_some() {
        Password::HasAccount
    } else if link.makes_user {
        Password::Wanted
    } else {
        Password::Offered
    })
}

fn good(tx: &mut ReadTx<'_>, hash: [u8; 32], now: NaiveDateTime) -> Result<(Link, Visible<Customer>)> {
    let link = links::by_secret(tx, LinkPurpose::Confirmation, hash, now)?.ok_or(Error::NotFound)?;
    let customer = link.customer.clone().ok_or(Error::NotFound)?;
    Ok((link, customer))
}
