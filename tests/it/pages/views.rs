//! Saved views: tabs above a list, one's own or all of a node's, with one that the list opens with.

use super::{HOSTILE, harmless, reads, recorded};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use serde_json::json;

/// The identifier of a view by its name.
fn view(world: &World, name: &str) -> String {
    let hex = world.database.texts(&format!(
        "SELECT LOWER(HEX(id)) AS t FROM saved_views WHERE name = '{name}'"
    ));
    let hex = hex[0].clone().unwrap();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

async fn keep(browser: &Browser<'_>, address: &str, fields: &[(&str, &str)]) -> String {
    let form = browser.get(address).await.expect(200);
    let (token, query) = (
        form.value("gettone"),
        form.value("interrogazione").replace("&amp;", "&"),
    );
    let list = form.value("elenco");
    let mut all = vec![
        ("gettone", token.as_str()),
        ("interrogazione", query.as_str()),
        ("elenco", list.as_str()),
    ];
    all.extend(fields);
    let to = browser.post("/viste/nuova", &all).await.leads();
    // Sent twice it is kept once.
    assert_eq!(browser.post("/viste/nuova", &all).await.leads(), to);
    to
}

on_both!(
    a_view_is_kept_shown_as_a_tab_opened_first_changed_and_taken_away,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let list = "/licenze?stato=attiva&tipo=abbonamento&ordine=scadenza";
        let page = alfa.get(list).await.expect(200);
        let address = "/viste/nuova?elenco=licenze&stato=attiva&tipo=abbonamento&ordine=scadenza";
        page.says(&address.replace('&', "&amp;"));
        for language in ["it", "en"] {
            reads(&world, &cast.alfa.email, language);
            alfa.get(address).await.expect(200).hides("view-new");
            alfa.get("/viste").await.expect(200).hides("views-");
        }
        reads(&world, &cast.alfa.email, "it");
        alfa.post("/viste/nuova", &[("nome_vista", ""), ("elenco", "licenze")])
            .await
            .expect(422)
            .says("nome_vista-e");
        let to = keep(&alfa, address, &[("nome_vista", "Da rinnovare")]).await;
        assert_eq!(to, list);
        assert_eq!(recorded(&world, "vista.salvata"), 1);
        let page = alfa.get(list).await.expect(200);
        page.says("Da rinnovare").hides("Salva vista");
        // Nobody else sees it, nor what stands behind it.
        let id = view(&world, "Da rinnovare");
        let edit = format!("/viste/{id}/modifica");
        for email in [&cast.anna.email, &cast.nord.email, &cast.beta.email] {
            let other = Browser::sign_in(&world, email, PASSWORD).await;
            other.get(&edit).await.expect(404);
            other.post(&edit, &[("nome_vista", "mia")]).await.expect(404);
            other.post(&format!("/viste/{id}/elimina"), &[]).await.expect(404);
            other.get("/viste").await.expect(200).hides("Da rinnovare");
        }
        // What the list opens with; what the address says wins, and so does the whole list.
        alfa.post(&edit, &[("nome_vista", "Rinnovi"), ("predefinita", "si")])
            .await
            .expect(303);
        assert_eq!(recorded(&world, "vista.modificata"), 1);
        assert_eq!(alfa.get("/licenze").await.leads(), list);
        alfa.get("/licenze?stato=emessa").await.expect(200);
        alfa.get("/licenze?vista=tutte")
            .await
            .expect(200)
            .says("/licenze?vista=tutte");
        alfa.get("/clienti").await.expect(200);
        alfa.post(&edit, &[("nome_vista", "Rinnovi")]).await.expect(303);
        alfa.get("/licenze").await.expect(200).says("Rinnovi");
        // Nothing changed, nothing is written down.
        alfa.post(&edit, &[("nome_vista", "Rinnovi")]).await.expect(303);
        assert_eq!(recorded(&world, "vista.modificata"), 2);
        alfa.post(&edit, &[("nome_vista", "Rinnovi"), ("predefinita", "si")])
            .await
            .expect(303);
        alfa.post(&format!("/viste/{id}/elimina"), &[]).await.expect(303);
        alfa.get("/licenze").await.expect(200).hides("Rinnovi");
        assert_eq!(recorded(&world, "vista.eliminata"), 1);
        for hostile in HOSTILE {
            keep(
                &alfa,
                "/viste/nuova?elenco=clienti&stato=sospeso",
                &[("nome_vista", hostile)],
            )
            .await;
            harmless(&alfa.get("/clienti?stato=sospeso").await.expect(200).text);
            harmless(&alfa.get("/viste").await.expect(200).text);
            let typed = [
                ("nome_vista", hostile),
                ("interrogazione", hostile),
                ("elenco", hostile),
            ];
            harmless(&alfa.post("/viste/nuova", &typed).await.text);
        }
    }
);

