//! The matrix: each mounted route, with every place in which an id can stand in a request to it.
//!
//! | column | |
//! |---|---|
//! | route | as it is mounted |
//! | action | the right it asks for; none where anybody may call |
//! | may | who may: `S`uperadmin, `R`eseller, sub-`C`ompany, `A`gent, `v` an agent with the right `convalida`; `*` anybody |
//! | target | what kind of thing the `{}` in path and body points at |
//! | good | the status for who may, and sees the target |
//! | but | other statuses for who may and sees the target, by what the target is; the first that fits |
//!
//! Everything else follows by one rule: 401 without a good token, 403 where the role lacks the right or the token only
//! reads, 404 where the target is out of the caller's scope or nothing at all.

use super::people::Target::{self, *};
use sigillo::domain::access::Action::{self, *};

/// When another status than the good one is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The target is an agent.
    Agent,
    /// The target is a company.
    Company,
    /// The target is the caller's own node: what concerns it is for those above.
    OwnNode,
    /// The caller is not the superadmin.
    NotRoot,
}

/// A line of the matrix.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub route: &'static str,
    pub action: Option<Action>,
    pub may: &'static str,
    pub target: Target,
    pub path: &'static str,
    pub body: &'static str,
    pub good: u16,
    pub but: &'static [(When, u16)],
    /// What the caller does to the target before.
    pub first: Option<&'static str>,
}

impl Row {
    pub fn method(&self) -> &'static str {
        self.route.split(' ').next().unwrap()
    }

    pub fn writes(&self) -> bool {
        self.method() != "GET"
    }

    pub fn is_public(&self) -> bool {
        self.may == "*"
    }
}

const fn anybody(route: &'static str, path: &'static str, body: &'static str, good: u16) -> Row {
    Row {
        route,
        action: None,
        may: "*",
        target: Nothing,
        path,
        body,
        good,
        but: &[],
        first: None,
    }
}

const fn row(
    route: &'static str,
    action: Action,
    may: &'static str,
    target: Target,
    path: &'static str,
    body: &'static str,
    good: u16,
) -> Row {
    Row {
        route,
        action: Some(action),
        may,
        target,
        path,
        body,
        good,
        but: &[],
        first: None,
    }
}

const fn but(row: Row, but: &'static [(When, u16)]) -> Row {
    Row { but, ..row }
}

const fn after(first: &'static str, row: Row) -> Row {
    Row {
        first: Some(first),
        ..row
    }
}

const TO_COMPANIES: &[(When, u16)] = &[(When::Agent, 422)];
const TO_AGENTS: &[(When, u16)] = &[(When::Company, 422)];
const NOT_ONESELF: &[(When, u16)] = &[(When::OwnNode, 403)];

