//! Stopping a licence and letting it go on, and freeing a device's place: a question with its consequences, then the
//! deed. The question is a dialog where there is a script, and a page of its own without one.

use super::shown;
use crate::{
    domain::{
        access::{Permit, Right, right::*},
        error::{Error, Fault, Result},
        ids::{ActivationId, LicenseId},
        license::SuspensionReason,
    },
    operations::{
        App,
        licenses::{archive, head, release, resume, revoke, suspend},
    },
    store::{activations, licenses},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::Check,
        page::{Answer, Goto, Level, Page},
        pages::reason::{given, required},
        problem::Failure,
        reader::Language,
        session::Confirmed,
    },
};
use rocket::{State, get, post};
use serde_json::json;

/// What is asked about.
#[derive(Debug, Clone, Copy)]
enum What {
    Suspend,
    Resume,
    Revoke,
    Archive,
    Restore,
    Release(ActivationId),
}

impl What {
    /// The word of its texts and of its address.
    fn word(self) -> &'static str {
        match self {
            Self::Suspend => "sospendi",
            Self::Resume => "riattiva",
            Self::Revoke => "revoca",
            Self::Archive => "archivia",
            Self::Restore => "ripristina",
            Self::Release(_) => "rilascia",
        }
    }
}

/// The question, with what it is about as it stands now.
async fn question<R: Right>(
    app: &App,
    permit: &Permit<R>,
    id: LicenseId,
    what: What,
    form: Option<Form>,
) -> std::result::Result<Page, Failure> {
    let (scope, app_, actor) = (permit.scope(), app.clone(), permit.actor().clone());
    let (mut page, revision) = app
        .db
        .read(move |tx| {
            let head = head::open(&app_, tx, scope, id, "")?;
            let license = head.sheet.license();
            let device = match what {
                What::Release(activation) => Some(activations::device(tx, &license, activation)?),
                _ => None,
            };
            let standing = match what {
                What::Resume => licenses::suspensions(tx, &license)?,
                _ => Vec::new(),
            };
            let whose = standing.iter().filter_map(|suspension| suspension.node);
            let names = head::names(tx, scope, &head.sheet, [], whose)?;
            let page = json!({
                "what": what.word(),
                "license": shown(&head, &names, &actor),
                "reasons": SuspensionReason::CODES,
                "device": device.map(|device| json!({
                    "id": device.id, "device": device.device, "name": device.name, "last_seen": device.last_seen,
                    "user": device.user,
                })),
                "suspensions": standing.iter().map(|suspension| json!({
                    "reason": suspension.reason, "note": suspension.note, "since": suspension.since,
                    "by": names.node(suspension.node), "by_vendor": suspension.node.is_none(),
                })).collect::<Vec<_>>(),
            });
            Ok((page, head.sheet.revision))
        })
        .await?;
    let form = match form {
        Some(form) => form,
        None => Form::new()?.revision(revision),
    };
    let status = form.status();
    if let Some(page) = page.as_object_mut() {
        page.insert(
            "form".into(),
            serde_json::to_value(form).map_err(Error::internal)?,
        );
    }
    Ok(Page::new("pages/licenses/action", page)?
        .part("partials/licenses/action_part")
        .status(status))
}

/// What to answer when the deed failed: the question again where the words of the form are wrong.
async fn failed<R: Right>(
    app: &App,
    permit: Permit<R>,
    id: LicenseId,
    what: What,
    sent: &Sent,
    language: Language,
    error: Error,
) -> Answer {
    match error {
        // Sent twice, or somebody was quicker: the licence's page tells how it stands.
        Error::Stale => Goto::to(format!("/licenze/{id}"))
            .flash(Level::Info, "license-changed-meanwhile", [])
            .reply(),
        error => {
            let form = Form::refused(sent, error, language)?;
            question(app, &permit, id, what, Some(form)).await?.reply()
        }
    }
}

fn again<R: Right>(permit: &Permit<R>) -> Result<Permit<R>> {
    Permit::ask(permit.actor())
}

/// Why licences are suspended.
pub(super) fn cause(sent: &Sent) -> Result<(SuspensionReason, Option<String>)> {
    let note = given(sent)?;
    let mut check = Check::default();
    let reason = check.word("causale", sent.get("causale"), SuspensionReason::from_code);
    if sent.get("causale").is_none() {
        check.fault("causale", Fault::Missing);
    }
    // Something else is told in words, or nobody will know what it was.
    if reason == Some(SuspensionReason::Other) && note.is_none() {
        check.fault("motivo", Fault::Missing);
    }
    check.finish()?;
    Ok((reason.unwrap_or(SuspensionReason::Other), note))
}

/// Asks whether to suspend.
#[get("/licenze/<id>/sospendi")]
pub(crate) async fn sospendi(app: &State<App>, permit: Permit<SuspendLicense>, id: Id<LicenseId>) -> Answer {
    question(app, &permit, id.get()?, What::Suspend, None)
        .await?
        .reply()
}

/// Suspends.
#[post("/licenze/<id>/sospendi", data = "<sent>")]
pub(crate) async fn sospesa(
    app: &State<App>,
    permit: Permit<SuspendLicense>,
    id: Id<LicenseId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, spare) = (id.get()?, again(&permit)?);
    let done = async {
        let (reason, note) = cause(&sent)?;
        suspend::suspend(app, permit, id, sent.revision()?, reason, note).await
    };
    match done.await {
        Ok(()) => Goto::to(format!("/licenze/{id}"))
            .saying("license-suspended")
            .reply(),
        Err(error) => failed(app, spare, id, What::Suspend, &sent, language, error).await,
    }
}

