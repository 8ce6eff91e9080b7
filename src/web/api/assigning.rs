//! Giving licences to companies, agents and customers.

use super::{licenses::sheet, reply::Tagged, views::LicenzaScheda};
use crate::{
    domain::{
        access::{Permit, right::AssignLicense},
        ids::LicenseId,
    },
    operations::{App, licenses::assign},
    web::{
        body::RawBody,
        guards::Id,
        input::{Check, double},
        problem::{Failure, Problems},
    },
};
use rocket::{State, post};
use serde::Deserialize;
use utoipa::ToSchema;

/// To whom. Null takes away, absent leaves.
#[derive(Deserialize, ToSchema)]
pub(super) struct Assegnazione {
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    azienda: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    agente: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    cliente: Option<Option<String>>,
    /// Whether the key is mailed to the customer that it has then.
    invia_chiave: Option<bool>,
}

/// Gives a licence to a company, an agent, a customer.
#[utoipa::path(post, path = "/api/admin/licenze/{id}/assegna", tag = "licenze", request_body = Assegnazione,
    params(("id" = String, Path)), responses((status = 200, body = LicenzaScheda), Problems))]
#[post("/api/admin/licenze/<id>/assegna", data = "<body>")]
pub(super) async fn assegna(
    app: &State<App>,
    permit: Permit<AssignLicense>,
    id: Id<LicenseId>,
    body: RawBody,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    let sent: Assegnazione = body.parse()?;
    let mut check = Check::default();
    let to = assign::To {
        company: sent.azienda.map(|id| check.id(id.as_deref())),
        agent: sent.agente.map(|id| check.id(id.as_deref())),
        customer: sent.cliente.map(|id| check.id(id.as_deref())),
    };
    check.finish()?;
    assign::assign(app, permit, id, to, sent.invia_chiave.unwrap_or(false)).await?;
    sheet(app, scope, id).await
}
