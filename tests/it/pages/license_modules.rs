//! A licence's modules and its own values, and a trial that becomes a licence that is sold: at the portal and through the
//! API by the same rules.

use super::{HOSTILE, audited, harmless, reads};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use rocket::http::Method;
use serde_json::{Value, json};

const ROOT: &str = "root@example.it";

/// A product that costs, with a module that is free and one that costs.
async fn priced(world: &World, root: &str) {
    let body = json!({
        "codice": "COSTOSO", "nome": "Costoso", "versione": "1.0", "prezzo_base_centesimi": 10_000,
        "moduli": [
            {"codice": "BASE", "nome": "Base", "incluso": true},
            {"codice": "GRATIS", "nome": "Gratis"},
            {"codice": "CARO", "nome": "Caro", "prezzo_base_centesimi": 5000},
        ],
    });
    world.post("/api/admin/prodotti", root, body).await.expect(201);
}

async fn modules(world: &World, root: &str, license: &str) -> (Value, Value) {
    let sheet = world
        .get(&format!("/api/admin/licenze/{license}"), root)
        .await
        .expect(200);
    (
        sheet.body["moduli_attivi"].clone(),
        sheet.body["moduli_scadenze"].clone(),
    )
}

on_both!(
    modules_are_switched_with_their_own_last_days_and_the_devices_hear_of_it,
    |world| async {
        let cast = world.cast().await;
        let license = &cast.rossi.license;
        let path = format!("/licenze/{license}/moduli");
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        for language in ["it", "en"] {
            reads(&world, ROOT, language);
            let page = root.get(&path).await.expect(200);
            page.says("MAGAZZINO").hides("license-");
        }
        reads(&world, ROOT, "it");
        let page = root.get(&path).await;
        let (token, revision) = (page.value("gettone"), page.value("revisione"));
        let form = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
            let mut all = vec![("gettone", token.as_str()), ("revisione", revision.as_str())];
            all.extend(more);
            all
        };
        // What the product has not, and a day that is over.
        let unknown = form(&[("moduli", "NESSUNO")]);
        root.post(&path, &unknown)
            .await
            .expect(422)
            .says("Valore sconosciuto");
        let past = form(&[("moduli", "MAGAZZINO"), ("fino_MAGAZZINO", "2020-01-01")]);
        root.post(&path, &past)
            .await
            .expect(422)
            .says("e-fino_MAGAZZINO")
            .says("2020-01-01");
        for hostile in HOSTILE {
            let mut bad = form(&[("moduli", "MAGAZZINO")]);
            bad.push(("proprieta", hostile));
            harmless(&root.post(&path, &bad).await.expect(422).text);
        }
        assert_eq!(audited(&world, license, "licenza.modificata"), 0);
        let good = form(&[
            ("moduli", "MAGAZZINO"),
            ("fino_MAGAZZINO", "2090-06-30"),
            ("proprieta", "{\"tema\": \"blu\"}"),
        ]);
        assert_eq!(root.post(&path, &good).await.leads(), path);
        assert_eq!(audited(&world, license, "licenza.modificata"), 1);
        let (on, days) = modules(&world, &cast.root, license).await;
        assert_eq!(on, json!(["CONTABILITA", "MAGAZZINO"]));
        assert_eq!(days, json!({"MAGAZZINO": "2090-06-30"}));
        let body = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "PC"}});
        let client = world.call("/api/licenze/attiva", body).await.expect(200);
        assert_eq!(client.body["licenza"]["proprieta"], json!({"tema": "blu"}));
        assert_eq!(
            client.body["licenza"]["moduli_attivi"],
            json!(["CONTABILITA", "MAGAZZINO"])
        );
        let history = root.get(&format!("/licenze/{license}/storico")).await.expect(200);
        history.says("MAGAZZINO: 2090-06-30").says("tema: blu");

        // What somebody read before is held against what stands now.
        let late = form(&[("moduli", "CONTABILITA")]);
        let stale = root.post(&path, &late).await.expect(409);
        stale.says("Contabilità, Magazzino").says("Sovrascrivi");
        let again = stale.value("revisione");
        assert_ne!(again, revision);
        let overwrite = [("gettone", token.as_str()), ("revisione", again.as_str())];
        root.post(&path, &overwrite).await.expect(303);
        // What every licence has stays, whatever was sent.
        assert_eq!(
            modules(&world, &cast.root, license).await.0,
            json!(["CONTABILITA"])
        );
        assert_eq!(audited(&world, license, "licenza.modificata"), 2);

        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        beta.get(&path).await.expect(404);
        beta.post(&path, &[("moduli", "MAGAZZINO")]).await.expect(404);
        let rossi = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        rossi.post(&path, &[("moduli", "MAGAZZINO")]).await.expect(403);
        // What was revoked is left alone.
        let revoke = format!("/api/admin/licenze/{license}/revoca");
        world
            .post(&revoke, &cast.root, json!({"motivo": "x"}))
            .await
            .expect(200);
        root.post(&path, &[("moduli", "MAGAZZINO")]).await.expect(409);
        root.get(&path).await.expect(200).hides("name=\"moduli\"");
    }
);

