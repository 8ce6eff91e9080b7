//! The headers of each kind of answer, and what browsers report of what those stopped.

use super::{Browser, EVIL, HOST};
use crate::support::server::Installation;
use serde_json::json;

on_each!(
    reports_of_browsers_are_taken_cut_short_and_written_in_one_line,
    |mut installation: Installation| {
        installation
            .environment
            .push(("ROCKET_RATE_FAILURES", "60".to_owned()));
        let server = installation.serve();
        let mut browser = Browser::new(&server, &format!("https://{HOST}"));
        let report = json!({"csp-report": {"document-uri": "https://licenze.example.it/", "violated-directive": "script-src"}});
        let report = report.to_string();
        let long = vec![b'l'; 200_000];
        let bodies: [&[u8]; 7] = [
            report.as_bytes(),
            b"",
            b"{",
            b"x\r\nINVENTATA riga\n\x1b[31mrossa\x07\x00",
            b"\xff\xfe\xc0\xbc",
            &long,
            b"[[[[[[[[[[[[[[[[[[[[[[[[",
        ];
        for body in bodies {
            for headers in [
                &[("Content-Type", "application/csp-report")][..],
                &[("Content-Type", "application/reports+json"), ("Origin", "null")],
                &[
                    ("Content-Type", "text/plain"),
                    ("Origin", "https://evil.example.com"),
                    ("Sec-Fetch-Site", "cross-site"),
                ],
            ] {
                let reply = browser.ask("POST", "/csp", headers, body);
                assert_eq!(
                    (reply.status, reply.body.as_str()),
                    (204, ""),
                    "{} bytes",
                    body.len()
                );
                assert!(reply.cookies().is_empty());
            }
        }
        let reply = browser.get("/csp");
        assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
        for _ in 0..100 {
            let reply = browser.ask("POST", "/csp", &[], report.as_bytes());
            assert_eq!(reply.status, 204);
        }
        let log = std::fs::read(
            installation
                .folder
                .path()
                .join(format!("server-{}.log", server.port)),
        )
        .unwrap();
        let log = String::from_utf8(log).unwrap();
        let reports: Vec<&str> = log
            .lines()
            .filter(|line| line.contains("content security policy"))
            .collect();
        assert!((15..110).contains(&reports.len()), "{log}");
        for line in log.lines() {
            assert!(line.len() < 6_000, "{} bytes in a line", line.len());
            assert!(
                !line.starts_with("INVENTATA")
                    && !line.contains("\u{1b}[31mrossa")
                    && !line.contains('\u{7}'),
                "{line:?}"
            );
        }
    }
);

