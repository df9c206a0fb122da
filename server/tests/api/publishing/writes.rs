//! What a program may write, and what becomes of it.

use article_server::token::Scope;
use serde_json::{Value, json};

use super::Desk;
use crate::support::{Server, article, header, problem, token, with};

#[tokio::test]
async fn an_article_is_created_replaced_and_left_as_it_is() {
    let desk = Desk::with(&[]).await;
    let first = with(article("a"), json!({ "of_tomorrow": { "x": 1 } }));
    let created = desk.put(&first, &[]).await;
    assert_eq!((created.status().as_u16(), header(&created, "location")), (201, "/v1/articles/a"));
    assert_eq!(header(&created, "cache-control"), "private, no-store");
    let tag = header(&created, "etag").to_owned();
    assert_eq!(created.json::<Value>().await.unwrap()["revision"], 1);
    let read = desk.server.get("/v1/articles/a").await;
    assert_eq!(header(&read, "etag"), tag, "the tag of what readers get");
    assert_eq!(read.json::<Value>().await.unwrap(), first);

    let second = with(first, json!({ "title": "Tựa khác" }));
    let replaced = desk.put(&second, &[("if-match", &tag)]).await;
    assert_eq!(replaced.status(), 200);
    assert_ne!(header(&replaced, "etag"), tag);
    let again = desk.put(&second, &[]).await;
    assert_eq!(again.status(), 204);
    assert_eq!(header(&again, "etag"), header(&replaced, "etag"));
    assert_eq!(desk.revisions("a").await.len(), 2);
    let embed = desk.server.get_json("/v1/embed/a").await;
    assert!(embed["html"].as_str().unwrap().contains("Tựa khác"));
}

#[tokio::test]
async fn what_a_later_version_means_by_our_names_keeps_no_article_from_its_readers() {
    let desk = Desk::with(&[]).await;
    let poll =
        json!({ "items": { "có": 3 }, "title": ["?"], "kind": "poll", "fallback": "Bình chọn" });
    let mention = json!({ "kind": "mention", "text": { "of": 7 }, "content": ["@Minh Kha"] });
    let body = json!([poll, { "kind": "paragraph", "content": ["Theo ", mention] }]);
    let given = with(article("a"), json!({ "body": body }));
    assert_eq!(desk.put(&given, &[]).await.status(), 201);
    assert_eq!(desk.server.get_json("/v1/articles/a").await, given);
    let embed = desk.server.get_json("/v1/embed/a").await;
    assert_eq!(embed["article"], given);
    let html = embed["html"].as_str().unwrap();
    assert!(html.contains("Bình chọn") && html.contains("@Minh Kha"), "{html}");
}

#[tokio::test]
async fn nobody_writes_without_a_token_for_that() {
    let server = Server::with(&[article("a")]).await;
    let other = token(server.folder.path(), &[Scope::StatsRead]).await;
    for method in ["PUT", "DELETE"] {
        let request = || server.request(method, "/v1/articles/a").body(article("a").to_string());
        problem(request().send().await.unwrap(), 401).await;
        problem(request().bearer_auth("awt_x").send().await.unwrap(), 401).await;
        problem(request().bearer_auth(&other).send().await.unwrap(), 403).await;
    }
    for path in ["/v1/articles/a/revisions", "/v1/articles/a/revisions/1"] {
        problem(server.get(path).await, 401).await;
    }
    assert_eq!(server.get("/v1/articles/a").await.status(), 200);
}

#[tokio::test]
async fn no_page_of_another_site_can_write() {
    let desk = Desk::with(&[article("a")]).await;
    let asks = desk.server.request("OPTIONS", "/v1/articles/a");
    let asks = asks.header("origin", "https://partner.example");
    let asks = asks.header("access-control-request-method", "PUT");
    let preflight = asks.send().await.unwrap();
    assert!(!header(&preflight, "access-control-allow-methods").contains("PUT"));
    assert!(!header(&preflight, "access-control-allow-headers").contains("authorization"));
    let deleted = desk.request("DELETE", "/v1/articles/a").header("origin", "https://x.example");
    let deleted = deleted.send().await.unwrap();
    assert_eq!(header(&deleted, "access-control-allow-origin"), "");
}

