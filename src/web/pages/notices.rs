//! What somebody was told of: the bell's page, and how they want to be told.

use crate::{
    domain::{
        access::{Permit, right::ReadNotices},
        error::Error,
        ids::{CustomerId, LicenseId, NodeId, NoticeId, UserId},
        notice::{About, Choice, NoticeKind, Topic},
    },
    operations::{App, users::notices as chosen},
    store::{
        licenses, names,
        notices::{self, Notice, Which},
        products,
    },
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, Query},
        page::{Answer, Goto, Page, own_path},
        pages::addresses::pager,
        session::SignedIn,
    },
};
use rocket::{State, get, post};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where they are.
const LIST: &str = "/avvisi";

fn reader(permit: &Permit<ReadNotices>) -> Result<UserId, Error> {
    permit.actor().user_id().ok_or(Error::Forbidden)
}

/// What a licence is called: its product's name, and the end of its key.
struct Named {
    customer: Option<CustomerId>,
    product: String,
    tail: String,
}

/// The names of what notices are about.
#[derive(Default)]
struct Names {
    customers: BTreeMap<CustomerId, String>,
    nodes: BTreeMap<NodeId, String>,
    licenses: BTreeMap<LicenseId, Named>,
}

/// What somebody was told, newest first.
#[get("/avvisi")]
pub(crate) async fn avvisi(app: &State<App>, permit: Permit<ReadNotices>, query: Query) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let (scope, user) = (permit.scope(), reader(&permit)?);
    let (slice, names) = app
        .db
        .read(move |tx| {
            let slice = notices::list(tx, scope, user, &page)?;
            let of = |about: About| {
                slice
                    .rows
                    .iter()
                    .filter(move |row| row.about == about.code())
                    .map(|row| row.subject.0)
            };
            let ids: Vec<LicenseId> = of(About::License).map(LicenseId).collect();
            let sheets = licenses::of_ids(tx, scope, &ids)?;
            let products: BTreeMap<_, _> = products::brief(tx, scope)?
                .into_iter()
                .map(|product| (product.id, product.name))
                .collect();
            let licenses: BTreeMap<LicenseId, Named> = sheets
                .iter()
                .map(|sheet| {
                    let named = Named {
                        customer: sheet.customer_id,
                        product: products.get(&sheet.product_id).cloned().unwrap_or_default(),
                        tail: sheet.key_tail.clone(),
                    };
                    (sheet.license.id, named)
                })
                .collect();
            let customers: BTreeSet<CustomerId> = of(About::Customer)
                .map(CustomerId)
                .chain(licenses.values().filter_map(|named| named.customer))
                .collect();
            let nodes: BTreeSet<NodeId> = of(About::Node).map(NodeId).collect();
            let names = Names {
                customers: names::customers(tx, scope, &customers)?,
                nodes: names::nodes(tx, scope, &nodes)?,
                licenses,
            };
            Ok((slice, names))
        })
        .await?;
    let unread = slice.rows.iter().any(|row| row.read_at.is_none());
    let shown = json!({
        "rows": slice.rows.iter().map(|row| shown(row, &names)).collect::<Vec<_>>(),
        "unread": unread,
        "pager": pager(&query, LIST, slice.next),
        "form": Form::new()?,
    });
    Page::new("pages/notices/list", shown)?
        .part("partials/notices/results")
        .reply()
}

fn shown(row: &Notice, names: &Names) -> Value {
    let details: Value = serde_json::from_str(&row.details).unwrap_or_default();
    let license = names.licenses.get(&LicenseId(row.subject.0));
    let customer = match license {
        Some(license) => license.customer.and_then(|id| names.customers.get(&id)),
        None => names.customers.get(&CustomerId(row.subject.0)),
    };
    let node = names.nodes.get(&NodeId(row.subject.0));
    let outcome = details.get("esito").and_then(Value::as_str);
    let text = match outcome {
        Some(outcome) => format!("notice-{}-{outcome}", row.kind),
        None => format!("notice-{}", row.kind),
    };
    json!({
        "id": row.id,
        "text": text,
        "icon": icon(&row.kind),
        "name": customer.or(node).map_or("–", String::as_str),
        "product": license.map_or("–", |license| license.product.as_str()),
        "tail": license.map_or("–", |license| license.tail.as_str()),
        "n": details.get("n").and_then(Value::as_i64).unwrap_or(1),
        "at": row.created_at,
        "read": row.read_at.is_some(),
    })
}

