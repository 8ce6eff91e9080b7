//! All kinds of messages in every language: whose words each has, who wrote them, when one was last sent, whether it goes
//! out at all.

use super::{LIST, asked, path, place, suffix};
use crate::{
    domain::{
        access::{Action, Permit, may, right::EditTexts, right::ReadTexts},
        company::NodeKind,
        error::{Error, Fault},
        ids::NodeId,
        mail::MailKind,
    },
    operations::{
        App,
        messages::texts::{self, LANGUAGES, Which, may_word},
    },
    store::{message_texts, names, outbox},
    web::{
        form::{Form, Sent},
        input::Query,
        page::{Answer, Goto, Page},
    },
};
use rocket::{State, get, post};
use serde_json::{Value, json};

/// The kinds, with what stands for each.
#[get("/modelli")]
pub(crate) async fn modelli(app: &State<App>, permit: Permit<ReadTexts>, query: Query) -> Answer {
    let (actor, scope) = (permit.actor().clone(), permit.scope());
    let at = asked(&query, &actor)?;
    let reading = actor.clone();
    let (node, known, switches, sent, writers, companies) = app
        .db
        .read(move |tx| {
            let node = texts::place(tx, &reading, at)?;
            let known = message_texts::known(tx, &node)?;
            let switches = message_texts::switches(tx, &node)?;
            let sent = outbox::last_sent(tx, scope, &node)?;
            let own = known.iter().filter(|known| known.depth == 0);
            let writers = names::users(tx, scope, &own.map(|known| known.user).collect())?;
            let companies = names::choices(tx, scope)?;
            Ok((node, known, switches, sent, writers, companies))
        })
        .await?;
    let editable = may(&actor, Action::EditTexts);
    let kinds: Vec<Value> = MailKind::ALL
        .iter()
        .map(|kind| {
            let text = |language: &'static str| {
                let fits = |known: &&message_texts::Known| {
                    known.kind == kind.code() && known.language == language && known.says
                };
                let reaches =
                    |known: &&message_texts::Known| known.node == NodeId::VENDOR || !kind.is_guarded();
                let holds = known.iter().filter(fits).find(reaches);
                let own = holds.filter(|known| known.depth == 0);
                let state = match holds {
                    None => "usual",
                    Some(known) if known.depth == 0 => "own",
                    Some(known) if known.node == NodeId::VENDOR => "vendor",
                    Some(_) => "above",
                };
                json!({
                    "language": language,
                    "href": format!("{}{}", path(Which { kind: *kind, language }), suffix(at, &actor)),
                    "state": state,
                    "who": own.and_then(|own| writers.get(&own.user)),
                    "at": own.map(|own| own.created_at),
                    "sent_at": sent.get(&(kind.code().to_owned(), language.to_owned())),
                })
            };
            let said = |own: bool| {
                let fits =
                    |(depth, code, _): &&(i32, String, bool)| code == kind.code() && (*depth == 0) == own;
                switches.iter().find(fits).map(|(.., on)| *on)
            };
            json!({
                "kind": kind,
                "texts": LANGUAGES.map(text),
                "theirs": may_word(&node, *kind),
                "optional": kind.is_optional(),
                "switch": said(true).map(|on| if on { "si" } else { "no" }),
                "inherited": said(false).unwrap_or(true),
                "on": said(true).or(said(false)).unwrap_or(true),
            })
        })
        .collect();
    let companies: Vec<Value> = companies
        .iter()
        .filter(|choice| choice.kind != NodeKind::Agent && actor.node() != Some(choice.id))
        .map(|choice| json!({"value": choice.id, "text": choice.name}))
        .collect();
    let shown = json!({
        "place": place(&node, &actor),
        "editable": editable,
        "kinds": kinds,
        "companies": companies,
        "form": Form::new()?,
    });
    Page::new("pages/texts/list", shown)?.reply()
}

/// Switches a kind on or off, or leaves it to those above.
#[post("/modelli/<tipo>/invio", data = "<sent>")]
pub(crate) async fn invio(
    app: &State<App>,
    permit: Permit<EditTexts>,
    query: Query,
    tipo: &str,
    sent: Sent,
) -> Answer {
    let kind = MailKind::from_code(tipo).ok_or(Error::NotFound)?;
    let at = asked(&query, permit.actor())?;
    let back = format!("{LIST}{}", suffix(at, permit.actor()));
    let to = match sent.get("invio") {
        Some("si") => Some(true),
        Some("no") => Some(false),
        Some("eredita") => None,
        _ => return Err(Error::field("invio", Fault::Invalid).into()),
    };
    texts::switch(app, permit, at, kind, to).await?;
    Goto::to(back).saying("texts-switched").reply()
}
