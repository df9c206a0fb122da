//! `/v1/articles`

use serde_json::json;

use crate::support::{Server, article, header, problem, with};

#[tokio::test]
async fn an_article_comes_as_its_publisher_gave_it() {
    let given = with(article("a"), json!({ "of_tomorrow": { "x": 1 } }));
    let server = Server::with(std::slice::from_ref(&given)).await;
    let response = server.get("/v1/articles/a").await;
    let tag = header(&response, "etag").to_owned();
    assert_eq!(response.json::<serde_json::Value>().await.unwrap(), given);
    let again = server.request("GET", "/v1/articles/a").header("if-none-match", tag);
    assert_eq!(again.send().await.unwrap().status(), 304);
    assert_eq!(server.request("HEAD", "/v1/articles/a").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_withdrawn_article_is_gone_and_a_withheld_one_was_never_there() {
    let server = Server::with(&[
        with(article("canceled"), json!({ "status": "canceled" })),
        with(article("withheld"), json!({ "status": "withheld" })),
    ])
    .await;
    problem(server.get("/v1/articles/canceled").await, 410).await;
    problem(server.get("/v1/articles/withheld").await, 404).await;
    problem(server.get("/v1/articles/unknown").await, 404).await;
}

#[tokio::test]
async fn pages_follow_each_other_and_leave_out_what_readers_may_not_see() {
    let server = Server::with(&[
        article("a"),
        with(article("b"), json!({ "status": "withheld" })),
        article("c"),
    ])
    .await;
    let first = server.get_json("/v1/articles?limit=2").await;
    assert_eq!(first["articles"].as_array().unwrap().len(), 1);
    assert_eq!((&first["articles"][0]["id"], &first["next"]), (&json!("a"), &json!("b")));
    let second = server.get_json("/v1/articles?limit=2&after=b").await;
    assert_eq!(second["articles"][0]["id"], "c");
    assert!(second.get("next").is_none());
    for query in ["limit=0", "limit=101", "limit=x", "after=%20", "order=title"] {
        let status = server.get(&format!("/v1/articles?{query}")).await.status();
        assert!(status.is_client_error(), "{query}");
    }
}
