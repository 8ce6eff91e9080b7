//! Giving a licence to a company, an agent, a customer.

use super::view;
use crate::{
    domain::{
        access::{Permit, right::AssignLicense},
        actor::Actor,
        audit::{Event, EventKind},
        calendar,
        company::Node,
        customer::{Customer, CustomerState},
        error::{Conflict, Error, Fault, FieldErrors, Result},
        ids::{CustomerId, LicenseId, NodeId},
        license::{License, Sheet},
        scope::Scope,
    },
    operations::{App, messages::tell},
    store::{Done, ReadTx, Visible, customers, licenses, nodes},
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// To whom: absent stays, none takes away.
#[derive(Debug, Clone, Copy, Default)]
pub struct To {
    /// The company.
    pub company: Option<Option<NodeId>>,
    /// The agent.
    pub agent: Option<Option<NodeId>>,
    /// The customer.
    pub customer: Option<Option<CustomerId>>,
}

/// Assigns a licence. Company, agent and customer end up of one company: a customer brings its own, and a licence
/// that goes to another company loses its agent.
///
/// # Errors
/// [`Error::NotFound`] for what the caller does not see, [`Error::Invalid`] for what does not go together.
pub async fn assign(
    app: &App,
    permit: Permit<AssignLicense>,
    id: LicenseId,
    to: To,
    mails_key: bool,
) -> Result<()> {
    asked(permit.actor(), &to)?;
    let (actor, app_) = (permit.actor().clone(), app.clone());
    let scope = actor.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let sheet = licenses::get(tx, scope, id)?;
            let license = sheet.license();
            let target = Target::find(tx, scope, &to)?;
            let customer_id = to.customer.unwrap_or(license.customer_id);
            let customer = customer_id.map(|id| customers::get(tx, scope, id)).transpose()?;
            let today = calendar::today(tx.now(), app_.zone);
            let (change, mut event) = decide(&license, &to, &target, customer.as_ref(), today)?;
            licenses::change(tx, &license, &change)?;
            let (company, agent) = (
                change.company_id.unwrap_or(sheet.company_id),
                change.agent_id.unwrap_or(sheet.agent_id),
            );
            if let Some(node) = tell::receiver(&license, company, agent) {
                tell::received(&app_, tx, &actor, &[(node, vec![id])])?;
            }
            if mails_key {
                let views = view::complete(&app_, tx, vec![sheet], today)?;
                let told = match &customer {
                    Some(customer) => tell::keys(&app_, tx, customer, &views)?,
                    None => false,
                };
                if !told {
                    return Err(Error::field("invia_chiave", Fault::Incompatible));
                }
                event = event.with(
                    "destinatario",
                    customer.as_ref().and_then(|customer| customer.email.clone()),
                );
            }
            Ok(Done::changed((), event))
        })
        .await
}

/// Whether that can be asked for at all.
pub(super) fn asked(actor: &Actor, to: &To) -> Result<()> {
    if to.company.is_none() && to.agent.is_none() && to.customer.is_none() {
        return Err(Error::field("azienda", Fault::Missing));
    }
    // Only the vendor has licences without a company: anybody else would lose sight of it.
    if matches!(to.company, Some(None)) && !actor.is_superadmin() {
        return Err(Error::field("azienda", Fault::NotAllowed));
    }
    Ok(())
}

/// The company and the agent that were named, as the caller sees them.
pub(super) struct Target {
    company: Option<Visible<Node>>,
    agent: Option<Visible<Node>>,
}

impl Target {
    /// Finds them.
    pub(super) fn find(tx: &mut ReadTx<'_>, scope: Scope, to: &To) -> Result<Self> {
        let mut node =
            |id: Option<Option<NodeId>>| id.flatten().map(|id| nodes::get(tx, scope, id)).transpose();
        let (company, agent) = (node(to.company)?, node(to.agent)?);
        let mut wrong = FieldErrors::default();
        if company.as_ref().is_some_and(|node| !node.kind.is_company()) {
            wrong.add("azienda", Fault::Invalid);
        }
        if agent.as_ref().is_some_and(|node| node.kind.is_company()) {
            wrong.add("agente", Fault::Invalid);
        }
        wrong.into_result()?;
        Ok(Self { company, agent })
    }
}

