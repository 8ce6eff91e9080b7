//! From a queued message to what is read.

use crate::{
    domain::{
        brand::Brand,
        error::{Error, Result},
        ids::{MessageId, NodeId},
        mail::{
            MailKind,
            template::{self, Filled, Flaw, Frame, Values},
            wording::Wording,
        },
        settings::Settings,
    },
    operations::App,
    store::{ReadTx, brands, message_texts, settings},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use serde_json::{Map, Value, json};

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

/// How somebody writes: on whose behalf, and in which words.
#[derive(Debug, Clone)]
pub struct Manner {
    /// The installation's.
    pub settings: Settings,
    /// How who it is shows itself.
    pub brand: Brand,
    /// Words to take in place of those that come with the program, the nearest first.
    pub wordings: Vec<Wording>,
}

impl Manner {
    /// Who writes, as it is called above a message.
    pub fn name(&self) -> &str {
        self.brand.name.as_deref().unwrap_or(&self.settings.name)
    }

    /// The name beside the sender's address, where it is its own.
    pub fn sender(&self) -> Option<&str> {
        self.brand.sender.as_deref().or(self.brand.name.as_deref())
    }

    /// Where answers, and who needs help, go to.
    pub fn help(&self) -> Option<&str> {
        let brands = self.brand.reply_to.as_deref();
        brands.or(self.settings.support_email.as_deref())
    }
}

/// How messages of a kind are written on behalf of a company (none: of the vendor).
///
/// # Errors
/// Of the database.
pub fn manner(tx: &mut ReadTx<'_>, of: Option<NodeId>, kind: MailKind, language: &str) -> Result<Manner> {
    let (settings, _) = settings::get(tx)?;
    let standing = message_texts::line(tx, of, kind, language)?;
    Ok(Manner {
        settings,
        brand: brands::of_line(tx, of)?,
        wordings: standing.into_iter().map(|standing| standing.wording).collect(),
    })
}

/// What stands in place of a secret.
const HIDDEN: &str = "••••••••";
/// The same of an address: a button leads to one.
const HIDDEN_ADDRESS: &str = "https://••••••••";

/// Words that are tried before they are kept stand in the message itself, under this name.
const TRIED: &str = "_prova";
/// What stands before the subject of such a message.
const TRIED_MARK: [&str; 2] = ["[Prova] ", "[Test] "];

/// Puts words that are to be tried into a message.
pub(super) fn trying(mut values: Map<String, Value>, wording: &Wording) -> Map<String, Value> {
    let words = json!({"oggetto": wording.subject, "testo": wording.body});
    values.insert(TRIED.to_owned(), words);
    values
}

/// Takes them out again.
fn tried(values: &mut Map<String, Value>, english: bool) -> Option<Wording> {
    let words = values.remove(TRIED)?;
    let word = |name: &str| Some(words.get(name)?.as_str()?.to_owned());
    let [italian, other] = TRIED_MARK;
    Some(Wording {
        subject: format!("{}{}", if english { other } else { italian }, word("oggetto")?),
        body: word("testo")?,
    })
}

/// Writes a message: in the words that are nearest, as far as they can be filled in. A picture above it is shown from an
/// address, so many pixels wide.
///
/// # Errors
/// [`Error::Internal`] for what cannot be opened, or filled in.
pub fn compose(
    app: &App,
    manner: &Manner,
    draft: &Draft<'_>,
    eyes: Eyes,
    logo: Option<(&str, i32)>,
) -> Result<Filled> {
    let payload = app.vault.open(&draft.id.0, draft.payload_sealed)?;
    let mut payload: Map<String, Value> = serde_json::from_slice(&payload).map_err(Error::internal)?;
    let tried = tried(&mut payload, draft.language == "en");
    let values = values(app, manner, draft.language, &payload, eyes);
    let usual = Wording::usual(draft.kind, draft.language);
    let mut last = Flaw::Empty;
    for wording in tried.iter().chain(&manner.wordings).chain([&usual]) {
        match fill(manner, draft.language, wording, &values, logo) {
            Ok(filled) => return Ok(filled),
            // What was kept once may name what this version has no more: better plain words than none.
            Err(flaw) => {
                tracing::warn!(kind = %draft.kind, %flaw, "a text cannot be filled in");
                last = flaw;
            }
        }
    }
    Err(Error::internal(std::io::Error::other(format!(
        "{}: {last}",
        draft.kind
    ))))
}

/// What stands in place of the placeholders.
pub fn values(
    app: &App,
    manner: &Manner,
    language: &str,
    payload: &Map<String, Value>,
    eyes: Eyes,
) -> Values {
    let english = language == "en";
    let mut values: Values = payload
        .iter()
        .map(|(name, value)| (name.clone(), words(app, value, english)))
        .collect();
    if eyes == Eyes::Staff {
        for (name, value) in &mut values {
            if MailKind::is_secret(name) {
                let address = name.starts_with("url_");
                *value = if address { HIDDEN_ADDRESS } else { HIDDEN }.into();
            }
        }
    }
    let mut put = |name: &str, value: &str| values.insert(name.to_owned(), value.to_owned());
    put("nome_mittente", manner.name());
    put("nome_installazione", &manner.settings.name);
    put("email_assistenza", manner.help().unwrap_or_default());
    put("url_portale", &app.base_url);
    values
}

/// Writes words with their values, in the frame of who sends them.
///
/// # Errors
/// [`Flaw`].
pub fn fill(
    manner: &Manner,
    language: &str,
    wording: &Wording,
    values: &Values,
    logo: Option<(&str, i32)>,
) -> std::result::Result<Filled, Flaw> {
    let foot = match (manner.help(), language) {
        (None, _) => String::new(),
        (Some(email), "en") => format!("{} · for help: {email}", manner.name()),
        (Some(email), _) => format!("{} · per aiuto: {email}", manner.name()),
    };
    let color = manner.brand.color.map(|color| color.to_string());
    let frame = Frame {
        language,
        sender: manner.name(),
        foot: &foot,
        color: color.as_deref(),
        logo,
    };
    template::fill(&wording.whole(), values, &frame)
}

/// All styles that a message of this manner is written with.
pub fn styles(manner: &Manner) -> Vec<String> {
    let color = manner.brand.color.map(|color| color.to_string());
    template::styles(&Frame {
        color: color.as_deref(),
        ..Frame::default()
    })
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
