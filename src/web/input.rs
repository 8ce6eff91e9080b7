//! Reading fields: each with its limit, all faults at once, by the names of the contract.

use crate::domain::{
    error::{Error, Fault, FieldErrors, Result},
    fiscal, text,
    user::check_password,
};
use crate::operations::users::NewPassword;
use crate::store::page::{DEFAULT_LIMIT, MAX_LIMIT, Page};
use chrono::{Datelike, NaiveDate};
use rocket::{
    Request,
    request::{self, FromRequest},
};
use serde::{Deserialize, Deserializer};
use std::{collections::BTreeMap, convert::Infallible, ops::RangeInclusive, str::FromStr};

/// Characters of a name at most.
pub(super) const NAME_MAX: usize = 200;
/// Characters of a note or an address at most.
pub(super) const NOTE_MAX: usize = 500;
/// Characters of a device's fingerprint at most.
pub(super) const DEVICE_MAX: usize = 255;
/// Highest number that any count may have.
pub(super) const COUNT_MAX: i64 = 1_000_000;
/// Highest amount, in cents.
pub(super) const CENTS_MAX: i64 = 100_000_000_000;
/// Highest number of days in any rule.
pub(super) const DAYS_MAX: i64 = 36_500;

/// Collects what is wrong while fields are read.
#[derive(Default)]
pub(super) struct Check {
    wrong: FieldErrors,
    unknown: bool,
}

impl Check {
    /// Notes a fault.
    pub(super) fn fault(&mut self, field: &str, fault: Fault) {
        self.wrong.add(field, fault);
    }

    /// Notes what was found elsewhere.
    pub(super) fn faults(&mut self, wrong: FieldErrors) {
        for (field, faults) in wrong.0 {
            for fault in faults {
                self.fault(&field, fault);
            }
        }
    }

    /// Everything was fine, or what was not. An identifier that is none is one that nobody has.
    pub(super) fn finish(self) -> Result<()> {
        self.wrong.into_result()?;
        if self.unknown {
            Err(Error::NotFound)
        } else {
            Ok(())
        }
    }

    /// A line of text, cleaned; empty is none.
    pub(super) fn line(&mut self, field: &str, value: Option<&str>, max: usize) -> Option<String> {
        let clean = text::clean(value?);
        if clean.chars().count() > max {
            self.fault(field, Fault::TooLong);
        }
        Some(clean).filter(|clean| !clean.is_empty())
    }

    /// A line of text that has to be there.
    pub(super) fn required_line(&mut self, field: &str, value: Option<&str>, max: usize) -> String {
        let line = self.line(field, value, max);
        self.required(field, line)
    }

    /// Several lines of text.
    pub(super) fn lines(&mut self, field: &str, value: Option<&str>, max: usize) -> Option<String> {
        let clean = text::clean_multiline(value?);
        if clean.chars().count() > max {
            self.fault(field, Fault::TooLong);
        }
        Some(clean).filter(|clean| !clean.is_empty())
    }

    /// A value that has to be there.
    pub(super) fn required<T: Default>(&mut self, field: &str, value: Option<T>) -> T {
        if value.is_none() {
            self.fault(field, Fault::Missing);
        }
        value.unwrap_or_default()
    }

    /// A text that is kept as it was sent: 1 to `max` characters, none of them a control character.
    pub(super) fn verbatim(&mut self, field: &str, value: Option<&str>, max: usize) -> Option<String> {
        let value = value?;
        if value.is_empty() {
            self.fault(field, Fault::Missing);
        } else if value.chars().count() > max {
            self.fault(field, Fault::TooLong);
        } else if value.chars().any(char::is_control) {
            self.fault(field, Fault::Invalid);
        }
        Some(value.to_owned())
    }

    /// A code: letters, digits, `.`, `_`, `-`, in capitals.
    pub(super) fn token(&mut self, field: &str, value: Option<&str>, max: usize) -> Option<String> {
        let value = value?.trim().to_ascii_uppercase();
        if !text::is_token(&value, max) {
            self.fault(
                field,
                if value.len() > max {
                    Fault::TooLong
                } else {
                    Fault::Invalid
                },
            );
        }
        Some(value)
    }

    /// An e-mail address.
    pub(super) fn email(&mut self, field: &str, value: Option<&str>) -> Option<String> {
        let email = text::email(value.filter(|value| !value.is_empty())?);
        if email.is_err() {
            self.fault(field, Fault::Invalid);
        }
        email.ok()
    }

    /// A VAT number.
    pub(super) fn vat_number(&mut self, field: &str, value: Option<&str>) -> Option<String> {
        let number = fiscal::vat_number(value.filter(|value| !value.is_empty())?);
        if number.is_err() {
            self.fault(field, Fault::Invalid);
        }
        number.ok()
    }

