//! Who is signed in at a browser.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    schema::{nodes, sessions, users},
    sql_types::{At, Hash32},
    tenancy::Visible,
    users::Home,
};
use crate::domain::{
    actor::SignedIn,
    company::NodeKind,
    error::{Error, Result},
    ids::*,
    scope::Scope,
    user::{User, UserState},
};
use chrono::{Duration, NaiveDateTime};
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

/// A session that is not to outlive its day ends when nothing was heard of it for so long.
pub const IDLE: Duration = Duration::hours(2);
/// One that is to be remembered, for so long.
pub const IDLE_REMEMBERED: Duration = Duration::days(14);
/// How long a session lasts that is not to be remembered, however busy.
pub const LASTS: Duration = Duration::hours(12);
/// And one that is.
pub const LASTS_REMEMBERED: Duration = Duration::days(30);

/// How long one looks with somebody else's eyes.
pub const SEEING: Duration = Duration::minutes(30);

/// How long a password that was given counts as just given.
pub const CONFIRMED: Duration = Duration::minutes(15);

/// A session that is good now.
#[derive(Debug, Clone)]
pub struct Session {
    /// Identifier.
    pub id: SessionId,
    /// Who it is.
    pub who: SignedIn,
    /// The user's name.
    pub name: String,
    /// The user's language.
    pub language: String,
    /// What the user belongs to, by name; none for customers' users.
    pub node: Option<String>,
    /// When it was last used, UTC.
    pub last_seen_at: NaiveDateTime,
    /// When the password was last given, UTC.
    pub confirmed_at: NaiveDateTime,
    /// With whose eyes the portal is looked at, while that lasts.
    pub sees: Option<(UserId, NaiveDateTime)>,
}

impl Session {
    /// Whether the password was given a short while ago: what changes of credentials and keys ask for.
    pub fn is_confirmed(&self, now: NaiveDateTime) -> bool {
        now - self.confirmed_at < CONFIRMED
    }
}

/// Whom a cookie's secret belongs to: a user who may sign in, of a node that is not suspended, nor any above it.
///
/// # Errors
/// Of the database. Nobody is an answer.
pub fn by_secret(tx: &mut ReadTx<'_>, secret_hash: [u8; 32], now: NaiveDateTime) -> Result<Option<Session>> {
    type SessionRow = (
        (
            SessionId,
            NaiveDateTime,
            NaiveDateTime,
            NaiveDateTime,
            NaiveDateTime,
            Option<UserId>,
            Option<NaiveDateTime>,
        ),
        (
            UserId,
            String,
            String,
            String,
            bool,
            Option<NodeId>,
            Option<CustomerId>,
        ),
        (Option<NodeKind>, Option<String>, Option<bool>, Option<bool>),
        i64,
    );
    // How many nodes at and above the user's are suspended.
    let stopped = sql::<BigInt>(
        "(SELECT COUNT(*) FROM node_tree AS above INNER JOIN nodes AS stopped ON stopped.id = above.ancestor_id \
         WHERE above.descendant_id = users.node_id AND stopped.suspended_at IS NOT NULL)",
    );
    let found: Option<SessionRow> = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .left_join(nodes::table.on(nodes::id.nullable().eq(users::node_id)))
        .filter(
            sessions::secret_hash
                .eq(Hash32(secret_hash))
                .and(sessions::ended_at.is_null())
                .and(users::state.eq(UserState::Active)),
        )
        .select((
            (
                sessions::id,
                sessions::created_at,
                sessions::last_seen_at,
                sessions::expires_at,
                sessions::confirmed_at,
                sessions::seen_user_id,
                sessions::seen_since,
            ),
            (
                users::id,
                users::email,
                users::name,
                users::language,
                users::read_only,
                users::node_id,
                users::customer_id,
            ),
            (
                nodes::kind.nullable(),
                nodes::name.nullable(),
                nodes::may_validate.nullable(),
                nodes::may_create_subs.nullable(),
            ),
            stopped,
        ))
        .first(tx.conn)
        .optional()?;
    let Some((
        (id, created_at, last_seen_at, expires_at, confirmed_at, seen_user, seen_since),
        (user, email, name, language, read_only, node, customer),
        (kind, node_name, validate, create_subs),
        stopped,
    )) = found
    else {
        return Ok(None);
    };
    if !is_good(created_at, last_seen_at, expires_at, now) {
        return Ok(None);
    }
    let home = Home {
        node,
        customer,
        kind,
        validate,
        create_subs,
    };
    Ok(home.place_unless(stopped > 0)?.map(|(place, rights)| Session {
        id,
        who: SignedIn {
            user,
            token: None,
            name: email,
            place,
            rights,
            read_only,
        },
        name,
        language,
        node: node_name,
        last_seen_at,
        confirmed_at,
        sees: seen_user
            .zip(seen_since)
            .map(|(user, since)| (user, since + SEEING))
            .filter(|(_, until)| now < *until),
    }))
}