/// Whether a licence can go there, with its change and the record of it; `customer` is the one that it will have.
pub(super) fn decide(
    license: &License,
    to: &To,
    target: &Target,
    customer: Option<&Visible<Customer>>,
    today: NaiveDate,
) -> Result<(licenses::Change, Event)> {
    if license.revoked_at.is_some() {
        return Err(Error::Conflict(Conflict::WrongState));
    }
    let Target { company, agent } = target;
    let brought = to.customer.flatten().and_then(|_| customer?.company_id);
    let named = to.company.map(|_| company.as_ref().map(|node| node.id));
    let by_agent = agent.as_ref().map(|node| node.company());
    let company_id = named
        .or(brought.map(Some))
        .or(by_agent.map(Some))
        .unwrap_or(license.company_id);
    let agent_id = match (to.agent, company_id == license.company_id) {
        (Some(_), _) => agent.as_ref().map(|node| node.id),
        (None, true) => license.agent_id,
        (None, false) => None,
    };
    let mut wrong = FieldErrors::default();
    if customer.is_some_and(|customer| customer.company_id != company_id) {
        wrong.add(
            if to.customer.is_some() {
                "cliente"
            } else {
                "azienda"
            },
            Fault::Incompatible,
        );
    }
    if by_agent.is_some_and(|company| Some(company) != company_id) {
        wrong.add("agente", Fault::Incompatible);
    }
    wrong.into_result()?;

    // Whoever it goes to, what waited for its customer's validation waits no more.
    let waits = customer.is_some_and(|customer| customer.state == CustomerState::Pending);
    let start = if license.owes_start() && !waits {
        licenses::Change::starting(license.term_from(today))
    } else {
        licenses::Change::default()
    };
    let customer_id = customer.map(|customer| customer.id);
    let change = licenses::Change {
        company_id: Some(company_id),
        agent_id: Some(agent_id),
        // What stays is not named, so that many licences change alike.
        customer_id: to.customer.map(|_| customer_id),
        ..start
    };
    let event = Event::license(EventKind::LicenseAssigned, license)
        .changed("azienda", &license.company_id, &company_id)
        .changed("agente", &license.agent_id, &agent_id)
        .changed("cliente", &license.customer_id, &customer_id);
    Ok((change, event))
}

/// Licences that are assigned at once, at most.
pub const MOST: usize = 1000;

/// Whose a licence is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Landing {
    /// The company.
    pub company: Option<NodeId>,
    /// The agent.
    pub agent: Option<NodeId>,
    /// The customer.
    pub customer: Option<CustomerId>,
}

/// Why one of many licences stays whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It was revoked.
    Revoked,
    /// Its customer, or the one who was named, is of another company, or of none.
    OtherCompany,
    /// It is theirs already.
    Same,
}

/// What becomes of a licence among many.
pub type Fate = std::result::Result<Landing, Kept>;

/// What one of many would be changed to, with the record of it.
struct Decided {
    landing: Landing,
    change: licenses::Change,
    event: Event,
}

/// What would become of licences, in their order.
///
/// # Errors
/// [`Error::NotFound`] for who is not seen, [`Error::Invalid`] for an agent in a company's place.
pub fn fates(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    of: &[Visible<Sheet>],
    to: To,
    today: NaiveDate,
) -> Result<Vec<Fate>> {
    let decided = decide_each(tx, scope, of, &to, today)?;
    Ok(decided
        .into_iter()
        .map(|one| one.map(|decided| decided.landing))
        .collect())
}

