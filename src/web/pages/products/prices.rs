//! The price lists of a product: prices begin and end, and are never edited.

use super::{Head, any_head, path, rights};
use crate::{
    domain::{
        access::{
            Permit,
            right::{ReadPrices, SetPrices},
        },
        calendar,
        company::NodeKind,
        error::{Error, Fault, FieldErrors, Result},
        ids::{ModuleId, PriceId},
        license::LicenseKind,
        price::Price,
        product::Module,
    },
    operations::{
        App,
        products::price::{self, New},
    },
    store::{prices, products},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{CENTS_MAX, Check, Query},
        once,
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use chrono::NaiveDate;
use rocket::{State, get, post};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How a price stands on a day.
fn standing(price: &Price, today: NaiveDate) -> &'static str {
    if price.is_withdrawn() {
        "withdrawn"
    } else if price.holds(today) {
        "current"
    } else if price.valid_from > today {
        "future"
    } else {
        "past"
    }
}

fn shown(price: &Price, modules: &BTreeMap<ModuleId, Module>, today: NaiveDate) -> Value {
    let module = price.module_id.and_then(|id| modules.get(&id));
    json!({
        "id": price.id,
        "module": module.map(|module| &module.name),
        "kind": price.kind,
        "period_months": price.period_months,
        "level": price.level,
        "per_seat": price.per_seat,
        "amount_cents": price.amount_cents,
        "currency": price.currency,
        "valid_from": price.valid_from,
        "valid_to": price.valid_to,
        "standing": standing(price, today),
    })
}

async fn listed(app: &App, codice: &str) -> Result<(Head, Vec<Price>, BTreeMap<ModuleId, Module>)> {
    let name = codice.to_owned();
    app.db
        .read(move |tx| {
            let head = any_head(tx, &name)?;
            let id = head.product.rules.id;
            let list = prices::of_product(tx, id)?;
            let modules = products::all_modules(tx, id)?
                .into_iter()
                .map(|module| (module.id, module))
                .collect();
            Ok((head, list, modules))
        })
        .await
}

/// The prices of a product that hold or will; on demand those that did.
#[get("/prodotti/<codice>/listini")]
pub(crate) async fn listini(
    app: &State<App>,
    permit: Permit<ReadPrices>,
    codice: &str,
    query: Query,
) -> Answer {
    let past = query.get("passati").is_some();
    let today = calendar::today(app.clock.now(), app.zone);
    let (head, list, modules) = listed(app, codice).await?;
    let of = |wanted: bool| -> Vec<Value> {
        list.iter()
            .filter(|price| matches!(standing(price, today), "past" | "withdrawn") == wanted)
            .map(|price| shown(price, &modules, today))
            .collect()
    };
    let gone = of(true);
    let shown = json!({
        "tab": "listini", "product": head.value, "prices": of(false), "gone_count": gone.len(),
        "gone": if past { gone } else { Vec::new() }, "past": past,
        "can": rights(permit.actor()),
    });
    Page::new("pages/products/prices", shown)?.reply()
}

async fn page(app: &App, codice: &str, form: Form, overlap: bool) -> Answer {
    let name = codice.to_owned();
    let (head, modules) = app
        .db
        .read(move |tx| {
            let head = any_head(tx, &name)?;
            let modules = products::modules(tx, &[head.product.rules.id])?;
            Ok((head, modules))
        })
        .await?;
    let modules: Vec<_> = modules
        .iter()
        .map(|(_, module)| json!({ "value": module.code, "text": module.name }))
        .collect();
    let status = form.status();
    let shown = json!({
        "form": form, "product": head.value, "modules": modules, "overlap": overlap,
        "levels": [NodeKind::Reseller, NodeKind::SubCompany],
    });
    Page::new("pages/products/price", shown)?.status(status).reply()
}

/// The form of a new price.
#[get("/prodotti/<codice>/listini/nuovo")]
pub(crate) async fn nuovo(app: &State<App>, _permit: Permit<SetPrices>, codice: &str) -> Answer {
    let today = calendar::today(app.clock.now(), app.zone);
    let form = Form::new()?.with("valido_dal", today);
    page(app, codice, form, false).await
}

