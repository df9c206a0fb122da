//! The list of articles where there are many.

use std::time::Instant;

use article_server::article::StoredArticle;
use article_server::revision::Author;
use article_server::store::{ArticleFilter, ArticleOrder, ArticleState};
use serde_json::json;

use super::{add_people, ageless, open, view};
use crate::support::{Server, article, with};

const ARTICLES: u32 = 100_000;
const SYLLABLES: [&str; 12] =
    ["Đắk", "chợ", "đêm", "núi", "sông", "hội", "lúa", "gió", "biển", "phố", "nắng", "mưa"];

/// A title that few others have.
fn words(number: u32) -> String {
    let word = |place: u32| SYLLABLES[(number / 12_u32.pow(place) % 12) as usize];
    (0..5).map(word).collect::<Vec<_>>().join(" ")
}

/// `cargo test --release -p article-server --test api -- --ignored --nocapture a_hundred_thousand` prints what
/// each list takes.
#[tokio::test]
#[ignore = "it takes minutes to make 100,000 articles"]
async fn a_hundred_thousand_articles_are_listed_searched_and_sorted_in_no_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    add_people(&*store).await;
    for begin in (0..ARTICLES).step_by(1_000) {
        let made = (begin..begin + 1_000).map(|number| {
            let fields = json!({
                "title": words(number),
                "lede": format!("{} {}", words(number * 7), words(number * 13)),
                "section": format!("Chuyên mục {}", number % 12),
                "status": if number % 100 == 0 { "withheld" } else { "usable" },
                "body": [{ "kind": "paragraph", "content": [words(number).repeat(100)] }],
            });
            let article = with(article(&format!("bai-{number}")), fields);
            StoredArticle::from_json(&article.to_string()).unwrap()
        });
        store.save_articles(&made.collect::<Vec<_>>(), &Author::import()).await.unwrap();
    }
    let views = (0..5_000).map(|number| {
        view(&format!("bai-{}", number % 700), number, 60, "https://partner.example")
    });
    store.record_views(views.collect()).await.unwrap();

    let filter = |words: &[&str], state| ArticleFilter {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        state,
        ..ArticleFilter::default()
    };
    let now = 1_900_000_000;
    for (name, filter, order, skipped) in [
        ("changed last", filter(&[], None), ArticleOrder::Changed, 0),
        ("by title, the last page", filter(&[], None), ArticleOrder::Title, ARTICLES - 50),
        ("withheld", filter(&[], Some(ArticleState::Withheld)), ArticleOrder::Published, 0),
        ("rare words", filter(&["bai-99999"], None), ArticleOrder::Changed, 0),
        ("usual words", filter(&["dak", "nui"], None), ArticleOrder::Changed, 0),
        ("no such words", filter(&["khong co"], None), ArticleOrder::Title, 0),
    ] {
        let begun = Instant::now();
        let found = store.find_articles(&filter, now, order, skipped, 50).await.unwrap();
        println!("{name}: {} found, {:?}", found.counts.all(), begun.elapsed());
        assert!(found.articles.len() <= 50);
    }
    store.close().await.unwrap();

    let config = ageless(folder.path());
    let server = Server::configured(folder, "0.1.0-test", config).await;
    let browser = super::Browser::of(&server, "lan").await;
    for path in [
        "/admin/articles",
        "/admin/articles",
        "/admin/articles?page=2000&sort=title",
        "/admin/articles?q=dak+lua",
        "/admin/articles?sort=views",
        "/admin/articles?sort=views&q=dak+lua",
        "/admin/articles/bai-1?window=all",
        "/admin",
        "/admin/reading?window=30d",
    ] {
        let begun = Instant::now();
        browser.page(path).await;
        println!("{path}: {:?}", begun.elapsed());
    }
    let begun = Instant::now();
    let csv = browser.get("/admin/articles.csv").await.text().await.unwrap();
    println!("all of it as CSV: {:?}", begun.elapsed());
    assert_eq!(csv.lines().count(), ARTICLES as usize + 1);
}
