//! The first superadmin, and further ones from the machine's command line.

use super::NewPassword;
use crate::{
    domain::{
        access::{Permit, right::ManageUsers},
        audit::{Event, EventKind, Owner, Subject},
        company::{Node, NodeKind},
        error::{Error, Fault, Result},
        ids::{NodeId, UserId},
        user::{User, UserState},
    },
    operations::App,
    store::{Done, WriteTx, nodes, users},
};

/// Makes a superadmin, and the vendor's node where there is none yet.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but the vendor; [`Error::Invalid`] where the e-mail address is taken.
pub async fn superadmin(
    app: &App,
    permit: Permit<ManageUsers>,
    email: String,
    password: NewPassword,
) -> Result<UserId> {
    if !permit.actor().is_superadmin() {
        return Err(Error::Forbidden);
    }
    let hash = app.passwords.hash(&password.0).await?;
    let app_ = app.clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let (user, event) = make(&app_, tx, &email, &email, &hash)?;
            Ok(Done::changed(user.id, event))
        })
        .await
}

/// Makes a superadmin, and the vendor's node where there is none yet.
pub(super) fn make(
    app: &App,
    tx: &mut WriteTx<'_>,
    email: &str,
    name: &str,
    hash: &str,
) -> Result<(User, Event)> {
    let now = tx.now();
    let vendor = match nodes::vendor(tx)? {
        Some(vendor) => vendor.id,
        None => {
            let vendor = vendor_node(now);
            nodes::insert_vendor(tx, &vendor)?;
            vendor.id
        }
    };
    let user = User {
        id: UserId::at(tx.now()),
        node_id: Some(vendor),
        customer_id: None,
        email: email.to_owned(),
        name: name.to_owned(),
        language: app.language.clone(),
        state: UserState::Active,
        read_only: false,
        created_at: now,
        revision: 1,
    };
    if !users::insert(tx, &user, Some(hash))? {
        return Err(Error::field("email", Fault::Taken));
    }
    let subject = Subject {
        kind: "utente",
        id: user.id.0,
    };
    let event = Event::new(EventKind::UserCreated, subject, Owner::default())
        .with("email", email)
        .with("ruolo", "superadmin");
    Ok((user, event))
}

fn vendor_node(now: chrono::NaiveDateTime) -> Node {
    Node {
        may_collect: true,
        may_validate: true,
        may_create_subs: true,
        ..Node::new(NodeId::VENDOR, None, NodeKind::Vendor, "Fornitore".into(), now)
    }
}
