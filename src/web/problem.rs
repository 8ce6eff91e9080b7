//! The one mapping from [`Error`] to an answer of the API: RFC 9457 problem documents with stable codes.

use super::{
    body::BadBody,
    guards::RequestId,
    messages,
    page::{self, Goto, Page},
    reader::Language,
    session, shows_pages,
};
use crate::domain::error::{Error, Refusal};
use rocket::{
    Catcher, Request, Response,
    http::{ContentType, Header, Status},
    response::{self, Responder},
};
use serde::Serialize;
use std::{collections::BTreeMap, io::Cursor};
use utoipa::ToSchema;

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    kind: String,
    /// In short, for people.
    title: String,
    /// The HTTP status.
    status: u16,
    /// For people, in the language of `Accept-Language`.
    detail: String,
    /// Stable, for programs.
    codice: String,
    /// Codes of what is wrong, by field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    campi: Option<BTreeMap<String, Vec<String>>>,
    /// When a device can be released again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    prossimo_rilascio: Option<String>,
    /// The request, as in `X-Request-Id`.
    id_richiesta: String,
}

/// An error on its way out. Everything that fails in a handler becomes one.
#[derive(Debug)]
pub(super) enum Failure {
    /// An error of the program's.
    Error(Error),
    /// `If-Match` was wanted.
    IfMatchWanted,
    /// No release is left until then.
    Releases(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Seconds after which to try again when the database cannot serve.
const RETRY_AFTER: u64 = 2;

struct Verdict {
    status: Status,
    code: &'static str,
    retry_after: Option<u64>,
}

fn verdict(status: Status, code: &'static str) -> Verdict {
    Verdict {
        status,
        code,
        retry_after: None,
    }
}

fn judge(error: &Error) -> Verdict {
    match error {
        Error::NotFound => verdict(Status::NotFound, "NON_TROVATO"),
        Error::Forbidden => verdict(Status::Forbidden, "NON_PERMESSO"),
        Error::SignInRefused => verdict(Status::Unauthorized, "ACCESSO_RIFIUTATO"),
        Error::Invalid(_) => verdict(Status::UnprocessableEntity, "RICHIESTA_NON_VALIDA"),
        Error::Refused(refusal) => verdict(refusal_status(*refusal), refusal.code()),
        Error::Conflict(conflict) => verdict(Status::Conflict, conflict.code()),
        Error::Stale => verdict(Status::PreconditionFailed, "VERSIONE_SUPERATA"),
        Error::TooMany(seconds) => Verdict {
            retry_after: Some(*seconds),
            ..verdict(Status::TooManyRequests, "TROPPE_RICHIESTE")
        },
        Error::Unavailable(_) => Verdict {
            retry_after: Some(RETRY_AFTER),
            ..verdict(Status::ServiceUnavailable, "NON_DISPONIBILE")
        },
        Error::Internal(cause) => match cause.downcast_ref::<BadBody>() {
            Some(BadBody::TooLarge) => verdict(Status::PayloadTooLarge, "CORPO_TROPPO_GRANDE"),
            Some(BadBody::NotJson) => verdict(Status::BadRequest, "JSON_NON_VALIDO"),
            None => verdict(Status::InternalServerError, "ERRORE_INTERNO"),
        },
    }
}

fn refusal_status(refusal: Refusal) -> Status {
    use Refusal::*;
    match refusal {
        Unknown => Status::NotFound,
        Mistyped | BadComputerKey => Status::UnprocessableEntity,
        Suspended | Revoked | Expired | CustomerSuspended | PendingExhausted | DeviceNotAdmitted => {
            Status::Forbidden
        }
        DevicesExhausted | UsersExhausted | WrongProduct | VersionNotCovered | TrialUsed | Floating
        | DeviceNotActive | ReleasesExhausted => Status::Conflict,
    }
}

impl<'r> Responder<'r, 'static> for Failure {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let (verdict, fields, release) = match &self {
            Self::IfMatchWanted => (
                verdict(Status::PreconditionRequired, "IF_MATCH_RICHIESTO"),
                None,
                None,
            ),
            Self::Releases(until) => (
                judge(&Error::Refused(Refusal::ReleasesExhausted)),
                None,
                Some(until.clone()),
            ),
            Self::Error(error) => {
                let verdict = judge(error);
                if verdict.status == Status::InternalServerError
                    || verdict.status == Status::ServiceUnavailable
                {
                    tracing::error!(id = RequestId::of(request).as_str(), %error, "a request failed");
                }
                let fields = match error {
                    Error::Invalid(fields) => {
                        let codes = |faults: &Vec<crate::domain::error::Fault>| {
                            faults.iter().map(|f| f.code().to_owned()).collect()
                        };
                        Some(
                            fields
                                .0
                                .iter()
                                .map(|(field, faults)| (field.clone(), codes(faults)))
                                .collect(),
                        )
                    }
                    _ => None,
                };
                (verdict, fields, None)
            }
        };
        let mut response = if shows_pages(request) {
            page(request, verdict.status, verdict.code)
        } else {
            document(request, verdict.status, verdict.code, fields, release)
        };
        if let Some(seconds) = verdict.retry_after {
            response.set_header(Header::new("Retry-After", seconds.to_string()));
        }
        Ok(response)
    }
}

