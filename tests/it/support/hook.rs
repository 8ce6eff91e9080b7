//! A receiver of webhooks in a process of its own (`tests/foreign/hook.py`), and what came to it.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// How long requests may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Hook {
    pub port: u16,
    heard: Arc<Mutex<Vec<Value>>>,
    process: Child,
}

impl Hook {
    pub fn with(arguments: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(root.join(".venv/bin/python"))
            .arg(root.join("tests/foreign/hook.py"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect(".venv/bin/python, which `make test` installs");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready: Value = serde_json::from_str(&lines.next().expect("a first line").unwrap()).unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let kept = heard.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        Self {
            port: u16::try_from(ready["port"].as_u64().unwrap()).unwrap(),
            heard,
            process,
        }
    }

    /// Checks with this secret too, from now on.
    pub fn knows(&mut self, secret: &str) {
        let before = self.lines("knows").len();
        writeln!(self.process.stdin.as_mut().unwrap(), "{secret}").unwrap();
        let until = Instant::now() + PATIENCE;
        while self.lines("knows").len() == before {
            assert!(Instant::now() < until, "the receiver does not hear");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn lines(&self, with: &str) -> Vec<Value> {
        let heard = self.heard.lock().unwrap();
        heard
            .iter()
            .filter(|line| !line[with].is_null())
            .cloned()
            .collect()
    }

    /// The requests that came so far, in order.
    pub fn heard(&self) -> Vec<Value> {
        self.lines("path")
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
