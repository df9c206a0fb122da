//! `article-server user`, as its operator runs it beside a server.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::{Browser, PASSWORD};
use crate::postgres;
use crate::support::{Server, database_url, save};

fn user(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_article-server"))
        .arg("user")
        .args(arguments)
        .arg("--database")
        .arg(database_url(folder))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // What refuses its arguments has read nothing, and is gone.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What a run that went well said, on either side.
fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(output.status.success(), "{text}");
    text
}

/// What a run that failed complained of.
fn complaint(output: &Output) -> String {
    assert!(!output.status.success() && output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test]
async fn somebody_is_added_logs_in_gets_another_password_and_is_removed() {
    let server = Server::with(&[]).await;
    let folder = server.folder.path();
    let added =
        said(&user(folder, &["add", "Hoàng Lan", "--role", "admin"], &format!("{PASSWORD}\r\nx")));
    assert!(added.contains("Hoàng Lan may log in as admin") && !added.contains(PASSWORD));
    said(&user(folder, &["add", "binh", "--role", "editor"], PASSWORD));
    let list = said(&user(folder, &["list"], ""));
    let lines: Vec<Vec<&str>> = list.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!((lines[0][0], lines[0][1]), ("Hoàng Lan", "admin"));
    assert_eq!((lines[1][0], lines[1][1], lines.len()), ("binh", "editor", 2));
    assert!(lines[0][2].ends_with('Z') && !list.contains("argon2"));

    let browser = Browser::of(&server, "Hoàng Lan").await;
    assert_eq!(browser.get("/admin/feedback").await.status(), 200);
    let another = "một mật khẩu khác hẳn";
    said(&user(folder, &["password", "Hoàng Lan"], another));
    assert_eq!(browser.get("/admin/feedback").await.status(), 303, "the session is over");
    assert_eq!(browser.log_in("Hoàng Lan", PASSWORD, "").await.status(), 422);
    let mut browser = browser;
    let response = browser.log_in("Hoàng Lan", another, "").await;
    browser.keep(&response);
    assert_eq!(browser.get("/admin/feedback").await.status(), 200);
    said(&user(folder, &["remove", "Hoàng Lan"], ""));
    assert_eq!(browser.get("/admin/feedback").await.status(), 303, "the session is over");
    assert_eq!(browser.log_in("Hoàng Lan", another, "").await.status(), 422);
}

#[tokio::test]
async fn what_cannot_be_done_is_said_clearly() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    if !postgres::is_meant() {
        assert!(complaint(&user(folder, &["list"], "")).contains("there is no database"));
    }
    save(folder, &[]).await;
    let add = |name, password| user(folder, &["add", name, "--role", "editor"], password);
    let short = complaint(&add("lan", "quá ngắn\n"));
    assert!(short.contains("at least 12 characters") && !short.contains("quá ngắn"), "{short}");
    assert!(complaint(&add("lan", "")).contains("at least 12 characters"));
    said(&add("lan", PASSWORD));
    assert!(complaint(&add("lan", PASSWORD)).contains("somebody named lan already"));
    assert!(complaint(&add("two\nlines", PASSWORD)).contains("no control characters"));
    let owner = user(folder, &["add", "x", "--role", "owner"], PASSWORD);
    assert!(complaint(&owner).contains("editor, admin"));
    for command in ["password", "remove"] {
        let nobody = complaint(&user(folder, &[command, "ai"], PASSWORD));
        assert!(nobody.contains("nobody named ai"), "{nobody}");
    }
}
