//! Languages, problem documents, methods, paths, request ids, revisions.

use crate::{
    on_both,
    support::{Reply, World, database::Database, is_page, program::Program},
};
use rocket::http::{ContentType, Header, Method};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
};

async fn with_headers(world: &World, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = world.request(method, path);
    for (name, value) in headers {
        request = request.header(Header::new((*name).to_owned(), (*value).to_owned()));
    }
    Reply::of(request).await
}

on_both!(people_are_answered_in_the_language_they_ask_for, |world| async {
    let italian = with_headers(&world, Method::Get, "/niente", &[]).await;
    for (asked, language) in [
        ("", "it"),
        ("it", "it"),
        ("it-IT", "it"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("fr", "it"),
        ("fr, en", "en"),
        ("de;q=1.0, en;q=0.1", "en"),
        ("it;q=0.4, en;q=0.5", "en"),
        ("it;q=0.5,en;q=0.4", "it"),
        ("en;q=0, it;q=0.1", "it"),
        ("en;q=0", "it"),
        ("en;q=abc", "it"),
        ("*", "it"),
        ("è, 漢字;q=1, en", "en"),
        (";;;,,,q=", "it"),
        (&"en,".repeat(500), "en"),
    ] {
        let reply = with_headers(&world, Method::Get, "/niente", &[("Accept-Language", asked)])
            .await
            .refused(404, "NON_TROVATO");
        assert_eq!(reply.header("content-language"), Some(language), "{asked:?}");
        assert_eq!(
            reply.str("/detail") == italian.str("/detail"),
            language == "it",
            "{asked:?}"
        );
        assert!(reply.header("vary").unwrap().contains("Accept-Language"));
    }
    // The sentence of a check, too.
    let body = json!({"chiave_licenza": "x"}).to_string();
    let mut said = BTreeSet::new();
    for language in ["it", "en"] {
        let request = world
            .request(Method::Post, "/api/licenze/valida")
            .header(ContentType::JSON)
            .header(Header::new("Accept-Language", language))
            .body(body.clone());
        said.insert(Reply::of(request).await.expect(200).str("/messaggio"));
    }
    assert_eq!(said.len(), 2);
});

#[test]
fn every_code_has_its_texts_in_both_languages() {
    use sigillo::domain::error::{Conflict, Fault, Refusal};
    for language in ["it", "en"] {
        let path = format!("{}/src/i18n/{language}/errors.ftl", env!("CARGO_MANIFEST_DIR"));
        let texts = std::fs::read_to_string(path).unwrap();
        let has = |key: &str| texts.lines().any(|line| line.starts_with(&format!("{key} = ")));
        for code in Refusal::CODES.iter().chain(Conflict::CODES).chain(&["VALIDA"]) {
            assert!(has(code) && has(&format!("{code}-detail")), "{language}: {code}");
        }
        for code in Fault::CODES {
            assert!(has(&format!("campo-{code}")), "{language}: {code}");
        }
    }
}

on_both!(
    every_answer_has_an_id_of_its_own_and_a_callers_is_not_believed,
    |world| async {
        let cast = world.cast().await;
        let mut seen = BTreeSet::new();
        for path in [
            "/niente",
            "/salute",
            "/api/admin/licenze",
            "/api/openapi.json",
            "/api/admin/utenti",
        ] {
            for given in ["abc", "", "x\u{1b}y"] {
                let bearer = format!("Bearer {}", cast.root);
                let headers = [("X-Request-Id", given), ("Authorization", bearer.as_str())];
                let reply = with_headers(&world, Method::Get, path, &headers).await;
                let id = reply.header("x-request-id").unwrap().to_owned();
                assert!(id.len() >= 16 && id != given, "{id}");
                if reply.status.code >= 400 {
                    assert_eq!(reply.str("/id_richiesta"), id);
                }
                assert!(seen.insert(id), "an id came twice");
            }
        }
    }
);

on_both!(
    every_answer_has_the_headers_that_keep_browsers_in_check,
    |world| async {
        let cast = world.cast().await;
        for (path, token) in [
            ("/niente", None),
            ("/salute", None),
            ("/api/admin/licenze", Some(cast.root.as_str())),
            ("/api/admin/licenze", None),
        ] {
            let reply = world.ask(Method::Get, path, token, None).await;
            for name in [
                "content-security-policy",
                "x-content-type-options",
                "referrer-policy",
                "x-request-id",
                "x-frame-options",
            ] {
                assert!(
                    reply.header(name).is_some(),
                    "{path}: no {name} in {:?}",
                    reply.headers
                );
            }
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            assert!(reply.header("server").is_none());
            assert!(reply.header("access-control-allow-origin").is_none());
        }
    }
);

on_both!(
    another_method_is_told_which_ones_are_served_and_an_unknown_path_is_not_found,
    |world| async {
        let cast = world.cast().await;
        let document: Value = serde_json::from_str(sigillo::web::api::document()).unwrap();
        let mut served: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let id = "01890000-0000-7000-8000-000000000000";
            let path: Vec<&str> = path
                .split('/')
                .map(|part| if part.starts_with('{') { id } else { part })
                .collect();
            let methods = item
                .as_object()
                .unwrap()
                .keys()
                .map(|method| method.to_uppercase());
            served.entry(path.join("/")).or_default().extend(methods);
        }
        for (path, methods) in &served {
            for method in [
                Method::Get,
                Method::Post,
                Method::Put,
                Method::Patch,
                Method::Delete,
                Method::Options,
            ] {
                if methods.contains(method.as_str()) {
                    continue;
                }
                let reply = world
                    .ask(method, path, Some(&cast.root), None)
                    .await
                    .refused(405, "METODO_NON_PERMESSO");
                let allowed: BTreeSet<&str> = reply.header("allow").unwrap().split(", ").collect();
                let wanted: BTreeSet<&str> = methods.iter().map(String::as_str).collect();
                assert_eq!(allowed, wanted, "{method} {path}");
            }
        }
        for path in [
            "/niente",
            "/api",
            "/api/",
            "/api/admin",
            "/api/licenze",
            "/api/licenze/",
            "/api/licenze/attiva/x",
            "/api/admin/licenze//sospendi",
            "/.well-known",
            "/%00",
            "/%ff",
            "/api/admin/%2e%2e/licenze",
            "/API/ADMIN/LICENZE",
        ] {
            world
                .ask(Method::Get, path, Some(&cast.root), None)
                .await
                .refused(404, "NON_TROVATO");
        }
        for method in [
            Method::Post,
            Method::Put,
            Method::Patch,
            Method::Delete,
            Method::Options,
        ] {
            world
                .ask(method, "/niente", None, None)
                .await
                .refused(404, "NON_TROVATO");
        }
    }
);

