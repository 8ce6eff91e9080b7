//! A token for the API, shown once.

use crate::{
    domain::{
        access::{Permit, right::ManageUsers},
        audit::{Event, EventKind, Owner, Subject},
        error::{Error, Result},
        ids::TokenId,
        secrets::Token,
        user::UserState,
    },
    operations::App,
    store::{
        Done,
        users::{self, NewToken},
    },
};
use chrono::Duration;

/// How every token begins, so that one that leaks is recognised.
pub const PREFIX: &str = "sgl_";

/// What is wanted.
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

/// Makes a token of a user. It carries the user's role and scope.
///
/// # Errors
/// [`Error::NotFound`] where no such user may sign in; [`Error::Forbidden`] for anybody but the vendor.
pub async fn create_token(app: &App, permit: Permit<ManageUsers>, new: New) -> Result<String> {
    if !permit.actor().is_superadmin() {
        return Err(Error::Forbidden);
    }
    let secret = format!("{PREFIX}{}", Token::new()?.reveal());
    let (hash, prefix) = (
        crate::domain::secrets::hash(&secret),
        secret.chars().take(12).collect::<String>(),
    );
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let user = users::by_email(tx, &new.email)?
                .filter(|user| user.state == UserState::Active)
                .ok_or(Error::NotFound)?;
            let id = TokenId::new();
            let expires_at = new.days.map(|days| tx.now() + Duration::days(i64::from(days)));
            let token = NewToken {
                id,
                name: &new.name,
                prefix: &prefix,
                secret_hash: hash,
                read_only: new.read_only,
                expires_at,
            };
            users::insert_token(tx, &user, &token)?;
            let owner = Owner {
                company: user.node_id,
                customer: user.customer_id,
                agent: None,
            };
            let event = Event::new(
                EventKind::TokenCreated,
                Subject {
                    kind: "token",
                    id: id.0,
                },
                owner,
            )
            .with("utente", &user.email)
            .with("nome", &new.name)
            .with("sola_lettura", new.read_only);
            Ok(Done::changed((), event))
        })
        .await?;
    Ok(secret)
}
