//! One server after the other, and nobody who is turned away: handing over, stopping behind a balancer, and sockets that
//! are listened at by somebody else.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;

use crate::postgres::is_elsewhere;
use crate::process::{Process, database};
use crate::support::{Server, article, save, totals};
use load::Load;

mod load;

/// How often something is asked that changes by itself.
const TICK: Duration = Duration::from_millis(20);
/// Answers to each kind of client between two changes.
const ENOUGH: usize = 40;

async fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    folder
}

/// The program under a name that leads to another file later.
fn link(folder: &Path, target: &str) -> PathBuf {
    let (link, next) = (folder.join("article-server"), folder.join("next"));
    symlink(target, &next).unwrap();
    fs::rename(&next, &link).unwrap();
    link
}

/// The status and the rest of the head of a readiness that is asked for on a connection of its own.
async fn readiness(url: &str) -> Option<String> {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let answer = client.get(format!("{url}/readyz")).send().await.ok()?;
    Some(format!("{} {:?}", answer.status().as_u16(), answer.headers().get("connection")))
}

#[tokio::test(flavor = "multi_thread")]
async fn three_successors_take_over_and_nobody_is_refused_cut_off_or_counted_twice() {
    let folder = folder().await;
    let mut server = Process::start(folder.path(), &["--metrics-listen", "127.0.0.1:0"]);
    let operating = server.operating_url();
    let load = Load::start(&server.url);
    let mut processes = Vec::new();
    for _ in 0..3 {
        load.more(ENOUGH).await;
        (server, processes) = spawn_blocking(move || {
            processes.push(server.hand_over());
            (server, processes)
        })
        .await
        .unwrap();
        assert!(readiness(&operating).await.unwrap().starts_with("200 "));
    }
    load.more(ENOUGH).await;
    let counted = load.stop().await;
    processes.dedup();
    assert_eq!(processes.len(), 3, "each is a process of its own");
    spawn_blocking(move || server.stop()).await.unwrap();
    let totals = totals(folder.path(), "a").await;
    assert_eq!(totals.views, counted, "as many are counted as were acknowledged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_does_not_start_leaves_the_server_as_it_was() {
    let folder = folder().await;
    let program = link(folder.path(), env!("CARGO_BIN_EXE_article-server"));
    let mut server = Process::start_from(&program, folder.path(), &[]);
    let load = Load::start(&server.url);
    for broken in ["/bin/false", "/no/such/program", "/dev/null"] {
        load.more(ENOUGH).await;
        link(folder.path(), broken);
        server.tell_to_hand_over();
        let line = server.said("no successor");
        assert!(line.contains("ERROR"), "{line}");
    }
    load.more(ENOUGH).await;
    // And one that starts again is taken.
    link(folder.path(), env!("CARGO_BIN_EXE_article-server"));
    server.hand_over();
    load.more(ENOUGH).await;
    load.stop().await;
    spawn_blocking(move || server.stop()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_would_migrate_the_database_is_no_successor() {
    if is_elsewhere() {
        return;
    }
    let folder = folder().await;
    let server = Process::start(folder.path(), &[]);
    let database = rusqlite::Connection::open(database(folder.path())).unwrap();
    let version: i64 = database.query_row("pragma user_version", [], |row| row.get(0)).unwrap();
    database.pragma_update(None, "user_version", version - 1).unwrap();
    server.tell_to_hand_over();
    server.said("1 steps behind this version");
    server.said("no successor");
    assert!(readiness(&server.url).await.unwrap().starts_with("200 "));
    database.pragma_update(None, "user_version", version).unwrap();
    spawn_blocking(move || server.stop()).await.unwrap();
}

#[tokio::test]
async fn who_was_let_in_before_a_stop_is_answered_though_nothing_was_asked_yet() {
    let server = Server::with(&[article("a")]).await;
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut early = TcpStream::connect(&address).await.unwrap();
    // They are let in one after another: when this one is answered, the other is in.
    assert_eq!(server.get("/healthz").await.status(), 200);
    let stopping = tokio::spawn(server.stop());
    // When nobody is let in any more, it stops.
    while TcpStream::connect(&address).await.is_ok() {}
    early.write_all(b"GET /a/a HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    early.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\r\nconnection: close\r\n"));
    stopping.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balancer_has_time_to_notice_unless_the_server_is_told_to_hurry() {
    let folder = folder().await;
    let server = Process::start(folder.path(), &["--drain-delay", "5m"]);
    assert_eq!(readiness(&server.url).await.unwrap(), "200 None");
    server.tell_to_stop();
    let mut ticks = tokio::time::interval(TICK);
    while readiness(&server.url).await.expect("it is served") == "200 None" {
        ticks.tick().await;
    }
    assert_eq!(readiness(&server.url).await.unwrap(), "503 Some(\"close\")");
    let read = reqwest::get(format!("{}/a/a", server.url)).await.unwrap();
    assert_eq!(read.status(), 200, "who comes all the same is served");
    // It is told a second time here, and this returns long before the delay is over.
    spawn_blocking(move || server.stop()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_somebody_else_listens_a_restart_refuses_nobody() {
    let folder = folder().await;
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = Process::start_activated(&socket, folder.path(), &[]);
    assert_eq!(server.url, format!("http://{}", socket.local_addr().unwrap()));
    let load = Load::start_without_keeping(&server.url);
    for _ in 0..2 {
        load.more(ENOUGH).await;
        let (folder, socket) = (folder.path().to_owned(), socket.try_clone().unwrap());
        let restart = move || {
            server.stop();
            Process::start_activated(&socket, &folder, &[])
        };
        server = spawn_blocking(restart).await.unwrap();
    }
    load.more(ENOUGH).await;
    // What was taken from somebody else is handed over like what is one's own.
    server.hand_over();
    load.more(ENOUGH).await;
    load.stop().await;
    spawn_blocking(move || server.stop()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_manager_is_told_when_it_serves_and_which_process_does() {
    let folder = folder().await;
    let path = folder.path().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let heard = || {
        let mut said = [0; 64];
        let length = manager.recv(&mut said).unwrap();
        String::from_utf8(said[..length].to_vec()).unwrap()
    };
    let notify = [("NOTIFY_SOCKET", path.as_os_str())];
    let mut server = Process::start_told(&notify, folder.path(), &[]);
    assert_eq!(heard(), "READY=1");
    let process = server.hand_over();
    assert_eq!(heard(), "RELOADING=1");
    assert_eq!(heard(), format!("MAINPID={process}\nREADY=1"));
    server.stop();
    assert_eq!(heard(), "STOPPING=1");
}
