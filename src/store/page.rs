//! Lists in slices: newest first, each slice after the last row of the one before (keyset, never OFFSET).

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
    use super::after_prefix;

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
