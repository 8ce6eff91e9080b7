//! The configuration: `Rocket.toml` and `ROCKET_*` variables, read once.

use crate::{
    gateways::limits::Rates,
    store::{Threads, Url},
};
use chrono_tz::Tz;
use rocket::figment::{
    Figment, Profile,
    providers::{Env, Format, Toml},
};
use serde::Deserialize;
use std::{net::IpAddr, path::PathBuf};

/// Every key of ours; Rocket's own (`address`, `port`, `workers`, `limits`, …) stand beside them.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Config {
    /// `sqlite://PATH` or `mysql://user:password@host:port,host:port/db`; unset: SQLite in `data_dir`.
    pub database_url: Option<String>,
    /// Where the program keeps files.
    pub data_dir: PathBuf,
    /// At least 32 bytes, in base64 or hexadecimal.
    pub secret_key: Option<String>,
    /// The public address, for links and as issuer of computer keys.
    pub base_url: Option<String>,
    /// Names under which the portal may be asked for, beside that of `base_url` and those of this machine.
    pub allowed_hosts: Vec<String>,
    /// The time zone in which days begin and end.
    pub time_zone: Tz,
    /// The language of who never chose one: it or en.
    pub language: String,
    /// The proxy whose `X-Real-IP` is believed.
    pub trusted_proxy: Option<IpAddr>,
    /// Opens `/metrics` beyond loopback.
    pub metrics_token: Option<String>,
    /// The mail server: `smtp://[user:password@]host[:port]`, also with `?tls=required`, or `smtps://…`. Without one,
    /// mail waits in the outbox.
    pub smtp_url: Option<String>,
    /// Whom mail comes from: `Name <name@example.com>`.
    pub mail_from: Option<String>,
    /// Lets webhooks call this machine, with HTTP too: for tests alone.
    pub webhook_loopback: bool,
    /// bcrypt's cost, 10 to 31.
    pub bcrypt_cost: u32,
    /// Threads that read from the database; 0: two for SQLite, eight for MariaDB.
    pub reader_threads: usize,
    /// Threads that write to MariaDB.
    pub writer_threads: usize,
    /// `critical`, `normal` or `debug`; `off` for none.
    pub log_level: String,
    /// `text` or `json`.
    pub log_format: String,
    /// How often one caller may try.
    #[serde(flatten)]
    pub rates: Rates,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: None,
            data_dir: "./data".into(),
            secret_key: None,
            base_url: None,
            allowed_hosts: Vec::new(),
            time_zone: chrono_tz::Europe::Rome,
            language: "it".into(),
            trusted_proxy: None,
            metrics_token: None,
            smtp_url: None,
            mail_from: None,
            webhook_loopback: false,
            bcrypt_cost: 12,
            reader_threads: 0,
            writer_threads: 16,
            log_level: "normal".into(),
            log_format: "text".into(),
            rates: Rates::default(),
        }
    }
}

/// What Rocket is given before anybody configures anything: no name in answers, no header that any client could set
/// taken for its address, its own log replaced by ours.
#[allow(clippy::disallowed_methods)]
pub fn figment() -> Figment {
    let file = std::env::var("ROCKET_CONFIG").unwrap_or_else(|_| "Rocket.toml".into());
    Figment::from(rocket::Config::default())
        .merge(("ident", false))
        // Rocket says `critical` in a release build.
        .merge(("log_level", Config::default().log_level))
        .merge(("ip_header", false))
        .merge(("limits.bytes", "256KiB"))
        .merge(("shutdown.grace", 5))
        .merge(("shutdown.mercy", 5))
        .merge(Toml::file(file).nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE", "CONFIG"]).global())
        .select(Profile::from_env_or(
            "ROCKET_PROFILE",
            rocket::Config::DEFAULT_PROFILE,
        ))
}

/// The file of this program.
pub fn program() -> Option<PathBuf> {
    std::env::current_exe().ok()
}

/// Why the configuration cannot be used: a sentence for the operator.
pub type Objection = String;

impl Config {
    /// Reads the configuration.
    ///
    /// # Errors
    /// A sentence that names the key.
    pub fn read(figment: &Figment) -> Result<Self, Objection> {
        let config: Self = figment.extract().map_err(|e| format!("configuration: {e}"))?;
        let within = |ok: bool, sentence: &str| {
            if ok {
                Ok(())
            } else {
                Err(format!("configuration: {sentence}"))
            }
        };
        within(
            matches!(config.language.as_str(), "it" | "en"),
            "language must be `it` or `en`",
        )?;
        within(
            (10..=31).contains(&config.bcrypt_cost),
            "bcrypt_cost must be 10 to 31",
        )?;
        within(
            (1..=256).contains(&config.writer_threads),
            "writer_threads must be 1 to 256",
        )?;
        within(config.reader_threads <= 256, "reader_threads must be at most 256")?;
        within(
            matches!(config.log_level.as_str(), "off" | "critical" | "normal" | "debug"),
            "log_level must be `off`, `critical`, `normal` or `debug`",
        )?;
        within(
            matches!(config.log_format.as_str(), "text" | "json"),
            "log_format must be `text` or `json`",
        )?;
        let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        within(
            config.base_url.as_ref().is_none_or(is_web),
            "base_url must begin with `https://` or `http://`",
        )?;
        Ok(config)
    }

    /// Where the data live.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn url(&self) -> Result<Url, Objection> {
        match &self.database_url {
            Some(url) => Url::parse(url),
            None => Ok(Url::Sqlite(self.data_dir.join("sigillo.db"))),
        }
    }

    /// Threads for a database.
    pub fn threads(&self, url: &Url) -> Threads {
        let usual = match url {
            Url::Sqlite(_) => 2,
            #[cfg(feature = "mariadb")]
            Url::Mysql(_) => 8,
        };
        let readers = if self.reader_threads == 0 {
            usual
        } else {
            self.reader_threads
        };
        Threads {
            readers,
            writers: self.writer_threads,
            patience: Threads::PATIENCE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_who_configured_nothing_is_left_without_a_log() {
        for profile in ["debug", "release"] {
            let config = Config::read(&figment().select(profile)).unwrap();
            assert_eq!(config.log_level, "normal", "{profile}");
        }
    }
}
