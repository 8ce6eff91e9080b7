//! Following an invitation: the first password.

use super::{NewPassword, Peeked, Proved, about, chosen, name};
use crate::{
    domain::{
        actor::Actor,
        audit::EventKind,
        error::{Error, Result},
        secrets,
        user::{User, UserState},
    },
    operations::App,
    store::{
        Done, ReadTx, Visible,
        links::{self, Link, LinkPurpose},
        users,
    },
};
use chrono::NaiveDateTime;

/// Who is invited, while the link is good.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn peek(app: &App, token: &str) -> Result<Peeked> {
    let (hash, now) = (secrets::hash(token), app.clock.now());
    app.db
        .read(move |tx| good(tx, hash, now).map(|(_, user)| Peeked::from(&*user)))
        .await
}

/// Accepts: the user may sign in from now on, with this name and password.
///
/// # Errors
/// [`Error::NotFound`] for a link that is not good, or is not any more; [`Error::Invalid`] (`nome`, `password`), after
/// which it still is.
pub async fn accept(
    app: &App,
    actor: &Actor,
    token: &str,
    wanted: &str,
    password: NewPassword,
) -> Result<Proved> {
    let email = peek(app, token).await?.email;
    let wanted = name(wanted)?;
    let password_hash = chosen(app, &password, &email).await?;
    let (hash, now) = (secrets::hash(token), app.clock.now());
    let user = app
        .db
        .operation(actor, now, move |tx| {
            let (link, was) = good(tx, hash, now)?;
            links::consume(tx, &link)?;
            let user = User {
                name: wanted.clone(),
                state: UserState::Active,
                ..(*was).clone()
            };
            users::set_password(tx, &was, &user, &password_hash)?;
            links::void(tx, &was, &[LinkPurpose::Reset, LinkPurpose::Invitation])?;
            let event = about(EventKind::UserAccepted, &was)
                .with("email", &was.email)
                .changed("nome", &was.name, &user.name)
                .changed("stato", &was.state, &user.state);
            Ok(Done::changed(user.id, event))
        })
        .await?;
    Ok(Proved {
        user,
        known: app.vault.known_browser(user, now),
    })
}

fn good(tx: &mut ReadTx<'_>, hash: [u8; 32], now: NaiveDateTime) -> Result<(Link, Visible<User>)> {
    let link = links::by_secret(tx, LinkPurpose::Invitation, hash, now)?.ok_or(Error::NotFound)?;
    let user = link.user.clone().ok_or(Error::NotFound)?;
    if user.state != UserState::Invited {
        return Err(Error::NotFound);
    }
    Ok((link, user))
}
