//! The list of customers.

use super::rights;
use crate::{
    domain::{
        access::{Permit, right::ReadCustomers},
        customer::CustomerState,
        ids::{CustomerId, NodeId},
        text,
        view::List,
    },
    operations::{App, views},
    store::{
        customers::{self, Filter},
        directory, saved_views,
    },
    web::{
        input::{Check, Query},
        page::{Answer, Goto, Page},
        pages::{
            addresses::{self, CHOICES},
            views as saved,
        },
    },
};
use rocket::{State, get};
use serde_json::{Value, json};

const PATH: &str = "/clienti";

/// Which customers an address asks for.
pub(super) fn wanted(check: &mut Check, query: &Query) -> Filter {
    Filter {
        state: check.word("stato", query.get("stato"), CustomerState::from_code),
        company: check.id(query.get("azienda")),
        agent: check.id(query.get("agente")),
        search: query
            .get("q")
            .map(text::searchable)
            .filter(|search| !search.is_empty()),
        unproposed: false,
    }
}

/// An address with what was asked of the list.
pub(super) fn address(path: &str, query: &Query) -> String {
    let asked = ["q", "azienda", "agente", "stato"].map(|name| (name, query.get(name)));
    addresses::to(path, &asked)
}

/// The customers that the reader sees.
#[get("/clienti")]
pub(crate) async fn elenco(app: &State<App>, permit: Permit<ReadCustomers>, query: Query) -> Answer {
    let whose = views::whose(permit.actor())?;
    let opened = saved::opens_with(app, permit.scope(), whose, List::Customers, &query).await?;
    let (instead, known) = match opened.here() {
        Ok(here) => here,
        Err(to) => return Goto::to(to).reply(),
    };
    let mut check = Check::default();
    let page = query.page(&mut check);
    let filter = wanted(&mut check, &query);
    check.finish()?;
    let scope = permit.scope();
    let asked = filter.clone();
    let (slice, names, licenses, states, choices, kept) = app
        .db
        .read(move |tx| {
            let slice = customers::list(tx, scope, &asked, &page)?;
            let ids: Vec<CustomerId> = slice.rows.iter().map(|row| row.id).collect();
            let nodes: Vec<NodeId> = slice
                .rows
                .iter()
                .flat_map(|row| [row.company_id, row.agent_id])
                .flatten()
                .chain(asked.company)
                .chain(asked.agent)
                .collect();
            Ok((
                directory::node_names(tx, scope, &nodes)?,
                directory::licenses_of_customers(tx, scope, &ids)?,
                directory::customer_states(tx, scope, &asked)?,
                directory::choices(tx, scope, CHOICES)?,
                match &known {
                    Some(views) => views.clone(),
                    None => saved_views::of_list(tx, whose, List::Customers)?,
                },
                slice,
            ))
        })
        .await
        .map(|(names, licenses, states, choices, kept, slice)| {
            (slice, names, licenses, states, choices, kept)
        })?;
    let superadmin = permit.actor().is_superadmin();
    let name = |id: Option<NodeId>| id.and_then(|id| names.get(&id));
    let rows: Vec<Value> = slice
        .rows
        .iter()
        .map(|row| {
            json!({
                "id": row.id,
                "name": row.name,
                "state": row.state,
                "email": row.email,
                "vat_number": row.vat_number,
                "company": name(row.company_id),
                "agent": name(row.agent_id),
                "licenses": licenses.get(&row.id).copied().unwrap_or(0),
                "double": superadmin && row.flagged_double,
                "created_at": row.created_at,
            })
        })
        .collect();
    let asked = [
        ("q", query.get("q")),
        ("azienda", query.get("azienda")),
        ("agente", query.get("agente")),
        ("stato", query.get("stato")),
    ];
    let in_state = |state: Option<&'static str>| {
        let mut asked = asked;
        if let Some(last) = asked.last_mut() {
            last.1 = state;
        }
        addresses::to(PATH, &asked)
    };
    let facets: Vec<Value> = CustomerState::ALL
        .iter()
        .map(|state| {
            json!({
                "state": state,
                "n": states.get(state).copied().unwrap_or(0),
                "href": in_state(Some(state.code())),
                "current": filter.state == Some(*state),
            })
        })
        .collect();
    let (first, next) = addresses::slices(PATH, &asked, query.get("cursore"), slice.next);
    let (companies, agents): (Vec<_>, Vec<_>) =
        choices.into_iter().partition(|choice| choice.kind.is_company());
    let exports = ["xlsx", "csv"].map(|format| address(&format!("/clienti/esporta/{format}"), &query));
    let mut shown = json!({
        "can": rights(permit.actor()),
        "rows": rows,
        "q": query.get("q").unwrap_or_default(),
        "state": filter.state.map(CustomerState::code).unwrap_or_default(),
        "company": query.get("azienda").unwrap_or_default(),
        "company_name": name(filter.company),
        "agent": query.get("agente").unwrap_or_default(),
        "agent_name": name(filter.agent),
        "filtered": asked.iter().any(|(_, value)| value.is_some()),
        "all": { "n": states.values().sum::<i64>(), "href": in_state(None) },
        "facets": facets,
        "exports": exports,
        "companies": companies,
        "agents": agents,
        "first": first,
        "next": next,
    });
    saved::insert(&mut shown, List::Customers, &kept, &query);
    saved::told(&mut shown, instead);
    Page::new("pages/customers/list", shown)?
        .part("partials/customers/results")
        .reply()
}
