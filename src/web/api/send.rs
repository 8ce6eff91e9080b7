//! Mailing a licence's key.

use super::{licenses::sheet, reply::Tagged, views::LicenzaScheda};
use crate::{
    domain::{
        access::{Permit, right::SendKeys},
        ids::LicenseId,
    },
    operations::{App, Once, licenses::send},
    web::{
        guards::Id,
        problem::{Failure, Problems},
    },
};
use rocket::{State, post};

/// Mails a licence's key to the customer who has it.
#[utoipa::path(post, path = "/api/admin/licenze/{id}/invia", tag = "licenze", params(("id" = String, Path)),
    responses((status = 200, body = LicenzaScheda), Problems))]
#[post("/api/admin/licenze/<id>/invia")]
pub(super) async fn invia(
    app: &State<App>,
    permit: Permit<SendKeys>,
    id: Id<LicenseId>,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    send::send(app, permit, id, Once::each_time()).await?;
    sheet(app, scope, id).await
}
