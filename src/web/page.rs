//! Pages on their way out: a template with the frame around it, or the part that htmx asked for; and where to go next.

use super::{
    Settings,
    cookies::Kept,
    fairings::Styles,
    guards::RequestId,
    installation::Installation,
    masking, messages, nav,
    problem::Failure,
    reader::{Language, Reader, initials},
    session::{self, Session},
};
use crate::{domain::error::Result, operations::App};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use chrono::NaiveDateTime;
use rocket::{
    Request, Response,
    http::{ContentType, Cookie, Status},
    request::{self, FromRequest},
    response::{self, Responder},
};
use rocket_dyn_templates::Template;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::io::Cursor;

/// What most handlers of pages give.
pub(super) type Answer = std::result::Result<Reply, Failure>;

/// A page, or where to go.
#[derive(Debug)]
pub(super) enum Reply {
    Page(Page),
    Goto(Goto),
}

impl From<Page> for Reply {
    fn from(page: Page) -> Self {
        Self::Page(page)
    }
}

impl From<Goto> for Reply {
    fn from(goto: Goto) -> Self {
        Self::Goto(goto)
    }
}

/// A template with what it shows.
#[derive(Debug)]
pub(super) struct Page {
    template: &'static str,
    part: Option<&'static str>,
    status: Status,
    shown: Map<String, Value>,
    says: Option<(Level, &'static str)>,
    styles: Vec<String>,
    calm: bool,
}

impl Page {
    /// A page. What it shows is an object.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub(super) fn new(template: &'static str, shown: impl Serialize) -> Result<Self> {
        let shown = serde_json::to_value(shown).map_err(crate::domain::error::Error::internal)?;
        Ok(Self {
            template,
            part: None,
            status: Status::Ok,
            shown: match shown {
                Value::Object(shown) => shown,
                _ => Map::new(),
            },
            says: None,
            styles: Vec::new(),
            calm: false,
        })
    }

    /// As a part it is 200 in any case: while somebody types, what is not whole yet is nothing wrong.
    #[must_use]
    pub(super) fn calm(mut self) -> Self {
        self.calm = true;
        self
    }

    /// Shows something in a frame that has these styles in its attributes.
    #[must_use]
    pub(super) fn styles(mut self, styles: Vec<String>) -> Self {
        self.styles = styles;
        self
    }

    /// The template of the part that htmx gets when it asks for no whole page.
    #[must_use]
    pub(super) fn part(mut self, part: &'static str) -> Self {
        self.part = Some(part);
        self
    }

    /// Another status than 200.
    #[must_use]
    pub(super) fn status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    /// Says that what changed in place was done: beside a part in a header that the script shows, in a page in its own
    /// place for messages.
    #[must_use]
    pub(super) fn saying(mut self, key: &'static str) -> Self {
        self.says = Some((Level::Ok, key));
        self
    }

    /// The page as a reply.
    pub(super) fn reply(self) -> Answer {
        Ok(Reply::Page(self))
    }
}

/// How loud a message is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Ok,
    Info,
    Bad,
}

#[derive(Debug, Serialize, Deserialize)]
struct Flash {
    level: Level,
    text: String,
}

/// Where to go after something was done, with a message that is shown there.
#[derive(Debug)]
pub(super) struct Goto {
    path: String,
    flash: Option<(Level, &'static str, messages::Filling)>,
    cookies: Vec<Cookie<'static>>,
}

impl Goto {
    /// To a page of the portal.
    pub(super) fn to(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            flash: None,
            cookies: Vec::new(),
        }
    }

    /// To say there that it was done.
    #[must_use]
    pub(super) fn saying(self, key: &'static str) -> Self {
        self.flash(Level::Ok, key, [])
    }

    /// To say something there.
    #[must_use]
    pub(super) fn flash<const N: usize>(
        mut self,
        level: Level,
        key: &'static str,
        places: [(
            &'static str,
            fluent_templates::fluent_bundle::FluentValue<'static>,
        ); N],
    ) -> Self {
        let places = places
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect();
        self.flash = Some((level, key, places));
        self
    }

