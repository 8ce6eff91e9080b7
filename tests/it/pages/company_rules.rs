//! What a company has otherwise than the products: set on its page, inherited down the line, and kept to by whatever asks
//! for a licence.

use super::{audited, harmless, reads};
use crate::{
    on_both,
    support::{Reply, World, browser::Browser, cast::PASSWORD, instant},
};
use serde_json::{Value, json};

const ROOT: &str = "root@example.it";

fn rules(id: &str) -> String {
    format!("/aziende/{id}/regole")
}

/// Sets rules as the page's form does, read a moment before.
async fn set(browser: &Browser<'_>, id: &str, fields: &[(&str, &str)], status: u16) {
    let page = browser.get(&rules(id)).await;
    let revision = if page.text.contains("name=\"revisione\"") {
        page.value("revisione")
    } else {
        "1".to_owned()
    };
    let mut sent = vec![("revisione", revision.as_str())];
    sent.extend_from_slice(fields);
    let reply = browser.post(&rules(id), &sent).await;
    assert_eq!(reply.status.code, status, "{fields:?}: {}", reply.text);
}

/// After how many days a device of this licence has to ask again.
async fn lease(world: &World, key: &str) -> i64 {
    let body = json!({"chiave_licenza": key, "dispositivo": {"id": "D1"}});
    let reply = world.call("/api/licenze/attiva", body).await.expect(200);
    let until = instant(&reply.str("/ricontrolla_entro")).naive_utc();
    (until - world.app.clock.now() + chrono::Duration::hours(12)).num_days()
}

/// For how many days the first licence of an answer runs.
fn days(world: &World, reply: &Reply) -> i64 {
    let id = reply.str("/licenze/0/id").replace('-', "");
    let days = format!("SELECT duration_days AS n FROM licenses WHERE id = X'{id}'");
    world.database.count(&days)
}

on_both!(a_company_has_the_rules_of_its_line_narrowed, |world| async {
    let cast = world.cast().await;
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let mut keys: Vec<String> = Vec::new();
    for client in [&cast.rossi, &cast.neri, &cast.bianchi] {
        let order = json!({"cliente": client.id, "durata_giorni": 1000});
        keys.push(world.issue(&cast.root, order).await.remove(0).1);
    }
    let leases = async || {
        let mut all = Vec::new();
        for key in &keys {
            all.push(lease(&world, key).await);
        }
        all
    };
    let usual = leases().await;
    let of_product = usual[0];
    assert_eq!(usual, [of_product; 3]);

    // What the vendor sets holds for the company and for all below it, and for nobody else.
    set(&root, &cast.alfa.id, &[("giorni_offline", "90")], 303).await;
    assert_eq!(audited(&world, &cast.alfa.id, "nodo.modificato"), 1);
    assert_eq!(leases().await, [90, 90, of_product]);
    // A company narrows for those below it.
    set(&alfa, &cast.nord.id, &[("giorni_offline", "10")], 303).await;
    assert_eq!(leases().await, [90, 10, of_product]);
    set(&alfa, &cast.nord.id, &[("giorni_offline", "400")], 303).await;
    assert_eq!(leases().await, [90, 90, of_product]);
    // What a licence has of its own comes before both.
    let own = world.issue(&cast.root, json!({"cliente": cast.neri.id})).await;
    world
        .patch(
            &format!("/api/admin/licenze/{}", own[0].0),
            &cast.root,
            1,
            json!({"giorni_offline": 3}),
        )
        .await
        .expect(200);
    assert_eq!(lease(&world, &own[0].1).await, 3);
    // A company that moves has the rules of where it is.
    set(&alfa, &cast.nord.id, &[("azzera", "si")], 303).await;
    assert_eq!(leases().await, [90, 90, of_product]);
    let path = format!("/aziende/{}/sposta", cast.nord.id);
    let reply = root.post(&path, &[("azienda_padre", &cast.beta.id)]).await;
    assert_eq!(reply.status.code, 303, "{}", reply.text);
    assert_eq!(leases().await, [90, of_product, of_product]);
    set(&root, &cast.alfa.id, &[("azzera", "si")], 303).await;
    assert_eq!(leases().await, usual);
    world.database.execute("DELETE FROM company_rules").unwrap();
    assert_eq!(leases().await, usual);
});

