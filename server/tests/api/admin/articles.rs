//! `/admin/articles`

use serde_json::{Value, json};

use super::{Browser, add_people, ageless, open, view};
use crate::support::{Server, article, header, save, with};

/// The ids of the articles on a page, in its order.
fn ids(html: &str) -> Vec<String> {
    let titles = html.split("class=\"entry-title\"").skip(1);
    let id = |part: &str| {
        let path = part.split("href=\"/admin/articles/").nth(1).unwrap();
        path.split('"').next().unwrap().to_owned()
    };
    titles.map(id).collect()
}

async fn found(browser: &Browser, query: &str) -> Vec<String> {
    let mut ids = ids(&browser.page(&format!("/admin/articles{query}")).await);
    ids.sort_unstable();
    ids
}

/// A server with these articles and two people.
async fn server_of(articles: &[Value]) -> Server {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), articles).await;
    let store = open(folder.path()).await;
    add_people(&*store).await;
    store.close().await.unwrap();
    let config = ageless(folder.path());
    Server::configured(folder, "0.1.0-test", config).await
}

fn of_every_state() -> Vec<Value> {
    vec![
        with(article("seen"), json!({ "title": "Chợ đêm Đắk Lắk", "section": "Văn hóa" })),
        with(article("soon"), json!({ "embargo": "2099-01-01", "section": "Văn hóa" })),
        with(article("kept"), json!({ "status": "withheld", "language": "en" })),
        with(article("over"), json!({ "expires": "2020-01-01", "tags": ["Ẩm thực"] })),
        with(
            article("gone"),
            json!({ "status": "canceled", "bylines": [{ "name": "Hạ Miên" }], "lede": "100% lạ" }),
        ),
    ]
}

