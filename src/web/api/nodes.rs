//! Companies and agents, for staff.

use super::{
    licenses::{Motivo, reason, required_reason},
    reply::{Answer, Created, Tagged, created, once},
    views::{Lista, Nodo},
};
use crate::{
    domain::{
        access::{Permit, right::*},
        company::{Node, NodeKind},
        error::Fault,
        ids::NodeId,
        scope::Scope,
    },
    operations::{
        App,
        companies::{
            change::{self, Revision, RuleChanges},
            create::{self, New, Terms},
            shift, suspend,
        },
    },
    store::{
        company_rules,
        nodes::{self, Filter},
    },
    web::{
        body::{RawBody, objects},
        guards::{Id, Idempotency, IfMatch},
        input::{CENTS_MAX, COUNT_MAX, Check, DAYS_MAX, NAME_MAX, Query, double},
        problem::{Failure, Problems},
    },
};
use rocket::{State, get, patch, post, serde::json::Json};
use serde::Deserialize;
use utoipa::ToSchema;

/// The companies and agents that the caller sees.
#[utoipa::path(get, path = "/api/admin/agent", tag = "aziende", params(
    ("ruolo" = Option<String>, Query), ("azienda_padre" = Option<String>, Query),
    ("limite" = Option<i64>, Query), ("cursore" = Option<String>, Query)),
    responses((status = 200, body = Lista<Nodo>), Problems))]
#[get("/api/admin/agent")]
pub(super) async fn elenco(app: &State<App>, permit: Permit<ReadNodes>, query: Query) -> Answer<Lista<Nodo>> {
    let mut check = Check::default();
    let page = query.page(&mut check);
    let filter = Filter {
        kind: check.word("ruolo", query.get("ruolo"), kind),
        parent: check.id(query.get("azienda_padre")),
    };
    check.finish()?;
    let scope = permit.scope();
    let slice = app
        .db
        .read(move |tx| {
            if let Some(parent) = filter.parent {
                nodes::get(tx, scope, parent)?;
            }
            let slice = nodes::list(tx, scope, &filter, &page)?;
            let rules = company_rules::of_nodes(tx, &slice.rows.iter().collect::<Vec<_>>())?;
            Ok(slice.map(|node| Nodo::new(&node, rules.get(&node.id))))
        })
        .await?;
    Ok(Json(Lista::new(slice, |node| node)))
}

/// The vendor's node is nobody's to name.
fn kind(code: &str) -> Option<NodeKind> {
    NodeKind::from_code(code).filter(|kind| *kind != NodeKind::Vendor)
}

/// What a node may do beside its role. Null leaves the rule to decide.
#[derive(Deserialize, ToSchema, Default)]
#[serde(remote = "Self")]
pub(super) struct DirittiInviati {
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<bool>)]
    posticipato: Option<Option<bool>>,
    incassa: Option<bool>,
    convalida: Option<bool>,
    crea_sottoaziende: Option<bool>,
}

objects!(DirittiInviati);

/// What a company has otherwise than the products, for the licences at and below it. Null leaves it to the line above and
/// the product.
#[derive(Deserialize, ToSchema, Default)]
#[serde(remote = "Self")]
pub(super) struct RegoleInviate {
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    durata_prova_giorni: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    giorni_offline: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    giorni_tolleranza: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    attesa_giorni: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    rilasci_max: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    rilasci_giorni: Option<Option<i64>>,
}

objects!(RegoleInviate);

impl RegoleInviate {
    fn read(self, check: &mut Check) -> RuleChanges {
        let mut read = |name: &str, sent: Option<Option<i64>>, range: std::ops::RangeInclusive<i64>| {
            sent.map(|n| check.number(name, n, range))
        };
        RuleChanges {
            trial_days: read(
                "regole.durata_prova_giorni",
                self.durata_prova_giorni,
                1..=DAYS_MAX,
            ),
            offline_days: read("regole.giorni_offline", self.giorni_offline, 0..=DAYS_MAX),
            grace_days: read("regole.giorni_tolleranza", self.giorni_tolleranza, 0..=DAYS_MAX),
            pending_days: read("regole.attesa_giorni", self.attesa_giorni, 0..=DAYS_MAX),
            release_max: read("regole.rilasci_max", self.rilasci_max, 0..=COUNT_MAX),
            release_days: read("regole.rilasci_giorni", self.rilasci_giorni, 1..=DAYS_MAX),
        }
    }
}

