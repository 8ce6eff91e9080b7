//! Templates of the form that creates licences: kept from it, chosen at its top, renamed and taken away.

use super::{HOSTILE, harmless, reads, recorded};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use serde_json::json;

const ROOT: &str = "root@example.it";
const NEW: &str = "/licenze/modelli/nuovo";

/// The identifier of a template by its name.
fn template(world: &World, name: &str) -> String {
    let hex = world.database.texts(&format!(
        "SELECT LOWER(HEX(id)) AS t FROM license_templates WHERE name = '{name}'"
    ));
    let hex = hex[0].clone().unwrap();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// Keeps what the form of licences holds under a name; where that leads.
async fn keep(browser: &Browser<'_>, form: &[(&str, &str)], kept: &[(&str, &str)]) -> String {
    let asked = browser.post(NEW, form).await.expect(200);
    let value = |name: &str| asked.value(name).replace("&amp;", "&");
    let (token, fields, rest) = (value("gettone"), value("campi"), value("resto"));
    let mut all = vec![
        ("gettone", token.as_str()),
        ("campi", fields.as_str()),
        ("resto", rest.as_str()),
    ];
    all.extend(kept);
    let to = browser.post(NEW, &all).await.leads();
    // Sent twice it is kept once.
    assert_eq!(browser.post(NEW, &all).await.leads(), to);
    to
}

const FORM: [(&str, &str); 8] = [
    ("prodotto", "GESTIONALE"),
    ("tipo_licenza", "trial"),
    ("moduli", "MAGAZZINO"),
    ("quantita", "7"),
    ("vincolo", "dispositivo"),
    ("numero_dispositivi", "4"),
    ("durata_giorni", "21"),
    ("etichetta", "fiera"),
];

on_both!(
    a_template_is_kept_from_the_form_fills_it_again_and_is_taken_away,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.get("/licenze/nuova")
            .await
            .expect(200)
            .says(NEW)
            .hides("name=\"modello\"");
        // What is wrong with the form is told before it is kept.
        alfa.post(
            NEW,
            &[
                ("prodotto", "GESTIONALE"),
                ("tipo_licenza", "trial"),
                ("durata_giorni", "molti"),
            ],
        )
        .await
        .expect(422)
        .says("durata_giorni-e");
        let mut form = FORM.to_vec();
        form.push(("cliente", &cast.rossi.id));
        form.push(("prezzo_centesimi", "5,00"));
        let to = keep(&alfa, &form, &[("nome_modello", "Prova fiera")]).await;
        let id = template(&world, "Prova fiera");
        assert_eq!(
            to,
            format!("/licenze/nuova?modello={id}&cliente={}", cast.rossi.id)
        );
        assert_eq!(recorded(&world, "modello.salvato"), 1);
        let held = world.database.texts("SELECT fields AS t FROM license_templates");
        let held = held[0].clone().unwrap();
        // Neither whom it is for nor what is the vendor's alone.
        assert!(!held.contains("cliente") && !held.contains("prezzo"), "{held}");
        for language in ["it", "en"] {
            reads(&world, &cast.alfa.email, language);
            for path in [
                to.clone(),
                "/licenze/modelli".into(),
                format!("/licenze/modelli/{id}/modifica"),
            ] {
                let page = alfa.get(&path).await.expect(200);
                page.hides("template-").hides("templates-").says("Prova fiera");
            }
            alfa.post(NEW, &FORM).await.expect(200).hides("template-");
        }
        reads(&world, &cast.alfa.email, "it");
        let page = alfa.get(&to).await.expect(200);
        assert_eq!(page.value("quantita"), "7");
        assert_eq!(page.value("numero_dispositivi"), "4");
        assert_eq!(page.value("durata_giorni"), "21");
        assert_eq!(page.value("etichetta"), "fiera");
        page.says("value=\"MAGAZZINO\" checked")
            .hides("non si può più scegliere");
        alfa.get("/licenze/nuova").await.expect(200).says("Prova fiera");
        // Nobody else sees it, nor what stands in it.
        let (edit, delete) = (
            format!("/licenze/modelli/{id}/modifica"),
            format!("/licenze/modelli/{id}/elimina"),
        );
        for email in [&cast.anna.email, &cast.nord.email, &cast.beta.email] {
            let other = Browser::sign_in(&world, email, PASSWORD).await;
            other.get(&edit).await.expect(404);
            other
                .get(&format!("/licenze/nuova?modello={id}"))
                .await
                .expect(404);
            other.post(&edit, &[("nome_modello", "mio")]).await.expect(404);
            other.post(&delete, &[]).await.expect(404);
            other
                .get("/licenze/modelli")
                .await
                .expect(200)
                .hides("Prova fiera");
        }
        alfa.post(&edit, &[("nome_modello", " ")])
            .await
            .expect(422)
            .says("nome_modello-e");
        alfa.post(&edit, &[("nome_modello", "Fiera")]).await.expect(303);
        alfa.post(&edit, &[("nome_modello", "Fiera")]).await.expect(303);
        assert_eq!(recorded(&world, "modello.modificato"), 1);
        alfa.post(&delete, &[]).await.expect(303);
        assert_eq!(recorded(&world, "modello.eliminato"), 1);
        alfa.get(&edit).await.expect(404);
        for hostile in HOSTILE {
            let form = [FORM[0], FORM[1], FORM[3], FORM[4], ("etichetta", hostile)];
            let to = keep(&alfa, &form, &[("nome_modello", hostile)]).await;
            harmless(&alfa.get(&to).await.expect(200).text);
            harmless(&alfa.get("/licenze/modelli").await.expect(200).text);
            let typed = [("nome_modello", hostile), ("campi", hostile), ("resto", hostile)];
            harmless(&alfa.post(NEW, &typed).await.text);
        }
    }
);

