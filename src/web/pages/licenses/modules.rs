//! The modules of a licence, each with its own last day where it has one, and its own values for the software.

use super::shown;
use crate::{
    domain::{
        access::{
            Permit,
            right::{ChangeModules, ReadLicenses},
        },
        actor::Actor,
        error::{Conflict, Error, FieldErrors, Result},
        ids::LicenseId,
        scope::Scope,
    },
    operations::{
        App,
        licenses::{
            head::{self, Head},
            modules::{self, OfProduct, Wanted},
        },
    },
    store::licenses,
    web::{
        form::{Difference, Form, Sent, fresh_token},
        guards::Id,
        input::Check,
        page::{Answer, Goto, Level, Page},
        pages::products::form::properties,
        reader::Reader,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The field of a module's own last day.
fn day_field(code: &str) -> String {
    format!("fino_{code}")
}

/// A licence with its modules, as its page needs it.
struct Found {
    head: Head,
    page: Value,
    product: OfProduct,
    own: Map<String, Value>,
}

async fn find(app: &App, actor: &Actor, scope: Scope, id: LicenseId) -> Result<Found> {
    let (app_, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let head = head::open(&app_, tx, scope, id, "")?;
            let names = head::names(tx, scope, &head.sheet, [], [])?;
            let product = OfProduct::read(tx, head.sheet.product_id)?;
            let terms = licenses::terms(tx, &[id])?.remove(&id).unwrap_or_default();
            Ok(Found {
                page: shown(&head, &names, &actor),
                product,
                own: terms.properties,
                head,
            })
        })
        .await
}

/// The form as what stands fills it.
fn filled(found: &Found) -> Result<Sent> {
    let mut pairs = vec![
        ("gettone".to_owned(), fresh_token()?),
        ("revisione".to_owned(), found.head.sheet.revision.to_string()),
    ];
    for module in &found.product.all {
        let had = found.head.found.modules.iter().find(|(id, _)| *id == module.id);
        let Some((_, until)) = had else { continue };
        pairs.push(("moduli".to_owned(), module.code.clone()));
        pairs.extend(until.map(|day| (day_field(&module.code), day.to_string())));
    }
    if !found.own.is_empty() {
        let text = serde_json::to_string_pretty(&found.own).map_err(Error::internal)?;
        pairs.push(("proprieta".to_owned(), text));
    }
    Ok(pairs.into_iter().collect())
}

/// The form in three fields, to hold what somebody wanted against what stands.
fn compared(found: &Found, sent: &Sent) -> Result<Form> {
    let chosen: BTreeSet<&str> = sent.all("moduli").collect();
    let of_form = |module: &&crate::domain::product::Module| {
        let is_had = found.head.found.modules.iter().any(|(id, _)| *id == module.id);
        chosen.contains(module.code.as_str()) || (module.included && is_had)
    };
    let mut form = Form::new()?;
    for module in found.product.all.iter().filter(of_form) {
        form = form.with("moduli", &module.name);
        if let Some(day) = sent.get(&day_field(&module.code)) {
            form = form.with("moduli_scadenze", format!("{} {day}", module.name));
        }
    }
    let text = sent.get("proprieta").unwrap_or_default();
    let values =
        serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |json| json.to_string());
    Ok(form.with("proprieta", values))
}

/// What is wrong beside the fields.
#[derive(Default)]
struct Trouble {
    payment: bool,
    stale: Option<Vec<Difference>>,
}

fn page(
    found: &Found,
    actor: &Actor,
    sent: &Sent,
    wrong: FieldErrors,
    trouble: Trouble,
    reader: &Reader,
) -> Answer {
    let at_day = |code: &str| {
        let faults = wrong.0.get(&format!("moduli_scadenze.{code}"))?;
        let words = faults
            .iter()
            .map(|fault| reader.text(&format!("campo-{}", fault.code())));
        Some(words.collect::<Vec<_>>().join(" "))
    };
    let chosen: BTreeSet<&str> = sent.all("moduli").collect();
    let (head, today) = (&found.head, found.head.today);
    let rows: Vec<Value> = found
        .product
        .all
        .iter()
        .filter_map(|module| {
            let had = head.found.modules.iter().find(|(id, _)| *id == module.id);
            let archived = found.product.archived.contains(&module.id);
            let code = module.code.as_str();
            let day = sent.verbatim(&day_field(code));
            // What nobody gets any more is shown to who has it, and to who asked for it.
            if archived && had.is_none() && day.is_none() && !chosen.contains(code) {
                return None;
            }
            let until = had.and_then(|(_, day)| *day);
            Some(json!({
                "code": code, "name": module.name, "price": module.base_price_cents, "included": module.included,
                "archived": archived, "had": had.is_some(), "locked": module.included && had.is_some(),
                "on": chosen.contains(code), "day": day, "error": at_day(code),
                "field": day_field(code), "until": until.or(head.sheet.expires_on), "own_end": until.is_some(),
                "over": until.is_some_and(|last| last < today), "bit": module.bit,
            }))
        })
        .collect();
    let on = head.found.modules.len();
    let of_licenses: BTreeSet<&String> = found.own.keys().collect();
    let own = &found.own;
    let values: Vec<Value> = head
        .product
        .rules
        .properties_with(own)
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value, "own": of_licenses.contains(name) }))
        .collect();
    let wrong = wrong.renamed(|field| match field.split_once('.') {
        Some((field, _)) => field.to_owned(),
        None => field.to_owned(),
    });
    let form = Form::again(sent, &wrong, reader.language).revision(head.sheet.revision);
    let status = match &trouble {
        Trouble { stale: Some(_), .. } => Status::Conflict,
        Trouble { payment: true, .. } => Status::UnprocessableEntity,
        _ => form.status(),
    };
    let may = found.page.pointer("/may/modules") == Some(&Value::Bool(true));
    let shown = json!({
        "tab": "moduli",
        "license": found.page,
        "form": form,
        "rows": rows,
        "on": on,
        "may": may,
        "is_vendor": actor.is_superadmin(),
        "values": values,
        "payment": trouble.payment,
        "stale": trouble.stale,
    });
    Page::new("pages/licenses/modules", shown)?.status(status).reply()
}

