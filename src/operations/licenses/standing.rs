//! How a licence stands on a device, for a person who asks: nothing is changed, and the device was not heard of.

use super::grant::ClientView;
use crate::{
    domain::{
        actor::Actor,
        calendar,
        error::{Error, Refusal, Result},
        license::{
            admission::{Ask, Case},
            key::ActivationKey,
        },
        product,
    },
    operations::App,
    store::activations::{self, By},
};

/// A licence on a device that holds a place in it.
#[derive(Debug)]
pub struct Stands {
    /// The licence.
    pub view: ClientView,
    /// Why it does not work, where it does not.
    pub refusal: Option<Refusal>,
}

/// How a licence stands on a device; none where the device holds no place in it, or nobody has the key: which of these
/// it is, is not told, since whoever found a key must learn nothing from it.
///
/// # Errors
/// [`Error::TooMany`], [`Error::Invalid`] for a key that was mistyped.
pub async fn on_device(app: &App, actor: &Actor, typed: &str, device: &str) -> Result<Option<Stands>> {
    let address = actor.origin().address;
    let Ok(key) = ActivationKey::parse(typed) else {
        app.limits.mistyped(address)?;
        return Err(Error::field(
            "chiave_licenza",
            crate::domain::error::Fault::Invalid,
        ));
    };
    let hash = app.vault.lookup(key.canonical());
    app.limits.device(&hash, device)?;
    let (app_, device, now) = (app.clone(), device.to_owned(), app.clock.now());
    let stands = app
        .db
        .lookup(move |tx| {
            let Some(found) = activations::find_unscoped(tx, By::Key(hash), &device)? else {
                return Ok(None);
            };
            if found.place.is_none() {
                return Ok(None);
            }
            let license = &found.license;
            let product = app_.catalogue.of(tx, &found)?;
            let case = Case {
                license,
                rules: &product.rules,
                customer: found.standing.as_ref(),
                now,
                zone: app_.zone,
            };
            let refusal = case.works(&Ask::default()).err();
            let modules = product::active(&product.modules, &found.modules);
            let today = calendar::today(now, app_.zone);
            let view = ClientView::new(
                (**license).clone(),
                product.rules.clone(),
                found.standing,
                modules,
                &found.properties,
                today,
            );
            Ok(Some(Stands { view, refusal }))
        })
        .await?;
    if stands.is_none() {
        app.limits.unknown_key(address)?;
    }
    Ok(stands)
}
