//! What happens around every request: its id, its line in the log, the headers of its answer.

use super::{
    Settings, assets,
    guards::{self, RequestId, UserAgent},
    is_page,
};
use crate::{
    domain::{ids::LogId, secrets},
    operations::App,
    store::log::{AccessEntry, LogRow},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use rocket::{
    Data, Request, Response,
    fairing::{AdHoc, Fairing, Info, Kind},
    http::{ContentType, Header, Method, Status, uri::Origin},
};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, io::Cursor, time::Instant};

/// Gives each request an id and writes a line about it when it is answered.
pub(super) struct RequestLog;

struct Begun(Instant);

/// Characters of an action in the access log.
const ACTION_MAX: usize = 100;

#[rocket::async_trait]
impl Fairing for RequestLog {
    fn info(&self) -> Info {
        Info {
            name: "request log",
            kind: Kind::Request | Kind::Response,
        }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        request.local_cache(|| Begun(Instant::now()));
        RequestId::of(request);
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let id = RequestId::of(request);
        response.set_header(Header::new("X-Request-Id", id.as_str().to_owned()));
        let micros = request
            .local_cache(|| Begun(Instant::now()))
            .0
            .elapsed()
            .as_micros();
        // The route and not the path: keys and codes that stand in a path stay out of the log, as queries do.
        let route = request.route().map_or("-", |route| route.uri.as_str());
        let status = response.status().code;
        if let (Some((actor, seen_as)), Some(app)) =
            (guards::user_of(request), request.rocket().state::<App>())
        {
            let entry = AccessEntry {
                id: LogId::new(),
                at: app.clock.now(),
                user: actor.user_id(),
                seen_as,
                node: actor.node(),
                customer: actor.customer(),
                action: format!("{} {route}", request.method())
                    .chars()
                    .take(ACTION_MAX)
                    .collect(),
                outcome: status.to_string(),
                address: actor
                    .origin()
                    .address
                    .map(|address| address.to_string())
                    .unwrap_or_default(),
                user_agent: UserAgent::of(request).0,
                request_id: id.as_str().to_owned(),
            };
            if let Err(error) = app.db.log(LogRow::Access(Box::new(entry))).await {
                tracing::error!(id = id.as_str(), %error, "an access was not written down");
            }
        }
        tracing::info!(target: "sigillo::request", id = id.as_str(), method = request.method().as_str(), route, status, micros);
    }
}

/// Turns away requests for a host that is not this portal's: what they ask for would be answered with its name.
pub(super) struct HostCheck;

/// Where such requests end.
const MISDIRECTED: &str = "/.sigillo/altro-host";

#[rocket::async_trait]
impl Fairing for HostCheck {
    fn info(&self) -> Info {
        Info {
            name: "host check",
            kind: Kind::Request,
        }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        let known = match (
            request.headers().get_one("Host"),
            request.rocket().state::<Settings>(),
        ) {
            (Some(host), Some(settings)) => settings.knows_host(host),
            _ => true,
        };
        if !known && let Ok(elsewhere) = Origin::parse(MISDIRECTED) {
            request.set_method(Method::Get);
            request.set_uri(elsewhere);
        }
    }
}

#[rocket::get("/.sigillo/altro-host")]
pub(super) fn misdirected() -> (Status, &'static str) {
    (
        Status::MisdirectedRequest,
        "Host: nome non servito qui / not served here (base_url, allowed_hosts)\n",
    )
}

/// Compresses pages. A comment of random length hides how long what is secret in them is, from who sees only sizes and
/// can choose a part of the page (the attack called BREACH).
pub(super) struct Compression;

/// Bytes below which compressing costs more than it brings.
const WORTH_IT: usize = 1024;

#[rocket::async_trait]
impl Fairing for Compression {
    fn info(&self) -> Info {
        Info {
            name: "compression",
            kind: Kind::Response,
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        if response.content_type() != Some(ContentType::HTML)
            || response.headers().contains("Content-Encoding")
            || !assets::takes_gzip(request)
        {
            return;
        }
        let Ok(plain) = response.body_mut().to_bytes().await else {
            return;
        };
        let noise = secrets::random::<1>().map_or(0, |[byte]| usize::from(byte % 64));
        let zipped = if plain.len() < WORTH_IT {
            None
        } else {
            assets::gzip(&plain, flate2::Compression::fast(), Some(vec![b'-'; noise]))
        };
        match zipped {
            Some(zipped) => {
                response.set_header(Header::new("Content-Encoding", "gzip"));
                response.set_sized_body(zipped.len(), Cursor::new(zipped));
            }
            None => response.set_sized_body(plain.len(), Cursor::new(plain)),
        }
    }
}

/// What an answer of the API may do in a browser: nothing.
const POLICY_API: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// What a page may do: use the portal's own scripts and styles, and send its forms here.
const POLICY_PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; report-uri /csp";

/// Styles that stand in attributes of what a page shows in a frame: its policy lets these through, word by word.
#[derive(Debug, Default)]
pub(super) struct Styles(pub(super) Vec<String>);

/// The policy of a page that shows a message as it will be read: its styles stand in attributes, and each is let through
/// by what it says. What a frame holds has its page's policy.
fn with_styles(policy: &str, styles: &[String]) -> String {
    let known: Vec<String> = styles
        .iter()
        .map(|style| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style))))
        .collect();
    let let_through = format!("style-src 'self' 'unsafe-hashes' {};", known.join(" "));
    policy.replace("style-src 'self';", &let_through)
}

/// The headers of every answer.
pub(super) fn headers() -> AdHoc {
    AdHoc::on_response("headers", |request, response| {
        Box::pin(async move {
            let policy = if is_page(request) { POLICY_PAGE } else { POLICY_API };
            let policy = match &request.local_cache(Styles::default).0 {
                styles if styles.is_empty() => Cow::Borrowed(policy),
                styles => Cow::Owned(with_styles(policy, styles)),
            };
            for (name, value) in [
                ("Content-Security-Policy", policy.as_ref()),
                ("Referrer-Policy", "same-origin"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cross-Origin-Opener-Policy", "same-origin"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
            ] {
                // What is served to be shown elsewhere says so itself.
                if !response.headers().contains(name) {
                    response.set_header(Header::new(name, value.to_owned()));
                }
            }
            if request
                .rocket()
                .state::<Settings>()
                .is_some_and(|settings| settings.is_https)
            {
                response.set_header(Header::new(
                    "Strict-Transport-Security",
                    "max-age=63072000; includeSubDomains",
                ));
            }
            if !response.headers().contains("Cache-Control") {
                response.set_header(Header::new("Cache-Control", "no-store"));
            }
        })
    })
}
