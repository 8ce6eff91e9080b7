//! Changing, disabling and enabling users.

use super::{about, switch};
use crate::{
    domain::{
        access::{Permit, right::ManageUsers},
        audit::EventKind,
        error::{Conflict, Error, Result, expect_revision},
        ids::UserId,
        user::{User, UserState},
    },
    operations::App,
    store::{Done, Visible, WriteTx, nodes, users},
};

/// What is to change: absent stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Name.
    pub name: Option<String>,
    /// Language of the interface and of mail.
    pub language: Option<String>,
    /// Whether they may only read.
    pub read_only: Option<bool>,
}

/// Changes a user. Nobody widens their own rights. Other rights end all sessions and tokens at once: none outlives what it
/// was opened with.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`], [`Error::Forbidden`].
pub async fn change(
    app: &App,
    permit: Permit<ManageUsers>,
    id: UserId,
    revision: Option<i32>,
    changes: Changes,
) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = users::get(tx, actor.scope(), id)?;
            expect_revision(was.revision, revision)?;
            if changes.read_only.is_some() && actor.user_id() == Some(was.id) {
                return Err(Error::Forbidden);
            }
            let now = User {
                name: changes.name.clone().unwrap_or_else(|| was.name.clone()),
                language: changes.language.clone().unwrap_or_else(|| was.language.clone()),
                read_only: changes.read_only.unwrap_or(was.read_only),
                ..(*was).clone()
            };
            users::update(tx, &was, &now)?;
            if now.read_only != was.read_only {
                users::end_access(tx, &was)?;
            }
            let event = about(EventKind::UserChanged, &was)
                .changed("nome", &was.name, &now.name)
                .changed("lingua", &was.language, &now.language)
                .changed("sola_lettura", &was.read_only, &now.read_only);
            Ok(Done::changed((), event))
        })
        .await
}

/// Disables a user: all their sessions and tokens end at once. Not oneself, and not the last superadmin.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Conflict::LastSuperadmin`], [`Conflict::WrongState`].
pub async fn disable(app: &App, permit: Permit<ManageUsers>, id: UserId) -> Result<()> {
    let (actor, app_) = (permit.actor().clone(), app.clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = users::get(tx, actor.scope(), id)?;
            switch::may_be_disabled(&actor, &was)?;
            if was.state == UserState::Active
                && is_superadmin(tx, &was)?
                && users::active_superadmins(tx)? <= 1
            {
                return Err(Error::Conflict(Conflict::LastSuperadmin));
            }
            switch::disable(&app_, tx, &was)
        })
        .await
}

/// Lets a disabled user be what they were: one who may sign in, or one who was only invited.
///
/// # Errors
/// [`Error::NotFound`], [`Conflict::WrongState`].
pub async fn enable(app: &App, permit: Permit<ManageUsers>, id: UserId) -> Result<()> {
    let (actor, app_) = (permit.actor().clone(), app.clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = users::get(tx, actor.scope(), id)?;
            if was.state != UserState::Disabled {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            switch::enable(&app_, tx, &was)
        })
        .await
}

fn is_superadmin(tx: &mut WriteTx<'_>, user: &Visible<User>) -> Result<bool> {
    let vendor = nodes::vendor(tx)?.map(|vendor| vendor.id);
    Ok(user.node_id.is_some() && user.node_id == vendor)
}
