//! Generating keys, one or thousands.

use super::{order::read, summary::Case, templates::filled};
use crate::{
    domain::{
        access::{Permit, right::IssueLicenses},
        actor::{Actor, Role},
        calendar,
        company::Node,
        customer::Customer,
        error::{Conflict, Error, FieldErrors, Result},
        ids::TemplateId,
        license::{Binding, LicenseKind},
        price::Price,
        product::{Module, Product, StartRule},
        text,
        view::LicenseTemplate,
    },
    operations::{
        App,
        licenses::{
            issue::{self, Issued, Order},
            quota,
        },
        views,
    },
    store::{
        ReadTx, Visible, company_rules, customers, license_templates, nodes, page::Page as Slice, prices,
        products,
    },
    web::{
        form::{Form, Sent, fresh_token},
        input::{Check, Query},
        once,
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};

/// Products to choose from at most.
const PRODUCTS: usize = 1000;
/// Companies and agents to choose from at most.
const NODES: usize = 5000;
/// Customers that a search gives.
const CUSTOMERS: usize = 25;

/// What the form chooses from.
struct Choices {
    products: Vec<Product>,
    product: Option<Product>,
    modules: Vec<Module>,
    prices: Vec<Price>,
    customers: Vec<Visible<Customer>>,
    customer: Option<Visible<Customer>>,
    nodes: Vec<Visible<Node>>,
    /// Who would sell: the company that is named, else the customer's, the agent's, the caller's own.
    company: Option<Node>,
    quota: Option<quota::Left>,
}

fn choices(tx: &mut ReadTx<'_>, actor: &Actor, order: &Order, typed: Option<&str>) -> Result<Choices> {
    let scope = actor.scope();
    let sold = products::list(tx, scope, &Slice::first(PRODUCTS))?.rows;
    let product = sold
        .iter()
        .find(|product| product.rules.code == order.product || product.rules.id.to_string() == order.product)
        .or(sold.first())
        .cloned();
    let (modules, list) = match &product {
        Some(product) => (
            products::modules(tx, &[product.rules.id])?
                .into_iter()
                .map(|(_, module)| module)
                .collect(),
            prices::of_product(tx, product.rules.id)?,
        ),
        None => Default::default(),
    };
    let filter = customers::Filter {
        search: typed.map(text::searchable).filter(|typed| !typed.is_empty()),
        ..customers::Filter::default()
    };
    let found = customers::list(tx, scope, &filter, &Slice::first(CUSTOMERS))?.rows;
    let customer = match order.customer {
        None => None,
        Some(id) => Some(match found.iter().find(|customer| customer.id == id) {
            Some(customer) => customer.clone(),
            None => customers::get(tx, scope, id)?,
        }),
    };
    let nodes = nodes::list(tx, scope, &nodes::Filter::default(), &Slice::first(NODES))?.rows;
    let node = |id| nodes.iter().find(|node| node.id == id);
    let agent = order
        .agent
        .or(customer.as_ref().and_then(|customer| customer.agent_id));
    let company = order
        .company
        .or(customer.as_ref().and_then(|customer| customer.company_id))
        .or(order.agent.and_then(node).map(|agent| agent.company()))
        .or(actor.node().and_then(node).map(|own| own.company()));
    let own_agent = (actor.role() == Some(Role::Agent))
        .then(|| actor.node())
        .flatten();
    let quota = match own_agent.or(agent).or(company) {
        Some(seller) => quota::left(tx, scope, seller, order.kind)?,
        None => None,
    };
    let company = company.and_then(node).map(|node| (**node).clone());
    let line = company_rules::line(tx, company.as_ref().map(|company| company.id))?;
    let product = product.map(|product| product.under(&line));
    Ok(Choices {
        products: sold,
        product,
        modules,
        prices: list,
        customers: found,
        customer,
        company,
        quota,
        nodes,
    })
}

/// What went wrong beside the fields.
#[derive(Default, Clone, Copy)]
struct Trouble {
    quota: bool,
    payment: bool,
}

/// How the form is shown.
pub(super) struct Seen<'a> {
    wrong: &'a FieldErrors,
    trouble: Trouble,
    status: Status,
    /// The template that it was filled from.
    template: Option<TemplateId>,
}

impl<'a> Seen<'a> {
    /// For the first time, or once more before anything is made.
    fn fresh(nothing: &'a FieldErrors) -> Self {
        Self::again(nothing, Status::Ok)
    }

    /// Again, for what is wrong with it.
    pub(super) fn again(wrong: &'a FieldErrors, status: Status) -> Self {
        Self {
            wrong,
            trouble: Trouble::default(),
            status,
            template: None,
        }
    }
}

