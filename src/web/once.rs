//! Forms that create: sent twice, they create once.

use super::form::Sent;
use crate::{
    domain::actor::Actor,
    operations::{IdempotencyKey, Once, Replayable},
};
use sha2::{Digest, Sha256};

/// The status that a creation answers with, and is remembered with: where to go.
const SEE_OTHER: u16 = 303;

/// How a creation is remembered: under the user (who may be nobody), the route and the form's token, with the path of
/// what was made.
pub(super) fn under<T: 'static>(
    actor: &Actor,
    route: &str,
    sent: &Sent,
    path: impl Fn(&T) -> String + Send + Sync + 'static,
) -> Once<T> {
    Once::under(key(actor, route, sent), move |made| Ok((SEE_OTHER, path(made))))
}

/// The same of what all leads to one path.
pub(super) fn leading<T: 'static>(actor: &Actor, route: &str, sent: &Sent, path: &str) -> Once<T> {
    let path = path.to_owned();
    under(actor, route, sent, move |_| path.clone())
}

/// The form's own token, bound to its user (who may be nobody) and route.
pub(super) fn key(actor: &Actor, route: &str, sent: &Sent) -> Option<IdempotencyKey> {
    let token = sent.token()?;
    let id = Sha256::new()
        .chain_update(b"form")
        .chain_update(actor.user_id().map_or([0; 16], |user| user.0))
        .chain_update((route.len() as u64).to_be_bytes())
        .chain_update(route)
        .chain_update(token)
        .finalize();
    Some(IdempotencyKey {
        id: id.into(),
        body: sent.digest(),
    })
}

/// Where to go: to what was made now, or by the same form before.
pub(super) fn path<T>(outcome: Replayable<T>, path: impl Fn(&T) -> String) -> String {
    match outcome {
        Replayable::Done(made) => path(&made),
        Replayable::Replayed(_, path) => path,
    }
}
