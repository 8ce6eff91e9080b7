//! The three logs.

use super::reads;
use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};
use serde_json::json;

on_both! {
    the_logs_are_read_by_who_may_in_either_language_and_open_to_what_changed,
    |world| async move {
        let cast = world.cast().await;
        world.call("/api/licenze/attiva", json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "PC-UNO"}})).await.expect(200);
        world.call("/api/licenze/attiva", json!({"chiave_licenza": cast.bianchi.key, "dispositivo": {"id": "PC-BETA"}})).await.expect(200);
        let path = format!("/api/admin/clienti/{}", cast.rossi.id);
        world.patch(&path, &cast.root, 1, json!({"telefono": "<script>alert(1)</script>"})).await.expect(200);
        world.settle().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        root.get("/registri/attivazioni").await.expect(200).says("PC-UNO").says("PC-BETA").says("Attivata");
        root.get("/registri/accessi").await.expect(200).says("ha inviato");
        root.get("/registri/attivita").await.expect(200)
            .says("Cliente modificato").says("Telefono").says("&lt;script&gt;").hides("<script>alert");
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.get("/registri/attivazioni").await.expect(200).says("PC-UNO").hides("PC-BETA");
        alfa.get("/registri/attivita").await.expect(200).hides("BETA").hides("root@example.it");
        alfa.get("/registri/accessi").await.expect(200).hides("root@example.it");
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        anna.get("/registri/attivazioni").await.expect(200).hides("PC-UNO");
        anna.get("/registri/attivita").await.expect(403);
        anna.get("/registri/accessi").await.expect(403);
        Browser::new(&world).get("/registri/attivita").await.expect(303);
    }
}

on_both! {
    a_log_is_filtered_and_goes_on_where_the_slice_ended,
    |world| async move {
        let cast = world.cast().await;
        for n in 0..5 {
            world.call("/api/licenze/attiva", json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": format!("PC-{n}")}})).await;
        }
        world.settle().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let first = root.get("/registri/attivazioni?limite=2&operazione=attiva").await.expect(200);
        assert_eq!(first.text.matches("log__row").count(), 2);
        let next = first.text.split_once("rel=\"next\" href=\"").unwrap().1.split('"').next().unwrap().replace("&amp;", "&");
        assert!(next.contains("operazione=attiva") && next.contains("limite=2"), "{next}");
        let second = root.get(&next).await.expect(200);
        assert_eq!(second.text.matches("log__row").count(), 2);
        for (query, count) in [
            ("q=PC-0", 1),
            ("operazione=valida", 0),
            ("dal=2020-01-01&al=2020-12-31", 0),
            ("dal=2020-01-01", 5),
            ("esito=riuscita", 1),
            ("esito=rifiutata", 4),
            ("esito=DISPOSITIVI_ESAURITI", 4),
            ("chiave=NESSUNA", 0),
        ] {
            let page = root.get(&format!("/registri/attivazioni?{query}")).await.expect(200);
            assert_eq!(page.text.matches("log__row").count(), count, "{query}");
        }
        let key = root.get(&format!("/registri/attivazioni?chiave={}", cast.rossi.key)).await.expect(200);
        assert_eq!(key.text.matches("log__row").count(), 5);
        let part = root.part("/registri/attivazioni?q=PC-0").await.expect(200);
part.hides("<html");
        assert!(part.text.contains("id=\"results\""));
        root.get("/registri/attivazioni?dal=ieri").await.expect(422);
        let sub = format!("/registri/attivita?oggetto={}&azione=cliente.creato", cast.rossi.id);
        let page = root.get(&sub).await.expect(200);
        assert_eq!(page.text.matches("log__row ").count(), 1);
        let page = root.get("/registri/attivita?utente=root@example.it&cosa=nodo").await.expect(200);
        assert_eq!(page.text.matches("log__row ").count(), 6);
        // Who acts from above is not found by an address that is not told.
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let page = alfa.get("/registri/attivita?utente=root@example.it").await.expect(200);
        assert_eq!(page.text.matches("log__row ").count(), 0);
    }
}

on_both! {
    no_text_is_missing_in_either_language,
    |world| async move {
        let cast = world.cast().await;
        world.call("/api/licenze/attiva", json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "PC-UNO"}})).await.expect(200);
        world.settle().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        for language in ["it", "en"] {
            reads(&world, "root@example.it", language);
            for path in ["/", "/registri/attivazioni", "/registri/accessi", "/registri/attivita", "/gettoni", "/gettoni/nuovo", "/impostazioni", "/cerca", "/cerca?q=ros", "/cerca?q=zzz", "/api/docs"] {
                let page = root.get(path).await.expect(200);
                assert_eq!(page.header("content-language"), Some(language), "{path}");
                // A key where its text should be: lower case with dashes, alone between two tags. One word is such a text.
                let is_key = |text: &&str| {
                    *text != "sub-company" && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.contains('-') && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
                };
                let keys: Vec<&str> = page.text.split('>').filter_map(|rest| rest.split('<').next()).filter(is_key).collect();
                assert!(keys.is_empty(), "{path} in {language}: {keys:?}");
            }
        }
    }
}
