//! Customers register themselves through a company's link, follow their request, confirm their address, and find what
//! they lost; without signing in.

use crate::{
    domain::{
        error::{Error, Fault, FieldErrors},
        license::LicenseKind,
    },
    operations::{
        App,
        customers::{
            confirm::{self, Password, Waiting},
            find_keys, follow,
            register::{self, Registered},
        },
        licenses::{standing, view::View},
        messages::preview::logo_path,
        users::NewPassword,
    },
    store::{brands, company_rules, nodes, page::Page as Slice, products},
    web::{
        Settings,
        form::{Form, Sent},
        guards::Public,
        input::{Check, DEVICE_MAX, NAME_MAX},
        once,
        page::{Answer, Goto, Level, Page},
        reader::Language,
    },
};
use rocket::{Route, State, get, http::Status, post, routes};
use serde_json::{Value, json};

pub(super) fn routes() -> Vec<Route> {
    routes![
        registrazione,
        registrati,
        di_azienda,
        registrati_da_azienda,
        pratica,
        conferma_indirizzo,
        indirizzo_confermato,
        ritrova,
        ritrovate,
        stato,
        stato_detto,
    ]
}

/// Products that are offered to be tried at most.
const OFFERED: usize = 200;

/// Where the link of a company leads, or nobody's.
fn path(code: Option<&str>) -> String {
    match code {
        Some(code) => format!("/registrazione/{code}"),
        None => "/registrazione".to_owned(),
    }
}

fn case_path(code: &str) -> String {
    format!("/registrazione/pratica/{code}")
}

async fn form(app: &App, code: Option<&str>, form: Form, status: Status) -> Answer {
    let wanted = code.map(str::to_owned);
    let (seller, offered, brand) = app
        .db
        .read(move |tx| {
            let seller = match &wanted {
                Some(code) => Some(nodes::by_code(tx, code)?.ok_or(Error::NotFound)?),
                None => None,
            };
            let line = company_rules::line(tx, seller.as_ref().map(|node| node.company()))?;
            let offered = products::list_sold(tx, seller.as_ref(), &Slice::first(OFFERED))?.rows;
            let offered: Vec<_> = offered.into_iter().map(|product| product.under(&line)).collect();
            let brand = brands::of_line(tx, seller.as_ref().map(|node| node.company()))?;
            Ok((seller, offered, brand))
        })
        .await?;
    let mut offered = offered;
    offered.retain(|product| product.license_kinds.contains(&LicenseKind::Trial));
    offered.sort_by(|a, b| a.rules.name.cmp(&b.rules.name));
    let offered: Vec<Value> = offered
        .iter()
        .map(|product| {
            json!({
                "value": product.rules.code,
                "text": product.rules.name,
                "days": product.trial_days,
            })
        })
        .collect();
    let shown = json!({
        "form": form,
        "action": path(code),
        "seller": seller.map(|node| node.name.clone()),
        "products": offered,
        "logo": brand.logo.map(logo_path),
    });
    Page::new("pages/registration/new", shown)?.status(status).reply()
}

/// Asks a customer for what is needed, with a product to try where one is named.
#[get("/registrazione?<prodotto>")]
pub(crate) async fn registrazione(app: &State<App>, prodotto: Option<&str>) -> Answer {
    form(
        app,
        None,
        Form::new()?.with_some("prodotto", prodotto),
        Status::Ok,
    )
    .await
}

/// The same, through a company's link.
#[get("/registrazione/<codice>?<prodotto>")]
pub(crate) async fn di_azienda(app: &State<App>, codice: &str, prodotto: Option<&str>) -> Answer {
    let blank = Form::new()?.with_some("prodotto", prodotto);
    form(app, Some(codice), blank, Status::Ok).await
}

