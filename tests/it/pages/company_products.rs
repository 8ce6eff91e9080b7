//! What a company may sell: what is taken from it does not exist for it and for all below it, and what they have goes on.

use super::{audited, harmless, reads};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use serde_json::{Value, json};

const ROOT: &str = "root@example.it";

fn products(id: &str) -> String {
    format!("/aziende/{id}/prodotti")
}

/// Chooses as the page's form does, read a moment before.
async fn choose(browser: &Browser<'_>, id: &str, codes: &[&str]) {
    let page = browser.get(&products(id)).await.expect(200);
    let revision = page.value("revisione");
    let mut sent = vec![
        ("revisione", revision.as_str()),
        ("vende", if codes.is_empty() { "tutti" } else { "scelti" }),
    ];
    sent.extend(codes.iter().map(|code| ("prodotti", *code)));
    let reply = browser.post(&products(id), &sent).await;
    assert_eq!(reply.status.code, 303, "{codes:?}: {}", reply.text);
}

/// A second product, and its identifier.
async fn other(world: &World, root: &str) -> String {
    let body =
        json!({"codice": "ALTRO", "nome": "Altro programma", "tipi_licenza": ["trial", "abbonamento"]});
    world
        .post("/api/admin/prodotti", root, body)
        .await
        .expect(201)
        .str("/id")
}

fn codes(body: &Value) -> Vec<String> {
    let all = body["dati"].as_array().unwrap().iter();
    let mut codes: Vec<String> = all
        .map(|one| one["codice"].as_str().unwrap().to_owned())
        .collect();
    codes.sort();
    codes
}

