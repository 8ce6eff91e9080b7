//! The portal's routes: who is let in, what is there for whom, and that nothing is changed from elsewhere.
//!
//! Without a session everything but the public pages leads to the sign-in; a right that the role lacks is 403; what is out
//! of the caller's scope is 404, like what does not exist.

use super::{
    dump::{self, Dump},
    people::{
        Caller, People, Place,
        Target::{self, *},
    },
};
use crate::{
    on_both,
    support::{Reply, World, browser::Browser, cast::PASSWORD, database::Database, is_page},
};
use rocket::http::Method;
use sigillo::domain::{
    access::{
        Action::{self, *},
        allows,
    },
    actor::Role,
};
use std::collections::BTreeSet;

/// Who may ask: anybody, whoever is signed in, or who has the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Anybody,
    SignedIn,
    With(Action),
}
use Who::*;

const GET: &[Method] = &[Method::Get];
const POST: &[Method] = &[Method::Post];
const BOTH: &[Method] = &[Method::Get, Method::Post];

/// Methods, the route as it is mounted, who may, and the kind of thing that its first id is.
type Row = (&'static [Method], &'static str, Who, Target);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    (GET,  "/static/<file..>", Anybody, Nothing),
    (GET,  "/.sigillo/altro-host", Anybody, Nothing),
    (POST, "/csp", Anybody, Nothing),
    (POST, "/aspetto", Anybody, Nothing),
    (POST, "/aspetto/tasti", Anybody, Nothing),
    (POST, "/lingua", Anybody, Nothing),
    (GET,  "/api/docs", Anybody, Nothing),
    (GET,  "/stile", Anybody, Nothing),
    (BOTH, "/accedi", Anybody, Nothing),
    (POST, "/esci", Anybody, Nothing),
    (BOTH, "/primo-accesso/<token>", Anybody, Nothing),
    (BOTH, "/invito/<token>", Anybody, Nothing),
    (BOTH, "/password/dimenticata", Anybody, Nothing),
    (BOTH, "/password/<token>", Anybody, Nothing),
    (BOTH, "/registrazione", Anybody, Nothing),
    (BOTH, "/registrazione/<codice>", Anybody, Nothing),
    (GET,  "/registrazione/pratica/<codice_pratica>", Anybody, Nothing),
    (BOTH, "/conferma/<token>", Anybody, Nothing),
    (BOTH, "/chiavi", Anybody, Nothing),
    (BOTH, "/stato", Anybody, Nothing),
    (BOTH, "/conferma", SignedIn, Nothing),
    (GET,  "/", SignedIn, Nothing),
    (GET,  "/mie-licenze/<id>", With(ReadOwnLicenses), License),
    (BOTH, "/mie-licenze/<id>/dispositivi/<attivazione>/libera", With(ManageOwnDevices), Activation),
    (BOTH, "/mie-licenze/<id>/dispositivi/<attivazione>/nome", With(ManageOwnDevices), Activation),
    (GET,  "/pagamenti", With(ReadOwnPayments), Nothing),
    (GET,  "/miei-dati", With(ReadOwnData), Nothing),
    (BOTH, "/miei-dati/modifica", With(ManageOwnData), Nothing),
    (POST, "/miei-dati/esporta", With(ManageOwnData), Nothing),
    (BOTH, "/miei-dati/cancellazione", With(ManageOwnData), Nothing),
    (BOTH, "/miei-dati/utenti/nuovo", With(ManageOwnUsers), Nothing),
    (BOTH, "/miei-dati/utenti/<id>/disabilita", With(ManageOwnUsers), User),
    (POST, "/miei-dati/utenti/<id>/abilita", With(ManageOwnUsers), User),
    (GET,  "/cerca", SignedIn, Nothing),
    (BOTH, "/profilo", SignedIn, Nothing),
    (POST, "/profilo/lingua", SignedIn, Nothing),
    (POST, "/profilo/avvisi", SignedIn, Nothing),
    (POST, "/profilo/password", SignedIn, Nothing),
    (POST, "/profilo/sessioni/<id>/chiudi", SignedIn, Nothing),
    (POST, "/profilo/sessioni/chiudi", SignedIn, Nothing),
    (GET,  "/licenze", With(ReadLicenses), Nothing),
    (GET,  "/licenze/esporta/<formato>", With(ReadLicenses), Nothing),
    (BOTH, "/licenze/insieme/sospendi", With(SuspendLicense), Nothing),
    (BOTH, "/licenze/insieme/riattiva", With(SuspendLicense), Nothing),
    (BOTH, "/licenze/insieme/archivia", With(ArchiveLicense), Nothing),
    (BOTH, "/licenze/insieme/ripristina", With(ArchiveLicense), Nothing),
    (BOTH, "/licenze/insieme/revoca", With(RevokeLicense), Nothing),
    (BOTH, "/licenze/insieme/assegna", With(AssignLicense), Nothing),
    (BOTH, "/licenze/insieme/proroga", With(EditLicense), Nothing),
    (BOTH, "/licenze/insieme/moduli", With(ChangeModules), Nothing),
    (GET,  "/licenze/fatte/<token>", With(ReadLicenses), Nothing),
    (GET,  "/licenze/fatte/<token>/saltate", With(ReadLicenses), Nothing),
    (BOTH, "/licenze/nuova", With(IssueLicenses), Nothing),
    (POST, "/licenze/nuova/anteprima", With(IssueLicenses), Nothing),
    (GET,  "/licenze/<id>", With(ReadLicenses), License),
    (GET,  "/licenze/<id>/dispositivi", With(ReadLicenses), License),
    (GET,  "/licenze/<id>/moduli", With(ReadLicenses), License),
    (POST, "/licenze/<id>/moduli", With(ChangeModules), License),
    (BOTH, "/licenze/<id>/converti", With(ConvertLicense), License),
    (GET,  "/licenze/<id>/transazioni", With(ReadLicenses), License),
    (GET,  "/licenze/<id>/storico", With(ReadLicenses), License),
    (GET,  "/licenze/<id>/registro", With(ReadLicenses), License),
    (GET,  "/licenze/<id>/dati", With(ReadLicenses), License),
    (GET,  "/licenze/<id>/certificato", With(ReadLicenses), License),
    (BOTH, "/licenze/<id>/assegna", With(AssignLicense), License),
    (BOTH, "/licenze/<id>/invia", With(SendKeys), License),
    (BOTH, "/licenze/<id>/modifica", With(EditLicense), License),
    (BOTH, "/licenze/<id>/sospendi", With(SuspendLicense), License),
    (BOTH, "/licenze/<id>/riattiva", With(SuspendLicense), License),
    (BOTH, "/licenze/<id>/revoca", With(RevokeLicense), License),
    (BOTH, "/licenze/<id>/archivia", With(ArchiveLicense), License),
    (BOTH, "/licenze/<id>/ripristina", With(ArchiveLicense), License),
    (BOTH, "/licenze/<id>/dispositivi/<attivazione>/rilascia", With(ReleaseDevice), Activation),
    (GET,  "/statistiche", With(ReadStatistics), Nothing),
    (GET,  "/statistiche/esporta/<formato>", With(ReadStatistics), Nothing),
    (GET,  "/licenze/modelli", With(IssueLicenses), Nothing),
    (POST, "/licenze/modelli/nuovo", With(IssueLicenses), Nothing),
    (BOTH, "/licenze/modelli/<id>/modifica", With(IssueLicenses), Nothing),
    (POST, "/licenze/modelli/<id>/elimina", With(IssueLicenses), Nothing),
    (GET,  "/viste", With(SaveViews), Nothing),
    (BOTH, "/viste/nuova", With(SaveViews), Nothing),
    (BOTH, "/viste/<id>/modifica", With(SaveViews), Nothing),
    (POST, "/viste/<id>/elimina", With(SaveViews), Nothing),
    (GET,  "/lotti", With(ReadLicenses), Nothing),
    (GET,  "/lotti/<id>", With(ReadLicenses), Nothing),
    (GET,  "/lotti/<id>/chiavi/<formato>", With(ReadLicenses), Nothing),
    (BOTH, "/lotti/<id>/revoca", With(RevokeLicense), Nothing),
    (GET,  "/clienti", With(ReadCustomers), Nothing),
    (GET,  "/clienti/esporta/<formato>", With(ReadCustomers), Nothing),
    (BOTH, "/clienti/nuovo", With(CreateCustomer), Nothing),
    (GET,  "/clienti/<id>", With(ReadCustomers), Customer),
    (GET,  "/clienti/<id>/storico", With(ReadAudit), Customer),
    (BOTH, "/clienti/<id>/modifica", With(EditCustomer), Customer),
    (BOTH, "/clienti/<id>/assegna", With(AssignCustomer), Customer),
    (GET,  "/clienti/<id>/dati-personali", With(ExportCustomer), Customer),
    (POST, "/clienti/<id>/dati-personali/esporta", With(ExportCustomer), Customer),
    (POST, "/clienti/<id>/dati-personali/anonimizza", With(AnonymiseCustomer), Customer),
    (BOTH, "/clienti/<id>/unisci", With(MergeCustomers), Customer),
    (BOTH, "/clienti/<id>/sospendi", With(SuspendCustomer), Customer),
    (BOTH, "/clienti/<id>/riattiva", With(SuspendCustomer), Customer),
    (BOTH, "/clienti/<id>/proponi", With(ProposeCustomer), Pending),
    (BOTH, "/clienti/<id>/rifiuta", With(DecideCustomer), Pending),
    (POST, "/clienti/<id>/convalida", With(DecideCustomer), Pending),
    (GET,  "/in-attesa", With(ReadCustomers), Nothing),
    (BOTH, "/in-attesa/clienti/decidi", With(DecideCustomer), Nothing),
    (GET,  "/in-attesa/licenze", With(ReadLicenses), Nothing),
    (BOTH, "/in-attesa/licenze/assegna", With(AssignLicense), Nothing),
    (GET,  "/aziende", With(ReadNodes), Nothing),
    (BOTH, "/aziende/nuova", With(CreateNode), Nothing),
    (GET,  "/aziende/<id>", With(ReadNodes), Node),
    (GET,  "/aziende/<id>/storico", With(ReadAudit), Node),
    (BOTH, "/aziende/<id>/modifica", With(EditNode), Node),
    (GET,  "/aziende/<id>/regole", With(ReadNodes), Node),
    (POST, "/aziende/<id>/regole", With(EditNode), Node),
    (GET,  "/aziende/<id>/prodotti", With(ReadNodes), Node),
    (POST, "/aziende/<id>/prodotti", With(EditNode), Node),
    (GET,  "/aziende/<id>/marchio", With(ReadTexts), Node),
    (POST, "/aziende/<id>/marchio", With(EditTexts), Node),
    (POST, "/aziende/<id>/marchio/logo", With(EditTexts), Node),
    (POST, "/aziende/<id>/marchio/logo/togli", With(EditTexts), Node),
    (GET,  "/impostazioni/marchio", With(ReadSettings), Nothing),
    (POST, "/impostazioni/marchio", With(ChangeSettings), Nothing),
    (POST, "/impostazioni/marchio/logo", With(ChangeSettings), Nothing),
    (POST, "/impostazioni/marchio/logo/togli", With(ChangeSettings), Nothing),
    (GET,  "/loghi/<id>", Anybody, Nothing),
    (BOTH, "/aziende/<id>/sospendi", With(SuspendNode), Node),
    (BOTH, "/aziende/<id>/riattiva", With(SuspendNode), Node),
    (BOTH, "/aziende/<id>/sposta", With(MoveNode), Node),
    (GET,  "/utenti", With(ReadUsers), Nothing),
    (BOTH, "/utenti/nuovo", With(ManageUsers), Nothing),
    (GET,  "/utenti/<id>", With(ReadUsers), User),
    (GET,  "/utenti/<id>/storico", With(ReadAudit), User),
    (BOTH, "/utenti/<id>/modifica", With(ManageUsers), User),
    (BOTH, "/utenti/<id>/disabilita", With(ManageUsers), User),
    (POST, "/utenti/<id>/abilita", With(ManageUsers), User),
    (POST, "/utenti/<id>/invito", With(ManageUsers), User),
    (BOTH, "/utenti/<id>/sessioni", With(EndSessions), User),
    (BOTH, "/utenti/<id>/vedi-come", With(SeeAsOthers), User),
    (POST, "/vedi-come/fine", SignedIn, Nothing),
    (BOTH, "/utenti/<id>/token/<token>/revoca", With(ManageUsers), User),
    (GET,  "/gettoni", With(OwnTokens), Nothing),
    (BOTH, "/gettoni/nuovo", With(OwnTokens), Nothing),
    (BOTH, "/gettoni/<id>/revoca", With(OwnTokens), Nothing),
    (GET,  "/registri/attivazioni", With(ReadActivations), Nothing),
    (GET,  "/registri/accessi", With(ReadAccesses), Nothing),
    (GET,  "/registri/attivita", With(ReadAudit), Nothing),
    (GET,  "/posta", With(ReadMail), Nothing),
    (GET,  "/posta/<id>", With(ReadMail), Nothing),
    (POST, "/posta/<id>/rispedisci", With(ResendMail), Nothing),
    (POST, "/posta/prova", With(ChangeSettings), Nothing),
    (GET,  "/webhook", With(ReadWebhooks), Nothing),
    (GET,  "/aziende/<id>/webhook", With(ReadWebhooks), Nothing),
    (BOTH, "/webhook/nuovo", With(ManageWebhooks), Nothing),
    (GET,  "/webhook/<id>", With(ReadWebhooks), Nothing),
    (BOTH, "/webhook/<id>/modifica", With(ManageWebhooks), Nothing),
    (POST, "/webhook/<id>/segreto", With(ManageWebhooks), Nothing),
    (POST, "/webhook/<id>/disattiva", With(ManageWebhooks), Nothing),
    (POST, "/webhook/<id>/riattiva", With(ManageWebhooks), Nothing),
    (POST, "/webhook/<id>/prova", With(ManageWebhooks), Nothing),
    (BOTH, "/webhook/<id>/elimina", With(ManageWebhooks), Nothing),
    (GET,  "/webhook/<id>/consegne/<consegna>", With(ReadWebhooks), Nothing),
    (POST, "/webhook/<id>/consegne/<consegna>/ripeti", With(ManageWebhooks), Nothing),
    (GET,  "/avvisi", With(ReadNotices), Nothing),
    (POST, "/avvisi/letti", With(ReadNotices), Nothing),
    (POST, "/avvisi/<id>/apri", With(ReadNotices), Nothing),
    (POST, "/avvisi/<id>/letto", With(ReadNotices), Nothing),
    (GET,  "/modelli", With(ReadTexts), Nothing),
    (POST, "/modelli/<tipo>/invio", With(EditTexts), Nothing),
    (GET,  "/modelli/<tipo>/<lingua>", With(ReadTexts), Nothing),
    (POST, "/modelli/<tipo>/<lingua>", With(EditTexts), Nothing),
    (POST, "/modelli/<tipo>/<lingua>/anteprima", With(EditTexts), Nothing),
    (POST, "/modelli/<tipo>/<lingua>/prova", With(EditTexts), Nothing),
    (GET,  "/modelli/<tipo>/<lingua>/versioni", With(ReadTexts), Nothing),
    (POST, "/modelli/<tipo>/<lingua>/versioni/<versione>/ripristina", With(EditTexts), Nothing),
    (GET,  "/impostazioni", With(ReadSettings), Nothing),
    (POST, "/impostazioni", With(ChangeSettings), Nothing),
    (GET,  "/attivita-pianificate", With(ReadJobs), Nothing),
    (POST, "/attivita-pianificate/<nome>/esegui", With(RunJob), Nothing),
    (GET,  "/prodotti", With(ReadProducts), Nothing),
    (BOTH, "/prodotti/nuovo", With(DefineProducts), Nothing),
    (GET,  "/prodotti/<codice>", With(ReadProducts), Nothing),
    (GET,  "/prodotti/<codice>/moduli", With(ReadProducts), Nothing),
    (GET,  "/prodotti/<codice>/versioni", With(ReadProducts), Nothing),
    (GET,  "/prodotti/<codice>/listini", With(ReadPrices), Nothing),
    (GET,  "/prodotti/<codice>/chiavi", With(ReadSigningKeys), Nothing),
    (BOTH, "/prodotti/<codice>/modifica", With(DefineProducts), Nothing),
    (BOTH, "/prodotti/<codice>/archivia", With(DefineProducts), Nothing),
    (POST, "/prodotti/<codice>/ripristina", With(DefineProducts), Nothing),
    (BOTH, "/prodotti/<codice>/moduli/nuovo", With(DefineProducts), Nothing),
    (BOTH, "/prodotti/<codice>/moduli/<modulo>", With(DefineProducts), Nothing),
    (POST, "/prodotti/<codice>/moduli/<modulo>/archivia", With(DefineProducts), Nothing),
    (POST, "/prodotti/<codice>/moduli/<modulo>/ripristina", With(DefineProducts), Nothing),
    (BOTH, "/prodotti/<codice>/versioni/nuova", With(DefineProducts), Nothing),
    (BOTH, "/prodotti/<codice>/versioni/<versione>/avvisa", With(DefineProducts), Nothing),
    (BOTH, "/prodotti/<codice>/listini/nuovo", With(SetPrices), Nothing),
    (BOTH, "/prodotti/<codice>/listini/<id>/termina", With(SetPrices), Nothing),
    (BOTH, "/prodotti/<codice>/chiavi/ruota", With(ManageSigningKeys), Nothing),
    (BOTH, "/prodotti/<codice>/chiavi/<kid>/revoca", With(ManageSigningKeys), Nothing),
];

