//! `article-server check` and `health`: what they say, and what they end with.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use article_server::config::Config;
use article_server::operator_key::OperatorKey;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::load::AGENT;
use crate::postgres::is_elsewhere;
use crate::process::{Process, database, run, run_bare};
use crate::sql;
use crate::support::{Server, article, config, save};

/// What it says of one setting, each with its level.
fn said(output: &Output, about: &str) -> Vec<(String, String)> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let about = findings.filter(|finding| finding["about"] == about);
    about.map(|finding| (text(&finding["level"]), text(&finding["says"]))).collect()
}

fn check(folder: &Path, more: &[&str]) -> Output {
    let erasures = folder.join("erased");
    let database = format!("sqlite:{}", database(folder).display());
    let all = ["--json", "--database", &database, "--erasures", erasures.to_str().unwrap()];
    run_bare("check", &[&all, more].concat())
}

#[tokio::test]
async fn a_sound_installation_is_told_what_it_does() {
    if is_elsewhere() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let all = [
        "--public-url",
        "https://news.example",
        "--trusted-proxies",
        "127.0.0.1/32",
        "--controller",
        "Báo Ví Dụ",
    ];
    let checked = check(folder.path(), &all);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let (level, says) = &said(&checked, "database")[0];
    assert_eq!(level, "ok");
    assert!(says.ends_with("is as this version has it"), "{says}");
    assert_eq!(said(&checked, "public-url")[0].1, "readers come to https://news.example");
    assert!(said(&checked, "trusted-proxies")[0].1.contains("127.0.0.1/32"));
    let file = format!("sqlite:{}", database(folder.path()).display());
    let text = run_bare("check", &[&["--database", &file], all.as_slice()].concat());
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("ok       listen: readers are served at 127.0.0.1:8080\n"), "{text}");
    assert!(text.contains("\nerrors: 0, warnings: "), "{text}");
}

#[test]
fn a_database_that_is_not_there_is_said_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let checked = check(folder.path(), &[]);
    assert!(checked.status.success());
    assert!(said(&checked, "database")[0].1.ends_with("is empty: serve makes the tables"));
    let made: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().path()).collect();
    assert!(made.is_empty(), "nothing was made: {made:?}");
}

#[test]
fn what_is_no_database_and_what_a_later_version_made_fail_the_check() {
    if is_elsewhere() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path());
    fs::write(&path, "no database".repeat(100)).unwrap();
    let checked = check(folder.path(), &[]);
    assert_eq!(checked.status.code(), Some(1));
    assert_eq!(said(&checked, "database")[0].0, "error");
    fs::remove_file(&path).unwrap();
    let later = rusqlite::Connection::open(&path).unwrap();
    later.execute_batch("pragma user_version = 9999").unwrap();
    let checked = check(folder.path(), &[]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(said(&checked, "database")[0].1.contains("later version"));
}

#[tokio::test]
async fn secrets_that_everybody_may_read_and_addresses_without_tls_are_warned_of() {
    if is_elsewhere() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let key = folder.path().join("key");
    fs::write(&key, "0f".repeat(32)).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(database(folder.path()), Permissions::from_mode(0o644)).unwrap();
    let key = key.to_str().unwrap();
    let hook = "http://cms.news.example/hidden-part";
    let secret = format!("whsec_{}", "A".repeat(32));
    let checked = check(
        folder.path(),
        &[
            "--key-file",
            key,
            "--webhook",
            hook,
            "--webhook-secret",
            &secret,
            "--public-url",
            "http://news.example",
            "--metrics-listen",
            "0.0.0.0:9464",
        ],
    );
    assert!(checked.status.success(), "warnings alone");
    for about in ["key-file", "database", "webhook", "public-url", "metrics-listen", "controller"] {
        let warned = said(&checked, about).iter().any(|(level, _)| level == "warning");
        assert!(warned, "{about}: {}", String::from_utf8_lossy(&checked.stdout));
    }
    let all = String::from_utf8_lossy(&checked.stdout);
    assert!(!all.contains("hidden-part") && !all.contains("whsec_"), "{all}");
}

