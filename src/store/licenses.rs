//! Licences as staff work with them: lists, one licence with all about it, its changes.

use super::{
    connection::MultiBackend,
    db::{ReadTx, WriteTx},
    page::{self, Page, Slice},
    schema::{activations, customers, license_terms, licenses, node_tree, suspensions},
    sql_types::{At, Hash32},
    tallies,
    tenancy::{self, Visible},
    waiting,
};
use crate::domain::{
    codes::codes,
    company::Node,
    company_rules::{Grace, Graces},
    customer::{CustomerState, Standing},
    error::{Error, Result},
    ids::*,
    license::{Binding, License, LicenseKind, LicenseState, Sheet, SuspensionReason, Term},
    scope::Scope,
};
use chrono::{Duration, NaiveDate, NaiveDateTime};
use diesel::{
    BoolExpressionMethods, BoxableExpression,
    dsl::sql,
    prelude::*,
    sql_types::{BigInt, Bool, Nullable},
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Queryable, Selectable)]
#[diesel(table_name = licenses, check_for_backend(MultiBackend))]
pub(super) struct Row {
    pub(super) id: LicenseId,
    product_id: ProductId,
    customer_id: Option<CustomerId>,
    company_id: Option<NodeId>,
    agent_id: Option<NodeId>,
    batch_id: Option<BatchId>,
    key_sealed: Vec<u8>,
    key_tail: String,
    kind: LicenseKind,
    binding: Binding,
    duration_days: Option<i32>,
    period_months: Option<i32>,
    starts_on: Option<NaiveDate>,
    anchor_day: Option<i32>,
    pub(super) expires_on: Option<NaiveDate>,
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
    seats_used: i32,
    reserved: bool,
    offline_days: Option<i32>,
    label: Option<String>,
    created_at: NaiveDateTime,
    revision: i32,
}

impl From<Row> for Sheet {
    fn from(row: Row) -> Self {
        Self {
            batch_id: row.batch_id,
            key_sealed: row.key_sealed,
            key_tail: row.key_tail,
            anchor_day: row.anchor_day,
            seats_used: row.seats_used,
            label: row.label,
            created_at: row.created_at,
            license: License {
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
            },
        }
    }
}

impl Visible<Sheet> {
    /// The licence alone, as visible as its sheet.
    pub fn license(&self) -> Visible<License> {
        Visible::new(self.license.clone())
    }
}

codes! {
    /// What a licence waits for.
    Waiting {
        /// For its customer's validation.
        Validation = "convalida",
        /// For a company, or for an agent where the company wants one.
        Assignment = "assegnazione",
    }
}

/// What is wanted of a list. Nothing set is everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<LicenseState>,
    /// Of this kind.
    pub kind: Option<LicenseKind>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// Of this company, or one below it.
    pub company: Option<NodeId>,
    /// Of this agent.
    pub agent: Option<NodeId>,
    /// With a last valid day from today up to this one.
    pub expires_by: Option<NaiveDate>,
    /// That wait for this.
    pub waiting: Option<Waiting>,
    /// Trials that nothing was heard of since then: not activated, or by no device that holds a place.
    pub idle_since: Option<NaiveDateTime>,
    /// That match this.
    pub search: Option<Search>,
    /// Of the archive: those alone that were put away, and else none of them.
    pub archived: bool,
}

impl Filter {
    /// Whether nothing else is asked for.
    fn waits_for_assignment_alone(&self) -> bool {
        matches!(
            self,
            Self {
                state: None,
                kind: None,
                product: None,
                customer: None,
                company: None,
                agent: None,
                expires_by: None,
                waiting: Some(Waiting::Assignment),
                idle_since: None,
                search: None,
                archived: false,
            }
        )
    }
}

/// What was typed into the search box, in its readings.
#[derive(Debug, Clone)]
pub struct Search {
    /// The lookup hash, if it is a whole key.
    pub key_hash: Option<[u8; 32]>,
    /// As typed: a device, the end of a key.
    pub text: String,
    /// As names are searched: the beginning of a customer's.
    pub name: String,
}

