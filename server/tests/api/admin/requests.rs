//! Whose requests are taken, and what every answer says.

use super::{Browser, feedback, server_with};
use crate::support::header;

#[tokio::test]
async fn what_another_sites_page_posts_is_refused() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    let browser = Browser::of(&server, "lan").await;
    let own = server.url.clone();
    let paths =
        ["/admin/login", "/admin/logout", "/admin/feedback/1/state", "/admin/feedback/1/erase"];
    let refused: [&[(&str, &str)]; 5] = [
        &[("sec-fetch-site", "cross-site"), ("origin", &own)],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[],
    ];
    for path in paths {
        for headers in refused {
            let mut request = browser.request("POST", path).body("state=spam");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 403, "{path} {headers:?}");
            let html = response.text().await.unwrap();
            assert!(html.contains("Bạn không được phép làm việc này."));
        }
    }
    let html = browser.page("/admin/feedback/1").await;
    assert!(html.contains("badge new"), "nothing was done, and nobody logged out");
}

#[tokio::test]
async fn a_browser_that_tells_only_its_origin_may_post() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    let browser = Browser::of(&server, "lan").await;
    let seen = super::hidden(&browser.page("/admin/feedback/1").await, "seen");
    let request = browser.request("POST", "/admin/feedback/1/state").header("origin", &server.url);
    let response = request.body(format!("seen={seen}&state=open")).send().await.unwrap();
    assert_eq!(response.status(), 303);
}

#[tokio::test]
async fn no_answer_is_kept_framed_listed_or_opened_to_scripts() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    let browser = Browser::of(&server, "lan").await;
    let paths = [
        "/admin",
        "/admin/login",
        "/admin/feedback",
        "/admin/feedback/1",
        "/admin/feedback/1/erase",
        "/admin/feedback/99",
        "/admin/feedback/x",
        "/admin/nothing",
        "/admin/feedback.csv",
        "/admin/feedback.json",
        "/admin/articles",
        "/admin/articles.csv",
        "/admin/articles/a",
        "/admin/articles/a/edit",
        "/admin/articles/a/hours.json",
        "/admin/articles/a/revisions",
        "/admin/articles/none",
        "/admin/reading",
        "/admin/reading/hours.csv",
        "/admin/partners",
        "/admin/feeds",
    ];
    for path in paths {
        let response = browser.get(path).await;
        assert!(header(&response, "cache-control").contains("no-store"), "{path}");
        assert_eq!(header(&response, "referrer-policy"), "same-origin", "{path}");
        assert!(header(&response, "x-robots-tag").contains("noindex"), "{path}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "access-control-allow-origin"), "", "{path}");
        let policy = header(&response, "content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{path} {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("script-src"), "{policy}");
    }
}

#[tokio::test]
async fn the_policy_names_the_style_that_the_page_has() {
    let server = server_with(vec![]).await;
    let response = Browser::new(&server.url).get("/admin/login").await;
    let policy = header(&response, "content-security-policy").to_owned();
    let html = response.text().await.unwrap();
    let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(style);
    let hash = data_encoding::BASE64.encode(&digest);
    assert!(policy.contains(&format!("style-src 'sha256-{hash}'")));
    assert!(!html.contains(" style=") && !html.contains("<script"), "none that it does not name");
}

#[tokio::test]
async fn a_link_from_another_site_goes_on_by_a_page_of_ours() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    // As browsers follow a link in a mail: without the cookie, which is SameSite=Strict.
    let mut browser = Browser::new(&server.url);
    let request =
        browser.request("GET", "/admin/feedback/1").header("sec-fetch-site", "cross-site");
    let html = request.send().await.unwrap().text().await.unwrap();
    let login = "/admin/login?next=%2Fadmin%2Ffeedback%2F1";
    assert!(html.contains(&format!("http-equiv=\"refresh\" content=\"0; url={login}\"")));
    assert!(!html.contains("Thư số 1"));
    // From there it comes along.
    browser.cookie = Browser::of(&server, "binh").await.cookie;
    assert_eq!(header(&browser.get(login).await, "location"), "/admin/feedback/1");
}

#[tokio::test]
async fn problems_are_pages_in_the_readers_language() {
    let server = server_with(vec![]).await;
    let browser = Browser::of(&server, "lan").await;
    for (path, status) in [
        ("/admin/feedback/1", 404),
        ("/admin/feedback/99999999999999999999", 404),
        ("/admin/feedback/x", 404),
        ("/admin/nowhere", 404),
        ("/admin/feedback?state=lost", 422),
        ("/admin/feedback?before=x", 422),
        ("/admin/feedback?q=1&q=2", 400),
        ("/admin/feedback.csv?state=lost", 422),
    ] {
        let response = browser.get(path).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8", "{path}");
        assert!(response.text().await.unwrap().contains("Về trang tổng quan"), "{path}");
    }
    let long = "x".repeat(200_000);
    let response = browser.post("/admin/feedback/1/answer", &[("answer", &long)]).await;
    assert_eq!(response.status(), 413);
}

#[tokio::test]
async fn the_language_is_the_one_asked_for_then_the_browsers() {
    let server = server_with(vec![]).await;
    let browser = Browser::new(&server.url);
    let ask = async |path: &str, cookie: &str, accept: &str| {
        let request = browser.request("GET", path).header("cookie", cookie);
        let response = request.header("accept-language", accept).send().await.unwrap();
        let set = header(&response, "set-cookie").to_owned();
        (response.text().await.unwrap().contains("<html lang=\"en\">"), set)
    };
    assert_eq!(ask("/admin/login", "", "vi").await, (false, String::new()));
    assert_eq!(ask("/admin/login", "", "en-GB,vi;q=0.5").await, (true, String::new()));
    let (is_english, set) = ask("/admin/login?lang=en", "", "vi").await;
    assert!(is_english && set.starts_with("__Host-language=en; "), "{set}");
    assert!(ask("/admin/login", "__Host-language=en", "vi").await.0);
}
