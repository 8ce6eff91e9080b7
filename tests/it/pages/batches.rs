//! Generating keys at the portal, and the batches that they come in.

use super::{HOSTILE, harmless, reads, recorded};
use crate::{
    on_both,
    support::{
        Reply, World,
        browser::Browser,
        cast::{Cast, PASSWORD},
    },
};
use rocket::{
    http::{ContentType, Header, Method, Status},
    local::asynchronous::LocalRequest,
};
use serde_json::json;

const ROOT: &str = "root@example.it";
const NEW: &str = "/licenze/nuova";

async fn vendor(world: &World) -> (Cast, Browser<'_>) {
    let cast = world.cast().await;
    let browser = Browser::sign_in(world, ROOT, PASSWORD).await;
    (cast, browser)
}

fn count(world: &World, what: &str) -> i64 {
    world.database.count(&format!("SELECT COUNT(*) AS n FROM {what}"))
}

/// A request of the vendor's browser.
async fn request<'w>(world: &'w World, method: Method, path: &str) -> LocalRequest<'w> {
    let door = world
        .request(Method::Post, "/accedi")
        .header(ContentType::Form)
        .header(Header::new("Origin", "https://licenze.example.it"))
        .body(format!("email={ROOT}&password={PASSWORD}"));
    let reply = Reply::of(door).await.expect(303);
    let mut request = world.request(method, path);
    for (name, value) in &reply.headers {
        let pair = value.split(';').next().and_then(|pair| pair.split_once('='));
        if let Some((cookie, value)) = pair.filter(|_| name == "set-cookie") {
            request = request.cookie((cookie.to_owned(), value.to_owned()));
        }
    }
    request
}

/// A file: what is said of it, and its bytes.
async fn download(world: &World, path: &str) -> (Vec<(String, String)>, Vec<u8>) {
    let response = request(world, Method::Get, path).await.dispatch().await;
    assert_eq!(response.status(), Status::Ok);
    let headers = response
        .headers()
        .iter()
        .map(|header| {
            (
                header.name().to_string().to_lowercase(),
                header.value().to_owned(),
            )
        })
        .collect();
    (headers, response.into_bytes().await.unwrap())
}

