//! Answers to requests that carry an `Idempotency-Key`, stored in the transaction of their effect.

use super::{
    db::{ReadTx, WriteTx},
    fault,
    schema::idempotency_keys,
    sql_types::{At, Hash32},
};
use crate::domain::error::Result;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// Answers that are forgotten, at most, when one is stored.
const FORGOTTEN_AT_ONCE: i64 = 8;

/// An answer as it was given.
#[derive(Debug, Clone)]
pub struct StoredAnswer {
    /// SHA-256 of the request's body.
    pub body_hash: [u8; 32],
    /// The status.
    pub status: u16,
    /// The body, sealed.
    pub sealed: Vec<u8>,
}

/// The answer that was given to a key, if it is younger than `since`.
///
/// # Errors
/// Of the database.
pub fn find(tx: &mut ReadTx<'_>, id: [u8; 32], since: NaiveDateTime) -> Result<Option<StoredAnswer>> {
    let found = idempotency_keys::table
        .find(Hash32(id))
        .filter(idempotency_keys::created_at.gt(At(since)))
        .select((
            idempotency_keys::body_hash,
            idempotency_keys::status,
            idempotency_keys::answer,
        ))
        .first::<(Hash32, i32, Vec<u8>)>(tx.conn)
        .optional()?;
    Ok(found.map(|(body_hash, status, sealed)| StoredAnswer {
        body_hash: body_hash.0,
        status: u16::try_from(status).unwrap_or(500),
        sealed,
    }))
}

/// Stores an answer, and forgets a few of those that are too old to be repeated: more than came, so that those of a day
/// are all that stay.
///
/// # Errors
/// [`Again`](fault::Class::Again) where another request with the key got in between.
pub fn insert(tx: &mut WriteTx<'_>, id: [u8; 32], answer: &StoredAnswer) -> Result<()> {
    let now = tx.now();
    let too_old = now - chrono::Duration::hours(24);
    diesel::delete(
        idempotency_keys::table.filter(
            idempotency_keys::id
                .eq(Hash32(id))
                .and(idempotency_keys::created_at.le(At(too_old))),
        ),
    )
    .execute(tx.conn)?;
    // Others do it too: who met one of them leaves it to them.
    if !tx.is_contended() {
        forget(tx, too_old)?;
    }
    let inserted = diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::id.eq(Hash32(id)),
            idempotency_keys::body_hash.eq(Hash32(answer.body_hash)),
            idempotency_keys::status.eq(i32::from(answer.status)),
            idempotency_keys::answer.eq(&answer.sealed),
            idempotency_keys::created_at.eq(At(now)),
        ))
        .execute(tx.conn);
    if fault::is_taken(&inserted) {
        return Err(fault::again());
    }
    inserted?;
    Ok(())
}

/// Forgets the oldest answers of those that are as old as `before`, by their identifiers, so that MariaDB locks no
/// range in which others write.
fn forget(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<()> {
    let old = idempotency_keys::table
        .filter(idempotency_keys::created_at.le(At(before)))
        .order(idempotency_keys::created_at)
        .limit(FORGOTTEN_AT_ONCE)
        .select(idempotency_keys::id)
        .load::<Hash32>(tx.conn)?;
    for id in old {
        diesel::delete(idempotency_keys::table.find(id)).execute(tx.conn)?;
    }
    Ok(())
}
