//! Who may do what, as people read it; and that every route asks it, at every request anew.

use crate::{
    on_both,
    support::{World, cast::Cast, database::Database},
    tenancy::{
        people::{Caller, People, Place, Target},
        table::TABLE,
    },
};
use rocket::http::Method;
use serde_json::json;
use sigillo::domain::{
    access::{Action, allows},
    actor::Role,
};
use std::collections::BTreeSet;

/// The whole policy: whoever changes it changes this table, and is seen to.
const POLICY: &str = "
action            writes superadmin rivenditore sottoazienda agente cliente
ReadLicenses      -      yes        yes         yes          yes    -
IssueLicenses     writes yes        yes         yes          yes    -
EditLicense       writes yes        yes         yes          -      -
ChangeModules     writes yes        yes         yes          yes    -
ConvertLicense    writes yes        yes         yes          yes    -
SuspendLicense    writes yes        yes         yes          -      -
RevokeLicense     writes yes        -           -            -      -
ArchiveLicense    writes yes        yes         yes          -      -
AssignLicense     writes yes        yes         yes          -      -
SendKeys          writes yes        yes         yes          yes    -
ReleaseDevice     writes yes        yes         yes          yes    -
ReadCustomers     -      yes        yes         yes          yes    -
CreateCustomer    writes yes        yes         yes          yes    -
EditCustomer      writes yes        yes         yes          yes    -
DecideCustomer    writes yes        yes         yes          yes    -
ProposeCustomer   writes yes        yes         yes          yes    -
SuspendCustomer   writes yes        yes         yes          -      -
ExportCustomer    writes yes        yes         yes          yes    -
AnonymiseCustomer writes yes        yes         yes          -      -
MergeCustomers    writes yes        -           -            -      -
AssignCustomer    writes yes        yes         yes          -      -
ReadNodes         -      yes        yes         yes          yes    -
CreateNode        writes yes        yes         yes          -      -
EditNode          writes yes        yes         yes          -      -
SuspendNode       writes yes        yes         yes          -      -
MoveNode          writes yes        yes         yes          -      -
ReadUsers         -      yes        yes         yes          yes    -
ManageUsers       writes yes        yes         yes          -      -
EndSessions       writes yes        -           -            -      -
SeeAsOthers       writes yes        yes         yes          -      -
OwnTokens         -      yes        yes         yes          yes    -
ReadTokens        -      yes        -           -            -      -
ManageTokens      writes yes        -           -            -      -
ReadProducts      -      yes        yes         yes          yes    -
DefineProducts    writes yes        -           -            -      -
ReadPrices        -      yes        -           -            -      -
SetPrices         writes yes        -           -            -      -
ReadSigningKeys   -      yes        -           -            -      -
ManageSigningKeys writes yes        -           -            -      -
ReadAudit         -      yes        yes         yes          -      -
ReadActivations   -      yes        yes         yes          yes    -
ReadAccesses      -      yes        yes         yes          -      -
ReadStatistics    -      yes        yes         yes          yes    -
ReadOwnLicenses   -      -          -           -            -      yes
ManageOwnDevices  writes -          -           -            -      yes
ReadOwnData       -      -          -           -            -      yes
ManageOwnData     writes -          -           -            -      yes
ReadOwnPayments   -      -          -           -            -      yes
ManageOwnUsers    writes -          -           -            -      yes
ReadMail          -      yes        yes         yes          -      -
ResendMail        writes yes        yes         yes          -      -
ReadWebhooks      -      yes        yes         yes          -      -
ManageWebhooks    writes yes        yes         yes          -      -
ReadNotices       -      yes        yes         yes          yes    -
ReadTexts         -      yes        yes         yes          -      -
EditTexts         writes yes        yes         yes          -      -
SaveViews         -      yes        yes         yes          yes    -
ReadSettings      -      yes        -           -            -      -
ChangeSettings    writes yes        -           -            -      -
ReadJobs          -      yes        -           -            -      -
RunJob            writes yes        -           -            -      -
";

#[test]
fn the_policy_is_the_one_written_here() {
    let word = |yes: bool, word: &'static str| if yes { word } else { "-" };
    let mut lines = Vec::new();
    for action in Action::ALL {
        let mut line = vec![format!("{action:?}"), word(action.writes(), "writes").to_owned()];
        line.extend(
            Role::ALL
                .iter()
                .map(|role| word(allows(*role, *action), "yes").to_owned()),
        );
        lines.push(line);
    }
    let written: Vec<Vec<String>> = POLICY
        .trim()
        .lines()
        .map(|line| line.split_whitespace().map(str::to_owned).collect())
        .collect();
    let roles: Vec<&str> = written[0][2..].iter().map(String::as_str).collect();
    assert_eq!(roles, Role::CODES);
    for (is, told) in lines.iter().zip(&written[1..]) {
        assert_eq!(is, told);
    }
    assert_eq!(lines.len(), written.len() - 1);
}