const CALLERS: [(Caller, &str, Role); 8] = [
    (Caller::Root, "root@example.it", Role::Superadmin),
    (Caller::Alfa, "alfa@example.it", Role::Reseller),
    (Caller::Nord, "nord@example.it", Role::SubCompany),
    (Caller::Anna, "anna@example.it", Role::Agent),
    (Caller::Nino, "nino@example.it", Role::Agent),
    (Caller::Rossi, "rossi@example.com", Role::Customer),
    (Caller::Beta, "beta@example.it", Role::Reseller),
    (Caller::Bruno, "bruno@example.it", Role::Agent),
];

/// The path of a row about the thing in a place.
fn path(people: &People, (_, route, _, target): &Row, place: Place) -> String {
    let aim = people.standing(*target, place);
    let nothing = "00000000-0000-7000-8000-000000000000";
    let first = match target {
        Nothing => nothing.to_owned(),
        Activation => aim.license.clone(),
        _ => aim.id.clone(),
    };
    route
        .replace("<id>", &first)
        .replace("<attivazione>", &aim.id)
        .replace("<codice>", "GESTIONALE")
        .replace("<modulo>", "NESSUNO")
        .replace("<formato>", "csv")
        .replace("<tipo>", "ritrova_chiavi")
        .replace("<lingua>", "it")
        .replace("<versione>", "1")
        .replace("<kid>", "nessuno")
        .replace("<nome>", "pulizia")
        .replace("<consegna>", nothing)
        .replace("<versione>", nothing)
        .replace("<token>", nothing)
        .replace("<file..>", "css/niente.css")
}

