//! The three logs, for staff.

use super::{
    reply::Answer,
    views::{Lista, instant},
};
use crate::{
    domain::{
        access::{Permit, right::*},
        ids::AnyId,
    },
    operations::App,
    store::{
        audit, licenses,
        logs::{self, AccessFilter, ActivationFilter},
    },
    web::{
        input::{Check, Query},
        problem::Problems,
    },
};
use rocket::{State, get, serde::json::Json};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A row of the audit log.
#[derive(Serialize, ToSchema)]
pub(super) struct RigaRegistro {
    id: String,
    data_ora: String,
    /// Of who is outside the caller's tree only the role is told, and neither `utente` nor `indirizzo`.
    autore: String,
    tipo_autore: &'static str,
    utente: Option<String>,
    azione: String,
    oggetto: String,
    oggetto_id: Option<String>,
    azienda: Option<String>,
    agente: Option<String>,
    cliente: Option<String>,
    /// Facts; fields that changed as `{"prima": …, "dopo": …}`.
    dettagli: Value,
    indirizzo: Option<String>,
    id_richiesta: Option<String>,
}

impl From<audit::AuditRow> for RigaRegistro {
    fn from(row: audit::AuditRow) -> Self {
        Self {
            id: row.id.to_string(),
            data_ora: instant(row.at),
            autore: row.actor_name,
            tipo_autore: row.actor_kind.code(),
            utente: row.user_id.map(|id| id.to_string()),
            azione: row.action,
            oggetto: row.subject_kind,
            oggetto_id: row.subject_id.map(|id| id.to_string()),
            azienda: row.company_id.map(|id| id.to_string()),
            agente: row.agent_id.map(|id| id.to_string()),
            cliente: row.customer_id.map(|id| id.to_string()),
            dettagli: serde_json::from_str(&row.details).unwrap_or(Value::Null),
            indirizzo: row.address,
            id_richiesta: row.request_id,
        }
    }
}

/// Who changed what.
#[utoipa::path(get, path = "/api/admin/registro", tag = "registri", params(
    ("oggetto" = Option<String>, Query, description = "the id of what was changed"),
    ("limite" = Option<i64>, Query), ("cursore" = Option<String>, Query)),
    responses((status = 200, body = Lista<RigaRegistro>), Problems))]
#[get("/api/admin/registro")]
pub(super) async fn registro(
    app: &State<App>,
    permit: Permit<ReadAudit>,
    query: Query,
) -> Answer<Lista<RigaRegistro>> {
    let mut check = Check::default();
    let page = query.page(&mut check);
    let filter = audit::Filter {
        subject: check.id::<AnyId>(query.get("oggetto")).map(|id| id.0),
        ..audit::Filter::default()
    };
    check.finish()?;
    let scope = permit.scope();
    let slice = app
        .db
        .read(move |tx| audit::list(tx, scope, &filter, &page))
        .await?;
    Ok(Json(Lista::new(slice, RigaRegistro::from)))
}

/// A row of the activation log.
#[derive(Serialize, ToSchema)]
pub(super) struct RigaAttivazione {
    id: String,
    data_ora: String,
    licenza: Option<String>,
    /// `activation` or `computer`.
    tipo_chiave: String,
    operazione: String,
    dispositivo: Option<String>,
    risultato_validazione: String,
    indirizzo: String,
}

/// Every activation, validation and release, with its outcome.
#[utoipa::path(get, path = "/api/admin/attivazioni", tag = "registri", params(
    ("licenza" = Option<String>, Query), ("limite" = Option<i64>, Query), ("cursore" = Option<String>, Query)),
    responses((status = 200, body = Lista<RigaAttivazione>), Problems))]
#[get("/api/admin/attivazioni")]
pub(super) async fn attivazioni(
    app: &State<App>,
    permit: Permit<ReadActivations>,
    query: Query,
) -> Answer<Lista<RigaAttivazione>> {
    let mut check = Check::default();
    let page = query.page(&mut check);
    let filter = ActivationFilter {
        license: check.id(query.get("licenza")),
        ..ActivationFilter::default()
    };
    check.finish()?;
    let scope = permit.scope();
    let slice = app
        .db
        .read(move |tx| {
            if let Some(license) = filter.license {
                licenses::get(tx, scope, license)?;
            }
            logs::activations(tx, scope, &filter, &page)
        })
        .await?;
    Ok(Json(Lista::new(slice, |row| RigaAttivazione {
        id: row.id.to_string(),
        data_ora: instant(row.at),
        licenza: row.license_id.map(|id| id.to_string()),
        tipo_chiave: row.key_kind,
        operazione: row.operation,
        dispositivo: row.device,
        risultato_validazione: row.outcome,
        indirizzo: row.address,
    })))
}

/// A row of the access log.
#[derive(Serialize, ToSchema)]
pub(super) struct RigaAccesso {
    id: String,
    data_ora: String,
    utente: Option<String>,
    azione: String,
    esito: String,
    indirizzo: String,
    programma: String,
}

/// Sign-ins, and what users did.
#[utoipa::path(get, path = "/api/admin/accessi", tag = "registri", params(
    ("limite" = Option<i64>, Query), ("cursore" = Option<String>, Query)),
    responses((status = 200, body = Lista<RigaAccesso>), Problems))]
#[get("/api/admin/accessi")]
pub(super) async fn accessi(
    app: &State<App>,
    permit: Permit<ReadAccesses>,
    query: Query,
) -> Answer<Lista<RigaAccesso>> {
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let scope = permit.scope();
    let slice = app
        .db
        .read(move |tx| logs::accesses(tx, scope, &AccessFilter::default(), &page))
        .await?;
    Ok(Json(Lista::new(slice, |row| RigaAccesso {
        id: row.id.to_string(),
        data_ora: instant(row.at),
        utente: row.user_id.map(|id| id.to_string()),
        azione: row.action,
        esito: row.outcome,
        indirizzo: row.address,
        programma: row.user_agent,
    })))
}