/// The newest licences of a scope that match.
///
/// # Errors
/// Of the database.
pub fn list(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    today: NaiveDate,
    grace: &Graces,
    page: &Page,
) -> Result<Slice<Visible<Sheet>>> {
    let mut query = matching(scope, filter, today, grace);
    if let Some(before) = page.before {
        query = query.filter(licenses::id.lt(LicenseId(before)));
    }
    let rows = query
        .order(licenses::id.desc())
        .limit(page.fetch())
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(page
        .slice(rows, |row| row.id.0)
        .map(|row| Visible::new(row.into())))
}

/// As the index has them that SQLite keeps of these alone: where there is no company there is no agent either.
pub(super) const UNASSIGNED: &str = "licenses.agent_id IS NULL AND licenses.revoked_at IS NULL \
                                     AND licenses.archived_at IS NULL AND (licenses.activated_at IS NOT NULL OR licenses.settled = 1)";

/// The licences of a scope that match, in no order yet.
pub(super) fn matching(
    scope: Scope,
    filter: &Filter,
    today: NaiveDate,
    grace: &Graces,
) -> licenses::BoxedQuery<'static, MultiBackend> {
    matching_in(scope, filter, today, grace, false)
}

/// The same; where the list is walked through in its order, no index of companies or agents is to be taken for it.
pub(super) fn matching_in(
    scope: Scope,
    filter: &Filter,
    today: NaiveDate,
    grace: &Graces,
    walked: bool,
) -> licenses::BoxedQuery<'static, MultiBackend> {
    let mut query = if walked {
        tenancy::licenses_walked(scope)
    } else {
        tenancy::licenses(scope)
    };
    query = if filter.archived {
        query.filter(licenses::archived_at.is_not_null())
    } else {
        query.filter(licenses::archived_at.is_null())
    };
    if let Some(state) = filter.state {
        query = query.filter(in_state(state, today, grace));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(licenses::kind.eq(kind));
    }
    if let Some(product) = filter.product {
        query = query.filter(licenses::product_id.eq(product));
    }
    if let Some(customer) = filter.customer {
        query = query.filter(licenses::customer_id.eq(customer));
    }
    if let Some(company) = filter.company.filter(|_| walked) {
        query = query.filter(tenancy::of_company_walked(company.0));
    } else if let Some(company) = filter.company {
        let below = node_tree::table
            .filter(node_tree::ancestor_id.eq(company))
            .select(node_tree::descendant_id.nullable());
        query = query.filter(licenses::company_id.eq_any(below));
    }
    if let Some(agent) = filter.agent.filter(|_| walked) {
        query = query.filter(tenancy::of_agent_walked(agent.0));
    } else if let Some(agent) = filter.agent {
        query = query.filter(licenses::agent_id.eq(agent));
    }
    if let Some(last) = filter.expires_by {
        query = query.filter(
            licenses::expires_on
                .between(today, last)
                .and(licenses::revoked_at.is_null()),
        );
    }
    match filter.waiting {
        Some(Waiting::Validation) => query = query.filter(in_state(LicenseState::Pending, today, grace)),
        Some(Waiting::Assignment) => {
            let wants_agent = super::schema::nodes::table
                .filter(super::schema::nodes::wants_agent.eq(true))
                .select(super::schema::nodes::id.nullable());
            query = query.filter(sql::<Bool>(UNASSIGNED)).filter(
                licenses::company_id
                    .is_null()
                    .or(licenses::company_id.eq_any(wants_agent)),
            );
        }
        None => {}
    }
    if let Some(since) = filter.idle_since {
        let heard = activations::table
            .filter(activations::license_id.eq(licenses::id))
            .filter(activations::live.eq(1))
            .filter(activations::last_seen_at.ge(At(since)));
        // Two stretches of the index of kinds and days.
        let without_end = licenses::kind
            .eq(LicenseKind::Trial)
            .and(licenses::expires_on.is_null());
        let not_over = licenses::kind
            .eq(LicenseKind::Trial)
            .and(licenses::expires_on.ge(today).assume_not_null());
        query = query
            .filter(without_end.or(not_over))
            .filter(licenses::revoked_at.is_null())
            .filter(licenses::suspensions.eq(0))
            .filter(licenses::created_at.lt(At(since)))
            .filter(
                licenses::activated_at
                    .is_null()
                    .or(licenses::activated_at.lt(At(since)).assume_not_null()),
            )
            .filter(diesel::dsl::not(diesel::dsl::exists(heard)));
    }
    if let Some(search) = &filter.search {
        let named = customers::table
            .filter(
                customers::name_search
                    .ge(search.name.clone())
                    .and(customers::name_search.lt(page::after_prefix(&search.name))),
            )
            .select(customers::id.nullable());
        let on_device = activations::table
            .filter(activations::device.eq(search.text.clone()))
            .select(activations::license_id);
        let hash = Hash32(search.key_hash.unwrap_or_default());
        // Tails are ASCII, and MariaDB refuses to compare them with anything else.
        let tail = Some(search.text.to_ascii_uppercase()).filter(|tail| tail.is_ascii());
        query = query.filter(
            licenses::key_tail
                .eq(tail.unwrap_or_default())
                .or(licenses::key_hash.eq(hash))
                .or(licenses::customer_id
                    .is_not_null()
                    .and(licenses::customer_id.eq_any(named))
                    .assume_not_null())
                .or(licenses::id.eq_any(on_device)),
        );
    }
    query
}