fn may(caller: Caller, role: Role, who: Who) -> bool {
    match who {
        Anybody | SignedIn => true,
        // An agent validates where its node has the right; of the cast that is nino.
        With(DecideCustomer) if role == Role::Agent => caller == Caller::Nino,
        With(action) => allows(role, action),
    }
}

/// A page without what differs between any two.
fn essence(reply: &Reply, path: &str) -> (u16, String) {
    let id = reply.header("x-request-id").unwrap_or_default();
    let text = reply.text.replace(id, "").replace(path, "");
    (reply.status.code, text)
}

#[rocket::async_test]
async fn every_page_has_a_row_and_every_row_a_page() {
    let world = World::new(Database::sqlite()).await;
    let mounted: BTreeSet<String> = world
        .client
        .rocket()
        .routes()
        .filter(|route| is_page(route))
        .map(|route| format!("{} {}", route.method, route.uri.path()))
        .collect();
    let known: BTreeSet<String> = TABLE
        .iter()
        // A release build does not have it.
        .filter(|(_, route, ..)| cfg!(debug_assertions) || *route != "/stile")
        .flat_map(|(methods, route, ..)| methods.iter().map(move |method| format!("{method} {route}")))
        .collect();
    let unknown: Vec<_> = mounted.difference(&known).collect();
    let gone: Vec<_> = known.difference(&mounted).collect();
    assert!(
        unknown.is_empty(),
        "pages without a row in tests/it/tenancy/pages.rs: {unknown:#?}"
    );
    assert!(gone.is_empty(), "rows without a page: {gone:#?}");
}

