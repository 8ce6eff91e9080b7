//! What the business does: a folder is a noun, a file is a verb. Each operation is one transaction with its audit
//! record; the permit that it takes is the proof that its caller may.

mod catalogue;
pub mod companies;
pub mod customers;
pub mod jobs;
pub mod licenses;
pub mod messages;
mod once;
pub mod products;
pub mod settings;
pub mod statistics;
pub mod users;
pub mod views;
pub mod webhooks;

pub use catalogue::Catalogue;
pub use once::{IdempotencyKey, Once, Replayable};

use crate::{
    domain::{actor::Actor, error::Result, ids::NodeId, secrets::Vault},
    gateways::{clock::Clock, limits::Limits, mail::Mailer, passwords::Passwords, webhook::Sender},
    store::{Db, ReadTx, nodes},
};
use chrono_tz::Tz;
use std::sync::Arc;

/// What operations need of the world: made once at start, shared by all requests.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The installation's time zone.
    pub zone: Tz,
    /// The installation's secret.
    pub vault: Arc<Vault>,
    /// Products' rules and signing keys, remembered.
    pub catalogue: Arc<Catalogue>,
    /// How often one caller may try.
    pub limits: Arc<Limits>,
    /// Password hashes.
    pub passwords: Passwords,
    /// The installation's public address, without a slash at its end.
    pub base_url: String,
    /// The way to the mail server; none where none is configured.
    pub mailer: Option<Arc<Mailer>>,
    /// The way out for webhooks.
    pub webhooks: Arc<Sender>,
    /// The language of mail to who never chose one.
    pub language: String,
}

/// Whether a person's stop is the caller's to lift: that of their own node or of one below it. The vendor's (none) is
/// the vendor's alone, who lifts any.
fn may_lift(tx: &mut ReadTx<'_>, actor: &Actor, whose: Option<NodeId>) -> Result<bool> {
    if actor.is_superadmin() {
        return Ok(true);
    }
    match (actor.node(), whose) {
        (Some(own), Some(whose)) => nodes::is_at_or_above(tx, own, whose),
        _ => Ok(false),
    }
}

/// Whether a vault opens a stored key: whether it is the one of this installation.
pub fn opens(vault: &Vault, key: &crate::store::signing_keys::StoredKey) -> bool {
    catalogue::open(vault, key).is_ok()
}