on_both!(trials_waits_and_releases_follow_the_company, |world| async {
    let cast = world.cast().await;
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let fields = [
        ("durata_prova_giorni", "12"),
        ("attesa_giorni", "2"),
        ("rilasci_max", "0"),
    ];
    set(&root, &cast.alfa.id, &fields, 303).await;
    let trial = async |token: &str, days: Option<i32>, customer: &str| {
        let mut body = json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial", "cliente": customer});
        if let Some(days) = days {
            body["durata_giorni"] = json!(days);
        }
        world.post("/api/admin/licenze", token, body).await
    };
    let made = trial(&cast.alfa.token, None, &cast.rossi.id).await.expect(201);
    assert_eq!(days(&world, &made), 12, "{}", made.text);
    let longer = trial(&cast.alfa.token, Some(13), &cast.rossi.id).await;
    assert_eq!(longer.status.code, 422, "{}", longer.text);
    trial(&cast.beta.token, Some(13), &cast.bianchi.id)
        .await
        .expect(201);
    // Who registers through the company's link is told, and gets, the same.
    let page = Browser::new(&world).get("/registrazione/ALFA").await.expect(200);
    assert!(page.text.contains("12"), "{}", page.text);
    let body = json!({
        "nome": "Carla", "email": "carla@example.org", "prodotto": "GESTIONALE", "codice_rivenditore": "ALFA",
        "consenso_privacy": true,
    });
    let reply = world.call("/api/clienti/registrazione", body).await.expect(201);
    assert_eq!(days(&world, &reply), 12);
    // The days of waiting are the company's, both for the device and on the page of who decides.
    let key = reply.str("/licenze/0/chiave_licenza");
    let body = json!({"chiave_licenza": key, "dispositivo": {"id": "D9"}});
    let activated: Value = world.call("/api/licenze/attiva", body).await.expect(200).body;
    let until = instant(activated["ricontrolla_entro"].as_str().unwrap()).naive_utc();
    assert!(until - world.app.clock.now() < chrono::Duration::days(3));
    // A device that holds a place gives none back by itself.
    let body = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "UNO"}});
    world.call("/api/licenze/attiva", body).await.expect(200);
    let body = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "UNO"}});
    let refused = world.call("/api/licenze/disattiva", body).await;
    assert_ne!(refused.status.code, 200, "{}", refused.text);
    let body = json!({"chiave_licenza": cast.bianchi.key, "dispositivo": {"id": "UNO"}});
    world.call("/api/licenze/attiva", body.clone()).await.expect(200);
    world.call("/api/licenze/disattiva", body).await.expect(200);
});