on_both!(
    nobody_gets_in_without_a_session_nor_from_another_site,
    |world| async {
        let people = People::new(world).await;
        let stranger = Browser::new(&people.world);
        let root = Browser::sign_in(&people.world, "root@example.it", PASSWORD).await;
        let dump = Dump::but(
            &people.world.database,
            &[
                "api_tokens.last_used_at",
                "access_log.*",
                "throttles.*",
                "sessions.*",
            ],
        );
        let before = dump.take(&people.world.database);
        let mut asked = 0;
        for row in TABLE {
            for method in row.0 {
                let path = path(&people, row, Place::Alfa);
                let is_write = *method == Method::Post;
                let headers: &[(&str, &str)] = if is_write {
                    &[("Origin", "https://licenze.example.it")]
                } else {
                    &[]
                };
                let form: Option<&[(&str, &str)]> = is_write.then_some(&[]);
                if row.2 != Anybody {
                    let reply = stranger.send(*method, &path, form, headers).await;
                    assert!(reply.leads().starts_with("/accedi?poi="), "{method} {path}");
                    let token = people.tokens[&Caller::Root].clone();
                    let bearer = format!("Bearer {token}");
                    let reply = people
                        .world
                        .request(*method, &path)
                        .header(rocket::http::Header::new("Authorization", bearer));
                    assert_eq!(
                        Reply::of(reply).await.status.code,
                        401,
                        "a token opens {method} {path}"
                    );
                }
                if is_write && row.1 != "/csp" {
                    for headers in [
                        &[][..],
                        &[("Origin", "https://example.com")],
                        &[("Origin", "https://evil-licenze.example.it")],
                        &[("Origin", "https://licenze.example.it.example.com")],
                        &[("Origin", "http://licenze.example.it")],
                        &[("Origin", "null")],
                        &[("Sec-Fetch-Site", "cross-site")],
                        &[("Sec-Fetch-Site", "same-site")],
                        &[("Sec-Fetch-Site", "none")],
                        &[
                            ("Sec-Fetch-Site", "same-origin"),
                            ("Origin", "https://example.com"),
                        ],
                    ] {
                        asked += 1;
                        let reply = root.send(*method, &path, form, headers).await;
                        assert_eq!(
                            reply.status.code, 403,
                            "{method} {path} {headers:?}: {}",
                            reply.text
                        );
                    }
                }
            }
        }
        assert!(asked > 500, "{asked}");
        dump::same(
            &before,
            &dump.take(&people.world.database),
            "requests from elsewhere",
        );
    }
);

