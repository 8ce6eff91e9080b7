//! Users and their API tokens.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    fault,
    page::{Page, Slice},
    schema::{api_tokens, nodes, users},
    sql_types::{At, Hash32},
    tenancy::{self, Visible},
};
use crate::domain::{
    actor::{Place, Rights, SignedIn},
    company::NodeKind,
    error::{Error, Result},
    ids::*,
    scope::Scope,
    user::{User, UserState},
};
use chrono::NaiveDateTime;
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(MultiBackend))]
pub(super) struct Row {
    pub(super) id: UserId,
    node_id: Option<NodeId>,
    customer_id: Option<CustomerId>,
    email: String,
    name: String,
    language: String,
    state: UserState,
    read_only: bool,
    created_at: NaiveDateTime,
    revision: i32,
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            node_id: row.node_id,
            customer_id: row.customer_id,
            email: row.email,
            name: row.name,
            language: row.language,
            state: row.state,
            read_only: row.read_only,
            created_at: row.created_at,
            revision: row.revision,
        }
    }
}

/// The newest users of a scope.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>, scope: Scope, page: &Page) -> Result<Slice<Visible<User>>> {
    let mut query = tenancy::users(scope);
    if let Some(before) = page.before {
        query = query.filter(users::id.lt(UserId(before)));
    }
    let rows = query
        .order(users::id.desc())
        .limit(page.fetch())
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(page
        .slice(rows, |row| row.id.0)
        .map(|row| Visible::new(row.into())))
}

/// A user of a scope.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &mut ReadTx<'_>, scope: Scope, id: UserId) -> Result<Visible<User>> {
    let row: Row = tenancy::users(scope)
        .filter(users::id.eq(id))
        .select(Row::as_select())
        .first(tx.conn)?;
    Ok(Visible::new(row.into()))
}

/// The users of a customer that was found through a scope.
///
/// # Errors
/// Of the database.
pub fn of_customer(
    tx: &mut ReadTx<'_>,
    customer: &Visible<crate::domain::customer::Customer>,
) -> Result<Vec<Visible<User>>> {
    let rows: Vec<Row> = users::table
        .filter(users::customer_id.eq(customer.id))
        .order(users::id)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| Visible::new(row.into())).collect())
}

/// A user by e-mail address, anywhere: for the program itself, never for an answer.
///
/// # Errors
/// Of the database.
pub fn by_email(tx: &mut ReadTx<'_>, email: &str) -> Result<Option<Visible<User>>> {
    let row: Option<Row> = users::table
        .filter(users::email.eq(email))
        .select(Row::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(|row| Visible::new(row.into())))
}

/// Who has an e-mail address that was found taken: for the program itself, never for an answer.
///
/// # Errors
/// [`Again`](fault::Class::Again) where another operation took it since this one began to read.
pub fn holder(tx: &mut WriteTx<'_>, email: &str) -> Result<Visible<User>> {
    by_email(tx, email)?.ok_or_else(fault::again)
}

/// Adds a user; false where the e-mail address is taken.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, user: &User, password_hash: Option<&str>) -> Result<bool> {
    let inserted = diesel::insert_into(users::table)
        .values((
            users::id.eq(user.id),
            users::node_id.eq(user.node_id),
            users::customer_id.eq(user.customer_id),
            users::email.eq(&user.email),
            users::name.eq(&user.name),
            users::password_hash.eq(password_hash),
            users::language.eq(&user.language),
            users::state.eq(user.state),
            users::read_only.eq(user.read_only),
            users::credentials_changed_at.eq(At(user.created_at)),
            users::created_at.eq(At(user.created_at)),
        ))
        .execute(tx.conn);
    if fault::is_taken(&inserted) {
        return Ok(false);
    }
    inserted?;
    Ok(true)
}

/// Replaces what may change of a user, if it still is as it was read.
///
/// # Errors
/// [`Again`](fault::Class::Again) where it is not.
pub fn update(tx: &mut WriteTx<'_>, was: &Visible<User>, now: &User) -> Result<()> {
    let guard = users::table.find(was.id).filter(users::revision.eq(was.revision));
    let changed = diesel::update(guard)
        .set((
            users::name.eq(&now.name),
            users::language.eq(&now.language),
            users::state.eq(now.state),
            users::read_only.eq(now.read_only),
            users::revision.eq(was.revision + 1),
        ))
        .execute(tx.conn)?;
    if changed == 0 { Err(fault::again()) } else { Ok(()) }
}

/// Whether a user has chosen a password: one who has not is still only invited.
///
/// # Errors
/// Of the database.
pub fn has_password(tx: &mut ReadTx<'_>, user: &Visible<User>) -> Result<bool> {
    Ok(users::table
        .find(user.id)
        .select(users::password_hash.is_not_null())
        .first(tx.conn)?)
}

