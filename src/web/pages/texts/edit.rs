//! One text: its words, what can stand in them, and what comes of it.

use super::{asked, braces, path, place, suffix, told, which};
use crate::{
    domain::{
        access::{
            Action, Permit, may,
            right::{EditTexts, ReadTexts},
        },
        actor::Actor,
        company::Node,
        error::{Error, FieldErrors, Result},
        ids::NodeId,
        mail::{
            MailKind,
            wording::{BODY_MAX, Finding, Part, SUBJECT_MAX, Wording},
        },
    },
    operations::{
        App,
        messages::{
            compose::styles,
            preview::{Stage, stage, whose},
            texts::{self, Which, faults, may_word},
            try_text,
        },
    },
    store::{
        Visible,
        message_texts::{self, Standing, Version},
        names,
    },
    web::{
        form::{Difference, Form, Sent},
        input::Query,
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The fields.
const NAMES: [&str; 2] = ["oggetto", "testo"];

/// All that the page shows.
pub(super) struct Seen {
    node: Visible<Node>,
    which: Which,
    /// The node's own newest version.
    pub(super) last: Option<Version>,
    /// Who wrote it, if that is ours to know.
    writer: Option<String>,
    /// What holds, the nearest first.
    standing: Vec<Standing>,
    stage: Stage,
}

impl Seen {
    /// What the node says of its own.
    fn own(&self) -> Option<&Wording> {
        self.last.as_ref().and_then(|last| last.wording.as_ref())
    }

    /// What holds now.
    fn holds(&self) -> Wording {
        let nearest = self.standing.first().map(|standing| standing.wording.clone());
        nearest.unwrap_or_else(|| Wording::usual(self.which.kind, self.which.language))
    }

    /// Whose it is.
    fn state(&self) -> &'static str {
        match whose(&self.standing) {
            None => "usual",
            Some(node) if node == self.node.id => "own",
            Some(NodeId::VENDOR) => "vendor",
            Some(_) => "above",
        }
    }

    /// The number that the form carries: a revision of 0 would be none.
    pub(super) fn revision(&self) -> i32 {
        self.last.as_ref().map_or(0, |last| last.version) + 1
    }

    fn form(&self) -> Result<Form> {
        let holds = self.holds();
        Ok(Form::new()?
            .with("oggetto", holds.subject)
            .with("testo", holds.body)
            .revision(self.revision()))
    }
}

/// Reads it all.
pub(super) async fn see(app: &App, actor: &Actor, at: NodeId, which: Which) -> Result<Seen> {
    let actor = actor.clone();
    app.db
        .read(move |tx| {
            let node = texts::place(tx, &actor, at)?;
            let scope = actor.scope();
            let last = message_texts::versions(tx, &node, which.kind, which.language, None, 1)?.pop();
            let by: BTreeSet<_> = last.iter().map(|last| last.user).collect();
            let writer = names::users(tx, scope, &by)?.into_values().next();
            let standing = message_texts::line(tx, Some(at), which.kind, which.language)?;
            let stage = stage(tx, scope, &node, which)?;
            Ok(Seen {
                node,
                which,
                last,
                writer,
                standing,
                stage,
            })
        })
        .await
}

/// The words that were typed.
fn typed(sent: &Sent) -> Wording {
    let text = |name: &str| sent.verbatim(name).unwrap_or_default();
    Wording::typed(text("oggetto"), text("testo"))
}

/// What is wrong with them, field by field, in words that say where.
fn explained(form: Form, found: &[Finding], kind: MailKind, language: Language) -> Form {
    [(Part::Subject, "oggetto"), (Part::Body, "testo")]
        .into_iter()
        .fold(form, |form, (part, name)| {
            let words: Vec<String> = found
                .iter()
                .filter(|found| found.part == part)
                .map(|found| told(found, kind, language))
                .collect();
            form.explained(name, words.join(" "))
        })
}

/// What a part or a page shows of the message as it would be.
fn preview(app: &App, seen: &Seen, wording: &Wording, language: Language) -> Value {
    let found = wording.check(seen.which.kind).err().unwrap_or_default();
    let message = seen.stage.show(app, seen.which, wording);
    json!({
        "subject": message.as_ref().map(|message| &message.subject),
        "text": message.as_ref().map(|message| &message.text),
        "html": message.as_ref().map(|message| &message.html),
        "from": seen.stage.from.as_ref().map(|from| json!({
            "recipient": from.recipient, "at": from.created_at, "href": format!("/posta/{}", from.id),
        })),
        "sender": seen.stage.manner.sender().unwrap_or(&seen.stage.manner.settings.name),
        "reply_to": seen.stage.manner.help(),
        "wrong": found.iter().map(|found| told(found, seen.which.kind, language)).collect::<Vec<_>>(),
    })
}

fn page(
    app: &App,
    seen: &Seen,
    actor: &Actor,
    form: &Form,
    wording: &Wording,
    stale: Option<Vec<Difference>>,
    language: Language,
) -> Result<Page> {
    let kind = seen.which.kind;
    let must: Vec<&str> = kind.obligatory().collect();
    let palette: Vec<Value> = kind
        .placeholders()
        .map(|name| {
            json!({
                "name": name,
                "token": braces(name),
                "must": must.contains(&name),
                "secret": MailKind::is_secret(name),
            })
        })
        .collect();
    let here = path(seen.which);
    let status = form.status_of(stale.as_deref());
    let shown = json!({
        "place": place(&seen.node, actor),
        "kind": kind,
        "language": seen.which.language,
        "others": texts::LANGUAGES.map(|language| json!({
            "language": language,
            "href": format!("{}{}", path(Which { kind, language }), suffix(seen.node.id, actor)),
        })),
        "list": format!("{}{}", super::LIST, suffix(seen.node.id, actor)),
        "path": here,
        "query": suffix(seen.node.id, actor),
        "state": seen.state(),
        "own": seen.own().is_some(),
        "version": seen.last.as_ref().map(|last| last.version),
        "who": seen.writer,
        "at": seen.last.as_ref().map(|last| last.created_at),
        "guarded": kind.is_guarded(),
        "editable": may(actor, Action::EditTexts) && may_word(&seen.node, kind),
        "palette": palette,
        "subject_max": SUBJECT_MAX,
        "body_max": BODY_MAX,
        "form": form,
        "stale": stale,
        "preview": preview(app, seen, wording, language),
        "holds": seen.holds().body,
        "holds_subject": seen.holds().subject,
        "email": actor.name(),
    });
    Ok(Page::new("pages/texts/edit", shown)?
        .part("partials/texts/preview")
        .styles(styles(&seen.stage.manner))
        .status(status))
}

/// A text.
#[get("/modelli/<tipo>/<lingua>")]
pub(crate) async fn modello(
    app: &State<App>,
    permit: Permit<ReadTexts>,
    query: Query,
    language: Language,
    tipo: &str,
    lingua: &str,
) -> Answer {
    let which = which(tipo, lingua)?;
    let actor = permit.actor();
    let seen = see(app, actor, asked(&query, actor)?, which).await?;
    let (form, holds) = (seen.form()?, seen.holds());
    page(app, &seen, actor, &form, &holds, None, language)?.reply()
}

/// Keeps what was typed, or goes back to what comes from above.
#[post("/modelli/<tipo>/<lingua>", rank = 1, data = "<sent>")]
pub(crate) async fn salva(
    app: &State<App>,
    permit: Permit<EditTexts>,
    query: Query,
    language: Language,
    tipo: &str,
    lingua: &str,
    sent: Sent,
) -> Answer {
    let which = which(tipo, lingua)?;
    let actor = permit.actor().clone();
    let at = asked(&query, &actor)?;
    let resets = sent.ticked("azzera");
    let wording = typed(&sent);
    let wanted = (!resets).then(|| wording.clone());
    let revision = sent.revision()?.map(|shown| shown.saturating_sub(1));
    match texts::save(app, permit, at, which, revision, wanted).await {
        Ok(()) => {
            let said = if resets { "texts-reset-done" } else { "texts-saved" };
            Goto::to(format!("{}{}", path(which), suffix(at, &actor)))
                .saying(said)
                .reply()
        }
        Err(Error::Stale) => {
            let seen = see(app, &actor, at, which).await?;
            let stands = seen.form()?;
            let wanted = Form::again(&sent, &FieldErrors::default(), language).revision(seen.revision());
            let differing = wanted.differing(&stands, &NAMES);
            page(app, &seen, &actor, &wanted, &wording, Some(differing), language)?.reply()
        }
        Err(error) => {
            let seen = see(app, &actor, at, which).await?;
            let form = Form::refused(&sent, error, language)?;
            let found = wording.check(which.kind).err().unwrap_or_default();
            let form = explained(form, &found, which.kind, language);
            page(app, &seen, &actor, &form, &wording, None, language)?.reply()
        }
    }
}

/// What comes of what was typed; nothing is kept.
#[post("/modelli/<tipo>/<lingua>/anteprima", data = "<sent>")]
pub(crate) async fn anteprima(
    app: &State<App>,
    permit: Permit<EditTexts>,
    query: Query,
    language: Language,
    tipo: &str,
    lingua: &str,
    sent: Sent,
) -> Answer {
    let which = which(tipo, lingua)?;
    let actor = permit.actor();
    let seen = see(app, actor, asked(&query, actor)?, which).await?;
    let wording = typed(&sent);
    let found = wording.check(which.kind).err().unwrap_or_default();
    let form = Form::again(&sent, &faults(&found), language);
    let form = explained(form, &found, which.kind, language);
    page(app, &seen, actor, &form, &wording, None, language)?
        .calm()
        .reply()
}

/// Sends what was typed to who typed it; nothing is kept.
#[post("/modelli/<tipo>/<lingua>/prova", data = "<sent>")]
pub(crate) async fn prova(
    app: &State<App>,
    permit: Permit<EditTexts>,
    query: Query,
    language: Language,
    tipo: &str,
    lingua: &str,
    sent: Sent,
) -> Answer {
    let which = which(tipo, lingua)?;
    let actor = permit.actor().clone();
    let at = asked(&query, &actor)?;
    let wording = typed(&sent);
    let tried = try_text::try_text(app, permit, at, which, wording.clone()).await;
    let seen = see(app, &actor, at, which).await?;
    match tried {
        Ok(()) => {
            let form = Form::again(&sent, &FieldErrors::default(), language);
            page(app, &seen, &actor, &form, &wording, None, language)?
                .status(Status::Ok)
                .saying("texts-tried")
                .reply()
        }
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            let found = wording.check(which.kind).err().unwrap_or_default();
            let form = explained(form, &found, which.kind, language);
            page(app, &seen, &actor, &form, &wording, None, language)?.reply()
        }
    }
}
