//! Customers who register themselves, confirm their address, follow their request, and find what they lost.

use super::{HOSTILE, audited, harmless, recorded};
use crate::{
    on_both,
    support::{Reply, World, browser::Browser, cast::PASSWORD},
};
use rocket::http::Status;
use serde_json::{Value, json};

const EMAIL: &str = "nuovo@example.com";

/// A filled form; what is given replaces what stands.
fn form<'f>(token: &'f str, other: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut fields = vec![
        ("gettone", token),
        ("nome", "Officina Nuova"),
        ("email", EMAIL),
        ("prodotto", "GESTIONALE"),
        ("password", PASSWORD),
        ("consenso_privacy", "si"),
    ];
    for (name, value) in other {
        fields.retain(|(stands, _)| stands != name);
        fields.push((name, value));
    }
    fields
}

async fn register(world: &World, browser: &Browser<'_>, path: &str, other: &[(&str, &str)]) -> Reply {
    let token = browser.get(path).await.value("gettone");
    let reply = browser.post(path, &form(&token, other)).await;
    world.settle().await;
    reply
}

fn link(mail: &Value) -> String {
    let url = mail["url_conferma"].as_str().unwrap();
    url.split_once("//")
        .unwrap()
        .1
        .split_once('/')
        .unwrap()
        .1
        .to_owned()
}

