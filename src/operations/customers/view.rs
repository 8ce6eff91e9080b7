//! Customers as staff see them, with contacts and sites.

use crate::{
    domain::{
        customer::{Contact, Customer, Site},
        error::Result,
        ids::CustomerId,
    },
    store::{ReadTx, Visible, customers},
};

/// A customer with its contacts and sites.
#[derive(Debug, Clone)]
pub struct View {
    /// The customer.
    pub customer: Customer,
    /// Persons there.
    pub contacts: Vec<Contact>,
    /// Its places.
    pub sites: Vec<Site>,
}

/// Completes customers that were found through a scope.
///
/// # Errors
/// Of the database.
pub fn complete(tx: &mut ReadTx<'_>, found: Vec<Visible<Customer>>) -> Result<Vec<View>> {
    let ids: Vec<CustomerId> = found.iter().map(|customer| customer.id).collect();
    let mut contacts = customers::contacts(tx, &ids)?;
    let mut sites = customers::sites(tx, &ids)?;
    Ok(found
        .into_iter()
        .map(|customer| View {
            contacts: contacts.remove(&customer.id).unwrap_or_default(),
            sites: sites.remove(&customer.id).unwrap_or_default(),
            customer: customer.into_inner(),
        })
        .collect())
}
