//! The same done to many licences: to those that were ticked, or to all that a list shows. The address carries what was
//! chosen (of a list its filters, and no identifiers), so that the page can be left and come back to.

use super::{actions::cause, bulk_modules, bulk_result, selection::Selection};
use crate::{
    domain::{
        access::{Permit, Right},
        error::{Error, Fault, FieldErrors, Result},
        ids::CustomerId,
        license::SuspensionReason,
        text,
    },
    operations::{
        App,
        licenses::{
            assign::To,
            bulk::{self, Deed, MOST, Preview},
        },
        users::confirm,
    },
    store::{customers, names, page::Page as Slice},
    web::{
        form::{Form, Sent},
        guards::UserAgent,
        input::Check,
        page::{Answer, Goto, Level, Page},
        pages::reason::{given, required},
        problem::Failure,
        reader::Reader,
        session::SignedIn,
    },
};
use rocket::http::Status;
use serde_json::{Value, json};

/// Customers to choose among at most: more are found by their names.
const CUSTOMERS: usize = 100;
/// Days by which licences are extended at once at most.
const DAYS_MOST: i64 = 3660;

/// What is done, before it is known how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Suspend,
    Resume,
    Revoke,
    Assign,
    Extend,
    Modules,
    Archive,
    Restore,
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
            Self::Modules => "moduli",
            Self::Archive => "archivia",
            Self::Restore => "ripristina",
        }
    }

    /// The deed as it is looked at before anything was filled in, where what comes of it does not depend on that.
    fn unfilled(self) -> Option<Deed> {
        match self {
            Self::Suspend => Some(Deed::Suspend(SuspensionReason::Other, None)),
            Self::Resume => Some(Deed::Resume(None)),
            Self::Revoke => Some(Deed::Revoke(String::new())),
            Self::Archive => Some(Deed::Archive(None)),
            Self::Restore => Some(Deed::Restore(None)),
            Self::Assign | Self::Extend | Self::Modules => None,
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
            Self::Archive => given(sent).map(Deed::Archive),
            Self::Restore => given(sent).map(Deed::Restore),
            Self::Assign => {
                let to = To {
                    company: check.id(sent.get("azienda")).map(Some),
                    agent: check.id(sent.get("agente")).map(Some),
                    customer: check.id(sent.get("cliente")).map(Some),
                };
                check.finish()?;
                Ok(Deed::Assign(to))
            }
            Self::Modules => bulk_modules::read(sent).map(Deed::Modules),
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

/// What the caller is shown among what can be done: to what stands in the archive, or to the others.
pub(super) fn offered(actor: &crate::domain::actor::Actor, archived: bool) -> Vec<&'static str> {
    use crate::domain::access::{Action, may};
    [
        (Kind::Assign, Action::AssignLicense, false),
        (Kind::Suspend, Action::SuspendLicense, false),
        (Kind::Resume, Action::SuspendLicense, false),
        // What costs something wants a payer, or the vendor.
        (Kind::Extend, Action::EditLicense, true),
        (Kind::Modules, Action::ChangeModules, false),
        (Kind::Archive, Action::ArchiveLicense, false),
        (Kind::Restore, Action::ArchiveLicense, false),
        (Kind::Revoke, Action::RevokeLicense, false),
    ]
    .into_iter()
    .filter(|(_, action, vendor)| may(actor, *action) && (!vendor || actor.is_superadmin()))
    .filter(|(kind, ..)| *kind != if archived { Kind::Archive } else { Kind::Restore })
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

/// What is asked about: of what was filled in the deed, and whether the password is to be given with it.
pub(super) struct Asked {
    pub(super) kind: Kind,
    pub(super) deed: Option<Deed>,
    pub(super) password: bool,
}

impl Asked {
    /// Before anything was filled in.
    pub(super) fn unfilled(kind: Kind) -> Self {
        Self {
            kind,
            deed: kind.unfilled(),
            password: false,
        }
    }
}

/// The question, with what would come of a deed: none where it is not filled in yet.
async fn page<R: Right>(
    app: &App,
    permit: &Permit<R>,
    selection: &Selection,
    Asked { kind, deed, password }: Asked,
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
    let switched = match kind {
        Kind::Modules => bulk_modules::choices(app, &preview, &form).await?,
        _ => Value::Null,
    };
    let customers = match kind {
        Kind::Assign => customers(app, permit, &form).await?,
        _ => Vec::new(),
    };
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
        "customers": customers,
        "switched": switched,
        "password": password,
    });
    Page::new("pages/licenses/bulk", shown)?.status(status).reply()
}

