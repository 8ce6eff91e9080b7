//! The hot path: finding a licence by its key with all that its rules need, and taking or giving back a place.

use super::{
    company_rules,
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    fault, log,
    log::{ActivationEntry, LicenseSnapshot},
    schema::{
        activations, customers, license_modules, license_terms, license_users, licenses, modules,
        product_versions, products as products_table, reserved_devices, trial_uses,
    },
    sql_types::{At, Hash32, Instant},
    tenancy::Visible,
};
use crate::domain::{
    company_rules::CompanyRules,
    customer::{CustomerState, Standing},
    error::{Error, Result},
    ids::*,
    license::{Binding, License, LicenseKind, admission::Start},
    product::ActiveModule,
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    dsl::sql,
    expression::{AppearsOnTable, Expression, SelectableExpression, SqlLiteral, ValidGrouping, is_aggregate},
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Binary, Bool, Date, Integer, Nullable, Text},
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How a licence is named by who asks for it.
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// By the lookup hash of its activation key: the credential.
    Key([u8; 32]),
    /// By its identifier, taken from a computer key whose signature was checked.
    Signed(LicenseId),
}

/// A licence with what its rules need, and the place that one device holds.
#[derive(Debug, Clone)]
pub struct Found {
    /// The licence.
    pub license: Visible<License>,
    /// Its customer's standing.
    pub standing: Option<Standing>,
    /// The product's revision, to know whether what is remembered of it still holds.
    pub product_revision: i32,
    /// The device's place.
    pub place: Option<Place>,
    /// The modules that the licence switches on, each with its own last day where it has one.
    pub modules: Vec<(ModuleId, Option<NaiveDate>)>,
    /// What its company and those above it set of the product's rules, the topmost first.
    pub line: Vec<CompanyRules>,
    /// Its own values for the software, before the product's.
    pub properties: Map<String, Value>,
}

/// A place that a device holds.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The activation.
    pub id: ActivationId,
    /// Since when, UTC.
    pub since: NaiveDateTime,
    /// When it was last heard of, UTC.
    pub last_seen: NaiveDateTime,
    /// For which named user.
    pub user: Option<LicenseUserId>,
}

impl Found {
    /// Whose the licence is now, for the log.
    pub fn snapshot(&self) -> LicenseSnapshot {
        let license = &self.license;
        LicenseSnapshot {
            license: license.id,
            product: license.product_id,
            company: license.company_id,
            agent: license.agent_id,
            customer: license.customer_id,
        }
    }
}

#[derive(Queryable)]
struct Row {
    id: LicenseId,
    product_id: ProductId,
    customer_id: Option<CustomerId>,
    company_id: Option<NodeId>,
    agent_id: Option<NodeId>,
    kind: LicenseKind,
    binding: Binding,
    duration_days: Option<i32>,
    period_months: Option<i32>,
    starts_on: Option<NaiveDate>,
    expires_on: Option<NaiveDate>,
    maintenance_until: Option<NaiveDate>,
    activated_at: Option<NaiveDateTime>,
    revoked_at: Option<NaiveDateTime>,
    archived_at: Option<NaiveDateTime>,
    suspensions: i32,
    settled: bool,
    max_devices: Option<i32>,
    devices_used: i32,
    max_users: Option<i32>,
    users_used: i32,
    max_seats: Option<i32>,
    reserved: bool,
    offline_days: Option<i32>,
    revision: i32,
    customer_state: Option<CustomerState>,
    customer_confirmed_at: Option<NaiveDateTime>,
    activation_id: Option<ActivationId>,
    activation_since: Option<NaiveDateTime>,
    activation_last_seen: Option<NaiveDateTime>,
    activation_user: Option<LicenseUserId>,
    product_revision: i32,
    /// The modules, the rules of the company's line, and the licence's own values for the software: one column to Diesel,
    /// which counts to 32.
    texts: (Option<String>, Option<String>, Option<String>),
}

