//! The OpenAPI document, from the handlers themselves. A test holds it against the mounted routes.

use crate::web::problem::Problem;
use rocket::{get, http::ContentType};
use std::sync::LazyLock;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Sigillo", description = "Licences: activation, validation, administration."),
    paths(
        super::client::attiva,
        super::client::valida,
        super::client::disattiva,
        super::registration::registra,
        super::registration::pratica,
        super::keys::jwks,
        super::keys::pem,
        super::licenses::elenco,
        super::licenses::genera,
        super::licenses::scheda,
        super::licenses::modifica,
        super::licenses::sospendi,
        super::licenses::riattiva,
        super::licenses::revoca,
        super::archive::archivia,
        super::archive::ripristina,
        super::assigning::assegna,
        super::send::invia,
        super::licenses::rilascia,
        super::terms::moduli,
        super::terms::converti,
        super::customers::elenco,
        super::customers::crea,
        super::customers::scheda,
        super::customers::modifica,
        super::customers::convalida,
        super::customers::rifiuta,
        super::customers::sospendi,
        super::customers::riattiva,
        super::customers::assegna,
        super::nodes::elenco,
        super::nodes::crea,
        super::nodes::scheda,
        super::nodes::modifica,
        super::nodes::sospendi,
        super::nodes::riattiva,
        super::nodes::sposta,
        super::users::elenco,
        super::users::crea,
        super::users::scheda,
        super::users::modifica,
        super::users::disabilita,
        super::users::abilita,
        super::products::elenco,
        super::products::crea,
        super::products::scheda,
        super::products::modifica,
        super::products::pubblica,
        super::products::ruota,
        super::statistics::statistiche,
        super::logs::registro,
        super::logs::attivazioni,
        super::logs::accessi,
        super::system::salute,
        super::system::pronto,
        super::system::metrics,
        openapi,
    ),
    components(schemas(Problem)),
    modifiers(&Bearer, &Names),
    security(("bearer" = []))
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", scheme);
    }
}

/// Handlers of different things have the same name; an operation's has to be its own: `licenze_elenco`.
struct Names;

impl Modify for Names {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for item in openapi.paths.paths.values_mut() {
            let operations = [
                &mut item.get,
                &mut item.post,
                &mut item.patch,
                &mut item.put,
                &mut item.delete,
            ];
            for operation in operations.into_iter().flatten() {
                let tag = operation.tags.iter().flatten().next();
                if let (Some(tag), Some(name)) = (tag, &operation.operation_id) {
                    operation.operation_id = Some(format!("{tag}_{name}"));
                }
            }
        }
    }
}

static JSON: LazyLock<String> = LazyLock::new(|| Document::openapi().to_json().unwrap_or_default());

/// The document, as JSON.
pub fn document() -> &'static str {
    &JSON
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "sistema",
    responses((status = 200, body = serde_json::Value), crate::web::problem::Problems), security(()))]
#[get("/api/openapi.json")]
pub(super) fn openapi() -> (ContentType, &'static str) {
    (ContentType::JSON, document())
}
