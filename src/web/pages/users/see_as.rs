//! Looking at the portal with the eyes of somebody below.

use super::path;
use crate::{
    domain::{
        access::{Permit, right::SeeAsOthers},
        error::Error,
        ids::UserId,
        user::may_see_as,
    },
    operations::{App, users::see_as},
    store::users,
    web::{
        form::{Form, Leaving, Sent},
        guards::Id,
        page::{Answer, Goto},
        pages::reason::{Question, Wanted},
        session::{Confirmed, SignedIn},
    },
};
use rocket::{State, get, post};

/// Asks before.
#[get("/utenti/<id>/vedi-come")]
pub(crate) async fn vedere(
    app: &State<App>,
    permit: Permit<SeeAsOthers>,
    _confirmed: Confirmed,
    id: Id<UserId>,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let user = app.db.read(move |tx| users::get(tx, scope, id)).await?;
    if !may_see_as(permit.actor(), &user) {
        return Err(Error::Forbidden.into());
    }
    let question = Question {
        key: "user-see",
        name: user.name.clone(),
        section: ("nav-users", "/utenti"),
        back: path(id),
        action: format!("{}/vedi-come", path(id)),
        danger: false,
        reason: Wanted::Not,
        effects: Vec::new(),
    };
    question.page(&Form::new()?)
}

/// Begins to look.
#[post("/utenti/<id>/vedi-come", data = "<_sent>")]
pub(crate) async fn vedi(
    app: &State<App>,
    permit: Permit<SeeAsOthers>,
    session: SignedIn<'_>,
    _confirmed: Confirmed,
    id: Id<UserId>,
    _sent: Sent,
) -> Answer {
    see_as::begin(app, permit, session.0.id, id.get()?).await?;
    Goto::to("/").reply()
}

/// Looks with one's own eyes again.
#[post("/vedi-come/fine", data = "<_leaving>")]
pub(crate) async fn fine(app: &State<App>, session: SignedIn<'_>, _leaving: Leaving) -> Answer {
    let session = session.0;
    let (Some(_), Some(seen)) = (&session.seeing, session.actor.user_id()) else {
        // It ended by itself meanwhile.
        return Goto::to("/").reply();
    };
    see_as::end(app, session.real(), session.id, seen).await?;
    Goto::to(path(seen)).saying("user-see-ended").reply()
}
