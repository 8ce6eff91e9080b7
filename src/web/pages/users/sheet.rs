//! One user: where they belong, their sessions and tokens, history.

use super::{home, path, rights};
use crate::{
    domain::{
        access::{Permit, right::ReadAudit, right::ReadUsers},
        actor::Actor,
        ids::UserId,
        user::{User, may_see_as},
    },
    operations::App,
    store::{directory, sessions, tokens, users},
    web::{
        guards::Id,
        input::{Check, Query},
        page::{Answer, Page},
        pages::history,
    },
};
use rocket::{State, get};
use serde_json::{Value, json};

fn head(user: &User, home: Value, actor: &Actor) -> Value {
    json!({
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "state": user.state,
        "read_only": user.read_only,
        "language": user.language,
        "created_at": user.created_at,
        "home": home,
        "own": actor.user_id() == Some(user.id),
        "seeable": may_see_as(actor, user),
    })
}

/// A user.
#[get("/utenti/<id>")]
pub(crate) async fn scheda(app: &State<App>, permit: Permit<ReadUsers>, id: Id<UserId>) -> Answer {
    let (id, scope, now) = (id.get()?, permit.scope(), app.clock.now());
    let (user, home, sessions, tokens) = app
        .db
        .read(move |tx| {
            let user = users::get(tx, scope, id)?;
            let nodes: Vec<_> = user.node_id.into_iter().collect();
            let customers: Vec<_> = user.customer_id.into_iter().collect();
            let nodes = directory::node_kinds(tx, scope, &nodes)?;
            let customers = directory::customer_names(tx, scope, &customers)?;
            let sessions = sessions::list(tx, &user, now)?;
            let tokens = tokens::list(tx, &user)?;
            let home = home(&user, &nodes, &customers);
            Ok((user, home, sessions, tokens))
        })
        .await?;
    let sessions: Vec<Value> = sessions
        .iter()
        .map(|session| {
            json!({
                "address": session.address,
                "agent": session.user_agent,
                "since": session.created_at,
                "seen": session.last_seen_at,
            })
        })
        .collect();
    let tokens: Vec<Value> = tokens
        .iter()
        .filter(|token| token.revoked_at.is_none() && token.expires_at.is_none_or(|end| end > now))
        .map(|token| {
            json!({
                "id": token.id,
                "name": token.name,
                "prefix": token.prefix,
                "read_only": token.read_only,
                "expires_at": token.expires_at,
                "used": token.last_used_at,
            })
        })
        .collect();
    let shown = json!({
        "can": rights(permit.actor()),
        "user": head(&user, home, permit.actor()),
        "sessions": sessions,
        "tokens": tokens,
        "path": path(id),
        "tab": "overview",
    });
    Page::new("pages/users/sheet", shown)?.reply()
}

/// What happened to a user.
#[get("/utenti/<id>/storico")]
pub(crate) async fn storico(
    app: &State<App>,
    permit: Permit<ReadUsers>,
    _audit: Permit<ReadAudit>,
    id: Id<UserId>,
    query: Query,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let (user, home, history) = app
        .db
        .read(move |tx| {
            let user = users::get(tx, scope, id)?;
            let nodes: Vec<_> = user.node_id.into_iter().collect();
            let customers: Vec<_> = user.customer_id.into_iter().collect();
            let nodes = directory::node_kinds(tx, scope, &nodes)?;
            let customers = directory::customer_names(tx, scope, &customers)?;
            let home = home(&user, &nodes, &customers);
            let history = history::read(tx, scope, id.0, &page)?;
            Ok((user, home, history))
        })
        .await?;
    let head = json!({
        "can": rights(permit.actor()),
        "user": head(&user, home, permit.actor()),
    });
    history::page("pages/users/history", head, history, &query, &path(id))
}
