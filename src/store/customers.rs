//! Customers with their contacts and sites.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    merging::Fate,
    page::{self, Page, Slice},
    schema::{contacts, customers, node_tree, sites},
    sql_types::At,
    tenancy::{self, Condition, Visible},
};
use crate::domain::{
    customer::{Contact, Customer, CustomerState, Site},
    error::Result,
    ids::*,
    scope::Scope,
    text,
};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = customers, check_for_backend(MultiBackend), treat_none_as_null = true)]
pub(super) struct Row {
    id: CustomerId,
    company_id: Option<NodeId>,
    agent_id: Option<NodeId>,
    name: String,
    name_search: String,
    state: CustomerState,
    state_note: Option<String>,
    state_before: Option<CustomerState>,
    suspended_by: Option<NodeId>,
    email: Option<String>,
    vat_number: Option<String>,
    tax_code: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    multi_site: bool,
    multi_user: bool,
    flagged_double: bool,
    email_confirmed_at: Option<At>,
    created_at: At,
    revision: i32,
}

impl From<Row> for Customer {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            company_id: row.company_id,
            agent_id: row.agent_id,
            name: row.name,
            state: row.state,
            state_note: row.state_note,
            state_before: row.state_before,
            suspended_by: row.suspended_by,
            email: row.email,
            vat_number: row.vat_number,
            tax_code: row.tax_code,
            phone: row.phone,
            address: row.address,
            multi_site: row.multi_site,
            multi_user: row.multi_user,
            flagged_double: row.flagged_double,
            email_confirmed_at: row.email_confirmed_at.map(|at| at.0),
            created_at: row.created_at.0,
            revision: row.revision,
        }
    }
}

impl From<&Customer> for Row {
    fn from(customer: &Customer) -> Self {
        Self {
            id: customer.id,
            company_id: customer.company_id,
            agent_id: customer.agent_id,
            name: customer.name.clone(),
            name_search: text::search_key(&customer.name),
            state: customer.state,
            state_note: customer.state_note.clone(),
            state_before: customer.state_before,
            suspended_by: customer.suspended_by,
            email: customer.email.clone(),
            vat_number: customer.vat_number.clone(),
            tax_code: customer.tax_code.clone(),
            phone: customer.phone.clone(),
            address: customer.address.clone(),
            multi_site: customer.multi_site,
            multi_user: customer.multi_user,
            flagged_double: customer.flagged_double,
            email_confirmed_at: customer.email_confirmed_at.map(At),
            created_at: At(customer.created_at),
            revision: customer.revision,
        }
    }
}

/// What is wanted of a list. Nothing set is everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<CustomerState>,
    /// Of this company, or one below it.
    pub company: Option<NodeId>,
    /// Of this agent.
    pub agent: Option<NodeId>,
    /// Whose name begins like this (as names are searched), or whose e-mail address or VAT number is this.
    pub search: Option<String>,
    /// That nobody spoke for.
    pub unproposed: bool,
}

/// What a filter wants beside the state.
pub(super) fn matches(filter: &Filter) -> Condition<customers::table> {
    let mut wanted: Vec<Condition<customers::table>> = Vec::new();
    if let Some(company) = filter.company {
        let below = node_tree::table
            .filter(node_tree::ancestor_id.eq(company))
            .select(node_tree::descendant_id.nullable());
        wanted.push(Box::new(customers::company_id.eq_any(below)));
    }
    if filter.unproposed {
        wanted.push(Box::new(customers::proposed_at.is_null().nullable()));
    }
    if let Some(agent) = filter.agent {
        wanted.push(Box::new(customers::agent_id.eq(agent)));
    }
    if let Some(search) = &filter.search {
        wanted.push(Box::new(
            customers::name_search
                .ge(search.clone())
                .and(customers::name_search.lt(page::after_prefix(search)))
                .nullable()
                .or(customers::email.eq(search.clone()))
                .or(customers::vat_number.eq(search.to_ascii_uppercase())),
        ));
    }
    wanted
        .into_iter()
        .reduce(|all, one| Box::new(all.and(one)))
        .unwrap_or_else(tenancy::always)
}

/// The newest customers of a scope that match.
///
/// # Errors
/// Of the database.
pub fn list(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    page: &Page,
) -> Result<Slice<Visible<Customer>>> {
    let mut query = tenancy::customers(scope);
    if let Some(state) = filter.state {
        query = query.filter(customers::state.eq(state));
    }
    query = query.filter(matches(filter));
    if let Some(before) = page.before {
        query = query.filter(customers::id.lt(CustomerId(before)));
    }
    let rows = query
        .order(customers::id.desc())
        .limit(page.fetch())
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(page
        .slice(rows, |row| row.id.0)
        .map(|row| Visible::new(row.into())))
}