const LETTERS: [(Role, char, Caller); 5] = [
    (Role::Superadmin, 'S', Caller::Root),
    (Role::Reseller, 'R', Caller::Alfa),
    (Role::SubCompany, 'C', Caller::Nord),
    // The agent who has the right `convalida`, without which the node narrows the role.
    (Role::Agent, 'A', Caller::Nino),
    (Role::Customer, 'K', Caller::Rossi),
];

#[test]
fn the_routes_table_says_of_roles_what_the_policy_says() {
    for row in TABLE {
        let Some(action) = row.action else {
            assert!(
                !row.route.contains("/api/admin/"),
                "{} asks for no right",
                row.route
            );
            continue;
        };
        assert!(
            ["/api/admin/", "/api/statistiche"]
                .iter()
                .any(|path| row.route.contains(path)),
            "{}",
            row.route
        );
        assert_eq!(
            action.writes(),
            row.writes(),
            "{}: what writes is no GET, and the other way round",
            row.route
        );
        for (role, letter, _) in LETTERS {
            let told = row.may.contains(letter) || (letter == 'A' && row.may.contains('v'));
            assert_eq!(told, allows(role, action), "{} by {role}", row.route);
        }
    }
}

on_both!(
    every_admin_route_answers_403_exactly_to_the_roles_that_the_policy_denies,
    |world| async {
        let people = People::new(world).await;
        for row in TABLE.iter().filter(|row| row.action.is_some()) {
            for (role, _, caller) in LETTERS {
                // About an id that nothing has, so that nothing is changed: who may gets past the guard to a 404.
                let aim = people.standing(row.target, Place::Nowhere);
                let reply = people.ask(row, caller, &aim, false).await;
                let denied = !allows(role, row.action.unwrap());
                assert_eq!(
                    reply.status.code == 403,
                    denied,
                    "{role} {} {}: {}",
                    row.route,
                    row.path,
                    reply.text
                );
                assert_ne!(reply.status.code, 401, "{role} {}", row.route);
                if denied {
                    assert_eq!(reply.code(), "NON_PERMESSO");
                }
                if row.target != Target::Nothing && !denied {
                    assert_eq!(
                        reply.status.code, 404,
                        "{role} {} {}: {}",
                        row.route, row.path, reply.text
                    );
                }
            }
        }
    }
);

on_both!(
    an_agent_validates_customers_only_while_its_node_has_the_right,
    |world| async {
        let people = People::new(world).await;
        let agent = format!("/api/admin/agent/{}", people.things[&Place::Anna].node);
        let decide = |id: &str| format!("/api/admin/clienti/{id}/convalida");
        for (granted, status) in [(false, 403), (true, 200), (false, 403)] {
            let body = json!({"diritti": {"convalida": granted}});
            people
                .world
                .ask(Method::Patch, &agent, Some(&people.root), Some(body))
                .await
                .expect(200);
            let pending = people.fresh(Target::Pending, Place::Anna).await.id;
            people
                .send("POST", &decide(&pending), Caller::Anna, String::new())
                .await
                .expect(status);
        }
    }
);

