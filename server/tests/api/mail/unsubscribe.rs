//! `/v1/mail/unsubscribe/{token}`

use std::path::Path;

use article_server::clock::{Clock as _, SystemClock};
use article_server::erasures::Erasures;
use article_server::forms::MailAddress;
use article_server::{store, suppression};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use super::proof::send_with_proof;
use super::sink::Sink;
use super::world::{FRIEND, config, waiting};
use crate::letter::signing_key;
use crate::postgres::is_elsewhere;
use crate::process::database;
use crate::sql;
use crate::support::{Server, article, database_url, header, save};

async fn server(sink: &Sink) -> Server {
    let folder = TempDir::new().unwrap();
    save(folder.path(), &[article("a")]).await;
    let config = config(folder.path(), sink, None);
    Server::configured(folder, "0.1.0-test", config).await
}

/// Has the article sent, and checks that the answer is the one that it always is.
async fn send(server: &Server, to: &str) {
    let body = json!({ "article": "a", "page": "", "to": to });
    let request =
        server.request("POST", "/v1/mail").header("user-agent", "Mozilla/5.0 Firefox/140.0");
    let request = request.header("idempotency-key", Uuid::new_v4().to_string());
    let response = send_with_proof(request.body(body.to_string())).await;
    assert_eq!(response.status(), 202);
    assert_eq!(response.json::<Value>().await.unwrap(), json!({ "outcome": "accepted" }));
}

/// The path of the link in the letter's head.
async fn link(server: &Server, sink: &mut Sink) -> String {
    let link = sink.next().await.value("List-Unsubscribe");
    let url = link.strip_prefix('<').unwrap().strip_suffix('>').unwrap();
    url.strip_prefix(&server.url).unwrap().to_owned()
}

fn suppressed(server: &Server) -> i64 {
    suppressed_in(server.folder.path())
}

fn suppressed_in(folder: &Path) -> i64 {
    sql::number(folder, "select count(*) from suppressed")
}

#[tokio::test]
async fn who_wants_no_more_gets_none_and_nobody_can_tell() {
    let mut sink = Sink::start().await;
    let server = server(&sink).await;
    send(&server, FRIEND).await;
    let link = link(&server, &mut sink).await;

    let page = server.get(&link).await;
    assert_eq!(page.status(), 200);
    assert_eq!(header(&page, "referrer-policy"), "no-referrer");
    assert_eq!(header(&page, "cache-control"), "private, no-store");
    let page = page.text().await.unwrap();
    assert!(page.contains("<form method=\"post\">") && page.contains("Ngừng nhận"));
    assert!(page.contains("noindex") && !page.contains(FRIEND));
    assert_eq!(suppressed(&server), 0, "looking changes nothing");

    let done = server.request("POST", &link).send().await.unwrap();
    assert_eq!(done.status(), 200);
    assert!(done.text().await.unwrap().contains("Đã ngừng"));
    assert_eq!(suppressed(&server), 1);

    // Answered as before, and not sent; another's still is.
    send(&server, "MINH+tin@example.vn").await;
    send(&server, "mai@example.vn").await;
    assert_eq!(sink.next().await.recipients, ["RCPT TO:<mai@example.vn>"]);
    let folder = server.stop().await;
    assert!(sink.is_empty());
    assert_eq!(waiting(folder.path()), []);
}

#[tokio::test]
async fn one_click_in_a_mail_program_is_enough() {
    let mut sink = Sink::start().await;
    let server = server(&sink).await;
    send(&server, FRIEND).await;
    let link = link(&server, &mut sink).await;
    let request = server.request("POST", &link).body("List-Unsubscribe=One-Click");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(request.send().await.unwrap().status(), 200);
    // Again is no harm.
    assert_eq!(server.request("POST", &link).send().await.unwrap().status(), 200);
    assert_eq!(suppressed(&server), 1);
}

