//! The real program in a process of its own, with an embedded database that goes away.

use serde_json::Value;
use std::{
    fs::{self, File},
    io::Write,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Seconds that a start or an end may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// `sigillo`, serving on a free port.
pub struct Program {
    pub url: String,
    folder: TempDir,
    child: Option<Child>,
    agent: ureq::Agent,
}

impl Program {
    /// Starts it without limits on its callers, and waits until it answers.
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        // Whoever takes the port in between makes the start fail, and another is tried.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap()
                .port();
            let log = File::create(folder.path().join("log")).unwrap();
            let mut child = command(&folder)
                .env("ROCKET_PORT", port.to_string())
                .stdin(Stdio::null())
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .spawn()
                .unwrap();
            let agent: ureq::Agent = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .timeout_global(Some(Duration::from_secs(30)))
                .build()
                .into();
            let url = format!("http://127.0.0.1:{port}");
            let until = Instant::now() + PATIENCE;
            while Instant::now() < until && child.try_wait().unwrap().is_none() {
                if agent.get(format!("{url}/salute")).call().is_ok() {
                    return Self {
                        url,
                        folder,
                        child: Some(child),
                        agent,
                    };
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        panic!(
            "the program did not start: {}",
            fs::read_to_string(folder.path().join("log")).unwrap_or_default()
        );
    }

    /// Runs one of its commands beside the server, and gives what it prints.
    pub fn command(&self, arguments: &[&str], input: &str) -> String {
        let mut child = command(&self.folder)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// A superadmin with this password, and a token.
    pub fn superadmin(&self, password: &str) -> String {
        let email = "root@example.it";
        self.command(
            &[
                "user",
                "create",
                "--email",
                email,
                "--role",
                "superadmin",
                "--password-stdin",
            ],
            password,
        );
        self.command(&["token", "create", "--email", email, "--name", "prova"], "")
    }

    /// `POST`s JSON, with headers, and gives status and body.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
        let mut request = self.agent.post(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.send_json(body).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (
            response.status().as_u16(),
            serde_json::from_str(&text).unwrap_or(Value::Null),
        )
    }

    /// `GET`s with headers, and gives status and body.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.call().unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), text)
    }

    /// What it wrote about itself.
    pub fn log(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("log")).unwrap()
    }

    /// The files of its database, with their contents as they are now.
    pub fn database(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.folder.path().join("data")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("sigillo.db") {
                let content = fs::read(&path).unwrap();
                files.push((path, content));
            }
        }
        files
    }

    /// Tells it to end, as a service manager does, and holds that it ends well.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        let told = Command::new("kill")
            .args(["-TERM", &child.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(
                    status.success(),
                    "it ended with {status}: {}",
                    String::from_utf8_lossy(&self.log())
                );
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        panic!("it did not end");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sigillo"));
    command
        .current_dir(folder.path())
        .env("ROCKET_DATA_DIR", folder.path().join("data"))
        .env("ROCKET_ADDRESS", "127.0.0.1")
        .env("ROCKET_BCRYPT_COST", "10")
        .env("ROCKET_LOG_LEVEL", "debug");
    for rate in ["UNKNOWN_KEY", "FAILURES", "DEVICE", "SIGN_IN", "REGISTRATION"] {
        command.env(format!("ROCKET_RATE_{rate}"), "0");
    }
    command
}
