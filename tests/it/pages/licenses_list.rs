//! The list of licences: its numbers are those of the lists behind them, whatever is filtered, and every order shows
//! every licence once.

use crate::{
    on_both,
    support::{
        World,
        browser::Browser,
        cast::{Cast, PASSWORD},
    },
};
use serde_json::json;
use std::collections::BTreeSet;

const STATES: [&str; 7] = [
    "attiva",
    "demo",
    "in_attesa_convalida",
    "emessa",
    "sospesa",
    "scaduta",
    "revocata",
];

/// Licences in every state, some beside the others' customers.
async fn many(world: &World, cast: &Cast) {
    let root = &cast.root;
    let activate = async |key: &str, device: &str| {
        let body = json!({"chiave_licenza": key, "dispositivo": {"id": device}});
        world.call("/api/licenze/attiva", body).await.expect(200);
    };
    for (n, kind) in ["abbonamento", "trial", "permanente"].into_iter().enumerate() {
        for (m, customer) in [&cast.rossi, &cast.verdi, &cast.neri].into_iter().enumerate() {
            let order = json!({"tipo_licenza": kind, "cliente": customer.id, "quantita": 3});
            let issued = world.issue(root, order).await;
            activate(&issued[0].1, &format!("D{n}{m}")).await;
            let path = format!("/api/admin/licenze/{}", issued[1].0);
            let action = if m == 0 { "sospendi" } else { "revoca" };
            world
                .post(&format!("{path}/{action}"), root, json!({"motivo": "prova"}))
                .await
                .expect(200);
        }
    }
    let past = json!({"cliente": cast.rossi.id, "data_scadenza": "2020-01-31", "quantita": 2});
    world.issue(root, past).await;
    world
        .issue(root, json!({"quantita": 4, "etichetta": "magazzino"}))
        .await;
    let waiting = json!({
        "nome": "Attesa srl", "email": "attesa@example.com", "prodotto": "GESTIONALE",
        "codice_rivenditore": "ALFA", "consenso_privacy": true,
    });
    world
        .call("/api/clienti/registrazione", waiting)
        .await
        .expect(201);
}

/// The identifiers of all licences that a list shows, slice after slice.
async fn all(browser: &Browser<'_>, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut path = path.to_owned();
    loop {
        let page = browser.get(&path).await.expect(200).text;
        found.extend(page.split("<td class=\"cell-key\">").skip(1).map(|cell| {
            let rest = cell.split("href=\"/licenze/").nth(1).unwrap();
            rest[..36].to_owned()
        }));
        match page.split("rel=\"next\" href=\"").nth(1) {
            Some(rest) => {
                path = rest
                    .split('"')
                    .next()
                    .unwrap()
                    .replace("&amp;", "&")
                    .replace("&#x2F;", "/")
            }
            None => return found,
        }
    }
}

/// The number beside a facet, by its address: none where it is not told.
fn number(page: &str, state: &str) -> usize {
    let facets = page
        .split("<ul class=\"facets\">")
        .nth(1)
        .unwrap()
        .split("</ul>")
        .next()
        .unwrap();
    let facet = facets
        .split("<li ")
        .find(|facet| {
            facet.contains(&format!("stato={state}&")) || facet.contains(&format!("stato={state}\""))
        })
        .unwrap_or_else(|| panic!("no facet {state} in {facets}"));
    let count = facet.split("<span class=\"count\">").nth(1).unwrap();
    count.split('<').next().unwrap().replace('.', "").parse().unwrap()
}

on_both!(
    the_number_of_each_facet_is_that_of_the_list_behind_it,
    |world| async {
        let cast = world.cast().await;
        many(&world, &cast).await;
        let filters = [
            String::new(),
            "tipo=trial".into(),
            "tipo=abbonamento&prodotto=GESTIONALE".into(),
            format!("azienda={}", cast.nord.id),
            format!("agente={}", cast.anna.id),
            format!("cliente={}", cast.rossi.id),
            "scade_entro=90".into(),
            "in_attesa=assegnazione".into(),
            "in_attesa=convalida".into(),
            "q=rossi".into(),
            "q=D00".into(),
        ];
        let mut seen = BTreeSet::new();
        for email in [
            "root@example.it",
            &cast.alfa.email,
            &cast.nord.email,
            &cast.anna.email,
            &cast.beta.email,
        ] {
            let browser = Browser::sign_in(&world, email, PASSWORD).await;
            for filter in &filters {
                let path = format!("/licenze?{filter}");
                let reply = browser.get(&path).await;
                if reply.status.code == 404 {
                    continue;
                }
                let page = reply.expect(200).text;
                let mut sum = 0;
                for state in STATES {
                    let listed = all(&browser, &format!("{path}&stato={state}")).await.len();
                    assert_eq!(number(&page, state), listed, "{email} {filter} {state}");
                    sum += listed;
                    if listed > 0 {
                        seen.insert(state);
                    }
                }
                assert_eq!(all(&browser, &path).await.len(), sum, "{email} {filter}");
            }
        }
        assert!(seen.len() >= 6, "{seen:?}");
    }
);