#[tokio::test]
async fn a_link_that_is_none_of_ours_ends_nothing() {
    let mut sink = Sink::start().await;
    let server = server(&sink).await;
    send(&server, FRIEND).await;
    let link = link(&server, &mut sink).await;
    let (path, _) = link.split_once('?').unwrap();
    for forged in [&path[..path.len() - 1], "/v1/mail/unsubscribe/A", "/v1/mail/unsubscribe/%F0"] {
        assert_eq!(server.get(forged).await.status(), 404, "{forged}");
        assert_eq!(server.request("POST", forged).send().await.unwrap().status(), 404, "{forged}");
    }
    assert_eq!(suppressed(&server), 0);
}

#[tokio::test]
async fn what_waits_for_who_wants_no_more_does_not_leave() {
    let mut sink = Sink::start().await;
    let server = server(&sink).await;
    send(&server, FRIEND).await;
    let link = link(&server, &mut sink).await;
    sink.goes_down().await;
    send(&server, FRIEND).await;
    // What is under way already is not called back.
    while waiting(server.folder.path()).iter().all(|(.., problem)| problem.is_empty()) {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.request("POST", &link).send().await.unwrap().status(), 200);
    sink.comes_up().await;
    let folder = server.stop().await;
    // The next try, whenever it is.
    sql::change(folder.path(), "update outbox set due_at = 0");
    let config = config(folder.path(), &sink, None);
    let server = Server::configured(folder, "0.1.0-test", config).await;
    send(&server, "mai@example.vn").await;
    assert_eq!(sink.next().await.recipients, ["RCPT TO:<mai@example.vn>"]);
    server.stop().await;
    assert!(sink.is_empty());
}

/// The path of the link that the friend has from an earlier mail.
async fn earlier_link(server: &Server) -> String {
    // It has started, and read the list.
    assert_eq!(server.get("/healthz").await.status(), 200);
    let key = signing_key(server.folder.path());
    let address = suppression::hash(&key, &MailAddress::parse(FRIEND).unwrap());
    format!("/v1/mail/unsubscribe/{}", suppression::token(&key, &address))
}

#[tokio::test]
async fn who_unsubscribed_stays_so_where_a_backup_is_put_back() {
    if is_elsewhere() {
        return;
    }
    let sink = Sink::start().await;
    let server = server(&sink).await;
    let link = earlier_link(&server).await;
    let folder = server.folder.path().to_owned();
    let copy = folder.join("copy.db");
    store::backup(&database_url(&folder), &copy).await.unwrap();
    for _ in 0..2 {
        assert_eq!(server.request("POST", &link).send().await.unwrap().status(), 200);
    }
    let folder = server.stop().await;
    let (path, config) = (folder.path().to_owned(), config(folder.path(), &sink, None));
    let list = Erasures::of(&config);
    assert_eq!(std::fs::read_to_string(list.path()).unwrap().lines().count(), 1);

    let (erased, now) = (list.read().unwrap(), SystemClock.now());
    store::restore(&database_url(&path), &copy, true, erased, now).await.unwrap();
    assert_eq!(suppressed_in(&path), 1);

    // By hand.
    std::fs::copy(&copy, database(&path)).unwrap();
    assert_eq!(suppressed_in(&path), 0, "it has been forgotten");
    let server = Server::configured(folder, "0.1.0-test", config).await;
    assert_eq!(server.get("/healthz").await.status(), 200);
    assert_eq!(suppressed(&server), 1);
}

#[tokio::test]
async fn who_cannot_be_put_on_the_list_is_told_to_come_again() {
    let sink = Sink::start().await;
    let server = server(&sink).await;
    let link = earlier_link(&server).await;
    let list = Erasures::of(&config(server.folder.path(), &sink, None));
    // A folder is no file: it can neither be written nor read as one, also not by root.
    std::fs::create_dir(list.path()).unwrap();
    let refused = server.request("POST", &link).send().await.unwrap();
    assert_eq!((refused.status().as_u16(), suppressed(&server)), (503, 0));
    assert_ne!(header(&refused, "retry-after"), "");
    std::fs::remove_dir(list.path()).unwrap();
    assert_eq!(server.request("POST", &link).send().await.unwrap().status(), 200);
    assert_eq!(suppressed(&server), 1);
}
