//! Products with their modules and versions. They are the vendor's; a scope has those that its companies may sell (`offers`).

pub use super::offers::{Brief, brief, brief_above, choose, chosen, graces, graces_of, is_offered, is_sold};

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    fault, offers,
    page::{Page, Slice},
    reports::Narrow,
    schema::{modules, product_versions, products},
    sql_types::At,
    tallies,
    tenancy::{self, Visible},
};
use crate::domain::{
    company::Node,
    error::{Error, Result},
    ids::{ModuleId, ProductId, SigningKeyId, VersionId},
    license::LicenseKind,
    product::{Module, Product, Rules, StartRule, Version},
    scope::Scope,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use std::collections::BTreeMap;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = products, check_for_backend(MultiBackend))]
struct Row {
    id: ProductId,
    code: String,
    name: String,
    description: String,
    current_version: String,
    license_kinds: String,
    base_price_cents: i64,
    currency: String,
    trial_days: i32,
    period_months: i32,
    offline_days: i32,
    offline_unlimited: bool,
    grace_days: i32,
    pending_days: i32,
    start_rule: StartRule,
    release_max: i32,
    release_days: i32,
    properties: String,
    signing_key_id: SigningKeyId,
    created_at: At,
    revision: i32,
}

impl TryFrom<Row> for Product {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            description: row.description,
            license_kinds: row
                .license_kinds
                .split(',')
                .filter_map(LicenseKind::from_code)
                .collect(),
            base_price_cents: row.base_price_cents,
            currency: row.currency,
            trial_days: row.trial_days,
            period_months: row.period_months,
            start_rule: row.start_rule,
            created_at: row.created_at.0,
            revision: row.revision,
            rules: Rules {
                id: row.id,
                code: row.code,
                name: row.name,
                version: row.current_version,
                offline_days: row.offline_days,
                offline_unlimited: row.offline_unlimited,
                grace_days: row.grace_days,
                pending_days: row.pending_days,
                release_max: row.release_max,
                release_days: row.release_days,
                properties: serde_json::from_str(&row.properties).map_err(Error::internal)?,
                signing_key_id: row.signing_key_id,
            },
        })
    }
}

impl From<&Product> for Row {
    fn from(product: &Product) -> Self {
        let rules = &product.rules;
        let kinds: Vec<&str> = product.license_kinds.iter().map(|kind| kind.code()).collect();
        Self {
            id: rules.id,
            code: rules.code.clone(),
            name: rules.name.clone(),
            description: product.description.clone(),
            current_version: rules.version.clone(),
            license_kinds: kinds.join(","),
            base_price_cents: product.base_price_cents,
            currency: product.currency.clone(),
            trial_days: product.trial_days,
            period_months: product.period_months,
            offline_days: rules.offline_days,
            offline_unlimited: rules.offline_unlimited,
            grace_days: rules.grace_days,
            pending_days: rules.pending_days,
            start_rule: product.start_rule,
            release_max: rules.release_max,
            release_days: rules.release_days,
            properties: serde_json::Value::Object(rules.properties.clone()).to_string(),
            signing_key_id: rules.signing_key_id,
            created_at: At(product.created_at),
            revision: product.revision,
        }
    }
}

/// A product by its identifier.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &mut ReadTx<'_>, id: ProductId) -> Result<Product> {
    products::table
        .find(id)
        .select(Row::as_select())
        .first(tx.conn)?
        .try_into()
}

/// A product of a scope by its identifier or its code.
///
/// # Errors
/// [`Error::NotFound`].
pub fn find(tx: &mut ReadTx<'_>, scope: Scope, name: &str) -> Result<Product> {
    found(tx, &tenancy::products_words(scope), name)
}

/// A product that a company or agent may sell, by its identifier or its code.
///
/// # Errors
/// [`Error::NotFound`].
pub fn find_sold(tx: &mut ReadTx<'_>, by: &Visible<Node>, name: &str) -> Result<Product> {
    found(tx, &offers::sold_words(by.id), name)
}

/// A product by its identifier or its code, whoever sells it.
///
/// # Errors
/// [`Error::NotFound`].
pub fn find_any(tx: &mut ReadTx<'_>, name: &str) -> Result<Product> {
    found(tx, "1 = 1", name)
}

fn found(tx: &mut ReadTx<'_>, words: &str, name: &str) -> Result<Product> {
    let query = products::table
        .filter(sql::<Bool>(words))
        .select(Row::as_select());
    match name.parse::<ProductId>() {
        Ok(id) => query.filter(products::id.eq(id)).first(tx.conn)?.try_into(),
        // Codes are ASCII, and MariaDB refuses to compare them with anything else.
        Err(_) if !name.is_ascii() => Err(Error::NotFound),
        Err(_) => query.filter(products::code.eq(name)).first(tx.conn)?.try_into(),
    }
}

