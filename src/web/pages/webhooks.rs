//! Where events are sent to: a company's addresses, what was delivered, trying and sending again.

use crate::{
    domain::{
        access::{
            Action, Permit, may,
            right::{ManageWebhooks, ReadWebhooks},
        },
        error::{Conflict, Error, Fault},
        ids::{DeliveryId, NodeId, WebhookId},
        webhook::HookEvent,
    },
    operations::{
        App,
        webhooks::manage::{self, Wanted},
    },
    store::{
        Visible,
        webhooks::{self, Delivery, Webhook},
    },
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, Query},
        once,
        page::{Answer, Goto, Level, Page},
        pages::{
            addresses::{pager, step},
            reason::{Question, Wanted as Reason},
        },
        reader::Language,
        session::Confirmed,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};

fn path(id: WebhookId) -> String {
    format!("/webhook/{id}")
}

/// The list of a node's addresses.
fn home(node: NodeId) -> String {
    if node == NodeId::VENDOR {
        "/webhook".to_owned()
    } else {
        format!("/aziende/{node}/webhook")
    }
}

fn shown(hook: &Webhook, events: usize) -> Value {
    json!({
        "id": hook.id,
        "url": hook.url,
        "note": hook.note,
        "state": if hook.disabled_at.is_some() { "off" } else if hook.failing_since.is_some() { "failing" } else { "on" },
        "failing_since": hook.failing_since,
        "disabled_at": hook.disabled_at,
        "old_until": hook.old_until,
        "created_at": hook.created_at,
        "events": events,
    })
}

async fn list(app: &App, permit: Permit<ReadWebhooks>, asked: Option<NodeId>) -> Answer {
    let actor = permit.actor().clone();
    let manages = may(&actor, Action::ManageWebhooks);
    let (node, name, hooks, events) = app
        .db
        .read(move |tx| {
            let (node, name) = manage::node(tx, &actor, asked)?;
            let hooks = webhooks::list(tx, actor.scope(), node)?;
            let events = webhooks::events(tx, &hooks)?;
            Ok((node, name, hooks, events))
        })
        .await?;
    let rows: Vec<Value> = hooks
        .iter()
        .map(|hook| shown(hook, events.iter().filter(|(id, _)| *id == hook.id).count()))
        .collect();
    let shown = json!({
        "rows": rows,
        "can": manages,
        "node": name.map(|name| step(name, format!("/aziende/{node}"))),
        "new": asked.map_or_else(|| "/webhook/nuovo".to_owned(), |node| format!("/webhook/nuovo?azienda={node}")),
    });
    Page::new("pages/webhooks/list", shown)?.reply()
}

/// One's own addresses.
#[get("/webhook")]
pub(crate) async fn propri(app: &State<App>, permit: Permit<ReadWebhooks>) -> Answer {
    list(app, permit, None).await
}

/// A company's addresses.
#[get("/aziende/<id>/webhook")]
pub(crate) async fn di_azienda(app: &State<App>, permit: Permit<ReadWebhooks>, id: Id<NodeId>) -> Answer {
    let node = id.get()?;
    list(app, permit, Some(node)).await
}

fn read(sent: &Sent) -> Result<Wanted, Error> {
    let mut check = Check::default();
    let url = check.verbatim("indirizzo_webhook", sent.get("indirizzo_webhook"), 500);
    if sent.get("indirizzo_webhook").is_none() {
        check.fault("indirizzo_webhook", Fault::Missing);
    }
    let events = sent
        .all("eventi")
        .map(|code| HookEvent::from_code(code).ok_or_else(|| Error::field("eventi", Fault::Invalid)))
        .collect::<Result<_, _>>()?;
    let wanted = Wanted {
        url: url.unwrap_or_default().trim().to_owned(),
        note: check.line("descrizione", sent.get("descrizione"), 200),
        events,
    };
    check.finish()?;
    Ok(wanted)
}

