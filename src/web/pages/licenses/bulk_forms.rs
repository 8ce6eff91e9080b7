//! The addresses of what is done to many licences at once: each asks, and does.

use super::{
    bulk::{Asked, Kind, Proof, deed, question},
    selection::Selection,
};
use crate::{
    domain::access::{Permit, right::*},
    operations::App,
    web::{form::Sent, guards::UserAgent, page::Answer, reader::Reader, session::SignedIn},
};
use rocket::{State, get, post};

/// Asks, with what would come of it.
#[get("/licenze/insieme/sospendi")]
pub(crate) async fn sospendi(app: &State<App>, permit: Permit<SuspendLicense>, chosen: Selection) -> Answer {
    question(app, &permit, &chosen, Asked::unfilled(Kind::Suspend)).await
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
    deed(app, permit, &chosen, Kind::Suspend, (&reader, &sent), Proof(None)).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/riattiva")]
pub(crate) async fn riattiva(app: &State<App>, permit: Permit<SuspendLicense>, chosen: Selection) -> Answer {
    question(app, &permit, &chosen, Asked::unfilled(Kind::Resume)).await
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
    deed(app, permit, &chosen, Kind::Resume, (&reader, &sent), Proof(None)).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/revoca")]
pub(crate) async fn revoca(
    app: &State<App>,
    permit: Permit<RevokeLicense>,
    session: SignedIn<'_>,
    chosen: Selection,
) -> Answer {
    let asked = Asked {
        password: !session.0.is_confirmed(),
        ..Asked::unfilled(Kind::Revoke)
    };
    question(app, &permit, &chosen, asked).await
}

/// Does it to all that were chosen.
#[post("/licenze/insieme/revoca", data = "<sent>")]
pub(crate) async fn revocate(
    app: &State<App>,
    permit: Permit<RevokeLicense>,
    session: SignedIn<'_>,
    agent: UserAgent,
    chosen: Selection,
    reader: Reader,
    sent: Sent,
) -> Answer {
    let proof = Proof(Some((&session, &agent)));
    deed(app, permit, &chosen, Kind::Revoke, (&reader, &sent), proof).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/assegna")]
pub(crate) async fn assegna(app: &State<App>, permit: Permit<AssignLicense>, chosen: Selection) -> Answer {
    question(app, &permit, &chosen, Asked::unfilled(Kind::Assign)).await
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
    deed(app, permit, &chosen, Kind::Assign, (&reader, &sent), Proof(None)).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/proroga")]
pub(crate) async fn proroga(app: &State<App>, permit: Permit<EditLicense>, chosen: Selection) -> Answer {
    question(app, &permit, &chosen, Asked::unfilled(Kind::Extend)).await
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
    deed(app, permit, &chosen, Kind::Extend, (&reader, &sent), Proof(None)).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/moduli")]
pub(crate) async fn moduli(app: &State<App>, permit: Permit<ChangeModules>, chosen: Selection) -> Answer {
    question(app, &permit, &chosen, Asked::unfilled(Kind::Modules)).await
}

/// Does it to all that were chosen.
#[post("/licenze/insieme/moduli", data = "<sent>")]
pub(crate) async fn cambiati(
    app: &State<App>,
    permit: Permit<ChangeModules>,
    chosen: Selection,
    reader: Reader,
    sent: Sent,
) -> Answer {
    deed(app, permit, &chosen, Kind::Modules, (&reader, &sent), Proof(None)).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/archivia")]
pub(crate) async fn archivia(app: &State<App>, permit: Permit<ArchiveLicense>, chosen: Selection) -> Answer {
    question(app, &permit, &chosen, Asked::unfilled(Kind::Archive)).await
}

/// Does it to all that were chosen.
#[post("/licenze/insieme/archivia", data = "<sent>")]
pub(crate) async fn archiviate(
    app: &State<App>,
    permit: Permit<ArchiveLicense>,
    chosen: Selection,
    reader: Reader,
    sent: Sent,
) -> Answer {
    deed(app, permit, &chosen, Kind::Archive, (&reader, &sent), Proof(None)).await
}

/// Asks, with what would come of it.
#[get("/licenze/insieme/ripristina")]
pub(crate) async fn ripristina(
    app: &State<App>,
    permit: Permit<ArchiveLicense>,
    chosen: Selection,
) -> Answer {
    question(app, &permit, &chosen, Asked::unfilled(Kind::Restore)).await
}

/// Does it to all that were chosen.
#[post("/licenze/insieme/ripristina", data = "<sent>")]
pub(crate) async fn ripristinate(
    app: &State<App>,
    permit: Permit<ArchiveLicense>,
    chosen: Selection,
    reader: Reader,
    sent: Sent,
) -> Answer {
    deed(app, permit, &chosen, Kind::Restore, (&reader, &sent), Proof(None)).await
}