/// The modules, with the form that switches them.
#[get("/licenze/<id>/moduli")]
pub(crate) async fn moduli(
    app: &State<App>,
    permit: Permit<ReadLicenses>,
    reader: Reader,
    id: Id<LicenseId>,
) -> Answer {
    let actor = permit.actor();
    let found = find(app, actor, permit.scope(), id.get()?).await?;
    let sent = filled(&found)?;
    page(
        &found,
        actor,
        &sent,
        FieldErrors::default(),
        Trouble::default(),
        &reader,
    )
}

/// What the form wants.
fn read(sent: &Sent, vendor: bool) -> Result<(Wanted, Option<Map<String, Value>>)> {
    let mut check = Check::default();
    let chosen: BTreeSet<String> = sent.all("moduli").map(str::to_owned).collect();
    let until: BTreeMap<String, _> = chosen
        .iter()
        .map(|code| {
            let day = check.day(&format!("moduli_scadenze.{code}"), sent.get(&day_field(code)));
            (code.clone(), day)
        })
        .collect();
    let own = vendor.then(|| properties(&mut check, sent.get("proprieta")));
    check.finish()?;
    let wanted = Wanted {
        exactly: Some(chosen),
        until,
        ..Wanted::default()
    };
    Ok((wanted, own))
}

/// Switches them.
#[post("/licenze/<id>/moduli", data = "<sent>")]
pub(crate) async fn cambiati(
    app: &State<App>,
    permit: Permit<ChangeModules>,
    reader: Reader,
    id: Id<LicenseId>,
    sent: Sent,
) -> Answer {
    let (id, scope, actor) = (id.get()?, permit.scope(), permit.actor().clone());
    let done = match read(&sent, actor.is_superadmin()).and_then(|asked| Ok((asked, sent.revision()?))) {
        Ok(((wanted, own), revision)) => modules::switch(app, permit, id, revision, wanted, own).await,
        Err(error) => Err(error),
    };
    let (wrong, mut trouble) = match done {
        Ok(true) => {
            return Goto::to(format!("/licenze/{id}/moduli"))
                .saying("license-modules-changed")
                .reply();
        }
        Ok(false) => {
            return Goto::to(format!("/licenze/{id}/moduli"))
                .flash(Level::Info, "license-nothing-changed", [])
                .reply();
        }
        Err(Error::Invalid(mut wrong)) => {
            // Nothing of the form says how it is paid.
            let payment = wrong.0.remove("modalita").is_some();
            (
                wrong,
                Trouble {
                    payment,
                    ..Trouble::default()
                },
            )
        }
        Err(Error::Stale) => {
            let stale = Some(Vec::new());
            (
                FieldErrors::default(),
                Trouble {
                    stale,
                    ..Trouble::default()
                },
            )
        }
        Err(other) => return Err(other.into()),
    };
    let found = find(app, &actor, scope, id).await?;
    // Nothing is switched any more in what was revoked.
    if found.head.sheet.revoked_at.is_some() {
        return Err(Error::Conflict(Conflict::WrongState).into());
    }
    if trouble.stale.is_some() {
        let now = compared(&found, &filled(&found)?)?;
        let fields: &[&'static str] = match actor.is_superadmin() {
            true => &["moduli", "moduli_scadenze", "proprieta"],
            false => &["moduli", "moduli_scadenze"],
        };
        trouble.stale = Some(compared(&found, &sent)?.differing(&now, fields));
    }
    page(&found, &actor, &sent, wrong, trouble, &reader)
}
