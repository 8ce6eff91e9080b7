//! Versions whose customers are told of them: who is covered, and how far it is.

use super::{
    db::{Db, Ran, ReadTx, WriteTx},
    schema::{customers, product_versions, products, users},
    sql_types::At,
    tenancy,
};
use crate::domain::{
    actor::Actor,
    error::{Error, Result},
    ids::*,
    notice::Topic,
};
use chrono::NaiveDateTime;
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use std::collections::BTreeMap;

impl Db {
    /// Queues the next messages of an announcement, which has its record: each message is its own.
    ///
    /// # Errors
    /// What the closure gives; otherwise as [`operation`](Self::operation).
    pub async fn announce<T, F>(&self, actor: &Actor, now: NaiveDateTime, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    {
        self.run(actor, now, move |tx| work(tx).map(Ran::Counted)).await
    }
}

/// A version whose customers are being told of it.
#[derive(Debug, Clone, Queryable)]
pub struct Announced {
    /// Which.
    pub id: VersionId,
    /// Of which product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// The version.
    pub version: String,
    /// When it was released.
    pub released_on: chrono::NaiveDate,
    /// What is new.
    pub notes: String,
    /// Where to get it.
    pub url: Option<String>,
    /// The last customer who was told.
    pub after: Option<AnyId>,
    /// When it was decided to tell them, UTC.
    pub announced_at: Option<NaiveDateTime>,
}

macro_rules! announced {
    () => {
        product_versions::table
            .inner_join(products::table.on(products::id.eq(product_versions::product_id)))
            .select((
                product_versions::id,
                product_versions::product_id,
                products::name,
                product_versions::version,
                product_versions::released_on,
                product_versions::notes,
                product_versions::url,
                product_versions::announce_after,
                product_versions::announced_at,
            ))
    };
}

/// When the versions of a product were announced, UTC: those that were.
///
/// # Errors
/// Of the database.
pub fn announcements(tx: &mut ReadTx<'_>, product: ProductId) -> Result<BTreeMap<VersionId, NaiveDateTime>> {
    let rows: Vec<(VersionId, Option<NaiveDateTime>)> = product_versions::table
        .filter(product_versions::product_id.eq(product))
        .filter(product_versions::announced_at.is_not_null())
        .select((product_versions::id, product_versions::announced_at))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(id, at)| Some((id, at?))).collect())
}

/// A version of a product, with how far its announcement is.
///
/// # Errors
/// [`Error::NotFound`].
pub fn version(tx: &mut ReadTx<'_>, product: ProductId, version: VersionId) -> Result<Announced> {
    let found: Option<Announced> = announced!()
        .filter(product_versions::product_id.eq(product))
        .filter(product_versions::id.eq(version))
        .first(tx.conn)
        .optional()?;
    found.ok_or(Error::NotFound)
}

/// A version whose customers are not all told yet.
///
/// # Errors
/// Of the database.
pub fn being_announced(tx: &mut ReadTx<'_>) -> Result<Option<Announced>> {
    Ok(announced!()
        .filter(product_versions::announce_after.is_not_null())
        .order(product_versions::id)
        .first(tx.conn)
        .optional()?)
}

/// Begins to tell of a version.
///
/// # Errors
/// Of the database.
pub fn announce(tx: &mut WriteTx<'_>, version: &Announced) -> Result<()> {
    let now = At(tx.now());
    diesel::update(product_versions::table.find(version.id))
        .set((
            product_versions::announced_at.eq(now),
            product_versions::announce_after.eq(AnyId([0; 16])),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Notes how far it is: none where all are told. False where another program went on meanwhile.
///
/// # Errors
/// Of the database.
pub fn announced_up_to(tx: &mut WriteTx<'_>, was: &Announced, last: Option<CustomerId>) -> Result<bool> {
    let guard = product_versions::table
        .find(was.id)
        .filter(product_versions::announce_after.eq(was.after));
    let changed = diesel::update(guard)
        .set(product_versions::announce_after.eq(last.map(|id| AnyId(id.0))))
        .execute(tx.conn)?;
    Ok(changed == 1)
}

/// A customer to be told of a version.
#[derive(Debug, Clone, Queryable)]
pub struct Covered {
    /// Who.
    pub id: CustomerId,
    /// Their name.
    pub name: String,
    /// Where they are written to.
    pub email: Option<String>,
    /// On whose behalf.
    pub company: Option<NodeId>,
}

fn covered_words(version: &Announced, today: chrono::NaiveDate) -> String {
    // A customer is written to once, and not where the user with that address does not want to be.
    format!(
        "customers.state = 'convalidato' AND customers.archived_at IS NULL AND customers.email IS NOT NULL \
         AND EXISTS (SELECT 1 FROM licenses AS l WHERE l.customer_id = customers.id AND l.product_id = {product} \
         AND l.revoked_at IS NULL AND l.suspensions = 0 \
         AND (l.expires_on IS NULL OR l.expires_on >= '{today}') \
         AND (l.maintenance_until IS NULL OR l.maintenance_until >= '{released}')) \
         AND NOT EXISTS (SELECT 1 FROM users AS u JOIN notice_choices AS c ON c.user_id = u.id \
         WHERE u.email = customers.email AND u.customer_id = customers.id AND c.topic = '{topic}' AND c.by_mail = 0)",
        product = tenancy::literal(version.product.0),
        released = version.released_on,
        topic = Topic::Versions.code(),
    )
}

/// How many customers a version's licences cover who would be told of it.
///
/// # Errors
/// Of the database.
pub fn covered(tx: &mut ReadTx<'_>, version: &Announced, today: chrono::NaiveDate) -> Result<i64> {
    Ok(customers::table
        .filter(sql::<Bool>(&covered_words(version, today)))
        .count()
        .get_result(tx.conn)?)
}

/// The next of them, by their identifiers.
///
/// # Errors
/// Of the database.
pub fn next_covered(
    tx: &mut ReadTx<'_>,
    version: &Announced,
    today: chrono::NaiveDate,
    most: i64,
) -> Result<Vec<Covered>> {
    let after = version.after.map_or([0; 16], |id| id.0);
    Ok(customers::table
        .filter(customers::id.gt(CustomerId(after)))
        .filter(sql::<Bool>(&covered_words(version, today)))
        .order(customers::id)
        .limit(most)
        .select((
            customers::id,
            customers::name,
            customers::email,
            customers::company_id,
        ))
        .load(tx.conn)?)
}

/// The language of customers' users, where they have any.
///
/// # Errors
/// Of the database.
pub fn languages(tx: &mut ReadTx<'_>, of: &[CustomerId]) -> Result<BTreeMap<CustomerId, String>> {
    let rows: Vec<(Option<CustomerId>, String)> = users::table
        .filter(users::customer_id.eq_any(of.iter().copied().map(Some).collect::<Vec<_>>()))
        .order(users::id.desc())
        .select((users::customer_id, users::language))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(customer, language)| Some((customer?, language)))
        .collect())
}