/// The newest products of a scope.
///
/// # Errors
/// Of the database.
pub fn list(tx: &mut ReadTx<'_>, scope: Scope, page: &Page) -> Result<Slice<Product>> {
    slice(tx, &tenancy::products_words(scope), page, false)
}

/// The newest of the products that a company or agent may sell; none where nobody is named: all of them.
///
/// # Errors
/// Of the database.
pub fn list_sold(tx: &mut ReadTx<'_>, by: Option<&Visible<Node>>, page: &Page) -> Result<Slice<Product>> {
    let words = by.map_or_else(|| "1 = 1".to_owned(), |node| offers::sold_words(node.id));
    slice(tx, &words, page, false)
}

/// The newest of the products of a scope that are archived.
///
/// # Errors
/// Of the database.
pub fn archived(tx: &mut ReadTx<'_>, scope: Scope, page: &Page) -> Result<Slice<Product>> {
    slice(tx, &tenancy::products_words(scope), page, true)
}

fn slice(tx: &mut ReadTx<'_>, words: &str, page: &Page, archived: bool) -> Result<Slice<Product>> {
    let mut query = products::table.filter(sql::<Bool>(words)).into_boxed();
    query = if archived {
        query.filter(products::archived_at.is_not_null())
    } else {
        query.filter(products::archived_at.is_null())
    };
    if let Some(before) = page.before {
        query = query.filter(products::id.lt(ProductId(before)));
    }
    let rows = query
        .order(products::id.desc())
        .limit(page.fetch())
        .select(Row::as_select())
        .load(tx.conn)?;
    let rows: Vec<Product> = rows.into_iter().map(TryInto::try_into).collect::<Result<_>>()?;
    Ok(page.slice(rows, |product| product.rules.id.0))
}

