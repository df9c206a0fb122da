//! What the publisher's people change of an article.

use article_server::config::{Config, Options};
use serde_json::{Value, json};

use super::{Browser, add_people, ageless, hidden, open};
use crate::mail::hook::SECRET;
use crate::support::{Server, article, save, with};

async fn server() -> Server {
    server_set(|_| ()).await
}

async fn server_set(set: impl FnOnce(&mut Config)) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let fields = json!({ "lede": "Sapo cũ", "tags": ["một"], "of_tomorrow": { "n": 1 } });
    save(folder.path(), &[with(article("a"), fields)]).await;
    let store = open(folder.path()).await;
    add_people(&*store).await;
    store.close().await.unwrap();
    let mut config = ageless(folder.path());
    set(&mut config);
    Server::configured(folder, "0.1.0-test", config).await
}

/// The form as the page has it, with some fields typed anew.
async fn form(browser: &Browser, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let html = browser.page("/admin/articles/a/edit").await;
    let seen = hidden(&html, "seen");
    let mut form = vec![("seen".to_owned(), seen)];
    let usual =
        [("title", "Tựa đề của a"), ("lede", "Sapo cũ"), ("tags", "một"), ("status", "usable")];
    for (name, value) in usual {
        let value =
            typed.iter().find(|(typed, _)| *typed == name).map_or(value, |(_, value)| value);
        form.push((name.to_owned(), value.to_owned()));
    }
    let more = typed.iter().filter(|(name, _)| usual.iter().all(|(usual, _)| usual != name));
    form.extend(more.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    form
}

async fn send(browser: &Browser, path: &str, form: &[(String, String)]) -> reqwest::Response {
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    browser.post(path, &form).await
}

#[tokio::test]
async fn metadata_are_edited_and_whatever_no_form_knows_stays() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    let typed = [
        ("title", "Tựa mới"),
        ("tags", "một, hai"),
        ("lede", ""),
        ("section", "Văn hóa"),
        ("expires", "2099-01-01T08:00"),
    ];
    let form = form(&browser, &typed).await;
    let response = send(&browser, "/admin/articles/a/edit", &form).await;
    assert_eq!(response.status(), 303);
    assert!(browser.page("/admin/articles/a?done=saved").await.contains("Đã lưu"));
    let article = server.get_json("/v1/articles/a").await;
    assert_eq!(article["title"], "Tựa mới");
    assert_eq!(article["tags"], json!(["một", "hai"]));
    assert_eq!(article["expires"], "2099-01-01T08:00:00+07:00");
    assert_eq!((&article["lede"], &article["of_tomorrow"]), (&Value::Null, &json!({ "n": 1 })));
    let embed = server.get_json("/v1/embed/a").await;
    assert_eq!(embed["article"]["title"], "Tựa mới");
    let found = browser.page("/admin/articles?q=van+hoa").await;
    assert!(found.contains("Tựa mới"), "the list knows it too");
}

#[tokio::test]
async fn who_was_overtaken_loses_nothing_and_may_insist() {
    let server = server().await;
    let (lan, binh) = (Browser::of(&server, "lan").await, Browser::of(&server, "binh").await);
    let stale = form(&binh, &[("title", "Của Bình")]).await;
    let fresh = form(&lan, &[("title", "Của Lan")]).await;
    assert_eq!(send(&lan, "/admin/articles/a/edit", &fresh).await.status(), 303);
    let response = send(&binh, "/admin/articles/a/edit", &stale).await;
    assert_eq!(response.status(), 409);
    let html = response.text().await.unwrap();
    assert!(html.contains("Của Bình") && html.contains("Hiện giờ: Của Lan"), "{html}");
    assert_eq!(server.get_json("/v1/articles/a").await["title"], "Của Lan");
    let mut again = stale;
    again[0].1 = hidden(&html, "seen");
    assert_eq!(send(&binh, "/admin/articles/a/edit", &again).await.status(), 303);
    assert_eq!(server.get_json("/v1/articles/a").await["title"], "Của Bình");
    // Nothing is ever what a form without a state expects.
    again[0].1 = String::new();
    again[1].1 = "Không thấy gì".to_owned();
    assert_eq!(send(&binh, "/admin/articles/a/edit", &again).await.status(), 409);
}

