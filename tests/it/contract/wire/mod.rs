//! The program as a browser meets it, over a socket: hosts, cookies, headers, reports.

use crate::support::{
    cast::PASSWORD,
    database::Database,
    server::{Installation, Server},
};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

const HOST: &str = "licenze.example.it";
const EVIL: &str = "evil.example.com";

/// An answer as it came.
#[derive(Debug)]
struct Wire {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Wire {
    fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(known, _)| known == name);
        let found = all.next().map(|(_, value)| value.as_str());
        assert!(
            all.next().is_none() || name == "set-cookie",
            "{name} twice: {:?}",
            self.headers
        );
        found
    }

    /// The cookies that are set: name, and what follows it, in order.
    fn cookies(&self) -> BTreeMap<String, (String, Vec<String>)> {
        self.headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
            .map(|(_, cookie)| {
                let mut parts = cookie.split("; ");
                let (name, value) = parts.next().unwrap().split_once('=').unwrap();
                let mut attributes: Vec<String> = parts.map(str::to_owned).collect();
                attributes.sort();
                (name.to_owned(), (value.to_owned(), attributes))
            })
            .collect()
    }
}

/// Sends bytes as they are, and reads to the end.
fn raw(port: u16, request: &[u8]) -> Option<Wire> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // It may answer and hang up before all is sent.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let mut part = [0; 16 * 1024];
    while let Ok(n) = stream.read(&mut part) {
        if n == 0 {
            break;
        }
        answer.extend_from_slice(&part[..n]);
    }
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    Some(Wire {
        status: lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap(),
        headers: lines
            .map(|line| line.split_once(": ").unwrap_or((line, "")))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        body: String::from_utf8_lossy(&answer[end + 4..]).into_owned(),
    })
}

/// Somebody at a browser, with cookies.
struct Browser {
    port: u16,
    origin: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new(server: &Server, origin: &str) -> Self {
        Self {
            port: server.port,
            origin: origin.to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Wire {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        let has = |name: &str| headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if !has("Host") {
            request += &format!("Host: {}\r\n", self.origin.split_once("://").unwrap().1);
        }
        if !has("Accept") {
            request += "Accept: text/html\r\n";
        }
        if method == "POST" {
            request += &format!("Content-Length: {}\r\n", body.len());
            if !has("Origin") {
                request += &format!("Origin: {}\r\n", self.origin);
            }
            if !has("Content-Type") {
                request += "Content-Type: application/x-www-form-urlencoded\r\n";
            }
        }
        if !self.cookies.is_empty() {
            let all: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request += &format!("Cookie: {}\r\n", all.join("; "));
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        let reply = raw(self.port, &[request.as_bytes(), b"\r\n", body].concat()).expect("an answer");
        for (name, (value, attributes)) in reply.cookies() {
            if attributes.iter().any(|attribute| attribute == "Max-Age=0") {
                self.cookies.remove(&name);
            } else {
                self.cookies.insert(name, value);
            }
        }
        reply
    }

    fn get(&mut self, path: &str) -> Wire {
        self.ask("GET", path, &[], b"")
    }

    fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Wire {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        self.ask("POST", path, &[], body.finish().as_bytes())
    }

    fn sign_in(&mut self, remember: bool) -> Wire {
        let mut form = vec![("email", "root@example.it"), ("password", PASSWORD)];
        form.extend(remember.then_some(("ricorda", "si")));
        let reply = self.post("/accedi", &form);
        assert_eq!(reply.status, 303, "{}", reply.body);
        reply
    }
}

/// A program that is reached by TLS at `licenze.example.it`, and at `altro.example.it`.
fn installed(database: Database) -> Installation {
    let mut installation = Installation::new(database);
    installation.environment.extend([
        ("ROCKET_BASE_URL", format!("https://{HOST}")),
        ("ROCKET_ALLOWED_HOSTS", "[\"altro.example.it\"]".to_owned()),
        ("ROCKET_LOG_LEVEL", "normal".to_owned()),
        ("ROCKET_RATE_SIGN_IN", "0".to_owned()),
    ]);
    installation
}

/// Defines a test that runs on both databases.
macro_rules! on_each {
    ($name:ident, $run:expr) => {
        mod $name {
            use super::*;

            #[test]
            fn sqlite() {
                $run($crate::contract::wire::installed(
                    $crate::support::database::Database::sqlite(),
                ));
            }

            #[test]
            fn mariadb() {
                $run($crate::contract::wire::installed(
                    $crate::support::database::Database::mariadb(),
                ));
            }
        }
    };
}

mod answers;
mod cookies;
mod hosts;
