//! Figures are read from tallies, and are at every moment what the rows say: before what changed is folded into them, after
//! it, and when all rows are counted anew. That they are those of the lists is told in `contract/statistics` and
//! `pages/dashboard`; that every test leaves tallies that agree with its rows, in `support/database`.

use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD, database::assert_tallies_agree},
};
use chrono::Duration;
use serde_json::json;
use sigillo::{
    demo::{self, Size},
    domain::ids::LogId,
};

/// All figures that somebody sees, as text.
async fn figures(world: &World, tokens: &[String], browsers: &[&Browser<'_>]) -> Vec<String> {
    world.settle().await;
    let mut all = Vec::new();
    for token in tokens {
        for path in [
            "/api/statistiche",
            "/api/statistiche?raggruppa=giorno&da=2026-01-01&a=2026-12-31",
            "/api/statistiche?raggruppa=settimana",
        ] {
            all.push(world.get(path, token).await.expect(200).text);
        }
    }
    for browser in browsers {
        for path in [
            "/",
            "/?periodo=anno",
            "/licenze",
            "/clienti",
            "/aziende",
            "/prodotti",
        ] {
            let page = browser.get(path).await;
            if page.status.code == 200 {
                all.push(without_tokens(&page.text));
            }
        }
    }
    all
}

/// A page without what differs from one time to the next, whatever it tells.
fn without_tokens(page: &str) -> String {
    page.lines()
        .filter(|line| !line.contains("token") && !line.contains("richiesta"))
        .collect::<Vec<_>>()
        .join("\n")
}

async fn fold(world: &World) {
    while world
        .app
        .db
        .fold_tallies(world.app.clock.now(), world.app.zone)
        .await
        .unwrap()
    {}
}

fn rows(world: &World, table: &str) -> i64 {
    world
        .database
        .count(&format!("SELECT COUNT(*) AS n FROM {table}"))
}

/// The figures of everybody, thrice.
async fn assert_figures_stay(world: &World, tokens: &[String], browsers: &[&Browser<'_>]) {
    let before = figures(world, tokens, browsers).await;
    fold(world).await;
    assert_eq!(rows(world, "tally_deltas"), 0);
    assert!(rows(world, "tallies") > 0);
    assert_tallies_agree(&world.database);
    assert_eq!(figures(world, tokens, browsers).await, before, "folded");
    let kept = rows(world, "tallies");
    let (now, zone) = (world.app.clock.now(), world.app.zone);
    world.app.db.recount_tallies(now, zone).await.unwrap();
    assert_tallies_agree(&world.database);
    assert_eq!(figures(world, tokens, browsers).await, before, "counted anew");
    assert_eq!(rows(world, "tallies"), kept, "what is none is not kept");
}

on_both!(
    figures_of_the_demonstration_are_the_same_folded_and_counted_anew,
    |world| async {
        let made = demo::fill(&world.app, Size { customers: 40 }).await.unwrap();
        world.settle().await;
        let mut browsers = Vec::new();
        let mut tokens = Vec::new();
        for who in &made.sign_ins {
            if who.role.code() != "cliente" {
                browsers.push(Browser::sign_in(&world, &who.email, &who.password).await);
                tokens.push(world.token(&who.email, true).await);
            }
        }
        let browsers: Vec<&Browser<'_>> = browsers.iter().collect();
        assert!(browsers.len() > 3);
        assert_figures_stay(&world, &tokens, &browsers).await;
    }
);

on_both!(
    figures_follow_every_change_at_once_whatever_is_folded,
    |world| async {
        world.clock_to("2026-11-23T10:00:00Z", 0);
        let cast = world.cast().await;
        fold(&world).await;
        let tokens = [&cast.root, &cast.alfa.token, &cast.nord.token, &cast.anna.token].map(Clone::clone);
        let of = |id: &str, verb: &str| format!("/api/admin/licenze/{id}/{verb}");
        let trial = world
            .issue(
                &cast.root,
                json!({"tipo_licenza": "trial", "cliente": cast.verdi.id}),
            )
            .await
            .remove(0);
        let lent = world
            .issue(
                &cast.root,
                json!({"tipo_licenza": "abbonamento", "cliente": cast.rossi.id, "data_scadenza": "2026-12-01"}),
            )
            .await
            .remove(0);
        for (key, device) in [(&trial.1, "uno"), (&lent.1, "due"), (&cast.rossi.key, "tre")] {
            let body = json!({"chiave_licenza": key, "dispositivo": {"id": device}});
            world.call("/api/licenze/attiva", body).await.expect(200);
        }
        assert_figures_stay(&world, &tokens, &[]).await;
        world
            .post(
                &of(&lent.0, "sospendi"),
                &cast.root,
                json!({"motivo": "altro", "nota": "prova"}),
            )
            .await
            .expect(200);
        world
            .post(&of(&trial.0, "revoca"), &cast.root, json!({"motivo": "prova"}))
            .await
            .expect(200);
        assert_figures_stay(&world, &tokens, &[]).await;

        // Somebody who registers, waits, activates, and is known.
        let body = json!({"nome": "Attesa srl", "email": "attesa@example.com", "codice_rivenditore": "ALFA", "consenso_privacy": true});
        let customer = world
            .call("/api/clienti/registrazione", body)
            .await
            .expect(201)
            .str("/cliente/id");
        let waiting = world
            .issue(&cast.root, json!({"cliente": customer}))
            .await
            .remove(0);
        let body = json!({"chiave_licenza": waiting.1, "dispositivo": {"id": "quattro"}});
        world.call("/api/licenze/attiva", body).await.expect(200);
        let before = world.get("/api/statistiche", &cast.root).await.expect(200).body;
        assert_eq!(before["licenze_per_stato"]["in_attesa_convalida"], 1);
        let validate = format!("/api/admin/clienti/{customer}/convalida");
        world.post(&validate, &cast.root, json!({})).await.expect(200);
        let after = world.get("/api/statistiche", &cast.root).await.expect(200).body;
        assert_eq!(after["licenze_per_stato"]["in_attesa_convalida"], 0);
        assert_figures_stay(&world, &tokens, &[]).await;

        // One who moves takes the licences along, and their modules.
        let seen = |body: &serde_json::Value| -> i64 {
            let states = body["licenze_per_stato"].as_object().unwrap();
            states.values().map(|n| n.as_i64().unwrap()).sum()
        };
        let of_beta = seen(&world.get("/api/statistiche", &cast.beta.token).await.body);
        let held = world.database.count(&format!(
            "SELECT COUNT(*) AS n FROM licenses WHERE customer_id = X'{}'",
            cast.rossi.id.replace('-', "")
        ));
        let assign = format!("/api/admin/clienti/{}/assegna", cast.rossi.id);
        let to_beta = json!({"azienda": cast.beta.id, "agente": null});
        world.post(&assign, &cast.root, to_beta).await.expect(200);
        assert_tallies_agree(&world.database);
        let now = seen(&world.get("/api/statistiche", &cast.beta.token).await.body);
        assert_eq!(now, of_beta + held);
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        assert_figures_stay(&world, &tokens, &[&root]).await;

        // Days go by, and nobody writes anything.
        world.clock_to("2027-01-15T10:00:00Z", 0);
        let tokens = [world.token("root@example.it", true).await];
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        assert_figures_stay(&world, &tokens, &[&root]).await;
    }
);

on_both!(
    what_is_logged_late_is_counted_and_another_zone_counts_all_anew,
    |world| async {
        let cast = world.cast().await;
        fold(&world).await;
        let late = LogId::at(world.app.clock.now() - Duration::days(3));
        let insert = format!(
            "INSERT INTO activation_log (id, at, license_id, company_id, key_kind, operation, outcome, address, request_id) \
             SELECT X'{}', created_at, id, company_id, 'activation', 'attiva', 'attivata', '', '' FROM licenses \
             WHERE id = X'{}'",
            late.to_string().replace('-', ""),
            cast.rossi.license.replace('-', "")
        );
        world.database.execute(&insert).unwrap();
        let tokens = [cast.root.clone(), cast.alfa.token.clone()];
        for token in &tokens {
            let seen = world.get("/api/statistiche", token).await.expect(200).body;
            assert_eq!(seen["attivazioni"]["totale"]["riuscite"], 1);
        }
        assert_figures_stay(&world, &tokens, &[]).await;
        let elsewhere = "Pacific/Auckland".parse().unwrap();
        world
            .app
            .db
            .fold_tallies(world.app.clock.now(), elsewhere)
            .await
            .unwrap();
        assert_tallies_agree(&world.database);
        let named = world.database.texts("SELECT zone AS t FROM tally_state");
        assert_eq!(named, [Some("Pacific/Auckland".to_owned())]);
    }
);

on_both!(folding_while_others_activate_loses_nothing, |world| async {
    let cast = world.cast().await;
    let mut keys = Vec::new();
    for _ in 0..4 {
        let issued = world
            .issue(&cast.root, json!({"cliente": cast.verdi.id, "quantita": 10}))
            .await;
        keys.extend(issued.into_iter().map(|(_, key)| key));
    }
    let other = world.second().await;
    let fold_on = |app: sigillo::operations::App| async move {
        for _ in 0..20 {
            app.db.fold_tallies(app.clock.now(), app.zone).await.unwrap();
        }
    };
    let activate = async {
        for (n, key) in keys.iter().enumerate() {
            let body = json!({"chiave_licenza": key, "dispositivo": {"id": format!("d{n}")}});
            world.call("/api/licenze/attiva", body).await.expect(200);
        }
    };
    rocket::tokio::join!(activate, fold_on(world.app.clone()), fold_on(other));
    assert_tallies_agree(&world.database);
    assert_figures_stay(&world, &[cast.root, cast.anna.token], &[]).await;
});
