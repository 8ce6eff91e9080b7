//! The same done to many licences: to those that were ticked, or to all that a list shows. The address carries what was
//! chosen (of a list its filters, and no identifiers), so that the page can be left and come back to.

use super::{
    actions::cause,
    asked::{self, Asked, FILTERS},
    bulk_result,
};
use crate::{
    domain::{
        access::{Permit, Right, right::*},
        error::{Error, Fault, FieldErrors, Result},
        license::SuspensionReason,
    },
    operations::{
        App,
        licenses::{
            assign::To,
            bulk::{self, Chosen, Deed, MOST, Preview},
        },
    },
    store::names,
    web::{
        form::{Form, Sent},
        input::{Check, Query},
        page::{Answer, Goto, Level, Page},
        pages::reason::{given, required},
        reader::Reader,
        session::Confirmed,
    },
};
use rocket::{
    Request, State, get,
    http::Status,
    post,
    request::{self, FromRequest},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Days by which licences are extended at once at most.
const DAYS_MOST: i64 = 3660;

/// What is done, before it is known how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Suspend,
    Resume,
    Revoke,
    Assign,
    Extend,
}

impl Kind {
    /// The word of its texts and of its address.
    fn word(self) -> &'static str {
        match self {
            Self::Suspend => "sospendi",
            Self::Resume => "riattiva",
            Self::Revoke => "revoca",
            Self::Assign => "assegna",
            Self::Extend => "proroga",
        }
    }

    /// The deed as it is looked at before anything was filled in, where what comes of it does not depend on that.
    fn unfilled(self) -> Option<Deed> {
        match self {
            Self::Suspend => Some(Deed::Suspend(SuspensionReason::Other, None)),
            Self::Resume => Some(Deed::Resume(None)),
            Self::Revoke => Some(Deed::Revoke(String::new())),
            Self::Assign | Self::Extend => None,
        }
    }

    /// The deed as it was filled in.
    fn filled(self, sent: &Sent) -> Result<Deed> {
        let mut check = Check::default();
        let mut wrong = FieldErrors::default();
        match self {
            Self::Suspend => cause(sent).map(|(reason, note)| Deed::Suspend(reason, note)),
            Self::Resume => given(sent).map(Deed::Resume),
            Self::Revoke => required(sent).map(Deed::Revoke),
            Self::Assign => {
                let to = To {
                    company: check.id(sent.get("azienda")).map(Some),
                    agent: check.id(sent.get("agente")).map(Some),
                    customer: None,
                };
                check.finish()?;
                Ok(Deed::Assign(to))
            }
            Self::Extend => {
                let days = sent.number(&mut wrong, "giorni");
                let days: Option<i32> = check.number("giorni", days, 1..=DAYS_MOST);
                let day = check.day("data_scadenza", sent.get("data_scadenza"));
                check.faults(wrong);
                let deed = match (days, day) {
                    (Some(days), None) => Some(Deed::Extend(days)),
                    (None, Some(day)) => Some(Deed::Until(day)),
                    (Some(_), Some(_)) => {
                        check.fault("giorni", Fault::Incompatible);
                        None
                    }
                    (None, None) => {
                        let empty = sent.get("giorni").is_none() && sent.get("data_scadenza").is_none();
                        if empty {
                            check.fault("giorni", Fault::Missing);
                        }
                        None
                    }
                };
                check.finish()?;
                deed.ok_or_else(|| Error::field("giorni", Fault::Missing))
            }
        }
    }
}

/// What an address says was chosen.
pub(crate) struct Selection {
    query: Query,
    ids: Vec<String>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Selection {
    type Error = std::convert::Infallible;
    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        let ids = request
            .uri()
            .query()
            .into_iter()
            .flat_map(|query| query.segments());
        let ids = ids.filter(|(name, value)| *name == "id" && !value.is_empty());
        let ids = ids.map(|(_, value)| value.to_owned()).collect();
        Query::from_request(request)
            .await
            .map(|query| Self { query, ids })
    }
}

impl Selection {
    fn is_all(&self) -> bool {
        self.query.get("tutte").is_some()
    }

    /// Which licences; none where nothing was chosen.
    fn read(&self, app: &App) -> Result<Option<Chosen>> {
        if self.is_all() {
            let wanted = Asked::read(app, &self.query)?.wanted;
            return Ok(Some(Chosen::All {
                filter: Box::new(wanted.filter),
                product: wanted.product,
                today: wanted.today,
            }));
        }
        let ids: Option<BTreeSet<_>> = self.ids.iter().map(|id| id.parse().ok()).collect();
        let ids = ids.ok_or(Error::NotFound)?;
        Ok((!ids.is_empty()).then_some(Chosen::These(ids)))
    }

