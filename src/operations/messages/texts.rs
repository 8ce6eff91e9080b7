//! What messages say on behalf of a node, and whether they go out.

use crate::{
    domain::{
        access::{Permit, right::EditTexts},
        actor::Actor,
        audit::{Event, EventKind, Owner, Subject},
        company::{Node, NodeKind},
        error::{Error, Fault, FieldErrors, Result, expect_revision},
        ids::NodeId,
        mail::{
            MailKind,
            wording::{Finding, Part, Wording, Wrong},
        },
    },
    operations::App,
    store::{Done, ReadTx, Visible, message_texts, nodes},
};

/// Languages that messages are written in.
pub const LANGUAGES: [&str; 2] = ["it", "en"];

/// One text: of which kind, in which language.
#[derive(Debug, Clone, Copy)]
pub struct Which {
    /// The kind.
    pub kind: MailKind,
    /// One of [`LANGUAGES`].
    pub language: &'static str,
}

/// A node whose messages somebody sees to: the vendor's for the vendor, else a company of theirs.
///
/// # Errors
/// [`Error::NotFound`] also for an agent: messages go out on behalf of companies.
pub fn place(tx: &mut ReadTx<'_>, actor: &Actor, at: NodeId) -> Result<Visible<Node>> {
    if at == NodeId::VENDOR {
        return match nodes::vendor(tx)? {
            Some(vendor) if actor.is_superadmin() => Ok(vendor),
            _ => Err(Error::NotFound),
        };
    }
    let node = nodes::get(tx, actor.scope(), at)?;
    if node.kind == NodeKind::Agent {
        return Err(Error::NotFound);
    }
    Ok(node)
}

/// Whether a node may word a kind: what says who may sign in is the vendor's to word.
pub fn may_word(node: &Node, kind: MailKind) -> bool {
    node.kind == NodeKind::Vendor || !kind.is_guarded()
}

/// The record of a change at a node; the vendor's is the installation's.
pub(in crate::operations) fn event(kind: EventKind, node: NodeId) -> Event {
    if node != NodeId::VENDOR {
        return Event::node(kind, node);
    }
    let subject = Subject {
        kind: "impostazioni",
        id: node.0,
    };
    Event::new(kind, subject, Owner::default())
}

/// Which field each finding is about, and how its fault is called.
pub fn faults(findings: &[Finding]) -> FieldErrors {
    let mut wrong = FieldErrors::default();
    for finding in findings {
        let field = match finding.part {
            Part::Subject => "oggetto",
            Part::Body => "testo",
        };
        let fault = match finding.wrong {
            Wrong::Empty => Fault::Missing,
            Wrong::TooLong => Fault::TooLong,
            Wrong::Unknown(_) => Fault::Unknown,
            Wrong::Missing(_) => Fault::Incompatible,
            Wrong::Secret(_) => Fault::NotAllowed,
            Wrong::Lines | Wrong::Malformed | Wrong::Button => Fault::Invalid,
        };
        wrong.add(field, fault);
    }
    wrong
}

/// Words a text anew, or (`None`) goes back to what comes from above. Every version stays.
///
/// # Errors
/// [`Error::Invalid`] for what its kind may not say, [`Error::Stale`], [`Error::Forbidden`] for a kind that is the
/// vendor's to word.
pub async fn save(
    app: &App,
    permit: Permit<EditTexts>,
    at: NodeId,
    which: Which,
    revision: Option<i32>,
    wanted: Option<Wording>,
) -> Result<()> {
    let Which { kind, language } = which;
    if let Some(Err(found)) = wanted.as_ref().map(|wanted| wanted.check(kind)) {
        return faults(&found).into_result();
    }
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let node = place(tx, &actor, at)?;
            if !may_word(&node, kind) {
                return Err(Error::Forbidden);
            }
            let user = actor.user_id().ok_or(Error::Forbidden)?;
            let last = message_texts::versions(tx, &node, kind, language, None, 1)?.pop();
            let stands = last.as_ref().map_or(0, |last| last.version);
            expect_revision(stands, revision)?;
            let was = last.and_then(|last| last.wording);
            if was == wanted {
                return Ok(Done::Unchanged(()));
            }
            message_texts::add(tx, &node, kind, language, stands, wanted.as_ref(), user)?;
            let what = match wanted {
                Some(_) => EventKind::MailTextChanged,
                None => EventKind::MailTextReset,
            };
            let subject = |wording: &Option<Wording>| wording.as_ref().map(|wording| wording.subject.clone());
            let event = event(what, at)
                .with("tipo", kind)
                .with("lingua", language)
                .with("versione", stands + 1)
                .changed("oggetto", &subject(&was), &subject(&wanted));
            Ok(Done::changed((), event))
        })
        .await
}

/// Makes a former version the newest.
///
/// # Errors
/// As [`save`]; [`Error::NotFound`]; [`Error::Invalid`] where the version names what messages have no more.
pub async fn restore(
    app: &App,
    permit: Permit<EditTexts>,
    at: NodeId,
    which: Which,
    version: i32,
    revision: Option<i32>,
) -> Result<()> {
    let actor = permit.actor().clone();
    let former = app
        .db
        .read(move |tx| {
            let node = place(tx, &actor, at)?;
            message_texts::version(tx, &node, which.kind, which.language, version)
        })
        .await?;
    save(app, permit, at, which, revision, former.wording).await
}

/// Says whether a kind goes out on behalf of a node and of those below it; `None` leaves it to those above.
///
/// # Errors
/// [`Error::Forbidden`] for a kind that is not to be switched off.
pub async fn switch(
    app: &App,
    permit: Permit<EditTexts>,
    at: NodeId,
    kind: MailKind,
    to: Option<bool>,
) -> Result<()> {
    if !kind.is_optional() {
        return Err(Error::Forbidden);
    }
    let actor = permit.actor().clone();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let node = place(tx, &actor, at)?;
            let was = message_texts::switch_of(tx, &node, kind)?;
            if was == to {
                return Ok(Done::Unchanged(()));
            }
            message_texts::switch(tx, &node, kind, to)?;
            let event = event(EventKind::MailSwitched, at)
                .with("tipo", kind)
                .changed("invio", &was, &to);
            Ok(Done::changed((), event))
        })
        .await
}
