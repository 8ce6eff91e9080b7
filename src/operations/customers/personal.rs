//! What is known of a customer as a person: handing it over, and forgetting it.

use crate::{
    domain::{
        access::{
            Permit,
            right::{AnonymiseCustomer, ExportCustomer, ManageOwnData},
        },
        actor::Actor,
        audit::{Event, EventKind},
        calendar,
        customer::Standing,
        error::{Conflict, Error, Result, expect_revision},
        ids::CustomerId,
        license::LicenseState,
        scope::Scope,
    },
    operations::{App, customers::view},
    store::{
        Done, ReadTx, Visible, WriteTx, company_rules, customers, licenses, merging, personal, products,
        transactions, users,
    },
};
use serde_json::{Value, json};

/// Everything of one customer, as a document to be handed to it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn export(app: &App, permit: Permit<ExportCustomer>, id: CustomerId) -> Result<Value> {
    document(app, permit.actor(), id).await
}

/// The same, by the customer itself.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn export_own(app: &App, permit: Permit<ManageOwnData>) -> Result<Value> {
    let id = permit.actor().customer().ok_or(Error::NotFound)?;
    document(app, permit.actor(), id).await
}

async fn document(app: &App, actor: &Actor, id: CustomerId) -> Result<Value> {
    let scope = actor.scope();
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let customer = customers::get(tx, scope, id)?;
            let written = written(tx, &customer)?;
            let event = Event::customer(EventKind::PersonalDataExported, &customer);
            Ok(Done::changed(written, event))
        })
        .await
}

fn written(tx: &mut ReadTx<'_>, customer: &Visible<crate::domain::customer::Customer>) -> Result<Value> {
    let fate = merging::fate(tx, customer)?;
    let former = merging::former(tx, customer)?;
    let known = personal::known(tx, customer, &former)?;
    let view = view::complete(tx, vec![customer.clone()])?
        .pop()
        .ok_or(Error::NotFound)?;
    Ok(json!({
        "dati": {
            "id": customer.id,
            "nome": customer.name,
            "email": customer.email,
            "email_confermata_il": customer.email_confirmed_at.map(|at| at.and_utc()),
            "partita_iva": customer.vat_number,
            "codice_fiscale": customer.tax_code,
            "telefono": customer.phone,
            "indirizzo": customer.address,
            "stato": customer.state,
            "creato_il": customer.created_at.and_utc(),
        },
        "consensi": {
            "privacy_il": fate.consent_at.map(|at| at.and_utc()),
            "cancellazione_chiesta_il": fate.erasure_asked_at.map(|at| at.and_utc()),
        },
        "referenti": view.contacts.iter().map(|contact| json!({
            "nome": contact.name, "email": contact.email, "telefono": contact.phone,
        })).collect::<Vec<_>>(),
        "sedi": view.sites.iter().map(|site| json!({
            "nome": site.name, "indirizzo": site.address,
        })).collect::<Vec<_>>(),
        "utenti": known.users.iter().map(|(name, email, language, since, seen)| json!({
            "nome": name, "email": email, "lingua": language, "creato_il": since.and_utc(),
            "ultimo_accesso": seen.map(|at| at.and_utc()),
        })).collect::<Vec<_>>(),
        "licenze": known.licenses.iter().map(|(id, product, tail, kind, last, activated, since)| json!({
            "id": id, "prodotto": product, "chiave_finisce_con": tail, "tipo_licenza": kind, "data_scadenza": last,
            "attivata_il": activated.map(|at| at.and_utc()), "creata_il": since.and_utc(),
        })).collect::<Vec<_>>(),
        "dispositivi": known.devices.iter()
            .map(|(license, device, name, platform, user, since, seen, released)| json!({
                "licenza": license, "dispositivo": device, "nome": name, "piattaforma": platform, "utente": user,
                "attivato_il": since.and_utc(), "ultimo_contatto": seen.and_utc(),
                "rilasciato_il": released.map(|at| at.and_utc()),
            })).collect::<Vec<_>>(),
        "transazioni": known.sales.iter().map(|(license, kind, method, from, to, at)| json!({
            "licenza": license, "causale": kind, "metodo_pagamento": method, "dal": from, "al": to,
            "il": at.and_utc(),
        })).collect::<Vec<_>>(),
        "accessi": known.accesses.iter().map(|(at, action, outcome, address, agent)| json!({
            "il": at.and_utc(), "azione": action, "esito": outcome, "indirizzo": address, "programma": agent,
        })).collect::<Vec<_>>(),
    }))
}

