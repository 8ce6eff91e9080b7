//! Licences as people look through them: rows with the names of what they point at, and the numbers of each state.

use super::view::open_key;
use crate::{
    domain::{
        access::{Permit, right::ReadLicenses},
        audit::{Event, EventKind},
        company::NodeKind,
        company_rules::Graces,
        error::{Error, Result},
        ids::*,
        license::{LicenseState, Sheet},
        scope::Scope,
    },
    operations::App,
    store::{
        Done, ReadTx, license_bulk,
        license_counts::{self, Counts},
        license_lists::{self, Order},
        licenses::{self, Filter},
        names::{self, Choice},
        page::{Cursor, Window},
        products::{self, Brief},
    },
};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::{BTreeMap, BTreeSet};

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Which licences; their product is named below.
    pub filter: Filter,
    /// Of the product with this code.
    pub product: Option<String>,
    /// In which order.
    pub order: Order,
    /// Which slice.
    pub window: Window,
    /// The day, where the installation is.
    pub today: NaiveDate,
    /// These alone, each of which the caller has to see, whatever is asked above.
    pub only: Option<BTreeSet<LicenseId>>,
}

/// A licence in a list.
#[derive(Debug, Clone)]
pub struct Line {
    /// The licence.
    pub sheet: Sheet,
    /// The activation key, grouped.
    pub key: String,
    /// The state.
    pub state: LicenseState,
    /// Whether it works by grace alone.
    pub in_grace: bool,
    /// Whether the caller sells its product.
    pub is_offered: bool,
    /// The product's name.
    pub product: String,
    /// The customer's name, where the caller sees the customer.
    pub customer: Option<String>,
    /// The company's name, where the caller sees the company.
    pub company: Option<String>,
    /// The agent's name, where the caller sees the agent.
    pub agent: Option<String>,
    /// When a device was last heard of, UTC.
    pub last_contact: Option<NaiveDateTime>,
}

/// A slice with all that its page shows.
#[derive(Debug)]
pub struct Listed {
    /// The rows.
    pub lines: Vec<Line>,
    /// Where the next slice begins; none at the end.
    pub next: Option<Cursor>,
    /// How many there are in each state, whatever state was asked for.
    pub counts: Counts,
    /// Every product, with those that the caller does not sell.
    pub products: Vec<Brief>,
    /// The companies and agents to choose among.
    pub choices: Vec<Choice>,
    /// The name of the customer that was asked for.
    pub customer: Option<String>,
}

/// The rows of a slice, with what was read on the way.
struct Rows {
    lines: Vec<Line>,
    next: Option<Cursor>,
    filter: Filter,
    products: Vec<Brief>,
    grace: Graces,
    customers: BTreeMap<CustomerId, String>,
    nodes: BTreeMap<NodeId, (String, NodeKind)>,
}

/// Lists licences: as many queries for two hundred as for one.
///
/// # Errors
/// [`Error::NotFound`] for a customer, a node or a product that the caller does not see.
pub fn list(app: &App, tx: &mut ReadTx<'_>, scope: Scope, wanted: &Wanted) -> Result<Listed> {
    let mut choices = names::choices(tx, scope)?;
    let Rows {
        lines,
        next,
        filter,
        products,
        grace,
        customers,
        nodes,
    } = rows(app, tx, scope, wanted, &choices)?;
    let counts = license_counts::count_by_state(tx, scope, &filter, wanted.today, &grace)?;
    // Whoever was asked for can be chosen, however many there are.
    for id in [filter.company, filter.agent].into_iter().flatten() {
        if let (false, Some((name, kind))) = (choices.iter().any(|choice| choice.id == id), nodes.get(&id)) {
            choices.push(Choice {
                id,
                name: name.clone(),
                kind: *kind,
                parent: None,
            });
        }
    }
    let customer = filter.customer.and_then(|id| customers.get(&id).cloned());
    Ok(Listed {
        lines,
        next,
        counts,
        products,
        choices,
        customer,
    })
}

/// Rows of an export at most: what is longer is narrowed first.
pub const EXPORTED: usize = 10_000;

