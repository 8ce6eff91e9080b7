//! Who is signed in at the portal, and whether a request that changes something comes from the portal itself.

use super::{Settings, cookies::Kept, guards};
use crate::{
    domain::{
        access::{Action, allows, may},
        actor::Actor,
        error::Error,
        ids::SessionId,
        secrets,
        user::may_see_as,
    },
    operations::{App, users::Renewed},
    store::{ReadTx, log::LogRow, sessions, waiting},
};
use chrono::{Duration, NaiveDateTime};
use rocket::{
    Request, State,
    http::{Cookie, Method, Status},
    request::{self, FromRequest},
};

/// A session is noted as used at most this often.
const USED_EVERY: Duration = Duration::minutes(1);

/// Somebody signed in.
#[derive(Debug)]
pub(super) struct Session {
    /// The session's own identifier.
    pub(super) id: SessionId,
    /// Who acts: whose eyes it is that somebody looks with, where they are not their own.
    pub(super) actor: Actor,
    /// Who is signed in, and with whose eyes they look until when; none while they look with their own.
    pub(super) seeing: Option<Seeing>,
    /// The user's name.
    pub(super) name: String,
    /// The user's language.
    pub(super) language: String,
    /// What the user belongs to, by name; none for customers' users.
    pub(super) node: Option<String>,
    /// How much waits for them, counted up to a bound; not counted where no menu is shown.
    pub(super) waiting: i64,
    /// How much they were told of and did not read yet, counted alike.
    pub(super) unread: i64,
    /// Whether the password was given a short while ago.
    confirmed: bool,
}

/// Who looks with somebody else's eyes.
#[derive(Debug)]
pub(super) struct Seeing {
    /// Who is signed in.
    pub(super) real: Actor,
    /// When it ends by itself, UTC.
    pub(super) until: NaiveDateTime,
}

impl Session {
    /// Who is signed in, whatever they look at.
    pub(super) fn real(&self) -> &Actor {
        self.seeing.as_ref().map_or(&self.actor, |seeing| &seeing.real)
    }

    /// Whether the password was given a short while ago.
    pub(super) fn is_confirmed(&self) -> bool {
        self.confirmed
    }
}

type Found = Result<Option<Session>, Status>;

/// The cookie of a session whose secret was changed.
pub(super) fn renewed(settings: &Settings, renewed: &Renewed) -> Cookie<'static> {
    let mut cookie = Kept::Session.cookie(settings, renewed.secret.reveal().to_owned());
    if let Some(lasts) = renewed.lasts {
        cookie.set_max_age(rocket::time::Duration::seconds(lasts.num_seconds()));
    }
    cookie
}

/// Whose cookie a request carries, looked up once for a request.
async fn found<'r>(request: &'r Request<'_>) -> &'r Found {
    request
        .local_cache_async(async {
            let settings = request
                .rocket()
                .state::<Settings>()
                .ok_or(Status::InternalServerError)?;
            let Some(cookie) = Kept::Session.value(settings, request.cookies()) else {
                return Ok(None);
            };
            let app = request
                .guard::<&State<App>>()
                .await
                .success_or(Status::InternalServerError)?;
            let (hash, now) = (secrets::hash(cookie), app.clock.now());
            let origin = guards::origin(request);
            let counts = !super::page::wants_part(request);
            let found = app
                .db
                .read(move |tx| {
                    let Some(found) = sessions::by_secret(tx, hash, now)? else {
                        return Ok(None);
                    };
                    let real = Actor::user(found.who.clone(), origin.clone());
                    let seen = match found.sees {
                        Some((id, until)) => sessions::seen(tx, real.scope(), id)?
                            .filter(|seen| may_see_as(&real, &seen.user))
                            .map(|seen| (seen, until)),
                        None => None,
                    };
                    let actor = match &seen {
                        Some((seen, _)) => Actor::seen(seen.who.clone(), origin.clone()),
                        None => real.clone(),
                    };
                    let counted = if counts { waits(tx, &actor)? } else { (0, 0) };
                    Ok(Some((found, real, seen, actor, counted)))
                })
                .await;
            let found = found.map_err(|error| match error {
                Error::Unavailable(_) => Status::ServiceUnavailable,
                error => {
                    let id = guards::RequestId::of(request).as_str();
                    tracing::error!(id, %error, "a session could not be looked up");
                    Status::InternalServerError
                }
            })?;
            let Some((found, real, seen, actor, (waiting, unread))) = found else {
                return Ok(None);
            };
            if now - found.last_seen_at > USED_EVERY {
                let _ = app.db.log(LogRow::SessionUsed(found.id, now)).await;
            }
            let confirmed = found.is_confirmed(now);
            let (name, node, seeing) = match seen {
                Some((seen, until)) => (seen.user.name.clone(), seen.node, Some(Seeing { real, until })),
                None => (found.name, found.node, None),
            };
            Ok(Some(Session {
                confirmed: confirmed && seeing.is_none(),
                id: found.id,
                actor,
                seeing,
                waiting,
                unread,
                name,
                language: found.language,
                node,
            }))
        })
        .await
}

