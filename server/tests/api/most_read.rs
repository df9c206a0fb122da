//! `/v1/most-read`

use serde_json::json;

use crate::support::{Server, article, header, problem};

#[tokio::test]
async fn too_little_to_rank_is_an_empty_list_that_says_what_it_is() {
    let server = Server::with(&[article("a")]).await;
    let response = server.get("/v1/most-read?window=7d&limit=3&lang=vi").await;
    assert_eq!(header(&response, "cache-control"), "public, max-age=10, s-maxage=10");
    let list: serde_json::Value = response.json().await.unwrap();
    assert_eq!((&list["window"], &list["items"]), (&json!("7d"), &json!([])));
    assert!(list["computed_at"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn a_list_that_there_is_not_is_refused() {
    let server = Server::with(&[]).await;
    for (query, status) in [
        ("window=2h", 422),
        ("limit=0", 422),
        ("limit=x", 400),
        ("by=x", 422),
        ("partner=x", 422),
        ("section=", 422),
        ("author=x", 400),
    ] {
        problem(server.get(&format!("/v1/most-read?{query}")).await, status).await;
    }
}

#[tokio::test]
async fn what_is_read_is_ranked() {
    let server = Server::with(&[article("a"), article("b"), article("c")]).await;
    for (view, id) in ["a", "b", "c"].into_iter().enumerate() {
        let view = format!("6b3a3f5e-0000-4000-8000-00000000000{view}");
        let report = json!({ "article": id, "view": view, "page": "https://partner.example/" });
        let request = server.request("POST", "/v1/views").body(report.to_string());
        let response = request.header("user-agent", "Mozilla/5.0 (X11) Firefox/140.0").send();
        assert_eq!(response.await.unwrap().status(), 202);
    }
    let list = eventually(&server, "/v1/most-read?limit=2").await;
    let first = &list["items"][0];
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert_eq!((&first["id"], &first["views"]), (&json!("c"), &json!(1)));
    assert_eq!(first["url"], format!("{}/a/c", server.url));
}

/// The list, when it has something: a list may be ten seconds old.
async fn eventually(server: &Server, path: &str) -> serde_json::Value {
    let begun = tokio::time::Instant::now();
    loop {
        let list = server.get_json(path).await;
        if !list["items"].as_array().unwrap().is_empty() {
            return list;
        }
        assert!(begun.elapsed().as_secs() < 20, "{list}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_list_says_what_it_was_asked_for() {
    let server = Server::with(&[]).await;
    let list = server
        .get_json("/v1/most-read?window=rising&lang=vi-VN&section=V%C4%83n%20h%C3%B3a&partner=https://a.example/x")
        .await;
    assert_eq!(list["window"], "rising");
    assert_eq!((&list["section"], &list["language"]), (&json!("Văn hóa"), &json!("vi")));
    assert_eq!(list["partner"], "https://a.example");
    assert_eq!(server.get_json("/v1/most-read?window=1h&by=deep").await["by"], "deep");
}
