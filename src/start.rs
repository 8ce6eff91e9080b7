//! From a configuration to a program that can work: the secret, the database, what operations need.

use crate::{
    config::{Config, Objection},
    domain::{error::Error, secrets::Vault},
    gateways::{clock::Clock, limits::Limits, mail::Mailer, passwords::Passwords, webhook::Sender},
    operations::{App, Catalogue},
    store::{Db, signing_keys},
};
use base64::{Engine, engine::general_purpose::STANDARD as B64};
use std::{io::Write, path::Path, sync::Arc};

/// Opens the database and puts together what operations need.
///
/// # Errors
/// A sentence for the operator.
pub async fn app(config: &Config, port: u16) -> Result<App, Objection> {
    make_private(&config.data_dir)
        .map_err(|e| format!("data_dir: `{}` cannot be made: {e}", config.data_dir.display()))?;
    let url = config.url()?;
    let threads = config.threads(&url);
    let db = tokio::task::spawn_blocking(move || Db::open(&url, threads))
        .await
        .map_err(|e| e.to_string())?
        .map_err(|e| format!("database: {}", sentence(&e)))?;
    let vault = Arc::new(vault(config, &db).await?);
    let base_url = base_url(config, port);
    let mailer = match &config.smtp_url {
        None => None,
        Some(url) => {
            let mailer = Mailer::new(url, config.mail_from.as_deref(), &base_url)
                .map_err(|why| format!("configuration: {why}"))?;
            Some(Arc::new(mailer))
        }
    };
    Ok(App {
        db,
        clock: Clock::default(),
        zone: config.time_zone,
        catalogue: Arc::new(Catalogue::default()),
        limits: Arc::new(Limits::new(&config.rates)),
        passwords: Passwords::new(vault.clone(), config.bcrypt_cost),
        base_url,
        mailer,
        webhooks: Arc::new(Sender::default().with_loopback(config.webhook_loopback)),
        language: config.language.clone(),
        vault,
    })
}

/// A folder that nobody else on the machine reads.
fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(dir)
}

fn base_url(config: &Config, port: u16) -> String {
    let url = config
        .base_url
        .clone()
        .unwrap_or_else(|| format!("http://127.0.0.1:{port}"));
    url.trim_end_matches('/').to_owned()
}

/// The installation's secret: configured, or generated once beside the data, and the one that sealed what is there.
async fn vault(config: &Config, db: &Db) -> Result<Vault, Objection> {
    let sample = db.lookup(signing_keys::sample).await.map_err(|e| sentence(&e))?;
    let file = config.data_dir.join("secret.key");
    let master = match &config.secret_key {
        Some(text) => decode(text).ok_or("secret_key must be at least 32 bytes in base64 or hexadecimal")?,
        None => match std::fs::read_to_string(&file) {
            Ok(text) => decode(text.trim())
                .ok_or_else(|| format!("`{}` does not hold a secret key", file.display()))?,
            Err(_) if sample.is_some() => {
                return Err(format!(
                    "secret_key is not set and `{}` is not there, but the database holds keys that were sealed with one: \
                     configure the secret_key that this installation had",
                    file.display()
                ));
            }
            Err(_) => generate(&file)?,
        },
    };
    let vault = Vault::new(&master).map_err(|e| sentence(&e))?;
    if let Some(key) = sample
        && !crate::operations::opens(&vault, &key)
    {
        return Err("the secret_key is not the one that sealed the keys in this database".into());
    }
    Ok(vault)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let is_hex =
        text.len() >= 64 && text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let bytes = if is_hex {
        text.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect()
    } else {
        B64.decode(text).ok()
    };
    bytes.filter(|bytes: &Vec<u8>| bytes.len() >= 32)
}

fn generate(file: &Path) -> Result<Vec<u8>, Objection> {
    let key = crate::domain::secrets::random::<32>().map_err(|e| sentence(&e))?;
    let failed = |e: std::io::Error| {
        format!(
            "secret_key is not set, and `{}` cannot be written: {e}",
            file.display()
        )
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file).map_err(failed)?;
    writeln!(out, "{}", B64.encode(key))
        .and_then(|()| out.sync_all())
        .map_err(failed)?;
    tracing::warn!(file = %file.display(), "a secret key was generated: keep a copy of it apart from the data, nothing opens without it");
    Ok(key.to_vec())
}

/// An error as a sentence for the operator.
pub fn sentence(error: &Error) -> String {
    match error {
        Error::Internal(cause) => cause.to_string(),
        Error::Unavailable(why) => why.clone(),
        other => other.to_string(),
    }
}
