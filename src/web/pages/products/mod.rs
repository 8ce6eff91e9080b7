//! Products: the list, and a page for each thing that belongs to one.

pub(in crate::web::pages) mod form;
mod keys;
mod list;
mod modules;
mod prices;
mod sheet;
mod versions;

use crate::{
    domain::{
        access::{Action, may},
        actor::Actor,
        error::Result,
        product::Product,
        scope::Scope,
    },
    operations::App,
    store::{ReadTx, products},
};
use chrono::NaiveDateTime;
use rocket::{Route, routes};
use serde_json::{Value, json};

/// The routes of this feature.
pub(super) fn routes() -> Vec<Route> {
    routes![
        list::prodotti,
        form::nuovo,
        form::crea,
        form::modifica,
        form::modificato,
        sheet::panoramica,
        sheet::archivia,
        sheet::archiviato,
        sheet::ripristina,
        modules::moduli,
        modules::nuovo,
        modules::crea,
        modules::modifica,
        modules::modificato,
        modules::archivia,
        modules::ripristina,
        versions::versioni,
        versions::nuova,
        versions::pubblica,
        versions::avvisa,
        versions::avvisati,
        prices::listini,
        prices::nuovo,
        prices::crea,
        prices::termina,
        prices::terminato,
        keys::chiavi,
        keys::ruota,
        keys::ruotata,
        keys::revoca,
        keys::revocata,
    ]
}

/// A product's own address.
fn path(code: &str) -> String {
    format!("/prodotti/{code}")
}

/// A product as its pages show it.
fn shown(product: &Product, archived_at: Option<NaiveDateTime>) -> Value {
    let rules = &product.rules;
    let properties = if rules.properties.is_empty() {
        String::new()
    } else {
        serde_json::to_string_pretty(&rules.properties).unwrap_or_default()
    };
    json!({
        "id": rules.id,
        "code": rules.code,
        "name": rules.name,
        "version": rules.version,
        "description": product.description,
        "kinds": product.license_kinds,
        "base_price_cents": product.base_price_cents,
        "currency": product.currency,
        "trial_days": product.trial_days,
        "period_months": product.period_months,
        "start_rule": product.start_rule,
        "offline_days": rules.offline_days,
        "offline_unlimited": rules.offline_unlimited,
        "grace_days": rules.grace_days,
        "pending_days": rules.pending_days,
        "release_max": rules.release_max,
        "release_days": rules.release_days,
        "properties": properties,
        "created_at": product.created_at,
        "archived_at": archived_at,
    })
}

/// What every tab of a product shows above itself.
struct Head {
    product: Product,
    value: Value,
}

fn head(tx: &mut ReadTx<'_>, scope: Scope, name: &str) -> Result<Head> {
    let product = products::find(tx, scope, name)?;
    with(tx, product)
}

/// The same for who defines products, and so sees them all.
fn any_head(tx: &mut ReadTx<'_>, name: &str) -> Result<Head> {
    let product = products::find_any(tx, name)?;
    with(tx, product)
}

fn with(tx: &mut ReadTx<'_>, product: Product) -> Result<Head> {
    let archived_at = products::archived_at(tx, product.rules.id)?;
    Ok(Head {
        value: shown(&product, archived_at),
        product,
    })
}

/// The same, where nothing else is read.
async fn head_alone(app: &App, name: &str) -> Result<Head> {
    let name = name.to_owned();
    app.db.read(move |tx| any_head(tx, &name)).await
}

/// What the reader may do to products.
fn rights(actor: &Actor) -> Value {
    json!({
        "define": may(actor, Action::DefineProducts),
        "prices": may(actor, Action::ReadPrices),
        "set_prices": may(actor, Action::SetPrices),
        "keys": may(actor, Action::ReadSigningKeys),
        "manage_keys": may(actor, Action::ManageSigningKeys),
    })
}
