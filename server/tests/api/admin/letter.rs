//! `/admin/feedback/{no}`

use article_server::config::{Config, MailSettings, Options};
use article_server::store::{NewFeedback, Suspicion};

use super::{Browser, add_people, ageless, feedback, hidden, open, server_with};
use crate::sql;
use crate::support::{Server, article, header, save};

/// What the outbox holds: kind, recipient and language, in order.
fn outbox(server: &Server) -> Vec<(String, String, String)> {
    let sql = "select kind, recipient, language from outbox order by no";
    sql::rows(server.folder.path(), sql).into_iter().map(<[String; 3]>::into).collect()
}

/// A mail server that nobody runs, and an editor who would hear of feedback.
fn mail() -> Option<MailSettings> {
    let options = Options {
        smtp: Some("smtp://127.0.0.1:9".into()),
        mail_from: Some("bao@news.example".into()),
        mail_editors: Some(vec!["lan@news.example".into()]),
        ..Options::default()
    };
    options.resolve(None).unwrap().mail
}

/// A server that can send mail, though nobody listens.
async fn mailing_server() -> Server {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let store = open(folder.path()).await;
    add_people(&*store).await;
    store.save_feedback(&feedback(1, |_| {})).await.unwrap();
    store.save_feedback(&feedback(2, |report| report.email = String::new())).await.unwrap();
    store.close().await.unwrap();
    let config = Config { mail: mail(), ..ageless(folder.path()) };
    Server::configured(folder, "0.1.0-test", config).await
}

async fn seen(browser: &Browser, no: u32) -> String {
    hidden(&browser.page(&format!("/admin/feedback/{no}")).await, "seen")
}

#[tokio::test]
async fn a_letter_shows_all_that_its_sender_wrote() {
    let server = server_with(vec![feedback(1, |report| {
        report.phone = "+84 90 123".into();
        report.passage = "những chữ đã chọn".into();
        report.message = "Dòng một\nDòng hai".into();
        report.kind = "error".into();
    })])
    .await;
    let html = Browser::of(&server, "binh").await.page("/admin/feedback/1").await;
    for part in [
        "Thư số 1",
        "Lê Thị Hoa",
        "href=\"mailto:hoa@example.vn\"",
        "href=\"tel:+8490123\"",
        "những chữ đã chọn",
        "Dòng một\nDòng hai",
        "Báo lỗi",
        "REF000001",
        "href=\"/a/a\"",
        "Tựa đề của a",
        "href=\"https://partner.example/tin/1\"",
        // 1,764,000,001 seconds, in Ho Chi Minh City; the consent's time too.
        "23:00, 24/11/2025",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let consent = crate::support::words("vi");
    assert!(html.contains(consent.get("feedback.consent.version")));
}

#[tokio::test]
async fn an_answer_is_kept_with_its_writer_and_the_sender_is_told_by_the_same_commit() {
    let server = mailing_server().await;
    let browser = Browser::of(&server, "binh").await;
    assert!(browser.page("/admin/feedback/1").await.contains("qua thư điện tử"));
    let form = [("seen", &*seen(&browser, 1).await), ("answer", "  Cảm ơn bạn.\r\nĐã sửa. ")];
    let response = browser.post("/admin/feedback/1/answer", &form).await;
    assert_eq!(response.status(), 303);
    assert_eq!(header(&response, "location"), "/admin/feedback/1?done=answered");
    let html = browser.page("/admin/feedback/1?done=answered").await;
    assert!(html.contains("Cảm ơn bạn.\nĐã sửa.<") && html.contains("Đã lưu câu trả lời."));
    assert!(html.contains("binh đã trả lời lúc") && html.contains("badge answered"));
    let told = [("answer".to_owned(), "hoa@example.vn".to_owned(), "vi".to_owned())];
    assert_eq!(outbox(&server), told);

    // Another one takes its place, also in what waits to be told.
    let other = Browser::of(&server, "lan").await;
    let form = [("seen", &*seen(&other, 1).await), ("answer", "Đã sửa, và xin lỗi.")];
    assert_eq!(other.post("/admin/feedback/1/answer", &form).await.status(), 303);
    let html = browser.page("/admin/feedback/1").await;
    assert!(html.contains("lan đã trả lời") && !html.contains("Cảm ơn bạn."));
    assert_eq!(outbox(&server), told);

    // Whoever left no address is told nothing, and the page says so.
    assert!(browser.page("/admin/feedback/2").await.contains("liên kết riêng của mình: họ"));
    let form = [("seen", &*seen(&browser, 2).await), ("answer", "Xin chào.")];
    assert_eq!(browser.post("/admin/feedback/2/answer", &form).await.status(), 303);
    assert_eq!(outbox(&server), told);
}

/// The text of the consent may have changed since.
#[tokio::test]
async fn a_sender_is_told_in_the_language_of_whichever_consent_they_gave() {
    let server = mailing_server().await;
    sql::change(server.folder.path(), "update feedback set consent = 'en-01234567'");
    let browser = Browser::of(&server, "binh").await;
    let form = [("seen", &*seen(&browser, 1).await), ("answer", "Thank you.")];
    assert_eq!(browser.post("/admin/feedback/1/answer", &form).await.status(), 303);
    assert_eq!(outbox(&server), [("answer".into(), "hoa@example.vn".into(), "en".into())]);
}

#[tokio::test]
async fn what_another_editor_did_meanwhile_is_not_overwritten() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    let (lan, binh) = (Browser::of(&server, "lan").await, Browser::of(&server, "binh").await);
    let before = seen(&lan, 1).await;
    let form = [("seen", &*before), ("answer", "Của Bình.")];
    assert_eq!(binh.post("/admin/feedback/1/answer", &form).await.status(), 303);

    let form = [("seen", &*before), ("answer", "Của Lan <b>.")];
    let response = lan.post("/admin/feedback/1/answer", &form).await;
    assert_eq!(response.status(), 409);
    let html = response.text().await.unwrap();
    assert!(html.contains("có người khác đã thay đổi phản hồi"));
    assert!(html.contains("Của Bình.") && html.contains("Của Lan &lt;b&gt;.</textarea>"));
    let response =
        lan.post("/admin/feedback/1/state", &[("seen", &before), ("state", "spam")]).await;
    assert_eq!(response.status(), 409);
    let response = lan.post("/admin/feedback/1/erase", &[("seen", &before)]).await;
    assert_eq!(response.status(), 409);
    assert!(lan.page("/admin/feedback/1").await.contains("Của Bình."), "it stays as it was left");

    // Once more, now knowing: the page that said so was made from what is there.
    let form = [("seen", &*hidden(&html, "seen")), ("answer", "Của Lan.")];
    assert_eq!(lan.post("/admin/feedback/1/answer", &form).await.status(), 303);
    assert!(binh.page("/admin/feedback/1").await.contains("Của Lan."));
}

