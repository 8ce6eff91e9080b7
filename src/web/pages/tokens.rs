//! Tokens for the API: one's own, and for who may see them everybody's.

use crate::{
    domain::{
        access::{Action, Permit, may, right::OwnTokens},
        actor::Actor,
        error::{Error, Fault},
        ids::TokenId,
    },
    operations::{
        App,
        users::{
            create_token::{self, Wanted},
            revoke_token,
        },
    },
    store::{
        tokens::{self, Token},
        users,
    },
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, Query},
        once,
        page::{Answer, Goto, Level, Page},
        pages::addresses,
        reader::Language,
        session::{Confirmed, SignedIn},
    },
};
use chrono::{Duration, NaiveDateTime};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};

/// For how many days a token can be made; none for ever.
const DAYS: [Option<u32>; 4] = [Some(30), Some(90), Some(365), None];
/// Days before its end from which on a token is told to end soon.
const SOON: Duration = Duration::days(14);

fn shown(token: &Token, now: NaiveDateTime) -> Value {
    let over = token.expires_at.is_some_and(|end| end <= now);
    json!({
        "id": token.id,
        "name": token.name,
        "prefix": token.prefix,
        "read_only": token.read_only,
        "created_at": token.created_at,
        "used_at": token.last_used_at,
        "ends_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "soon": token.expires_at.is_some_and(|end| end - now < SOON),
        "state": if token.revoked_at.is_some() { "revoked" } else if over { "over" } else { "good" },
    })
}

/// One's own tokens; who may see them has those of everybody below.
#[get("/gettoni")]
pub(crate) async fn gettoni(app: &State<App>, permit: Permit<OwnTokens>, query: Query) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let (actor, now) = (permit.actor().clone(), app.clock.now());
    let own = actor.user_id();
    let (mine, others) = app
        .db
        .read(move |tx| {
            let user = users::get(tx, actor.scope(), actor.user_id().ok_or(Error::Forbidden)?)?;
            let mine = tokens::list(tx, &user)?;
            let others = if may(&actor, Action::ReadTokens) {
                Some(tokens::all(tx, actor.scope(), &page)?)
            } else {
                None
            };
            Ok((mine, others))
        })
        .await?;
    let pager = addresses::pager(&query, "/gettoni", others.as_ref().and_then(|slice| slice.next));
    let others = others.map(|slice| {
        slice
            .rows
            .iter()
            .filter(|(token, ..)| Some(token.user_id) != own)
            .map(|(token, name, email)| {
                let mut shown = shown(token, now);
                if let Some(shown) = shown.as_object_mut() {
                    let user = json!({"id": token.user_id, "name": name, "email": email});
                    shown.insert("user".into(), user);
                }
                shown
            })
            .collect::<Vec<_>>()
    });
    let shown = json!({
        "tokens": mine.iter().map(|token| shown(token, now)).collect::<Vec<_>>(),
        "others": others,
        "pager": pager,
    });
    Page::new("pages/tokens/list", shown)?.reply()
}

fn form(form: &Form) -> Value {
    json!({
        "form": form,
        "days": DAYS.map(|days| days.map(|days| days.to_string()).unwrap_or_default()),
    })
}

/// The form of a new token.
#[get("/gettoni/nuovo")]
pub(crate) async fn nuovo(permit: Permit<OwnTokens>, _confirmed: Confirmed) -> Answer {
    let _ = permit;
    let empty = Form::new()?.with("ambito", "lettura").with("giorni", 90);
    Page::new("pages/tokens/new", form(&empty))?.reply()
}

/// Makes a token, and shows it this once.
#[post("/gettoni/nuovo", data = "<sent>")]
pub(crate) async fn crea(
    app: &State<App>,
    permit: Permit<OwnTokens>,
    session: SignedIn<'_>,
    _confirmed: Confirmed,
    language: Language,
    sent: Sent,
) -> Answer {
    let wanted = match wanted(&sent, permit.actor()) {
        Ok(wanted) => wanted,
        Err(wrong) => return again(&sent, wrong, language),
    };
    let name = wanted.name.clone();
    let key = once::key(&session.0.actor, "/gettoni/nuovo", &sent);
    match create_token::create_own(app, &session.0.actor, wanted, key).await {
        Ok(None) => Goto::to("/gettoni")
            .flash(Level::Info, "token-shown-already", [])
            .reply(),
        Ok(Some(secret)) => {
            let line = format!(
                "curl '{}/api/admin/licenze?limite=5' -H 'Authorization: Bearer {secret}'",
                app.base_url
            );
            let shown = json!({"secret": secret, "name": name, "line": line});
            Page::new("pages/tokens/made", shown)?.reply()
        }
        Err(wrong) => again(&sent, wrong, language),
    }
}

fn wanted(sent: &Sent, actor: &Actor) -> Result<Wanted, Error> {
    let mut check = Check::default();
    let name = check.required_line("nome", sent.get("nome"), 100);
    let read_only = match sent.get("ambito") {
        Some("lettura") => true,
        Some("tutto") if !actor.is_read_only() => false,
        _ => {
            check.fault("ambito", Fault::Invalid);
            true
        }
    };
    let days = match sent.get("giorni") {
        None => None,
        Some(days) => {
            let days = days.parse().ok().filter(|days| DAYS.contains(&Some(*days)));
            if days.is_none() {
                check.fault("giorni", Fault::Invalid);
            }
            days
        }
    };
    check.finish()?;
    Ok(Wanted {
        name,
        read_only,
        days,
    })
}

fn again(sent: &Sent, wrong: Error, language: Language) -> Answer {
    let again = Form::refused(sent, wrong, language)?;
    Page::new("pages/tokens/new", form(&again))?
        .status(Status::UnprocessableEntity)
        .reply()
}

/// Asks whether a token is to end.
#[get("/gettoni/<id>/revoca")]
pub(crate) async fn revoca(
    app: &State<App>,
    permit: Permit<OwnTokens>,
    _confirmed: Confirmed,
    id: Id<TokenId>,
) -> Answer {
    let (id, actor, now) = (id.get()?, permit.actor().clone(), app.clock.now());
    let (token, user) = app
        .db
        .read(move |tx| {
            let (token, user) = tokens::get(tx, actor.scope(), id)?;
            if actor.user_id() != Some(user.id) && !may(&actor, Action::ReadTokens) {
                return Err(Error::NotFound);
            }
            Ok((token, user))
        })
        .await?;
    let shown = json!({
        "form": Form::new()?,
        "token": shown(&token, now),
        "user": {"name": user.name, "email": user.email},
    });
    Page::new("pages/tokens/revoke", shown)?.reply()
}

/// Ends a token.
#[post("/gettoni/<id>/revoca", data = "<_sent>")]
pub(crate) async fn revocato(
    app: &State<App>,
    permit: Permit<OwnTokens>,
    _confirmed: Confirmed,
    id: Id<TokenId>,
    _sent: Sent,
) -> Answer {
    let (id, actor) = (id.get()?, permit.actor());
    match Permit::ask(actor) {
        Ok(any) => revoke_token::revoke_any(app, any, id).await?,
        Err(_) => revoke_token::revoke_own(app, actor, id).await?,
    }
    Goto::to("/gettoni").saying("token-ended").reply()
}
