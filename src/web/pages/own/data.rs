//! What customers see and change of themselves: data, contacts, sites, privacy.

use crate::{
    domain::{
        access::{
            Action, Permit, may,
            right::{ManageOwnData, ReadOwnData},
        },
        actor::Actor,
        error::Error,
        user::UserState,
    },
    operations::{
        App,
        customers::{
            change, personal,
            view::{self, View},
        },
        users::own,
    },
    store::{customers, merging, users},
    web::{
        form::{Form, Sent},
        input::Check,
        page::{Answer, Goto, Page},
        pages::{
            customers::{
                editing::{self, Sheet},
                fields,
            },
            personal::Document,
            reason::{Question, Wanted},
        },
        problem::Failure,
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::{Value, json};

/// Where the page is.
pub(super) const PATH: &str = "/miei-dati";

/// The fields that a customer changes of itself.
const NAMES: &[&str] = &["telefono", "indirizzo", "sedi", "referenti"];

/// Who they are.
#[get("/miei-dati")]
pub(crate) async fn miei_dati(app: &State<App>, permit: Permit<ReadOwnData>) -> Answer {
    let scope = permit.scope();
    let id = permit.actor().customer().ok_or(Error::NotFound)?;
    let own_id = permit.actor().user_id();
    let (view, fate, people, room) = app
        .db
        .read(move |tx| {
            let (found, fate) = customers::get_any(tx, scope, id)?;
            let people = users::of_customer(tx, &found)?;
            let room = own::has_room(tx, &found, own_id)?;
            let view = view::complete(tx, vec![found])?.pop().ok_or(Error::NotFound)?;
            Ok((view, fate, people, room))
        })
        .await?;
    let customer = &view.customer;
    let shown_users: Vec<Value> = people
        .iter()
        .map(|user| {
            json!({
                "id": user.id,
                "name": user.name,
                "email": user.email,
                "state": user.state,
                "own": Some(user.id) == own_id,
                "disabled": user.state == UserState::Disabled,
            })
        })
        .collect();
    let shown = json!({
        "can": {
            "edit": may(permit.actor(), Action::ManageOwnData),
            "users": may(permit.actor(), Action::ManageOwnUsers),
        },
        "room": room,
        "name": customer.name,
        "email": customer.email,
        "vat_number": customer.vat_number,
        "tax_code": customer.tax_code,
        "phone": customer.phone,
        "address": customer.address,
        "contacts": view.contacts.iter().map(|contact| json!({
            "name": contact.name, "email": contact.email, "phone": contact.phone,
        })).collect::<Vec<_>>(),
        "sites": view.sites.iter().map(|site| json!({
            "name": site.name, "address": site.address,
        })).collect::<Vec<_>>(),
        "users": shown_users,
        "consent_at": fate.consent_at,
        "erasure_asked_at": fate.erasure_asked_at,
    });
    Page::new("pages/own/data", shown)?.reply()
}

const SHEET: Sheet = Sheet {
    template: "pages/own/edit",
    names: NAMES,
};

async fn stands(app: &App, actor: &Actor) -> Result<View, Failure> {
    let id = actor.customer().ok_or(Error::NotFound)?;
    editing::stands(app, actor.scope(), id).await
}

/// The form of what they change themselves.
#[get("/miei-dati/modifica")]
pub(crate) async fn modifica(app: &State<App>, permit: Permit<ManageOwnData>) -> Answer {
    SHEET.filled(&stands(app, permit.actor()).await?)
}

/// Saves it.
#[post("/miei-dati/modifica", data = "<sent>")]
pub(crate) async fn salva(
    app: &State<App>,
    permit: Permit<ManageOwnData>,
    language: Language,
    sent: Sent,
) -> Answer {
    let actor = permit.actor().clone();
    if fields::wants_rows(&sent) {
        return SHEET.longer(&stands(app, &actor).await?, &sent, language);
    }
    let mut check = Check::default();
    let (sites, contacts) = fields::rows_of(&mut check, &sent);
    let (phone, address) = fields::reached(&mut check, &sent);
    let changes = change::OwnChanges {
        phone,
        address,
        contacts: contacts.clone(),
        sites: sites.clone(),
    };
    let saved = match check.finish().and_then(|()| sent.revision()) {
        Ok(revision) => change::change_own(app, permit, revision, changes).await,
        Err(wrong) => Err(wrong),
    };
    match saved {
        Ok(()) => Goto::to(PATH).saying("own-data-saved").reply(),
        Err(Error::Stale) => {
            let view = stands(app, &actor).await?;
            SHEET.stale(&view, (&sent, language), (&contacts, &sites))
        }
        Err(error) => {
            let again = Form::refused(&sent, error, language)?;
            let view = stands(app, &actor).await?;
            SHEET.refused(&view, &sent, &again)
        }
    }
}

/// Everything that is known of them, as a file.
#[post("/miei-dati/esporta", data = "<_sent>")]
pub(crate) async fn esporta(
    app: &State<App>,
    permit: Permit<ManageOwnData>,
    _sent: Sent,
) -> Result<Document, Failure> {
    let data = personal::export_own(app, permit).await?;
    Ok(Document::new(&data)?)
}

/// Asks whether their data are to be erased.
#[get("/miei-dati/cancellazione")]
pub(crate) async fn cancellazione(app: &State<App>, permit: Permit<ManageOwnData>) -> Answer {
    let view = stands(app, permit.actor()).await?;
    Question {
        key: "own-erasure",
        name: view.customer.name,
        section: ("nav-own-data", PATH),
        back: PATH.to_owned(),
        action: format!("{PATH}/cancellazione"),
        danger: true,
        reason: Wanted::Not,
        effects: Vec::new(),
    }
    .page(&Form::new()?)
}

/// Notes that they ask for it. Nothing is erased by it; asked twice it was asked once.
#[post("/miei-dati/cancellazione", data = "<_sent>")]
pub(crate) async fn cancellazione_chiesta(
    app: &State<App>,
    permit: Permit<ManageOwnData>,
    _sent: Sent,
) -> Answer {
    let scope = permit.scope();
    let id = permit.actor().customer().ok_or(Error::NotFound)?;
    let asked = app
        .db
        .read(move |tx| {
            let customer = customers::get(tx, scope, id)?;
            merging::fate(tx, &customer)
        })
        .await?
        .erasure_asked_at;
    if asked.is_none() {
        personal::ask_erasure(app, permit).await?;
    }
    Goto::to(PATH).saying("own-erasure-asked").reply()
}