/// A new company or agent.
#[derive(Deserialize, ToSchema)]
pub(super) struct NuovoNodo {
    nome: String,
    /// `rivenditore`, `sottoazienda`, `agente`.
    ruolo: String,
    /// The caller's own company where absent.
    azienda_padre: Option<String>,
    /// Names it in its registration link.
    codice: Option<String>,
    email: Option<String>,
    /// Opens the node's first user, ready to sign in; wants `email`.
    password: Option<String>,
    fido_centesimi: Option<i64>,
    sconto_punti_base: Option<i64>,
    quota_licenze: Option<i64>,
    quota_prove: Option<i64>,
    giorni_pagamento: Option<i64>,
    richiede_agente: Option<bool>,
    diritti: Option<DirittiInviati>,
}

fn nodo(node: &Node) -> Nodo {
    Nodo::new(node, None)
}

/// Opens a company or an agent.
#[utoipa::path(post, path = "/api/admin/agent", tag = "aziende", request_body = NuovoNodo,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Nodo), Problems))]
#[post("/api/admin/agent", data = "<body>")]
pub(super) async fn crea(
    app: &State<App>,
    permit: Permit<CreateNode>,
    idempotency: Idempotency,
    body: RawBody,
) -> Result<Created, Failure> {
    let sent: NuovoNodo = body.parse()?;
    let mut check = Check::default();
    let role = check.word("ruolo", Some(&sent.ruolo), kind);
    let email = check.email("email", sent.email.as_deref());
    if sent.password.is_some() && email.is_none() {
        check.fault("email", Fault::Missing);
    }
    let rights = sent.diritti.unwrap_or_default();
    let new = New {
        kind: role.unwrap_or(NodeKind::Agent),
        name: check.required_line("nome", Some(&sent.nome), NAME_MAX),
        parent: check.id(sent.azienda_padre.as_deref()),
        code: check.token("codice", sent.codice.as_deref(), 32),
        password: check.password(
            "password",
            sent.password.as_deref(),
            email.as_deref().unwrap_or_default(),
        ),
        email,
        terms: Terms {
            credit_limit_cents: check.number("fido_centesimi", sent.fido_centesimi, 0..=CENTS_MAX),
            discount_bp: check.number("sconto_punti_base", sent.sconto_punti_base, 0..=10_000),
            license_quota: sent
                .quota_licenze
                .map(|n| check.number("quota_licenze", Some(n), 0..=COUNT_MAX)),
            trial_quota: sent
                .quota_prove
                .map(|n| check.number("quota_prove", Some(n), 0..=COUNT_MAX)),
            payment_days: check.number("giorni_pagamento", sent.giorni_pagamento, 0..=365),
            may_defer: rights.posticipato,
            may_collect: rights.incassa,
            may_validate: rights.convalida,
            may_create_subs: rights.crea_sottoaziende,
            wants_agent: sent.richiede_agente,
        },
    };
    check.finish()?;
    let key = idempotency.of(&body)?;
    created(create::create(app, permit, new, once(key, nodo)).await?, nodo)
}

async fn sheet(app: &App, scope: Scope, id: NodeId) -> Result<Tagged<Nodo>, Failure> {
    let node = app
        .db
        .read(move |tx| {
            let node = nodes::get(tx, scope, id)?;
            let rules = company_rules::get(tx, &node)?;
            Ok(Nodo::new(&node, Some(&rules)))
        })
        .await?;
    let revision = node.revision();
    Ok(Tagged(node, revision))
}

/// A company or agent.
#[utoipa::path(get, path = "/api/admin/agent/{id}", tag = "aziende", params(("id" = String, Path)),
    responses((status = 200, body = Nodo), Problems))]
#[get("/api/admin/agent/<id>")]
pub(super) async fn scheda(
    app: &State<App>,
    permit: Permit<ReadNodes>,
    id: Id<NodeId>,
) -> Result<Tagged<Nodo>, Failure> {
    sheet(app, permit.scope(), id.get()?).await
}

/// What is to change. Null takes away, absent leaves.
#[derive(Deserialize, ToSchema)]
pub(super) struct ModificaNodo {
    nome: Option<String>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    codice: Option<Option<String>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    fido_centesimi: Option<i64>,
    sconto_punti_base: Option<i64>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    quota_licenze: Option<Option<i64>>,
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<i64>)]
    quota_prove: Option<Option<i64>>,
    giorni_pagamento: Option<i64>,
    richiede_agente: Option<bool>,
    diritti: Option<DirittiInviati>,
    /// Null takes all of them away.
    #[serde(default, deserialize_with = "double")]
    #[schema(value_type = Option<RegoleInviate>)]
    regole: Option<Option<RegoleInviate>>,
}

