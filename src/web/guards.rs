//! What a handler can take, and so runs only for a request that has it.

use super::{Settings, body::RawBody, is_page, session};
use crate::{
    domain::{
        access::{Permit, Right},
        actor::{Actor, Origin},
        error::{Error, Fault, Result as Outcome},
        ids::UserId,
        secrets,
    },
    operations::{App, IdempotencyKey},
    store::{log::LogRow, users},
};
use chrono::Duration;
use rocket::{
    Request, State,
    http::Status,
    request::{self, FromParam, FromRequest},
};
use sha2::{Digest, Sha256};
use std::{
    convert::Infallible,
    net::IpAddr,
    str::FromStr,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// The id of a request.
pub(super) struct RequestId(String);

impl RequestId {
    /// The id of a request, made at its first asking.
    pub(super) fn of<'r>(request: &'r Request<'_>) -> &'r Self {
        // Unlike those of other starts by its first half, unlike others of this one by its second; no secret.
        static START: LazyLock<u64> =
            LazyLock::new(|| secrets::random().map(u64::from_be_bytes).unwrap_or_default());
        static COUNT: AtomicU64 = AtomicU64::new(0);
        request.local_cache(|| {
            Self(format!(
                "{:016x}{:012x}",
                *START,
                COUNT.fetch_add(1, Ordering::Relaxed)
            ))
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The caller's address: the connection's, or what a trusted proxy says of it.
pub(super) fn address(request: &Request<'_>) -> Option<IpAddr> {
    let remote = request.remote().map(|remote| remote.ip());
    let proxy = request
        .rocket()
        .state::<Settings>()
        .and_then(|settings| settings.trusted_proxy);
    if proxy.is_some() && proxy == remote {
        let told = request
            .headers()
            .get_one("X-Real-IP")
            .and_then(|text| text.trim().parse().ok());
        return told.or(remote);
    }
    remote
}

pub(super) fn origin(request: &Request<'_>) -> Origin {
    Origin {
        address: address(request),
        request_id: RequestId::of(request).as_str().to_owned(),
    }
}

/// Client software: whoever calls; the key in the body is its credential.
pub(super) struct Client(pub(super) Actor);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Client {
    type Error = Infallible;
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Infallible> {
        request::Outcome::Success(Self(Actor::client(origin(request))))
    }
}

/// Anybody at a public page.
pub(super) struct Public(pub(super) Actor);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Public {
    type Error = Infallible;
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Infallible> {
        request::Outcome::Success(Self(Actor::public(origin(request))))
    }
}

/// Characters of a user agent that are kept.
const AGENT_MAX: usize = 300;

/// With what somebody asks, as it says of itself.
pub(super) struct UserAgent(pub(super) String);

impl UserAgent {
    pub(super) fn of(request: &Request<'_>) -> Self {
        let agent = request.headers().get_one("User-Agent").unwrap_or_default();
        Self(agent.chars().take(AGENT_MAX).collect())
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for UserAgent {
    type Error = Infallible;
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Infallible> {
        request::Outcome::Success(Self::of(request))
    }
}

/// A token is noted as used at most this often.
const USED_EVERY: Duration = Duration::minutes(5);

/// Who a request's Bearer token belongs to, looked up once for a request.
async fn bearer<'r>(request: &'r Request<'_>) -> &'r Result<Actor, Status> {
    request
        .local_cache_async(async {
            let header = request.headers().get_one("Authorization").ok_or(Status::Unauthorized)?;
            let (scheme, token) = header.split_once(' ').ok_or(Status::Unauthorized)?;
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(Status::Unauthorized);
            }
            let app = request.guard::<&State<App>>().await.success_or(Status::InternalServerError)?;
            let (hash, now) = (secrets::hash(token.trim()), app.clock.now());
            let found = app.db.read(move |tx| users::by_token(tx, hash, now)).await.map_err(|error| match error {
                Error::Unavailable(_) => Status::ServiceUnavailable,
                error => {
                    tracing::error!(id = RequestId::of(request).as_str(), %error, "a token could not be looked up");
                    Status::InternalServerError
                }
            })?;
            let bearer = found.ok_or(Status::Unauthorized)?;
            if let Some(token) = bearer.who.token
                && bearer.last_used_at.is_none_or(|last| now - last > USED_EVERY)
            {
                let _ = app.db.log(LogRow::TokenUsed(token, now)).await;
            }
            Ok(Actor::user(bearer.who, origin(request)))
        })
        .await
}

/// The user of a request that showed a good token, or that comes from who is signed in; and with whose eyes they look,
/// where those are not their own.
pub(super) fn user_of<'r>(request: &'r Request<'_>) -> Option<(&'r Actor, Option<UserId>)> {
    if is_page(request) {
        return session::of(request).map(|session| {
            let seen = session.seeing.as_ref().and_then(|_| session.actor.user_id());
            (session.real(), seen)
        });
    }
    request
        .local_cache(|| Err::<Actor, Status>(Status::Unauthorized))
        .as_ref()
        .ok()
        .map(|actor| (actor, None))
}

/// Who asks: at the API by the token, at the portal by the session; neither is taken for the other.
async fn actor<'r>(request: &'r Request<'_>) -> Result<&'r Actor, Status> {
    if is_page(request) {
        session::required(request).await.map(|session| &session.actor)
    } else {
        bearer(request).await.as_ref().map_err(|status| *status)
    }
}

#[rocket::async_trait]
impl<'r, R: Right + 'static> FromRequest<'r> for Permit<R> {
    type Error = ();
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match actor(request).await {
            Err(status) => request::Outcome::Error((status, ())),
            Ok(actor) => match Self::ask(actor) {
                Ok(permit) => request::Outcome::Success(permit),
                Err(_) => request::Outcome::Error((Status::Forbidden, ())),
            },
        }
    }
}

/// An identifier in a path. What is none is one that nobody has: 404, like any other.
pub(super) struct Id<T>(Option<T>);

impl<T: Copy> Id<T> {
    pub(super) fn get(&self) -> Outcome<T> {
        self.0.ok_or(Error::NotFound)
    }
}

impl<'r, T: FromStr> FromParam<'r> for Id<T> {
    type Error = Infallible;
    fn from_param(text: &'r str) -> Result<Self, Infallible> {
        Ok(Self(text.parse().ok()))
    }
}

/// The revision in `If-Match`.
pub(super) struct IfMatch(Option<Option<i32>>);

impl IfMatch {
    /// The revision that the caller read, where they say so.
    pub(super) fn optional(&self) -> Outcome<Option<i32>> {
        match self.0 {
            None => Ok(None),
            Some(Some(revision)) => Ok(Some(revision)),
            Some(None) => Err(Error::Stale),
        }
    }

    /// The revision that the caller read; they have to say so.
    pub(super) fn required(&self) -> Outcome<Option<i32>> {
        match self.0 {
            None => Ok(None),
            Some(_) => self.optional(),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for IfMatch {
    type Error = Infallible;
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Infallible> {
        let header = request.headers().get_one("If-Match");
        request::Outcome::Success(Self(
            header.map(|tag| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok()),
        ))
    }
}

/// The `Idempotency-Key` of a request, and whom and what it is for.
pub(super) struct Idempotency {
    key: Option<Result<String, ()>>,
    route: String,
    caller: Vec<u8>,
}

/// Characters of a key at most.
const KEY_MAX: usize = 255;

impl Idempotency {
    /// The key for a request with this body, asked by the token's user, or from an address.
    pub(super) fn of(&self, body: &RawBody) -> Outcome<Option<IdempotencyKey>> {
        let key = match &self.key {
            None => return Ok(None),
            Some(Err(())) => return Err(Error::field("Idempotency-Key", Fault::Invalid)),
            Some(Ok(key)) => key,
        };
        let id = Sha256::new()
            .chain_update((self.caller.len() as u64).to_be_bytes())
            .chain_update(&self.caller)
            .chain_update((self.route.len() as u64).to_be_bytes())
            .chain_update(&self.route)
            .chain_update(key)
            .finalize();
        Ok(Some(IdempotencyKey {
            id: id.into(),
            body: Sha256::digest(body.bytes()?).into(),
        }))
    }
}

/// Whom a key belongs to: the token's user; of those who show no good token, whoever asks from the same address.
async fn caller(request: &Request<'_>) -> Vec<u8> {
    if request.headers().contains("Authorization")
        && let Ok(actor) = bearer(request).await
        && let Some(user) = actor.user_id()
    {
        return user.0.to_vec();
    }
    let address = address(request).map(|address| address.to_string());
    format!("address {}", address.unwrap_or_default()).into_bytes()
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Idempotency {
    type Error = Infallible;
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Infallible> {
        let header = request.headers().get_one("Idempotency-Key");
        let key = header.map(|key| {
            let fits =
                (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|byte| (0x20..0x7f).contains(&byte));
            if fits { Ok(key.to_owned()) } else { Err(()) }
        });
        let caller = match header {
            Some(_) => caller(request).await,
            None => Vec::new(),
        };
        let route = format!("{} {}", request.method(), request.uri().path());
        request::Outcome::Success(Self { key, route, caller })
    }
}
