//! What happens around every request: its id, its line in the log, the headers of its answer.

use super::guards::{self, RequestId};
use crate::{
    domain::ids::LogId,
    operations::App,
    store::log::{AccessEntry, LogRow},
};
use rocket::{
    Data, Request, Response,
    fairing::{AdHoc, Fairing, Info, Kind},
    http::Header,
};
use std::time::Instant;

/// Gives each request an id and writes a line about it when it is answered.
pub(super) struct RequestLog;

struct Begun(Instant);

/// Characters of an action in the access log.
const ACTION_MAX: usize = 100;
/// Characters of a user agent in the access log.
const AGENT_MAX: usize = 300;

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
        if let (Some(actor), Some(app)) = (guards::user_of(request), request.rocket().state::<App>()) {
            let entry = AccessEntry {
                id: LogId::new(),
                at: app.clock.now(),
                user: actor.user_id(),
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
                user_agent: request
                    .headers()
                    .get_one("User-Agent")
                    .unwrap_or_default()
                    .chars()
                    .take(AGENT_MAX)
                    .collect(),
                request_id: id.as_str().to_owned(),
            };
            if let Err(error) = app.db.log(LogRow::Access(Box::new(entry))).await {
                tracing::error!(id = id.as_str(), %error, "an access was not written down");
            }
        }
        tracing::info!(target: "sigillo::request", id = id.as_str(), method = request.method().as_str(), route, status, micros);
    }
}

/// The headers of every answer.
pub(super) fn headers() -> AdHoc {
    AdHoc::on_response("headers", |_, response| {
        Box::pin(async move {
            for (name, value) in [
                (
                    "Content-Security-Policy",
                    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
                ),
                ("Referrer-Policy", "no-referrer"),
                ("Cross-Origin-Opener-Policy", "same-origin"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
            ] {
                response.set_header(Header::new(name, value));
            }
            if !response.headers().contains("Cache-Control") {
                response.set_header(Header::new("Cache-Control", "no-store"));
            }
        })
    })
}