/// A user with whose eyes somebody looks.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The user.
    pub user: Visible<User>,
    /// Who they are when they sign in.
    pub who: SignedIn,
    /// What they belong to, by name; none for customers' users.
    pub node: Option<String>,
}

/// A user of a scope as they would be signed in; none where they could not, or are not seen any more.
///
/// # Errors
/// Of the database.
pub fn seen(tx: &mut ReadTx<'_>, scope: Scope, id: UserId) -> Result<Option<Seen>> {
    let user = match super::users::get(tx, scope, id) {
        Ok(user) => user,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let node: Option<(NodeKind, String, bool, bool)> = match user.node_id {
        Some(node) => nodes::table
            .find(node)
            .select((
                nodes::kind,
                nodes::name,
                nodes::may_validate,
                nodes::may_create_subs,
            ))
            .first(tx.conn)
            .optional()?,
        None => None,
    };
    let home = Home {
        node: user.node_id,
        customer: user.customer_id,
        kind: node.as_ref().map(|(kind, ..)| *kind),
        validate: node.as_ref().map(|(.., validate, _)| *validate),
        create_subs: node.as_ref().map(|(.., create_subs)| *create_subs),
    };
    let Some((place, rights)) = home.place(tx)? else {
        return Ok(None);
    };
    let who = SignedIn {
        user: user.id,
        token: None,
        name: user.email.clone(),
        place,
        rights,
        read_only: true,
    };
    Ok(Some(Seen {
        user,
        who,
        node: node.map(|(_, name, ..)| name),
    }))
}

/// Lets a user's session look with another's eyes, or with its own again (none).
///
/// # Errors
/// [`Error::NotFound`] where it ended meanwhile.
pub fn see(
    tx: &mut WriteTx<'_>,
    user: &Visible<User>,
    session: SessionId,
    seen: Option<&Visible<User>>,
) -> Result<()> {
    let now = tx.now();
    let open = sessions::table
        .find(session)
        .filter(sessions::user_id.eq(user.id).and(sessions::ended_at.is_null()));
    let changed = diesel::update(open)
        .set((
            sessions::seen_user_id.eq(seen.map(|seen| seen.id)),
            sessions::seen_since.eq(seen.map(|_| At(now))),
        ))
        .execute(tx.conn)?;
    if changed == 0 {
        Err(Error::NotFound)
    } else {
        Ok(())
    }
}

/// Whether a session neither reached its end nor was left alone for too long.
fn is_good(
    created_at: NaiveDateTime,
    last_seen_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    now: NaiveDateTime,
) -> bool {
    let idle = if expires_at - created_at > LASTS {
        IDLE_REMEMBERED
    } else {
        IDLE
    };
    now < expires_at && now - last_seen_at < idle
}

/// A session to be stored.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// SHA-256 of the cookie's secret.
    pub secret_hash: [u8; 32],
    /// Whether it is to last beyond its day.
    pub remembered: bool,
    /// From where.
    pub address: &'a str,
    /// With what.
    pub user_agent: &'a str,
}

