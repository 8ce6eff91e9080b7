//! Templates of the form that creates licences: kept from it, chosen at its top, renamed and taken away.

use super::{
    new::{Seen, show},
    order::read,
};
use crate::{
    domain::{
        access::{Permit, right::IssueLicenses},
        error::{Error, Fault, FieldErrors, Result},
        ids::TemplateId,
        view::{LicenseTemplate, Whose},
    },
    operations::{
        App,
        licenses::templates::{self, Kept},
        views,
    },
    store::{license_templates, products},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::Check,
        once,
        page::{Answer, Goto, Page},
        reader::Reader,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};

/// Characters of a template's name at most.
const NAME_MAX: usize = 60;
/// Characters of what a template holds at most.
const FIELDS_MAX: usize = 4000;
/// Characters of an address at most that carries on what a template does not hold.
const REST_MAX: usize = 1500;
const NEW: &str = "/licenze/modelli/nuovo";

/// The fields that a template holds: what is sold and how, neither to whom nor by whom.
const FIELDS: [&str; 13] = [
    "prodotto",
    "tipo_licenza",
    "moduli",
    "quantita",
    "etichetta",
    "vincolo",
    "numero_dispositivi",
    "numero_utenti",
    "posti_flottanti",
    "decorrenza",
    "durata_giorni",
    "data_scadenza",
    "manutenzione_al",
];
/// Those that are the vendor's alone.
const PRICES: [&str; 2] = ["prezzo_centesimi", "sconto_punti_base"];
/// What the form asks beside.
const REST: [&str; 4] = ["cliente", "azienda", "agente", "dispositivi_ammessi"];

/// Some of a form's fields as an address has them.
fn written(sent: &Sent, names: impl IntoIterator<Item = &'static str>) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for name in names {
        let values = sent.all(name).filter(|value| !value.trim().is_empty());
        pairs.extend_pairs(values.map(|value| (name, value)));
    }
    pairs.finish()
}

/// The names of the fields that a template holds for whoever uses it.
fn names(is_vendor: bool) -> impl Iterator<Item = &'static str> {
    FIELDS
        .into_iter()
        .chain(PRICES.into_iter().filter(move |_| is_vendor))
}

/// Fields as an address has them, as if they had been sent: those that a template may hold, and no others.
pub(super) fn filled(fields: &str, is_vendor: bool) -> Vec<(String, String)> {
    let all = form_urlencoded::parse(fields.as_bytes()).into_owned();
    all.filter(|(name, _)| names(is_vendor).any(|known| known == name))
        .collect()
}

fn seen_by(read: &mut Check, sent: &Sent) -> Kept {
    Kept {
        name: read.required_line("nome_modello", sent.get("nome_modello"), NAME_MAX),
        shared: sent.ticked("condiviso"),
    }
}

fn naming(form: &Form, fields: &str, rest: &str) -> Answer {
    let shown = json!({ "form": form, "fields": fields, "rest": rest, "new": NEW });
    Page::new("pages/batches/template_new", shown)?
        .status(form.status())
        .reply()
}

/// Where a template leads: to the form that it fills.
fn address(id: TemplateId, rest: &str) -> String {
    match rest {
        "" => format!("/licenze/nuova?modello={id}"),
        rest => format!("/licenze/nuova?modello={id}&{rest}"),
    }
}

/// Keeps what the form of licences holds: asks under which name, and then does.
#[post("/licenze/modelli/nuovo", data = "<sent>")]
pub(crate) async fn nuovo(
    app: &State<App>,
    permit: Permit<IssueLicenses>,
    reader: Reader,
    sent: Sent,
) -> Answer {
    let is_vendor = permit.actor().is_superadmin();
    if sent.all("nome_modello").next().is_none() {
        // It comes from the form of licences.
        let fields = written(&sent, names(is_vendor));
        let wrong = match read(&sent).1 {
            Err(Error::Invalid(wrong)) => wrong,
            _ if fields.len() > FIELDS_MAX => {
                let mut wrong = FieldErrors::default();
                wrong.add("moduli", Fault::TooLong);
                wrong
            }
            _ => return naming(&Form::new()?, &fields, &written(&sent, REST)),
        };
        let seen = Seen::again(&wrong, Status::UnprocessableEntity);
        return show(app, permit.actor(), reader.language, &sent, seen).await;
    }
    let held: Sent = filled(sent.get("campi").unwrap_or_default(), is_vendor)
        .into_iter()
        .collect();
    let rest: Sent = form_urlencoded::parse(sent.get("resto").unwrap_or_default().as_bytes())
        .into_owned()
        .collect();
    let (fields, rest) = (written(&held, names(is_vendor)), written(&rest, REST));
    let mut check = Check::default();
    let kept = seen_by(&mut check, &sent);
    if fields.len() > FIELDS_MAX || read(&held).1.is_err() {
        check.fault("nome_modello", Fault::Invalid);
    }
    let on = match rest.len() {
        0..=REST_MAX => rest.clone(),
        _ => String::new(),
    };
    let to = move |id: &TemplateId| address(*id, &on);
    let remembered = once::under(permit.actor(), NEW, &sent, to.clone());
    let done = match check.finish() {
        Ok(()) => templates::save(app, permit, kept, fields.clone(), remembered).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(made) => Goto::to(once::path(made, to)).saying("template-saved").reply(),
        Err(error) => {
            let many =
                matches!(&error, Error::Invalid(wrong) if wrong.has("nome_modello", Fault::OutOfRange));
            let mut form = Form::refused(&sent, error, reader.language)?;
            if many {
                form = form.explained("nome_modello", reader.text("template-too-many"));
            }
            naming(&form, &fields, &rest)
        }
    }
}

