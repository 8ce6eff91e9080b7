//! Moving a company or an agent below another, with what goes along.

use super::{actions::effects, holdings::Holdings, path};
use crate::{
    domain::{
        access::{Permit, right::MoveNode},
        company::NodeKind,
        error::{Error, Fault, FieldErrors},
        ids::NodeId,
    },
    operations::{App, companies::shift},
    store::{
        directory::{self, Part},
        nodes,
    },
    web::{
        form::{Form, Sent},
        guards::Id,
        input::Check,
        messages,
        page::{Answer, Goto, Page},
        pages::addresses::CHOICES,
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::json;

async fn page(app: &App, permit: &Permit<MoveNode>, id: NodeId, form: Form) -> Answer {
    let scope = permit.scope();
    let (node, going, choices, has) = app
        .db
        .read(move |tx| {
            let node = nodes::get(tx, scope, id)?;
            let going = directory::at_or_below(tx, &node)?;
            let choices = directory::choices(tx, scope, CHOICES)?;
            let holdings = Holdings::read(tx, scope, Part::from(&*node))?;
            Ok((node, going, choices, holdings.sum()))
        })
        .await?;
    let below = i64::try_from(going.len()).unwrap_or(i64::MAX) - 1;
    // Nothing moves below itself, nor to where it is.
    let parents: Vec<_> = choices
        .into_iter()
        .filter(|choice| {
            choice.kind.is_company() && !going.contains(&choice.id) && Some(choice.id) != node.parent_id
        })
        .collect();
    let agent = node.kind == NodeKind::Agent;
    let status = form.status();
    let shown = json!({
        "id": id,
        "name": node.name,
        "agent": agent,
        "root": permit.actor().is_superadmin() && node.kind == NodeKind::SubCompany,
        "parents": parents,
        "effects": effects(&node, below, &has),
        "form": form,
    });
    Page::new("pages/companies/shift", shown)?.status(status).reply()
}

/// The form that moves a node.
#[get("/aziende/<id>/sposta")]
pub(crate) async fn spostare(app: &State<App>, permit: Permit<MoveNode>, id: Id<NodeId>) -> Answer {
    page(app, &permit, id.get()?, Form::new()?).await
}

/// What a form says for "right below the vendor".
const ROOT: &str = "radice";

/// Moves it.
#[post("/aziende/<id>/sposta", data = "<sent>")]
pub(crate) async fn sposta(
    app: &State<App>,
    permit: Permit<MoveNode>,
    id: Id<NodeId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let id = id.get()?;
    let mut check = Check::default();
    let parent: Option<NodeId> = match sent.get("azienda_padre") {
        Some(ROOT) => None,
        None => {
            check.fault("azienda_padre", Fault::Missing);
            None
        }
        chosen => check.id(chosen),
    };
    let moved = match check.finish() {
        Ok(()) => shift::shift(app, Permit::ask(permit.actor())?, id, parent).await,
        Err(wrong) => Err(wrong),
    };
    match moved {
        Ok(()) => Goto::to(path(id)).saying("node-moved").reply(),
        Err(Error::Invalid(wrong)) => page(app, &permit, id, explained(&sent, &wrong, language)).await,
        Err(other) => Err(other.into()),
    }
}

fn explained(sent: &Sent, wrong: &FieldErrors, language: Language) -> Form {
    let faults = wrong
        .0
        .get("azienda_padre")
        .map(Vec::as_slice)
        .unwrap_or_default();
    let key = if faults.contains(&Fault::OutOfRange) {
        "node-too-deep"
    } else if faults.contains(&Fault::Incompatible) {
        "node-bad-parent"
    } else {
        "node-no-parent"
    };
    Form::again(sent, wrong, language).explained("azienda_padre", messages::text(language, key))
}
