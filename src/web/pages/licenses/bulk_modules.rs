//! Modules switched in many licences of one product: what the form asks, and what it shows to choose from.

use crate::{
    domain::{error::Result, ids::ProductId},
    operations::{
        App,
        licenses::{bulk::Preview, modules::OfProduct, switching::Switching},
    },
    store::products,
    web::{
        form::{Form, Sent},
        input::Check,
    },
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What the form asks.
pub(super) fn read(sent: &Sent) -> Result<Switching> {
    let mut check = Check::default();
    let codes = |name: &str| -> BTreeSet<String> { sent.all(name).map(str::to_owned).collect() };
    let product = check.verbatim("prodotto", sent.get("prodotto"), 40);
    let switching = Switching {
        product: check.required("prodotto", product),
        on: codes("attiva"),
        off: codes("disattiva"),
        until: check.day("valido_al", sent.get("valido_al")),
    };
    check.finish()?;
    Ok(switching)
}

/// The products among the chosen, and the modules of the one that the form is about: the one that was named, else the
/// one that most of them are of.
pub(super) async fn choices(app: &App, preview: &Preview, form: &Form) -> Result<Value> {
    let ids: Vec<ProductId> = preview.products.keys().copied().collect();
    let most = preview.products.iter().max_by_key(|(_, n)| **n);
    let most = most.map(|(id, _)| *id);
    let named = form.value("prodotto").map(str::to_owned);
    let counts = preview.products.clone();
    let chosen = |name: &str| form.all(name).map(str::to_owned).collect::<BTreeSet<String>>();
    let (on, off) = (chosen("attiva"), chosen("disattiva"));
    app.db
        .read(move |tx| {
            let of = products::by_ids(tx, &ids)?;
            let one = of
                .iter()
                .find(|product| Some(&product.rules.code) == named.as_ref())
                .or_else(|| of.iter().find(|product| Some(product.rules.id) == most));
            let modules = match one {
                Some(product) => OfProduct::read(tx, product.rules.id)?,
                None => return Ok(Value::Null),
            };
            let rows: Vec<Value> = modules
                .all
                .iter()
                .map(|module| {
                    json!({
                        "code": module.code, "name": module.name, "price": module.base_price_cents,
                        "included": module.included,
                        "archived": modules.archived.contains(&module.id), "on": on.contains(&module.code),
                        "off": off.contains(&module.code),
                    })
                })
                .collect();
            let options: Vec<Value> = of
                .iter()
                .map(|product| {
                    let n = counts.get(&product.rules.id).copied().unwrap_or_default();
                    json!({ "value": product.rules.code, "text": product.rules.name, "n": n })
                })
                .collect();
            Ok(json!({
                "product": one.map(|product| &product.rules.code),
                "products": options,
                "modules": rows,
            }))
        })
        .await
}
