//! Seeing as somebody below: exactly what they see, and nothing is changed, taken along or uncovered meanwhile.

use super::{audited, reads, user_id};
use crate::{
    on_both,
    support::{
        World,
        browser::Browser,
        cast::{Cast, PASSWORD},
        is_page,
    },
};
use rocket::http::Method;
use serde_json::json;
use std::collections::BTreeSet;

const ROOT: &str = "root@example.it";

fn begin(id: &str) -> String {
    format!("/utenti/{id}/vedi-come")
}

/// A browser of somebody who sees as somebody else.
async fn seeing<'w>(world: &'w World, who: &str, as_whom: &str) -> Browser<'w> {
    let browser = Browser::sign_in(world, who, PASSWORD).await;
    let id = user_id(world, as_whom);
    browser.get(&begin(&id)).await.expect(200);
    let reply = browser.post(&begin(&id), &[]).await;
    assert_eq!(reply.leads(), "/", "{}", reply.text);
    browser
}

const BANNER: &str = "class=\"banner seeing\"";

/// A page without what differs between two readers who see the same: tokens, the request's id, the banner, covered keys.
fn essence(page: &str) -> String {
    let page = match page.split_once("<div class=\"banner seeing\"") {
        Some((before, rest)) => format!("{before}{}", rest.split_once("</div>").unwrap().1),
        None => page.to_owned(),
    };
    let mut text = String::new();
    for line in page.lines() {
        if !["gettone", "richiesta", "frame", "htmx-config"]
            .iter()
            .any(|word| line.contains(word))
            && !line.trim().is_empty()
        {
            text.push_str(line.trim());
            text.push('\n');
        }
    }
    text
}

/// The keys of all licences, in groups.
fn keys(cast: &Cast) -> Vec<String> {
    [&cast.rossi, &cast.verdi, &cast.neri, &cast.bianchi]
        .iter()
        .map(|client| client.key.clone())
        .collect()
}

on_both!(
    whoever_is_above_sees_as_those_below_and_nobody_else_does,
    |world| async {
        let cast = world.cast().await;
        let rossi = "rossi@example.com";
        for (who, as_whom, status) in [
            (ROOT, ROOT, 403),
            (ROOT, cast.alfa.email.as_str(), 303),
            (ROOT, rossi, 303),
            (&cast.alfa.email, ROOT, 404),
            (&cast.alfa.email, &cast.alfa.email, 403),
            (&cast.alfa.email, &cast.nord.email, 303),
            (&cast.alfa.email, &cast.nino.email, 303),
            (&cast.alfa.email, rossi, 303),
            (&cast.alfa.email, &cast.beta.email, 404),
            (&cast.alfa.email, &cast.bruno.email, 404),
            (&cast.nord.email, &cast.alfa.email, 404),
            (&cast.nord.email, &cast.nino.email, 303),
            (&cast.nord.email, rossi, 404),
            (&cast.anna.email, "verdi@example.com", 403),
            (rossi, rossi, 403),
        ] {
            let browser = Browser::sign_in(&world, who, PASSWORD).await;
            let id = user_id(&world, as_whom);
            let asked = browser.get(&begin(&id)).await.status.code;
            assert_eq!(asked, if status == 303 { 200 } else { status }, "{who} {as_whom}");
            let begun = browser.post(&begin(&id), &[]).await;
            assert_eq!(begun.status.code, status, "{who} {as_whom}: {}", begun.text);
            let home = browser.get("/").await.expect(200);
            assert_eq!(home.text.contains(BANNER), status == 303, "{who} {as_whom}");
            let sheet = browser.get(&format!("/utenti/{id}")).await;
            assert!(!sheet.text.contains("vedi-come\""), "{who} {as_whom}");
        }
        // A colleague is beside and not below.
        world
        .post(
            "/api/admin/utenti",
            &cast.root,
            json!({"email": "collega@example.it", "nome": "Collega", "nodo": cast.alfa.id, "password": PASSWORD}),
        )
        .await
        .expect(201);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let id = user_id(&world, "collega@example.it");
        assert_eq!(alfa.post(&begin(&id), &[]).await.status.code, 403);
        // Nor does anybody who cannot sign in, or who only reads; nor after a while without the password.
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        let path = format!("/utenti/{id}/disabilita");
        root.post(&path, &[]).await.leads();
        assert_eq!(root.post(&begin(&id), &[]).await.status.code, 403);
        world
            .database
            .execute("UPDATE users SET read_only = 1 WHERE email = 'beta@example.it'")
            .unwrap();
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        let bruno = user_id(&world, &cast.bruno.email);
        assert_eq!(beta.post(&begin(&bruno), &[]).await.status.code, 403);
        world.clock_to(&world.app.clock.now().and_utc().to_rfc3339(), 16 * 60);
        let asked = root.get(&begin(&bruno)).await;
        assert!(asked.leads().starts_with("/conferma?poi="));
        assert!(
            root.post(&begin(&bruno), &[])
                .await
                .leads()
                .starts_with("/conferma")
        );
        // With a token it is not possible.
        let reply = world
            .ask(Method::Post, &begin(&bruno), Some(&cast.root), Some(json!({})))
            .await;
        assert_ne!(reply.status.code, 303);
    }
);

