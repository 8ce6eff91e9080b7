//! Who is signed in at a browser.

use super::{
    db::ReadTx,
    schema::{nodes, sessions, users},
    sql_types::Hash32,
    users::Home,
};
use crate::domain::{actor::SignedIn, company::NodeKind, error::Result, ids::*, user::UserState};
use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

/// A session that is not to outlive its day ends when nothing was heard of it for so long.
pub const IDLE: Duration = Duration::hours(2);
/// One that is to be remembered, for so long.
pub const IDLE_REMEMBERED: Duration = Duration::days(14);
/// How long a session lasts that is not to be remembered, however busy.
pub const LASTS: Duration = Duration::hours(12);
/// And one that is.
pub const LASTS_REMEMBERED: Duration = Duration::days(30);

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
        ))
        .first(tx.conn)
        .optional()?;
    let Some((
        (id, created_at, last_seen_at, expires_at, confirmed_at),
        (user, email, name, language, read_only, node, customer),
        (kind, node_name, validate, create_subs),
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
    Ok(home.place(tx)?.map(|(place, rights)| Session {
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
    }))
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
