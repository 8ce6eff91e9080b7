//! The installation's settings.

use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};
use serde_json::json;

fn fields<'a>(
    revision: &'a str,
    name: &'a str,
    badge: &'a str,
    days: &'a str,
) -> Vec<(&'static str, &'a str)> {
    vec![
        ("revisione", revision),
        ("nome_installazione", name),
        ("avviso_ambiente", badge),
        ("email_assistenza", "aiuto@example.it"),
        ("url_privacy", ""),
        ("prova_giorni", days),
        ("offline_giorni", "14"),
        ("conserva_sessioni", "90"),
        ("conserva_posta", "365"),
        ("conserva_registrazioni", "90"),
        ("conserva_attivazioni", "0"),
        ("conserva_accessi", "0"),
    ]
}

on_both! {
    settings_are_changed_by_the_vendor_told_in_the_log_and_have_their_effect,
    |world| async move {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let form = root.get("/impostazioni").await.expect(200);
form.says("base_url").says("secret_key");
        let revision = form.value("revisione");
        root.post("/impostazioni", &fields(&revision, "", "x", "0")).await.expect(422)
            .says("Campo obbligatorio").says("Fuori dai limiti").says("aiuto@example.it");
        root.post("/impostazioni", &fields(&revision, "Licenze <b>Alfa</b>", "Ambiente di prova", "21")).await.expect(303);
        root.get("/impostazioni").await.expect(200).says("Ambiente di prova").says("Licenze &lt;b&gt;Alfa").hides("<b>Alfa");
        Browser::new(&world).get("/api/docs").await.expect(200).says("mailto:aiuto@example.it");
        let product = world.post("/api/admin/prodotti", &cast.root, json!({"codice": "NUOVO", "nome": "Nuovo"})).await.expect(201);
        assert_eq!(product.body["durata_prova_giorni"], 21);
        let form = root.get("/prodotti/nuovo").await.expect(200);
        assert_eq!((form.value("durata_prova_giorni"), form.value("giorni_offline")), ("21".into(), "14".into()));
        root.get("/registri/attivita?cosa=impostazioni").await.expect(200).says("Impostazioni modificate").says("Ambiente di prova");
        // Of the revision that was read, and of none other.
        root.post("/impostazioni", &fields(&revision, "Mie", "", "30")).await.expect(409).says("Mie").says("Ambiente di prova");
        let again = root.get("/impostazioni").await.value("revisione");
        assert_ne!(again, revision);
        root.post("/impostazioni", &fields(&again, "Mie", "", "30")).await.expect(303);
        let later = root.get("/impostazioni").await.value("revisione");
        root.post("/impostazioni", &fields(&later, "Mie", "", "30")).await.expect(303);
        assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM audit_log WHERE action = 'impostazioni.modificate'"), 2);
    }
}

on_both! {
    settings_are_the_vendors_alone,
    |world| async move {
        let cast = world.cast().await;
        for email in [&cast.alfa.email, &cast.nord.email, &cast.anna.email] {
            let browser = Browser::sign_in(&world, email, PASSWORD).await;
            browser.get("/impostazioni").await.expect(403);
            browser.post("/impostazioni", &fields("1", "Sue", "", "30")).await.expect(403);
            browser.get("/").await.hides("/impostazioni");
        }
    }
}
