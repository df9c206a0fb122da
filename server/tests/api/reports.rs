//! `/v1/views` and `/v1/shares`

use serde_json::{Value, json};

use crate::support::{Server, article, header, problem};

const VIEW: &str = "6b3a3f5e-1111-4222-8333-444455556666";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn report(server: &Server, path: &str, body: &Value) -> reqwest::Response {
    let request = server.request("POST", path).header("user-agent", BROWSER);
    request.header("content-type", "text/plain").body(body.to_string()).send().await.unwrap()
}

#[tokio::test]
async fn a_view_counts_once_and_then_only_grows() {
    let server = Server::with(&[article("a")]).await;
    let mut view = json!({ "article": "a", "view": VIEW, "page": "https://partner.example/x" });
    let first = report(&server, "/v1/views", &view).await;
    assert_eq!(first.status(), 202);
    assert_eq!(header(&first, "access-control-allow-origin"), "*");
    assert_eq!(first.json::<Value>().await.unwrap(), json!({ "outcome": "counted" }));
    view["seconds"] = json!(20);
    let second = report(&server, "/v1/views", &view).await;
    assert_eq!(second.json::<Value>().await.unwrap(), json!({ "outcome": "raised" }));
}

#[tokio::test]
async fn a_view_that_was_acknowledged_outlives_the_server() {
    let server = Server::with(&[article("a")]).await;
    let view = json!({ "article": "a", "view": VIEW, "page": "https://partner.example/x" });
    assert_eq!(report(&server, "/v1/views", &view).await.status(), 202);
    let server = Server::over(server.stop().await, "0.1.0-test").await;
    let again = report(&server, "/v1/views", &view).await;
    assert_eq!(again.json::<Value>().await.unwrap(), json!({ "outcome": "raised" }));
}

#[tokio::test]
async fn a_share_is_taken() {
    let server = Server::with(&[article("a")]).await;
    let share = json!({ "article": "a", "share": VIEW, "page": "", "channel": "facebook" });
    assert_eq!(report(&server, "/v1/shares", &share).await.status(), 202);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_the_reason() {
    let server = Server::with(&[article("a")]).await;
    let unknown = json!({ "article": "unknown", "view": VIEW });
    problem(report(&server, "/v1/views", &unknown).await, 404).await;
    let no_uuid = report(&server, "/v1/views", &json!({ "article": "a", "view": "1" })).await;
    assert!(no_uuid.status().is_client_error());
    let share = json!({ "article": "a", "share": VIEW, "channel": "carrier pigeon" });
    assert!(report(&server, "/v1/shares", &share).await.status().is_client_error());

    let broken = server.request("POST", "/v1/views").body("{\"article\": ").send().await.unwrap();
    let details = problem(broken, 400).await;
    assert!(details["detail"].as_str().unwrap().contains("line 1"));
    let fields = json!(["a", VIEW, "", 0, 0, null]);
    problem(report(&server, "/v1/views", &fields).await, 400).await;
    let latin1 = server.request("POST", "/v1/views").body(vec![b'{', 0xe9, b'}']).send();
    problem(latin1.await.unwrap(), 400).await;
    let long = json!({ "article": "a", "view": VIEW, "page": "x".repeat(4096) });
    problem(report(&server, "/v1/views", &long).await, 413).await;
}

#[tokio::test]
async fn three_megabytes_are_refused_with_an_answer_that_arrives() {
    let server = Server::with(&[article("a")]).await;
    for path in ["/v1/views", "/v1/shares", "/v1/feedback", "/a/a/feedback"] {
        let request = server.request("POST", path).body(vec![b'x'; 3_000_000]);
        problem(request.send().await.unwrap(), 413).await;
    }
}

#[tokio::test]
async fn a_page_with_a_long_address_counts() {
    let server = Server::with(&[article("a")]).await;
    for (length, view) in [(1_500, VIEW.replace('6', "1")), (3_000, VIEW.replace('6', "2"))] {
        let page = format!("https://partner.example/{}", "x".repeat(length));
        let view = json!({ "article": "a", "view": view, "page": page });
        assert_eq!(report(&server, "/v1/views", &view).await.status(), 202, "{length}");
    }
}