on_both!(
    a_company_validates_customers_and_gives_the_right_to_only_while_its_node_has_it,
    |world| async {
        let people = People::new(world).await;
        let node = |place: Place| format!("/api/admin/agent/{}", people.things[&place].node);
        let decides = async |caller: Caller, place: Place, status: u16| {
            for what in ["convalida", "rifiuta"] {
                let pending = people.fresh(Target::Pending, place).await.id;
                let path = format!("/api/admin/clienti/{pending}/{what}");
                let body = json!({"motivo": "m"}).to_string();
                people.send("POST", &path, caller, body).await.expect(status);
            }
        };
        let grant = async |caller: Caller, place: Place, granted: bool| {
            let body = json!({"diritti": {"convalida": granted}}).to_string();
            people.send("PATCH", &node(place), caller, body).await
        };
        decides(Caller::Alfa, Place::Alfa, 200).await;
        decides(Caller::Nord, Place::Nord, 200).await;
        grant(Caller::Alfa, Place::Nord, false).await.expect(200);
        decides(Caller::Nord, Place::Nord, 403).await;
        decides(Caller::Alfa, Place::Nord, 200).await;
        grant(Caller::Root, Place::Alfa, false).await.expect(200);
        decides(Caller::Alfa, Place::Alfa, 403).await;
        decides(Caller::Root, Place::Alfa, 200).await;
        // Who has it not gives it to nobody, neither by hand nor by opening a company; nor does another for them.
        for caller in [Caller::Alfa, Caller::Root] {
            grant(caller, Place::Nord, true)
                .await
                .field("diritti.convalida", "NON_PERMESSO");
        }
        let open = async |extra: serde_json::Value| {
            let body = json!({
                "nome": "Figlia", "ruolo": "sottoazienda", "azienda_padre": people.things[&Place::Alfa].node,
                "diritti": extra,
            });
            people
                .send("POST", "/api/admin/agent", Caller::Alfa, body.to_string())
                .await
        };
        let daughter = open(json!({})).await.expect(201);
        assert_eq!(daughter.body["diritti"]["convalida"], false);
        open(json!({"convalida": true}))
            .await
            .field("diritti.convalida", "NON_PERMESSO");
        grant(Caller::Root, Place::Alfa, true).await.expect(200);
        grant(Caller::Alfa, Place::Nord, true).await.expect(200);
        decides(Caller::Nord, Place::Nord, 200).await;
    }
);

on_both!(
    who_may_only_read_is_refused_on_every_writing_route_and_served_on_the_others,
    |world| async {
        let mut people = People::new(world).await;
        // The superadmin's token reads only; so does one of a user who reads only, whatever their token says.
        let token = people.world.token("root@example.it", true).await;
        let email = "lettrice@example.org";
        let body = json!({"email": email, "sola_lettura": true, "password": crate::support::cast::PASSWORD});
        people
            .world
            .post("/api/admin/utenti", &people.root, body)
            .await
            .expect(201);
        let user = people.world.token(email, false).await;
        for token in [token, user] {
            people.tokens.insert(Caller::Reader, token);
            for row in TABLE.iter().filter(|row| row.action.is_some()) {
                let aim = people.standing(row.target, Place::Alfa);
                let reply = people.ask(row, Caller::Reader, &aim, false).await;
                let status = if row.writes() { 403 } else { row.good };
                assert_eq!(
                    reply.status.code, status,
                    "{} {}: {}",
                    row.route, row.path, reply.text
                );
            }
        }
    }
);

/// One reading route of each kind of thing.
fn reading_routes() -> BTreeSet<&'static str> {
    TABLE
        .iter()
        .filter(|row| {
            row.action.is_some() && !row.writes() && row.target == Target::Nothing && row.good == 200
        })
        .map(|row| row.path)
        .collect()
}

/// Holds who is served and who is out, on every reading route.
#[track_caller]
fn outcomes<'a>(world: &'a World, tokens: &'a [(&'a str, &'a str, bool)]) -> impl Future<Output = ()> + 'a {
    let place = std::panic::Location::caller();
    async move {
        for (name, token, served) in tokens {
            for path in reading_routes() {
                let reply = world.get(path, token).await;
                let out = reply.status.code == 401;
                assert_eq!(out, !served, "{name} at {path}, asked at {place}: {}", reply.text);
                if out {
                    assert_eq!(reply.code(), "NON_AUTENTICATO");
                    assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
                }
            }
        }
    }
}

async fn act(world: &World, cast: &Cast, path: String) {
    world
        .post(&path, &cast.root, json!({"motivo": "prova"}))
        .await
        .expect(200);
}

on_both!(
    a_suspended_node_is_out_at_the_next_request_with_all_below_it,
    |world| async {
        let cast = world.cast().await;
        let all = |alfa: bool| {
            [
                ("root", cast.root.as_str(), true),
                ("alfa", cast.alfa.token.as_str(), alfa),
                ("nord", cast.nord.token.as_str(), alfa),
                ("anna", cast.anna.token.as_str(), alfa),
                ("nino", cast.nino.token.as_str(), alfa),
                ("beta", cast.beta.token.as_str(), true),
            ]
        };
        outcomes(&world, &all(true)).await;
        act(
            &world,
            &cast,
            format!("/api/admin/agent/{}/sospendi", cast.alfa.id),
        )
        .await;
        outcomes(&world, &all(false)).await;
        // Moved out from below a suspended node, they are in again; moved below one, out.
        let shift = format!("/api/admin/agent/{}/sposta", cast.nord.id);
        world
            .post(&shift, &cast.root, json!({"azienda_padre": cast.beta.id}))
            .await
            .expect(200);
        outcomes(
            &world,
            &[("nord", &cast.nord.token, true), ("nino", &cast.nino.token, true)],
        )
        .await;
        world
            .post(&shift, &cast.root, json!({"azienda_padre": cast.alfa.id}))
            .await
            .expect(200);
        outcomes(
            &world,
            &[
                ("nord", &cast.nord.token, false),
                ("nino", &cast.nino.token, false),
            ],
        )
        .await;
        act(
            &world,
            &cast,
            format!("/api/admin/agent/{}/riattiva", cast.alfa.id),
        )
        .await;
        outcomes(&world, &all(true)).await;
        act(
            &world,
            &cast,
            format!("/api/admin/agent/{}/sospendi", cast.nord.id),
        )
        .await;
        outcomes(
            &world,
            &[
                ("alfa", &cast.alfa.token, true),
                ("nord", &cast.nord.token, false),
                ("nino", &cast.nino.token, false),
                ("anna", &cast.anna.token, true),
            ],
        )
        .await;
    }
);

