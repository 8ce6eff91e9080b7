//! The tree of companies and agents. What is open of it stands in the address.

use super::{
    holdings::{Holdings, gauges},
    path, rights,
};
use crate::{
    domain::{
        access::{Permit, right::ReadNodes},
        company::{Node, NodeKind},
        ids::NodeId,
        text,
    },
    operations::App,
    store::{
        Visible,
        directory::Part,
        nodes::{self, Filter},
        page::Page as Slice,
    },
    web::{
        input::{Check, Query},
        page::{Answer, Page},
        pages::addresses,
    },
};
use rocket::{State, get};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const PATH: &str = "/aziende";
/// Nodes that are read at most: a larger tree is searched from its nodes' own pages.
const MOST: usize = 5000;
/// A tree of up to so many nodes shows itself whole; of a larger one the first levels.
const OPEN: usize = 200;
/// Levels that have their own indentation.
const LEVELS: usize = 5;

struct Tree<'a> {
    nodes: BTreeMap<NodeId, &'a Visible<Node>>,
    children: BTreeMap<NodeId, Vec<NodeId>>,
    roots: Vec<NodeId>,
}

impl<'a> Tree<'a> {
    fn new(rows: &'a [Visible<Node>]) -> Self {
        let nodes: BTreeMap<NodeId, &Visible<Node>> = rows.iter().map(|row| (row.id, row)).collect();
        let mut sorted: Vec<&Visible<Node>> = rows.iter().collect();
        sorted.sort_by_cached_key(|node| {
            (
                node.kind == NodeKind::Agent,
                text::search_key(&node.name),
                node.id,
            )
        });
        let (mut children, mut roots) = (BTreeMap::<NodeId, Vec<NodeId>>::new(), Vec::new());
        for node in sorted {
            match node.parent_id.filter(|parent| nodes.contains_key(parent)) {
                Some(parent) => children.entry(parent).or_default().push(node.id),
                None => roots.push(node.id),
            }
        }
        Self {
            nodes,
            children,
            roots,
        }
    }

    fn is_parent(&self, id: NodeId) -> bool {
        self.children.contains_key(&id)
    }

    /// The nodes that are seen, with their levels, where these are open.
    fn seen(&self, open: &BTreeSet<NodeId>) -> Vec<(NodeId, usize)> {
        let mut seen = Vec::new();
        let mut left: Vec<(NodeId, usize)> = self.roots.iter().rev().map(|id| (*id, 0)).collect();
        while let Some((id, level)) = left.pop() {
            seen.push((id, level));
            if open.contains(&id)
                && let Some(children) = self.children.get(&id)
            {
                left.extend(children.iter().rev().map(|child| (*child, level + 1)));
            }
        }
        seen
    }

    /// The names of the nodes above one, the highest first.
    fn way_to(&self, id: NodeId) -> Vec<&str> {
        let mut way = Vec::new();
        let mut at = self.nodes.get(&id).and_then(|node| node.parent_id);
        while let Some(node) = at.and_then(|id| self.nodes.get(&id)) {
            way.push(node.name.as_str());
            at = node.parent_id;
        }
        way.reverse();
        way
    }
}

fn ids(text: Option<&str>) -> BTreeSet<NodeId> {
    text.unwrap_or_default()
        .split('.')
        .filter_map(|id| id.parse().ok())
        .collect()
}

fn joined(ids: &BTreeSet<NodeId>) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}

/// The companies and agents that the reader sees.
#[get("/aziende")]
pub(crate) async fn albero(app: &State<App>, permit: Permit<ReadNodes>, query: Query) -> Answer {
    let mut check = Check::default();
    let kind = check.word("ruolo", query.get("ruolo"), NodeKind::from_code);
    let stopped = check.word("stato", query.get("stato"), |word| match word {
        "attivo" => Some(false),
        "sospeso" => Some(true),
        _ => None,
    });
    check.finish()?;
    let typed = query
        .get("q")
        .map(text::searchable)
        .filter(|typed| !typed.is_empty());
    let scope = permit.scope();
    let (slice, holdings) = app
        .db
        .read(move |tx| {
            let slice = nodes::list(tx, scope, &Filter::default(), &Slice::first(MOST))?;
            Ok((slice, Holdings::read(tx, scope, Part::Whole)?))
        })
        .await?;
    let sums = holdings.by_node(&slice.rows);
    let tree = Tree::new(&slice.rows);
    let filtered = typed.is_some() || kind.is_some() || stopped.is_some();
    // Of a small tree the address tells what is closed, of a large one what is open.
    let small = slice.rows.len() <= OPEN;
    let (parameter, told) = if small {
        ("chiusi", ids(query.get("chiusi")))
    } else {
        ("aperti", ids(query.get("aperti")))
    };
    let parents: BTreeSet<NodeId> = tree.children.keys().copied().collect();
    let roots: BTreeSet<NodeId> = tree
        .roots
        .iter()
        .copied()
        .filter(|_| !permit.actor().is_superadmin())
        .collect();
    let open: BTreeSet<NodeId> = if small {
        parents.difference(&told).copied().collect()
    } else {
        told.symmetric_difference(&roots).copied().collect()
    };
    let seen: Vec<(NodeId, usize)> = if filtered {
        let fits = |node: &Node| {
            kind.is_none_or(|kind| node.kind == kind)
                && stopped.is_none_or(|stopped| node.suspended_at.is_some() == stopped)
                && typed.as_deref().is_none_or(|typed| {
                    [Some(&node.name), node.code.as_ref(), node.email.as_ref()]
                        .into_iter()
                        .flatten()
                        .any(|told| text::searchable(told).contains(typed))
                })
        };
        let everything = tree.seen(&parents);
        let found = everything
            .into_iter()
            .filter(|(id, _)| tree.nodes.get(id).is_some_and(|node| fits(node)));
        found.map(|(id, _)| (id, 0)).collect()
    } else {
        tree.seen(&open)
    };
    let rows: Vec<Value> = seen
        .iter()
        .filter_map(|(id, level)| {
            let node = tree.nodes.get(id)?;
            let mut toggled = told.clone();
            if !toggled.remove(id) {
                toggled.insert(*id);
            }
            Some(json!({
                "id": id,
                "name": node.name,
                "kind": node.kind,
                "code": node.code,
                "stopped": node.suspended_at.is_some(),
                "level": level,
                "indent": (*level).min(LEVELS),
                "parent": tree.is_parent(*id) && !filtered,
                "open": open.contains(id),
                "toggle": addresses::to(PATH, &[(parameter, Some(joined(&toggled).as_str()))]),
                "way": filtered.then(|| tree.way_to(*id)),
                "has": gauges(node, &sums.get(id).copied().unwrap_or_default()),
            }))
        })
        .collect();
    // Everything open, or only what is always seen.
    let (all, none) = if small {
        (
            PATH.to_owned(),
            addresses::to(PATH, &[("chiusi", Some(joined(&parents).as_str()))]),
        )
    } else {
        (String::new(), PATH.to_owned())
    };
    let own = permit.actor().node();
    let shown = json!({
        "can": rights(permit.actor()),
        "rows": rows,
        "shown": seen.len(),
        "count": slice.rows.len(),
        "more": slice.next.is_some(),
        "q": query.get("q").unwrap_or_default(),
        "kind": kind.map(NodeKind::code).unwrap_or_default(),
        "state": query.get("stato").unwrap_or_default(),
        "filtered": filtered,
        "open_all": all,
        "close_all": none,
        "own": own.map(path).unwrap_or_default(),
    });
    Page::new("pages/companies/tree", shown)?
        .part("partials/companies/results")
        .reply()
}
