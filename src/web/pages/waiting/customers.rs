//! Customers who wait for validation, with what they have meanwhile.

use super::{CUSTOMERS, assigns, counts, head, pending};
use crate::{
    domain::{
        access::{Permit, right::ReadCustomers},
        calendar,
        company_rules::{CompanyRules, pending_days},
        customer::{Customer, Standing},
        ids::{CustomerId, NodeId},
        license::{LicenseKind, Sheet, days_after},
    },
    operations::App,
    store::{
        Visible, company_rules,
        customers::{self, Filter},
        directory, licenses,
        products::{self, Brief},
        proposals::{self, Proposal},
        registrations,
    },
    web::{
        form::Form,
        input::{Check, Query},
        page::{Answer, Page},
        pages::addresses,
    },
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use rocket::{State, get};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Licences that are told of all customers of a page.
pub(super) const LICENSES_READ: i64 = 500;
/// Customers that somebody spoke for, at most.
const PROPOSED: i64 = 100;
/// Licences that are told of each customer.
const LICENSES_SHOWN: usize = 3;

/// The companies that licences belong to.
pub(super) fn companies(of: &[Visible<Sheet>]) -> BTreeSet<NodeId> {
    of.iter().filter_map(|sheet| sheet.company_id).collect()
}

/// What a waiting customer's licences do meanwhile, and what they will once it is decided.
pub(super) fn holdings(
    customer: &Customer,
    of: &[Visible<Sheet>],
    (products, lines): (&[Brief], &BTreeMap<NodeId, Vec<CompanyRules>>),
    today: NaiveDate,
    zone: Tz,
) -> Vec<Value> {
    let standing = Standing {
        state: customer.state,
        confirmed: customer.email_confirmed_at.is_some(),
    };
    of.iter()
        .filter(|sheet| sheet.customer_id == Some(customer.id))
        .take(LICENSES_SHOWN)
        .map(|sheet| {
            let product = products.iter().find(|product| product.id == sheet.product_id);
            let line = sheet.company_id.and_then(|company| lines.get(&company));
            let days = pending_days(
                product.map_or(0, |product| product.pending_days),
                line.map_or(&[], Vec::as_slice),
            );
            let days = standing.pending_days(days);
            // As a device is told: so many days from the first activation, and never past its own last day.
            let stops = sheet
                .activated_at
                .filter(|_| sheet.is_pending(Some(&standing)))
                .map(|at| days_after(calendar::today(at, zone), days))
                .into_iter()
                .chain(sheet.expires_on)
                .min();
            let after = if sheet.owes_start() {
                sheet.term_from(today).expires_on
            } else {
                sheet.expires_on
            };
            json!({
                "id": sheet.license.id,
                "product": product.map(|product| &product.name),
                "trial": sheet.kind == LicenseKind::Trial,
                "kind": sheet.kind,
                "active": sheet.activated_at.is_some(),
                "stops_on": stops.filter(|_| sheet.activated_at.is_some()),
                "starts": sheet.owes_start(),
                "after": after,
            })
        })
        .collect()
}

/// The customers who wait, and whom the reader sees.
#[get("/in-attesa")]
pub(crate) async fn clienti(app: &State<App>, permit: Permit<ReadCustomers>, query: Query) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let (scope, zone) = (permit.scope(), app.zone);
    let today = calendar::today(app.clock.now(), zone);
    let assigns = assigns(permit.actor());
    let superadmin = permit.actor().is_superadmin();
    let (rows, next, counts) = app
        .db
        .read(move |tx| {
            // Those that somebody spoke for stand before all others, and so on the first page.
            let proposed = if page.before.is_none() {
                proposals::waiting(tx, scope, PROPOSED)?
            } else {
                Vec::new()
            };
            let others = Filter {
                unproposed: true,
                ..pending()
            };
            let found = customers::list(tx, scope, &others, &page)?;
            let proposals: BTreeMap<CustomerId, Proposal> = proposed
                .iter()
                .map(|(customer, proposal)| (customer.id, proposal.clone()))
                .collect();
            let all: Vec<Visible<Customer>> = proposed
                .into_iter()
                .map(|(customer, _)| customer)
                .chain(found.rows)
                .collect();
            let ids: Vec<CustomerId> = all.iter().map(|row| row.id).collect();
            let links = registrations::links_followed(tx, &all)?;
            let nodes: Vec<NodeId> = all
                .iter()
                .flat_map(|row| [row.company_id, row.agent_id])
                .chain(links.values().copied())
                .flatten()
                .collect();
            let names = directory::node_names(tx, scope, &nodes)?;
            let products = products::brief(tx, scope)?;
            let held = licenses::of_customers(tx, &all, LICENSES_READ)?;
            let lines = company_rules::lines(tx, &companies(&held))?;
            let numbers = directory::licenses_of_customers(tx, scope, &ids)?;
            let counts = counts(tx, scope, today, assigns)?;
            let rows: Vec<Value> = all
                .iter()
                .map(|row| {
                    let proposal = proposals.get(&row.id);
                    let link = links.get(&row.id);
                    json!({
                        "id": row.id,
                        "name": row.name,
                        "email": row.email,
                        "phone": row.phone,
                        "call": addresses::call(row.phone.as_deref()),
                        "vat_number": row.vat_number,
                        "at": row.created_at,
                        "company": row.company_id.and_then(|id| names.get(&id)),
                        "agent": row.agent_id.and_then(|id| names.get(&id)),
                        "by_itself": link.is_some(),
                        "through": link.copied().flatten().and_then(|id| names.get(&id)),
                        "confirmed": row.email_confirmed_at.is_some(),
                        "proposed_at": proposal.map(|proposal| proposal.at),
                        "proposed_note": proposal.and_then(|proposal| proposal.note.as_ref()),
                        "double": superadmin && row.flagged_double,
                        "licenses": holdings(row, &held, (&products, &lines), today, zone),
                        "number": numbers.get(&row.id).copied().unwrap_or(0),
                    })
                })
                .collect();
            Ok((rows, found.next, counts))
        })
        .await?;
    let shown = json!({
        "head": head(permit.actor(), counts, CUSTOMERS),
        "rows": rows,
        "total": counts.0,
        "pager": addresses::pager(&query, CUSTOMERS, next),
        "form": Form::new()?,
    });
    Page::new("pages/waiting/customers", shown)?.reply()
}