on_both!(
    rules_are_set_by_those_above_and_stay_the_vendors_where_it_set_them,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let nord = Browser::sign_in(&world, &cast.nord.email, PASSWORD).await;
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        let ten = [("giorni_offline", "10")];
        for (browser, id, status) in [
            (&alfa, &cast.alfa.id, 403),
            (&alfa, &cast.beta.id, 404),
            (&alfa, &cast.anna.id, 404),
            (&nord, &cast.nord.id, 403),
            (&nord, &cast.alfa.id, 404),
            (&anna, &cast.anna.id, 403),
            (&root, &cast.anna.id, 404),
        ] {
            let reply = browser.post(&rules(id), &ten).await;
            assert_eq!(reply.status.code, status, "{id}: {}", reply.text);
        }
        assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM company_rules"), 0);

        set(&alfa, &cast.nord.id, &ten, 303).await;
        set(&root, &cast.nord.id, &[("giorni_offline", "20")], 303).await;
        let reply = alfa
            .post(&rules(&cast.nord.id), &[("revisione", "3"), ("azzera", "si")])
            .await;
        assert_eq!(reply.status.code, 403, "{}", reply.text);
        let page = alfa.get(&rules(&cast.nord.id)).await.expect(200);
        assert!(page.text.contains("Le ha impostate il fornitore"));
        assert!(!page.text.contains("name=\"giorni_offline\""));
        // Once the vendor lets go of it, it is the company's again.
        set(&root, &cast.nord.id, &[("azzera", "si")], 303).await;
        set(&alfa, &cast.nord.id, &ten, 303).await;
        // Who is below reads it, and the agent too.
        for browser in [&nord, &alfa, &root] {
            assert!(
                browser
                    .get(&rules(&cast.nord.id))
                    .await
                    .expect(200)
                    .text
                    .contains("10")
            );
        }
        anna.get(&rules(&cast.anna.id)).await.expect(200);
        assert_eq!(audited(&world, &cast.nord.id, "nodo.modificato"), 4);

        // Nonsense comes back with words; what somebody else changed meanwhile is shown beside one's own.
        let wrong = [("giorni_offline", "-3"), ("durata_prova_giorni", "dieci")];
        let reply = alfa.post(&rules(&cast.nord.id), &wrong).await;
        assert_eq!(reply.status.code, 422);
        assert!(reply.text.contains("giorni_offline-e") && reply.text.contains("dieci"));
        let reply = alfa
            .post(
                &rules(&cast.nord.id),
                &[("giorni_offline", "\"><script>alert(1)")],
            )
            .await;
        harmless(&reply.text);
        let stale = alfa
            .post(
                &rules(&cast.nord.id),
                &[("revisione", "2"), ("giorni_offline", "7")],
            )
            .await;
        assert_eq!(stale.status.code, 409);
        assert!(stale.text.contains("Sovrascrivi"), "{}", stale.text);
        let now = stale.value("revisione");
        let again = [("revisione", now.as_str()), ("giorni_offline", "7")];
        let reply = alfa.post(&rules(&cast.nord.id), &again).await;
        assert_eq!(reply.status.code, 303, "{}", reply.text);
        reads(&world, &cast.alfa.email, "en");
        let english = alfa.get(&rules(&cast.nord.id)).await.expect(200);
        assert!(english.text.contains("Back to what comes from above"));
    }
);

/// The number on a card of the first page, by the address that it leads to.
fn card(page: &str, href: &str) -> String {
    let rest = page.split_once(&format!("href=\"{href}\"")).unwrap().1;
    let rest = rest.split_once("kpi__value\">").unwrap().1;
    rest.split('<').next().unwrap().to_owned()
}

/// How many of the licences that somebody sees are active and over: as each is told, by the list of the state, by its
/// figure, by the numbers above the list and on the first page.
async fn states(world: &World, token: &str, browser: &Browser<'_>) -> (i64, i64) {
    let all = world
        .get("/api/admin/licenze?limite=200", token)
        .await
        .expect(200)
        .body;
    let told = |state: &str| {
        let all = all["dati"].as_array().unwrap().iter();
        all.filter(|one| one["stato"] == state).count() as i64
    };
    let statistics = world.get("/api/statistiche", token).await.expect(200).body;
    let page = browser.get("/licenze").await.expect(200).text;
    let found = (told("attiva"), told("scaduta"));
    for (state, n) in [("attiva", found.0), ("scaduta", found.1)] {
        let path = format!("/api/admin/licenze?limite=200&stato={state}");
        let listed = world.get(&path, token).await.expect(200).body;
        assert_eq!(listed["dati"].as_array().unwrap().len() as i64, n, "{state}");
        let figure = statistics["licenze_per_stato"][state].as_i64().unwrap_or(0);
        assert_eq!(figure, n, "{state}: {}", statistics["licenze_per_stato"]);
        let link = format!("stato={state}");
        let rows = browser.get(&format!("/licenze?{link}")).await.expect(200).text;
        assert_eq!(
            rows.matches("<td class=\"cell-status\">").count() as i64,
            n,
            "{state}"
        );
        assert!(n == 0 || page.contains(&link), "{state}");
        // Searched, the states are counted by the conditions and not by the tallies.
        let all = browser.get("/licenze?q=%20").await.expect(200).text;
        assert_eq!(all.matches(&link).count(), page.matches(&link).count());
    }
    let home = browser.get("/").await.expect(200).text;
    if home.contains("href=\"/licenze?stato=attiva\"") {
        assert_eq!(card(&home, "/licenze?stato=attiva"), found.0.to_string());
    }
    found
}

