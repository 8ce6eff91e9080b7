//! The three logs: what client software asked for, who came and went, who changed what.

mod values;
pub(in crate::web) mod words;

use crate::{
    domain::{
        access::{Permit, right::*},
        actor::ActorKind,
        audit::EventKind,
        calendar,
        error::{Refusal, Success},
        ids::{AnyId, CustomerId, LicenseId, NodeId, ProductId, UserId},
        license::{days_after, key::ActivationKey},
        text,
    },
    operations::App,
    store::{
        audit,
        log::{AccessKind, AccessOutcome, Operation},
        logs::{self, AccessFilter, AccessRow, ActivationFilter, ActivationRow, Ended},
        search::{self, Names, Pointers},
    },
    web::{
        input::{Check, Query},
        page::{Answer, Page},
        pages::addresses::pager,
        reader::Reader,
    },
};
use chrono::{Duration, NaiveDateTime};
use rocket::{State, get};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Characters of what is searched.
const TEXT_MAX: usize = 255;

/// The stretch of time that is asked for: from the beginning of one day to the end of another, or the last hours.
fn stretch(query: &Query, check: &mut Check, app: &App) -> (Option<NaiveDateTime>, Option<NaiveDateTime>) {
    let from = check.day("dal", query.get("dal"));
    let until = check.day("al", query.get("al"));
    let hours = query.number(check, "ore", 1..=24 * 366);
    let since = hours.map(|hours| app.clock.now() - Duration::hours(hours));
    let from = from.map(|day| calendar::start_of_day(day, app.zone));
    (
        from.max(since),
        until.map(|day| calendar::start_of_day(days_after(day, 1), app.zone)),
    )
}

