//! The first page.

use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use serde_json::json;
use sigillo::domain::ids::TransactionId;

/// The number on a card, by the address that the card leads to.
fn card(page: &str, href: &str) -> String {
    let rest = page
        .split_once(&format!("href=\"{}\"", href.replace('&', "&amp;")))
        .unwrap_or_else(|| panic!("no {href} in {page}"))
        .1;
    let rest = rest.split_once("kpi__value\">").unwrap().1;
    rest.split('<').next().unwrap().to_owned()
}

on_both! {
    everybody_who_works_with_licences_sees_their_own_figures_in_either_language,
    |world| async move {
        let cast = world.cast().await;
        for (key, device) in [(&cast.rossi.key, "uno"), (&cast.verdi.key, "due"), (&cast.bianchi.key, "tre")] {
            world.call("/api/licenze/attiva", json!({"chiave_licenza": key, "dispositivo": {"id": device}})).await.expect(200);
        }
        // A second device, where one is all there is.
        let (license, key) = world.issue(&cast.root, json!({"cliente": cast.rossi.id, "numero_dispositivi": 1})).await.remove(0);
        world.call("/api/licenze/attiva", json!({"chiave_licenza": key, "dispositivo": {"id": "quattro"}})).await.expect(200);
        world.call("/api/licenze/attiva", json!({"chiave_licenza": key, "dispositivo": {"id": "cinque"}})).await.expect(409);
        world.settle().await;
        for (email, active, refused) in [
            ("root@example.it", "4", "1"),
            (cast.alfa.email.as_str(), "3", "1"),
            (cast.nord.email.as_str(), "0", "0"),
            (cast.beta.email.as_str(), "1", "0"),
        ] {
            let browser = Browser::sign_in(&world, email, PASSWORD).await;
            let page = browser.get("/").await.expect(200);
            page.says("Licenze attive");
            assert_eq!(card(&page.text, "/licenze?stato=attiva"), active, "{email}");
            assert_eq!(
                card(&page.text, "/registri/attivazioni?operazione=attiva&esito=rifiutata&ore=24"),
                refused,
                "{email}"
            );
            assert_eq!(page.text.contains(&format!("/licenze/{license}")), refused == "1", "{email}");
            let list = browser
                .get("/registri/attivazioni?operazione=attiva&esito=rifiutata&ore=24")
                .await
                .expect(200);
            assert_eq!(list.text.matches("log__row").count().to_string(), refused, "{email}");
            for period in ["7giorni", "mese", "trimestre", "anno"] {
                let page = browser.get(&format!("/?periodo={period}")).await.expect(200);
                assert_eq!(card(&page.text, "/licenze?stato=attiva"), active, "{email} {period}");
            }
            browser.get("/?periodo=sempre").await.expect(422);
        }
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        beta.get("/").await.hides("ROSSI").hides("ALFA");
    }
}

on_both! {
    a_customer_is_told_who_they_are,
    |world| async move {
        world.cast().await;
        let browser = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        browser.get("/").await.expect(200).says("rossi@example.com").says("/profilo").hides("kpis");
        for path in ["/gettoni", "/impostazioni", "/registri/attivazioni", "/registri/accessi", "/registri/attivita"] {
            browser.get(path).await.expect(403);
        }
    }
}

on_both! {
    what_waits_is_on_the_list_and_hostile_names_are_text,
    |world| async move {
        let root = world.root().await;
        let alfa = world.node(&root, "ALFA", "rivenditore", None).await;
        let name = "\"><b hx-get=/x hx-trigger=load>{{ 7*7 }}";
        world
            .post("/api/admin/clienti", &alfa.token, json!({"nome": name, "email": "a@example.com"}))
            .await
            .expect(201);
        world.database.execute("UPDATE customers SET state = 'in_attesa'").unwrap();
        let browser = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let page = browser.get("/").await.expect(200);
        page.hides("<b hx-get=/x").says("{{ 7*7 }}");
        assert_eq!(card(&page.text, "/clienti?stato=in_attesa"), "1");
    }
}

/// A sale of a licence, on the account of whom it belongs to.
pub(crate) fn sell(world: &World, license: &str, cents: i64) {
    let id = |text: &str| format!("X'{}'", text.replace('-', ""));
    let sale = format!(
        "INSERT INTO transactions (id, license_id, customer_id, company_id, agent_id, kind, method, amount_cents, vat_bp, \
         currency, details, created_at) SELECT {}, id, customer_id, company_id, agent_id, 'attivazione', 'carta', {cents}, \
         2200, 'EUR', '{{}}', created_at FROM licenses WHERE id = {}",
        id(&TransactionId::at(world.app.clock.now()).to_string()),
        id(license)
    );
    world.database.execute(&sale).unwrap();
}