/// Hands a list out as it is filtered, and writes down to whom before it goes; none, and no record, where it is longer
/// than an export may be. Whoever sees a licence reads its key too: both are one right.
///
/// # Errors
/// As [`list`].
pub async fn export(
    app: &App,
    permit: Permit<ReadLicenses>,
    mut wanted: Wanted,
    format: &'static str,
) -> Result<Option<Vec<Line>>> {
    wanted.window = Window {
        limit: EXPORTED,
        after: None,
    };
    let (scope, app_) = (permit.scope(), app.clone());
    let rows = app
        .db
        .read(move |tx| rows(&app_, tx, scope, &wanted, &[]))
        .await?;
    if rows.next.is_some() {
        return Ok(None);
    }
    let event = Event::export(EventKind::LicensesExported, permit.actor())
        .with("formato", format)
        .with("righe", rows.lines.len());
    app.db
        .operation(permit.actor(), app.clock.now(), move |_| {
            Ok(Done::changed((), event.clone()))
        })
        .await?;
    Ok(Some(rows.lines))
}

/// Which licences are wanted, with the products that the list is about: its product found.
///
/// # Errors
/// [`Error::NotFound`] for a product that is none.
pub(super) fn filter(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    wanted: &Filter,
    product: Option<&str>,
) -> Result<(Filter, Vec<Brief>)> {
    let mut filter = wanted.clone();
    let products = products::brief(tx, scope)?;
    if let Some(code) = product {
        let mut offered = products.iter().filter(|product| product.is_offered);
        let product = offered.find(|product| product.code == code);
        filter.product = Some(product.ok_or(Error::NotFound)?.id);
    }
    Ok((filter, products))
}

/// The rows of a slice; companies and agents that are to choose among have told their names already.
fn rows(app: &App, tx: &mut ReadTx<'_>, scope: Scope, wanted: &Wanted, choices: &[Choice]) -> Result<Rows> {
    let (filter, products) = filter(tx, scope, &wanted.filter, wanted.product.as_deref())?;
    let grace = products::graces_of(tx, &products)?;
    let at = (wanted.today, &grace);
    let found = match &wanted.only {
        Some(ids) => license_lists::Sorted {
            rows: license_bulk::these(tx, scope, ids)?,
            next: None,
        },
        None => license_lists::sorted(tx, scope, &filter, at, wanted.order, &wanted.window)?,
    };
    let contacts = license_lists::last_contacts(tx, &found.rows)?;

    let of_rows: BTreeSet<CustomerId> = found.rows.iter().filter_map(|sheet| sheet.customer_id).collect();
    let standings = licenses::standings(tx, &of_rows.iter().copied().collect::<Vec<_>>())?;
    let customers: BTreeSet<CustomerId> = of_rows.into_iter().chain(filter.customer).collect();
    let customers = names::customers(tx, scope, &customers)?;
    let asked_nodes = [filter.company, filter.agent].into_iter().flatten();
    let mut nodes: BTreeSet<NodeId> = asked_nodes.clone().collect();
    for sheet in &found.rows {
        nodes.extend([sheet.company_id, sheet.agent_id].into_iter().flatten());
    }
    let known = choices.iter().filter(|choice| nodes.contains(&choice.id));
    let mut named: BTreeMap<NodeId, (String, NodeKind)> = known
        .map(|choice| (choice.id, (choice.name.clone(), choice.kind)))
        .collect();
    nodes.retain(|id| !named.contains_key(id));
    named.append(&mut names::nodes_with_kinds(tx, scope, &nodes)?);
    let nodes = named;
    let unseen = filter.customer.is_some_and(|id| !customers.contains_key(&id))
        || asked_nodes.clone().any(|id| !nodes.contains_key(&id));
    if unseen {
        return Err(Error::NotFound);
    }
    let by_id: BTreeMap<ProductId, &Brief> = products.iter().map(|product| (product.id, product)).collect();
    let name = |id: Option<NodeId>| nodes.get(&id?).map(|(name, _)| name.clone());
    let lines = found
        .rows
        .into_iter()
        .map(|sheet| {
            let sheet = sheet.into_inner();
            let product = by_id.get(&sheet.product_id).ok_or(Error::NotFound)?;
            let standing = sheet.customer_id.and_then(|id| standings.get(&id));
            let days = grace.days(sheet.product_id, sheet.company_id);
            Ok(Line {
                key: open_key(app, &sheet)?,
                state: sheet.state(standing, days, wanted.today),
                in_grace: sheet.is_in_grace(days, wanted.today),
                is_offered: product.is_offered,
                product: product.name.clone(),
                customer: sheet.customer_id.and_then(|id| customers.get(&id).cloned()),
                company: name(sheet.company_id),
                agent: name(sheet.agent_id),
                last_contact: contacts.get(&sheet.license.id).copied(),
                sheet,
            })
        })
        .collect::<Result<_>>()?;
    Ok(Rows {
        lines,
        next: found.next,
        filter,
        products,
        grace,
        customers,
        nodes,
    })
}
