//! Choosing another password, by who knows the present one.

use super::{NewPassword, Renewed, about, chosen, confirm::prove, warn};
use crate::{
    domain::{
        actor::Actor,
        audit::EventKind,
        error::{Error, Result},
        ids::SessionId,
        mail::MailKind,
        secrets::Token,
    },
    operations::App,
    store::{
        Done,
        links::{self, LinkPurpose},
        sessions, tokens, users,
    },
};

/// What the browser of who changed the password keeps from now on.
#[derive(Debug)]
pub struct Changed {
    /// Its session, under another secret.
    pub renewed: Renewed,
    /// What it is known by.
    pub known: String,
}

/// Changes one's own password. All other sessions, all tokens and all links to choose one end, and the owner is told.
///
/// # Errors
/// [`Error::Invalid`] (`password_attuale`, `password`), [`Error::TooMany`]; [`Error::Stale`] where it was changed
/// meanwhile; [`Error::Forbidden`] for whoever is not a user at a browser.
pub async fn change(
    app: &App,
    actor: &Actor,
    session: SessionId,
    present: &str,
    next: NewPassword,
    user_agent: &str,
) -> Result<Changed> {
    let proved = prove(app, actor, "password_attuale", present, user_agent).await?;
    let password_hash = chosen(app, &next, &proved.user.email).await?;
    let user = proved.user.id;
    let secret = Token::new()?;
    let (hash, app_, actor_) = (secret.hash(), app.clone(), actor.clone());
    let now = app.clock.now();
    let end = app
        .db
        .operation(actor, now, move |tx| {
            let current = users::credentials(tx, &proved.user)?;
            if current.password_hash != proved.password_hash {
                return Err(Error::Stale);
            }
            let user = &current.user;
            users::set_password(tx, user, user, &password_hash)?;
            sessions::end_others(tx, user, Some(session))?;
            tokens::revoke_all(tx, user)?;
            links::void(tx, user, &[LinkPurpose::Reset, LinkPurpose::Invitation])?;
            let end = sessions::renew(tx, user, session, hash)?;
            warn(&app_, tx, MailKind::PasswordNotice, &actor_, user)?;
            Ok(Done::changed(end, about(EventKind::PasswordChanged, user)))
        })
        .await?;
    Ok(Changed {
        renewed: Renewed {
            secret,
            lasts: end.map(|end| end - now),
        },
        known: app.vault.known_browser(user, now),
    })
}