on_both!(
    a_subscription_is_over_when_its_companys_grace_is_over_wherever_that_is_asked,
    |world| async {
        world.clock_to("2027-01-10T10:00:00Z", 0);
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        let mut keys = Vec::new();
        for client in [&cast.rossi, &cast.neri, &cast.verdi, &cast.bianchi] {
            let order = json!({"cliente": client.id, "data_scadenza": "2027-01-20"});
            let (id, key) = world.issue(&cast.root, order).await.remove(0);
            let body = json!({"chiave_licenza": key, "dispositivo": {"id": format!("D{}", keys.len())}});
            world.call("/api/licenze/attiva", body.clone()).await.expect(200);
            keys.push((id, body));
        }
        // Ten days of grace for alfa, sixty for nord below it; the product has thirty.
        set(&root, &cast.alfa.id, &[("giorni_tolleranza", "10")], 303).await;
        set(&root, &cast.nord.id, &[("giorni_tolleranza", "60")], 303).await;
        let works = async || {
            let mut all = Vec::new();
            for (_, body) in &keys {
                let reply = world.call("/api/licenze/valida", body.clone()).await;
                all.push(reply.body["valida"] == true);
            }
            all
        };
        // What of (rossi, neri, verdi, bianchi) works, by day.
        for (day, wanted) in [
            ("2027-01-20T10:00:00Z", [true, true, true, true]),
            ("2027-01-30T10:00:00Z", [true, true, true, true]),
            ("2027-01-31T10:00:00Z", [false, true, false, true]),
            ("2027-02-20T10:00:00Z", [false, true, false, false]),
            ("2027-03-21T10:00:00Z", [false, true, false, false]),
            ("2027-03-22T10:00:00Z", [false, false, false, false]),
        ] {
            world.clock_to(day, 0);
            let tokens = [
                ROOT,
                cast.alfa.email.as_str(),
                cast.nord.email.as_str(),
                cast.anna.email.as_str(),
            ];
            let first = day.starts_with("2027-01-20");
            let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
            assert_eq!(works().await, wanted, "{day}");
            for (n, (id, _)) in keys.iter().enumerate() {
                let path = format!("/api/admin/licenze/{id}");
                let state = world.get(&path, &cast.root).await.expect(200).str("/stato");
                assert_eq!(state == "attiva", wanted[n], "{day} {n}: {state}");
                let sheet = root.get(&format!("/licenze/{id}")).await.expect(200).text;
                let grace = sheet.contains("in tolleranza fino al");
                assert_eq!(grace, wanted[n] && !first, "{day} {n}");
            }
            for folded in [false, true] {
                if folded {
                    let (now, zone) = (world.app.clock.now(), world.app.zone);
                    while world.app.db.fold_tallies(now, zone).await.unwrap() {}
                }
                // Nord sees neri's, anna verdi's.
                for (email, seen) in tokens.iter().zip([&[0, 1, 2, 3][..], &[0, 1, 2], &[1], &[2]]) {
                    let browser = Browser::sign_in(&world, email, PASSWORD).await;
                    let token = world.token(email, true).await;
                    let active = seen.iter().filter(|n| wanted[**n]).count() as i64;
                    let over = seen.len() as i64 - active;
                    assert_eq!(
                        states(&world, &token, &browser).await,
                        (active, over),
                        "{email} {day}"
                    );
                }
            }
        }
        // A company only shortens what comes from above.
        world.clock_to("2027-01-25T10:00:00Z", 0);
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        set(&root, &cast.nord.id, &[("azzera", "si")], 303).await;
        set(&alfa, &cast.nord.id, &[("giorni_tolleranza", "20")], 303).await;
        assert!(works().await[1]);
        set(&alfa, &cast.nord.id, &[("giorni_tolleranza", "3")], 303).await;
        assert!(!works().await[1]);
    }
);

