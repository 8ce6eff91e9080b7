//! Making one of two customers: the vendor's alone, since they may be of companies that do not know of each other.

use crate::{
    domain::{
        access::{Permit, right::MergeCustomers},
        audit::{Event, EventKind},
        customer::Customer,
        error::{Conflict, Error, Fault, Result, expect_revision},
        ids::{CustomerId, NodeId},
    },
    operations::App,
    store::{Done, customers, licenses, merging},
};

/// Doubles that are looked at again once one of them is gone.
const LOOKED_AT: i64 = 20;

/// Which two, as the caller read them.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// Who stays.
    pub stays: CustomerId,
    /// Its revision.
    pub stays_revision: Option<i32>,
    /// Who becomes part of it.
    pub goes: CustomerId,
    /// Its revision.
    pub goes_revision: Option<i32>,
    /// Whose of the two it is to be from now on: to be said where they are of two companies.
    pub of: Option<CustomerId>,
}

/// Gives all that one customer has to the other, fills what the other does not say of itself, and archives the one. Two
/// of different states are not merged: whoever waits is decided first, whoever was stopped goes on first.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`], [`Error::Invalid`].
pub async fn merge(app: &App, permit: Permit<MergeCustomers>, pair: Pair) -> Result<()> {
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            if pair.stays == pair.goes {
                return Err(Error::field("altro", Fault::Invalid));
            }
            let stays = customers::get(tx, scope, pair.stays)?;
            let goes = customers::get(tx, scope, pair.goes)?;
            expect_revision(stays.revision, pair.stays_revision)?;
            expect_revision(goes.revision, pair.goes_revision)?;
            // Nobody becomes somebody again.
            for one in [&stays, &goes] {
                if merging::fate(tx, one)?.anonymised_at.is_some() {
                    return Err(Error::Conflict(Conflict::WrongState));
                }
            }
            if stays.state != goes.state {
                return Err(Error::field("altro", Fault::Incompatible));
            }
            let (company, agent) = whose(&stays, &goes, pair.of)?;
            let shared = customers::doubles(tx, scope, &goes, LOOKED_AT)?;
            let filled = filled(&stays, &goes, company, agent);
            let double = customers::doubles(tx, scope, &filled, 2)?
                .iter()
                .any(|other| other.id != goes.id);
            let now = Customer {
                flagged_double: double,
                ..filled
            };
            let handed_over = stays.company_id != company;
            if handed_over {
                licenses::leave_agents(tx, &stays)?;
            }
            customers::update(tx, &stays, &now)?;
            if handed_over {
                licenses::follow_customer(tx, &stays, company, agent)?;
            }
            let moved = merging::merge(tx, &goes, &stays, company, agent)?;
            for other in shared
                .iter()
                .filter(|other| other.id != stays.id && other.flagged_double)
            {
                let double = !customers::doubles(tx, scope, other, 1)?.is_empty();
                merging::flag(tx, other, double)?;
            }
            let mut events = vec![
                Event::customer(EventKind::CustomersMerged, &now)
                    .with("cliente", goes.id)
                    .with("licenze", moved.licenses)
                    .with("utenti", moved.users)
                    .changed("email", &stays.email, &now.email)
                    .changed("partita_iva", &stays.vat_number, &now.vat_number)
                    .changed("codice_fiscale", &stays.tax_code, &now.tax_code)
                    .changed("telefono", &stays.phone, &now.phone)
                    .changed("indirizzo", &stays.address, &now.address),
            ];
            // Who loses one to another company is told that it went, and not to whom: like any customer who moves.
            let mut told = Event::customer(EventKind::CustomersMerged, &goes);
            if goes.company_id == company {
                told = told.with("cliente", stays.id);
            } else {
                told = told.changed("azienda", &goes.company_id, &company);
            }
            events.push(told);
            if handed_over {
                events.push(
                    Event::customer(EventKind::CustomerAssigned, &stays)
                        .changed("azienda", &stays.company_id, &company)
                        .changed("agente", &stays.agent_id, &agent),
                );
            }
            Ok(Done::Changed((), events))
        })
        .await
}

/// Whose the one who stays is to be.
fn whose(
    stays: &Customer,
    goes: &Customer,
    of: Option<CustomerId>,
) -> Result<(Option<NodeId>, Option<NodeId>)> {
    if stays.company_id == goes.company_id {
        return Ok((stays.company_id, stays.agent_id.or(goes.agent_id)));
    }
    match of {
        Some(of) if of == stays.id => Ok((stays.company_id, stays.agent_id)),
        Some(of) if of == goes.id => Ok((goes.company_id, goes.agent_id)),
        Some(_) => Err(Error::field("di_chi", Fault::Invalid)),
        None => Err(Error::field("di_chi", Fault::Missing)),
    }
}

/// The one who stays, with what only the other said.
fn filled(stays: &Customer, goes: &Customer, company: Option<NodeId>, agent: Option<NodeId>) -> Customer {
    let or = |own: &Option<String>, other: &Option<String>| own.clone().or_else(|| other.clone());
    Customer {
        company_id: company,
        agent_id: agent,
        email: or(&stays.email, &goes.email),
        email_confirmed_at: if stays.email.is_some() {
            stays.email_confirmed_at
        } else {
            goes.email_confirmed_at
        },
        vat_number: or(&stays.vat_number, &goes.vat_number),
        tax_code: or(&stays.tax_code, &goes.tax_code),
        phone: or(&stays.phone, &goes.phone),
        address: or(&stays.address, &goes.address),
        multi_site: stays.multi_site || goes.multi_site,
        multi_user: stays.multi_user || goes.multi_user,
        ..stays.clone()
    }
}
