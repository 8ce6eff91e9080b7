//! Giving a licence to a company, an agent, a customer.

use crate::{
    domain::{
        access::{Permit, right::AssignLicense},
        audit::{Event, EventKind},
        calendar,
        customer::CustomerState,
        error::{Conflict, Error, Fault, FieldErrors, Result},
        ids::{CustomerId, LicenseId, NodeId},
    },
    operations::App,
    store::{Done, Visible, customers, licenses, nodes},
};

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
pub async fn assign(app: &App, permit: Permit<AssignLicense>, id: LicenseId, to: To) -> Result<()> {
    if to.company.is_none() && to.agent.is_none() && to.customer.is_none() {
        return Err(Error::field("azienda", Fault::Missing));
    }
    // Only the vendor has licences without a company: anybody else would lose sight of it.
    if matches!(to.company, Some(None)) && !permit.actor().is_superadmin() {
        return Err(Error::field("azienda", Fault::NotAllowed));
    }
    let (scope, zone) = (permit.scope(), app.zone);
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, id)?.license();
            if license.revoked_at.is_some() {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            let company = to
                .company
                .flatten()
                .map(|id| nodes::get(tx, scope, id))
                .transpose()?;
            let agent = to
                .agent
                .flatten()
                .map(|id| nodes::get(tx, scope, id))
                .transpose()?;
            let customer_id = to.customer.unwrap_or(license.customer_id);
            let customer = customer_id.map(|id| customers::get(tx, scope, id)).transpose()?;
            let kinds = (
                company.as_ref().map(|n| n.kind.is_company()),
                agent.as_ref().map(|n| !n.kind.is_company()),
            );
            let mut wrong = FieldErrors::default();
            if kinds.0 == Some(false) {
                wrong.add("azienda", Fault::Invalid);
            }
            if kinds.1 == Some(false) {
                wrong.add("agente", Fault::Invalid);
            }
            wrong.into_result()?;

            let brought = to.customer.flatten().and_then(|_| customer.as_ref()?.company_id);
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
            if customer
                .as_ref()
                .is_some_and(|customer| customer.company_id != company_id)
            {
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
            let waits = customer
                .as_ref()
                .is_some_and(|customer| customer.state == CustomerState::Pending);
            let start = if license.owes_start() && !waits {
                licenses::Change::starting(license.term_from(calendar::today(tx.now(), zone)))
            } else {
                licenses::Change::default()
            };
            let change = licenses::Change {
                company_id: Some(company_id),
                agent_id: Some(agent_id),
                customer_id: Some(customer.as_ref().map(|customer: &Visible<_>| customer.id)),
                ..start
            };
            licenses::change(tx, &license, &change)?;
            let event = Event::license(EventKind::LicenseAssigned, &license)
                .changed("azienda", &license.company_id, &company_id)
                .changed("agente", &license.agent_id, &agent_id)
                .changed("cliente", &license.customer_id, &customer_id);
            Ok(Done::changed((), event))
        })
        .await
}
