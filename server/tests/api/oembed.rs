//! `/oembed`, and how it is found.

use serde_json::{Value, json};

use crate::support::{Server, article, header, problem, with};

const TITLE: &str = "Chợ <đêm> & \"phố\" núi";

fn photographed() -> Value {
    let sources = json!([
        { "url": "/media/small.jpg", "width": 400, "height": 300 },
        { "url": "/media/large.jpg", "width": 1200, "height": 900 },
        { "url": "/media/large.avif", "type": "image/avif", "width": 2000, "height": 1500 },
    ]);
    let fields = json!({
        "title": TITLE,
        "bylines": [{ "name": "Hạ Miên" }, { "name": "Lê An" }],
        "lead_image": { "sources": sources },
    });
    with(article("a"), fields)
}

/// A page's address, as a parameter.
fn url(server: &Server, path: &str) -> String {
    let url = format!("{}{path}", server.url);
    url::form_urlencoded::byte_serialize(url.as_bytes()).collect()
}

/// What the specification calls a rich answer, whatever follows the article's address in it.
#[tokio::test]
async fn an_article_is_a_frame_as_large_as_there_is_room() {
    let server = Server::with(&[photographed()]).await;
    let asked = url(&server, "/a/a?s=f-0&lang=en#top");
    // As WordPress asks.
    let path = format!("/oembed?maxwidth=500&maxheight=750&url={asked}&dnt=1&format=json");
    let response = server.get(&path).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "application/json");
    assert_eq!(header(&response, "cache-control"), "public, max-age=20, s-maxage=20");
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    let tag = header(&response, "etag").to_owned();
    let mut answer: Value = response.json().await.unwrap();
    let html = answer["html"].take();
    let host = server.url.strip_prefix("http://").unwrap();
    assert_eq!(
        answer,
        json!({
            "type": "rich", "version": "1.0", "title": TITLE, "author_name": "Hạ Miên, Lê An",
            "provider_name": host, "provider_url": server.url, "cache_age": 60,
            "thumbnail_url": format!("{}/media/small.jpg", server.url),
            "thumbnail_width": 400, "thumbnail_height": 300,
            "html": null, "width": 500, "height": 750,
        })
    );
    let html = html.as_str().unwrap();
    let title = "Chợ &#60;đêm&#62; &#38; &#34;phố&#34; núi";
    let link = format!("<a href=\"{}/a/a\">{title}</a></blockquote><iframe ", server.url);
    assert!(html.starts_with("<blockquote ") && html.contains(&link), "{html}");
    let frame = format!(
        "src=\"{}/embed/a?lang=en\" title=\"{title}\" width=\"500\" height=\"750\"",
        server.url
    );
    assert!(html.contains(&frame) && html.ends_with("></iframe>"), "{html}");
    assert!(!html.contains('\n'), "WordPress makes paragraphs of lines");

    let again = server.request("GET", &path).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    let large = server.get_json(&format!("/oembed?url={asked}&maxwidth=0")).await;
    assert_eq!(large["thumbnail_width"], 1200, "no file that some cannot show");
    assert_eq!((&large["width"], &large["height"]), (&json!(640), &json!(800)));
    let tiny = server.get_json(&format!("/oembed?url={asked}&maxwidth=90&maxheight=60")).await;
    assert_eq!((&tiny["width"], &tiny["height"]), (&json!(90), &json!(60)));
    assert_eq!(tiny["thumbnail_url"], Value::Null, "none is small enough");
}

#[tokio::test]
async fn xml_says_the_same_and_is_xml_whatever_the_title_holds() {
    let odd = with(article("a"), json!({ "title": "Một\u{b}, hai & <ba>\u{ffff}" }));
    let server = Server::with(&[odd]).await;
    let response =
        server.get(&format!("/oembed?format=xml&url={}", url(&server, "/embed/a"))).await;
    assert_eq!(header(&response, "content-type"), "text/xml; charset=utf-8");
    let xml = response.text().await.unwrap();
    assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\""), "{xml}");
    for part in [
        "<type>rich</type>",
        "<title>Một, hai &#38; &#60;ba&#62;</title>",
        "<html>&#60;blockquote class=&#34;wp-embedded-content&#34;",
        "<width>640</width>\n<height>800</height>\n</oembed>",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert!(!xml.contains("author_name") && !xml.contains("thumbnail"), "{xml}");
}

#[tokio::test]
async fn what_readers_may_not_see_is_not_there() {
    let gone = with(article("gone"), json!({ "status": "canceled" }));
    let later = with(article("later"), json!({ "embargo": "2999-01-01" }));
    let server = Server::with(&[article("a"), gone, later]).await;
    for path in ["/a/gone", "/a/later", "/a/unknown", "/a/a/share", "/", "/v1/embed/a"] {
        problem(server.get(&format!("/oembed?url={}", url(&server, path))).await, 404).await;
    }
    problem(server.get("/oembed?url=https%3A%2F%2Fother.example%2Fa%2Fa").await, 404).await;
    let details = problem(server.get("/oembed").await, 422).await;
    assert_eq!(details["field"], "url");
    let asked = url(&server, "/a/a");
    let details = problem(server.get(&format!("/oembed?url={asked}&maxwidth=-5")).await, 400).await;
    assert_eq!(details["field"], "maxwidth");
    assert_eq!(details["detail"], "maxwidth: invalid digit found in string");
    problem(server.get(&format!("/oembed?url={asked}&format=yaml")).await, 501).await;
}

/// As WordPress finds it: in the head's text, up to its end, by a pattern and with few entities known.
#[tokio::test]
async fn a_page_says_where_its_oembed_is() {
    let gone = with(article("gone"), json!({ "status": "canceled" }));
    let server = Server::with(&[photographed(), gone]).await;
    let html = server.get("/a/a?lang=en").await.text().await.unwrap();
    let (head, _) = html.split_once("</head>").unwrap();
    assert!(head.len() < 150 << 10);
    let link = |kind: &str| {
        let (_, link) =
            head.split_once(&format!("<link rel=\"alternate\" type=\"{kind}\" href=\""))?;
        Some(link.split_once('"')?.0.replace("&amp;", "&"))
    };
    for (kind, starts) in [("application/json+oembed", "{\"type\""), ("text/xml+oembed", "<?xml")] {
        let link = link(kind).unwrap();
        let path = link.strip_prefix(&server.url).unwrap();
        let answer = server.get(path).await;
        assert_eq!(answer.status(), 200, "{link}");
        let answer = answer.text().await.unwrap();
        assert!(answer.starts_with(starts) && answer.contains("/embed/a?lang=en"), "{answer}");
    }
    let html = server.get("/a/gone").await.text().await.unwrap();
    assert!(!html.contains("oembed"), "nothing is told of it");
}