impl TryFrom<Row> for Found {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let place = match (row.activation_id, row.activation_since, row.activation_last_seen) {
            (Some(id), Some(since), Some(last_seen)) => Some(Place {
                id,
                since,
                last_seen,
                user: row.activation_user,
            }),
            _ => None,
        };
        let (modules, line, properties) = row.texts;
        let modules = modules.as_deref().map_or_else(|| Ok(Vec::new()), read_modules)?;
        let line = line
            .as_deref()
            .map_or_else(|| Ok(Vec::new()), company_rules::read_line)?;
        let properties = match properties.as_deref() {
            None | Some("{}") => Map::new(),
            Some(text) => serde_json::from_str(text).map_err(Error::internal)?,
        };
        Ok(Self {
            modules,
            line,
            properties,
            standing: row.customer_state.map(|state| Standing {
                state,
                confirmed: row.customer_confirmed_at.is_some(),
            }),
            product_revision: row.product_revision,
            place,
            license: Visible::new(License {
                id: row.id,
                product_id: row.product_id,
                customer_id: row.customer_id,
                company_id: row.company_id,
                agent_id: row.agent_id,
                kind: row.kind,
                binding: row.binding,
                duration_days: row.duration_days,
                period_months: row.period_months,
                starts_on: row.starts_on,
                expires_on: row.expires_on,
                maintenance_until: row.maintenance_until,
                activated_at: row.activated_at,
                revoked_at: row.revoked_at,
                archived_at: row.archived_at,
                suspensions: row.suspensions,
                settled: row.settled,
                max_devices: row.max_devices,
                devices_used: row.devices_used,
                max_users: row.max_users,
                users_used: row.users_used,
                max_seats: row.max_seats,
                reserved: row.reserved,
                offline_days: row.offline_days,
                revision: row.revision,
            }),
        })
    }
}

/// The modules of a licence in one text, so that one statement reads all that the hot path needs: of each the
/// identifier in hexadecimal, and its last day behind it. Unlike Diesel's own SQL literal it lets the compiled
/// statement be kept.
#[derive(Debug, Clone, Copy, QueryId)]
struct ModulesText;

impl Expression for ModulesText {
    type SqlType = Nullable<Text>;
}

impl<QS> SelectableExpression<QS> for ModulesText {}
impl<QS> AppearsOnTable<QS> for ModulesText {}

impl ValidGrouping<()> for ModulesText {
    type IsAggregate = is_aggregate::No;
}

impl QueryFragment<MultiBackend> for ModulesText {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(
            "(SELECT GROUP_CONCAT(CONCAT(HEX(module_id), COALESCE(expires_on, ''))) \
             FROM license_modules WHERE license_modules.license_id = licenses.id)",
        );
        Ok(())
    }
}

fn read_modules(text: &str) -> Result<Vec<(ModuleId, Option<NaiveDate>)>> {
    text.split(',')
        .map(|module| {
            let (id, day) = module
                .split_at_checked(32)
                .ok_or_else(|| Error::internal("a module's identifier is cut"))?;
            let id = u128::from_str_radix(id, 16).map_err(Error::internal)?;
            let day = Some(day)
                .filter(|day| !day.is_empty())
                .map(str::parse)
                .transpose()
                .map_err(Error::internal)?;
            Ok((ModuleId(id.to_be_bytes()), day))
        })
        .collect()
}

