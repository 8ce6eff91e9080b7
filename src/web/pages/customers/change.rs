//! Changing a customer's data.

use super::{
    editing::{Sheet, stands},
    fields, path,
};
use crate::{
    domain::{
        access::{Permit, right::EditCustomer},
        error::Error,
        ids::CustomerId,
    },
    operations::{
        App,
        customers::change::{self, Changes},
    },
    web::{
        form::Sent,
        guards::Id,
        input::Check,
        page::{Answer, Goto},
        reader::Language,
    },
};
use rocket::{State, get, post};

const SHEET: Sheet = Sheet {
    template: "pages/customers/edit",
    names: fields::NAMES,
};

/// The form of a customer's data.
#[get("/clienti/<id>/modifica")]
pub(crate) async fn modifica(app: &State<App>, permit: Permit<EditCustomer>, id: Id<CustomerId>) -> Answer {
    SHEET.filled(&stands(app, permit.scope(), id.get()?).await?)
}

/// Saves them.
#[post("/clienti/<id>/modifica", data = "<sent>")]
pub(crate) async fn salva(
    app: &State<App>,
    permit: Permit<EditCustomer>,
    id: Id<CustomerId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    if fields::wants_rows(&sent) {
        return SHEET.longer(&stands(app, scope, id).await?, &sent, language);
    }
    let mut check = Check::default();
    let data = fields::read(&mut check, &sent);
    let (contacts, sites) = (data.contacts.clone(), data.sites.clone());
    let changes = Changes {
        name: Some(data.name),
        email: Some(data.email),
        vat_number: Some(data.vat_number),
        tax_code: Some(data.tax_code),
        phone: Some(data.phone),
        address: Some(data.address),
        multi_site: Some(data.multi_site),
        multi_user: Some(data.multi_user),
        contacts: Some(data.contacts),
        sites: Some(data.sites),
    };
    let saved = match check.finish().and_then(|()| sent.revision()) {
        Ok(revision) => change::change(app, permit, id, revision, changes).await,
        Err(wrong) => Err(wrong),
    };
    match saved {
        Ok(()) => Goto::to(path(id)).saying("customer-saved").reply(),
        Err(Error::Stale) => {
            let view = stands(app, scope, id).await?;
            SHEET.stale(&view, (&sent, language), (&contacts, &sites))
        }
        Err(error) => {
            let again = fields::refused(&sent, error, language)?;
            let view = stands(app, scope, id).await?;
            SHEET.refused(&view, &sent, &again)
        }
    }
}
