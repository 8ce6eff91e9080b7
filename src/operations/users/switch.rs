//! Switching a user off and on: what is the same whoever does it.

use super::{about, tell};
use crate::{
    domain::{
        actor::Actor,
        audit::EventKind,
        error::{Conflict, Error, Result},
        mail::MailKind,
        user::{User, UserState},
    },
    operations::App,
    store::{
        Done, Visible, WriteTx,
        links::{self, LinkPurpose},
        users,
    },
};

/// Whether somebody may be disabled: not oneself, and not twice.
pub(super) fn may_be_disabled(actor: &Actor, user: &Visible<User>) -> Result<()> {
    if actor.user_id() == Some(user.id) {
        return Err(Error::Forbidden);
    }
    match user.state {
        UserState::Disabled => Err(Error::Conflict(Conflict::WrongState)),
        _ => Ok(()),
    }
}

/// Ends all that a user could do.
pub(super) fn disable(app: &App, tx: &mut WriteTx<'_>, was: &Visible<User>) -> Result<Done<()>> {
    let now = User {
        state: UserState::Disabled,
        ..(**was).clone()
    };
    users::update(tx, was, &now)?;
    users::end_access(tx, was)?;
    // The invitation stays: whoever is enabled before choosing a password is only invited again.
    links::void(tx, was, &[LinkPurpose::Reset])?;
    tell(app, tx, MailKind::DisabledNotice, was)?;
    let event = about(EventKind::UserDisabled, was).with("email", &was.email);
    Ok(Done::changed((), event))
}

/// Lets a disabled user be what they were: one who may sign in, or one who was only invited.
pub(super) fn enable(app: &App, tx: &mut WriteTx<'_>, was: &Visible<User>) -> Result<Done<()>> {
    let state = if users::has_password(tx, was)? {
        UserState::Active
    } else {
        UserState::Invited
    };
    let now = User {
        state,
        ..(**was).clone()
    };
    users::update(tx, was, &now)?;
    if state == UserState::Active {
        tell(app, tx, MailKind::EnabledNotice, was)?;
    }
    let event = about(EventKind::UserEnabled, was)
        .with("email", &was.email)
        .with("stato", state);
    Ok(Done::changed((), event))
}
