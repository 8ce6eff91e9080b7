//! From a queued message to what is read.

use crate::{
    domain::{
        error::{Error, Result},
        ids::MessageId,
        mail::{
            MailKind,
            template::{self, Filled, Flaw, Frame, Values},
        },
        settings::Settings,
    },
    operations::App,
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use serde_json::{Map, Value};

/// A message that can be written.
#[derive(Debug)]
pub struct Draft<'a> {
    /// Which.
    pub id: MessageId,
    /// What it is about.
    pub kind: MailKind,
    /// In which language.
    pub language: &'a str,
    /// The values of its placeholders, sealed.
    pub payload_sealed: &'a [u8],
}

/// Who reads what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// Who it is for.
    Recipient,
    /// Staff, who see neither keys nor links that open something.
    Staff,
}

/// What stands in place of a secret.
const HIDDEN: &str = "••••••••";

/// Writes a message.
///
/// # Errors
/// [`Error::Internal`] for what cannot be opened, or filled in.
pub fn compose(app: &App, settings: &Settings, draft: &Draft<'_>, eyes: Eyes) -> Result<Filled> {
    let payload = app.vault.open(&draft.id.0, draft.payload_sealed)?;
    let payload: Map<String, Value> = serde_json::from_slice(&payload).map_err(Error::internal)?;
    let english = draft.language == "en";
    let mut values: Values = payload
        .iter()
        .map(|(name, value)| (name.clone(), words(app, value, english)))
        .collect();
    if eyes == Eyes::Staff {
        for (name, value) in &mut values {
            if MailKind::is_secret(name) {
                *value = HIDDEN.into();
            }
        }
    }
    let mut put = |name: &str, value: &str| values.insert(name.to_owned(), value.to_owned());
    put("nome_installazione", &settings.name);
    put(
        "email_assistenza",
        settings.support_email.as_deref().unwrap_or_default(),
    );
    put("url_portale", &app.base_url);
    let foot = match (&settings.support_email, english) {
        (None, _) => String::new(),
        (Some(email), false) => format!("{} · per aiuto: {email}", settings.name),
        (Some(email), true) => format!("{} · for help: {email}", settings.name),
    };
    let frame = Frame {
        language: draft.language,
        sender: &settings.name,
        foot: &foot,
    };
    template::fill(draft.kind.text(draft.language), &values, &frame)
        .map_err(|flaw: Flaw| Error::internal(std::io::Error::other(format!("{}: {flaw}", draft.kind))))
}

/// A value as people read it.
fn words(app: &App, value: &Value, english: bool) -> String {
    match value {
        Value::Null => "–".into(),
        Value::String(text) => match DateTime::parse_from_rfc3339(text) {
            Ok(instant) => clock_time(app, instant.naive_utc(), english),
            Err(_) => text.clone(),
        },
        Value::Array(lines) => lines
            .iter()
            .map(|line| key_line(line, english))
            .collect::<Vec<_>>()
            .join("\n"),
        // Words of ours, in each language.
        Value::Object(words) => {
            let language = if english { "en" } else { "it" };
            words
                .get(language)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        }
        other => other.to_string(),
    }
}

fn clock_time(app: &App, instant: NaiveDateTime, english: bool) -> String {
    let here = Utc.from_utc_datetime(&instant).with_timezone(&app.zone);
    let format = if english {
        "%-d %B %Y, %H:%M"
    } else {
        "%d/%m/%Y %H:%M"
    };
    here.format(format).to_string()
}

/// A licence in a list of them: its product, its key, its last day.
fn key_line(line: &Value, english: bool) -> String {
    // What was put into words when it was queued.
    if let Value::String(line) = line {
        return line.clone();
    }
    let word = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default();
    let day = word("data_scadenza")
        .parse::<NaiveDate>()
        .ok()
        .map(|day| match english {
            true => format!(" (until {})", day.format("%-d %B %Y")),
            false => format!(" (fino al {})", day.format("%d/%m/%Y")),
        });
    format!(
        "{}: {}{}",
        word("prodotto"),
        word("chiave"),
        day.unwrap_or_default()
    )
}