/// What stands in the filters.
fn filled(query: &Query, names: &[&str]) -> Value {
    names
        .iter()
        .map(|name| ((*name).to_owned(), json!(query.get(name).unwrap_or_default())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn options<'a>(codes: impl IntoIterator<Item = (&'a str, String)>) -> Vec<Value> {
    codes
        .into_iter()
        .map(|(value, text)| json!({"value": value, "text": text}))
        .collect()
}

fn once<T: Ord>(ids: impl IntoIterator<Item = T>) -> Vec<T> {
    ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

/// What client software asked for.
#[get("/registri/attivazioni")]
pub(crate) async fn attivazioni(
    app: &State<App>,
    permit: Permit<ReadActivations>,
    reader: Reader,
    query: Query,
) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    let (from, until) = stretch(&query, &mut check, app);
    let key = check.line("chiave", query.get("chiave"), TEXT_MAX).map(|typed| {
        let hash = ActivationKey::parse(&typed)
            .ok()
            .map(|key| app.vault.lookup(key.canonical()));
        (hash, typed)
    });
    let filter = ActivationFilter {
        from,
        until,
        license: check.id(query.get("licenza")),
        key,
        operation: check
            .word("operazione", query.get("operazione"), Operation::from_code)
            .map(|operation| operation.code().to_owned()),
        ended: query.get("esito").map(|ended| match ended {
            "riuscita" => Ended::Well,
            "rifiutata" => Ended::Badly,
            other => Ended::Like(other.chars().take(32).collect()),
        }),
        text: check.line("q", query.get("q"), TEXT_MAX),
    };
    check.finish()?;
    let scope = permit.scope();
    let (slice, names) = app
        .db
        .read(move |tx| {
            let slice = logs::activations(tx, scope, &filter, &page)?;
            let of = Pointers {
                licenses: once(slice.rows.iter().filter_map(|row| row.license_id)),
                ..Pointers::default()
            };
            let names = search::names(tx, scope, &of)?;
            Ok((slice, names))
        })
        .await?;
    let outcomes = Success::CODES.iter().chain(Refusal::CODES);
    let shown = json!({
        "filter": filled(&query, &["dal", "al", "ore", "operazione", "esito", "chiave", "licenza", "q"]),
        "operations": options(Operation::CODES.iter().map(|code| (*code, reader.text(&format!("operation-{code}"))))),
        "outcomes": options(
            [("riuscita", reader.text("outcome-riuscita")), ("rifiutata", reader.text("outcome-rifiutata"))]
                .into_iter()
                .chain(outcomes.map(|code| (*code, words::outcome(code, &reader)))),
        ),
        "pager": pager(&query, "/registri/attivazioni", slice.next),
        "rows": slice.rows.iter().map(|row| activation(row, &names, &reader)).collect::<Vec<_>>(),
    });
    Page::new("pages/logs/activations", shown)?
        .part("partials/logs/activations")
        .reply()
}

fn activation(row: &ActivationRow, names: &Names, reader: &Reader) -> Value {
    let label = row.license_id.and_then(|id| names.licenses.get(&id));
    json!({
        "id": row.id,
        "at": row.at,
        "operation": reader.text(&format!("operation-{}", row.operation)),
        "well": words::is_well(&row.outcome),
        "outcome": words::outcome(&row.outcome, reader),
        "code": row.outcome,
        "why": Refusal::from_code(&row.outcome)
            .map(|refusal| reader.text(&format!("{}-detail", refusal.code()))),
        "license": row.license_id,
        "label": label.map(|label| json!({
            "id": label.id, "tail": label.tail, "product": label.product, "customer": label.customer,
        })),
        "computer": row.key_kind == "computer",
        "device": row.device,
        "address": row.address,
    })
}

/// Who signed in, and what they opened.
#[get("/registri/accessi")]
pub(crate) async fn accessi(
    app: &State<App>,
    permit: Permit<ReadAccesses>,
    reader: Reader,
    query: Query,
) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    let (from, until) = stretch(&query, &mut check, app);
    let filter = AccessFilter {
        from,
        until,
        email: email(&query, &mut check),
        signing: query.get("cosa").map(|what| what == "accessi"),
        ended: match query.get("esito") {
            Some("riuscito") => Some(Ended::Well),
            Some("rifiutato") => Some(Ended::Badly),
            _ => None,
        },
        text: check.line("q", query.get("q"), TEXT_MAX),
    };
    check.finish()?;
    let scope = permit.scope();
    let (slice, names) = app
        .db
        .read(move |tx| {
            let slice = logs::accesses(tx, scope, &filter, &page)?;
            let of = Pointers {
                users: once(
                    slice
                        .rows
                        .iter()
                        .flat_map(|row| [row.user_id, row.seen_user_id])
                        .flatten(),
                ),
                ..Pointers::default()
            };
            let names = search::names(tx, scope, &of)?;
            Ok((slice, names))
        })
        .await?;
    let shown = json!({
        "filter": filled(&query, &["dal", "al", "utente", "cosa", "esito", "q"]),
        "whats": options([
            ("accessi", reader.text("access-signing")),
            ("pagine", reader.text("access-pages")),
        ]),
        "outcomes": options(
            ["riuscito", "rifiutato"].map(|code| (code, reader.text(&format!("access-outcome-{code}")))),
        ),
        "pager": pager(&query, "/registri/accessi", slice.next),
        "rows": slice.rows.iter().map(|row| access(row, &names, &reader)).collect::<Vec<_>>(),
    });
    Page::new("pages/logs/accesses", shown)?
        .part("partials/logs/accesses")
        .reply()
}

/// An e-mail address as users are stored by it; what is none finds nobody.
fn email(query: &Query, check: &mut Check) -> Option<String> {
    let typed = check.line("utente", query.get("utente"), TEXT_MAX)?;
    Some(text::email(&typed).unwrap_or(typed))
}

