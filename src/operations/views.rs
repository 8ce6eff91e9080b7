//! Views of lists: kept under a name, by oneself or for all of one's node.

use crate::{
    domain::{
        access::{Permit, right::SaveViews},
        actor::Actor,
        audit::{Event, EventKind, Owner, Subject},
        error::{Error, Fault, Result},
        ids::{NodeId, UserId, ViewId},
        view::{List, View, Whose},
    },
    operations::{App, Once, Replayable},
    store::{Done, ReadTx, Visible, saved_views},
};

/// Views of one list that one sees at most.
pub const MOST: usize = 20;

/// What is to be kept.
#[derive(Debug, Clone)]
pub struct New {
    /// Of this list.
    pub list: List,
    /// What it asks, as an address has it.
    pub query: String,
    /// How.
    pub kept: Kept,
}

/// How a view is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Under this name.
    pub name: String,
    /// Whether all of one's node see it.
    pub shared: bool,
    /// Whether one's list opens with it.
    pub is_default: bool,
}

/// Whose views an actor sees.
///
/// # Errors
/// [`Error::Forbidden`] for who is no user.
pub fn whose(actor: &Actor) -> Result<Whose> {
    Ok(Whose {
        user: actor.user_id().ok_or(Error::Forbidden)?,
        node: actor.node().unwrap_or(NodeId::VENDOR),
    })
}

/// Whether a view is somebody's to rename and to take away.
///
/// # Errors
/// Of the database.
pub fn is_own(tx: &mut ReadTx<'_>, whose: Whose, view: &Visible<View>) -> Result<bool> {
    is_theirs(tx, whose, view.maker, view.shared_with)
}

/// Whose what is kept under a name is to rename and to take away: who made it, or anybody of its node once they left.
pub(super) fn is_theirs(
    tx: &mut ReadTx<'_>,
    whose: Whose,
    maker: UserId,
    shared_with: Option<NodeId>,
) -> Result<bool> {
    Ok(maker == whose.user || saved_views::maker_left(tx, maker, shared_with)?)
}

/// The record of what is kept under a name: its node's who did it.
pub(super) fn record(kind: EventKind, actor: &Actor, subject: Subject) -> Event {
    let owner = match actor.role() {
        Some(crate::domain::actor::Role::Agent) => Owner {
            agent: actor.node(),
            ..Owner::default()
        },
        _ => Owner {
            company: actor.node(),
            ..Owner::default()
        },
    };
    Event::new(kind, subject, owner)
}

/// What changes for others is not for who may only read.
fn shares(actor: &Actor, shared: bool) -> Result<()> {
    if shared && actor.is_read_only() {
        return Err(Error::field("condivisa", Fault::NotAllowed));
    }
    Ok(())
}

/// The record. What one keeps for oneself has no name in it.
fn event(kind: EventKind, actor: &Actor, view: ViewId, list: List) -> Event {
    let subject = Subject {
        kind: "vista",
        id: view.0,
    };
    record(kind, actor, subject).with("elenco", list)
}

/// Keeps a view.
///
/// # Errors
/// [`Error::Invalid`], at `nome_vista` where one sees [`MOST`] already.
pub async fn save(
    app: &App,
    permit: Permit<SaveViews>,
    new: New,
    once: Once<ViewId>,
) -> Result<Replayable<ViewId>> {
    shares(permit.actor(), new.kept.shared)?;
    let (actor, whose) = (permit.actor().clone(), whose(permit.actor())?);
    app.once(permit.actor(), once, move |tx| {
        if saved_views::of_list(tx, whose, new.list)?.len() >= MOST {
            return Err(Error::field("nome_vista", Fault::OutOfRange));
        }
        let view = View {
            id: ViewId::at(tx.now()),
            list: new.list,
            maker: whose.user,
            shared_with: new.kept.shared.then_some(whose.node),
            name: new.kept.name.clone(),
            query: new.query.clone(),
            is_default: new.kept.is_default,
        };
        saved_views::insert(tx, &view)?;
        if new.kept.is_default {
            saved_views::set_default(tx, whose, new.list, Some(view.id))?;
        }
        let event = event(EventKind::ViewSaved, &actor, view.id, view.list);
        let event = match new.kept.shared {
            true => event.with("nome", &view.name).with("condivisa", true),
            false => event,
        };
        Ok(Done::changed(view.id, event))
    })
    .await
}

/// Changes how a view is kept. Whose it is not changes alone whether their own list opens with it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn change(app: &App, permit: Permit<SaveViews>, id: ViewId, kept: Kept) -> Result<List> {
    let (actor, whose) = (permit.actor().clone(), whose(permit.actor())?);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let view = saved_views::get(tx, whose, id)?;
            let (was_shared, is_own) = (view.shared_with.is_some(), is_own(tx, whose, &view)?);
            let mut event = event(EventKind::ViewChanged, &actor, id, view.list);
            let before = event.details.len();
            if is_own && (kept.name != view.name || kept.shared != was_shared) {
                shares(&actor, kept.shared || was_shared)?;
                let with = kept.shared.then_some(view.shared_with.unwrap_or(whose.node));
                saved_views::change(tx, &view, &kept.name, with)?;
                event = event.changed("condivisa", &was_shared, &kept.shared);
                if kept.shared {
                    event = event.changed("nome", &view.name, &kept.name);
                }
                if event.details.len() == before {
                    event = event.with("condivisa", kept.shared);
                }
            }
            if kept.is_default != view.is_default {
                let chosen = kept.is_default.then_some(view.id);
                saved_views::set_default(tx, whose, view.list, chosen)?;
                event = event.changed("predefinita", &view.is_default, &kept.is_default);
            }
            Ok(if event.details.len() == before {
                Done::Unchanged(view.list)
            } else {
                Done::changed(view.list, event)
            })
        })
        .await
}

/// Takes a view away.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] where it is somebody else's.
pub async fn delete(app: &App, permit: Permit<SaveViews>, id: ViewId) -> Result<List> {
    let (actor, whose) = (permit.actor().clone(), whose(permit.actor())?);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let view = saved_views::get(tx, whose, id)?;
            let shared = view.shared_with.is_some();
            if !is_own(tx, whose, &view)? || (shared && actor.is_read_only()) {
                return Err(Error::Forbidden);
            }
            saved_views::delete(tx, &view)?;
            let event = event(EventKind::ViewDeleted, &actor, id, view.list);
            let event = match shared {
                true => event.with("nome", &view.name),
                false => event,
            };
            Ok(Done::changed(view.list, event))
        })
        .await
}
