//! What waits: one place, counted exactly, decided singly and in bulk.

use super::{HOSTILE, harmless, recorded};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use serde_json::json;

/// Customers of a company who wait, by what their names begin with.
async fn pending(world: &World, token: &str, name: &str, n: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0..n {
        let body = json!({"nome": format!("{name} {n}"), "email": format!("{}{n}@example.com", name.to_lowercase())});
        let reply = world.post("/api/admin/clienti", token, body).await.expect(201);
        let id = reply.str("/id");
        let hex = id.replace('-', "");
        world
            .database
            .execute(&format!(
                "UPDATE customers SET state = 'in_attesa' WHERE id = X'{hex}'"
            ))
            .unwrap();
        ids.push(id);
    }
    ids
}

/// What stands beside the menu's entry.
fn badge(page: &str) -> Option<String> {
    let link = page.split("href=\"/in-attesa\"").nth(1)?.split("</a>").next()?;
    let count = link.split("nav__count\">").nth(1)?.split("</span>").nth(1)?;
    Some(count.trim().to_owned())
}

/// What stands on a tab.
fn tab(page: &str, href: &str) -> String {
    let link = page
        .split(&format!("tabs__tab\" href=\"{href}\""))
        .nth(1)
        .unwrap();
    let count = link.split("count\">").nth(1).unwrap();
    count.split('<').next().unwrap().to_owned()
}

fn state(world: &World, id: &str) -> String {
    let hex = id.replace('-', "");
    let sql = format!("SELECT state AS t FROM customers WHERE id = X'{hex}'");
    world.database.texts(&sql).remove(0).unwrap()
}

on_both!(
    what_waits_is_counted_as_it_is_listed_and_neighbours_see_none,
    |world| async {
        let cast = world.cast().await;
        let ours = pending(&world, &cast.alfa.token, "NOSTRO", 3).await;
        pending(&world, &cast.beta.token, "LORO", 2).await;
        let of_anna = pending(&world, &cast.anna.token, "DIANNA", 1).await;
        for (email, all, seen, unseen) in [
            ("root@example.it", 6, vec!["NOSTRO", "LORO", "DIANNA"], vec![]),
            (
                cast.alfa.email.as_str(),
                4,
                vec!["NOSTRO", "DIANNA"],
                vec!["LORO"],
            ),
            (
                cast.beta.email.as_str(),
                2,
                vec!["LORO"],
                vec!["NOSTRO", "DIANNA"],
            ),
            (
                cast.anna.email.as_str(),
                1,
                vec!["DIANNA"],
                vec!["NOSTRO", "LORO"],
            ),
            (
                cast.nord.email.as_str(),
                0,
                vec![],
                vec!["NOSTRO", "LORO", "DIANNA"],
            ),
        ] {
            let browser = Browser::sign_in(&world, email, PASSWORD).await;
            let page = browser.get("/in-attesa").await.expect(200);
            assert_eq!(tab(&page.text, "/in-attesa"), all.to_string(), "{email}");
            assert_eq!(badge(&page.text), (all > 0).then(|| all.to_string()), "{email}");
            assert_eq!(
                page.text.matches("href=\"/clienti/").count(),
                if email == cast.anna.email { 2 } else { all },
                "{email}"
            );
            for name in seen {
                page.says(name);
            }
            for name in unseen {
                page.hides(name);
            }
        }
        // Who does not decide sees them, and is offered nothing.
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        anna.get("/in-attesa").await.hides("/in-attesa/clienti/decidi");
        anna.get(&format!("/in-attesa/clienti/decidi?id={}", of_anna[0]))
            .await
            .expect(403);
        // Nor is anything told of what belongs to others.
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        let path = format!("/in-attesa/clienti/decidi?azione=convalida&id={}", ours[0]);
        assert_eq!(beta.get(&path).await.leads(), "/in-attesa");
        let form = [("azione", "convalida"), ("id", ours[0].as_str())];
        assert_eq!(
            beta.post("/in-attesa/clienti/decidi", &form).await.leads(),
            "/in-attesa"
        );
        assert_eq!(state(&world, &ours[0]), "in_attesa");
    }
);