/// Customers to choose among: those whose names begin as was typed, and the one that was chosen.
async fn customers<R: Right>(app: &App, permit: &Permit<R>, form: &Form) -> Result<Vec<Value>> {
    let scope = permit.scope();
    let typed = form.value("cerca_cliente").map(text::searchable);
    let chosen: Option<CustomerId> = form.value("cliente").and_then(|id| id.parse().ok());
    app.db
        .read(move |tx| {
            let filter = customers::Filter {
                search: typed.clone().filter(|typed| !typed.is_empty()),
                ..customers::Filter::default()
            };
            let mut found = customers::list(tx, scope, &filter, &Slice::first(CUSTOMERS))?.rows;
            if let Some(id) = chosen
                && found.iter().all(|known| known.id != id)
            {
                found.push(customers::get(tx, scope, id)?);
            }
            found.sort_by_cached_key(|customer| text::searchable(&customer.name));
            Ok(found
                .iter()
                .map(|customer| json!({ "value": customer.id, "text": customer.name }))
                .collect())
        })
        .await
}

/// Asks, before anything was filled in.
pub(super) async fn question<R: Right>(
    app: &App,
    permit: &Permit<R>,
    selection: &Selection,
    asked: Asked,
) -> Answer {
    page(app, permit, selection, asked, Form::new()?).await
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

/// Who proves once more who they are before something that cannot be taken back: by the password on the same form, so
/// that nothing of what was chosen is lost on the way.
pub(super) struct Proof<'s>(pub(super) Option<(&'s SignedIn<'s>, &'s UserAgent)>);

impl Proof<'_> {
    /// Whether the password is asked for.
    fn wanted(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|(session, _)| !session.0.is_confirmed())
    }

    async fn holds(&self, app: &App, sent: &Sent) -> Result<()> {
        match &self.0 {
            Some((session, agent)) if !session.0.is_confirmed() => {
                let password = sent.verbatim("password").unwrap_or_default();
                confirm::for_once(app, &session.0.actor, password, &agent.0).await
            }
            _ => Ok(()),
        }
    }
}

/// Looks at what would come of it, or does it.
pub(super) async fn deed<R: Right>(
    app: &App,
    permit: Permit<R>,
    selection: &Selection,
    kind: Kind,
    (reader, sent): (&Reader, &Sent),
    proof: Proof<'_>,
) -> Answer {
    let spare = Permit::<R>::ask(permit.actor())?;
    let Some(chosen) = selection.read(app)? else {
        return Goto::to("/licenze")
            .flash(Level::Info, "bulk-none-chosen", [])
            .reply();
    };
    let filled = kind.filled(sent);
    // Only looked at: nothing is done yet.
    let password = proof.wanted();
    let looked = match &filled {
        // Another product was chosen, or other customers are looked for.
        _ if sent.ticked("mostra") => Some(None),
        Ok(deed) if sent.ticked("prova") => Some(Some(deed.clone())),
        _ => None,
    };
    if let Some(deed) = looked {
        let form = Form::again(sent, &FieldErrors::default(), reader.language);
        let asked = Asked { kind, deed, password };
        return match page(app, &spare, selection, asked, form).await {
            // What is wrong with it stands at its field here too.
            Err(Failure::Error(Error::Invalid(wrong))) => {
                let form = Form::again(sent, &wrong, reader.language);
                page(
                    app,
                    &spare,
                    selection,
                    Asked {
                        password,
                        ..Asked::unfilled(kind)
                    },
                    form,
                )
                .await
            }
            answer => answer,
        };
    }
    let key = bulk_result::key(permit.actor(), sent, &selection.address(kind.word()));
    let done = match filled.and_then(|deed| typed(kind, reader, sent).map(|()| deed)) {
        Ok(deed) => match proof.holds(app, sent).await {
            Ok(()) => bulk::run(app, permit, chosen, deed, key).await,
            Err(error) => Err(error),
        },
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
            let asked = Asked {
                password,
                ..Asked::unfilled(kind)
            };
            page(app, &spare, selection, asked, form).await
        }
    }
}