/// Licences that devices were heard of: some at the same instant, some by two devices, one by a device that is gone.
async fn heard_of(world: &World, cast: &Cast) {
    let order = json!({"cliente": cast.rossi.id, "quantita": 30, "numero_dispositivi": 2});
    let issued = world.issue(&cast.root, order).await;
    let device = |n: usize| json!({"id": format!("T{n}")});
    for (n, (_, key)) in issued.iter().enumerate() {
        for device in [device(n), device(n + 40)].into_iter().take(1 + n % 2) {
            let body = json!({"chiave_licenza": key, "dispositivo": device});
            world.call("/api/licenze/attiva", body).await.expect(200);
        }
    }
    for (n, (_, key)) in issued.iter().enumerate().take(3) {
        let body = json!({"chiave_licenza": key, "dispositivo": device(n)});
        world.call("/api/licenze/disattiva", body).await.expect(200);
    }
    // At the same instant, as the first of all: slices end among them, and devices of one licence are equal.
    let same = "UPDATE activations SET last_seen_at = \
        (SELECT at FROM (SELECT MIN(last_seen_at) AS at FROM activations) AS first) WHERE device LIKE 'T%'";
    world.database.execute(same).unwrap();
}

/// What a list is sorted by stands in its order, and comes before what was never heard of.
fn contacts_are_in_order(world: &World, order: &str, listed: &[String]) {
    let rows = world.database.texts(
        "SELECT CONCAT(LOWER(HEX(license_id)), ' ', MAX(last_seen_at)) AS t FROM activations WHERE live = 1 GROUP BY license_id",
    );
    let of: std::collections::BTreeMap<&str, &str> = rows
        .iter()
        .flatten()
        .filter_map(|row| row.split_once(' '))
        .collect();
    let contacts: Vec<Option<&str>> = listed
        .iter()
        .map(|id| of.get(id.replace('-', "").as_str()).copied())
        .collect();
    let with: Vec<&str> = contacts.iter().map_while(|contact| *contact).collect();
    assert_eq!(
        with.len(),
        of.len(),
        "{order}: who was heard of comes first: {contacts:?}"
    );
    let mut sorted = with.clone();
    sorted.sort_unstable();
    if order.starts_with('-') {
        sorted.reverse();
    }
    assert_eq!(with, sorted, "{order}");
    let different: BTreeSet<&str> = with.iter().copied().collect();
    assert!(
        with.len() > 25 && different.len() + 5 < with.len(),
        "slices end among equals: {with:?}"
    );
}

on_both!(
    every_order_shows_every_licence_once_slice_by_slice,
    |world| async {
        let cast = world.cast().await;
        many(&world, &cast).await;
        heard_of(&world, &cast).await;
        let browser = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let newest = all(&browser, "/licenze?limite=25").await;
        let everything: BTreeSet<&String> = newest.iter().collect();
        assert!(
            newest.len() > 30 && everything.len() == newest.len(),
            "{}",
            newest.len()
        );
        for order in [
            "creazione",
            "-creazione",
            "scadenza",
            "-scadenza",
            "cliente",
            "-cliente",
            "contatto",
            "-contatto",
        ] {
            let listed = all(&browser, &format!("/licenze?limite=25&ordine={order}")).await;
            assert_eq!(listed.iter().collect::<BTreeSet<_>>(), everything, "{order}");
            assert_eq!(listed.len(), everything.len(), "{order}");
            if order.ends_with("contatto") {
                contacts_are_in_order(&world, order, &listed);
                continue;
            }
            let field = match order.trim_start_matches('-') {
                "creazione" => continue,
                "scadenza" => "data_scadenza",
                _ => "cliente",
            };
            // What has the value comes first, in its order.
            let mut values = Vec::new();
            for id in &listed {
                let sheet = world
                    .get(&format!("/api/admin/licenze/{id}"), &cast.root)
                    .await
                    .expect(200);
                values.push(sheet.body[field].as_str().map(str::to_owned));
            }
            let with: Vec<_> = values.iter().take_while(|value| value.is_some()).collect();
            assert!(
                values[with.len()..].iter().all(Option::is_none),
                "{order}: {values:?}"
            );
            if field == "data_scadenza" {
                let mut sorted = with.clone();
                sorted.sort();
                if order.starts_with('-') {
                    sorted.reverse();
                }
                assert_eq!(with, sorted, "{order}");
            } else {
                let runs = with.windows(2).filter(|pair| pair[0] != pair[1]).count() + 1;
                let different: BTreeSet<_> = with.iter().collect();
                assert_eq!(runs, different.len(), "customers stand together: {order}");
            }
        }
    }
);

