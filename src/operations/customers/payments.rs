//! What a customer pays, as it sees it itself.

use crate::{
    domain::{
        access::{Permit, right::ReadOwnPayments},
        error::Result,
        ids::LicenseId,
    },
    operations::App,
    store::{
        page::{Page, Slice},
        payments,
        statistics::{self, Label},
        transactions::Entry,
    },
};
use std::collections::BTreeMap;

/// What a customer pays.
#[derive(Debug)]
pub struct Payments {
    /// What is still to be paid, the earliest day first; with the first slice alone.
    pub due: Vec<Entry>,
    /// All of it, a slice, the newest first.
    pub rows: Slice<Entry>,
    /// The licences that they are for.
    pub licenses: BTreeMap<LicenseId, Label>,
}

/// Reads what a customer pays: the same few queries for a hundred rows as for one.
///
/// # Errors
/// Of the database.
pub async fn payments(app: &App, permit: Permit<ReadOwnPayments>, page: Page) -> Result<Payments> {
    let scope = permit.scope();
    app.db
        .read(move |tx| {
            let due = match page.before {
                None => payments::due(tx, scope)?,
                Some(_) => Vec::new(),
            };
            let rows = payments::list(tx, scope, &page)?;
            let mut of: Vec<LicenseId> = rows
                .rows
                .iter()
                .chain(&due)
                .filter_map(|row| row.license)
                .collect();
            of.sort_unstable();
            of.dedup();
            let licenses = match of.is_empty() {
                true => BTreeMap::new(),
                false => statistics::labels(tx, scope, &of)?,
            };
            Ok(Payments { due, rows, licenses })
        })
        .await
}