on_both!(
    many_are_decided_at_once_each_with_its_record_and_who_was_quicker_is_told,
    |world| async {
        let cast = world.cast().await;
        let ids = pending(&world, &cast.alfa.token, "TANTI", 5).await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let asked: String = ids.iter().take(3).map(|id| format!("&id={id}")).collect();
        let page = alfa
            .get(&format!("/in-attesa/clienti/decidi?azione=convalida{asked}"))
            .await
            .expect(200);
        page.says("TANTI 0")
            .says("TANTI 2")
            .hides("TANTI 3")
            .says("Convalidare 3 clienti?");
        // One is decided by the vendor meanwhile.
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        root.post(&format!("/clienti/{}/convalida", ids[1]), &[])
            .await
            .expect(303);
        let form = [
            ("azione", "convalida"),
            ("id", ids[0].as_str()),
            ("id", ids[1].as_str()),
            ("id", ids[2].as_str()),
        ];
        assert_eq!(
            alfa.post("/in-attesa/clienti/decidi", &form).await.leads(),
            "/in-attesa"
        );
        alfa.get("/in-attesa")
            .await
            .says("2 clienti convalidati, uno saltato: già deciso da altri.");
        assert_eq!(recorded(&world, "cliente.convalidato"), 3);
        for id in &ids[..3] {
            assert_eq!(state(&world, id), "convalidato");
        }
        // All the others are refused, for one reason, which has to be given.
        let page = alfa
            .get("/in-attesa/clienti/decidi?azione=rifiuta&tutti=si")
            .await
            .expect(200);
        page.says("Rifiutare 2 clienti?").says(&ids[3]).says(&ids[4]);
        let form = [
            ("azione", "rifiuta"),
            ("id", ids[3].as_str()),
            ("id", ids[4].as_str()),
        ];
        let page = alfa.post("/in-attesa/clienti/decidi", &form).await.expect(422);
        page.says("name=\"motivo\"").says(&ids[4]);
        assert_eq!(state(&world, &ids[3]), "in_attesa");
        let form = [form[0], form[1], form[2], ("motivo", HOSTILE[0])];
        alfa.post("/in-attesa/clienti/decidi", &form).await.expect(303);
        assert_eq!(recorded(&world, "cliente.rifiutato"), 2);
        let page = alfa
            .get("/in-attesa")
            .await
            .says("2 clienti rifiutati.")
            .text
            .clone();
        assert_eq!(badge(&page), None);
        let page = alfa.get(&format!("/clienti/{}", ids[3])).await.expect(200);
        harmless(&page.text);
    }
);

on_both!(
    of_two_who_decide_the_same_customers_one_does_and_one_is_told,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        for round in 0..10 {
            let ids = pending(&world, &cast.alfa.token, &format!("GARA{round}"), 4).await;
            let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
            let mut other = form.clone();
            other.reverse();
            form.push(("azione", "convalida"));
            other.extend([("azione", "rifiuta"), ("motivo", "prova")]);
            let (one, two) = futures::future::join(
                alfa.post("/in-attesa/clienti/decidi", &form),
                root.post("/in-attesa/clienti/decidi", &other),
            )
            .await;
            one.expect(303);
            two.expect(303);
            let states: std::collections::BTreeSet<String> = ids.iter().map(|id| state(&world, id)).collect();
            assert_eq!(states.len(), 1, "each is one transaction: {states:?}");
            assert!(!states.contains("in_attesa"));
        }
        let (yes, no) = (
            recorded(&world, "cliente.convalidato"),
            recorded(&world, "cliente.rifiutato"),
        );
        assert_eq!(yes + no, 40, "{yes} {no}");
    }
);

