//! Licences that run nowhere are put away and come back: about what people see, never about what a licence may do.

use super::{audited, reads, recorded};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD, database::assert_tallies_agree},
};
use serde_json::{Value, json};

const ROOT: &str = "root@example.it";

async fn act(world: &World, token: &str, license: &str, what: &str) -> crate::support::Reply {
    let path = format!("/api/admin/licenze/{license}/{what}");
    world.post(&path, token, json!({"motivo": "prova"})).await
}

/// The licences that a list of the API gives, by their identifiers.
async fn listed(world: &World, token: &str, more: &str) -> Vec<String> {
    let reply = world
        .get(&format!("/api/admin/licenze?limite=200{more}"), token)
        .await
        .expect(200);
    let rows = reply.body["dati"].as_array().unwrap().clone();
    let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
    rows.iter().map(id).collect()
}

async fn activate(world: &World, key: &str, device: &str) -> crate::support::Reply {
    let body = json!({"chiave_licenza": key, "dispositivo": {"id": device, "nome": device}});
    world.call("/api/licenze/attiva", body).await
}

on_both!(
    what_runs_nowhere_is_put_away_left_out_everywhere_and_brought_back,
    |world| async {
        let cast = world.cast().await;
        let order = json!({"cliente": cast.rossi.id, "moduli": ["MAGAZZINO"]});
        let (issued, key) = world.issue(&cast.alfa.token, order).await.remove(0);
        let tail = key.rsplit('-').next().unwrap().to_owned();
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let (list, sheet) = (
            format!("/licenze/{issued}"),
            format!("/licenze/{issued}/archivia"),
        );
        for language in ["it", "en"] {
            reads(&world, &cast.alfa.email, language);
            alfa.get(&sheet).await.expect(200).hides("license-do-");
            alfa.get(&format!("/licenze/{issued}/ripristina"))
                .await
                .expect(200)
                .hides("license-do-");
            alfa.get("/licenze?archivio=si")
                .await
                .expect(200)
                .hides("licenses-");
        }
        reads(&world, &cast.alfa.email, "it");
        let standing = listed(&world, &cast.alfa.token, "").await;
        assert!(standing.contains(&issued));
        let modules = |world: &World| {
            let n = "SELECT COALESCE(SUM(n), 0) AS n FROM tally_deltas WHERE what = 4";
            world.database.count(n)
        };
        let before = modules(&world);
        alfa.post(&sheet, &[("motivo", "mai consegnata")])
            .await
            .expect(303);
        assert_eq!(audited(&world, &issued, "licenza.archiviata"), 1);
        assert!(modules(&world) < before);
        // Sent twice it is done once.
        alfa.post(&sheet, &[]).await.expect(409);
        assert_eq!(audited(&world, &issued, "licenza.archiviata"), 1);

        // Lists, facets, searches and exports leave it out, and the archive has nothing else.
        assert_eq!(
            listed(&world, &cast.alfa.token, "").await.len(),
            standing.len() - 1
        );
        assert_eq!(
            listed(&world, &cast.alfa.token, "&archivio=si").await,
            std::slice::from_ref(&issued)
        );
        assert!(
            listed(&world, &cast.alfa.token, &format!("&q={tail}"))
                .await
                .is_empty()
        );
        for filter in [
            "",
            "&stato=emessa",
            "&prodotto=GESTIONALE",
            "&q=R",
            "&tipo=abbonamento",
        ] {
            let all = alfa
                .get(&format!("/licenze?limite=100{filter}"))
                .await
                .expect(200);
            all.hides(&key);
            let away = alfa
                .get(&format!("/licenze?archivio=si{filter}"))
                .await
                .expect(200);
            away.says(&issued).hides(&cast.rossi.license);
        }
        alfa.get(&format!("/cerca?q={tail}"))
            .await
            .expect(200)
            .hides(&issued);
        alfa.get("/licenze/esporta/csv").await.expect(200).hides(&key);
        alfa.get("/licenze/esporta/csv?archivio=si")
            .await
            .expect(200)
            .says(&key);
        alfa.get(&list).await.expect(200).says("In archivio dal");
        let customer = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        customer.get("/").await.expect(200).hides(&key);
        // Who is not of its tree meets it nowhere.
        for token in [&cast.beta.token, &cast.nord.token] {
            assert!(listed(&world, token, "&archivio=si").await.is_empty());
            act(&world, token, &issued, "ripristina").await.expect(404);
        }
        act(&world, &cast.anna.token, &cast.verdi.license, "archivia")
            .await
            .expect(403);
        assert_tallies_agree(&world.database);

        let back = format!("/licenze/{issued}/ripristina");
        alfa.post(&back, &[]).await.expect(303);
        alfa.post(&back, &[]).await.expect(409);
        assert_eq!(audited(&world, &issued, "licenza.ripristinata"), 1);
        assert_eq!(listed(&world, &cast.alfa.token, "").await, standing);
        assert_tallies_agree(&world.database);
    }
);