on_both!(what_a_module_costs_wants_a_payer_but_the_vendor, |world| async {
    let cast = world.cast().await;
    priced(&world, &cast.root).await;
    let of = |kind: &str| json!({"prodotto": "COSTOSO", "tipo_licenza": kind, "azienda": cast.alfa.id, "agente": cast.anna.id});
    let (paid, _) = world.issue(&cast.root, of("abbonamento")).await.remove(0);
    let (trial, _) = world.issue(&cast.root, of("trial")).await.remove(0);
    let path = |id: &str| format!("/licenze/{id}/moduli");
    for email in [&cast.alfa.email, &cast.anna.email] {
        let browser = Browser::sign_in(&world, email, PASSWORD).await;
        browser
            .get(&path(&paid))
            .await
            .expect(200)
            .hides("name=\"proprieta\"");
        let dear = browser.post(&path(&paid), &[("moduli", "CARO")]).await;
        dear.expect(422).says("vuole un modo di pagare");
        // Free ones, and all that a trial lets try.
        browser
            .post(&path(&paid), &[("moduli", "GRATIS")])
            .await
            .expect(303);
        let tries = [("moduli", "GRATIS"), ("moduli", "CARO")];
        browser.post(&path(&trial), &tries).await.expect(303);
    }
    // An agent takes nothing away, a company does.
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    anna.post(&path(&paid), &[])
        .await
        .expect(422)
        .says("Scelta non permessa");
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    alfa.post(&path(&paid), &[]).await.expect(303);
    assert_eq!(modules(&world, &cast.root, &paid).await.0, json!(["BASE"]));
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    root.post(&path(&paid), &[("moduli", "CARO"), ("fino_CARO", "2090-01-01")])
        .await
        .expect(303);
    // Prolonging it costs too; shortening it does not.
    for (day, status) in [("2091-01-01", 422), ("", 422), ("2089-01-01", 303)] {
        let sent = [("moduli", "CARO"), ("fino_CARO", day)];
        alfa.post(&path(&paid), &sent).await.expect(status);
    }

    // The API by the same rules: PATCH for all, `moduli` for some.
    let one = format!("/api/admin/licenze/{paid}");
    let patch = async |token: &str, body: Value| {
        let revision = world.get(&one, &cast.root).await.body["revisione"]
            .as_i64()
            .unwrap();
        world.patch(&one, token, revision, body).await
    };
    let dear = json!({"moduli": ["CARO"], "moduli_scadenze": {"CARO": null}});
    let refused = patch(&cast.alfa.token, dear.clone()).await.expect(422);
    assert_eq!(refused.body["campi"]["modalita"], json!(["MANCANTE"]));
    let refused = patch(&cast.alfa.token, json!({"proprieta": {"a": 1}}))
        .await
        .expect(422);
    assert_eq!(refused.body["campi"]["proprieta"], json!(["NON_PERMESSO"]));
    patch(&cast.root, dear).await.expect(200);
    let both = json!({"proprieta": {"a": 1}, "moduli": ["GRATIS"], "etichetta": "x"});
    let reply = patch(&cast.root, both).await.expect(200);
    assert_eq!(reply.body["moduli_attivi"], json!(["BASE", "GRATIS"]));
    assert_eq!(reply.body["proprieta"], json!({"a": 1}));
    let unknown = patch(&cast.root, json!({"moduli": ["MAGAZZINO"]}))
        .await
        .expect(422);
    assert_eq!(unknown.body["campi"]["moduli"], json!(["SCONOSCIUTO"]));
    let post = format!("{one}/moduli");
    let reply = world
        .post(
            &post,
            &cast.root,
            json!({"attiva": ["CARO"], "disattiva": ["GRATIS"]}),
        )
        .await
        .expect(200);
    assert_eq!(reply.body["moduli_attivi"], json!(["BASE", "CARO"]));
    let refused = world
        .post(&post, &cast.root, json!({"disattiva": ["BASE"]}))
        .await
        .expect(422);
    assert_eq!(refused.body["campi"]["moduli"], json!(["NON_COMPATIBILE"]));
    world
        .post(
            &post,
            &cast.root,
            json!({"attiva": ["CARO"], "modalita": "bonifico"}),
        )
        .await
        .expect(422);
    world
        .post(&post, &cast.beta.token, json!({"attiva": ["GRATIS"]}))
        .await
        .expect(404);
});

