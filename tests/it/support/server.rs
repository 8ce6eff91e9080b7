//! The program as it is shipped: the binary in a process of its own, asked over HTTP.

use super::database::Database;
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a process may take to do what it was told.
const PATIENCE: Duration = Duration::from_secs(60);

/// An installation: a database and a folder, with or without a server that runs on them.
pub struct Installation {
    pub database: Database,
    pub folder: TempDir,
    /// Further environment of its programs.
    pub environment: Vec<(&'static str, String)>,
}

impl Installation {
    pub fn new(database: Database) -> Self {
        let secret = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".to_owned();
        Self {
            database,
            folder: TempDir::new().unwrap(),
            environment: vec![("ROCKET_SECRET_KEY", secret)],
        }
    }

    /// The program with a command, to be run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sigillo"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("ROCKET_DATABASE_URL", self.database.text())
            .env("ROCKET_DATA_DIR", self.folder.path())
            .env("ROCKET_BCRYPT_COST", "10")
            .env("ROCKET_LOG_LEVEL", "critical")
            .env("ROCKET_RATE_UNKNOWN_KEY", "0")
            .env("ROCKET_RATE_FAILURES", "0")
            .env("ROCKET_RATE_DEVICE", "0")
            .envs(self.environment.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that refuses before it reads closes the pipe: no fault of the test.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Runs a command that has to succeed, and gives what it printed.
    pub fn done(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "sigillo {arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Makes a superadmin, and gives a token.
    pub fn root(&self) -> String {
        let create = [
            "user",
            "create",
            "--email",
            "root@example.it",
            "--role",
            "superadmin",
            "--password-stdin",
        ];
        self.done(&create, super::cast::PASSWORD);
        self.done(
            &["token", "create", "--email", "root@example.it", "--name", "prova"],
            "",
        )
    }

    /// A server that another command than `serve` became; waits until it answers.
    pub fn attach(&self, child: Child, port: u16) -> Server {
        let mut server = Server { child, port };
        assert!(server.wait_until_up(Path::new("/dev/null")), "it ended");
        server
    }

    /// Starts a server, and waits until it answers.
    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// The same, with this environment of its own.
    pub fn serve_with(&self, environment: &[(&str, &str)]) -> Server {
        // Between looking for a free port and taking it, another may have it.
        for _ in 0..10 {
            let port = TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap()
                .port();
            let log = self.folder.path().join(format!("server-{port}.log"));
            let child = self
                .command(&["serve"])
                .env("ROCKET_PORT", port.to_string())
                .envs(environment.iter().copied())
                .stdout(Stdio::null())
                .stderr(std::fs::File::create(&log).unwrap())
                .spawn()
                .unwrap();
            let mut server = Server { child, port };
            if server.wait_until_up(&log) {
                return server;
            }
        }
        panic!("no port was to be had")
    }
}

/// A server that runs. It ends with the test.
pub struct Server {
    child: Child,
    pub port: u16,
}

impl Server {
    /// False where somebody else had taken the port.
    fn wait_until_up(&mut self, log: &Path) -> bool {
        let begun = Instant::now();
        let caller = self.caller();
        while begun.elapsed() < PATIENCE {
            if self.child.try_wait().unwrap().is_some() {
                let said = std::fs::read_to_string(log).unwrap_or_default();
                assert!(
                    said.contains("port cannot be opened"),
                    "the server did not start: {said}"
                );
                return false;
            }
            if caller
                .get("/salute", None)
                .is_some_and(|reply| reply.status == 200)
            {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server did not come up")
    }

    /// Who asks it.
    pub fn caller(&self) -> Caller {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        Caller {
            agent: config.into(),
            base: format!("http://127.0.0.1:{}", self.port),
        }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `SIGTERM`, without waiting.
    pub fn ask_to_end(&self) {
        signal(self.child.id(), "TERM");
    }

    /// Waits for its end.
    pub fn ended(mut self) -> ExitStatus {
        wait(&mut self.child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process that this test started.
pub fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(pid.to_string())
        .status();
    assert!(sent.unwrap().success());
}

/// Waits for a process's end, for so long.
pub fn wait(child: &mut Child) -> ExitStatus {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("process {} does not end", child.id())
}

/// What a server said.
#[derive(Debug, Clone)]
pub struct Said {
    pub status: u16,
    pub body: Value,
    pub replayed: bool,
}

impl Said {
    /// The problem's code, or a validation's.
    pub fn code(&self) -> &str {
        self.body["codice"].as_str().unwrap_or_default()
    }

    /// Holds the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }
}

/// Asks a server over HTTP.
#[derive(Clone)]
pub struct Caller {
    agent: ureq::Agent,
    base: String,
}

impl Caller {
    /// None where no whole answer came.
    pub fn get(&self, path: &str, token: Option<&str>) -> Option<Said> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        Self::said(request.call())
    }

    /// None where no whole answer came: then nobody knows whether it was done.
    pub fn post(&self, path: &str, headers: &[(&str, String)], body: &Value) -> Option<Said> {
        let mut request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("Content-Type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        Self::said(request.send(body.to_string()))
    }

    fn said(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Option<Said> {
        let mut answer = answer.ok()?;
        let status = answer.status().as_u16();
        let replayed = answer.headers().contains_key("idempotency-replayed");
        let mut text = String::new();
        answer.body_mut().as_reader().read_to_string(&mut text).ok()?;
        Some(Said {
            status,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            replayed,
        })
    }

    /// `attiva`, `valida` or `disattiva`.
    pub fn device(&self, verb: &str, key: &str, device: &str) -> Option<Said> {
        let body = json!({"chiave_licenza": key, "dispositivo": {"id": device}});
        self.post(&format!("/api/licenze/{verb}"), &[], &body)
    }

    /// The product `GESTIONALE`, whose devices may be released as often as they like, and keys of so many licences.
    pub fn keys(&self, token: &str, quantity: usize, devices: usize) -> Vec<String> {
        let bearer = [("Authorization", format!("Bearer {token}"))];
        let product =
            json!({"codice": "GESTIONALE", "nome": "Gestionale", "versione": "1", "rilasci_max": 1_000_000});
        self.post("/api/admin/prodotti", &bearer, &product)
            .unwrap()
            .expect(201);
        let order = json!({
            "prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "quantita": quantity, "numero_dispositivi": devices,
        });
        let issued = self
            .post("/api/admin/licenze", &bearer, &order)
            .unwrap()
            .expect(201);
        let licenses = issued.body["licenze"].as_array().unwrap();
        licenses
            .iter()
            .map(|license| license["chiave_licenza"].as_str().unwrap().to_owned())
            .collect()
    }
}