on_both! {
    what_was_sold_is_told_to_those_who_sold_it_and_ranked,
    |world| async move {
        let cast = world.cast().await;
        sell(&world, &cast.rossi.license, 10_000);
        sell(&world, &cast.verdi.license, 25_050);
        sell(&world, &cast.bianchi.license, 99_900);
        for (email, sold, ranked) in [
            ("root@example.it", "1.349,50\u{a0}€", vec!["BETA srl", "ALFA srl"]),
            (cast.alfa.email.as_str(), "350,50\u{a0}€", vec!["ANNA srl"]),
            (cast.anna.email.as_str(), "250,50\u{a0}€", vec!["VERDI spa"]),
            (cast.beta.email.as_str(), "999,00\u{a0}€", vec!["BRUNO srl"]),
        ] {
            let browser = Browser::sign_in(&world, email, PASSWORD).await;
            let before = world.app.db.statements_read();
            let page = browser.get("/").await.expect(200);
            let read = world.app.db.statements_read() - before;
            assert!(read <= 12, "{email}: {read}");
            assert_eq!(card(&page.text, "#h-rank"), sold, "{email}");
            let names: Vec<&str> = page
                .text
                .split("rank__row\">")
                .skip(1)
                .map(|row| row.split("</a>").next().unwrap().rsplit('>').next().unwrap())
                .collect();
            assert_eq!(names, ranked, "{email}");
        }
        let nord = Browser::sign_in(&world, &cast.nord.email, PASSWORD).await;
        nord.get("/").await.expect(200).hides("rank__row").hides("#h-rank");
    }
}

/// How many a list of the agent's day counts, and where all of them are.
fn of_day(page: &str, key: &str) -> (String, String) {
    let part = page.split(&format!("id=\"h-{key}\"")).nth(1).unwrap();
    let count = part.split("count\">").nth(1).unwrap().split('<').next().unwrap();
    let href = part
        .split("<a href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    (count.to_owned(), href.replace("&amp;", "&"))
}

on_both! {
    an_agent_s_day_counts_what_its_lists_show_and_nothing_of_others,
    |world| async move {
        let cast = world.cast().await;
        let day = |days: i64| (world.app.clock.now().date() + chrono::Duration::days(days)).to_string();
        let order = |token: &str, kind: &str, days: i64, n: i64| {
            json!({"tipo_licenza": kind, "data_scadenza": day(days), "quantita": n, "azienda": cast.alfa.id, "agente": if token.is_empty() { None } else { Some(token) }})
        };
        world.issue(&cast.root, order(&cast.anna.id, "abbonamento", 20, 7)).await;
        world.issue(&cast.root, order(&cast.anna.id, "abbonamento", 40, 2)).await;
        world.issue(&cast.root, order(&cast.anna.id, "trial", 5, 3)).await;
        world.issue(&cast.root, order(&cast.anna.id, "trial", 20, 1)).await;
        world.issue(&cast.root, order("", "abbonamento", 20, 9)).await;
        world.issue(&cast.root, order("", "trial", 5, 9)).await;
        // Nothing was heard of the trials since, but of one.
        let heard = world.issue(&cast.root, order(&cast.anna.id, "trial", 25, 1)).await.remove(0);
        world
            .database
            .execute("UPDATE licenses SET created_at = '2020-01-01 00:00:00' WHERE kind = 'trial'")
            .unwrap();
        let body = json!({"chiave_licenza": heard.1, "dispositivo": {"id": "P1"}});
        world.call("/api/licenze/attiva", body).await.expect(200);
        for device in ["V1", "V2", "V3"] {
            let body = json!({"chiave_licenza": cast.verdi.key, "dispositivo": {"id": device}});
            world.call("/api/licenze/attiva", body).await;
            let body = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": device}});
            world.call("/api/licenze/attiva", body).await;
        }
        let waits = json!({"nome": "ATTENDE", "email": "attende@example.com", "telefono": "+39 049 1234567"});
        world.post("/api/admin/clienti", &cast.anna.token, waits).await.expect(201);
        world.database.execute("UPDATE customers SET state = 'in_attesa' WHERE name = 'ATTENDE'").unwrap();
        world.settle().await;

        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        let before = world.app.db.statements_read();
        let page = anna.get("/").await.expect(200);
        let read = world.app.db.statements_read() - before;
        assert!(read <= 12, "{read}");
        page.says("tel:+390491234567").says("mailto:attende@example.com").says("servono altri posti?");
        page.hides("ROSSI");
        for (key, n) in [("waiting", 1), ("refused", 2), ("trials", 3), ("idle", 4), ("expiring", 7)] {
            let (count, href) = of_day(&page.text, key);
            assert_eq!(count, n.to_string(), "{key}");
            let list = anna.get(&href).await.expect(200);
            let rows = list.text.split("<tbody>").nth(1).unwrap_or(&list.text);
            let marker = if key == "refused" { "log__row" } else { "class=\"cell-title" };
            assert_eq!(rows.matches(marker).count(), n, "{key} at {href}");
        }
        // Who works above sees the idle ones among what is to do.
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.get("/").await.expect(200).says("ferma_da=5");
    }
}
