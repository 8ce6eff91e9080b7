//! What is known of a customer as a person: read whole, and taken away for good.

use super::{
    db::{ReadTx, WriteTx},
    schema::{
        access_log, activations, batches, contacts, customers, license_terms, license_users, licenses,
        one_time_links, orders, outbox, products, sessions, sites, suspensions, transactions, users,
    },
    sql_types::At,
    tenancy::Visible,
};
use crate::domain::{
    customer::{Customer, CustomerState},
    error::Result,
    ids::{CustomerId, LicenseId, UserId},
    text,
    user::UserState,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{dsl::sql, prelude::*, sql_types::Text};

/// Rows of a log at most, the newest.
const LOG_ROWS: i64 = 10_000;

/// A user, without what they prove themselves with.
pub type Person = (String, String, String, NaiveDateTime, Option<NaiveDateTime>);
/// A licence: id, product, the last group of its key, kind, last day, when it was activated and made.
pub type Held = (
    LicenseId,
    String,
    String,
    String,
    Option<NaiveDate>,
    Option<NaiveDateTime>,
    NaiveDateTime,
);
/// A device: licence, device, name, platform, named user, since, last seen, released.
pub type Machine = (
    LicenseId,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    NaiveDateTime,
    NaiveDateTime,
    Option<NaiveDateTime>,
);
/// A row of the ledger without its amounts: licence, kind, method, period, when.
pub type Sale = (
    Option<LicenseId>,
    String,
    Option<String>,
    Option<NaiveDate>,
    Option<NaiveDate>,
    NaiveDateTime,
);
/// What a user did: when, what, how it ended, from where, with what.
pub type Access = (NaiveDateTime, String, String, String, String);

/// What is known of a customer beside its own data, contacts and sites.
#[derive(Debug)]
pub struct Known {
    /// Its users.
    pub users: Vec<Person>,
    /// Its licences.
    pub licenses: Vec<Held>,
    /// Their devices, those that were released too.
    pub devices: Vec<Machine>,
    /// What was sold to it.
    pub sales: Vec<Sale>,
    /// What its users did.
    pub accesses: Vec<Access>,
}

/// Everything that is known of a customer that was found through a scope, under all the names that it had.
///
/// # Errors
/// Of the database.
pub fn known(tx: &mut ReadTx<'_>, of: &Visible<Customer>, former: &[CustomerId]) -> Result<Known> {
    let names: Vec<CustomerId> = former.iter().copied().chain([of.id]).collect();
    Ok(Known {
        users: users::table
            .filter(users::customer_id.eq(of.id))
            .order(users::id)
            .select((
                users::name,
                users::email,
                users::language,
                users::created_at,
                users::last_seen_at,
            ))
            .load(tx.conn)?,
        licenses: licenses::table
            .inner_join(products::table.on(products::id.eq(licenses::product_id)))
            .filter(licenses::customer_id.eq(of.id))
            .order(licenses::id)
            .select((
                licenses::id,
                products::name,
                licenses::key_tail,
                licenses::kind,
                licenses::expires_on,
                licenses::activated_at,
                licenses::created_at,
            ))
            .load(tx.conn)?,
        devices: activations::table
            .inner_join(licenses::table.on(licenses::id.eq(activations::license_id)))
            .left_join(license_users::table.on(license_users::id.nullable().eq(activations::license_user_id)))
            .filter(licenses::customer_id.eq(of.id))
            .order(activations::id)
            .select((
                activations::license_id,
                activations::device,
                activations::device_name,
                activations::platform,
                license_users::name.nullable(),
                activations::activated_at,
                activations::last_seen_at,
                activations::released_at,
            ))
            .load(tx.conn)?,
        sales: transactions::table
            .filter(transactions::customer_id.eq_any(names.clone()))
            .order(transactions::id)
            .select((
                transactions::license_id,
                transactions::kind,
                transactions::method,
                transactions::period_from,
                transactions::period_to,
                transactions::created_at,
            ))
            .load(tx.conn)?,
        accesses: access_log::table
            .filter(access_log::customer_id.eq_any(names))
            .order(access_log::id.desc())
            .limit(LOG_ROWS)
            .select((
                access_log::at,
                access_log::action,
                access_log::outcome,
                access_log::address,
                access_log::user_agent,
            ))
            .load(tx.conn)?,
    })
}

/// What somebody is called after they were forgotten.
fn nobody(id: [u8; 16]) -> String {
    let tail: String = id
        .iter()
        .rev()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("Anonimo {tail}")
}

/// Takes away what tells who a customer is, wherever it may be changed: of the customer and of those who became part of
/// it. It is suspended, so that nothing of it works again; its users do not sign in any more.
///
/// # Errors
/// [`Again`](super::fault::Class::Again) where the customer is not as it was read.
pub fn forget(
    tx: &mut WriteTx<'_>,
    was: &Visible<Customer>,
    former: &[CustomerId],
    people: &[Visible<crate::domain::user::User>],
) -> Result<()> {
    let now = tx.now();
    let blank = |id: [u8; 16], was: &Customer| Customer {
        name: nobody(id),
        state: CustomerState::Suspended,
        state_before: None,
        state_note: None,
        suspended_by: None,
        email: None,
        vat_number: None,
        tax_code: None,
        phone: None,
        address: None,
        flagged_double: false,
        email_confirmed_at: None,
        ..was.clone()
    };
    super::customers::update(tx, was, &blank(was.id.0, was))?;
    for id in former {
        let name = nobody(id.0);
        diesel::update(customers::table.find(id))
            .set((
                customers::name_search.eq(text::search_key(&name)),
                customers::name.eq(name),
                customers::state_note.eq(None::<String>),
                customers::email.eq(None::<String>),
                customers::vat_number.eq(None::<String>),
                customers::tax_code.eq(None::<String>),
                customers::phone.eq(None::<String>),
                customers::address.eq(None::<String>),
                customers::proposed_note.eq(None::<String>),
                customers::anonymised_at.eq(At(now)),
                customers::revision.eq(customers::revision + 1),
            ))
            .execute(tx.conn)?;
    }
    diesel::update(customers::table.find(was.id))
        .set((
            customers::proposed_note.eq(None::<String>),
            customers::anonymised_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    diesel::delete(contacts::table.filter(contacts::customer_id.eq(was.id))).execute(tx.conn)?;
    diesel::delete(sites::table.filter(sites::customer_id.eq(was.id))).execute(tx.conn)?;
    for person in people {
        super::users::end_access(tx, person)?;
        unname(tx, person.id)?;
    }
    let ids: Vec<UserId> = people.iter().map(|person| person.id).collect();
    diesel::update(
        one_time_links::table.filter(
            one_time_links::customer_id
                .eq(was.id)
                .or(one_time_links::user_id.eq_any(ids.clone())),
        ),
    )
    .set((
        one_time_links::email.eq(""),
        one_time_links::password_hash.eq(None::<String>),
        one_time_links::expires_at.eq(At(now)),
    ))
    .execute(tx.conn)?;
    // A message is somebody's address and words to them, sent or not.
    diesel::delete(outbox::table.filter(outbox::customer_id.eq(was.id).or(outbox::user_id.eq_any(ids))))
        .execute(tx.conn)?;
    unlabel(tx, was.id)
}

/// A user without a name: nobody signs in with it.
fn unname(tx: &mut WriteTx<'_>, id: UserId) -> Result<()> {
    diesel::update(users::table.find(id))
        .set((
            users::name.eq(nobody(id.0)),
            users::email.eq(format!("{id}@anonimo.invalid")),
            users::password_hash.eq(None::<String>),
            users::state.eq(UserState::Disabled),
            users::revision.eq(users::revision + 1),
        ))
        .execute(tx.conn)?;
    diesel::update(sessions::table.filter(sessions::user_id.eq(id)))
        .set((sessions::address.eq(""), sessions::user_agent.eq("")))
        .execute(tx.conn)?;
    Ok(())
}

/// What people wrote about a customer's licences, and what its devices and named users are called.
fn unlabel(tx: &mut WriteTx<'_>, of: CustomerId) -> Result<()> {
    let nothing = None::<String>;
    let ids: Vec<LicenseId> = licenses::table
        .filter(licenses::customer_id.eq(of))
        .select(licenses::id)
        .load(tx.conn)?;
    diesel::update(licenses::table.filter(licenses::customer_id.eq(of)))
        .set((
            licenses::label.eq(&nothing),
            licenses::revision.eq(licenses::revision + 1),
        ))
        .execute(tx.conn)?;
    diesel::update(license_terms::table.filter(license_terms::license_id.eq_any(ids.clone())))
        .set(license_terms::revoked_note.eq(&nothing))
        .execute(tx.conn)?;
    diesel::update(suspensions::table.filter(suspensions::license_id.eq_any(ids.clone())))
        .set(suspensions::note.eq(&nothing))
        .execute(tx.conn)?;
    diesel::update(activations::table.filter(activations::license_id.eq_any(ids.clone())))
        .set((
            activations::device_name.eq(&nothing),
            activations::release_note.eq(&nothing),
        ))
        .execute(tx.conn)?;
    diesel::update(license_users::table.filter(license_users::license_id.eq_any(ids)))
        .set(license_users::name.eq(sql::<Text>("LOWER(HEX(id))")))
        .execute(tx.conn)?;
    diesel::update(batches::table.filter(batches::customer_id.eq(of)))
        .set(batches::label.eq(&nothing))
        .execute(tx.conn)?;
    diesel::update(orders::table.filter(orders::customer_id.eq(of)))
        .set(orders::url.eq(&nothing))
        .execute(tx.conn)?;
    Ok(())
}

/// Notes when a customer asked for its data to be erased.
///
/// # Errors
/// Of the database.
pub fn ask_erasure(tx: &mut WriteTx<'_>, of: &Visible<Customer>) -> Result<()> {
    let now = tx.now();
    diesel::update(customers::table.find(of.id))
        .set(customers::erasure_asked_at.eq(At(now)))
        .execute(tx.conn)?;
    Ok(())
}
