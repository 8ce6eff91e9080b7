//! A customer's own users.

use super::data::PATH;
use crate::{
    domain::{
        access::{Permit, right::ManageOwnUsers},
        error::{Conflict, Error, Fault},
        ids::UserId,
        user::User,
    },
    operations::{
        App,
        users::own::{self, Invitation},
    },
    store::{customers, users},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, NAME_MAX},
        once,
        page::{Answer, Goto, Page},
        pages::reason::{Question, Wanted},
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::json;

const NEW: &str = "/miei-dati/utenti/nuovo";

fn form_page(form: &Form) -> Answer {
    Page::new("pages/own/invite", json!({ "form": form }))?
        .status(form.status())
        .reply()
}

/// The form of an invitation.
#[get("/miei-dati/utenti/nuovo")]
pub(crate) async fn nuovo(app: &State<App>, permit: Permit<ManageOwnUsers>) -> Answer {
    let (scope, asks) = (permit.scope(), permit.actor().user_id());
    let id = permit.actor().customer().ok_or(Error::NotFound)?;
    let room = app
        .db
        .read(move |tx| {
            let customer = customers::get(tx, scope, id)?;
            own::has_room(tx, &customer, asks)
        })
        .await?;
    if !room {
        return Err(Error::Conflict(Conflict::WrongState).into());
    }
    form_page(&Form::new()?)
}

/// Invites.
#[post("/miei-dati/utenti/nuovo", data = "<sent>")]
pub(crate) async fn invitato(
    app: &State<App>,
    permit: Permit<ManageOwnUsers>,
    language: Language,
    sent: Sent,
) -> Answer {
    let mut check = Check::default();
    if sent.get("email").is_none() {
        check.fault("email", Fault::Missing);
    }
    let email = check.email("email", sent.get("email")).unwrap_or_default();
    let new = Invitation {
        name: check
            .line("nome", sent.get("nome"), NAME_MAX)
            .unwrap_or_else(|| email.clone()),
        language: language.code().to_owned(),
        email,
    };
    let to = |_: &User| PATH.to_owned();
    let made = match check.finish() {
        Ok(()) => {
            let once = once::under(permit.actor(), NEW, &sent, to);
            own::invite(app, permit, new, once).await
        }
        Err(wrong) => Err(wrong),
    };
    match made {
        Ok(outcome) => Goto::to(once::path(outcome, to)).saying("user-invited").reply(),
        Err(error) => form_page(&Form::refused(&sent, error, language)?),
    }
}

/// Asks before one is disabled.
#[get("/miei-dati/utenti/<id>/disabilita")]
pub(crate) async fn disabilitare(app: &State<App>, permit: Permit<ManageOwnUsers>, id: Id<UserId>) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let user = app.db.read(move |tx| users::get(tx, scope, id)).await?;
    Question {
        key: "own-user-disable",
        name: user.name.clone(),
        section: ("nav-own-data", PATH),
        back: PATH.to_owned(),
        action: format!("{PATH}/utenti/{id}/disabilita"),
        danger: true,
        reason: Wanted::Not,
        effects: Vec::new(),
    }
    .page(&Form::new()?)
}

/// Disables.
#[post("/miei-dati/utenti/<id>/disabilita", data = "<_sent>")]
pub(crate) async fn disabilitato(
    app: &State<App>,
    permit: Permit<ManageOwnUsers>,
    id: Id<UserId>,
    _sent: Sent,
) -> Answer {
    own::disable(app, permit, id.get()?).await?;
    Goto::to(PATH).saying("user-disabled").reply()
}

/// Enables.
#[post("/miei-dati/utenti/<id>/abilita", data = "<_sent>")]
pub(crate) async fn abilitato(
    app: &State<App>,
    permit: Permit<ManageOwnUsers>,
    id: Id<UserId>,
    _sent: Sent,
) -> Answer {
    own::enable(app, permit, id.get()?).await?;
    Goto::to(PATH).saying("user-enabled").reply()
}
