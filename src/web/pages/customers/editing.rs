//! The form that changes a customer's data: what is the same for staff and for the customer itself.

use super::fields;
use crate::{
    domain::{
        customer::{Contact, Site},
        error::{Error, FieldErrors},
        ids::CustomerId,
        scope::Scope,
    },
    operations::{
        App,
        customers::view::{self, View},
    },
    store::customers,
    web::{
        form::{Difference, Form, Sent},
        page::{Answer, Page},
        problem::Failure,
        reader::Language,
    },
};
use serde_json::json;

/// A customer as it stands.
///
/// # Errors
/// [`Error::NotFound`].
pub(in crate::web::pages) async fn stands(app: &App, scope: Scope, id: CustomerId) -> Result<View, Failure> {
    let view = app
        .db
        .read(move |tx| {
            let found = customers::get(tx, scope, id)?;
            view::complete(tx, vec![found])?.pop().ok_or(Error::NotFound)
        })
        .await?;
    Ok(view)
}

/// A page with the form: its template, and the fields that are compared when somebody else changed them meanwhile.
pub(in crate::web::pages) struct Sheet {
    pub(in crate::web::pages) template: &'static str,
    pub(in crate::web::pages) names: &'static [&'static str],
}

impl Sheet {
    fn page(&self, view: &View, form: &Form, sent: Option<&Sent>, stale: Option<Vec<Difference>>) -> Answer {
        let status = form.status_of(stale.as_deref());
        let shown = json!({
            "form": form,
            "shape": fields::shape(sent, view.sites.len(), view.contacts.len()),
            "id": view.customer.id,
            "name": view.customer.name,
            "stale": stale,
        });
        Page::new(self.template, shown)?.status(status).reply()
    }

    /// The form with what stands.
    pub(in crate::web::pages) fn filled(&self, view: &View) -> Answer {
        let form = fields::filled(&view.customer, &view.contacts, &view.sites)?;
        self.page(view, &form, None, None)
    }

    /// The same form with more rows.
    pub(in crate::web::pages) fn longer(&self, view: &View, sent: &Sent, language: Language) -> Answer {
        let same = Form::again(sent, &FieldErrors::default(), language);
        self.page(view, &same, Some(sent), None)
    }

    /// The form again, with what is wrong with it.
    pub(in crate::web::pages) fn refused(&self, view: &View, sent: &Sent, form: &Form) -> Answer {
        self.page(view, form, Some(sent), None)
    }

    /// The form again, beside what somebody else changed meanwhile.
    pub(in crate::web::pages) fn stale(
        &self,
        view: &View,
        (sent, language): (&Sent, Language),
        (contacts, sites): (&[Contact], &[Site]),
    ) -> Answer {
        let now = fields::filled(&view.customer, &view.contacts, &view.sites)?;
        let now = fields::told(now, &view.contacts, &view.sites);
        let wanted = Form::again(sent, &FieldErrors::default(), language).revision(view.customer.revision);
        let wanted = fields::told(wanted, contacts, sites);
        let differing = wanted.differing(&now, self.names);
        self.page(view, &wanted, Some(sent), Some(differing))
    }
}
