//! What a licence is, changed by what is sold: its modules, and a trial that becomes one.

use super::{licenses::sheet, reply::Tagged, views::LicenzaScheda};
use crate::{
    domain::{
        access::{Permit, right::*},
        error::Fault,
        ids::LicenseId,
        license::LicenseKind,
        payment::Payment,
    },
    operations::{
        App,
        licenses::{convert, modules},
    },
    web::{
        body::RawBody,
        guards::Id,
        input::Check,
        problem::{Failure, Problems},
    },
};
use chrono::NaiveDate;
use rocket::{State, post};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The last days that modules are to have of their own.
pub(super) fn last_days(
    check: &mut Check,
    sent: BTreeMap<String, Option<String>>,
) -> BTreeMap<String, Option<NaiveDate>> {
    sent.into_iter()
        .map(|(code, day)| {
            let day = check.day(&format!("moduli_scadenze.{code}"), day.as_deref());
            (code, day)
        })
        .collect()
}

/// A way to pay that was named: none is served yet.
pub(super) fn no_payment(check: &mut Check, sent: Option<&str>) {
    if check.word("modalita", sent, Payment::from_code).is_some() {
        check.fault("modalita", Fault::Unsupported);
    }
}

/// Which modules are switched. What is not named stays.
#[derive(Deserialize, ToSchema)]
pub(super) struct InterruttoriModuli {
    /// Codes to switch on.
    attiva: Option<Vec<String>>,
    /// Codes to switch off.
    disattiva: Option<Vec<String>>,
    /// Last days of their own, by code; null takes one away.
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    moduli_scadenze: Option<BTreeMap<String, Option<String>>>,
    modalita: Option<String>,
}

/// Switches modules on and off.
#[utoipa::path(post, path = "/api/admin/licenze/{id}/moduli", tag = "licenze", request_body = InterruttoriModuli,
    params(("id" = String, Path)), responses((status = 200, body = LicenzaScheda), Problems))]
#[post("/api/admin/licenze/<id>/moduli", data = "<body>")]
pub(super) async fn moduli(
    app: &State<App>,
    permit: Permit<ChangeModules>,
    id: Id<LicenseId>,
    body: RawBody,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    let sent: InterruttoriModuli = body.parse()?;
    let mut check = Check::default();
    no_payment(&mut check, sent.modalita.as_deref());
    let wanted = modules::Wanted {
        exactly: None,
        on: sent.attiva.unwrap_or_default().into_iter().collect(),
        off: sent.disattiva.unwrap_or_default().into_iter().collect(),
        until: last_days(&mut check, sent.moduli_scadenze.unwrap_or_default()),
    };
    check.finish()?;
    modules::switch(app, permit, id, None, wanted, None).await?;
    sheet(app, scope, id).await
}

/// What a trial is to be.
#[derive(Deserialize, ToSchema)]
pub(super) struct Conversione {
    /// `permanente`, `abbonamento`.
    tipo_licenza: String,
    data_scadenza: Option<String>,
    manutenzione_al: Option<String>,
    modalita: Option<String>,
}

/// Makes a trial a licence that is sold, under the same key.
#[utoipa::path(post, path = "/api/admin/licenze/{id}/converti", tag = "licenze", request_body = Conversione,
    params(("id" = String, Path)), responses((status = 200, body = LicenzaScheda), Problems))]
#[post("/api/admin/licenze/<id>/converti", data = "<body>")]
pub(super) async fn converti(
    app: &State<App>,
    permit: Permit<ConvertLicense>,
    id: Id<LicenseId>,
    body: RawBody,
) -> Result<Tagged<LicenzaScheda>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    let sent: Conversione = body.parse()?;
    let mut check = Check::default();
    no_payment(&mut check, sent.modalita.as_deref());
    let kind = check.word("tipo_licenza", Some(&sent.tipo_licenza), LicenseKind::from_code);
    let to = convert::Conversion {
        kind: kind.unwrap_or(LicenseKind::Trial),
        expires_on: check.day("data_scadenza", sent.data_scadenza.as_deref()),
        maintenance_until: check.day("manutenzione_al", sent.manutenzione_al.as_deref()),
    };
    check.finish()?;
    convert::convert(app, permit, id, None, to).await?;
    sheet(app, scope, id).await
}
