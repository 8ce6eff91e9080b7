//! Lists: slices without gaps and doubles, filters, bounds.

use crate::on_both;
use serde_json::json;
use std::collections::BTreeSet;

const LISTS: [&str; 8] = [
    "/api/admin/licenze",
    "/api/admin/clienti",
    "/api/admin/agent",
    "/api/admin/utenti",
    "/api/admin/prodotti",
    "/api/admin/registro",
    "/api/admin/attivazioni",
    "/api/admin/accessi",
];

on_both!(
    a_slice_has_bounds_and_a_cursor_that_is_none_is_refused,
    |world| async {
        let cast = world.cast().await;
        for list in LISTS {
            for limit in [
                "0",
                "201",
                "-1",
                "99999999999999999999",
                "1.5",
                "x",
                "1e2",
                "0x10",
                "%20",
                "%00",
                "%C3%A8",
            ] {
                let reply = world.get(&format!("{list}?limite={limit}"), &cast.root).await;
                assert_eq!(
                    (reply.status.code, reply.code()),
                    (422, "RICHIESTA_NON_VALIDA"),
                    "{list} {limit}"
                );
                assert!(reply.body["campi"]["limite"].is_array(), "{}", reply.text);
            }
            for cursor in [
                "x",
                "%00",
                "1",
                "' OR 1=1",
                "01890000-0000-7000-8000",
                "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz",
                "%F0%9F%A6%80",
            ] {
                let path = format!("{list}?cursore={}", cursor.replace(' ', "%20"));
                world.get(&path, &cast.root).await.field("cursore", "NON_VALIDO");
            }
            world
                .get(&format!("{list}?limite=2&limite=3"), &cast.root)
                .await
                .field("limite", "NON_VALIDO");
            for fine in [
                "",
                "?",
                "?limite=1",
                "?limite=200",
                "?ignoto=1",
                "?limite=&cursore=",
                "?cursore=00000000-0000-0000-0000-000000000000",
            ] {
                let reply = world.get(&format!("{list}{fine}"), &cast.root).await.expect(200);
                let rows = reply.body["dati"].as_array().unwrap().len();
                assert!(rows <= 200 && (fine != "?limite=1" || rows <= 1));
                assert!(reply.body.as_object().unwrap().contains_key("cursore"));
            }
        }
    }
);

on_both!(
    slices_follow_one_another_without_doubles_or_gaps_while_rows_are_added,
    |world| async {
        let cast = world.cast().await;
        let order = json!({"quantita": 57, "azienda": cast.alfa.id});
        let before: BTreeSet<String> = world
            .issue(&cast.root, order.clone())
            .await
            .into_iter()
            .map(|(id, _)| id)
            .chain([
                cast.rossi.license.clone(),
                cast.verdi.license.clone(),
                cast.neri.license.clone(),
            ])
            .collect();
        let mut seen: Vec<String> = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/admin/licenze?limite=7{cursor}");
            let page = world.get(&path, &cast.alfa.token).await.expect(200);
            let rows = page.body["dati"].as_array().unwrap();
            assert!(rows.len() <= 7);
            seen.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
            let Some(next) = page.body["cursore"].as_str() else {
                break;
            };
            assert_eq!(rows.len(), 7, "a slice with a next one is full");
            cursor = format!("&cursore={next}");
            world
                .issue(&cast.root, json!({"quantita": 3, "azienda": cast.alfa.id}))
                .await;
            world.issue(&cast.root, json!({"azienda": cast.beta.id})).await;
        }
        let once: BTreeSet<String> = seen.iter().cloned().collect();
        assert_eq!(once.len(), seen.len(), "a row came twice");
        assert_eq!(
            once, before,
            "the rows that were there at the beginning, and no others"
        );
    }
);

