//! Changing a customer's data.

use crate::{
    domain::{
        access::{
            Permit,
            right::{EditCustomer, ManageOwnData},
        },
        audit::{Event, EventKind},
        customer::{Contact, Customer, Site},
        error::{Error, Result, expect_revision},
        ids::CustomerId,
        mail::MailKind,
        scope::Scope,
    },
    operations::{App, messages::tell},
    store::{Done, WriteTx, customers},
};
use serde_json::json;

/// What is to change: absent stays, none takes away.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Company or person.
    pub name: Option<String>,
    /// Where mail goes.
    pub email: Option<Option<String>>,
    /// VAT number.
    pub vat_number: Option<Option<String>>,
    /// Tax code.
    pub tax_code: Option<Option<String>>,
    /// Telephone.
    pub phone: Option<Option<String>>,
    /// Address.
    pub address: Option<Option<String>>,
    /// Works at several sites.
    pub multi_site: Option<bool>,
    /// Has several users.
    pub multi_user: Option<bool>,
    /// Persons there; the whole list.
    pub contacts: Option<Vec<Contact>>,
    /// Its places; the whole list.
    pub sites: Option<Vec<Site>>,
}

/// Changes a customer, of the revision that the caller read where they say so.
///
/// # Errors
/// [`NotFound`](Error::NotFound), [`Stale`](Error::Stale).
pub async fn change(
    app: &App,
    permit: Permit<EditCustomer>,
    id: CustomerId,
    revision: Option<i32>,
    changes: Changes,
) -> Result<()> {
    let (scope, app_) = (permit.scope(), app.clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            changed(&app_, tx, scope, id, revision, &changes)
        })
        .await
}

/// What a customer changes of itself: how it is reached, and who and where it is. All of it is said.
#[derive(Debug, Clone, Default)]
pub struct OwnChanges {
    /// Telephone.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Persons there.
    pub contacts: Vec<Contact>,
    /// Its places.
    pub sites: Vec<Site>,
}

/// The same, by the customer itself: what invoices go by is changed by staff alone.
///
/// # Errors
/// [`NotFound`](Error::NotFound), [`Stale`](Error::Stale).
pub async fn change_own(
    app: &App,
    permit: Permit<ManageOwnData>,
    revision: Option<i32>,
    own: OwnChanges,
) -> Result<()> {
    let (scope, app_) = (permit.scope(), app.clone());
    let id = permit.actor().customer().ok_or(Error::NotFound)?;
    let changes = Changes {
        phone: Some(own.phone),
        address: Some(own.address),
        contacts: Some(own.contacts),
        sites: Some(own.sites),
        ..Changes::default()
    };
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            changed(&app_, tx, scope, id, revision, &changes)
        })
        .await
}

fn changed(
    app: &App,
    tx: &mut WriteTx<'_>,
    scope: Scope,
    id: CustomerId,
    revision: Option<i32>,
    changes: &Changes,
) -> Result<Done<()>> {
    let was = customers::get(tx, scope, id)?;
    expect_revision(was.revision, revision)?;
    let now = Customer {
        name: changes.name.clone().unwrap_or_else(|| was.name.clone()),
        email: changes.email.clone().unwrap_or_else(|| was.email.clone()),
        vat_number: changes
            .vat_number
            .clone()
            .unwrap_or_else(|| was.vat_number.clone()),
        tax_code: changes.tax_code.clone().unwrap_or_else(|| was.tax_code.clone()),
        phone: changes.phone.clone().unwrap_or_else(|| was.phone.clone()),
        address: changes.address.clone().unwrap_or_else(|| was.address.clone()),
        multi_site: changes.multi_site.unwrap_or(was.multi_site),
        multi_user: changes.multi_user.unwrap_or(was.multi_user),
        ..(*was).clone()
    };
    customers::update(tx, &was, &now)?;
    // Keys go to another address from now on: who had them until now is told.
    if let Some(old) = was.email.as_ref().filter(|_| was.email != now.email) {
        let payload = tell::object(json!({
            "cliente": was.name,
            "quando": tx.now().and_utc().to_rfc3339(),
        }));
        tell::to_customer(app, tx, MailKind::AddressNotice, &was, old, payload)?;
    }
    if let Some(contacts) = &changes.contacts {
        customers::set_contacts(tx, &was, contacts)?;
    }
    if let Some(sites) = &changes.sites {
        customers::set_sites(tx, &was, sites)?;
    }
    let mut event = Event::customer(EventKind::CustomerChanged, &was)
        .changed("nome", &was.name, &now.name)
        .changed("email", &was.email, &now.email)
        .changed("partita_iva", &was.vat_number, &now.vat_number)
        .changed("codice_fiscale", &was.tax_code, &now.tax_code)
        .changed("telefono", &was.phone, &now.phone)
        .changed("indirizzo", &was.address, &now.address)
        .changed("multi_sede", &was.multi_site, &now.multi_site)
        .changed("multi_utente", &was.multi_user, &now.multi_user);
    if let Some(contacts) = &changes.contacts {
        event = event.with(
            "referenti",
            contacts.iter().map(|contact| &contact.name).collect::<Vec<_>>(),
        );
    }
    if let Some(sites) = &changes.sites {
        event = event.with("sedi", sites.iter().map(|site| &site.name).collect::<Vec<_>>());
    }
    Ok(Done::changed((), event))
}