/// Those of these customers that a scope sees.
///
/// # Errors
/// Of the database.
pub fn many(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    of: &BTreeSet<CustomerId>,
) -> Result<BTreeMap<CustomerId, Visible<Customer>>> {
    if of.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<Row> = tenancy::customers(scope)
        .filter(customers::id.eq_any(of.iter().copied().collect::<Vec<_>>()))
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, Visible::new(row.into())))
        .collect())
}

/// How many customers of a scope match.
///
/// # Errors
/// Of the database.
pub fn count(tx: &mut ReadTx<'_>, scope: Scope, filter: &Filter) -> Result<i64> {
    let mut query = tenancy::customers(scope);
    if let Some(state) = filter.state {
        query = query.filter(customers::state.eq(state));
    }
    Ok(query.filter(matches(filter)).count().get_result(tx.conn)?)
}

/// Those of these customers that a scope sees, in the order of their identifiers.
///
/// # Errors
/// Of the database.
pub fn of_ids(tx: &mut ReadTx<'_>, scope: Scope, ids: &[CustomerId]) -> Result<Vec<Visible<Customer>>> {
    let found = many(tx, scope, &ids.iter().copied().collect())?;
    Ok(found.into_values().collect())
}

/// A customer of a scope.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn get(tx: &mut ReadTx<'_>, scope: Scope, id: CustomerId) -> Result<Visible<Customer>> {
    let row: Row = tenancy::customers(scope)
        .filter(customers::id.eq(id))
        .select(Row::as_select())
        .first(tx.conn)?;
    Ok(Visible::new(row.into()))
}

/// A customer of a scope, archived or not, with what became of it: to be looked at, never to be changed.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn get_any(tx: &mut ReadTx<'_>, scope: Scope, id: CustomerId) -> Result<(Visible<Customer>, Fate)> {
    let (row, fate): (Row, Fate) = tenancy::every_customer(scope)
        .filter(customers::id.eq(id))
        .select((
            Row::as_select(),
            (
                customers::privacy_consent_at,
                customers::erasure_asked_at,
                customers::anonymised_at,
                customers::archived_at,
                customers::merged_into,
                customers::proposed_at,
                customers::proposed_note,
            ),
        ))
        .first(tx.conn)?;
    Ok((Visible::new(row.into()), fate))
}

/// Customers of a scope who share an e-mail address or VAT number with this one, itself left out: the vendor's to see.
///
/// # Errors
/// Of the database.
pub fn doubles(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    of: &Customer,
    most: i64,
) -> Result<Vec<Visible<Customer>>> {
    if of.email.is_none() && of.vat_number.is_none() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = tenancy::customers(scope)
        .filter(customers::id.ne(of.id))
        .filter(
            customers::email
                .eq(of.email.clone())
                .or(customers::vat_number.eq(of.vat_number.clone())),
        )
        .order(customers::id)
        .limit(most)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| Visible::new(row.into())).collect())
}

/// The customer whom a link is about: the link is the credential.
pub(super) fn of_link(tx: &mut ReadTx<'_>, id: CustomerId) -> Result<Visible<Customer>> {
    let row: Row = customers::table
        .find(id)
        .select(Row::as_select())
        .first(tx.conn)?;
    Ok(Visible::new(row.into()))
}

/// The customers who are reached at an e-mail address, anywhere: for mail to that address, never for an answer.
///
/// # Errors
/// Of the database.
pub fn reached_at(tx: &mut ReadTx<'_>, email: &str, most: i64) -> Result<Vec<Visible<Customer>>> {
    let rows: Vec<Row> = customers::table
        .filter(customers::email.eq(email).and(customers::archived_at.is_null()))
        .order(customers::id)
        .limit(most)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| Visible::new(row.into())).collect())
}

/// Adds a customer with its contacts and sites.
///
/// # Errors
/// Of the database.
pub fn insert(
    tx: &mut WriteTx<'_>,
    customer: &Customer,
    contacts: &[Contact],
    sites: &[Site],
    privacy_consent_at: Option<NaiveDateTime>,
) -> Result<Visible<Customer>> {
    diesel::insert_into(customers::table)
        .values(Row::from(customer))
        .execute(tx.conn)?;
    if privacy_consent_at.is_some() {
        diesel::update(customers::table.find(customer.id))
            .set(customers::privacy_consent_at.eq(privacy_consent_at.map(At)))
            .execute(tx.conn)?;
    }
    let customer = Visible::new(customer.clone());
    set_contacts(tx, &customer, contacts)?;
    set_sites(tx, &customer, sites)?;
    Ok(customer)
}