fn read(sent: &Sent) -> Result<New> {
    let mut check = Check::default();
    let mut wrong = FieldErrors::default();
    let (amount, months) = (
        sent.hundredths(&mut wrong, "importo"),
        sent.number(&mut wrong, "periodo_mesi"),
    );
    for name in ["importo", "tipo_licenza", "valido_dal"] {
        if sent.get(name).is_none() {
            check.fault(name, Fault::Missing);
        }
    }
    let new = New {
        module: check.token("modulo", sent.get("modulo"), 40),
        kind: check
            .word("tipo_licenza", sent.get("tipo_licenza"), LicenseKind::from_code)
            .unwrap_or(LicenseKind::Subscription),
        period_months: check.number("periodo_mesi", months, 1..=1200),
        level: check.word("livello", sent.get("livello"), NodeKind::from_code),
        per_seat: sent.ticked("per_posto"),
        amount_cents: check.number("importo", amount, 0..=CENTS_MAX).unwrap_or_default(),
        valid_from: check
            .day("valido_dal", sent.get("valido_dal"))
            .unwrap_or_default(),
        valid_to: check.day("valido_al", sent.get("valido_al")),
    };
    check.faults(wrong);
    check.finish()?;
    Ok(new)
}

/// Adds a price.
#[post("/prodotti/<codice>/listini/nuovo", data = "<sent>")]
pub(crate) async fn crea(
    app: &State<App>,
    permit: Permit<SetPrices>,
    language: Language,
    codice: &str,
    sent: Sent,
) -> Answer {
    let list = format!("{}/listini", path(codice));
    let remembered = once::leading(permit.actor(), &format!("{list}/nuovo"), &sent, &list);
    let added = async { price::add(app, permit, codice.to_owned(), read(&sent)?, remembered).await };
    match added.await {
        Ok(_) => Goto::to(list).saying("product-price-added").reply(),
        Err(error) => {
            let overlap = matches!(&error, Error::Invalid(wrong) if wrong.has("valido_dal", Fault::Taken));
            page(app, codice, Form::refused(&sent, error, language)?, overlap).await
        }
    }
}

async fn ending(app: &App, codice: &str, id: PriceId, form: Form) -> Answer {
    let today = calendar::today(app.clock.now(), app.zone);
    let (head, list, modules) = listed(app, codice).await?;
    let price = list.iter().find(|price| price.id == id).ok_or(Error::NotFound)?;
    let status = form.status();
    let shown = json!({ "form": form, "product": head.value, "price": shown(price, &modules, today) });
    Page::new("pages/products/price_end", shown)?
        .status(status)
        .reply()
}

/// Asks for the last day of a price.
#[get("/prodotti/<codice>/listini/<id>/termina")]
pub(crate) async fn termina(
    app: &State<App>,
    _permit: Permit<SetPrices>,
    codice: &str,
    id: Id<PriceId>,
) -> Answer {
    let today = calendar::today(app.clock.now(), app.zone);
    let form = Form::new()?.with("valido_al", today);
    ending(app, codice, id.get()?, form).await
}

/// Gives a price its last day.
#[post("/prodotti/<codice>/listini/<id>/termina", data = "<sent>")]
pub(crate) async fn terminato(
    app: &State<App>,
    permit: Permit<SetPrices>,
    language: Language,
    codice: &str,
    id: Id<PriceId>,
    sent: Sent,
) -> Answer {
    let id = id.get()?;
    let ended = async {
        let mut check = Check::default();
        let last = check.day("valido_al", sent.get("valido_al"));
        if sent.get("valido_al").is_none() {
            check.fault("valido_al", Fault::Missing);
        }
        check.finish()?;
        price::end(app, permit, codice.to_owned(), id, last.unwrap_or_default()).await
    };
    match ended.await {
        Ok(()) => Goto::to(format!("{}/listini", path(codice)))
            .saying("product-price-ended")
            .reply(),
        Err(error) => ending(app, codice, id, Form::refused(&sent, error, language)?).await,
    }
}
