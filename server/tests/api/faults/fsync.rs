//! A disk that takes what is written and cannot make it durable: `strace` has the calls that ask for it fail.

use std::process::{Command, Stdio};

use reqwest::StatusCode;

use crate::load::{Load, becomes};
use crate::postgres::is_elsewhere;
use crate::process::Process;
use crate::seed::Random;
use crate::sql;
use crate::support::{article, database_url, save};

/// Calls of one thread that succeed before the first that fails, at least: those of a start do.
const FIRST: u64 = 40;

/// What runs a server whose calls fail that make files durable, from one to another of each thread's. The server is the
/// process that is started, and strace a child of it.
fn failing(calls: &str) -> Vec<String> {
    let inject = format!("inject=fsync,fdatasync:error=EIO:when={calls}");
    let trace = ["-e", "trace=fsync,fdatasync", "-e", "signal=none", "-o", "/dev/null"];
    let mut strace = vec!["strace", "-D", "-f", "-qq", "--seccomp-bpf"];
    strace.extend(trace);
    strace.extend(["-e", &inject]);
    strace.into_iter().map(str::to_owned).collect()
}

/// Whether this machine lets one process have a hand in another's calls; says so where it does not.
fn is_possible() -> bool {
    let mut strace = Command::new("strace");
    strace.args(["-D", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "true"]);
    let is_possible = strace.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !is_possible {
        eprintln!("skipped: there is no strace, or it may not trace");
    }
    is_possible
}

fn start(folder: &std::path::Path, calls: &str) -> Process {
    let strace = failing(calls);
    let strace: Vec<&str> = strace.iter().map(String::as_str).collect();
    Process::start_under(&strace, folder, &[])
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: a disk that fails while readers send"]
async fn what_cannot_be_made_durable_is_not_acknowledged_until_the_disk_is_well() {
    if is_elsewhere() || !is_possible() {
        return;
    }
    let mut random = Random::seeded();
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let first = FIRST + random.below(400);
    // Groups of what is sent again fail, some ten in each tenth of a second: long enough to be seen by whoever asks.
    let last = first + 300 + random.below(300);
    let server = start(folder.path(), &format!("{first}..{last}"));
    let sending = Load::start(vec![server.url.clone()]).with_readers();
    sending.load.refuse(1).await;
    becomes(&server.url, StatusCode::SERVICE_UNAVAILABLE).await;
    // By itself, without a restart.
    becomes(&server.url, StatusCode::OK).await;
    sending.load.acknowledge(200).await;
    let url = server.url.clone();
    let all = sending.end().await;
    assert!(all.unread.is_empty(), "articles are read meanwhile: {:?}", all.unread);
    all.is_known_at(&url).await;
    server.stop();
    all.is_all_in(&database_url(folder.path())).await;
    assert_eq!(sql::text(folder.path(), "pragma integrity_check"), "ok");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: servers on a disk that fails, and killed there"]
async fn what_was_acknowledged_before_the_disk_failed_outlives_the_server() {
    if is_elsewhere() || !is_possible() {
        return;
    }
    let mut random = Random::seeded();
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let mut sending = None;
    for _ in 0..5 {
        let first = FIRST + random.below(200);
        let server = start(folder.path(), &format!("{first}+"));
        let sending = sending.get_or_insert_with(|| Load::start(vec![server.url.clone()]));
        sending.load.move_to(&server.url);
        sending.load.refuse(1 + usize::try_from(random.below(50)).unwrap()).await;
        becomes(&server.url, StatusCode::SERVICE_UNAVAILABLE).await;
        server.kill();
    }
    let server = Process::start(folder.path(), &[]);
    let sending = sending.unwrap();
    sending.load.move_to(&server.url);
    becomes(&server.url, StatusCode::OK).await;
    sending.load.acknowledge(100).await;
    let all = sending.end().await;
    all.is_known_at(&server.url).await;
    server.stop();
    all.is_all_in(&database_url(folder.path())).await;
    assert_eq!(sql::text(folder.path(), "pragma integrity_check"), "ok");
}
