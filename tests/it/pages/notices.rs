//! What people are told: customers by mail, staff as each of them wants; and nothing of what is not theirs.

use super::{HOSTILE, audited, harmless, reads};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD, smtp::Smtp},
};
use serde_json::{Value, json};
use sigillo::{
    gateways::mail::Mailer,
    operations::{
        messages::post::{Posted, post},
        products::announce,
    },
};

fn hex(id: &str) -> String {
    id.replace('-', "").to_uppercase()
}

/// A customer of somebody who waits for validation.
async fn waits(world: &World, code: &str, name: &str) -> String {
    let body = json!({
        "nome": name, "email": format!("{}@example.com", name.to_lowercase()), "codice_rivenditore": code,
        "consenso_privacy": true, "prodotto": "GESTIONALE",
    });
    world.call("/api/clienti/registrazione", body).await.expect(201);
    let sql = format!("SELECT LOWER(HEX(id)) AS t FROM customers WHERE name = '{name}'");
    let id = world.database.texts(&sql).remove(0).unwrap();
    [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-")
}

/// How many notices of a kind a user has.
fn told(world: &World, email: &str, kind: &str) -> i64 {
    world.database.count(&format!(
        "SELECT COUNT(*) AS n FROM notices n JOIN users u ON u.id = n.user_id WHERE u.email = '{email}' AND n.kind = '{kind}'"
    ))
}

/// Waits until a user has so many notices of a kind: those of refused devices come a little later.
async fn until_told(world: &World, email: &str, kind: &str, n: i64) {
    for _ in 0..500 {
        if told(world, email, kind) == n {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{email} has {} of {kind}, not {n}", told(world, email, kind));
}

/// The identifier of a user's newest notice.
fn newest(world: &World, email: &str) -> String {
    let sql = format!(
        "SELECT LOWER(HEX(n.id)) AS t FROM notices n JOIN users u ON u.id = n.user_id WHERE u.email = '{email}' \
         ORDER BY n.id DESC LIMIT 1"
    );
    let id = world.database.texts(&sql).remove(0).unwrap();
    [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-")
}

async fn chooses(browser: &Browser<'_>, fields: &[(&str, &str)]) {
    browser.post("/profilo/avvisi", fields).await.expect(303);
}

on_both!(
    a_customer_hears_what_was_decided_and_the_reason_only_where_staff_tell_it,
    |world| async move {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        world
            .database
            .execute("UPDATE nodes SET may_validate = 1 WHERE code = 'ALFA'")
            .unwrap();
        let (good, quiet, open) = (
            waits(&world, "ALFA", "Accolto").await,
            waits(&world, "ALFA", "Taciuto").await,
            waits(&world, "ALFA", "Spiegato").await,
        );
        alfa.get(&format!("/clienti/{quiet}/rifiuta"))
            .await
            .expect(200)
            .says("comunica_motivo");
        alfa.post(&format!("/clienti/{good}/convalida"), &[])
            .await
            .expect(303);
        alfa.post(&format!("/clienti/{quiet}/rifiuta"), &[("motivo", "SEGRETO")])
            .await
            .expect(303);
        let body = json!({"motivo": "manca la partita IVA", "comunica_motivo": true});
        world
            .post(
                &format!("/api/admin/clienti/{open}/rifiuta"),
                &cast.alfa.token,
                body,
            )
            .await
            .expect(200);
        assert_eq!(world.mails("cliente_convalidato", "accolto@example.com").len(), 1);
        let quiet = world.mails("cliente_rifiutato", "taciuto@example.com");
        assert_eq!(quiet.len(), 1);
        assert!(!quiet[0].to_string().contains("SEGRETO"), "{quiet:?}");
        let open = world.mails("cliente_rifiutato", "spiegato@example.com").remove(0);
        assert_eq!(open["motivo"]["it"], "Il motivo: manca la partita IVA");
        // Whoever decides is not told that they did.
        assert_eq!(told(&world, &cast.alfa.email, "cliente_deciso"), 0);
    }
);

on_both!(
    many_who_are_decided_at_once_hear_it_each_for_themselves,
    |world| async move {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let ids = [
            waits(&world, "ALFA", "Primo").await,
            waits(&world, "ALFA", "Secondo").await,
        ];
        // Alfa may not validate here or may; whoever decides above it, it is told.
        world
            .database
            .execute("UPDATE nodes SET may_validate = 0 WHERE code = 'ALFA'")
            .unwrap();
        root.post(
            "/in-attesa/clienti/decidi",
            &[
                ("azione", "rifiuta"),
                ("id", &ids[0]),
                ("id", &ids[1]),
                ("motivo", "doppioni"),
                ("comunica_motivo", "si"),
            ],
        )
        .await
        .expect(303);
        for email in ["primo@example.com", "secondo@example.com"] {
            let mail = world.mails("cliente_rifiutato", email).remove(0);
            assert_eq!(mail["motivo"]["en"], "The reason: doppioni");
        }
        assert_eq!(told(&world, &cast.alfa.email, "cliente_deciso"), 2);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.get("/avvisi")
            .await
            .expect(200)
            .says("La richiesta di Secondo è stata rifiutata.");
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        beta.get("/avvisi").await.expect(200).hides("Secondo");
    }
);

on_both!(
    keys_go_to_the_customer_when_they_are_issued_assigned_or_sent,
    |world| async move {
        let cast = world.cast().await;
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        let mails = || world.mails("consegna_chiavi", "verdi@example.com");
        // Sent: once for a form that is sent twice, and never shown to staff.
        let ask = format!("/licenze/{}/invia", cast.verdi.license);
        let page = anna.get(&ask).await.expect(200);
        page.says("verdi@example.com").hides(&cast.verdi.key);
        let token = page.value("gettone");
        for _ in 0..2 {
            anna.post(&ask, &[("gettone", &token)]).await.expect(303);
        }
        assert_eq!(mails().len(), 1);
        assert_eq!(mails()[0]["chiavi"][0]["chiave"], cast.verdi.key);
        assert_eq!(audited(&world, &cast.verdi.license, "licenza.chiave_inviata"), 1);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let list = alfa.get("/posta?tipo=consegna_chiavi").await.expect(200);
        let id = list.text.split("href=\"/posta/").nth(1).unwrap()[..36].to_owned();
        alfa.get(&format!("/posta/{id}"))
            .await
            .expect(200)
            .says("••••")
            .hides(&cast.verdi.key);
        // By the API; a neighbour's is not there, and a customer may not.
        let path = format!("/api/admin/licenze/{}/invia", cast.verdi.license);
        world.post(&path, &cast.alfa.token, Value::Null).await.expect(200);
        world.post(&path, &cast.beta.token, Value::Null).await.expect(404);
        world
            .post(&path, &cast.verdi.token, Value::Null)
            .await
            .expect(403);
        assert_eq!(mails().len(), 2);
        // Issued: only where it is asked for, and for somebody who can be written to.
        let issue = |more: Value| {
            let mut body =
                json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial", "cliente": cast.verdi.id});
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        let made = |body: Value| world.post("/api/admin/licenze", &cast.root, body);
        made(issue(json!({}))).await.expect(201);
        assert_eq!(mails().len(), 2);
        made(issue(json!({"invia_chiave": true, "quantita": 2})))
            .await
            .expect(201);
        assert_eq!(mails()[2]["chiavi"].as_array().unwrap().len(), 2);
        made(issue(json!({"invia_chiave": true, "quantita": 201})))
            .await
            .field("invia_chiave", "FUORI_INTERVALLO");
        made(issue(json!({"invia_chiave": true, "cliente": null})))
            .await
            .field("invia_chiave", "NON_COMPATIBILE");
        let form = [
            ("prodotto", "GESTIONALE"),
            ("tipo_licenza", "trial"),
            ("quantita", "1"),
            ("vincolo", "dispositivo"),
            ("cliente", cast.verdi.id.as_str()),
            ("invia_chiave", "si"),
        ];
        anna.post("/licenze/nuova", &form).await.expect(303);
        assert_eq!(mails().len(), 4);
        // Assigned.
        let stock = world
            .issue(&cast.root, json!({"azienda": cast.alfa.id}))
            .await
            .remove(0);
        let body = json!({"cliente": cast.rossi.id, "invia_chiave": true});
        world
            .post(
                &format!("/api/admin/licenze/{}/assegna", stock.0),
                &cast.root,
                body,
            )
            .await
            .expect(200);
        let mail = world.mails("consegna_chiavi", "rossi@example.com").remove(0);
        assert_eq!(mail["chiavi"][0]["chiave"], stock.1);
        // Nobody to write to.
        world
            .database
            .execute(&format!(
                "UPDATE customers SET email = NULL WHERE id = X'{}'",
                hex(&cast.verdi.id)
            ))
            .unwrap();
        world
            .post(&path, &cast.alfa.token, Value::Null)
            .await
            .refused(409, "STATO_INCOMPATIBILE");
        anna.get(&ask).await.expect(409);
    }
);

on_both!(
    a_device_too_many_is_told_once_a_day_to_whom_it_concerns_as_they_want,
    |world| async move {
        let cast = world.cast().await;
        world.clock_to("2027-03-01T10:00:00Z", 0);
        let body = |device: &str| json!({"chiave_licenza": cast.verdi.key, "dispositivo": {"id": device}});
        world.call("/api/licenze/attiva", body("D1")).await.expect(200);
        for device in ["D2", "D3", "D2"] {
            world
                .call("/api/licenze/attiva", body(device))
                .await
                .refused(409, "DISPOSITIVI_ESAURITI");
        }
        let anna = cast.anna.email.as_str();
        until_told(&world, anna, "limite_dispositivi", 1).await;
        world.pause().await;
        assert_eq!(told(&world, anna, "limite_dispositivi"), 1);
        assert_eq!(told(&world, &cast.alfa.email, "limite_dispositivi"), 0);
        let mail = world.mails("limite_dispositivi", anna);
        assert_eq!(mail.len(), 1);
        assert_eq!(mail[0]["cliente"], "VERDI spa");
        assert_eq!(audited(&world, &cast.verdi.license, "dispositivo.esauriti"), 1);
        // The next day once more, and only where it was chosen.
        let browser = Browser::sign_in(&world, anna, PASSWORD).await;
        chooses(
            &browser,
            &[("portale_dispositivi", "si"), ("portale_clienti", "si")],
        )
        .await;
        world.clock_to("2027-03-02T10:00:00Z", 0);
        world
            .call("/api/licenze/attiva", body("D2"))
            .await
            .refused(409, "DISPOSITIVI_ESAURITI");
        until_told(&world, anna, "limite_dispositivi", 2).await;
        assert_eq!(world.mails("limite_dispositivi", anna).len(), 1);
        let browser = Browser::sign_in(&world, anna, PASSWORD).await;
        chooses(&browser, &[]).await;
        world.clock_to("2027-03-03T10:00:00Z", 0);
        world.call("/api/licenze/attiva", body("D2")).await.expect(409);
        world.pause().await;
        assert_eq!(told(&world, anna, "limite_dispositivi"), 2);
        // Without an agent it is the company's.
        let body = |device: &str| json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": device}});
        world.call("/api/licenze/attiva", body("D1")).await.expect(200);
        world.call("/api/licenze/attiva", body("D2")).await.expect(409);
        until_told(&world, &cast.alfa.email, "limite_dispositivi", 1).await;
        assert_eq!(world.mails("limite_dispositivi", &cast.alfa.email).len(), 1);
    }
);

on_both!(
    a_released_device_that_comes_back_is_told_of_once,
    |world| async move {
        let cast = world.cast().await;
        let body = json!({"chiave_licenza": cast.verdi.key, "dispositivo": {"id": "D1"}});
        let key = world
            .call("/api/licenze/attiva", body.clone())
            .await
            .expect(200)
            .str("/chiave_computer");
        world.call("/api/licenze/disattiva", body).await.expect(200);
        let check = json!({"chiave_computer": key, "dispositivo": {"id": "D1"}});
        for _ in 0..3 {
            world.call("/api/licenze/valida", check.clone()).await.expect(200);
        }
        until_told(&world, &cast.anna.email, "dispositivo_tornato", 1).await;
        world.pause().await;
        assert_eq!(told(&world, &cast.anna.email, "dispositivo_tornato"), 1);
        assert_eq!(audited(&world, &cast.verdi.license, "dispositivo.tornato"), 1);
    }
);

on_both!(
    a_version_is_announced_once_to_each_customer_whom_a_licence_covers,
    |world| async move {
        let cast = world.cast().await;
        let old = format!(
            "UPDATE licenses SET maintenance_until = '2020-01-01' WHERE id = X'{}'",
            hex(&cast.neri.license)
        );
        world.database.execute(&old).unwrap();
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let version = [
            ("versione", "4.0"),
            ("data_rilascio", "2026-11-20"),
            ("note_versione", "Più veloce"),
        ];
        root.post("/prodotti/GESTIONALE/versioni/nuova", &version)
            .await
            .expect(303);
        let list = root.get("/prodotti/GESTIONALE/versioni").await.expect(200);
        let ask = list
            .text
            .split('"')
            .find(|part| part.ends_with("/avvisa"))
            .unwrap()
            .to_owned();
        // Bianchi wants none of it.
        let bianchi = Browser::sign_in(&world, "bianchi@example.com", PASSWORD).await;
        bianchi.get("/profilo").await.expect(200).says("email_versioni");
        chooses(&bianchi, &[]).await;
        root.get(&ask).await.expect(200).says("2 clienti da avvisare");
        root.post(&ask, &[]).await.expect(303);
        while announce::go_on(&world.app).await.unwrap() {}
        assert!(!announce::go_on(&world.app).await.unwrap());
        for (email, n) in [
            ("rossi@example.com", 1),
            ("verdi@example.com", 1),
            ("neri@example.com", 0),
            ("bianchi@example.com", 0),
        ] {
            assert_eq!(world.mails("nuova_versione", email).len(), n, "{email}");
        }
        let mail = world.mails("nuova_versione", "rossi@example.com").remove(0);
        assert_eq!(mail["novita"]["it"], "Che cosa cambia:\nPiù veloce");
        // Not again.
        root.post(&ask, &[]).await.expect(303);
        assert!(!announce::go_on(&world.app).await.unwrap());
        assert_eq!(world.mails("nuova_versione", "rossi@example.com").len(), 1);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.get(&ask).await.expect(403);
        alfa.get("/prodotti/GESTIONALE/versioni")
            .await
            .expect(200)
            .hides("/avvisa");
    }
);

on_both!(
    owners_are_told_what_is_done_to_their_access_and_to_their_address,
    |world| async move {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let sql = format!(
            "SELECT LOWER(HEX(id)) AS t FROM users WHERE email = '{}'",
            cast.alfa.email
        );
        let id = world.database.texts(&sql).remove(0).unwrap();
        let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
        for (verb, kind) in [
            ("sessioni", "avviso_sessioni"),
            ("disabilita", "avviso_disabilitato"),
            ("abilita", "avviso_riabilitato"),
        ] {
            root.post(&format!("/utenti/{id}/{verb}"), &[]).await.expect(303);
            assert_eq!(world.mails(kind, &cast.alfa.email).len(), 1, "{kind}");
        }
        let path = format!("/api/admin/clienti/{}", cast.rossi.id);
        let revision = world.get(&path, &cast.root).await.expect(200);
        let revision: i64 = revision
            .header("etag")
            .unwrap()
            .trim_matches('"')
            .parse()
            .unwrap();
        let body = json!({"email": "nuovo@example.com"});
        world.patch(&path, &cast.root, revision, body).await.expect(200);
        assert_eq!(world.mails("avviso_indirizzo", "rossi@example.com").len(), 1);
        assert_eq!(world.mails("avviso_indirizzo", "nuovo@example.com").len(), 0);
    }
);

on_both!(
    a_licence_that_moves_or_runs_with_nobody_is_told_to_who_has_it_then,
    |world| async move {
        let cast = world.cast().await;
        let ids: Vec<String> = world
            .issue(&cast.root, json!({"quantita": 2}))
            .await
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let path = format!("/licenze/insieme/assegna?id={}&id={}", ids[0], ids[1]);
        let fields = [("gettone", "g1"), ("azienda", cast.alfa.id.as_str())];
        root.post(&path, &fields).await.expect(303);
        assert_eq!(told(&world, &cast.alfa.email, "licenza_ricevuta"), 1);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.get("/avvisi")
            .await
            .expect(200)
            .says("2 licenze sono passate a te.");
        let body = json!({"agente": cast.anna.id});
        world
            .post(
                &format!("/api/admin/licenze/{}/assegna", ids[0]),
                &cast.alfa.token,
                body,
            )
            .await
            .expect(200);
        assert_eq!(told(&world, &cast.anna.email, "licenza_ricevuta"), 1);
        assert_eq!(told(&world, &cast.alfa.email, "licenza_ricevuta"), 1);
        // Stock that runs is the vendor's to assign.
        let (stock, key) = world.issue(&cast.root, json!({})).await.remove(0);
        let body = json!({"chiave_licenza": key, "dispositivo": {"id": "D1"}});
        world.call("/api/licenze/attiva", body.clone()).await.expect(200);
        world.call("/api/licenze/attiva", body).await.expect(200);
        assert_eq!(told(&world, "root@example.it", "licenza_da_assegnare"), 1);
        let opened = root
            .post(
                &format!("/avvisi/{}/apri", newest(&world, "root@example.it")),
                &[],
            )
            .await;
        assert_eq!(opened.leads(), format!("/licenze/{stock}/assegna"));
        assert_eq!(told(&world, &cast.beta.email, "licenza_da_assegnare"), 0);
    }
);

on_both!(
    notices_are_read_by_their_own_user_and_only_while_they_see_what_it_is_about,
    |world| async move {
        let cast = world.cast().await;
        for (n, text) in HOSTILE.iter().enumerate() {
            let id = waits(&world, "ALFA", &format!("Ostile{n}")).await;
            let name = text.replace('\'', "''");
            world
                .database
                .execute(&format!(
                    "UPDATE customers SET name = '{name}' WHERE id = X'{}'",
                    hex(&id)
                ))
                .unwrap();
        }
        let customer = waits(&world, "ALFA", "Passante").await;
        let email = cast.alfa.email.as_str();
        assert_eq!(told(&world, email, "cliente_in_attesa"), 4);
        let alfa = Browser::sign_in(&world, email, PASSWORD).await;
        for language in ["it", "en"] {
            reads(&world, email, language);
            let page = alfa.get("/avvisi").await.expect(200);
            page.says("Passante")
                .says("bell__count\" aria-hidden=\"true\">4<");
            harmless(&page.text);
        }
        reads(&world, email, "it");
        // A neighbour has neither the page's rows nor the notice.
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        let id = newest(&world, email);
        for verb in ["apri", "letto"] {
            beta.post(&format!("/avvisi/{id}/{verb}"), &[]).await.expect(404);
        }
        beta.get("/avvisi").await.expect(200).hides("Passante");
        let rossi = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        rossi.get("/avvisi").await.expect(403);
        rossi.get("/").await.expect(200).hides("href=\"/avvisi\"");
        // Opening reads it, as does the tick, or all at once.
        let opened = alfa.post(&format!("/avvisi/{id}/apri"), &[]).await;
        assert_eq!(opened.leads(), format!("/clienti/{customer}"));
        alfa.get("/avvisi")
            .await
            .expect(200)
            .says("bell__count\" aria-hidden=\"true\">3<");
        alfa.post("/avvisi/letti", &[]).await.expect(303);
        alfa.get("/avvisi").await.expect(200).hides("bell__count");
        // What moved away is not shown any more, nor counted.
        let body = json!({"azienda": cast.beta.id});
        waits(&world, "ALFA", "Andato").await;
        let sql = "SELECT LOWER(HEX(id)) AS t FROM customers WHERE name = 'Andato'";
        let gone = world.database.texts(sql).remove(0).unwrap();
        let gone = [
            &gone[..8],
            &gone[8..12],
            &gone[12..16],
            &gone[16..20],
            &gone[20..],
        ]
        .join("-");
        alfa.get("/avvisi").await.expect(200).says("Andato");
        world
            .post(&format!("/api/admin/clienti/{gone}/assegna"), &cast.root, body)
            .await
            .expect(200);
        alfa.get("/avvisi")
            .await
            .expect(200)
            .hides("Andato")
            .hides("bell__count");
        alfa.post(&format!("/avvisi/{}/apri", newest(&world, email)), &[])
            .await
            .expect(404);
    }
);

on_both!(
    what_is_chosen_is_kept_and_written_down_and_security_is_not_to_choose,
    |world| async move {
        let cast = world.cast().await;
        let email = cast.alfa.email.as_str();
        let alfa = Browser::sign_in(&world, email, PASSWORD).await;
        alfa.get("/profilo")
            .await
            .expect(200)
            .says("portale_clienti")
            .hides("email_versioni");
        chooses(&alfa, &[("email_clienti", "si"), ("email_versioni", "si")]).await;
        chooses(&alfa, &[("email_clienti", "si")]).await;
        let count = "SELECT COUNT(*) AS n FROM audit_log WHERE action = 'utente.modificato' AND details LIKE '%avvisi%'";
        assert_eq!(world.database.count(count), 1);
        waits(&world, "ALFA", "Arrivato").await;
        assert_eq!(told(&world, email, "cliente_in_attesa"), 0);
        let mail = world.mails("cliente_in_attesa", email).remove(0);
        assert_eq!(mail["cliente"], "Arrivato");
        // Who switched everything off is still told what is done to their access.
        chooses(&alfa, &[]).await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let sql = format!("SELECT LOWER(HEX(id)) AS t FROM users WHERE email = '{email}'");
        let id = world.database.texts(&sql).remove(0).unwrap();
        let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
        root.post(&format!("/utenti/{id}/disabilita"), &[])
            .await
            .expect(303);
        assert_eq!(world.mails("avviso_disabilitato", email).len(), 1);
    }
);

on_both!(
    who_looks_after_a_customer_is_told_that_its_mail_server_refuses_us,
    |world| async move {
        let cast = world.cast().await;
        let smtp = Smtp::start();
        let mailer = Mailer::new(
            &smtp.url(),
            Some("Licenze <posta@example.it>"),
            "https://licenze.example.it",
        )
        .unwrap();
        world
            .database
            .execute("UPDATE customers SET email = 'never@example.com' WHERE email = 'verdi@example.com'")
            .unwrap();
        while post(&world.app, &mailer).await.unwrap() != Posted::Nothing {}
        let path = format!("/api/admin/licenze/{}/invia", cast.verdi.license);
        world.post(&path, &cast.alfa.token, Value::Null).await.expect(200);
        while post(&world.app, &mailer).await.unwrap() != Posted::Nothing {}
        for email in [&cast.anna.email, &cast.alfa.email] {
            assert_eq!(told(&world, email, "messaggio_rifiutato"), 1, "{email}");
        }
        assert_eq!(told(&world, &cast.beta.email, "messaggio_rifiutato"), 0);
    }
);
