//! Making a trial a licence that is sold: how it would run, then the deed.

use super::shown;
use crate::{
    domain::{
        access::{Permit, right::ConvertLicense},
        error::{Conflict, Error, FieldErrors, Result},
        ids::LicenseId,
        license::LicenseKind,
    },
    operations::{
        App,
        licenses::{
            convert::{self, Conversion},
            head,
        },
    },
    web::{
        form::{Form, Sent},
        guards::Id,
        input::Check,
        page::{Answer, Goto, Level, Page},
        reader::Language,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::json;

/// What is wrong beside the fields.
#[derive(Default)]
struct Trouble {
    payment: bool,
    quota: bool,
}

async fn question(
    app: &App,
    permit: &Permit<ConvertLicense>,
    id: LicenseId,
    form: Option<Form>,
    trouble: Trouble,
) -> Answer {
    let (scope, app_, actor) = (permit.scope(), app.clone(), permit.actor().clone());
    let vendor = actor.is_superadmin();
    let asked = app
        .db
        .read(move |tx| {
            let head = head::open(&app_, tx, scope, id, "")?;
            let names = head::names(tx, scope, &head.sheet, [], [])?;
            let offer = convert::offer(tx, scope, id, head.today)?;
            Ok((shown(&head, &names, &actor), offer, head.sheet.revision))
        })
        .await;
    let (license, offer, revision) = asked?;
    let form = match form {
        Some(form) => form,
        None => Form::new()?.revision(revision),
    };
    let status = match trouble {
        Trouble { quota: true, .. } => Status::Conflict,
        Trouble { payment: true, .. } => Status::UnprocessableEntity,
        _ => form.status(),
    };
    let kinds: Vec<_> = offer
        .kinds
        .iter()
        .map(|(kind, runs)| {
            json!({
                "kind": kind, "from": runs.starts_on, "to": runs.expires_on, "months": runs.months,
            })
        })
        .collect();
    let page = json!({
        "license": license,
        "form": form,
        "kinds": kinds,
        "price": offer.price_cents,
        "currency": offer.currency,
        "is_vendor": vendor,
        "payment": trouble.payment,
        "quota": trouble.quota,
    });
    Page::new("pages/licenses/convert", page)?.status(status).reply()
}

/// Asks into what.
#[get("/licenze/<id>/converti")]
pub(crate) async fn converti(app: &State<App>, permit: Permit<ConvertLicense>, id: Id<LicenseId>) -> Answer {
    question(app, &permit, id.get()?, None, Trouble::default()).await
}

fn read(sent: &Sent) -> Result<Conversion> {
    let mut check = Check::default();
    let kind = check.word("tipo_licenza", sent.get("tipo_licenza"), LicenseKind::from_code);
    if sent.get("tipo_licenza").is_none() {
        check.fault("tipo_licenza", crate::domain::error::Fault::Missing);
    }
    let to = Conversion {
        kind: kind.unwrap_or(LicenseKind::Trial),
        expires_on: check.day("data_scadenza", sent.get("data_scadenza")),
        maintenance_until: check.day("manutenzione_al", sent.get("manutenzione_al")),
    };
    check.finish()?;
    Ok(to)
}

/// Converts it.
#[post("/licenze/<id>/converti", data = "<sent>")]
pub(crate) async fn convertita(
    app: &State<App>,
    permit: Permit<ConvertLicense>,
    id: Id<LicenseId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, spare) = (id.get()?, Permit::ask(permit.actor())?);
    let done = match read(&sent).and_then(|to| Ok((to, sent.revision()?))) {
        Ok((to, revision)) => convert::convert(app, permit, id, revision, to).await,
        Err(error) => Err(error),
    };
    let here = format!("/licenze/{id}");
    match done {
        Ok(()) => Goto::to(here).saying("license-converted").reply(),
        // Sent twice, or somebody was quicker: the licence's page tells how it stands.
        Err(Error::Stale) => Goto::to(here)
            .flash(Level::Info, "license-changed-meanwhile", [])
            .reply(),
        Err(Error::Conflict(Conflict::QuotaExceeded)) => {
            let form = Form::again(&sent, &FieldErrors::default(), language);
            let trouble = Trouble {
                quota: true,
                ..Trouble::default()
            };
            question(app, &spare, id, Some(form), trouble).await
        }
        Err(Error::Invalid(mut wrong)) => {
            // Nothing of the form says how it is paid.
            let payment = wrong.0.remove("modalita").is_some();
            let form = Form::again(&sent, &wrong, language);
            let trouble = Trouble {
                payment,
                ..Trouble::default()
            };
            question(app, &spare, id, Some(form), trouble).await
        }
        // Converted before, or revoked.
        Err(Error::Conflict(Conflict::WrongState)) => Goto::to(here)
            .flash(Level::Info, "license-convert-no-trial", [])
            .reply(),
        Err(other) => Err(other.into()),
    }
}
