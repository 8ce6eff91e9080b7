//! Messages that go out: what waits, what came through, what did not and why.

use crate::{
    domain::{
        access::{Action, Permit, may, right::*},
        error::Error,
        ids::MessageId,
        mail::{MailKind, MailState},
        text,
    },
    operations::{
        App,
        messages::{
            compose::{Draft, Eyes, compose, manner},
            resend::{self, can_be_resent},
            try_out,
        },
    },
    store::{
        customers, nodes,
        outbox::{self, Filter, Message},
    },
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, Query},
        page::{Answer, Goto, Level, Page},
        pages::addresses::{pager, step},
        reader::Reader,
    },
};
use rocket::{State, get, post};
use serde_json::{Value, json};

/// Where they are.
const LIST: &str = "/posta";

/// What waits, and what became of the rest, newest first.
#[get("/posta")]
pub(crate) async fn posta(
    app: &State<App>,
    permit: Permit<ReadMail>,
    reader: Reader,
    query: Query,
) -> Answer {
    let mut check = Check::default();
    let page = query.page(&mut check);
    let filter = Filter {
        state: check.word("stato", query.get("stato"), MailState::from_code),
        kind: check.word("tipo", query.get("tipo"), MailKind::from_code),
        recipient: query
            .get("q")
            .filter(|typed| !typed.trim().is_empty())
            .map(|typed| text::email(typed).unwrap_or_else(|_| text::clean(typed))),
    };
    check.finish()?;
    let scope = permit.scope();
    let slice = app
        .db
        .read(move |tx| outbox::list(tx, scope, &filter, &page))
        .await?;
    let options = |codes: &[&str], prefix: &str| {
        codes
            .iter()
            .map(|code| json!({"value": code, "text": reader.text(&format!("{prefix}-{code}"))}))
            .collect::<Vec<_>>()
    };
    let shown = json!({
        "filter": {
            "stato": query.get("stato").unwrap_or_default(),
            "tipo": query.get("tipo").unwrap_or_default(),
            "q": query.get("q").unwrap_or_default(),
        },
        "states": options(MailState::CODES, "mail-state"),
        "kinds": options(MailKind::CODES, "mail-kind"),
        "form": Form::new()?,
        "tries": may(permit.actor(), Action::ChangeSettings),
        "server": app.mailer.is_some(),
        "pager": pager(&query, LIST, slice.next),
        "rows": slice.rows.iter().map(row).collect::<Vec<_>>(),
    });
    Page::new("pages/mail/list", shown)?
        .part("partials/mail/results")
        .reply()
}

fn row(message: &Message) -> Value {
    json!({
        "id": message.id,
        "kind": message.kind,
        "recipient": message.recipient,
        "state": message.state,
        "attempts": message.attempts,
        "next_at": message.next_attempt_at,
        "error": message.last_error,
        "created_at": message.created_at,
        "sent_at": message.sent_at,
    })
}

/// A message: its way, and what it says but for keys and links.
#[get("/posta/<id>")]
pub(crate) async fn messaggio(app: &State<App>, permit: Permit<ReadMail>, id: Id<MessageId>) -> Answer {
    let (scope, id) = (permit.scope(), id.get()?);
    let (message, manner, customer, company) = app
        .db
        .read(move |tx| {
            let message = outbox::get(tx, scope, id)?;
            let kind = MailKind::from_code(&message.kind);
            let manner = match kind {
                Some(kind) => Some((kind, manner(tx, message.company_id, kind, &message.language)?)),
                None => None,
            };
            // Who moved away since is not named.
            let customer = match message.customer_id {
                Some(id) => unless_gone(customers::get(tx, scope, id))?,
                None => None,
            };
            let company = match message.company_id {
                Some(id) => unless_gone(nodes::get(tx, scope, id))?,
                None => None,
            };
            Ok((message, manner, customer, company))
        })
        .await?;
    let preview = manner.and_then(|(kind, manner)| {
        let draft = Draft {
            id: message.id,
            kind,
            language: &message.language,
            payload_sealed: &message.payload,
        };
        compose(app, &manner, &draft, Eyes::Staff, None).ok()
    });
    let again = may(permit.actor(), Action::ResendMail) && can_be_resent(&message, app.clock.now());
    let shown = json!({
        "message": row(&message),
        "language": message.language,
        "customer": customer.map(|customer| step(&customer.name, format!("/clienti/{}", customer.id))),
        "company": company.map(|node| step(&node.name, format!("/aziende/{}", node.id))),
        "subject": preview.as_ref().map(|filled| &filled.subject),
        "text": preview.as_ref().map(|filled| &filled.text),
        "again": again,
        "form": Form::new()?,
    });
    Page::new("pages/mail/message", shown)?.reply()
}

fn unless_gone<T>(found: crate::domain::error::Result<T>) -> crate::domain::error::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Sends a message once more.
#[post("/posta/<id>/rispedisci", data = "<_sent>")]
pub(crate) async fn rispedisci(
    app: &State<App>,
    permit: Permit<ResendMail>,
    id: Id<MessageId>,
    _sent: Sent,
) -> Answer {
    let id = id.get()?;
    let page = format!("{LIST}/{id}");
    match resend::resend(app, permit, id).await {
        Ok(()) => Goto::to(page).saying("mail-resent").reply(),
        // It was sent meanwhile, by a double click say.
        Err(Error::Conflict(_)) => Goto::to(page).flash(Level::Bad, "mail-not-resent", []).reply(),
        Err(error) => Err(error.into()),
    }
}

/// Sends whoever asks a message, to try whether mail comes.
#[post("/posta/prova", data = "<_sent>")]
pub(crate) async fn prova(app: &State<App>, permit: Permit<ChangeSettings>, _sent: Sent) -> Answer {
    try_out::try_out(app, permit).await?;
    Goto::to(LIST).saying("mail-tried").reply()
}
