//! Giving a customer to a company or an agent. Its licences go along.

use super::create::sellers;
use crate::{
    domain::{
        access::{Permit, right::AssignCustomer},
        audit::{Event, EventKind},
        customer::Customer,
        error::{Error, Fault, Result},
        ids::{CustomerId, NodeId},
    },
    operations::App,
    store::{Done, customers, licenses},
};

/// Assigns a customer with all its licences: absent stays, none takes away. One that goes to another company loses
/// its agent.
///
/// # Errors
/// [`Error::NotFound`] for what the caller does not see, [`Error::Invalid`] for what does not go together.
pub async fn assign(
    app: &App,
    permit: Permit<AssignCustomer>,
    id: CustomerId,
    company: Option<Option<NodeId>>,
    agent: Option<Option<NodeId>>,
) -> Result<()> {
    if company.is_none() && agent.is_none() {
        return Err(Error::field("azienda", Fault::Missing));
    }
    // Only the vendor has customers without a company: anybody else would lose sight of it.
    if company == Some(None) && !permit.actor().is_superadmin() {
        return Err(Error::field("azienda", Fault::NotAllowed));
    }
    let (scope, actor) = (permit.scope(), permit.actor().clone());
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let was = customers::get(tx, scope, id)?;
            let wanted = match (company, agent) {
                (Some(company), _) => company,
                (None, Some(Some(_))) => None,
                (None, _) => was.company_id,
            };
            let (company_id, chosen) = match (wanted, agent.flatten()) {
                (None, None) => (None, None),
                (company, agent) => sellers(tx, &actor, company, agent)?,
            };
            let agent_id = match (agent, company_id == was.company_id) {
                (Some(_), _) => chosen,
                (None, true) => was.agent_id,
                (None, false) => None,
            };
            let customer = Customer {
                company_id,
                agent_id,
                ..(*was).clone()
            };
            // Licences have agents of their own: they keep them where neither company nor agent was to change.
            let moves = company_id != was.company_id || agent.is_some();
            let followed = if moves {
                licenses::leave_agents(tx, &was)?
            } else {
                0
            };
            customers::update(tx, &was, &customer)?;
            if moves {
                licenses::follow_customer(tx, &was, company_id, agent_id)?;
            }
            let event = Event::customer(EventKind::CustomerAssigned, &was)
                .changed("azienda", &was.company_id, &company_id)
                .changed("agente", &was.agent_id, &agent_id)
                .with("licenze", followed);
            Ok(Done::changed((), event))
        })
        .await
}