    /// The address that says the same.
    fn address(&self, path: &str) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        if self.is_all() {
            pairs.append_pair("tutte", "si");
            for name in FILTERS {
                pairs.extend_pairs(self.query.get(name).map(|value| (name, value)));
            }
        } else {
            pairs.extend_pairs(self.ids.iter().map(|id| ("id", id)));
        }
        format!("{path}?{}", pairs.finish())
    }

    /// The list that it was chosen from.
    fn list(&self) -> String {
        asked::address("/licenze", &self.query, &[])
    }
}

/// Whether the caller is shown this among what can be done.
pub(super) fn offered(actor: &crate::domain::actor::Actor) -> Vec<&'static str> {
    use crate::domain::access::{Action, may};
    [
        (Kind::Assign, Action::AssignLicense, false),
        (Kind::Suspend, Action::SuspendLicense, false),
        (Kind::Resume, Action::SuspendLicense, false),
        // What costs something wants a payer, or the vendor.
        (Kind::Extend, Action::EditLicense, true),
        (Kind::Revoke, Action::RevokeLicense, false),
    ]
    .into_iter()
    .filter(|(_, action, vendor)| may(actor, *action) && (!vendor || actor.is_superadmin()))
    .map(|(kind, ..)| kind.word())
    .collect()
}

fn skipped(preview: &Preview) -> Vec<Value> {
    let named = preview.skipped.iter().map(|(why, (n, first))| {
        let first: Vec<Value> = first
            .iter()
            .map(|left| json!({ "id": left.id, "key": left.key, "customer": left.customer }))
            .collect();
        json!({ "why": why, "n": n, "more": n.saturating_sub(first.len()), "first": first })
    });
    named.collect()
}

/// The question, with what would come of a deed: none where it is not filled in yet.
async fn page<R: Right>(
    app: &App,
    permit: &Permit<R>,
    selection: &Selection,
    (kind, deed): (Kind, Option<Deed>),
    form: Form,
) -> Answer {
    let Some(chosen) = selection.read(app)? else {
        return Goto::to("/licenze")
            .flash(Level::Info, "bulk-none-chosen", [])
            .reply();
    };
    // What costs something is not even asked.
    if kind == Kind::Extend && !permit.actor().is_superadmin() {
        return Err(Error::Forbidden.into());
    }
    let looked = deed.is_some();
    let preview = bulk::preview(app, permit, chosen, deed).await?;
    let choices = match kind {
        Kind::Assign => {
            let scope = permit.scope();
            app.db.read(move |tx| names::choices(tx, scope)).await?
        }
        _ => Vec::new(),
    };
    let of_kind = |companies: bool| -> Vec<Value> {
        let chosen = choices.iter().filter(|node| node.kind.is_company() == companies);
        chosen
            .map(|node| json!({ "value": node.id, "text": node.name }))
            .collect()
    };
    let too_many = preview.chosen > MOST;
    let status = if too_many {
        Status::UnprocessableEntity
    } else {
        form.status()
    };
    let shown = json!({
        "what": kind.word(),
        "form": form,
        "action": selection.address(&format!("/licenze/insieme/{}", kind.word())),
        "back": selection.list(),
        "chosen": preview.chosen,
        "too_many": too_many,
        "most": MOST,
        "looked": looked,
        "done": preview.done,
        "devices": preview.devices,
        "skipped": skipped(&preview),
        "reasons": SuspensionReason::CODES,
        "companies": of_kind(true),
        "agents": of_kind(false),
    });
    Page::new("pages/licenses/bulk", shown)?.status(status).reply()
}

async fn question<R: Right>(
    app: &App,
    permit: &Permit<R>,
    selection: &Selection,
    kind: Kind,
    form: Option<Form>,
) -> Answer {
    let form = match form {
        Some(form) => form,
        None => Form::new()?,
    };
    page(app, permit, selection, (kind, kind.unfilled()), form).await
}

/// What is typed before something that cannot be taken back.
fn typed(kind: Kind, reader: &Reader, sent: &Sent) -> Result<()> {
    let word = reader.text("bulk-revoca-word");
    let typed = sent.get("conferma").map(str::trim).unwrap_or_default();
    if kind == Kind::Revoke && !typed.eq_ignore_ascii_case(&word) {
        return Err(Error::field("conferma", Fault::Invalid));
    }
    Ok(())
}

