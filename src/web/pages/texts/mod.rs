//! What messages say: which texts there are and whose they are, the editor with its preview, former versions.

mod edit;
mod list;
mod versions;

use crate::{
    domain::{
        actor::Actor,
        company::{Node, NodeKind},
        error::{Error, Result},
        ids::NodeId,
        mail::{
            MailKind,
            wording::{Finding, Wrong},
        },
    },
    operations::messages::texts::{LANGUAGES, Which},
    web::{input::Query, messages, reader::Language},
};
use rocket::{Route, routes};
use serde_json::{Value, json};

/// Where they are.
const LIST: &str = "/modelli";

/// Every route of these pages.
pub(super) fn routes() -> Vec<Route> {
    routes![
        list::modelli,
        list::invio,
        edit::modello,
        edit::salva,
        edit::anteprima,
        edit::prova,
        versions::versioni,
        versions::ripristina,
    ]
}

/// Whose texts are asked for: one's own, unless another company is named.
fn asked(query: &Query, actor: &Actor) -> Result<NodeId> {
    match query.get("azienda") {
        Some(id) => id.parse().map_err(|_| Error::NotFound),
        None => Ok(actor.node().unwrap_or(NodeId::VENDOR)),
    }
}

/// The text that a path names.
fn which(kind: &str, language: &str) -> Result<Which> {
    let kind = MailKind::from_code(kind).ok_or(Error::NotFound)?;
    let known = LANGUAGES.into_iter().find(|known| *known == language);
    Ok(Which {
        kind,
        language: known.ok_or(Error::NotFound)?,
    })
}

/// What stands at the end of addresses about another company than one's own.
fn suffix(at: NodeId, actor: &Actor) -> String {
    if at == actor.node().unwrap_or(NodeId::VENDOR) {
        String::new()
    } else {
        format!("?azienda={at}")
    }
}

/// The path of a text.
fn path(which: Which) -> String {
    format!("{LIST}/{}/{}", which.kind, which.language)
}

/// Whose texts a page is about.
fn place(node: &Node, actor: &Actor) -> Value {
    json!({
        "id": node.id,
        "name": node.name,
        "vendor": node.kind == NodeKind::Vendor,
        "own": node.id == actor.node().unwrap_or(NodeId::VENDOR),
        "query": suffix(node.id, actor),
    })
}

/// A placeholder as it is typed.
fn braces(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

/// What was found wrong, in words.
fn told(found: &Finding, kind: MailKind, language: Language) -> String {
    let (key, name) = match &found.wrong {
        Wrong::Empty => ("texts-wrong-empty", String::new()),
        Wrong::TooLong => ("texts-wrong-long", String::new()),
        Wrong::Lines => ("texts-wrong-lines", String::new()),
        Wrong::Unknown(name) => ("texts-wrong-unknown", name.clone()),
        Wrong::Malformed => ("texts-wrong-malformed", String::new()),
        Wrong::Missing(name) => ("texts-wrong-missing", (*name).to_owned()),
        Wrong::Secret(name) => ("texts-wrong-secret", name.clone()),
        Wrong::Button => ("texts-wrong-button", String::new()),
    };
    let known: Vec<String> = kind.placeholders().map(braces).collect();
    let words = messages::filled(
        language,
        key,
        [("name", braces(&name).into()), ("known", known.join(", ").into())],
    );
    match found.at {
        None => words,
        Some((line, sign)) => messages::filled(
            language,
            "texts-wrong-at",
            [
                ("line", line.into()),
                ("sign", sign.into()),
                ("words", words.into()),
            ],
        ),
    }
}