#[test]
fn settings_that_no_server_takes_are_an_error_without_their_values() {
    let folder = tempfile::tempdir().unwrap();
    let checked = check(folder.path(), &["--smtp", "smtp://user:t0p@mail.example"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(said(&checked, "settings")[0].1.starts_with("smtp: "));
    assert!(!String::from_utf8_lossy(&checked.stdout).contains("t0p"));
    let checked = check(folder.path(), &["--media", "/no/such/folder"]);
    assert!(said(&checked, "settings")[0].1.starts_with("media: "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_reached_is_an_error_that_says_no_password() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let url = format!("postgres://article:t0p@127.0.0.1:{port}/article");
    let checked = run_bare("check", &["--json", "--database", &url]);
    assert_eq!(checked.status.code(), Some(1));
    assert_eq!(said(&checked, "database")[0].0, "error");
    assert!(!String::from_utf8_lossy(&checked.stdout).contains("t0p"));
}

/// What `serve` refuses to start without, whether the database can be reached or not.
#[test]
fn a_shared_database_wants_a_key_and_a_list_of_erasures() {
    let folder = tempfile::tempdir().unwrap();
    let named = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(named("key"), "0f".repeat(32)).unwrap();
    // Nothing listens at the port of nothing.
    let url = "postgres://article@127.0.0.1:1/article";
    let bare = run_bare("check", &["--json", "--database", url]);
    for about in ["key-file", "erasures"] {
        let found = said(&bare, about);
        assert!(found[0].0 == "error" && found[0].1.contains("serve refuses"), "{found:?}");
    }
    let (key, erasures) = (named("key"), named("erased"));
    let all = ["--json", "--database", url, "--key-file", &key, "--erasures", &erasures];
    let found = said(&run_bare("check", &all), "erasures");
    assert!(found[0].0 == "ok" && found[0].1.contains("names 0 letters"), "{found:?}");
}

/// A view of a reader's, which wants the salts of the day.
async fn view(server: &Server) -> reqwest::StatusCode {
    let id = Uuid::new_v4().to_string();
    let view = json!({ "article": "a", "view": id, "page": "https://partner.example/" });
    let request = server.request("POST", "/v1/views").header("user-agent", AGENT);
    request.body(view.to_string()).send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_opens_no_salt_fails_the_check_and_the_start() {
    let server = Server::with(&[article("a")]).await;
    assert_eq!(view(&server).await, 202);
    let folder = server.stop().await;
    let other = folder.path().join("other-key");
    fs::write(&other, "0f".repeat(32)).unwrap();
    let check = |key: &Path| {
        let key = key.to_str().unwrap();
        said(&run("check", folder.path(), &["--json", "--key-file", key]), "key-file")[0].clone()
    };
    let (own, (level, says)) = (check(&folder.path().join("key")), check(&other));
    assert_eq!(own, ("ok".to_owned(), "salts are sealed by it".to_owned()));
    assert!(level == "error" && says.contains("which another key has sealed"), "{level}: {says}");

    let with_other = || async {
        let key = Some(OperatorKey::read(&other).unwrap());
        let config = Config { key, ..config(folder.path()) };
        Server::configured(tempfile::tempdir().unwrap(), "0.1.0-test", config).await
    };
    let refused = with_other().await.fails().await;
    assert!(refused.contains("key-file") && refused.contains("The key is lost"), "{refused}");
    // Those of days before yesterday are in nobody's way.
    sql::change(folder.path(), "update salt set day = day - 2");
    assert_eq!(check(&other).0, "ok");
    sql::change(folder.path(), "update salt set day = day + 2");
    assert_eq!(check(&other).0, "error");
    // What an operator does whose key is lost.
    sql::change(folder.path(), "delete from salt");
    assert_eq!(check(&other).0, "ok");
    let server = with_other().await;
    assert_eq!(view(&server).await, 202);
    server.stop().await;
    assert_eq!(check(&other).0, "ok");
    assert_eq!(check(&folder.path().join("key")).0, "error");
}

/// A mail server that greets one client, and hears it out.
async fn greet(listener: TcpListener) -> Vec<String> {
    let (stream, _) = listener.accept().await.unwrap();
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.example\r\n").await.unwrap();
    let mut heard = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap() == 0 {
            return heard;
        }
        let answer = if line.starts_with("QUIT") { "221 bye\r\n" } else { "250 mail.example\r\n" };
        heard.push(line.trim_end().to_owned());
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_is_greeted_and_nobody_logs_in() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("smtp://lan:t0p@{}", listener.local_addr().unwrap());
    let heard = tokio::spawn(greet(listener));
    let path = folder.path().to_owned();
    let asked = server.clone();
    let ask = move || check(&path, &["--smtp", &asked, "--mail-from", "bao@news.example"]);
    let checked = tokio::task::spawn_blocking(ask.clone()).await.unwrap();
    assert_eq!(said(&checked, "smtp")[0], ("ok".into(), "127.0.0.1 speaks SMTP".into()));
    let heard = heard.await.unwrap();
    assert!(heard[0].starts_with("EHLO "), "{heard:?}");
    assert!(!heard.iter().any(|line| line.starts_with("AUTH")), "{heard:?}");
    // It is gone now.
    let checked = tokio::task::spawn_blocking(ask).await.unwrap();
    assert_eq!(checked.status.code(), Some(1));
    assert_eq!(said(&checked, "smtp")[0].0, "error");
    assert!(!String::from_utf8_lossy(&checked.stdout).contains("t0p"));
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_that_of_the_server_that_listens_there() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let server = Process::start(folder.path(), &[]);
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let healthy = run_bare("health", &["--listen", &address]);
    assert!(healthy.status.success(), "{}", String::from_utf8_lossy(&healthy.stderr));
    server.stop();
    assert_eq!(run_bare("health", &["--listen", &address]).status.code(), Some(1));
}