#[tokio::test]
async fn what_cannot_be_is_named_and_given_back() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    for (field, value) in [
        ("title", "   "),
        ("canonical_url", "javascript:alert(1)"),
        ("embargo", "mai"),
        ("status", "lost"),
    ] {
        let form = form(&browser, &[(field, value), ("rights", "© Ví dụ")]).await;
        let response = send(&browser, "/admin/articles/a/edit", &form).await;
        assert_eq!(response.status(), 422, "{field}");
        let html = response.text().await.unwrap();
        assert!(html.contains("© Ví dụ") && html.contains("Chưa lưu"), "{field}");
    }
    assert_eq!(server.get_json("/v1/articles/a").await["rights"], Value::Null);
}

#[tokio::test]
async fn what_is_typed_over_an_ended_session_is_given_back() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    let form = form(&browser, &[("title", "Gõ dở dang")]).await;
    let nobody = Browser::new(&server.url);
    let response = send(&nobody, "/admin/articles/a/edit", &form).await;
    assert_eq!(response.status(), 403);
    assert!(response.text().await.unwrap().contains("Gõ dở dang"));
    let response = nobody.post("/admin/articles/a/correct", &[("text", "Sửa dở dang")]).await;
    assert_eq!(response.status(), 403);
    assert!(response.text().await.unwrap().contains("Sửa dở dang"));
    assert_eq!(server.get_json("/v1/articles/a").await["title"], "Tựa đề của a");
}

#[tokio::test]
async fn no_other_sites_page_changes_anything() {
    let server = server().await;
    let browser = Browser::of(&server, "lan").await;
    for path in ["edit", "correct", "withdraw", "revisions/1/restore"] {
        let request = browser.request("POST", &format!("/admin/articles/a/{path}"));
        let response = request.header("sec-fetch-site", "cross-site").body("title=x").send().await;
        assert_eq!(response.unwrap().status(), 403, "{path}");
    }
    let request = browser.request("POST", "/admin/partners/standing");
    let request = request.header("sec-fetch-site", "cross-site");
    assert_eq!(request.body("").send().await.unwrap().status(), 403);
    assert_eq!(server.get("/v1/articles/a").await.status(), 200);
}

#[tokio::test]
async fn a_correction_is_seen_in_the_embed_with_its_time() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    let seen = hidden(&browser.page("/admin/articles/a/correct").await, "seen");
    let empty = browser.post("/admin/articles/a/correct", &[("seen", &seen), ("text", " ")]).await;
    assert_eq!(empty.status(), 422);
    let form = [("seen", &*seen), ("text", "Ảnh chụp năm 2023,\r\nkhông phải 2024.")];
    assert_eq!(browser.post("/admin/articles/a/correct", &form).await.status(), 303);
    let embed = server.get_json("/v1/embed/a").await;
    assert_eq!(embed["article"]["corrections"][0]["text"], "Ảnh chụp năm 2023,\nkhông phải 2024.");
    assert!(embed["html"].as_str().unwrap().contains("không phải 2024."));
    let stale = [("seen", &*seen), ("text", "Điều thứ hai.")];
    let response = browser.post("/admin/articles/a/correct", &stale).await;
    assert_eq!(response.status(), 409);
    assert!(response.text().await.unwrap().contains("Điều thứ hai."));
}

#[tokio::test]
async fn what_caches_have_to_forget_is_explained_also_where_a_program_is_told() {
    let options = Options {
        purge_hook: Some("http://127.0.0.1:9/".into()),
        webhook_secret: Some(SECRET.into()),
        ..Options::default()
    };
    let purge_hook = options.resolve(None).unwrap().purge_hook;
    let server = server_set(|config| config.purge_hook = purge_hook).await;
    let browser = Browser::of(&server, "binh").await;
    let response = browser.post("/admin/articles/a/withdraw?lang=en", &[]).await;
    let html = response.text().await.unwrap();
    assert!(html.contains("The server tells the program that keeps the caches."), "{html}");
    assert!(html.contains("What ends in * stands for every address that begins so."), "{html}");
    assert!(html.contains(&format!("{}/v1/embed/a?*\n", server.url)), "{html}");
}