/// The licence that a key or a signed identifier names, with the place of `device` in it (an empty name has none).
///
/// This is the one read of tenants' data without a scope: the key is the credential.
///
/// # Errors
/// Of the database. No licence is an answer.
pub fn find_unscoped(tx: &mut ReadTx<'_>, by: By, device: &str) -> Result<Option<Found>> {
    macro_rules! first {
        ($filter:expr) => {
            licenses::table
                .inner_join(products_table::table.on(products_table::id.eq(licenses::product_id)))
                .left_join(customers::table.on(customers::id.nullable().eq(licenses::customer_id)))
                .left_join(license_terms::table.on(license_terms::license_id.eq(licenses::id)))
                .left_join(
                    activations::table.on(activations::license_id
                        .eq(licenses::id)
                        .and(activations::device.eq(device))
                        .and(activations::live.eq(1))),
                )
                .filter($filter)
                .select((
                    licenses::id,
                    licenses::product_id,
                    licenses::customer_id,
                    licenses::company_id,
                    licenses::agent_id,
                    licenses::kind,
                    licenses::binding,
                    licenses::duration_days,
                    licenses::period_months,
                    licenses::starts_on,
                    licenses::expires_on,
                    licenses::maintenance_until,
                    licenses::activated_at,
                    licenses::revoked_at,
                    licenses::archived_at,
                    licenses::suspensions,
                    licenses::settled,
                    licenses::max_devices,
                    licenses::devices_used,
                    licenses::max_users,
                    licenses::users_used,
                    licenses::max_seats,
                    licenses::reserved,
                    licenses::offline_days,
                    licenses::revision,
                    customers::state.nullable(),
                    customers::email_confirmed_at.nullable(),
                    activations::id.nullable(),
                    activations::activated_at.nullable(),
                    activations::last_seen_at.nullable(),
                    activations::license_user_id.nullable(),
                    products_table::revision,
                    (
                        ModulesText,
                        company_rules::LineText,
                        license_terms::properties.nullable(),
                    ),
                ))
                .first::<Row>(tx.conn)
                .optional()?
        };
    }
    let row = match by {
        By::Key(hash) => first!(licenses::key_hash.eq(Hash32(hash))),
        By::Signed(id) => first!(licenses::id.eq(id)),
    };
    row.map(TryInto::try_into).transpose()
}

/// A licence that was found through a scope, as the hot path reads it, with the place of `device` in it (an empty name
/// has none).
///
/// # Errors
/// [`Error::NotFound`] where it went meanwhile.
pub fn find(tx: &mut ReadTx<'_>, license: &Visible<License>, device: &str) -> Result<Found> {
    find_unscoped(tx, By::Signed(license.id), device)?.ok_or(Error::NotFound)
}

/// Locks the licence's row until the transaction ends, by a change that a cluster replicates.
///
/// # Errors
/// Of the database.
pub fn lock(tx: &mut WriteTx<'_>, by: By) -> Result<()> {
    let touch = licenses::revision.eq(licenses::revision + 1);
    match by {
        By::Key(hash) => diesel::update(licenses::table.filter(licenses::key_hash.eq(Hash32(hash))))
            .set(touch)
            .execute(tx.conn)?,
        By::Signed(id) => diesel::update(licenses::table.find(id))
            .set(touch)
            .execute(tx.conn)?,
    };
    Ok(())
}

/// The modules of several licences that were found through a scope.
///
/// # Errors
/// Of the database.
pub fn modules_of_many(
    tx: &mut ReadTx<'_>,
    of: &[LicenseId],
) -> Result<BTreeMap<LicenseId, Vec<ActiveModule>>> {
    let rows = license_modules::table
        .inner_join(modules::table.on(modules::id.eq(license_modules::module_id)))
        .filter(license_modules::license_id.eq_any(of))
        .order((license_modules::license_id, modules::code))
        .select((
            license_modules::license_id,
            modules::code,
            modules::bit,
            license_modules::expires_on,
        ))
        .load::<(LicenseId, String, Option<i32>, Option<NaiveDate>)>(tx.conn)?;
    let mut found: BTreeMap<LicenseId, Vec<ActiveModule>> = BTreeMap::new();
    for (license, code, bit, expires_on) in rows {
        found.entry(license).or_default().push(ActiveModule {
            code,
            bit,
            expires_on,
        });
    }
    Ok(found)
}

/// When a version of a product was released; none for a version that nobody published.
///
/// # Errors
/// Of the database.
pub fn version_released_on(
    tx: &mut ReadTx<'_>,
    product: ProductId,
    version: &str,
) -> Result<Option<NaiveDate>> {
    Ok(product_versions::table
        .filter(
            product_versions::product_id
                .eq(product)
                .and(product_versions::version.eq(version)),
        )
        .select(product_versions::released_on)
        .first(tx.conn)
        .optional()?)
}