async fn register(app: &App, public: &Public, language: Language, code: Option<&str>, sent: &Sent) -> Answer {
    let mut check = Check::default();
    let email = check.email("email", sent.get("email"));
    let email = check.required("email", email);
    if !sent.ticked("consenso_privacy") {
        check.fault("consenso_privacy", Fault::NotAccepted);
    }
    let request = register::Request {
        name: check.required_line("nome", sent.get("nome"), NAME_MAX),
        vat_number: check.vat_number("partita_iva", sent.get("partita_iva")),
        tax_code: None,
        phone: check.line("telefono", sent.get("telefono"), 40),
        address: None,
        contact: None,
        seller_code: check.token("codice_rivenditore", code, 32),
        product: check.verbatim("prodotto", sent.get("prodotto"), 40),
        password: sent
            .verbatim("password")
            .map(|password| NewPassword(password.to_owned())),
        language: language.code().to_owned(),
        email,
    };
    let made = match check.finish() {
        Ok(()) => {
            let once = once::under(&public.0, &path(code), sent, |made: &Registered| {
                case_path(&made.case_code)
            });
            register::register(app, &public.0, request, once).await
        }
        Err(wrong) => Err(wrong),
    };
    match made {
        Ok(outcome) => Goto::to(once::path(outcome, |made| case_path(&made.case_code))).reply(),
        Err(Error::Invalid(wrong)) => {
            let again = Form::again(sent, &wrong, language);
            form(app, code, again, Status::UnprocessableEntity).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Registers a customer of nobody yet.
#[post("/registrazione", data = "<sent>")]
pub(crate) async fn registrati(app: &State<App>, public: Public, language: Language, sent: Sent) -> Answer {
    register(app, &public, language, None, &sent).await
}

/// Registers a customer of the company whose link was followed.
#[post("/registrazione/<codice>", data = "<sent>")]
pub(crate) async fn registrati_da_azienda(
    app: &State<App>,
    public: Public,
    language: Language,
    codice: &str,
    sent: Sent,
) -> Answer {
    register(app, &public, language, Some(codice), &sent).await
}

fn line(view: &View) -> Value {
    json!({
        "product": view.rules.name,
        "key": view.key,
        "state": view.state().code(),
        "kind": view.sheet.kind.code(),
        "expires_on": view.sheet.expires_on,
        "days": view.sheet.duration_days,
        "devices_used": view.sheet.devices_used,
        "max_devices": view.sheet.max_devices,
    })
}

/// Where a request stands, with its licences: the code is the credential.
#[get("/registrazione/pratica/<codice_pratica>")]
pub(crate) async fn pratica(app: &State<App>, public: Public, codice_pratica: &str) -> Answer {
    let followed = follow::follow(app, &public.0, codice_pratica).await?;
    let customer = &followed.customer;
    let shown = json!({
        "name": customer.name,
        "email": customer.email,
        "state": customer.state.code(),
        "confirmed": customer.email_confirmed_at.is_some(),
        "seller": followed.contact,
        "licenses": followed.licenses.iter().map(line).collect::<Vec<_>>(),
    });
    Page::new("pages/registration/case", shown)?.reply()
}

fn dead() -> Answer {
    Page::new("pages/links/dead", json!({}))?
        .status(Status::NotFound)
        .reply()
}

fn confirming(token: &str, waiting: &Waiting, form: &Form, status: Status) -> Answer {
    let shown = json!({
        "form": form,
        "token": token,
        "name": waiting.name,
        "email": waiting.email,
        "wanted": waiting.password == Password::Wanted,
        "offered": waiting.password == Password::Offered,
    });
    Page::new("pages/registration/confirm", shown)?
        .status(status)
        .reply()
}

/// Behind the mailed link: asks to confirm the address.
#[get("/conferma/<token>")]
pub(crate) async fn conferma_indirizzo(app: &State<App>, token: &str) -> Answer {
    match confirm::peek(app, token).await {
        Ok(waiting) => confirming(token, &waiting, &Form::new()?, Status::Ok),
        Err(Error::NotFound) => dead(),
        Err(other) => Err(other.into()),
    }
}

/// Confirms it.
#[post("/conferma/<token>", data = "<sent>")]
pub(crate) async fn indirizzo_confermato(
    app: &State<App>,
    settings: &State<Settings>,
    public: Public,
    language: Language,
    token: &str,
    sent: Sent,
) -> Answer {
    if !settings.is_safe_to_sign_in() {
        return Err(Error::Forbidden.into());
    }
    let password = sent
        .verbatim("password")
        .map(|password| NewPassword(password.to_owned()));
    match confirm::confirm(app, &public.0, token, password, language.code()).await {
        Ok(done) if done.may_sign_in => Goto::to("/accedi")
            .flash(Level::Ok, "registration-confirmed-sign-in", [])
            .reply(),
        Ok(_) => Page::new("pages/registration/confirmed", json!({}))?.reply(),
        Err(Error::Invalid(wrong)) => {
            let waiting = confirm::peek(app, token).await?;
            let again = Form::again(&sent, &wrong, language);
            confirming(token, &waiting, &again, Status::UnprocessableEntity)
        }
        Err(Error::NotFound) => dead(),
        Err(other) => Err(other.into()),
    }
}

/// Asks for the address to which lost keys are mailed.
#[get("/chiavi")]
pub(crate) async fn ritrova() -> Answer {
    Page::new(
        "pages/registration/keys",
        json!({ "form": Form::new()?, "sent": false }),
    )?
    .reply()
}

/// Mails them, if somebody is known by the address; the answer is the same.
#[post("/chiavi", data = "<sent>")]
pub(crate) async fn ritrovate(app: &State<App>, public: Public, language: Language, sent: Sent) -> Answer {
    let email = sent.get("email").unwrap_or_default();
    match find_keys::request(app, &public.0, email, language.code()).await {
        Ok(()) => {
            let shown = json!({ "form": Form::new()?, "sent": true });
            Page::new("pages/registration/keys", shown)?.reply()
        }
        Err(Error::Invalid(wrong)) => {
            let form = Form::again(&sent, &wrong, language);
            Page::new("pages/registration/keys", json!({ "form": form, "sent": false }))?
                .status(Status::UnprocessableEntity)
                .reply()
        }
        Err(other) => Err(other.into()),
    }
}

/// Asks for the key and the device of which somebody wants to know how they stand.
#[get("/stato")]
pub(crate) async fn stato() -> Answer {
    Page::new(
        "pages/registration/status",
        json!({ "form": Form::new()?, "found": null }),
    )?
    .reply()
}

/// Says how a licence stands on a device. Nothing is told unless the device holds a place in it: from the key
/// alone nobody learns anything.
#[post("/stato", data = "<sent>")]
pub(crate) async fn stato_detto(app: &State<App>, public: Public, language: Language, sent: Sent) -> Answer {
    let mut check = Check::default();
    let typed = check.verbatim("chiave_licenza", sent.get("chiave_licenza"), 80);
    let typed = check.required("chiave_licenza", typed);
    let device = check.verbatim("dispositivo", sent.get("dispositivo"), DEVICE_MAX);
    let device = check.required("dispositivo", device);
    let stands = match check.finish() {
        Ok(()) => standing::on_device(app, &public.0, &typed, &device).await,
        Err(wrong) => Err(wrong),
    };
    let (form, found, status) = match stands {
        Ok(stands) => (
            Form::again(&sent, &FieldErrors::default(), language),
            stands.map_or(json!({ "known": false }), |stands| {
                let view = &stands.view;
                json!({
                    "known": true,
                    "refusal": stands.refusal.map(|refusal| refusal.code()),
                    "product": view.rules.name,
                    "state": view.state().code(),
                    "kind": view.license.kind.code(),
                    "expires_on": view.license.expires_on,
                })
            }),
            Status::Ok,
        ),
        Err(Error::Invalid(wrong)) => (
            Form::again(&sent, &wrong, language),
            Value::Null,
            Status::UnprocessableEntity,
        ),
        Err(other) => return Err(other.into()),
    };
    Page::new(
        "pages/registration/status",
        json!({ "form": form, "found": found }),
    )?
    .status(status)
    .reply()
}