on_both!(nothing_is_changed_while_it_lasts_by_any_route, |world| async {
    let cast = world.cast().await;
    let mut asked = BTreeSet::new();
    for (who, as_whom) in [
        (ROOT, cast.alfa.email.as_str()),
        (ROOT, "rossi@example.com"),
        (&cast.alfa.email, &cast.nino.email),
    ] {
        let browser = seeing(&world, who, as_whom).await;
        let (user, nino) = (user_id(&world, as_whom), user_id(&world, &cast.nino.email));
        world.settle().await;
        let count = |table: &str| {
            world
                .database
                .count(&format!("SELECT COUNT(*) AS n FROM {table}"))
        };
        let audit = count("audit_log");
        for route in world.client.rocket().routes().filter(|route| is_page(route)) {
            if matches!(route.method, Method::Get | Method::Head | Method::Options) {
                continue;
            }
            let template = route.uri.path().to_owned();
            // A browser's own report changes nothing; those two lead out.
            if ["/csp", "/esci", "/vedi-come/fine"].contains(&template.as_str()) {
                continue;
            }
            for id in [&cast.rossi.license, &cast.rossi.id, &cast.nord.id, &user, &nino] {
                let path = template
                    .replace("<id>", id)
                    .replace("<codice>", "GESTIONALE")
                    .replace("<token>", id)
                    .replace("<kid>", "x")
                    .replace("<modulo>", "MAGAZZINO")
                    .replace("<nome>", "pulizia")
                    .replace("<tipo>", "ritrova_chiavi")
                    .replace("<lingua>", "it")
                    .replace("<versione>", id)
                    .replace("<consegna>", id)
                    .replace("<attivazione>", id);
                let reply = browser
                    .post(&path, &[("nome", "x"), ("tema", "dark"), ("lingua", "en")])
                    .await;
                assert_eq!(reply.status.code, 403, "{path}: {}", reply.text);
                assert!(
                    !reply.headers.iter().any(|(name, _)| name == "set-cookie"),
                    "{path} sets a cookie"
                );
                asked.insert(template.clone());
            }
        }
        let why = browser.post("/profilo", &[("nome", "x")]).await;
        why.says("Qui si guarda soltanto");
        assert!(why.text.contains(BANNER));
        world.settle().await;
        assert_eq!(count("audit_log"), audit, "{as_whom}");
        // What leaves the house is written down, and so does not leave it.
        for path in [
            "/licenze/esporta/csv",
            "/licenze/esporta/xlsx",
            "/clienti/esporta/csv",
            "/statistiche/esporta/csv?tabella=agenti",
        ] {
            let (reply, bytes) = browser.download(path).await;
            assert_eq!(reply.status.code, 403, "{path}");
            let text = String::from_utf8_lossy(&bytes);
            assert!(keys(&cast).iter().all(|key| !text.contains(key.as_str())));
        }
        assert_eq!(count("audit_log"), audit);
    }
    assert!(asked.len() > 60, "{}", asked.len());
});

