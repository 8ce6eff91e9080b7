//! The list of licences.

use super::{
    asked::{self, Asked, FILTERS, LIMITS},
    bulk, permitted,
};
use crate::{
    domain::{
        access::{Action, Permit, may, right::ReadLicenses},
        license::{LicenseKind, LicenseState},
        view::List,
    },
    operations::{
        App,
        licenses::list::{self, Line, Listed},
        views,
    },
    store::{
        license_counts::Counts,
        license_lists::{Order, SortBy},
        names::Choice,
        saved_views,
    },
    web::{
        input::Query,
        page::{Answer, Goto, Page},
        pages::views as saved,
    },
};
use rocket::{State, get};
use serde_json::{Value, json};

/// What is counted exactly; more is told as more.
const EXACT: i64 = 10_000;
/// The orders to choose among, each with its text.
const ORDERS: [(&str, &str); 8] = [
    ("-creazione", "licenses-order-creazione-down"),
    ("creazione", "licenses-order-creazione-up"),
    ("scadenza", "licenses-order-scadenza-up"),
    ("-scadenza", "licenses-order-scadenza-down"),
    ("cliente", "licenses-order-cliente-up"),
    ("-cliente", "licenses-order-cliente-down"),
    ("-contatto", "licenses-order-contatto-down"),
    ("contatto", "licenses-order-contatto-up"),
];

/// The address of the list with some parameters changed.
fn address(query: &Query, changes: &[(&str, Option<&str>)]) -> String {
    asked::address("/licenze", query, changes)
}

fn word_of(order: Order) -> String {
    format!("{}{}", if order.descending { "-" } else { "" }, order.by.code())
}

/// A heading that sorts: where it leads, and how the list is sorted by it now.
fn heading(query: &Query, by: SortBy, now: Order) -> Value {
    let is_current = now.by == by;
    let next = Order {
        by,
        descending: if is_current {
            !now.descending
        } else {
            matches!(by, SortBy::Created | SortBy::Contact)
        },
    };
    let order = match (is_current, now.descending) {
        (false, _) => "",
        (true, true) => "descending",
        (true, false) => "ascending",
    };
    json!({ "href": address(query, &[("ordine", Some(&word_of(next)))]), "order": order })
}

/// How many: exactly up to ten thousand. Nothing where nothing is known.
fn count(n: i64, more: bool) -> Value {
    match (n, more) {
        (n, _) if n > EXACT => json!({ "n": EXACT, "over": true }),
        (0, true) => Value::Null,
        (n, over) => json!({ "n": n, "over": over }),
    }
}

fn facets(query: &Query, counts: &Counts, current: Option<LicenseState>) -> Value {
    // In the order of a licence's life.
    const STATES: [LicenseState; 7] = [
        LicenseState::Active,
        LicenseState::Demo,
        LicenseState::Pending,
        LicenseState::Issued,
        LicenseState::Suspended,
        LicenseState::Expired,
        LicenseState::Revoked,
    ];
    STATES
        .iter()
        .map(|state| {
            let n = counts.of.get(state).copied().unwrap_or_default();
            json!({
                "state": state,
                "count": count(n, counts.more),
                "none": n == 0 && !counts.more,
                "href": address(query, &[("stato", Some(state.code()))]),
                "current": current == Some(*state),
            })
        })
        .collect()
}

fn row(line: &Line, permit: &Permit<ReadLicenses>) -> Value {
    let sheet = &line.sheet;
    json!({
        "id": sheet.license.id,
        "key": line.key,
        "state": line.state,
        "in_grace": line.in_grace,
        "kind": sheet.kind,
        "binding": sheet.binding,
        "product": line.product,
        "customer": sheet.customer_id.map(|id| json!({ "id": id, "name": line.customer })),
        "company": line.company,
        "agent": line.agent,
        "has_agent": sheet.agent_id.is_some(),
        "label": sheet.label,
        "expires_on": sheet.expires_on,
        "duration_days": sheet.duration_days,
        "period_months": sheet.period_months,
        "max_devices": sheet.max_devices,
        "devices": sheet.devices_used,
        "max_users": sheet.max_users,
        "users": sheet.users_used,
        "max_seats": sheet.max_seats,
        "seats": sheet.seats_used,
        "last_contact": line.last_contact,
        "created_at": sheet.created_at,
        "may": permitted(permit.actor(), sheet, line.state, line.is_offered),
    })
}

/// The filters that hold, each with what it is, what it says, and the address of the list without it.
fn chips(query: &Query, listed: &Listed) -> Vec<Value> {
    let node = |id: &str| {
        let mut choices = listed.choices.iter();
        choices
            .find(|choice| choice.id.to_string() == id)
            .map(|choice| choice.name.clone())
    };
    let product = |code: &str| {
        let mut products = listed.products.iter();
        products
            .find(|product| product.code == code)
            .map(|product| product.name.clone())
    };
    // What is a word is told in the reader's language, by the template.
    let said = |name: &str, value: &str| match name {
        "prodotto" => product(value),
        "azienda" | "agente" => node(value),
        "cliente" => listed.customer.clone(),
        _ => None,
    };
    FILTERS
        .into_iter()
        .filter(|name| *name != "q")
        .filter_map(|name| Some((name, query.get(name)?)))
        .map(|(name, value)| {
            json!({
                "name": name,
                "value": value,
                "said": said(name, value),
                "without": address(query, &[(name, None)]),
            })
        })
        .collect()
}

