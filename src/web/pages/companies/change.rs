//! Changing a company's or an agent's data and what is agreed with it.

use super::{fields, path};
use crate::{
    domain::{
        access::{Permit, right::EditNode},
        company::{Node, NodeKind},
        error::{Error, FieldErrors},
        ids::NodeId,
    },
    operations::{
        App,
        companies::{
            change::{self, Changes, Revision},
            create::Terms,
        },
    },
    store::nodes,
    web::{
        form::{Difference, Form, Sent},
        guards::Id,
        input::Check,
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::json;

fn page(node: &Node, form: &Form, own: bool, stale: Option<Vec<Difference>>) -> Answer {
    let status = form.status_of(stale.as_deref());
    let shown = json!({
        "form": form,
        "id": node.id,
        "name": node.name,
        "company": node.kind != NodeKind::Agent,
        // Nobody changes what is agreed with their own node.
        "terms": !own,
        "stale": stale,
    });
    Page::new("pages/companies/edit", shown)?.status(status).reply()
}

/// The form.
#[get("/aziende/<id>/modifica")]
pub(crate) async fn modifica(app: &State<App>, permit: Permit<EditNode>, id: Id<NodeId>) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let node = app.db.read(move |tx| nodes::get(tx, scope, id)).await?;
    let own = permit.actor().node() == Some(id);
    page(&node, &fields::filled(&node)?, own, None)
}

/// Saves it.
#[post("/aziende/<id>/modifica", data = "<sent>")]
pub(crate) async fn salva(
    app: &State<App>,
    permit: Permit<EditNode>,
    id: Id<NodeId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let own = permit.actor().node() == Some(id);
    let was = app.db.read(move |tx| nodes::get(tx, scope, id)).await?;
    let mut check = Check::default();
    let named = fields::named(&mut check, &sent);
    let terms = if own {
        Terms {
            wants_agent: Some(sent.ticked("richiede_agente")),
            ..Terms::default()
        }
    } else {
        fields::terms(&mut check, &sent)
    };
    let changes = Changes {
        name: Some(named.name),
        code: Some(named.code),
        email: Some(named.email),
        terms: fields::changed(terms, &was),
        rules: None,
    };
    let saved = match check.finish().and_then(|()| sent.revision()) {
        Ok(revision) => change::change(app, permit, id, Revision::OfData(revision), changes).await,
        Err(wrong) => Err(wrong),
    };
    match saved {
        Ok(()) => Goto::to(path(id)).saying("node-saved").reply(),
        Err(Error::Stale) => {
            let now = app.db.read(move |tx| nodes::get(tx, scope, id)).await?;
            let stands = fields::filled(&now)?;
            let wanted = Form::again(&sent, &FieldErrors::default(), language).revision(now.revision);
            let names: Vec<&'static str> = fields::NAMES
                .iter()
                .copied()
                .filter(|name| !own || ["nome", "codice", "email", "richiede_agente"].contains(name))
                .collect();
            let differing = wanted.differing(&stands, &names);
            page(&now, &wanted, own, Some(differing))
        }
        Err(error) => page(&was, &fields::refused(&sent, error, language)?, own, None),
    }
}
