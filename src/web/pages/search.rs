//! One search over all that the reader may see.

use crate::{
    domain::{
        access::{Action, may},
        license::key::ActivationKey,
        text,
    },
    operations::App,
    store::{search, statistics::Label},
    web::{
        input::Query,
        nav,
        page::{Answer, Goto, Page},
        reader::Reader,
        session::SignedIn,
    },
};
use rocket::{State, get};
use serde_json::{Value, json};

/// Things of each kind that are shown.
const SHOWN: i64 = 8;
/// And in the palette.
const SHOWN_IN_PALETTE: i64 = 5;
/// Characters that are searched.
const TYPED_MAX: usize = 200;
/// Characters from which on names are looked for: one letter begins half of them.
const TYPED_MIN: usize = 2;

/// What was found, in groups. With `rapida` htmx gets the palette's part, in which what the reader can begin and open
/// stands beside it.
#[get("/cerca")]
pub(crate) async fn cerca(app: &State<App>, session: SignedIn<'_>, reader: Reader, query: Query) -> Answer {
    let actor = session.0.actor.clone();
    let typed: String = text::clean(query.get("q").unwrap_or_default())
        .chars()
        .take(TYPED_MAX)
        .collect();
    let key = ActivationKey::parse(&typed)
        .ok()
        .map(|key| app.vault.lookup(key.canonical()));
    let scope = actor.scope();
    let in_palette = query.get("rapida").is_some();
    let is_live = in_palette || query.get("vivo").is_some();
    let most = if in_palette { SHOWN_IN_PALETTE } else { SHOWN };
    let meant = in_palette.then(|| {
        let mut meant = nav::meant(&actor, &text::searchable(&typed), &reader);
        // Whoever types a name means the page before what can be begun there.
        if !typed.is_empty() {
            meant.reverse();
        }
        meant
    });
    if let Some(hash) = key.filter(|_| may(&actor, Action::ReadLicenses)) {
        let found = app
            .db
            .read(move |tx| search::license_with_key(tx, scope, hash))
            .await?;
        if let Some(license) = found.filter(|_| !is_live) {
            return Goto::to(format!("/licenze/{license}")).reply();
        }
    }
    let groups = if typed.chars().count() < TYPED_MIN {
        Vec::new()
    } else {
        let typed = typed.clone();
        app.db
            .read(move |tx| {
                let mut groups: Vec<(&'static str, Vec<Value>)> = Vec::new();
                let folded = text::searchable(&typed);
                if may(&actor, Action::ReadLicenses) {
                    let found = search::licenses(tx, scope, key, &typed, most)?;
                    groups.push(("licenses", found.iter().map(|label| license(label, None)).collect()));
                }
                if may(&actor, Action::ReadCustomers) && !folded.is_empty() {
                    let found = search::customers(tx, scope, &folded, most)?;
                    let rows = found.into_iter().map(|(id, name, email)| {
                        json!({"href": format!("/clienti/{id}"), "text": name, "meta": email, "icon": "users"})
                    });
                    groups.push(("customers", rows.collect()));
                }
                if may(&actor, Action::ReadNodes) && !folded.is_empty() {
                    let found = search::nodes(tx, scope, &folded, most)?;
                    let rows = found.into_iter().map(|(id, name, kind)| {
                        json!({"href": format!("/aziende/{id}"), "text": name, "role": kind, "icon": "tree"})
                    });
                    groups.push(("nodes", rows.collect()));
                }
                if may(&actor, Action::ReadUsers) {
                    let found = search::users(tx, scope, &typed, most)?;
                    let rows = found.into_iter().map(|(id, name, email)| {
                        json!({"href": format!("/utenti/{id}"), "text": name, "meta": email, "icon": "user"})
                    });
                    groups.push(("users", rows.collect()));
                }
                if may(&actor, Action::ReadLicenses) {
                    let found = search::devices(tx, scope, &typed, most)?;
                    let rows = found.iter().map(|(label, name)| license(label, Some(name.as_deref())));
                    groups.push(("devices", rows.collect()));
                }
                groups.retain(|(_, rows)| !rows.is_empty());
                Ok(groups)
            })
            .await?
    };
    let groups: Vec<Value> = groups
        .into_iter()
        .map(|(kind, rows)| {
            let full = i64::try_from(rows.len()).is_ok_and(|count| count >= most);
            let rows: Vec<Value> = rows.into_iter().map(|row| named(row, &reader)).collect();
            json!({"kind": kind, "rows": rows, "full": full})
        })
        .collect();
    let short = typed.chars().count() < TYPED_MIN;
    Page::new(
        "pages/search",
        json!({
            "typed": typed,
            "asked": query.get("q").unwrap_or_default(),
            "everything": format!("/cerca?{}", form_urlencoded::Serializer::new(String::new()).append_pair("q", &typed).finish()),
            "groups": groups,
            "meant": meant.map(|groups| groups.map(|(kind, rows)| json!({"kind": kind, "rows": rows}))),
            "short": short,
        }),
    )?
    .part(if in_palette { "partials/search/palette" } else { "partials/search/results" })
    .reply()
}

fn license(label: &Label, device: Option<Option<&str>>) -> Value {
    json!({
        "href": format!("/licenze/{}", label.id),
        "text": format!("…{} · {}", label.tail, label.product),
        "meta": match device {
            Some(Some(name)) => Some(name.to_owned()),
            _ => label.customer.clone(),
        },
        "icon": if device.is_some() { "laptop" } else { "key" },
    })
}

/// With a role's name in words.
fn named(mut row: Value, reader: &Reader) -> Value {
    let role = row
        .get("role")
        .and_then(Value::as_str)
        .map(|role| reader.text(&format!("role-{role}")));
    if let (Some(role), Some(fields)) = (role, row.as_object_mut()) {
        fields.insert("meta".into(), role.into());
    }
    row
}