pub(super) type Condition =
    Box<dyn BoxableExpression<licenses::table, MultiBackend, SqlType = Nullable<Bool>>>;

/// The states as conditions: each holds where none of those before it does (as [`License::state`] says).
pub(super) fn in_state(state: LicenseState, today: NaiveDate, grace: &Graces) -> Condition {
    fn customers_in(state: CustomerState) -> Condition {
        let ids = customers::table
            .filter(customers::state.eq(state))
            .select(customers::id.nullable());
        Box::new(
            licenses::customer_id
                .is_not_null()
                .nullable()
                .and(licenses::customer_id.eq_any(ids)),
        )
    }
    fn not_customers_in(state: CustomerState) -> Condition {
        let ids = customers::table
            .filter(customers::state.eq(state))
            .select(customers::id.nullable());
        Box::new(
            licenses::customer_id
                .is_null()
                .nullable()
                .or(licenses::customer_id.ne_all(ids)),
        )
    }
    let suspended = || -> Condition {
        Box::new(
            licenses::suspensions
                .gt(0)
                .nullable()
                .or(customers_in(CustomerState::Suspended)),
        )
    };
    let not_suspended = || -> Condition {
        Box::new(
            licenses::suspensions
                .eq(0)
                .nullable()
                .and(not_customers_in(CustomerState::Suspended)),
        )
    };
    let standing =
        || -> Condition { Box::new(licenses::revoked_at.is_null().nullable().and(not_suspended())) };
    let not_expired = || -> Condition {
        Box::new(
            licenses::expires_on
                .is_null()
                .nullable()
                .or(still_valid(today, grace)),
        )
    };
    let running = || -> Condition { Box::new(standing().and(not_expired())) };
    let not_pending = || -> Condition {
        Box::new(
            licenses::settled
                .eq(true)
                .nullable()
                .or(not_customers_in(CustomerState::Pending)),
        )
    };
    let activated = || -> Condition {
        Box::new(
            licenses::activated_at
                .is_not_null()
                .nullable()
                .and(running())
                .and(not_pending()),
        )
    };
    match state {
        // As its index has it.
        LicenseState::Revoked => Box::new(sql::<Nullable<Bool>>("licenses.stopped = 2")),
        LicenseState::Suspended => Box::new(licenses::revoked_at.is_null().nullable().and(suspended())),
        LicenseState::Expired => Box::new(
            standing()
                .and(licenses::expires_on.is_not_null())
                // Follows from what is below, and is a stretch of the index of days.
                .and(licenses::expires_on.lt(today))
                .and(diesel::dsl::not(still_valid(today, grace))),
        ),
        LicenseState::Pending => Box::new(
            running()
                .and(licenses::settled.eq(false))
                .and(customers_in(CustomerState::Pending)),
        ),
        LicenseState::Issued => Box::new(running().and(not_pending()).and(licenses::activated_at.is_null())),
        // A trial has no grace: those that run are two stretches of the index of kinds and days.
        LicenseState::Demo => {
            let trial = || licenses::kind.eq(LicenseKind::Trial);
            let runs = trial()
                .and(licenses::expires_on.is_null())
                .nullable()
                .or(trial().nullable().and(licenses::expires_on.ge(today)));
            Box::new(activated().and(runs))
        }
        LicenseState::Active => Box::new(activated().and(licenses::kind.ne(LicenseKind::Trial))),
    }
}

