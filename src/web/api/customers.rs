//! Customers, for staff.

use super::{
    licenses::{Motivo, reason, required_reason},
    reply::{Answer, Created, Tagged, created, once},
    views::{Cliente, Lista, Referente, Sede},
};
use crate::{
    domain::{
        access::{Permit, right::*},
        customer::{Contact, CustomerState, Site},
        error::{Error, Fault},
        ids::CustomerId,
        scope::Scope,
        text,
    },
    operations::{
        App,
        customers::{
            assign, change,
            create::{self, Data, New},
            decide, suspend,
            view::{self, View},
        },
    },
    store::{
        customers::{self, Filter},
        page::Slice,
    },
    web::{
        body::RawBody,
        guards::{Id, Idempotency, IfMatch},
        input::{Check, NAME_MAX, NOTE_MAX, Query, double},
        problem::{Failure, Problems},
    },
};
use rocket::{State, get, patch, post, serde::json::Json};
use serde::Deserialize;
use utoipa::ToSchema;

/// Contacts or sites of a customer at most.
const LIST_MAX: usize = 200;

/// The customers that the caller sees.
#[utoipa::path(get, path = "/api/admin/clienti", tag = "clienti", params(
    ("stato" = Option<String>, Query), ("azienda" = Option<String>, Query), ("agente" = Option<String>, Query),
    ("q" = Option<String>, Query, description = "the beginning of a name, an e-mail address, a VAT number"),
    ("limite" = Option<i64>, Query), ("cursore" = Option<String>, Query)),
    responses((status = 200, body = Lista<Cliente>), Problems))]
#[get("/api/admin/clienti")]
pub(super) async fn elenco(
    app: &State<App>,
    permit: Permit<ReadCustomers>,
    query: Query,
) -> Answer<Lista<Cliente>> {
    let mut check = Check::default();
    let page = query.page(&mut check);
    let filter = Filter {
        state: check.word("stato", query.get("stato"), CustomerState::from_code),
        company: check.id(query.get("azienda")),
        agent: check.id(query.get("agente")),
        search: query
            .get("q")
            .map(text::searchable)
            .filter(|search| !search.is_empty()),
        unproposed: false,
    };
    check.finish()?;
    let scope = permit.scope();
    let slice = app
        .db
        .read(move |tx| {
            for node in [filter.company, filter.agent].into_iter().flatten() {
                crate::store::nodes::get(tx, scope, node)?;
            }
            let slice = customers::list(tx, scope, &filter, &page)?;
            Ok(Slice {
                next: slice.next,
                rows: view::complete(tx, slice.rows)?,
            })
        })
        .await?;
    let superadmin = permit.actor().is_superadmin();
    Ok(Json(Lista::new(slice, |view| Cliente::new(&view, superadmin))))
}

/// A new customer.
#[derive(Deserialize, ToSchema)]
pub(super) struct NuovoCliente {
    nome: String,
    email: Option<String>,
    partita_iva: Option<String>,
    codice_fiscale: Option<String>,
    telefono: Option<String>,
    indirizzo: Option<String>,
    multi_sede: Option<bool>,
    multi_utente: Option<bool>,
    sedi: Option<Vec<Sede>>,
    referenti: Option<Vec<Referente>>,
    azienda: Option<String>,
    agente: Option<String>,
    /// Opens the customer's first user, ready to sign in; wants `email`.
    password: Option<String>,
}

fn contacts(check: &mut Check, list: &[Referente]) -> Vec<Contact> {
    if list.len() > LIST_MAX {
        check.fault("referenti", Fault::TooLong);
        return Vec::new();
    }
    list.iter()
        .enumerate()
        .map(|(n, contact)| Contact {
            name: check.required_line(&format!("referenti.{n}.nome"), contact.nome.as_deref(), NAME_MAX),
            email: check.email(&format!("referenti.{n}.email"), contact.email.as_deref()),
            phone: check.line(
                &format!("referenti.{n}.telefono"),
                contact.telefono.as_deref(),
                40,
            ),
        })
        .collect()
}

fn sites(check: &mut Check, list: &[Sede]) -> Vec<Site> {
    if list.len() > LIST_MAX {
        check.fault("sedi", Fault::TooLong);
        return Vec::new();
    }
    list.iter()
        .enumerate()
        .map(|(n, site)| Site {
            name: check.required_line(&format!("sedi.{n}.nome"), site.nome.as_deref(), NAME_MAX),
            address: check.lines(
                &format!("sedi.{n}.indirizzo"),
                site.indirizzo.as_deref(),
                NOTE_MAX,
            ),
        })
        .collect()
}

fn as_staff(view: &View) -> Cliente {
    Cliente::new(view, false)
}

fn as_superadmin(view: &View) -> Cliente {
    Cliente::new(view, true)
}

