//! The pages of figures: today, one article, all of them, partners and feeds.

use article_server::clock::{Clock as _, SystemClock};
use article_server::store::Channel;
use article_server::store::{FeedEnd, FeedTry, Refusal, Share, Standing};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Browser, add_people, ageless, feedback, open, view};
use crate::support::{Server, article, save};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const FIRST: &str = "https://first.example";
const SECOND: &str = "https://second.example";

/// A server on which `a` was read by five on two partners' pages, and refused to three; `b` and `c` by one.
async fn server() -> Server {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a"), article("b"), article("c")]).await;
    let store = open(folder.path()).await;
    add_people(&*store).await;
    let mut views: Vec<_> = (0..3).map(|reader| view("a", reader, 5, FIRST)).collect();
    views.extend((3..5).map(|reader| view("a", reader, 5, SECOND)));
    views.push(view("a", 0, 4, FIRST));
    for refused in [Refusal::Bot, Refusal::Rate] {
        views
            .push(article_server::store::View { refused: Some(refused), ..view("a", 9, 3, FIRST) });
    }
    views.extend(["b", "c"].map(|article| view(article, 1, 5, FIRST)));
    views[0].share = Some("z-0".into());
    store.record_views(views).await.unwrap();
    let share = Share {
        article: article_widget::contract::ArticleId::parse("a").unwrap(),
        share: Uuid::new_v4().into_bytes(),
        at: SystemClock.now(),
        partner: FIRST.into(),
        channel: Channel::Zalo,
        refused: None,
    };
    store.record_shares(vec![share]).await.unwrap();
    store.save_feedback(&feedback(1, |_| {})).await.unwrap();
    let (at, url) = (SystemClock.now(), "https://feed.example/rss");
    store.claim_feed(url, at, at + 60).await.unwrap();
    let end = FeedEnd::Failed("It answered 500.".into());
    store.record_feed_try(url, &FeedTry { at, due_at: at + 600, end }).await.unwrap();
    store.close().await.unwrap();
    let config = ageless(folder.path());
    Server::configured(folder, "0.1.0-test", config).await
}

async fn rows(browser: &Browser, path: &str) -> Vec<Value> {
    let response = browser.get(path).await;
    assert_eq!(response.status(), 200, "{path}");
    response.json().await.unwrap()
}

/// The sum of a column of figures.
fn sum(rows: &[Value], column: &str) -> u64 {
    rows.iter().map(|row| row[column].as_u64().unwrap()).sum()
}

/// The figure on the tile of this name.
fn tile(html: &str, name: &str) -> String {
    let before = html.split(&format!("<span class=\"tile-name\">{name}<")).next().unwrap();
    let figure = before.rsplit("<span class=\"tile-figure\">").next().unwrap();
    figure.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_overview_shows_today_and_what_waits() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    let html = browser.page("/admin").await;
    for (name, figure) in [
        ("lượt đọc trong 24 giờ", "7"),
        ("phản hồi mới", "1"),
        ("trang đối tác mới", "2"),
        ("nguồn tin gặp trục trặc", "1"),
    ] {
        assert_eq!(tile(&html, name), figure, "{name}");
    }
    assert!(html.contains("class=\"sparkline\"") && html.contains("href=\"/admin/articles/a\""));
    assert_eq!(html.matches("role=\"img\"").count(), 4, "a chart, and a course for each article");
}

#[tokio::test]
async fn an_articles_figures_are_the_same_on_the_page_and_in_files() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    for window in ["24h", "7d", "30d", "all"] {
        let html = browser.page(&format!("/admin/articles/a?window={window}")).await;
        assert_eq!(tile(&html, "Lượt đọc"), "5", "{window}");
        assert_eq!(tile(&html, "Số giây đọc trung bình"), "40", "{window}");
        assert!(html.contains("first.example") && html.contains("Zalo"), "{window}");
        let file = |name: &str| format!("/admin/articles/a/{name}.json?window={window}");
        let hours = rows(&browser, &file("hours")).await;
        let of = |column| sum(&hours, column);
        assert_eq!((of("raw"), of("views"), of("readers")), (8, 5, 5), "{window}");
        assert_eq!((of("bots"), of("rate"), of("repeats")), (1, 1, 1), "{window}");
        let partners = rows(&browser, &file("partners")).await;
        assert_eq!((&partners[0]["partner"], &partners[0]["views"]), (&json!(FIRST), &json!(3)));
        assert_eq!((&partners[1]["partner"], &partners[1]["views"]), (&json!(SECOND), &json!(2)));
        let shares = rows(&browser, &file("shares")).await;
        assert_eq!((&shares[0]["channel"], &shares[0]["shares"]), (&json!("zalo"), &json!(1)));
        let arrivals = rows(&browser, &file("arrivals")).await;
        assert_eq!((&arrivals[0]["channel"], &arrivals[0]["views"]), (&json!("zalo"), &json!(1)));
    }
    assert_eq!(browser.get("/admin/articles/a?window=1h").await.status(), 422);
}

