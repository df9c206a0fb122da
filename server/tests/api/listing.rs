//! What `/a/{id}` says to whoever lists or shares it.

use article_server::config::Config;
use serde_json::{Value, json};

use crate::support::{self, Server, article, config, with};

/// The head's elements, one a line.
async fn head(server: &Server, path: &str) -> String {
    let html = server.get(path).await.text().await.unwrap();
    html.split_once("</head>").expect("there is a head").0.to_owned()
}

fn json_ld(head: &str) -> Value {
    let script = head.split_once("<script type=\"application/ld+json\">").expect("there is data").1;
    serde_json::from_str(script.split_once("</script>").expect("it ends").0).expect("it is JSON")
}

fn full() -> Value {
    with(
        article("a"),
        json!({
            "title": "Chợ đêm", "lede": "Một câu dẫn.", "section": "Đời sống", "tags": ["chợ", "phố"],
            "published": "2024-11-27T08:30:00+07:00", "updated": "2024-11-28T09:00:00+07:00",
            "alternates": { "en": "b" }, "bylines": [{ "name": "Hạ Miên", "url": "https://news.example/ha-mien" }],
            "lead_image": {
                "sources": [
                    { "url": "/media/small.jpg", "width": 480, "height": 270 },
                    { "url": "/media/photo.jpg", "width": 960, "height": 540 },
                ],
                "caption": ["Quang ", { "kind": "strong", "content": ["cảnh"] }],
            },
        }),
    )
}

#[tokio::test]
async fn a_shared_link_shows_title_picture_and_publisher() {
    let folder = tempfile::tempdir().unwrap();
    support::save(folder.path(), &[full()]).await;
    let config = Config { publisher: Some("Báo & Ví Dụ".into()), ..config(folder.path()) };
    let server = Server::configured(folder, "0.1.0-test", config).await;
    let head = head(&server, "/a/a").await;
    let url = &server.url;
    for (name, content) in [
        ("name=\"description\"", "Một câu dẫn."),
        ("property=\"og:type\"", "article"),
        ("property=\"og:title\"", "Chợ đêm"),
        ("property=\"og:description\"", "Một câu dẫn."),
        ("property=\"og:url\"", &format!("{url}/a/a")),
        ("property=\"og:site_name\"", "Báo &#38; Ví Dụ"),
        ("property=\"og:locale\"", "vi_VN"),
        ("property=\"og:locale:alternate\"", "en_US"),
        ("property=\"og:image\"", &format!("{url}/media/photo.jpg")),
        ("property=\"og:image:width\"", "960"),
        ("property=\"og:image:height\"", "540"),
        ("property=\"og:image:alt\"", "Quang cảnh"),
        ("property=\"article:published_time\"", "2024-11-27T08:30:00+07:00"),
        ("property=\"article:modified_time\"", "2024-11-28T09:00:00+07:00"),
        ("property=\"article:section\"", "Đời sống"),
        ("property=\"article:tag\"", "chợ"),
        ("property=\"article:tag\"", "phố"),
        ("name=\"twitter:card\"", "summary_large_image"),
    ] {
        let meta = format!("<meta {name} content=\"{content}\">\n");
        assert!(head.contains(&meta), "{meta} in {head}");
    }
    let publisher = json!({ "@type": "Organization", "name": "Báo & Ví Dụ", "url": url });
    assert_eq!(
        json_ld(&head),
        json!({
            "@context": "https://schema.org", "@type": "NewsArticle",
            "headline": "Chợ đêm", "description": "Một câu dẫn.",
            "image": {
                "@type": "ImageObject", "url": format!("{url}/media/photo.jpg"), "width": 960, "height": 540,
            },
            "datePublished": "2024-11-27T08:30:00+07:00", "dateModified": "2024-11-28T09:00:00+07:00",
            "author": [{ "@type": "Person", "name": "Hạ Miên", "url": "https://news.example/ha-mien" }],
            "publisher": publisher, "inLanguage": "vi", "isAccessibleForFree": true,
            "mainEntityOfPage": format!("{url}/a/a"), "articleSection": "Đời sống", "keywords": ["chợ", "phố"],
        })
    );
}

#[tokio::test]
async fn no_text_of_an_article_becomes_markup_or_script() {
    let hostile = "</script><script>alert(1)</script>\"'&<!--\u{2028}";
    let fields = json!({
        "title": hostile, "lede": hostile, "section": hostile, "tags": [hostile],
        "bylines": [{ "name": hostile }],
        "lead_image": { "sources": [{ "url": "/media/a.jpg" }], "alt": hostile },
    });
    let server = Server::with(&[with(article("a"), fields)]).await;
    let head = head(&server, "/a/a").await;
    assert_eq!(head.matches("<script").count(), 1, "{head}");
    assert_eq!(head.matches("</script>").count(), 1, "{head}");
    assert!(!head.contains("<!--"), "{head}");
    let escaped =
        "&#60;/script&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#38;&#60;!--";
    assert!(head.contains(&format!("<meta property=\"og:title\" content=\"{escaped}")), "{head}");
    let data = json_ld(&head);
    for text in [&data["headline"], &data["articleSection"], &data["author"][0]["name"]] {
        assert_eq!(text, hostile);
    }
}

#[tokio::test]
async fn without_a_lede_or_a_picture_the_first_paragraph_speaks() {
    let server = Server::with(&[article("a")]).await;
    let head = head(&server, "/a/a").await;
    assert!(head.contains("<meta property=\"og:description\" content=\"Đoạn văn thứ nhất.\">"));
    assert!(head.contains("<meta name=\"twitter:card\" content=\"summary\">"), "{head}");
    assert!(!head.contains("og:image"), "{head}");
    let host = server.url.strip_prefix("http://").unwrap();
    assert!(head.contains(&format!("og:site_name\" content=\"{host}\">")), "{head}");
    assert_eq!(json_ld(&head)["author"][0]["name"], host);
}

#[tokio::test]
async fn of_a_withdrawn_article_nothing_is_listed() {
    let server = Server::with(&[with(full(), json!({ "status": "canceled" }))]).await;
    let head = head(&server, "/a/a").await;
    assert!(head.contains("<meta name=\"robots\" content=\"noindex\">"), "{head}");
    for word in ["og:", "application/ld+json", "Chợ", "dẫn", "photo.jpg"] {
        assert!(!head.contains(word), "{word} in {head}");
    }
}

#[tokio::test]
async fn the_preview_is_this_pages_and_search_engines_are_sent_to_the_original() {
    let original = "https://caonguyen.example/cho-dem.html";
    let article = with(full(), json!({ "canonical_url": original }));
    let server = Server::with(&[article]).await;
    let head = head(&server, "/a/a").await;
    assert!(head.contains(&format!("<meta property=\"og:url\" content=\"{}/a/a\">", server.url)));
    assert!(head.contains(&format!("<link rel=\"canonical\" href=\"{original}\">")));
}