/// Of licences with a last valid day: it has not passed, nor its grace where the licence is a subscription.
fn still_valid(today: NaiveDate, grace: &Graces) -> Condition {
    let first = |days: i32| {
        today
            .checked_sub_signed(Duration::days(i64::from(days)))
            .unwrap_or(NaiveDate::MIN)
    };
    let mut products: BTreeMap<i32, Vec<ProductId>> = BTreeMap::new();
    for (product, days) in grace.products() {
        products.entry(days).or_default().push(product);
    }
    let mut condition: Condition = Box::new(licenses::expires_on.ge(today));
    for (days, products) in products {
        condition = Box::new(
            condition.or(licenses::kind
                .eq(LicenseKind::Subscription)
                .and(licenses::product_id.eq_any(products))
                .nullable()
                .and(licenses::expires_on.ge(first(days)))),
        );
    }
    if grace.longest_set().is_none() {
        return condition;
    }
    // The lowest company that sets it decides: either how many days at most of the product's, or how many.
    let (always, never) = ("0001-01-01".to_owned(), "9999-12-31".to_owned());
    let (mut at_most, mut exactly, mut longest) = (String::new(), String::new(), 0);
    for (node, set) in grace.setters() {
        let (most, exact) = match set {
            Grace::AtMost(days) => (first(days).to_string(), never.clone()),
            Grace::Exactly(days) => {
                longest = longest.max(days);
                (never.clone(), first(days).to_string())
            }
        };
        let below = tenancy::below_words(node.0);
        at_most.push_str(&format!(" WHEN licenses.company_id IN {below} THEN '{most}'"));
        exactly.push_str(&format!(" WHEN licenses.company_id IN {below} THEN '{exact}'"));
    }
    let since = |words: &str, otherwise: &str| {
        sql::<Nullable<Bool>>(&format!(
            "licenses.expires_on >= CASE{words} ELSE '{otherwise}' END"
        ))
    };
    Box::new(
        licenses::expires_on
            .ge(today)
            .or(condition.and(since(&at_most, &always)))
            .or(licenses::kind
                .eq(LicenseKind::Subscription)
                .nullable()
                .and(licenses::expires_on.ge(first(longest)))
                .and(since(&exactly, &never))),
    )
}

/// A licence of a scope.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn get(tx: &mut ReadTx<'_>, scope: Scope, id: LicenseId) -> Result<Visible<Sheet>> {
    let row: Row = tenancy::licenses(scope)
        .filter(licenses::id.eq(id))
        .select(Row::as_select())
        .first(tx.conn)?;
    Ok(Visible::new(row.into()))
}

/// A licence of a scope, and whether its product is one of the scope too.
///
/// # Errors
/// [`NotFound`](crate::domain::error::Error::NotFound).
pub fn get_and_offer(tx: &mut ReadTx<'_>, scope: Scope, id: LicenseId) -> Result<(Visible<Sheet>, bool)> {
    let offered = sql::<Bool>(&tenancy::offered_words(scope, "licenses.product_id"));
    let (row, is_offered): (Row, bool) = tenancy::licenses(scope)
        .filter(licenses::id.eq(id))
        .select((Row::as_select(), offered))
        .first(tx.conn)?;
    Ok((Visible::new(row.into()), is_offered))
}

/// How many licences of a scope match.
///
/// # Errors
/// Of the database.
pub fn count(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    filter: &Filter,
    today: NaiveDate,
    grace: &Graces,
) -> Result<i64> {
    if filter.waits_for_assignment_alone() {
        let waiting = sql::<BigInt>(&waiting::unassigned(scope, None));
        return Ok(diesel::select(waiting).get_result(tx.conn)?);
    }
    Ok(matching(scope, filter, today, grace)
        .count()
        .get_result(tx.conn)?)
}

/// Those of these licences that a scope sees, in the order of their identifiers.
///
/// # Errors
/// Of the database.
pub fn of_ids(tx: &mut ReadTx<'_>, scope: Scope, ids: &[LicenseId]) -> Result<Vec<Visible<Sheet>>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = tenancy::licenses(scope)
        .filter(licenses::id.eq_any(ids.to_vec()))
        .order(licenses::id)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| Visible::new(row.into())).collect())
}