on_each!(
    each_kind_of_answer_has_its_headers,
    |installation: Installation| {
        let token = installation.root();
        let server = installation.serve();
        let mut stranger = Browser::new(&server, &format!("https://{HOST}"));
        let mut root = Browser::new(&server, &format!("https://{HOST}"));
        root.sign_in(false);
        let bearer = format!("Bearer {token}");
        let json_of_root = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
        ];
        let mut made = |path: &str, body: serde_json::Value| {
            let reply = stranger.ask("POST", path, &json_of_root, body.to_string().as_bytes());
            assert_eq!(reply.status, 201, "{reply:?}");
        };
        made(
            "/api/admin/prodotti",
            json!({"codice": "GESTIONALE", "nome": "Gestionale"}),
        );
        made(
            "/api/admin/licenze",
            json!({"prodotto": "GESTIONALE", "tipo_licenza": "trial"}),
        );
        let batch = installation
            .database
            .texts("SELECT LOWER(HEX(id)) AS t FROM batches")
            .remove(0)
            .unwrap();
        let (a, b, c, d, e) = (
            &batch[..8],
            &batch[8..12],
            &batch[12..16],
            &batch[16..20],
            &batch[20..],
        );
        let download = |format: &str| format!("/lotti/{a}-{b}-{c}-{d}-{e}/chiavi/{format}");
        let page = root.get("/licenze");
        let asset = page
            .body
            .split("href=\"/static/css/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let asset = format!("/static/css/{asset}");
        let part: &[(&str, &str)] = &[("HX-Request", "true")];
        let api: &[(&str, &str)] = &[("Accept", "application/json")];
        let foreign: &[(&str, &str)] = &[("Origin", "https://evil.example.com")];
        let evil: &[(&str, &str)] = &[("Host", EVIL)];
        let large = vec![b'a'; 70_000];
        let (csv, txt, xlsx) = (download("csv"), download("txt"), download("xlsx"));

        // Who asks, method, path, headers, body; the status, whether it is the portal's, whether it is kept for ever.
        type Row<'a> = (
            bool,
            &'a str,
            &'a str,
            &'a [(&'a str, &'a str)],
            &'a [u8],
            u16,
            bool,
            bool,
        );
        let rows: &[Row<'_>] = &[
            (true, "GET", "/", &[], b"", 200, true, false),
            (true, "GET", "/licenze", &[], b"", 200, true, false),
            (true, "GET", "/licenze?q=x", part, b"", 200, true, false),
            (
                true,
                "GET",
                "/licenze/00000000-0000-7000-8000-000000000000",
                &[],
                b"",
                404,
                true,
                false,
            ),
            (
                true,
                "GET",
                "/licenze/00000000-0000-7000-8000-000000000000",
                part,
                b"",
                404,
                true,
                false,
            ),
            (true, "POST", "/prodotti/nuovo", &[], b"", 422, true, false),
            (true, "POST", "/prodotti/nuovo", foreign, b"", 403, true, false),
            (true, "POST", "/prodotti/nuovo", &[], &large, 413, true, false),
            (true, "POST", "/prodotti/nuovo", &[], b"\xff", 400, true, false),
            (true, "POST", "/aspetto", &[], b"tema=dark", 303, true, false),
            (true, "POST", "/aspetto", part, b"tema=dark", 204, true, false),
            (true, "GET", "/esci", &[], b"", 405, true, false),
            (true, "GET", &csv, &[], b"", 200, true, false),
            (true, "GET", &txt, &[], b"", 200, true, false),
            (true, "GET", &xlsx, &[], b"", 200, true, false),
            (false, "GET", "/accedi", &[], b"", 200, true, false),
            (false, "GET", "/licenze", &[], b"", 303, true, false),
            (false, "GET", "/licenze", part, b"", 204, true, false),
            (false, "GET", "/niente", &[], b"", 404, true, false),
            (false, "GET", "/niente", api, b"", 404, true, false),
            (false, "GET", "/accedi", evil, b"", 421, true, false),
            (false, "GET", "/api/admin/licenze", evil, b"", 421, true, false),
            (false, "POST", "/csp", &[], b"{}", 204, true, false),
            (false, "GET", &asset, &[], b"", 200, true, true),
            (false, "GET", "/static/niente.css", &[], b"", 404, true, false),
            (
                false,
                "GET",
                "/static/..%2f..%2fCargo.toml",
                &[],
                b"",
                404,
                true,
                false,
            ),
            (false, "GET", "/api/docs", &[], b"", 200, true, false),
            (false, "GET", "/api/openapi.json", api, b"", 200, false, false),
            (
                false,
                "GET",
                "/api/admin/licenze",
                &json_of_root,
                b"",
                200,
                false,
                false,
            ),
            (false, "GET", "/api/admin/licenze", api, b"", 401, false, false),
            (false, "GET", "/api/niente", &[], b"", 404, false, false),
            (false, "POST", "/api/licenze/attiva", api, b"{", 400, false, false),
            (
                false,
                "POST",
                "/api/licenze/attiva",
                api,
                b"{\"chiave_licenza\":\"x\",\"dispositivo\":{\"id\":\"<b>\"}}",
                422,
                false,
                false,
            ),
            (false, "GET", "/salute", &[], b"", 200, false, false),
            (false, "GET", "/pronto", &[], b"", 200, false, false),
            (
                false,
                "GET",
                "/.well-known/jwks.json",
                &[],
                b"",
                200,
                false,
                false,
            ),
        ];
        for (signed_in, method, path, headers, body, status, portal, kept) in rows {
            let browser = if *signed_in { &mut root } else { &mut stranger };
            let reply = browser.ask(method, path, headers, body);
            let cell = format!(
                "{method} {path} {headers:?}: {} {:?}",
                reply.status, reply.headers
            );
            assert_eq!(reply.status, *status, "{cell}: {}", reply.body);
            let policy = reply
                .header("content-security-policy")
                .unwrap_or_else(|| panic!("{cell}"));
            assert!(
                !policy.contains("unsafe") && policy.starts_with("default-src 'none'; "),
                "{cell}"
            );
            for rule in ["frame-ancestors 'none'", "base-uri 'none'"] {
                assert!(policy.contains(rule), "{cell}");
            }
            assert_eq!(policy.contains("script-src 'self'"), *portal, "{cell}");
            assert_eq!(policy.contains("report-uri /csp"), *portal, "{cell}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("strict-transport-security", "max-age=63072000; includeSubDomains"),
                ("x-frame-options", "SAMEORIGIN"),
            ] {
                assert_eq!(reply.header(name), Some(value), "{name} of {cell}");
            }
            assert!(
                reply.header("x-request-id").is_some_and(|id| id.len() >= 16),
                "{cell}"
            );
            let caching = reply.header("cache-control").unwrap_or_else(|| panic!("{cell}"));
            assert_eq!(caching.contains("immutable"), *kept, "{cell}");
            if *portal && !*kept {
                assert!(caching.contains("no-store"), "{cell}");
            }
            for never in [
                "server",
                "x-powered-by",
                "access-control-allow-origin",
                "access-control-allow-credentials",
            ] {
                assert_eq!(reply.header(never), None, "{cell}");
            }
            if [csv.as_str(), txt.as_str(), xlsx.as_str()].contains(path) {
                assert!(
                    reply
                        .header("content-disposition")
                        .unwrap()
                        .starts_with("attachment; "),
                    "{cell}"
                );
            }
            if *status != 204 && *status != 303 {
                assert!(reply.header("content-type").is_some(), "{cell}");
            }
        }
    }
);