/// The events in groups, by what they are about.
fn groups(form: &Form) -> Vec<Value> {
    let chosen: Vec<&str> = form.all("eventi").collect();
    let mut groups: Vec<(&str, Vec<Value>)> = Vec::new();
    for event in HookEvent::ALL {
        let code = event.code();
        let group = code.split('.').next().unwrap_or_default();
        let entry = json!({
            "value": code, "text": format!("hook-{}", code.replace('.', "-")), "chosen": chosen.contains(&code),
        });
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((group, vec![entry])),
        }
    }
    groups
        .into_iter()
        .map(|(name, entries)| json!({ "name": name, "events": entries }))
        .collect()
}

fn form_page(form: &Form, action: &str, back: &str, id: Option<WebhookId>) -> Answer {
    let shown = json!({
        "form": form, "groups": groups(form), "action": action, "back": back, "editing": id.is_some(),
    });
    Page::new("pages/webhooks/form", shown)?
        .status(form.status())
        .reply()
}

/// The form of a new address.
#[get("/webhook/nuovo")]
pub(crate) async fn nuovo(
    app: &State<App>,
    permit: Permit<ManageWebhooks>,
    _confirmed: Confirmed,
    query: Query,
) -> Answer {
    let mut check = Check::default();
    let asked: Option<NodeId> = check.id(query.get("azienda"));
    check.finish()?;
    let actor = permit.actor().clone();
    let (node, _) = app.db.read(move |tx| manage::node(tx, &actor, asked)).await?;
    let form = Form::new()?.with_some("azienda", asked);
    form_page(&form, "/webhook/nuovo", &home(node), None)
}

/// Adds it, and shows its secret this once.
#[post("/webhook/nuovo", data = "<sent>")]
pub(crate) async fn crea(
    app: &State<App>,
    permit: Permit<ManageWebhooks>,
    _confirmed: Confirmed,
    language: Language,
    sent: Sent,
) -> Answer {
    let actor = permit.actor().clone();
    let mut check = Check::default();
    let asked: Option<NodeId> = check.id(sent.get("azienda"));
    check.finish()?;
    let (node, _) = app.db.read(move |tx| manage::node(tx, &actor, asked)).await?;
    let key = once::key(permit.actor(), "/webhook/nuovo", &sent);
    let made = async { manage::create(app, permit, asked, read(&sent)?, key).await };
    match made.await {
        Ok(Some(made)) => secret_page(made.id, &made.secret, false),
        Ok(None) => Goto::to(home(node))
            .flash(Level::Info, "hook-shown-already", [])
            .reply(),
        Err(Error::Conflict(Conflict::QuotaExceeded)) => {
            Goto::to(home(node)).flash(Level::Bad, "hook-enough", []).reply()
        }
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            form_page(&form, "/webhook/nuovo", &home(node), None)
        }
    }
}

fn secret_page(id: WebhookId, secret: &str, rolled: bool) -> Answer {
    let shown = json!({ "secret": secret, "path": path(id), "rolled": rolled });
    Page::new("pages/webhooks/made", shown)?.reply()
}

fn row(delivery: &Delivery) -> Value {
    json!({
        "id": delivery.id,
        "event": delivery.event,
        "text": format!("hook-{}", delivery.event.replace('.', "-")),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_at": delivery.next_attempt_at,
        "status": delivery.status,
        "error": delivery.last_error,
        "answer": delivery.answer,
        "created_at": delivery.created_at,
        "delivered_at": delivery.delivered_at,
    })
}

