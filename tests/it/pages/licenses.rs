//! One licence at the portal: every side of it for who may see it, every action with its record, and why it does not
//! activate told by the rules that refuse it.

use crate::{
    on_both,
    support::{
        Reply, World,
        browser::Browser,
        cast::{Cast, Client, PASSWORD},
    },
};
use rocket::http::Method;
use serde_json::json;

const SIDES: [&str; 9] = [
    "",
    "/dispositivi",
    "/moduli",
    "/transazioni",
    "/storico",
    "/registro",
    "/dati",
    "/certificato",
    "?dispositivo=D1&versione=3.2",
];

const QUESTIONS: [&str; 4] = ["/modifica", "/sospendi", "/riattiva", "/assegna"];

async fn activate(world: &World, key: &str, device: &str) -> Reply {
    let body = json!({"chiave_licenza": key, "dispositivo": {"id": device, "nome": format!("PC-{device}")}});
    world.call("/api/licenze/attiva", body).await
}

/// How many records of an action there are about a licence.
fn records(world: &World, license: &str, action: &str) -> i64 {
    let id = license.replace('-', "").to_uppercase();
    world.database.count(&format!(
        "SELECT COUNT(*) AS n FROM audit_log WHERE action = '{action}' AND HEX(subject_id) = '{id}'"
    ))
}

async fn sheet(world: &World, cast: &Cast, of: &Client) -> Reply {
    world
        .get(&format!("/api/admin/licenze/{}", of.license), &cast.root)
        .await
        .expect(200)
}

/// What stands in a field of a page's form.
#[track_caller]
fn value(page: &Reply, name: &str) -> String {
    let at = format!("name=\"{name}\"");
    let field = page.text.split('<').find(|tag| tag.contains(&at)).unwrap();
    let value = field.split("value=\"").nth(1).unwrap_or_default();
    value.split('"').next().unwrap_or_default().to_owned()
}

/// Holds that an answer leads on, and gives where to.
#[track_caller]
fn leads(reply: Reply) -> String {
    let reply = reply.expect(303);
    reply.header("location").unwrap_or_default().to_owned()
}

