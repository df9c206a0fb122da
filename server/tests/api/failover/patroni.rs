//! Three PostgreSQL nodes under Patroni, which asks etcd who is the primary: as operators run them, on free ports of
//! this machine. All of it ends when it is dropped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_postgres::NoTls;

use crate::cluster::{as_user, free_port, give_to_user, programs};

pub(crate) const NODES: usize = 3;
/// Three databases are made one from another.
const START: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(100);

/// The nodes, and what they agree by.
pub(crate) struct Patroni {
    folder: TempDir,
    etcd: Child,
    nodes: Vec<Node>,
}

struct Node {
    port: u16,
    data: PathBuf,
    patroni: Child,
}

impl Patroni {
    /// Starts all of it, and waits until there are a primary and a synchronous standby.
    pub(crate) async fn start() -> Self {
        let folder = TempDir::with_prefix("article-patroni-").unwrap();
        give_to_user(folder.path()).unwrap();
        let (etcd, client) = start_etcd(folder.path());
        let nodes = (0..NODES).map(|number| Node::start(folder.path(), number, client)).collect();
        let patroni = Self { folder, etcd, nodes };
        let begun = Instant::now();
        while !patroni.is_whole().await {
            assert!(begun.elapsed() < START, "{}", patroni.log());
            tokio::time::sleep(PAUSE).await;
        }
        patroni
    }

    /// The URL of a database on whichever node is the primary.
    pub(crate) fn url(&self, database: &str) -> String {
        let hosts: Vec<String> =
            self.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
        let hosts = hosts.join(",");
        format!("postgres://postgres@{hosts}/{database}?target_session_attrs=read-write")
    }

    /// Ends the primary's machine: its database and its Patroni are gone at once.
    pub(crate) async fn end_the_primary(&mut self) {
        for node in &mut self.nodes {
            if node.number("select count(*) from pg_stat_replication").await > 0 {
                return node.kill();
            }
        }
        panic!("there is no primary: {}", self.log());
    }

    /// Whether every other node follows a primary, and one of them synchronously.
    async fn is_whole(&self) -> bool {
        let following = "select count(*) from pg_stat_replication where state = 'streaming'";
        let synchronous = "select count(*) from pg_stat_replication where sync_state = 'sync'";
        for node in &self.nodes {
            let standbys = i64::try_from(NODES).unwrap() - 1;
            if node.number(following).await == standbys && node.number(synchronous).await > 0 {
                return true;
            }
        }
        false
    }

    fn log(&self) -> String {
        let logs = (0..NODES).map(|number| self.folder.path().join(format!("{number}.log")));
        logs.map(|log| fs::read_to_string(log).unwrap_or_default()).collect()
    }
}

impl Drop for Patroni {
    fn drop(&mut self) {
        self.nodes.iter_mut().for_each(Node::kill);
        // Nothing is to be done about one that is gone already.
        let _ = self.etcd.kill();
        let _ = self.etcd.wait();
    }
}

impl Node {
    fn start(folder: &Path, number: usize, etcd: u16) -> Self {
        let (port, rest) = (free_port().unwrap(), free_port().unwrap());
        let data = folder.join(format!("data{number}"));
        let settings = folder.join(format!("{number}.yml"));
        // JSON is YAML.
        fs::write(&settings, settings_of(folder, number, etcd, port, rest).to_string()).unwrap();
        let log = fs::File::create(folder.join(format!("{number}.log"))).unwrap();
        let patroni = as_user("patroni".as_ref())
            .arg(&settings)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("`cargo xtask test --long` installs patroni");
        Self { port, data, patroni }
    }

    /// The number that a query gives; -1 where the node does not answer.
    async fn number(&self, sql: &str) -> i64 {
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres?connect_timeout=2", self.port);
        let Ok((client, connection)) = tokio_postgres::connect(&url, NoTls).await else {
            return -1;
        };
        tokio::spawn(connection);
        client.query_one(sql, &[]).await.map_or(-1, |row| row.get(0))
    }

    fn kill(&mut self) {
        let _ = self.patroni.kill();
        let _ = self.patroni.wait();
        // Its children see that it is gone, and end.
        let file = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        if let Some(pid) = file.lines().next() {
            let _ = Command::new("kill").args(["-KILL", pid]).stderr(Stdio::null()).status();
        }
    }
}

fn start_etcd(folder: &Path) -> (Child, u16) {
    let (client, peer) = (free_port().unwrap(), free_port().unwrap());
    let (client_url, peer_url) =
        (format!("http://127.0.0.1:{client}"), format!("http://127.0.0.1:{peer}"));
    let log = fs::File::create(folder.join("etcd.log")).unwrap();
    let etcd = Command::new("etcd")
        .arg("--data-dir")
        .arg(folder.join("etcd"))
        .args(["--listen-client-urls", &client_url, "--advertise-client-urls", &client_url])
        .args(["--listen-peer-urls", &peer_url, "--initial-advertise-peer-urls", &peer_url])
        .args(["--initial-cluster", &format!("default={peer_url}")])
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .expect("`cargo xtask test --long` installs etcd");
    while std::net::TcpStream::connect(("127.0.0.1", client)).is_err() {
        thread::sleep(PAUSE);
    }
    (etcd, client)
}

fn settings_of(folder: &Path, number: usize, etcd: u16, port: u16, rest: u16) -> Value {
    let address = |port: u16| format!("127.0.0.1:{port}");
    let trust = |whom: &str| format!("host {whom} all 127.0.0.1/32 trust");
    json!({
        "scope": "news",
        "name": format!("node{number}"),
        "restapi": { "listen": address(rest), "connect_address": address(rest) },
        "etcd3": { "hosts": address(etcd) },
        "bootstrap": {
            "dcs": {
                "ttl": 10,
                "loop_wait": 2,
                "retry_timeout": 4,
                "master_start_timeout": 0,
                "synchronous_mode": true,
                "postgresql": { "parameters": { "max_connections": 200 } },
            },
            "initdb": [{ "encoding": "UTF8" }, { "locale": "C.UTF-8" }],
            "pg_hba": [trust("all"), trust("replication")],
        },
        "postgresql": {
            "listen": address(port),
            "connect_address": address(port),
            "data_dir": folder.join(format!("data{number}")),
            "bin_dir": programs().expect("PostgreSQL is here"),
            "pgpass": folder.join(format!("pgpass{number}")),
            "authentication": {
                "superuser": { "username": "postgres", "password": "trusted" },
                "replication": { "username": "postgres", "password": "trusted" },
            },
            "parameters": { "unix_socket_directories": folder },
        },
    })
}