on_both!(rules_are_read_and_changed_at_the_api_too, |world| async {
    let cast = world.cast().await;
    let path = |id: &str| format!("/api/admin/agent/{id}");
    let change = async |token: &str, id: &str, rules: Value| {
        let body = json!({ "regole": rules });
        world
            .ask(rocket::http::Method::Patch, &path(id), Some(token), Some(body))
            .await
    };
    let nord = world
        .get(&path(&cast.nord.id), &cast.alfa.token)
        .await
        .expect(200)
        .body;
    assert_eq!(
        nord["regole"],
        json!({
            "durata_prova_giorni": null, "giorni_offline": null, "giorni_tolleranza": null, "attesa_giorni": null,
            "rilasci_max": null, "rilasci_giorni": null,
        })
    );
    let agent = world
        .get(&path(&cast.anna.id), &cast.alfa.token)
        .await
        .expect(200)
        .body;
    assert_eq!(agent["regole"], Value::Null);
    let made = change(
        &cast.alfa.token,
        &cast.nord.id,
        json!({"giorni_offline": 9, "rilasci_max": 0}),
    )
    .await
    .expect(200);
    assert_eq!(made.body["regole"]["giorni_offline"], 9);
    assert_ne!(made.body["revisione"], nord["revisione"]);
    // Absent stays, null takes away, and a null for all takes all away.
    let less = change(&cast.alfa.token, &cast.nord.id, json!({"rilasci_max": null}))
        .await
        .expect(200);
    assert_eq!(
        (
            &less.body["regole"]["giorni_offline"],
            &less.body["regole"]["rilasci_max"]
        ),
        (&json!(9), &Value::Null)
    );
    let listed = world
        .get("/api/admin/agent?ruolo=sottoazienda", &cast.alfa.token)
        .await
        .expect(200);
    assert_eq!(listed.body["dati"][0]["regole"]["giorni_offline"], 9);
    assert_eq!(listed.body["dati"][0]["revisione"], less.body["revisione"]);
    // What somebody read before the rules changed on their page is old.
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    set(&alfa, &cast.nord.id, &[("giorni_offline", "8")], 303).await;
    let revision = less.body["revisione"].as_i64().unwrap();
    let body = json!({"regole": {"giorni_offline": 7}});
    world
        .patch(&path(&cast.nord.id), &cast.alfa.token, revision, body.clone())
        .await
        .refused(412, "VERSIONE_SUPERATA");
    let page = alfa.get(&rules(&cast.nord.id)).await.expect(200);
    assert_eq!(page.value("giorni_offline"), "8");
    let gone = change(&cast.alfa.token, &cast.nord.id, Value::Null)
        .await
        .expect(200);
    assert_eq!(gone.body["regole"]["giorni_offline"], Value::Null);

    // As on the page: nobody for themselves, nobody beyond their tree, and what the vendor set stays the vendor's.
    let ten = json!({"giorni_offline": 10});
    for (token, id, status) in [
        (&cast.alfa.token, &cast.alfa.id, 403),
        (&cast.alfa.token, &cast.beta.id, 404),
        (&cast.nord.token, &cast.alfa.id, 404),
        (&cast.anna.token, &cast.anna.id, 403),
    ] {
        let reply = change(token, id, ten.clone()).await;
        assert_eq!(reply.status.code, status, "{id}: {}", reply.text);
    }
    change(&cast.root, &cast.nord.id, ten.clone()).await.expect(200);
    change(&cast.alfa.token, &cast.nord.id, ten.clone())
        .await
        .refused(403, "NON_PERMESSO");
    change(&cast.root, &cast.anna.id, ten)
        .await
        .field("regole", "NON_COMPATIBILE");
    for (name, value) in [
        ("giorni_offline", json!(-1)),
        ("durata_prova_giorni", json!(0)),
        ("giorni_tolleranza", json!(36_501)),
    ] {
        let mut sent = json!({});
        sent[name] = value;
        change(&cast.root, &cast.nord.id, sent)
            .await
            .field(&format!("regole.{name}"), "FUORI_INTERVALLO");
    }
});