#[tokio::test]
async fn the_number_of_an_erased_letter_is_never_another_letters() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    let browser = Browser::of(&server, "binh").await;
    let before = seen(&browser, 1).await;
    let store = open(server.folder.path()).await;
    assert!(store.erase_feedback(&feedback(1, |_| {}).secret_hash).await.unwrap());
    let form = [("seen", &*before), ("answer", "Riêng cho chị Hoa.")];
    assert_eq!(browser.post("/admin/feedback/1/answer", &form).await.status(), 404);
    store.save_feedback(&feedback(2, |_| {})).await.unwrap();
    assert_eq!(
        browser.get("/admin/feedback/1").await.status(),
        404,
        "it is in mails and bookmarks"
    );
    assert_eq!(browser.post("/admin/feedback/1/answer", &form).await.status(), 404);
    let letter = store.letter(2).await.unwrap().unwrap();
    assert_eq!((letter.reference.as_str(), letter.answer), ("REF000002", None));
}

#[tokio::test]
async fn an_answer_of_no_words_or_too_many_is_asked_again_with_what_was_typed() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    let browser = Browser::of(&server, "binh").await;
    let seen = seen(&browser, 1).await;
    let long = "ệ".repeat(8_001);
    for (answer, words) in [(" \r\n ", "Xin viết câu trả lời."), (&*long, "dài quá 8.000 ký tự")]
    {
        let form = [("seen", &*seen), ("answer", answer)];
        let response = browser.post("/admin/feedback/1/answer", &form).await;
        assert_eq!(response.status(), 422);
        let html = response.text().await.unwrap();
        assert!(html.contains(words) && html.contains(answer.trim()));
        assert!(html.contains("aria-invalid=\"true\""));
    }
    let form = [("seen", &*seen), ("answer", &long[..24_000])];
    assert_eq!(browser.post("/admin/feedback/1/answer", &form).await.status(), 303);
}

#[tokio::test]
async fn whoever_is_logged_out_while_writing_gets_the_answer_back() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    let form = [("seen", "x"), ("answer", "Viết đã <lâu>.")];
    let response = Browser::new(&server.url).post("/admin/feedback/1/answer", &form).await;
    assert_eq!(response.status(), 403);
    let html = response.text().await.unwrap();
    assert!(html.contains("Viết đã &lt;lâu&gt;.</textarea>"));
    assert!(html.contains("href=\"/admin/login?next=%2Fadmin%2Ffeedback%2F1\""));
    assert!(!html.contains("Thư số 1"));
}

#[tokio::test]
async fn a_letter_is_marked_and_a_held_one_released() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    sql::change(server.folder.path(), "update feedback set state = 'held', held = 'links'");
    let browser = Browser::of(&server, "binh").await;
    for state in ["new", "open", "answered", "spam", "new"] {
        let form = [("seen", &*seen(&browser, 1).await), ("state", state)];
        let response = browser.post("/admin/feedback/1/state", &form).await;
        assert_eq!(header(&response, "location"), "/admin/feedback/1?done=marked", "{state}");
        assert!(browser.page("/admin/feedback/1").await.contains(&format!("badge {state}")));
    }
    for state in ["held", "lost", ""] {
        let form = [("seen", &*seen(&browser, 1).await), ("state", state)];
        assert_eq!(browser.post("/admin/feedback/1/state", &form).await.status(), 422, "{state}");
    }
}