on_both!(each_page_is_there_for_who_may_and_sees_it, |world| async {
    let people = People::new(world).await;
    let dump = Dump::but(
        &people.world.database,
        &[
            "api_tokens.last_used_at",
            "access_log.*",
            "throttles.*",
            "sessions.*",
            "outbox.*",
            "one_time_links.*",
        ],
    );
    let (mut wrong, mut cells) = (Vec::new(), 0);
    for (caller, name, role) in CALLERS {
        let browser = Browser::sign_in(&people.world, name, PASSWORD).await;
        let before = dump.take(&people.world.database);
        for row in TABLE.iter().filter(|row| row.2 != Anybody) {
            let (methods, _, who, target) = row;
            let places: &[Place] = if *target == Nothing {
                &[Place::Vendor]
            } else {
                &Place::ALL
            };
            for method in *methods {
                let mut nothing = None;
                for place in places.iter().rev() {
                    let seen = *target == Nothing
                        || (caller.sees(*place) && !(*target == Node && *place == Place::Vendor));
                    let path = path(&people, row, *place);
                    let cell = format!("{name} {method} {path} ({place:?})");
                    let refused = !may(caller, role, *who) || !seen;
                    // What would be done is done in the tests of each page; what leaves the house leaves a record.
                    let is_export = row.1.contains("/esporta/");
                    if (*method == Method::Post || is_export) && !refused {
                        continue;
                    }
                    cells += 1;
                    let reply = if *method == Method::Post {
                        browser.post(&path, &[]).await
                    } else {
                        browser.get(&path).await
                    };
                    let status = reply.status.code;
                    if !may(caller, role, *who) {
                        if status != 403 {
                            wrong.push(format!("{cell}: {status} and not 403"));
                        }
                    } else if !seen {
                        // A form with nothing in it may be told so first, as long as all are.
                        if status != 404 && !(*method == Method::Post && status == 422) {
                            wrong.push(format!("{cell}: {status} and not 404"));
                        }
                        let essence = essence(&reply, &path);
                        if nothing.get_or_insert_with(|| essence.clone()) != &essence {
                            wrong.push(format!("{cell} differs from what does not exist"));
                        }
                    } else if matches!(who, SignedIn) || matches!(who, With(action) if !action.writes()) {
                        // Agents write in the name of their company.
                        let is_agent = matches!(place, Place::Anna | Place::Nino | Place::Bruno);
                        let none = ((row.1.contains("<id>") || row.1.contains("<token>"))
                            && *target == Nothing)
                            || (row.1.ends_with("/marchio") && is_agent);
                        if status != 200 && !(none && status == 404) {
                            wrong.push(format!("{cell}: {status} and not 200"));
                        }
                    } else if status == 401 || status >= 500 {
                        wrong.push(format!("{cell}: {status}"));
                    }
                }
            }
        }
        dump::same(&before, &dump.take(&people.world.database), name);
    }
    assert!(
        wrong.is_empty(),
        "{} of {cells} cells:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(cells > 2000, "{cells} cells");
});
