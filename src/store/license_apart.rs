//! Licences that are few and mostly not among the newest: a list of them that walked from the newest on would walk for long.

use super::{
    db::ReadTx,
    license_lists::{Order, behind_id},
    licenses::{Filter, Row, UNASSIGNED, in_state, matching_in},
    schema::{customers, licenses, nodes},
    tenancy,
};
use crate::domain::{
    company_rules::Graces, customer::CustomerState, error::Result, ids::LicenseId, license::LicenseState,
    scope::Scope,
};
use chrono::NaiveDate;
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Binary, Bool},
};

/// What there are indexes of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    /// Suspended themselves, or with their customer.
    Suspended,
    /// Their customer waits to be validated.
    Pending,
    /// Without a company, or an agent where the company wants one.
    Unassigned,
}

/// A slice of them, by the identifier.
///
/// # Errors
/// Of the database.
pub(super) fn read(
    tx: &mut ReadTx<'_>,
    (scope, filter, (today, grace)): (Scope, &Filter, (NaiveDate, &Graces)),
    which: Apart,
    order: Order,
    after: Option<[u8; 16]>,
    limit: i64,
) -> Result<Vec<(Option<String>, Row)>> {
    let others = Filter {
        state: None,
        waiting: None,
        ..filter.clone()
    };
    let wanted = || matching_in(scope, &others, today, grace, true);
    let customers_in = |state: CustomerState| {
        let ids = customers::table
            .filter(customers::state.eq(state))
            .select(customers::id.nullable());
        wanted().filter(licenses::customer_id.eq_any(ids))
    };
    // Slices that are disjoint, each with whether an index has it in the order of identifiers.
    let slices = match which {
        Apart::Suspended => {
            let themselves = wanted().filter(sql::<Bool>("licenses.stopped = 1"));
            let with_customer = customers_in(CustomerState::Suspended)
                .filter(sql::<Bool>("COALESCE(licenses.stopped, 0) = 0"));
            [Some((themselves, true)), Some((with_customer, false))]
        }
        Apart::Pending => {
            let pending =
                customers_in(CustomerState::Pending).filter(in_state(LicenseState::Pending, today, grace));
            [Some((pending, false)), None]
        }
        Apart::Unassigned => {
            let unassigned = || wanted().filter(sql::<Bool>(UNASSIGNED));
            let wanting = nodes::table
                .filter(nodes::wants_agent.eq(true))
                .select(nodes::id.nullable());
            let nobodys = unassigned().filter(licenses::company_id.is_null());
            let companys = unassigned().filter(licenses::company_id.eq_any(wanting));
            [Some((nobodys, false)), Some((companys, false))]
        }
    };
    // The rows themselves are read once it is known which.
    let mut ids: Vec<LicenseId> = Vec::new();
    for (query, is_indexed) in slices.into_iter().flatten() {
        // What is sorted is sorted by what no index has, or the newest licence of all would be begun with.
        let sorted = sql::<Binary>("COALESCE(licenses.id, '')");
        let query = behind_id(query, order, after);
        let query = match (is_indexed, order.descending) {
            (true, true) => query.order(licenses::id.desc()),
            (true, false) => query.order(licenses::id.asc()),
            (false, true) => query.order(sorted.desc()),
            (false, false) => query.order(sorted.asc()),
        };
        ids.extend(
            query
                .limit(limit)
                .select(licenses::id)
                .load::<LicenseId>(tx.conn)?,
        );
    }
    let in_order = |a: &LicenseId, b: &LicenseId| if order.descending { b.cmp(a) } else { a.cmp(b) };
    ids.sort_unstable_by(in_order);
    ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let mut rows: Vec<Row> = tenancy::licenses(scope)
        .filter(licenses::id.eq_any(ids))
        .select(Row::as_select())
        .load(tx.conn)?;
    rows.sort_unstable_by(|a, b| in_order(&a.id, &b.id));
    Ok(rows.into_iter().map(|row| (None, row)).collect())
}
