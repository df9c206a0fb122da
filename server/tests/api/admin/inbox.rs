//! `/admin/feedback`

use article_server::store::{LetterFilter, LetterState};

use super::{Browser, feedback, open, server_with};
use crate::postgres::is_elsewhere;
use crate::sql;
use crate::support::Server;

/// The numbers of the letters on a page, in its order.
fn numbers(html: &str) -> Vec<i64> {
    let titles = html.split("class=\"letter-title\"").skip(1);
    let path = |part: &str| {
        let path = part.split("href=\"/admin/feedback/").nth(1).unwrap();
        path.split('"').next().unwrap().parse().unwrap()
    };
    titles.map(path).collect()
}

async fn found(browser: &Browser, query: &str) -> Vec<i64> {
    numbers(&browser.page(&format!("/admin/feedback{query}")).await)
}

/// Marks letters beside the server.
async fn mark(server: &Server, marks: &[(i64, LetterState)]) {
    let store = open(server.folder.path()).await;
    for (no, state) in marks {
        let seen = store.letter(*no).await.unwrap().unwrap().revision();
        store.mark_letter(*no, &seen, *state, &[]).await.unwrap();
    }
}

#[tokio::test]
async fn five_hundred_letters_are_paged_newest_first_while_more_come_and_go() {
    let server = server_with((1..=500).map(|no| feedback(no, |_| {})).collect()).await;
    let browser = Browser::of(&server, "binh").await;
    let store = open(server.folder.path()).await;
    let (mut path, mut seen) = ("/admin/feedback".to_owned(), Vec::new());
    for page in 0..10 {
        let html = browser.page(&path).await;
        seen.extend(numbers(&html));
        if page == 2 {
            // What comes and goes meanwhile neither repeats a letter nor leaves one out.
            store.save_feedback(&feedback(501, |_| {})).await.unwrap();
            assert!(store.erase_feedback(&feedback(360, |_| {}).secret_hash).await.unwrap());
        }
        if !html.contains("rel=\"next\"") {
            assert_eq!(page, 9);
            break;
        }
        let href = html.split("href=\"").find(|part| part.contains("before=")).unwrap();
        path = href.split('"').next().unwrap().to_owned();
    }
    assert_eq!(seen, (1..=500).rev().collect::<Vec<i64>>());
    let html = browser.page("/admin/feedback?before=51").await;
    assert_eq!((numbers(&html).len(), html.contains("rel=\"next\"")), (50, false), "it just fits");
}

#[tokio::test]
async fn states_are_tabs_with_counts_and_suspicious_letters_are_apart() {
    let server = server_with((1..=7).map(|no| feedback(no, |_| {})).collect()).await;
    let states = [
        (2, LetterState::Open),
        (3, LetterState::Answered),
        (4, LetterState::Spam),
        (5, LetterState::Held),
        (6, LetterState::Held),
    ];
    mark(&server, &states).await;
    let browser = Browser::of(&server, "binh").await;
    assert_eq!(found(&browser, "").await, [7, 3, 2, 1]);
    for (state, letters) in [
        ("new", vec![7, 1]),
        ("open", vec![2]),
        ("answered", vec![3]),
        ("held", vec![6, 5]),
        ("spam", vec![4]),
    ] {
        assert_eq!(found(&browser, &format!("?state={state}")).await, letters, "{state}");
    }
    let html = browser.page("/admin/feedback?state=held").await;
    let counts = html.split("class=\"count\">").skip(1).map(|part| &part[..1]);
    assert_eq!(counts.collect::<Vec<_>>(), ["4", "2", "1", "1", "2", "1"]);
    let current = html.split("aria-current=\"page\"").nth(1).unwrap();
    assert!(current[..60].contains("Chờ xem xét"), "{}", &current[..60]);
}

#[tokio::test]
async fn words_are_found_without_case_and_diacritics_each_of_them_somewhere() {
    let server = server_with(vec![
        feedback(1, |report| report.message = "Ở Đắk Lắk, cà phê 100% nguyên chất".into()),
        feedback(2, |report| report.title = "DAK LAK".into()),
        feedback(3, |report| report.passage = "Đắk Nông".into()),
        feedback(4, |report| {
            report.phone = "+84 (90) 123-45.67".into();
            report.name = "Nguyễn_A".into();
        }),
        feedback(5, |report| report.email = "Binh.Le@Example.vn".into()),
    ])
    .await;
    let browser = Browser::of(&server, "binh").await;
    for (query, letters) in [
        ("dak+lak", vec![2, 1]),
        ("%C4%90%E1%BA%AEK", vec![3, 2, 1]),
        ("lak+ca+dak", vec![1]),
        ("100%25", vec![1]),
        ("0%25n", vec![]),
        ("nguyen_a", vec![4]),
        ("n_uyen", vec![]),
        ("84901234567", vec![4]),
        ("binh.le@example", vec![5]),
        ("ref000003", vec![3]),
        ("%5C", vec![]),
        ("'+or+1=1+--", vec![]),
        ("+", vec![5, 4, 3, 2, 1]),
    ] {
        assert_eq!(found(&browser, &format!("?q={query}")).await, letters, "{query}");
    }
}

#[tokio::test]
async fn filters_narrow_what_is_shown_and_counted_and_can_be_joined() {
    let server = server_with(vec![
        feedback(1, |report| report.article = "b".into()),
        feedback(2, |report| report.kind = "error".into()),
        feedback(3, |report| report.page = "https://partner.example.evil/tin".into()),
        feedback(4, |report| {
            report.page = "https://other.example:8443/tin".into();
            report.kind = "error".into();
        }),
        feedback(5, |report| report.page = String::new()),
    ])
    .await;
    let browser = Browser::of(&server, "binh").await;
    for (query, letters) in [
        ("?article=b", vec![1]),
        ("?article=https%3A%2F%2Fnews.example%2Fa%2Fb%3Fx", vec![1]),
        ("?article=%25", vec![]),
        ("?partner=partner.example", vec![2, 1]),
        ("?partner=https%3A%2F%2Fother.example%3A8443%2Ftin%2F7", vec![4]),
        ("?partner=%25", vec![]),
        ("?kind=error", vec![4, 2]),
        ("?kind=error&partner=partner.example", vec![2]),
        ("?kind=praise", vec![]),
    ] {
        assert_eq!(found(&browser, query).await, letters, "{query}");
    }
    let html = browser.page("/admin/feedback?kind=error&q=hay").await;
    assert!(html.contains("class=\"count\">2<") && html.contains("<details open"));
    assert!(html.contains("<option value=\"error\" selected"));
    assert!(html.contains("href=\"/admin/feedback?state=held&amp;q=hay&amp;kind=error\""));
}

#[tokio::test]
async fn letters_of_versions_without_a_search_are_found_after_the_next_start() {
    // No version without it has kept letters elsewhere.
    if is_elsewhere() {
        return;
    }
    let server = server_with((1..=1_100).map(|no| feedback(no, |_| {})).collect()).await;
    let folder = server.stop().await;
    sql::change(folder.path(), "update feedback set search = '' where no <> 700");
    let store = open(folder.path()).await;
    let filter =
        LetterFilter { words: vec!["thu".into(), "hoa".into()], ..LetterFilter::default() };
    assert_eq!(store.letter_counts(&filter).await.unwrap().usual(), 1_100);
}
