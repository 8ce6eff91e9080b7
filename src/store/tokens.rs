//! API tokens as their owners, and those above, see them.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    fault,
    page::{Page, Slice},
    schema::{api_tokens, users as users_table},
    sql_types::At,
    tenancy::{self, Visible},
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

/// The newest tokens of all users of a scope, with each one's name and e-mail address.
///
/// # Errors
/// Of the database.
pub fn all(tx: &mut ReadTx<'_>, scope: Scope, page: &Page) -> Result<Slice<(Token, String, String)>> {
    let mut query =
        tenancy::users(scope).inner_join(api_tokens::table.on(api_tokens::user_id.eq(users_table::id)));
    if let Some(before) = page.before {
        query = query.filter(api_tokens::id.lt(TokenId(before)));
    }
    let rows: Vec<(Token, String, String)> = query
        .order(api_tokens::id.desc())
        .limit(page.fetch())
        .select((Token::as_select(), users_table::name, users_table::email))
        .load(tx.conn)?;
    Ok(page.slice(rows, |(token, ..)| token.id.0))
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
