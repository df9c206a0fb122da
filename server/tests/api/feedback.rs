//! `/v1/feedback`

use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{Server, article, header, problem, with, words};

const KEY: &str = "0b8a6c1e-1111-4222-8333-444455556666";

fn consent(language: &str) -> String {
    words(language).get("feedback.consent.version").to_owned()
}

fn filled_in() -> Value {
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

async fn send(server: &Server, key: &str, body: &Value) -> Response {
    let request = server.request("POST", "/v1/feedback").header("idempotency-key", key);
    request.json(body).send().await.unwrap()
}

/// The private link's path.
fn path(server: &Server, receipt: &Value) -> String {
    receipt["url"].as_str().unwrap().strip_prefix(&server.url).unwrap().to_owned()
}

#[tokio::test]
async fn feedback_gets_a_reference_and_a_private_link_that_erases_it() {
    let server = Server::with(&[article("a")]).await;
    let response = send(&server, KEY, &filled_in()).await;
    assert_eq!(response.status(), 201);
    assert_eq!(header(&response, "cache-control"), "private, no-store");
    let receipt: Value = response.json().await.unwrap();
    let reference = receipt["reference"].as_str().unwrap();
    assert_eq!((reference.len(), &reference[4..5]), (9, "-"));

    let path = path(&server, &receipt);
    let kept = server.get(&path).await;
    assert_eq!(header(&kept, "referrer-policy"), "no-referrer");
    let kept: Value = kept.json().await.unwrap();
    assert_eq!(kept["reference"], receipt["reference"]);
    assert_eq!((&kept["name"], &kept["phone"]), (&json!("Lê Thị Hoa"), &json!("")));
    assert!(kept["received_at"].as_str().unwrap().ends_with('Z'));

    assert_eq!(server.request("DELETE", &path).send().await.unwrap().status(), 204);
    problem(server.get(&path).await, 404).await;
    problem(server.request("DELETE", &path).send().await.unwrap(), 404).await;
    problem(server.get(&format!("/v1/feedback/{reference}")).await, 404).await;
}

#[tokio::test]
async fn the_same_key_is_the_same_feedback() {
    let server = Server::with(&[article("a")]).await;
    let first: Value = send(&server, KEY, &filled_in()).await.json().await.unwrap();
    let again: Value = send(&server, &KEY.to_uppercase(), &filled_in()).await.json().await.unwrap();
    assert_eq!(first, again);
    let other = with(filled_in(), json!({ "message": "Một ý khác." }));
    problem(send(&server, KEY, &other).await, 409).await;
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named_and_nothing_is_kept() {
    let server = Server::with(&[article("a")]).await;
    let no_consent = with(filled_in(), json!({ "consent": "", "email": "hoa" }));
    let details = problem(send(&server, KEY, &no_consent).await, 422).await;
    assert_eq!(details["field"], "email");
    let errors = json!([
        { "field": "email", "message": "feedback.error.email" },
        { "field": "consent", "message": "feedback.error.consent" },
    ]);
    assert_eq!(details["errors"], errors);
    let unknown = with(filled_in(), json!({ "article": "unknown" }));
    problem(send(&server, KEY, &unknown).await, 404).await;
    problem(send(&server, "no-uuid", &filled_in()).await, 422).await;
    problem(server.post("/v1/feedback", &filled_in()).await, 422).await;
    // The key is still free: nothing was kept under it.
    let other = with(filled_in(), json!({ "message": "Một ý khác." }));
    assert_eq!(send(&server, KEY, &other).await.status(), 201);
}

#[tokio::test]
async fn a_browser_on_another_origin_may_send_it() {
    let server = Server::with(&[]).await;
    let preflight = server
        .request("OPTIONS", "/v1/feedback")
        .header("origin", "https://partner.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,idempotency-key");
    let response = preflight.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert!(header(&response, "access-control-allow-headers").contains("idempotency-key"));
    assert!(header(&response, "access-control-allow-methods").contains("POST"));
}

#[tokio::test]
async fn one_place_has_five_an_hour() {
    let server = Server::with(&[article("a")]).await;
    for position in 0..5 {
        let key = KEY.replace("0b8a6c1e", &format!("0000000{position}"));
        assert_eq!(send(&server, &key, &filled_in()).await.status(), 201);
    }
    let response = send(&server, KEY, &filled_in()).await;
    assert_ne!(header(&response, "retry-after"), "");
    problem(response, 429).await;
}

#[tokio::test]
async fn sending_again_takes_nothing_of_the_hours_allowance() {
    let server = Server::with(&[article("a")]).await;
    for _ in 0..8 {
        assert_eq!(send(&server, KEY, &filled_in()).await.status(), 201);
    }
    for position in 0..4 {
        let key = KEY.replace("0b8a6c1e", &format!("0000000{position}"));
        assert_eq!(send(&server, &key, &filled_in()).await.status(), 201);
    }
    let key = KEY.replace("0b8a6c1e", "00000009");
    problem(send(&server, &key, &filled_in()).await, 429).await;
}

#[tokio::test]
async fn the_longest_message_that_the_form_promises_is_taken() {
    let server = Server::with(&[article("a")]).await;
    let longest = with(filled_in(), json!({ "message": "ệ".repeat(8_000) }));
    assert_eq!(send(&server, KEY, &longest).await.status(), 201);
}

#[tokio::test]
async fn about_a_withdrawn_article_none_is_taken() {
    let server = Server::with(&[with(article("a"), json!({ "status": "canceled" }))]).await;
    problem(send(&server, KEY, &filled_in()).await, 410).await;
}
