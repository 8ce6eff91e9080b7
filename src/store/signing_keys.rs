//! The key pairs of products; seeds are sealed.

use super::{
    db::{ReadTx, WriteTx},
    schema::{products, signing_keys},
    sql_types::{At, Hash32},
};
use crate::domain::{
    error::{Error, Result},
    ids::{ProductId, SigningKeyId},
};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// What a pair is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Signs.
    Current,
    /// Will sign after the next rotation; clients can know it beforehand.
    Next,
    /// Signs no more, and is still accepted.
    Retired,
    /// Is not accepted any more.
    Revoked,
}

impl KeyState {
    /// The word that is stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Next => "next",
            Self::Retired => "retired",
            Self::Revoked => "revoked",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Current, Self::Next, Self::Retired, Self::Revoked]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// A key pair as stored.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// Identifier.
    pub id: SigningKeyId,
    /// The product.
    pub product_id: ProductId,
    /// The name clients know it by.
    pub kid: String,
    /// The public half.
    pub public_key: [u8; 32],
    /// The seed, sealed.
    pub seed_sealed: Vec<u8>,
}

type Row = (SigningKeyId, ProductId, String, Hash32, Vec<u8>);

fn from_row((id, product_id, kid, public_key, seed_sealed): Row) -> StoredKey {
    StoredKey {
        id,
        product_id,
        kid,
        public_key: public_key.0,
        seed_sealed,
    }
}

macro_rules! columns {
    () => {
        (
            signing_keys::id,
            signing_keys::product_id,
            signing_keys::kid,
            signing_keys::public_key,
            signing_keys::seed_sealed,
        )
    };
}

/// Adds a pair.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, key: &StoredKey, state: KeyState) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::id.eq(key.id),
            signing_keys::product_id.eq(key.product_id),
            signing_keys::kid.eq(&key.kid),
            signing_keys::public_key.eq(Hash32(key.public_key)),
            signing_keys::seed_sealed.eq(&key.seed_sealed),
            signing_keys::state.eq(state.code()),
            signing_keys::created_at.eq(At(now)),
            signing_keys::activated_at.eq((state == KeyState::Current).then_some(At(now))),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// A pair by its identifier.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn get(tx: &mut ReadTx<'_>, id: SigningKeyId) -> Result<StoredKey> {
    Ok(from_row(
        signing_keys::table.find(id).select(columns!()).first(tx.conn)?,
    ))
}

/// The product and the public half of a pair that is accepted, by its name.
///
/// # Errors
/// Of the database.
pub fn accepted(tx: &mut ReadTx<'_>, kid: &str) -> Result<Option<(ProductId, [u8; 32])>> {
    // Names are ASCII, and MariaDB refuses to compare them with anything else.
    if !kid.is_ascii() {
        return Ok(None);
    }
    let key = signing_keys::table
        .filter(
            signing_keys::kid
                .eq(kid)
                .and(signing_keys::state.ne(KeyState::Revoked.code())),
        )
        .select((signing_keys::product_id, signing_keys::public_key))
        .first::<(ProductId, Hash32)>(tx.conn)
        .optional()?;
    Ok(key.map(|(product, key)| (product, key.0)))
}

/// All pairs that are accepted, in use, next or retired.
///
/// # Errors
/// Of the database.
pub fn published(tx: &mut ReadTx<'_>) -> Result<Vec<StoredKey>> {
    let rows = signing_keys::table
        .filter(signing_keys::state.ne(KeyState::Revoked.code()))
        .order(signing_keys::id)
        .select(columns!())
        .load::<Row>(tx.conn)?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The pair that a product's next rotation puts to use.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn next(tx: &mut ReadTx<'_>, product: ProductId) -> Result<StoredKey> {
    let row = signing_keys::table
        .filter(
            signing_keys::product_id
                .eq(product)
                .and(signing_keys::state.eq(KeyState::Next.code())),
        )
        .select(columns!())
        .first(tx.conn)?;
    Ok(from_row(row))
}

/// What people see of a pair: never its seed.
#[derive(Debug, Clone)]
pub struct KeySheet {
    /// Identifier.
    pub id: SigningKeyId,
    /// The name clients know it by.
    pub kid: String,
    /// The public half.
    pub public_key: [u8; 32],
    /// What it is for.
    pub state: KeyState,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
    /// When it was put to use, UTC.
    pub activated_at: Option<NaiveDateTime>,
    /// When it was retired or revoked, UTC.
    pub retired_at: Option<NaiveDateTime>,
}

/// The pairs of a product, newest first.
///
/// # Errors
/// Of the database.
pub fn of_product(tx: &mut ReadTx<'_>, product: ProductId) -> Result<Vec<KeySheet>> {
    type SheetRow = (
        SigningKeyId,
        String,
        Hash32,
        String,
        NaiveDateTime,
        Option<NaiveDateTime>,
        Option<NaiveDateTime>,
    );
    let rows: Vec<SheetRow> = signing_keys::table
        .filter(signing_keys::product_id.eq(product))
        .order(signing_keys::id.desc())
        .select((
            signing_keys::id,
            signing_keys::kid,
            signing_keys::public_key,
            signing_keys::state,
            signing_keys::created_at,
            signing_keys::activated_at,
            signing_keys::retired_at,
        ))
        .load(tx.conn)?;
    rows.into_iter()
        .map(
            |(id, kid, public_key, state, created_at, activated_at, retired_at)| {
                Ok(KeySheet {
                    id,
                    kid,
                    public_key: public_key.0,
                    state: KeyState::from_code(&state).ok_or_else(|| Error::internal("no state of a key"))?,
                    created_at,
                    activated_at,
                    retired_at,
                })
            },
        )
        .collect()
}

/// Revokes a pair that is not in use.
///
/// # Errors
/// Of the database.
pub fn revoke(tx: &mut WriteTx<'_>, key: SigningKeyId) -> Result<()> {
    let now = tx.now();
    diesel::update(signing_keys::table.find(key))
        .set((
            signing_keys::state.eq(KeyState::Revoked.code()),
            signing_keys::retired_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Puts a pair to use and retires, or revokes, the one that was.
///
/// # Errors
/// Of the database.
pub fn promote(
    tx: &mut WriteTx<'_>,
    product: ProductId,
    from: SigningKeyId,
    to: SigningKeyId,
    revoke: bool,
) -> Result<()> {
    let now: NaiveDateTime = tx.now();
    let old = if revoke {
        KeyState::Revoked
    } else {
        KeyState::Retired
    };
    diesel::update(signing_keys::table.find(from))
        .set((
            signing_keys::state.eq(old.code()),
            signing_keys::retired_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    diesel::update(signing_keys::table.find(to))
        .set((
            signing_keys::state.eq(KeyState::Current.code()),
            signing_keys::activated_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    diesel::update(products::table.find(product))
        .set((
            products::signing_key_id.eq(to),
            products::revision.eq(products::revision + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Any one pair, to see whether the installation's secret opens it.
///
/// # Errors
/// Of the database.
pub fn sample(tx: &mut ReadTx<'_>) -> Result<Option<StoredKey>> {
    Ok(signing_keys::table
        .order(signing_keys::id)
        .select(columns!())
        .first::<Row>(tx.conn)
        .optional()?
        .map(from_row))
}
