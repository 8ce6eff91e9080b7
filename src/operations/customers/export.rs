//! Customers as a list that leaves the house.

use crate::{
    domain::{
        access::{Permit, right::ReadCustomers},
        audit::{Event, EventKind},
        customer::Customer,
        error::Result,
        ids::{CustomerId, NodeId},
    },
    operations::App,
    store::{
        Done,
        customers::{self, Filter},
        directory,
        page::Page,
    },
};

/// Rows of an export at most: what is longer is narrowed first.
pub const EXPORTED: usize = 10_000;

/// A customer in such a list.
#[derive(Debug, Clone)]
pub struct Line {
    /// The customer.
    pub customer: Customer,
    /// The company's name, where the caller sees the company.
    pub company: Option<String>,
    /// The agent's name, where the caller sees the agent.
    pub agent: Option<String>,
    /// How many licences they have.
    pub licenses: i64,
}

/// Hands a list of customers out as it is filtered, and writes down to whom before it goes; none, and no record, where
/// it is longer than an export may be.
///
/// # Errors
/// Of the database.
pub async fn export(
    app: &App,
    permit: Permit<ReadCustomers>,
    filter: Filter,
    format: &'static str,
) -> Result<Option<Vec<Line>>> {
    let scope = permit.scope();
    let lines = app
        .db
        .read(move |tx| {
            let slice = customers::list(tx, scope, &filter, &Page::first(EXPORTED))?;
            if slice.next.is_some() {
                return Ok(None);
            }
            let ids: Vec<CustomerId> = slice.rows.iter().map(|row| row.id).collect();
            let mut nodes: Vec<NodeId> = slice
                .rows
                .iter()
                .flat_map(|row| [row.company_id, row.agent_id])
                .flatten()
                .collect();
            nodes.sort_unstable();
            nodes.dedup();
            let names = directory::node_names(tx, scope, &nodes)?;
            let licenses = directory::licenses_of_customers(tx, scope, &ids)?;
            let name = |id: Option<NodeId>| names.get(&id?).cloned();
            let lines = slice.rows.into_iter().map(|row| Line {
                company: name(row.company_id),
                agent: name(row.agent_id),
                licenses: licenses.get(&row.id).copied().unwrap_or(0),
                customer: row.into_inner(),
            });
            Ok(Some(lines.collect::<Vec<_>>()))
        })
        .await?;
    let Some(lines) = lines else { return Ok(None) };
    let event = Event::export(EventKind::CustomersExported, permit.actor())
        .with("formato", format)
        .with("righe", lines.len());
    app.db
        .operation(permit.actor(), app.clock.now(), move |_| {
            Ok(Done::changed((), event.clone()))
        })
        .await?;
    Ok(Some(lines))
}