on_both!(names_that_nobody_could_have_given_are_not_found, |world| async {
    let cast = world.cast().await;
    for name in [
        "x",
        "GESTIONAL%C3%88",
        "%E6%BC%A2%F0%9F%A6%80",
        "%00",
        "%27%20OR%201%3D1",
        "%25",
        "..%2f..",
        "gestionale",
        "GESTIONALE%20",
    ] {
        for path in [
            format!("/api/admin/prodotti/{name}"),
            format!("/api/prodotti/{name}/chiave-pubblica"),
            format!("/api/admin/licenze/{name}"),
            format!("/api/admin/clienti/{name}"),
            format!("/api/admin/agent/{name}"),
            format!("/api/admin/utenti/{name}"),
            format!("/api/clienti/registrazione/{name}"),
        ] {
            world
                .ask(Method::Get, &path, Some(&cast.root), None)
                .await
                .refused(404, "NON_TROVATO");
        }
    }
    // Identifiers have one spelling.
    for id in [
        cast.rossi.license.to_uppercase(),
        cast.rossi.license.replace('-', ""),
        format!("%7B{}%7D", cast.rossi.license),
        format!("urn:uuid:{}", cast.rossi.license),
    ] {
        let reply = world.get(&format!("/api/admin/licenze/{id}"), &cast.root).await;
        assert!(
            reply.status.code == 404 || id == cast.rossi.license.to_uppercase(),
            "{}",
            reply.text
        );
    }
});

