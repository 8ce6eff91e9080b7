//! Telling those whom something concerns: customers by mail, staff as each of them wants.

use super::{Addressee, queue};
use crate::{
    domain::{
        actor::Actor,
        customer::Customer,
        error::Result,
        ids::{CustomerId, LicenseId, MessageId, NodeId},
        license::License,
        mail::MailKind,
        notice::{About, NoticeKind},
    },
    operations::{App, licenses::view},
    store::{
        Visible, WriteTx, announcing,
        licenses::Change,
        nodes,
        notices::{self, Telling},
        posting::Posting,
    },
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Queues a message to a customer, in the language of its users; nothing where it has no address.
pub(in crate::operations) fn customer(
    app: &App,
    tx: &mut WriteTx<'_>,
    kind: MailKind,
    customer: &Customer,
    payload: Map<String, Value>,
) -> Result<bool> {
    let Some(email) = &customer.email else {
        return Ok(false);
    };
    to_customer(app, tx, kind, customer, email, payload)?;
    Ok(true)
}

/// The same to an address that is not, or not any more, the customer's own.
pub(in crate::operations) fn to_customer(
    app: &App,
    tx: &mut WriteTx<'_>,
    kind: MailKind,
    customer: &Customer,
    email: &str,
    mut payload: Map<String, Value>,
) -> Result<()> {
    let language = announcing::languages(tx, &[customer.id])?.remove(&customer.id);
    let to = Addressee {
        email,
        language: language.as_deref().unwrap_or(&app.language),
        company: customer.company_id,
        customer: Some(customer.id),
        user: None,
    };
    payload.insert("nome".into(), json!(customer.name));
    queue(app, tx, kind, &to, &Value::Object(payload))
}

/// Mails the keys of licences to the customer who has them; false where it has no address.
pub(in crate::operations) fn keys(
    app: &App,
    tx: &mut WriteTx<'_>,
    to: &Customer,
    views: &[view::View],
) -> Result<bool> {
    let lines: Vec<Value> = views.iter().map(line).collect();
    customer(
        app,
        tx,
        MailKind::KeysDelivered,
        to,
        object(json!({ "chiavi": lines })),
    )
}

/// What a mail says of a licence.
pub(in crate::operations) fn line(view: &view::View) -> Value {
    json!({
        "prodotto": view.rules.name,
        "chiave": view.key,
        "stato": view.state().code(),
        "data_scadenza": view.sheet.expires_on,
    })
}

/// The fields of a JSON object.
pub(in crate::operations) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn tell(app: &App, tx: &mut WriteTx<'_>, telling: &Telling<'_>) -> Result<()> {
    let seal = |id: MessageId, payload: &Value| app.vault.seal(&id.0, payload.to_string().as_bytes());
    notices::tell(tx, &seal, telling)
}

/// The page of a licence, or of what is below it.
fn of_license(app: &App, id: LicenseId, tab: &str) -> String {
    format!("{}/licenze/{id}{tab}", app.base_url)
}

fn of_customer(app: &App, id: CustomerId) -> String {
    format!("{}/clienti/{id}", app.base_url)
}

/// Who looks after something: its agent and its company; the vendor where it has none.
fn keepers(company: Option<NodeId>, agent: Option<NodeId>) -> Vec<NodeId> {
    let own: Vec<NodeId> = agent.into_iter().chain(company).collect();
    if own.is_empty() { vec![NodeId::VENDOR] } else { own }
}

/// Tells of a customer who waits: those who look after it, and the nearest above who may validate it.
pub(in crate::operations) fn waiting(app: &App, tx: &mut WriteTx<'_>, customer: &Customer) -> Result<()> {
    let mut to = keepers(customer.company_id, customer.agent_id);
    if let Some(company) = customer.company_id {
        let line = nodes::line(tx, company)?;
        let decides = line
            .iter()
            .find(|node| node.may_validate || node.parent_id.is_none());
        if let Some(node) = decides.filter(|node| !to.contains(&node.id)) {
            to.push(node.id);
        }
    }
    tell(
        app,
        tx,
        &Telling {
            kind: NoticeKind::CustomerWaiting,
            nodes: &to,
            but: None,
            about: (About::Customer, customer.id.0),
            customer: Some(customer.id),
            details: json!({}),
            mail: object(json!({ "cliente": customer.name, "url_avviso": of_customer(app, customer.id) })),
        },
    )
}

/// Tells those who look after a customer what was decided of it, where it was somebody else who did.
pub(in crate::operations) fn decided(
    app: &App,
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    customer: &Customer,
    refused: bool,
) -> Result<()> {
    let to: Vec<NodeId> = keepers(customer.company_id, customer.agent_id)
        .into_iter()
        .filter(|node| actor.node() != Some(*node) && *node != NodeId::VENDOR)
        .collect();
    let (outcome, words) = if refused {
        (
            "rifiutato",
            json!({ "it": "richiesta rifiutata", "en": "request refused" }),
        )
    } else {
        (
            "convalidato",
            json!({ "it": "cliente convalidato", "en": "customer validated" }),
        )
    };
    tell(
        app,
        tx,
        &Telling {
            kind: NoticeKind::CustomerDecided,
            nodes: &to,
            but: actor.user_id(),
            about: (About::Customer, customer.id.0),
            customer: Some(customer.id),
            details: json!({ "esito": outcome }),
            mail: object(json!({
                "cliente": customer.name, "esito": words, "url_avviso": of_customer(app, customer.id),
            })),
        },
    )
}

/// Tells of a licence that runs, and is nobody's to look after: its company, or the vendor.
pub(in crate::operations) fn unassigned(
    app: &App,
    tx: &mut WriteTx<'_>,
    license: &Visible<License>,
) -> Result<()> {
    if !notices::is_unassigned(tx, license)? {
        return Ok(());
    }
    let names = notices::names_of_license(tx, license.id)?;
    tell(
        app,
        tx,
        &Telling {
            kind: NoticeKind::LicenseToAssign,
            nodes: &keepers(license.company_id, None),
            but: None,
            about: (About::License, license.id.0),
            customer: license.customer_id,
            details: json!({}),
            mail: object(json!({
                "prodotto": names.product, "licenza": names.tail,
                "url_avviso": of_license(app, license.id, "/assegna"),
            })),
        },
    )
}

/// Tells nodes of licences that are theirs from now on: each once, however many they are.
pub(in crate::operations) fn received(
    app: &App,
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    by_node: &[(NodeId, Vec<LicenseId>)],
) -> Result<()> {
    for (node, licenses) in by_node {
        let Some(first) = licenses.first().filter(|_| actor.node() != Some(*node)) else {
            continue;
        };
        let n = licenses.len();
        let (about, address) = if n == 1 {
            ((About::License, first.0), of_license(app, *first, ""))
        } else {
            ((About::Node, node.0), format!("{}/licenze", app.base_url))
        };
        tell(
            app,
            tx,
            &Telling {
                kind: NoticeKind::LicenseReceived,
                nodes: &[*node],
                but: actor.user_id(),
                about,
                customer: None,
                details: json!({ "n": n }),
                mail: object(json!({ "quante": n, "url_avviso": address })),
            },
        )?;
    }
    Ok(())
}

/// To whom a licence goes: its agent where that is another, else its company where that is.
pub(in crate::operations) fn receiver(
    was: &License,
    company: Option<NodeId>,
    agent: Option<NodeId>,
) -> Option<NodeId> {
    agent
        .filter(|_| agent != was.agent_id)
        .or(company.filter(|_| company != was.company_id))
}

/// The same of many licences, as each was and with what changes of it.
pub(in crate::operations) fn moved(
    app: &App,
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    steps: &[(Visible<License>, Change)],
) -> Result<()> {
    let mut by_node: BTreeMap<NodeId, Vec<LicenseId>> = BTreeMap::new();
    for (license, change) in steps {
        let (company, agent) = (
            change.company_id.unwrap_or(license.company_id),
            change.agent_id.unwrap_or(license.agent_id),
        );
        if let Some(node) = receiver(license, company, agent) {
            by_node.entry(node).or_default().push(license.id);
        }
    }
    let by_node: Vec<_> = by_node.into_iter().collect();
    received(app, tx, actor, &by_node)
}

/// Tells staff of something that a device did: the agent, else the company, else the vendor.
pub(in crate::operations) fn device(
    app: &App,
    tx: &mut WriteTx<'_>,
    kind: NoticeKind,
    license: LicenseId,
    (company, agent, customer): (Option<NodeId>, Option<NodeId>, Option<CustomerId>),
) -> Result<()> {
    let names = notices::names_of_license(tx, license)?;
    let node = agent.or(company).unwrap_or(NodeId::VENDOR);
    tell(
        app,
        tx,
        &Telling {
            kind,
            nodes: &[node],
            but: None,
            about: (About::License, license.0),
            customer,
            details: json!({}),
            mail: object(json!({
                "cliente": names.customer, "prodotto": names.product, "licenza": names.tail,
                "url_avviso": of_license(app, license, "/dispositivi"),
            })),
        },
    )
}

/// Tells those who look after a customer that a message to it was refused.
pub(super) fn refusal(app: &App, posting: &mut Posting<'_, '_>, customer: CustomerId) -> Result<()> {
    let seal = |id: MessageId, payload: &Value| app.vault.seal(&id.0, payload.to_string().as_bytes());
    posting.tell(&seal, customer, |name| {
        (
            json!({}),
            object(json!({ "cliente": name, "url_avviso": of_customer(app, customer) })),
        )
    })
}
