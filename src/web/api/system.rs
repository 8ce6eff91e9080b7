//! Whether the program lives, can serve, and how it fares.

use crate::{
    domain::{jobs::JobName, secrets},
    operations::App,
    store::{jobs, outbox},
    web::{Settings, guards, pages::jobs::troubled, problem::Problems},
};
use rocket::{
    Data, Request, Route, State, get,
    http::{Method, Status},
    outcome::Outcome,
    request::{self, FromRequest},
    route::{self, Handler},
    serde::json::Json,
};
use rocket_prometheus::PrometheusMetrics;
use serde::Serialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

/// The program lives.
#[derive(Serialize, ToSchema)]
pub(super) struct Salute {
    stato: &'static str,
    versione: &'static str,
}

/// Whether the program lives.
#[utoipa::path(get, path = "/salute", tag = "sistema", responses((status = 200, body = Salute), Problems), security(()))]
#[get("/salute")]
pub(super) fn salute() -> Json<Salute> {
    Json(Salute {
        stato: "vivo",
        versione: env!("CARGO_PKG_VERSION"),
    })
}

/// Whether it can serve.
#[derive(Serialize, ToSchema)]
pub(super) struct Pronto {
    pronto: bool,
    database: &'static str,
    scrivibile: bool,
    /// Messages that wait to be sent; they do not change the status.
    posta_in_coda: Option<i64>,
    /// Jobs that failed and are tried again; they do not change the status either.
    lavori_falliti: Vec<&'static str>,
    /// Jobs whose time has passed and that nobody began.
    lavori_in_ritardo: Vec<&'static str>,
}

/// Whether the program can serve: the database takes a write, in a schema that is up to date.
#[utoipa::path(get, path = "/pronto", tag = "sistema",
    responses((status = 200, body = Pronto), (status = 503, body = Pronto), Problems), security(()))]
#[get("/pronto")]
pub(super) async fn pronto(app: &State<App>) -> (Status, Json<Pronto>) {
    let writable = match app.db.check().await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "not ready");
            false
        }
    };
    let waiting = app.db.lookup(outbox::waiting).await.ok();
    let jobs = app.db.lookup(jobs::list).await.unwrap_or_default();
    let (failed, late) = troubled(&jobs, app.clock.now());
    let codes = |jobs: Vec<JobName>| jobs.into_iter().map(JobName::code).collect();
    let ready = writable && waiting.is_some();
    let body = Pronto {
        pronto: ready,
        database: app.db.kind(),
        scrivibile: writable,
        posta_in_coda: waiting,
        lavori_falliti: codes(failed),
        lavori_in_ritardo: codes(late),
    };
    (
        if ready {
            Status::Ok
        } else {
            Status::ServiceUnavailable
        },
        Json(body),
    )
}

/// A caller who may see the metrics: on loopback, or with the token.
pub(super) struct Watcher;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Watcher {
    type Error = ();
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        if guards::address(request).is_some_and(|address| address.is_loopback()) {
            return request::Outcome::Success(Self);
        }
        let wanted = request
            .rocket()
            .state::<Settings>()
            .and_then(|settings| settings.metrics_token.as_deref());
        let given = request
            .headers()
            .get_one("Authorization")
            .and_then(|header| header.strip_prefix("Bearer "));
        match (wanted, given) {
            (Some(wanted), Some(given)) if bool::from(secrets::hash(wanted).ct_eq(&secrets::hash(given))) => {
                request::Outcome::Success(Self)
            }
            _ => request::Outcome::Error((Status::Unauthorized, ())),
        }
    }
}

/// Counts and times of requests, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "sistema",
    responses((status = 200, body = String, content_type = "text/plain"), Problems), security(()))]
pub(super) fn metrics(metrics: &PrometheusMetrics) -> Route {
    Route::new(Method::Get, "/metrics", Watched(metrics.clone()))
}

/// The metrics, for whoever may see them. What is counted stands in a registry that only their own handler reads.
#[derive(Clone)]
struct Watched(PrometheusMetrics);

#[rocket::async_trait]
impl Handler for Watched {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> route::Outcome<'r> {
        match request.guard::<Watcher>().await {
            Outcome::Success(_) => self.0.handle(request, data).await,
            Outcome::Error((status, ())) => route::Outcome::error(status),
            Outcome::Forward(status) => route::Outcome::forward(data, status),
        }
    }
}
