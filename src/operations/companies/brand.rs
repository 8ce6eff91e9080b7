//! How a company shows itself to its customers.

use crate::{
    domain::{
        access::{Permit, right::EditTexts},
        audit::EventKind,
        brand::{BadLogo, Brand, Logo},
        error::{Error, Result, expect_revision},
        ids::{LogoId, NodeId},
        secrets,
    },
    gateways::pictures,
    operations::{
        App,
        messages::texts::{event, place},
    },
    store::{Done, brands},
};

/// Sets what it says of itself; its logo stays.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`].
pub async fn set(
    app: &App,
    permit: Permit<EditTexts>,
    at: NodeId,
    revision: Option<i32>,
    wanted: Brand,
) -> Result<()> {
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let node = place(tx, &actor, at)?;
            let (was, stands) = brands::get(tx, &node)?;
            expect_revision(stands, revision)?;
            let now = Brand {
                logo: was.logo,
                ..wanted.clone()
            };
            if now == was {
                return Ok(Done::Unchanged(()));
            }
            brands::set(tx, &node, stands, &now)?;
            let color = |brand: &Brand| brand.color.map(|color| color.to_string());
            let event = event(EventKind::BrandChanged, at)
                .changed("nome", &was.name, &now.name)
                .changed("nome_mittente", &was.sender, &now.sender)
                .changed("rispondi_a", &was.reply_to, &now.reply_to)
                .changed("colore", &color(&was), &color(&now));
            Ok(Done::changed((), event))
        })
        .await
}

/// Reads a file that is to be a logo.
///
/// # Errors
/// Where the program is ending. What is wrong with the file is no error.
pub async fn read_logo(file: Vec<u8>) -> Result<std::result::Result<Logo, BadLogo>> {
    // It takes a while, and whoever else waits is not to wait for it.
    tokio::task::spawn_blocking(move || pictures::logo(&file))
        .await
        .map_err(Error::internal)
}

/// Shows another logo, or (`None`) none of its own. The one before is thrown away.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_logo(app: &App, permit: Permit<EditTexts>, at: NodeId, wanted: Option<Logo>) -> Result<()> {
    let actor = permit.actor().clone();
    let id = LogoId(secrets::random()?);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let node = place(tx, &actor, at)?;
            let (was, stands) = brands::get(tx, &node)?;
            let now = Brand {
                logo: wanted.as_ref().map(|_| id),
                ..was.clone()
            };
            if now == was {
                return Ok(Done::Unchanged(()));
            }
            if let Some(logo) = &wanted {
                brands::insert_logo(tx, &node, id, logo)?;
            }
            brands::set(tx, &node, stands, &now)?;
            brands::drop_logos_but(tx, &node, now.logo)?;
            let event = event(EventKind::BrandChanged, at).with("logo", now.logo.is_some());
            Ok(Done::changed((), event))
        })
        .await
}
