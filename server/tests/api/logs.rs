//! What the log says of a request: what it was, and its id in every line. Who asked is in none (`privacy`).

use reqwest::Client;
use serde_json::Value;
use uuid::Uuid;

use crate::process::{Process, run};
use crate::sql;
use crate::support::{article, header, save};

const ARTICLE: &str = "bai-trong-nhat-ky";

/// The lines of this message that belong to the request of this id.
fn lines(log: &[u8], id: &str, message: &str) -> Vec<Value> {
    let log = String::from_utf8_lossy(log);
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect(line));
    let is_meant = |line: &Value| {
        let spans = line["spans"].as_array();
        let is_its = spans.is_some_and(|spans| spans.iter().any(|span| span["request_id"] == id));
        line["message"] == message && is_its
    };
    lines.filter(is_meant).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_has_an_id_in_its_answer_and_in_every_line() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article(ARTICLE)]).await;
    let log = ["--log", "info,article_server=debug", "--log-format", "json"];
    let server = Process::start(folder.path(), &log);
    let (given, client) = (Uuid::new_v4().to_string(), Client::new());
    let request = |path: &str| client.get(format!("{}{path}", server.url));

    // The tests' processes trust this machine as a proxy.
    let healthy =
        request("/healthz?q=khong-ghi").header("x-request-id", &given).send().await.unwrap();
    assert_eq!(header(&healthy, "x-request-id"), given);
    let odd =
        request("/healthz").header("x-request-id", "khong-ghi@example.vn").send().await.unwrap();
    assert!(Uuid::try_parse(header(&odd, "x-request-id")).is_ok(), "one of its own");

    sql::run(folder.path(), "alter table article_image rename to elsewhere");
    let broken = request(&format!("/v1/embed/{ARTICLE}")).send().await.unwrap();
    assert_eq!(broken.status(), 500);
    let broken = header(&broken, "x-request-id").to_owned();
    sql::run(folder.path(), "alter table elsewhere rename to article_image");

    let log = server.stop();
    let answered = lines(&log, &given, "answered");
    assert_eq!(answered.len(), 1, "{}", String::from_utf8_lossy(&log));
    let line = &answered[0];
    assert_eq!((&line["level"], &line["method"]), (&"DEBUG".into(), &"GET".into()));
    assert_eq!((&line["route"], &line["status"]), (&"/healthz".into(), &200.into()));
    assert!(line["ms"].is_u64() && line["bytes"] == 3, "{line}");
    assert_eq!(lines(&log, &broken, "answered")[0]["route"], "/v1/embed/{id}");
    assert_eq!(lines(&log, &broken, "a request failed")[0]["level"], "ERROR");
    let log = String::from_utf8_lossy(&log);
    assert!(!log.contains("khong-ghi"), "neither a query nor what a client calls itself: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_errors_alone_names_their_requests_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article(ARTICLE)]).await;
    let server = Process::start(folder.path(), &["--log", "error,article_server::serve=info"]);
    sql::run(folder.path(), "alter table article_image rename to elsewhere");
    let broken = reqwest::get(format!("{}/a/{ARTICLE}", server.url)).await.unwrap();
    let broken = header(&broken, "x-request-id").to_owned();
    sql::run(folder.path(), "alter table elsewhere rename to article_image");
    let log = server.stop();
    assert_eq!(lines(&log, &broken, "a request failed").len(), 1);
    assert_eq!(lines(&log, &broken, "answered").len(), 0);
}

/// Programs read the log: what a start fails by is a line of it as any other.
#[test]
fn a_start_that_fails_says_so_in_the_logs_own_format() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = ["--listen", "203.0.113.1:1", "--log-format", "json"];
    let failed = run("serve", folder.path(), &nowhere);
    assert!(!failed.status.success());
    let log = String::from_utf8(failed.stderr).unwrap();
    let last: Value = serde_json::from_str(log.lines().last().unwrap()).expect(&log);
    assert_eq!((&last["level"], &last["message"]), (&"ERROR".into(), &"the server ends".into()));
    assert!(last["error"].as_str().unwrap().contains("203.0.113.1:1"), "{last}");
}
