//! `/a/{id}/share` and `/a/{id}/qr.svg`

use serde_json::json;

use crate::support::{Server, article, header, problem, with};

/// A browser's page, not a script's JSON.
async fn page(server: &Server, path: &str) -> (u16, String) {
    let request = server.request("GET", path).header("accept", "text/html,*/*;q=0.8");
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn the_page_offers_the_marked_link_a_code_and_a_mail_without_a_script() {
    let hostile = json!({ "title": "Chợ <b>&\"đêm\"", "lede": "Câu dẫn." });
    let server = Server::with(&[with(article("a"), hostile)]).await;
    let response = server.get("/a/a/share?s=z-1x3k9a&fbclid=1").await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&response, "cache-control"), "public, max-age=20, s-maxage=20");
    let policy = header(&response, "content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    let html = response.text().await.unwrap();
    for part in [
        "<html lang=\"vi\" dir=\"ltr\">".to_owned(),
        "<h1>Gửi bài này cho bạn bè</h1>".to_owned(),
        "<meta name=\"robots\" content=\"noindex\">".to_owned(),
        "<a href=\"/a/a\" dir=\"auto\">Chợ &#60;b&#62;&#38;&#34;đêm&#34;</a>".to_owned(),
        format!("readonly value=\"{}/a/a?s=z-1x3k9a\"", server.url),
        "<a href=\"mailto:?subject=Ch%E1%BB%A3%20%3Cb%3E%26%22%C4%91%C3%AAm%22&#38;body="
            .to_owned(),
        "%3Fs%3De-1x3k9a\">".to_owned(),
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ".to_owned(),
        "<title>Chợ &lt;b&gt;&amp;\"đêm\"</title>".to_owned(),
    ] {
        assert!(html.contains(&part), "{part} in {html}");
    }
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
}

#[tokio::test]
async fn the_page_speaks_the_language_asked_for_and_takes_no_mangled_mark() {
    let server = Server::with(&[article("a")]).await;
    let (_, html) = page(&server, "/a/a/share?lang=en&s=%22%3E%3Cscript%3E").await;
    assert!(html.contains("<html lang=\"en\" dir=\"ltr\">"), "{html}");
    assert!(html.contains("<h1>Send this article to friends</h1>"), "{html}");
    assert!(html.contains("/a/a?s=a-0\"") && !html.contains("<script"), "{html}");
}

#[tokio::test]
async fn what_is_gone_is_not_shared() {
    let gone = with(article("gone"), json!({ "status": "canceled" }));
    let hidden = with(article("hidden"), json!({ "embargo": "2999-01-01T00:00:00Z" }));
    let server = Server::with(&[gone, hidden]).await;
    for (id, status) in [("gone", 410), ("hidden", 404), ("unknown", 404), ("%20", 404)] {
        let (found, html) = page(&server, &format!("/a/{id}/share")).await;
        assert_eq!(found, status, "{id}");
        assert!(html.contains("<h1>"), "a person reads why: {html}");
        problem(server.get(&format!("/a/{id}/qr.svg")).await, status).await;
    }
}

#[tokio::test]
async fn a_code_is_a_picture_that_any_page_may_show_and_any_cache_may_keep() {
    let server = Server::with(&[article("a")]).await;
    let path = "/a/a/qr.svg?s=f-1x3k9a";
    let response = server.get(path).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "image/svg+xml");
    assert_eq!(header(&response, "cache-control"), "public, max-age=20, s-maxage=20");
    assert_eq!(header(&response, "content-security-policy"), "default-src 'none'");
    assert_eq!(header(&response, "cross-origin-resource-policy"), "cross-origin");
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    let tag = header(&response, "etag").to_owned();
    let svg = response.text().await.unwrap();
    assert!(svg.contains("<title>Tựa đề của a</title>"), "{svg}");

    let again = server.request("GET", path).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    // What it says is the server's own link, marked as scanned; of the query only the partner goes in.
    let expected = |mark: &str| {
        let link = format!("{}/a/a?s={mark}", server.url);
        article_server::qr::svg(&link, "Tựa đề của a").unwrap()
    };
    assert_eq!(svg, expected("q-1x3k9a"));
    for query in ["", "?s=f-UPPER", "?s=https://evil.example", "?s=q-1x3k9a%26x%3D1"] {
        let svg = server.get(&format!("/a/a/qr.svg{query}")).await.text().await.unwrap();
        assert_eq!(svg, expected("q-0"), "{query}");
    }
}