/// Opens a session of a user, who just gave the password.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, user: &Visible<User>, session: &NewSession<'_>) -> Result<SessionId> {
    let now = tx.now();
    let id = SessionId::at(tx.now());
    let lasts = if session.remembered {
        LASTS_REMEMBERED
    } else {
        LASTS
    };
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(id),
            sessions::user_id.eq(user.id),
            sessions::secret_hash.eq(Hash32(session.secret_hash)),
            sessions::created_at.eq(At(now)),
            sessions::last_seen_at.eq(At(now)),
            sessions::expires_at.eq(At(now + lasts)),
            sessions::confirmed_at.eq(At(now)),
            sessions::address.eq(session.address),
            sessions::user_agent.eq(session.user_agent),
        ))
        .execute(tx.conn)?;
    Ok(id)
}

/// A session as its user sees it among the others.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(MultiBackend))]
pub struct SessionRow {
    /// Identifier.
    pub id: SessionId,
    /// When the user signed in, UTC.
    pub created_at: NaiveDateTime,
    /// When it was last used, UTC.
    pub last_seen_at: NaiveDateTime,
    /// When it ends at the latest, UTC.
    pub expires_at: NaiveDateTime,
    /// From where.
    pub address: String,
    /// With what.
    pub user_agent: String,
}

/// The good sessions of a user, newest first.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>, user: &Visible<User>, now: NaiveDateTime) -> Result<Vec<SessionRow>> {
    let mut rows: Vec<SessionRow> = sessions::table
        .filter(
            sessions::user_id
                .eq(user.id)
                .and(sessions::ended_at.is_null())
                .and(sessions::expires_at.gt(At(now))),
        )
        .order(sessions::id.desc())
        .select(SessionRow::as_select())
        .load(tx.conn)?;
    rows.retain(|row| is_good(row.created_at, row.last_seen_at, row.expires_at, now));
    Ok(rows)
}

/// Ends one session of a user; false where there is none that could.
///
/// # Errors
/// Of the database.
pub fn end(tx: &mut WriteTx<'_>, user: &Visible<User>, session: SessionId) -> Result<bool> {
    let now = tx.now();
    let open = sessions::table
        .find(session)
        .filter(sessions::user_id.eq(user.id).and(sessions::ended_at.is_null()));
    let ended = diesel::update(open)
        .set(sessions::ended_at.eq(At(now)))
        .execute(tx.conn)?;
    Ok(ended > 0)
}

/// Ends all sessions of a user, or all but one.
///
/// # Errors
/// Of the database.
pub fn end_others(tx: &mut WriteTx<'_>, user: &Visible<User>, but: Option<SessionId>) -> Result<usize> {
    let now = tx.now();
    // An identifier that no session has.
    let but = but.unwrap_or(SessionId([0; 16]));
    let others = sessions::table.filter(
        sessions::user_id
            .eq(user.id)
            .and(sessions::ended_at.is_null())
            .and(sessions::id.ne(but)),
    );
    Ok(diesel::update(others)
        .set(sessions::ended_at.eq(At(now)))
        .execute(tx.conn)?)
}

/// Gives a user's session another secret: the password was given again. The end stays where it was: for one that is
/// remembered it is told.
///
/// # Errors
/// [`Error::NotFound`] where it ended meanwhile.
pub fn renew(
    tx: &mut WriteTx<'_>,
    user: &Visible<User>,
    session: SessionId,
    secret_hash: [u8; 32],
) -> Result<Option<NaiveDateTime>> {
    let now = tx.now();
    let open = sessions::table
        .find(session)
        .filter(sessions::user_id.eq(user.id).and(sessions::ended_at.is_null()));
    let changed = diesel::update(open)
        .set((
            sessions::secret_hash.eq(Hash32(secret_hash)),
            sessions::confirmed_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    let (created_at, expires_at): (NaiveDateTime, NaiveDateTime) = sessions::table
        .find(session)
        .select((sessions::created_at, sessions::expires_at))
        .first(tx.conn)?;
    Ok(Some(expires_at).filter(|end| *end - created_at > LASTS))
}
