//! A customer registers, with a trial where a product is named.
//!
//! The answer never tells whether an e-mail address or VAT number is known: a repeat is a customer of its own,
//! flagged for the vendor, and the owner of the address gets a mail.

use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind},
        calendar,
        customer::{Contact, Customer, CustomerState, Standing},
        error::{Error, Fault, Result},
        ids::*,
        license::{Binding, LicenseKind, term},
        mail::MailKind,
        product::StartRule,
        secrets::{self, Token},
        user::check_password,
    },
    operations::{
        App, Once, Replayable,
        licenses::{
            fresh::{Fresh, fresh_keys},
            issue, quota,
            view::View,
        },
        messages::{self, Addressee, tell},
        users::NewPassword,
    },
    store::{
        Done, WriteTx,
        batches::Template,
        company_rules, customers,
        licenses::Terms,
        links::{self, LinkPurpose, NewLink},
        nodes, products,
        registrations::{self, Registration},
        users,
    },
};
use chrono::Duration;

/// What a customer says of themselves, checked.
#[derive(Debug, Clone)]
pub struct Request {
    /// Company or person.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// VAT number.
    pub vat_number: Option<String>,
    /// Tax code.
    pub tax_code: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// A person there.
    pub contact: Option<Contact>,
    /// Whose link was followed.
    pub seller_code: Option<String>,
    /// The product of the trial, by identifier or code.
    pub product: Option<String>,
    /// A password, not judged yet; it counts only after the mailed link is followed.
    pub password: Option<NewPassword>,
    /// For mail.
    pub language: String,
}

/// What the customer gets.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The code under which the request's state can be read.
    pub case_code: String,
    /// The customer.
    pub customer: Customer,
    /// The trial, where one was asked for.
    pub licenses: Vec<View>,
}

/// Days after the decision for which a request's state can still be read.
pub const CASE_DAYS: i64 = 30;
/// Days for which the mailed link works.
const LINK_DAYS: i64 = 3;

/// Registers a customer who waits for validation.
///
/// # Errors
/// [`Error::Invalid`], [`Error::TooMany`],
/// [`QuotaExceeded`](crate::domain::error::Conflict::QuotaExceeded) where the company has no trial left.
pub async fn register(
    app: &App,
    actor: &Actor,
    request: Request,
    once: Once<Registered>,
) -> Result<Replayable<Registered>> {
    // Before the password is judged and hashed: both are dear, and anybody may ask.
    app.limits.registration(actor.origin().address)?;
    let hash = match &request.password {
        Some(NewPassword(password)) => {
            check_password(password, &request.email).map_err(|fault| Error::field("password", fault))?;
            Some(app.passwords.hash(password).await?)
        }
        None => None,
    };
    let fresh = fresh_keys(app, usize::from(request.product.is_some()))?;
    let (app_, actor_) = (app.clone(), actor.clone());
    app.once(actor, once, move |tx| {
        enroll(&app_, &actor_, tx, &request, hash.as_deref(), &fresh)
    })
    .await
}