/// Changes a company or agent.
#[utoipa::path(patch, path = "/api/admin/agent/{id}", tag = "aziende", request_body = ModificaNodo,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = Nodo), Problems))]
#[patch("/api/admin/agent/<id>", data = "<body>")]
pub(super) async fn modifica(
    app: &State<App>,
    permit: Permit<EditNode>,
    id: Id<NodeId>,
    if_match: IfMatch,
    body: RawBody,
) -> Result<Tagged<Nodo>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    let sent: ModificaNodo = body.parse()?;
    let mut check = Check::default();
    let rights = sent.diritti.unwrap_or_default();
    let changes = change::Changes {
        name: sent
            .nome
            .map(|name| check.required_line("nome", Some(&name), NAME_MAX)),
        code: sent.codice.map(|code| check.token("codice", code.as_deref(), 32)),
        email: sent.email.map(|email| check.email("email", email.as_deref())),
        terms: Terms {
            credit_limit_cents: check.number("fido_centesimi", sent.fido_centesimi, 0..=CENTS_MAX),
            discount_bp: check.number("sconto_punti_base", sent.sconto_punti_base, 0..=10_000),
            license_quota: sent
                .quota_licenze
                .map(|n| check.number("quota_licenze", n, 0..=COUNT_MAX)),
            trial_quota: sent
                .quota_prove
                .map(|n| check.number("quota_prove", n, 0..=COUNT_MAX)),
            payment_days: check.number("giorni_pagamento", sent.giorni_pagamento, 0..=365),
            may_defer: rights.posticipato,
            may_collect: rights.incassa,
            may_validate: rights.convalida,
            may_create_subs: rights.crea_sottoaziende,
            wants_agent: sent.richiede_agente,
        },
        rules: sent.regole.map(|rules| match rules {
            Some(rules) => rules.read(&mut check),
            None => RuleChanges::NONE,
        }),
    };
    check.finish()?;
    let revision = Revision::OfAll(if_match.optional()?);
    change::change(app, permit, id, revision, changes).await?;
    sheet(app, scope, id).await
}

/// Stops a company or agent for a while: its users, and those of all below it, are out.
#[utoipa::path(post, path = "/api/admin/agent/{id}/sospendi", tag = "aziende", request_body = Motivo,
    params(("id" = String, Path)), responses((status = 200, body = Nodo), Problems))]
#[post("/api/admin/agent/<id>/sospendi", data = "<body>")]
pub(super) async fn sospendi(
    app: &State<App>,
    permit: Permit<SuspendNode>,
    id: Id<NodeId>,
    body: RawBody,
) -> Result<Tagged<Nodo>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    suspend::suspend(app, permit, id, required_reason(&body)?).await?;
    sheet(app, scope, id).await
}

/// Lets a suspended company or agent go on.
#[utoipa::path(post, path = "/api/admin/agent/{id}/riattiva", tag = "aziende", request_body = Motivo,
    params(("id" = String, Path)), responses((status = 200, body = Nodo), Problems))]
#[post("/api/admin/agent/<id>/riattiva", data = "<body>")]
pub(super) async fn riattiva(
    app: &State<App>,
    permit: Permit<SuspendNode>,
    id: Id<NodeId>,
    body: RawBody,
) -> Result<Tagged<Nodo>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    suspend::resume(app, permit, id, reason(&body)?).await?;
    sheet(app, scope, id).await
}

/// Where a node moves to.
#[derive(Deserialize, ToSchema)]
pub(super) struct Spostamento {
    /// Null makes a company a reseller, right below the vendor.
    azienda_padre: Option<String>,
}

/// Moves a company or agent with all below it.
#[utoipa::path(post, path = "/api/admin/agent/{id}/sposta", tag = "aziende", request_body = Spostamento,
    params(("id" = String, Path)), responses((status = 200, body = Nodo), Problems))]
#[post("/api/admin/agent/<id>/sposta", data = "<body>")]
pub(super) async fn sposta(
    app: &State<App>,
    permit: Permit<MoveNode>,
    id: Id<NodeId>,
    body: RawBody,
) -> Result<Tagged<Nodo>, Failure> {
    let (id, scope) = (id.get()?, permit.scope());
    let sent: Spostamento = body.parse()?;
    let mut check = Check::default();
    let parent = check.id(sent.azienda_padre.as_deref());
    check.finish()?;
    shift::shift(app, permit, id, parent).await?;
    sheet(app, scope, id).await
}
