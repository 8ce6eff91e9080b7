//! Generating licences: thousands in one transaction.

use super::{
    connection::AnyConnection,
    db::WriteTx,
    licenses::Terms,
    schema::{batches, license_modules, license_terms, licenses, reserved_devices},
    sql_types::{At, Hash32},
};
use crate::domain::{
    error::Result,
    ids::*,
    license::{Binding, LicenseKind, Term},
};
use chrono::NaiveDate;
use diesel::prelude::*;

/// The terms that all licences of a batch share.
#[derive(Debug, Clone)]
pub struct Template {
    /// The batch.
    pub batch: BatchId,
    /// The product.
    pub product: ProductId,
    /// Who uses them.
    pub customer: Option<CustomerId>,
    /// Who sells them.
    pub company: Option<NodeId>,
    /// Who sells them.
    pub agent: Option<NodeId>,
    /// How long they run.
    pub kind: LicenseKind,
    /// What they count.
    pub binding: Binding,
    /// Run so many days from their start.
    pub duration_days: Option<i32>,
    /// Run so many months from their start.
    pub period_months: Option<i32>,
    /// Set where they start at once.
    pub term: Option<Term>,
    /// Set where the last valid day is fixed.
    pub expires_on: Option<NaiveDate>,
    /// New versions are covered up to this day.
    pub maintenance_until: Option<NaiveDate>,
    /// Devices at most.
    pub max_devices: Option<i32>,
    /// Named users at most.
    pub max_users: Option<i32>,
    /// Floating seats at most.
    pub max_seats: Option<i32>,
    /// The only devices they admit; none for any.
    pub reserved_devices: Vec<String>,
    /// Their modules.
    pub modules: Vec<(ModuleId, Option<NaiveDate>)>,
    /// A label for staff.
    pub label: Option<String>,
    /// What they cost.
    pub terms: Terms,
}

/// A licence to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The licence.
    pub id: LicenseId,
    /// What its key is found by.
    pub hash: [u8; 32],
    /// The key, sealed.
    pub sealed: Vec<u8>,
    /// The key's last group.
    pub tail: String,
}

#[derive(Insertable)]
#[diesel(table_name = licenses)]
struct LicenseRow<'a> {
    id: LicenseId,
    product_id: ProductId,
    customer_id: Option<CustomerId>,
    company_id: Option<NodeId>,
    agent_id: Option<NodeId>,
    batch_id: BatchId,
    key_hash: Hash32,
    key_sealed: &'a [u8],
    key_tail: &'a str,
    kind: LicenseKind,
    binding: Binding,
    duration_days: Option<i32>,
    period_months: Option<i32>,
    starts_on: Option<NaiveDate>,
    anchor_day: Option<i32>,
    expires_on: Option<NaiveDate>,
    maintenance_until: Option<NaiveDate>,
    max_devices: Option<i32>,
    max_users: Option<i32>,
    max_seats: Option<i32>,
    reserved: bool,
    label: Option<&'a str>,
    created_at: At,
}

#[derive(Insertable)]
#[diesel(table_name = license_terms)]
struct TermsRow<'a> {
    license_id: LicenseId,
    price_cents: Option<i64>,
    discount_bp: Option<i32>,
    auto_renew: bool,
    renewal_method: Option<&'a str>,
    properties: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = license_modules)]
struct ModuleRow {
    license_id: LicenseId,
    module_id: ModuleId,
    expires_on: Option<NaiveDate>,
}

#[derive(Insertable)]
#[diesel(table_name = reserved_devices)]
struct DeviceRow<'a> {
    license_id: LicenseId,
    device: &'a str,
}

/// Rows in one statement, where the database takes several.
#[cfg(feature = "mariadb")]
const CHUNK: usize = 250;

/// Inserts rows: one statement each on SQLite, which is as fast, and many to a statement on MariaDB.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        match &mut *$conn {
            AnyConnection::Sqlite(conn) => {
                for row in $rows {
                    diesel::insert_into($table).values(row).execute(conn)?;
                }
            }
            #[cfg(feature = "mariadb")]
            AnyConnection::Mysql(conn) => {
                let rows: Vec<_> = $rows.collect();
                for chunk in rows.chunks(CHUNK) {
                    diesel::insert_into($table).values(chunk).execute(conn)?;
                }
            }
        }
    };
}

/// Makes a batch of licences.
///
/// # Errors
/// Of the database; a key that exists already (which chance forbids) is one.
pub fn insert(tx: &mut WriteTx<'_>, template: &Template, keys: &[NewKey], by: Option<UserId>) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(batches::table)
        .values((
            batches::id.eq(template.batch),
            batches::product_id.eq(template.product),
            batches::company_id.eq(template.company),
            batches::label.eq(&template.label),
            batches::quantity.eq(i32::try_from(keys.len()).unwrap_or(i32::MAX)),
            batches::created_by.eq(by),
            batches::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    let starts_on = template.term.map(|term| term.starts_on);
    let expires_on = template
        .term
        .and_then(|term| term.expires_on)
        .or(template.expires_on);
    insert_all!(
        tx.conn,
        licenses::table,
        keys.iter().map(|key| LicenseRow {
            id: key.id,
            product_id: template.product,
            customer_id: template.customer,
            company_id: template.company,
            agent_id: template.agent,
            batch_id: template.batch,
            key_hash: Hash32(key.hash),
            key_sealed: &key.sealed,
            key_tail: &key.tail,
            kind: template.kind,
            binding: template.binding,
            duration_days: template.duration_days,
            period_months: template.period_months,
            starts_on,
            anchor_day: template.term.and_then(|term| term.anchor_day),
            expires_on,
            maintenance_until: template.maintenance_until,
            max_devices: template.max_devices,
            max_users: template.max_users,
            max_seats: template.max_seats,
            reserved: !template.reserved_devices.is_empty(),
            label: template.label.as_deref(),
            created_at: At(now),
        })
    );
    let terms = &template.terms;
    insert_all!(
        tx.conn,
        license_terms::table,
        keys.iter().map(|key| TermsRow {
            license_id: key.id,
            price_cents: terms.price_cents,
            discount_bp: terms.discount_bp,
            auto_renew: terms.auto_renew,
            renewal_method: terms.renewal_method.as_deref(),
            properties: "{}",
        })
    );
    insert_all!(
        tx.conn,
        license_modules::table,
        keys.iter().flat_map(|key| {
            template.modules.iter().map(|&(module_id, expires_on)| ModuleRow {
                license_id: key.id,
                module_id,
                expires_on,
            })
        })
    );
    insert_all!(
        tx.conn,
        reserved_devices::table,
        keys.iter()
            .flat_map(|key| template.reserved_devices.iter().map(|device| DeviceRow {
                license_id: key.id,
                device
            }))
    );
    Ok(())
}
