//! The template engine: embedded templates, and what they may call.
//!
//! Everything is escaped but what is declared safe here. Texts that users edit are never templates.

use super::{
    assets, icons, messages,
    reader::{Language, Reader},
};
use crate::config;
use chrono::{NaiveDate, NaiveDateTime};
use fluent_templates::fluent_bundle::FluentValue;
use rocket::fairing::Fairing;
use rocket_dyn_templates::{
    Template,
    tera::{self, Function, Tera, Value},
};
use rust_embed::Embed;
use std::{
    borrow::Cow,
    collections::HashMap,
    path::{Path, PathBuf},
};

#[derive(Embed)]
#[folder = "templates"]
struct Embedded;

/// Where a debug build reads templates, and reads them again when they change.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");

/// What Rocket's template engine takes for its folder. It wants one that is there, and adds to it what is embedded:
/// the program itself is a place without templates.
pub(super) fn folder() -> PathBuf {
    if cfg!(debug_assertions) && Path::new(FOLDER).is_dir() {
        FOLDER.into()
    } else {
        config::program().unwrap_or_else(|| FOLDER.into())
    }
}

/// The engine.
pub(super) fn fairing() -> impl Fairing {
    Template::try_custom(|engines| {
        let tera = &mut engines.tera;
        // Whatever the name ends with.
        tera.autoescape_on(vec![""]);
        tera.set_escape_fn(escape);
        if tera.get_template_names().next().is_none() {
            let embedded: Vec<(String, String)> = Embedded::iter()
                .filter_map(|path| {
                    let name = path.strip_suffix(".html.tera")?.to_owned();
                    let text = String::from_utf8(Embedded::get(&path)?.data.into_owned()).ok()?;
                    Some((name, text))
                })
                .collect();
            tera.add_raw_templates(embedded)?;
        }
        register(tera);
        Ok(())
    })
}

/// A text as it stands in an element or between double quotes (OWASP's list, without the slash, which ends nothing there).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#x27;"),
            other => escaped.push(other),
        }
    }
    escaped
}

type Arguments = HashMap<String, Value>;

/// A function whose answer is markup of ours.
struct Safe<F>(F);

impl<F: Fn(&Arguments) -> tera::Result<Value> + Send + Sync> Function for Safe<F> {
    fn call(&self, arguments: &Arguments) -> tera::Result<Value> {
        (self.0)(arguments)
    }
    fn is_safe(&self) -> bool {
        true
    }
}

fn register(tera: &mut Tera) {
    tera.register_function("t", text);
    tera.register_function("icon", Safe(icon));
    tera.register_function("asset", Safe(asset));
    tera.register_function("today", |_: &Arguments| {
        Ok(Value::String(reader()?.today().to_string()))
    });
    tera.register_filter("number", |value: &Value, _: &Arguments| {
        shown(value, |reader| Ok(reader.number(whole(value)?)))
    });
    tera.register_filter("money", |value: &Value, arguments: &Arguments| {
        shown(value, |reader| {
            let currency = arguments.get("currency").and_then(Value::as_str).unwrap_or("EUR");
            Ok(reader.money(whole(value)?, currency))
        })
    });
    tera.register_filter("percent", |value: &Value, _: &Arguments| {
        shown(value, |reader| {
            let gap = match reader.language {
                Language::Italian => "\u{a0}",
                Language::English => "",
            };
            Ok(format!("{}{gap}%", reader.hundredths(whole(value)?, 0)))
        })
    });
    tera.register_filter("hundredths", |value: &Value, _: &Arguments| {
        shown(value, |reader| Ok(reader.hundredths(whole(value)?, 2)))
    });
    tera.register_filter("day", |value: &Value, _: &Arguments| {
        shown(value, |reader| Ok(reader.day(day(value)?)))
    });
    tera.register_filter("month", |value: &Value, _: &Arguments| {
        shown(value, |reader| Ok(reader.month(day(value)?)))
    });
    tera.register_filter("distance", |value: &Value, _: &Arguments| {
        shown(value, |reader| Ok(reader.distance(day(value)?)))
    });
    tera.register_filter("days_from_today", |value: &Value, _: &Arguments| {
        Ok(Value::from((day(value)? - reader()?.today()).num_days()))
    });
    tera.register_filter("instant", |value: &Value, _: &Arguments| {
        shown(value, |reader| Ok(reader.instant(instant(value)?)))
    });
    tera.register_filter("instant_day", |value: &Value, _: &Arguments| {
        shown(
            value,
            |reader| Ok(reader.day(reader.here(instant(value)?).date())),
        )
    });
    tera.register_filter("ago", |value: &Value, _: &Arguments| {
        shown(value, |reader| Ok(reader.ago(instant(value)?)))
    });
    tera.register_filter("key_groups", |value: &Value, _: &Arguments| {
        let groups = value.as_str().unwrap_or_default().split('-');
        Ok(Value::from(groups.map(str::to_owned).collect::<Vec<_>>()))
    });
}