/// The first so many licences of customers that are not revoked.
///
/// # Errors
/// Of the database.
pub fn of_customers(
    tx: &mut ReadTx<'_>,
    of: &[Visible<crate::domain::customer::Customer>],
    most: i64,
) -> Result<Vec<Visible<Sheet>>> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<CustomerId> = of.iter().map(|customer| customer.id).collect();
    let rows: Vec<Row> = licenses::table
        .filter(licenses::customer_id.eq_any(ids))
        .filter(licenses::revoked_at.is_null())
        .filter(licenses::archived_at.is_null())
        .order(licenses::id)
        .limit(most)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| Visible::new(row.into())).collect())
}

/// The licences of a customer that was found through a scope.
///
/// # Errors
/// Of the database.
pub fn of_customer(
    tx: &mut ReadTx<'_>,
    customer: &Visible<crate::domain::customer::Customer>,
) -> Result<Vec<Visible<Sheet>>> {
    let rows = licenses::table
        .filter(licenses::customer_id.eq(customer.id))
        .order(licenses::id)
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| Visible::new(row.into())).collect())
}

/// The newest licences of a batch, of those that the scope sees.
///
/// # Errors
/// Of the database.
pub fn of_batch(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    batch: &Visible<super::batches::Batch>,
    page: &Page,
) -> Result<Slice<Visible<Sheet>>> {
    let mut query = tenancy::licenses(scope).filter(licenses::batch_id.eq(batch.id));
    if let Some(before) = page.before {
        query = query.filter(licenses::id.lt(LicenseId(before)));
    }
    let rows = query
        .order(licenses::id.desc())
        .limit(page.fetch())
        .select(Row::as_select())
        .load(tx.conn)?;
    Ok(page
        .slice(rows, |row| row.id.0)
        .map(|row| Visible::new(row.into())))
}

/// The standings of customers, for the states of their licences.
///
/// # Errors
/// Of the database.
pub fn standings(tx: &mut ReadTx<'_>, of: &[CustomerId]) -> Result<BTreeMap<CustomerId, Standing>> {
    let rows = customers::table
        .filter(customers::id.eq_any(of))
        .select((customers::id, customers::state, customers::email_confirmed_at))
        .load::<(CustomerId, CustomerState, Option<NaiveDateTime>)>(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, state, at)| {
            (
                id,
                Standing {
                    state,
                    confirmed: at.is_some(),
                },
            )
        })
        .collect())
}

/// What a licence costs and how it renews.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Its own price, before the list's, in cents.
    pub price_cents: Option<i64>,
    /// Its own discount, before the company's, in basis points.
    pub discount_bp: Option<i32>,
    /// Whether it renews by itself.
    pub auto_renew: bool,
    /// How its renewal is paid.
    pub renewal_method: Option<String>,
    /// Its own values for the software, before the product's.
    pub properties: Map<String, Value>,
}

/// The commercial terms of licences.
///
/// # Errors
/// Of the database.
pub fn terms(tx: &mut ReadTx<'_>, of: &[LicenseId]) -> Result<BTreeMap<LicenseId, Terms>> {
    type TermsRow = (LicenseId, Option<i64>, Option<i32>, bool, Option<String>, String);
    let rows = license_terms::table
        .filter(license_terms::license_id.eq_any(of))
        .select((
            license_terms::license_id,
            license_terms::price_cents,
            license_terms::discount_bp,
            license_terms::auto_renew,
            license_terms::renewal_method,
            license_terms::properties,
        ))
        .load::<TermsRow>(tx.conn)?;
    rows.into_iter()
        .map(
            |(id, price_cents, discount_bp, auto_renew, renewal_method, properties)| {
                let terms = Terms {
                    price_cents,
                    discount_bp,
                    auto_renew,
                    renewal_method,
                    properties: serde_json::from_str(&properties).map_err(Error::internal)?,
                };
                Ok((id, terms))
            },
        )
        .collect()
}

