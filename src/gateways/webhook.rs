//! Sending an event to an address that somebody typed in: to the public Internet, and nowhere else.
//!
//! A name is resolved once, every address that it has is judged, and the connection goes to one of those that were: what
//! the name says a moment later is nothing to it.

use crate::domain::webhook::{PORTS, is_public};
use reqwest::{Client, Url, redirect::Policy};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};
use url::Host;

/// How long one try may take in all.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read.
const ANSWER_MAX: usize = 64 * 1024;
/// Bytes of an answer that are kept.
const ANSWER_KEPT: usize = 1024;
/// Addresses of one name that are tried.
const ADDRESSES: usize = 4;

/// The addresses of a name.
pub type Addresses = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;
/// Who knows the addresses of names.
pub type Resolver = Arc<dyn Fn(String) -> Addresses + Send + Sync>;

/// The way out.
#[derive(Clone)]
pub struct Sender {
    /// Whether this machine may be called, with HTTP too: for tests.
    loopback: bool,
    roots: RootCertStore,
    resolver: Resolver,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sender(loopback: {})", self.loopback)
    }
}

/// An event on its way out.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// Where to.
    pub url: &'a str,
    /// Names it for ever.
    pub id: &'a str,
    /// When this try is made, seconds since 1970.
    pub at: i64,
    /// The signatures.
    pub signatures: &'a str,
    /// What it says.
    pub body: &'a str,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// How the answer begins.
    pub text: String,
}

impl Default for Sender {
    fn default() -> Self {
        // What of them cannot be read is not trusted.
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self {
            loopback: false,
            roots,
            resolver: Arc::new(|host| {
                Box::pin(async move {
                    let found = tokio::net::lookup_host((host, 443)).await?;
                    Ok(found.map(|address| address.ip()).collect())
                })
            }),
        }
    }
}

impl Sender {
    /// One that may call this machine, with HTTP and on any port.
    #[must_use]
    pub fn with_loopback(self, loopback: bool) -> Self {
        Self { loopback, ..self }
    }

    /// One that trusts another authority, beside the system's (PEM).
    ///
    /// # Errors
    /// Where it is no certificate.
    pub fn trusting(mut self, pem: &[u8]) -> Result<Self, String> {
        let certificate = CertificateDer::from_pem_slice(pem).map_err(|e| e.to_string())?;
        self.roots.add(certificate).map_err(|e| e.to_string())?;
        Ok(self)
    }

    /// One that asks somebody else for the addresses of names.
    #[must_use]
    pub fn resolving(self, resolver: Resolver) -> Self {
        Self { resolver, ..self }
    }

    /// Whether an address is one that could be sent to, as far as can be told from its text.
    ///
    /// # Errors
    /// Why not, in a word for the program's log.
    pub fn accepts(&self, text: &str) -> Result<(), &'static str> {
        self.read(text).map(drop)
    }

    fn read(&self, text: &str) -> Result<Url, &'static str> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("blanks");
        }
        let url = Url::parse(text).map_err(|_| "no address")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a user in it");
        }
        if url.fragment().is_some() {
            return Err("a fragment");
        }
        let host = url.host().ok_or("no host")?;
        if self.loopback && is_loopback(&host) {
            return match url.scheme() {
                "http" | "https" => Ok(url),
                _ => Err("no HTTP"),
            };
        }
        if url.scheme() != "https" {
            return Err("no HTTPS");
        }
        if !url
            .port_or_known_default()
            .is_some_and(|port| PORTS.contains(&port))
        {
            return Err("another port");
        }
        match host {
            Host::Ipv4(address) if !is_public(address.into()) => Err("an inner address"),
            Host::Ipv6(address) if !is_public(address.into()) => Err("an inner address"),
            Host::Domain(name) if !is_public_name(name) => Err("an inner name"),
            _ => Ok(url),
        }
    }

    /// The addresses that a connection may go to: all that the name has are public, or none is used.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, String> {
        let port = url.port_or_known_default().unwrap_or(443);
        let found = match url.host() {
            Some(Host::Ipv4(address)) => vec![IpAddr::from(address)],
            Some(Host::Ipv6(address)) => vec![IpAddr::from(address)],
            Some(Host::Domain(name)) => (self.resolver)(name.to_owned())
                .await
                .map_err(|e| format!("name not resolved: {e}"))?,
            None => Vec::new(),
        };
        if found.is_empty() {
            return Err("the name has no address".into());
        }
        let good = |address: &IpAddr| is_public(*address) || (self.loopback && address.is_loopback());
        if !found.iter().all(good) {
            return Err("the name leads inside".into());
        }
        Ok(found
            .into_iter()
            .take(ADDRESSES)
            .map(|address| SocketAddr::new(address, port))
            .collect())
    }

    /// The TLS of every conversation: the one of mail, with the same authorities.
    fn tls(&self) -> Result<ClientConfig, String> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?;
        Ok(config
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth())
    }

    /// Sends it, once.
    ///
    /// # Errors
    /// Why no answer came, in a sentence for staff.
    pub async fn send(&self, out: &Outgoing<'_>) -> Result<Answer, String> {
        tokio::time::timeout(PATIENCE, self.try_to_send(out))
            .await
            .unwrap_or_else(|_| Err("no answer within ten seconds".into()))
    }

    async fn try_to_send(&self, out: &Outgoing<'_>) -> Result<Answer, String> {
        let url = self
            .read(out.url)
            .map_err(|why| format!("address refused: {why}"))?;
        let addresses = self.addresses(&url).await?;
        // Of one try alone: a connection is never kept for another address of the name.
        let mut client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .https_only(!self.loopback)
            .timeout(PATIENCE)
            .pool_max_idle_per_host(0)
            .referer(false)
            .user_agent(concat!("Sigillo/", env!("CARGO_PKG_VERSION")));
        if let Some(Host::Domain(name)) = url.host() {
            client = client.resolve_to_addrs(name, &addresses);
        }
        let client = client
            .tls_backend_preconfigured(self.tls()?)
            .build()
            .map_err(|e| reason(&e))?;
        let request = client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", out.id)
            .header("webhook-timestamp", out.at.to_string())
            .header("webhook-signature", out.signatures)
            .body(out.body.to_owned());
        let mut answer = request.send().await.map_err(|e| reason(&e))?;
        let status = answer.status().as_u16();
        let mut read = Vec::new();
        while let Ok(Some(chunk)) = answer.chunk().await {
            read.extend_from_slice(&chunk);
            if read.len() >= ANSWER_MAX {
                break;
            }
        }
        read.truncate(ANSWER_KEPT);
        Ok(Answer {
            status,
            text: String::from_utf8_lossy(&read).into_owned(),
        })
    }
}

/// What went wrong, with what caused it, and without the address.
fn reason(error: &reqwest::Error) -> String {
    let mut words = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "no answer in time".to_owned(),
        (_, true) => "no connection".to_owned(),
        _ => "the conversation broke off".to_owned(),
    };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    words
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => *name == "localhost",
    }
}

/// Whether a name can be one of the public Internet: not of this machine, of a local network, of no registry.
fn is_public_name(name: &str) -> bool {
    const INNER: &[&str] = &[
        "localhost",
        "local",
        "localdomain",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "private",
        "arpa",
        "test",
        "invalid",
        "onion",
        "alt",
    ];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    match name.rsplit_once('.') {
        Some((before, last)) => !before.is_empty() && !last.is_empty() && !INNER.contains(&last),
        None => false,
    }
}
