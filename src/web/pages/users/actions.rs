//! What is done to a user: disabling and enabling, inviting again, ending sessions and tokens.

use super::path;
use crate::{
    domain::{
        access::{
            Permit,
            right::{EndSessions, ManageUsers},
        },
        error::Error,
        ids::{TokenId, UserId},
        scope::Scope,
    },
    operations::{
        App,
        users::{change, invite, revoke_token, sessions as ending},
    },
    store::{sessions, tokens, users},
    web::{
        form::{Form, Sent},
        guards::Id,
        page::{Answer, Goto, Level},
        pages::reason::{Question, Wanted, effect},
        session::Confirmed,
    },
};
use rocket::{State, get, post};

async fn ask(app: &App, scope: Scope, id: UserId, key: &'static str, verb: &str) -> Answer {
    let now = app.clock.now();
    let (user, open, good) = app
        .db
        .read(move |tx| {
            let user = users::get(tx, scope, id)?;
            let open = sessions::list(tx, &user, now)?.len();
            let good = tokens::list(tx, &user)?
                .iter()
                .filter(|token| token.revoked_at.is_none())
                .count();
            Ok((user, open, good))
        })
        .await?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut effects = vec![effect("user-effect-sessions", count(open), "")];
    if key == "user-disable" {
        effects.push(effect("user-effect-tokens", count(good), ""));
    }
    let question = Question {
        key,
        name: user.name.clone(),
        section: ("nav-users", "/utenti"),
        back: path(id),
        action: format!("{}/{verb}", path(id)),
        danger: true,
        reason: Wanted::Not,
        effects,
    };
    question.page(&Form::new()?)
}

/// Asks before a user is disabled.
#[get("/utenti/<id>/disabilita")]
pub(crate) async fn disabilitare(app: &State<App>, permit: Permit<ManageUsers>, id: Id<UserId>) -> Answer {
    ask(app, permit.scope(), id.get()?, "user-disable", "disabilita").await
}

/// Disables the user: sessions and tokens end at once.
#[post("/utenti/<id>/disabilita", data = "<_sent>")]
pub(crate) async fn disabilita(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    id: Id<UserId>,
    _sent: Sent,
) -> Answer {
    let id = id.get()?;
    change::disable(app, permit, id).await?;
    Goto::to(path(id)).saying("user-disabled").reply()
}

/// Lets a disabled user sign in again.
#[post("/utenti/<id>/abilita", data = "<_sent>")]
pub(crate) async fn abilita(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    id: Id<UserId>,
    _sent: Sent,
) -> Answer {
    let id = id.get()?;
    change::enable(app, permit, id).await?;
    Goto::to(path(id)).saying("user-enabled").reply()
}

/// Mails the invitation anew.
#[post("/utenti/<id>/invito", data = "<_sent>")]
pub(crate) async fn invita(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    id: Id<UserId>,
    _sent: Sent,
) -> Answer {
    let id = id.get()?;
    invite::again(app, permit, id).await?;
    Goto::to(path(id)).saying("user-invited-again").reply()
}

/// Asks before a user's sessions are ended.
#[get("/utenti/<id>/sessioni")]
pub(crate) async fn terminare(
    app: &State<App>,
    permit: Permit<EndSessions>,
    _confirmed: Confirmed,
    id: Id<UserId>,
) -> Answer {
    ask(app, permit.scope(), id.get()?, "user-sessions", "sessioni").await
}

/// Ends them.
#[post("/utenti/<id>/sessioni", data = "<_sent>")]
pub(crate) async fn termina(
    app: &State<App>,
    permit: Permit<EndSessions>,
    _confirmed: Confirmed,
    id: Id<UserId>,
    _sent: Sent,
) -> Answer {
    let id = id.get()?;
    let ended = ending::end_of(app, permit, id).await?;
    let ended = i64::try_from(ended).unwrap_or(i64::MAX);
    Goto::to(path(id))
        .flash(Level::Ok, "user-sessions-ended", [("n", ended.into())])
        .reply()
}

/// Asks before a token of a user is revoked.
#[get("/utenti/<id>/token/<token>/revoca")]
pub(crate) async fn revocare(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    _confirmed: Confirmed,
    id: Id<UserId>,
    token: Id<TokenId>,
) -> Answer {
    let (id, token, scope) = (id.get()?, token.get()?, permit.scope());
    let (token, user) = app.db.read(move |tx| tokens::get(tx, scope, token)).await?;
    if user.id != id {
        return Err(Error::NotFound.into());
    }
    let question = Question {
        key: "user-token-revoke",
        name: token.name.clone(),
        section: ("nav-users", "/utenti"),
        back: path(id),
        action: format!("{}/token/{}/revoca", path(id), token.id),
        danger: true,
        reason: Wanted::Not,
        effects: Vec::new(),
    };
    question.page(&Form::new()?)
}

/// Revokes it.
#[post("/utenti/<id>/token/<token>/revoca", data = "<_sent>")]
pub(crate) async fn revoca(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    _confirmed: Confirmed,
    id: Id<UserId>,
    token: Id<TokenId>,
    _sent: Sent,
) -> Answer {
    let (id, token) = (id.get()?, token.get()?);
    revoke_token::revoke(app, permit, token).await?;
    Goto::to(path(id)).saying("user-token-revoked").reply()
}
