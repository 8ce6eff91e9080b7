//! Links that work once: each is mailed, or shown to whoever starts the program, and stored hashed.

use super::{
    connection::MultiBackend,
    customers,
    db::{ReadTx, WriteTx},
    fault,
    schema::one_time_links,
    sql_types::{At, Hash32},
    tenancy::Visible,
    users,
};
use crate::domain::{
    codes::codes,
    customer::Customer,
    error::Result,
    ids::{CustomerId, LinkId, UserId},
    user::User,
};
use chrono::NaiveDateTime;
use diesel::prelude::*;

codes! {
    /// What a link is for.
    LinkPurpose {
        /// Making the first superadmin.
        SetUp = "primo_accesso",
        /// Choosing the first password.
        Invitation = "invito",
        /// Choosing another password.
        Reset = "reimposta",
        /// Confirming an e-mail address.
        Confirmation = "conferma",
    }
}

/// A link to be stored.
#[derive(Debug)]
pub struct NewLink<'a> {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Whose, where there is a user already.
    pub user: Option<UserId>,
    /// About which customer.
    pub customer: Option<CustomerId>,
    /// Where it is mailed: what following it proves.
    pub email: &'a str,
    /// The password of the user whom following it makes, if nobody has the address by then. Until it is proved, an
    /// address is nobody's.
    pub password_hash: Option<&'a str>,
    /// SHA-256 of it.
    pub secret_hash: [u8; 32],
    /// When it ends, UTC.
    pub expires_at: NaiveDateTime,
}

/// Adds a link that works once.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, link: &NewLink<'_>) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(one_time_links::table)
        .values((
            one_time_links::id.eq(LinkId::at(tx.now())),
            one_time_links::user_id.eq(link.user),
            one_time_links::customer_id.eq(link.customer),
            one_time_links::purpose.eq(link.purpose.code()),
            one_time_links::email.eq(link.email),
            one_time_links::password_hash.eq(link.password_hash),
            one_time_links::secret_hash.eq(Hash32(link.secret_hash)),
            one_time_links::expires_at.eq(At(link.expires_at)),
            one_time_links::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = one_time_links, check_for_backend(MultiBackend))]
struct Row {
    id: LinkId,
    user_id: Option<UserId>,
    customer_id: Option<CustomerId>,
    email: String,
    password_hash: Option<String>,
    expires_at: At,
}

/// A link that is good now.
#[derive(Debug)]
pub struct Link {
    id: LinkId,
    /// Whose it is, where there is a user already.
    pub user: Option<Visible<User>>,
    /// About whom it is, where it is about a customer.
    pub customer: Option<Visible<Customer>>,
    /// Where it was mailed: an address that whoever follows it has.
    pub email: String,
    /// Whether a password waits for it: following it is to make a user.
    pub makes_user: bool,
}

/// The link with this secret, if it is of this purpose, not used or voided yet, not over, and mailed to the address that
/// its user still has.
///
/// # Errors
/// Of the database. None is an answer.
pub fn by_secret(
    tx: &mut ReadTx<'_>,
    purpose: LinkPurpose,
    secret_hash: [u8; 32],
    now: NaiveDateTime,
) -> Result<Option<Link>> {
    let row: Option<Row> = one_time_links::table
        .filter(
            one_time_links::secret_hash
                .eq(Hash32(secret_hash))
                .and(one_time_links::purpose.eq(purpose.code()))
                .and(one_time_links::used_at.is_null()),
        )
        .select(Row::as_select())
        .first(tx.conn)
        .optional()?;
    let Some(row) = row.filter(|row| row.expires_at.0 > now) else {
        return Ok(None);
    };
    let user = row.user_id.map(|user| users::of_link(tx, user)).transpose()?;
    if user.as_ref().is_some_and(|user| user.email != row.email) {
        return Ok(None);
    }
    let customer = row
        .customer_id
        .map(|customer| customers::of_link(tx, customer))
        .transpose()?;
    Ok(Some(Link {
        id: row.id,
        user,
        customer,
        email: row.email,
        makes_user: row.password_hash.is_some(),
    }))
}

/// Uses a link up. Of many at once one can.
///
/// # Errors
/// [`Again`](fault::Class::Again) where somebody else did meanwhile.
pub fn consume(tx: &mut WriteTx<'_>, link: &Link) -> Result<()> {
    let now = tx.now();
    let guard = one_time_links::table
        .find(link.id)
        .filter(one_time_links::used_at.is_null());
    let changed = diesel::update(guard)
        .set(one_time_links::used_at.eq(At(now)))
        .execute(tx.conn)?;
    if changed == 0 { Err(fault::again()) } else { Ok(()) }
}

/// Voids a user's links of some purposes.
///
/// # Errors
/// Of the database.
pub fn void(tx: &mut WriteTx<'_>, user: &Visible<User>, purposes: &[LinkPurpose]) -> Result<()> {
    let now = tx.now();
    let codes: Vec<&str> = purposes.iter().map(|purpose| purpose.code()).collect();
    diesel::update(
        one_time_links::table.filter(
            one_time_links::user_id
                .eq(user.id)
                .and(one_time_links::purpose.eq_any(codes))
                .and(one_time_links::used_at.is_null()),
        ),
    )
    .set(one_time_links::used_at.eq(At(now)))
    .execute(tx.conn)?;
    Ok(())
}

/// Voids the links with which the first superadmin could be made.
///
/// # Errors
/// Of the database.
pub fn void_set_ups(tx: &mut WriteTx<'_>) -> Result<()> {
    let now = tx.now();
    diesel::update(
        one_time_links::table.filter(
            one_time_links::purpose
                .eq(LinkPurpose::SetUp.code())
                .and(one_time_links::used_at.is_null()),
        ),
    )
    .set(one_time_links::used_at.eq(At(now)))
    .execute(tx.conn)?;
    Ok(())
}
