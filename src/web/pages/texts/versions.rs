//! Former versions of a text: what each changed, and the way back to one.

use super::{asked, edit::see, path, place, suffix, which};
use crate::{
    domain::{
        access::{
            Action, Permit, may,
            right::{EditTexts, ReadTexts},
        },
        error::Error,
        mail::wording::Wording,
    },
    operations::{
        App,
        messages::texts::{self, may_word},
    },
    store::{
        message_texts::{self, Version},
        names,
    },
    web::{
        form::{Form, Sent},
        input::Query,
        page::{Answer, Goto, Level, Page},
    },
};
use rocket::{State, get, post};
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

/// Versions that a page shows.
const SHOWN: usize = 20;

/// A text's lines, each with whether it came, went or stayed.
fn changes(was: &str, now: &str) -> Vec<Value> {
    TextDiff::from_lines(was, now)
        .iter_all_changes()
        .map(|change| {
            let tag = match change.tag() {
                ChangeTag::Insert => "in",
                ChangeTag::Delete => "out",
                ChangeTag::Equal => "same",
            };
            json!({ "tag": tag, "line": change.value().trim_end_matches('\n') })
        })
        .collect()
}

/// What a version changed, against the one before it, or against what the program says by itself.
fn told(
    version: &Version,
    before: Option<&Version>,
    usual: &Wording,
    who: Option<&String>,
    newest: bool,
) -> Value {
    let words = |version: Option<&Version>| {
        let own = version.and_then(|version| version.wording.clone());
        own.unwrap_or_else(|| usual.clone())
    };
    let (was, now) = (words(before), words(Some(version)));
    json!({
        "version": version.version,
        "at": version.created_at,
        "who": who,
        "newest": newest,
        "resets": version.wording.is_none(),
        "subject": now.subject,
        "was_subject": (was.subject != now.subject).then_some(was.subject),
        "lines": changes(&was.body, &now.body),
    })
}

/// The versions, the newest first.
#[get("/modelli/<tipo>/<lingua>/versioni")]
pub(crate) async fn versioni(
    app: &State<App>,
    permit: Permit<ReadTexts>,
    query: Query,
    tipo: &str,
    lingua: &str,
) -> Answer {
    let which = which(tipo, lingua)?;
    let actor = permit.actor().clone();
    let at = asked(&query, &actor)?;
    let below: Option<i32> = query.get("prima").and_then(|n| n.parse().ok());
    let reading = actor.clone();
    let most = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let (node, last, found, writers) = app
        .db
        .read(move |tx| {
            let node = texts::place(tx, &reading, at)?;
            let last = message_texts::versions(tx, &node, which.kind, which.language, None, 1)?.pop();
            let found = message_texts::versions(tx, &node, which.kind, which.language, below, most)?;
            let by = found.iter().map(|version| version.user).collect();
            let writers = names::users(tx, reading.scope(), &by)?;
            Ok((node, last, found, writers))
        })
        .await?;
    let usual = Wording::usual(which.kind, which.language);
    let rows: Vec<Value> = found
        .iter()
        .take(SHOWN)
        .enumerate()
        .map(|(n, version)| {
            let newest = last.as_ref().is_some_and(|last| last.version == version.version);
            told(
                version,
                found.get(n + 1),
                &usual,
                writers.get(&version.user),
                newest,
            )
        })
        .collect();
    let query_of = suffix(at, &actor);
    let here = path(which);
    let older = found
        .get(SHOWN - 1)
        .filter(|_| found.len() > SHOWN)
        .map(|version| {
            let joined = if query_of.is_empty() { "?" } else { "&" };
            format!("{here}/versioni{query_of}{joined}prima={}", version.version)
        });
    let revision = last.as_ref().map_or(0, |last| last.version) + 1;
    let shown = json!({
        "place": place(&node, &actor),
        "kind": which.kind,
        "language": which.language,
        "list": format!("{}{query_of}", super::LIST),
        "path": here,
        "query": query_of,
        "rows": rows,
        "first": below.map(|_| format!("{here}/versioni{query_of}")).unwrap_or_default(),
        "next": older.unwrap_or_default(),
        "editable": may(&actor, Action::EditTexts) && may_word(&node, which.kind),
        "form": Form::new()?.revision(revision),
    });
    Page::new("pages/texts/versions", shown)?.reply()
}

/// Makes a former version the newest.
#[post("/modelli/<tipo>/<lingua>/versioni/<versione>/ripristina", data = "<sent>")]
pub(crate) async fn ripristina(
    app: &State<App>,
    permit: Permit<EditTexts>,
    query: Query,
    tipo: &str,
    lingua: &str,
    versione: &str,
    sent: Sent,
) -> Answer {
    let which = which(tipo, lingua)?;
    let version: i32 = versione.parse().map_err(|_| Error::NotFound)?;
    let actor = permit.actor().clone();
    let at = asked(&query, &actor)?;
    let back = format!("{}/versioni{}", path(which), suffix(at, &actor));
    let revision = sent.revision()?.map(|shown| shown.saturating_sub(1));
    match texts::restore(app, permit, at, which, version, revision).await {
        Ok(()) => Goto::to(format!("{}{}", path(which), suffix(at, &actor)))
            .saying("texts-restored")
            .reply(),
        // Who restores has read nothing but the list: it is shown anew.
        Err(Error::Stale) => Goto::to(back).flash(Level::Bad, "texts-stale", []).reply(),
        // What it said then is not to be said any more.
        Err(Error::Invalid(_)) => {
            see(app, &actor, at, which).await?;
            Goto::to(back).flash(Level::Bad, "texts-not-restored", []).reply()
        }
        Err(error) => Err(error.into()),
    }
}
