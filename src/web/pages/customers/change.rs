//! Changing a customer's data.

use super::{fields, path};
use crate::{
    domain::{
        access::{Permit, right::EditCustomer},
        error::{Error, FieldErrors},
        ids::CustomerId,
        scope::Scope,
    },
    operations::{
        App,
        customers::{
            change::{self, Changes},
            view::{self, View},
        },
    },
    store::customers,
    web::{
        form::{Difference, Form, Sent},
        guards::Id,
        input::Check,
        page::{Answer, Goto, Page},
        problem::Failure,
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::json;

async fn stands(app: &App, scope: Scope, id: CustomerId) -> Result<View, Failure> {
    let view = app
        .db
        .read(move |tx| {
            let found = customers::get(tx, scope, id)?;
            view::complete(tx, vec![found])?.pop().ok_or(Error::NotFound)
        })
        .await?;
    Ok(view)
}

fn page(view: &View, form: &Form, sent: Option<&Sent>, stale: Option<Vec<Difference>>) -> Answer {
    let status = form.status_of(stale.as_deref());
    let shown = json!({
        "form": form,
        "shape": fields::shape(sent, view.sites.len(), view.contacts.len()),
        "id": view.customer.id,
        "name": view.customer.name,
        "stale": stale,
    });
    Page::new("pages/customers/edit", shown)?.status(status).reply()
}

/// The form of a customer's data.
#[get("/clienti/<id>/modifica")]
pub(crate) async fn modifica(app: &State<App>, permit: Permit<EditCustomer>, id: Id<CustomerId>) -> Answer {
    let view = stands(app, permit.scope(), id.get()?).await?;
    let form = fields::filled(&view.customer, &view.contacts, &view.sites)?;
    page(&view, &form, None, None)
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
        let view = stands(app, scope, id).await?;
        let same = Form::again(&sent, &FieldErrors::default(), language);
        return page(&view, &same, Some(&sent), None);
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
            let now = fields::filled(&view.customer, &view.contacts, &view.sites)?;
            let now = fields::told(now, &view.contacts, &view.sites);
            let wanted =
                Form::again(&sent, &FieldErrors::default(), language).revision(view.customer.revision);
            let wanted = fields::told(wanted, &contacts, &sites);
            let differing = wanted.differing(&now, fields::NAMES);
            page(&view, &wanted, Some(&sent), Some(differing))
        }
        Err(error) => {
            let again = fields::refused(&sent, error, language)?;
            let view = stands(app, scope, id).await?;
            page(&view, &again, Some(&sent), None)
        }
    }
}
