//! The cluster of `scripts/with-galera`, whose nodes are killed and come back.

use crate::support::{
    database::Database,
    server::{Installation, Server, signal},
};
use diesel::{
    Connection, MysqlConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
};
use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

/// How long a node may take to come back, or a cluster to be whole.
const PATIENCE: Duration = Duration::from_secs(180);

static TURN: Mutex<()> = Mutex::new(());

/// The cluster, for one test at a time.
pub struct Cluster {
    urls: Vec<String>,
    folder: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

#[allow(clippy::disallowed_methods)]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!(
            "{name} is not set: run this with `scripts/with-galera cargo test --all-features --test galera`"
        )
    })
}

impl Cluster {
    /// The cluster, once all its nodes serve.
    pub fn whole() -> Self {
        // A test that failed has left nothing that is not waited for here.
        let turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let cluster = Self {
            urls: variable("SIGILLO_GALERA").split(',').map(str::to_owned).collect(),
            folder: variable("SIGILLO_GALERA_FOLDER").into(),
            _turn: turn,
        };
        cluster.wait_until_whole();
        cluster
    }

    /// A new database, and an installation on it.
    pub fn installation(&self) -> Installation {
        Installation::new(Database::mariadb_on(self.urls[0].clone()))
    }

    /// A node's own address of an installation's database.
    pub fn at(&self, installation: &Installation, n: usize) -> String {
        format!("{}/{}", self.urls[n], name(installation))
    }

    /// All nodes' addresses of it, this one's first.
    pub fn from(&self, installation: &Installation, n: usize) -> String {
        let hosts: Vec<&str> = (0..self.urls.len())
            .map(|m| self.urls[(n + m) % self.urls.len()].rsplit_once('@').unwrap().1)
            .collect();
        let user = self.urls[n].rsplit_once('@').unwrap().0;
        format!("{user}@{}/{}", hosts.join(","), name(installation))
    }

    /// A program on each node alone.
    pub fn serve_each(&self, installation: &Installation) -> Vec<Server> {
        (0..self.urls.len())
            .map(|n| installation.serve_with(&[("ROCKET_DATABASE_URL", &self.at(installation, n))]))
            .collect()
    }

    /// A program for each node, which knows the others.
    pub fn serve_all(&self, installation: &Installation) -> Vec<Server> {
        (0..self.urls.len())
            .map(|n| installation.serve_with(&[("ROCKET_DATABASE_URL", &self.from(installation, n))]))
            .collect()
    }

    fn file(&self, n: usize, name: &str) -> PathBuf {
        self.folder.join((n + 1).to_string()).join(name)
    }

    /// `kill -9`, and it stays down.
    pub fn kill(&self, n: usize) {
        std::fs::write(self.file(n, "hold"), "").unwrap();
        let pid = std::fs::read_to_string(self.file(n, "pid")).unwrap();
        signal(pid.trim().parse().unwrap(), "KILL");
        let begun = Instant::now();
        while self.file(n, "pid").exists() {
            assert!(begun.elapsed() < PATIENCE, "node {n} does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Lets a node that was killed come back.
    pub fn release(&self, n: usize) {
        let _ = std::fs::remove_file(self.file(n, "hold"));
    }

    pub fn wait_until_whole(&self) {
        let begun = Instant::now();
        for n in 0..self.urls.len() {
            while !self.is_synced(n) {
                assert!(begun.elapsed() < PATIENCE, "node {n} does not come back");
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }

    fn is_synced(&self, n: usize) -> bool {
        let Ok(mut conn) = MysqlConnection::establish(&format!("{}/information_schema", self.urls[n])) else {
            return false;
        };
        let mut status = |name: &str, wanted: &str| {
            sql_query(format!("SHOW STATUS LIKE '{name}'"))
                .load::<Variable>(&mut conn)
                .is_ok_and(|rows| rows.iter().any(|row| row.value == wanted))
        };
        status("wsrep_local_state_comment", "Synced")
            && status("wsrep_ready", "ON")
            && status("wsrep_cluster_size", &self.urls.len().to_string())
    }

    /// Waits until every node has applied what was committed on any.
    pub fn catch_up(&self) {
        for url in &self.urls {
            MysqlConnection::establish(&format!("{url}/mysql"))
                .unwrap()
                .batch_execute("SET SESSION wsrep_sync_wait = 1; SELECT COUNT(*) FROM user")
                .unwrap();
        }
    }

    /// Texts as this node has them.
    pub fn texts(&self, installation: &Installation, n: usize, sql: &str) -> Vec<String> {
        let here = Database::MariaDb {
            server: self.urls[n].clone(),
            name: name(installation).to_owned(),
        };
        let texts = here.texts(sql).into_iter().flatten().collect();
        // It is the installation's, and goes away with that.
        std::mem::forget(here);
        texts
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for n in 0..self.urls.len() {
            self.release(n);
        }
    }
}

fn name(installation: &Installation) -> &str {
    match &installation.database {
        Database::MariaDb { name, .. } => name,
        Database::Sqlite(_) => panic!("of MariaDB alone"),
    }
}

#[derive(QueryableByName)]
struct Variable {
    #[diesel(sql_type = diesel::sql_types::Text, column_name = "Value")]
    value: String,
}
