//! The messages that go out: who sees which, without what opens something, and sending them again.

use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use chrono::Duration;
use rocket::http::Method;
use serde_json::json;

/// Invites somebody on the caller's behalf, and gives the message's identifier and the link in it.
async fn invited(world: &World, token: &str, email: &str) -> (String, String) {
    let body = json!({"nome": "Carla <b>Ferri", "email": email});
    world.post("/api/admin/utenti", token, body).await.expect(201);
    let link = world.mails("invito", email)[0]["url_invito"]
        .as_str()
        .unwrap()
        .to_owned();
    let id = world.database.texts(&format!(
        "SELECT LOWER(HEX(id)) AS t FROM outbox WHERE recipient = '{email}'"
    ));
    let id = id[0].clone().unwrap();
    let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
    (id, link)
}

fn ended(world: &World, email: &str, state: &str) {
    let sql =
        format!("UPDATE outbox SET state = '{state}', last_error = 'nessuno' WHERE recipient = '{email}'");
    world.database.execute(&sql).unwrap();
}

on_both!(messages_are_seen_by_who_they_go_out_for, |world| {
    async move {
        let cast = world.cast().await;
        let (id, link) = invited(&world, &cast.alfa.token, "carla@example.com").await;
        let secret = link.rsplit('/').next().unwrap().to_owned();
        for email in ["root@example.it", "alfa@example.it"] {
            let browser = Browser::sign_in(&world, email, PASSWORD).await;
            for language in ["it", "en"] {
                browser
                    .post("/profilo", &[("nome", "Prova"), ("lingua", language)])
                    .await
                    .expect(303);
                browser.get("/posta").await.expect(200).says("carla@example.com");
                let page = browser.get(&format!("/posta/{id}")).await.expect(200);
                page.says("Carla &lt;b&gt;Ferri")
                    .says("••••")
                    .hides(&secret)
                    .hides("<b>Ferri");
                for query in [
                    "stato=in_coda",
                    "tipo=invito",
                    "q=carla%40example.com",
                    "q=CARLA%40example.com",
                ] {
                    browser
                        .part(&format!("/posta?{query}"))
                        .await
                        .expect(200)
                        .says("carla@example.com");
                }
                for query in ["stato=inviata", "tipo=prova", "q=nessuno%40example.com", "q=%27"] {
                    browser
                        .part(&format!("/posta?{query}"))
                        .await
                        .expect(200)
                        .hides("carla@example.com");
                }
            }
            browser.get("/posta?stato=x").await.expect(422);
        }
        for email in ["beta@example.it", "nord@example.it"] {
            let browser = Browser::sign_in(&world, email, PASSWORD).await;
            browser.get("/posta").await.expect(200).hides("carla@example.com");
            browser.get(&format!("/posta/{id}")).await.expect(404);
            ended(&world, "carla@example.com", "rifiutata");
            browser
                .post(&format!("/posta/{id}/rispedisci"), &[])
                .await
                .expect(404);
            assert_eq!(queued(&world), 0);
        }
        let agent = Browser::sign_in(&world, "anna@example.it", PASSWORD).await;
        agent.get("/posta").await.expect(403);
        agent.get("/").await.hides("href=\"/posta\"");
    }
});

fn queued(world: &World) -> i64 {
    world
        .database
        .count("SELECT COUNT(*) AS n FROM outbox WHERE recipient = 'carla@example.com' AND state = 'in_coda'")
}

on_both!(a_message_that_was_refused_is_sent_again_once, |world| {
    async move {
        let cast = world.cast().await;
        let (id, _) = invited(&world, &cast.alfa.token, "carla@example.com").await;
        let alfa = Browser::sign_in(&world, "alfa@example.it", PASSWORD).await;
        let (page, again) = (format!("/posta/{id}"), format!("/posta/{id}/rispedisci"));
        alfa.get(&page).await.expect(200).hides(&again);
        let said = alfa.post(&again, &[]).await.expect(303);
        assert_eq!(said.leads(), page);
        ended(&world, "carla@example.com", "rifiutata");
        alfa.get(&page).await.expect(200).says(&again).says("nessuno");
        alfa.post(&again, &[]).await.expect(303);
        alfa.get(&page).await.says("di nuovo in coda");
        assert_eq!(queued(&world), 1);
        // A second press of the button finds it in the queue.
        alfa.post(&again, &[]).await.expect(303);
        let audited = |event: &str| {
            world.database.count(&format!(
                "SELECT COUNT(*) AS n FROM audit_log WHERE action = '{event}'"
            ))
        };
        assert_eq!(audited("messaggio.rispedito"), 1);
        // What it leads to is over.
        ended(&world, "carla@example.com", "abbandonata");
        world.app.clock.advance(Duration::days(8));
        let alfa = Browser::sign_in(&world, "alfa@example.it", PASSWORD).await;
        alfa.get(&page).await.expect(200).hides(&again);
        alfa.post(&again, &[]).await.expect(303);
        assert_eq!((queued(&world), audited("messaggio.rispedito")), (0, 1));

        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        root.post("/posta/prova", &[]).await.expect(303);
        root.get("/posta")
            .await
            .expect(200)
            .says("Messaggio di prova")
            .says("smtp_url");
        assert_eq!(world.mails("prova", "root@example.it").len(), 1);
        assert_eq!(audited("posta.provata"), 1);
        alfa.send(
            Method::Post,
            "/posta/prova",
            Some(&[]),
            &[("Origin", "http://localhost")],
        )
        .await
        .expect(403);
    }
});

on_both!(keys_go_to_the_address_that_a_customer_has_now, |world| {
    async move {
        let cast = world.cast().await;
        let path = format!("/api/admin/clienti/{}", cast.rossi.id);
        let old = world.get(&path, &cast.root).await.expect(200).str("/email");
        Browser::new(&world).post("/chiavi", &[("email", &old)]).await;
        while world.mails("ritrova_chiavi", &old).is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let page = root.get("/posta?tipo=ritrova_chiavi").await.expect(200);
        let text = page.text.clone();
        let path = text
            .split("href=\"")
            .find(|link| link.starts_with("/posta/01"))
            .unwrap();
        let path = path.split('"').next().unwrap().to_owned();
        root.get(&path).await.expect(200).hides(&cast.rossi.key);
        world
            .database
            .execute(&format!(
                "UPDATE customers SET email = 'nuova@example.com' WHERE email = '{old}'"
            ))
            .unwrap();
        ended(&world, &old, "rifiutata");
        root.post(&format!("{path}/rispedisci"), &[]).await.expect(303);
        assert_eq!(world.mails("ritrova_chiavi", "nuova@example.com").len(), 1);
    }
});