/// `{}` is the target, `{licenza}` the licence of a targeted activation; `{chiave}` and `{pratica}` are known to the
/// caller; `{mia-licenza}`, `{mio-cliente}`, `{mio-agente}`, `{casa}` are the caller's own; `{n}` is a new number.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    // Client software and the public: the licence key, or nothing at all, is the credential.
    anybody("POST /api/licenze/attiva", "/api/licenze/attiva", r#"{"chiave_licenza":"{chiave}","dispositivo":{"id":"matrice"}}"#, 200),
    anybody("POST /api/licenze/valida", "/api/licenze/valida", r#"{"chiave_licenza":"{chiave}","dispositivo":{"id":"matrice"}}"#, 200),
    anybody("POST /api/licenze/disattiva", "/api/licenze/disattiva", r#"{"chiave_licenza":"{chiave}","dispositivo":{"id":"mai visto"}}"#, 409),
    anybody("POST /api/clienti/registrazione", "/api/clienti/registrazione", r#"{"nome":"r {n}","email":"r{n}@example.org","consenso_privacy":true}"#, 201),
    anybody("GET /api/clienti/registrazione/<codice_pratica>", "/api/clienti/registrazione/{pratica}", "", 200),
    anybody("GET /api/clienti/registrazione/<codice_pratica>", "/api/clienti/registrazione/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "", 404),
    anybody("GET /.well-known/jwks.json", "/.well-known/jwks.json", "", 200),
    anybody("GET /api/prodotti/<codice>/chiave-pubblica", "/api/prodotti/GESTIONALE/chiave-pubblica", "", 200),
    anybody("GET /salute", "/salute", "", 200),
    anybody("GET /pronto", "/pronto", "", 200),
    anybody("GET /metrics", "/metrics", "", 200),
    anybody("GET /api/openapi.json", "/api/openapi.json", "", 200),

    // Licences.
    row("GET /api/admin/licenze", ReadLicenses, "SRCA", Nothing, "/api/admin/licenze", "", 200),
    row("GET /api/admin/licenze", ReadLicenses, "SRCA", Customer, "/api/admin/licenze?cliente={}", "", 200),
    row("GET /api/admin/licenze", ReadLicenses, "SRCA", Node, "/api/admin/licenze?azienda={}", "", 200),
    row("GET /api/admin/licenze", ReadLicenses, "SRCA", Node, "/api/admin/licenze?agente={}", "", 200),
    row("GET /api/admin/licenze", ReadLicenses, "SRCA", Nothing, "/api/admin/licenze?prodotto=NESSUNO", "", 404),
    row("POST /api/admin/licenze", IssueLicenses, "SRCA", Nothing, "/api/admin/licenze", r#"{"prodotto":"GESTIONALE","tipo_licenza":"trial"}"#, 201),
    row("POST /api/admin/licenze", IssueLicenses, "SRCA", Customer, "/api/admin/licenze", r#"{"prodotto":"GESTIONALE","tipo_licenza":"trial","cliente":"{}"}"#, 201),
    but(row("POST /api/admin/licenze", IssueLicenses, "SRCA", Node, "/api/admin/licenze", r#"{"prodotto":"GESTIONALE","tipo_licenza":"trial","azienda":"{}"}"#, 201), TO_COMPANIES),
    but(row("POST /api/admin/licenze", IssueLicenses, "SRCA", Node, "/api/admin/licenze", r#"{"prodotto":"GESTIONALE","tipo_licenza":"trial","agente":"{}"}"#, 201), TO_AGENTS),
    row("GET /api/admin/licenze/<id>", ReadLicenses, "SRCA", License, "/api/admin/licenze/{}", "", 200),
    row("PATCH /api/admin/licenze/<id>", EditLicense, "SRC", License, "/api/admin/licenze/{}", r#"{"etichetta":"e {n}"}"#, 200),
    row("POST /api/admin/licenze/<id>/moduli", ChangeModules, "SRCA", License, "/api/admin/licenze/{}/moduli", r#"{"attiva":["MAGAZZINO"]}"#, 200),
    row("POST /api/admin/licenze/<id>/converti", ConvertLicense, "SRCA", Trial, "/api/admin/licenze/{}/converti", r#"{"tipo_licenza":"permanente"}"#, 200),
    row("POST /api/admin/licenze/<id>/sospendi", SuspendLicense, "SRC", License, "/api/admin/licenze/{}/sospendi", r#"{"motivo":"m","causale":"altro"}"#, 200),
    after("sospendi", row("POST /api/admin/licenze/<id>/riattiva", SuspendLicense, "SRC", License, "/api/admin/licenze/{}/riattiva", r#"{"motivo":"m"}"#, 200)),
    row("POST /api/admin/licenze/<id>/revoca", RevokeLicense, "S", License, "/api/admin/licenze/{}/revoca", r#"{"motivo":"m"}"#, 200),
    row("POST /api/admin/licenze/<id>/archivia", ArchiveLicense, "SRC", License, "/api/admin/licenze/{}/archivia", r#"{"motivo":"m"}"#, 200),
    after("archivia", row("POST /api/admin/licenze/<id>/ripristina", ArchiveLicense, "SRC", License, "/api/admin/licenze/{}/ripristina", r#"{"motivo":"m"}"#, 200)),
    row("POST /api/admin/licenze/<id>/assegna", AssignLicense, "SRC", License, "/api/admin/licenze/{}/assegna", r#"{"cliente":null}"#, 200),
    but(row("POST /api/admin/licenze/<id>/assegna", AssignLicense, "SRC", Node, "/api/admin/licenze/{mia-licenza}/assegna", r#"{"azienda":"{}"}"#, 200), TO_COMPANIES),
    but(row("POST /api/admin/licenze/<id>/assegna", AssignLicense, "SRC", Node, "/api/admin/licenze/{mia-licenza}/assegna", r#"{"agente":"{}"}"#, 200), TO_AGENTS),
    row("POST /api/admin/licenze/<id>/assegna", AssignLicense, "SRC", Customer, "/api/admin/licenze/{mia-licenza}/assegna", r#"{"cliente":"{}"}"#, 200),
    row("POST /api/admin/licenze/<id>/invia", SendKeys, "SRCA", License, "/api/admin/licenze/{}/invia", "", 409),
    row("POST /api/admin/licenze/<id>/dispositivi/<attivazione>/rilascia", ReleaseDevice, "SRCA", Activation, "/api/admin/licenze/{licenza}/dispositivi/{}/rilascia", r#"{"motivo":"m"}"#, 200),
    row("POST /api/admin/licenze/<id>/dispositivi/<attivazione>/rilascia", ReleaseDevice, "SRCA", Activation, "/api/admin/licenze/{mia-licenza}/dispositivi/{}/rilascia", r#"{"motivo":"m"}"#, 404),

    // Customers.
    row("GET /api/admin/clienti", ReadCustomers, "SRCA", Nothing, "/api/admin/clienti", "", 200),
    row("GET /api/admin/clienti", ReadCustomers, "SRCA", Node, "/api/admin/clienti?azienda={}", "", 200),
    row("GET /api/admin/clienti", ReadCustomers, "SRCA", Node, "/api/admin/clienti?agente={}", "", 200),
    row("POST /api/admin/clienti", CreateCustomer, "SRCA", Nothing, "/api/admin/clienti", r#"{"nome":"c {n}"}"#, 201),
    but(row("POST /api/admin/clienti", CreateCustomer, "SRCA", Node, "/api/admin/clienti", r#"{"nome":"c {n}","azienda":"{}"}"#, 201), TO_COMPANIES),
    but(row("POST /api/admin/clienti", CreateCustomer, "SRCA", Node, "/api/admin/clienti", r#"{"nome":"c {n}","agente":"{}"}"#, 201), TO_AGENTS),
    row("GET /api/admin/clienti/<id>", ReadCustomers, "SRCA", Customer, "/api/admin/clienti/{}", "", 200),
    row("PATCH /api/admin/clienti/<id>", EditCustomer, "SRCA", Customer, "/api/admin/clienti/{}", r#"{"telefono":"{n}"}"#, 200),
    row("POST /api/admin/clienti/<id>/convalida", DecideCustomer, "SRCv", Pending, "/api/admin/clienti/{}/convalida", "", 200),
    row("POST /api/admin/clienti/<id>/rifiuta", DecideCustomer, "SRCv", Pending, "/api/admin/clienti/{}/rifiuta", r#"{"motivo":"m"}"#, 200),
    row("POST /api/admin/clienti/<id>/sospendi", SuspendCustomer, "SRC", Customer, "/api/admin/clienti/{}/sospendi", r#"{"motivo":"m"}"#, 200),
    after("sospendi", row("POST /api/admin/clienti/<id>/riattiva", SuspendCustomer, "SRC", Customer, "/api/admin/clienti/{}/riattiva", r#"{"motivo":"m"}"#, 200)),
    row("POST /api/admin/clienti/<id>/assegna", AssignCustomer, "SRC", Customer, "/api/admin/clienti/{}/assegna", r#"{"agente":null}"#, 200),
    but(row("POST /api/admin/clienti/<id>/assegna", AssignCustomer, "SRC", Node, "/api/admin/clienti/{mio-cliente}/assegna", r#"{"azienda":"{}"}"#, 200), TO_COMPANIES),
    but(row("POST /api/admin/clienti/<id>/assegna", AssignCustomer, "SRC", Node, "/api/admin/clienti/{mio-cliente}/assegna", r#"{"agente":"{}"}"#, 200), TO_AGENTS),

    // The tree's nodes. Nobody opens anything below an agent.
    row("GET /api/admin/agent", ReadNodes, "SRCA", Nothing, "/api/admin/agent", "", 200),
    row("GET /api/admin/agent", ReadNodes, "SRCA", Node, "/api/admin/agent?azienda_padre={}", "", 200),
    but(row("POST /api/admin/agent", CreateNode, "SRC", Nothing, "/api/admin/agent", r#"{"nome":"n {n}","ruolo":"rivenditore"}"#, 201), &[(When::NotRoot, 422)]),
    but(row("POST /api/admin/agent", CreateNode, "SRC", Node, "/api/admin/agent", r#"{"nome":"n {n}","ruolo":"agente","azienda_padre":"{}"}"#, 201), TO_COMPANIES),
    but(row("POST /api/admin/agent", CreateNode, "SRC", Node, "/api/admin/agent", r#"{"nome":"n {n}","ruolo":"sottoazienda","azienda_padre":"{}"}"#, 201), TO_COMPANIES),
    row("GET /api/admin/agent/<id>", ReadNodes, "SRCA", Node, "/api/admin/agent/{}", "", 200),
    row("PATCH /api/admin/agent/<id>", EditNode, "SRC", Node, "/api/admin/agent/{}", r#"{"nome":"n {n}"}"#, 200),
    but(row("POST /api/admin/agent/<id>/sospendi", SuspendNode, "SRC", Node, "/api/admin/agent/{}/sospendi", r#"{"motivo":"m"}"#, 200), NOT_ONESELF),
    but(after("sospendi", row("POST /api/admin/agent/<id>/riattiva", SuspendNode, "SRC", Node, "/api/admin/agent/{}/riattiva", r#"{"motivo":"m"}"#, 200)), NOT_ONESELF),
    but(row("POST /api/admin/agent/<id>/sposta", MoveNode, "SRC", Node, "/api/admin/agent/{}/sposta", r#"{"azienda_padre":"{casa}"}"#, 200), NOT_ONESELF),
    but(row("POST /api/admin/agent/<id>/sposta", MoveNode, "SRC", Node, "/api/admin/agent/{mio-agente}/sposta", r#"{"azienda_padre":"{}"}"#, 200), TO_COMPANIES),

    // Users. Agents see theirs, and manage none.
    row("GET /api/admin/utenti", ReadUsers, "SRCA", Nothing, "/api/admin/utenti", "", 200),
    row("POST /api/admin/utenti", ManageUsers, "SRC", Nothing, "/api/admin/utenti", r#"{"email":"p{n}@example.org"}"#, 201),
    row("POST /api/admin/utenti", ManageUsers, "SRC", Node, "/api/admin/utenti", r#"{"email":"p{n}@example.org","nodo":"{}"}"#, 201),
    row("POST /api/admin/utenti", ManageUsers, "SRC", Customer, "/api/admin/utenti", r#"{"email":"p{n}@example.org","cliente":"{}"}"#, 201),
    row("GET /api/admin/utenti/<id>", ReadUsers, "SRCA", User, "/api/admin/utenti/{}", "", 200),
    row("PATCH /api/admin/utenti/<id>", ManageUsers, "SRC", User, "/api/admin/utenti/{}", r#"{"nome":"u {n}"}"#, 200),
    row("POST /api/admin/utenti/<id>/disabilita", ManageUsers, "SRC", User, "/api/admin/utenti/{}/disabilita", "", 200),
    after("disabilita", row("POST /api/admin/utenti/<id>/abilita", ManageUsers, "SRC", User, "/api/admin/utenti/{}/abilita", "", 200)),

    // Products are the vendor's, and everybody of the staff's to see.
    row("GET /api/admin/prodotti", ReadProducts, "SRCA", Nothing, "/api/admin/prodotti", "", 200),
    row("POST /api/admin/prodotti", DefineProducts, "S", Nothing, "/api/admin/prodotti", r#"{"codice":"P{n}","nome":"p {n}"}"#, 201),
    row("GET /api/admin/prodotti/<codice>", ReadProducts, "SRCA", Nothing, "/api/admin/prodotti/GESTIONALE", "", 200),
    row("GET /api/admin/prodotti/<codice>", ReadProducts, "SRCA", Nothing, "/api/admin/prodotti/NESSUNO", "", 404),
    row("PATCH /api/admin/prodotti/<codice>", DefineProducts, "S", Nothing, "/api/admin/prodotti/GESTIONALE", r#"{"descrizione":"{n}"}"#, 200),
    row("POST /api/admin/prodotti/<codice>/versioni", DefineProducts, "S", Nothing, "/api/admin/prodotti/GESTIONALE/versioni", r#"{"versione":"9.{n}","data_rilascio":"2026-01-01"}"#, 201),
    row("POST /api/admin/prodotti/<codice>/ruota", ManageSigningKeys, "S", Nothing, "/api/admin/prodotti/GESTIONALE/ruota", "{ }", 200),

    // The three logs.
    row("GET /api/statistiche", ReadStatistics, "SRCA", Nothing, "/api/statistiche", "", 200),
    row("GET /api/statistiche", ReadStatistics, "SRCA", Node, "/api/statistiche?azienda={}", "", 200),
    row("GET /api/statistiche", ReadStatistics, "SRCA", Node, "/api/statistiche?agente={}", "", 200),
    row("GET /api/admin/registro", ReadAudit, "SRC", Nothing, "/api/admin/registro", "", 200),
    row("GET /api/admin/attivazioni", ReadActivations, "SRCA", Nothing, "/api/admin/attivazioni", "", 200),
    row("GET /api/admin/attivazioni", ReadActivations, "SRCA", License, "/api/admin/attivazioni?licenza={}", "", 200),
    row("GET /api/admin/accessi", ReadAccesses, "SRC", Nothing, "/api/admin/accessi", "", 200),
];
