//! Whatever a request says of its host, links lead to the configured address.

use super::{Browser, EVIL, HOST, raw};
use crate::support::server::Installation;
use serde_json::json;
use sigillo::domain::secrets::Vault;
use std::time::Duration;

/// All that was written to somebody, opened.
fn mails(installation: &Installation) -> Vec<String> {
    let vault = Vault::new(&[7; 32]).unwrap();
    let column = |name: &str| {
        installation
            .database
            .texts(&format!("SELECT HEX({name}) AS t FROM outbox ORDER BY id"))
    };
    let bytes = |hex: &Option<String>| -> Vec<u8> {
        let hex = hex.as_ref().unwrap();
        let digits = (0..hex.len()).step_by(2);
        digits
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    };
    column("id")
        .iter()
        .zip(&column("payload"))
        .map(|(id, payload)| {
            String::from_utf8(vault.open(&bytes(id), &bytes(payload)).unwrap().to_vec()).unwrap()
        })
        .collect()
}

on_each!(
    a_hostile_host_is_turned_away_and_none_gets_into_a_link,
    |installation: Installation| {
        let token = installation.root();
        let server = installation.serve();
        let mut browser = Browser::new(&server, &format!("https://{HOST}"));
        let bearer = format!("Bearer {token}");
        for path in [
            "/",
            "/accedi",
            "/password/dimenticata",
            "/niente",
            "/static/x.css",
            "/api/admin/licenze",
            "/salute",
        ] {
            for host in [
                EVIL,
                "evil-licenze.example.it",
                "licenze.example.it.evil.example.com",
                "licenze.example.it@evil.example.com",
                "licenze.example.it.",
                "evil.example.com:443",
                "127.0.0.1.evil.example.com",
                "10.0.0.1",
                "",
            ] {
                let reply = browser.ask("GET", path, &[("Host", host), ("Authorization", &bearer)], b"");
                assert_eq!(reply.status, 421, "{host:?} {path}: {}", reply.body);
                assert!(!reply.body.contains("evil"), "{}", reply.body);
            }
            for host in [
                HOST,
                "LICENZE.example.it:443",
                "altro.example.it",
                "127.0.0.1:80",
                "localhost",
                "[::1]:8",
            ] {
                assert_ne!(
                    browser.ask("GET", path, &[("Host", host)], b"").status,
                    421,
                    "{host} {path}"
                );
            }
        }
        let form = b"email=root%40example.it";
        let turned_away = browser.ask("POST", "/password/dimenticata", &[("Host", EVIL)], form);
        assert_eq!(turned_away.status, 421);
        assert!(mails(&installation).is_empty());

        // Whatever else names a host is not listened to, neither by pages nor by what is mailed.
        let named = format!("host={EVIL};proto=http");
        let elsewhere = [
            ("X-Forwarded-Host", EVIL),
            ("X-Forwarded-Server", EVIL),
            ("X-Host", EVIL),
            ("X-Original-Host", EVIL),
            ("X-Original-URL", "//evil.example.com/"),
            ("X-Rewrite-URL", "//evil.example.com/"),
            ("X-Forwarded-Proto", "http"),
            ("X-Forwarded-Prefix", "//evil.example.com"),
            ("Forwarded", named.as_str()),
        ];
        let mut said = Vec::new();
        for path in [
            "/",
            "/accedi",
            "/accedi?poi=//evil",
            "/password/dimenticata",
            "/niente",
            "/api/admin/licenze",
            "/api/docs",
        ] {
            let path = path.replace("//evil", "%2f%2fx.example.com");
            said.push(browser.ask("GET", &path, &elsewhere, b""));
        }
        said.push(browser.ask("POST", "/password/dimenticata", &elsewhere, form));
        let mut with_token = elsewhere.to_vec();
        with_token.extend([
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ]);
        let invited = json!({"email": "nuova@example.it"}).to_string();
        said.push(browser.ask("POST", "/api/admin/utenti", &with_token, invited.as_bytes()));
        assert_eq!(said.last().unwrap().status, 201);
        // A target that names a host: the header decides, and the answer leads nowhere else.
        let absolute = format!("GET http://{EVIL}/ HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n");
        said.extend(raw(server.port, absolute.as_bytes()));
        let twice =
            format!("GET /accedi HTTP/1.1\r\nHost: {HOST}\r\nHost: {EVIL}\r\nConnection: close\r\n\r\n");
        said.extend(raw(server.port, twice.as_bytes()));
        let none = "GET /accedi HTTP/1.1\r\nConnection: close\r\n\r\n";
        said.extend(raw(server.port, none.as_bytes()));
        for reply in &said {
            assert!(
                reply.status < 500 && !format!("{reply:?}").contains("evil.example"),
                "{reply:?}"
            );
            if let Some(to) = reply.header("location") {
                assert!(to.starts_with('/') && !to.starts_with("//"), "{to}");
            }
        }
        let mut written = Vec::new();
        for _ in 0..500 {
            written = mails(&installation);
            if written.len() >= 2 {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(written.len() >= 2, "{written:?}");
        for mail in &written {
            assert!(
                mail.contains(&format!("https://{HOST}/")) && !mail.contains("evil"),
                "{mail}"
            );
        }
    }
);
