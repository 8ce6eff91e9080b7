//! The products that a company may sell.

use super::{path, rights, sheet::head};
use crate::{
    domain::{
        access::{Action, Permit, may, right::EditNode, right::ReadNodes},
        actor::Actor,
        company::NodeKind,
        error::{Error, FieldErrors},
        ids::{NodeId, ProductId},
        scope::Scope,
    },
    operations::{
        App,
        companies::products::{self, Offered},
    },
    store::directory,
    web::{
        form::{Difference, Form, Sent},
        guards::Id,
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// All that is sold above, or only what is chosen.
const ALL: &str = "tutti";
const SOME: &str = "scelti";

/// All that the page shows.
struct Seen {
    offered: Offered,
    parent: Option<String>,
}

async fn see(app: &App, scope: Scope, id: NodeId) -> Result<Seen, Error> {
    app.db
        .read(move |tx| {
            let offered = products::offered(tx, scope, id)?;
            let above: Vec<NodeId> = offered.node.parent_id.into_iter().collect();
            let mut names = directory::node_names(tx, scope, &above)?;
            Ok(Seen {
                parent: offered.node.parent_id.and_then(|id| names.remove(&id)),
                offered,
            })
        })
        .await
}

impl Seen {
    /// Whether this actor may choose.
    fn is_theirs(&self, actor: &Actor) -> bool {
        let node = &self.offered.node;
        may(actor, Action::EditNode) && node.kind != NodeKind::Agent && actor.node() != Some(node.id)
    }

    fn is_sold(&self, id: ProductId) -> bool {
        self.offered.chosen.is_empty() || self.offered.chosen.contains(&id)
    }

    /// The form as it is filled at first.
    fn form(&self) -> Result<Form, Error> {
        let is_all = self.offered.chosen.is_empty();
        let chosen = self.offered.products.iter().filter(|_| !is_all);
        let form = chosen
            .filter(|product| self.is_sold(product.id))
            .fold(Form::new()?, |form, product| form.with("prodotti", &product.code));
        Ok(form
            .with("vende", if is_all { ALL } else { SOME })
            .revision(self.offered.node.revision))
    }
}

fn page(app: &App, seen: &Seen, actor: &Actor, form: &Form, stale: Option<Vec<Difference>>) -> Answer {
    let status = form.status_of(stale.as_deref());
    let node = &seen.offered.node;
    let products: Vec<Value> = seen
        .offered
        .products
        .iter()
        .map(
            |product| json!({ "code": product.code, "name": product.name, "sold": seen.is_sold(product.id) }),
        )
        .collect();
    let shown = json!({
        "can": rights(actor),
        "node": head(node, seen.parent.as_ref(), actor, &app.base_url),
        "path": path(node.id),
        "tab": "products",
        "form": form,
        "stale": stale,
        "editable": seen.is_theirs(actor),
        "own": actor.node() == Some(node.id),
        "is_all": seen.offered.chosen.is_empty(),
        "products": products,
    });
    Page::new("pages/companies/products", shown)?
        .status(status)
        .reply()
}

/// What a company may sell.
#[get("/aziende/<id>/prodotti")]
pub(crate) async fn prodotti(app: &State<App>, permit: Permit<ReadNodes>, id: Id<NodeId>) -> Answer {
    let seen = see(app, permit.scope(), id.get()?).await?;
    page(app, &seen, permit.actor(), &seen.form()?, None)
}

/// Chooses it.
#[post("/aziende/<id>/prodotti", data = "<sent>")]
pub(crate) async fn scegli(
    app: &State<App>,
    permit: Permit<EditNode>,
    id: Id<NodeId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope, actor) = (id.get()?, permit.scope(), permit.actor().clone());
    let seen = see(app, scope, id).await?;
    let wanted = if sent.get("vende") == Some(ALL) {
        Some(None)
    } else {
        // What is not sold above does not exist here.
        let known = |code: &str| seen.offered.products.iter().find(|one| one.code == code);
        let chosen = sent.all("prodotti").map(|code| Some(known(code)?.id));
        chosen.collect::<Option<BTreeSet<ProductId>>>().map(Some)
    };
    let wanted = wanted.ok_or(Error::NotFound)?;
    let saved = match sent.revision() {
        Ok(revision) => products::choose(app, permit, id, revision, wanted).await,
        Err(wrong) => Err(wrong),
    };
    match saved {
        Ok(()) => Goto::to(format!("{}/prodotti", path(id)))
            .saying("node-products-saved")
            .reply(),
        Err(Error::Stale) => {
            let now = see(app, scope, id).await?;
            let wanted =
                Form::again(&sent, &FieldErrors::default(), language).revision(now.offered.node.revision);
            let differing = wanted.differing(&now.form()?, &["vende", "prodotti"]);
            page(app, &now, &actor, &wanted, Some(differing))
        }
        Err(error) => page(app, &seen, &actor, &Form::refused(&sent, error, language)?, None),
    }
}