async fn deed<R: Right>(
    app: &App,
    permit: Permit<R>,
    selection: &Selection,
    kind: Kind,
    reader: &Reader,
    sent: &Sent,
) -> Answer {
    let spare = Permit::<R>::ask(permit.actor())?;
    let Some(chosen) = selection.read(app)? else {
        return Goto::to("/licenze")
            .flash(Level::Info, "bulk-none-chosen", [])
            .reply();
    };
    let filled = kind.filled(sent);
    // Only looked at: nothing is done yet.
    if sent.ticked("prova")
        && let Ok(deed) = &filled
    {
        let form = Form::again(sent, &FieldErrors::default(), reader.language);
        return page(app, &spare, selection, (kind, Some(deed.clone())), form).await;
    }
    let key = bulk_result::key(permit.actor(), sent, &selection.address(kind.word()));
    let done = match filled.and_then(|deed| typed(kind, reader, sent).map(|()| deed)) {
        Ok(deed) => bulk::run(app, permit, chosen, deed, key).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(outcome) if outcome.done == 0 => Goto::to(selection.list())
            .flash(Level::Info, "bulk-nothing-done", [])
            .reply(),
        Ok(_) => match sent.token() {
            Some(token) => {
                let token: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
                Goto::to(format!("/licenze/fatte/{token}")).reply()
            }
            None => Goto::to(selection.list()).saying("bulk-done-all").reply(),
        },
        Err(error) => {
            let form = Form::refused(sent, error, reader.language)?;
            question(app, &spare, selection, kind, Some(form)).await
        }
    }
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/sospendi")]
pub(crate) async fn sospendi(app: &State<App>, permit: Permit<SuspendLicense>, chosen: Selection) -> Answer {
    question(app, &permit, &chosen, Kind::Suspend, None).await
}

/// Does it to all that were chosen.
#[post("/licenze/insieme/sospendi", data = "<sent>")]
pub(crate) async fn sospese(
    app: &State<App>,
    permit: Permit<SuspendLicense>,
    chosen: Selection,
    reader: Reader,
    sent: Sent,
) -> Answer {
    deed(app, permit, &chosen, Kind::Suspend, &reader, &sent).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/riattiva")]
pub(crate) async fn riattiva(app: &State<App>, permit: Permit<SuspendLicense>, chosen: Selection) -> Answer {
    question(app, &permit, &chosen, Kind::Resume, None).await
}

/// Does it to all that were chosen.
#[post("/licenze/insieme/riattiva", data = "<sent>")]
pub(crate) async fn riattivate(
    app: &State<App>,
    permit: Permit<SuspendLicense>,
    chosen: Selection,
    reader: Reader,
    sent: Sent,
) -> Answer {
    deed(app, permit, &chosen, Kind::Resume, &reader, &sent).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/revoca")]
pub(crate) async fn revoca(
    app: &State<App>,
    permit: Permit<RevokeLicense>,
    _confirmed: Confirmed,
    chosen: Selection,
) -> Answer {
    question(app, &permit, &chosen, Kind::Revoke, None).await
}

/// Does it to all that were chosen.
#[post("/licenze/insieme/revoca", data = "<sent>")]
pub(crate) async fn revocate(
    app: &State<App>,
    permit: Permit<RevokeLicense>,
    _confirmed: Confirmed,
    chosen: Selection,
    reader: Reader,
    sent: Sent,
) -> Answer {
    deed(app, permit, &chosen, Kind::Revoke, &reader, &sent).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/assegna")]
pub(crate) async fn assegna(app: &State<App>, permit: Permit<AssignLicense>, chosen: Selection) -> Answer {
    question(app, &permit, &chosen, Kind::Assign, None).await
}

/// Does it to all that were chosen.
#[post("/licenze/insieme/assegna", data = "<sent>")]
pub(crate) async fn assegnate(
    app: &State<App>,
    permit: Permit<AssignLicense>,
    chosen: Selection,
    reader: Reader,
    sent: Sent,
) -> Answer {
    deed(app, permit, &chosen, Kind::Assign, &reader, &sent).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/proroga")]
pub(crate) async fn proroga(app: &State<App>, permit: Permit<EditLicense>, chosen: Selection) -> Answer {
    question(app, &permit, &chosen, Kind::Extend, None).await
}

/// Does it to all that were chosen.
#[post("/licenze/insieme/proroga", data = "<sent>")]
pub(crate) async fn prorogate(
    app: &State<App>,
    permit: Permit<EditLicense>,
    chosen: Selection,
    reader: Reader,
    sent: Sent,
) -> Answer {
    deed(app, permit, &chosen, Kind::Extend, &reader, &sent).await
}
