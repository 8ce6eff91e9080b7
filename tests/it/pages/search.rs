//! The one search.

use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};
use rocket::http::Method;
use serde_json::{Value, json};

on_both! {
    one_search_finds_what_its_reader_may_see_and_nothing_else,
    |world| async move {
        let cast = world.cast().await;
        world.call("/api/licenze/attiva", json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "PC-ROSSI", "nome": "Ufficio"}})).await.expect(200);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        let license = format!("/licenze/{}", cast.rossi.license);
        let tail = cast.rossi.key.rsplit('-').next().unwrap();
        for (typed, wanted) in [
            (tail, license.clone()),
            (&tail.to_lowercase(), license.clone()),
            ("PC-ROSSI", license.clone()),
            ("ross", format!("/clienti/{}", cast.rossi.id)),
            ("rossi@example.com", format!("/clienti/{}", cast.rossi.id)),
            ("nord", format!("/aziende/{}", cast.nord.id)),
            ("nord@example.it", "/utenti/".into()),
        ] {
            alfa.get(&format!("/cerca?q={typed}")).await.expect(200).says(&format!("href=\"{wanted}"));
            beta.get(&format!("/cerca?q={typed}")).await.expect(200).says("Nessun risultato");
        }
        let straight = alfa.get(&format!("/cerca?q={}", cast.rossi.key)).await.expect(303);
        assert_eq!(straight.header("location"), Some(license.as_str()));
        beta.get(&format!("/cerca?q={}", cast.rossi.key)).await.expect(200).says("Nessun risultato");
        alfa.part("/cerca?vivo=si&q=ross").await.expect(200).hides("<html").says("ROSSI spa");
        alfa.get("/cerca").await.expect(200);
        alfa.get("/cerca?q=r").await.expect(200).hides("ROSSI");
        alfa.get("/cerca?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.expect(200).hides("<script>alert");
        let customer = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        customer.get("/cerca?q=ross").await.expect(200).says("Nessun risultato");
    }
}

on_both! {
    the_palette_offers_what_its_reader_may_open_begin_and_see,
    |world| async move {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        let customer = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        let begun = ["/licenze/nuova", "/clienti/nuovo", "/prodotti/nuovo", "/aziende/nuova", "/utenti/nuovo", "/gettoni/nuovo"];
        for (browser, may) in [(&root, 6), (&beta, 5), (&anna, 3), (&customer, 0)] {
            let part = browser.part("/cerca?rapida=si&q=").await.expect(200).hides("<html").text.clone();
            let offered: Vec<&str> = begun
                .into_iter()
                .filter(|path| part.contains(&format!("href=\"{path}\"")))
                .collect();
            assert_eq!(offered.len(), may, "{offered:?}");
            // Whatever is offered opens.
            for path in offered.into_iter().chain(["/", "/profilo", "/api/docs"]) {
                assert!(part.contains(&format!("href=\"{path}\"")), "{path}");
                browser.get(path).await.expect(200);
            }
        }
        root.part("/cerca?rapida=si&q=nuo%20pro").await.expect(200).says("Nuovo prodotto").hides("Nuova licenza");
        root.part("/cerca?rapida=si&q=ATTIVITA").await.expect(200).says("/registri/attivita").hides("/registri/accessi");
        anna.part("/cerca?rapida=si&q=nuo%20pro").await.expect(200).hides("Nuovo prodotto");
        let license = format!("href=\"/licenze/{}\"", cast.verdi.license);
        for typed in [&cast.verdi.key, cast.verdi.key.rsplit('-').next().unwrap()] {
            anna.part(&format!("/cerca?rapida=si&q={typed}")).await.expect(200).says(&license);
            beta.part(&format!("/cerca?rapida=si&q={typed}")).await.expect(200).hides(&license);
        }
        anna.part("/cerca?rapida=si&q=verd").await.expect(200).says("VERDI spa").says("data-asked=\"verd\"");
        beta.part("/cerca?rapida=si&q=verd").await.expect(200).hides("VERDI spa").says("data-told=\"Nessun risultato\"");
        customer.part("/cerca?rapida=si&q=verd").await.expect(200).hides("VERDI spa");
        let hostile = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E%7B%7B%207*7%20%7D%7D%26q=x";
        root.part(&format!("/cerca?rapida=si&q={hostile}")).await.expect(200)
            .hides("<script>alert").says("{{ 7*7 }}").says("%26q%3Dx");
        // Without htmx it is the search's own page.
        anna.get("/cerca?rapida=si&q=verd").await.expect(200).says("<html").says("VERDI spa");
        Browser::new(&world).part("/cerca?rapida=si&q=verd").await.hides("VERDI");
    }
}

on_both! {
    keys_of_one_letter_are_switched_off_and_on_in_each_browser,
    |world| async move {
        world.cast().await;
        let browser = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        browser.get("/").await.expect(200).hides("data-keys=\"off\"").says("data-go=\"l\"").says("<kbd>n</kbd>");
        let off = browser.post("/aspetto/tasti", &[("poi", "/profilo")]).await;
        assert_eq!(off.leads(), "/profilo");
        browser.get("/profilo").await.expect(200).says("data-keys=\"off\"").hides("<kbd>n</kbd>").says("sono spente.</p>");
        browser.get("/profilo").await.expect(200).hides("sono spente.</p>");
        let on = browser.post("/aspetto/tasti", &[("tasti", "si"), ("poi", "https://example.com")]).await;
        assert_eq!(on.leads(), "/");
        browser.get("/").await.expect(200).hides("data-keys=\"off\"");
    }
}

on_both! {
    what_changes_in_place_is_told_beside_it_and_once,
    |world| async move {
        world.cast().await;
        let first = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        for _ in 0..2 {
            Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        }
        let close = |page: &str| {
            let action = page.split("action=\"/profilo/sessioni/").nth(1).unwrap();
            format!("/profilo/sessioni/{}/chiudi", &action[..36])
        };
        let page = first.get("/profilo").await.expect(200).text;
        let here = [("Origin", "https://licenze.example.it"), ("HX-Request", "true")];
        let part = first.send(Method::Post, &close(&page), Some(&[]), &here).await.expect(200);
        part.hides("<html").says("id=\"sessioni\"");
        let told: Value = serde_json::from_str(part.header("hx-trigger").unwrap()).unwrap();
        assert_eq!(told, json!({"toast": {"level": "ok", "msg": "La sessione è chiusa."}}));
        first.get("/profilo").await.expect(200).hides("La sessione è chiusa.");
        // Without a script the page is opened anew, and says it there.
        let led = first.post(&close(&part.text), &[]).await;
        assert_eq!((led.leads().as_str(), led.header("hx-trigger")), ("/profilo", None));
        first.get("/profilo").await.expect(200).says("La sessione è chiusa.");
        first.get("/profilo").await.expect(200).hides("La sessione è chiusa.");
    }
}
