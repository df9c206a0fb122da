//! The same by `slowhttptest`, which others wrote for it. For the long run: it takes minutes, and `apt-get
//! install slowhttptest`.

use std::process::{Child, Command, Stdio};

use article_server::serve::raise_limit_of_files;

use super::reads::{bound, p99};
use crate::process::Process;
use crate::support::{article, save};

/// Heads, bodies, answers: the program's own names for being slow in each.
const WAYS: [&str; 3] = ["-H", "-B", "-X"];

/// A thousand connections, 400 more each second, for so many seconds.
fn attack(way: &str, url: &str, seconds: &str) -> Child {
    let path = match way {
        "-H" => "/a/a",
        "-B" => "/a/a/feedback",
        _ => "/media/large.jpg",
    };
    Command::new("slowhttptest")
        .args([way, "-c", "1000", "-r", "400", "-i", "5", "-l", seconds, "-u"])
        .arg(format!("{url}{path}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("apt-get install slowhttptest")
}

#[tokio::test]
#[ignore = "takes minutes, and slowhttptest"]
async fn what_slowhttptest_does_keeps_nobody_waiting() {
    raise_limit_of_files();
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let media = folder.path().join("media");
    std::fs::write(media.join("large.jpg"), vec![7; 8 << 20]).unwrap();
    let server = Process::start(folder.path(), &["--media", media.to_str().unwrap()]);
    let usual = p99(&server.url).await;
    let before = server.memory();
    for way in WAYS {
        let mut attack = attack(way, &server.url, "30");
        let mut rounds = 0;
        while attack.try_wait().unwrap().is_none() {
            let beside = p99(&server.url).await;
            assert!(beside < bound(usual), "{way}: {beside:?} beside it, {usual:?} without");
            rounds += 1;
        }
        let grown = server.memory().saturating_sub(before);
        println!("{way}: {rounds} rounds, {grown} bytes more");
        assert!(rounds > 0 && grown < 256 << 20, "{way}: {rounds} rounds, {grown} bytes more");
    }
}
