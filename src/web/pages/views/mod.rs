//! Views of lists: what somebody asks again and again, under a name, as a tab above the list.

mod keep;
mod list;

use crate::{
    domain::{
        error::{Error, Result},
        ids::{CustomerId, NodeId},
        scope::Scope,
        view::{List, View, Whose},
    },
    operations::App,
    store::{ReadTx, names, products, saved_views},
    web::{input::Query, pages::licenses::FILTERS},
};
use rocket::{Route, routes};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The routes of this feature.
pub(super) fn routes() -> Vec<Route> {
    routes![
        list::viste,
        keep::nuova,
        keep::salvata,
        keep::modifica,
        keep::modificata,
        keep::elimina,
    ]
}

/// Characters of what a view asks at most.
const QUERY_MAX: usize = 1000;

/// The page of a list.
fn path(list: List) -> &'static str {
    match list {
        List::Licenses => "/licenze",
        List::Customers => "/clienti",
    }
}

/// The parameters of a list that a view keeps.
fn kept(list: List) -> Vec<&'static str> {
    match list {
        List::Licenses => FILTERS.into_iter().chain(["ordine"]).collect(),
        List::Customers => vec!["q", "azienda", "agente", "stato"],
    }
}

/// What an address asks of a list, always written alike; none where it is too long to be kept.
fn asked<'q>(list: List, get: impl Fn(&str) -> Option<&'q str>) -> Option<String> {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for name in kept(list) {
        let value = get(name).map(str::trim).filter(|value| !value.is_empty());
        pairs.extend_pairs(value.map(|value| (name, value)));
    }
    Some(pairs.finish()).filter(|query| query.len() <= QUERY_MAX)
}

/// The address of a view.
fn address(list: List, query: &str) -> String {
    match query {
        "" => format!("{}?vista=tutte", path(list)),
        query => format!("{}?{query}", path(list)),
    }
}

/// What a list opens with.
pub(super) enum Opened {
    /// What is asked, or all there is; with the views, where they were read.
    Here(Option<Vec<View>>),
    /// What its reader made its default: it is there.
    At(String),
    /// All there is, for the default (by its name) asks for what its reader does not see any more.
    Instead(String, Vec<View>),
}

impl Opened {
    /// What is to be told of a default that is left aside, and the views that were read on the way.
    pub(super) fn here(self) -> std::result::Result<(Option<String>, Option<Vec<View>>), String> {
        match self {
            Self::Here(views) => Ok((None, views)),
            Self::Instead(name, views) => Ok((Some(name), Some(views))),
            Self::At(to) => Err(to),
        }
    }
}

/// What a list opens with: where nothing at all is asked, what its reader made its default.
///
/// # Errors
/// Of the database.
pub(super) async fn opens_with(
    app: &App,
    scope: Scope,
    whose: Whose,
    list: List,
    query: &Query,
) -> Result<Opened> {
    if !query.is_empty() {
        return Ok(Opened::Here(None));
    }
    app.db
        .read(move |tx| {
            let views = saved_views::of_list(tx, whose, list)?;
            let mut all = views.iter();
            let Some(chosen) = all.find(|view| view.is_default && !view.query.is_empty()) else {
                return Ok(Opened::Here(Some(views)));
            };
            if is_seen(tx, scope, &chosen.query)? {
                return Ok(Opened::At(address(list, &chosen.query)));
            }
            Ok(Opened::Instead(chosen.name.clone(), views))
        })
        .await
}

/// Whether whom and what a view names is seen still: who moved, or was given away, is not.
fn is_seen(tx: &mut ReadTx<'_>, scope: Scope, query: &str) -> Result<bool> {
    let asked: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let of = |wanted: &'static [&'static str]| {
        let all = asked.iter();
        all.filter(move |(name, _)| wanted.contains(&name.as_str()))
            .map(|(_, value)| value.as_str())
    };
    let nodes: Option<BTreeSet<NodeId>> = of(&["azienda", "agente"]).map(|id| id.parse().ok()).collect();
    let people: Option<BTreeSet<CustomerId>> = of(&["cliente"]).map(|id| id.parse().ok()).collect();
    let (Some(nodes), Some(people)) = (nodes, people) else {
        return Ok(false);
    };
    for code in of(&["prodotto"]) {
        match products::find(tx, scope, code) {
            Err(Error::NotFound) => return Ok(false),
            found => drop(found?),
        }
    }
    Ok(names::nodes(tx, scope, &nodes)?.len() == nodes.len()
        && names::customers(tx, scope, &people)?.len() == people.len())
}

/// Tells on a list's page that it opened without the default view, and why.
pub(super) fn told(shown: &mut Value, instead: Option<String>) {
    if let (Some(name), Some(shown)) = (instead, shown.as_object_mut()) {
        shown.insert("view_gone".into(), name.into());
    }
}

/// Puts the views among what a list's page shows. Where a reader's list opens with one of them, what leads to the whole
/// list has to say so.
pub(super) fn insert(shown: &mut Value, list: List, views: &[View], query: &Query) {
    fn reword(value: &mut Value, from: &str, to: &str) {
        match value {
            Value::String(text) if text == from => to.clone_into(text),
            Value::Array(items) => items.iter_mut().for_each(|item| reword(item, from, to)),
            Value::Object(fields) => fields.values_mut().for_each(|field| reword(field, from, to)),
            _ => {}
        }
    }
    if views.iter().any(|view| view.is_default) {
        reword(shown, path(list), &address(list, ""));
    }
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("saved".into(), tabs(list, views, query));
    }
}

/// The views of a list as its page shows them: tabs, with the way to keep what is asked now.
fn tabs(list: List, views: &[View], query: &Query) -> Value {
    let now = asked(list, |name| query.get(name)).unwrap_or_default();
    let shown: Vec<Value> = views
        .iter()
        .map(|view| {
            json!({
                "name": view.name, "href": address(list, &view.query), "shared": view.shared_with.is_some(),
                "default": view.is_default, "current": !now.is_empty() && view.query == now,
            })
        })
        .collect();
    let known = views.iter().any(|view| view.query == now);
    let keep = (!now.is_empty() && !known).then(|| format!("/viste/nuova?elenco={list}&{now}"));
    json!({
        "all": if views.iter().any(|view| view.is_default) { address(list, "") } else { path(list).to_owned() },
        "list": list,
        "views": shown,
        "keep": keep,
    })
}
