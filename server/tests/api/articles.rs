//! `/v1/articles`

use serde_json::json;

use crate::sql;
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
    let whole = server.get_json("/v1/articles?limit=2").await;
    assert_eq!(whole, json!({ "articles": [article("a"), article("c")] }));
    let first = server.get_json("/v1/articles?limit=1").await;
    assert_eq!(
        first,
        json!({ "articles": [article("a")], "next": "a" }),
        "not the hidden one's id"
    );
    let second = server.get_json("/v1/articles?limit=1&after=a").await;
    assert_eq!(second, json!({ "articles": [article("c")] }));
    for query in ["limit=0", "limit=101", "limit=x", "after=%20", "order=title"] {
        let status = server.get(&format!("/v1/articles?{query}")).await.status();
        assert!(status.is_client_error(), "{query}");
    }
}

#[tokio::test]
async fn an_article_that_cannot_be_read_is_left_out_of_the_list() {
    let server = Server::with(&[article("a"), article("b"), article("c")]).await;
    sql::change(server.folder.path(), "update article set json = '{' where id = 'b'");
    let first = server.get_json("/v1/articles?limit=1").await;
    assert_eq!(first["next"], "a");
    let second = server.get_json("/v1/articles?limit=1&after=a").await;
    assert_eq!(second, json!({ "articles": [article("c")] }));
}

#[tokio::test]
async fn a_page_of_long_articles_holds_fewer() {
    let long = |id| with(article(id), json!({ "lede": "x".repeat(3 << 20) }));
    let server = Server::with(&[long("a"), long("b"), long("c")]).await;
    let first = server.get_json("/v1/articles").await;
    assert_eq!((first["articles"].as_array().unwrap().len(), &first["next"]), (2, &json!("b")));
    let second = server.get_json("/v1/articles?after=b").await;
    assert_eq!(second["articles"].as_array().unwrap().len(), 1);
}
