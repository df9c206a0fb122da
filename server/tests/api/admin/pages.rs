//! What every page owes to whoever reads it, and to whoever wrote what it shows.

use article_widget::contract::FeedbackReport;

use super::{Browser, feedback, server_with};

/// Ends whatever it may stand in.
const HOSTILE: &str = "</textarea></title></style><script>alert('x')</script>\"'><img src=x onerror=alert(1)>{{7*7}}&amp;";

#[tokio::test]
async fn what_anybody_wrote_is_text_wherever_it_is_shown() {
    let server = server_with(vec![feedback(1, |report| {
        *report = FeedbackReport {
            article: report.article.clone(),
            page: format!("javascript:alert(1)//{HOSTILE}"),
            kind: HOSTILE.into(),
            name: HOSTILE.into(),
            email: format!("x?bcc=y@evil.example&{HOSTILE}"),
            phone: format!("1{HOSTILE}"),
            title: HOSTILE.into(),
            message: HOSTILE.into(),
            passage: HOSTILE.into(),
            consent: HOSTILE.into(),
        };
    })])
    .await;
    let browser = Browser::of(&server, "lan").await;
    let query = serde_urlencoded::to_string([
        ("q", HOSTILE),
        ("article", HOSTILE),
        ("partner", HOSTILE),
        ("kind", HOSTILE),
        ("done", HOSTILE),
    ])
    .unwrap();
    let login = serde_urlencoded::to_string([("next", HOSTILE)]).unwrap();
    let pages = [
        browser.page("/admin/feedback").await,
        browser.page(&format!("/admin/feedback?{query}")).await,
        browser.page("/admin/feedback/1").await,
        browser.page(&format!("/admin/feedback/1?{query}")).await,
        browser.page("/admin/feedback/1/erase").await,
        Browser::new(&server.url).page(&format!("/admin/login?{login}")).await,
        browser.log_in(HOSTILE, HOSTILE, HOSTILE).await.text().await.unwrap(),
    ];
    for (number, html) in pages.iter().enumerate() {
        assert!(!html.contains("<script") && !html.contains("<img"), "page {number}");
        assert!(!html.contains("onerror=alert(1)>{{7*7}}&amp;\""), "page {number}");
        assert!(!html.contains("href=\"javascript:") && !html.contains("mailto:x?"), "{number}");
        assert_eq!(html.matches("</title>").count(), 1, "page {number}");
        assert_eq!(html.matches("<style>").count(), 1, "page {number}");
    }
    let shown = "&lt;script&gt;alert(";
    assert!(pages[0].contains(shown) && pages[2].matches(shown).count() > 6, "it is shown");
}

#[tokio::test]
async fn fields_have_labels_parts_have_names_and_headings_go_down_step_by_step() {
    let server = server_with(vec![feedback(1, |report| report.passage = "đoạn".into())]).await;
    let browser = Browser::of(&server, "lan").await;
    let login = Browser::new(&server.url).page("/admin/login").await;
    let mut pages = vec![login];
    for path in ["/admin/feedback", "/admin/feedback/1", "/admin/feedback/1/erase"] {
        pages.push(browser.page(path).await);
        pages.push(browser.page(&format!("{path}?lang=en")).await);
    }
    for html in pages {
        assert_eq!(html.matches("<main id=\"main\"").count(), 1);
        assert_eq!(html.matches("<h1").count(), 1);
        assert!(
            html.contains("<a href=\"#main\" class=\"skip\">")
                && html.contains("width=device-width")
        );
        for tag in ["<input", "<select", "<textarea"] {
            for field in html.split(tag).skip(1) {
                let field = field.split('>').next().unwrap();
                if field.contains("type=\"hidden\"") {
                    continue;
                }
                let id = field.split(" id=\"").nth(1).unwrap().split('"').next().unwrap();
                assert!(html.contains(&format!("<label for=\"{id}\">")), "{id}");
            }
        }
        for nav in html.split("<nav").skip(1) {
            assert!(nav.split('>').next().unwrap().contains("aria-label=\""));
        }
        for reference in ["aria-labelledby=\"", "aria-describedby=\""] {
            for ids in html.split(reference).skip(1) {
                for id in ids.split('"').next().unwrap().split(' ') {
                    assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
                }
            }
        }
    }
}
