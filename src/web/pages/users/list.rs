//! The list of users.

use super::{home, rights};
use crate::{
    domain::{
        access::{Permit, right::ReadUsers},
        text,
        user::UserState,
    },
    operations::App,
    store::directory::{self, UserFilter},
    web::{
        input::{Check, Query},
        page::{Answer, Page},
        pages::addresses,
    },
};
use rocket::{State, get};
use serde_json::{Value, json};

const PATH: &str = "/utenti";

/// The users that the reader sees.
#[get("/utenti")]
pub(crate) async fn elenco(app: &State<App>, permit: Permit<ReadUsers>, query: Query) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    let filter = UserFilter {
        state: check.word("stato", query.get("stato"), UserState::from_code),
        node: None,
        below: check.id(query.get("nodo")),
        customer: check.id(query.get("cliente")),
        search: query
            .get("q")
            .map(|typed| text::clean(typed).to_lowercase())
            .filter(|typed| !typed.is_empty()),
    };
    check.finish()?;
    let scope = permit.scope();
    let asked = filter.clone();
    let (slice, nodes, customers, seen) = app
        .db
        .read(move |tx| {
            let slice = directory::users(tx, scope, &asked, &page)?;
            let nodes: Vec<_> = slice
                .rows
                .iter()
                .filter_map(|user| user.node_id)
                .chain(asked.below)
                .collect();
            let customers: Vec<_> = slice
                .rows
                .iter()
                .filter_map(|user| user.customer_id)
                .chain(asked.customer)
                .collect();
            let nodes = directory::node_kinds(tx, scope, &nodes)?;
            let customers = directory::customer_names(tx, scope, &customers)?;
            let seen = directory::last_seen(tx, &slice.rows)?;
            Ok((slice, nodes, customers, seen))
        })
        .await?;
    let rows: Vec<Value> = slice
        .rows
        .iter()
        .map(|user| {
            json!({
                "id": user.id,
                "name": user.name,
                "email": user.email,
                "state": user.state,
                "read_only": user.read_only,
                "home": home(user, &nodes, &customers),
                "seen": seen.get(&user.id),
                "own": permit.actor().user_id() == Some(user.id),
            })
        })
        .collect();
    let asked = [
        ("q", query.get("q")),
        ("nodo", query.get("nodo")),
        ("cliente", query.get("cliente")),
        ("stato", query.get("stato")),
    ];
    let (first, next) = addresses::slices(PATH, &asked, query.get("cursore"), slice.next);
    let of = filter
        .below
        .and_then(|id| nodes.get(&id).map(|(name, _)| name))
        .or(filter.customer.and_then(|id| customers.get(&id)));
    let shown = json!({
        "can": rights(permit.actor()),
        "rows": rows,
        "q": query.get("q").unwrap_or_default(),
        "state": query.get("stato").unwrap_or_default(),
        "states": UserState::CODES,
        "node": query.get("nodo").unwrap_or_default(),
        "customer": query.get("cliente").unwrap_or_default(),
        "of": of,
        "without_of": addresses::to(PATH, &[("q", query.get("q")), ("stato", query.get("stato"))]),
        "filtered": asked.iter().any(|(_, value)| value.is_some()),
        "first": first,
        "next": next,
    });
    Page::new("pages/users/list", shown)?
        .part("partials/users/results")
        .reply()
}
