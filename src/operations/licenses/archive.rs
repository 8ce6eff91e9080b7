//! Putting licences away that run nowhere, and bringing them back (decision 0021). It is about what people see: what a
//! licence may do is the same before and after.

use crate::{
    domain::{
        access::{Permit, right::ArchiveLicense},
        audit::{Event, EventKind},
        calendar,
        company_rules::Graces,
        customer::Standing,
        error::{Conflict, Error, Result},
        ids::{CustomerId, LicenseId},
        license::License,
    },
    operations::App,
    store::{At, Done, ReadTx, licenses, products},
};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::{BTreeMap, BTreeSet};

/// What the states of licences follow from beside themselves.
pub(super) struct Around {
    standings: BTreeMap<CustomerId, Standing>,
    graces: Graces,
}

impl Around {
    /// Of these licences: the same two queries for ten thousand as for one.
    pub(super) fn read<'l>(tx: &mut ReadTx<'_>, of: impl Iterator<Item = &'l License>) -> Result<Self> {
        let people: BTreeSet<CustomerId> = of.filter_map(|license| license.customer_id).collect();
        let standings = licenses::standings(tx, &people.into_iter().collect::<Vec<_>>())?;
        Ok(Self {
            standings,
            graces: products::graces(tx)?,
        })
    }

    fn is_idle(&self, license: &License, today: NaiveDate) -> bool {
        let standing = license.customer_id.and_then(|id| self.standings.get(&id));
        let days = self.graces.days(license.product_id, license.company_id);
        let state = license.state(standing, days, today);
        license.is_idle(state)
    }
}

/// Puts a licence away.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it runs, or was put away before.
pub async fn archive(
    app: &App,
    permit: Permit<ArchiveLicense>,
    id: LicenseId,
    note: Option<String>,
) -> Result<()> {
    let (scope, zone) = (permit.scope(), app.zone);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            let around = Around::read(tx, std::iter::once(&*license))?;
            let at = (tx.now(), calendar::today(tx.now(), zone));
            let (change, event) = decide(&license, &around, note.as_ref(), at)?;
            licenses::change(tx, &license, &change)?;
            Ok(Done::changed((), event))
        })
        .await
}

/// Whether a licence can be put away, with its change and the record of it.
pub(super) fn decide(
    license: &License,
    around: &Around,
    note: Option<&String>,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<(licenses::Change, Event)> {
    if license.archived_at.is_some() || !around.is_idle(license, today) {
        return Err(Error::Conflict(Conflict::WrongState));
    }
    let change = licenses::Change {
        archived_at: Some(Some(At(now))),
        ..licenses::Change::default()
    };
    let event = Event::license(EventKind::LicenseArchived, license).with("motivo", note);
    Ok((change, event))
}

/// Brings a licence back.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it was not put away.
pub async fn restore(
    app: &App,
    permit: Permit<ArchiveLicense>,
    id: LicenseId,
    note: Option<String>,
) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            let (change, event) = decide_back(&license, note.as_ref())?;
            licenses::change(tx, &license, &change)?;
            Ok(Done::changed((), event))
        })
        .await
}

/// Whether a licence can be brought back, with its change and the record of it.
pub(super) fn decide_back(license: &License, note: Option<&String>) -> Result<(licenses::Change, Event)> {
    if license.archived_at.is_none() {
        return Err(Error::Conflict(Conflict::WrongState));
    }
    let change = licenses::Change {
        archived_at: Some(None),
        ..licenses::Change::default()
    };
    let event = Event::license(EventKind::LicenseRestored, license).with("motivo", note);
    Ok((change, event))
}