/// The lists of those that are stopped or wait, in some orders, by their address.
async fn apart(world: &World, email: &str) -> Vec<(String, Vec<String>)> {
    let browser = Browser::sign_in(world, email, PASSWORD).await;
    let mut lists = Vec::new();
    for filter in [
        "stato=sospesa",
        "stato=revocata",
        "stato=in_attesa_convalida",
        "in_attesa=assegnazione",
    ] {
        for order in ["creazione", "-creazione", "scadenza", "-cliente"] {
            let path = format!("/licenze?limite=25&ordine={order}&{filter}");
            let listed = all(&browser, &path).await;
            lists.push((path, listed));
        }
    }
    lists
}

on_both!(
    those_that_are_stopped_or_wait_are_found_among_many_as_among_few,
    |world| async {
        let cast = world.cast().await;
        let root = &cast.root;
        many(&world, &cast).await;
        // More of each than a slice holds: stopped themselves, and with their customer.
        for (customer, action) in [(&cast.rossi, "sospendi"), (&cast.verdi, "revoca")] {
            let issued = world
                .issue(root, json!({"cliente": customer.id, "quantita": 28}))
                .await;
            for (id, _) in issued {
                let path = format!("/api/admin/licenze/{id}/{action}");
                world
                    .post(&path, root, json!({"motivo": "prova"}))
                    .await
                    .expect(200);
            }
        }
        let suspended = json!({"cliente": cast.verdi.id, "quantita": 28});
        world.issue(root, suspended).await;
        let path = format!("/api/admin/clienti/{}/sospendi", cast.verdi.id);
        world
            .post(&path, root, json!({"motivo": "prova"}))
            .await
            .expect(200);

        let people = ["root@example.it", &cast.alfa.email, &cast.nord.email];
        let mut among_few = Vec::new();
        for email in people {
            among_few.push(apart(&world, email).await);
        }
        let length = |n: usize| among_few[0][n].1.len();
        assert!(length(0) > 50 && length(4) > 25, "{} {}", length(0), length(4));
        assert!(length(8) > 0, "{}", length(8));

        for company in [&cast.alfa.id, &cast.nord.id] {
            world
                .issue(root, json!({"azienda": company, "quantita": 5001}))
                .await;
        }
        for (email, few) in people.iter().zip(&among_few) {
            let many = apart(&world, email).await;
            for ((path, few), (_, many)) in few.iter().zip(&many) {
                assert_eq!(many, few, "{email} {path}");
            }
        }
    }
);

on_both!(
    the_list_searches_filters_and_tells_when_there_is_nothing,
    |world| async {
        let cast = world.cast().await;
        let browser = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        for (filter, wanted) in [
            (format!("q={}", cast.rossi.key), vec![&cast.rossi.license]),
            (
                format!("q={}", &cast.verdi.key[cast.verdi.key.len() - 5..]),
                vec![&cast.verdi.license],
            ),
            ("q=neri".into(), vec![&cast.neri.license]),
            (format!("azienda={}", cast.nord.id), vec![&cast.neri.license]),
            (format!("agente={}", cast.bruno.id), vec![&cast.bianchi.license]),
            ("tipo=trial".into(), vec![]),
        ] {
            let found = all(&browser, &format!("/licenze?{filter}")).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), wanted, "{filter}");
        }
        let page = browser.get("/licenze?tipo=trial").await.expect(200).text;
        assert!(page.contains("Nessuna licenza corrisponde") && page.contains("Azzera i filtri"));
        // Typing asks for the list alone.
        let part = browser.part("/licenze?q=rossi").await.expect(200).text;
        assert!(part.contains("id=\"results\"") && !part.contains("<html"));
        for (wrong, status) in [
            ("stato=boh", 422),
            ("ordine=boh", 422),
            ("cursore=boh", 422),
            ("cliente=boh", 404),
            ("prodotto=BOH", 404),
            ("azienda=018f0000-0000-7000-8000-000000000000", 404),
        ] {
            browser.get(&format!("/licenze?{wrong}")).await.expect(status);
        }
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        beta.get(&format!("/licenze?cliente={}", cast.rossi.id))
            .await
            .expect(404);
        beta.get(&format!("/licenze?azienda={}", cast.nord.id))
            .await
            .expect(404);
        assert_eq!(
            all(&beta, "/licenze").await,
            std::slice::from_ref(&cast.bianchi.license)
        );
        let hostile = beta
            .get("/licenze?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%7B%7B+7*7+%7D%7D")
            .await
            .expect(200)
            .text;
        assert!(!hostile.contains("<script>alert") && hostile.contains("{{ 7*7 }}"));
    }
);