on_both!(who_is_nobody_gets_no_further_than_the_door, |world| async {
    let cast = world.cast().await;
    let token = &cast.root;
    let basic = format!("Basic {token}");
    let last = if token.ends_with('A') { 'E' } else { 'A' };
    let spoilt = format!("Bearer {}{last}", &token[..token.len() - 1]);
    let short = format!("Bearer {}", &token[..token.len() - 1]);
    let two = format!("Bearer {token} {token}");
    for header in [
        "",
        "Bearer",
        "Bearer ",
        "bearer x",
        &basic,
        &spoilt,
        &short,
        &two,
        token,
        "Bearer \u{e8}",
    ] {
        let reply = with_headers(
            &world,
            Method::Get,
            "/api/admin/licenze",
            &[("Authorization", header)],
        )
        .await
        .refused(401, "NON_AUTENTICATO");
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
    }
    for header in [
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("BEARER  {token} "),
    ] {
        with_headers(
            &world,
            Method::Get,
            "/api/admin/licenze",
            &[("Authorization", &header)],
        )
        .await
        .expect(200);
    }
    // A read-only token reads.
    let reader = world.token("root@example.it", true).await;
    world.get("/api/admin/licenze", &reader).await.expect(200);
    let body = json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial"});
    world
        .post("/api/admin/licenze", &reader, body)
        .await
        .refused(403, "NON_PERMESSO");
});

on_both!(a_change_carries_the_revision_that_was_read, |world| async {
    let cast = world.cast().await;
    let path = format!("/api/admin/licenze/{}", cast.rossi.license);
    let read = world.get(&path, &cast.root).await.expect(200);
    let etag = read.header("etag").unwrap().to_owned();
    assert_eq!(etag, format!("\"{}\"", read.body["revisione"]));
    let change = async |tag: Option<&str>, token: &str, body: Value| {
        let mut request = world
            .request(Method::Patch, &path)
            .header(Header::new("Authorization", format!("Bearer {token}")))
            .header(ContentType::JSON)
            .body(body.to_string());
        if let Some(tag) = tag {
            request = request.header(Header::new("If-Match", tag.to_owned()));
        }
        Reply::of(request).await
    };
    let label = json!({"etichetta": "nuova"});
    change(None, &cast.root, label.clone())
        .await
        .refused(428, "IF_MATCH_RICHIESTO");
    // What is another's does not exist, with or without a revision.
    change(None, &cast.beta.token, label.clone())
        .await
        .refused(404, "NON_TROVATO");
    change(Some(&etag), &cast.beta.token, label.clone())
        .await
        .refused(404, "NON_TROVATO");
    for stale in [
        "\"0\"",
        "\"999\"",
        "W/\"1\"",
        "*",
        "1",
        "\"\"",
        "\"x\"",
        "\"99999999999\"",
        "",
    ] {
        change(Some(stale), &cast.root, label.clone())
            .await
            .refused(412, "VERSIONE_SUPERATA");
    }
    let changed = change(Some(&etag), &cast.root, label.clone()).await.expect(200);
    assert_eq!(changed.str("/etichetta"), "nuova");
    let next = changed.header("etag").unwrap().to_owned();
    assert_ne!(next, etag);
    change(Some(&etag), &cast.root, label)
        .await
        .refused(412, "VERSIONE_SUPERATA");
    // Null takes away, absent leaves.
    let left = change(Some(&next), &cast.root, json!({"manutenzione_al": "2030-01-01"}))
        .await
        .expect(200);
    assert_eq!(
        (left.str("/etichetta"), left.str("/manutenzione_al")),
        ("nuova".into(), "2030-01-01".into())
    );
    let tag = left.header("etag").unwrap().to_owned();
    let gone = change(
        Some(&tag),
        &cast.root,
        json!({"etichetta": null, "manutenzione_al": null}),
    )
    .await
    .expect(200);
    assert!(gone.body["etichetta"].is_null() && gone.body["manutenzione_al"].is_null());
    // A company changes what costs nothing; the rest is named.
    let tag = gone.header("etag").unwrap().to_owned();
    change(Some(&tag), &cast.alfa.token, json!({"etichetta": "alfa"}))
        .await
        .expect(200);
    let tag = world
        .get(&path, &cast.root)
        .await
        .header("etag")
        .unwrap()
        .to_owned();
    for costly in [
        "numero_dispositivi",
        "giorni_offline",
        "prezzo_centesimi",
        "sconto_punti_base",
    ] {
        change(Some(&tag), &cast.alfa.token, json!({costly: 5}))
            .await
            .field(costly, "NON_PERMESSO");
    }
    change(Some(&tag), &cast.alfa.token, json!({"data_scadenza": null}))
        .await
        .field("data_scadenza", "NON_PERMESSO");
    // Elsewhere it may stay away; where it stands, it counts.
    for path in [
        format!("/api/admin/clienti/{}", cast.rossi.id),
        format!("/api/admin/agent/{}", cast.nord.id),
        "/api/admin/prodotti/GESTIONALE".into(),
    ] {
        world
            .patch(&path, &cast.root, 777, json!({"nome": "X"}))
            .await
            .refused(412, "VERSIONE_SUPERATA");
        let revision = world.get(&path, &cast.root).await.body["revisione"]
            .as_i64()
            .unwrap();
        world
            .patch(&path, &cast.root, revision, json!({"nome": "X"}))
            .await
            .expect(200);
        world
            .ask(Method::Patch, &path, Some(&cast.root), Some(json!({"nome": "Y"})))
            .await
            .expect(200);
    }
    let path = format!("/api/admin/clienti/{}", cast.rossi.id);
    let with = json!({"telefono": "06 1", "indirizzo": "via Roma", "email": "r@example.it", "partita_iva": "IT00743110157"});
    let reply = world.patch(&path, &cast.root, 3, with).await.expect(200);
    assert_eq!(reply.str("/partita_iva"), "00743110157");
    let reply = world
        .patch(
            &path,
            &cast.root,
            4,
            json!({"telefono": null, "partita_iva": null}),
        )
        .await
        .expect(200);
    assert!(reply.body["telefono"].is_null() && reply.body["partita_iva"].is_null());
    assert_eq!(
        (reply.str("/indirizzo"), reply.str("/email")),
        ("via Roma".into(), "r@example.it".into())
    );
});

