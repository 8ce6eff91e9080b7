//! Generating licences, thousands in one transaction; and what was generated together.

use super::{
    connection::{AnyConnection, MultiBackend},
    db::{ReadTx, WriteTx},
    fault,
    licenses::Terms,
    page::{Page, Slice},
    schema::{batches, license_modules, license_terms, licenses, reserved_devices},
    sql_types::{At, Hash32},
    tenancy::{self, Visible},
};
use crate::domain::{
    audit::Owner,
    error::Result,
    ids::*,
    license::{Binding, Facts, LicenseKind, Term},
    scope::Scope,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use std::collections::BTreeMap;

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
            batches::agent_id.eq(template.agent),
            batches::customer_id.eq(template.customer),
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
    let properties = serde_json::Value::Object(terms.properties.clone()).to_string();
    insert_all!(
        tx.conn,
        license_terms::table,
        keys.iter().map(|key| TermsRow {
            license_id: key.id,
            price_cents: terms.price_cents,
            discount_bp: terms.discount_bp,
            auto_renew: terms.auto_renew,
            renewal_method: terms.renewal_method.as_deref(),
            properties: &properties,
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

/// Licences that were generated together.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = batches, check_for_backend(MultiBackend))]
pub struct Batch {
    /// Identifier.
    pub id: BatchId,
    /// The product.
    pub product_id: ProductId,
    /// The company that they were made for.
    pub company_id: Option<NodeId>,
    /// The agent that they were made for.
    pub agent_id: Option<NodeId>,
    /// The customer that they were made for.
    pub customer_id: Option<CustomerId>,
    /// A label for staff.
    pub label: Option<String>,
    /// How many they were.
    pub quantity: i32,
    /// Who made them.
    pub created_by: Option<UserId>,
    /// When, UTC.
    pub created_at: NaiveDateTime,
}

/// The newest batches of a scope; of one product where one is given.
///
/// # Errors
/// Of the database.
pub fn list(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    product: Option<ProductId>,
    page: &Page,
) -> Result<Slice<Visible<Batch>>> {
    let mut query = tenancy::batches(scope);
    if let Some(product) = product {
        query = query.filter(batches::product_id.eq(product));
    }
    if let Some(before) = page.before {
        query = query.filter(batches::id.lt(BatchId(before)));
    }
    let rows: Vec<Batch> = query
        .order(batches::id.desc())
        .limit(page.fetch())
        .select(Batch::as_select())
        .load(tx.conn)?;
    Ok(page.slice(rows, |batch| batch.id.0).map(Visible::new))
}

/// A batch of a scope.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn get(tx: &mut ReadTx<'_>, scope: Scope, id: BatchId) -> Result<Visible<Batch>> {
    let batch: Batch = tenancy::batches(scope)
        .filter(batches::id.eq(id))
        .select(Batch::as_select())
        .first(tx.conn)?;
    Ok(Visible::new(batch))
}

/// How many licences of each of these batches were activated, of those that the scope sees.
///
/// # Errors
/// Of the database.
pub fn activated(tx: &mut ReadTx<'_>, scope: Scope, of: &[BatchId]) -> Result<BTreeMap<BatchId, i64>> {
    let of: Vec<Option<BatchId>> = of.iter().copied().map(Some).collect();
    let rows: Vec<(Option<BatchId>, i64)> = tenancy::licenses_by_batch(scope)
        .filter(licenses::batch_id.eq_any(of))
        .filter(licenses::activated_at.is_not_null())
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(batch, n)| Some((batch?, n)))
        .collect())
}

/// Whose a licence of a batch is, and what its state follows from.
pub type OfBatch = (Option<CustomerId>, Option<NodeId>, Facts);

/// What the states of a batch's licences follow from, each with its customer and its company; of those that the scope sees.
///
/// # Errors
/// Of the database.
pub fn facts(tx: &mut ReadTx<'_>, scope: Scope, batch: &Visible<Batch>) -> Result<Vec<OfBatch>> {
    type FactsRow = (
        Option<NodeId>,
        Option<CustomerId>,
        LicenseKind,
        Option<NaiveDate>,
        Option<NaiveDateTime>,
        Option<NaiveDateTime>,
        i32,
        bool,
    );
    let rows: Vec<FactsRow> = tenancy::licenses(scope)
        .filter(licenses::batch_id.eq(batch.id))
        .select((
            licenses::company_id,
            licenses::customer_id,
            licenses::kind,
            licenses::expires_on,
            licenses::activated_at,
            licenses::revoked_at,
            licenses::suspensions,
            licenses::settled,
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(company, customer, kind, expires_on, activated_at, revoked_at, suspensions, settled)| {
                let facts = Facts {
                    kind,
                    expires_on,
                    activated: activated_at.is_some(),
                    revoked: revoked_at.is_some(),
                    suspensions,
                    settled,
                };
                (customer, company, facts)
            },
        )
        .collect())
}

/// Stops all licences of a batch for good that are not stopped yet, and gives those, oldest first, with whose each is.
///
/// # Errors
/// Of the database.
pub fn revoke(
    tx: &mut WriteTx<'_>,
    scope: Scope,
    batch: &Visible<Batch>,
    note: &str,
) -> Result<Vec<(LicenseId, Owner)>> {
    type Row = (LicenseId, Option<NodeId>, Option<NodeId>, Option<CustomerId>);
    let now = tx.now();
    let rows: Vec<Row> = tenancy::licenses(scope)
        .filter(licenses::batch_id.eq(batch.id))
        .filter(licenses::revoked_at.is_null())
        .order(licenses::id)
        .select((
            licenses::id,
            licenses::company_id,
            licenses::agent_id,
            licenses::customer_id,
        ))
        .load(tx.conn)?;
    let ids: Vec<LicenseId> = rows.iter().map(|(id, ..)| *id).collect();
    for chunk in ids.chunks(REVOKED_AT_ONCE) {
        let standing = licenses::table.filter(
            licenses::id
                .eq_any(chunk.to_vec())
                .and(licenses::revoked_at.is_null()),
        );
        let revoked = diesel::update(standing)
            .set((
                licenses::revoked_at.eq(At(now)),
                licenses::revision.eq(licenses::revision + 1),
            ))
            .execute(tx.conn)?;
        // What was revoked meanwhile has its record already.
        if revoked != chunk.len() {
            return Err(fault::again());
        }
        diesel::update(license_terms::table.filter(license_terms::license_id.eq_any(chunk.to_vec())))
            .set(license_terms::revoked_note.eq(note))
            .execute(tx.conn)?;
    }
    Ok(rows
        .into_iter()
        .map(|(id, company, agent, customer)| {
            let owner = Owner {
                company,
                agent,
                customer,
            };
            (id, owner)
        })
        .collect())
}

/// Licences named in one statement at most.
const REVOKED_AT_ONCE: usize = 500;
