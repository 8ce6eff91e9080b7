//! Changing a licence's terms; and where somebody was quicker, both versions side by side.

use super::shown;
use crate::{
    domain::{
        access::{Permit, right::EditLicense},
        error::{Conflict, Error, Fault, FieldErrors, Result},
        ids::LicenseId,
        license::{Binding, LicenseKind, Sheet},
    },
    operations::{
        App,
        licenses::{
            change::{self, Changes},
            head,
        },
    },
    store::licenses::{self, Terms},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{CENTS_MAX, COUNT_MAX, Check, DAYS_MAX, NAME_MAX},
        messages,
        page::{Answer, Goto, Level, Page},
        reader::Language,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};

/// What of a licence the form shows, as people write it.
fn fields(sheet: &Sheet, terms: &Terms, all: bool) -> Vec<(&'static str, Option<String>)> {
    let number = |n: Option<i32>| n.map(|n| n.to_string());
    let hundredths = |n: i64| format!("{},{:02}", n / 100, n % 100);
    let mut fields = vec![("etichetta", sheet.label.clone())];
    if all {
        if sheet.kind != LicenseKind::Permanent {
            fields.push(("data_scadenza", sheet.expires_on.map(|day| day.to_string())));
        }
        fields.push((
            "manutenzione_al",
            sheet.maintenance_until.map(|day| day.to_string()),
        ));
        if matches!(sheet.binding, Binding::Device | Binding::User) {
            fields.push(("numero_dispositivi", number(sheet.max_devices)));
        }
        if sheet.binding == Binding::User {
            fields.push(("numero_utenti", number(sheet.max_users)));
        }
        if sheet.binding == Binding::Floating {
            fields.push(("posti_flottanti", number(sheet.max_seats)));
        }
        fields.push(("giorni_offline", number(sheet.offline_days)));
        fields.push(("prezzo", terms.price_cents.map(hundredths)));
        fields.push(("sconto", terms.discount_bp.map(|bp| hundredths(i64::from(bp)))));
    }
    if sheet.kind == LicenseKind::Subscription {
        fields.push(("rinnovo_automatico", terms.auto_renew.then(|| "si".to_owned())));
    }
    fields
}

/// What was sent, where it differs from what stands: the rest is not changed, and wants no right to be.
fn changes(sheet: &Sheet, terms: &Terms, sent: &Sent, all: bool) -> Result<Changes> {
    let mut check = Check::default();
    let mut wrong = FieldErrors::default();
    let asked: Vec<&str> = fields(sheet, terms, all)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let is_asked = |name: &str| asked.contains(&name);
    let mut number = |name: &str, stands: Option<i32>, bounds| {
        let sent = sent.number(&mut wrong, name);
        let n = check.number(name, sent, bounds);
        (is_asked(name) && n != stands).then_some(n)
    };
    let max_devices = number("numero_dispositivi", sheet.max_devices, 1..=COUNT_MAX);
    let max_users = number("numero_utenti", sheet.max_users, 1..=COUNT_MAX);
    let max_seats = number("posti_flottanti", sheet.max_seats, 1..=COUNT_MAX);
    let offline_days = number("giorni_offline", sheet.offline_days, 0..=DAYS_MAX);
    let price = sent.hundredths(&mut wrong, "prezzo");
    let price: Option<i64> = check.number("prezzo", price, 0..=CENTS_MAX);
    let discount = sent.hundredths(&mut wrong, "sconto");
    let discount: Option<i32> = check.number("sconto", discount, 0..=10_000);
    let expires_on = check.day("data_scadenza", sent.get("data_scadenza"));
    let maintenance_until = check.day("manutenzione_al", sent.get("manutenzione_al"));
    let label = check.line("etichetta", sent.get("etichetta"), NAME_MAX);
    let auto_renew = sent.ticked("rinnovo_automatico");
    wrong.into_result()?;
    check.finish()?;
    Ok(Changes {
        label: (label != sheet.label).then_some(label),
        expires_on: (is_asked("data_scadenza") && expires_on != sheet.expires_on).then_some(expires_on),
        maintenance_until: (is_asked("manutenzione_al") && maintenance_until != sheet.maintenance_until)
            .then_some(maintenance_until),
        max_devices,
        max_users,
        max_seats,
        offline_days,
        price_cents: (is_asked("prezzo") && price != terms.price_cents).then_some(price),
        discount_bp: (is_asked("sconto") && discount != terms.discount_bp).then_some(discount),
        auto_renew: (is_asked("rinnovo_automatico") && auto_renew != terms.auto_renew).then_some(auto_renew),
        // A page of their own has these.
        properties: None,
        modules: None,
    })
}

fn is_nothing(changes: &Changes) -> bool {
    let Changes {
        label: None,
        expires_on: None,
        maintenance_until: None,
        max_devices: None,
        max_users: None,
        max_seats: None,
        offline_days: None,
        price_cents: None,
        discount_bp: None,
        auto_renew: None,
        properties: None,
        modules: None,
    } = changes
    else {
        return false;
    };
    true
}

/// The licence as the form's page shows it, with the licence itself.
async fn load(app: &App, permit: &Permit<EditLicense>, id: LicenseId) -> Result<(Value, Sheet, Terms)> {
    let (scope, app_, actor) = (permit.scope(), app.clone(), permit.actor().clone());
    app.db
        .read(move |tx| {
            let head = head::open(&app_, tx, scope, id, "")?;
            let terms = licenses::terms(tx, &[id])?.remove(&id).unwrap_or_default();
            let names = head::names(tx, scope, &head.sheet, [], [])?;
            let page = json!({ "license": shown(&head, &names, &actor) });
            Ok((page, head.sheet.into_inner(), terms))
        })
        .await
}

