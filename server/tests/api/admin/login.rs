//! `/admin/login`, `/admin/logout`

use std::time::{Duration, Instant};

use super::{Browser, PASSWORD, server_with};
use crate::sql;
use crate::support::{Server, header};

#[tokio::test]
async fn whoever_has_not_logged_in_is_sent_to_the_login_and_back() {
    let server = server_with(vec![]).await;
    let mut browser = Browser::new(&server.url);
    let path = "/admin/feedback?q=%C4%91";
    let response = browser.get(path).await;
    assert_eq!(response.status(), 303);
    let login = header(&response, "location").to_owned();
    assert_eq!(login, "/admin/login?next=%2Fadmin%2Ffeedback%3Fq%3D%25C4%2591");
    let html = browser.page(&login).await;
    let next = super::hidden(&html, "next");
    assert_eq!(next, path);

    let response = browser.log_in("lan", PASSWORD, &next).await;
    assert_eq!((response.status().as_u16(), header(&response, "location")), (303, path));
    browser.keep(&response);
    assert_eq!(browser.get(path).await.status(), 200);
    let response = browser.get(&login).await;
    assert_eq!(header(&response, "location"), path, "there is nothing to log in for");
    assert_eq!(browser.get("/admin").await.status(), 200);
}

#[tokio::test]
async fn the_cookie_is_this_hosts_and_no_scripts_and_only_its_hash_is_kept() {
    let server = server_with(vec![]).await;
    let response = Browser::new(&server.url).log_in("lan", PASSWORD, "").await;
    let cookie = header(&response, "set-cookie").to_owned();
    let mut parts = cookie.split("; ");
    let secret = parts.next().unwrap().strip_prefix("__Host-session=").unwrap();
    assert_eq!(secret.len(), 43, "256 bits");
    let mut attributes: Vec<&str> = parts.collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]);

    let bytes = data_encoding::BASE64URL_NOPAD.decode(secret.as_bytes()).unwrap();
    let hash = <sha2::Sha256 as sha2::Digest>::digest(secret);
    let holds = |needle: &[u8]| sql::holds(server.folder.path(), needle);
    assert!(holds(&hash) && !holds(secret.as_bytes()) && !holds(&bytes));
    assert!(!holds(PASSWORD.as_bytes()));
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_name_are_answered_alike() {
    let server = server_with(vec![]).await;
    let browser = Browser::new(&server.url);
    let mut answers = Vec::new();
    for name in ["lan", "ai đó", "", "<script>"] {
        let response = browser.log_in(name, "một mật khẩu khác hẳn", "/admin/feedback").await;
        assert_eq!(response.status(), 422);
        assert_eq!(header(&response, "set-cookie"), "");
        let html = response.text().await.unwrap();
        assert!(!html.contains("mật khẩu khác hẳn") && !html.contains("<script>"));
        let typed = name.replace('<', "&lt;").replace('>', "&gt;");
        answers.push(html.replace(&format!("value=\"{typed}\""), ""));
    }
    assert!(answers[0].contains("Tên hoặc mật khẩu không đúng."));
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn nobody_is_led_away_by_the_login() {
    let server = server_with(vec![]).await;
    let browser = Browser::new(&server.url);
    for next in
        ["https://evil.example/admin/feedback", "//evil.example", r"/\evil.example", "/a/a", ""]
    {
        let response = browser.log_in("binh", PASSWORD, next).await;
        assert_eq!(header(&response, "location"), "/admin", "{next}");
    }
}

#[tokio::test]
async fn a_place_has_ten_tries_at_a_name_and_keeps_nobody_else_out() {
    let server = server_with(vec![]).await;
    let browser = Browser::new(&server.url);
    for _ in 0..10 {
        assert_eq!(browser.log_in("lan", "không phải mật khẩu", "").await.status(), 422);
    }
    let response = browser.log_in("lan", PASSWORD, "").await;
    assert_eq!(response.status(), 429, "the right one as well");
    assert_eq!(header(&response, "retry-after"), "90");
    assert!(response.text().await.unwrap().contains("Đã thử quá nhiều lần."));
    assert_eq!(browser.log_in("binh", PASSWORD, "").await.status(), 303, "another still may");
    let elsewhere = Browser { place: "203.0.113.8", ..Browser::new(&server.url) };
    for _ in 0..15 {
        let response = elsewhere.log_in("lan", PASSWORD, "").await;
        assert_eq!(response.status(), 303, "and so may she from elsewhere, as often as she likes");
    }
}

#[tokio::test]
async fn a_place_has_twenty_tries_whatever_the_names() {
    let server = server_with(vec![]).await;
    let browser = Browser::new(&server.url);
    let began = Instant::now();
    for number in 0..20 {
        let response = browser.log_in(&format!("name {number}"), "không phải mật khẩu", "").await;
        assert_eq!(response.status(), 422);
    }
    // One comes back every three seconds.
    let mut answers = Vec::new();
    for _ in 0..=began.elapsed().as_secs() / 3 {
        answers.push(browser.log_in("binh", PASSWORD, "").await.status());
    }
    assert_eq!(answers.last().unwrap().as_u16(), 429, "{answers:?}");
}

#[tokio::test]
async fn logging_in_begins_a_new_session_and_ends_the_one_before() {
    let server = server_with(vec![]).await;
    let mut browser = Browser::of(&server, "lan").await;
    let before = browser.cookie.clone();
    let response = browser.log_in("binh", PASSWORD, "").await;
    browser.keep(&response);
    assert_ne!(browser.cookie, before);
    assert!(browser.page("/admin/feedback").await.contains("binh"));
    let planted = Browser { cookie: before, ..Browser::new(&server.url) };
    assert_eq!(planted.get("/admin/feedback").await.status(), 303);

    // One that somebody made up is not taken over.
    let made_up = format!("__Host-session={}", "A".repeat(43));
    browser.cookie.clone_from(&made_up);
    let response = browser.log_in("lan", PASSWORD, "").await;
    assert!(!header(&response, "set-cookie").contains(&made_up));
    assert_eq!(browser.get("/admin/feedback").await.status(), 303);
}

#[tokio::test]
async fn logging_out_ends_the_session_and_not_only_the_cookie() {
    let server = server_with(vec![]).await;
    let browser = Browser::of(&server, "lan").await;
    assert_eq!(browser.get("/admin/logout").await.status(), 405);
    let response = browser.post("/admin/logout", &[]).await;
    assert_eq!((response.status().as_u16(), header(&response, "location")), (303, "/admin/login"));
    let cookie = header(&response, "set-cookie");
    assert!(cookie.starts_with("__Host-session=;") && cookie.contains("Max-Age=0"), "{cookie}");
    assert!(cookie.contains("Secure") && cookie.contains("Path=/"), "else no browser takes it");
    assert_eq!(browser.get("/admin/feedback").await.status(), 303);
}

#[tokio::test]
async fn where_nobody_may_log_in_the_page_says_how_somebody_can() {
    let server = Server::with(&[]).await;
    let html = Browser::new(&server.url).page("/admin/login").await;
    assert!(html.contains("article-server user add NAME --role admin --database DATABASE"));
    assert!(!html.contains("type=\"password\""));
}

#[tokio::test]
async fn many_who_log_in_at_once_wait_for_their_turn() {
    let server = server_with(vec![]).await;
    let tries = (0..8).map(|_| {
        let url = server.url.clone();
        tokio::spawn(async move { Browser::new(&url).log_in("lan", PASSWORD, "").await.status() })
    });
    for tried in tries.collect::<Vec<_>>() {
        assert_eq!(
            tokio::time::timeout(Duration::from_secs(60), tried).await.unwrap().unwrap(),
            303
        );
    }
}