fn icon(kind: &str) -> &'static str {
    match NoticeKind::from_code(kind) {
        Some(NoticeKind::CustomerWaiting) => "hourglass",
        Some(NoticeKind::CustomerDecided) => "users",
        Some(NoticeKind::LicenseToAssign | NoticeKind::LicenseReceived) => "key",
        Some(NoticeKind::DeviceLimit | NoticeKind::DeviceReturned) => "laptop",
        Some(NoticeKind::MessageRefused) => "mail",
        None => "bell",
    }
}

/// Where a notice leads.
fn leads(row: &Notice) -> String {
    let id = row.subject;
    match (About::from_code(&row.about), NoticeKind::from_code(&row.kind)) {
        (Some(About::Customer), _) => format!("/clienti/{id}"),
        (Some(About::License), Some(NoticeKind::LicenseToAssign)) => format!("/licenze/{id}/assegna"),
        (Some(About::License), Some(NoticeKind::DeviceLimit | NoticeKind::DeviceReturned)) => {
            format!("/licenze/{id}/dispositivi")
        }
        (Some(About::License), _) => format!("/licenze/{id}"),
        (Some(About::Node), _) => "/licenze".to_owned(),
        _ => LIST.to_owned(),
    }
}

async fn find(app: &App, permit: &Permit<ReadNotices>, id: NoticeId) -> Result<Notice, Error> {
    let (scope, user) = (permit.scope(), reader(permit)?);
    app.db.read(move |tx| notices::get(tx, scope, user, id)).await
}

/// Opens what a notice is about: it was read then.
#[post("/avvisi/<id>/apri", data = "<_sent>")]
pub(crate) async fn apri(
    app: &State<App>,
    permit: Permit<ReadNotices>,
    id: Id<NoticeId>,
    _sent: Sent,
) -> Answer {
    let notice = find(app, &permit, id.get()?).await?;
    app.db
        .mark_notices(permit.actor(), app.clock.now(), Which::One(notice.id))
        .await?;
    Goto::to(leads(&notice)).reply()
}

/// Takes a notice for read.
#[post("/avvisi/<id>/letto", data = "<sent>")]
pub(crate) async fn letto(
    app: &State<App>,
    permit: Permit<ReadNotices>,
    id: Id<NoticeId>,
    sent: Sent,
) -> Answer {
    let notice = find(app, &permit, id.get()?).await?;
    app.db
        .mark_notices(permit.actor(), app.clock.now(), Which::One(notice.id))
        .await?;
    Goto::to(sent.get("poi").and_then(own_path).unwrap_or(LIST)).reply()
}

/// Takes all notices for read.
#[post("/avvisi/letti", data = "<_sent>")]
pub(crate) async fn letti(app: &State<App>, permit: Permit<ReadNotices>, _sent: Sent) -> Answer {
    app.db
        .mark_notices(permit.actor(), app.clock.now(), Which::All)
        .await?;
    Goto::to(LIST).saying("notices-all-read").reply()
}

/// What somebody chose, as the profile shows it: a row for each topic.
pub(super) fn preferences(chosen: &[(Topic, Choice)]) -> Value {
    chosen
        .iter()
        .map(|(topic, choice)| {
            json!({
                "topic": topic,
                "by_mail": choice.by_mail,
                "in_portal": choice.in_portal,
                "portal": *topic != Topic::Versions,
            })
        })
        .collect()
}

/// Chooses of what to be told, and how.
#[post("/profilo/avvisi", data = "<sent>")]
pub(crate) async fn scegli(app: &State<App>, session: SignedIn<'_>, sent: Sent) -> Answer {
    let wanted = chosen::topics(&session.0.actor)
        .iter()
        .map(|topic| {
            let choice = Choice {
                by_mail: sent.ticked(&format!("email_{topic}")),
                in_portal: *topic != Topic::Versions && sent.ticked(&format!("portale_{topic}")),
            };
            (*topic, choice)
        })
        .collect();
    chosen::choose(app, &session.0.actor, wanted).await?;
    Goto::to("/profilo").saying("notices-saved").reply()
}