fn document(
    request: &Request<'_>,
    status: Status,
    code: &str,
    campi: Option<BTreeMap<String, Vec<String>>>,
    prossimo_rilascio: Option<String>,
) -> Response<'static> {
    let language = Language::of(request);
    let problem = Problem {
        kind: format!("urn:sigillo:errore:{}", code.to_ascii_lowercase()),
        title: messages::text(language, code),
        status: status.code,
        detail: messages::text(language, &format!("{code}-detail")),
        codice: code.to_owned(),
        campi,
        prossimo_rilascio,
        id_richiesta: RequestId::of(request).as_str().to_owned(),
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = Response::build();
    response
        .status(status)
        .header(ContentType::new("application", "problem+json"))
        .raw_header("Content-Language", language.code())
        .raw_header("Vary", "Accept-Language")
        .sized_body(body.len(), Cursor::new(body));
    if status == Status::Unauthorized {
        response.raw_header("WWW-Authenticate", "Bearer");
    }
    response.finalize()
}

/// What Rocket itself refuses, and what nobody serves.
#[rocket::catch(default)]
async fn catch(status: Status, request: &Request<'_>) -> Caught {
    if shows_pages(request) {
        session::look_up(request).await;
    }
    Caught(answer(status, request))
}

/// An error as a page; where htmx asked for a part, as a notice that leaves the page as it is.
fn page(request: &Request<'_>, status: Status, code: &str) -> Response<'static> {
    let language = Language::of(request);
    let (title, detail) = match code {
        "NON_PERMESSO" if !session::is_ours(request) => {
            ("foreign-request", "foreign-request-detail".to_owned())
        }
        "NON_PERMESSO" if session::of(request).is_some_and(|session| session.seeing.is_some()) => {
            ("seeing-refused", "seeing-refused-detail".to_owned())
        }
        other => (other, format!("{other}-detail")),
    };
    let shown = serde_json::json!({
        "code": code,
        "status": status.code,
        "title": messages::text(language, title),
        "detail": messages::text(language, &detail),
    });
    let page = Page::new("errors/page", shown).map(|page| page.part("errors/notice").status(status));
    let rendered = page
        .map_err(|_| Status::InternalServerError)
        .and_then(|page| page.respond_to(request));
    match rendered {
        Ok(mut response) => {
            if page::wants_part(request) {
                response.set_raw_header("HX-Retarget", "#notices");
                response.set_raw_header("HX-Reswap", "innerHTML");
            }
            response
        }
        // The frame itself is broken: what is left is the bare word.
        Err(_) => document(request, status, code, None, None),
    }
}

/// To the sign-in, or to the question for the password, and from there back.
fn to_the_door(request: &Request<'_>, door: &str) -> Response<'static> {
    let back = if request.method() == rocket::http::Method::Get && !page::wants_part(request) {
        request.uri().to_string()
    } else {
        let shown = request
            .headers()
            .get_one("HX-Current-URL")
            .or(request.headers().get_one("Referer"));
        shown.and_then(path_of).unwrap_or("/").to_owned()
    };
    let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    Goto::to(format!("{door}?poi={back}"))
        .respond_to(request)
        .unwrap_or_default()
}

/// The path and query of an address.
fn path_of(address: &str) -> Option<&str> {
    let rest = address.split_once("://")?.1;
    rest.find('/').and_then(|at| rest.get(at..))
}

struct Caught(Response<'static>);

impl<'r> Responder<'r, 'static> for Caught {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Ok(self.0)
    }
}

fn answer(status: Status, request: &Request<'_>) -> Response<'static> {
    let allowed = if status == Status::NotFound {
        methods_of(request)
    } else {
        Vec::new()
    };
    // Where the method is served it is the thing that is missing.
    if !allowed.is_empty() && !allowed.contains(&request.method().as_str()) {
        let (status, code) = (Status::MethodNotAllowed, "METODO_NON_PERMESSO");
        let mut response = if shows_pages(request) {
            page(request, status, code)
        } else {
            document(request, status, code, None, None)
        };
        response.set_header(Header::new("Allow", allowed.join(", ")));
        return response;
    }
    let (status, code) = match status.code {
        400 => (status, "JSON_NON_VALIDO"),
        401 => (status, "NON_AUTENTICATO"),
        403 => (status, "NON_PERMESSO"),
        404 => (status, "NON_TROVATO"),
        405 => (status, "METODO_NON_PERMESSO"),
        413 => (status, "CORPO_TROPPO_GRANDE"),
        422 => (status, "RICHIESTA_NON_VALIDA"),
        431 => (status, "INTESTAZIONI_TROPPO_GRANDI"),
        503 => (status, "NON_DISPONIBILE"),
        _ => (Status::InternalServerError, "ERRORE_INTERNO"),
    };
    let mut response = if shows_pages(request) {
        match status.code {
            401 => return to_the_door(request, "/accedi"),
            403 if session::wants_confirmation(request) => return to_the_door(request, "/conferma"),
            _ => page(request, status, code),
        }
    } else {
        document(request, status, code, None, None)
    };
    if status == Status::ServiceUnavailable {
        response.set_header(Header::new("Retry-After", RETRY_AFTER.to_string()));
    }
    response
}

/// The methods by which a path is served: Rocket answers 404 to another one, and HTTP wants 405.
fn methods_of(request: &Request<'_>) -> Vec<&'static str> {
    let asked: Vec<&str> = request.uri().path().segments().collect();
    let fits = |route: &&rocket::Route| {
        let pattern: Vec<&str> = route
            .uri
            .path()
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        pattern.len() == asked.len()
            && pattern
                .iter()
                .zip(&asked)
                .all(|(part, asked)| part.starts_with('<') || part == asked)
    };
    let mut methods: Vec<&'static str> = request
        .rocket()
        .routes()
        .filter(fits)
        .map(|route| route.method.as_str())
        .collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

pub(super) fn catchers() -> Vec<Catcher> {
    rocket::catchers![catch]
}

/// The statuses that any operation can answer with, for the OpenAPI document.
pub(super) struct Problems;

impl utoipa::IntoResponses for Problems {
    fn responses() -> BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
        use utoipa::openapi::{Content, Ref, ResponseBuilder};
        [
            ("400", "JSON_NON_VALIDO"),
            ("401", "NON_AUTENTICATO"),
            ("403", "NON_PERMESSO, and refusals of a licence"),
            ("404", "NON_TROVATO, LICENZA_NON_TROVATA"),
            ("405", "METODO_NON_PERMESSO"),
            ("409", "CONFLITTO, and refusals of a licence"),
            ("412", "VERSIONE_SUPERATA"),
            ("413", "CORPO_TROPPO_GRANDE"),
            ("422", "RICHIESTA_NON_VALIDA, CHIAVE_DIGITATA_MALE"),
            ("428", "IF_MATCH_RICHIESTO"),
            ("429", "TROPPE_RICHIESTE"),
            ("431", "INTESTAZIONI_TROPPO_GRANDI"),
            ("500", "ERRORE_INTERNO"),
            ("503", "NON_DISPONIBILE"),
        ]
        .into_iter()
        .map(|(status, description)| {
            let content = Content::new(Some(Ref::from_schema_name("Problem")));
            let response = ResponseBuilder::new()
                .description(description)
                .content("application/problem+json", content)
                .build();
            (status.to_owned(), response.into())
        })
        .collect()
    }
}