on_both!(
    a_shared_view_is_its_nodes_and_goes_with_nobody_who_leaves,
    |world| async {
        let cast = world.cast().await;
        let second = json!({"email": "seconda@example.it", "nodo": cast.alfa.id, "password": PASSWORD});
        world
            .post("/api/admin/utenti", &cast.root, second)
            .await
            .expect(201);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let shared = [("nome_vista", "Di tutti"), ("condivisa", "si")];
        keep(&alfa, "/viste/nuova?elenco=licenze&stato=demo", &shared).await;
        let id = view(&world, "Di tutti");
        let edit = format!("/viste/{id}/modifica");
        let seconda = Browser::sign_in(&world, "seconda@example.it", PASSWORD).await;
        seconda.get("/licenze").await.expect(200).says("Di tutti");
        // A node above or below has its own.
        for email in [
            "root@example.it",
            &cast.nord.email,
            &cast.anna.email,
            &cast.beta.email,
        ] {
            let other = Browser::sign_in(&world, email, PASSWORD).await;
            other
                .get("/licenze?vista=tutte")
                .await
                .expect(200)
                .hides("Di tutti");
            other.get(&edit).await.expect(404);
        }
        // Others open their list with it, and leave it as it is.
        seconda.get(&edit).await.expect(200).hides("name=\"nome_vista\"");
        let wanted = [("nome_vista", "mia"), ("predefinita", "si")];
        seconda.post(&edit, &wanted).await.expect(303);
        assert_eq!(seconda.get("/licenze").await.leads(), "/licenze?stato=demo");
        alfa.get("/licenze").await.expect(200).says("Di tutti");
        seconda
            .post(&format!("/viste/{id}/elimina"), &[])
            .await
            .expect(403);
        // Who leaves the node sees it no more, wherever they go; those who stay may take it over.
        let beta = cast.beta.id.replace('-', "");
        let leave = format!(
            "UPDATE users SET node_id = (SELECT id FROM nodes WHERE LOWER(HEX(id)) = '{beta}') WHERE email = '{}'",
            cast.alfa.email
        );
        world.database.execute(&leave).unwrap();
        let gone = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        gone.get("/licenze").await.expect(200).hides("Di tutti");
        gone.get(&edit).await.expect(404);
        seconda
            .post(&edit, &[("nome_vista", "Ripresa"), ("condivisa", "si")])
            .await
            .expect(303);
        seconda.get("/licenze").await.expect(200).says("Ripresa");
        // Who may only read keeps views for themselves alone.
        let only = "UPDATE users SET read_only = 1 WHERE email = 'seconda@example.it'";
        world.database.execute(only).unwrap();
        let reader = Browser::sign_in(&world, "seconda@example.it", PASSWORD).await;
        let own = "/viste/nuova?elenco=clienti&stato=sospeso";
        reader.get(own).await.expect(200).hides("name=\"condivisa\"");
        keep(&reader, own, &[("nome_vista", "Sola")]).await;
        let shared = [("nome_vista", "x"), ("condivisa", "si"), ("elenco", "clienti")];
        reader.post("/viste/nuova", &shared).await.expect(422);
        reader
            .post(&format!("/viste/{id}/elimina"), &[])
            .await
            .expect(403);
    }
);

on_both!(a_list_has_twenty_views_at_most, |world| async {
    let cast = world.cast().await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    for n in 0..20 {
        let name = format!("vista {n}");
        let sent = [
            ("nome_vista", name.as_str()),
            ("elenco", "licenze"),
            ("interrogazione", "stato=attiva"),
        ];
        alfa.post("/viste/nuova", &sent).await.expect(303);
    }
    let sent = [
        ("nome_vista", "troppe"),
        ("elenco", "licenze"),
        ("interrogazione", "stato=demo"),
    ];
    alfa.post("/viste/nuova", &sent)
        .await
        .expect(422)
        .says("al massimo 20");
    // The other list has its own.
    let sent = [
        ("nome_vista", "altra"),
        ("elenco", "clienti"),
        ("interrogazione", "stato=sospeso"),
    ];
    alfa.post("/viste/nuova", &sent).await.expect(303);
    let before = world.app.db.statements_read();
    alfa.get("/licenze").await.expect(200);
    assert!(world.app.db.statements_read() - before <= 12);
});

on_both!(
    a_list_opens_whole_where_its_default_view_asks_for_whom_one_no_longer_sees,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let first = [("nome_vista", "Di Anna"), ("predefinita", "si")];
        let of_anna = format!("/viste/nuova?elenco=licenze&agente={}", cast.anna.id);
        keep(&alfa, &of_anna, &first).await;
        let of_anna = format!("/viste/nuova?elenco=clienti&agente={}", cast.anna.id);
        keep(&alfa, &of_anna, &first).await;
        alfa.get("/licenze").await.expect(303);
        alfa.get("/clienti").await.expect(303);
        // She moves to the other reseller.
        let path = format!("/api/admin/agent/{}/sposta", cast.anna.id);
        world
            .post(&path, &cast.root, json!({"azienda_padre": cast.beta.id}))
            .await
            .expect(200);
        for language in ["it", "en"] {
            reads(&world, &cast.alfa.email, language);
            for list in ["/licenze", "/clienti"] {
                let before = world.app.db.statements_read();
                let page = alfa.get(list).await.expect(200);
                page.says("Di Anna").says("href=\"/viste\"").hides("view-gone");
                assert!(world.app.db.statements_read() - before <= 12, "{list}");
            }
        }
        reads(&world, &cast.alfa.email, "it");
        alfa.get("/licenze")
            .await
            .expect(200)
            .says(&cast.rossi.license)
            .says("non si vede più");
        root.get("/licenze").await.expect(200).hides("non si vede più");
    }
);