#[tokio::test]
async fn the_figures_of_all_articles_are_the_sum_of_each() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    let html = browser.page("/admin/reading?window=7d").await;
    assert_eq!(tile(&html, "Lượt đọc"), "7");
    assert!(html.contains("second.example") && html.contains("Tựa đề của a"));
    let hours = rows(&browser, "/admin/reading/hours.json").await;
    assert_eq!((sum(&hours, "raw"), sum(&hours, "views"), sum(&hours, "bots")), (10, 7, 1));
    let partners = rows(&browser, "/admin/reading/partners.json").await;
    assert_eq!(sum(&partners, "views"), 7);
    let most_read = rows(&browser, "/admin/reading/most-read.json?window=24h").await;
    assert_eq!((&most_read[0]["id"], &most_read[0]["views"]), (&json!("a"), &json!(5)));
    let shared = rows(&browser, "/admin/reading/shared.json").await;
    assert_eq!((&shared[0]["id"], &shared[0]["arrivals"]), (&json!("a"), &json!(1)));
    assert_eq!(rows(&browser, "/admin/reading/deep.json").await, Vec::<Value>::new());
    assert_eq!(browser.get("/admin/reading/secrets.csv").await.status(), 404);
    assert_eq!(browser.get("/admin/reading?window=all").await.status(), 422);
}

#[tokio::test]
async fn a_wider_list_is_taken_along_as_it_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &["a", "b", "c"].map(article)).await;
    let store = open(folder.path()).await;
    add_people(&*store).await;
    let ago = 30 * 3600;
    store.record_views(["a", "b", "c"].map(|id| view(id, 0, ago, FIRST)).into()).await.unwrap();
    store.close().await.unwrap();
    let config = ageless(folder.path());
    let server = Server::configured(folder, "0.1.0-test", config).await;
    let browser = Browser::of(&server, "binh").await;
    let html = browser.page("/admin/reading?window=24h").await;
    let file = "/admin/reading/most-read.json?window=7d";
    assert!(html.contains(file), "{html}");
    assert_eq!(rows(&browser, file).await.len(), 3);
}

#[tokio::test]
async fn a_partner_is_blocked_allowed_and_forgotten() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    let html = browser.page("/admin/partners").await;
    assert!(html.find("first.example").unwrap() < html.find("second.example").unwrap());
    assert!(html.contains(&format!("<a href=\"{FIRST}\" rel=\"noreferrer\"")), "a look at it");
    let press = async |origin: &str, standing: &str| {
        let form =
            [("origin", origin), ("standing", standing), ("back", "/admin/partners?q=second")];
        browser.post("/admin/partners/standing", &form).await
    };
    let response = press(SECOND, "blocked").await;
    assert_eq!(response.status(), 303);
    let location = response.headers()["location"].to_str().unwrap();
    assert_eq!(location, "/admin/partners?q=second&done=set");
    assert!(browser.page(location).await.contains("badge blocked"));
    // It holds at once.
    let page = format!("{SECOND}/tin");
    let body =
        json!({ "article": "a", "view": Uuid::new_v4().to_string(), "page": page }).to_string();
    let beacon = server.request("POST", "/v1/views").header("user-agent", BROWSER).body(body);
    let outcome: Value = beacon.send().await.unwrap().json().await.unwrap();
    assert_eq!(outcome["outcome"], "refused");
    for (query, expected) in [
        ("?standing=blocked", vec![SECOND]),
        ("?standing=new", vec![FIRST]),
        ("?q=FIRST", vec![FIRST]),
        ("?q=none", vec![]),
    ] {
        let rows = rows(&browser, &format!("/admin/partners.json{query}")).await;
        let origins: Vec<_> = rows.iter().map(|row| row["partner"].as_str().unwrap()).collect();
        assert_eq!(origins, expected, "{query}");
    }
    assert_eq!(press(SECOND, "new").await.status(), 303);
    for (origin, standing) in [("javascript:alert(1)", "blocked"), (SECOND, "lost"), ("", "new")] {
        assert_eq!(press(origin, standing).await.status(), 422, "{origin} {standing}");
    }
    let away = [("origin", FIRST), ("standing", "allowed"), ("back", "https://evil.example/")];
    let response = browser.post("/admin/partners/standing", &away).await;
    assert_eq!(response.headers()["location"], "/admin?done=set");
    let store = open(server.folder.path()).await;
    let partners = store.partners().await.unwrap();
    let standings: Vec<_> = partners.iter().map(|partner| partner.standing).collect();
    assert_eq!(standings, [Standing::Allowed, Standing::New]);
}

#[tokio::test]
async fn a_feed_in_trouble_says_why() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    let html = browser.page("/admin/feeds").await;
    assert!(html.contains("https://feed.example/rss") && html.contains("It answered 500."));
    let seconds = regex::Regex::new(r"kiểm tra lại \d\d:\d\d:\d\d, ").unwrap();
    assert!(seconds.is_match(&html), "feeds may be asked more often than by the minute: {html}");
    let rows = rows(&browser, "/admin/feeds.json").await;
    assert_eq!((&rows[0]["failures"], &rows[0]["good_at"]), (&json!(1), &Value::Null));
    let csv = browser.get("/admin/feeds.csv").await.text().await.unwrap();
    assert!(csv.contains("https://feed.example/rss"));
}

#[tokio::test]
async fn nothing_yet_is_a_page_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    add_people(&*store).await;
    store.close().await.unwrap();
    let config = ageless(folder.path());
    let server = Server::configured(folder, "0.1.0-test", config).await;
    let browser = Browser::of(&server, "lan").await;
    for path in ["/admin", "/admin/articles", "/admin/reading", "/admin/partners", "/admin/feeds"] {
        for language in ["vi", "en"] {
            let html = browser.page(&format!("{path}?lang={language}")).await;
            assert_eq!(html.matches("<h1").count(), 1, "{path}");
            let main = html.split("<main").nth(1).unwrap();
            assert!(!main.contains("NaN"), "{path}");
            assert!(!main.contains('{'), "{path}: a place is not filled in");
        }
    }
}
