//! Making a user: by an invitation that is mailed, or ready to sign in.

use super::{NewPassword, about, add, mail};
use crate::{
    domain::{
        access::{Permit, right::ManageUsers},
        audit::{Event, EventKind, Owner, Subject},
        error::{Conflict, Error, Fault, Result},
        ids::{CustomerId, NodeId, UserId},
        mail::MailKind,
        secrets::Token,
        user::{User, UserState},
    },
    operations::{App, Once, Replayable},
    store::{
        Done, WriteTx, customers,
        links::{self, LinkPurpose, NewLink},
        nodes, users,
    },
};
use chrono::Duration;

/// Days for which an invitation works.
const INVITATION_DAYS: i64 = 7;

/// Where a new user belongs.
#[derive(Debug, Clone, Copy)]
pub enum Home {
    /// The vendor.
    Vendor,
    /// A company or agent.
    Node(NodeId),
    /// A customer.
    Customer(CustomerId),
}

/// A new user.
#[derive(Debug, Clone)]
pub struct New {
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Where they belong; none for the caller's own node.
    pub home: Option<Home>,
    /// Language of the interface and of mail.
    pub language: Option<String>,
    /// Whether they may only read.
    pub read_only: bool,
    /// Ready to sign in with this password: the superadmin's way. Everybody else invites.
    pub password: Option<NewPassword>,
}

/// Makes a user. An invitation to an address that somebody has already is answered, written down and repeated like any
/// other, and only its owner gets another mail: whether an address is known is nobody's to learn.
///
/// # Errors
/// [`Error::NotFound`] for a home that the caller does not see, [`Error::Invalid`].
pub async fn invite(
    app: &App,
    permit: Permit<ManageUsers>,
    new: New,
    once: Once<User>,
) -> Result<Replayable<User>> {
    let superadmin = permit.actor().is_superadmin();
    if new.password.is_some() && !superadmin {
        return Err(Error::field("password", Fault::NotAllowed));
    }
    let hash = match &new.password {
        Some(password) => Some(app.passwords.hash(&password.0).await?),
        None => None,
    };
    let (app_, actor) = (app.clone(), permit.actor().clone());
    app.once(permit.actor(), once, move |tx| {
        let home = match (new.home, actor.node()) {
            (Some(Home::Vendor), _) if !superadmin => return Err(Error::field("nodo", Fault::NotAllowed)),
            (Some(home), _) => home,
            (None, Some(node)) => Home::Node(node),
            (None, None) => Home::Vendor,
        };
        let (node_id, customer_id) = match home {
            Home::Vendor => (Some(nodes::vendor(tx)?.ok_or(Error::NotFound)?.id), None),
            Home::Node(id) => (Some(nodes::get(tx, actor.scope(), id)?.id), None),
            Home::Customer(id) => (None, Some(customers::get(tx, actor.scope(), id)?.id)),
        };
        let user = User {
            id: UserId::at(tx.now()),
            node_id,
            customer_id,
            email: new.email.clone(),
            name: new.name.clone(),
            language: new.language.clone().unwrap_or_else(|| app_.language.clone()),
            state: if hash.is_some() {
                UserState::Active
            } else {
                UserState::Invited
            },
            read_only: new.read_only,
            created_at: tx.now(),
            revision: 1,
        };
        if add(&app_, tx, &actor, &user, hash.as_deref())? && hash.is_none() {
            send(&app_, tx, &user)?;
        }
        let owner = Owner {
            company: node_id,
            customer: customer_id,
            agent: None,
        };
        let kind = match user.state {
            UserState::Invited => EventKind::UserInvited,
            _ => EventKind::UserCreated,
        };
        let event = Event::new(
            kind,
            Subject {
                kind: "utente",
                id: user.id.0,
            },
            owner,
        )
        .with("email", &user.email)
        .with("stato", user.state);
        Ok(Done::changed(user, event))
    })
    .await
}

/// Mails an invitation anew: the link of the older one works no more.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where the user was not invited, or has accepted already.
pub async fn again(app: &App, permit: Permit<ManageUsers>, id: UserId) -> Result<()> {
    let (app_, scope) = (app.clone(), permit.scope());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let user = users::get(tx, scope, id)?;
            if user.state != UserState::Invited {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            links::void(tx, &user, &[LinkPurpose::Invitation])?;
            send(&app_, tx, &user)?;
            Ok(Done::changed(
                (),
                about(EventKind::UserInvited, &user).with("email", &user.email),
            ))
        })
        .await
}

/// Mails an invitation.
pub(super) fn send(app: &App, tx: &mut WriteTx<'_>, user: &User) -> Result<()> {
    let link = Token::new()?;
    let link_row = NewLink {
        purpose: LinkPurpose::Invitation,
        user: Some(user.id),
        customer: None,
        email: &user.email,
        password_hash: None,
        secret_hash: link.hash(),
        expires_at: tx.now() + Duration::days(INVITATION_DAYS),
    };
    links::insert(tx, &link_row)?;
    let url = format!("{}/invito/{}", app.base_url, link.reveal());
    let payload = serde_json::json!({"nome": user.name, "url_invito": url});
    mail(app, tx, MailKind::Invitation, user, &payload)
}
