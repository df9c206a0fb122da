//! `/a/{id}`

use serde_json::json;

use crate::support::{Server, article, header, problem, with};

#[tokio::test]
async fn the_page_is_complete_without_a_script() {
    let server = Server::with(&[with(
        article("a"),
        json!({
            "title": "Chợ <đêm> & phố núi",
            "lede": "Một câu dẫn.",
            "lead_image": { "sources": [{ "url": "/media/photo.jpg", "width": 640, "height": 480 }] },
        }),
    )])
    .await;
    let response = server.get("/a/a?fbclid=1").await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&response, "cache-control"), "public, max-age=20, s-maxage=20");
    assert!(header(&response, "content-security-policy").contains("'wasm-unsafe-eval'"));
    let html = response.text().await.unwrap();
    for part in [
        "<html lang=\"vi\" dir=\"ltr\">".to_owned(),
        "<title>Chợ &#60;đêm&#62; &#38; phố núi</title>".to_owned(),
        format!("<link rel=\"canonical\" href=\"{}/a/a\">", server.url),
        "<meta name=\"description\" content=\"Một câu dẫn.\">".to_owned(),
        format!("<meta property=\"og:image\" content=\"{}/media/photo.jpg\">", server.url),
        format!("<article-widget src=\"{}\" article=\"a\"", server.url),
        "Đoạn văn thứ nhất.".to_owned(),
        format!("<script async src=\"{}/embed.js\"></script>", server.url),
        "<a href=\"/a/a/embed\">Đăng lại bài này</a>".to_owned(),
    ] {
        assert!(html.contains(&part), "{part} in {html}");
    }
}

#[tokio::test]
async fn a_frame_holds_the_same_for_every_page_and_for_no_search_engine() {
    let gone = with(article("gone"), json!({ "status": "canceled" }));
    let server = Server::with(&[article("a"), gone]).await;
    let response = server.get("/embed/a").await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "x-robots-tag"), "noindex");
    assert!(!header(&response, "content-security-policy").contains("frame-ancestors"));
    let html = response.text().await.unwrap();
    let original = format!("<a href=\"{}/a/a\">Đọc trên trang gốc</a>", server.url);
    assert!(html.contains("Đoạn văn thứ nhất.") && html.contains(&original), "{html}");
    let response = server.get("/embed/gone").await;
    assert_eq!(response.status(), 200);
    assert!(response.text().await.unwrap().contains("rút lại"));
}

#[tokio::test]
async fn a_frame_runs_the_script_that_speaks_to_the_page_around() {
    let server = Server::with(&[article("a")]).await;
    let html = server.get("/embed/a").await.text().await.unwrap();
    // Before the loader, which reads what it says.
    let scripts = format!(
        "<script src=\"{0}/v/0.1.0-test/frame.js\"></script>\n\
         <script async src=\"{0}/embed.js\"></script>",
        server.url
    );
    assert!(html.contains(&scripts), "{html}");
}

/// Whoever asks, a program or a frame: what is there is shown to people.
#[tokio::test]
async fn a_frame_of_nothing_says_so_and_can_be_shown() {
    let later = with(article("later"), json!({ "embargo": "2999-01-01" }));
    let server = Server::with(&[article("a"), later]).await;
    for (path, status, words) in [
        ("/embed/unknown", 404, "Không có bài viết này."),
        ("/embed/later", 404, "Không có bài viết này."),
        ("/embed/%20", 404, "Không có bài viết này."),
        ("/embed/a?window=2h", 422, "Không thực hiện được yêu cầu này."),
    ] {
        for accept in ["text/html", "*/*"] {
            let request = server.request("GET", path).header("accept", accept);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), status, "{path}");
            assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
            assert_eq!(header(&response, "cache-control"), "no-store");
            assert_eq!(header(&response, "x-robots-tag"), "noindex");
            let policy = header(&response, "content-security-policy");
            assert!(!policy.contains("frame-ancestors"), "{policy}");
            assert!(response.text().await.unwrap().contains(words), "{path}");
        }
    }
}

#[tokio::test]
async fn the_original_is_the_canonical_page() {
    let original = json!({ "canonical_url": "https://news.example/cho-dem" });
    let server = Server::with(&[with(article("a"), original)]).await;
    let html = server.get("/a/a?lang=en").await.text().await.unwrap();
    assert!(html.contains("<link rel=\"canonical\" href=\"https://news.example/cho-dem\">"));
    assert!(
        html.contains("<html lang=\"en\" dir=\"ltr\">")
            && html.contains("lang=\"en\" class=\"aw-auto\"")
    );
}

#[tokio::test]
async fn a_withdrawn_article_leaves_a_page_that_says_so() {
    let server = Server::with(&[with(article("a"), json!({ "status": "canceled" }))]).await;
    let response = server.get("/a/a").await;
    assert_eq!(response.status(), 410);
    let html = response.text().await.unwrap();
    assert!(html.contains("rút lại") && !html.contains("Đoạn văn") && !html.contains("/embed\">"));
    assert_eq!(server.get("/a/unknown").await.status(), 404);
}

#[tokio::test]
async fn a_person_gets_a_page_where_something_is_wrong_and_a_script_gets_json() {
    let server = Server::with(&[with(article("gone"), json!({ "status": "canceled" }))]).await;
    for (path, status) in [
        ("/a/unknown", 404),
        ("/a/unknown/feedback", 404),
        ("/a/gone/feedback", 410),
        ("/a/gone?window=2h", 422),
    ] {
        problem(server.get(path).await, status).await;
        let request = server.request("GET", path).header("accept", "text/html,*/*;q=0.8");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
        assert_eq!(header(&response, "cache-control"), "no-store");
        assert!(response.text().await.unwrap().contains("<html lang=\"vi\" dir=\"ltr\">"));
    }
}
