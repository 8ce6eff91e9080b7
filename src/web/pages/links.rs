//! Where mailed links lead: the first superadmin, an invitation, a forgotten password.

use crate::{
    domain::error::Error,
    operations::{
        App,
        users::{NewPassword, Proved, accept, reset, set_up},
    },
    web::{
        Settings,
        form::{Form, Sent},
        guards::Public,
        page::{Answer, Goto, Level, Page},
        reader::Language,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};

/// The page of a link that is used up, void, or none at all: which of these it is, is not told.
fn dead() -> Answer {
    Page::new("pages/links/dead", json!({}))?
        .status(Status::NotFound)
        .reply()
}

/// A page behind a link, if the link is good.
fn behind(template: &'static str, found: Result<Value, Error>) -> Answer {
    match found {
        Ok(shown) => Page::new(template, shown)?.reply(),
        Err(Error::NotFound) => dead(),
        Err(other) => Err(other.into()),
    }
}

/// What a form behind a link brought: onwards to the sign-in, or the form again.
fn chosen(
    outcome: Result<Proved, Error>,
    said: &'static str,
    template: &'static str,
    mut shown: Value,
    sent: &Sent,
    language: Language,
) -> Answer {
    match outcome {
        Ok(_) => Goto::to("/accedi").flash(Level::Ok, said, []).reply(),
        Err(Error::Invalid(wrong)) => {
            if let Some(shown) = shown.as_object_mut() {
                shown.insert("form".into(), json!(Form::again(sent, &wrong, language)));
            }
            Page::new(template, shown)?
                .status(Status::UnprocessableEntity)
                .reply()
        }
        Err(Error::NotFound) => dead(),
        Err(other) => Err(other.into()),
    }
}

fn password(sent: &Sent) -> NewPassword {
    NewPassword(sent.verbatim("password").unwrap_or_default().to_owned())
}

/// Asks for the first superadmin.
#[get("/primo-accesso/<token>")]
pub(crate) async fn primo_accesso(app: &State<App>, token: &str) -> Answer {
    let form = Form::new()?;
    let found = set_up::peek(app, token).await;
    behind(
        "pages/links/set_up",
        found.map(|()| json!({ "form": form, "token": token })),
    )
}

/// Makes the first superadmin.
#[post("/primo-accesso/<token>", data = "<sent>")]
pub(crate) async fn primo_accesso_fatto(
    app: &State<App>,
    settings: &State<Settings>,
    public: Public,
    language: Language,
    token: &str,
    sent: Sent,
) -> Answer {
    if !settings.is_safe_to_sign_in() {
        return Err(Error::Forbidden.into());
    }
    let (name, email) = (
        sent.get("nome").unwrap_or_default(),
        sent.get("email").unwrap_or_default(),
    );
    let outcome = set_up::found(app, &public.0, token, name, email, password(&sent)).await;
    let shown = json!({ "token": token });
    chosen(
        outcome,
        "set-up-done",
        "pages/links/set_up",
        shown,
        &sent,
        language,
    )
}

/// Asks who was invited for a name and a password.
#[get("/invito/<token>")]
pub(crate) async fn invito(app: &State<App>, token: &str) -> Answer {
    let form = Form::new()?;
    let found = accept::peek(app, token).await;
    behind(
        "pages/links/invitation",
        found.map(|who| json!({ "form": form.with("nome", &who.name), "token": token, "email": who.email })),
    )
}

/// Accepts an invitation.
#[post("/invito/<token>", data = "<sent>")]
pub(crate) async fn invito_accettato(
    app: &State<App>,
    public: Public,
    language: Language,
    token: &str,
    sent: Sent,
) -> Answer {
    let who = match accept::peek(app, token).await {
        Ok(who) => who,
        Err(Error::NotFound) => return dead(),
        Err(other) => return Err(other.into()),
    };
    let name = sent.get("nome").unwrap_or_default();
    let outcome = accept::accept(app, &public.0, token, name, password(&sent)).await;
    let shown = json!({ "token": token, "email": who.email });
    chosen(
        outcome,
        "invitation-accepted",
        "pages/links/invitation",
        shown,
        &sent,
        language,
    )
}

/// Asks where to send the link of who forgot the password.
#[get("/password/dimenticata")]
pub(crate) async fn dimenticata() -> Answer {
    Page::new("pages/links/forgotten", json!({ "form": Form::new()? }))?.reply()
}

/// Sends it, if there is somebody to send it to; the answer is the same.
#[post("/password/dimenticata", data = "<sent>")]
pub(crate) async fn dimenticata_inviata(
    app: &State<App>,
    public: Public,
    language: Language,
    sent: Sent,
) -> Answer {
    match reset::request(app, &public.0, sent.get("email").unwrap_or_default()).await {
        Ok(()) => Goto::to("/accedi").flash(Level::Info, "reset-sent", []).reply(),
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            Page::new("pages/links/forgotten", json!({ "form": form }))?
                .status(Status::UnprocessableEntity)
                .reply()
        }
    }
}

/// Asks for the new password.
#[get("/password/<token>", rank = 2)]
pub(crate) async fn nuova_password(app: &State<App>, token: &str) -> Answer {
    let form = Form::new()?;
    let found = reset::peek(app, token).await;
    behind(
        "pages/links/reset",
        found.map(|who| json!({ "form": form, "token": token, "email": who.email })),
    )
}

/// Sets the new password.
#[post("/password/<token>", data = "<sent>", rank = 2)]
pub(crate) async fn nuova_password_scelta(
    app: &State<App>,
    public: Public,
    language: Language,
    token: &str,
    sent: Sent,
) -> Answer {
    let who = match reset::peek(app, token).await {
        Ok(who) => who,
        Err(Error::NotFound) => return dead(),
        Err(other) => return Err(other.into()),
    };
    let outcome = reset::choose(app, &public.0, token, password(&sent)).await;
    let shown = json!({ "token": token, "email": who.email });
    chosen(outcome, "reset-done", "pages/links/reset", shown, &sent, language)
}
