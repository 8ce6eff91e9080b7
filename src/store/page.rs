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
