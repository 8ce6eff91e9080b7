//! Signing in and out, and giving the password again before what is dangerous.

use crate::{
    domain::error::{Error, Fault, FieldErrors},
    operations::{
        App,
        users::{
            confirm,
            sign_in::{self, Attempt},
            sign_out,
        },
    },
    web::{
        Settings,
        cookies::Kept,
        form::{Form, Leaving, Sent},
        guards::{Public, UserAgent},
        page::{Answer, Goto, Level, Page, own_path},
        problem::Failure,
        reader::Language,
        session::{self, SignedIn, Visitor},
    },
};
use rocket::{
    State, get,
    http::{Cookie, CookieJar, Status},
    post,
    time::Duration,
};
use serde_json::json;

/// How long it is known.
const KNOWN_FOR: Duration = Duration::days(365);

/// The cookie of a browser that a user signed in at.
pub(super) fn known(settings: &Settings, value: String) -> Cookie<'static> {
    Kept::Known.lasting(settings, value, KNOWN_FOR)
}

fn door(
    template: &'static str,
    form: &Form,
    back: Option<&str>,
    settings: &Settings,
) -> Result<Page, Failure> {
    let shown = json!({
        "form": form,
        "refused": form.wrong("accesso"),
        "poi": back.and_then(own_path),
        "unsafe_place": !settings.is_safe_to_sign_in(),
    });
    Ok(Page::new(template, shown)?)
}

/// A door that stays shut, with the words why.
fn shut(
    template: &'static str,
    sent: &Sent,
    failed: Error,
    language: Language,
    settings: &Settings,
) -> Answer {
    let (status, wrong) = match failed {
        Error::Invalid(wrong) => (Status::UnprocessableEntity, wrong),
        Error::SignInRefused => {
            let mut wrong = FieldErrors::default();
            wrong.add("accesso", Fault::Invalid);
            (Status::UnprocessableEntity, wrong)
        }
        other => return Err(other.into()),
    };
    let form = Form::again(sent, &wrong, language);
    door(template, &form, sent.get("poi"), settings)?
        .status(status)
        .reply()
}

/// The way in.
#[get("/accedi?<poi>")]
pub(crate) async fn accedi(settings: &State<Settings>, visitor: Visitor<'_>, poi: Option<&str>) -> Answer {
    if visitor.0.is_some() {
        return Goto::to(poi.and_then(own_path).unwrap_or("/")).reply();
    }
    door("pages/sign_in", &Form::new()?, poi, settings)?.reply()
}

/// Signs in.
#[post("/accedi", data = "<sent>")]
pub(crate) async fn entra(
    app: &State<App>,
    settings: &State<Settings>,
    public: Public,
    cookies: &CookieJar<'_>,
    user_agent: UserAgent,
    language: Language,
    sent: Sent,
) -> Answer {
    if !settings.is_safe_to_sign_in() {
        return door("pages/sign_in", &Form::new()?, sent.get("poi"), settings)?
            .status(Status::Forbidden)
            .reply();
    }
    let attempt = Attempt {
        email: sent.get("email").unwrap_or_default().to_owned(),
        password: sent.verbatim("password").unwrap_or_default().to_owned(),
        remember: sent.ticked("ricorda"),
        user_agent: user_agent.0,
        known: Kept::Known.value(settings, cookies).map(str::to_owned),
    };
    let opened = match sign_in::sign_in(app, &public.0, attempt).await {
        Ok(opened) => opened,
        Err(failed) => return shut("pages/sign_in", &sent, failed, language, settings),
    };
    let mut cookie = Kept::Session.cookie(settings, opened.secret.reveal().to_owned());
    if let Some(lasts) = opened.lasts {
        cookie.set_max_age(Duration::seconds(lasts.num_seconds()));
    }
    Goto::to(sent.get("poi").and_then(own_path).unwrap_or("/"))
        .cookie(cookie)
        .cookie(known(settings, opened.known))
        .reply()
}

/// Signs out.
#[post("/esci", data = "<_leaving>")]
pub(crate) async fn esci(
    app: &State<App>,
    settings: &State<Settings>,
    visitor: Visitor<'_>,
    user_agent: UserAgent,
    _leaving: Leaving,
) -> Answer {
    if let Some(session) = visitor.0 {
        sign_out::sign_out(app, session.real(), session.id, &user_agent.0).await?;
    }
    Goto::to("/accedi")
        .flash(Level::Info, "signed-out", [])
        .cookie(Kept::Session.gone(settings))
        .reply()
}

/// Asks for the password again.
#[get("/conferma?<poi>")]
pub(crate) async fn conferma(settings: &State<Settings>, session: SignedIn<'_>, poi: Option<&str>) -> Answer {
    let _ = session.0;
    door("pages/confirm", &Form::new()?, poi, settings)?.reply()
}

/// Takes the password again: the session gets another secret.
#[post("/conferma", data = "<sent>")]
pub(crate) async fn confermata(
    app: &State<App>,
    settings: &State<Settings>,
    session: SignedIn<'_>,
    user_agent: UserAgent,
    language: Language,
    sent: Sent,
) -> Answer {
    let session = session.0;
    let password = sent.verbatim("password").unwrap_or_default();
    let renewed = match confirm::confirm(app, &session.actor, session.id, password, &user_agent.0).await {
        Ok(renewed) => renewed,
        Err(failed) => return shut("pages/confirm", &sent, failed, language, settings),
    };
    Goto::to(sent.get("poi").and_then(own_path).unwrap_or("/"))
        .cookie(session::renewed(settings, &renewed))
        .reply()
}