fn page(mut shown: Value, sheet: &Sheet, terms: &Terms, form: &Form, all: bool) -> Result<Page> {
    let asked: Vec<&str> = fields(sheet, terms, all)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("fields".into(), json!(asked));
        shown.insert(
            "form".into(),
            serde_json::to_value(form).map_err(Error::internal)?,
        );
        shown.insert("all".into(), json!(all));
    }
    Page::new("pages/licenses/edit", shown)
}

/// The form.
#[get("/licenze/<id>/modifica")]
pub(crate) async fn modifica(app: &State<App>, permit: Permit<EditLicense>, id: Id<LicenseId>) -> Answer {
    let all = permit.actor().is_superadmin();
    let (shown, sheet, terms) = load(app, &permit, id.get()?).await?;
    let mut form = Form::new()?.revision(sheet.revision);
    for (name, value) in fields(&sheet, &terms, all) {
        form = form.with_some(name, value);
    }
    page(shown, &sheet, &terms, &form, all)?.reply()
}

/// Changes it.
#[post("/licenze/<id>/modifica", data = "<sent>")]
pub(crate) async fn modificata(
    app: &State<App>,
    permit: Permit<EditLicense>,
    id: Id<LicenseId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let id = id.get()?;
    let all = permit.actor().is_superadmin();
    let spare = Permit::<EditLicense>::ask(permit.actor())?;
    let (mut shown, sheet, terms) = load(app, &permit, id).await?;
    let done = match changes(&sheet, &terms, &sent, all) {
        Err(error) => Err(error),
        Ok(changes) => {
            let read = sent.revision()?.unwrap_or(sheet.revision);
            if read != sheet.revision {
                Err(Error::Stale)
            } else if is_nothing(&changes) {
                return Goto::to(format!("/licenze/{id}"))
                    .flash(Level::Info, "license-nothing-changed", [])
                    .reply();
            } else {
                change::change(app, permit, id, read, changes).await
            }
        }
    };
    match done {
        Ok(()) => Goto::to(format!("/licenze/{id}"))
            .saying("license-changed")
            .reply(),
        Err(Error::Invalid(wrong)) => {
            let form = Form::again(&sent, &renamed(wrong), language);
            page(shown, &sheet, &terms, &form, all)?
                .status(Status::UnprocessableEntity)
                .reply()
        }
        Err(Error::Conflict(conflict)) => {
            let mut wrong = FieldErrors::default();
            if conflict == Conflict::SeatsInUse {
                for field in below_use(&sheet, &sent) {
                    wrong.add(field, Fault::OutOfRange);
                }
            }
            let known: Vec<String> = wrong.0.keys().cloned().collect();
            if known.is_empty()
                && let Some(shown) = shown.as_object_mut()
            {
                shown.insert("conflict".into(), json!(conflict));
            }
            let mut form = Form::again(&sent, &wrong, language);
            for field in known {
                form = form.explained(&field, messages::text(language, "POSTI_IN_USO-detail"));
            }
            page(shown, &sheet, &terms, &form, all)?
                .status(Status::Conflict)
                .reply()
        }
        Err(Error::Stale) => {
            // What stands may have changed once more since it was read above.
            let (shown, sheet, terms) = load(app, &spare, id).await?;
            stale(shown, &sheet, &terms, &sent, all, language)?.reply()
        }
        Err(other) => Err(other.into()),
    }
}

/// The limits that were sent and are below what is in use.
fn below_use(sheet: &Sheet, sent: &Sent) -> Vec<&'static str> {
    let mut unread = FieldErrors::default();
    [
        ("numero_dispositivi", sheet.devices_used),
        ("numero_utenti", sheet.users_used),
        ("posti_flottanti", sheet.seats_used),
    ]
    .into_iter()
    .filter(|(field, used)| {
        let limit = sent.number(&mut unread, field);
        limit.is_some_and(|limit| limit < i64::from(*used))
    })
    .map(|(field, _)| field)
    .collect()
}

/// The operation's names of fields, as the form has them.
fn renamed(wrong: FieldErrors) -> FieldErrors {
    wrong.renamed(|field| match field {
        "prezzo_centesimi" => "prezzo".to_owned(),
        "sconto_punti_base" => "sconto".to_owned(),
        _ => field.to_owned(),
    })
}

/// Both versions: what stands now, and what was wanted.
fn stale(
    mut shown: Value,
    sheet: &Sheet,
    terms: &Terms,
    sent: &Sent,
    all: bool,
    language: Language,
) -> Result<Page> {
    let stands = fields(sheet, terms, all);
    let differs: Vec<Value> = stands
        .iter()
        .filter(|(name, value)| value.as_deref() != sent.get(name))
        .map(|(name, value)| json!({ "field": name, "now": value, "mine": sent.get(name) }))
        .collect();
    let mine: Vec<Value> = stands
        .iter()
        .filter_map(|(name, _)| Some(json!({ "name": name, "value": sent.get(name)? })))
        .collect();
    let form = Form::again(sent, &FieldErrors::default(), language).revision(sheet.revision);
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("differs".into(), json!(differs));
        shown.insert("mine".into(), json!(mine));
        shown.insert(
            "form".into(),
            serde_json::to_value(form).map_err(Error::internal)?,
        );
    }
    Ok(Page::new("pages/licenses/stale", shown)?.status(Status::Conflict))
}