/// Registers a customer, who is validated from the start.
#[utoipa::path(post, path = "/api/admin/clienti", tag = "clienti", request_body = NuovoCliente,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Cliente), Problems))]
#[post("/api/admin/clienti", data = "<body>")]
pub(super) async fn crea(
    app: &State<App>,
    permit: Permit<CreateCustomer>,
    idempotency: Idempotency,
    body: RawBody,
) -> Result<Created, Failure> {
    let sent: NuovoCliente = body.parse()?;
    let mut check = Check::default();
    let email = check.email("email", sent.email.as_deref());
    if sent.password.is_some() && email.is_none() {
        check.fault("email", Fault::Missing);
    }
    let new = New {
        password: check.password(
            "password",
            sent.password.as_deref(),
            email.as_deref().unwrap_or_default(),
        ),
        data: Data {
            name: check.required_line("nome", Some(&sent.nome), NAME_MAX),
            vat_number: check.vat_number("partita_iva", sent.partita_iva.as_deref()),
            tax_code: check.tax_code("codice_fiscale", sent.codice_fiscale.as_deref()),
            phone: check.line("telefono", sent.telefono.as_deref(), 40),
            address: check.lines("indirizzo", sent.indirizzo.as_deref(), NOTE_MAX),
            multi_site: sent.multi_sede.unwrap_or(false),
            multi_user: sent.multi_utente.unwrap_or(false),
            contacts: contacts(&mut check, &sent.referenti.unwrap_or_default()),
            sites: sites(&mut check, &sent.sedi.unwrap_or_default()),
            email,
        },
        company: check.id(sent.azienda.as_deref()),
        agent: check.id(sent.agente.as_deref()),
    };
    check.finish()?;
    let key = idempotency.of(&body)?;
    let view = if permit.actor().is_superadmin() {
        as_superadmin
    } else {
        as_staff
    };
    created(create::create(app, permit, new, once(key, view)).await?, view)
}

async fn sheet(
    app: &App,
    scope: Scope,
    is_superadmin: bool,
    id: CustomerId,
) -> Result<Tagged<Cliente>, Failure> {
    let view = app
        .db
        .read(move |tx| {
            let found = customers::get(tx, scope, id)?;
            view::complete(tx, vec![found])?.pop().ok_or(Error::NotFound)
        })
        .await?;
    let revision = view.customer.revision;
    Ok(Tagged(Cliente::new(&view, is_superadmin), revision))
}

/// A customer.
#[utoipa::path(get, path = "/api/admin/clienti/{id}", tag = "clienti", params(("id" = String, Path)),
    responses((status = 200, body = Cliente), Problems))]
#[get("/api/admin/clienti/<id>")]
pub(super) async fn scheda(
    app: &State<App>,
    permit: Permit<ReadCustomers>,
    id: Id<CustomerId>,
) -> Result<Tagged<Cliente>, Failure> {
    sheet(app, permit.scope(), permit.actor().is_superadmin(), id.get()?).await
}

/// What is to change. Null takes away, absent leaves; lists are replaced whole.
#[derive(Deserialize, ToSchema)]
pub(super) struct ModificaCliente {
    nome: Option<String>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    partita_iva: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    codice_fiscale: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    telefono: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    indirizzo: Option<Option<String>>,
    multi_sede: Option<bool>,
    multi_utente: Option<bool>,
    sedi: Option<Vec<Sede>>,
    referenti: Option<Vec<Referente>>,
}

/// Changes a customer's data.
#[utoipa::path(patch, path = "/api/admin/clienti/{id}", tag = "clienti", request_body = ModificaCliente,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = Cliente), Problems))]
#[patch("/api/admin/clienti/<id>", data = "<body>")]
pub(super) async fn modifica(
    app: &State<App>,
    permit: Permit<EditCustomer>,
    id: Id<CustomerId>,
    if_match: IfMatch,
    body: RawBody,
) -> Result<Tagged<Cliente>, Failure> {
    let (id, scope, superadmin) = (id.get()?, permit.scope(), permit.actor().is_superadmin());
    let sent: ModificaCliente = body.parse()?;
    let mut check = Check::default();
    let changes = change::Changes {
        name: sent
            .nome
            .map(|name| check.required_line("nome", Some(&name), NAME_MAX)),
        email: sent.email.map(|email| check.email("email", email.as_deref())),
        vat_number: sent
            .partita_iva
            .map(|number| check.vat_number("partita_iva", number.as_deref())),
        tax_code: sent
            .codice_fiscale
            .map(|code| check.tax_code("codice_fiscale", code.as_deref())),
        phone: sent
            .telefono
            .map(|phone| check.line("telefono", phone.as_deref(), 40)),
        address: sent
            .indirizzo
            .map(|address| check.lines("indirizzo", address.as_deref(), NOTE_MAX)),
        multi_site: sent.multi_sede,
        multi_user: sent.multi_utente,
        contacts: sent.referenti.map(|list| contacts(&mut check, &list)),
        sites: sent.sedi.map(|list| sites(&mut check, &list)),
    };
    check.finish()?;
    change::change(app, permit, id, if_match.optional()?, changes).await?;
    sheet(app, scope, superadmin, id).await
}

