//! Customers register themselves, and follow their request by its code.

use super::{
    reply::{Answer, Created, created, once},
    views::{LicenzaCliente, Referente},
};
use crate::{
    domain::{customer::Contact, error::Fault},
    operations::{
        App,
        customers::{
            follow,
            register::{self, Registered},
        },
        users::NewPassword,
    },
    web::{
        body::RawBody,
        guards::{Idempotency, Public},
        input::{Check, NAME_MAX, NOTE_MAX},
        problem::{Failure, Problems},
        reader::Language,
    },
};
use rocket::{State, get, post, serde::json::Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a customer says of themselves.
#[derive(Deserialize, ToSchema)]
pub(super) struct RichiestaRegistrazione {
    nome: String,
    email: String,
    partita_iva: Option<String>,
    codice_fiscale: Option<String>,
    telefono: Option<String>,
    indirizzo: Option<String>,
    referente: Option<Referente>,
    /// The company whose link was followed.
    codice_rivenditore: Option<String>,
    /// The product of a trial, by id or code.
    prodotto: Option<String>,
    /// Counts only after the mailed link is followed.
    password: Option<String>,
    consenso_privacy: bool,
}

/// A customer who waits.
#[derive(Serialize, ToSchema)]
struct ClienteRegistrato {
    id: String,
    nome: String,
    stato: &'static str,
}

/// What a registration gives.
#[derive(Serialize, ToSchema)]
pub(super) struct Registrazione {
    /// Under which the request's state can be read; shown once.
    codice_pratica: String,
    cliente: ClienteRegistrato,
    licenze: Vec<LicenzaCliente>,
}

fn registrazione(registered: &Registered) -> Registrazione {
    Registrazione {
        codice_pratica: registered.case_code.clone(),
        cliente: ClienteRegistrato {
            id: registered.customer.id.to_string(),
            nome: registered.customer.name.clone(),
            stato: registered.customer.state.code(),
        },
        licenze: registered.licenses.iter().map(Into::into).collect(),
    }
}

/// Registers a customer, who waits for validation.
///
/// The answer never tells whether an e-mail address or VAT number is known.
#[utoipa::path(post, path = "/api/clienti/registrazione", tag = "clienti", request_body = RichiestaRegistrazione,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Registrazione), Problems), security(()))]
#[post("/api/clienti/registrazione", data = "<body>")]
pub(super) async fn registra(
    app: &State<App>,
    public: Public,
    language: Language,
    idempotency: Idempotency,
    body: RawBody,
) -> Result<Created, Failure> {
    let sent: RichiestaRegistrazione = body.parse()?;
    let mut check = Check::default();
    let email = check.email("email", Some(&sent.email));
    let email = check.required("email", email);
    if !sent.consenso_privacy {
        check.fault("consenso_privacy", Fault::NotAccepted);
    }
    let request = register::Request {
        name: check.required_line("nome", Some(&sent.nome), NAME_MAX),
        vat_number: check.vat_number("partita_iva", sent.partita_iva.as_deref()),
        tax_code: check.tax_code("codice_fiscale", sent.codice_fiscale.as_deref()),
        phone: check.line("telefono", sent.telefono.as_deref(), 40),
        address: check.lines("indirizzo", sent.indirizzo.as_deref(), NOTE_MAX),
        contact: sent.referente.as_ref().map(|contact| Contact {
            name: check.required_line("referente.nome", contact.nome.as_deref(), NAME_MAX),
            email: check.email("referente.email", contact.email.as_deref()),
            phone: check.line("referente.telefono", contact.telefono.as_deref(), 40),
        }),
        seller_code: check.token("codice_rivenditore", sent.codice_rivenditore.as_deref(), 32),
        product: check.verbatim("prodotto", sent.prodotto.as_deref(), 40),
        password: sent.password.map(NewPassword),
        language: language.code().to_owned(),
        email,
    };
    check.finish()?;
    let key = idempotency.of(&body)?;
    let outcome = register::register(app, &public.0, request, once(key, registrazione)).await?;
    created(outcome, registrazione)
}

/// Where a customer stands.
#[derive(Serialize, ToSchema)]
struct StatoCliente {
    stato: &'static str,
}

/// The state of a request.
#[derive(Serialize, ToSchema)]
pub(super) struct Pratica {
    cliente: StatoCliente,
    licenze: Vec<LicenzaCliente>,
}

/// The state of a request for registration, by its code.
#[utoipa::path(get, path = "/api/clienti/registrazione/{codice_pratica}", tag = "clienti",
    params(("codice_pratica" = String, Path)), responses((status = 200, body = Pratica), Problems), security(()))]
#[get("/api/clienti/registrazione/<codice_pratica>")]
pub(super) async fn pratica(app: &State<App>, public: Public, codice_pratica: &str) -> Answer<Pratica> {
    let followed = follow::follow(app, &public.0, codice_pratica).await?;
    Ok(Json(Pratica {
        cliente: StatoCliente {
            stato: followed.customer.state.code(),
        },
        licenze: followed.licenses.iter().map(Into::into).collect(),
    }))
}