/// What a change sets. Absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = licenses)]
pub struct Change {
    /// How long it runs.
    pub kind: Option<LicenseKind>,
    /// Runs so many days from its start.
    pub duration_days: Option<Option<i32>>,
    /// Or so many months, and renews.
    pub period_months: Option<Option<i32>>,
    /// Whether something was paid for it.
    pub settled: Option<bool>,
    /// The label.
    pub label: Option<Option<String>>,
    /// The last valid day.
    pub expires_on: Option<Option<NaiveDate>>,
    /// The first valid day.
    pub starts_on: Option<Option<NaiveDate>>,
    /// The day of the month that periods keep.
    pub anchor_day: Option<Option<i32>>,
    /// The maintenance date.
    pub maintenance_until: Option<Option<NaiveDate>>,
    /// Devices at most.
    pub max_devices: Option<Option<i32>>,
    /// Named users at most.
    pub max_users: Option<Option<i32>>,
    /// Floating seats at most.
    pub max_seats: Option<Option<i32>>,
    /// Its own offline days.
    pub offline_days: Option<Option<i32>>,
    /// The company.
    pub company_id: Option<Option<NodeId>>,
    /// The agent.
    pub agent_id: Option<Option<NodeId>>,
    /// The customer.
    pub customer_id: Option<Option<CustomerId>>,
    /// Stopped for good.
    pub revoked_at: Option<At>,
    /// Put away, or brought back.
    pub archived_at: Option<Option<At>>,
    /// Suspensions that stand.
    pub suspensions: Option<i32>,
}

impl Change {
    /// The change as it is written: whatever is done to a licence that was put away brings it back, but to stop it for
    /// good.
    pub(super) fn bringing_back(&self, license: &License) -> std::borrow::Cow<'_, Self> {
        use std::borrow::Cow;
        if license.archived_at.is_none() || self.archived_at.is_some() || self.revoked_at.is_some() {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self {
            archived_at: Some(None),
            ..self.clone()
        })
    }

    /// The change that starts a term.
    pub fn starting(term: Term) -> Self {
        Self {
            starts_on: Some(Some(term.starts_on)),
            expires_on: Some(term.expires_on),
            anchor_day: Some(term.anchor_day),
            ..Self::default()
        }
    }
}

/// Changes every licence of a customer in nothing but its revision, so that whoever read one before reads it again.
///
/// # Errors
/// Of the database.
pub fn touch_of_customer(
    tx: &mut WriteTx<'_>,
    customer: &Visible<crate::domain::customer::Customer>,
) -> Result<()> {
    diesel::update(licenses::table.filter(licenses::customer_id.eq(customer.id)))
        .set(licenses::revision.eq(licenses::revision + 1))
        .execute(tx.conn)?;
    Ok(())
}

/// Changes a licence that still is as it was read.
///
/// # Errors
/// [`Again`](super::fault::Class::Again) where it is not: the operation reads it anew.
pub fn change(tx: &mut WriteTx<'_>, license: &Visible<License>, change: &Change) -> Result<()> {
    let guard = licenses::table.find(license.id).filter(
        licenses::revision
            .eq(license.revision)
            .and(licenses::devices_used.eq(license.devices_used))
            .and(licenses::users_used.eq(license.users_used)),
    );
    let change = change.bringing_back(license);
    let changed = diesel::update(guard)
        .set((&*change, licenses::revision.eq(licenses::revision + 1)))
        .execute(tx.conn)?;
    if changed == 0 {
        Err(super::fault::again())
    } else {
        Ok(())
    }
}