#[tokio::test]
async fn words_find_articles_whatever_their_case_and_diacritics() {
    let server = server_of(&of_every_state()).await;
    let browser = Browser::of(&server, "binh").await;
    for (query, expected) in [
        ("?q=dak+lak", vec!["seen"]),
        ("?q=%C4%90%E1%BA%AEK", vec!["seen"]),
        ("?q=am+thuc", vec!["over"]),
        ("?q=ha+mien+la", vec!["gone"]),
        ("?q=100%25", vec!["gone"]),
        ("?q=_", vec![]),
        ("?q=https%3A%2F%2Fnews.example%2Fa%2Fsoon", vec!["soon"]),
        ("?q=doan+van", vec![]),
        ("?q=van+hoa&state=embargo", vec!["soon"]),
    ] {
        assert_eq!(found(&browser, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn states_sections_and_languages_narrow_the_list_and_the_tabs_count() {
    let server = server_of(&of_every_state()).await;
    let browser = Browser::of(&server, "binh").await;
    for (query, expected) in [
        ("", vec!["gone", "kept", "over", "seen", "soon"]),
        ("?state=visible", vec!["seen"]),
        ("?state=embargo", vec!["soon"]),
        ("?state=withheld", vec!["kept"]),
        ("?state=expired", vec!["over"]),
        ("?state=withdrawn", vec!["gone"]),
        ("?section=V%C4%83n+h%C3%B3a", vec!["seen", "soon"]),
        ("?section=V%C4%83n", vec![]),
        ("?language=en", vec!["kept"]),
    ] {
        assert_eq!(found(&browser, query).await, expected, "{query}");
    }
    let html = browser.page("/admin/articles?section=V%C4%83n+h%C3%B3a").await;
    let counts = html.split("class=\"count\">").skip(1);
    let counts: Vec<_> = counts.map(|part| part.split('<').next().unwrap()).collect();
    assert_eq!(counts, ["2", "1", "1", "0", "0", "0"]);
    for query in ["?state=lost", "?sort=luck", "?window=1h", "?page=0", "?page=x"] {
        let response = browser.get(&format!("/admin/articles{query}")).await;
        assert_eq!(response.status(), 422, "{query}");
    }
}

#[tokio::test]
async fn a_list_is_in_the_order_asked_for() {
    let articles = [
        with(article("a"), json!({ "title": "Đò ngang", "published": "2024-01-02" })),
        with(
            article("b"),
            json!({ "title": "dừa nước", "published": "2024-01-03T08:00:00+07:00" }),
        ),
        with(article("c"), json!({ "title": "Áo dài", "published": "2024-01-01" })),
    ];
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &articles).await;
    let store = open(folder.path()).await;
    add_people(&*store).await;
    let views = [("c", 3), ("a", 1)].into_iter().flat_map(|(article, count)| {
        (0..count).map(move |reader| view(article, reader, 60, "https://partner.example"))
    });
    store.record_views(views.collect()).await.unwrap();
    store.close().await.unwrap();
    let config = ageless(folder.path());
    let server = Server::configured(folder, "0.1.0-test", config).await;
    let browser = Browser::of(&server, "binh").await;
    for (query, expected) in [
        // "Áo" before "Đò" before "dừa": as without diacritics.
        ("?sort=title", ["c", "a", "b"]),
        ("?sort=published", ["b", "a", "c"]),
        ("?sort=views&window=7d", ["c", "a", "b"]),
        ("?sort=title&q=2", ["", "", ""]),
        ("?sort=published&q=tua", ["", "", ""]),
        ("?sort=published&language=vi", ["b", "a", "c"]),
    ] {
        let html = browser.page(&format!("/admin/articles{query}")).await;
        let expected: Vec<_> = expected.into_iter().filter(|id| !id.is_empty()).collect();
        assert_eq!(ids(&html), expected, "{query}");
    }
    let html = browser.page("/admin/articles?sort=views&window=7d&lang=en").await;
    let counted = [
        "<strong>3</strong><span class=\"soft\">views</span>",
        "<strong>1</strong><span class=\"soft\">view</span>",
    ];
    assert!(counted.iter().all(|views| html.contains(views)), "{html}");
    // The same order by words as without.
    for sort in ["title", "published", "changed"] {
        let all = ids(&browser.page(&format!("/admin/articles?sort={sort}")).await);
        store_words(&browser, sort, all).await;
    }
}

/// Every article has its language's letters in its title: one word that all have keeps the order.
async fn store_words(browser: &Browser, sort: &str, expected: Vec<String>) {
    let html = browser.page(&format!("/admin/articles?sort={sort}&q=a")).await;
    let found = ids(&html);
    let expected: Vec<_> = expected.into_iter().filter(|id| found.contains(id)).collect();
    assert_eq!(found, expected, "{sort}");
    assert!(found.len() > 1);
}

#[tokio::test]
async fn a_list_is_paged_and_taken_along_whole() {
    let articles: Vec<Value> = (0..120)
        .map(|number| {
            with(
                article(&format!("bai-{number:03}")),
                json!({ "title": format!("=Bài {number:03}") }),
            )
        })
        .collect();
    let server = server_of(&articles).await;
    let browser = Browser::of(&server, "binh").await;
    let (mut path, mut seen) = ("/admin/articles?sort=title".to_owned(), Vec::new());
    loop {
        let html = browser.page(&path).await;
        seen.extend(ids(&html));
        let Some(next) = html.split("rel=\"next\" href=\"").nth(1) else { break };
        path = next.split('"').next().unwrap().replace("&amp;", "&");
    }
    let all: Vec<_> = (0..120).map(|number| format!("bai-{number:03}")).collect();
    assert_eq!(seen, all);
    assert!(browser.page("/admin/articles?page=3").await.contains("Trang 3 / 3"));
    assert!(ids(&browser.page("/admin/articles?page=4").await).is_empty());

    let response = browser.get("/admin/articles.csv?sort=title&page=2").await;
    assert!(header(&response, "content-disposition").contains("articles-20"));
    let text = response.text().await.unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 120);
    assert_eq!((&rows[7][0], &rows[7][1], &rows[7][2]), ("bai-007", "'=Bài 007", "visible"));
    let rows =
        browser.get("/admin/articles.json?q=bai-007").await.json::<Vec<Value>>().await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["title"], "=Bài 007");
    assert_eq!((&rows[0]["views"], &rows[0]["section"]), (&json!(0), &Value::Null));
    let none = browser.get("/admin/articles.json?q=none").await.text().await.unwrap();
    assert_eq!(none, "[]\n");
}

#[tokio::test]
async fn nobody_sees_anything_of_it_without_logging_in() {
    let server = server_of(&of_every_state()).await;
    let browser = Browser::new(&server.url);
    for path in [
        "/admin",
        "/admin/articles",
        "/admin/articles.csv",
        "/admin/articles.json",
        "/admin/articles/seen",
        "/admin/articles/seen/hours.csv",
        "/admin/articles/seen/edit",
        "/admin/articles/seen/correct",
        "/admin/articles/seen/withdraw",
        "/admin/articles/seen/revisions",
        "/admin/articles/seen/revisions/1",
        "/admin/reading",
        "/admin/reading/most-read.json",
        "/admin/partners",
        "/admin/partners.csv",
        "/admin/feeds",
        "/admin/feeds.json",
    ] {
        let response = browser.get(path).await;
        assert_eq!(response.status(), 303, "{path}");
        assert!(header(&response, "location").starts_with("/admin/login"), "{path}");
        assert!(!response.text().await.unwrap().contains("Lắk"), "{path}");
    }
    for path in [
        "/admin/articles/seen/withdraw",
        "/admin/articles/seen/revisions/1/restore",
        "/admin/partners/standing",
    ] {
        assert_eq!(browser.post(path, &[("seen", "x")]).await.status(), 303, "{path}");
    }
    assert_eq!(server.get("/v1/articles/seen").await.status(), 200);
}