on_both!(
    a_trial_becomes_a_subscription_or_permanent_under_its_key,
    |world| async {
        let cast = world.cast().await;
        let of_anna =
            json!({"quantita": 4, "tipo_licenza": "trial", "azienda": cast.alfa.id, "agente": cast.anna.id});
        let trials = world.issue(&cast.root, of_anna).await;
        for (n, (_, key)) in trials.iter().take(2).enumerate() {
            let body = json!({"chiave_licenza": key, "dispositivo": {"id": format!("PC{n}")}});
            world.call("/api/licenze/attiva", body).await.expect(200);
        }
        let path = |n: usize| format!("/licenze/{}/converti", trials[n].0);
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        for language in ["it", "en"] {
            reads(&world, ROOT, language);
            root.get(&path(0)).await.expect(200).hides("license-");
        }
        reads(&world, ROOT, "it");
        root.get(&format!("/licenze/{}", trials[0].0))
            .await
            .expect(200)
            .says(&path(0));
        // The product is free: its agent converts it.
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        anna.get(&path(0)).await.expect(200).hides("data_scadenza");
        anna.post(&path(0), &[]).await.expect(422).says("tipo_licenza");
        anna.post(&path(0), &[("tipo_licenza", "trial")])
            .await
            .expect(422);
        let own_day = [("tipo_licenza", "abbonamento"), ("data_scadenza", "2090-01-01")];
        anna.post(&path(0), &own_day).await.expect(422);
        anna.post(&path(0), &[("tipo_licenza", "abbonamento")])
            .await
            .expect(303);
        assert_eq!(audited(&world, &trials[0].0, "licenza.convertita"), 1);
        // Sent twice it is told, and done once.
        anna.post(&path(0), &[("tipo_licenza", "abbonamento")])
            .await
            .expect(303);
        assert_eq!(audited(&world, &trials[0].0, "licenza.convertita"), 1);
        let sheet = world
            .get(&format!("/api/admin/licenze/{}", trials[0].0), &cast.root)
            .await
            .expect(200);
        assert_eq!(sheet.body["tipo_licenza"], "abbonamento");
        assert_eq!(sheet.body["stato"], "attiva");
        assert_eq!(sheet.body["chiave_licenza"], json!(trials[0].1));
        let today = sheet.str("/data_attivazione")[..10].to_owned();
        let day = chrono::NaiveDate::parse_from_str(&today, "%Y-%m-%d").unwrap();
        let last = chrono::NaiveDate::parse_from_str(&sheet.str("/data_scadenza"), "%Y-%m-%d").unwrap();
        assert!((363..=367).contains(&(last - day).num_days()), "{today} {last}");
        let body = json!({"chiave_licenza": trials[0].1, "dispositivo": {"id": "PC0"}});
        let check = world.call("/api/licenze/valida", body).await.expect(200);
        assert_eq!(check.body["licenza"]["tipo_licenza"], "abbonamento");

        root.post(
            &path(1),
            &[("tipo_licenza", "permanente"), ("manutenzione_al", "2090-12-31")],
        )
        .await
        .expect(303);
        let sheet = world
            .get(&format!("/api/admin/licenze/{}", trials[1].0), &cast.root)
            .await
            .expect(200);
        assert_eq!(sheet.body["data_scadenza"], Value::Null);
        assert_eq!(sheet.body["manutenzione_al"], "2090-12-31");
        // One that was never used begins with its first use.
        let api = format!("/api/admin/licenze/{}/converti", trials[2].0);
        let to = json!({"tipo_licenza": "abbonamento"});
        world.post(&api, &cast.beta.token, to.clone()).await.expect(404);
        let reply = world.post(&api, &cast.alfa.token, to.clone()).await.expect(200);
        assert_eq!(reply.body["stato"], "emessa");
        assert_eq!(reply.body["data_scadenza"], Value::Null);
        world.post(&api, &cast.alfa.token, to).await.expect(409);
        let body = json!({"chiave_licenza": trials[2].1, "dispositivo": {"id": "PC2"}});
        let started = world.call("/api/licenze/attiva", body).await.expect(200);
        assert_ne!(started.body["licenza"]["data_scadenza"], Value::Null);
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        beta.get(&path(3)).await.expect(404);
        beta.post(&path(3), &[("tipo_licenza", "abbonamento")])
            .await
            .expect(404);
    }
);