/// Sets the commercial terms of a licence.
///
/// # Errors
/// Of the database.
pub fn set_terms(tx: &mut WriteTx<'_>, license: &Visible<License>, terms: &Terms) -> Result<()> {
    diesel::update(license_terms::table.find(license.id))
        .set((
            license_terms::price_cents.eq(terms.price_cents),
            license_terms::discount_bp.eq(terms.discount_bp),
            license_terms::auto_renew.eq(terms.auto_renew),
            license_terms::renewal_method.eq(&terms.renewal_method),
            license_terms::properties.eq(Value::Object(terms.properties.clone()).to_string()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Notes why a licence was revoked.
///
/// # Errors
/// Of the database.
pub fn note_revocation(tx: &mut WriteTx<'_>, license: &Visible<License>, note: &str) -> Result<()> {
    diesel::update(license_terms::table.find(license.id))
        .set(license_terms::revoked_note.eq(note))
        .execute(tx.conn)?;
    Ok(())
}

/// A suspension that stands.
#[derive(Debug, Clone, Queryable)]
pub struct Suspension {
    /// Identifier.
    pub id: SuspensionId,
    /// Why.
    pub reason: SuspensionReason,
    /// In words.
    pub note: Option<String>,
    /// Whose it is; none for the vendor's.
    pub node: Option<NodeId>,
    /// Since when, UTC.
    pub since: NaiveDateTime,
}

/// The suspensions of a licence that stand, oldest first.
///
/// # Errors
/// Of the database.
pub fn suspensions(tx: &mut ReadTx<'_>, license: &Visible<License>) -> Result<Vec<Suspension>> {
    Ok(suspensions::table
        .filter(
            suspensions::license_id
                .eq(license.id)
                .and(suspensions::lifted_at.is_null()),
        )
        .order(suspensions::id)
        .select((
            suspensions::id,
            suspensions::reason,
            suspensions::note,
            suspensions::node_id,
            suspensions::created_at,
        ))
        .load(tx.conn)?)
}

/// Suspends a licence.
///
/// # Errors
/// As [`change`].
pub fn suspend(
    tx: &mut WriteTx<'_>,
    license: &Visible<License>,
    reason: SuspensionReason,
    note: Option<&str>,
    by: (Option<NodeId>, Option<UserId>),
) -> Result<()> {
    change(
        tx,
        license,
        &Change {
            suspensions: Some(license.suspensions + 1),
            ..Change::default()
        },
    )?;
    let now = tx.now();
    diesel::insert_into(suspensions::table)
        .values((
            suspensions::id.eq(SuspensionId::at(now)),
            suspensions::license_id.eq(license.id),
            suspensions::reason.eq(reason),
            suspensions::note.eq(note),
            suspensions::node_id.eq(by.0),
            suspensions::created_by.eq(by.1),
            suspensions::created_at.eq(At(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Lifts suspensions of a licence.
///
/// # Errors
/// As [`change`].
pub fn lift(
    tx: &mut WriteTx<'_>,
    license: &Visible<License>,
    which: &[SuspensionId],
    by: Option<UserId>,
) -> Result<()> {
    let left = license.suspensions - i32::try_from(which.len()).unwrap_or(i32::MAX);
    change(
        tx,
        license,
        &Change {
            suspensions: Some(left),
            ..Change::default()
        },
    )?;
    let now = tx.now();
    diesel::update(suspensions::table.filter(suspensions::id.eq_any(which)))
        .set((suspensions::lifted_at.eq(At(now)), suspensions::lifted_by.eq(by)))
        .execute(tx.conn)?;
    Ok(())
}

/// Takes the agent off all licences of a customer that is about to go to another company; how many those are. The
/// database lets no licence have an agent of another company, and moves licences along with their customer.
///
/// # Errors
/// Of the database.
pub fn leave_agents(
    tx: &mut WriteTx<'_>,
    customer: &Visible<crate::domain::customer::Customer>,
) -> Result<usize> {
    Ok(
        diesel::update(licenses::table.filter(licenses::customer_id.eq(customer.id)))
            .set((
                licenses::agent_id.eq(None::<NodeId>),
                licenses::revision.eq(licenses::revision + 1),
            ))
            .execute(tx.conn)?,
    )
}

/// Gives all licences of a customer to its company and agent.
///
/// # Errors
/// Of the database.
pub fn follow_customer(
    tx: &mut WriteTx<'_>,
    customer: &Visible<crate::domain::customer::Customer>,
    company: Option<NodeId>,
    agent: Option<NodeId>,
) -> Result<()> {
    diesel::update(licenses::table.filter(licenses::customer_id.eq(customer.id)))
        .set((licenses::company_id.eq(company), licenses::agent_id.eq(agent)))
        .execute(tx.conn)?;
    Ok(())
}

/// How many trials, or other licences, a node has that are not revoked; a company's with all below it. What quotas
/// count.
///
/// # Errors
/// Of the database.
pub fn count_of(tx: &mut ReadTx<'_>, node: &Node, trials: bool) -> Result<i64> {
    tallies::of_node(tx, node, trials)
}