/// What a user proves who they are with.
#[derive(Clone)]
pub struct Credentials {
    /// Whose they are.
    pub user: Visible<User>,
    /// bcrypt of the password; none before one was chosen.
    pub password_hash: Option<String>,
    /// When the password was chosen, UTC.
    pub changed_at: NaiveDateTime,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials({:?}, …)", self.user.id)
    }
}

/// The credentials of whoever has an e-mail address.
///
/// # Errors
/// Of the database. Nobody is an answer.
pub fn credentials_by_email(tx: &mut ReadTx<'_>, email: &str) -> Result<Option<Credentials>> {
    match by_email(tx, email)? {
        Some(user) => credentials(tx, &user).map(Some),
        None => Ok(None),
    }
}

/// The credentials of a user, and the user as they stand now.
///
/// # Errors
/// Of the database.
pub fn credentials(tx: &mut ReadTx<'_>, user: &Visible<User>) -> Result<Credentials> {
    let (row, password_hash, changed_at): (Row, Option<String>, NaiveDateTime) = users::table
        .find(user.id)
        .select((
            Row::as_select(),
            users::password_hash,
            users::credentials_changed_at,
        ))
        .first(tx.conn)?;
    Ok(Credentials {
        user: Visible::new(row.into()),
        password_hash,
        changed_at,
    })
}

/// Whether a user may sign in: active, of a node that is not suspended, nor any above it.
///
/// # Errors
/// Of the database.
pub fn may_sign_in(tx: &mut ReadTx<'_>, user: &Visible<User>) -> Result<bool> {
    let stopped = match user.node_id {
        Some(node) => super::nodes::is_stopped(tx, node)?,
        None => false,
    };
    Ok(!stopped && user.state == UserState::Active)
}

/// The user whom a link is about: the link is the credential.
pub(super) fn of_link(tx: &mut ReadTx<'_>, id: UserId) -> Result<Visible<User>> {
    let row: Row = users::table.find(id).select(Row::as_select()).first(tx.conn)?;
    Ok(Visible::new(row.into()))
}