/// Whether a device is among those that a reserved licence admits.
///
/// # Errors
/// Of the database.
pub fn is_on_the_list(tx: &mut ReadTx<'_>, license: &Visible<License>, device: &str) -> Result<bool> {
    let listed = reserved_devices::table
        .find((license.id, device))
        .select(reserved_devices::device)
        .first::<String>(tx.conn)
        .optional()?;
    Ok(listed.is_some())
}

/// The first so many devices that a reserved licence admits.
///
/// # Errors
/// Of the database.
pub fn reserved(tx: &mut ReadTx<'_>, license: &Visible<License>, most: i64) -> Result<Vec<String>> {
    Ok(reserved_devices::table
        .filter(reserved_devices::license_id.eq(license.id))
        .order(reserved_devices::device)
        .limit(most)
        .select(reserved_devices::device)
        .load(tx.conn)?)
}

/// What to write of a device that takes a place.
#[derive(Debug, Clone)]
pub struct NewPlace<'a> {
    /// The device, as it was sent.
    pub device: &'a str,
    /// Its name.
    pub name: Option<&'a str>,
    /// Its platform.
    pub platform: Option<&'a str>,
    /// The named user it is for.
    pub user: Option<LicenseUserId>,
}

/// `UPDATE licenses …` as one statement whose compiled form is kept: Diesel would compile its own anew each time.
/// It takes a place only while nobody else took or changed anything since the licence was read; a licence that was put away is
/// back.
#[derive(Debug)]
struct TakePlace {
    id: LicenseId,
    activated_at: At,
    starts_on: Option<NaiveDate>,
    expires_on: Option<NaiveDate>,
    anchor_day: Option<i32>,
    devices_used: i32,
    revision: i32,
}

impl QueryId for TakePlace {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<MultiBackend> for TakePlace {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(
            "UPDATE licenses SET devices_used = devices_used + 1, archived_at = NULL, activated_at = ",
        );
        out.push_bind_param::<Instant, _>(&self.activated_at)?;
        out.push_sql(", starts_on = ");
        out.push_bind_param::<Nullable<Date>, _>(&self.starts_on)?;
        out.push_sql(", expires_on = ");
        out.push_bind_param::<Nullable<Date>, _>(&self.expires_on)?;
        out.push_sql(", anchor_day = COALESCE(anchor_day, ");
        out.push_bind_param::<Nullable<Integer>, _>(&self.anchor_day)?;
        out.push_sql(") WHERE id = ");
        out.push_bind_param::<Binary, _>(&self.id)?;
        out.push_sql(" AND devices_used = ");
        out.push_bind_param::<Integer, _>(&self.devices_used)?;
        out.push_sql(" AND revision = ");
        out.push_bind_param::<Integer, _>(&self.revision)
    }
}

impl RunQueryDsl<super::connection::AnyConnection> for TakePlace {}