on_both!(an_exact_slice_ends_and_an_empty_list_is_one, |world| async {
    let cast = world.cast().await;
    world
        .issue(&cast.root, json!({"quantita": 10, "azienda": cast.beta.id}))
        .await;
    let page = world
        .get("/api/admin/licenze?limite=11", &cast.beta.token)
        .await
        .expect(200);
    assert_eq!(page.body["dati"].as_array().unwrap().len(), 11);
    assert!(page.body["cursore"].is_null());
    let page = world
        .get("/api/admin/licenze?stato=revocata", &cast.beta.token)
        .await
        .expect(200);
    assert_eq!(page.body, json!({"dati": [], "cursore": null}));
});

on_both!(filters_find_what_they_say_and_refuse_other_words, |world| async {
    let cast = world.cast().await;
    let root = &cast.root;
    for (kind, extra) in [
        ("trial", json!({})),
        ("permanente", json!({})),
        ("abbonamento", json!({"data_scadenza": "2020-01-01"})),
    ] {
        let mut order = json!({"tipo_licenza": kind, "azienda": cast.alfa.id});
        for (name, value) in extra.as_object().unwrap() {
            order[name] = value.clone();
        }
        world.issue(root, order).await;
    }
    world.computer_key(&cast.rossi.key, "PC-È 漢字").await;
    let count = async |query: &str| {
        let reply = world
            .get(&format!("/api/admin/licenze?{query}"), root)
            .await
            .expect(200);
        reply.body["dati"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 7);
    assert_eq!(count("stato=scaduta").await, 1);
    assert_eq!(count("stato=attiva").await, 1);
    assert_eq!(count("stato=emessa").await, 5);
    assert_eq!(count("tipo_licenza=trial").await, 1);
    assert_eq!(count("prodotto=GESTIONALE").await, 7);
    assert_eq!(count(&format!("prodotto={}", cast.product)).await, 7);
    assert_eq!(count(&format!("cliente={}", cast.rossi.id)).await, 1);
    assert_eq!(count(&format!("agente={}", cast.anna.id)).await, 1);
    assert_eq!(count("q=rossi").await, 1);
    assert_eq!(count("q=ROS").await, 1);
    assert_eq!(count("q=PC-%C3%88%20%E6%BC%A2%E5%AD%97").await, 1);
    assert_eq!(count(&format!("q={}", cast.verdi.key)).await, 1);
    assert_eq!(
        count(&format!("q={}", cast.verdi.key.to_lowercase().replace('-', ""))).await,
        1
    );
    assert_eq!(count(&format!("q={}", &cast.verdi.key[24..])).await, 1);
    for nothing in [
        "citt%C3%A0",
        "%25",
        "_",
        "%27%20OR%201=1",
        "%00",
        "%F0%9F%A6%80",
        "%E8",
    ] {
        let found = count(&format!("q={nothing}")).await;
        assert!(found == 0 || nothing == "%00", "{nothing}: {found}");
        world
            .get(&format!("/api/admin/clienti?q={nothing}"), root)
            .await
            .expect(200);
    }
    for (name, value) in [
        ("stato", "x"),
        ("tipo_licenza", "demo"),
        ("in_attesa", "x"),
        ("scade_entro", "-1"),
        ("scade_entro", "x"),
    ] {
        let reply = world
            .get(&format!("/api/admin/licenze?{name}={value}"), root)
            .await;
        assert!(
            reply.status.code == 422 && reply.body["campi"][name].is_array(),
            "{}",
            reply.text
        );
    }
    for (name, value) in [
        ("cliente", "x"),
        ("azienda", "x"),
        ("agente", "x"),
        ("prodotto", "CITT%C3%80"),
        ("prodotto", "x"),
    ] {
        world
            .get(&format!("/api/admin/licenze?{name}={value}"), root)
            .await
            .refused(404, "NON_TROVATO");
    }
    // Another's is nobody's, also in a filter.
    for (name, id) in [
        ("cliente", &cast.bianchi.id),
        ("azienda", &cast.beta.id),
        ("agente", &cast.bruno.id),
    ] {
        world
            .get(&format!("/api/admin/licenze?{name}={id}"), &cast.alfa.token)
            .await
            .refused(404, "NON_TROVATO");
    }
});
