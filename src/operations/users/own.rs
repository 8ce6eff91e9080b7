//! A customer's own users, who invite, disable and enable each other.

use super::{about, add, invite::send, switch};
use crate::{
    domain::{
        access::{Permit, right::ManageOwnUsers},
        actor::Actor,
        audit::EventKind,
        customer::{Customer, CustomerState},
        error::{Conflict, Error, Result},
        ids::UserId,
        user::{User, UserState},
    },
    operations::{App, Once, Replayable},
    store::{Done, ReadTx, Visible, WriteTx, customers, users},
};

/// Who is to be invited.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Language of the interface and of mail.
    pub language: String,
}

/// Whether a customer may have another user beside the one who asks: it has several, or nobody else. Who waits for
/// validation, or was stopped, invites nobody.
///
/// # Errors
/// Of the database.
pub fn has_room(tx: &mut ReadTx<'_>, customer: &Visible<Customer>, asks: Option<UserId>) -> Result<bool> {
    if customer.state != CustomerState::Validated {
        return Ok(false);
    }
    if customer.multi_user {
        return Ok(true);
    }
    let people = users::of_customer(tx, customer)?;
    Ok(people
        .iter()
        .all(|user| Some(user.id) == asks || user.state == UserState::Disabled))
}

fn home(tx: &mut ReadTx<'_>, actor: &Actor) -> Result<Visible<Customer>> {
    let id = actor.customer().ok_or(Error::NotFound)?;
    customers::get(tx, actor.scope(), id)
}

/// Invites somebody of one's own. Whether an address is known is nobody's to learn: as [`invite`](super::invite::invite).
///
/// # Errors
/// [`Conflict::WrongState`] where there is no room for another.
pub async fn invite(
    app: &App,
    permit: Permit<ManageOwnUsers>,
    new: Invitation,
    once: Once<User>,
) -> Result<Replayable<User>> {
    let (app_, actor) = (app.clone(), permit.actor().clone());
    app.once(permit.actor(), once, move |tx| {
        let customer = home(tx, &actor)?;
        // One after the other, so that two invitations at once do not both find room.
        witness(tx, &actor)?;
        if !has_room(tx, &customer, actor.user_id())? {
            return Err(Error::Conflict(Conflict::WrongState));
        }
        let user = User {
            id: UserId::at(tx.now()),
            node_id: None,
            customer_id: Some(customer.id),
            email: new.email.clone(),
            name: new.name.clone(),
            language: new.language.clone(),
            state: UserState::Invited,
            read_only: false,
            created_at: tx.now(),
            revision: 1,
        };
        if add(&app_, tx, &actor, &user, None)? {
            send(&app_, tx, &user)?;
        }
        let event = about(EventKind::UserInvited, &user)
            .with("email", &user.email)
            .with("stato", user.state);
        Ok(Done::changed(user, event))
    })
    .await
}

/// The one who acts is active still, and stays so while this lasts: two who disable each other at once do not both.
fn witness(tx: &mut WriteTx<'_>, actor: &Actor) -> Result<()> {
    let id = actor.user_id().ok_or(Error::Forbidden)?;
    let own = users::get(tx, actor.scope(), id)?;
    if own.state != UserState::Active {
        return Err(Error::Forbidden);
    }
    users::update(tx, &own, &own)
}

/// Disables one of one's own: not oneself, so that one who may sign in is always left.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Conflict::WrongState`].
pub async fn disable(app: &App, permit: Permit<ManageOwnUsers>, id: UserId) -> Result<()> {
    let (actor, app_) = (permit.actor().clone(), app.clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = users::get(tx, actor.scope(), id)?;
            switch::may_be_disabled(&actor, &was)?;
            witness(tx, &actor)?;
            switch::disable(&app_, tx, &was)
        })
        .await
}

/// Lets one of one's own be what they were, where there is room.
///
/// # Errors
/// [`Error::NotFound`], [`Conflict::WrongState`].
pub async fn enable(app: &App, permit: Permit<ManageOwnUsers>, id: UserId) -> Result<()> {
    let (actor, app_) = (permit.actor().clone(), app.clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = users::get(tx, actor.scope(), id)?;
            let customer = home(tx, &actor)?;
            if was.state == UserState::Disabled {
                witness(tx, &actor)?;
            }
            if was.state != UserState::Disabled || !has_room(tx, &customer, actor.user_id())? {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            switch::enable(&app_, tx, &was)
        })
        .await
}
