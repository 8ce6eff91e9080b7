//! What is set for each session, and what a server must be for its promises to hold.

use super::*;
use diesel::MysqlConnection;
use std::{
    net::{TcpStream, ToSocketAddrs},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Oldest server that is supported.
const OLDEST: (u32, u32) = (10, 11);
/// How long a machine may take to accept a connection where there is another one to ask.
const ANSWER: Duration = Duration::from_secs(3);

/// One server, or the nodes of a cluster.
#[derive(Clone)]
pub struct Nodes {
    all: Arc<[Node]>,
    /// The one that answered last, for all connections: who finds it gone moves it on.
    current: Arc<AtomicUsize>,
}

#[derive(PartialEq, Eq)]
struct Node {
    url: String,
    /// Host and port.
    address: String,
}

impl PartialEq for Nodes {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl Eq for Nodes {}

impl Nodes {
    /// Reads `mysql://user:password@host:port,host:port/db`.
    pub(super) fn parse(text: &str) -> std::result::Result<Self, String> {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, hosts) = match authority.rsplit_once('@') {
            Some((user, hosts)) => (format!("{user}@"), hosts),
            None => (String::new(), authority),
        };
        let all: Arc<[Node]> = hosts
            .split(',')
            .map(|host| Node {
                url: format!("mysql://{user}{host}/{path}"),
                address: if host.contains(':') && !host.ends_with(']') {
                    host.to_owned()
                } else {
                    format!("{host}:3306")
                },
            })
            .collect();
        if all.len() > 1 && hosts.split(',').any(str::is_empty) {
            return Err("database_url: an address between its commas is empty".into());
        }
        Ok(Self {
            all,
            current: Arc::default(),
        })
    }
}

/// Opens a connection to the node that answered last, or to the next that can serve.
pub(super) fn open(nodes: &Nodes, access: Access) -> Result<MysqlConnection> {
    if let [only] = &*nodes.all {
        return open_node(only, access);
    }
    let first = nodes.current.load(Ordering::Relaxed);
    let mut why = Vec::new();
    for (n, node) in nodes
        .all
        .iter()
        .enumerate()
        .cycle()
        .skip(first)
        .take(nodes.all.len())
    {
        match answers(&node.address)
            .and_then(|()| open_node(node, access))
            .and_then(trusted)
        {
            Ok(conn) => {
                if n != first {
                    nodes.current.store(n, Ordering::Relaxed);
                    tracing::warn!(
                        address = node.address,
                        "another database node is used from now on"
                    );
                }
                return Ok(conn);
            }
            Err(error) => why.push(format!("{}: {error}", node.address)),
        }
    }
    Err(Error::Unavailable(why.join("; ")))
}

/// A machine that is gone answers nothing at all, and the client library would wait for minutes.
fn answers(address: &str) -> Result<()> {
    // The library takes this name for a socket's.
    if address.starts_with("localhost:") {
        return Ok(());
    }
    let mut why = format!("`{address}` is not known");
    for address in address
        .to_socket_addrs()
        .map_err(|e| Error::Unavailable(e.to_string()))?
    {
        match TcpStream::connect_timeout(&address, ANSWER) {
            Ok(_) => return Ok(()),
            Err(error) => why = error.to_string(),
        }
    }
    Err(Error::Unavailable(why))
}

/// The start asked the node that it found; the others are asked when their turn comes.
fn trusted(mut conn: MysqlConnection) -> Result<MysqlConnection> {
    match objections(&mut conn)?.as_slice() {
        [] => Ok(conn),
        found => Err(Error::Unavailable(found.join("; "))),
    }
}

fn open_node(node: &Node, access: Access) -> Result<MysqlConnection> {
    let mut conn = MysqlConnection::establish(&node.url).map_err(|e| Error::Unavailable(e.to_string()))?;
    conn.batch_execute(
        "SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin; SET SESSION time_zone = '+00:00', lc_messages = 'en_US', \
         sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', \
         innodb_lock_wait_timeout = 5, tx_isolation = 'REPEATABLE-READ', \
         idle_transaction_timeout = 60, net_read_timeout = 30, net_write_timeout = 60",
    )
    .map_err(fault::read)?;
    // Nobody waits longer for what is read; what is written is bound by its locks, and a migration by nothing.
    if access == Access::Read {
        conn.batch_execute("SET SESSION max_statement_time = 30")
            .map_err(fault::read)?;
    }
    // A lost update or a stale read is refused by the server itself. One that does not know how gets this far only to
    // be told why it must not be used.
    if variable(&mut conn, "innodb_snapshot_isolation")?.is_some() {
        conn.batch_execute("SET SESSION innodb_snapshot_isolation = ON")
            .map_err(fault::read)?;
    }
    if variable(&mut conn, "wsrep_on")?.as_deref() == Some("ON") {
        // A node that lost the others accepts connections, and serves nothing.
        if status(&mut conn, "wsrep_ready")?.as_deref() != Some("ON") {
            return Err(Error::Unavailable("the node is not ready to serve".into()));
        }
        // Where another node's change wins over a transaction between two commands, 10.11.19 was seen to leave the next one
        // unanswered, and to show the session as idle: it is to give up before those who ask do.
        conn.batch_execute("SET SESSION wsrep_sync_wait = 1, idle_transaction_timeout = 5")
            .map_err(fault::read)?;
    }
    Ok(conn)
}

#[derive(diesel::QueryableByName)]
struct Variable {
    #[diesel(sql_type = Text, column_name = "Value")]
    value: String,
}

fn variable(conn: &mut MysqlConnection, name: &str) -> Result<Option<String>> {
    shown(conn, &format!("SHOW VARIABLES LIKE '{name}'"))
}

fn status(conn: &mut MysqlConnection, name: &str) -> Result<Option<String>> {
    shown(conn, &format!("SHOW STATUS LIKE '{name}'"))
}

fn shown(conn: &mut MysqlConnection, sql: &str) -> Result<Option<String>> {
    let rows: Vec<Variable> = sql_query(sql).load(conn).map_err(fault::read)?;
    Ok(rows.into_iter().next().map(|row| row.value))
}

/// Which node of a cluster this is, since its start; empty where there is no cluster.
pub(in crate::store) fn cluster_node(conn: &mut MysqlConnection) -> Result<String> {
    if variable(conn, "wsrep_on")?.as_deref() == Some("ON") {
        Ok(status(conn, "wsrep_gcomm_uuid")?.unwrap_or_default())
    } else {
        Ok(String::new())
    }
}

/// Why this server must not be used, as sentences for the operator; none if it may.
pub(in crate::store) fn objections(conn: &mut MysqlConnection) -> Result<Vec<String>> {
    objections_to(|name| variable(conn, name))
}

/// The same, of a server whose variables are these.
fn objections_to(mut variable: impl FnMut(&str) -> Result<Option<String>>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let version = variable("version")?.unwrap_or_default();
    let mut parts = version
        .split(['.', '-'])
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if !version.to_lowercase().contains("mariadb") || (major, minor) < OLDEST {
        found.push(format!(
            "the server is `{version}`; MariaDB 10.11 or later is needed"
        ));
    }
    if variable("innodb_flush_log_at_trx_commit")?.as_deref() != Some("1") {
        found.push(
            "innodb_flush_log_at_trx_commit is not 1: acknowledged data would be lost in a crash".into(),
        );
    }
    if variable("innodb_doublewrite")?.as_deref() == Some("OFF") {
        found.push("innodb_doublewrite is off: a crash could tear pages".into());
    }
    if variable("default_storage_engine")?.as_deref() != Some("InnoDB") {
        found.push("default_storage_engine is not InnoDB: there would be no transactions".into());
    }
    // Locks are taken after the transaction's first read: without it a quota would be counted, or a last superadmin
    // looked for, in what stood there before the lock was had.
    if variable("innodb_snapshot_isolation")?.is_none() {
        found.push(format!(
            "innodb_snapshot_isolation is unknown to the server (`{version}`): changes made at the same time could \
             overlook each other; MariaDB 10.11.8, 11.4.2 or later knows it"
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn said(differs: (&str, Option<&str>)) -> Vec<String> {
        objections_to(|name| {
            let usual = match name {
                "version" => "10.11.19-MariaDB",
                "innodb_flush_log_at_trx_commit" => "1",
                "default_storage_engine" => "InnoDB",
                _ => "ON",
            };
            let value = if name == differs.0 { differs.1 } else { Some(usual) };
            Ok(value.map(str::to_owned))
        })
        .unwrap()
    }

    #[test]
    fn every_address_of_a_list_gets_the_user_and_the_database() {
        let urls = |text: &str| -> Vec<(String, String)> {
            let nodes = Nodes::parse(text).unwrap();
            nodes
                .all
                .iter()
                .map(|node| (node.url.clone(), node.address.clone()))
                .collect()
        };
        let pair = |url: &str, address: &str| (url.to_owned(), address.to_owned());
        assert_eq!(
            urls("mariadb://u:p%2C@db1,[::1]:3307,10.0.0.3:3308/s?ssl_mode=REQUIRED"),
            [
                pair("mysql://u:p%2C@db1/s?ssl_mode=REQUIRED", "db1:3306"),
                pair("mysql://u:p%2C@[::1]:3307/s?ssl_mode=REQUIRED", "[::1]:3307"),
                pair(
                    "mysql://u:p%2C@10.0.0.3:3308/s?ssl_mode=REQUIRED",
                    "10.0.0.3:3308"
                ),
            ]
        );
        assert_eq!(urls("mysql://[::1]/s"), [pair("mysql://[::1]/s", "[::1]:3306")]);
        assert!(Nodes::parse("mysql://u:p@db1,,db3/s").is_err());
    }

    #[test]
    fn a_server_that_does_not_notice_what_changed_since_it_was_read_is_refused() {
        assert!(said(("", None)).is_empty());
        let said = said(("innodb_snapshot_isolation", None));
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said.concat()
                .starts_with("innodb_snapshot_isolation is unknown to the server")
        );
    }
}
