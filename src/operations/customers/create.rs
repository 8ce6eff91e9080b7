//! Staff register a customer, who is known from the start.

use super::view::View;
use crate::{
    domain::{
        access::{Permit, right::CreateCustomer},
        actor::Actor,
        audit::{Event, EventKind},
        customer::{Contact, Customer, CustomerState, Site},
        error::{Error, Fault, FieldErrors, Result},
        ids::{CustomerId, NodeId, UserId},
        user::{User, UserState},
    },
    operations::{
        App, Once, Replayable,
        users::{self, NewPassword},
    },
    store::{Done, ReadTx, customers, nodes},
};

/// A customer's data, checked.
#[derive(Debug, Clone)]
pub struct Data {
    /// Company or person.
    pub name: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// VAT number.
    pub vat_number: Option<String>,
    /// Tax code.
    pub tax_code: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Works at several sites.
    pub multi_site: bool,
    /// Has several users.
    pub multi_user: bool,
    /// Persons there.
    pub contacts: Vec<Contact>,
    /// Its places.
    pub sites: Vec<Site>,
}

/// A new customer, and whose it is.
#[derive(Debug, Clone)]
pub struct New {
    /// The data.
    pub data: Data,
    /// The company that sells to it.
    pub company: Option<NodeId>,
    /// The agent that sells to it.
    pub agent: Option<NodeId>,
    /// A first user, ready to sign in with this password.
    pub password: Option<NewPassword>,
}

/// Makes a validated customer. Where somebody has the address of its first user already, it is made without one:
/// whether an address is known is nobody's to learn but the superadmin's.
///
/// # Errors
/// [`Error::NotFound`] for a company or agent that the caller does not see, [`Error::Invalid`].
pub async fn create(
    app: &App,
    permit: Permit<CreateCustomer>,
    new: New,
    once: Once<View>,
) -> Result<Replayable<View>> {
    let hash = match &new.password {
        Some(password) => Some(app.passwords.hash(&password.0).await?),
        None => None,
    };
    let (app_, actor) = (app.clone(), permit.actor().clone());
    app.once(permit.actor(), once, move |tx| {
        let (company_id, agent_id) = sellers(tx, &actor, new.company, new.agent)?;
        let data = &new.data;
        let now = tx.now();
        let customer = Customer {
            id: CustomerId::at(now),
            company_id,
            agent_id,
            name: data.name.clone(),
            state: CustomerState::Validated,
            state_note: None,
            state_before: None,
            suspended_by: None,
            email: data.email.clone(),
            vat_number: data.vat_number.clone(),
            tax_code: data.tax_code.clone(),
            phone: data.phone.clone(),
            address: data.address.clone(),
            multi_site: data.multi_site,
            multi_user: data.multi_user,
            flagged_double: customers::is_double(tx, data.email.as_deref(), data.vat_number.as_deref())?,
            email_confirmed_at: Some(now),
            created_at: now,
            revision: 1,
        };
        let stored = customers::insert(tx, &customer, &data.contacts, &data.sites, None)?;
        if let (Some(hash), Some(email)) = (&hash, &data.email) {
            let user = User {
                id: UserId::at(now),
                node_id: None,
                customer_id: Some(stored.id),
                email: email.clone(),
                name: data.name.clone(),
                language: app_.language.clone(),
                state: UserState::Active,
                read_only: false,
                created_at: now,
                revision: 1,
            };
            users::add(&app_, tx, &actor, &user, Some(hash))?;
        }
        let event = Event::customer(EventKind::CustomerCreated, &customer).with("nome", &customer.name);
        let view = View {
            customer,
            contacts: data.contacts.clone(),
            sites: data.sites.clone(),
        };
        Ok(Done::changed(view, event))
    })
    .await
}

/// Who sells, of one company: what was named, else the caller's own.
pub(super) fn sellers(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    company: Option<NodeId>,
    agent: Option<NodeId>,
) -> Result<(Option<NodeId>, Option<NodeId>)> {
    let scope = actor.scope();
    let company = company.map(|id| nodes::get(tx, scope, id)).transpose()?;
    let agent = agent.map(|id| nodes::get(tx, scope, id)).transpose()?;
    let own = actor.node().map(|id| nodes::get(tx, scope, id)).transpose()?;
    let mut wrong = FieldErrors::default();
    if company.as_ref().is_some_and(|node| !node.kind.is_company()) {
        wrong.add("azienda", Fault::Invalid);
    }
    if agent.as_ref().is_some_and(|node| node.kind.is_company()) {
        wrong.add("agente", Fault::Invalid);
    }
    wrong.into_result()?;
    let chosen = company
        .map(|node| node.id)
        .or(agent.as_ref().map(|agent| agent.company()))
        .or(own.as_ref().map(|node| node.company()));
    if agent
        .as_ref()
        .is_some_and(|agent| Some(agent.company()) != chosen)
    {
        return Err(Error::field("agente", Fault::Incompatible));
    }
    let own_agent = own
        .filter(|node| !node.kind.is_company() && Some(node.company()) == chosen)
        .map(|node| node.id);
    Ok((chosen, agent.map(|node| node.id).or(own_agent)))
}
