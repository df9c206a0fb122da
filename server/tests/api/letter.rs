//! Letters to the editor, as scripts and forms send them.

use std::path::Path;
use std::sync::LazyLock;

use article_server::config::Config;
use article_server::forms::Ticket;
use article_server::messages::Languages;
use article_server::signing_key::SigningKey;
use article_server::store;
use article_widget::contract::ArticleId;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::support::{Server, article, config, database_url, save, words};
use crate::{postgres, sql};

/// The version of the text that is agreed to.
pub(crate) fn consent(language: &str) -> String {
    words(language).get("feedback.consent.version").to_owned()
}

/// The words of the server's own pages.
pub(crate) fn said(key: &str) -> &'static str {
    static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| Languages::builtin("", 1));
    LANGUAGES.of("vi").pages.find(key).unwrap()
}

/// A report with which nothing is wrong.
pub(crate) fn filled_in() -> Value {
    json!({
        "article": "a",
        "page": "https://partner.example/page",
        "kind": "comment",
        "name": "Lê Thị Hoa",
        "email": "hoa@example.vn",
        "title": "Về bài viết",
        "message": "Bài viết rất hay.",
        "consent": consent("vi"),
    })
}

/// Names another letter each time.
pub(crate) fn new_key() -> String {
    Uuid::new_v4().to_string()
}

/// A server with the article `a` that believes what a proxy says of places.
pub(crate) async fn behind_a_proxy() -> Server {
    configured(|_| {}).await
}

/// The same with other settings.
pub(crate) async fn configured(change: impl FnOnce(&mut Config)) -> Server {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let mut config = config(folder.path());
    config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    change(&mut config);
    Server::configured(folder, "0.1.0-test", config).await
}

/// One letter under `key` from the address `place`.
pub(crate) fn letter(server: &Server, place: &str, key: &str, body: &Value) -> RequestBuilder {
    let request = server.request("POST", "/v1/feedback").header("x-forwarded-for", place);
    request.header("idempotency-key", key).json(body)
}

pub(crate) async fn send(server: &Server, place: &str, body: &Value) -> Response {
    letter(server, place, &new_key(), body).send().await.unwrap()
}

/// The header that answers a refusal's challenge.
pub(crate) fn solve(details: &Value) -> String {
    let challenge = &details["proof"];
    let text = |name: &str| challenge[name].as_str().unwrap();
    let mut hasher = Sha256::new_with_prefix(hex::decode(text("salt")).unwrap());
    hasher.update(hex::decode(text("nonce")).unwrap());
    let prefix = text("prefix");
    // Whole bytes, and the half that an odd digit is.
    let (bytes, half) = (hex::decode(&prefix[..prefix.len() / 2 * 2]).unwrap(), prefix.len() % 2);
    assert!(prefix.bytes().all(|digit| digit == b'0'), "all that is asked for");
    let is_found = |counter: &u32| {
        let hash = hasher.clone().chain_update(counter.to_be_bytes()).finalize();
        hash.starts_with(&bytes) && (half == 0 || hash[bytes.len()] < 16)
    };
    let counter = (0..).find(is_found).unwrap();
    format!("{}.{counter}", text("challenge"))
}

/// State and suspicion of every letter kept in the folder's database, in the order they came.
pub(crate) fn kept(folder: &Path) -> Vec<(String, String)> {
    let rows = sql::rows(folder, "select state, held from feedback order by no");
    rows.into_iter().map(|[state, held]| (state, held)).collect()
}

/// A ticket of the server's that was made `age` seconds ago.
pub(crate) async fn ticket(server: &Server, age: i64) -> Ticket {
    // It makes the key before it answers anything.
    assert_eq!(server.get("/healthz").await.status(), 200);
    ticket_of(server.folder.path(), age)
}

/// The same of the installation in this folder.
pub(crate) fn ticket_of(folder: &Path, age: i64) -> Ticket {
    ticket_by(&signing_key(folder), age)
}

/// The key that signs the forms of the installation in this folder.
pub(crate) fn signing_key(folder: &Path) -> SigningKey {
    let url = database_url(folder);
    postgres::wait(async {
        let store = store::open_without_calendar(&url).await.unwrap();
        let key = store.signing_key().await.unwrap();
        store.close().await.unwrap();
        key
    })
}

/// A ticket by this key that was made `age` seconds ago.
pub(crate) fn ticket_by(key: &SigningKey, age: i64) -> Ticket {
    let now = jiff::Timestamp::now().as_second();
    Ticket::issue(key, &ArticleId::parse("a").unwrap(), now - age)
}

/// The form filled in, with some fields otherwise; without those that are to be empty.
pub(crate) fn form(ticket: &Ticket, changes: &[(&str, &str)]) -> String {
    let mut form = vec![
        ("key", ticket.key.clone()),
        ("time", ticket.time.to_string()),
        ("signature", ticket.signature.clone()),
        ("kind", "error".to_owned()),
        ("name", "Lê \"Hoa\" <b>".to_owned()),
        ("email", "hoa@example.vn".to_owned()),
        ("title", "Về bài viết".to_owned()),
        ("message", "Dòng một\nDòng hai".to_owned()),
        ("consent", consent("vi")),
    ];
    for (name, value) in changes {
        form.retain(|(field, _)| field != name);
        if !value.is_empty() {
            form.push((name, (*value).to_owned()));
        }
    }
    serde_urlencoded::to_string(form).unwrap()
}

/// Sends the form from the address `place`.
pub(crate) async fn send_form(
    server: &Server,
    place: &str,
    ticket: &Ticket,
    changes: &[(&str, &str)],
) -> Response {
    let request = server.request("POST", "/a/a/feedback").header("x-forwarded-for", place);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.body(form(ticket, changes)).send().await.unwrap()
}

/// The value of the page's hidden field.
pub(crate) fn hidden(html: &str, name: &str) -> String {
    let value = html.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}