on_both!(
    what_is_not_assigned_does_not_exist_for_a_company_and_all_below_it,
    |world| async {
        let cast = world.cast().await;
        other(&world, &cast.root).await;
        let trial = json!({"tipo_licenza": "trial", "cliente": cast.neri.id});
        let trial = world.issue(&cast.root, trial).await.remove(0).0;
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        for token in [&cast.alfa.token, &cast.nino.token, &cast.bruno.token] {
            let list = world.get("/api/admin/prodotti", token).await.expect(200);
            assert_eq!(codes(&list.body), ["ALTRO", "GESTIONALE"]);
        }
        choose(&root, &cast.alfa.id, &["ALTRO"]).await;
        assert_eq!(audited(&world, &cast.alfa.id, "nodo.modificato"), 1);

        let id = cast.product.clone();
        for member in [&cast.alfa, &cast.anna, &cast.nord, &cast.nino] {
            let token = &member.token;
            let list = world.get("/api/admin/prodotti", token).await.expect(200);
            assert_eq!(codes(&list.body), ["ALTRO"], "{}", member.email);
            world.get("/api/admin/prodotti/ALTRO", token).await.expect(200);
            for name in ["GESTIONALE", id.as_str()] {
                let nobodys = world.get("/api/admin/prodotti/NESSUNO", token).await;
                let gone = world.get(&format!("/api/admin/prodotti/{name}"), token).await;
                assert_eq!((gone.status, gone.code()), (nobodys.status, nobodys.code()));
                let body = json!({"prodotto": name, "tipo_licenza": "trial"});
                let made = world.post("/api/admin/licenze", token, body).await;
                made.refused(404, "NON_TROVATO");
            }
            for path in [
                "/api/admin/licenze?prodotto=GESTIONALE",
                "/api/statistiche?prodotto=GESTIONALE",
            ] {
                world.get(path, token).await.refused(404, "NON_TROVATO");
            }
            let browser = Browser::sign_in(&world, &member.email, PASSWORD).await;
            for path in [
                "/prodotti/GESTIONALE",
                "/prodotti/GESTIONALE/moduli",
                "/prodotti/GESTIONALE/versioni",
                "/licenze?prodotto=GESTIONALE",
                "/licenze/esporta/csv?prodotto=GESTIONALE",
                "/lotti?prodotto=GESTIONALE",
                "/statistiche?prodotto=GESTIONALE",
            ] {
                assert_eq!(browser.get(path).await.status.code, 404, "{path}");
            }
            for path in ["/prodotti", "/licenze/nuova", "/statistiche"] {
                let page = browser.get(path).await.expect(200).text;
                assert!(page.contains("ALTRO"), "{path}");
                assert!(!page.contains("value=\"GESTIONALE\""), "{path}");
                assert!(
                    path == "/statistiche" || !page.contains("GESTIONALE"),
                    "{path}: {page}"
                );
            }
            let list = browser.get("/licenze").await.expect(200).text;
            assert!(!list.contains("value=\"GESTIONALE\""));
            let form = [
                ("prodotto", "GESTIONALE"),
                ("tipo_licenza", "trial"),
                ("quantita", "1"),
                ("gettone", "0123456789abcdef0123456789abcdef"),
            ];
            let made = browser.post("/licenze/nuova", &form).await;
            assert_ne!(made.status.code, 303, "{}", made.text);
        }
        // What they have is seen, named and goes on working; but nothing new comes of it.
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let seen = world
            .get(
                &format!("/api/admin/licenze/{}", cast.rossi.license),
                &cast.alfa.token,
            )
            .await
            .expect(200);
        assert_eq!(seen.str("/prodotto/codice"), "GESTIONALE");
        let name = seen.str("/prodotto/nome");
        alfa.get("/licenze").await.expect(200).says(&name);
        let sheet = alfa
            .get(&format!("/licenze/{}", cast.rossi.license))
            .await
            .expect(200);
        sheet.says(&name);
        assert!(!sheet.text.contains("/prodotti/GESTIONALE"));
        let body = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "D1"}});
        world.call("/api/licenze/attiva", body).await.expect(200);
        let to = json!({"tipo_licenza": "abbonamento"});
        let path = format!("/api/admin/licenze/{trial}/converti");
        world
            .post(&path, &cast.alfa.token, to.clone())
            .await
            .refused(404, "NON_TROVATO");
        let page = alfa.get(&format!("/licenze/{trial}")).await.expect(200);
        assert!(!page.text.contains("/converti"));
        assert_eq!(
            alfa.get(&format!("/licenze/{trial}/converti")).await.status.code,
            404
        );
        // The vendor sells it still, but not for them; and others do.
        let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial", "azienda": cast.nord.id});
        world
            .post("/api/admin/licenze", &cast.root, order)
            .await
            .field("prodotto", "NON_COMPATIBILE");
        world.post(&path, &cast.root, to).await.expect(200);
        let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial"});
        world
            .post("/api/admin/licenze", &cast.bruno.token, order)
            .await
            .expect(201);

        // Whoever registers with them does not meet it either.
        let public = Browser::new(&world);
        public
            .get("/registrazione/ALFA")
            .await
            .expect(200)
            .hides("GESTIONALE");
        public.get("/registrazione").await.expect(200).says("GESTIONALE");
        let register = async |product: &str, email: &str| {
            let body = json!({
                "nome": "Carla", "email": email, "prodotto": product, "codice_rivenditore": "ALFA",
                "consenso_privacy": true,
            });
            world.call("/api/clienti/registrazione", body).await
        };
        let unknown = register("NESSUNO", "a@example.org").await;
        let gone = register("GESTIONALE", "a@example.org").await;
        assert_eq!(unknown.status, gone.status);
        assert_eq!(unknown.body["campi"], gone.body["campi"]);
        register("ALTRO", "a@example.org").await.expect(201);

        choose(&root, &cast.alfa.id, &[]).await;
        let list = world
            .get("/api/admin/prodotti", &cast.nino.token)
            .await
            .expect(200);
        assert_eq!(codes(&list.body), ["ALTRO", "GESTIONALE"]);
    }
);