on_both!(
    a_disabled_user_is_out_at_the_next_request_and_stays_out_with_the_old_token,
    |world| async {
        let cast = world.cast().await;
        let users = world
            .get("/api/admin/utenti?limite=200", &cast.root)
            .await
            .expect(200);
        let id = |email: &str| {
            let list = users.body["dati"].as_array().unwrap();
            list.iter().find(|user| user["email"] == email).unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        outcomes(&world, &[("nord", &cast.nord.token, true)]).await;
        let path = format!("/api/admin/utenti/{}", id(&cast.nord.email));
        world
            .post(&format!("{path}/disabilita"), &cast.alfa.token, json!({}))
            .await
            .expect(200);
        outcomes(
            &world,
            &[
                ("nord", &cast.nord.token, false),
                ("nino", &cast.nino.token, true),
            ],
        )
        .await;
        world
            .post(&format!("{path}/abilita"), &cast.alfa.token, json!({}))
            .await
            .expect(200);
        let fresh = world.token(&cast.nord.email, false).await;
        outcomes(
            &world,
            &[
                ("nord's old token", &cast.nord.token, false),
                ("nord's new one", &fresh, true),
            ],
        )
        .await;
        // Nobody shuts themselves out, and the last superadmin stays.
        let own = format!("/api/admin/utenti/{}/disabilita", id("root@example.it"));
        world
            .post(&own, &cast.root, json!({}))
            .await
            .refused(403, "NON_PERMESSO");
    }
);

on_both!(
    an_expired_or_revoked_token_is_out_at_the_next_request,
    |world| async {
        use sigillo::{
            domain::{access::Permit, actor::Actor},
            operations::users::create_token,
        };
        let cast = world.cast().await;
        let permit = Permit::ask(&Actor::operator()).unwrap();
        let new = create_token::New {
            email: cast.alfa.email.clone(),
            name: "breve".into(),
            read_only: false,
            days: Some(2),
        };
        let short = create_token::create_token(&world.app, permit, new).await.unwrap();
        world.app.clock.advance(chrono::Duration::hours(47));
        outcomes(&world, &[("short", &short, true)]).await;
        world.app.clock.advance(chrono::Duration::hours(1));
        outcomes(
            &world,
            &[("short", &short, false), ("alfa", &cast.alfa.token, true)],
        )
        .await;
        world.database.execute("UPDATE api_tokens SET revoked_at = created_at WHERE user_id = (SELECT id FROM users WHERE email = 'beta@example.it')").unwrap();
        outcomes(
            &world,
            &[
                ("beta", &cast.beta.token, false),
                ("alfa", &cast.alfa.token, true),
            ],
        )
        .await;
    }
);

#[rocket::async_test]
async fn no_cookie_nor_another_scheme_stands_for_a_token() {
    let world = World::new(Database::sqlite()).await;
    let cast = world.cast().await;
    for header in [
        format!("Basic {}", cast.root),
        cast.root.clone(),
        format!("Bearer{}", cast.root),
        "Bearer ".to_owned(),
        format!("Bearer {}x", cast.root),
        format!("Bearer {}", cast.root.to_lowercase()),
    ] {
        let request = world
            .request(Method::Get, "/api/admin/licenze")
            .header(rocket::http::Header::new("Authorization", header.clone()));
        let reply = crate::support::Reply::of(request).await;
        assert_eq!(reply.status.code, 401, "{header}");
    }
    let request = world
        .request(Method::Get, "/api/admin/licenze")
        .cookie(("sessione", cast.root.clone()));
    crate::support::Reply::of(request)
        .await
        .refused(401, "NON_AUTENTICATO");
}
