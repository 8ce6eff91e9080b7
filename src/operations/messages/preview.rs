//! A message as it would be, before its words are kept.

use super::compose::{self, Eyes, Manner};
use super::texts::Which;
use crate::{
    domain::{
        company::{Node, NodeKind},
        error::Result,
        ids::{LogoId, NodeId},
        mail::{MailKind, sample, template::Filled, wording::Wording},
        scope::Scope,
    },
    operations::App,
    store::{
        ReadTx, Visible, brands,
        outbox::{self, Message},
    },
};
use serde_json::{Map, Value};

/// What a message is shown with.
#[derive(Debug)]
pub struct Stage {
    /// How it is written.
    pub manner: Manner,
    /// The message whose values are taken, where there is one.
    pub from: Option<Visible<Message>>,
    /// How wide its logo is shown.
    logo: Option<(LogoId, i32)>,
}

/// What shows a text at a node: its newest message of the kind lends its values, as far as the scope sees it.
///
/// # Errors
/// Of the database.
pub fn stage(tx: &mut ReadTx<'_>, scope: Scope, node: &Visible<Node>, which: Which) -> Result<Stage> {
    let of = (node.kind != NodeKind::Vendor).then_some(node.id);
    let manner = compose::manner(tx, of, which.kind, which.language)?;
    let logo = match manner.brand.logo {
        Some(id) => brands::logo_by_id(tx, id)?.map(|logo| (id, super::post::logo_width(&logo))),
        None => None,
    };
    Ok(Stage {
        manner,
        from: outbox::newest(tx, scope, node, which.kind)?,
        logo,
    })
}

impl Stage {
    /// The values that a text is shown with: a sample, but for what a real message says. What opens something stays the
    /// sample's.
    pub fn payload(&self, app: &App, kind: MailKind) -> Map<String, Value> {
        let mut payload = sample::of(kind, &app.base_url, app.clock.now());
        let real = self
            .from
            .as_ref()
            .and_then(|message| app.vault.open(&message.id.0, &message.payload).ok());
        let real: Map<String, Value> = real
            .and_then(|real| serde_json::from_slice(&real).ok())
            .unwrap_or_default();
        for (name, value) in real {
            if kind.placeholders().any(|known| known == name) && !MailKind::is_secret(&name) {
                payload.insert(name, value);
            }
        }
        payload
    }

    /// The message; none where the words cannot be filled in.
    pub fn show(&self, app: &App, which: Which, wording: &Wording) -> Option<Filled> {
        wording.check(which.kind).ok()?;
        let payload = self.payload(app, which.kind);
        let values = compose::values(app, &self.manner, which.language, &payload, Eyes::Recipient);
        let address = self.logo.map(|(id, width)| (logo_path(id), width));
        let picture = address.as_ref().map(|(path, width)| (path.as_str(), *width));
        compose::fill(&self.manner, which.language, wording, &values, picture).ok()
    }
}

/// Where a logo is shown to who has its id.
pub fn logo_path(id: LogoId) -> String {
    format!("/loghi/{id}")
}

/// Whose text holds for a node: its own, that of a node above it, or (none) the program's.
pub fn whose(standing: &[crate::store::message_texts::Standing]) -> Option<NodeId> {
    standing.first().map(|standing| standing.node)
}
