//! Choosing another password by a mailed link, without the present one.

use super::{NewPassword, Peeked, Proved, about, chosen, invite, mail, throttle, warn};
use crate::{
    domain::{
        actor::Actor,
        audit::EventKind,
        error::{Error, Fault, Result},
        mail::MailKind,
        secrets::{self, Token},
        text,
        user::{User, UserState},
    },
    operations::App,
    store::{
        Done, ReadTx, Visible,
        links::{self, Link, LinkPurpose, NewLink},
        users,
    },
};
use chrono::{Duration, NaiveDateTime};

/// Minutes for which the mailed link works.
const LINK_MINUTES: i64 = 60;

/// Asks for a link. Whether there is such an account is looked at only after the answer: it is the same, and as quick,
/// for all.
///
/// # Errors
/// [`Error::Invalid`] for what is no e-mail address; [`Error::TooMany`].
pub async fn request(app: &App, actor: &Actor, email: &str) -> Result<()> {
    let email = text::email(email).map_err(|_| Error::field("email", Fault::Invalid))?;
    throttle::mailing(app, actor, "reset", &email).await?;
    let (app, actor) = (app.clone(), actor.clone());
    tokio::spawn(async move {
        if let Err(error) = send(&app, &actor, email).await {
            tracing::error!(id = actor.origin().request_id, %error, "a link to reset a password was not sent");
        }
    });
    Ok(())
}

/// Mails the link, to a user who may sign in; to one who was only invited, another invitation.
async fn send(app: &App, actor: &Actor, email: String) -> Result<()> {
    let app_ = app.clone();
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let Some(user) = users::by_email(tx, &email)? else {
                return Ok(Done::Unchanged(()));
            };
            if user.state == UserState::Invited {
                invite::send(&app_, tx, &user)?;
            } else if users::may_sign_in(tx, &user)? {
                let link = Token::new()?;
                let row = NewLink {
                    purpose: LinkPurpose::Reset,
                    user: Some(user.id),
                    customer: None,
                    email: &user.email,
                    password_hash: None,
                    secret_hash: link.hash(),
                    expires_at: tx.now() + Duration::minutes(LINK_MINUTES),
                };
                links::insert(tx, &row)?;
                let url = format!("{}/password/{}", app_.base_url, link.reveal());
                let payload =
                    serde_json::json!({"nome": user.name, "url_password": url, "minuti": LINK_MINUTES});
                mail(&app_, tx, MailKind::PasswordReset, &user, &payload)?;
            } else {
                return Ok(Done::Unchanged(()));
            }
            Ok(Done::changed((), about(EventKind::PasswordForgotten, &user)))
        })
        .await
}

/// Whose link it is, while it is good.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn peek(app: &App, token: &str) -> Result<Peeked> {
    let (hash, now) = (secrets::hash(token), app.clock.now());
    app.db
        .read(move |tx| good(tx, hash, now).map(|(_, user)| Peeked::from(&*user)))
        .await
}

/// Chooses the password. All sessions, tokens and other links of the user end, and the owner is told. Nobody is signed
/// in by it, and a disabled user stays disabled.
///
/// # Errors
/// [`Error::NotFound`] for a link that is not good, or is not any more; [`Error::Invalid`] (`password`), after which it
/// still is.
pub async fn choose(app: &App, actor: &Actor, token: &str, password: NewPassword) -> Result<Proved> {
    let email = peek(app, token).await?.email;
    let password_hash = chosen(app, &password, &email).await?;
    let (hash, now) = (secrets::hash(token), app.clock.now());
    let (app_, actor_) = (app.clone(), actor.clone());
    let user = app
        .db
        .operation(actor, now, move |tx| {
            let (link, user) = good(tx, hash, now)?;
            links::consume(tx, &link)?;
            users::set_password(tx, &user, &user, &password_hash)?;
            users::end_access(tx, &user)?;
            links::void(tx, &user, &[LinkPurpose::Reset, LinkPurpose::Invitation])?;
            warn(&app_, tx, MailKind::PasswordNotice, &actor_, &user)?;
            Ok(Done::changed(user.id, about(EventKind::PasswordChanged, &user)))
        })
        .await?;
    Ok(Proved {
        user,
        known: app.vault.known_browser(user, now),
    })
}

fn good(tx: &mut ReadTx<'_>, hash: [u8; 32], now: NaiveDateTime) -> Result<(Link, Visible<User>)> {
    let link = links::by_secret(tx, LinkPurpose::Reset, hash, now)?.ok_or(Error::NotFound)?;
    let user = link.user.clone().ok_or(Error::NotFound)?;
    if !users::may_sign_in(tx, &user)? {
        return Err(Error::NotFound);
    }
    Ok((link, user))
}
