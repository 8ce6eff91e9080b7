//! A page that asks before something is done: what it touches, and why.

use super::addresses;
use crate::{
    domain::error::Result,
    web::{
        form::{Form, Sent},
        input::{Check, NOTE_MAX},
        page::{Answer, Page},
    },
};
use serde_json::{Value, json};

/// Whether a reason is to be given.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    Must,
    May,
    Not,
}

/// Something that is asked about. Its texts are `<key>-title` (filled with the name), `-lede`, `-action`.
#[derive(Debug)]
pub(super) struct Question {
    /// Which texts.
    pub(super) key: &'static str,
    /// What it is done to.
    pub(super) name: String,
    /// The section, as text and path.
    pub(super) section: (&'static str, &'static str),
    /// The page of what it is done to, where the form comes from and "cancel" goes.
    pub(super) back: String,
    /// Where the form goes.
    pub(super) action: String,
    /// Whether it stops or takes away something.
    pub(super) danger: bool,
    /// Whether a reason is asked for.
    pub(super) reason: Wanted,
    /// What it touches: texts with numbers, and where those are seen.
    pub(super) effects: Vec<Value>,
}

/// Something that is touched: a text filled with how many, and where they are seen.
pub(super) fn effect(key: &'static str, n: i64, href: impl Into<String>) -> Value {
    json!({ "key": key, "n": n, "href": href.into() })
}

/// The reason, where one was given.
///
/// # Errors
/// [`Invalid`](crate::domain::error::Error::Invalid).
pub(super) fn given(sent: &Sent) -> Result<Option<String>> {
    let mut check = Check::default();
    let note = check.lines("motivo", sent.get("motivo"), NOTE_MAX);
    check.finish()?;
    Ok(note)
}

/// The reason, which has to be given.
///
/// # Errors
/// [`Invalid`](crate::domain::error::Error::Invalid).
pub(super) fn required(sent: &Sent) -> Result<String> {
    let mut check = Check::default();
    let note = check.lines("motivo", sent.get("motivo"), NOTE_MAX);
    let note = check.required("motivo", note);
    check.finish()?;
    Ok(note)
}

impl Question {
    /// The page that asks.
    pub(super) fn page(self, form: &Form) -> Answer {
        let shown = json!({
            "key": self.key,
            "name": self.name,
            "section": addresses::step(self.section.0, self.section.1),
            "back": self.back,
            "action": self.action,
            "danger": self.danger,
            "asks": !matches!(self.reason, Wanted::Not),
            "must": matches!(self.reason, Wanted::Must),
            "effects": self.effects,
            "form": form,
        });
        Page::new("pages/question", shown)?.status(form.status()).reply()
    }
}