on_both!(one_sees_exactly_what_the_other_sees_and_no_key, |world| async {
    let cast = world.cast().await;
    for (client, device) in [(&cast.rossi, "D1"), (&cast.bianchi, "D2"), (&cast.neri, "D3")] {
        let body = json!({"chiave_licenza": client.key, "dispositivo": {"id": device}});
        world.call("/api/licenze/attiva", body).await.expect(200);
    }
    // Who only reads sees the same whether it is they who look or somebody else.
    world.database.execute("UPDATE users SET read_only = 1").unwrap();
    world
        .database
        .execute("UPDATE users SET read_only = 0 WHERE email = 'root@example.it'")
        .unwrap();
    world.settle().await;
    for (member, client, strangers) in [
        (&cast.alfa, &cast.rossi, ["BETA", "BRUNO", "BIANCHI"]),
        (&cast.nord, &cast.neri, ["ROSSI", "ANNA", "BETA"]),
        (&cast.bruno, &cast.bianchi, ["ALFA", "ROSSI", "NORD"]),
    ] {
        let own = Browser::sign_in(&world, &member.email, PASSWORD).await;
        let seen = seeing(&world, ROOT, &member.email).await;
        for path in [
            "/".to_owned(),
            "/licenze".into(),
            format!("/licenze/{}", client.license),
            format!("/licenze/{}/dispositivi", client.license),
            format!("/licenze/{}/dati", client.license),
            format!("/licenze/{}/certificato", client.license),
            format!("/licenze?q={}", client.key),
            "/clienti".into(),
            format!("/clienti/{}", client.id),
            "/aziende".into(),
            format!("/aziende/{}", member.id),
            format!("/aziende/{}/regole", member.id),
            "/utenti".into(),
            "/prodotti".into(),
            "/prodotti/GESTIONALE".into(),
            "/prodotti/GESTIONALE/chiavi".into(),
            "/prodotti/GESTIONALE/listini".into(),
            "/lotti".into(),
            "/statistiche".into(),
            "/in-attesa".into(),
            "/registri/attivazioni".into(),
            "/registri/attivita".into(),
            "/posta".into(),
            "/gettoni".into(),
            "/impostazioni".into(),
            "/cerca?q=A".into(),
            format!("/licenze/{}", cast.rossi.license),
            format!("/licenze/{}", cast.bianchi.license),
            format!("/aziende/{}", cast.beta.id),
        ] {
            let (mine, theirs) = (own.get(&path).await, seen.get(&path).await);
            assert_eq!(mine.status, theirs.status, "{path} for {}", member.email);
            assert!(
                theirs.text.contains(BANNER) || theirs.status.code == 303,
                "{path}"
            );
            let mut wanted = essence(&mine.text);
            for key in keys(&cast) {
                assert!(!theirs.text.contains(&key), "{path} tells a key");
                let first = key.split('-').next().unwrap();
                assert!(
                    !theirs.text.contains(first),
                    "{path} tells the beginning of a key"
                );
                wanted = wanted.replace(&key, &format!("•••••-•••••-•••••-•••••-{}", &key[24..]));
                for group in key.split('-').take(4) {
                    wanted = wanted.replace(group, "•••••");
                }
            }
            for stranger in strangers {
                theirs.hides(stranger);
            }
            if mine.status.code == 200 {
                assert_eq!(essence(&theirs.text), wanted, "{path} for {}", member.email);
            }
        }
        // What they do in the program of the API is theirs alone still.
        world.get("/api/admin/licenze", &member.token).await.expect(200);
    }
    let customer = seeing(&world, ROOT, "rossi@example.com").await;
    let home = customer.get("/").await.expect(200);
    assert!(home.text.contains(BANNER));
    home.hides("VERDI").hides("BIANCHI").hides(&cast.rossi.key);
    customer
        .get(&format!("/mie-licenze/{}", cast.rossi.license))
        .await
        .expect(200)
        .hides(&cast.rossi.key);
});