fn enroll(
    app: &App,
    actor: &Actor,
    tx: &mut WriteTx<'_>,
    request: &Request,
    password_hash: Option<&str>,
    fresh: &[Fresh],
) -> Result<Done<Registered>> {
    let now = tx.now();
    let seller = match &request.seller_code {
        Some(code) => Some(
            nodes::by_code(tx, code)?.ok_or_else(|| Error::field("codice_rivenditore", Fault::Unknown))?,
        ),
        None => None,
    };
    let product = match &request.product {
        Some(name) => {
            let found = match &seller {
                Some(seller) => products::find_sold(tx, seller, name),
                None => products::find_any(tx, name),
            };
            Some(found.map_err(|_| Error::field("prodotto", Fault::Unknown))?)
        }
        None => None,
    };
    if product
        .as_ref()
        .is_some_and(|product| !product.license_kinds.contains(&LicenseKind::Trial))
    {
        return Err(Error::field("prodotto", Fault::Incompatible));
    }
    if let Some(product) = &product
        && products::archived_at(tx, product.rules.id)?.is_some()
    {
        return Err(Error::field("prodotto", Fault::Unknown));
    }
    let line = company_rules::line(tx, seller.as_ref().map(|node| node.company()))?;
    let product = product.map(|product| product.under(&line));
    let customer = Customer {
        id: CustomerId::at(now),
        company_id: seller.as_ref().map(|node| node.company()),
        agent_id: seller
            .as_ref()
            .filter(|node| !node.kind.is_company())
            .map(|node| node.id),
        name: request.name.clone(),
        state: CustomerState::Pending,
        state_note: None,
        state_before: None,
        suspended_by: None,
        email: Some(request.email.clone()),
        vat_number: request.vat_number.clone(),
        tax_code: request.tax_code.clone(),
        phone: request.phone.clone(),
        address: request.address.clone(),
        multi_site: false,
        multi_user: false,
        flagged_double: customers::is_double(tx, Some(&request.email), request.vat_number.as_deref())?,
        email_confirmed_at: None,
        created_at: now,
        revision: 1,
    };
    let contacts: Vec<Contact> = request.contact.iter().cloned().collect();
    let stored = customers::insert(tx, &customer, &contacts, &[], Some(now))?;
    let case = Token::new()?;
    let registration = Registration {
        id: RegistrationId::at(now),
        customer: stored.id,
        case_hash: case.hash(),
        product: product.as_ref().map(|product| product.rules.id),
        node: seller.as_ref().map(|node| node.id),
    };
    registrations::insert(tx, &registration)?;
    greet(app, tx, &customer, request, password_hash)?;
    tell::waiting(app, tx, &customer)?;

    let licenses = match &product {
        None => Vec::new(),
        Some(product) => {
            quota::charge(
                tx,
                (customer.company_id, customer.agent_id),
                LicenseKind::Trial,
                1,
            )?;
            let modules: Vec<_> = products::modules(tx, &[product.rules.id])?
                .into_iter()
                .map(|(_, module)| module)
                .collect();
            let today = calendar::today(now, app.zone);
            let days = Some(product.trial_days);
            let template = Template {
                batch: BatchId::at(now),
                product: product.rules.id,
                customer: Some(customer.id),
                company: customer.company_id,
                agent: customer.agent_id,
                kind: LicenseKind::Trial,
                binding: Binding::Device,
                duration_days: days,
                period_months: None,
                term: (product.start_rule == StartRule::Creation).then(|| term(today, None, days, None)),
                expires_on: None,
                maintenance_until: None,
                max_devices: Some(1),
                max_users: None,
                max_seats: None,
                reserved_devices: Vec::new(),
                modules: modules
                    .iter()
                    .filter(|module| module.included)
                    .map(|module| (module.id, None))
                    .collect(),
                label: None,
                terms: Terms::default(),
            };
            let standing = Standing {
                state: CustomerState::Pending,
                confirmed: false,
            };
            issue::write(
                app,
                actor,
                tx,
                &template,
                product,
                &modules,
                Some(standing),
                fresh,
            )?
            .licenses
        }
    };
    let event = Event::customer(EventKind::CustomerRegistered, &customer)
        .with("nome", &customer.name)
        .with("prodotto", product.as_ref().map(|product| &product.rules.code))
        .with(
            "licenze",
            licenses
                .iter()
                .map(|view| view.sheet.license.id)
                .collect::<Vec<_>>(),
        );
    Ok(Done::changed(
        Registered {
            case_code: case.reveal().to_owned(),
            customer,
            licenses,
        },
        event,
    ))
}

/// A mail to confirm the address; to whom it belongs already, one that says that somebody used it. Both ways the same
/// work is done, so that the time to answer tells nothing. There is no user before the link is followed: an address
/// that nobody proved to be theirs stays free for whoever it belongs to.
fn greet(
    app: &App,
    tx: &mut WriteTx<'_>,
    customer: &Customer,
    request: &Request,
    password_hash: Option<&str>,
) -> Result<()> {
    let link = Token::new()?;
    let owner = users::by_email(tx, &request.email)?;
    let link_row = NewLink {
        purpose: LinkPurpose::Confirmation,
        user: None,
        customer: Some(customer.id),
        email: &request.email,
        // What a stranger chose is nothing to an account that there is.
        password_hash: password_hash.filter(|_| owner.is_none()),
        secret_hash: link.hash(),
        expires_at: tx.now() + Duration::days(LINK_DAYS),
    };
    links::insert(tx, &link_row)?;
    let kind = if owner.is_some() {
        MailKind::RepeatedRegistration
    } else {
        MailKind::Registration
    };
    let payload = serde_json::json!({
        "nome": request.name,
        "url_conferma": format!("{}/conferma/{}", app.base_url, link.reveal()),
    });
    let to = Addressee {
        email: &request.email,
        language: &request.language,
        company: customer.company_id,
        customer: Some(customer.id),
        user: None,
    };
    messages::queue(app, tx, kind, &to, &payload)
}

/// The hash under which a request's code is stored; none for what cannot be one.
pub fn case_hash(code: &str) -> Option<[u8; 32]> {
    (code.len() == 43).then(|| secrets::hash(code))
}
