//! Batches: licences that were generated together, seen, downloaded and stopped as one.

use super::view::open_key;
use crate::{
    domain::{
        access::{
            Permit,
            right::{ReadLicenses, RevokeLicense},
        },
        audit::{Event, EventKind, Owner, Subject},
        company_rules::Graces,
        customer::Standing,
        error::{Conflict, Error, Result},
        ids::*,
        license::{LicenseState, Sheet},
        product::Product,
        scope::Scope,
    },
    operations::App,
    store::{
        Done, ReadTx, Visible,
        batches::{self, Batch},
        company_rules, licenses, names,
        page::{Page, Slice},
        products,
    },
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A licence of a batch, with its key in clear.
#[derive(Debug, Clone)]
pub struct Row {
    /// The licence.
    pub sheet: Sheet,
    /// Its activation key, grouped.
    pub key: String,
    /// Its state.
    pub state: LicenseState,
    /// Its customer's name.
    pub customer: Option<String>,
}

/// Names beside a batch; none for what the reader does not see.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The company's.
    pub company: Option<String>,
    /// The agent's.
    pub agent: Option<String>,
    /// The customer's.
    pub customer: Option<String>,
    /// Whose who made it.
    pub by: Option<String>,
}

/// A batch with all that its page shows.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The batch.
    pub batch: Batch,
    /// Its product.
    pub product: Product,
    /// Whether the reader sells it.
    pub is_offered: bool,
    /// Names.
    pub names: Names,
    /// How many of its licences are in each state, of those that the reader sees.
    pub states: BTreeMap<LicenseState, i64>,
}

fn owner(batch: &Batch) -> Owner {
    Owner {
        company: batch.company_id,
        agent: batch.agent_id,
        customer: batch.customer_id,
    }
}

fn subject(batch: &Batch) -> Subject {
    Subject {
        kind: "lotto",
        id: batch.id.0,
    }
}

/// A batch with its counts, and a slice of its licences.
///
/// # Errors
/// [`Error::NotFound`].
pub fn detail(
    app: &App,
    tx: &mut ReadTx<'_>,
    scope: Scope,
    id: BatchId,
    page: &Page,
    today: NaiveDate,
) -> Result<(Detail, Slice<Row>)> {
    let batch = batches::get(tx, scope, id)?;
    let product = products::get(tx, batch.product_id)?;
    let graces = graces(tx, &product)?;
    let is_offered = products::is_offered(tx, scope, batch.product_id)?;
    let facts = batches::facts(tx, scope, &batch)?;
    let slice = licenses::of_batch(tx, scope, &batch, page)?;
    let people: BTreeSet<CustomerId> = facts.iter().filter_map(|(customer, ..)| *customer).collect();
    let standings = licenses::standings(tx, &people.into_iter().collect::<Vec<_>>())?;
    let mut states = BTreeMap::new();
    for (customer, company, facts) in &facts {
        let standing = customer.and_then(|customer| standings.get(&customer));
        let grace = graces.days(batch.product_id, *company);
        *states.entry(facts.state(standing, grace, today)).or_default() += 1;
    }
    let shown: BTreeSet<CustomerId> = slice
        .rows
        .iter()
        .filter_map(|sheet| sheet.customer_id)
        .chain(batch.customer_id)
        .collect();
    let customers = names::customers(tx, scope, &shown)?;
    let nodes = names::nodes(
        tx,
        scope,
        &batch.company_id.into_iter().chain(batch.agent_id).collect(),
    )?;
    let users = names::users(tx, scope, &batch.created_by.into_iter().collect())?;
    let names = Names {
        company: batch.company_id.and_then(|id| nodes.get(&id).cloned()),
        agent: batch.agent_id.and_then(|id| nodes.get(&id).cloned()),
        customer: batch.customer_id.and_then(|id| customers.get(&id).cloned()),
        by: batch.created_by.and_then(|id| users.get(&id).cloned()),
    };
    let next = slice.next;
    let rows = rows(app, slice.rows, &standings, &customers, &graces, today)?;
    let detail = Detail {
        batch: batch.into_inner(),
        product,
        is_offered,
        names,
        states,
    };
    Ok((detail, Slice { rows, next }))
}