on_both!(it_is_written_down_with_both_names_and_ends, |world| async {
    let cast = world.cast().await;
    let id = user_id(&world, &cast.nord.email);
    let hex = id.replace('-', "");
    let browser = seeing(&world, &cast.alfa.email, &cast.nord.email).await;
    browser.get("/licenze").await.expect(200).says(&cast.nord.email);
    world.settle().await;
    assert_eq!(audited(&world, &id, "utente.visto"), 1);
    let by = format!(
        "SELECT actor_name AS t FROM audit_log WHERE action = 'utente.visto' AND subject_id = X'{hex}'"
    );
    assert_eq!(world.database.texts(&by), [Some(cast.alfa.email.clone())]);
    let seen = format!(
        "SELECT COUNT(*) AS n FROM access_log JOIN users ON users.id = access_log.user_id \
         WHERE users.email = '{}' AND seen_user_id = X'{hex}' AND action = 'GET /licenze'",
        cast.alfa.email
    );
    assert_eq!(world.database.count(&seen), 1);
    // Both stand in the logs of who is above.
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let log = root.get("/registri/accessi").await.expect(200);
    log.says(&format!("con gli occhi di {}", cast.nord.email));
    root.get("/registri/attivita")
        .await
        .expect(200)
        .says("Visto da un’altra persona");
    // One's own language and way out.
    reads(&world, &cast.alfa.email, "en");
    browser.get("/").await.says("You are seeing as");
    let out = browser.post("/vedi-come/fine", &[]).await;
    assert_eq!(out.leads(), format!("/utenti/{id}"));
    assert_eq!(audited(&world, &id, "utente.non_piu_visto"), 1);
    let home = browser.get("/").await.expect(200);
    assert!(!home.text.contains(BANNER));
    home.says(&cast.alfa.email);
    // Once more, twice: it leads on without a word.
    browser.post("/vedi-come/fine", &[]).await.leads();
    assert_eq!(audited(&world, &id, "utente.non_piu_visto"), 1);

    let shows = async |browser: &Browser<'_>| {
        let home = browser.get("/").await.expect(200).text;
        home.contains(BANNER)
    };
    // With the session.
    let browser = seeing(&world, &cast.alfa.email, &cast.nord.email).await;
    assert_eq!(browser.post("/esci", &[]).await.leads(), "/accedi");
    let browser = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    assert!(!shows(&browser).await);
    // When the seen one is disabled, belongs to who is suspended, or moved away.
    let nord = format!("UPDATE users SET state = '{{}}' WHERE id = X'{hex}'");
    let browser = seeing(&world, &cast.alfa.email, &cast.nord.email).await;
    world
        .database
        .execute(&nord.replace("{}", "disabilitato"))
        .unwrap();
    assert!(!shows(&browser).await);
    world.database.execute(&nord.replace("{}", "attivo")).unwrap();
    let path = format!("/aziende/{}", cast.nord.id);
    let browser = seeing(&world, &cast.alfa.email, &cast.nord.email).await;
    let reason = [("motivo", "prova")];
    root.post(&format!("{path}/sospendi"), &reason).await.leads();
    assert!(!shows(&browser).await);
    root.post(&format!("{path}/riattiva"), &reason).await.leads();
    let browser = seeing(&world, &cast.alfa.email, &cast.nord.email).await;
    assert!(shows(&browser).await);
    let away = [("azienda_padre", cast.beta.id.as_str())];
    root.post(&format!("{path}/sposta"), &away).await.leads();
    assert!(!shows(&browser).await);
    let back = [("azienda_padre", cast.alfa.id.as_str())];
    root.post(&format!("{path}/sposta"), &back).await.leads();
    // When who looks loses the right, or the session.
    let browser = seeing(&world, &cast.alfa.email, &cast.nord.email).await;
    let alfa = format!(
        "UPDATE users SET read_only = {{}} WHERE email = '{}'",
        cast.alfa.email
    );
    world.database.execute(&alfa.replace("{}", "1")).unwrap();
    assert!(!shows(&browser).await);
    world.database.execute(&alfa.replace("{}", "0")).unwrap();
    let browser = seeing(&world, &cast.alfa.email, &cast.nord.email).await;
    let mine = user_id(&world, &cast.alfa.email);
    root.post(&format!("/utenti/{mine}/disabilita"), &[])
        .await
        .leads();
    assert!(browser.get("/").await.leads().starts_with("/accedi"));
    root.post(&format!("/utenti/{mine}/abilita"), &[]).await.leads();
    // After half an hour.
    let browser = seeing(&world, &cast.alfa.email, &cast.nord.email).await;
    let now = world.app.clock.now().and_utc().to_rfc3339();
    world.clock_to(&now, 30 * 60 - 5);
    assert!(shows(&browser).await);
    world.clock_to(&now, 30 * 60 + 5);
    assert!(!shows(&browser).await);
});
