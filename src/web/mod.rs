//! HTTP: parse, ask one operation, answer.

pub mod api;
mod assets;
mod body;
mod charts;
mod cookies;
mod fairings;
mod form;
mod guards;
mod icons;
mod input;
mod installation;
mod masking;
mod messages;
mod nav;
mod once;
mod page;
pub mod pages;
mod problem;
mod reader;
mod session;
mod sheets;
mod templates;
mod upload;

pub use assets::is_lively;

use crate::{config::Config, operations::App};
use rocket::{Build, Request, Rocket, figment::Figment};

/// What requests find managed beside the [`App`].
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) trusted_proxy: Option<std::net::IpAddr>,
    pub(crate) metrics_token: Option<String>,
    /// The scheme and host of the public address.
    pub(crate) origin: String,
    /// Whether the public address is reached by TLS.
    pub(crate) is_https: bool,
    /// Names under which the portal may be asked for, beside those of this machine.
    pub(crate) hosts: Vec<String>,
}

impl Settings {
    fn new(config: &Config, base_url: &str) -> Self {
        let (scheme, rest) = base_url.split_once("://").unwrap_or(("http", base_url));
        let host = rest.split('/').next().unwrap_or_default();
        let mut hosts = config.allowed_hosts.clone();
        hosts.push(host_name(host).to_owned());
        Self {
            trusted_proxy: config.trusted_proxy,
            metrics_token: config.metrics_token.clone(),
            origin: format!("{scheme}://{host}"),
            is_https: scheme == "https",
            hosts: hosts.into_iter().map(|host| host.to_ascii_lowercase()).collect(),
        }
    }

    /// Whether a request's `Host` is one of this portal's.
    pub(crate) fn knows_host(&self, host: &str) -> bool {
        let name = host_name(host).to_ascii_lowercase();
        is_loopback(&name) || self.hosts.contains(&name)
    }

    /// Whether a password may be sent to this portal: over TLS, or without leaving the machine.
    pub(crate) fn is_safe_to_sign_in(&self) -> bool {
        let host = self.origin.split_once("://").map_or("", |(_, host)| host);
        self.is_https || is_loopback(host_name(host))
    }
}

/// A `Host` without its port.
fn host_name(host: &str) -> &str {
    if host.starts_with('[') {
        host.split_inclusive(']').next().unwrap_or(host)
    } else {
        host.split(':').next().unwrap_or(host)
    }
}

fn is_loopback(name: &str) -> bool {
    matches!(name, "localhost" | "[::1]")
        || name
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether a request is for the portal, and not for the API or a machine that watches over the program.
fn is_page(request: &Request<'_>) -> bool {
    let path = request.uri().path().as_str();
    let machine = ["/salute", "/pronto", "/metrics"].contains(&path)
        || path.starts_with("/.well-known/")
        || (path.starts_with("/api/") && path != pages::DOCUMENTATION);
    !machine
}

/// Whether an error is to be shown as a page: to a browser, and at the portal.
fn shows_pages(request: &Request<'_>) -> bool {
    let accepted = request
        .headers()
        .get("Accept")
        .any(|kinds| kinds.contains("text/html"));
    is_page(request) && (accepted || request.headers().contains("HX-Request"))
}

/// The server, ready to be launched.
pub fn rocket(figment: Figment, config: &Config, app: App) -> Rocket<Build> {
    let settings = Settings::new(config, &app.base_url);
    let installation = installation::Installation::default();
    let metrics = rocket_prometheus::PrometheusMetrics::new();
    let figment = figment
        .merge(("log_level", "off"))
        .merge(("template_dir", templates::folder()));
    rocket::custom(figment)
        .manage(settings)
        .manage(pages::Configured::new(config, &app))
        .manage(installation.clone())
        .manage(app)
        .attach(fairings::HostCheck)
        .attach(installation)
        .attach(fairings::RequestLog)
        .attach(metrics.clone())
        .attach(templates::fairing())
        .attach(fairings::Compression)
        .attach(fairings::headers())
        .mount("/", api::routes(&metrics))
        .mount("/", pages::routes())
        .register("/", problem::catchers())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_is_asked_for_by_its_own_names_alone() {
        let config = Config {
            allowed_hosts: vec!["Altro.example.it".into()],
            ..Config::default()
        };
        let settings = Settings::new(&config, "https://licenze.example.it/");
        for host in [
            "licenze.example.it",
            "LICENZE.example.it:443",
            "altro.example.it",
            "localhost:8080",
            "127.0.0.1",
            "127.8.8.8:80",
            "[::1]:8080",
        ] {
            assert!(settings.knows_host(host), "{host}");
        }
        for host in [
            "",
            "example.it",
            "evil-licenze.example.it",
            "licenze.example.it.example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "10.0.0.1",
            "[::2]",
        ] {
            assert!(!settings.knows_host(host), "{host}");
        }
        assert!(settings.is_safe_to_sign_in());
        let over = |url: &str| Settings::new(&Config::default(), url).is_safe_to_sign_in();
        assert!(over("http://127.0.0.1:8080") && over("http://localhost"));
        assert!(!over("http://licenze.example.it"));
    }
}