/// What of a template cannot be chosen any more.
fn missing(sent: &Sent, found: &Choices, kinds: &[LicenseKind]) -> Value {
    let product = found
        .product
        .as_ref()
        .filter(|product| sent.get("prodotto") == Some(&product.rules.code));
    let modules: Vec<&str> = sent
        .all("moduli")
        .filter(|code| !found.modules.iter().any(|module| module.code == *code))
        .collect();
    let kind = sent.get("tipo_licenza").filter(|code| {
        let known = LicenseKind::from_code(code);
        !known.is_some_and(|kind| kinds.contains(&kind))
    });
    json!({
        "product": product.is_none(),
        "modules": if product.is_some() { modules } else { Vec::new() },
        "kind": kind.is_some() && product.is_some(),
    })
}

pub(super) async fn show(
    app: &App,
    actor: &Actor,
    language: Language,
    sent: &Sent,
    seen: Seen<'_>,
) -> Answer {
    let Seen {
        wrong,
        trouble,
        status,
        template,
    } = seen;
    let (order, _) = read(sent);
    let typed = sent.get("cerca_cliente").map(str::to_owned);
    let (actor_, order_) = (actor.clone(), order.clone());
    let whose = views::whose(actor).ok();
    let (found, templates) = app
        .db
        .read(move |tx| {
            let templates = match whose {
                Some(whose) => license_templates::list(tx, whose)?,
                None => Vec::new(),
            };
            Ok((choices(tx, &actor_, &order_, typed.as_deref())?, templates))
        })
        .await?;
    let Some(product) = &found.product else {
        return Page::new(
            "pages/batches/none",
            json!({ "is_vendor": actor.is_superadmin() }),
        )?
        .reply();
    };
    // What the product is not sold as is not what is ordered.
    let kinds: Vec<LicenseKind> = product
        .license_kinds
        .iter()
        .copied()
        .filter(|kind| actor.role() != Some(Role::Agent) || *kind == LicenseKind::Trial)
        .collect();
    let kind = Some(order.kind)
        .filter(|kind| kinds.contains(kind) && sent.get("tipo_licenza").is_some())
        .or_else(|| preferred(&kinds));
    let gone = template.map(|_| missing(sent, &found, &kinds));
    let mut order = Order {
        kind: kind.unwrap_or(order.kind),
        product: product.rules.code.clone(),
        ..order
    };
    if gone.as_ref().is_some_and(|gone| gone["product"] == true) {
        // Another product's may be called alike.
        order.modules.clear();
    }
    let form = Form::again(sent, wrong, language);
    let case = Case {
        order: &order,
        product,
        modules: &found.modules,
        prices: &found.prices,
        level: found.company.as_ref().map(|company| company.kind),
        discount_bp: found.company.as_ref().map_or(0, |company| company.discount_bp),
        quota: found.quota,
        today: calendar::today(app.clock.now(), app.zone),
    };
    let modules: Vec<Value> = found
        .modules
        .iter()
        .map(|module| {
            json!({
                "code": module.code, "name": module.name, "included": module.included,
                "chosen": order.modules.contains(&module.code), "cents": case.price(Some(module)),
            })
        })
        .collect();
    let shown = json!({
        "form": form,
        "templates": templates_shown(templates),
        "template": template,
        "gone": gone,
        "trouble": { "quota": trouble.quota, "payment": trouble.payment },
        "is_vendor": actor.is_superadmin(),
        "products": found.products.iter().map(|product| json!({
            "value": product.rules.code, "text": format!("{} {}", product.rules.name, product.rules.version),
        })).collect::<Vec<_>>(),
        "product": product.rules.code,
        "currency": product.currency,
        "kinds": kinds,
        "kind": kind,
        "trial_days": product.trial_days,
        "period_months": product.period_months,
        "start_rule": product.start_rule,
        "starts": StartRule::CODES,
        "bindings": Binding::CODES,
        "binding": form.value("vincolo").unwrap_or("dispositivo"),
        "modules": modules,
        "customers": customers_shown(&found),
        "customer": found.customer.as_ref().map(|customer| customer.id),
        "customer_email": found.customer.as_ref().and_then(|customer| customer.email.clone()),
        "companies": nodes_shown(&found, |node| node.kind.is_company()),
        "agents": nodes_shown(&found, |node| {
            !node.kind.is_company() && found.company.as_ref().is_some_and(|company| node.company() == company.id)
        }),
        "company_name": found.company.as_ref().map(|company| &company.name),
        "summary": case.shown(),
    });
    Page::new("pages/batches/new", shown)?
        .part("partials/batches/part")
        .status(status)
        .reply()
}

fn templates_shown(mut templates: Vec<LicenseTemplate>) -> Vec<Value> {
    templates.sort_by_cached_key(|template| text::searchable(&template.name));
    let shown = templates.into_iter();
    shown
        .map(|template| json!({ "value": template.id, "text": template.name }))
        .collect()
}