/// Validates a waiting customer.
#[utoipa::path(post, path = "/api/admin/clienti/{id}/convalida", tag = "clienti", params(("id" = String, Path)),
    responses((status = 200, body = Cliente), Problems))]
#[post("/api/admin/clienti/<id>/convalida")]
pub(super) async fn convalida(
    app: &State<App>,
    permit: Permit<DecideCustomer>,
    id: Id<CustomerId>,
) -> Result<Tagged<Cliente>, Failure> {
    let (id, scope, superadmin) = (id.get()?, permit.scope(), permit.actor().is_superadmin());
    decide::validate(app, permit, id).await?;
    sheet(app, scope, superadmin, id).await
}

/// Why a customer is refused.
#[derive(Default, Deserialize, ToSchema)]
pub(super) struct Rifiuto {
    motivo: Option<String>,
    /// Whether the mail to the customer tells it too.
    comunica_motivo: Option<bool>,
}

/// Refuses a waiting customer.
#[utoipa::path(post, path = "/api/admin/clienti/{id}/rifiuta", tag = "clienti", request_body = Rifiuto,
    params(("id" = String, Path)), responses((status = 200, body = Cliente), Problems))]
#[post("/api/admin/clienti/<id>/rifiuta", data = "<body>")]
pub(super) async fn rifiuta(
    app: &State<App>,
    permit: Permit<DecideCustomer>,
    id: Id<CustomerId>,
    body: RawBody,
) -> Result<Tagged<Cliente>, Failure> {
    let (id, scope, superadmin) = (id.get()?, permit.scope(), permit.actor().is_superadmin());
    let sent: Rifiuto = body.parse_or_default()?;
    let mut check = Check::default();
    let note = check.lines("motivo", sent.motivo.as_deref(), NOTE_MAX);
    let note = check.required("motivo", note);
    check.finish()?;
    let why = decide::Refusal {
        note,
        told: sent.comunica_motivo.unwrap_or(false),
    };
    decide::refuse(app, permit, id, why).await?;
    sheet(app, scope, superadmin, id).await
}

/// Stops a customer for a while.
#[utoipa::path(post, path = "/api/admin/clienti/{id}/sospendi", tag = "clienti", request_body = Motivo,
    params(("id" = String, Path)), responses((status = 200, body = Cliente), Problems))]
#[post("/api/admin/clienti/<id>/sospendi", data = "<body>")]
pub(super) async fn sospendi(
    app: &State<App>,
    permit: Permit<SuspendCustomer>,
    id: Id<CustomerId>,
    body: RawBody,
) -> Result<Tagged<Cliente>, Failure> {
    let (id, scope, superadmin) = (id.get()?, permit.scope(), permit.actor().is_superadmin());
    suspend::suspend(app, permit, id, required_reason(&body)?).await?;
    sheet(app, scope, superadmin, id).await
}

/// Lets a suspended customer go on.
#[utoipa::path(post, path = "/api/admin/clienti/{id}/riattiva", tag = "clienti", request_body = Motivo,
    params(("id" = String, Path)), responses((status = 200, body = Cliente), Problems))]
#[post("/api/admin/clienti/<id>/riattiva", data = "<body>")]
pub(super) async fn riattiva(
    app: &State<App>,
    permit: Permit<SuspendCustomer>,
    id: Id<CustomerId>,
    body: RawBody,
) -> Result<Tagged<Cliente>, Failure> {
    let (id, scope, superadmin) = (id.get()?, permit.scope(), permit.actor().is_superadmin());
    suspend::resume(app, permit, id, reason(&body)?).await?;
    sheet(app, scope, superadmin, id).await
}

/// To whom. Null takes away, absent leaves.
#[derive(Deserialize, ToSchema)]
pub(super) struct AssegnazioneCliente {
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    azienda: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    agente: Option<Option<String>>,
}

/// Gives a customer, with its licences, to a company or an agent.
#[utoipa::path(post, path = "/api/admin/clienti/{id}/assegna", tag = "clienti", request_body = AssegnazioneCliente,
    params(("id" = String, Path)), responses((status = 200, body = Cliente), Problems))]
#[post("/api/admin/clienti/<id>/assegna", data = "<body>")]
pub(super) async fn assegna(
    app: &State<App>,
    permit: Permit<AssignCustomer>,
    id: Id<CustomerId>,
    body: RawBody,
) -> Result<Tagged<Cliente>, Failure> {
    let (id, scope, superadmin) = (id.get()?, permit.scope(), permit.actor().is_superadmin());
    let sent: AssegnazioneCliente = body.parse()?;
    let mut check = Check::default();
    let company = sent.azienda.map(|id| check.id(id.as_deref()));
    let agent = sent.agente.map(|id| check.id(id.as_deref()));
    check.finish()?;
    assign::assign(app, permit, id, company, agent).await?;
    sheet(app, scope, superadmin, id).await
}