/// Takes a place for a device. The licence is returned as it stands then.
///
/// # Errors
/// [`Again`](fault::Class::Again) where somebody took or changed something since the licence was read.
pub fn take(
    tx: &mut WriteTx<'_>,
    license: &Visible<License>,
    new: &NewPlace<'_>,
    start: &Start,
) -> Result<(License, ActivationId)> {
    let (starts_on, expires_on) = match start.term {
        Some(term) => (Some(term.starts_on), term.expires_on),
        None => (license.starts_on, license.expires_on),
    };
    let taken = TakePlace {
        id: license.id,
        activated_at: At(start.activated_at),
        starts_on,
        expires_on,
        anchor_day: start.term.and_then(|term| term.anchor_day),
        devices_used: license.devices_used,
        revision: license.revision,
    }
    .execute(tx.conn)?;
    if taken == 0 {
        return Err(fault::again());
    }
    let now = tx.now();
    let id = ActivationId::at(now);
    diesel::insert_into(activations::table)
        .values((
            activations::id.eq(id),
            activations::license_id.eq(license.id),
            activations::license_user_id.eq(new.user),
            activations::device.eq(new.device),
            activations::device_name.eq(new.name),
            activations::platform.eq(new.platform),
            activations::live.eq(1),
            activations::activated_at.eq(At(now)),
            activations::last_seen_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    let license = (**license).clone();
    Ok((
        License {
            devices_used: license.devices_used + 1,
            activated_at: Some(start.activated_at),
            archived_at: None,
            starts_on,
            expires_on,
            ..license
        },
        id,
    ))
}

/// The licence by which a device had its trial of this one's product.
///
/// # Errors
/// Of the database.
pub fn trial_holder(
    tx: &mut ReadTx<'_>,
    license: &Visible<License>,
    device: &str,
) -> Result<Option<LicenseId>> {
    Ok(trial_uses::table
        .find((license.product_id, device))
        .select(trial_uses::license_id)
        .first(tx.conn)
        .optional()?)
}

/// Notes that a device had its trial of a product; false where it had one before, of another licence.
///
/// # Errors
/// Of the database.
pub fn use_trial(tx: &mut WriteTx<'_>, license: &Visible<License>, device: &str) -> Result<bool> {
    if let Some(holder) = trial_holder(tx, license, device)? {
        return Ok(holder == license.id);
    }
    let now = tx.now();
    let inserted = diesel::insert_into(trial_uses::table)
        .values((
            trial_uses::product_id.eq(license.product_id),
            trial_uses::device.eq(device),
            trial_uses::license_id.eq(license.id),
            trial_uses::created_at.eq(At(now)),
        ))
        .execute(tx.conn);
    if fault::is_taken(&inserted) {
        return Err(fault::again());
    }
    inserted?;
    Ok(true)
}

/// The named user of a licence, if there is one of this name now.
///
/// # Errors
/// Of the database.
pub fn find_user(
    tx: &mut ReadTx<'_>,
    license: &Visible<License>,
    name: &str,
) -> Result<Option<LicenseUserId>> {
    Ok(license_users::table
        .filter(
            license_users::license_id
                .eq(license.id)
                .and(license_users::name.eq(name))
                .and(license_users::live.eq(1)),
        )
        .select(license_users::id)
        .first(tx.conn)
        .optional()?)
}

/// The name of a named user.
///
/// # Errors
/// Of the database.
pub fn user_name(tx: &mut ReadTx<'_>, user: LicenseUserId) -> Result<String> {
    Ok(license_users::table
        .find(user)
        .select(license_users::name)
        .first(tx.conn)?)
}

/// Gives a device that holds a place to another named user; the one before is freed with their last device.
///
/// # Errors
/// Of the database.
pub fn hand_over(
    tx: &mut WriteTx<'_>,
    license: &Visible<License>,
    place: &Place,
    user: LicenseUserId,
) -> Result<()> {
    diesel::update(activations::table.find(place.id))
        .set(activations::license_user_id.eq(user))
        .execute(tx.conn)?;
    free_user(tx, license, place.user)
}

/// Names a user of a licence. The licence is returned as it stands then.
///
/// # Errors
/// [`Again`](fault::Class::Again) where somebody named another since the licence was read.
pub fn add_user(tx: &mut WriteTx<'_>, license: &Visible<License>, name: &str) -> Result<LicenseUserId> {
    let guard = licenses::table.find(license.id).filter(
        licenses::users_used
            .eq(license.users_used)
            .and(licenses::revision.eq(license.revision)),
    );
    if diesel::update(guard)
        .set(licenses::users_used.eq(licenses::users_used + 1))
        .execute(tx.conn)?
        == 0
    {
        return Err(fault::again());
    }
    let now = tx.now();
    let id = LicenseUserId::at(now);
    diesel::insert_into(license_users::table)
        .values((
            license_users::id.eq(id),
            license_users::license_id.eq(license.id),
            license_users::name.eq(name),
            license_users::live.eq(1),
            license_users::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(id)
}

/// Who gives a place back, and why.
#[derive(Debug, Clone, Copy)]
pub struct ReleasedBy<'a> {
    /// The user; none for the device itself.
    pub user: Option<UserId>,
    /// Why, where somebody said.
    pub note: Option<&'a str>,
}

/// Gives a place back. The activation stays as history; a later one of the same device is another.
///
/// # Errors
/// [`Again`](fault::Class::Again) where somebody released it since it was read.
pub fn release(
    tx: &mut WriteTx<'_>,
    license: &Visible<License>,
    activation: ActivationId,
    by: ReleasedBy<'_>,
) -> Result<()> {
    let now = tx.now();
    let live = activations::table.find(activation).filter(
        activations::license_id
            .eq(license.id)
            .and(activations::live.eq(1)),
    );
    let user: Option<LicenseUserId> = live
        .select(activations::license_user_id)
        .first(tx.conn)
        .optional()?
        .flatten();
    let released = diesel::update(live)
        .set((
            activations::live.eq(None::<i32>),
            activations::released_at.eq(At(now)),
            activations::released_by.eq(by.user),
            activations::release_note.eq(by.note),
        ))
        .execute(tx.conn)?;
    if released == 0 {
        return Err(fault::again());
    }
    diesel::update(licenses::table.find(license.id))
        .set(licenses::devices_used.eq(licenses::devices_used - 1))
        .execute(tx.conn)?;
    free_user(tx, license, user)
}

/// A named user without a device left is named no more.
fn free_user(tx: &mut WriteTx<'_>, license: &Visible<License>, user: Option<LicenseUserId>) -> Result<()> {
    let Some(user) = user else { return Ok(()) };
    let device = activations::table
        .filter(activations::license_id.eq(license.id))
        .filter(activations::license_user_id.eq(user).and(activations::live.eq(1)))
        .select(activations::id)
        .first::<ActivationId>(tx.conn)
        .optional()?;
    if device.is_some() {
        return Ok(());
    }
    let now = tx.now();
    let named = license_users::table.find(user).filter(license_users::live.eq(1));
    let freed = diesel::update(named)
        .set((
            license_users::live.eq(None::<i32>),
            license_users::released_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    if freed > 0 {
        diesel::update(licenses::table.find(license.id))
            .set(licenses::users_used.eq(licenses::users_used - 1))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// A release by the device itself, or by its customer: what the product's allowance counts.
fn is_own() -> SqlLiteral<Bool> {
    sql("(activations.released_by IS NULL OR EXISTS \
         (SELECT 1 FROM users WHERE users.id = activations.released_by AND users.customer_id IS NOT NULL))")
}

/// When devices of a licence were released by themselves or by the customer since a moment, oldest first.
///
/// # Errors
/// Of the database.
pub fn own_releases(
    tx: &mut ReadTx<'_>,
    license: &Visible<License>,
    since: NaiveDateTime,
) -> Result<Vec<NaiveDateTime>> {
    let of = std::slice::from_ref(license);
    Ok(own_releases_of_many(tx, of, since)?
        .remove(&license.id)
        .unwrap_or_default())
}

/// The same of several licences.
///
/// # Errors
/// Of the database.
pub fn own_releases_of_many(
    tx: &mut ReadTx<'_>,
    of: &[Visible<License>],
    since: NaiveDateTime,
) -> Result<BTreeMap<LicenseId, Vec<NaiveDateTime>>> {
    let ids: Vec<LicenseId> = of.iter().map(|license| license.id).collect();
    let rows: Vec<(LicenseId, Option<NaiveDateTime>)> = activations::table
        .filter(activations::license_id.eq_any(ids))
        .filter(activations::released_at.ge(At(since)))
        .filter(is_own())
        .order(activations::released_at)
        .select((activations::license_id, activations::released_at))
        .load(tx.conn)?;
    let mut found: BTreeMap<LicenseId, Vec<NaiveDateTime>> = BTreeMap::new();
    for (license, at) in rows {
        found.entry(license).or_default().extend(at);
    }
    Ok(found)
}

/// Gives a device that holds a place another name.
///
/// # Errors
/// [`Again`](fault::Class::Again) where somebody released it since it was read.
pub fn rename(
    tx: &mut WriteTx<'_>,
    license: &Visible<License>,
    activation: ActivationId,
    name: &str,
) -> Result<()> {
    let live = activations::table.find(activation).filter(
        activations::license_id
            .eq(license.id)
            .and(activations::live.eq(1)),
    );
    let renamed = diesel::update(live)
        .set(activations::device_name.eq(name))
        .execute(tx.conn)?;
    if renamed == 0 { Err(fault::again()) } else { Ok(()) }
}

/// A device as staff see it.
#[derive(Debug, Clone, Queryable)]
pub struct Device {
    /// The activation.
    pub id: ActivationId,
    /// The device, as it was sent.
    pub device: String,
    /// Its name.
    pub name: Option<String>,
    /// Its platform.
    pub platform: Option<String>,
    /// The named user it is for.
    pub user: Option<String>,
    /// Since when, UTC.
    pub since: NaiveDateTime,
    /// When it was last heard of, UTC.
    pub last_seen: NaiveDateTime,
}

/// Devices on a licence's page, at most.
const DEVICES_SHOWN: i64 = 200;

/// What people see of a device.
macro_rules! what_of_device {
    () => {
        (
            activations::id,
            activations::device,
            activations::device_name,
            activations::platform,
            license_users::name.nullable(),
            activations::activated_at,
            activations::last_seen_at,
        )
    };
}

/// The live activations of a licence, with what staff see of each.
macro_rules! devices_of {
    ($license:expr) => {
        activations::table
            .left_join(license_users::table.on(license_users::id.nullable().eq(activations::license_user_id)))
            .filter(
                activations::license_id
                    .eq($license.id)
                    .and(activations::live.eq(1)),
            )
            .select(what_of_device!())
    };
}

/// The devices that hold a place in a licence, oldest first: the oldest 200, and the next ones as those are released.
/// How many there are in all stands in the licence.
///
/// # Errors
/// Of the database.
pub fn devices(tx: &mut ReadTx<'_>, license: &Visible<License>) -> Result<Vec<Device>> {
    Ok(devices_of!(license)
        .order(activations::id)
        .limit(DEVICES_SHOWN)
        .load(tx.conn)?)
}

/// The same of several licences: of all of them together the oldest, ten times as many.
///
/// # Errors
/// Of the database.
pub fn devices_of_many(
    tx: &mut ReadTx<'_>,
    of: &[Visible<License>],
) -> Result<BTreeMap<LicenseId, Vec<Device>>> {
    let ids: Vec<LicenseId> = of.iter().map(|license| license.id).collect();
    let rows: Vec<(LicenseId, Device)> = activations::table
        .left_join(license_users::table.on(license_users::id.nullable().eq(activations::license_user_id)))
        .filter(activations::license_id.eq_any(ids).and(activations::live.eq(1)))
        .order(activations::id)
        .limit(10 * DEVICES_SHOWN)
        .select((activations::license_id, what_of_device!()))
        .load(tx.conn)?;
    let mut found: BTreeMap<LicenseId, Vec<Device>> = BTreeMap::new();
    for (license, device) in rows {
        found.entry(license).or_default().push(device);
    }
    Ok(found)
}

/// One device of a licence, by its activation.
///
/// # Errors
/// [`Error::NotFound`] where it holds no place.
pub fn device(tx: &mut ReadTx<'_>, license: &Visible<License>, activation: ActivationId) -> Result<Device> {
    Ok(devices_of!(license)
        .filter(activations::id.eq(activation))
        .first(tx.conn)?)
}

/// Writes a row of the activation log in the operation's own transaction.
///
/// # Errors
/// Of the database.
pub fn log(tx: &mut WriteTx<'_>, entry: &ActivationEntry) -> Result<()> {
    log::insert_one(tx.conn, entry)
}