fn reader() -> tera::Result<Reader> {
    Reader::current().ok_or_else(|| "nobody reads".into())
}

/// What a filter gives; nothing for nothing.
fn shown(value: &Value, write: impl FnOnce(Reader) -> tera::Result<String>) -> tera::Result<Value> {
    if value.is_null() {
        return Ok(Value::String(String::new()));
    }
    Ok(Value::String(write(reader()?)?))
}

fn whole(value: &Value) -> tera::Result<i64> {
    value
        .as_i64()
        .ok_or_else(|| format!("{value} is no whole number").into())
}

fn day(value: &Value) -> tera::Result<NaiveDate> {
    value
        .as_str()
        .and_then(|text| text.get(..10)?.parse().ok())
        .ok_or_else(|| format!("{value} is no day").into())
}

fn instant(value: &Value) -> tera::Result<NaiveDateTime> {
    value
        .as_str()
        .and_then(|text| text.trim_end_matches('Z').parse().ok())
        .ok_or_else(|| format!("{value} is no instant").into())
}

/// `t(k="…", n=3)`: a text in the reader's language, filled with the other arguments.
fn text(arguments: &Arguments) -> tera::Result<Value> {
    let key = arguments
        .get("k")
        .and_then(Value::as_str)
        .ok_or("t: which text? k=…")?;
    let reader = reader()?;
    let filling: messages::Filling = arguments
        .iter()
        .filter(|(name, _)| *name != "k")
        .map(|(name, value)| {
            let value = match value {
                Value::Number(number) => FluentValue::from(number.as_i64().unwrap_or_default()),
                Value::String(text) => FluentValue::from(text.clone()),
                other => FluentValue::from(other.to_string()),
            };
            (Cow::Owned(name.clone()), value)
        })
        .collect();
    Ok(Value::String(messages::filled_with(
        reader.language,
        key,
        &filling,
    )))
}

/// `icon(name="key", class="icon--sm")`: a drawing without a meaning of its own, inline.
fn icon(arguments: &Arguments) -> tera::Result<Value> {
    let name = arguments
        .get("name")
        .and_then(Value::as_str)
        .ok_or("icon: which one? name=…")?;
    let class = arguments.get("class").and_then(Value::as_str).unwrap_or_default();
    let drawing =
        icons::drawing(name).ok_or_else(|| tera::Error::msg(format!("there is no icon `{name}`")))?;
    Ok(Value::String(drawing.svg(class)))
}

/// `asset(name="css/app.css")`: its address; empty where the build has none.
fn asset(arguments: &Arguments) -> tera::Result<Value> {
    let name = arguments
        .get("name")
        .and_then(Value::as_str)
        .ok_or("asset: which one? name=…")?;
    Ok(Value::String(assets::url(name).unwrap_or_default()))
}