/// Views that people come back to.
fn usual_views(query: &Query) -> Value {
    let is = |name: &str, value: &str| query.get(name) == Some(value);
    let untouched = FILTERS.iter().all(|name| query.get(name).is_none());
    json!([
        { "text": "licenses-view-all", "href": "/licenze", "current": untouched },
        { "text": "licenses-view-expiring", "href": "/licenze?scade_entro=30&ordine=scadenza", "current": is("scade_entro", "30") },
        { "text": "licenses-view-validation", "href": "/licenze?in_attesa=convalida", "current": is("in_attesa", "convalida") },
        { "text": "licenses-view-assignment", "href": "/licenze?in_attesa=assegnazione", "current": is("in_attesa", "assegnazione") },
        { "text": "licenses-view-archive", "href": "/licenze?archivio=si", "current": is("archivio", "si") },
    ])
}

/// The licences that whoever is signed in sees.
#[get("/licenze")]
pub(crate) async fn elenco(app: &State<App>, permit: Permit<ReadLicenses>, query: Query) -> Answer {
    let whose = views::whose(permit.actor())?;
    let opened = saved::opens_with(app, permit.scope(), whose, List::Licenses, &query).await?;
    let (instead, known) = match opened.here() {
        Ok(here) => here,
        Err(to) => return Goto::to(to).reply(),
    };
    let Asked { wanted, state, order } = Asked::read(app, &query)?;
    let limit = wanted.window.limit;
    let (scope, app_) = (permit.scope(), app.inner().clone());
    let (listed, kept) = app
        .db
        .read(move |tx| {
            let kept = match &known {
                Some(views) => views.clone(),
                None => saved_views::of_list(tx, whose, List::Licenses)?,
            };
            Ok((list::list(&app_, tx, scope, &wanted)?, kept))
        })
        .await?;
    let mut shown = page(&query, &listed, state, order, limit, &permit);
    saved::insert(&mut shown, List::Licenses, &kept, &query);
    saved::told(&mut shown, instead);
    Page::new("pages/licenses/list", shown)?
        .part("partials/licenses/results_part")
        .reply()
}

fn page(
    query: &Query,
    listed: &Listed,
    state: Option<LicenseState>,
    order: Order,
    limit: usize,
    permit: &Permit<ReadLicenses>,
) -> Value {
    let counts = &listed.counts;
    let matching = match state {
        Some(state) => counts.of.get(&state).copied().unwrap_or_default(),
        None => counts.total(),
    };
    let next = listed.next.as_ref().map(ToString::to_string);
    let filtered = FILTERS.iter().any(|name| query.get(name).is_some());
    let is_chosen = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let products: Vec<Value> = listed
        .products
        .iter()
        .filter(|product| product.is_choice(query.get("prodotto")))
        .map(|product| json!({ "value": product.code, "text": product.name }))
        .collect();
    let nodes = |companies: bool| -> Vec<Value> {
        let of_kind = |choice: &&Choice| choice.kind.is_company() == companies;
        let options = listed.choices.iter().filter(of_kind);
        options
            .map(|choice| json!({ "value": choice.id, "text": choice.name }))
            .collect()
    };
    let offered = bulk::offered(permit.actor(), query.get("archivio").is_some());
    let all_of_them = |what: &str| {
        let all = asked::address("", query, &[("ordine", None), ("limite", None)]);
        format!("/licenze/insieme/{what}?tutte=si{}", all.replacen('?', "&", 1))
    };
    let exports =
        ["xlsx", "csv"].map(|format| asked::address(&format!("/licenze/esporta/{format}"), query, &[]));
    json!({
        "rows": listed.lines.iter().map(|line| row(line, permit)).collect::<Vec<_>>(),
        "facets": facets(query, counts, state),
        "all": {
            "href": address(query, &[("stato", None)]),
            "count": count(counts.total(), counts.more),
            "current": state.is_none(),
        },
        "total": count(matching, counts.more),
        "matching": matching,
        "filtered": filtered,
        "views": usual_views(query),
        "sort": {
            "customer": heading(query, SortBy::Customer, order),
            "expiry": heading(query, SortBy::Expiry, order),
            "contact": heading(query, SortBy::Contact, order),
            "created": heading(query, SortBy::Created, order),
        },
        "orders": ORDERS.map(|(value, text)| json!({ "value": value, "text": text })),
        "order": word_of(order),
        "limits": LIMITS.map(|n| json!({
            "n": n, "href": address(query, &[("limite", Some(&n.to_string()))]), "current": n == limit,
        })),
        "limit": query.get("limite").map(|_| limit),
        "first": query.get("cursore").map_or_else(String::new, |_| address(query, &[])),
        "next": next.map_or_else(String::new, |next| address(query, &[("cursore", Some(&next))])),
        "exports": exports,
        "exports_ticked": ["/licenze/esporta/xlsx", "/licenze/esporta/csv"],
        "bulk": offered.iter().map(|what| json!({ "what": what, "href": all_of_them(what) })).collect::<Vec<_>>(),
        "clear": address(query, &FILTERS.map(|name| (name, None))),
        "products": products,
        "companies": nodes(true),
        "agents": nodes(false),
        "kinds": LicenseKind::CODES,
        "periods": ["7", "30", "60", "90"],
        "chosen": {
            "q": is_chosen("q"), "stato": is_chosen("stato"), "tipo": is_chosen("tipo"),
            "prodotto": is_chosen("prodotto"), "azienda": is_chosen("azienda"), "agente": is_chosen("agente"),
            "cliente": is_chosen("cliente"), "scade_entro": is_chosen("scade_entro"),
            "in_attesa": is_chosen("in_attesa"), "ferma_da": is_chosen("ferma_da"), "archivio": is_chosen("archivio"),
        },
        "chips": chips(query, listed),
        "may_issue": may(permit.actor(), Action::IssueLicenses),
    })
}
