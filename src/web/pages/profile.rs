//! One's own: name, language, password, sessions.

use crate::{
    domain::{
        error::{Error, FieldErrors},
        ids::SessionId,
    },
    operations::{
        App,
        users::{NewPassword, notices, password, profile, sessions},
    },
    web::{
        Settings,
        form::{Form, Sent},
        guards::{Id, UserAgent},
        page::{Answer, Goto, InPlace, Page, own_path},
        pages::{notices::preferences, sign_in},
        problem::Failure,
        reader::Language,
        session::{self, Session, SignedIn},
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::json;

/// The forms of the page; each may come back with what was wrong.
struct Forms {
    data: Form,
    password: Form,
}

impl Forms {
    fn new(session: &Session) -> Result<Self, Failure> {
        Ok(Self {
            data: Form::new()?
                .with("nome", &session.name)
                .with("lingua", &session.language),
            password: Form::new()?,
        })
    }
}

async fn page(app: &App, session: &Session, forms: Forms) -> Result<Page, Failure> {
    let own = sessions::list(app, &session.actor, session.id).await?;
    let chosen = notices::of(app, &session.actor).await?;
    let sessions: Vec<_> = own
        .iter()
        .map(|own| {
            json!({
                "id": own.session.id.to_string(),
                "current": own.current,
                "created_at": own.session.created_at,
                "last_seen_at": own.session.last_seen_at,
                "address": own.session.address,
                "browser": browser(&own.session.user_agent),
                "user_agent": own.session.user_agent,
            })
        })
        .collect();
    Ok(Page::new(
        "pages/profile/index",
        json!({
            "data": forms.data,
            "password": forms.password,
            "sessions": sessions,
            "notices": preferences(&chosen),
            "languages": [{"value": "it", "text": "Italiano"}, {"value": "en", "text": "English"}],
        }),
    )?)
}

/// A browser and its system by the names that people know; what nothing is known of is shown as it is.
fn browser(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    // Each names those that it descends from, so the later come first.
    let program = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => user_agent.chars().take(60).collect(),
    }
}

async fn again(app: &App, session: &Session, forms: Forms) -> Answer {
    page(app, session, forms)
        .await?
        .status(Status::UnprocessableEntity)
        .reply()
}

/// One's own page.
#[get("/profilo")]
pub(crate) async fn profilo(app: &State<App>, session: SignedIn<'_>) -> Answer {
    page(app, session.0, Forms::new(session.0)?).await?.reply()
}

/// Changes name and language.
#[post("/profilo", data = "<sent>")]
pub(crate) async fn modifica(
    app: &State<App>,
    session: SignedIn<'_>,
    language: Language,
    sent: Sent,
) -> Answer {
    let changes = profile::Changes {
        name: Some(sent.get("nome").unwrap_or_default().to_owned()),
        language: sent.get("lingua").map(str::to_owned),
    };
    match profile::change(app, &session.0.actor, changes).await {
        Ok(()) => Goto::to("/profilo").saying("profile-saved").reply(),
        Err(Error::Invalid(wrong)) => {
            let forms = Forms {
                data: Form::again(&sent, &wrong, language),
                password: Form::new()?,
            };
            again(app, session.0, forms).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Changes the language from any page, and stays there.
#[post("/profilo/lingua", data = "<sent>")]
pub(crate) async fn lingua(app: &State<App>, session: SignedIn<'_>, sent: Sent) -> Answer {
    let changes = profile::Changes {
        name: None,
        language: sent.get("lingua").map(str::to_owned),
    };
    profile::change(app, &session.0.actor, changes).await?;
    Goto::to(sent.get("poi").and_then(own_path).unwrap_or("/")).reply()
}

/// Changes the password; every other session and all tokens end.
#[post("/profilo/password", data = "<sent>")]
pub(crate) async fn cambia_password(
    app: &State<App>,
    settings: &State<Settings>,
    session: SignedIn<'_>,
    user_agent: UserAgent,
    language: Language,
    sent: Sent,
) -> Answer {
    let present = sent.verbatim("password_attuale").unwrap_or_default();
    let next = NewPassword(sent.verbatim("password").unwrap_or_default().to_owned());
    let session = session.0;
    match password::change(app, &session.actor, session.id, present, next, &user_agent.0).await {
        Ok(changed) => Goto::to("/profilo")
            .saying("password-changed")
            .cookie(session::renewed(settings, &changed.renewed))
            .cookie(sign_in::known(settings, changed.known))
            .reply(),
        Err(Error::Invalid(wrong)) => {
            let forms = Forms {
                password: Form::again(&sent, &wrong, language),
                ..Forms::new(session)?
            };
            again(app, session, forms).await
        }
        Err(Error::Stale) => {
            let forms = Forms {
                password: Form::again(&sent, &FieldErrors::default(), language),
                ..Forms::new(session)?
            };
            again(app, session, forms).await
        }
        Err(other) => Err(other.into()),
    }
}

/// What is left after sessions ended: in place, or on the page opened anew.
async fn ended(app: &App, session: &Session, in_place: InPlace, said: &'static str) -> Answer {
    if in_place.0 {
        let page = page(app, session, Forms::new(session)?).await?;
        page.part("partials/profile/sessions").saying(said).reply()
    } else {
        Goto::to("/profilo").saying(said).reply()
    }
}

/// Ends one of one's own sessions.
#[post("/profilo/sessioni/<id>/chiudi", data = "<_sent>")]
pub(crate) async fn chiudi_sessione(
    app: &State<App>,
    session: SignedIn<'_>,
    user_agent: UserAgent,
    in_place: InPlace,
    id: Id<SessionId>,
    _sent: Sent,
) -> Answer {
    sessions::end(app, &session.0.actor, id.get()?, &user_agent.0).await?;
    ended(app, session.0, in_place, "session-ended").await
}

/// Ends all of one's other sessions.
#[post("/profilo/sessioni/chiudi", data = "<_sent>")]
pub(crate) async fn chiudi_altre(
    app: &State<App>,
    session: SignedIn<'_>,
    user_agent: UserAgent,
    in_place: InPlace,
    _sent: Sent,
) -> Answer {
    sessions::end_others(app, &session.0.actor, session.0.id, &user_agent.0).await?;
    ended(app, session.0, in_place, "sessions-ended").await
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_named_as_people_know_them() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
                "Firefox, Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1",
                "Safari, iPhone",
            ),
            ("curl/8.5", "curl/8.5"),
            ("", ""),
        ] {
            assert_eq!(browser(agent), name);
        }
    }
}
