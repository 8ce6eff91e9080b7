//! Statistics: the page, its files and the API tell the same figures, of exactly what the reader sees.

use super::{dashboard::sell, harmless, reads};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use serde_json::{Value, json};

const ROOT: &str = "root@example.it";

async fn activate(world: &World, key: &str, device: &str) {
    let body = json!({"chiave_licenza": key, "dispositivo": {"id": device}});
    world.call("/api/licenze/attiva", body).await;
}

/// The rows of a table as a file, without its headings.
async fn rows(browser: &Browser<'_>, table: &str, query: &str) -> Vec<Vec<String>> {
    let path = format!("/statistiche/esporta/csv?tabella={table}&confronta=no&{query}");
    let (reply, bytes) = browser.download(&path).await;
    assert_eq!(reply.status.code, 200, "{path}");
    let text = String::from_utf8(bytes).unwrap();
    let lines = text.strip_prefix("\u{feff}").unwrap().lines().skip(1);
    lines
        .map(|line| {
            line.split(';')
                .map(|cell| cell.trim_matches('"').to_owned())
                .collect()
        })
        .collect()
}

/// The same rows as the API tells them.
fn told(api: &Value, table: &str) -> Vec<Vec<String>> {
    let series = |name: &str, cells: fn(&Value) -> Vec<String>| -> Vec<Vec<String>> {
        let all = api[name]["serie"].as_array().unwrap();
        all.iter()
            .map(|of| {
                let day: Vec<&str> = of["dal"].as_str().unwrap().split('-').collect();
                let mut row = vec![format!("{}/{}/{}", day[2], day[1], day[0])];
                row.extend(cells(of));
                row
            })
            .collect()
    };
    fn number(value: &Value) -> String {
        value.as_i64().unwrap().to_string()
    }
    fn money(of: &Value) -> Vec<String> {
        let cents = of["importi_centesimi"]["EUR"].as_i64().unwrap_or(0);
        let sign = if cents < 0 { "-" } else { "" };
        let amount = format!("{sign}{},{:02}", cents.abs() / 100, cents.abs() % 100);
        vec![number(&of["numero"]), amount]
    }
    let named = |names: &[(&str, &str)], of: &str| -> Vec<Vec<String>> {
        let row = |(code, name): &(&str, &str)| vec![(*name).to_owned(), number(&api[of][code])];
        names.iter().map(row).collect()
    };
    match table {
        "vendite" | "rinnovi" => series(table, money),
        "attivazioni" => series(table, |of| {
            ["riuscite", "ripetute", "rifiutate"]
                .map(|name| number(&of[name]))
                .to_vec()
        }),
        "prove" => series("conversione_trial", |of| {
            let rate = of["tasso_punti_base"].as_i64();
            let rate = rate.map(|points| format!("{},{:02}", points / 100, points % 100));
            vec![
                number(&of["convertite"]),
                number(&of["terminate"]),
                rate.unwrap_or_default(),
            ]
        }),
        "scadenze" => series(table, |of| vec![number(&of["numero"])]),
        "stati" => named(
            &[
                ("revocata", "Revocata"),
                ("sospesa", "Sospesa"),
                ("scaduta", "Scaduta"),
                ("in_attesa_convalida", "In attesa"),
                ("emessa", "Emessa"),
                ("demo", "Demo"),
                ("attiva", "Attiva"),
            ],
            "licenze_per_stato",
        ),
        "tipi" => named(
            &[
                ("permanente", "Permanente"),
                ("trial", "Prova"),
                ("abbonamento", "Abbonamento"),
            ],
            "licenze_per_tipo",
        ),
        "agenti" => api["agenti"]
            .as_array()
            .unwrap()
            .iter()
            .map(|agent| {
                let mut row = vec![agent["nome"].as_str().unwrap_or("Senza agente").to_owned()];
                row.extend(money(&agent["vendite"]));
                row.extend(money(&agent["rinnovi"]));
                row
            })
            .collect(),
        "moduli" => api["uso_moduli"]
            .as_array()
            .unwrap()
            .iter()
            .map(|module| {
                let of = |name: &str| module[name].as_str().unwrap();
                vec![
                    format!("{} · {}", of("prodotto"), of("nome")),
                    number(&module["licenze"]),
                ]
            })
            .collect(),
        other => panic!("{other}"),
    }
}