on_both!(a_company_gives_those_below_it_only_of_its_own, |world| async {
    let cast = world.cast().await;
    other(&world, &cast.root).await;
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let nord = Browser::sign_in(&world, &cast.nord.email, PASSWORD).await;
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    let some = [("vende", "scelti"), ("prodotti", "ALTRO")];
    for (browser, id, status) in [
        (&alfa, &cast.alfa.id, 403),
        (&alfa, &cast.beta.id, 404),
        (&alfa, &cast.anna.id, 404),
        (&nord, &cast.nord.id, 403),
        (&nord, &cast.alfa.id, 404),
        (&anna, &cast.anna.id, 403),
        (&root, &cast.anna.id, 404),
    ] {
        let reply = browser.post(&products(id), &some).await;
        assert_eq!(reply.status.code, status, "{id}: {}", reply.text);
    }
    let count = "SELECT COUNT(*) AS n FROM company_products";
    assert_eq!(world.database.count(count), 0);

    choose(&alfa, &cast.nord.id, &["ALTRO", "GESTIONALE"]).await;
    choose(&root, &cast.alfa.id, &["ALTRO"]).await;
    let page = alfa.get(&products(&cast.nord.id)).await.expect(200);
    page.hides("GESTIONALE");
    for (browser, id) in [
        (&nord, &cast.nord.id),
        (&anna, &cast.anna.id),
        (&alfa, &cast.alfa.id),
    ] {
        let page = browser.get(&products(id)).await.expect(200);
        page.says("ALTRO").hides("GESTIONALE");
        assert!(!page.text.contains("name=\"vende\""));
    }
    let gone = [("vende", "scelti"), ("prodotti", "GESTIONALE")];
    assert_eq!(alfa.post(&products(&cast.nord.id), &gone).await.status.code, 404);
    // What was chosen below is sold again when it is sold above.
    choose(&alfa, &cast.nord.id, &["ALTRO"]).await;
    choose(&root, &cast.alfa.id, &[]).await;
    let list = world
        .get("/api/admin/prodotti", &cast.nino.token)
        .await
        .expect(200);
    assert_eq!(codes(&list.body), ["ALTRO", "GESTIONALE"]);
    choose(&alfa, &cast.nord.id, &["ALTRO"]).await;
    let list = world
        .get("/api/admin/prodotti", &cast.nino.token)
        .await
        .expect(200);
    assert_eq!(codes(&list.body), ["ALTRO"]);
    // Whoever moves sells what is sold where they are.
    choose(&root, &cast.beta.id, &["GESTIONALE"]).await;
    let path = format!("/aziende/{}/sposta", cast.nord.id);
    let moved = root.post(&path, &[("azienda_padre", &cast.beta.id)]).await;
    assert_eq!(moved.status.code, 303, "{}", moved.text);
    let list = world
        .get("/api/admin/prodotti", &cast.nino.token)
        .await
        .expect(200);
    assert!(codes(&list.body).is_empty(), "{}", list.text);

    // None is a fault, an old form is told, and words are only words.
    let path = products(&cast.beta.id);
    let none = root.post(&path, &[("vende", "scelti")]).await;
    assert_eq!(none.status.code, 422, "{}", none.text);
    let stale = [("revisione", "1"), ("vende", "scelti"), ("prodotti", "ALTRO")];
    let stale = root.post(&path, &stale).await;
    assert_eq!(stale.status.code, 409, "{}", stale.text);
    assert!(stale.text.contains("Sovrascrivi"));
    let again = stale.value("revisione");
    let again = [
        ("revisione", again.as_str()),
        ("vende", "scelti"),
        ("prodotti", "ALTRO"),
    ];
    assert_eq!(root.post(&path, &again).await.status.code, 303);
    let hostile = [("vende", "scelti"), ("prodotti", "\"><script>alert(1)")];
    let reply = root.post(&path, &hostile).await;
    assert_eq!(reply.status.code, 404);
    harmless(&reply.text);
    reads(&world, ROOT, "en");
    root.get(&path).await.expect(200).says("only these");
});