    /// An Italian tax code.
    pub(super) fn tax_code(&mut self, field: &str, value: Option<&str>) -> Option<String> {
        let code = fiscal::tax_code(value.filter(|value| !value.is_empty())?);
        if code.is_err() {
            self.fault(field, Fault::Invalid);
        }
        code.ok()
    }

    /// A web address.
    pub(super) fn url(&mut self, field: &str, value: Option<&str>, max: usize) -> Option<String> {
        let url = self.verbatim(field, value.filter(|value| !value.is_empty()), max)?;
        if !url.starts_with("https://") && !url.starts_with("http://") {
            self.fault(field, Fault::Invalid);
        }
        Some(url)
    }

    /// A password that somebody chooses.
    pub(super) fn password(&mut self, field: &str, value: Option<&str>, email: &str) -> Option<NewPassword> {
        let value = value?;
        if let Err(fault) = check_password(value, email) {
            self.fault(field, fault);
        }
        Some(NewPassword(value.to_owned()))
    }

    /// A whole number within bounds.
    pub(super) fn number<T: TryFrom<i64>>(
        &mut self,
        field: &str,
        value: Option<i64>,
        bounds: RangeInclusive<i64>,
    ) -> Option<T> {
        let value = value?;
        let number = T::try_from(value).ok().filter(|_| bounds.contains(&value));
        if number.is_none() {
            self.fault(field, Fault::OutOfRange);
        }
        number
    }

    /// A word of the contract.
    pub(super) fn word<T>(
        &mut self,
        field: &str,
        value: Option<&str>,
        from_code: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = from_code(value?);
        if word.is_none() {
            self.fault(field, Fault::Invalid);
        }
        word
    }

    /// A day.
    pub(super) fn day(&mut self, field: &str, value: Option<&str>) -> Option<NaiveDate> {
        let value = value?;
        let day = NaiveDate::parse_from_str(value, "%Y-%m-%d")
            .ok()
            .filter(|_| value.len() == 10);
        if day.is_none() {
            self.fault(field, Fault::Invalid);
        }
        if day.is_some_and(|day| !(1970..=9998).contains(&day.year())) {
            self.fault(field, Fault::OutOfRange);
        }
        day
    }

    /// An identifier.
    pub(super) fn id<T: FromStr>(&mut self, value: Option<&str>) -> Option<T> {
        let id = value?.parse().ok();
        self.unknown |= id.is_none();
        id
    }
}

/// `null` takes away, absent leaves: this tells the two apart (with `#[serde(default)]`).
pub(super) fn double<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    json: D,
) -> std::result::Result<Option<Option<T>>, D::Error> {
    Option::deserialize(json).map(Some)
}

/// The query of a request, read by name. Unknown names have no effect; one that stands twice is refused.
pub(super) struct Query {
    values: BTreeMap<String, String>,
    /// What stood before under a name that stands again.
    twice: Vec<(String, String)>,
}

impl Query {
    /// All values of a name that may stand several times.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let earlier = self.twice.iter().filter(|(known, _)| known == name);
        let earlier = earlier.map(|(_, value)| value.as_str());
        earlier
            .chain(self.get(name))
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Whether nothing at all is asked.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// A value; empty is none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The same page with a value put, or taken away.
    pub(super) fn but(&self, path: &str, name: &str, value: Option<&str>) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        let kept = |known: &str, old: &str| known != name && !old.is_empty();
        pairs.extend_pairs(self.values.iter().filter(|(known, old)| kept(known, old)));
        pairs.extend_pairs(value.map(|value| (name, value)));
        match pairs.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// A whole number.
    pub(super) fn number(&self, check: &mut Check, name: &str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let number = self.get(name)?.parse::<i64>();
        if number.is_err() {
            check.fault(name, Fault::WrongType);
        }
        check.number(name, number.ok(), bounds)
    }

    /// Which slice of a list is wanted.
    pub(super) fn page(&self, check: &mut Check) -> Page {
        for (name, _) in &self.twice {
            check.fault(name, Fault::Invalid);
        }
        let most = i64::try_from(MAX_LIMIT).unwrap_or(i64::MAX);
        let limit = self
            .number(check, "limite", 1..=most)
            .and_then(|limit| usize::try_from(limit).ok());
        let before = self.get("cursore").map(str::parse::<crate::domain::ids::AnyId>);
        if matches!(before, Some(Err(_))) {
            check.fault("cursore", Fault::Invalid);
        }
        Page {
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            before: before.and_then(std::result::Result::ok).map(|id| id.0),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Query {
    type Error = Infallible;
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Infallible> {
        let pairs = request
            .uri()
            .query()
            .into_iter()
            .flat_map(|query| query.segments());
        let mut query = Self {
            values: BTreeMap::new(),
            twice: Vec::new(),
        };
        for (name, value) in pairs {
            if let Some(earlier) = query.values.insert(name.to_owned(), value.to_owned()) {
                query.twice.push((name.to_owned(), earlier));
            }
        }
        request::Outcome::Success(query)
    }
}
