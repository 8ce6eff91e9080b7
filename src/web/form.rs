//! Forms: what was sent, read once, and what is shown again with the words beside each field.

use super::{messages, reader::Language, session};
use crate::domain::error::{Error, Fault, FieldErrors, Result};
use rocket::{
    Data, Request,
    data::{self, FromData, ToByteUnit},
    http::Status,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, str::FromStr};

/// KiB of a form at most.
const LIMIT_KIB: u64 = 64;

/// A form as it was sent, from one of the portal's own pages.
#[derive(Debug, Default)]
pub(super) struct Sent(BTreeMap<String, Vec<String>>);

impl Sent {
    /// A field's text; empty is none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map(String::as_str)
            .filter(|value| !value.trim().is_empty())
    }

    /// A field's text, also where it is nothing but blanks: a password.
    pub(super) fn verbatim(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// All texts of a field that may stand several times.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A whole number, as people write it: `1000`, `1.000`, `1,000`.
    pub(super) fn number(&self, wrong: &mut FieldErrors, name: &str) -> Option<i64> {
        let digits: String = self
            .get(name)?
            .chars()
            .filter(|c| !matches!(c, '.' | ',' | ' ' | '\u{a0}'))
            .collect();
        let number = digits.parse().ok();
        if number.is_none() {
            wrong.add(name, Fault::WrongType);
        }
        number
    }

    /// Hundredths of a number with decimals, as people write it: `1.234,5`, `1234.50`. Cents, or basis points.
    pub(super) fn hundredths(&self, wrong: &mut FieldErrors, name: &str) -> Option<i64> {
        let text = self.get(name)?;
        let number = parse_hundredths(text);
        if number.is_none() {
            wrong.add(name, Fault::WrongType);
        }
        number
    }

    /// The revision that the form was filled from.
    pub(super) fn revision(&self) -> Result<Option<i32>> {
        match self.get("revisione").map(i32::from_str) {
            None => Ok(None),
            Some(Ok(revision)) => Ok(Some(revision)),
            Some(Err(_)) => Err(Error::Stale),
        }
    }

    /// The token that tells a form sent twice from two forms.
    pub(super) fn token(&self) -> Option<&str> {
        self.get("gettone").filter(|token| token.len() <= 64)
    }

    /// A hash of all that was filled in: what tells a form sent twice from one that was changed in between.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.digest_but("gettone")
    }

    /// The same without a password: it is proved anew each time, and no hash of it is kept beside.
    pub(super) fn digest_unproved(&self) -> [u8; 32] {
        self.digest_but("password")
    }

    fn digest_but(&self, but: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        let known = self
            .0
            .iter()
            .filter(|(name, _)| *name != "gettone" && *name != but);
        for (name, values) in known {
            for text in std::iter::once(name).chain(values) {
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text);
            }
            hash.update(u64::MAX.to_be_bytes());
        }
        hash.finalize().into()
    }
}

impl FromIterator<(String, String)> for Sent {
    /// A form as if it had been sent: what it is filled with at first.
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        let mut sent = Self::default();
        for (name, value) in pairs {
            sent.0.entry(name).or_default().push(value);
        }
        sent
    }
}

/// The last separator divides the decimals, unless three digits follow it and it is the only one of its kind.
fn parse_hundredths(text: &str) -> Option<i64> {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '€' | '%'))
        .collect();
    let decimals_at = text.rfind([',', '.']).filter(|at| text.len() - at - 1 != 3);
    let (whole, decimals) = match decimals_at {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text.as_str(), ""),
    };
    let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '.')).collect();
    if decimals.len() > 2 || whole.is_empty() || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let negative = whole.starts_with('-');
    let whole: i64 = whole.parse().ok()?;
    let decimals: i64 = format!("{decimals:0<2}").parse().ok()?;
    let hundredths = whole.checked_mul(100)?;
    if negative {
        hundredths.checked_sub(decimals)
    } else {
        hundredths.checked_add(decimals)
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Sent {
    type Error = ();
    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        // With somebody else's eyes nothing is changed.
        if !session::is_ours(request) || session::is_seeing(request).await {
            return data::Outcome::Error((Status::Forbidden, ()));
        }
        let text = match data.open(LIMIT_KIB.kibibytes()).into_string().await {
            Ok(text) if text.is_complete() => text.into_inner(),
            Ok(_) => return data::Outcome::Error((Status::PayloadTooLarge, ())),
            Err(_) => return data::Outcome::Error((Status::BadRequest, ())),
        };
        let mut sent = Self::default();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            sent.0
                .entry(name.into_owned())
                .or_default()
                .push(value.into_owned());
        }
        data::Outcome::Success(sent)
    }
}

/// A form that leads out: of somebody else's eyes, or of the session. It holds nothing.
pub(super) struct Leaving;

