//! A MariaDB server of a test's own, to be configured wrongly, killed and started again.

use diesel::{Connection, MysqlConnection, connection::SimpleConnection};
use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server with its data; both go away with the test.
pub struct MariaDbd {
    folder: TempDir,
    port: u16,
    child: Option<Child>,
}

impl MariaDbd {
    /// A new server, with further options.
    pub fn new(options: &[&str]) -> Self {
        Self::new_in(&std::env::temp_dir(), options)
    }

    /// A new server whose data lie in a folder of this one.
    pub fn new_in(parent: &Path, options: &[&str]) -> Self {
        let folder = TempDir::new_in(parent).unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::create_dir(path("tmp")).unwrap();
        let installed = program("mariadb-install-db")
            .args([
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--skip-name-resolve",
            ])
            .arg(format!("--user={}", user()))
            .arg(format!("--datadir={}", path("data")))
            .arg(format!("--tmpdir={}", path("tmp")))
            .output()
            .unwrap();
        assert!(
            installed.status.success(),
            "{}",
            String::from_utf8_lossy(&installed.stderr)
        );
        let rights = "CREATE USER 'sigillo'@'%' IDENTIFIED BY 'sigillo';\n\
                      GRANT ALL PRIVILEGES ON *.* TO 'sigillo'@'%' WITH GRANT OPTION;\n";
        std::fs::write(path("init.sql"), rights).unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut server = Self {
            folder,
            port,
            child: None,
        };
        let init = format!("--init-file={}", server.path("init.sql"));
        server.start(&[options, &[init.as_str()]].concat());
        server
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// `mysql://user:password@host:port`.
    pub fn url(&self) -> String {
        format!("mysql://sigillo:sigillo@127.0.0.1:{}", self.port)
    }

    /// Starts it on the data that it has, and waits until it answers.
    pub fn start(&mut self, options: &[&str]) {
        // The kernel ends it with the test's process, should that be killed outright.
        let child = program("setpriv")
            .args(["--pdeathsig", "KILL", "mariadbd", "--no-defaults"])
            .arg(format!("--user={}", user()))
            .arg(format!("--datadir={}", self.path("data")))
            .arg(format!("--tmpdir={}", self.path("tmp")))
            .arg(format!("--socket={}", self.path("socket")))
            .arg(format!("--pid-file={}", self.path("pid")))
            .arg(format!("--log-error={}", self.path("error.log")))
            .arg(format!("--port={}", self.port))
            .args([
                "--bind-address=127.0.0.1",
                "--skip-networking=OFF",
                "--skip-name-resolve",
                "--skip-log-bin",
            ])
            .args([
                "--character-set-server=utf8mb4",
                "--innodb-buffer-pool-size=64M",
                "--innodb-log-file-size=32M",
            ])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.child = Some(child);
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let ready = MysqlConnection::establish(&format!("{}/mysql", self.url()))
                .is_ok_and(|mut conn| conn.batch_execute("DO 1").is_ok());
            if ready {
                return;
            }
            assert!(
                self.is_up(),
                "mariadbd ended: {}",
                std::fs::read_to_string(self.path("error.log")).unwrap_or_default()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("mariadbd does not become ready")
    }

    /// Whether its process is there.
    pub fn is_up(&mut self) -> bool {
        self.child
            .as_mut()
            .is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for MariaDbd {
    fn drop(&mut self) {
        self.kill();
    }
}

#[allow(clippy::disallowed_methods)]
fn program(name: &str) -> Command {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(name);
    command.env("PATH", format!("{path}:/usr/local/sbin:/usr/sbin"));
    command
}

fn user() -> String {
    let id = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(id.stdout).unwrap().trim().to_owned()
}
