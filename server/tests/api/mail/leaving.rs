//! What leaves when all goes well, from a server that runs.

use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use super::hook::Hook;
use super::sink::Sink;
use super::world::{EDITOR, FRIEND, SENDER, World, config, waiting};
use crate::sql;
use crate::support::{Server, article, save, words};

/// A server with receivers, and feedback that it has taken: the reference.
async fn server_with_feedback(sink: &Sink, hook: &Hook) -> (Server, String) {
    let folder = TempDir::new().unwrap();
    save(folder.path(), &[article("a")]).await;
    let config = config(folder.path(), sink, Some(hook));
    let server = Server::configured(folder, "0.1.0-test", config).await;
    let report = json!({
        "article": "a", "page": "https://partner.example/page", "kind": "error", "name": "Lê Thị Hoa",
        "email": SENDER, "title": "Về bài viết", "message": "Gió chưa ngừng thổi.",
        "consent": words("vi").get("feedback.consent.version"),
    });
    let request = server.request("POST", "/v1/feedback").body(report.to_string());
    let request = request.header("idempotency-key", Uuid::new_v4().to_string());
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 201);
    let receipt: Value = response.json().await.unwrap();
    (server, receipt["reference"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn an_editor_and_a_program_hear_of_feedback_once_and_nothing_of_its_sender() {
    let (mut sink, mut hook) = (Sink::start().await, Hook::start().await);
    let (server, reference) = server_with_feedback(&sink, &hook).await;

    let notice = sink.next().await;
    assert_eq!(notice.recipients, [format!("RCPT TO:<{EDITOR}>")]);
    assert!(notice.from.starts_with("MAIL FROM:<no-reply@news.example>"));
    assert_eq!(notice.value("To"), format!("Trần Thị Lan <{EDITOR}>"));
    assert_eq!(notice.value("From"), "Báo Ví Dụ <no-reply@news.example>");
    assert_eq!(notice.value("Subject"), "Phản hồi mới: Tựa đề của a");
    assert_eq!(notice.value("Auto-Submitted"), "auto-generated");
    assert!(notice.value("Message-ID").ends_with("@[127.0.0.1]>"), "the public URL's host");
    let url = format!("{}/admin/feedback/1", server.url);
    let text = notice.text();
    for told in [reference.as_str(), "Báo lỗi trong bài", "Tựa đề của a", &url] {
        assert!(text.contains(told), "{told} is not in {text}");
    }

    let call = hook.next().await;
    assert_eq!(call.path, "/hooks/feedback?from=news");
    assert_eq!(call.header("content-type"), "application/json");
    let event: Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!(event["type"], "feedback.received");
    assert!(event["timestamp"].as_str().unwrap().ends_with('Z'));
    let data = json!({ "reference": reference, "article": "a", "kind": "error", "url": url });
    assert_eq!(event["data"], data);

    let raw = String::from_utf8(notice.raw.clone()).unwrap();
    for of_the_sender in ["Hoa", SENDER, "chưa ngừng thổi", "Về bài viết"] {
        assert!(!text.contains(of_the_sender) && !raw.contains(of_the_sender), "{of_the_sender}");
        assert!(!call.body.contains(of_the_sender), "{of_the_sender}");
    }
    let folder = server.stop().await;
    assert!(sink.is_empty() && hook.is_empty(), "each came once");
    assert_eq!(waiting(folder.path()), [], "what is delivered is forgotten");
}

#[tokio::test]
async fn a_server_that_stops_keeps_what_has_not_left() {
    let (mut sink, mut hook) = (Sink::start().await, Hook::start().await);
    sink.goes_down().await;
    hook.answers(503);
    let (server, _) = server_with_feedback(&sink, &hook).await;
    hook.next().await;
    let folder = server.stop().await;
    let kinds: Vec<_> = waiting(folder.path()).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, ["notice", "hook"]);
}

#[tokio::test]
async fn a_sender_hears_the_answer_in_their_language_and_can_answer_back() {
    let mut world = World::new().await;
    world.answered("AAAA-0001", "Lê Thị Hoa", "Gió mùa thổi\nđến tháng Tư.", "vi").await;
    world.answered("AAAA-0002", "", "Until April.", "en").await;
    assert_eq!(world.after(0).await, 2);
    let mut letters = [world.sink.next().await, world.sink.next().await];
    letters.sort_by_key(|letter| !letter.text().contains("AAAA-0001"));
    let [vietnamese, english] = letters;

    assert_eq!(vietnamese.recipients, [format!("RCPT TO:<{SENDER}>")]);
    assert_eq!(vietnamese.value("Reply-To"), "Tòa soạn <banbientap@news.example>");
    let subject = "Tòa soạn trả lời phản hồi của bạn: Tựa đề của a";
    assert_eq!(vietnamese.value("Subject"), subject);
    let text = vietnamese.text();
    for told in ["Kính gửi bạn đọc Lê Thị Hoa,", "Gió mùa thổi\nđến tháng Tư.", "Tựa đề của a"]
    {
        assert!(text.contains(told), "{told} is not in {text}");
    }
    assert!(!text.contains("Bao giờ có gió?"), "what they asked is not repeated");
    assert!(!text.contains("/v1/feedback/"), "only the link's hash is kept");
    assert!(english.text().starts_with("Dear reader,\n"));
    assert!(english.text().contains("Until April."));
}

#[tokio::test]
async fn an_answer_is_read_when_it_leaves_and_none_does_where_there_is_none() {
    let mut world = World::new().await;
    world.answered("AAAA-0001", "Hoa", "Không biết.", "vi").await;
    world.answered("AAAA-0002", "Hoa", "Không biết.", "vi").await;
    for (answer, reference) in [("Đến tháng Tư.", "AAAA-0001"), ("", "AAAA-0002")] {
        let set =
            format!("update feedback set answer = '{answer}' where reference = '{reference}'");
        sql::change(world.folder.path(), &set);
    }
    assert_eq!(world.after(60).await, 2);
    assert!(world.sink.next().await.text().contains("Đến tháng Tư."));
    assert!(world.sink.is_empty() && world.waiting().is_empty());
}

#[tokio::test]
async fn an_answer_that_replaces_one_that_waits_leaves_alone() {
    let mut world = World::new().await;
    world.sink.goes_down().await;
    world.answered("AAAA-0001", "Hoa", "Không biết.", "vi").await;
    assert_eq!(world.after(1).await, 1);
    world.answer("AAAA-0001", "Đến tháng Tư.", "vi").await;
    assert_eq!(world.after(0).await, 1);
    world.sink.comes_up().await;
    assert_eq!(world.after(60).await, 1);
    assert!(world.sink.next().await.text().contains("Đến tháng Tư."));
    assert!(world.sink.is_empty() && world.waiting().is_empty());
}

#[tokio::test]
async fn of_erased_feedback_nobody_hears() {
    let mut world = World::new().await;
    world.sink.goes_down().await;
    world.hook.answers(500);
    world.feedback("AAAA-0001", "Hoa").await;
    assert_eq!(world.after(0).await, 2);
    world.hook.next().await;
    world.erase("AAAA-0001").await;
    world.sink.comes_up().await;
    world.hook.answers(204);
    assert_eq!(world.after(3600).await, 0);
    assert!(world.sink.is_empty() && world.hook.is_empty());
}

#[tokio::test]
async fn an_address_that_was_written_to_is_in_no_file_any_more() {
    let mut world = World::new().await;
    let holds = |world: &World| sql::holds(world.folder.path(), FRIEND.as_bytes());
    world.article_for(FRIEND, "vi").await;
    assert!(holds(&world), "it is kept until the mail has left");
    assert_eq!(world.after(0).await, 1);
    world.sink.next().await;
    world.outbox.sweep().await;
    assert!(!holds(&world));
}