/// What a template holds in one field.
fn held(template: &LicenseTemplate, name: &str) -> Option<String> {
    let mut all = form_urlencoded::parse(template.fields.as_bytes());
    all.find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// All templates that somebody sees.
#[get("/licenze/modelli")]
pub(crate) async fn modelli(app: &State<App>, permit: Permit<IssueLicenses>) -> Answer {
    let (whose, scope) = (views::whose(permit.actor())?, permit.scope());
    let (rows, sold) = app
        .db
        .read(move |tx| Ok((license_templates::list(tx, whose)?, products::brief(tx, scope)?)))
        .await?;
    let mut shown: Vec<Value> = rows
        .iter()
        .map(|template| {
            let code = held(template, "prodotto");
            let product = sold.iter().find(|product| Some(&product.code) == code.as_ref());
            json!({
                "id": template.id, "name": template.name, "href": address(template.id, ""),
                "shared": template.shared_with.is_some(), "mine": template.maker == whose.user,
                "product": product.map(|product| &product.name), "kind": held(template, "tipo_licenza"),
            })
        })
        .collect();
    shown.sort_by_cached_key(|row| row["name"].as_str().map(crate::domain::text::searchable));
    Page::new("pages/batches/templates", json!({ "rows": shown }))?.reply()
}

async fn found(app: &App, whose: Whose, id: TemplateId) -> Result<(LicenseTemplate, bool)> {
    app.db
        .read(move |tx| {
            let template = license_templates::get(tx, whose, id)?;
            let own = templates::is_own(tx, whose, &template)?;
            Ok((template.into_inner(), own))
        })
        .await
}

fn edit_page((template, own): &(LicenseTemplate, bool), form: &Form) -> Answer {
    let shown = json!({
        "form": form, "id": template.id, "name": template.name, "href": address(template.id, ""), "own": own,
        "shared": template.shared_with.is_some(),
    });
    Page::new("pages/batches/template", shown)?
        .status(form.status())
        .reply()
}

/// The form that renames a template.
#[get("/licenze/modelli/<id>/modifica")]
pub(crate) async fn modifica(app: &State<App>, permit: Permit<IssueLicenses>, id: Id<TemplateId>) -> Answer {
    let template = found(app, views::whose(permit.actor())?, id.get()?).await?;
    let form = Form::new()?
        .with("nome_modello", &template.0.name)
        .with_some("condiviso", template.0.shared_with.map(|_| "si"));
    edit_page(&template, &form)
}

/// Renames it, and shares it or not.
#[post("/licenze/modelli/<id>/modifica", data = "<sent>")]
pub(crate) async fn modificato(
    app: &State<App>,
    permit: Permit<IssueLicenses>,
    reader: Reader,
    id: Id<TemplateId>,
    sent: Sent,
) -> Answer {
    let (id, whose) = (id.get()?, views::whose(permit.actor())?);
    let template = found(app, whose, id).await?;
    let mut check = Check::default();
    let kept = seen_by(&mut check, &sent);
    let done = match check.finish() {
        Ok(()) => templates::change(app, permit, id, kept).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Goto::to("/licenze/modelli").saying("template-changed").reply(),
        Err(error) => edit_page(&template, &Form::refused(&sent, error, reader.language)?),
    }
}

/// Takes it away.
#[post("/licenze/modelli/<id>/elimina", data = "<_sent>")]
pub(crate) async fn elimina(
    app: &State<App>,
    permit: Permit<IssueLicenses>,
    id: Id<TemplateId>,
    _sent: Sent,
) -> Answer {
    templates::delete(app, permit, id.get()?).await?;
    Goto::to("/licenze/modelli").saying("template-deleted").reply()
}