/// Stores a password that a user chose, with what else changed of the user by it.
///
/// # Errors
/// [`Again`](fault::Class::Again) where the user is not as they were read.
pub fn set_password(tx: &mut WriteTx<'_>, was: &Visible<User>, now: &User, hash: &str) -> Result<()> {
    update(tx, was, now)?;
    let at = tx.now();
    diesel::update(users::table.find(was.id))
        .set((
            users::password_hash.eq(hash),
            users::credentials_changed_at.eq(At(at)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Stores the same password, hashed at another cost, if it still is the same.
///
/// # Errors
/// Of the database.
pub fn rehash(tx: &mut WriteTx<'_>, user: &Visible<User>, was: &str, hash: &str) -> Result<()> {
    let guard = users::table.find(user.id).filter(users::password_hash.eq(was));
    diesel::update(guard)
        .set(users::password_hash.eq(hash))
        .execute(tx.conn)?;
    Ok(())
}

/// Ends all sessions and tokens of a user at once.
///
/// # Errors
/// Of the database.
pub fn end_access(tx: &mut WriteTx<'_>, user: &Visible<User>) -> Result<()> {
    super::sessions::end_others(tx, user, None)?;
    super::tokens::revoke_all(tx, user)
}

/// Whether there is a superadmin, whatever became of them.
///
/// # Errors
/// Of the database.
pub fn has_superadmin(tx: &mut ReadTx<'_>) -> Result<bool> {
    let found: Option<UserId> = users::table
        .inner_join(nodes::table.on(nodes::id.nullable().eq(users::node_id)))
        .filter(nodes::kind.eq(NodeKind::Vendor))
        .select(users::id)
        .first(tx.conn)
        .optional()?;
    Ok(found.is_some())
}

/// How many superadmins may sign in. Locks the vendor's node, so that two who go at once do not both count the other.
///
/// # Errors
/// Of the database.
pub fn active_superadmins(tx: &mut WriteTx<'_>) -> Result<i64> {
    super::nodes::lock_tree(tx)?;
    Ok(users::table
        .inner_join(nodes::table.on(nodes::id.nullable().eq(users::node_id)))
        .filter(
            nodes::kind
                .eq(NodeKind::Vendor)
                .and(users::state.eq(UserState::Active)),
        )
        .count()
        .get_result(tx.conn)?)
}

/// A token to be stored.
#[derive(Debug)]
pub struct NewToken<'a> {
    /// Identifier.
    pub id: TokenId,
    /// What it is for.
    pub name: &'a str,
    /// Its first characters, to tell it from others.
    pub prefix: &'a str,
    /// SHA-256 of it.
    pub secret_hash: [u8; 32],
    /// Whether it may only read.
    pub read_only: bool,
    /// When it ends, UTC.
    pub expires_at: Option<NaiveDateTime>,
}

/// Adds a token of a user.
///
/// # Errors
/// Of the database.
pub fn insert_token(tx: &mut WriteTx<'_>, user: &Visible<User>, token: &NewToken<'_>) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::id.eq(token.id),
            api_tokens::user_id.eq(user.id),
            api_tokens::name.eq(token.name),
            api_tokens::prefix.eq(token.prefix),
            api_tokens::secret_hash.eq(Hash32(token.secret_hash)),
            api_tokens::read_only.eq(token.read_only),
            api_tokens::expires_at.eq(token.expires_at.map(At)),
            api_tokens::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Where a user belongs, as a join of the tables tells it.
pub(super) struct Home {
    pub(super) node: Option<NodeId>,
    pub(super) customer: Option<CustomerId>,
    pub(super) kind: Option<NodeKind>,
    pub(super) validate: Option<bool>,
    pub(super) create_subs: Option<bool>,
}

impl Home {
    /// The place that decides the role, and what it grants; none while the node, or one above it, is suspended.
    pub(super) fn place(&self, tx: &mut ReadTx<'_>) -> Result<Option<(Place, Rights)>> {
        let stopped = match (self.node, self.kind) {
            (Some(node), Some(kind)) if kind != NodeKind::Vendor => super::nodes::is_stopped(tx, node)?,
            _ => false,
        };
        self.place_unless(stopped)
    }

    /// The same, where it is known whether a node at or above it is suspended.
    pub(super) fn place_unless(&self, stopped: bool) -> Result<Option<(Place, Rights)>> {
        let place = match (self.node, self.kind, self.customer) {
            (Some(_), Some(NodeKind::Vendor), _) => Place::Vendor,
            (Some(node), Some(NodeKind::Reseller), _) => Place::Reseller(node),
            (Some(node), Some(NodeKind::SubCompany), _) => Place::SubCompany(node),
            (Some(node), Some(NodeKind::Agent), _) => Place::Agent(node),
            (None, _, Some(customer)) => Place::Customer(customer),
            _ => return Err(Error::internal("a user belongs nowhere")),
        };
        if stopped && self.node.is_some() && place != Place::Vendor {
            return Ok(None);
        }
        let rights = Rights {
            validate: self.validate.unwrap_or(false),
            create_subs: self.create_subs.unwrap_or(false),
        };
        Ok(Some((place, rights)))
    }
}

/// A token that is good now, with its user.
#[derive(Debug)]
pub struct Bearer {
    /// Who it is.
    pub who: SignedIn,
    /// When the token was last used, UTC.
    pub last_used_at: Option<NaiveDateTime>,
}

/// Who a token belongs to: a user who may sign in, of a node that is not suspended, nor any above it.
///
/// # Errors
/// Of the database. Nobody is an answer.
pub fn by_token(tx: &mut ReadTx<'_>, secret_hash: [u8; 32], now: NaiveDateTime) -> Result<Option<Bearer>> {
    type BearerRow = (
        TokenId,
        bool,
        Option<NaiveDateTime>,
        Option<NaiveDateTime>,
        UserId,
        String,
        bool,
        Option<NodeId>,
        Option<CustomerId>,
        Option<NodeKind>,
        Option<bool>,
        Option<bool>,
    );
    let found: Option<BearerRow> = api_tokens::table
        .inner_join(users::table.on(users::id.eq(api_tokens::user_id)))
        .left_join(nodes::table.on(nodes::id.nullable().eq(users::node_id)))
        .filter(api_tokens::secret_hash.eq(Hash32(secret_hash)))
        .filter(
            api_tokens::revoked_at
                .is_null()
                .and(users::state.eq(UserState::Active)),
        )
        .select((
            api_tokens::id,
            api_tokens::read_only,
            api_tokens::expires_at,
            api_tokens::last_used_at,
            users::id,
            users::email,
            users::read_only,
            users::node_id,
            users::customer_id,
            nodes::kind.nullable(),
            nodes::may_validate.nullable(),
            nodes::may_create_subs.nullable(),
        ))
        .first(tx.conn)
        .optional()?;
    let Some((
        token,
        token_reads,
        expires_at,
        last_used_at,
        user,
        email,
        user_reads,
        node,
        customer,
        kind,
        validate,
        create_subs,
    )) = found
    else {
        return Ok(None);
    };
    if expires_at.is_some_and(|end| end <= now) {
        return Ok(None);
    }
    let home = Home {
        node,
        customer,
        kind,
        validate,
        create_subs,
    };
    let Some((place, rights)) = home.place(tx)? else {
        return Ok(None);
    };
    let who = SignedIn {
        user,
        token: Some(token),
        name: email,
        place,
        rights,
        read_only: token_reads || user_reads,
    };
    Ok(Some(Bearer { who, last_used_at }))
}
