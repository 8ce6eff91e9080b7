//! Chance that is the same at every run: each story has its own, from the seed and its number (splitmix64).

use std::ops::RangeInclusive;

/// Numbers that look random, and are not.
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// The chance of a story.
    pub(super) fn of(story: usize) -> Self {
        let story = u64::try_from(story).unwrap_or(u64::MAX);
        let mut chance = Self(0x5161_1110_u64 ^ story.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        chance.next();
        chance
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let a = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let b = (a ^ (a >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        b ^ (b >> 31)
    }

    /// A number of a range.
    pub(super) fn of_range(&mut self, range: RangeInclusive<i64>) -> i64 {
        let width = range.end().abs_diff(*range.start()).saturating_add(1);
        let step = i64::try_from(self.next() % width.max(1)).unwrap_or_default();
        range.start().saturating_add(step)
    }

    /// The same, for the numbers of licences and rows.
    pub(super) fn small(&mut self, range: RangeInclusive<i32>) -> i32 {
        i32::try_from(self.of_range(i64::from(*range.start())..=i64::from(*range.end()))).unwrap_or_default()
    }

    /// Yes, so many times in a hundred.
    pub(super) fn percent(&mut self, times: i64) -> bool {
        self.of_range(1..=100) <= times
    }

    /// One of a list.
    pub(super) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let last = i64::try_from(list.len().saturating_sub(1)).unwrap_or_default();
        let at = usize::try_from(self.of_range(0..=last)).unwrap_or_default();
        list.get(at).copied().unwrap_or_default()
    }
}