/// How much waits for somebody: customers who are theirs to see, and licences that are theirs to assign; and what they
/// did not read yet.
fn waits(tx: &mut ReadTx<'_>, actor: &Actor) -> crate::domain::error::Result<(i64, i64)> {
    let Some(user) = actor.user_id().filter(|_| may(actor, Action::ReadCustomers)) else {
        return Ok((0, 0));
    };
    let assigns = actor
        .role()
        .is_some_and(|role| allows(role, Action::AssignLicense));
    waiting::count(tx, actor.scope(), assigns, user)
}

/// Looks up who is signed in, where no guard did.
pub(super) async fn look_up(request: &Request<'_>) {
    let _ = found(request).await;
}

/// Who is signed in, as far as this request was asked already.
pub(super) fn of<'r>(request: &'r Request<'_>) -> Option<&'r Session> {
    request
        .local_cache(|| Found::Err(Status::Unauthorized))
        .as_ref()
        .ok()
        .and_then(Option::as_ref)
}

/// Who is signed in; a request that changes something has to come from the portal's own pages.
pub(super) async fn required<'r>(request: &'r Request<'_>) -> Result<&'r Session, Status> {
    let session = found(request).await.as_ref().map_err(|status| *status)?;
    let session = session.as_ref().ok_or(Status::Unauthorized)?;
    if !is_ours(request) {
        return Err(Status::Forbidden);
    }
    Ok(session)
}

/// Whether a request that changes something was sent by a page of this portal: browsers say so in headers that no
/// page can set. Reading is everybody's.
pub(super) fn is_ours(request: &Request<'_>) -> bool {
    if matches!(request.method(), Method::Get | Method::Head | Method::Options) {
        return true;
    }
    let headers = request.headers();
    let site = headers
        .get_one("Sec-Fetch-Site")
        .map(|site| site == "same-origin");
    let origin = headers
        .get_one("Origin")
        .map(|origin| is_own_origin(request, origin));
    match (site, origin) {
        (None, None) => false,
        (site, origin) => site.unwrap_or(true) && origin.unwrap_or(true),
    }
}

fn is_own_origin(request: &Request<'_>, origin: &str) -> bool {
    let Some(settings) = request.rocket().state::<Settings>() else {
        return false;
    };
    let host = request.headers().get_one("Host").unwrap_or_default();
    let at = |scheme: &str| origin.strip_prefix(scheme).is_some_and(|rest| rest == host);
    origin == settings.origin || at("https://") || (!settings.is_https && at("http://"))
}

/// Somebody is signed in, whoever it is.
pub(super) struct SignedIn<'r>(pub(super) &'r Session);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignedIn<'r> {
    type Error = ();
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match required(request).await {
            Ok(session) => request::Outcome::Success(Self(session)),
            Err(status) => request::Outcome::Error((status, ())),
        }
    }
}

/// Whoever asks, signed in or not.
pub(super) struct Visitor<'r>(pub(super) Option<&'r Session>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Visitor<'r> {
    type Error = ();
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match found(request).await {
            Ok(session) => request::Outcome::Success(Self(session.as_ref())),
            Err(status) => request::Outcome::Error((*status, ())),
        }
    }
}

/// Somebody who gave their password a short while ago: asked for before what is dangerous.
pub(super) struct Confirmed;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Confirmed {
    type Error = ();
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let session = match required(request).await {
            Ok(session) => session,
            Err(status) => return request::Outcome::Error((status, ())),
        };
        if session.seeing.is_some() {
            // What is secret is not opened with somebody else's eyes.
            request::Outcome::Error((Status::Forbidden, ()))
        } else if session.confirmed {
            request::Outcome::Success(Self)
        } else {
            request.local_cache(|| ConfirmationWanted(true));
            request::Outcome::Error((Status::Forbidden, ()))
        }
    }
}

/// Whether a request comes from who looks with somebody else's eyes.
pub(super) async fn is_seeing(request: &Request<'_>) -> bool {
    look_up(request).await;
    of(request).is_some_and(|session| session.seeing.is_some())
}

struct ConfirmationWanted(bool);

/// Whether a request was refused only because the password is to be given again.
pub(super) fn wants_confirmation(request: &Request<'_>) -> bool {
    request.local_cache(|| ConfirmationWanted(false)).0
}
