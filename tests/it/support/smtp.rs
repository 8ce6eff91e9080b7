//! A mail server in a process of its own (aiosmtpd, `tests/foreign/smtp.py`), and what it took.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// How long it may take to start, and messages to come.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Smtp {
    pub port: u16,
    taken: Arc<Mutex<Vec<Value>>>,
    process: Child,
}

impl Smtp {
    /// A plain one.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// One with these arguments.
    pub fn with(arguments: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(root.join(".venv/bin/python"))
            .arg(root.join("tests/foreign/smtp.py"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect(".venv/bin/python, which `make test` installs");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready: Value = serde_json::from_str(&lines.next().expect("a first line").unwrap()).unwrap();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let kept = taken.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        Self {
            port: u16::try_from(ready["port"].as_u64().unwrap()).unwrap(),
            taken,
            process,
        }
    }

    /// Its address, without TLS.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }

    /// All that it took so far, in order.
    pub fn taken(&self) -> Vec<Value> {
        self.taken.lock().unwrap().clone()
    }

    /// What it took, once there are so many.
    pub async fn wait_for(&self, messages: usize) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let taken = self.taken();
            if taken.len() >= messages {
                return taken;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{} of {messages} messages came",
                taken.len()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        // Its input ends with it.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
