//! Templates: what the form that creates licences holds, kept under a name, by oneself or for all of one's node.

use crate::{
    domain::{
        access::{Permit, right::IssueLicenses},
        actor::Actor,
        audit::{Event, EventKind, Subject},
        error::{Error, Fault, Result},
        ids::TemplateId,
        view::{LicenseTemplate, Whose},
    },
    operations::{
        App, Once, Replayable,
        views::{is_theirs, record, whose},
    },
    store::{Done, ReadTx, Visible, license_templates},
};

/// Templates that one sees at most.
pub const MOST: usize = 50;

/// How a template is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Under this name.
    pub name: String,
    /// Whether all of one's node see it.
    pub shared: bool,
}

/// Whether a template is somebody's to rename and to take away.
///
/// # Errors
/// Of the database.
pub fn is_own(tx: &mut ReadTx<'_>, whose: Whose, template: &Visible<LicenseTemplate>) -> Result<bool> {
    is_theirs(tx, whose, template.maker, template.shared_with)
}

/// The record. What one keeps for oneself has no name in it.
fn event(kind: EventKind, actor: &Actor, id: TemplateId) -> Event {
    let subject = Subject {
        kind: "modello",
        id: id.0,
    };
    record(kind, actor, subject)
}

/// Keeps what the form holds.
///
/// # Errors
/// [`Error::Invalid`], at `nome_modello` where one sees [`MOST`] already.
pub async fn save(
    app: &App,
    permit: Permit<IssueLicenses>,
    kept: Kept,
    fields: String,
    once: Once<TemplateId>,
) -> Result<Replayable<TemplateId>> {
    let (actor, whose) = (permit.actor().clone(), whose(permit.actor())?);
    app.once(permit.actor(), once, move |tx| {
        if license_templates::list(tx, whose)?.len() >= MOST {
            return Err(Error::field("nome_modello", Fault::OutOfRange));
        }
        let template = LicenseTemplate {
            id: TemplateId::at(tx.now()),
            maker: whose.user,
            shared_with: kept.shared.then_some(whose.node),
            name: kept.name.clone(),
            fields: fields.clone(),
        };
        license_templates::insert(tx, &template)?;
        let mut event = event(EventKind::TemplateSaved, &actor, template.id).with("condiviso", kept.shared);
        if kept.shared {
            event = event.with("nome", &template.name);
        }
        Ok(Done::changed(template.id, event))
    })
    .await
}

/// Changes how a template is kept.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] where it is somebody else's.
pub async fn change(app: &App, permit: Permit<IssueLicenses>, id: TemplateId, kept: Kept) -> Result<()> {
    let (actor, whose) = (permit.actor().clone(), whose(permit.actor())?);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let template = license_templates::get(tx, whose, id)?;
            let was_shared = template.shared_with.is_some();
            if !is_own(tx, whose, &template)? {
                return Err(Error::Forbidden);
            }
            if kept.name == template.name && kept.shared == was_shared {
                return Ok(Done::Unchanged(()));
            }
            let with = kept.shared.then_some(template.shared_with.unwrap_or(whose.node));
            license_templates::change(tx, &template, &kept.name, with)?;
            let mut event = event(EventKind::TemplateChanged, &actor, id).with("condiviso", kept.shared);
            if kept.shared {
                event = event.changed("nome", &template.name, &kept.name);
            }
            Ok(Done::changed((), event))
        })
        .await
}

/// Takes a template away.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] where it is somebody else's.
pub async fn delete(app: &App, permit: Permit<IssueLicenses>, id: TemplateId) -> Result<()> {
    let (actor, whose) = (permit.actor().clone(), whose(permit.actor())?);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let template = license_templates::get(tx, whose, id)?;
            if !is_own(tx, whose, &template)? {
                return Err(Error::Forbidden);
            }
            license_templates::delete(tx, &template)?;
            let event = event(EventKind::TemplateDeleted, &actor, id);
            let event = match template.shared_with {
                Some(_) => event.with("nome", &template.name),
                None => event,
            };
            Ok(Done::changed((), event))
        })
        .await
}
