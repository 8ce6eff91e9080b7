//! What customers see of their licences, and what they do with their devices.

use super::audited;
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use rocket::http::Status;
use serde_json::json;

async fn activate(world: &World, key: &str, device: &str) {
    let body = json!({"chiave_licenza": key, "dispositivo": {"id": device, "nome": device}});
    world.call("/api/licenze/attiva", body).await.expect(200);
}

/// A customer's own licence with room for some devices.
async fn licence_of(world: &World, root: &str, customer: &str, devices: u32) -> (String, String) {
    let order = json!({"cliente": customer, "numero_dispositivi": devices});
    world.issue(root, order).await.remove(0)
}

/// The activations of a licence by the device's name.
async fn activation(world: &World, root: &str, license: &str, device: &str) -> String {
    let sheet = world.get(&format!("/api/admin/licenze/{license}"), root).await;
    let devices = sheet.expect(200).body["dispositivi"].as_array().unwrap().clone();
    let found = devices
        .iter()
        .find(|one| one["dispositivo"]["id"] == device)
        .unwrap();
    found["id"].as_str().unwrap().to_owned()
}

on_both!(a_customer_sees_what_is_theirs_in_both_languages, |world| async {
    let cast = world.cast().await;
    activate(&world, &cast.rossi.key, "PC-ROSSI").await;
    let browser = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
    for (language, words) in [("it", "Le mie licenze"), ("en", "My licences")] {
        crate::pages::reads(&world, "rossi@example.com", language);
        let page = browser.get("/").await.expect(200);
        page.says(words).says(&cast.rossi.key).says("PC-ROSSI");
        for others in [&cast.verdi.key, &cast.neri.key, &cast.bianchi.key] {
            page.hides(others);
        }
        let path = format!("/mie-licenze/{}", cast.rossi.license);
        browser
            .get(&path)
            .await
            .expect(200)
            .says("PC-ROSSI")
            .says(&cast.rossi.key);
    }
    let path = format!("/mie-licenze/{}", cast.verdi.license);
    assert_eq!(browser.get(&path).await.status, Status::NotFound);
    let staff = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    let path = format!("/mie-licenze/{}", cast.rossi.license);
    assert_eq!(staff.get(&path).await.status, Status::Forbidden);
});

on_both!(
    a_customer_frees_devices_within_the_allowance_and_no_more,
    |world| async {
        let cast = world.cast().await;
        let (license, key) = licence_of(&world, &cast.root, &cast.rossi.id, 5).await;
        let browser = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        // The product's allowance is two in thirty days: one is the device's own, one the customer's.
        for device in ["UNO", "DUE", "TRE"] {
            activate(&world, &key, device).await;
        }
        let own = json!({"chiave_licenza": key, "dispositivo": {"id": "UNO"}});
        world.call("/api/licenze/disattiva", own).await.expect(200);
        let of = async |device: &str| {
            let id = activation(&world, &cast.root, &license, device).await;
            format!("/mie-licenze/{license}/dispositivi/{id}/libera")
        };
        let (two, three) = (of("DUE").await, of("TRE").await);
        browser.get(&two).await.expect(200).says("DUE");
        let back = browser.post(&two, &[]).await.leads();
        assert_eq!(back, format!("/mie-licenze/{license}"));
        assert_eq!(audited(&world, &license, "dispositivo.rilasciato"), 2);
        let again = browser.post(&two, &[]).await;
        assert_eq!(again.status, Status::NotFound, "it holds no place any more");
        browser.get(&back).await.says("TRE").hides("DUE").hides("/libera");
        browser.post(&three, &[]).await.leads();
        browser.get(&back).await.says("TRE");
        assert_eq!(audited(&world, &license, "dispositivo.rilasciato"), 2);
        let own = json!({"chiave_licenza": key, "dispositivo": {"id": "TRE"}});
        world
            .call("/api/licenze/disattiva", own)
            .await
            .refused(409, "RILASCI_ESAURITI");

        // After thirty days there is room again; staff do not count.
        world.app.clock.advance(chrono::Duration::days(31));
        let browser = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        browser.post(&three, &[]).await.leads();
        browser.get(&back).await.hides("TRE");
    }
);

on_both!(a_customer_names_a_device, |world| async {
    let cast = world.cast().await;
    activate(&world, &cast.rossi.key, "PC-ROSSI").await;
    let id = activation(&world, &cast.root, &cast.rossi.license, "PC-ROSSI").await;
    let path = format!("/mie-licenze/{}/dispositivi/{id}/nome", cast.rossi.license);
    let browser = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
    assert_eq!(browser.get(&path).await.expect(200).value("nome"), "PC-ROSSI");
    let empty = browser.post(&path, &[("nome", " ")]).await;
    assert_eq!(empty.status, Status::UnprocessableEntity);
    let long = "x".repeat(201);
    let long = browser.post(&path, &[("nome", &long)]).await;
    assert_eq!(long.status, Status::UnprocessableEntity);
    let back = browser
        .post(&path, &[("nome", "Portatile di Anna")])
        .await
        .leads();
    browser.get(&back).await.says("Portatile di Anna");
    assert_eq!(audited(&world, &cast.rossi.license, "dispositivo.rinominato"), 1);
    for text in crate::pages::HOSTILE {
        browser.post(&path, &[("nome", text)]).await.leads();
        crate::pages::harmless(&browser.get(&back).await.text);
        crate::pages::harmless(&browser.get(&path).await.text);
    }
});

on_both!(
    a_customer_with_many_licences_reads_them_in_slices,
    |world| async {
        let cast = world.cast().await;
        let order = json!({"cliente": cast.rossi.id, "quantita": 45});
        let keys: Vec<String> = world
            .issue(&cast.root, order)
            .await
            .into_iter()
            .map(|(_, key)| key)
            .collect();
        let browser = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        let (mut path, mut seen, mut slices) = ("/".to_owned(), Vec::new(), 0);
        loop {
            let before = world.app.db.statements_read();
            let page = browser.get(&path).await.expect(200);
            let asked = world.app.db.statements_read() - before;
            assert!(asked <= 12, "{asked} statements");
            seen.extend(
                keys.iter()
                    .filter(|key| page.text.contains(key.as_str()))
                    .cloned(),
            );
            slices += 1;
            let Some(next) = page.text.split("rel=\"next\" href=\"").nth(1) else {
                break;
            };
            path = next.split('"').next().unwrap().to_owned();
        }
        assert_eq!(slices, 3);
        seen.sort();
        let mut all = keys.clone();
        all.sort();
        assert_eq!(seen, all, "each once");
    }
);
