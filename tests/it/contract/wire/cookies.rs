//! Each cookie of the portal's, with its attributes.

use super::{Browser, HOST, Wire};
use crate::support::{cast::PASSWORD, server::Installation};

/// Every cookie of the portal's: when it is set, and its attributes.
fn cookies(mut browser: Browser, prefix: &str, shared: &[&str]) {
    let day = 86_400;
    let named = |name: &str| format!("{prefix}{name}");
    let session = named("sigillo");
    let session = session.as_str();
    let table = |reply: &Wire, wanted: &[(&str, Option<i64>)]| {
        let set = reply.cookies();
        let names: Vec<&str> = set.keys().map(String::as_str).collect();
        let mut known: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
        known.sort_unstable();
        assert_eq!(names, known, "{reply:?}");
        for (name, lasts) in wanted {
            let (value, attributes) = &set[*name];
            let mut all: Vec<String> = shared.iter().map(|attribute| (*attribute).to_owned()).collect();
            if let Some(lasts) = lasts {
                all.push(format!("Max-Age={lasts}"));
                // What takes a cookie away is also understood by what knows only dates.
                all.extend(
                    attributes
                        .iter()
                        .filter(|attribute| attribute.starts_with("Expires="))
                        .cloned(),
                );
            }
            all.sort();
            assert_eq!(attributes, &all, "{name}");
            assert_eq!(value.is_empty(), *lasts == Some(0), "{name}={value}");
            assert!(!value.contains([' ', '"', ',', ';', '\\']), "{name}={value}");
        }
    };
    for path in [
        "/accedi",
        "/password/dimenticata",
        "/",
        "/niente",
        "/salute",
        "/api/docs",
        "/api/openapi.json",
    ] {
        table(&browser.get(path), &[]);
    }
    let wrong = browser.post(
        "/accedi",
        &[("email", "root@example.it"), ("password", "sbagliata-davvero")],
    );
    assert_eq!(wrong.status, 422);
    table(&wrong, &[]);
    let first = browser.sign_in(false);
    table(
        &first,
        &[(session, None), (&named("sigillo_noto"), Some(365 * day))],
    );
    let secret = first.cookies()[session].0.clone();
    assert!(secret.len() >= 43, "{secret}");
    table(&browser.get("/profilo"), &[]);
    let confirmed = browser.post("/conferma", &[("password", PASSWORD)]);
    table(&confirmed, &[(session, None)]);
    assert_ne!(confirmed.cookies()[session].0, secret);
    let saved = browser.post("/profilo", &[("nome", "Radice"), ("lingua", "it")]);
    table(&saved, &[(&named("sigillo_avviso"), Some(60))]);
    table(&browser.get("/profilo"), &[(&named("sigillo_avviso"), Some(0))]);
    table(
        &browser.post("/aspetto", &[("tema", "dark")]),
        &[(&named("sigillo_tema"), Some(365 * day))],
    );
    table(
        &browser.post("/lingua", &[("lingua", "en")]),
        &[(&named("sigillo_lingua"), Some(365 * day))],
    );
    let out = browser.post("/esci", &[]);
    table(&out, &[(session, Some(0)), (&named("sigillo_avviso"), Some(60))]);
    assert_eq!(browser.get("/profilo").status, 303);
    table(
        &browser.sign_in(true),
        &[
            (session, Some(30 * day)),
            (&named("sigillo_noto"), Some(365 * day)),
        ],
    );
    let answer = browser.post("/conferma", &[("password", PASSWORD)]).cookies();
    assert!(
        answer[session]
            .1
            .iter()
            .any(|attribute| attribute.starts_with("Max-Age=")),
        "{answer:?}"
    );
}

on_each!(
    each_cookie_has_its_attributes,
    |mut installation: Installation| {
        installation.root();
        let server = installation.serve();
        let browser = Browser::new(&server, &format!("https://{HOST}"));
        cookies(
            browser,
            "__Host-",
            &["HttpOnly", "Path=/", "SameSite=Lax", "Secure"],
        );
        server.kill();
        installation
            .environment
            .retain(|(name, _)| *name != "ROCKET_BASE_URL");
        let server = installation.serve();
        let browser = Browser::new(&server, &format!("http://127.0.0.1:{}", server.port));
        cookies(browser, "", &["HttpOnly", "Path=/", "SameSite=Lax"]);
        // By plain HTTP from elsewhere nobody signs in, whatever the password.
        server.kill();
        installation
            .environment
            .push(("ROCKET_BASE_URL", format!("http://{HOST}")));
        let server = installation.serve();
        let mut browser = Browser::new(&server, &format!("http://{HOST}"));
        let reply = browser.post("/accedi", &[("email", "root@example.it"), ("password", PASSWORD)]);
        assert_eq!((reply.status, reply.cookies().len()), (403, 0), "{reply:?}");
    }
);