/// A server with a held letter, and editors who would hear of it.
async fn server_with_a_held_letter() -> Server {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let store = open(folder.path()).await;
    add_people(&*store).await;
    let held = Some(Suspicion::Links);
    store.save_feedback(&NewFeedback { held, ..feedback(1, |_| {}) }).await.unwrap();
    store.close().await.unwrap();
    let config = Config { mail: mail(), ..ageless(folder.path()) };
    Server::configured(folder, "0.1.0-test", config).await
}

/// The kinds of what the outbox holds.
fn kinds(server: &Server) -> Vec<String> {
    outbox(server).into_iter().map(|(kind, ..)| kind).collect()
}

async fn mark(browser: &Browser, state: &str) {
    let form = [("seen", &*seen(browser, 1).await), ("state", state)];
    assert_eq!(browser.post("/admin/feedback/1/state", &form).await.status(), 303, "{state}");
}

/// Editors hear of a held letter when one of them has let it through, however that came about, and then once.
#[tokio::test]
async fn a_held_letter_is_announced_when_it_is_let_through() {
    let server = server_with_a_held_letter().await;
    let browser = Browser::of(&server, "binh").await;
    assert_eq!(outbox(&server), []);
    for (state, told) in
        [("spam", &[][..]), ("new", &["notice"]), ("open", &["notice"]), ("spam", &["notice"])]
    {
        mark(&browser, state).await;
        assert_eq!(kinds(&server), told, "{state}");
    }
    mark(&browser, "new").await;
    assert_eq!(kinds(&server), ["notice"], "once");
}

#[tokio::test]
async fn a_held_letter_that_is_answered_at_once_is_announced_too() {
    let server = server_with_a_held_letter().await;
    let browser = Browser::of(&server, "binh").await;
    for answer in ["Cảm ơn bạn.", "Cảm ơn bạn nhiều."] {
        let form = [("seen", &*seen(&browser, 1).await), ("answer", answer)];
        assert_eq!(browser.post("/admin/feedback/1/answer", &form).await.status(), 303);
        assert_eq!(kinds(&server), ["notice", "answer"], "{answer}");
    }
}

/// An answer that its sender has read does not go because editors have more to do.
#[tokio::test]
async fn an_answer_stays_at_the_senders_link_whatever_mark_follows() {
    let server = crate::letter::configured(|_| {}).await;
    let store = open(server.folder.path()).await;
    add_people(&*store).await;
    store.close().await.unwrap();
    let receipt = crate::letter::send(&server, "203.0.113.7", &crate::letter::filled_in()).await;
    let receipt: serde_json::Value = receipt.json().await.unwrap();
    let (_, path) = receipt["url"].as_str().unwrap().split_once("/v1/").unwrap();
    let browser = Browser::of(&server, "binh").await;
    let form = [("seen", &*seen(&browser, 1).await), ("answer", "Cảm ơn bạn.")];
    assert_eq!(browser.post("/admin/feedback/1/answer", &form).await.status(), 303);
    for (state, shown, is_told) in [
        ("answered", "answered", true),
        ("open", "open", true),
        ("new", "received", true),
        ("spam", "received", false),
        ("new", "received", true),
    ] {
        mark(&browser, state).await;
        let kept: serde_json::Value =
            server.get(&format!("/v1/{path}")).await.json().await.unwrap();
        assert_eq!(kept["state"], shown, "{state}");
        assert_eq!(kept["answer"].as_str(), is_told.then_some("Cảm ơn bạn."), "{state}");
        assert_eq!(kept["answered_at"].is_string(), is_told, "{state}");
    }
}

#[tokio::test]
async fn an_admin_erases_after_one_more_look_and_an_editor_cannot() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    let (lan, binh) = (Browser::of(&server, "lan").await, Browser::of(&server, "binh").await);
    assert!(!binh.page("/admin/feedback/1").await.contains("/admin/feedback/1/erase"));
    assert_eq!(binh.get("/admin/feedback/1/erase").await.status(), 403);
    let seen = seen(&binh, 1).await;
    let response = binh.post("/admin/feedback/1/erase", &[("seen", &seen)]).await;
    assert_eq!(response.status(), 403);

    assert!(lan.page("/admin/feedback/1").await.contains("href=\"/admin/feedback/1/erase\""));
    let html = lan.page("/admin/feedback/1/erase").await;
    assert!(html.contains("Xóa vĩnh viễn phản hồi REF000001 của Lê Thị Hoa?"));
    let form = [("seen", &*hidden(&html, "seen"))];
    let response = lan.post("/admin/feedback/1/erase", &form).await;
    assert_eq!(header(&response, "location"), "/admin/feedback?done=erased");
    let html = lan.page("/admin/feedback?done=erased").await;
    assert!(html.contains("Đã xóa phản hồi.") && html.contains("Chưa có phản hồi nào"));
    assert_eq!(lan.get("/admin/feedback/1").await.status(), 404);
    assert_eq!(lan.post("/admin/feedback/1/erase", &form).await.status(), 404);
}
