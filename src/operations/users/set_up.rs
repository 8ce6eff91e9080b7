//! The first superadmin of a new installation, by a link that is shown to whoever starts the program.

use super::{NewPassword, Proved, chosen, found::make, name};
use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind, Owner, Subject},
        error::{Error, Fault, Result},
        ids::AnyId,
        secrets::{self, Token},
        text,
    },
    operations::App,
    store::{
        Done, ReadTx,
        links::{self, Link, LinkPurpose, NewLink},
        nodes, users,
    },
};
use chrono::{Duration, NaiveDateTime};

/// Hours for which the link works.
pub const LINK_HOURS: i64 = 24;

/// A fresh link, while there is no superadmin; older ones end.
///
/// # Errors
/// Of the database.
pub async fn link(app: &App) -> Result<Option<String>> {
    let link = Token::new()?;
    let hash = link.hash();
    let made = app
        .db
        .operation(&Actor::operator(), app.clock.now(), move |tx| {
            if users::has_superadmin(tx)? {
                return Ok(Done::Unchanged(false));
            }
            links::void_set_ups(tx)?;
            let row = NewLink {
                purpose: LinkPurpose::SetUp,
                user: None,
                customer: None,
                email: "",
                password_hash: None,
                secret_hash: hash,
                expires_at: tx.now() + Duration::hours(LINK_HOURS),
            };
            links::insert(tx, &row)?;
            let subject = Subject {
                kind: "installazione",
                id: AnyId::new().0,
            };
            let event = Event::new(EventKind::SetUpBegun, subject, Owner::default());
            Ok(Done::changed(true, event))
        })
        .await?;
    Ok(made.then(|| format!("{}/primo-accesso/{}", app.base_url, link.reveal())))
}

/// Whether a link is good.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn peek(app: &App, token: &str) -> Result<()> {
    let (hash, now) = (secrets::hash(token), app.clock.now());
    app.db.read(move |tx| good(tx, hash, now).map(drop)).await
}

/// Makes the first superadmin: of many who try at once, one.
///
/// # Errors
/// [`Error::NotFound`] for a link that is not good, or is not any more; [`Error::Invalid`] (`nome`, `email`,
/// `password`), after which it still is.
pub async fn found(
    app: &App,
    actor: &Actor,
    token: &str,
    wanted: &str,
    email: &str,
    password: NewPassword,
) -> Result<Proved> {
    peek(app, token).await?;
    let wanted = name(wanted)?;
    let email = text::email(email).map_err(|_| Error::field("email", Fault::Invalid))?;
    let password_hash = chosen(app, &password, &email).await?;
    let (hash, now, app_) = (secrets::hash(token), app.clock.now(), app.clone());
    let user = app
        .db
        .operation(actor, now, move |tx| {
            // Whoever makes one from the command line meanwhile is waited for, or waits.
            nodes::lock_tree(tx)?;
            let link = good(tx, hash, now)?;
            links::consume(tx, &link)?;
            let (user, event) = make(&app_, tx, &email, &wanted, &password_hash)?;
            links::void_set_ups(tx)?;
            Ok(Done::changed(user.id, event))
        })
        .await?;
    Ok(Proved {
        user,
        known: app.vault.known_browser(user, now),
    })
}

fn good(tx: &mut ReadTx<'_>, hash: [u8; 32], now: NaiveDateTime) -> Result<Link> {
    let link = links::by_secret(tx, LinkPurpose::SetUp, hash, now)?.ok_or(Error::NotFound)?;
    if users::has_superadmin(tx)? {
        return Err(Error::NotFound);
    }
    Ok(link)
}
