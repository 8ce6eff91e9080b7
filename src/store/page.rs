//! Lists in slices: newest first, each slice after the last row of the one before (keyset, never OFFSET).

use crate::domain::ids::{AnyId, BadId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use std::{fmt, str::FromStr};

/// Rows in a slice unless the caller says.
pub const DEFAULT_LIMIT: usize = 50;
/// Rows in a slice at most.
pub const MAX_LIMIT: usize = 200;

/// Which slice is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Rows at most.
    pub limit: usize,
    /// Only rows before this identifier.
    pub before: Option<[u8; 16]>,
}

impl Page {
    /// The first slice, of `limit` rows.
    pub fn first(limit: usize) -> Self {
        Self { limit, before: None }
    }

    /// One row more than wanted, to know whether there are more.
    pub(super) fn fetch(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX - 1) + 1
    }

    pub(super) fn slice<T>(&self, mut rows: Vec<T>, id: impl Fn(&T) -> [u8; 16]) -> Slice<T> {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        Slice {
            next: rows.last().filter(|_| more).map(id),
            rows,
        }
    }
}

/// The last row of a slice, in a list of another order than that of the identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// What the list is sorted by; none in the part of the list that has no such value.
    pub value: Option<String>,
    /// The row.
    pub id: [u8; 16],
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AnyId(self.id).fmt(f)?;
        match &self.value {
            Some(value) => write!(f, ".{}", B64.encode(value)),
            None => Ok(()),
        }
    }
}

impl FromStr for Cursor {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let (id, value) = match text.split_once('.') {
            Some((id, value)) => (id, Some(value)),
            None => (text, None),
        };
        let value = value
            .map(|value| String::from_utf8(B64.decode(value).map_err(|_| BadId)?).map_err(|_| BadId))
            .transpose()?;
        Ok(Self {
            value,
            id: id.parse::<AnyId>()?.0,
        })
    }
}

/// Which slice is wanted of a list in another order than that of the identifiers.
#[derive(Debug, Clone)]
pub struct Window {
    /// Rows at most.
    pub limit: usize,
    /// Only rows after this one.
    pub after: Option<Cursor>,
}

/// Where the names end that begin like this: the first text behind them all, in the order of code points, which is that
/// of both databases. SQLite's planner, bound to plans that hold for every parameter, takes no index for a LIKE; for a
/// range it does.
pub(super) fn after_prefix(prefix: &str) -> String {
    let mut end = prefix.to_owned();
    while let Some(last) = end.pop() {
        let next = match last {
            '\u{d7ff}' => Some('\u{e000}'),
            other => char::from_u32(u32::from(other) + 1),
        };
        if let Some(next) = next {
            end.push(next);
            return end;
        }
    }
    // No name is that long.
    "\u{10ffff}".repeat(201)
}

/// A slice, and where the next begins.
#[derive(Debug)]
pub struct Slice<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The identifier to go on from; none at the end.
    pub next: Option<[u8; 16]>,
}

impl<T> Slice<T> {
    /// The same slice of something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Slice<U> {
        Slice {
            rows: self.rows.into_iter().map(f).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, after_prefix};

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for value in [None, Some(""), Some("2026-12-31"), Some("caffè & figli. snc")] {
            let cursor = Cursor {
                value: value.map(str::to_owned),
                id: [7; 16],
            };
            assert_eq!(cursor.to_string().parse().ok(), Some(cursor));
        }
        for text in ["", ".", "x.y", "07070707-0707-0707-0707-070707070707.?"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_end_of_a_prefix_stands_right_behind_it() {
        for (prefix, end) in [
            ("rossi", "rossj"),
            ("z\u{7f}", "z\u{80}"),
            ("a\u{d7ff}", "a\u{e000}"),
            ("a\u{ffff}", "a\u{10000}"),
            ("a\u{10ffff}", "b"),
            ("a\u{10ffff}\u{10ffff}", "b"),
        ] {
            assert_eq!(after_prefix(prefix), end, "{prefix:?}");
        }
        for prefix in ["", "\u{10ffff}"] {
            assert!(after_prefix(prefix) > "\u{10ffff}".repeat(200), "{prefix:?}");
        }
    }
}
