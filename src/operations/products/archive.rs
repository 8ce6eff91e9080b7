//! Taking products and modules off what is sold, and putting them back. Licences keep what they have.

use super::create::subject;
use crate::{
    domain::{
        access::{Permit, right::DefineProducts},
        audit::{Event, EventKind, Owner},
        error::{Conflict, Error, Result},
    },
    operations::App,
    store::{Done, products},
};

/// Archives a product: no licence of it is made any more, those that stand go on.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it is archived already.
pub async fn archive(app: &App, permit: Permit<DefineProducts>, name: String) -> Result<()> {
    set(app, permit, name, true).await
}

/// Puts an archived product back.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it is not archived.
pub async fn restore(app: &App, permit: Permit<DefineProducts>, name: String) -> Result<()> {
    set(app, permit, name, false).await
}

async fn set(app: &App, permit: Permit<DefineProducts>, name: String, archived: bool) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let product = products::find(tx, scope, &name)?;
            let id = product.rules.id;
            if products::archived_at(tx, id)?.is_some() == archived {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let at = archived.then(|| tx.now());
            products::set_archived(tx, id, product.revision, at)?;
            let kind = if archived {
                EventKind::ProductArchived
            } else {
                EventKind::ProductRestored
            };
            let event = Event::new(kind, subject(id), Owner::default()).with("codice", &product.rules.code);
            Ok(Done::changed((), event))
        })
        .await
}

/// Archives a module, or puts it back.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it is so already.
pub async fn module(
    app: &App,
    permit: Permit<DefineProducts>,
    name: String,
    code: String,
    archived: bool,
) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let id = products::find(tx, scope, &name)?.rules.id;
            let sold = products::modules(tx, &[id])?
                .into_iter()
                .map(|(_, module)| module);
            let gone = products::archived_modules(tx, id)?;
            let mut all = sold
                .map(|module| (module, false))
                .chain(gone.into_iter().map(|module| (module, true)));
            let (module, is) = all
                .find(|(module, _)| module.code == code)
                .ok_or(Error::NotFound)?;
            if is == archived {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let at = archived.then(|| tx.now());
            products::set_module_archived(tx, module.id, at)?;
            let event = Event::new(EventKind::ProductChanged, subject(id), Owner::default()).changed(
                &format!("moduli.{}.archiviato", module.code),
                &is,
                &archived,
            );
            Ok(Done::changed((), event))
        })
        .await
}
