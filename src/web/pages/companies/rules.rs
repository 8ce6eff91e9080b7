//! What of the products' rules a company has otherwise: its own, what comes from above, what holds for each product.

use super::{path, rights, sheet::head};
use crate::{
    domain::{
        access::{Action, Permit, may, right::EditNode, right::ReadNodes},
        actor::Actor,
        company::{Node, NodeKind},
        company_rules::{CompanyRules, Terms},
        error::{Error, FieldErrors},
        ids::NodeId,
        product::Product,
        scope::Scope,
    },
    operations::{App, companies::rules},
    store::{Visible, company_rules, directory, nodes, page::Page as Slice, products},
    web::{
        form::{Difference, Form, Sent},
        guards::Id,
        input::{COUNT_MAX, Check, DAYS_MAX},
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::{Value, json};

/// Products that what holds is told of.
const PRODUCTS: usize = 50;
/// The fields.
const NAMES: [&str; 6] = [
    "durata_prova_giorni",
    "giorni_offline",
    "giorni_tolleranza",
    "attesa_giorni",
    "rilasci_max",
    "rilasci_giorni",
];

fn values(rules: &CompanyRules) -> [Option<i32>; 6] {
    [
        rules.trial_days,
        rules.offline_days,
        rules.grace_days,
        rules.pending_days,
        rules.release_max,
        rules.release_days,
    ]
}

/// All that the page shows.
struct Seen {
    node: Visible<Node>,
    parent: Option<String>,
    own: CompanyRules,
    revision: i32,
    line: Vec<CompanyRules>,
    products: Vec<Product>,
}

impl Seen {
    /// What the companies above set, the topmost first.
    fn above(&self) -> &[CompanyRules] {
        match self.line.split_last() {
            Some((_, above)) if self.revision > 0 && self.node.kind != NodeKind::Agent => above,
            _ => &self.line,
        }
    }

    /// Whether this actor may change it.
    fn is_theirs(&self, actor: &Actor) -> bool {
        may(actor, Action::EditNode)
            && self.node.kind != NodeKind::Agent
            && actor.node() != Some(self.node.id)
            && (actor.is_superadmin() || !self.own.by_vendor || self.own.is_empty())
    }

    /// The form as it is filled at first. A revision of 0 would be none.
    fn form(&self) -> Result<Form, Error> {
        let fields = NAMES.into_iter().zip(values(&self.own));
        let form = fields.fold(Form::new()?, |form, (name, value)| form.with_some(name, value));
        Ok(form.revision(self.revision + 1))
    }
}

async fn see(app: &App, scope: Scope, id: NodeId) -> Result<Seen, Error> {
    app.db
        .read(move |tx| {
            let node = nodes::get(tx, scope, id)?;
            let above: Vec<NodeId> = node.parent_id.into_iter().collect();
            let mut names = directory::node_names(tx, scope, &above)?;
            let (own, revision) = company_rules::get(tx, &node)?;
            let line = company_rules::line(tx, Some(node.company()))?;
            let mut products = products::list_sold(tx, Some(&node), &Slice::first(PRODUCTS))?.rows;
            products.sort_by(|a, b| a.rules.name.cmp(&b.rules.name));
            Ok(Seen {
                parent: node.parent_id.and_then(|id| names.remove(&id)),
                node,
                own,
                revision,
                line,
                products,
            })
        })
        .await
}

/// A number that holds, and whether it is another than the product's.
fn told(holds: Option<i32>, of_product: Option<i32>) -> Value {
    json!({ "n": holds, "other": holds != of_product })
}

fn page(app: &App, seen: &Seen, actor: &Actor, form: &Form, stale: Option<Vec<Difference>>) -> Answer {
    let status = form.status_of(stale.as_deref());
    // What stands above as one: of each field what was set nearest to the company.
    let inherited = seen.above().iter().fold([None; 6], |known, set| {
        let mut nearest = values(set);
        for (nearest, known) in nearest.iter_mut().zip(known) {
            *nearest = nearest.or(known);
        }
        nearest
    });
    let products: Vec<Value> = seen
        .products
        .iter()
        .map(|product| {
            let of = Terms::of(product);
            let holds = of.under(&seen.line);
            json!({
                "name": product.rules.name,
                "cells": [
                    told(Some(holds.trial_days), Some(of.trial_days)),
                    told(holds.offline_days, of.offline_days),
                    told(Some(holds.grace_days), Some(of.grace_days)),
                    told(Some(holds.pending_days), Some(of.pending_days)),
                    told(Some(holds.release_max), Some(of.release_max)),
                    told(Some(holds.release_days), Some(of.release_days)),
                ],
            })
        })
        .collect();
    let fields = NAMES.into_iter().zip(inherited).zip(values(&seen.own));
    let shown = json!({
        "can": rights(actor),
        "node": head(&seen.node, seen.parent.as_ref(), actor, &app.base_url),
        "path": path(seen.node.id),
        "tab": "rules",
        "form": form,
        "stale": stale,
        "editable": seen.is_theirs(actor),
        "own": actor.node() == Some(seen.node.id),
        "vendors": seen.own.by_vendor && !seen.own.is_empty(),
        "narrows": !actor.is_superadmin(),
        "is_set": !seen.own.is_empty(),
        "fields": fields.map(|((name, inherited), own)| json!({
            "name": name, "inherited": inherited, "own": own,
        })).collect::<Vec<_>>(),
        "products": products,
    });
    Page::new("pages/companies/rules", shown)?.status(status).reply()
}

/// What holds for a company's licences.
#[get("/aziende/<id>/regole")]
pub(crate) async fn regole(app: &State<App>, permit: Permit<ReadNodes>, id: Id<NodeId>) -> Answer {
    let seen = see(app, permit.scope(), id.get()?).await?;
    page(app, &seen, permit.actor(), &seen.form()?, None)
}

/// Sets what the company has otherwise, or takes all of it away.
#[post("/aziende/<id>/regole", data = "<sent>")]
pub(crate) async fn salva(
    app: &State<App>,
    permit: Permit<EditNode>,
    id: Id<NodeId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope, actor) = (id.get()?, permit.scope(), permit.actor().clone());
    let seen = see(app, scope, id).await?;
    let resets = sent.ticked("azzera");
    let mut wanted = CompanyRules::default();
    let mut check = Check::default();
    if !resets {
        let mut wrong = FieldErrors::default();
        let mut read = |name: &str, least: i64, most: i64| {
            let typed = sent.number(&mut wrong, name);
            check.number(name, typed, least..=most)
        };
        let [trial, offline, grace, pending, releases, days] = NAMES;
        wanted = CompanyRules {
            by_vendor: false,
            trial_days: read(trial, 1, DAYS_MAX),
            offline_days: read(offline, 0, DAYS_MAX),
            grace_days: read(grace, 0, DAYS_MAX),
            pending_days: read(pending, 0, DAYS_MAX),
            release_max: read(releases, 0, COUNT_MAX),
            release_days: read(days, 1, DAYS_MAX),
        };
        check.faults(wrong);
    }
    let saved = match check.finish().and_then(|()| sent.revision()) {
        Ok(revision) => {
            rules::set(
                app,
                permit,
                id,
                revision.map(|shown| shown.saturating_sub(1)),
                wanted,
            )
            .await
        }
        Err(wrong) => Err(wrong),
    };
    match saved {
        Ok(()) => {
            let said = if resets {
                "node-rules-reset-done"
            } else {
                "node-rules-saved"
            };
            Goto::to(format!("{}/regole", path(id))).saying(said).reply()
        }
        Err(Error::Stale) => {
            let now = see(app, scope, id).await?;
            let stands = now.form()?;
            let wanted = Form::again(&sent, &FieldErrors::default(), language).revision(now.revision + 1);
            let differing = wanted.differing(&stands, &NAMES);
            page(app, &now, &actor, &wanted, Some(differing))
        }
        Err(error) => page(app, &seen, &actor, &Form::refused(&sent, error, language)?, None),
    }
}