fn decide_each(
    tx: &mut ReadTx<'_>,
    scope: Scope,
    of: &[Visible<Sheet>],
    to: &To,
    today: NaiveDate,
) -> Result<Vec<std::result::Result<Decided, Kept>>> {
    let target = Target::find(tx, scope, to)?;
    let named = to
        .customer
        .flatten()
        .map(|id| customers::get(tx, scope, id))
        .transpose()?;
    let wanted: BTreeSet<CustomerId> = match to.customer {
        Some(_) => BTreeSet::new(),
        None => of.iter().filter_map(|sheet| sheet.customer_id).collect(),
    };
    let own: BTreeMap<CustomerId, Visible<Customer>> = customers::many(tx, scope, &wanted)?;
    of.iter()
        .map(|sheet| {
            if sheet.revoked_at.is_some() {
                return Ok(Err(Kept::Revoked));
            }
            let customer = match (to.customer, sheet.customer_id) {
                (None, Some(id)) => Some(own.get(&id).ok_or(Error::NotFound)?),
                (None, None) => None,
                (Some(_), _) => named.as_ref(),
            };
            match decide(&sheet.license, to, &target, customer, today) {
                Ok((change, event)) => {
                    let landing = Landing {
                        company: change.company_id.unwrap_or(sheet.company_id),
                        agent: change.agent_id.unwrap_or(sheet.agent_id),
                        customer: customer.map(|customer| customer.id),
                    };
                    let stands = Landing {
                        company: sheet.company_id,
                        agent: sheet.agent_id,
                        customer: sheet.customer_id,
                    };
                    Ok(if landing == stands {
                        Err(Kept::Same)
                    } else {
                        Ok(Decided {
                            landing,
                            change,
                            event,
                        })
                    })
                }
                Err(Error::Invalid(_)) => Ok(Err(Kept::OtherCompany)),
                Err(other) => Err(other),
            }
        })
        .collect()
}

/// What became of many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Assigned {
    /// Those that were assigned now.
    pub done: usize,
    /// Those whose customer is of another company, or of none.
    pub other_company: usize,
    /// Those that were theirs already, were revoked, or are not seen.
    pub others: usize,
}

/// Assigns many licences in one transaction, each with its own record: those that cannot go there stay whose they are.
///
/// # Errors
/// As [`assign`]; [`Error::Invalid`] for more than [`MOST`].
pub async fn many(app: &App, permit: Permit<AssignLicense>, ids: Vec<LicenseId>, to: To) -> Result<Assigned> {
    let ids: Vec<LicenseId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        return Err(Error::field("id", Fault::Missing));
    }
    if ids.len() > MOST {
        return Err(Error::field("id", Fault::OutOfRange));
    }
    asked(permit.actor(), &to)?;
    let (actor, app_) = (permit.actor().clone(), app.clone());
    let (scope, zone) = (permit.scope(), app.zone);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let found = licenses::of_ids(tx, scope, &ids)?;
            let mut assigned = Assigned {
                others: ids.len() - found.len(),
                ..Assigned::default()
            };
            let mut events = Vec::with_capacity(found.len());
            let mut received: BTreeMap<NodeId, Vec<LicenseId>> = BTreeMap::new();
            let today = calendar::today(tx.now(), zone);
            for (sheet, fate) in found.iter().zip(decide_each(tx, scope, &found, &to, today)?) {
                match fate {
                    Ok(decided) => {
                        licenses::change(tx, &sheet.license(), &decided.change)?;
                        let landing = decided.landing;
                        if let Some(node) = tell::receiver(&sheet.license, landing.company, landing.agent) {
                            received.entry(node).or_default().push(sheet.license.id);
                        }
                        events.push(decided.event);
                    }
                    Err(Kept::OtherCompany) => assigned.other_company += 1,
                    Err(Kept::Revoked | Kept::Same) => assigned.others += 1,
                }
            }
            assigned.done = events.len();
            let received: Vec<_> = received.into_iter().collect();
            tell::received(&app_, tx, &actor, &received)?;
            Ok(if events.is_empty() {
                Done::Unchanged(assigned)
            } else {
                Done::Changed(assigned, events)
            })
        })
        .await
}
