//! Words that messages are filled with and that follow from numbers and days: a text has no conditions of its own.

use chrono::NaiveDate;

/// Lines of a list at most: what is more is counted.
pub const LINES: usize = 100;

/// How far a day is, below zero past: `fra 7 giorni`, `domani`, `15 giorni fa`.
pub fn distance(days: i64, language: &str) -> String {
    let past = days.unsigned_abs();
    match (language, days) {
        ("en", 0) => "today".into(),
        ("en", 1) => "tomorrow".into(),
        ("en", -1) => "yesterday".into(),
        ("en", 1..) => format!("in {days} days"),
        ("en", _) => format!("{past} days ago"),
        (_, 0) => "oggi".into(),
        (_, 1) => "domani".into(),
        (_, -1) => "ieri".into(),
        (_, 1..) => format!("fra {days} giorni"),
        (_, _) => format!("{past} giorni fa"),
    }
}

/// A day as people write it.
pub fn day(day: NaiveDate, language: &str) -> String {
    let format = if language == "en" { "%-d %B %Y" } else { "%d/%m/%Y" };
    day.format(format).to_string()
}

/// A licence in a list: its product, the end of its key, a day of it and how far that is.
pub fn license(product: &str, tail: &str, about: NaiveDate, days: i64, language: &str) -> String {
    let (day, distance) = (day(about, language), distance(days, language));
    format!("{product} …{tail}: {day} ({distance})")
}

/// A list that is not too long to be read: the rest is counted.
pub fn list(mut lines: Vec<String>, language: &str) -> Vec<String> {
    let more = lines.len().saturating_sub(LINES);
    if more > 0 {
        lines.truncate(LINES);
        lines.push(match (language, more) {
            ("en", _) => format!("… and {more} more"),
            (_, 1) => "… e un’altra voce".into(),
            (_, _) => format!("… e altre {more}"),
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_read_as_people_say_them() {
        for (days, it, en) in [
            (60, "fra 60 giorni", "in 60 days"),
            (1, "domani", "tomorrow"),
            (0, "oggi", "today"),
            (-1, "ieri", "yesterday"),
            (-15, "15 giorni fa", "15 days ago"),
        ] {
            assert_eq!(
                (distance(days, "it"), distance(days, "en")),
                (it.into(), en.into())
            );
        }
    }

    #[test]
    fn a_long_list_ends_with_how_many_more_there_are() {
        let lines = |n: usize| (0..n).map(|n| n.to_string()).collect::<Vec<_>>();
        assert_eq!(list(lines(LINES), "it").len(), LINES);
        assert_eq!(
            list(lines(LINES + 3), "it").last().map(String::as_str),
            Some("… e altre 3")
        );
    }
}