/// Why a customer cannot be forgotten yet.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hindrance {
    /// Licences that work, or may.
    pub licenses: i64,
    /// Cents that are owed.
    pub open_cents: i64,
}

impl Hindrance {
    /// Whether there is any.
    pub fn is_none(self) -> bool {
        self.licenses == 0 && self.open_cents == 0
    }
}

/// What stands in the way of forgetting a customer that was found through a scope.
///
/// # Errors
/// Of the database.
pub fn hindrance(
    app: &App,
    tx: &mut ReadTx<'_>,
    customer: &Visible<crate::domain::customer::Customer>,
) -> Result<Hindrance> {
    let today = calendar::today(app.clock.now(), app.zone);
    let standing = Standing {
        state: customer.state,
        confirmed: customer.email_confirmed_at.is_some(),
    };
    let sheets = licenses::of_customer(tx, customer)?;
    let wanted: Vec<_> = sheets.iter().map(|sheet| sheet.product_id).collect();
    let wares = products::by_ids(tx, &wanted)?;
    let of_products = wares.iter().map(|ware| (ware.rules.id, ware.rules.grace_days));
    let graces = company_rules::graces(tx, of_products)?;
    let works = sheets.iter().filter(|sheet| {
        let grace = graces.days(sheet.product_id, sheet.company_id);
        !matches!(
            sheet.state(Some(&standing), grace, today),
            LicenseState::Revoked | LicenseState::Expired | LicenseState::Suspended
        )
    });
    let former = merging::former(tx, customer)?;
    Ok(Hindrance {
        licenses: i64::try_from(works.count()).unwrap_or(i64::MAX),
        open_cents: transactions::open_of_customer(tx, customer, &former)?,
    })
}

/// Takes away what tells who a customer is. What is never changed (the ledger, the logs) keeps what it says.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`]; [`Conflict::WrongState`] while a licence of it works or money is open.
pub async fn anonymise(
    app: &App,
    permit: Permit<AnonymiseCustomer>,
    id: CustomerId,
    revision: Option<i32>,
) -> Result<()> {
    let (app_, scope) = (app.clone(), permit.scope());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = customers::get(tx, scope, id)?;
            expect_revision(was.revision, revision)?;
            if merging::fate(tx, &was)?.anonymised_at.is_some() || !hindrance(&app_, tx, &was)?.is_none() {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let former = merging::former(tx, &was)?;
            let people = users::of_customer(tx, &was)?;
            personal::forget(tx, &was, &former, &people)?;
            let event = Event::customer(EventKind::CustomerAnonymised, &was).with("utenti", people.len());
            Ok(Done::changed((), event))
        })
        .await
}

/// Notes that a customer asks for its data to be erased. Nothing is erased by it: whoever sells to it decides.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it asked already.
pub async fn ask_erasure(app: &App, permit: Permit<ManageOwnData>) -> Result<()> {
    let scope = permit.scope();
    let id = permit.actor().customer().ok_or(Error::NotFound)?;
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let customer = customers::get(tx, scope, id)?;
            if merging::fate(tx, &customer)?.erasure_asked_at.is_some() {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            personal::ask_erasure(tx, &customer)?;
            Ok(Done::changed(
                (),
                Event::customer(EventKind::ErasureAsked, &customer),
            ))
        })
        .await
}

/// Forgets a customer of a scope: as it was, and how many users it had. The caller holds whether it may be.
///
/// # Errors
/// [`Error::NotFound`].
pub(crate) fn forget(
    tx: &mut WriteTx<'_>,
    scope: Scope,
    id: CustomerId,
) -> Result<(Visible<crate::domain::customer::Customer>, usize)> {
    let was = customers::get(tx, scope, id)?;
    let former = merging::former(tx, &was)?;
    let people = users::of_customer(tx, &was)?;
    personal::forget(tx, &was, &former, &people)?;
    Ok((was, people.len()))
}
