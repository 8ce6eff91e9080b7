//! A token for the API, shown once.

use super::{own, owner, warn};
use crate::{
    domain::{
        access::{Permit, right::ManageTokens},
        actor::Actor,
        audit::{Event, EventKind, Subject},
        error::{Error, Fault, Result},
        ids::{TokenId, UserId},
        mail::MailKind,
        secrets::{self, Token},
        text,
        user::{User, UserState},
    },
    operations::{App, IdempotencyKey, Once, Replayable},
    store::{
        Done, Visible, WriteTx,
        users::{self, NewToken},
    },
};
use chrono::Duration;

/// How every token begins, so that one that leaks is recognised.
pub const PREFIX: &str = "sgl_";

/// Characters of a token's name.
const NAME_MAX: usize = 100;
/// Most days for which a token that ends works.
const DAYS_MAX: u32 = 36_500;

/// What is wanted, by whoever sits at the machine.
#[derive(Debug, Clone)]
pub struct New {
    /// Whose: the user's e-mail address.
    pub email: String,
    /// What it is for.
    pub name: String,
    /// Whether it may only read.
    pub read_only: bool,
    /// Days for which it works; none for ever.
    pub days: Option<u32>,
}

/// What is wanted, by a user.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it is for.
    pub name: String,
    /// Whether it may only read.
    pub read_only: bool,
    /// Days for which it works; none for ever.
    pub days: Option<u32>,
}

impl Wanted {
    fn checked(self) -> Result<Self> {
        let name = text::clean(&self.name);
        match name.chars().count() {
            0 => return Err(Error::field("nome", Fault::Missing)),
            1..=NAME_MAX => {}
            _ => return Err(Error::field("nome", Fault::TooLong)),
        }
        if self.days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)) {
            return Err(Error::field("giorni", Fault::OutOfRange));
        }
        Ok(Self { name, ..self })
    }
}

/// Makes a token of a user. It carries the user's role and scope.
///
/// # Errors
/// [`Error::NotFound`] where no such user may sign in.
pub async fn create_token(app: &App, permit: Permit<ManageTokens>, new: New) -> Result<String> {
    let (secret, email) = (fresh()?, new.email);
    let wanted = Wanted {
        name: new.name,
        read_only: new.read_only,
        days: new.days,
    };
    let shown = secret.clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let user = users::by_email(tx, &email)?.ok_or(Error::NotFound)?;
            Ok(Done::changed((), made(tx, &user, &wanted, &secret)?))
        })
        .await?;
    Ok(shown)
}

/// Makes a token of one's own, once for a key: asked again with it, nothing is made, and nothing shown, for the token is
/// kept nowhere. The owner gets a mail.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::Forbidden`] for whoever is not a user at a browser.
pub async fn create_own(
    app: &App,
    actor: &Actor,
    wanted: Wanted,
    key: Option<IdempotencyKey>,
) -> Result<Option<String>> {
    let (wanted, secret) = (wanted.checked()?, fresh()?);
    let (app_, actor_) = (app.clone(), actor.clone());
    let once = Once::under(key, |_: &String| Ok((200, String::new())));
    let outcome = app
        .once(actor, once, move |tx| {
            let user = own(tx, &actor_)?;
            warn(&app_, tx, MailKind::TokenNotice, &actor_, &user)?;
            let event = made(tx, &user, &wanted, &secret)?;
            Ok(Done::changed(secret.clone(), event))
        })
        .await?;
    Ok(match outcome {
        Replayable::Done(secret) => Some(secret),
        Replayable::Replayed(..) => None,
    })
}

/// Makes a token of any user: the superadmin's way. The owner gets a mail.
///
/// # Errors
/// [`Error::NotFound`] where no such user may sign in, [`Error::Invalid`]; [`Error::Forbidden`] with a token.
pub async fn create_for(
    app: &App,
    permit: Permit<ManageTokens>,
    user: UserId,
    wanted: Wanted,
) -> Result<String> {
    if permit.actor().token_id().is_some() {
        return Err(Error::Forbidden);
    }
    let (wanted, secret) = (wanted.checked()?, fresh()?);
    let (app_, actor, shown) = (app.clone(), permit.actor().clone(), secret.clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let user = users::get(tx, actor.scope(), user)?;
            warn(&app_, tx, MailKind::TokenNotice, &actor, &user)?;
            Ok(Done::changed((), made(tx, &user, &wanted, &secret)?))
        })
        .await?;
    Ok(shown)
}

fn fresh() -> Result<String> {
    Ok(format!("{PREFIX}{}", Token::new()?.reveal()))
}

fn made(tx: &mut WriteTx<'_>, user: &Visible<User>, wanted: &Wanted, secret: &str) -> Result<Event> {
    if user.state != UserState::Active {
        return Err(Error::NotFound);
    }
    let id = TokenId::at(tx.now());
    let token = NewToken {
        id,
        name: &wanted.name,
        prefix: &secret.chars().take(12).collect::<String>(),
        secret_hash: secrets::hash(secret),
        read_only: wanted.read_only,
        expires_at: wanted.days.map(|days| tx.now() + Duration::days(i64::from(days))),
    };
    users::insert_token(tx, user, &token)?;
    let subject = Subject {
        kind: "token",
        id: id.0,
    };
    Ok(Event::new(EventKind::TokenCreated, subject, owner(user))
        .with("utente", &user.email)
        .with("nome", &wanted.name)
        .with("sola_lettura", wanted.read_only))
}
