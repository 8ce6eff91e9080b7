//! The pages of products.

use super::{HOSTILE, harmless, reads, recorded};
use crate::{
    on_both,
    support::{
        World,
        browser::Browser,
        cast::{Cast, PASSWORD},
    },
};
use serde_json::json;

const ROOT: &str = "root@example.it";

async fn vendor(world: &World) -> (Cast, Browser<'_>) {
    let cast = world.cast().await;
    let browser = Browser::sign_in(world, ROOT, PASSWORD).await;
    (cast, browser)
}

fn product<'a>(extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("nome_prodotto", "Partita Doppia"),
        ("versione", "3.2"),
        ("tipi_licenza", "abbonamento"),
        ("tipi_licenza", "trial"),
        ("prezzo_base", "1.234,50"),
        ("valuta", "EUR"),
        ("durata_prova_giorni", "30"),
        ("periodo_mesi", "12"),
        ("decorrenza", "attivazione"),
        ("giorni_offline", "14"),
        ("giorni_tolleranza", "30"),
        ("attesa_giorni", "14"),
        ("rilasci_max", "2"),
        ("rilasci_giorni", "30"),
    ];
    for (name, value) in extra {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

const PAGES: [&str; 13] = [
    "/prodotti",
    "/prodotti?archiviati=si",
    "/prodotti/nuovo",
    "/prodotti/GESTIONALE",
    "/prodotti/GESTIONALE/modifica",
    "/prodotti/GESTIONALE/archivia",
    "/prodotti/GESTIONALE/moduli",
    "/prodotti/GESTIONALE/moduli/nuovo",
    "/prodotti/GESTIONALE/moduli/MAGAZZINO",
    "/prodotti/GESTIONALE/versioni",
    "/prodotti/GESTIONALE/versioni/nuova",
    "/prodotti/GESTIONALE/listini",
    "/prodotti/GESTIONALE/listini/nuovo",
];

on_both!(
    every_page_of_products_is_shown_to_the_vendor_in_both_languages,
    |world| async {
        let (_cast, browser) = vendor(&world).await;
        for (language, word) in [("it", "Prodotti"), ("en", "Products")] {
            reads(&world, ROOT, language);
            for path in PAGES
                .into_iter()
                .chain(["/prodotti/GESTIONALE/chiavi", "/prodotti/GESTIONALE/chiavi/ruota"])
            {
                browser.get(path).await.expect(200).says(word);
            }
        }
        browser.get("/prodotti/NESSUNO").await.expect(404);
        browser
            .get("/prodotti/GESTIONALE/moduli/NESSUNO")
            .await
            .expect(404);
        browser
            .get("/prodotti/GESTIONALE/chiavi/nessuna/revoca")
            .await
            .expect(404);
        browser
            .get("/prodotti/GESTIONALE/listini/nessuno/termina")
            .await
            .expect(404);
    }
);

on_both!(
    resellers_read_products_and_neither_lists_nor_keys_nor_forms,
    |world| async {
        let (_cast, _) = vendor(&world).await;
        let alfa = Browser::sign_in(&world, "alfa@example.it", PASSWORD).await;
        let list = alfa.get("/prodotti").await.expect(200);
        list.says("GESTIONALE");
        assert!(!list.text.contains("/prodotti/nuovo"));
        for path in [
            "/prodotti/GESTIONALE",
            "/prodotti/GESTIONALE/moduli",
            "/prodotti/GESTIONALE/versioni",
        ] {
            let page = alfa.get(path).await.expect(200);
            for never in [
                "/modifica",
                "/archivia",
                "/listini",
                "/chiavi",
                "/nuovo",
                "/nuova",
            ] {
                assert!(
                    !page.text.contains(&format!("GESTIONALE{never}")),
                    "{path} {never}"
                );
            }
        }
        for path in PAGES
            .into_iter()
            .filter(|path| !["/prodotti", "/prodotti?archiviati=si"].contains(path))
            .filter(|path| {
                !["/prodotti/GESTIONALE", "/moduli", "/versioni"]
                    .iter()
                    .any(|end| path.ends_with(end))
            })
        {
            alfa.get(path).await.expect(403);
        }
        alfa.get("/prodotti/GESTIONALE/chiavi").await.expect(403);
        for path in [
            "/prodotti/nuovo",
            "/prodotti/GESTIONALE/modifica",
            "/prodotti/GESTIONALE/archivia",
            "/prodotti/GESTIONALE/ripristina",
            "/prodotti/GESTIONALE/chiavi/ruota",
            "/prodotti/GESTIONALE/moduli/MAGAZZINO/archivia",
        ] {
            alfa.post(path, &[]).await.expect(403);
        }
        // The licences that are counted are the reader's.
        let alfa_counts = list
            .text
            .split("/licenze?prodotto=GESTIONALE\">")
            .nth(1)
            .unwrap()
            .to_owned();
        assert!(alfa_counts.starts_with("3<"), "{alfa_counts}");
    }
);

on_both!(
    a_product_is_made_once_changed_and_the_change_of_an_old_page_is_shown_beside_what_stands,
    |world| async {
        let (_cast, browser) = vendor(&world).await;
        let token = browser.get("/prodotti/nuovo").await.expect(200).value("gettone");
        let fields = product(&[("codice", "pd.3"), ("gettone", &token)]);
        for _ in 0..2 {
            let path = browser.post("/prodotti/nuovo", &fields).await.leads();
            assert_eq!(path, "/prodotti/PD.3");
        }
        assert_eq!(recorded(&world, "prodotto.creato"), 2, "GESTIONALE and this one");
        let page = browser.get("/prodotti/PD.3").await.expect(200);
        page.says("1.234,50");
        let taken = browser
            .post("/prodotti/nuovo", &product(&[("codice", "PD.3")]))
            .await
            .expect(422);
        taken.says("Già in uso");
        taken.says("Partita Doppia");
        let wrong = product(&[
            ("codice", ""),
            ("prezzo_base", "dodici"),
            ("proprieta", "[1]"),
            ("tipi_licenza", "nolo"),
        ]);
        let again = browser.post("/prodotti/nuovo", &wrong).await.expect(422);
        for field in ["codice", "prezzo_base", "proprieta", "tipi_licenza"] {
            again.says(&format!("href=\"#{field}\""));
        }
        assert_eq!(again.value("prezzo_base"), "dodici");

        let edit = browser.get("/prodotti/PD.3/modifica").await.expect(200);
        let revision = edit.value("revisione");
        let change = product(&[("nome_prodotto", "Partita Tripla"), ("revisione", &revision)]);
        assert_eq!(
            browser.post("/prodotti/PD.3/modifica", &change).await.leads(),
            "/prodotti/PD.3"
        );
        assert_eq!(recorded(&world, "prodotto.modificato"), 1);
        let old = product(&[("nome_prodotto", "Partita Quadrupla"), ("revisione", &revision)]);
        let conflict = browser.post("/prodotti/PD.3/modifica", &old).await.expect(409);
        conflict.says("Partita Quadrupla");
        conflict.says("Partita Tripla");
        assert!(!conflict.text.contains(">field-"), "{}", conflict.text);
        let revision = conflict.value("revisione");
        let over = product(&[("nome_prodotto", "Partita Quadrupla"), ("revisione", &revision)]);
        browser.post("/prodotti/PD.3/modifica", &over).await.leads();
        browser
            .get("/prodotti/PD.3")
            .await
            .expect(200)
            .says("Partita Quadrupla");
    }
);

on_both!(
    an_archived_product_makes_no_licences_until_it_is_restored,
    |world| async {
        let (cast, browser) = vendor(&world).await;
        let path = "/prodotti/GESTIONALE/archivia";
        browser.post(path, &[]).await.expect(422);
        browser.post(path, &[("conferma", "ALTRO")]).await.expect(422);
        browser.post(path, &[("conferma", "gestionale")]).await.leads();
        assert_eq!(recorded(&world, "prodotto.archiviato"), 1);
        let list = browser.get("/prodotti").await.expect(200);
        assert!(!list.text.contains("/prodotti/GESTIONALE"));
        browser
            .get("/prodotti?archiviati=si")
            .await
            .expect(200)
            .says("/prodotti/GESTIONALE");
        let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial"});
        world
            .post("/api/admin/licenze", &cast.root, order.clone())
            .await
            .field("prodotto", "NON_COMPATIBILE");
        browser
            .post(path, &[("conferma", "GESTIONALE")])
            .await
            .expect(409);
        browser.post("/prodotti/GESTIONALE/ripristina", &[]).await.leads();
        assert_eq!(recorded(&world, "prodotto.ripristinato"), 1);
        world
            .post("/api/admin/licenze", &cast.root, order)
            .await
            .expect(201);
    }
);

on_both!(
    modules_are_added_changed_archived_and_restored_and_keep_their_code,
    |world| async {
        let (_cast, browser) = vendor(&world).await;
        let new = "/prodotti/GESTIONALE/moduli/nuovo";
        let fields = [
            ("codice", "cespiti"),
            ("nome_modulo", "Cespiti"),
            ("prezzo_modulo", "60"),
        ];
        for _ in 0..2 {
            browser.post(new, &fields).await.leads();
        }
        browser
            .post(new, &[("codice", "CESPITI"), ("nome_modulo", "Altro")])
            .await
            .expect(422)
            .says("Già in uso");
        let taken = [("codice", "ALTRO"), ("nome_modulo", "Altro"), ("bit", "0")];
        browser.post(new, &taken).await.expect(422).says("href=\"#bit\"");
        let page = browser
            .get("/prodotti/GESTIONALE/moduli/CESPITI")
            .await
            .expect(200);
        let revision = page.value("revisione");
        let change = [
            ("nome_modulo", "Cespiti e leasing"),
            ("prezzo_modulo", "75,50"),
            ("revisione", revision.as_str()),
        ];
        let path = "/prodotti/GESTIONALE/moduli/CESPITI";
        browser.post(path, &change).await.leads();
        let old = [("nome_modulo", "Vecchio"), ("revisione", revision.as_str())];
        let conflict = browser.post(path, &old).await.expect(409);
        conflict.says("Cespiti e leasing");
        conflict.says("Vecchio");
        browser.post(&format!("{path}/archivia"), &[]).await.leads();
        browser.get(path).await.expect(404);
        browser
            .get("/prodotti/GESTIONALE/moduli")
            .await
            .expect(200)
            .says("CESPITI/ripristina");
        browser.post(new, &fields).await.expect(422).says("Già in uso");
        browser.post(&format!("{path}/ripristina"), &[]).await.leads();
        browser.post(&format!("{path}/ripristina"), &[]).await.expect(409);
        browser.get(path).await.expect(200).says("75,50");
        assert_eq!(
            recorded(&world, "prodotto.modificato"),
            4,
            "added, changed, archived, restored"
        );
    }
);

on_both!(versions_are_published_once, |world| async {
    let (_cast, browser) = vendor(&world).await;
    let path = "/prodotti/GESTIONALE/versioni/nuova";
    let token = browser.get(path).await.expect(200).value("gettone");
    let fields = [
        ("versione", "4.0"),
        ("data_rilascio", "2026-11-20"),
        ("url", "https://example.com/4.0"),
        ("gettone", token.as_str()),
    ];
    for _ in 0..2 {
        browser.post(path, &fields).await.leads();
    }
    assert_eq!(recorded(&world, "prodotto.versione"), 1);
    browser
        .get("/prodotti/GESTIONALE/versioni")
        .await
        .expect(200)
        .says("4.0");
    browser
        .post(path, &[("versione", "4.0"), ("data_rilascio", "2026-11-20")])
        .await
        .expect(422)
        .says("Già in uso");
    browser
        .post(
            path,
            &[
                ("versione", "4.1"),
                ("data_rilascio", "ieri"),
                ("url", "javascript:alert(1)"),
            ],
        )
        .await
        .expect(422)
        .says("href=\"#url\"");
});

on_both!(
    prices_begin_and_end_and_never_hold_twice_for_the_same_thing,
    |world| async {
        let (_cast, browser) = vendor(&world).await;
        let new = "/prodotti/GESTIONALE/listini/nuovo";
        let page = browser.get(new).await.expect(200);
        let today = page.value("valido_dal");
        let token = page.value("gettone");
        let fields = [
            ("tipo_licenza", "abbonamento"),
            ("importo", "420,00"),
            ("valido_dal", today.as_str()),
            ("gettone", token.as_str()),
        ];
        for _ in 0..2 {
            browser.post(new, &fields).await.leads();
        }
        assert_eq!(recorded(&world, "listino.aggiunto"), 1);
        let again = browser.post(new, &fields[..3]).await.expect(422);
        again.says("valido_dal-e");
        // For others, or for a module, it is another thing.
        for extra in [
            ("livello", "rivenditore"),
            ("modulo", "MAGAZZINO"),
            ("per_posto", "si"),
        ] {
            let mut other = fields[..3].to_vec();
            other.push(extra);
            browser.post(new, &other).await.leads();
        }
        for (name, value) in [
            ("valido_dal", "2020-01-01"),
            ("valido_al", "2020-01-01"),
            ("importo", "-1"),
            ("importo", "x"),
            ("livello", "agente"),
            ("modulo", "NESSUNO"),
            ("periodo_mesi", "0"),
        ] {
            let mut wrong = fields[..3].to_vec();
            wrong.retain(|(known, _)| *known != name);
            wrong.push((name, value));
            let reply = browser.post(new, &wrong).await.expect(422);
            reply.says(&format!("href=\"#{name}\""));
        }
        let list = browser.get("/prodotti/GESTIONALE/listini").await.expect(200);
        list.says("420,00");
        let id = list
            .text
            .split("/listini/")
            .filter_map(|rest| rest.split_once("/termina").map(|(id, _)| id.to_owned()))
            .find(|id| id.len() == 36)
            .unwrap();
        let end = format!("/prodotti/GESTIONALE/listini/{id}/termina");
        browser.get(&end).await.expect(200);
        browser
            .post(&end, &[("valido_al", "2020-01-01")])
            .await
            .expect(422);
        browser.post(&end, &[("valido_al", &today)]).await.leads();
        assert_eq!(recorded(&world, "listino.terminato"), 1);
        browser
            .post(&end, &[("valido_al", "2099-01-01")])
            .await
            .expect(422);
        // The day after, another begins; the one that ended is there to be looked at.
        world.app.clock.advance(chrono::Duration::days(1));
        let browser = Browser::sign_in(&world, ROOT, PASSWORD).await;
        browser.post(&end, &[("valido_al", &today)]).await.expect(409);
        browser
            .get("/prodotti/GESTIONALE/listini?passati=si")
            .await
            .expect(200)
            .says("Terminata");
    }
);

on_both!(
    a_signing_key_is_rotated_once_and_revoked_by_who_gave_the_password_lately,
    |world| async {
        let (_cast, browser) = vendor(&world).await;
        let count = |state: &str| {
            world.database.count(&format!(
                "SELECT COUNT(*) AS n FROM signing_keys WHERE state = '{state}'"
            ))
        };
        let path = "/prodotti/GESTIONALE/chiavi/ruota";
        let kid = browser.get(path).await.expect(200).value("kid");
        browser.post(path, &[("kid", &kid)]).await.expect(422);
        let sure = [("kid", kid.as_str()), ("conferma", "GESTIONALE")];
        browser.post(path, &sure).await.leads();
        assert_eq!((count("current"), count("next"), count("retired")), (1, 1, 1));
        browser.post(path, &sure).await.expect(409);
        assert_eq!(recorded(&world, "prodotto.chiave_ruotata"), 1);

        let revoke = format!("/prodotti/GESTIONALE/chiavi/{kid}/revoca");
        browser.get(&revoke).await.expect(200);
        browser.post(&revoke, &[("conferma", "GESTIONALE")]).await.leads();
        browser
            .post(&revoke, &[("conferma", "GESTIONALE")])
            .await
            .expect(409);
        assert_eq!((count("retired"), count("revoked")), (0, 1));
        assert_eq!(recorded(&world, "prodotto.chiave_revocata"), 1);

        let current = browser.get(path).await.expect(200).value("kid");
        let leaked = [
            ("kid", current.as_str()),
            ("conferma", "GESTIONALE"),
            ("trapelata", "si"),
        ];
        browser.post(path, &leaked).await.leads();
        assert_eq!((count("current"), count("next"), count("revoked")), (1, 1, 2));

        world.app.clock.advance(chrono::Duration::minutes(16));
        assert!(browser.get(path).await.leads().starts_with("/conferma?"));
        assert!(
            browser
                .post(path, &leaked)
                .await
                .leads()
                .starts_with("/conferma?")
        );
    }
);

on_both!(hostile_texts_are_shown_as_texts, |world| async {
    let (_cast, browser) = vendor(&world).await;
    for hostile in HOSTILE {
        let fields = product(&[
            ("nome_prodotto", hostile),
            ("descrizione", hostile),
            ("versione", hostile),
            ("codice", "CATTIVO"),
        ]);
        browser.post("/prodotti/nuovo", &fields).await;
        let edit = browser.get("/prodotti/CATTIVO/modifica").await.expect(200);
        let mut change = fields.clone();
        let revision = edit.value("revisione");
        change.push(("revisione", &revision));
        browser.post("/prodotti/CATTIVO/modifica", &change).await;
        browser
            .post(
                "/prodotti/CATTIVO/moduli/nuovo",
                &[("codice", "M"), ("nome_modulo", hostile)],
            )
            .await;
        browser
            .post(
                "/prodotti/CATTIVO/versioni/nuova",
                &[
                    ("versione", hostile),
                    ("data_rilascio", "2026-01-01"),
                    ("note_versione", hostile),
                ],
            )
            .await;
        for path in [
            "/prodotti",
            "/prodotti/CATTIVO",
            "/prodotti/CATTIVO/modifica",
            "/prodotti/CATTIVO/moduli",
            "/prodotti/CATTIVO/versioni",
            "/prodotti/CATTIVO/listini/nuovo",
            "/licenze/nuova?prodotto=CATTIVO",
        ] {
            harmless(&browser.get(path).await.expect(200).text);
        }
        let again = browser
            .post("/prodotti/nuovo", &product(&[("nome_prodotto", hostile)]))
            .await
            .expect(422);
        harmless(&again.text);
        browser.post("/prodotti/CATTIVO/moduli/M/archivia", &[]).await;
    }
});
