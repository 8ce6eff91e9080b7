//! Stopping a company or an agent, with what that touches, and letting it go on.

use super::{
    holdings::{Holdings, Sum},
    path,
};
use crate::{
    domain::{
        access::{Permit, right::SuspendNode},
        company::{Node, NodeKind},
        ids::NodeId,
        scope::Scope,
    },
    operations::{App, companies::suspend},
    store::{
        directory::{self, Part},
        nodes,
    },
    web::{
        form::{Form, Sent},
        guards::Id,
        page::{Answer, Goto},
        pages::reason::{Question, Wanted, effect, given, required},
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::Value;

/// What a stop, or a move, of a node touches: what stands below it, and has.
pub(super) fn effects(node: &Node, below: i64, has: &Sum) -> Vec<Value> {
    let id = node.id;
    let of = if node.kind == NodeKind::Agent {
        "agente"
    } else {
        "azienda"
    };
    vec![
        effect("node-effect-nodes", below, ""),
        effect("node-effect-users", has.users, format!("/utenti?nodo={id}")),
        effect(
            "node-effect-customers",
            has.customers,
            format!("/clienti?{of}={id}"),
        ),
        effect(
            "node-effect-licenses",
            has.licenses + has.trials,
            format!("/licenze?{of}={id}"),
        ),
    ]
}

async fn ask(app: &App, scope: Scope, id: NodeId, stop: bool, form: Form) -> Answer {
    let (node, below, has) = app
        .db
        .read(move |tx| {
            let node = nodes::get(tx, scope, id)?;
            let below = directory::nodes_below(tx, &node)?;
            let holdings = Holdings::read(tx, scope, Part::from(&*node))?;
            Ok((node, below, holdings.sum()))
        })
        .await?;
    let question = Question {
        key: if stop { "node-suspend" } else { "node-resume" },
        name: node.name.clone(),
        section: ("nav-nodes", "/aziende"),
        back: path(id),
        action: format!("{}/{}", path(id), if stop { "sospendi" } else { "riattiva" }),
        danger: stop,
        reason: if stop { Wanted::Must } else { Wanted::May },
        effects: effects(&node, below, &has),
    };
    question.page(&form)
}

/// Asks before a node is stopped.
#[get("/aziende/<id>/sospendi")]
pub(crate) async fn sospendere(app: &State<App>, permit: Permit<SuspendNode>, id: Id<NodeId>) -> Answer {
    ask(app, permit.scope(), id.get()?, true, Form::new()?).await
}

/// Stops it.
#[post("/aziende/<id>/sospendi", data = "<sent>")]
pub(crate) async fn sospendi(
    app: &State<App>,
    permit: Permit<SuspendNode>,
    id: Id<NodeId>,
    language: Language,
    sent: Sent,
) -> Answer {
    switch(app, permit, id.get()?, true, language, &sent).await
}

/// Asks before a node goes on.
#[get("/aziende/<id>/riattiva")]
pub(crate) async fn riattivare(app: &State<App>, permit: Permit<SuspendNode>, id: Id<NodeId>) -> Answer {
    ask(app, permit.scope(), id.get()?, false, Form::new()?).await
}

/// Lets it go on.
#[post("/aziende/<id>/riattiva", data = "<sent>")]
pub(crate) async fn riattiva(
    app: &State<App>,
    permit: Permit<SuspendNode>,
    id: Id<NodeId>,
    language: Language,
    sent: Sent,
) -> Answer {
    switch(app, permit, id.get()?, false, language, &sent).await
}

async fn switch(
    app: &App,
    permit: Permit<SuspendNode>,
    id: NodeId,
    stop: bool,
    language: Language,
    sent: &Sent,
) -> Answer {
    let scope = permit.scope();
    let done = async {
        if stop {
            suspend::suspend(app, permit, id, required(sent)?).await
        } else {
            suspend::resume(app, permit, id, given(sent)?).await
        }
    };
    let said = if stop { "node-suspended" } else { "node-resumed" };
    match done.await {
        Ok(()) => Goto::to(path(id)).saying(said).reply(),
        Err(error) => ask(app, scope, id, stop, Form::refused(sent, error, language)?).await,
    }
}
