//! `/v1/embed`

use serde_json::json;

use crate::support::{Server, article, header, problem, with};

#[tokio::test]
async fn one_answer_holds_all_that_a_loader_needs() {
    let server = Server::with(&[with(article("a"), json!({ "of_tomorrow": [1, 2] }))]).await;
    let response = server.get("/v1/embed/a").await;
    assert_eq!(header(&response, "cache-control"), "public, max-age=20, s-maxage=20");
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    assert!(header(&response, "access-control-allow-credentials").is_empty());

    let embed: serde_json::Value = response.json().await.unwrap();
    assert_eq!(embed["article"]["of_tomorrow"], json!([1, 2]), "unknown fields pass through");
    assert_eq!(embed["public_url"], server.url);
    assert_eq!(embed["lang"], "vi");
    assert_eq!(embed["display"]["dateline"], "Thứ Tư, 27/11/2024");
    assert_eq!(embed["messages"]["share.button"], "Gửi cho bạn bè");
    assert_eq!(embed["render"], article_widget::RENDER);
    assert!(embed["html"].as_str().unwrap().contains("Đoạn văn thứ nhất."));
    assert!(embed["css"].as_str().unwrap().contains(".aw"));
}

#[tokio::test]
async fn the_interface_speaks_the_language_asked_for_if_it_can() {
    let server = Server::with(&[
        article("vi"),
        with(article("en"), json!({ "language": "en-GB" })),
        with(article("th"), json!({ "language": "th" })),
    ])
    .await;
    for (path, expected) in [
        ("/v1/embed/vi?lang=en", "en"),
        ("/v1/embed/vi?lang=vi-VN", "vi"),
        ("/v1/embed/en", "en"),
        ("/v1/embed/en?lang=th", "en"),
        ("/v1/embed/th", "vi"),
    ] {
        assert_eq!(server.get_json(path).await["lang"], expected, "{path}");
    }
    let english = server.get_json("/v1/embed/vi?lang=en").await;
    assert_eq!(english["display"]["dateline"], "Wednesday, November 27, 2024");
}

#[tokio::test]
async fn what_is_known_already_is_not_sent_again_and_the_rest_compressed() {
    let server = Server::with(&[article("a")]).await;
    let plain = server.get("/v1/embed/a?window=off").await;
    let tag = header(&plain, "etag").to_owned();
    let length = plain.bytes().await.unwrap().len();
    for coding in ["br", "gzip"] {
        let request = server.request("GET", "/v1/embed/a?window=off");
        let response = request.header("accept-encoding", coding).send().await.unwrap();
        assert_eq!(header(&response, "content-encoding"), coding);
        assert!(header(&response, "vary").contains("accept-encoding"));
        assert_eq!(header(&response, "etag"), tag);
        assert!(response.bytes().await.unwrap().len() < length);
    }
    let request = server.request("GET", "/v1/embed/a?window=off");
    let response = request.header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(response.status(), 304);
    assert!(header(&response, "vary").contains("accept-encoding"));
    assert!(response.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn of_a_withdrawn_article_only_that_is_told() {
    let server = Server::with(&[
        with(article("canceled"), json!({ "status": "canceled" })),
        with(article("expired"), json!({ "expires": "2020-01-01" })),
    ])
    .await;
    for id in ["canceled", "expired"] {
        let embed = server.get_json(&format!("/v1/embed/{id}")).await;
        let expected = json!({ "id": id, "language": "vi", "status": "canceled" });
        assert_eq!(embed["article"], expected);
        assert!(!embed.to_string().contains("Đoạn văn"));
    }
}

#[tokio::test]
async fn what_readers_may_not_know_of_is_not_there() {
    let server = Server::with(&[
        with(article("withheld"), json!({ "status": "withheld" })),
        with(article("embargoed"), json!({ "embargo": "2999-01-01T00:00:00Z" })),
    ])
    .await;
    for id in ["withheld", "embargoed", "unknown", "%20", "a%2fb"] {
        problem(server.get(&format!("/v1/embed/{id}")).await, 404).await;
    }
}

#[tokio::test]
async fn a_window_that_is_none_is_refused() {
    let server = Server::with(&[article("a")]).await;
    let details = problem(server.get("/v1/embed/a?window=2h").await, 422).await;
    assert_eq!(details["field"], "window");
}
