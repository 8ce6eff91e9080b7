//! What happens around every request: its id, its line in the log, the headers of its answer.

use super::guards::RequestId;
use rocket::{
    Data, Request, Response,
    fairing::{AdHoc, Fairing, Info, Kind},
    http::Header,
};
use std::time::Instant;

/// Gives each request an id and writes a line about it when it is answered.
pub(super) struct RequestLog;

struct Begun(Instant);

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
