//! The OpenAPI document tells the truth: schemathesis tries every operation of the real program by it.

use crate::support::program::Program;
use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Seconds after which the run counts as stuck.
const PATIENCE: Duration = Duration::from_secs(300);

#[test]
fn schemathesis_finds_no_answer_that_the_document_does_not_tell() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let st = root.join(".venv/bin/st");
    assert!(
        st.exists(),
        ".venv/bin/st is missing: run scripts/setup-tests (or `make test`), which installs it"
    );
    let mut program = Program::start();
    let token = program.superadmin("tre-lampade-accese");
    let folder = tempfile::TempDir::new().unwrap();
    let output = folder.path().join("output");
    let file = File::create(&output).unwrap();
    let mut child = Command::new(st)
        .arg("--config-file")
        .arg(root.join("tests/foreign/schemathesis.toml"))
        .arg("run")
        .arg(format!("{}/api/openapi.json", program.url))
        .arg("-H")
        .arg(format!("Authorization: Bearer {token}"))
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(file.try_clone().unwrap())
        .stderr(file)
        .spawn()
        .unwrap();
    let until = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if Instant::now() >= until {
            let _ = child.kill();
            let _ = child.wait();
            break None;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    let told = std::fs::read_to_string(&output).unwrap();
    assert!(
        status.is_some_and(|status| status.success()),
        "schemathesis ended with {status:?}:\n{told}"
    );
    program.stop();
}