/// An address, and what was sent to it.
#[get("/webhook/<id>")]
pub(crate) async fn scheda(
    app: &State<App>,
    permit: Permit<ReadWebhooks>,
    id: Id<WebhookId>,
    query: Query,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let (hook, events, slice, name) = app
        .db
        .read(move |tx| {
            let hook = webhooks::get(tx, scope, id)?;
            let events = webhooks::events(tx, std::slice::from_ref(&hook))?;
            let slice = webhooks::deliveries(tx, &hook, &page)?;
            let name = webhooks::node_name(tx, &hook)?;
            Ok((hook, events, slice, name))
        })
        .await?;
    let names: Vec<String> = events
        .iter()
        .map(|(_, event)| format!("hook-{}", event.code().replace('.', "-")))
        .collect();
    let shown = json!({
        "hook": shown(&hook, events.len()),
        "names": names,
        "rolling": hook.old_until.is_some_and(|until| app.clock.now() < until),
        "can": may(permit.actor(), Action::ManageWebhooks),
        "list": step(name, home(hook.node_id)),
        "rows": slice.rows.iter().map(row).collect::<Vec<_>>(),
        "pager": pager(&query, &path(id), slice.next),
        "form": Form::new()?.revision(hook.revision),
    });
    Page::new("pages/webhooks/sheet", shown)?
        .part("partials/webhooks/deliveries")
        .reply()
}

async fn find(app: &App, permit: &Permit<ManageWebhooks>, id: WebhookId) -> Result<Visible<Webhook>, Error> {
    let scope = permit.scope();
    app.db.read(move |tx| webhooks::get(tx, scope, id)).await
}

/// The form of an address that there is.
#[get("/webhook/<id>/modifica")]
pub(crate) async fn modifica(app: &State<App>, permit: Permit<ManageWebhooks>, id: Id<WebhookId>) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let (hook, events) = app
        .db
        .read(move |tx| {
            let hook = webhooks::get(tx, scope, id)?;
            let events = webhooks::events(tx, std::slice::from_ref(&hook))?;
            Ok((hook, events))
        })
        .await?;
    let form = Form::new()?
        .revision(hook.revision)
        .with("indirizzo_webhook", &hook.url)
        .with_some("descrizione", hook.note.as_ref());
    let form = events
        .iter()
        .fold(form, |form, (_, event)| form.with("eventi", event));
    form_page(&form, &format!("{}/modifica", path(id)), &path(id), Some(id))
}

/// Changes it.
#[post("/webhook/<id>/modifica", data = "<sent>")]
pub(crate) async fn modificato(
    app: &State<App>,
    permit: Permit<ManageWebhooks>,
    id: Id<WebhookId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let id = id.get()?;
    find(app, &permit, id).await?;
    let done = async { manage::change(app, permit, id, sent.revision()?, read(&sent)?).await };
    match done.await {
        Ok(()) => Goto::to(path(id)).saying("hook-saved").reply(),
        Err(Error::Stale) => changed_meanwhile(id),
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            form_page(&form, &format!("{}/modifica", path(id)), &path(id), Some(id))
        }
    }
}

fn changed_meanwhile(id: WebhookId) -> Answer {
    Goto::to(path(id))
        .flash(Level::Bad, "hook-changed-meanwhile", [])
        .reply()
}

/// Gives it another secret, and shows it this once.
#[post("/webhook/<id>/segreto", data = "<sent>")]
pub(crate) async fn segreto(
    app: &State<App>,
    permit: Permit<ManageWebhooks>,
    _confirmed: Confirmed,
    id: Id<WebhookId>,
    sent: Sent,
) -> Answer {
    let id = id.get()?;
    // A form without a revision would give another one each time that it is sent.
    let revision = Some(sent.revision()?.unwrap_or_default());
    match manage::roll(app, permit, id, revision).await {
        Ok(secret) => secret_page(id, &secret, true),
        Err(Error::Stale) => changed_meanwhile(id),
        Err(error) => Err(error.into()),
    }
}

async fn switched(
    app: &App,
    permit: Permit<ManageWebhooks>,
    id: WebhookId,
    on: bool,
    said: &'static str,
) -> Answer {
    match manage::switch(app, permit, id, on).await {
        Ok(()) => Goto::to(path(id)).saying(said).reply(),
        Err(Error::Conflict(_)) => changed_meanwhile(id),
        Err(error) => Err(error.into()),
    }
}

/// Stops sending.
#[post("/webhook/<id>/disattiva", data = "<_sent>")]
pub(crate) async fn disattiva(
    app: &State<App>,
    permit: Permit<ManageWebhooks>,
    id: Id<WebhookId>,
    _sent: Sent,
) -> Answer {
    switched(app, permit, id.get()?, false, "hook-switched-off").await
}

