//! Who reads: the language, and how numbers, money, days and instants are written in it.

use super::{cookies::Kept, messages, session};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use rocket::{
    Request,
    request::{self, FromRequest},
};
use std::{cell::Cell, convert::Infallible};

/// The languages that people are answered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Italian,
    English,
}

impl Language {
    /// The language of whoever is signed in at the portal, else the one chosen at a public page, else the first of
    /// `Accept-Language` that is spoken here; Italian without one.
    pub(super) fn of(request: &Request<'_>) -> Self {
        if super::is_page(request) {
            let signed_in = session::of(request).and_then(|session| Self::from_code(&session.language));
            let chosen = || Self::from_code(Kept::Language.of(request)?);
            if let Some(language) = signed_in.or_else(chosen) {
                return language;
            }
        }
        Self::accepted(request)
    }

    fn accepted(request: &Request<'_>) -> Self {
        let wanted = request.headers().get_one("Accept-Language").unwrap_or_default();
        let mut choices: Vec<(u32, Self)> = wanted
            .split(',')
            .filter_map(|choice| {
                let (tag, rest) = choice.split_once(';').unwrap_or((choice, ""));
                let weight = rest
                    .trim()
                    .strip_prefix("q=")
                    .map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
                let language = Self::from_code(tag.trim().get(..2)?.to_ascii_lowercase().as_str())?;
                (weight > 0.0).then_some(((weight * 1000.0) as u32, language))
            })
            .collect();
        choices.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        choices.first().map_or(Self::Italian, |(_, language)| *language)
    }

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Italian => "it",
            Self::English => "en",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        match code {
            "it" => Some(Self::Italian),
            "en" => Some(Self::English),
            _ => None,
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Language {
    type Error = Infallible;
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Infallible> {
        // Whoever is signed in is looked up first: what is not looked up now is nobody from here on.
        session::look_up(request).await;
        request::Outcome::Success(Self::of(request))
    }
}

/// Somebody who reads a page now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    /// Their language.
    pub(super) language: Language,
    /// The installation's time zone.
    pub(super) zone: Tz,
    /// When they read, UTC.
    pub(super) now: NaiveDateTime,
}

thread_local! {
    static READER: Cell<Option<Reader>> = const { Cell::new(None) };
}

impl Reader {
    /// Renders for this reader: what templates call asks for it.
    pub(super) fn reads<T>(self, render: impl FnOnce() -> T) -> T {
        let before = READER.replace(Some(self));
        let rendered = render();
        READER.set(before);
        rendered
    }

    /// Who reads what is rendered at this moment.
    pub(super) fn current() -> Option<Self> {
        READER.get()
    }

    /// A text.
    pub(super) fn text(&self, key: &str) -> String {
        messages::text(self.language, key)
    }

    /// The day that it is for the reader.
    pub(super) fn today(&self) -> NaiveDate {
        self.here(self.now).date()
    }

    /// An instant on the installation's clocks.
    pub(super) fn here(&self, instant: NaiveDateTime) -> NaiveDateTime {
        Utc.from_utc_datetime(&instant)
            .with_timezone(&self.zone)
            .naive_local()
    }

    /// A whole number: `1.234`, `1,234`.
    pub(super) fn number(&self, number: i64) -> String {
        let separator = match self.language {
            Language::Italian => '.',
            Language::English => ',',
        };
        let digits = number.unsigned_abs().to_string();
        let mut grouped = String::new();
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        if number < 0 {
            grouped.insert(0, '−');
        }
        grouped
    }

    /// What stands before the decimals.
    pub(super) fn separator(&self) -> char {
        match self.language {
            Language::Italian => ',',
            Language::English => '.',
        }
    }

    /// Hundredths: `12,5`, `12.5`; at least as many decimals as asked for.
    pub(super) fn hundredths(&self, hundredths: i64, decimals: usize) -> String {
        let separator = self.separator();
        let (whole, part) = (hundredths.abs() / 100, hundredths.abs() % 100);
        let mut part = format!("{part:02}");
        while part.len() > decimals && part.ends_with('0') {
            part.pop();
        }
        let sign = if hundredths < 0 { "−" } else { "" };
        let whole = self.number(whole);
        if part.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}{separator}{part}")
        }
    }

    /// An amount: `1.234,50 €`, `€1,234.50`.
    pub(super) fn money(&self, cents: i64, currency: &str) -> String {
        let amount = self.hundredths(cents.abs(), 2);
        let sign = if cents < 0 { "−" } else { "" };
        match (self.language, currency) {
            (Language::Italian, "EUR") => format!("{sign}{amount}\u{a0}€"),
            (Language::Italian, other) => format!("{sign}{amount}\u{a0}{other}"),
            (Language::English, "EUR") => format!("{sign}€{amount}"),
            (Language::English, other) => format!("{sign}{other}\u{a0}{amount}"),
        }
    }

    /// A day: `23/11/2026`, `23 Nov 2026`.
    pub(super) fn day(&self, day: NaiveDate) -> String {
        match self.language {
            Language::Italian => day.format("%d/%m/%Y").to_string(),
            Language::English => day.format("%-d %b %Y").to_string(),
        }
    }

    /// A month: `novembre 2026`.
    pub(super) fn month(&self, day: NaiveDate) -> String {
        format!("{} {}", self.text(&format!("month-{}", day.month())), day.year())
    }

    /// An instant, to the minute, on the installation's clocks.
    pub(super) fn instant(&self, instant: NaiveDateTime) -> String {
        let here = self.here(instant);
        format!(
            "{}, {:02}:{:02}",
            self.day(here.date()),
            here.hour(),
            here.minute()
        )
    }

    /// How long ago, the further the coarser: `2 min fa`, `oggi, 11:52`, `ieri, 18:42`, then the day.
    pub(super) fn ago(&self, instant: NaiveDateTime) -> String {
        let (here, today) = (self.here(instant), self.today());
        let minutes = (self.now - instant).num_minutes();
        let clock = format!("{:02}:{:02}", here.hour(), here.minute());
        let say = |key: &str| messages::filled(self.language, key, [("clock", clock.clone().into())]);
        match (today - here.date()).num_days() {
            _ if (0..1).contains(&minutes) => self.text("ago-now"),
            _ if (1..60).contains(&minutes) => {
                messages::filled(self.language, "ago-minutes", [("n", minutes.into())])
            }
            0 => say("ago-today"),
            1 => say("ago-yesterday"),
            _ => self.day(here.date()),
        }
    }

    /// How far off a day is: `tra 38 giorni`, `oggi`, `da 3 giorni`.
    pub(super) fn distance(&self, day: NaiveDate) -> String {
        let days = (day - self.today()).num_days();
        let (key, n) = match days {
            0 => return self.text("day-today"),
            1 => return self.text("day-tomorrow"),
            -1 => return self.text("day-yesterday"),
            2.. => ("day-in", days),
            _ => ("day-since", -days),
        };
        messages::filled(
            self.language,
            key,
            [("n", n.into()), ("days", self.number(n).into())],
        )
    }
}

/// The initials of a name: of its first and of its last word.
pub(super) fn initials(name: &str) -> String {
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        for (name, wanted) in [
            ("Chiara Dal Molin", "CM"),
            ("chiara", "C"),
            ("", ""),
            ("chiara@example.it", "CI"),
            ("Élodie Ünal", "ÉÜ"),
        ] {
            assert_eq!(initials(name), wanted);
        }
    }
}