#[rocket::async_trait]
impl<'r> FromData<'r> for Leaving {
    type Error = ();
    async fn from_data(request: &'r Request<'_>, _: Data<'r>) -> data::Outcome<'r, Self> {
        if session::is_ours(request) {
            data::Outcome::Success(Self)
        } else {
            data::Outcome::Error((Status::Forbidden, ()))
        }
    }
}

/// A token of a form that was not sent yet.
///
/// # Errors
/// Of the operating system's randomness.
pub(super) fn fresh_token() -> Result<String> {
    let token = crate::domain::secrets::random::<16>()?;
    Ok(token.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A field of a form that was changed by somebody else meanwhile.
#[derive(Debug, Serialize)]
pub(super) struct Difference {
    name: &'static str,
    yours: String,
    now: String,
}

/// A form as a page shows it: what stands in its fields, and what is wrong with them.
#[derive(Debug, Default, Serialize)]
pub(super) struct Form {
    values: BTreeMap<String, Vec<String>>,
    errors: BTreeMap<String, String>,
    /// Whether there is any error.
    failed: bool,
    gettone: String,
    revisione: Option<i32>,
}

impl Form {
    /// An empty form.
    ///
    /// # Errors
    /// Of the operating system's randomness.
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            gettone: fresh_token()?,
            ..Self::default()
        })
    }

    /// What stands in a field at first.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values
            .entry(name.to_owned())
            .or_default()
            .push(value.to_string());
        self
    }

    /// The same where there is anything.
    #[must_use]
    pub(super) fn with_some(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The revision that the form is filled from.
    #[must_use]
    pub(super) fn revision(mut self, revision: i32) -> Self {
        self.revisione = Some(revision);
        self
    }

    /// Other words for what is wrong with a field, where something is.
    #[must_use]
    pub(super) fn explained(mut self, name: &str, words: String) -> Self {
        if let Some(error) = self.errors.get_mut(name) {
            *error = words;
        }
        self
    }

    /// The fields that somebody wanted otherwise than they stand now: what both say of each.
    pub(super) fn differing(&self, now: &Self, names: &[&'static str]) -> Vec<Difference> {
        let said = |form: &Self, name: &str| {
            form.values
                .get(name)
                .map(|all| all.join(", "))
                .unwrap_or_default()
        };
        names
            .iter()
            .map(|name| Difference {
                name,
                yours: said(self, name),
                now: said(now, name),
            })
            .filter(|difference| difference.yours.trim() != difference.now.trim())
            .collect()
    }

    /// What stands in a field.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let values = self.values.get(name)?;
        values
            .first()
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// All that stands in a field that may stand several times.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Whether something is wrong with a field.
    pub(super) fn wrong(&self, name: &str) -> bool {
        self.errors.contains_key(name)
    }

    /// The form as it was sent, with what is wrong. Passwords are not shown again.
    pub(super) fn again(sent: &Sent, wrong: &FieldErrors, language: Language) -> Self {
        let values = sent
            .0
            .iter()
            .filter(|(name, _)| !name.contains("password"))
            .map(|(name, values)| (name.clone(), values.clone()))
            .collect();
        let errors: BTreeMap<String, String> = wrong
            .0
            .iter()
            .map(|(field, faults)| {
                let words: Vec<String> = faults
                    .iter()
                    .map(|fault| messages::text(language, &format!("campo-{}", fault.code())))
                    .collect();
                (field.clone(), words.join(" "))
            })
            .collect();
        Self {
            failed: !errors.is_empty(),
            values,
            errors,
            gettone: sent.token().unwrap_or_default().to_owned(),
            revisione: sent.revision().unwrap_or_default(),
        }
    }

    /// The form again, where what was sent was refused for what stands in its fields.
    ///
    /// # Errors
    /// Any other refusal.
    pub(super) fn refused(sent: &Sent, error: Error, language: Language) -> Result<Self> {
        match error {
            Error::Invalid(wrong) => Ok(Self::again(sent, &wrong, language)),
            other => Err(other),
        }
    }

    /// The same, where it may also be shown for what somebody else changed meanwhile.
    pub(super) fn status_of(&self, stale: Option<&[Difference]>) -> Status {
        stale.map_or_else(|| self.status(), |_| Status::Conflict)
    }

    /// What a page with the form answers with: whether it is shown again for something wrong.
    pub(super) fn status(&self) -> Status {
        if self.failed {
            Status::UnprocessableEntity
        } else {
            Status::Ok
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse_hundredths;

    #[test]
    fn amounts_are_read_as_either_language_writes_them() {
        for (text, cents) in [
            ("12", Some(1200)),
            ("12,5", Some(1250)),
            ("12.50 €", Some(1250)),
            ("1.234", Some(123_400)),
            ("1,234", Some(123_400)),
            ("1.234,56", Some(123_456)),
            ("1,234.56", Some(123_456)),
            ("1.234.567", Some(123_456_700)),
            ("-3,05", Some(-305)),
            ("30 %", Some(3000)),
            ("", None),
            (",5", None),
            ("1,2345", None),
            ("dodici", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse_hundredths(text), cents, "{text:?}");
        }
    }
}