    /// Sets, or with an age of zero takes away, a cookie.
    #[must_use]
    pub(super) fn cookie(mut self, cookie: Cookie<'static>) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// As a reply.
    pub(super) fn reply(self) -> Answer {
        Ok(Reply::Goto(self))
    }
}

/// Whether htmx asked, and for a part of a page.
pub(super) fn wants_part(request: &Request<'_>) -> bool {
    let headers = request.headers();
    headers.contains("HX-Request")
        && !headers.contains("HX-Boosted")
        && !headers.contains("HX-History-Restore-Request")
        && headers.get_one("HX-Request-Type") != Some("full")
}

/// A path of this portal that somebody may be sent to: never another site, whatever they were asked to follow.
pub(super) fn own_path(path: &str) -> Option<&str> {
    let plain = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(|c| c.is_control() || c.is_whitespace())
        && path.len() <= 1000;
    plain.then_some(path)
}

/// Who reads the answer to this request.
pub(super) fn reader(request: &Request<'_>) -> Option<Reader> {
    let app = request.rocket().state::<App>()?;
    Some(Reader {
        language: Language::of(request),
        zone: app.zone,
        now: app.clock.now(),
    })
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Reader {
    type Error = ();
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        session::look_up(request).await;
        match reader(request) {
            Some(reader) => request::Outcome::Success(reader),
            None => request::Outcome::Error((Status::InternalServerError, ())),
        }
    }
}

/// Whether what changes is answered with the part of the page that shows it. Without a script the page is opened anew.
pub(super) struct InPlace(pub(super) bool);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for InPlace {
    type Error = std::convert::Infallible;
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        request::Outcome::Success(Self(wants_part(request)))
    }
}

#[derive(Serialize)]
struct Frame<'a> {
    language: &'static str,
    theme: Option<&'static str>,
    keys: bool,
    path: &'a str,
    back: String,
    version: &'static str,
    htmx: bool,
    user: Option<Value>,
    /// When looking with somebody else's eyes ends by itself.
    seeing_until: Option<NaiveDateTime>,
    menu: Vec<nav::Section>,
    unread: Option<String>,
    flash: Option<Flash>,
    request_id: &'a str,
    installation: Value,
}

fn installation(request: &Request<'_>) -> Value {
    let settings = request
        .rocket()
        .state::<Installation>()
        .map(Installation::settings);
    let settings = settings.unwrap_or_default();
    json!({
        "name": settings.name,
        "badge": settings.badge,
        "support": settings.support_email,
        "privacy": settings.privacy_url,
    })
}

