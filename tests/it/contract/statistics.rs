//! Figures of exactly what the caller sees, which agree with the lists and with the rows.

use crate::{on_both, pages::dashboard::sell, support::World};
use serde_json::{Value, json};

const PATH: &str = "/api/statistiche";

async fn read(world: &World, query: &str, token: &str) -> Value {
    world.settle().await;
    world.get(&format!("{PATH}{query}"), token).await.expect(200).body
}

/// All licences of a list, slice by slice.
async fn listed(world: &World, query: &str, token: &str) -> usize {
    let (mut found, mut cursor) = (0, String::new());
    loop {
        let path = format!("/api/admin/licenze?limite=200{query}{cursor}");
        let slice = world.get(&path, token).await.expect(200).body;
        found += slice["dati"].as_array().unwrap().len();
        match slice["cursore"].as_str() {
            Some(next) => cursor = format!("&cursore={next}"),
            None => return found,
        }
    }
}

async fn activate(world: &World, key: &str, device: &str) -> u16 {
    let body = json!({"chiave_licenza": key, "dispositivo": {"id": device}});
    world.call("/api/licenze/attiva", body).await.status.code
}

on_both!(
    figures_are_those_of_the_lists_and_of_the_callers_scope,
    |world| async {
        let cast = world.cast().await;
        let today = "2026-11-23";
        world.clock_to("2026-11-23T10:00:00Z", 0);
        for (kind, extra) in [
            ("trial", json!({})),
            ("permanente", json!({})),
            ("abbonamento", json!({"data_scadenza": "2026-12-15"})),
            ("abbonamento", json!({"data_scadenza": "2026-11-01"})),
        ] {
            let mut order = json!({"tipo_licenza": kind, "cliente": cast.verdi.id, "quantita": 3});
            for (name, value) in extra.as_object().unwrap() {
                order[name] = value.clone();
            }
            world.issue(&cast.root, order).await;
        }
        assert_eq!(activate(&world, &cast.rossi.key, "UNO").await, 200);
        assert_eq!(activate(&world, &cast.rossi.key, "UNO").await, 200);
        assert_eq!(activate(&world, &cast.rossi.key, "DUE").await, 409);
        assert_eq!(activate(&world, &cast.bianchi.key, "TRE").await, 200);
        sell(&world, &cast.rossi.license, 12_300);
        sell(&world, &cast.verdi.license, 4_500);
        sell(&world, &cast.bianchi.license, 99_999);

        for (token, sold, activated, refused) in [
            (&cast.root, 116_799, 2, 1),
            (&cast.alfa.token, 16_800, 1, 1),
            (&cast.anna.token, 4_500, 0, 0),
            (&cast.beta.token, 99_999, 1, 0),
            (&cast.bruno.token, 99_999, 1, 0),
        ] {
            let seen = read(&world, "", token).await;
            for state in [
                "emessa",
                "attiva",
                "demo",
                "scaduta",
                "sospesa",
                "revocata",
                "in_attesa_convalida",
            ] {
                let of_list = listed(&world, &format!("&stato={state}"), token).await;
                assert_eq!(seen["licenze_per_stato"][state], of_list, "{state}");
            }
            for kind in ["trial", "permanente", "abbonamento"] {
                let of_list = listed(&world, &format!("&tipo_licenza={kind}"), token).await;
                assert_eq!(seen["licenze_per_tipo"][kind], of_list, "{kind}");
            }
            let money = seen["vendite"]["totale"]["importi_centesimi"]["EUR"]
                .as_i64()
                .unwrap_or(0);
            assert_eq!(money, sold);
            let tried = &seen["attivazioni"]["totale"];
            assert_eq!(
                (&tried["riuscite"], &tried["rifiutate"]),
                (&json!(activated), &json!(refused))
            );
            let of_agents: i64 = seen["agenti"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|agent| agent["vendite"]["importi_centesimi"]["EUR"].as_i64())
                .sum();
            assert_eq!(of_agents, sold, "what agents sold adds up");
            for (what, of) in [
                ("vendite", "numero"),
                ("attivazioni", "riuscite"),
                ("scadenze", "numero"),
            ] {
                let parts: i64 = seen[what]["serie"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|part| part[of].as_i64().unwrap())
                    .sum();
                assert_eq!(seen[what]["totale"][of], parts, "{what} adds up");
            }
        }
        let ahead = format!("?da={today}&a=2026-12-31&raggruppa=settimana");
        let seen = read(&world, &ahead, &cast.anna.token).await;
        assert_eq!(seen["scadenze"]["totale"]["numero"], 3);
        assert_eq!(seen["scadenze"]["serie"][0]["dal"], today);
        let names: Vec<&str> = seen["agenti"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|agent| agent["nome"].as_str())
            .collect();
        assert_eq!(names.len(), 1, "an agent is told of nobody else: {names:?}");
    }
);

on_both!(figures_are_narrowed_to_what_the_caller_sees, |world| async {
    let cast = world.cast().await;
    sell(&world, &cast.rossi.license, 12_300);
    sell(&world, &cast.verdi.license, 4_500);
    sell(&world, &cast.neri.license, 700);
    let of = async |query: &str, token: &str| {
        let seen = read(&world, query, token).await;
        seen["vendite"]["totale"]["importi_centesimi"]["EUR"]
            .as_i64()
            .unwrap_or(0)
    };
    let (alfa, nord, anna) = (&cast.alfa.id, &cast.nord.id, &cast.anna.id);
    assert_eq!(of(&format!("?azienda={alfa}"), &cast.root).await, 17_500);
    assert_eq!(of(&format!("?azienda={nord}"), &cast.alfa.token).await, 700);
    assert_eq!(of(&format!("?agente={anna}"), &cast.alfa.token).await, 4_500);
    assert_eq!(of("?prodotto=GESTIONALE", &cast.alfa.token).await, 17_500);
    for query in [
        format!("?azienda={}", cast.beta.id),
        format!("?agente={}", cast.bruno.id),
        "?azienda=00000000-0000-7000-8000-000000000000".to_owned(),
        "?prodotto=NESSUNO".to_owned(),
    ] {
        world
            .get(&format!("{PATH}{query}"), &cast.alfa.token)
            .await
            .refused(404, "NON_TROVATO");
    }
    for (query, field) in [
        ("?da=2026-13-01", "da"),
        ("?a=ieri", "a"),
        ("?da=2026-02-01&a=2026-01-01", "da"),
        ("?raggruppa=ora", "raggruppa"),
        ("?da=1980-01-01&a=2026-01-01&raggruppa=giorno", "raggruppa"),
    ] {
        let reply = world.get(&format!("{PATH}{query}"), &cast.root).await;
        assert_eq!(reply.status.code, 422, "{query}");
        assert!(reply.body["campi"][field].is_array(), "{query}: {}", reply.text);
    }
});