on_both!(licences_are_assigned_together_where_they_can_go, |world| async {
    let cast = world.cast().await;
    let stock = world.issue(&cast.root, json!({"quantita": 3})).await;
    for (n, (_, key)) in stock.iter().enumerate() {
        let body = json!({"chiave_licenza": key, "dispositivo": {"id": format!("S{n}")}});
        world.call("/api/licenze/attiva", body).await.expect(200);
    }
    let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    let page = root.get("/in-attesa/licenze").await.expect(200);
    assert_eq!(tab(&page.text, "/in-attesa/licenze"), "3");
    assert_eq!(badge(&page.text), Some("3".to_owned()));
    let listed = root.get("/licenze?in_attesa=assegnazione").await.expect(200);
    for (id, _) in &stock {
        page.says(id);
        listed.says(id);
    }
    // One has a customer of beta by now.
    let path = format!("/api/admin/licenze/{}/assegna", stock[2].0);
    let to = json!({"cliente": cast.bianchi.id, "azienda": cast.beta.id});
    world.post(&path, &cast.root, to).await.expect(200);
    let asked: String = stock.iter().map(|(id, _)| format!("&id={id}")).collect();
    let preview = format!(
        "/in-attesa/licenze/assegna?azienda={}&agente={}{asked}",
        cast.alfa.id, cast.anna.id
    );
    let page = root.get(&preview).await.expect(200);
    page.says("Assegna 2 licenze")
        .says("ANNA srl")
        .says("il cliente è di un’altra azienda");
    let before = recorded(&world, "licenza.assegnata");
    let mut form: Vec<(&str, &str)> = stock.iter().map(|(id, _)| ("id", id.as_str())).collect();
    form.extend([
        ("azienda", cast.alfa.id.as_str()),
        ("agente", cast.anna.id.as_str()),
    ]);
    assert_eq!(
        root.post("/in-attesa/licenze/assegna", &form).await.leads(),
        "/in-attesa/licenze"
    );
    root.get("/in-attesa/licenze")
        .await
        .says("2 licenze assegnate, una saltata: il cliente è di un’altra azienda.");
    assert_eq!(recorded(&world, "licenza.assegnata"), before + 2);
    // A company that wants agents has those that lack one wait; another company's are not seen.
    let wants = json!({"richiede_agente": true});
    world
        .patch(
            &format!("/api/admin/agent/{}", cast.alfa.id),
            &cast.root,
            1,
            wants,
        )
        .await
        .expect(200);
    let body = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "R1"}});
    world.call("/api/licenze/attiva", body).await.expect(200);
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let page = alfa.get("/in-attesa/licenze").await.expect(200);
    assert_eq!(tab(&page.text, "/in-attesa/licenze"), "1");
    assert_eq!(badge(&page.text), Some("1".to_owned()));
    page.says(&cast.rossi.license);
    let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
    let page = beta.get("/in-attesa/licenze").await.expect(200);
    assert_eq!(
        (tab(&page.text, "/in-attesa/licenze").as_str(), badge(&page.text)),
        ("0", None)
    );
    let preview = format!("/in-attesa/licenze/assegna?id={}", cast.rossi.license);
    assert_eq!(beta.get(&preview).await.leads(), "/in-attesa/licenze");
});

on_both!(beside_the_menu_stands_a_number_up_to_ninety_nine, |world| async {
    let cast = world.cast().await;
    pending(&world, &cast.alfa.token, "FOLLA", 101).await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let page = alfa.get("/in-attesa").await.expect(200);
    assert_eq!(badge(&page.text), Some("99+".to_owned()));
    assert_eq!(tab(&page.text, "/in-attesa"), "101");
    let page = alfa
        .get("/in-attesa/clienti/decidi?azione=convalida&tutti=si")
        .await
        .expect(200);
    assert_eq!(page.text.matches("name=\"id\"").count(), 101);
});