/// A form as a page shows it, sent with these fields beside the hidden ones.
async fn send(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Reply {
    let form = browser.get(path).await.expect(200);
    let (token, revision) = (value(&form, "gettone"), value(&form, "revisione"));
    let mut all = vec![("gettone", token.as_str()), ("revisione", revision.as_str())];
    all.extend(fields);
    browser.post(path, &all).await
}

on_both!(
    every_side_of_a_licence_is_shown_to_who_sees_it_and_to_nobody_else,
    |world| async {
        let cast = world.cast().await;
        for device in ["D1", "D2"] {
            activate(&world, &cast.verdi.key, device).await;
        }
        world.settle().await;
        let path = |side: &str| format!("/licenze/{}{side}", cast.verdi.license);
        for (email, questions) in [
            ("root@example.it", 200),
            (cast.alfa.email.as_str(), 200),
            (cast.anna.email.as_str(), 403),
        ] {
            let browser = Browser::sign_in(&world, email, PASSWORD).await;
            for language in ["it", "en"] {
                world
                    .database
                    .execute(&format!(
                        "UPDATE users SET language = '{language}' WHERE email = '{email}'"
                    ))
                    .unwrap();
                for side in SIDES {
                    let page = browser.get(&path(side)).await.expect(200);
                    let lang = format!("<html lang=\"{language}\"");
                    assert!(page.text.contains(&lang), "{side}");
                    assert!(
                        !page.text.contains("license-"),
                        "a text is missing: {side} {}",
                        page.text
                    );
                }
                for side in QUESTIONS {
                    let page = browser.get(&path(side)).await.expect(questions);
                    assert!(!page.text.contains("license-"), "a text is missing: {side}");
                }
            }
        }
        for email in [&cast.beta.email, &cast.nord.email] {
            let browser = Browser::sign_in(&world, email, PASSWORD).await;
            for side in SIDES.iter().chain(&QUESTIONS) {
                browser.get(&path(side)).await.expect(404);
            }
        }
        // The customer's own users have no such page at all.
        let browser = Browser::sign_in(&world, "verdi@example.com", PASSWORD).await;
        browser.get(&path("")).await.expect(403);
        browser.get("/licenze").await.expect(403);
        let nobody = world.request(Method::Get, &path("")).dispatch().await;
        assert_eq!(nobody.status().code, 401);
    }
);

on_both!(a_licence_is_suspended_once_and_resumed, |world| async {
    let cast = world.cast().await;
    let id = cast.rossi.license.clone();
    let (suspend, resume) = (
        format!("/licenze/{id}/sospendi"),
        format!("/licenze/{id}/riattiva"),
    );
    let browser = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    // Another cause wants words; what was sent stays.
    let bad = send(&browser, &suspend, &[("causale", "altro"), ("motivo", "")])
        .await
        .expect(422);
    bad.says("Campo obbligatorio");
    let form = browser.get(&suspend).await.expect(200);
    let (token, revision) = (value(&form, "gettone"), value(&form, "revisione"));
    let fields = [
        ("gettone", token.as_str()),
        ("revisione", revision.as_str()),
        ("causale", "frode"),
        ("motivo", "\"><script>alert(1)</script>{{ 7*7 }}"),
    ];
    assert_eq!(
        leads(browser.post(&suspend, &fields).await),
        format!("/licenze/{id}")
    );
    // The same form again suspends no second time.
    assert_eq!(
        leads(browser.post(&suspend, &fields).await),
        format!("/licenze/{id}")
    );
    assert_eq!(records(&world, &id, "licenza.sospesa"), 1);
    assert_eq!(
        sheet(&world, &cast, &cast.rossi).await.body["sospensioni"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    for side in ["", "/storico", "/riattiva", "/dati"] {
        let page = browser
            .get(&format!("/licenze/{id}{side}"))
            .await
            .expect(200)
            .text;
        assert!(!page.contains("<script>alert"), "{side}");
        assert!(
            page.contains("&lt;script&gt;alert") && page.contains("{{ 7*7 }}"),
            "{side}"
        );
    }
    // A page of another site's is refused.
    let foreign = world
        .request(Method::Post, &resume)
        .header(rocket::http::Header::new("Origin", "https://evil.example.com"))
        .dispatch()
        .await;
    assert_ne!(foreign.status().code, 200);
    // What a node above stopped is not theirs to lift.
    let above = format!("/api/admin/licenze/{id}/sospendi");
    world
        .post(&above, &cast.root, json!({"motivo": "verifica"}))
        .await
        .expect(200);
    send(&browser, &resume, &[("motivo", "chiarito")])
        .await
        .expect(303);
    assert_eq!(sheet(&world, &cast, &cast.rossi).await.str("/stato"), "sospesa");
    send(&browser, &resume, &[]).await.expect(303);
    browser
        .get(&format!("/licenze/{id}"))
        .await
        .says("Le sospensioni che restano le toglie chi le ha messe");
    let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    send(&root, &resume, &[]).await.expect(303);
    assert_eq!(records(&world, &id, "licenza.riattivata"), 2);
    assert_eq!(
        sheet(&world, &cast, &cast.rossi).await.body["sospensioni"],
        json!([])
    );
    // Asked for by a script, the question is a part for the dialog.
    let part = browser.part(&suspend).await.expect(200);
    part.clone().says("modal-title");
    assert!(!part.text.contains("<html"));
});

on_both!(
    a_licence_is_revoked_by_the_vendor_after_the_password,
    |world| async {
        let cast = world.cast().await;
        let id = cast.rossi.license.clone();
        let revoke = format!("/licenze/{id}/revoca");
        let reseller = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        reseller.get(&revoke).await.expect(403);
        reseller.post(&revoke, &[("motivo", "x")]).await.expect(403);
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        world.app.clock.advance(chrono::Duration::minutes(20));
        let question = root.part(&revoke).await.expect(204);
        assert!(question.header("hx-redirect").unwrap().starts_with("/conferma"));
        let question = root.post(&revoke, &[("motivo", "rimborso")]).await;
        assert!(question.leads().starts_with("/conferma"));
        assert_eq!(records(&world, &id, "licenza.revocata"), 0);
        root.post("/conferma", &[("password", PASSWORD)])
            .await
            .expect(303);
        send(&root, &revoke, &[("motivo", " ")])
            .await
            .expect(422)
            .says("Campo obbligatorio");
        send(&root, &revoke, &[("motivo", "rimborso")]).await.expect(303);
        assert_eq!(records(&world, &id, "licenza.revocata"), 1);
        assert_eq!(sheet(&world, &cast, &cast.rossi).await.str("/stato"), "revocata");
        let page = root.get(&format!("/licenze/{id}")).await.expect(200);
        assert!(!page.text.contains("/sospendi\"") && !page.text.contains("/assegna\""));
        send(&root, &revoke, &[("motivo", "ancora")]).await.expect(409);
    }
);

on_both!(a_licence_is_assigned_within_one_company, |world| async {
    let cast = world.cast().await;
    let id = world.issue(&cast.root, json!({})).await.remove(0).0;
    let path = format!("/licenze/{id}/assegna");
    let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    // A customer brings its company.
    let to = [
        ("azienda", ""),
        ("agente", ""),
        ("cliente", cast.rossi.id.as_str()),
    ];
    send(&root, &path, &to).await.expect(303);
    let sheet = world
        .get(&format!("/api/admin/licenze/{id}"), &cast.root)
        .await
        .expect(200);
    assert_eq!(
        (sheet.str("/azienda"), sheet.str("/cliente")),
        (cast.alfa.id.clone(), cast.rossi.id.clone())
    );
    assert_eq!(records(&world, &id, "licenza.assegnata"), 1);
    // An agent of another company does not go with it.
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let to = [
        ("azienda", cast.alfa.id.as_str()),
        ("agente", cast.nino.id.as_str()),
        ("cliente", cast.rossi.id.as_str()),
    ];
    send(&alfa, &path, &to)
        .await
        .expect(422)
        .says("In contrasto con gli altri dati");
    let to = [
        ("azienda", cast.alfa.id.as_str()),
        ("agente", cast.anna.id.as_str()),
        ("cliente", cast.rossi.id.as_str()),
    ];
    send(&alfa, &path, &to).await.expect(303);
    assert_eq!(records(&world, &id, "licenza.assegnata"), 2);
    // Nothing that differs is nothing done; somebody else's company is nobody's.
    send(&alfa, &path, &to).await.expect(303);
    assert_eq!(records(&world, &id, "licenza.assegnata"), 2);
    let to = [
        ("azienda", cast.beta.id.as_str()),
        ("cliente", cast.rossi.id.as_str()),
    ];
    send(&alfa, &path, &to).await.expect(404);
    let history = alfa.get(&format!("/licenze/{id}/storico")).await.expect(200);
    history.says("ANNA srl");
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    anna.get(&path).await.expect(403);
});

on_both!(a_device_is_released_for_a_reason, |world| async {
    let cast = world.cast().await;
    let id = cast.verdi.license.clone();
    let place = activate(&world, &cast.verdi.key, "D1")
        .await
        .expect(200)
        .str("/attivazione/id");
    let path = format!("/licenze/{id}/dispositivi/{place}/rilascia");
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    anna.get(&format!("/licenze/{id}/dispositivi"))
        .await
        .expect(200)
        .says("PC-D1");
    send(&anna, &path, &[])
        .await
        .expect(422)
        .says("Campo obbligatorio");
    send(&anna, &path, &[("motivo", "PC rotto")]).await.expect(303);
    assert_eq!(records(&world, &id, "dispositivo.rilasciato"), 1);
    assert_eq!(
        sheet(&world, &cast, &cast.verdi).await.body["dispositivi_attivi"],
        0
    );
    anna.get(&path).await.expect(404);
    let bruno = Browser::sign_in(&world, &cast.bruno.email, PASSWORD).await;
    bruno.get(&path).await.expect(404);
});

on_both!(
    a_licence_is_changed_and_who_was_slower_sees_both_versions,
    |world| async {
        let cast = world.cast().await;
        let id = cast.rossi.license.clone();
        let path = format!("/licenze/{id}/modifica");
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        activate(&world, &cast.rossi.key, "D1").await.expect(200);
        let form = root.get(&path).await.expect(200);
        let day = value(&form, "data_scadenza");
        let mine = |label: &str, devices: &str, revision: &str| {
            vec![
                ("revisione", revision.to_owned()),
                ("etichetta", label.to_owned()),
                ("data_scadenza", day.clone()),
                ("numero_dispositivi", devices.to_owned()),
                ("prezzo", "1.234,50".to_owned()),
                ("sconto", "12,5".to_owned()),
            ]
        };
        let post = async |browser: &Browser<'_>, fields: Vec<(&str, String)>| {
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            browser.post(&path, &fields).await
        };
        let first = value(&form, "revisione");
        post(&root, mine("una", "boh", &first))
            .await
            .expect(422)
            .says("Formato errato");
        post(&root, mine("una", "0", &first))
            .await
            .expect(422)
            .says("Fuori dai limiti");
        post(&root, mine("una", "3", &first)).await.expect(303);
        let now = sheet(&world, &cast, &cast.rossi).await;
        assert_eq!(now.body["numero_dispositivi"], 3);
        assert_eq!(
            (&now.body["prezzo_centesimi"], &now.body["sconto_punti_base"]),
            (&json!(123_450), &json!(1250))
        );
        assert_eq!(records(&world, &id, "licenza.modificata"), 1);
        let stale = post(&root, mine("\"><b hx-get=/x hx-trigger=load>", "5", &first))
            .await
            .expect(409);
        stale.clone().says("Qualcuno l’ha modificata prima di te");
        assert!(!stale.text.contains("<b hx-get"), "{}", stale.text);
        assert_eq!(records(&world, &id, "licenza.modificata"), 1);
        let second = value(&stale, "revisione");
        assert_ne!(first, second);
        post(&root, mine("due", "5", &second)).await.expect(303);
        assert_eq!(sheet(&world, &cast, &cast.rossi).await.str("/etichetta"), "due");
        root.get(&format!("/licenze/{id}/storico"))
            .await
            .expect(200)
            .says("<del>una</del>");
        // The same again changes nothing, and leaves no record.
        let third = value(&root.get(&path).await.expect(200), "revisione");
        post(&root, mine("due", "5", &third)).await.expect(303);
        assert_eq!(records(&world, &id, "licenza.modificata"), 2);
        // Below what is in use: a conflict, told beside the form.
        activate(&world, &cast.rossi.key, "D2").await.expect(200);
        post(&root, mine("due", "1", &third))
            .await
            .expect(409)
            .says("numero_dispositivi-e")
            .says("inferiore ai posti già in uso");
        // A reseller changes the label, and nothing that costs.
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let form = alfa.get(&path).await.expect(200);
        assert!(!form.text.contains("name=\"prezzo\""));
        post(&alfa, mine("tre", "9", &value(&form, "revisione")))
            .await
            .expect(303);
        let now = sheet(&world, &cast, &cast.rossi).await;
        assert_eq!(
            (now.str("/etichetta"), &now.body["numero_dispositivi"]),
            ("tre".into(), &json!(5))
        );
    }
);

/// What the page tells as the reason, for a device.
async fn told(browser: &Browser<'_>, license: &str, device: &str) -> String {
    let page = browser
        .get(&format!("/licenze/{license}?dispositivo={device}"))
        .await
        .expect(200)
        .text;
    let card = page
        .split("id=\"h-why\"")
        .nth(1)
        .unwrap()
        .split("</section>")
        .next()
        .unwrap();
    let code = card.split("<code class=\"xsmall faint\">").nth(1);
    code.map_or(String::new(), |rest| rest.split('<').next().unwrap().to_owned())
}

on_both!(
    why_a_licence_does_not_activate_is_told_as_activation_refuses_it,
    |world| async {
        let cast = world.cast().await;
        let root = cast.root.clone();
        let browser = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let one = async |order: serde_json::Value| world.issue(&root, order).await.remove(0);
        let act = async |path: String| {
            world
                .post(&path, &root, json!({"motivo": "prova"}))
                .await
                .expect(200);
        };
        let customer = |client: &Client| json!({"cliente": client.id});
        let mut cases = Vec::new();

        cases.push(one(customer(&cast.rossi)).await);
        let full = one(customer(&cast.rossi)).await;
        activate(&world, &full.1, "ALTRO").await.expect(200);
        cases.push(full);
        let suspended = one(customer(&cast.rossi)).await;
        act(format!("/api/admin/licenze/{}/sospendi", suspended.0)).await;
        cases.push(suspended);
        let revoked = one(customer(&cast.rossi)).await;
        act(format!("/api/admin/licenze/{}/revoca", revoked.0)).await;
        cases.push(revoked);
        cases.push(one(json!({"cliente": cast.rossi.id, "data_scadenza": "2020-01-31"})).await);
        let stopped = one(customer(&cast.neri)).await;
        act(format!("/api/admin/clienti/{}/sospendi", cast.neri.id)).await;
        cases.push(stopped);
        cases.push(one(json!({"vincolo": "flottante", "posti_flottanti": 2})).await);
        cases.push(one(json!({"dispositivi_ammessi": ["ALTRO"]})).await);
        let used = one(json!({"tipo_licenza": "trial"})).await;
        activate(&world, &used.1, "D9").await.expect(200);
        cases.push(one(json!({"tipo_licenza": "trial"})).await);
        cases.push(used);

        let mut seen = Vec::new();
        for (id, key) in cases {
            let told = told(&browser, &id, "D9").await;
            let reply = activate(&world, &key, "D9").await;
            assert_eq!(told, reply.code(), "{}", reply.text);
            // Asked without a device, the page takes the last one that was refused.
            world.settle().await;
            let page = browser.get(&format!("/licenze/{id}")).await.expect(200);
            assert_eq!(page.text.contains("rifiutato adesso"), !told.is_empty(), "{told}");
            seen.push(told);
        }
        for code in [
            "",
            "DISPOSITIVI_ESAURITI",
            "SOSPESA",
            "REVOCATA",
            "SCADUTA",
            "CLIENTE_SOSPESO",
            "LICENZA_FLOTTANTE",
            "DISPOSITIVO_NON_AMMESSO",
            "PROVA_GIA_USATA",
        ] {
            assert!(seen.iter().any(|told| told == code), "{code} in {seen:?}");
        }
    }
);
