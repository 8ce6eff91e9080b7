//! API tokens as their owners, and those above, see them.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    fault,
    schema::api_tokens,
    sql_types::At,
    tenancy::Visible,
    users,
};
use crate::domain::{error::Result, ids::*, scope::Scope, user::User};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A token, without its secret.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = api_tokens, check_for_backend(MultiBackend))]
pub struct Token {
    /// Identifier.
    pub id: TokenId,
    /// Whose.
    pub user_id: UserId,
    /// What it is for.
    pub name: String,
    /// Its first characters, to tell it from others.
    pub prefix: String,
    /// Whether it may only read.
    pub read_only: bool,
    /// When it ends, UTC.
    pub expires_at: Option<NaiveDateTime>,
    /// When it was last used, UTC.
    pub last_used_at: Option<NaiveDateTime>,
    /// When it was revoked, UTC.
    pub revoked_at: Option<NaiveDateTime>,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
}

/// The tokens of a user, newest first, ended ones too.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>, user: &Visible<User>) -> Result<Vec<Token>> {
    Ok(api_tokens::table
        .filter(api_tokens::user_id.eq(user.id))
        .order(api_tokens::id.desc())
        .select(Token::as_select())
        .load(tx.conn)?)
}

/// A token of a scope's user, and the user.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn get(tx: &mut ReadTx<'_>, scope: Scope, id: TokenId) -> Result<(Visible<Token>, Visible<User>)> {
    let token: Token = api_tokens::table
        .find(id)
        .select(Token::as_select())
        .first(tx.conn)?;
    let user = users::get(tx, scope, token.user_id)?;
    Ok((Visible::new(token), user))
}

/// Ends a token.
///
/// # Errors
/// [`Again`](fault::Class::Again) where it ended meanwhile.
pub fn revoke(tx: &mut WriteTx<'_>, token: &Visible<Token>) -> Result<()> {
    let now = tx.now();
    let guard = api_tokens::table
        .find(token.id)
        .filter(api_tokens::revoked_at.is_null());
    let changed = diesel::update(guard)
        .set(api_tokens::revoked_at.eq(At(now)))
        .execute(tx.conn)?;
    if changed == 0 { Err(fault::again()) } else { Ok(()) }
}

/// Ends all tokens of a user.
///
/// # Errors
/// Of the database.
pub fn revoke_all(tx: &mut WriteTx<'_>, user: &Visible<User>) -> Result<()> {
    let now = tx.now();
    let open = api_tokens::table.filter(
        api_tokens::user_id
            .eq(user.id)
            .and(api_tokens::revoked_at.is_null()),
    );
    diesel::update(open)
        .set(api_tokens::revoked_at.eq(At(now)))
        .execute(tx.conn)?;
    Ok(())
}