/// A form of subscriptions, with what is said beside.
fn order<'a>(extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("prodotto", "GESTIONALE"),
        ("tipo_licenza", "abbonamento"),
        ("quantita", "1"),
        ("vincolo", "dispositivo"),
        ("numero_dispositivi", "1"),
    ];
    for (name, value) in extra {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

on_both!(
    keys_are_generated_once_listed_and_shown_in_both_languages,
    |world| async {
        let (cast, browser) = vendor(&world).await;
        let page = browser
            .get(&format!(
                "/licenze/nuova?prodotto=GESTIONALE&cliente={}",
                cast.rossi.id
            ))
            .await
            .expect(200);
        page.says("ROSSI spa");
        page.says("oggi sarebbe il");
        let token = page.value("gettone");
        let fields = order(&[
            ("quantita", "60"),
            ("moduli", "MAGAZZINO"),
            ("azienda", &cast.alfa.id),
            ("agente", &cast.anna.id),
            ("etichetta", "Fiera di Verona"),
            ("gettone", &token),
        ]);
        let before = count(&world, "licenses");
        let path = browser.post(NEW, &fields).await.leads();
        assert_eq!(browser.post(NEW, &fields).await.leads(), path);
        assert_eq!(count(&world, "licenses"), before + 60);
        assert!(path.starts_with("/lotti/"));
        for (language, word) in [("it", "Emessa"), ("en", "Issued")] {
            reads(&world, ROOT, language);
            let batch = browser.get(&path).await.expect(200);
            batch.says("Fiera di Verona");
            batch.says(word);
            batch.says("?cursore=");
            browser.get("/lotti").await.expect(200).says("Fiera di Verona");
            browser
                .get("/lotti?prodotto=GESTIONALE")
                .await
                .expect(200)
                .says("Fiera di Verona");
            browser.get(NEW).await.expect(200);
            browser.get(&format!("{path}/revoca")).await.expect(200);
        }
        let first = browser.get(&path).await;
        let text = first.text.replace("&#x2F;", "/");
        let next = text
            .split(&format!("{path}?cursore="))
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap();
        let second = browser.get(&format!("{path}?cursore={next}")).await.expect(200);
        assert_eq!(first.text.matches("data-copy=").count(), 50);
        assert_eq!(second.text.matches("data-copy=").count(), 10);
    }
);

on_both!(
    a_form_with_faults_comes_back_filled_and_a_preview_makes_nothing,
    |world| async {
        let (cast, browser) = vendor(&world).await;
        let before = count(&world, "batches");
        for (name, value) in [
            ("quantita", "0"),
            ("quantita", "10.001"),
            ("quantita", "molte"),
            ("tipo_licenza", ""),
            ("tipo_licenza", "nolo"),
            ("numero_dispositivi", "0"),
            ("durata_giorni", "0"),
            ("data_scadenza", "31/12/2026"),
            ("prezzo_centesimi", "molto"),
            ("sconto_punti_base", "101"),
            ("moduli", "NESSUNO"),
            ("vincolo", "catena"),
        ] {
            let mut fields = order(&[(name, value)]);
            fields.push(("etichetta", "resta scritta"));
            let again = browser.post(NEW, &fields).await.expect(422);
            again.says(&format!("href=\"#{name}\""));
            again.says("resta scritta");
        }
        let both = order(&[("durata_giorni", "10"), ("data_scadenza", "2030-01-01")]);
        browser.post(NEW, &both).await.expect(422).says("data_scadenza-e");
        let other = order(&[("cliente", &cast.rossi.id), ("azienda", &cast.beta.id)]);
        browser.post(NEW, &other).await.expect(422).says("cliente-e");
        let preview = "/licenze/nuova/anteprima";
        let page = browser
            .post(preview, &order(&[("quantita", "7"), ("durata_giorni", "10")]))
            .await
            .expect(200);
        page.says("<html");
        page.says("10 giorni dopo");
        let mut asked = form_urlencoded::Serializer::new(String::new());
        asked.extend_pairs(order(&[("cerca_cliente", "ROSSI"), ("vincolo", "flottante")]));
        let sent = request(&world, Method::Post, preview)
            .await
            .header(ContentType::Form)
            .header(Header::new("Origin", "https://licenze.example.it"))
            .header(Header::new("HX-Request", "true"))
            .body(asked.finish());
        let part = Reply::of(sent).await.expect(200);
        assert!(!part.text.contains("<html"), "{}", part.text);
        part.says("ROSSI spa");
        part.says("posti_flottanti");
        assert!(!part.text.contains("VERDI spa"));
        assert_eq!(count(&world, "batches"), before);
    }
);

on_both!(
    resellers_generate_what_is_free_in_their_tree_within_their_quota,
    |world| async {
        let (cast, root) = vendor(&world).await;
        let alfa = Browser::sign_in(&world, "alfa@example.it", PASSWORD).await;
        let page = alfa.get(NEW).await.expect(200);
        for never in [
            "BETA",
            "BRUNO",
            "BIANCHI",
            "prezzo_centesimi",
            "sconto_punti_base",
        ] {
            assert!(!page.text.contains(never), "{never}");
        }
        for mine in ["NORD srl", "ROSSI spa", "NERI spa"] {
            page.says(mine);
        }
        let path = alfa
            .post(NEW, &order(&[("cliente", &cast.neri.id)]))
            .await
            .leads();
        alfa.get(&path).await.expect(200).says("NERI spa");
        let nord = Browser::sign_in(&world, "nord@example.it", PASSWORD).await;
        nord.get(&path).await.expect(200);
        // A stranger's customer and batch are not there.
        for extra in [
            ("cliente", cast.bianchi.id.as_str()),
            ("azienda", cast.beta.id.as_str()),
        ] {
            alfa.post(NEW, &order(&[extra])).await.expect(404);
        }
        alfa.get(&format!("/licenze/nuova?cliente={}", cast.bianchi.id))
            .await
            .expect(404);
        let beta = Browser::sign_in(&world, "beta@example.it", PASSWORD).await;
        for file in ["", "/chiavi/csv", "/chiavi/txt", "/chiavi/xlsx"] {
            beta.get(&format!("{path}{file}")).await.expect(404);
        }
        assert!(!beta.get("/lotti").await.expect(200).text.contains(&path));
        root.get(&path).await.expect(200);
        // What costs something wants a payment; a quota is a quota.
        let price = world
            .patch(
                "/api/admin/prodotti/GESTIONALE",
                &cast.root,
                1,
                json!({"prezzo_base_centesimi": 100}),
            )
            .await;
        assert_eq!(price.status, Status::Ok, "{}", price.text);
        alfa.post(NEW, &order(&[]))
            .await
            .expect(422)
            .says("modo di pagare");
        let node = format!("/api/admin/agent/{}", cast.alfa.id);
        let sheet = world.get(&node, &cast.root).await.expect(200);
        let quota = sheet.body["revisione"].as_i64();
        let body = json!({"quota_prove": 1});
        match quota {
            Some(revision) => world.patch(&node, &cast.root, revision, body).await,
            None => {
                world
                    .ask(Method::Patch, &node, Some(&cast.root), Some(body))
                    .await
            }
        }
        .expect(200);
        let trials = order(&[("tipo_licenza", "trial"), ("quantita", "2")]);
        let refused = alfa.post(NEW, &trials).await.expect(409);
        refused.says("2 di 1");
        alfa.post(NEW, &order(&[("tipo_licenza", "trial")])).await.leads();
        // An agent makes trials alone, and sees its own batches alone.
        let anna = Browser::sign_in(&world, "anna@example.it", PASSWORD).await;
        let page = anna.get(NEW).await.expect(200);
        assert!(!page.text.contains("value=\"abbonamento\""));
        anna.get(&path).await.expect(404);
    }
);

on_both!(
    a_batch_is_downloaded_in_three_forms_and_each_download_is_written_down,
    |world| async {
        let (cast, browser) = vendor(&world).await;
        let fields = order(&[
            ("quantita", "3"),
            ("cliente", &cast.rossi.id),
            ("etichetta", "=HYPERLINK(\"x\");1"),
        ]);
        let path = browser.post(NEW, &fields).await.leads();
        let (headers, csv) = download(&world, &format!("{path}/chiavi/csv")).await;
        let header = |name: &str| {
            headers
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        assert!(header("content-disposition").starts_with("attachment; filename=\"chiavi-gestionale-"));
        assert_eq!(header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(header("cache-control"), "no-store");
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.starts_with("\u{feff}Chiave;Prodotto;"), "{csv}");
        assert_eq!(csv.lines().count(), 4);
        assert_eq!(csv.matches("ROSSI spa").count(), 3);
        assert_eq!(csv.matches("\"'=HYPERLINK(\"\"x\"\");1\"").count(), 3, "{csv}");
        let (_, text) = download(&world, &format!("{path}/chiavi/txt")).await;
        let text = String::from_utf8(text).unwrap();
        let keys: Vec<&str> = text.lines().collect();
        assert_eq!(keys.len(), 3);
        for key in keys {
            assert!(csv.contains(key));
            world
                .call(
                    "/api/attiva",
                    json!({"chiave_licenza": key, "prodotto": "GESTIONALE", "id_dispositivo": "d"}),
                )
                .await;
        }
        let (_, sheet) = download(&world, &format!("{path}/chiavi/xlsx")).await;
        assert!(sheet.starts_with(b"PK"), "a workbook is a zip");
        assert!(sheet.len() > 3000, "{} bytes", sheet.len());
        browser.get(&format!("{path}/chiavi/pdf")).await.expect(404);
        assert_eq!(recorded(&world, "lotto.esportato"), 3);
    }
);

on_both!(
    a_batch_is_revoked_as_a_whole_with_a_reason_by_the_vendor_alone,
    |world| async {
        let (cast, browser) = vendor(&world).await;
        let fields = order(&[("quantita", "3"), ("azienda", &cast.alfa.id)]);
        let path = browser.post(NEW, &fields).await.leads();
        let revoke = format!("{path}/revoca");
        let alfa = Browser::sign_in(&world, "alfa@example.it", PASSWORD).await;
        let seen = alfa.get(&path).await.expect(200);
        assert!(!seen.text.contains("/revoca"));
        alfa.get(&revoke).await.expect(403);
        alfa.post(&revoke, &[("motivo", "x"), ("conferma", "GESTIONALE")])
            .await
            .expect(403);
        browser
            .post(&revoke, &[("conferma", "GESTIONALE")])
            .await
            .expect(422)
            .says("motivo-e");
        browser
            .post(&revoke, &[("motivo", "trapelate"), ("conferma", "SI")])
            .await
            .expect(422)
            .says("trapelate");
        let sure = [("motivo", "trapelate"), ("conferma", "GESTIONALE")];
        assert_eq!(browser.post(&revoke, &sure).await.leads(), path);
        browser.post(&revoke, &sure).await.expect(409);
        assert_eq!(recorded(&world, "lotto.revocato"), 1);
        assert_eq!(recorded(&world, "licenza.revocata"), 3);
        // Each licence's history tells of it: who, why, and with what.
        let root = &cast.root;
        let licenses = world.get("/api/admin/licenze?limite=3", root).await.expect(200);
        for license in licenses.body["dati"].as_array().unwrap() {
            let id = license["id"].as_str().unwrap();
            assert_eq!(license["stato"], "revocata");
            let history = format!("/licenze/{id}/storico");
            browser
                .get(&history)
                .await
                .expect(200)
                .says("Licenza revocata con tutto il suo lotto")
                .says("root@example.it")
                .says("Motivo: trapelate");
            alfa.get(&history)
                .await
                .expect(200)
                .says("Motivo: trapelate")
                .hides("root@example.it");
            let log = format!("/api/admin/registro?oggetto={id}");
            for token in [root, &cast.alfa.token] {
                let rows = world.get(&log, token).await.expect(200);
                let row = &rows.body["dati"][0];
                assert_eq!(row["azione"], "licenza.revocata", "{row}");
                assert_eq!(row["dettagli"]["motivo"], "trapelate");
                assert_eq!(row["azienda"], cast.alfa.id.as_str());
            }
            world
                .get(&log, &cast.beta.token)
                .await
                .expect(200)
                .hides("trapelate");
        }
        let newest = world.get("/api/admin/registro?limite=1", root).await.expect(200);
        assert_eq!(newest.body["dati"][0]["azione"], "lotto.revocato");
        assert_eq!(count(&world, "licenses WHERE revoked_at IS NOT NULL"), 3);
        assert_eq!(count(&world, "license_terms WHERE revoked_note = 'trapelate'"), 3);
        browser.get(&path).await.expect(200).says("Revocata");
        let elsewhere = "/lotti/00000000-0000-7000-8000-000000000009";
        browser.get(elsewhere).await.expect(404);
        browser.get(&format!("{elsewhere}/revoca")).await.expect(404);
        browser.get("/lotti/altro").await.expect(404);
        world.app.clock.advance(chrono::Duration::minutes(16));
        assert!(browser.get(&revoke).await.leads().starts_with("/conferma?"));
    }
);

on_both!(ten_thousand_keys_are_made_and_downloaded, |world| async {
    let (_cast, browser) = vendor(&world).await;
    let path = browser.post(NEW, &order(&[("quantita", "10.000")])).await.leads();
    let page = browser.get(&path).await.expect(200);
    page.says("10.000");
    let (_, text) = download(&world, &format!("{path}/chiavi/txt")).await;
    assert_eq!(String::from_utf8(text).unwrap().lines().count(), 10_000);
    let (_, sheet) = download(&world, &format!("{path}/chiavi/xlsx")).await;
    assert!(sheet.len() > 100_000, "{} bytes", sheet.len());
    let sure = [("motivo", "prova"), ("conferma", "GESTIONALE")];
    browser.post(&format!("{path}/revoca"), &sure).await.leads();
    assert_eq!(count(&world, "licenses WHERE revoked_at IS NOT NULL"), 10_000);
    assert_eq!(recorded(&world, "licenza.revocata"), 10_000);
    assert_eq!(recorded(&world, "lotto.revocato"), 1);
});

on_both!(hostile_labels_are_shown_as_texts, |world| async {
    let (_cast, browser) = vendor(&world).await;
    for hostile in HOSTILE {
        let path = browser.post(NEW, &order(&[("etichetta", hostile)])).await.leads();
        for path in [path.as_str(), "/lotti", &format!("{path}/revoca")] {
            harmless(&browser.get(path).await.expect(200).text);
        }
        let again = browser
            .post(NEW, &order(&[("quantita", hostile), ("cerca_cliente", hostile)]))
            .await
            .expect(422);
        harmless(&again.text);
        let query = format!(
            "/licenze/nuova?etichetta={}",
            form_urlencoded::byte_serialize(hostile.as_bytes()).collect::<String>()
        );
        harmless(&browser.get(&query).await.expect(200).text);
    }
});