/// Goes on sending.
#[post("/webhook/<id>/riattiva", data = "<_sent>")]
pub(crate) async fn riattiva(
    app: &State<App>,
    permit: Permit<ManageWebhooks>,
    id: Id<WebhookId>,
    _sent: Sent,
) -> Answer {
    switched(app, permit, id.get()?, true, "hook-switched-on").await
}

/// Sends it an event that only tries it.
#[post("/webhook/<id>/prova", data = "<_sent>")]
pub(crate) async fn prova(
    app: &State<App>,
    permit: Permit<ManageWebhooks>,
    id: Id<WebhookId>,
    _sent: Sent,
) -> Answer {
    let id = id.get()?;
    match manage::try_out(app, permit, id).await {
        Ok(_) => Goto::to(path(id)).saying("hook-tried").reply(),
        Err(Error::Conflict(_)) => changed_meanwhile(id),
        Err(error) => Err(error.into()),
    }
}

/// Asks before it is taken away.
#[get("/webhook/<id>/elimina")]
pub(crate) async fn elimina(app: &State<App>, permit: Permit<ManageWebhooks>, id: Id<WebhookId>) -> Answer {
    let id = id.get()?;
    let hook = find(app, &permit, id).await?;
    let question = Question {
        key: "hook-delete",
        name: hook.url.clone(),
        section: ("nav-webhooks", "/webhook"),
        back: path(id),
        action: format!("{}/elimina", path(id)),
        danger: true,
        reason: Reason::Not,
        effects: Vec::new(),
    };
    question.page(&Form::new()?)
}

/// Takes it away.
#[post("/webhook/<id>/elimina", data = "<_sent>")]
pub(crate) async fn eliminato(
    app: &State<App>,
    permit: Permit<ManageWebhooks>,
    id: Id<WebhookId>,
    _sent: Sent,
) -> Answer {
    let node = manage::delete(app, permit, id.get()?).await?;
    Goto::to(home(node)).saying("hook-deleted").reply()
}

/// One delivery: what was sent, and what came back.
#[get("/webhook/<id>/consegne/<consegna>")]
pub(crate) async fn consegna(
    app: &State<App>,
    permit: Permit<ReadWebhooks>,
    id: Id<WebhookId>,
    consegna: Id<DeliveryId>,
) -> Answer {
    let (id, delivery, scope) = (id.get()?, consegna.get()?, permit.scope());
    let (hook, delivery) = app
        .db
        .read(move |tx| {
            let hook = webhooks::get(tx, scope, id)?;
            let delivery = webhooks::delivery(tx, &hook, delivery)?;
            Ok((hook, delivery))
        })
        .await?;
    let waits = delivery.state == crate::domain::webhook::DeliveryState::Queued.code();
    let shown = json!({
        "hook": shown(&hook, 0),
        "delivery": row(&delivery),
        "body": delivery.body,
        "again": !waits && hook.disabled_at.is_none() && may(permit.actor(), Action::ManageWebhooks),
        "path": path(id),
        "form": Form::new()?,
    });
    Page::new("pages/webhooks/delivery", shown)?
        .status(Status::Ok)
        .reply()
}

/// Sends it once more.
#[post("/webhook/<id>/consegne/<consegna>/ripeti", data = "<_sent>")]
pub(crate) async fn ripeti(
    app: &State<App>,
    permit: Permit<ManageWebhooks>,
    id: Id<WebhookId>,
    consegna: Id<DeliveryId>,
    _sent: Sent,
) -> Answer {
    let (id, delivery) = (id.get()?, consegna.get()?);
    let page = format!("{}/consegne/{delivery}", path(id));
    match manage::replay(app, permit, id, delivery).await {
        Ok(()) => Goto::to(page).saying("hook-replayed").reply(),
        Err(Error::Conflict(_)) => Goto::to(page).flash(Level::Bad, "hook-not-replayed", []).reply(),
        Err(error) => Err(error.into()),
    }
}
