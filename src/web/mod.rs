//! HTTP: parse, ask one operation, answer.

pub mod api;
mod body;
mod fairings;
mod guards;
mod input;
mod messages;
mod problem;

use crate::{config::Config, operations::App};
use rocket::{Build, Rocket, figment::Figment};

/// What requests find managed beside the [`App`].
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) trusted_proxy: Option<std::net::IpAddr>,
    pub(crate) metrics_token: Option<String>,
}

/// The server, ready to be launched.
pub fn rocket(figment: Figment, config: &Config, app: App) -> Rocket<Build> {
    let settings = Settings {
        trusted_proxy: config.trusted_proxy,
        metrics_token: config.metrics_token.clone(),
    };
    let metrics = rocket_prometheus::PrometheusMetrics::new();
    rocket::custom(figment.merge(("log_level", "off")))
        .manage(settings)
        .manage(app)
        .attach(fairings::RequestLog)
        .attach(metrics.clone())
        .attach(fairings::headers())
        .mount("/", api::routes(&metrics))
        .register("/", problem::catchers())
}
