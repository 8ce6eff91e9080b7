//! What happens to users: how they come, sign in, choose passwords and make tokens.

pub mod accept;
pub mod change;
pub mod confirm;
pub mod create_token;
pub mod found;
pub mod invite;
pub mod notices;
pub mod own;
pub mod password;
pub mod profile;
pub mod reset;
pub mod revoke_token;
pub mod see_as;
pub mod sessions;
pub mod set_up;
pub mod sign_in;
pub mod sign_out;
mod switch;
pub(super) mod throttle;

use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind, Owner, Subject},
        error::{Error, Fault, Result},
        ids::{CustomerId, LogId, NodeId, UserId},
        mail::MailKind,
        secrets::Token,
        text,
        user::{User, check_password},
    },
    operations::{
        App,
        messages::{self, Addressee},
    },
    store::{
        ReadTx, Visible, WriteTx,
        log::{AccessEntry, AccessKind, AccessOutcome},
        users,
    },
};
use chrono::{Duration, NaiveDateTime};

/// Somebody proved by a mailed link that they are a user: their browser is known from now on. They are not signed in.
#[derive(Debug, Clone)]
pub struct Proved {
    /// Who.
    pub user: UserId,
    /// What their browser keeps.
    pub known: String,
}

/// Who a link is for, so that the page that it leads to can greet them.
#[derive(Debug, Clone)]
pub struct Peeked {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Language.
    pub language: String,
}

impl From<&User> for Peeked {
    fn from(user: &User) -> Self {
        Self {
            name: user.name.clone(),
            email: user.email.clone(),
            language: user.language.clone(),
        }
    }
}

/// A session whose password was given again: it goes on under another secret.
#[derive(Debug)]
pub struct Renewed {
    /// The cookie's new value.
    pub secret: Token,
    /// For how long it is still to be kept; none for one that ends with the browser.
    pub lasts: Option<Duration>,
}

/// Adds a user; false where somebody has the e-mail address. Only the superadmin is told of that: for everybody else
/// whatever they asked for goes on, without the user, and the owner of the address gets a mail.
pub(super) fn add(
    app: &App,
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    user: &User,
    password_hash: Option<&str>,
) -> Result<bool> {
    if users::insert(tx, user, password_hash)? {
        return Ok(true);
    }
    if actor.is_superadmin() {
        return Err(Error::field("email", Fault::Taken));
    }
    let owner = users::holder(tx, &user.email)?;
    // On nobody's behalf: who wanted the user is not to find it among their mail.
    let payload = serde_json::json!({"nome": owner.name});
    queue(
        app,
        tx,
        MailKind::DoubleInvitation,
        &owner,
        (None, None),
        &payload,
    )?;
    Ok(false)
}

/// Queues a mail to a user, on their own node's behalf.
fn mail(
    app: &App,
    tx: &mut WriteTx<'_>,
    kind: MailKind,
    to: &User,
    payload: &serde_json::Value,
) -> Result<()> {
    queue(app, tx, kind, to, (to.node_id, to.customer_id), payload)
}

fn queue(
    app: &App,
    tx: &mut WriteTx<'_>,
    kind: MailKind,
    to: &User,
    (company, customer): (Option<NodeId>, Option<CustomerId>),
    payload: &serde_json::Value,
) -> Result<()> {
    let addressee = Addressee {
        email: &to.email,
        language: &to.language,
        company,
        customer,
        user: Some(to.id),
    };
    messages::queue(app, tx, kind, &addressee, payload)
}

/// Tells the owner that something that opens their account was changed, and from where.
fn warn(app: &App, tx: &mut WriteTx<'_>, kind: MailKind, actor: &Actor, owner: &User) -> Result<()> {
    let payload = serde_json::json!({
        "nome": owner.name,
        "quando": tx.now().and_utc().to_rfc3339(),
        "indirizzo": actor.origin().address,
    });
    mail(app, tx, kind, owner, &payload)
}

/// Tells the owner what whoever manages access did to theirs. From where is nothing to them: it was not they.
fn tell(app: &App, tx: &mut WriteTx<'_>, kind: MailKind, owner: &User) -> Result<()> {
    let payload = serde_json::json!({
        "nome": owner.name,
        "quando": tx.now().and_utc().to_rfc3339(),
    });
    mail(app, tx, kind, owner, &payload)
}

/// An event about a user, on the account of whom they belong to.
fn about(kind: EventKind, user: &User) -> Event {
    let subject = Subject {
        kind: "utente",
        id: user.id.0,
    };
    Event::new(kind, subject, owner(user))
}

fn owner(user: &User) -> Owner {
    Owner {
        company: user.node_id,
        customer: user.customer_id,
        agent: None,
    }
}

/// The user who acts, at a browser. A token is no way to what its owner signs in with.
fn own(tx: &mut ReadTx<'_>, actor: &Actor) -> Result<Visible<User>> {
    match (actor.user_id(), actor.token_id()) {
        (Some(user), None) => users::get(tx, actor.scope(), user),
        _ => Err(Error::Forbidden),
    }
}

/// A row of the access log about signing in. The e-mail address that was typed is not in it: of an unknown account it
/// may be anything, a password in the wrong field too.
fn access(
    actor: &Actor,
    at: NaiveDateTime,
    user: Option<&User>,
    kind: AccessKind,
    outcome: AccessOutcome,
    user_agent: &str,
) -> AccessEntry {
    AccessEntry {
        id: LogId::at(at),
        at,
        user: user.map(|user| user.id),
        seen_as: None,
        node: user.and_then(|user| user.node_id),
        customer: user.and_then(|user| user.customer_id),
        action: kind.code().to_owned(),
        outcome: outcome.code().to_owned(),
        address: address(actor),
        user_agent: short(user_agent),
        request_id: actor.origin().request_id.clone(),
    }
}

fn address(actor: &Actor) -> String {
    let address = actor.origin().address;
    address.map(|address| address.to_string()).unwrap_or_default()
}

/// Characters of a user agent that are kept.
const AGENT_MAX: usize = 300;

fn short(user_agent: &str) -> String {
    user_agent.chars().take(AGENT_MAX).collect()
}

/// The hash of a password that a user chose, if it may be chosen.
pub(super) async fn chosen(app: &App, password: &NewPassword, email: &str) -> Result<String> {
    check_password(&password.0, email).map_err(|fault| Error::field("password", fault))?;
    app.passwords.hash(&password.0).await
}

/// Characters of a name.
const NAME_MAX: usize = 200;

/// A name as it is stored.
fn name(raw: &str) -> Result<String> {
    let name = text::clean(raw);
    match name.chars().count() {
        0 => Err(Error::field("nome", Fault::Missing)),
        1..=NAME_MAX => Ok(name),
        _ => Err(Error::field("nome", Fault::TooLong)),
    }
}

/// A password on its way to its hash.
#[derive(Clone)]
pub struct NewPassword(pub String);

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(…)")
    }
}
