//! The binary: what outlives a SIGKILL, and what the log and the files say of people.

use std::path::Path;
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::hook::{Hook, SECRET};
use super::proof::send_with_proof;
use super::sink::{Manner, Sink};
use super::world::{EDITOR, FRIEND, SENDER, waiting};
use crate::process::Process;
use crate::sql;
use crate::support::{article, save, words};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn start(folder: &Path, sink: &Sink, hook: &Hook, more: &[&str]) -> Process {
    let (smtp, editor) = (sink.url(), format!("Trần Thị Lan <{EDITOR}>"));
    let mut options = vec![
        "--smtp",
        &smtp,
        "--mail-from",
        "Báo Ví Dụ <no-reply@news.example>",
        "--mail-editors",
        &editor,
        "--mail-articles",
        "--webhook",
        &hook.url,
        "--webhook-secret",
        SECRET,
    ];
    options.extend(more);
    Process::start(folder, &options)
}

async fn post(server: &Process, path: &str, body: &Value) {
    let request = Client::new().post(format!("{}{path}", server.url)).body(body.to_string());
    let request = request.header("idempotency-key", Uuid::new_v4().to_string());
    let response = request.header("user-agent", BROWSER).send().await.unwrap();
    assert!(response.status().is_success(), "{path}: {}", response.status());
}

async fn send_feedback(server: &Process) {
    let report = json!({
        "article": "a", "kind": "comment", "name": "Lê Thị Hoa", "email": SENDER, "title": "Về bài viết",
        "message": "Hay.", "consent": words("vi").get("feedback.consent.version"),
    });
    post(server, "/v1/feedback", &report).await;
}

/// Waits until nothing waits in the outbox.
async fn is_empty(folder: &Path) {
    let emptied = async {
        while !waiting(folder).is_empty() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(30), emptied).await.expect("everything leaves");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_arrives_though_the_server_is_killed_while_it_sends() {
    let folder = TempDir::new().unwrap();
    save(folder.path(), &[article("a")]).await;
    let (mut sink, mut hook) = (Sink::start().await, Hook::start().await);
    sink.behaves(Manner::Hangs("."));
    hook.answers(0);
    let server = start(folder.path(), &sink, &hook, &[]).await;
    send_feedback(&server).await;
    sink.hears("DATA").await;
    let first = hook.next().await;
    server.kill();
    assert!(sink.is_empty());
    let kinds: Vec<_> =
        waiting(folder.path()).into_iter().map(|(kind, tries, _)| (kind, tries)).collect();
    assert_eq!(kinds, [("notice".to_owned(), 1), ("hook".to_owned(), 1)]);

    sink.behaves(Manner::Takes);
    hook.answers(204);
    // The minute that the dead server's tries have to themselves is over.
    sql::change(folder.path(), "update outbox set due_at = 0");
    let server = start(folder.path(), &sink, &hook, &[]).await;
    assert_eq!(sink.next().await.recipients, [format!("RCPT TO:<{EDITOR}>")]);
    assert_eq!(hook.next().await.header("webhook-id"), first.header("webhook-id"));
    is_empty(folder.path()).await;
    server.stop();
    assert!(sink.is_empty() && hook.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_is_in_the_log_whatever_a_mail_server_says_and_none_stays_in_the_files() {
    for format in ["text", "json"] {
        let folder = TempDir::new().unwrap();
        save(folder.path(), &[article("a")]).await;
        let (mut sink, mut hook) = (Sink::start().await, Hook::start().await);
        // It says the address back, and so does what it says of the one that it takes.
        sink.behaves(Manner::Refuses(FRIEND, 550));
        let log = ["--log", "trace", "--log-format", format];
        let server = start(folder.path(), &sink, &hook, &log).await;
        send_feedback(&server).await;
        for to in [FRIEND, "mai@example.vn", "no address of anybody"] {
            let body = json!({ "article": "a", "page": "", "to": to });
            let request = Client::new().post(format!("{}/v1/mail", server.url));
            let request = request.header("idempotency-key", Uuid::new_v4().to_string());
            let request = request.header("user-agent", BROWSER).body(body.to_string());
            let expected = if to.contains('@') { 202 } else { 422 };
            assert_eq!(send_with_proof(request).await.status(), expected);
        }
        let letters = [sink.next().await, sink.next().await];
        hook.next().await;
        is_empty(folder.path()).await;
        let unsubscribe = letters.iter().map(|letter| letter.value("List-Unsubscribe"));
        let unsubscribe = unsubscribe.max().unwrap().trim_matches(['<', '>']).to_owned();
        assert_eq!(Client::new().get(&unsubscribe).send().await.unwrap().status(), 200);
        assert_eq!(Client::new().post(&unsubscribe).send().await.unwrap().status(), 200);

        let log = String::from_utf8(server.stop()).unwrap();
        assert!(log.contains("given up") && log.contains("SMTP 550"), "the operator hears of it");
        let token =
            &unsubscribe[unsubscribe.rfind('/').unwrap() + 1..unsubscribe.rfind('?').unwrap()];
        for secret in [FRIEND, "mai@", "no address of", SENDER, EDITOR, "Trần", token, SECRET] {
            assert!(!log.contains(secret), "{secret}");
        }
        for gone in [FRIEND, "mai@example.vn", EDITOR] {
            assert!(!sql::holds(folder.path(), gone.as_bytes()), "{gone} is still there");
        }
    }
}