on_both!(
    a_conversion_that_costs_or_passes_a_quota_is_refused_with_the_reason,
    |world| async {
        let cast = world.cast().await;
        priced(&world, &cast.root).await;
        let trial =
            json!({"prodotto": "COSTOSO", "tipo_licenza": "trial", "azienda": cast.alfa.id, "quantita": 2});
        let trials = world.issue(&cast.root, trial).await;
        let path = |n: usize| format!("/licenze/{}/converti", trials[n].0);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.get(&path(0)).await.expect(200).says("100,00");
        let refused = alfa.post(&path(0), &[("tipo_licenza", "abbonamento")]).await;
        refused.expect(422).says("vuole un modo di pagare");
        let node = format!("/api/admin/agent/{}", cast.alfa.id);
        let quota = world.database.count(&format!(
            "SELECT COUNT(*) AS n FROM licenses WHERE kind <> 'trial' AND company_id IN (SELECT descendant_id FROM \
             node_tree WHERE HEX(ancestor_id) = '{}')",
            cast.alfa.id.replace('-', "").to_uppercase()
        ));
        world
            .ask(
                Method::Patch,
                &node,
                Some(&cast.root),
                Some(json!({"quota_licenze": quota + 1})),
            )
            .await
            .expect(200);
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        root.get(&path(0))
            .await
            .expect(200)
            .says("né una vendita né un debito");
        let day = [("tipo_licenza", "abbonamento"), ("data_scadenza", "2090-03-31")];
        root.post(&path(0), &day).await.expect(303);
        let full = root.post(&path(1), &day).await.expect(409);
        full.says("2090-03-31");
        assert_eq!(audited(&world, &trials[1].0, "licenza.convertita"), 0);
    }
);

on_both!(
    a_limit_below_what_is_in_use_is_told_at_its_field_and_reserved_devices_are_shown,
    |world| async {
        let cast = world.cast().await;
        let two =
            json!({"numero_dispositivi": 2, "dispositivi_ammessi": ["A1", "B2"], "azienda": cast.alfa.id});
        let (id, key) = world.issue(&cast.root, two).await.remove(0);
        for device in ["A1", "B2"] {
            let body = json!({"chiave_licenza": key, "dispositivo": {"id": device}});
            world.call("/api/licenze/attiva", body).await.expect(200);
        }
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        let path = format!("/licenze/{id}/modifica");
        let form = root.get(&path).await.expect(200);
        let sent = [
            ("revisione", form.value("revisione")),
            ("data_scadenza", form.value("data_scadenza")),
            ("numero_dispositivi", "1".to_owned()),
        ];
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = root.post(&path, &sent).await.expect(409);
        refused
            .says("numero_dispositivi-e")
            .says("inferiore ai posti già in uso");
        let devices = root.get(&format!("/licenze/{id}/dispositivi")).await.expect(200);
        devices
            .says("<code>A1</code>")
            .says("Solo questi possono attivarla");
    }
);