#[tokio::test]
async fn versions_say_what_was_done() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    let edited = form(&browser, &[("title", "Tựa mới")]).await;
    assert_eq!(send(&browser, "/admin/articles/a/edit", &edited).await.status(), 303);
    let seen = hidden(&browser.page("/admin/articles/a/correct").await, "seen");
    let correction = [("seen", &*seen), ("text", "Ảnh chụp năm 2023.")];
    assert_eq!(browser.post("/admin/articles/a/correct", &correction).await.status(), 303);
    let html = browser.page("/admin/articles/a/revisions?lang=en").await;
    let of = |number: &str| html.split(&format!("Version {number}: ")).nth(1).unwrap();
    assert!(of("3").contains("<span>Corrected</span>"), "{html}");
    assert!(of("2").contains("<span>Edited</span>"), "{html}");
    assert!(!of("1").contains("<span>Edited</span>"), "an import is none: {html}");

    let html = browser.page("/admin/articles/a/revisions/2").await;
    assert!(html.contains("<del>Ảnh chụp năm 2023.</del>"), "the words that go: {html}");
    let restored = [("seen", &*hidden(&html, "seen"))];
    let restore = "/admin/articles/a/revisions/2/restore";
    assert_eq!(browser.post(restore, &restored).await.status(), 303);
    for page in ["revisions", "revisions/4"] {
        let html = browser.page(&format!("/admin/articles/a/{page}?lang=en")).await;
        assert!(html.contains("<span>Restored from version 2</span>"), "{html}");
    }
}

#[tokio::test]
async fn an_editor_withdraws_an_article_and_brings_it_back() {
    let server = server().await;
    let browser = Browser::of(&server, "binh").await;
    let asked = browser.page("/admin/articles/a/withdraw").await;
    assert!(asked.contains("Tựa đề của a"));
    assert_eq!(server.get("/v1/articles/a").await.status(), 200, "asking changes nothing");
    let response = browser.post("/admin/articles/a/withdraw", &[("note", "Sai nguồn")]).await;
    assert_eq!(response.status(), 200);
    let html = response.text().await.unwrap();
    let address = format!("{}/v1/embed/a", server.url);
    assert!(html.contains(&format!("{address}?*\n")), "what stands for others ends so: {html}");
    assert!(html.contains("Dòng kết thúc bằng *"), "and is explained: {html}");
    assert!(html.contains(&address), "it names what caches have to forget: {html}");
    assert_eq!(server.get("/v1/articles/a").await.status(), 410);
    let html = browser.page("/admin/articles/a").await;
    assert!(html.contains("badge withdrawn") && html.contains("/a/revisions\""));
    for senseless in ["/a/withdraw\"", "/a/correct\""] {
        assert!(!html.contains(senseless), "{senseless}");
    }

    let html = browser.page("/admin/articles/a/revisions").await;
    assert!(html.contains("Sai nguồn") && html.contains("binh"), "{html}");
    let html = browser.page("/admin/articles/a/revisions/1").await;
    assert!(html.contains("<del>Đã rút</del>"), "what putting it back changes: {html}");
    let seen = hidden(&html, "seen");
    let restore = "/admin/articles/a/revisions/1/restore";
    assert_eq!(browser.post(restore, &[("seen", "00")]).await.status(), 409);
    assert_eq!(browser.post(restore, &[("seen", &seen)]).await.status(), 303);
    assert_eq!(server.get("/v1/articles/a").await.status(), 200);
    let html = browser.page("/admin/articles/a/revisions").await;
    assert!(html.contains("Bản 3") && html.contains("<span>Khôi phục từ bản 1</span>"), "{html}");
    for path in ["revisions/99", "revisions/0", "revisions/x", "nothing", "nothing.csv"] {
        let response = browser.get(&format!("/admin/articles/a/{path}")).await;
        assert_eq!(response.status(), 404, "{path}");
    }
    for path in ["", "/edit", "/correct", "/withdraw", "/revisions", "/hours.csv"] {
        let response = browser.get(&format!("/admin/articles/none{path}")).await;
        assert_eq!(response.status(), 404, "{path}");
    }
}
