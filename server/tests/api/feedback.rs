//! `/v1/feedback`

use reqwest::Response;
use serde_json::{Value, json};

use crate::letter::{behind_a_proxy, filled_in, new_key};
use crate::sql::change;
use crate::support::{Server, article, header, problem, with};

const KEY: &str = "0b8a6c1e-1111-4222-8333-444455556666";

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
        .header("access-control-request-headers", "content-type,idempotency-key,proof");
    let response = preflight.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    for name in ["idempotency-key", "proof"] {
        assert!(header(&response, "access-control-allow-headers").contains(name), "{name}");
    }
    assert!(header(&response, "access-control-allow-methods").contains("POST"));
}

#[tokio::test]
async fn sending_again_takes_nothing_of_the_hours_allowance() {
    let server = Server::with(&[article("a")]).await;
    for _ in 0..8 {
        assert_eq!(send(&server, KEY, &filled_in()).await.status(), 201);
    }
    for _ in 0..2 {
        assert_eq!(send(&server, &new_key(), &filled_in()).await.status(), 201);
    }
    problem(send(&server, &new_key(), &filled_in()).await, 429).await;
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

#[tokio::test]
async fn the_sender_sees_how_far_it_has_come_and_never_what_it_is_taken_for() {
    let server = behind_a_proxy().await;
    let receipt: Value = send(&server, KEY, &filled_in()).await.json().await.unwrap();
    let path = path(&server, &receipt);
    let folder = server.folder.path().to_owned();
    for (state, shown) in [
        ("new", "received"),
        ("held", "received"),
        ("spam", "received"),
        ("open", "open"),
        ("answered", "answered"),
    ] {
        change(&folder, &format!("update feedback set state = '{state}'"));
        let kept = server.get_json(&path).await;
        assert_eq!((&kept["state"], kept.get("answer")), (&json!(shown), None), "{state}");
    }
    let answer = "update feedback set answer = 'Cảm ơn <b>bạn</b>.', answered_at = 1732665600";
    change(&folder, answer);
    let kept = server.get_json(&path).await;
    assert_eq!(kept["answer"], "Cảm ơn <b>bạn</b>.");
    assert_eq!(kept["answered_at"], "2024-11-27T00:00:00Z");
    let page = server.request("GET", &path).header("accept", "text/html").send().await.unwrap();
    assert_eq!(header(&page, "x-robots-tag"), "noindex");
    assert_eq!(header(&page, "cache-control"), "private, no-store");
    assert_eq!(header(&page, "referrer-policy"), "no-referrer");
    let page = page.text().await.unwrap();
    assert!(
        page.contains("Cảm ơn &#60;b&#62;bạn&#60;/b&#62;.") && page.contains("07:00, 27/11/2024")
    );

    change(&folder, "update feedback set state = 'spam'");
    assert_eq!(server.get_json(&path).await.get("answer"), None);
}

#[tokio::test]
async fn a_link_is_read_and_withdrawn_by_nothing_but_its_own_methods() {
    let server = Server::with(&[article("a")]).await;
    let receipt: Value = send(&server, KEY, &filled_in()).await.json().await.unwrap();
    let path = path(&server, &receipt);
    for method in ["GET", "HEAD"] {
        assert_eq!(server.request(method, &path).send().await.unwrap().status(), 200);
    }
    for method in ["PUT", "PATCH"] {
        assert_eq!(server.request(method, &path).send().await.unwrap().status(), 405, "{method}");
    }
    assert_eq!(server.get(&path).await.status(), 200, "it is still there");
    assert_eq!(server.request("POST", &path).send().await.unwrap().status(), 200);
    assert_eq!(server.get(&path).await.status(), 404);
}