fn graces(tx: &mut ReadTx<'_>, product: &Product) -> Result<Graces> {
    company_rules::graces(tx, [(product.rules.id, product.rules.grace_days)])
}

fn rows(
    app: &App,
    sheets: Vec<Visible<Sheet>>,
    standings: &BTreeMap<CustomerId, Standing>,
    customers: &BTreeMap<CustomerId, String>,
    graces: &Graces,
    today: NaiveDate,
) -> Result<Vec<Row>> {
    sheets
        .into_iter()
        .map(|sheet| {
            let sheet = sheet.into_inner();
            let customer = sheet.customer_id;
            let standing = customer.and_then(|customer| standings.get(&customer));
            Ok(Row {
                key: open_key(app, &sheet)?,
                state: sheet.state(standing, graces.days(sheet.product_id, sheet.company_id), today),
                customer: customer.and_then(|customer| customers.get(&customer).cloned()),
                sheet,
            })
        })
        .collect()
}

/// What leaves the house: a batch's keys in clear.
#[derive(Debug, Clone)]
pub struct Export {
    /// The batch.
    pub batch: Batch,
    /// Its product.
    pub product: Product,
    /// Its licences that the reader sees, oldest first.
    pub rows: Vec<Row>,
}

/// Hands the keys of a batch out, and writes down to whom, before they go.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn export(
    app: &App,
    permit: Permit<ReadLicenses>,
    id: BatchId,
    today: NaiveDate,
    format: &'static str,
) -> Result<Export> {
    let scope = permit.scope();
    let app_ = app.clone();
    let export = app
        .db
        .read(move |tx| {
            let batch = batches::get(tx, scope, id)?;
            let product = products::get(tx, batch.product_id)?;
            let all = Page::first(usize::try_from(batch.quantity).unwrap_or_default());
            let mut sheets = licenses::of_batch(tx, scope, &batch, &all)?.rows;
            sheets.reverse();
            let people: BTreeSet<CustomerId> = sheets.iter().filter_map(|sheet| sheet.customer_id).collect();
            let standings = licenses::standings(tx, &people.iter().copied().collect::<Vec<_>>())?;
            let customers = names::customers(tx, scope, &people)?;
            let graces = graces(tx, &product)?;
            let rows = rows(&app_, sheets, &standings, &customers, &graces, today)?;
            Ok(Export {
                batch: batch.into_inner(),
                product,
                rows,
            })
        })
        .await?;
    let event = Event::new(
        EventKind::KeysExported,
        subject(&export.batch),
        owner(&export.batch),
    )
    .with("formato", format)
    .with("chiavi", export.rows.len());
    app.db
        .operation(permit.actor(), app.clock.now(), move |_| {
            Ok(Done::changed((), event.clone()))
        })
        .await?;
    Ok(export)
}

/// Licences of a batch that its record names.
const NAMED: usize = 50;

/// Revokes all licences of a batch that are not revoked; how many those were. There is no way back.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where none is left.
pub async fn revoke(app: &App, permit: Permit<RevokeLicense>, id: BatchId, note: String) -> Result<usize> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let batch = batches::get(tx, scope, id)?;
            let revoked = batches::revoke(tx, scope, &batch, &note)?;
            if revoked.is_empty() {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let first: Vec<LicenseId> = revoked.iter().take(NAMED).map(|(id, _)| *id).collect();
            let mut events: Vec<Event> = revoked
                .iter()
                .map(|(id, owner)| {
                    let license = Subject {
                        kind: "licenza",
                        id: id.0,
                    };
                    Event::new(EventKind::LicenseRevoked, license, *owner)
                        .with("motivo", &note)
                        .with("lotto", batch.id)
                })
                .collect();
            // Last, so that it stands above those of its licences.
            events.push(
                Event::new(EventKind::BatchRevoked, subject(&batch), owner(&batch))
                    .with("motivo", &note)
                    .with("quantita", revoked.len())
                    .with("licenze", first),
            );
            Ok(Done::Changed(revoked.len(), events))
        })
        .await
}