/// Replaces a customer's data, if it still is as it was read.
///
/// # Errors
/// [`Again`](super::fault::Class::Again) where it is not.
pub fn update(tx: &mut WriteTx<'_>, was: &Visible<Customer>, now: &Customer) -> Result<()> {
    let row = Row {
        revision: was.revision + 1,
        ..Row::from(now)
    };
    let guard = customers::table
        .find(was.id)
        .filter(customers::revision.eq(was.revision));
    if diesel::update(guard).set(&row).execute(tx.conn)? == 0 {
        Err(super::fault::again())
    } else {
        Ok(())
    }
}

/// Replaces a customer's contacts.
///
/// # Errors
/// Of the database.
pub fn set_contacts(tx: &mut WriteTx<'_>, customer: &Visible<Customer>, list: &[Contact]) -> Result<()> {
    diesel::delete(contacts::table.filter(contacts::customer_id.eq(customer.id))).execute(tx.conn)?;
    for (position, contact) in (0..).zip(list) {
        diesel::insert_into(contacts::table)
            .values((
                contacts::id.eq(ContactId::at(tx.now())),
                contacts::customer_id.eq(customer.id),
                contacts::name.eq(&contact.name),
                contacts::email.eq(&contact.email),
                contacts::phone.eq(&contact.phone),
                contacts::position.eq(position),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Replaces a customer's sites.
///
/// # Errors
/// Of the database.
pub fn set_sites(tx: &mut WriteTx<'_>, customer: &Visible<Customer>, list: &[Site]) -> Result<()> {
    diesel::delete(sites::table.filter(sites::customer_id.eq(customer.id))).execute(tx.conn)?;
    for (position, site) in (0..).zip(list) {
        diesel::insert_into(sites::table)
            .values((
                sites::id.eq(SiteId::at(tx.now())),
                sites::customer_id.eq(customer.id),
                sites::name.eq(&site.name),
                sites::address.eq(&site.address),
                sites::position.eq(position),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// The contacts of customers that were found through a scope.
///
/// # Errors
/// Of the database.
pub fn contacts(tx: &mut ReadTx<'_>, of: &[CustomerId]) -> Result<BTreeMap<CustomerId, Vec<Contact>>> {
    let rows = contacts::table
        .filter(contacts::customer_id.eq_any(of))
        .order((contacts::customer_id, contacts::position))
        .select((
            contacts::customer_id,
            contacts::name,
            contacts::email,
            contacts::phone,
        ))
        .load::<(CustomerId, String, Option<String>, Option<String>)>(tx.conn)?;
    let mut found: BTreeMap<CustomerId, Vec<Contact>> = BTreeMap::new();
    for (customer, name, email, phone) in rows {
        found
            .entry(customer)
            .or_default()
            .push(Contact { name, email, phone });
    }
    Ok(found)
}

/// The sites of customers that were found through a scope.
///
/// # Errors
/// Of the database.
pub fn sites(tx: &mut ReadTx<'_>, of: &[CustomerId]) -> Result<BTreeMap<CustomerId, Vec<Site>>> {
    let rows = sites::table
        .filter(sites::customer_id.eq_any(of))
        .order((sites::customer_id, sites::position))
        .select((sites::customer_id, sites::name, sites::address))
        .load::<(CustomerId, String, Option<String>)>(tx.conn)?;
    let mut found: BTreeMap<CustomerId, Vec<Site>> = BTreeMap::new();
    for (customer, name, address) in rows {
        found.entry(customer).or_default().push(Site { name, address });
    }
    Ok(found)
}

/// Whether an e-mail address or VAT number is known already, anywhere: for the vendor's eyes, never for the caller's.
///
/// # Errors
/// Of the database.
pub fn is_double(tx: &mut ReadTx<'_>, email: Option<&str>, vat_number: Option<&str>) -> Result<bool> {
    let by_email = match email {
        Some(email) => customers::table
            .filter(customers::email.eq(email).and(customers::archived_at.is_null()))
            .select(customers::id)
            .first::<CustomerId>(tx.conn)
            .optional()?,
        None => None,
    };
    let by_vat = match vat_number {
        Some(vat) => customers::table
            .filter(
                customers::vat_number
                    .eq(vat)
                    .and(customers::archived_at.is_null()),
            )
            .select(customers::id)
            .first::<CustomerId>(tx.conn)
            .optional()?,
        None => None,
    };
    Ok(by_email.or(by_vat).is_some())
}
