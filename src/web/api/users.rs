//! Users, for staff.

use super::{
    reply::{Answer, Created, Tagged, created, once},
    views::{Lista, Utente},
};
use crate::{
    domain::{
        access::{Permit, right::*},
        error::Fault,
        ids::UserId,
        scope::Scope,
        user::User,
    },
    operations::{
        App,
        users::{
            change,
            invite::{self, Home, New},
        },
    },
    store::users,
    web::{
        body::RawBody,
        guards::{Id, Idempotency, IfMatch},
        input::{Check, NAME_MAX, Query},
        problem::{Failure, Problems},
    },
};
use rocket::{State, get, patch, post, serde::json::Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The users that the caller sees.
#[utoipa::path(get, path = "/api/admin/utenti", tag = "utenti", params(
    ("limite" = Option<i64>, Query), ("cursore" = Option<String>, Query)),
    responses((status = 200, body = Lista<Utente>), Problems))]
#[get("/api/admin/utenti")]
pub(super) async fn elenco(
    app: &State<App>,
    permit: Permit<ReadUsers>,
    query: Query,
) -> Answer<Lista<Utente>> {
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let scope = permit.scope();
    let slice = app.db.read(move |tx| users::list(tx, scope, &page)).await?;
    Ok(Json(Lista::new(slice, |user| Utente::from(&*user))))
}

/// A new user.
#[derive(Deserialize, ToSchema)]
pub(super) struct NuovoUtente {
    email: String,
    nome: Option<String>,
    /// The company or agent that the user belongs to; the caller's own where absent.
    nodo: Option<String>,
    /// Or the customer.
    cliente: Option<String>,
    /// `it` or `en`.
    lingua: Option<String>,
    sola_lettura: Option<bool>,
    /// Ready to sign in with it: the superadmin's way. Without it an invitation is mailed.
    password: Option<String>,
}

/// What an invitation answers, whoever has the address.
#[derive(Serialize, ToSchema)]
pub(super) struct Invitato {
    esito: &'static str,
    email: String,
    nome: String,
    nodo: Option<String>,
    cliente: Option<String>,
    /// The superadmin's to see: an invitation tells nobody else whether the address was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    id: Option<String>,
}

fn invited(user: &User) -> Invitato {
    Invitato {
        esito: "inviato",
        email: user.email.clone(),
        nome: user.name.clone(),
        nodo: user.node_id.map(|id| id.to_string()),
        cliente: user.customer_id.map(|id| id.to_string()),
        id: None,
    }
}

fn made(user: &User) -> Invitato {
    Invitato {
        id: Some(user.id.to_string()),
        ..invited(user)
    }
}

/// Makes a user.
#[utoipa::path(post, path = "/api/admin/utenti", tag = "utenti", request_body = NuovoUtente,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Invitato), Problems))]
#[post("/api/admin/utenti", data = "<body>")]
pub(super) async fn crea(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    idempotency: Idempotency,
    body: RawBody,
) -> Result<Created, Failure> {
    let sent: NuovoUtente = body.parse()?;
    let mut check = Check::default();
    let email = check.email("email", Some(&sent.email));
    let email = check.required("email", email);
    if sent.nodo.is_some() && sent.cliente.is_some() {
        check.fault("cliente", Fault::Incompatible);
    }
    let home = match (check.id(sent.nodo.as_deref()), check.id(sent.cliente.as_deref())) {
        (Some(node), _) => Some(Home::Node(node)),
        (None, Some(customer)) => Some(Home::Customer(customer)),
        (None, None) => None,
    };
    let new = New {
        name: check
            .line("nome", sent.nome.as_deref(), NAME_MAX)
            .unwrap_or_else(|| email.clone()),
        home,
        language: check.word("lingua", sent.lingua.as_deref(), language),
        read_only: sent.sola_lettura.unwrap_or(false),
        password: check.password("password", sent.password.as_deref(), &email),
        email,
    };
    check.finish()?;
    let key = idempotency.of(&body)?;
    let view = if permit.actor().is_superadmin() {
        made
    } else {
        invited
    };
    created(invite::invite(app, permit, new, once(key, view)).await?, view)
}

fn language(code: &str) -> Option<String> {
    matches!(code, "it" | "en").then(|| code.to_owned())
}

async fn sheet(app: &App, scope: Scope, id: UserId) -> Result<Tagged<Utente>, Failure> {
    let user = app.db.read(move |tx| users::get(tx, scope, id)).await?;
    Ok(Tagged((&*user).into(), user.revision))
}

/// A user.
#[utoipa::path(get, path = "/api/admin/utenti/{id}", tag = "utenti", params(("id" = String, Path)),
    responses((status = 200, body = Utente), Problems))]
#[get("/api/admin/utenti/<id>")]
pub(super) async fn scheda(
    app: &State<App>,
    permit: Permit<ReadUsers>,
    id: Id<UserId>,
) -> Result<Tagged<Utente>, Failure> {
    sheet(app, permit.scope(), id.get()?).await
}

/// What is to change; absent leaves.
#[derive(Deserialize, ToSchema)]
pub(super) struct ModificaUtente {
    nome: Option<String>,
    lingua: Option<String>,
    sola_lettura: Option<bool>,
}

/// Changes a user.
#[utoipa::path(patch, path = "/api/admin/utenti/{id}", tag = "utenti", request_body = ModificaUtente,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = Utente), Problems))]
#[patch("/api/admin/utenti/<id>", data = "<body>")]
pub(super) async fn modifica(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    id: Id<UserId>,
    if_match: IfMatch,
    body: RawBody,
) -> Result<Tagged<Utente>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    let sent: ModificaUtente = body.parse()?;
    let mut check = Check::default();
    let changes = change::Changes {
        name: sent
            .nome
            .map(|name| check.required_line("nome", Some(&name), NAME_MAX)),
        language: check.word("lingua", sent.lingua.as_deref(), language),
        read_only: sent.sola_lettura,
    };
    check.finish()?;
    change::change(app, permit, id, if_match.optional()?, changes).await?;
    sheet(app, scope, id).await
}

/// Disables a user: all their sessions and tokens end at once.
#[utoipa::path(post, path = "/api/admin/utenti/{id}/disabilita", tag = "utenti", params(("id" = String, Path)),
    responses((status = 200, body = Utente), Problems))]
#[post("/api/admin/utenti/<id>/disabilita")]
pub(super) async fn disabilita(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    id: Id<UserId>,
) -> Result<Tagged<Utente>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    change::disable(app, permit, id).await?;
    sheet(app, scope, id).await
}

/// Lets a disabled user sign in again.
#[utoipa::path(post, path = "/api/admin/utenti/{id}/abilita", tag = "utenti", params(("id" = String, Path)),
    responses((status = 200, body = Utente), Problems))]
#[post("/api/admin/utenti/<id>/abilita")]
pub(super) async fn abilita(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    id: Id<UserId>,
) -> Result<Tagged<Utente>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    change::enable(app, permit, id).await?;
    sheet(app, scope, id).await
}
