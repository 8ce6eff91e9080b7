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
