//! The one search.

use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};
use serde_json::json;

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
