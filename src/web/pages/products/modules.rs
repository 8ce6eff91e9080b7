//! The modules of a product.

use super::{Head, any_head, form::amount, head, head_alone, path, rights};
use crate::{
    domain::{
        access::{
            Permit,
            right::{DefineProducts, ReadProducts},
        },
        error::{Error, Fault, FieldErrors, Result},
        product::Module,
    },
    operations::{
        App,
        products::{archive, change},
    },
    store::products,
    web::{
        form::{Difference, Form, Sent},
        input::{CENTS_MAX, Check, NAME_MAX},
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::{Value, json};

fn shown(module: &Module) -> Value {
    json!({
        "code": module.code, "name": module.name, "bit": module.bit, "included": module.included,
        "base_price_cents": module.base_price_cents,
    })
}

/// The modules of a product; on demand the archived ones.
#[get("/prodotti/<codice>/moduli")]
pub(crate) async fn moduli(app: &State<App>, permit: Permit<ReadProducts>, codice: &str) -> Answer {
    let (scope, name) = (permit.scope(), codice.to_owned());
    let (head, modules, archived) = app
        .db
        .read(move |tx| {
            let head = head(tx, scope, &name)?;
            let id = head.product.rules.id;
            let modules = products::modules(tx, &[id])?;
            Ok((head, modules, products::archived_modules(tx, id)?))
        })
        .await?;
    let modules: Vec<_> = modules.iter().map(|(_, module)| shown(module)).collect();
    let archived: Vec<_> = archived.iter().map(shown).collect();
    let shown = json!({
        "tab": "moduli", "product": head.value, "modules": modules, "archived": archived,
        "can": rights(permit.actor()),
        "form": Form::new()?,
    });
    Page::new("pages/products/modules", shown)?.reply()
}

fn read(sent: &Sent, code: Option<&str>) -> Result<change::ModuleChange> {
    let mut check = Check::default();
    let mut wrong = FieldErrors::default();
    let price = sent.hundredths(&mut wrong, "prezzo_modulo");
    let bit = match code {
        None => sent.number(&mut wrong, "bit"),
        Some(_) => None,
    };
    let code = match code {
        Some(code) => code.to_owned(),
        None => {
            let code = check.token("codice", sent.get("codice"), 40);
            check.required("codice", code)
        }
    };
    let change = change::ModuleChange {
        code,
        name: Some(check.required_line("nome_modulo", sent.get("nome_modulo"), NAME_MAX)),
        bit: check.number("bit", bit, 0..=31),
        base_price_cents: Some(
            check
                .number("prezzo_modulo", price, 0..=CENTS_MAX)
                .unwrap_or_default(),
        ),
        included: Some(sent.ticked("incluso")),
    };
    check.faults(wrong);
    check.finish()?;
    Ok(change)
}

/// Faults of the one module that a form is about, by the names of its fields.
fn own_names(wrong: FieldErrors) -> FieldErrors {
    wrong.renamed(|field| field.strip_prefix("moduli.0.").unwrap_or(field).to_owned())
}

fn page(head: &Head, form: &Form, module: Option<&str>, stale: Option<Vec<Difference>>) -> Answer {
    let status = form.status_of(stale.as_deref());
    let shown = json!({ "form": form, "product": head.value, "module": module, "stale": stale });
    Page::new("pages/products/module", shown)?.status(status).reply()
}

/// The form of a new module.
#[get("/prodotti/<codice>/moduli/nuovo")]
pub(crate) async fn nuovo(app: &State<App>, _permit: Permit<DefineProducts>, codice: &str) -> Answer {
    let head = head_alone(app, codice).await?;
    page(&head, &Form::new()?, None, None)
}

/// Adds a module.
#[post("/prodotti/<codice>/moduli/nuovo", data = "<sent>")]
pub(crate) async fn crea(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    language: Language,
    codice: &str,
    sent: Sent,
) -> Answer {
    let added = async {
        let module = read(&sent, None)?;
        let (name, code) = (codice.to_owned(), module.code.clone());
        // By its code a change would reach a module that is there already.
        let known = app
            .db
            .read(move |tx| {
                let id = products::find_any(tx, &name)?.rules.id;
                products::modules(tx, &[id])
            })
            .await?;
        if let Some((_, known)) = known.iter().find(|(_, known)| known.code == code) {
            // Sent twice, it was added the first time.
            let same = known.name == module.name.clone().unwrap_or_default()
                && Some(known.base_price_cents) == module.base_price_cents
                && Some(known.included) == module.included;
            return if same {
                Ok(())
            } else {
                Err(Error::field("codice", Fault::Taken))
            };
        }
        let changes = change::Changes {
            modules: vec![module],
            ..change::Changes::default()
        };
        change::change(app, permit, codice.to_owned(), None, changes).await
    };
    match added.await {
        Ok(()) => Goto::to(format!("{}/moduli", path(codice)))
            .saying("product-module-added")
            .reply(),
        Err(Error::Invalid(wrong)) => {
            let head = head_alone(app, codice).await?;
            let form = Form::again(&sent, &own_names(wrong), language);
            page(&head, &form, None, None)
        }
        Err(error) => Err(error.into()),
    }
}

async fn found(app: &App, codice: &str, modulo: &str) -> Result<(Head, Module)> {
    let (name, code) = (codice.to_owned(), modulo.to_owned());
    app.db
        .read(move |tx| {
            let head = any_head(tx, &name)?;
            let module = products::modules(tx, &[head.product.rules.id])?
                .into_iter()
                .map(|(_, module)| module)
                .find(|module| module.code == code)
                .ok_or(Error::NotFound)?;
            Ok((head, module))
        })
        .await
}

/// The form of a module.
#[get("/prodotti/<codice>/moduli/<modulo>", rank = 1)]
pub(crate) async fn modifica(
    app: &State<App>,
    _permit: Permit<DefineProducts>,
    language: Language,
    codice: &str,
    modulo: &str,
) -> Answer {
    let (head, module) = found(app, codice, modulo).await?;
    page(&head, &filled(&head, &module, language)?, Some(modulo), None)
}

fn filled(head: &Head, module: &Module, language: Language) -> Result<Form> {
    Ok(Form::new()?
        .revision(head.product.revision)
        .with("nome_modulo", &module.name)
        .with("prezzo_modulo", amount(module.base_price_cents, language))
        .with_some("incluso", module.included.then_some("si")))
}

/// Changes a module, of a product that still is as the form was filled from.
#[post("/prodotti/<codice>/moduli/<modulo>", rank = 1, data = "<sent>")]
pub(crate) async fn modificato(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    language: Language,
    codice: &str,
    modulo: &str,
    sent: Sent,
) -> Answer {
    let (head, module) = found(app, codice, modulo).await?;
    let changed = match (sent.revision(), read(&sent, Some(modulo))) {
        (Ok(revision), Ok(module)) => {
            let changes = change::Changes {
                modules: vec![module],
                ..change::Changes::default()
            };
            change::change(app, permit, codice.to_owned(), revision, changes).await
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match changed {
        Ok(()) => Goto::to(format!("{}/moduli", path(codice)))
            .saying("product-module-changed")
            .reply(),
        Err(Error::Invalid(wrong)) => {
            let form = Form::again(&sent, &own_names(wrong), language);
            page(&head, &form, Some(modulo), None)
        }
        Err(Error::Stale) => {
            let form = Form::again(&sent, &FieldErrors::default(), language).revision(head.product.revision);
            let stands = filled(&head, &module, language)?;
            let differing = form.differing(&stands, &["nome_modulo", "prezzo_modulo", "incluso"]);
            page(&head, &form, Some(modulo), Some(differing))
        }
        Err(error) => Err(error.into()),
    }
}

/// Archives a module.
#[post("/prodotti/<codice>/moduli/<modulo>/archivia", data = "<_sent>")]
pub(crate) async fn archivia(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    codice: &str,
    modulo: &str,
    _sent: Sent,
) -> Answer {
    archive::module(app, permit, codice.to_owned(), modulo.to_owned(), true).await?;
    Goto::to(format!("{}/moduli", path(codice)))
        .saying("product-module-archived")
        .reply()
}

/// Puts an archived module back.
#[post("/prodotti/<codice>/moduli/<modulo>/ripristina", data = "<_sent>")]
pub(crate) async fn ripristina(
    app: &State<App>,
    permit: Permit<DefineProducts>,
    codice: &str,
    modulo: &str,
    _sent: Sent,
) -> Answer {
    archive::module(app, permit, codice.to_owned(), modulo.to_owned(), false).await?;
    Goto::to(format!("{}/moduli", path(codice)))
        .saying("product-module-restored")
        .reply()
}