fn theme(request: &Request<'_>) -> Option<&'static str> {
    match Kept::Theme.of(request)? {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

/// Whether single keys are shortcuts for who reads.
fn keys(request: &Request<'_>) -> bool {
    Kept::Keys.of(request) != Some("no")
}

fn user(session: &Session, reader: &Reader) -> Value {
    let role = session.actor.role().map_or("", |role| role.code());
    json!({
        "name": session.name,
        "email": session.actor.name(),
        "initials": initials(&session.name),
        "role": role,
        "role_name": reader.text(&format!("role-{role}")),
        "node": session.node,
        "read_only": session.actor.is_read_only(),
    })
}

fn flash(request: &Request<'_>) -> Option<Flash> {
    serde_json::from_slice(&B64.decode(Kept::Flash.of(request)?).ok()?).ok()
}

/// A message for the script, in a header: those are ASCII.
fn trigger(flash: &Flash) -> String {
    let told = json!({"toast": {"level": flash.level, "msg": flash.text}}).to_string();
    let mut ascii = String::with_capacity(told.len());
    for c in told.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                ascii.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    ascii
}

impl<'r> Responder<'r, 'static> for Page {
    fn respond_to(mut self, request: &'r Request<'_>) -> response::Result<'static> {
        let reader = reader(request).ok_or(Status::InternalServerError)?;
        let styles = std::mem::take(&mut self.styles);
        request.local_cache(|| Styles(styles));
        let part = self.part.filter(|_| wants_part(request));
        let session = session::of(request);
        let seeing = session.and_then(|session| session.seeing.as_ref());
        let path = request.uri().path().as_str();
        let carried = if part.is_none() { flash(request) } else { None };
        let flashed = carried.is_some();
        let said = self.says.map(|(level, key)| Flash {
            level,
            text: reader.text(key),
        });
        let (flash, told) = match part {
            Some(_) => (None, said),
            None => (said.or(carried), None),
        };
        let frame = Frame {
            language: reader.language.code(),
            theme: theme(request),
            keys: keys(request),
            path,
            back: request.uri().to_string(),
            version: env!("CARGO_PKG_VERSION"),
            htmx: super::assets::is_lively(),
            user: session.map(|session| user(session, &reader)),
            unread: session
                .filter(|session| session.unread > 0)
                .map(|session| nav::at_most(session.unread, &reader)),
            seeing_until: seeing.map(|seeing| seeing.until),
            menu: session.map_or_else(Vec::new, |session| {
                nav::menu(&session.actor, session.waiting, path, &reader)
            }),
            flash,
            request_id: RequestId::of(request).as_str(),
            installation: installation(request),
        };
        if seeing.is_some() {
            self.shown.values_mut().for_each(masking::mask);
        }
        let frame = serde_json::to_value(frame).map_err(|_| Status::InternalServerError)?;
        self.shown.insert("frame".into(), frame);
        let template = part.unwrap_or(self.template);
        let body = reader
            .reads(|| Template::show(request.rocket(), template, Value::Object(self.shown)))
            .ok_or(Status::InternalServerError)?;
        let body = if seeing.is_some() {
            masking::masked(&body)
        } else {
            body
        };
        let mut response = Response::build();
        response
            .status(if self.calm && part.is_some() {
                Status::Ok
            } else {
                self.status
            })
            .header(ContentType::HTML)
            .raw_header("Content-Language", reader.language.code())
            .raw_header(
                "Vary",
                "HX-Request, HX-Request-Type, HX-Boosted, Cookie, Accept-Language, Accept-Encoding",
            )
            .sized_body(body.len(), Cursor::new(body));
        if let Some(told) = told {
            response.raw_header("HX-Trigger", trigger(&told));
        }
        if flashed && let Some(settings) = request.rocket().state::<Settings>() {
            response.header_adjoin(Kept::Flash.gone(settings));
        }
        response.ok()
    }
}

impl<'r> Responder<'r, 'static> for Goto {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let settings = request
            .rocket()
            .state::<Settings>()
            .ok_or(Status::InternalServerError)?;
        let mut response = Response::build();
        if request.headers().contains("HX-Request") {
            response
                .status(Status::NoContent)
                .raw_header("HX-Redirect", self.path);
        } else {
            response
                .status(Status::SeeOther)
                .raw_header("Location", self.path);
        }
        if let Some((level, key, places)) = self.flash {
            let flash = Flash {
                level,
                text: messages::filled_with(Language::of(request), key, &places),
            };
            let value = B64.encode(serde_json::to_vec(&flash).unwrap_or_default());
            response.header_adjoin(Kept::Flash.lasting(settings, value, rocket::time::Duration::minutes(1)));
        }
        for cookie in &self.cookies {
            response.header_adjoin(cookie);
        }
        response.ok()
    }
}

impl<'r> Responder<'r, 'static> for Reply {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self {
            Self::Page(page) => page.respond_to(request),
            Self::Goto(goto) => goto.respond_to(request),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for path in [
            "/",
            "/licenze",
            "/licenze?q=a&stato=attiva",
            "/a/b#c",
            "/%2f%2fexample.com",
        ] {
            assert_eq!(own_path(path), Some(path));
        }
        for path in [
            "",
            "licenze",
            "//example.com",
            "///example.com",
            "/\\example.com",
            "\\\\example.com",
            "https://example.com",
            "https:/example.com",
            "javascript:alert(1)",
            "/\t/example.com",
            "/\n/example.com",
            " /licenze",
            "/a b",
            "data:text/html,x",
            "/\u{85}",
            "/\u{2028}",
        ] {
            assert_eq!(own_path(path), None, "{path:?}");
        }
    }

    #[test]
    fn a_message_for_the_script_is_ascii_and_reads_as_it_was_written() {
        let text = "È fatta: «Brenta» 😀 \"ok\"\n";
        let written = trigger(&Flash {
            level: Level::Ok,
            text: text.into(),
        });
        assert!(
            written.bytes().all(|byte| (0x20..0x7f).contains(&byte)),
            "{written}"
        );
        let read: Value = serde_json::from_str(&written).unwrap_or_default();
        assert_eq!(read, json!({"toast": {"level": "ok", "msg": text}}));
    }
}