/// Asks whether to let it go on.
#[get("/licenze/<id>/riattiva")]
pub(crate) async fn riattiva(app: &State<App>, permit: Permit<SuspendLicense>, id: Id<LicenseId>) -> Answer {
    question(app, &permit, id.get()?, What::Resume, None)
        .await?
        .reply()
}

/// Lets it go on.
#[post("/licenze/<id>/riattiva", data = "<sent>")]
pub(crate) async fn riattivata(
    app: &State<App>,
    permit: Permit<SuspendLicense>,
    id: Id<LicenseId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, spare) = (id.get()?, again(&permit)?);
    let done = async { resume::resume(app, permit, id, given(&sent)?).await };
    match done.await {
        Ok(()) => Goto::to(format!("/licenze/{id}"))
            .saying("license-resumed")
            .reply(),
        // What stands is not theirs to lift.
        Err(Error::Forbidden) => Goto::to(format!("/licenze/{id}"))
            .flash(Level::Bad, "license-resume-not-yours", [])
            .reply(),
        Err(error) => failed(app, spare, id, What::Resume, &sent, language, error).await,
    }
}

/// Asks whether to stop it for good.
#[get("/licenze/<id>/revoca")]
pub(crate) async fn revoca(
    app: &State<App>,
    permit: Permit<RevokeLicense>,
    _confirmed: Confirmed,
    id: Id<LicenseId>,
) -> Answer {
    question(app, &permit, id.get()?, What::Revoke, None)
        .await?
        .reply()
}

/// Stops it for good.
#[post("/licenze/<id>/revoca", data = "<sent>")]
pub(crate) async fn revocata(
    app: &State<App>,
    permit: Permit<RevokeLicense>,
    _confirmed: Confirmed,
    id: Id<LicenseId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, spare) = (id.get()?, again(&permit)?);
    let done = async { revoke::revoke(app, permit, id, required(&sent)?).await };
    match done.await {
        Ok(()) => Goto::to(format!("/licenze/{id}"))
            .saying("license-revoked")
            .reply(),
        Err(error) => failed(app, spare, id, What::Revoke, &sent, language, error).await,
    }
}

/// Asks whether to free a device's place.
#[get("/licenze/<id>/dispositivi/<attivazione>/rilascia")]
pub(crate) async fn rilascia(
    app: &State<App>,
    permit: Permit<ReleaseDevice>,
    id: Id<LicenseId>,
    attivazione: Id<ActivationId>,
) -> Answer {
    let what = What::Release(attivazione.get()?);
    question(app, &permit, id.get()?, what, None).await?.reply()
}

/// Frees a device's place.
#[post("/licenze/<id>/dispositivi/<attivazione>/rilascia", data = "<sent>")]
pub(crate) async fn rilasciata(
    app: &State<App>,
    permit: Permit<ReleaseDevice>,
    id: Id<LicenseId>,
    attivazione: Id<ActivationId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, activation, spare) = (id.get()?, attivazione.get()?, again(&permit)?);
    let done = async { release::release(app, permit, id, activation, required(&sent)?).await };
    match done.await {
        Ok(()) => Goto::to(format!("/licenze/{id}/dispositivi"))
            .saying("license-device-released")
            .reply(),
        Err(error) => failed(app, spare, id, What::Release(activation), &sent, language, error).await,
    }
}

/// Asks whether to put it away.
#[get("/licenze/<id>/archivia")]
pub(crate) async fn archivia(app: &State<App>, permit: Permit<ArchiveLicense>, id: Id<LicenseId>) -> Answer {
    question(app, &permit, id.get()?, What::Archive, None)
        .await?
        .reply()
}

/// Puts it away.
#[post("/licenze/<id>/archivia", data = "<sent>")]
pub(crate) async fn archiviata(
    app: &State<App>,
    permit: Permit<ArchiveLicense>,
    id: Id<LicenseId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, spare) = (id.get()?, again(&permit)?);
    let done = async { archive::archive(app, permit, id, given(&sent)?).await };
    match done.await {
        Ok(()) => Goto::to(format!("/licenze/{id}"))
            .saying("license-archived")
            .reply(),
        Err(error) => failed(app, spare, id, What::Archive, &sent, language, error).await,
    }
}

/// Asks whether to bring it back.
#[get("/licenze/<id>/ripristina")]
pub(crate) async fn ripristina(
    app: &State<App>,
    permit: Permit<ArchiveLicense>,
    id: Id<LicenseId>,
) -> Answer {
    question(app, &permit, id.get()?, What::Restore, None)
        .await?
        .reply()
}

/// Brings it back.
#[post("/licenze/<id>/ripristina", data = "<sent>")]
pub(crate) async fn ripristinata(
    app: &State<App>,
    permit: Permit<ArchiveLicense>,
    id: Id<LicenseId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, spare) = (id.get()?, again(&permit)?);
    let done = async { archive::restore(app, permit, id, given(&sent)?).await };
    match done.await {
        Ok(()) => Goto::to(format!("/licenze/{id}"))
            .saying("license-restored")
            .reply(),
        Err(error) => failed(app, spare, id, What::Restore, &sent, language, error).await,
    }
}