on_both!(a_shared_template_is_its_nodes, |world| async {
    let cast = world.cast().await;
    let second = json!({"email": "seconda@example.it", "nodo": cast.alfa.id, "password": PASSWORD});
    world
        .post("/api/admin/utenti", &cast.root, second)
        .await
        .expect(201);
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    keep(&alfa, &FORM, &[("nome_modello", "Di tutti"), ("condiviso", "si")]).await;
    let id = template(&world, "Di tutti");
    let edit = format!("/licenze/modelli/{id}/modifica");
    let seconda = Browser::sign_in(&world, "seconda@example.it", PASSWORD).await;
    seconda
        .get(&format!("/licenze/nuova?modello={id}"))
        .await
        .expect(200)
        .says("fiera");
    seconda
        .get(&edit)
        .await
        .expect(200)
        .hides("name=\"nome_modello\"");
    seconda.post(&edit, &[("nome_modello", "mio")]).await.expect(403);
    seconda
        .post(&format!("/licenze/modelli/{id}/elimina"), &[])
        .await
        .expect(403);
    for email in [ROOT, &cast.nord.email, &cast.anna.email, &cast.beta.email] {
        let other = Browser::sign_in(&world, email, PASSWORD).await;
        other.get(&edit).await.expect(404);
    }
    // Who leaves sees it no more; who stays may take it over.
    let beta = cast.beta.id.replace('-', "");
    let leave = format!(
        "UPDATE users SET node_id = (SELECT id FROM nodes WHERE LOWER(HEX(id)) = '{beta}') WHERE email = '{}'",
        cast.alfa.email
    );
    world.database.execute(&leave).unwrap();
    let gone = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    gone.get(&edit).await.expect(404);
    seconda
        .post(&edit, &[("nome_modello", "Ripreso"), ("condiviso", "si")])
        .await
        .expect(303);
    // A customer, and who may only read, make no licences.
    let customer = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
    customer.get("/licenze/modelli").await.expect(403);
    let only = "UPDATE users SET read_only = 1 WHERE email = 'seconda@example.it'";
    world.database.execute(only).unwrap();
    let reader = Browser::sign_in(&world, "seconda@example.it", PASSWORD).await;
    reader.get("/licenze/modelli").await.expect(403);
});

on_both!(
    a_template_says_what_of_it_cannot_be_chosen_any_more,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        let mut form = FORM.to_vec();
        form.push(("prezzo_centesimi", "1.234,50"));
        let to = keep(&root, &form, &[("nome_modello", "Vecchio")]).await;
        assert_eq!(
            root.get(&to).await.expect(200).value("prezzo_centesimi"),
            "1.234,50"
        );
        world
            .database
            .execute("UPDATE modules SET archived_at = created_at WHERE code = 'MAGAZZINO'")
            .unwrap();
        let page = root.get(&to).await.expect(200);
        page.says("non si può più scegliere: MAGAZZINO");
        assert_eq!(page.value("quantita"), "7");
        world
            .database
            .execute("UPDATE products SET license_kinds = 'abbonamento,permanente' WHERE code = 'GESTIONALE'")
            .unwrap();
        root.get(&to)
            .await
            .expect(200)
            .says("Il tipo di licenza di questo modello");
        let other = json!({"codice": "ALTRO", "nome": "Altro", "versione": "1",
            "moduli": [{"codice": "MAGAZZINO", "nome": "Altro magazzino"}]});
        world
            .post("/api/admin/prodotti", &cast.root, other)
            .await
            .expect(201);
        world
            .database
            .execute("UPDATE products SET archived_at = created_at WHERE code = 'GESTIONALE'")
            .unwrap();
        let page = root.get(&to).await.expect(200);
        page.says("non è più in vendita").hides("checked>Altro magazzino");
        assert_eq!(page.value("quantita"), "7");
        root.get("/licenze/modelli").await.expect(200).says("Vecchio");
    }
);