fn customers_shown(found: &Choices) -> Vec<Value> {
    let chosen = found
        .customer
        .iter()
        .filter(|chosen| !found.customers.iter().any(|customer| customer.id == chosen.id));
    chosen
        .chain(&found.customers)
        .map(|customer| json!({ "value": customer.id, "text": customer.name }))
        .collect()
}

fn nodes_shown(found: &Choices, which: impl Fn(&Node) -> bool) -> Vec<Value> {
    let mut nodes: Vec<&Visible<Node>> = found.nodes.iter().filter(|node| which(node)).collect();
    nodes.sort_by_cached_key(|node| text::searchable(&node.name));
    nodes
        .into_iter()
        .map(|node| json!({ "value": node.id, "text": node.name }))
        .collect()
}

/// A subscription, where the product is sold as one.
fn preferred(kinds: &[LicenseKind]) -> Option<LicenseKind> {
    kinds
        .iter()
        .copied()
        .find(|kind| *kind == LicenseKind::Subscription)
        .or(kinds.first().copied())
}

/// The form, filled from the address where it says of what or for whom.
#[get("/licenze/nuova")]
pub(crate) async fn nuova(
    app: &State<App>,
    permit: Permit<IssueLicenses>,
    language: Language,
    query: Query,
) -> Answer {
    let mut pairs: Vec<(String, String)> = vec![
        ("gettone".to_owned(), fresh_token()?),
        ("invia_chiave".to_owned(), "si".to_owned()),
    ];
    for name in [
        "prodotto",
        "cliente",
        "azienda",
        "agente",
        "tipo_licenza",
        "etichetta",
        "dispositivi_ammessi",
    ] {
        if let Some(value) = query.get(name) {
            pairs.push((name.to_owned(), value.to_owned()));
        }
    }
    let mut check = Check::default();
    let template = check.id::<TemplateId>(query.get("modello"));
    check.finish()?;
    if let Some(id) = template {
        let whose = views::whose(permit.actor())?;
        let kept = app
            .db
            .read(move |tx| license_templates::get(tx, whose, id))
            .await?;
        let asked: Vec<String> = pairs.iter().map(|(name, _)| name.clone()).collect();
        let held = filled(&kept.fields, permit.actor().is_superadmin());
        pairs.extend(held.into_iter().filter(|(name, _)| !asked.contains(name)));
    }
    for (name, value) in [
        ("quantita", "1"),
        ("numero_dispositivi", "1"),
        ("vincolo", Binding::Device.code()),
    ] {
        // A template that leaves the devices empty means as many as one likes.
        if template.is_none() || name == "vincolo" {
            pairs.push((name.to_owned(), value.to_owned()));
        }
    }
    let sent: Sent = pairs.into_iter().collect();
    let nothing = FieldErrors::default();
    let seen = Seen {
        template,
        ..Seen::fresh(&nothing)
    };
    show(app, permit.actor(), language, &sent, seen).await
}

/// The form again, for another product or with another summary: nothing is made, and nothing is held against it.
#[post("/licenze/nuova/anteprima", data = "<sent>")]
pub(crate) async fn anteprima(
    app: &State<App>,
    permit: Permit<IssueLicenses>,
    language: Language,
    sent: Sent,
) -> Answer {
    let nothing = FieldErrors::default();
    show(app, permit.actor(), language, &sent, Seen::fresh(&nothing)).await
}

fn path(issued: &Issued) -> String {
    format!("/lotti/{}", issued.batch)
}

/// Generates the keys: all or none.
#[post("/licenze/nuova", data = "<sent>")]
pub(crate) async fn genera(
    app: &State<App>,
    permit: Permit<IssueLicenses>,
    language: Language,
    sent: Sent,
) -> Answer {
    let actor = permit.actor().clone();
    let remembered = once::under(&actor, "/licenze/nuova", &sent, path);
    let (order, checked) = read(&sent);
    let made = match checked {
        Ok(()) => issue::issue(app, permit, order, remembered).await,
        Err(error) => Err(error),
    };
    let (wrong, trouble, status) = match made {
        Ok(made) => return Goto::to(once::path(made, path)).saying("batch-made").reply(),
        Err(Error::Invalid(mut wrong)) => {
            // Nothing of the form says how it is paid.
            let payment = wrong.0.remove("modalita").is_some();
            let trouble = Trouble {
                payment,
                ..Trouble::default()
            };
            (wrong, trouble, Status::UnprocessableEntity)
        }
        Err(Error::Conflict(Conflict::QuotaExceeded)) => {
            let trouble = Trouble {
                quota: true,
                ..Trouble::default()
            };
            (FieldErrors::default(), trouble, Status::Conflict)
        }
        Err(error) => return Err(error.into()),
    };
    let seen = Seen {
        trouble,
        ..Seen::again(&wrong, status)
    };
    show(app, &actor, language, &sent, seen).await
}