on_both!(
    a_customer_registers_through_a_companys_link_and_activates_while_waiting,
    |world| async {
        let cast = world.cast().await;
        let browser = Browser::new(&world);
        browser
            .get("/registrazione/ALFA")
            .await
            .expect(200)
            .says("ALFA")
            .says("GESTIONALE");
        assert_eq!(
            browser.get("/registrazione/NESSUNO").await.status,
            Status::NotFound
        );
        let case = register(&world, &browser, "/registrazione/ALFA", &[])
            .await
            .leads();
        assert!(case.starts_with("/registrazione/pratica/"), "{case}");
        let shown = browser.get(&case).await.expect(200);
        shown.says("Officina Nuova").says(EMAIL);
        let key = shown
            .text
            .split("data-copy=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let body = json!({"chiave_licenza": key, "dispositivo": {"id": "PC-NUOVO"}});
        let activated = world.call("/api/licenze/attiva", body).await.expect(200);
        assert_eq!(activated.body["licenza"]["stato"], "in_attesa_convalida");

        // Who sells sees the customer in its list; its neighbour does not.
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.get("/clienti?stato=in_attesa").await.says("Officina Nuova");
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        beta.get("/clienti?stato=in_attesa").await.hides("Officina Nuova");

        // Nobody but whoever knows the code reads the request.
        let wrong = format!("/registrazione/pratica/{}", "A".repeat(43));
        assert_eq!(browser.get(&wrong).await.status, Status::NotFound);
        let short = browser.get("/registrazione/pratica/corto").await;
        assert_eq!(short.status, Status::NotFound);
    }
);

on_both!(
    a_registration_that_is_sent_twice_makes_one_customer,
    |world| async {
        world.cast().await;
        let browser = Browser::new(&world);
        let token = browser.get("/registrazione").await.value("gettone");
        let first = browser.post("/registrazione", &form(&token, &[])).await.leads();
        let second = browser.post("/registrazione", &form(&token, &[])).await.leads();
        assert_eq!(first, second);
        assert_eq!(recorded(&world, "cliente.registrato"), 1);
        let changed = form(&token, &[("nome", "Un altro")]);
        let other = browser.post("/registrazione", &changed).await;
        assert_eq!(other.status, Status::Conflict, "{}", other.text);
    }
);

on_both!(a_bad_registration_comes_back_filled, |world| async {
    world.cast().await;
    let browser = Browser::new(&world);
    for language in ["it", "en"] {
        browser.keep("__Host-sigillo_lingua", language);
        for (name, value) in [
            ("nome", ""),
            ("email", "non-un-indirizzo"),
            ("partita_iva", "12345678901"),
            ("prodotto", "NESSUNO"),
            ("password", "corta"),
            ("consenso_privacy", ""),
        ] {
            let reply = register(&world, &browser, "/registrazione/ALFA", &[(name, value)]).await;
            assert_eq!(
                reply.status,
                Status::UnprocessableEntity,
                "{name}: {}",
                reply.text
            );
            reply.says(&format!("id=\"{name}-e\"")).hides(PASSWORD);
            if name != "nome" {
                assert_eq!(reply.value("nome"), "Officina Nuova");
            }
        }
        for text in HOSTILE {
            let reply = register(&world, &browser, "/registrazione", &[("nome", text)]).await;
            harmless(&browser.get(&reply.leads()).await.text);
            let wrong = [("nome", text), ("email", text), ("telefono", text)];
            let reply = register(&world, &browser, "/registrazione", &wrong).await;
            assert_eq!(reply.status, Status::UnprocessableEntity);
            harmless(&reply.text);
        }
    }
});

on_both!(
    the_address_is_confirmed_by_who_has_it_who_then_signs_in_and_sees_what_waits,
    |world| async {
        world.cast().await;
        let browser = Browser::new(&world);
        register(&world, &browser, "/registrazione/ALFA", &[])
            .await
            .leads();
        let mail = world.mails("registrazione", EMAIL).remove(0);
        let link = format!("/{}", link(&mail));
        // Nobody has an account before the link is followed, and opening it does nothing.
        let refused = browser
            .post("/accedi", &[("email", EMAIL), ("password", PASSWORD)])
            .await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        browser.get(&link).await.expect(200).says(EMAIL);
        browser.get(&link).await.expect(200);
        let empty = browser.post(&link, &[]).await;
        assert_eq!(empty.status, Status::UnprocessableEntity);
        let weak = browser.post(&link, &[("password", "corta")]).await;
        assert_eq!(weak.status, Status::UnprocessableEntity);
        assert_eq!(
            browser.post(&link, &[("password", PASSWORD)]).await.leads(),
            "/accedi"
        );
        for reply in [
            browser.get(&link).await,
            browser.post(&link, &[("password", PASSWORD)]).await,
        ] {
            assert_eq!(reply.status, Status::NotFound, "a link works once");
        }
        assert_eq!(recorded(&world, "cliente.confermato"), 1);
        let customer = Browser::sign_in(&world, EMAIL, PASSWORD).await;
        customer.get("/").await.expect(200).says("In attesa di convalida");
        let confirmed = world
            .database
            .count("SELECT COUNT(*) AS n FROM customers WHERE email = 'nuovo@example.com' AND email_confirmed_at IS NOT NULL");
        assert_eq!(confirmed, 1);
    }
);

on_both!(
    who_has_an_account_keeps_it_whoever_registers_with_the_address,
    |world| async {
        let cast = world.cast().await;
        let browser = Browser::new(&world);
        let anna = cast.anna.email.as_str();
        let other = [("email", anna), ("password", "una-password-di-un-estraneo")];
        register(&world, &browser, "/registrazione", &other).await.leads();
        let mail = world.mails("registrazione_ripetuta", anna).remove(0);
        let link = format!("/{}", link(&mail));
        browser.get(&link).await.expect(200).hides("name=\"password\"");
        let reply = browser
            .post(&link, &[("password", "una-password-di-un-estraneo")])
            .await;
        assert_eq!(reply.status, Status::Ok);
        let users = format!("SELECT COUNT(*) AS n FROM users WHERE email = '{anna}'");
        assert_eq!(world.database.count(&users), 1);
        Browser::sign_in(&world, anna, PASSWORD).await;
    }
);

on_both!(
    an_address_without_a_password_is_confirmed_with_or_without_one,
    |world| async {
        world.cast().await;
        let browser = Browser::new(&world);
        for (email, password) in [("uno@example.com", ""), ("due@example.com", PASSWORD)] {
            let other = [("email", email), ("password", "")];
            register(&world, &browser, "/registrazione", &other).await.leads();
            let link = format!("/{}", link(&world.mails("registrazione", email).remove(0)));
            let reply = browser.post(&link, &[("password", password)]).await;
            let users = format!("SELECT COUNT(*) AS n FROM users WHERE email = '{email}'");
            if password.is_empty() {
                assert_eq!(reply.status, Status::Ok, "{}", reply.text);
                assert_eq!(world.database.count(&users), 0);
            } else {
                assert_eq!(reply.leads(), "/accedi");
                Browser::sign_in(&world, email, password).await;
            }
        }
    }
);

on_both!(
    lost_keys_are_mailed_to_whom_they_belong_and_the_answer_is_one,
    |world| async {
        let cast = world.cast().await;
        let browser = Browser::new(&world);
        let known = browser.post("/chiavi", &[("email", "rossi@example.com")]).await;
        let unknown = browser.post("/chiavi", &[("email", "nessuno@example.com")]).await;
        assert_eq!((known.status, unknown.status), (Status::Ok, Status::Ok));
        let plain = |reply: &Reply| {
            let id = reply.header("x-request-id").unwrap_or_default().to_owned();
            let token = reply.text.contains("gettone").then(|| reply.value("gettone"));
            reply
                .text
                .replace(&id, "")
                .replace(&token.unwrap_or_default(), "")
        };
        assert_eq!(plain(&known), plain(&unknown));
        let mut mails = Vec::new();
        while mails.is_empty() {
            tokio::task::yield_now().await;
            mails = world.mails("ritrova_chiavi", "rossi@example.com");
        }
        assert_eq!(mails[0]["chiavi"][0]["chiave"], cast.rossi.key.as_str());
        assert_eq!(mails[0]["chiavi"].as_array().unwrap().len(), 1);
        assert_eq!(audited(&world, &cast.rossi.id, "cliente.chiavi_inviate"), 1);
        assert!(world.mails("ritrova_chiavi", "nessuno@example.com").is_empty());
        for typed in ["", "rossi", "a@b@c"] {
            let reply = browser.post("/chiavi", &[("email", typed)]).await;
            assert_eq!(reply.status, Status::UnprocessableEntity, "{typed}");
        }
    }
);

on_both!(
    how_a_licence_stands_is_told_by_key_and_device_together,
    |world| async {
        let cast = world.cast().await;
        let body = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "PC-ROSSI"}});
        world.call("/api/licenze/attiva", body).await.expect(200);
        let browser = Browser::new(&world);
        let ask = async |key: &str, device: &str| {
            browser
                .post("/stato", &[("chiave_licenza", key), ("dispositivo", device)])
                .await
        };
        let seen = "SELECT COUNT(*) AS n FROM activation_log WHERE operation = 'valida'";
        ask(&cast.rossi.key, "PC-ROSSI")
            .await
            .says("funziona su questo dispositivo");
        let elsewhere = ask(&cast.rossi.key, "PC-ALTRO").await;
        let nobodys = ask(&cast.verdi.key, "PC-ROSSI").await;
        for reply in [&elsewhere, &nobodys] {
            reply
                .says("Nessuna licenza con questa chiave")
                .hides("GESTIONALE");
        }
        let mistyped = ask("AAAAA-AAAAA", "PC-ROSSI").await;
        assert_eq!(mistyped.status, Status::UnprocessableEntity);
        let path = format!("/api/admin/licenze/{}/sospendi", cast.rossi.license);
        world
            .post(&path, &cast.root, json!({"motivo": "prova"}))
            .await
            .expect(200);
        ask(&cast.rossi.key, "PC-ROSSI").await.says("Sospesa");
        world.settle().await;
        assert_eq!(world.database.count(seen), 0, "the device was not heard of");
    }
);