const TABLES: [&str; 9] = [
    "vendite",
    "rinnovi",
    "attivazioni",
    "prove",
    "scadenze",
    "stati",
    "tipi",
    "agenti",
    "moduli",
];

on_both!(page_file_and_api_tell_each_role_the_same_figures, |world| async {
    let cast = world.cast().await;
    for (at, device) in [("2026-09-10T10:00:00Z", "UNO"), ("2026-11-23T10:00:00Z", "DUE")] {
        world.clock_to(at, 0);
        for client in [&cast.rossi, &cast.verdi, &cast.neri, &cast.bianchi] {
            activate(&world, &client.key, device).await;
            activate(&world, &client.key, device).await;
            sell(&world, &client.license, 12_345);
        }
    }
    world.settle().await;
    for (kind, extra) in [
        ("trial", json!({})),
        ("abbonamento", json!({"data_scadenza": "2026-10-15"})),
    ] {
        for client in [&cast.rossi.id, &cast.verdi.id, &cast.bianchi.id] {
            let mut order = json!({"tipo_licenza": kind, "cliente": client, "moduli": ["MAGAZZINO"]});
            for (name, value) in extra.as_object().unwrap() {
                order[name] = value.clone();
            }
            world.issue(&cast.root, order).await;
        }
    }
    for (email, token) in [
        (ROOT, &cast.root),
        (&cast.alfa.email, &cast.alfa.token),
        (&cast.nord.email, &cast.nord.token),
        (&cast.anna.email, &cast.anna.token),
        (&cast.beta.email, &cast.beta.token),
    ] {
        let browser = Browser::sign_in(&world, email, PASSWORD).await;
        for query in [
            "da=2026-09-01&a=2026-11-23&raggruppa=mese",
            "da=2026-09-01&a=2026-11-23&raggruppa=settimana&prodotto=GESTIONALE",
            "da=2026-11-20&a=2026-11-25&raggruppa=giorno",
        ] {
            let api = world.get(&format!("/api/statistiche?{query}"), token).await;
            let api = api.expect(200).body;
            for table in TABLES {
                assert_eq!(
                    rows(&browser, table, query).await,
                    told(&api, table),
                    "{email} {table} {query}"
                );
            }
            let page = browser.get(&format!("/statistiche?{query}")).await;
            assert_eq!(page.status.code, 200);
            // The page's table is the file's, with a total below it.
            let sold = api["vendite"]["totale"]["importi_centesimi"]["EUR"]
                .as_i64()
                .unwrap_or(0);
            let sold = format!("{},{:02}", sold / 100, sold % 100);
            assert!(page.text.contains(&sold), "{email}: {sold}");
            for of in ["attiva", "emessa", "demo", "scaduta"] {
                let n = api["licenze_per_stato"][of].as_i64().unwrap();
                let narrowed = if query.contains("prodotto") {
                    "&amp;prodotto=GESTIONALE"
                } else {
                    ""
                };
                let link = format!("<a href=\"/licenze?stato={of}{narrowed}\">{n}</a>");
                assert_eq!(page.text.contains(&link), n > 0, "{email}: {link}");
            }
        }
    }
});

