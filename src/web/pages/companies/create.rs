//! Opening a company or an agent.

use super::{fields, path, rights};
use crate::{
    domain::{
        access::{Permit, right::CreateNode},
        company::{Node, NodeKind},
        error::Fault,
    },
    operations::{
        App,
        companies::create::{self, New},
    },
    store::directory,
    web::{
        form::{Form, Sent},
        input::Check,
        once,
        page::{Answer, Goto, Page},
        pages::addresses::CHOICES,
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::json;

async fn page(app: &App, permit: &Permit<CreateNode>, form: Form) -> Answer {
    let scope = permit.scope();
    let choices = app
        .db
        .read(move |tx| directory::choices(tx, scope, CHOICES))
        .await?;
    let companies: Vec<_> = choices
        .into_iter()
        .filter(|choice| choice.kind.is_company())
        .collect();
    let own = permit.actor().node().map(|node| node.to_string());
    let status = form.status();
    let shown = json!({
        "can": rights(permit.actor()),
        "form": form,
        "companies": companies,
        "own": own.unwrap_or_default(),
        "terms": true,
    });
    Page::new("pages/companies/new", shown)?.status(status).reply()
}

/// The form of a new company or agent.
#[get("/aziende/nuova?<padre>&<ruolo>")]
pub(crate) async fn nuova(
    app: &State<App>,
    permit: Permit<CreateNode>,
    padre: Option<&str>,
    ruolo: Option<&str>,
) -> Answer {
    let superadmin = permit.actor().is_superadmin();
    let kind = ruolo.and_then(NodeKind::from_code).unwrap_or(match padre {
        None if superadmin => NodeKind::Reseller,
        _ if superadmin || permit.actor().rights().create_subs => NodeKind::SubCompany,
        _ => NodeKind::Agent,
    });
    let form = Form::new()?
        .with("ruolo", kind)
        .with_some("azienda_padre", padre)
        .with("giorni_pagamento", 30)
        .with_some(
            "diritti_crea_sottoaziende",
            (kind != NodeKind::Agent).then_some("si"),
        );
    page(app, &permit, form).await
}

/// Opens it.
#[post("/aziende/nuova", data = "<sent>")]
pub(crate) async fn crea(
    app: &State<App>,
    permit: Permit<CreateNode>,
    language: Language,
    sent: Sent,
) -> Answer {
    let mut check = Check::default();
    let kind = check
        .word("ruolo", sent.get("ruolo"), NodeKind::from_code)
        .filter(|kind| *kind != NodeKind::Vendor);
    if kind.is_none() {
        check.fault("ruolo", Fault::Missing);
    }
    let named = fields::named(&mut check, &sent);
    let parent = check.id(sent.get("azienda_padre"));
    let new = New {
        kind: kind.unwrap_or(NodeKind::Agent),
        name: named.name,
        // A reseller stands right below the vendor, whatever was chosen before.
        parent: parent.filter(|_| kind != Some(NodeKind::Reseller)),
        code: named.code,
        email: named.email,
        password: None,
        terms: fields::terms(&mut check, &sent),
    };
    let asking = Permit::ask(permit.actor())?;
    let made = match check.finish() {
        Ok(()) => {
            let once = once::under(permit.actor(), "/aziende/nuova", &sent, |node: &Node| {
                path(node.id)
            });
            create::create(app, asking, new, once).await
        }
        Err(wrong) => Err(wrong),
    };
    match made {
        Ok(outcome) => Goto::to(once::path(outcome, |node| path(node.id)))
            .saying("node-created")
            .reply(),
        Err(error) => page(app, &permit, fields::refused(&sent, error, language)?).await,
    }
}
