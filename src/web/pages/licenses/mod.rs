//! Licences: the list, one licence from every side, and what is done to it.

mod actions;
mod asked;
mod assign;
mod bulk;
mod bulk_forms;
mod bulk_modules;
mod bulk_result;
mod convert;
mod data;
mod edit;
pub(super) mod export;
mod list;
mod modules;
mod selection;
mod send;
mod sheet;
mod timeline;

pub(super) use asked::FILTERS;

use crate::{
    domain::{
        access::{Action, may},
        actor::Actor,
        license::{LicenseKind, LicenseState, Sheet},
    },
    operations::licenses::head::{Head, Names},
};
use rocket::{Route, routes};
use serde_json::{Value, json};

/// The routes of licences.
pub(super) fn routes() -> Vec<Route> {
    routes![
        list::elenco,
        export::esporta,
        bulk_forms::sospendi,
        bulk_forms::sospese,
        bulk_forms::riattiva,
        bulk_forms::riattivate,
        bulk_forms::revoca,
        bulk_forms::revocate,
        bulk_forms::assegna,
        bulk_forms::assegnate,
        bulk_forms::archivia,
        bulk_forms::archiviate,
        bulk_forms::ripristina,
        bulk_forms::ripristinate,
        bulk_forms::proroga,
        bulk_forms::prorogate,
        bulk_forms::moduli,
        bulk_forms::cambiati,
        bulk_result::fatte,
        bulk_result::saltate,
        sheet::panoramica,
        sheet::dispositivi,
        modules::moduli,
        modules::cambiati,
        convert::converti,
        convert::convertita,
        sheet::transazioni,
        sheet::storico,
        sheet::registro,
        data::dati,
        data::certificato,
        actions::sospendi,
        actions::sospesa,
        actions::riattiva,
        actions::riattivata,
        actions::revoca,
        actions::revocata,
        actions::archivia,
        actions::archiviata,
        actions::ripristina,
        actions::ripristinata,
        actions::rilascia,
        actions::rilasciata,
        assign::assegna,
        assign::assegnata,
        send::invia,
        send::inviata,
        edit::modifica,
        edit::modificata,
    ]
}

/// What somebody may do to a licence in a state: what is not permitted is not shown.
fn permitted(actor: &Actor, sheet: &Sheet, state: LicenseState, is_offered: bool) -> Value {
    let stands = sheet.revoked_at.is_none();
    json!({
        "edit": may(actor, Action::EditLicense),
        "modules": stands && may(actor, Action::ChangeModules),
        "convert": stands && is_offered && sheet.kind == LicenseKind::Trial && may(actor, Action::ConvertLicense),
        "suspend": stands && may(actor, Action::SuspendLicense),
        "resume": stands && sheet.suspensions > 0 && may(actor, Action::SuspendLicense),
        "revoke": stands && may(actor, Action::RevokeLicense),
        "send": stands && sheet.customer_id.is_some() && may(actor, Action::SendKeys),
        "assign": stands && may(actor, Action::AssignLicense),
        "release": may(actor, Action::ReleaseDevice),
        "archive": sheet.archived_at.is_none() && sheet.is_idle(state) && may(actor, Action::ArchiveLicense),
        "restore": sheet.archived_at.is_some() && may(actor, Action::ArchiveLicense),
        "is_suspended": state == LicenseState::Suspended,
    })
}

/// What every page of a licence shows of it.
fn shown(head: &Head, names: &Names, actor: &Actor) -> Value {
    let (sheet, rules) = (&head.sheet, &head.product.rules);
    let state = head.state();
    json!({
        "id": sheet.license.id,
        "key": head.key,
        "state": state,
        "in_grace": head.in_grace(),
        "grace_until": sheet.ends_on(rules.grace_days).filter(|_| head.in_grace()),
        "kind": sheet.kind,
        "binding": sheet.binding,
        "product": { "name": rules.name, "code": rules.code, "version": rules.version, "offered": head.is_offered },
        "customer": sheet.customer_id.map(|id| json!({ "id": id, "name": names.customer(Some(id)) })),
        "company": sheet.company_id.map(|id| json!({ "id": id, "name": names.node(Some(id)) })),
        "agent": sheet.agent_id.map(|id| json!({ "id": id, "name": names.node(Some(id)) })),
        "label": sheet.label,
        "starts_on": sheet.starts_on,
        "expires_on": sheet.expires_on,
        "maintenance_until": sheet.maintenance_until,
        "duration_days": sheet.duration_days,
        "period_months": sheet.period_months,
        "activated_at": sheet.activated_at,
        "revoked_at": sheet.revoked_at,
        "archived_at": sheet.archived_at,
        "created_at": sheet.created_at,
        "max_devices": sheet.max_devices,
        "devices": sheet.devices_used,
        "max_users": sheet.max_users,
        "users": sheet.users_used,
        "max_seats": sheet.max_seats,
        "seats": sheet.seats_used,
        "reserved": sheet.reserved,
        "offline_days": sheet.offline_days.unwrap_or(rules.offline_days),
        "offline_unlimited": rules.offline_unlimited && sheet.offline_days.is_none(),
        "suspensions": sheet.suspensions,
        "modules": head.found.modules.len(),
        "batch": sheet.batch_id,
        "revision": sheet.revision,
        "may": permitted(actor, sheet, state, head.is_offered),
    })
}