on_both!(figures_are_held_against_the_days_before, |world| async {
    let cast = world.cast().await;
    for (at, client) in [
        ("2026-10-05T10:00:00Z", &cast.rossi),
        ("2026-10-28T10:00:00Z", &cast.neri),
        ("2026-11-05T10:00:00Z", &cast.verdi),
        ("2026-11-06T10:00:00Z", &cast.bianchi),
    ] {
        world.clock_to(at, 0);
        activate(&world, &client.key, "D").await;
        world.settle().await;
    }
    world.clock_to("2026-11-23T10:00:00Z", 0);
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let file = |query: &str| format!("/statistiche/esporta/csv?tabella=attivazioni&{query}");
    let lines = async |query: &str| {
        let (reply, bytes) = root.download(&file(query)).await;
        assert_eq!(reply.status.code, 200, "{query}");
        let text = String::from_utf8(bytes).unwrap();
        text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    // The month up to today, against the same days of the month before: the 28th is not among them.
    assert_eq!(
        lines("periodo=mese&raggruppa=mese").await,
        ["01/11/2026;2;0;0;1;0;0"]
    );
    let days = lines("periodo=mese").await;
    assert_eq!(days.len(), 23);
    assert_eq!(days[4], "05/11/2026;1;0;0;1;0;0");
    assert_eq!(days[5], "06/11/2026;1;0;0;0;0;0");
    // Any other days against as many right before them.
    assert_eq!(
        lines("da=2026-11-06&a=2026-11-07").await,
        ["06/11/2026;1;0;0;0;0;0", "07/11/2026;0;0;0;1;0;0"].map(|line| {
            // The 4th and the 5th of November stand beside the 6th and the 7th.
            line.to_owned()
        })
    );
    assert_eq!(
        lines("periodo=mese&raggruppa=mese&confronta=no").await,
        ["01/11/2026;2;0;0"]
    );
    let page = root.get("/statistiche?periodo=mese").await;
    assert!(page.text.contains("+1 su 1"), "the card tells the change");
    // Dates that are those of the named stretch leave it named.
    let same = root
        .get("/statistiche?periodo=mese&da=2026-11-01&a=2026-11-23")
        .await;
    assert!(same.text.contains("periodo=mese&amp;tabella=vendite"));
    let other = root
        .get("/statistiche?periodo=mese&da=2026-11-02&a=2026-11-23")
        .await;
    assert!(
        other
            .text
            .contains("da=2026-11-02&amp;a=2026-11-23&amp;tabella=vendite")
    );
});

on_both!(what_cannot_be_counted_is_told_in_words, |world| async {
    let cast = world.cast().await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    for (query, words) in [
        (
            "da=2026-02-01&a=2026-01-01",
            "il primo giorno viene dopo l’ultimo",
        ),
        ("da=2000-01-01&a=2026-01-01&raggruppa=giorno", "Troppi intervalli"),
        ("da=2026-13-01", "Valore non valido"),
        ("raggruppa=ora", "Troppi intervalli"),
    ] {
        let reply = alfa.get(&format!("/statistiche?{query}")).await;
        assert_eq!(reply.status.code, 422, "{query}");
        if query != "raggruppa=ora" && query != "da=2026-13-01" {
            assert!(reply.text.contains(words), "{query}: {}", reply.text);
        }
    }
    for query in [
        format!("azienda={}", cast.beta.id),
        format!("agente={}", cast.bruno.id),
        "prodotto=NESSUNO".to_owned(),
        "azienda=nessuna".to_owned(),
    ] {
        for path in ["/statistiche", "/statistiche/esporta/csv"] {
            let reply = alfa.get(&format!("{path}?{query}")).await;
            assert_eq!(reply.status.code, 404, "{path}?{query}");
        }
    }
    let reply = alfa.get("/statistiche/esporta/csv?tabella=altro").await;
    assert_eq!(reply.status.code, 404);
    let reply = alfa.get("/statistiche/esporta/txt").await;
    assert_eq!(reply.status.code, 404);
    let mine = format!("/statistiche?azienda={}&agente={}", cast.nord.id, cast.nino.id);
    assert_eq!(alfa.get(&mine).await.status.code, 200);
    reads(&world, &cast.alfa.email, "en");
    let english = alfa.get("/statistiche?periodo=anno").await;
    assert!(english.text.contains("<h1 tabindex=\"-1\">Statistics</h1>"));
    assert!(english.text.contains("What is counted, and how"));
    world
        .database
        .execute(&format!(
            "UPDATE nodes SET name = '{}' WHERE name LIKE 'ANNA%'",
            "\"><script>alert(1)</script>"
        ))
        .unwrap();
    sell(&world, &cast.verdi.license, 100);
    harmless(&alfa.get("/statistiche").await.text);
});
