//! The list of licences.

use super::permitted;
use crate::{
    domain::{
        access::{Action, Permit, may, right::ReadLicenses},
        calendar,
        error::Fault,
        license::{LicenseKind, LicenseState, days_after, key::ActivationKey},
        text,
    },
    operations::{
        App,
        licenses::list::{self, Line, Listed, Wanted},
    },
    store::{
        license_lists::{Counts, Order, SortBy},
        licenses::{Filter, Search, Waiting},
        names::Choice,
        page::{Cursor, Window},
    },
    web::{
        input::{Check, DAYS_MAX, Query},
        page::{Answer, Page},
    },
};
use rocket::{State, get};
use serde_json::{Value, json};

/// Rows in a slice, as people may choose.
const LIMITS: [usize; 3] = [LIMIT, 50, 100];
/// Rows in a slice at first.
const LIMIT: usize = 25;
/// What is counted exactly; more is told as more.
const EXACT: i64 = 10_000;
/// The parameters of an address that say which licences are listed.
const FILTERS: [&str; 9] = [
    "q",
    "stato",
    "tipo",
    "prodotto",
    "azienda",
    "agente",
    "cliente",
    "scade_entro",
    "in_attesa",
];

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

/// The address of the list with some parameters changed; a changed list begins at its beginning.
fn address(query: &Query, changes: &[(&str, Option<&str>)]) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for name in FILTERS.into_iter().chain(["ordine", "limite", "cursore"]) {
        let change = changes.iter().find(|(changed, _)| *changed == name);
        let value = match change {
            Some((_, value)) => *value,
            None if name == "cursore" => None,
            None => query.get(name),
        };
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            pairs.append_pair(name, value);
        }
    }
    let pairs = pairs.finish();
    if pairs.is_empty() {
        "/licenze".into()
    } else {
        format!("/licenze?{pairs}")
    }
}

/// `scadenza` the smallest first, `-scadenza` the greatest.
fn order(word: &str) -> Option<Order> {
    let (descending, word) = match word.strip_prefix('-') {
        Some(word) => (true, word),
        None => (false, word),
    };
    SortBy::from_code(word).map(|by| Order { by, descending })
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
        "may": permitted(permit.actor(), sheet, line.state),
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
fn views(query: &Query) -> Value {
    let is = |name: &str, value: &str| query.get(name) == Some(value);
    let untouched = FILTERS.iter().all(|name| query.get(name).is_none());
    json!([
        { "text": "licenses-view-all", "href": "/licenze", "current": untouched },
        { "text": "licenses-view-expiring", "href": "/licenze?scade_entro=30&ordine=scadenza", "current": is("scade_entro", "30") },
        { "text": "licenses-view-validation", "href": "/licenze?in_attesa=convalida", "current": is("in_attesa", "convalida") },
        { "text": "licenses-view-assignment", "href": "/licenze?in_attesa=assegnazione", "current": is("in_attesa", "assegnazione") },
    ])
}

/// The licences that whoever is signed in sees.
#[get("/licenze")]
pub(crate) async fn elenco(app: &State<App>, permit: Permit<ReadLicenses>, query: Query) -> Answer {
    let mut check = Check::default();
    let today = calendar::today(app.clock.now(), app.zone);
    let within: Option<i32> = query
        .number(&mut check, "scade_entro", 0..=DAYS_MAX)
        .and_then(|days| i32::try_from(days).ok());
    let typed = query.get("q").map(text::clean).filter(|typed| !typed.is_empty());
    let state = check.word("stato", query.get("stato"), LicenseState::from_code);
    let filter = Filter {
        state,
        kind: check.word("tipo", query.get("tipo"), LicenseKind::from_code),
        product: None,
        customer: check.id(query.get("cliente")),
        company: check.id(query.get("azienda")),
        agent: check.id(query.get("agente")),
        expires_by: within.map(|days| days_after(today, days)),
        waiting: check.word("in_attesa", query.get("in_attesa"), Waiting::from_code),
        search: typed.map(|typed| Search {
            key_hash: ActivationKey::parse(&typed)
                .ok()
                .map(|key| app.vault.lookup(key.canonical())),
            name: text::searchable(&typed),
            text: typed,
        }),
    };
    let order = check
        .word("ordine", query.get("ordine"), order)
        .unwrap_or(Order::NEWEST);
    let limit = query.get("limite").and_then(|limit| limit.parse().ok());
    let limit = limit.filter(|limit| LIMITS.contains(limit)).unwrap_or(LIMIT);
    let after = query.get("cursore").map(str::parse::<Cursor>);
    if matches!(after, Some(Err(_))) {
        check.fault("cursore", Fault::Invalid);
    }
    check.finish()?;
    let wanted = Wanted {
        filter,
        product: query.get("prodotto").map(str::to_owned),
        order,
        window: Window {
            limit,
            after: after.and_then(Result::ok),
        },
        today,
    };
    let (scope, app_) = (permit.scope(), app.inner().clone());
    let listed = app
        .db
        .read(move |tx| list::list(&app_, tx, scope, &wanted))
        .await?;
    let shown = page(&query, &listed, state, order, limit, &permit);
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
        .filter(|product| !product.is_archived || query.get("prodotto") == Some(product.code.as_str()))
        .map(|product| json!({ "value": product.code, "text": product.name }))
        .collect();
    let nodes = |companies: bool| -> Vec<Value> {
        let of_kind = |choice: &&Choice| choice.kind.is_company() == companies;
        let options = listed.choices.iter().filter(of_kind);
        options
            .map(|choice| json!({ "value": choice.id, "text": choice.name }))
            .collect()
    };
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
        "views": views(query),
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
            "in_attesa": is_chosen("in_attesa"),
        },
        "chips": chips(query, listed),
        "may_issue": may(permit.actor(), Action::IssueLicenses),
    })
}
