//! Putting licences away, and bringing them back.

use super::{
    licenses::{Motivo, reason, sheet},
    reply::Tagged,
    views::LicenzaScheda,
};
use crate::{
    domain::{
        access::{Permit, right::ArchiveLicense},
        ids::LicenseId,
    },
    operations::{App, licenses::archive},
    web::{
        body::RawBody,
        guards::Id,
        problem::{Failure, Problems},
    },
};
use rocket::{State, post};

/// Puts a licence away that runs nowhere: lists and figures leave it out.
#[utoipa::path(post, path = "/api/admin/licenze/{id}/archivia", tag = "licenze", request_body = Motivo,
    params(("id" = String, Path)), responses((status = 200, body = LicenzaScheda), Problems))]
#[post("/api/admin/licenze/<id>/archivia", data = "<body>")]
pub(super) async fn archivia(
    app: &State<App>,
    permit: Permit<ArchiveLicense>,
    id: Id<LicenseId>,
    body: RawBody,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    archive::archive(app, permit, id, reason(&body)?).await?;
    sheet(app, scope, id).await
}

/// Brings a licence back from the archive.
#[utoipa::path(post, path = "/api/admin/licenze/{id}/ripristina", tag = "licenze", request_body = Motivo,
    params(("id" = String, Path)), responses((status = 200, body = LicenzaScheda), Problems))]
#[post("/api/admin/licenze/<id>/ripristina", data = "<body>")]
pub(super) async fn ripristina(
    app: &State<App>,
    permit: Permit<ArchiveLicense>,
    id: Id<LicenseId>,
    body: RawBody,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    archive::restore(app, permit, id, reason(&body)?).await?;
    sheet(app, scope, id).await
}
