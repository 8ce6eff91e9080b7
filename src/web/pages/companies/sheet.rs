//! One company or agent: data, what it has of what it may, what stands below it, history.

use super::{
    holdings::{Holdings, gauges},
    path, rights,
};
use crate::{
    domain::{
        access::{Permit, right::ReadAudit, right::ReadNodes},
        actor::Actor,
        company::{Node, NodeKind},
        ids::NodeId,
    },
    operations::App,
    store::{
        Visible,
        directory::{self, Part, UserFilter},
        nodes::{self, Filter},
        page::Page as Slice,
    },
    web::{
        guards::Id,
        input::{Check, Query},
        page::{Answer, Page},
        pages::{addresses, history},
    },
};
use rocket::{State, get};
use serde_json::{Value, json};

/// Nodes right below, and users, that the page shows.
const SHOWN: usize = 100;

pub(in crate::web::pages) fn head(
    node: &Node,
    parent: Option<&String>,
    actor: &Actor,
    base_url: &str,
) -> Value {
    let link = node
        .code
        .as_ref()
        .filter(|_| node.kind != NodeKind::Agent)
        .map(|code| format!("{base_url}/registrazione/{code}"));
    json!({
        "id": node.id,
        "name": node.name,
        "kind": node.kind,
        "code": node.code,
        "link": link,
        "email": node.email,
        "stopped": node.suspended_at,
        "note": node.suspension_note,
        "discount_bp": node.discount_bp,
        "payment_days": node.payment_days,
        "defers": node.defers(),
        "may_collect": node.may_collect,
        "may_validate": node.may_validate,
        "may_create_subs": node.may_create_subs,
        "wants_agent": node.wants_agent,
        "created_at": node.created_at,
        "parent": parent.zip(node.parent_id).map(|(name, id)| addresses::step(name, path(id))),
        "company": node.kind != NodeKind::Agent,
        "own": actor.node() == Some(node.id),
    })
}

/// A company or agent.
#[get("/aziende/<id>")]
pub(crate) async fn scheda(app: &State<App>, permit: Permit<ReadNodes>, id: Id<NodeId>) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let (node, names, below, users, holdings) = app
        .db
        .read(move |tx| {
            let node = nodes::get(tx, scope, id)?;
            let above: Vec<NodeId> = node.parent_id.into_iter().collect();
            let names = directory::node_names(tx, scope, &above)?;
            let filter = Filter {
                parent: Some(id),
                ..Filter::default()
            };
            let below = nodes::list(tx, scope, &filter, &Slice::first(SHOWN))?;
            let of = UserFilter {
                node: Some(id),
                ..UserFilter::default()
            };
            let users = directory::users(tx, scope, &of, &Slice::first(SHOWN))?;
            let holdings = Holdings::read(tx, scope, Part::from(&*node))?;
            Ok((node, names, below, users, holdings))
        })
        .await?;
    let child = |node: &Visible<Node>| json!({ "id": node.id, "name": node.name, "kind": node.kind, "stopped": node.suspended_at.is_some() });
    let of_kind = |agents: bool| -> Vec<Value> {
        below
            .rows
            .iter()
            .filter(|node| (node.kind == NodeKind::Agent) == agents)
            .map(child)
            .collect()
    };
    let parent = node.parent_id.and_then(|id| names.get(&id));
    let shown = json!({
        "can": rights(permit.actor()),
        "node": head(&node, parent, permit.actor(), &app.base_url),
        "has": gauges(&node, &holdings.sum()),
        "companies": of_kind(false),
        "agents": of_kind(true),
        "users": users.rows.iter().map(|user| json!({
            "id": user.id, "name": user.name, "email": user.email, "state": user.state, "read_only": user.read_only,
        })).collect::<Vec<_>>(),
        "path": path(id),
        "tab": "overview",
    });
    Page::new("pages/companies/sheet", shown)?.reply()
}

/// What happened to a company or agent.
#[get("/aziende/<id>/storico")]
pub(crate) async fn storico(
    app: &State<App>,
    permit: Permit<ReadNodes>,
    _audit: Permit<ReadAudit>,
    id: Id<NodeId>,
    query: Query,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let (node, names, history) = app
        .db
        .read(move |tx| {
            let node = nodes::get(tx, scope, id)?;
            let above: Vec<NodeId> = node.parent_id.into_iter().collect();
            let names = directory::node_names(tx, scope, &above)?;
            let history = history::read(tx, scope, id.0, &page)?;
            Ok((node, names, history))
        })
        .await?;
    let parent = node.parent_id.and_then(|id| names.get(&id));
    let head = json!({
        "can": rights(permit.actor()),
        "node": head(&node, parent, permit.actor(), &app.base_url),
    });
    history::page("pages/companies/history", head, history, &query, &path(id))
}
