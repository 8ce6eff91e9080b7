//! How often somebody tried, counted in the database so that all nodes count together.

use super::{
    db::WriteTx,
    fault,
    schema::throttles,
    sql_types::{At, Hash32},
};
use crate::domain::error::{Error, Result};
use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

/// Counters that are forgotten, at most, when one begins.
const FORGOTTEN_AT_ONCE: i64 = 8;
/// The longest period of any bucket: what is older is over.
pub const LONGEST: Duration = Duration::hours(1);

/// So many tries in a period, which begins with the first of them.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    /// A keyed hash of what is counted.
    pub id: [u8; 32],
    /// How many fit.
    pub times: u32,
    /// The period, [`LONGEST`] at most.
    pub period: Duration,
}

/// Counts one try in each bucket.
///
/// # Errors
/// [`Error::TooMany`] where one is full: the caller undoes the others.
/// [`Again`](fault::Class::Again) where somebody else counted meanwhile.
pub(super) fn take(tx: &mut WriteTx<'_>, mut buckets: Vec<Bucket>) -> Result<()> {
    // In one order, so that two who count in the same buckets never wait for each other.
    buckets.sort_unstable_by_key(|bucket| bucket.id);
    buckets.iter().try_for_each(|bucket| take_one(tx, bucket))
}

fn take_one(tx: &mut WriteTx<'_>, bucket: &Bucket) -> Result<()> {
    let (id, now) = (Hash32(bucket.id), tx.now());
    if tx.is_contended() {
        diesel::update(throttles::table.find(id))
            .set(throttles::count.eq(throttles::count))
            .execute(tx.conn)?;
    }
    let found: Option<(i32, NaiveDateTime)> = throttles::table
        .find(id)
        .select((throttles::count, throttles::since))
        .first(tx.conn)
        .optional()?;
    let Some((count, since)) = found else {
        return begin(tx, id);
    };
    let end = since + bucket.period;
    let (next, from) = if end <= now {
        (1, now)
    } else if u32::try_from(count).is_ok_and(|count| count < bucket.times) {
        (count + 1, since)
    } else {
        // Whoever began the period may have asked a little later than this one, or its node's clock is ahead.
        let left = (end - now).min(bucket.period).num_milliseconds().max(0);
        return Err(Error::TooMany(
            u64::try_from(left).unwrap_or_default().div_ceil(1000).max(1),
        ));
    };
    let guard = throttles::table
        .find(id)
        .filter(throttles::count.eq(count).and(throttles::since.eq(At(since))));
    let changed = diesel::update(guard)
        .set((throttles::count.eq(next), throttles::since.eq(At(from))))
        .execute(tx.conn)?;
    if changed == 0 { Err(fault::again()) } else { Ok(()) }
}

/// The first try of a bucket.
fn begin(tx: &mut WriteTx<'_>, id: Hash32) -> Result<()> {
    let now = tx.now();
    // Others do it too: who met one of them leaves it to them.
    if !tx.is_contended() {
        forget(tx, now - LONGEST)?;
    }
    let inserted = diesel::insert_into(throttles::table)
        .values((
            throttles::id.eq(id),
            throttles::count.eq(1),
            throttles::since.eq(At(now)),
        ))
        .execute(tx.conn);
    if fault::is_taken(&inserted) {
        return Err(fault::again());
    }
    inserted?;
    Ok(())
}

/// Forgets a few counters of periods that are over, more than begin, so that they do not pile up. By their identifiers,
/// so that MariaDB locks no range in which others write.
fn forget(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<()> {
    let old = throttles::table
        .filter(throttles::since.le(At(before)))
        .order(throttles::since)
        .limit(FORGOTTEN_AT_ONCE)
        .select(throttles::id)
        .load::<Hash32>(tx.conn)?;
    for id in old {
        diesel::delete(throttles::table.find(id).filter(throttles::since.le(At(before)))).execute(tx.conn)?;
    }
    Ok(())
}