/// Several products by their identifiers.
///
/// # Errors
/// Of the database.
pub fn by_ids(tx: &mut ReadTx<'_>, ids: &[ProductId]) -> Result<Vec<Product>> {
    let rows = products::table
        .filter(products::id.eq_any(ids))
        .select(Row::as_select())
        .load(tx.conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Since when a product is archived, UTC; none where it is sold.
///
/// # Errors
/// [`Error::NotFound`].
pub fn archived_at(tx: &mut ReadTx<'_>, id: ProductId) -> Result<Option<NaiveDateTime>> {
    Ok(products::table
        .find(id)
        .select(products::archived_at)
        .first(tx.conn)?)
}

/// Archives a product that has the revision `was`, or restores it (none).
///
/// # Errors
/// [`Error::Stale`] where it has another.
pub fn set_archived(tx: &mut WriteTx<'_>, id: ProductId, was: i32, at: Option<NaiveDateTime>) -> Result<()> {
    let guard = products::table.find(id).filter(products::revision.eq(was));
    let changed = diesel::update(guard)
        .set((
            products::archived_at.eq(at.map(At)),
            products::revision.eq(was + 1),
        ))
        .execute(tx.conn)?;
    if changed == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Locks a product until the transaction ends, so that what is added to its lists follows one another.
///
/// # Errors
/// Of the database.
pub fn lock(tx: &mut WriteTx<'_>, id: ProductId) -> Result<()> {
    diesel::update(products::table.find(id))
        .set(products::revision.eq(products::revision + 1))
        .execute(tx.conn)?;
    Ok(())
}

/// How many licences of a scope there are of each of these products.
///
/// # Errors
/// Of the database.
pub fn license_counts(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    of: &[ProductId],
) -> Result<BTreeMap<ProductId, i64>> {
    let mut counts = BTreeMap::new();
    for count in tallies::licenses(tx, scope, Narrow::default())?.iter() {
        let product = ProductId(count.product);
        if of.contains(&product) {
            *counts.entry(product).or_default() += count.n;
        }
    }
    counts.retain(|_, n| *n != 0);
    Ok(counts)
}

/// Adds a product; false where its code is taken.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut WriteTx<'_>, product: &Product) -> Result<bool> {
    let inserted = diesel::insert_into(products::table)
        .values(Row::from(product))
        .execute(tx.conn);
    if fault::is_taken(&inserted) {
        return Ok(false);
    }
    inserted?;
    Ok(true)
}

/// Replaces a product that has the revision `was`.
///
/// # Errors
/// [`Error::Stale`] where it has another.
pub fn update(tx: &mut WriteTx<'_>, product: &Product, was: i32) -> Result<()> {
    let row = Row {
        revision: was + 1,
        ..Row::from(product)
    };
    let guard = products::table.find(row.id).filter(products::revision.eq(was));
    if diesel::update(guard).set(&row).execute(tx.conn)? == 0 {
        Err(Error::Stale)
    } else {
        Ok(())
    }
}

type ModuleRow = (ModuleId, ProductId, String, String, Option<i32>, i64, bool);

macro_rules! module_columns {
    () => {
        (
            modules::id,
            modules::product_id,
            modules::code,
            modules::name,
            modules::bit,
            modules::base_price_cents,
            modules::included,
        )
    };
}

fn module((id, product, code, name, bit, base_price_cents, included): ModuleRow) -> (ProductId, Module) {
    (
        product,
        Module {
            id,
            code,
            name,
            bit,
            base_price_cents,
            included,
        },
    )
}

/// The modules of products that can be sold, each with its product.
///
/// # Errors
/// Of the database.
pub fn modules(tx: &mut ReadTx<'_>, of: &[ProductId]) -> Result<Vec<(ProductId, Module)>> {
    let rows = modules::table
        .filter(modules::product_id.eq_any(of).and(modules::archived_at.is_null()))
        .order(modules::id)
        .select(module_columns!())
        .load::<ModuleRow>(tx.conn)?;
    Ok(rows.into_iter().map(module).collect())
}

/// All modules of a product, those that are archived too: licences may have them still.
///
/// # Errors
/// Of the database.
pub fn all_modules(tx: &mut ReadTx<'_>, of: ProductId) -> Result<Vec<Module>> {
    let rows = modules::table
        .filter(modules::product_id.eq(of))
        .select(module_columns!())
        .load::<ModuleRow>(tx.conn)?;
    Ok(rows.into_iter().map(|row| module(row).1).collect())
}

/// The archived modules of a product.
///
/// # Errors
/// Of the database.
pub fn archived_modules(tx: &mut ReadTx<'_>, of: ProductId) -> Result<Vec<Module>> {
    let rows = modules::table
        .filter(modules::product_id.eq(of).and(modules::archived_at.is_not_null()))
        .order(modules::id)
        .select(module_columns!())
        .load::<ModuleRow>(tx.conn)?;
    Ok(rows.into_iter().map(|row| module(row).1).collect())
}

/// Archives a module, or restores it (none). Licences that have it keep it.
///
/// # Errors
/// Of the database.
pub fn set_module_archived(tx: &mut WriteTx<'_>, module: ModuleId, at: Option<NaiveDateTime>) -> Result<()> {
    diesel::update(modules::table.find(module))
        .set(modules::archived_at.eq(at.map(At)))
        .execute(tx.conn)?;
    Ok(())
}

/// Adds a module.
///
/// # Errors
/// Of the database; a code or bit that another module has is one.
pub fn insert_module(tx: &mut WriteTx<'_>, product: ProductId, module: &Module) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(modules::table)
        .values((
            modules::id.eq(module.id),
            modules::product_id.eq(product),
            modules::code.eq(&module.code),
            modules::name.eq(&module.name),
            modules::bit.eq(module.bit),
            modules::base_price_cents.eq(module.base_price_cents),
            modules::included.eq(module.included),
            modules::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Changes what may change in a module: not its code, nor its bit.
///
/// # Errors
/// Of the database.
pub fn update_module(tx: &mut WriteTx<'_>, module: &Module) -> Result<()> {
    diesel::update(modules::table.find(module.id))
        .set((
            modules::name.eq(&module.name),
            modules::base_price_cents.eq(module.base_price_cents),
            modules::included.eq(module.included),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The versions of products, newest release first, each with its product.
///
/// # Errors
/// Of the database.
pub fn versions(tx: &mut ReadTx<'_>, of: &[ProductId]) -> Result<Vec<(ProductId, Version)>> {
    type VersionRow = (VersionId, ProductId, String, NaiveDate, String, Option<String>);
    let rows = product_versions::table
        .filter(product_versions::product_id.eq_any(of))
        .order((product_versions::released_on.desc(), product_versions::id.desc()))
        .select((
            product_versions::id,
            product_versions::product_id,
            product_versions::version,
            product_versions::released_on,
            product_versions::notes,
            product_versions::url,
        ))
        .load::<VersionRow>(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, product, version, released_on, notes, url)| {
            (
                product,
                Version {
                    id,
                    version,
                    released_on,
                    notes,
                    url,
                },
            )
        })
        .collect())
}

/// Adds a version; false where the product has it already.
///
/// # Errors
/// Of the database.
pub fn insert_version(tx: &mut WriteTx<'_>, product: ProductId, version: &Version) -> Result<bool> {
    let now = tx.now();
    let inserted = diesel::insert_into(product_versions::table)
        .values((
            product_versions::id.eq(version.id),
            product_versions::product_id.eq(product),
            product_versions::version.eq(&version.version),
            product_versions::released_on.eq(version.released_on),
            product_versions::notes.eq(&version.notes),
            product_versions::url.eq(&version.url),
            product_versions::created_at.eq(At(now)),
        ))
        .execute(tx.conn);
    if fault::is_taken(&inserted) {
        return Ok(false);
    }
    inserted?;
    Ok(true)
}
