//! The API's documentation.

use crate::{on_both, support::browser::Browser};

on_both! {
    the_api_is_documented_for_everybody_in_either_language,
    |world| async move {
        let browser = Browser::new(&world);
        let page = browser.get("/api/docs").await.expect(200);
        for words in ["Prima attivazione in 5 minuti", "Attiva una licenza su un dispositivo.", "non occupa posti", "/api/licenze/attiva", "chiave_licenza", "DISPOSITIVI_ESAURITI", "https://licenze.example.it/api/"] {
            assert!(page.text.contains(words), "no {words}");
        }
        assert_eq!(page.text.matches("class=\"operation").count(), page.text.matches("id=\"get-").count() + page.text.matches("id=\"post-").count() + page.text.matches("id=\"patch-").count());
        browser.keep("__Host-sigillo_lingua", "en");
        browser.get("/api/docs").await.expect(200)
            .says("First activation in 5 minutes").says("Activate a licence on a device.").hides("docs-").hides("op-programmi");
    }
}