fn access(row: &AccessRow, names: &Names, reader: &Reader) -> Value {
    let (text, route) = match AccessKind::from_code(&row.action) {
        Some(kind) => (reader.text(&format!("access-{kind}")), None),
        None => {
            let (method, route) = row.action.split_once(' ').unwrap_or(("", &row.action));
            let key = if matches!(method, "GET" | "HEAD") {
                "access-opened"
            } else {
                "access-sent"
            };
            (reader.text(key), Some(route.to_owned()))
        }
    };
    let status = row.outcome.parse::<u16>().ok();
    let well = match status {
        Some(status) => status < 400,
        None => row.outcome == AccessOutcome::Good.code() || row.outcome.is_empty(),
    };
    let outcome = match status {
        Some(status) => reader.text(match status {
            0..=399 => "access-outcome-riuscito",
            401 => "NON_AUTENTICATO",
            403 => "NON_PERMESSO",
            404 => "NON_TROVATO",
            409 | 412 => "VERSIONE_SUPERATA",
            422 => "RICHIESTA_NON_VALIDA",
            429 => "TROPPE_RICHIESTE",
            400..=499 => "access-outcome-rifiutato",
            _ => "ERRORE_INTERNO",
        }),
        None => match AccessOutcome::from_code(&row.outcome) {
            Some(outcome) => reader.text(&format!("access-outcome-{outcome}")),
            None => row.outcome.clone(),
        },
    };
    let user = row
        .user_id
        .and_then(|id| names.users.get(&id).map(|email| (id, email)));
    json!({
        "id": row.id,
        "at": row.at,
        "text": text,
        "route": route,
        "well": well,
        "outcome": outcome,
        "status": status,
        "user": user.map(|(id, email)| json!({"id": id, "email": email})),
        "unknown": row.user_id.is_none(),
        "seen_as": row.seen_user_id.and_then(|id| names.users.get(&id)),
        "address": row.address,
        "agent": row.user_agent,
    })
}

/// Kinds of things that the audit log tells of.
const THINGS: [&str; 11] = [
    "licenza",
    "lotto",
    "cliente",
    "nodo",
    "utente",
    "token",
    "prodotto",
    "transazione",
    "impostazioni",
    "lavoro",
    "installazione",
];

/// Who changed what.
#[get("/registri/attivita")]
pub(crate) async fn attivita(
    app: &State<App>,
    permit: Permit<ReadAudit>,
    reader: Reader,
    query: Query,
) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    let (from, until) = stretch(&query, &mut check, app);
    let filter = audit::Filter {
        from,
        until,
        action: check.word("azione", query.get("azione"), EventKind::from_code),
        subject_kind: query
            .get("cosa")
            .and_then(|kind| THINGS.iter().find(|known| **known == kind))
            .map(|kind| (*kind).to_owned()),
        subject: check.id::<AnyId>(query.get("oggetto")).map(|id| id.0),
        actor_kind: check.word("via", query.get("via"), ActorKind::from_code),
        email: email(&query, &mut check),
        also: Vec::new(),
    };
    check.finish()?;
    let scope = permit.scope();
    let (slice, names) = app
        .db
        .read(move |tx| {
            let slice = audit::list(tx, scope, &filter, &page)?;
            let names = search::names(tx, scope, &pointers(&slice.rows))?;
            Ok((slice, names))
        })
        .await?;
    let shown = json!({
        "filter": filled(&query, &["dal", "al", "utente", "azione", "cosa", "oggetto", "via"]),
        "actions": options(EventKind::CODES.iter().map(|code| (*code, words::event(code, &reader)))),
        "things": options(THINGS.iter().map(|code| (*code, reader.text(&format!("thing-{code}"))))),
        "ways": options(ActorKind::CODES.iter().map(|code| (*code, reader.text(&format!("actor-{code}"))))),
        "pager": pager(&query, "/registri/attivita", slice.next),
        "rows": slice.rows.iter().map(|row| words::full(row, &names, &reader)).collect::<Vec<_>>(),
    });
    Page::new("pages/logs/audit", shown)?
        .part("partials/logs/audit")
        .reply()
}

fn pointers(rows: &[audit::AuditRow]) -> Pointers {
    let of = |kind: &str| -> Vec<[u8; 16]> {
        let such = rows.iter().filter(|row| row.subject_kind == kind);
        once(such.filter_map(|row| row.subject_id).map(|id| id.0))
    };
    let users = of("utente").into_iter().map(UserId);
    let mut all = Pointers {
        licenses: of("licenza").into_iter().map(LicenseId).collect(),
        customers: of("cliente").into_iter().map(CustomerId).collect(),
        nodes: of("nodo").into_iter().map(NodeId).collect(),
        users: once(users.chain(rows.iter().filter_map(|row| row.user_id))),
        products: of("prodotto").into_iter().map(ProductId).collect(),
    };
    for row in rows {
        values::note_pointed(&row.details, &mut all);
    }
    all.licenses = once(all.licenses);
    all.customers = once(all.customers);
    all.nodes = once(all.nodes);
    all
}