#[tokio::test]
async fn what_is_no_article_is_refused_and_changes_nothing() {
    let desk = Desk::with(&[article("a")]).await;
    let bodies = [
        ("", 400),
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        (r#"{"id":"a","title":1,"language":"vi"}"#, 400),
        (r#"{"id":"a","title":"x","language":"vi","status":"sold"}"#, 400),
    ];
    let put =
        |body: String| desk.request("PUT", "/v1/articles/a").header("if-match", "*").body(body);
    for (body, status) in bodies {
        problem(put(body.to_owned()).send().await.unwrap(), status).await;
    }
    let nested = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = format!(r#"{{"id":"a","title":"x","language":"vi","deep":{nested}}}"#);
    problem(put(nested).send().await.unwrap(), 400).await;
    for (fields, field) in [
        (json!({ "title": " " }), "title"),
        (json!({ "language": "not a tag" }), "language"),
        (json!({ "id": "b" }), "id"),
        (json!({ "embargo": "soon" }), "embargo"),
        (json!({ "corrections": [{ "at": "", "text": "x" }] }), "corrections[0].at"),
        (json!({ "body": [{ "kind": "embed", "url": "javascript:x" }] }), "body[0].url"),
    ] {
        let body = with(article("a"), fields).to_string();
        assert_eq!(problem(put(body).send().await.unwrap(), 422).await["field"], field);
    }
    for (fields, field) in [
        (json!({ "title": 1 }), "title"),
        (
            json!({ "corrections": [{ "at": "2024-11-27", "text": ["sai"] }] }),
            "corrections[0].text",
        ),
        (json!({ "status": "sold" }), "status"),
    ] {
        let body = with(article("a"), fields).to_string();
        let details = problem(put(body).send().await.unwrap(), 400).await;
        assert_eq!(details["field"], field);
        assert!(!details["detail"].as_str().unwrap().contains(" column "), "{details}");
    }
    let long = with(article("a"), json!({ "lede": "x".repeat(2 << 20) })).to_string();
    problem(put(long).send().await.unwrap(), 413).await;
    problem(desk.delete("unknown").await, 404).await;
    problem(desk.delete("%20").await, 404).await;
    assert_eq!(desk.server.get_json("/v1/articles/a").await, article("a"));
    assert_eq!(desk.revisions("a").await.len(), 1);
}

#[tokio::test]
async fn a_withdrawn_article_is_gone_from_everywhere_at_once_and_again() {
    let desk = Desk::with(&[article("a")]).await;
    let server = &desk.server;
    // Kept finished before.
    for path in ["/v1/embed/a", "/v1/embed/a?lang=en&window=off", "/embed/a", "/a/a"] {
        assert!(server.get(path).await.text().await.unwrap().contains("Đoạn văn"), "{path}");
    }
    let withdrawn = desk.delete("a").await;
    assert_eq!(withdrawn.status(), 200);
    let tag = header(&withdrawn, "etag").to_owned();
    let told: Value = withdrawn.json().await.unwrap();
    let urls = told["urls"].as_array().unwrap();
    assert!(urls.contains(&json!(format!("{}/a/a", server.url))), "{told}");
    for (path, status) in [
        ("/v1/embed/a", 200),
        ("/v1/embed/a?lang=en&window=off", 200),
        ("/embed/a", 200),
        ("/a/a", 410),
        ("/v1/articles/a", 410),
        ("/a/a/share", 410),
        ("/a/a/qr.svg", 410),
        ("/a/a/feedback", 410),
    ] {
        let response = server.get(path).await;
        assert_eq!(response.status(), status, "{path}");
        let text = response.text().await.unwrap();
        assert!(!text.contains("Đoạn văn") && !text.contains("Tựa đề"), "{path}: {text}");
    }
    let embed = server.get_json("/v1/embed/a").await;
    assert_eq!(embed["article"]["status"], "canceled");
    assert!(embed["html"].as_str().unwrap().contains("rút"), "a notice: {embed}");

    let uuid = "6f2c1d52-7d7c-4f43-9b5e-0d8f3f0f2a11";
    for (path, body, status) in [
        ("/v1/views", json!({ "article": "a", "view": uuid }), 404),
        ("/v1/shares", json!({ "article": "a", "share": uuid, "channel": "copy" }), 404),
        ("/v1/ratings", json!({ "article": "a", "rating": uuid, "useful": true }), 410),
    ] {
        problem(server.post(path, &body).await, status).await;
    }

    let again = desk.delete("a").await;
    assert_eq!((again.status().as_u16(), header(&again, "etag")), (200, &*tag));
    assert_eq!(again.json::<Value>().await.unwrap(), told);
    assert_eq!(desk.revisions("a").await.len(), 2, "the second time changed nothing");

    let back = desk.put(&article("a"), &[("if-match", &tag)]).await;
    assert_eq!(back.status(), 200);
    assert_eq!(server.get_json("/v1/articles/a").await, article("a"));
}