on_both!(what_runs_is_not_put_away_and_what_is_over_is, |world| async {
    let cast = world.cast().await;
    activate(&world, &cast.rossi.key, "PC").await.expect(200);
    act(&world, &cast.alfa.token, &cast.rossi.license, "archivia")
        .await
        .refused(409, "STATO_INCOMPATIBILE");
    act(&world, &cast.root, &cast.rossi.license, "revoca")
        .await
        .expect(200);
    let put = act(&world, &cast.alfa.token, &cast.rossi.license, "archivia")
        .await
        .expect(200);
    assert!(put.body["archiviata_il"].is_string());
    let trial = json!({"cliente": cast.rossi.id, "tipo_licenza": "trial"});
    let (trial, key) = world.issue(&cast.alfa.token, trial).await.remove(0);
    activate(&world, &key, "PC2").await.expect(200);
    act(&world, &cast.alfa.token, &trial, "archivia")
        .await
        .expect(409);
    world.app.clock.advance(chrono::Duration::days(60));
    let alfa = world.token(&cast.alfa.email, false).await;
    act(&world, &alfa, &trial, "archivia").await.expect(200);
    // What is over stays over: it was not asked whether it is in the archive.
    activate(&world, &key, "PC2").await.refused(403, "SCADUTA");
    let figures = world.get("/api/statistiche", &alfa).await.expect(200);
    assert_eq!(
        figures.body["licenze_per_stato"]["revocata"]
            .as_i64()
            .unwrap_or(0),
        0,
        "{}",
        figures.text
    );
});

on_both!(
    a_key_that_was_put_away_works_and_brings_its_licence_back,
    |world| async {
        let cast = world.cast().await;
        let (issued, key) = world
            .issue(&cast.alfa.token, json!({"cliente": cast.rossi.id}))
            .await
            .remove(0);
        let (changed, _) = world
            .issue(&cast.alfa.token, json!({"cliente": cast.rossi.id}))
            .await
            .remove(0);
        for id in [&issued, &changed] {
            act(&world, &cast.alfa.token, id, "archivia").await.expect(200);
        }
        // A quota counts what is in the archive.
        let quota = |n: i64| json!({"quota_licenze": n});
        let path = format!("/api/admin/agent/{}", cast.alfa.id);
        let revision = world.get(&path, &cast.root).await.body["revisione"]
            .as_i64()
            .unwrap();
        let held = world.database.count(
            "SELECT COUNT(*) AS n FROM licenses l JOIN node_tree t ON t.descendant_id = l.company_id \
             JOIN nodes a ON a.id = t.ancestor_id AND a.name LIKE 'ALFA%' \
             WHERE l.kind <> 'trial' AND l.revoked_at IS NULL",
        );
        world
            .patch(&path, &cast.root, revision, quota(held))
            .await
            .expect(200);
        let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "azienda": cast.alfa.id});
        world
            .post("/api/admin/licenze", &cast.root, order)
            .await
            .refused(409, "QUOTA_SUPERATA");

        activate(&world, &key, "PC").await.expect(200);
        let listed_now = listed(&world, &cast.alfa.token, "").await;
        assert!(listed_now.contains(&issued) && !listed_now.contains(&changed));
        let told = "SELECT COUNT(*) AS n FROM audit_log WHERE action = 'dispositivo.attivato' \
                    AND details LIKE '%ripristinata%'";
        assert_eq!(world.database.count(told), 1);
        // So does whoever changes it.
        let path = format!("/api/admin/licenze/{changed}");
        let revision = world.get(&path, &cast.root).await.body["revisione"]
            .as_i64()
            .unwrap();
        world
            .patch(&path, &cast.root, revision, json!({"numero_dispositivi": 3}))
            .await
            .expect(200);
        assert!(listed(&world, &cast.alfa.token, "").await.contains(&changed));
        assert!(listed(&world, &cast.alfa.token, "&archivio=si").await.is_empty());
    }
);

on_both!(many_are_put_away_and_brought_back, |world| async {
    let cast = world.cast().await;
    let stock = json!({"quantita": 5, "azienda": cast.alfa.id, "tipo_licenza": "permanente"});
    let issued = world.issue(&cast.root, stock).await;
    activate(&world, &issued[0].1, "PC").await.expect(200);
    act(&world, &cast.root, &issued[1].0, "revoca").await.expect(200);
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let path = "/licenze/insieme/archivia?tutte=si&tipo=permanente";
    for language in ["it", "en"] {
        reads(&world, &cast.alfa.email, language);
        alfa.get(path).await.expect(200).hides("bulk-");
    }
    reads(&world, &cast.alfa.email, "it");
    let page = alfa.get(path).await.expect(200);
    page.says("4 licenze vengono modificate").says("è in uso");
    let token = page.value("gettone");
    let sent = [("gettone", token.as_str()), ("motivo", "pulizia")];
    let done = alfa.post(path, &sent).await.leads();
    assert_eq!(alfa.post(path, &sent).await.leads(), done);
    alfa.get(&done).await.expect(200).says("4 fatte, 1 saltate");
    assert_eq!(recorded(&world, "licenza.archiviata"), 4);
    assert_eq!(listed(&world, &cast.alfa.token, "&archivio=si").await.len(), 4);
    assert_tallies_agree(&world.database);
    world
        .app
        .db
        .recount_tallies(world.app.clock.now(), world.app.zone)
        .await
        .unwrap();
    assert_tallies_agree(&world.database);
    alfa.get("/licenze?archivio=si")
        .await
        .expect(200)
        .says("/licenze/insieme/ripristina")
        .hides("/licenze/insieme/archivia");
    let path = "/licenze/insieme/ripristina?tutte=si&archivio=si";
    let token = alfa.get(path).await.expect(200).value("gettone");
    alfa.post(path, &[("gettone", &token)]).await.expect(303);
    assert_eq!(recorded(&world, "licenza.ripristinata"), 4);
    // A stranger's among them, and nothing is done.
    let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
    let mixed = format!(
        "/licenze/insieme/archivia?id={}&id={}",
        issued[2].0, cast.bianchi.license
    );
    beta.get(&mixed).await.expect(404);
    beta.post(&mixed, &[("gettone", "x")]).await.expect(404);
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    anna.get(&format!("/licenze/insieme/archivia?id={}", cast.verdi.license))
        .await
        .expect(403);
    assert_eq!(recorded(&world, "licenza.archiviata"), 4);
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    root.get("/").await.expect(200);
});