on_both!(a_limit_below_what_is_in_use_is_refused, |world| async {
    let cast = world.cast().await;
    let (id, key) = world
        .issue(&cast.root, json!({"numero_dispositivi": 3}))
        .await
        .remove(0);
    for n in 0..2 {
        world.computer_key(&key, &format!("D{n}")).await;
    }
    let path = format!("/api/admin/licenze/{id}");
    let revision = world.get(&path, &cast.root).await.body["revisione"]
        .as_i64()
        .unwrap();
    world
        .patch(&path, &cast.root, revision, json!({"numero_dispositivi": 1}))
        .await
        .refused(409, "POSTI_IN_USO");
    world
        .patch(&path, &cast.root, revision, json!({"numero_dispositivi": 2}))
        .await
        .expect(200);
    world
        .patch(
            &path,
            &cast.root,
            revision + 1,
            json!({"numero_dispositivi": null}),
        )
        .await
        .field("numero_dispositivi", "MANCANTE");
    world
        .patch(&path, &cast.root, revision + 1, json!({"numero_utenti": 1}))
        .await
        .field("numero_utenti", "NON_COMPATIBILE");
});

#[rocket::async_test]
async fn the_document_lists_exactly_what_is_mounted() {
    let world = World::new(Database::sqlite()).await;
    let mounted: BTreeSet<String> = world
        .client
        .rocket()
        .routes()
        .filter(|route| !is_page(route))
        .map(|route| {
            let path = route.uri.path().to_string().replace('<', "{").replace('>', "}");
            format!("{} {path}", route.method)
        })
        .collect();
    let reply = world
        .ask(Method::Get, "/api/openapi.json", None, None)
        .await
        .expect(200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let listed: BTreeSet<String> = reply.body["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert_eq!(listed, mounted);
    assert!(listed.len() >= 50);
}

#[test]
fn headers_that_are_too_many_or_too_long_are_refused_by_the_real_server() {
    let mut program = Program::start();
    let address = program.url.trim_start_matches("http://").to_owned();
    let many: String = (0..500).map(|n| format!("X-{n}: y\r\n")).collect();
    let long = format!("X: {}\r\n", "y".repeat(2 * 1024 * 1024));
    for headers in [many, long] {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        stream
            .set_read_timeout(Some(std::time::Duration::from_secs(20)))
            .unwrap();
        // It may answer and hang up before all is sent.
        let _ =
            stream.write_all(format!("GET /salute HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n").as_bytes());
        let mut answer = Vec::new();
        let mut part = [0; 1024];
        while let Ok(n) = stream.read(&mut part) {
            answer.extend_from_slice(&part[..n]);
            if n == 0 || answer.len() > 12 {
                break;
            }
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer:?}");
    }
    assert_eq!(program.get("/salute", &[]).0, 200);
    program.stop();
}
