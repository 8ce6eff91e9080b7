//! Public keys, for whoever checks a computer key offline.

use super::reply::Answer;
use crate::{
    domain::license::computer_key,
    operations::App,
    store::{products, signing_keys},
    web::problem::{Failure, Problems},
};
use rocket::{State, get, http::ContentType, serde::json::Json};
use serde::Serialize;
use utoipa::ToSchema;

/// A key set (RFC 7517).
#[derive(Serialize, ToSchema)]
pub(super) struct InsiemeChiavi {
    /// Ed25519 keys (RFC 8037), of all products, in use, next and retired.
    keys: Vec<serde_json::Value>,
}

/// The public keys that computer keys are signed with.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "programmi",
    responses((status = 200, body = InsiemeChiavi), Problems), security(()))]
#[get("/.well-known/jwks.json")]
pub(super) async fn jwks(app: &State<App>) -> Answer<InsiemeChiavi> {
    let keys = app.db.lookup(signing_keys::published).await?;
    Ok(Json(InsiemeChiavi {
        keys: keys
            .iter()
            .map(|key| computer_key::jwk(&key.public_key, &key.kid))
            .collect(),
    }))
}

/// The public key in use of a product, in PEM.
#[utoipa::path(get, path = "/api/prodotti/{codice}/chiave-pubblica", tag = "programmi",
    params(("codice" = String, Path)),
    responses((status = 200, body = String, content_type = "application/x-pem-file"), Problems), security(()))]
#[get("/api/prodotti/<codice>/chiave-pubblica")]
pub(super) async fn pem(app: &State<App>, codice: &str) -> Result<(ContentType, String), Failure> {
    let codice = codice.to_owned();
    let key = app
        .db
        .read(move |tx| {
            let product = products::find_any(tx, &codice)?;
            signing_keys::get(tx, product.rules.signing_key_id)
        })
        .await?;
    Ok((
        ContentType::new("application", "x-pem-file"),
        computer_key::pem(&key.public_key),
    ))
}
