//! A page that asks before something is done: what it touches, and why.

use super::addresses;
use crate::web::{
    form::Form,
    page::{Answer, Page},
};
use rocket::http::Status;
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

impl Question {
    /// The page that asks.
    pub(super) fn page(self, form: &Form, status: Status) -> Answer {
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
        Page::new("pages/question", shown)?.status(status).reply()
    }
}
