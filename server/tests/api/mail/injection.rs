//! Nothing that comes from outside can add a recipient or a line to a mail's head: looked for in the bytes
//! that the mail server was given.

use serde_json::json;

use super::world::{EDITOR, FRIEND, SENDER, World};
use crate::support::{article, with};

/// The head of every letter, in its order.
const HEAD: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
];

/// What somebody may put where a title, a name or a text goes.
const HOSTILE: [&str; 8] = [
    "Gió\r\nBcc: victim@example.vn\r\n\r\nMua ngay",
    "Gió\nBcc: victim@example.vn",
    "Gió\rBcc: victim@example.vn",
    "Gio\r\nBcc: victim@example.vn",
    "=?utf-8?Q?Gio=0D=0ABcc:_victim=40example.vn?=",
    "Gi\0ó \u{202e}nv.elpmaxe\u{2028}Bcc: victim@example.vn\u{85}x",
    "<victim@example.vn>, \"x\" <victim@example.vn>; {title} {name} {publisher}",
    "\r\n.\r\nMAIL FROM:<x@example.vn>\r\nRCPT TO:<victim@example.vn>\r\nDATA\r\n",
];

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names
}

/// The head has these lines and no others.
fn check_head(letter: &super::received::Received, more: &[&str]) {
    assert_eq!(sorted(letter.names()), sorted([&HEAD[..], more].concat()));
    assert!(!letter.value("Subject").contains(|letter: char| letter.is_control()));
}

#[tokio::test]
async fn no_title_name_or_answer_adds_a_recipient_or_a_line_to_the_head() {
    let long = "dài".repeat(1_000);
    let long_word = "x".repeat(3_000);
    for text in HOSTILE.into_iter().chain([long.as_str(), long_word.as_str()]) {
        let hostile = with(article("a"), json!({ "title": text, "lede": text }));
        let mut world = World::with(&hostile).await;
        world.feedback("AAAA-0001", text).await;
        world.answered("AAAA-0002", text, text, "vi").await;
        world.article_for(FRIEND, "vi").await;
        assert_eq!(world.after(0).await, 4, "{text:?}");
        for _ in 0..3 {
            let letter = world.sink.next().await;
            let [recipient] = letter.recipients.as_slice() else {
                panic!("{:?}", letter.recipients)
            };
            let more: &[&str] = match recipient.as_str() {
                it if it.contains(EDITOR) => &[],
                it if it.contains(SENDER) => &["Reply-To"],
                it if it.contains(FRIEND) => &["List-Unsubscribe", "List-Unsubscribe-Post"],
                other => panic!("{other:?}"),
            };
            check_head(&letter, more);
            let address = &recipient["RCPT TO:".len()..];
            let to = letter.value("To");
            assert!(to == address.trim_matches(['<', '>']) || to.ends_with(address), "{to:?}");
        }
        assert!(world.sink.is_empty());
        assert!(!world.sink.said().iter().any(|said| said.contains("victim")), "{text:?}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_gets_no_mail() {
    for recipient in [
        "a@b.example\r\nBcc: victim@example.vn",
        "a@b.example>\r\nRCPT TO:<victim@example.vn",
        "a@b.example, victim@example.vn",
        "Hoa <a@b.example>",
        "a@b.example\0",
        "",
    ] {
        let mut world = World::new().await;
        world.article_for(recipient, "vi").await;
        assert_eq!(world.after(0).await, 1);
        assert!(world.sink.is_empty() && world.sink.said().is_empty(), "{recipient:?}");
        assert_eq!(world.waiting(), [], "it is given up");
    }
}

#[tokio::test]
async fn a_mail_in_utf_8_is_encoded_so_that_every_mail_server_takes_it() {
    let mut world = World::with(&with(
        article("a"),
        json!({ "title": "Đắk Lắk 🌾: gió “lớn”", "lede": format!("Dòng {}", "rất dài ".repeat(40)) }),
    ))
    .await;
    world.article_for(FRIEND, "vi").await;
    world.after(0).await;
    let letter = world.sink.next().await;
    assert_eq!(letter.value("Subject"), "Một bạn đọc gửi bạn bài: Đắk Lắk 🌾: gió “lớn”");
    assert_eq!(letter.value("Content-Type"), "text/plain; charset=utf-8");
    assert!(letter.text().contains("\nĐắk Lắk 🌾: gió “lớn”\n"));
    assert!(letter.text().contains("rất dài rất dài"));
    assert!(
        letter.names().contains(&"Date") && letter.value("Date").contains("27 Nov 2024 12:00:00")
    );
}

#[tokio::test]
async fn a_letter_with_an_article_holds_a_link_that_says_by_which_way_it_came() {
    let mut world = World::with(&with(article("a"), json!({ "lede": "Gió thổi." }))).await;
    world.article_for(FRIEND, "en").await;
    world.after(0).await;
    let letter = world.sink.next().await;
    let text = letter.text();
    assert!(
        text.starts_with(
            "A reader of Tạp chí Ví Dụ sends you this article:\n\nTựa đề của a\n\nGió thổi.\n\n"
        ),
        "{text}"
    );
    assert!(text.contains("\nhttps://news.example/a/a?s=s-1wh5o\n"), "{text}");
    let link = letter.value("List-Unsubscribe");
    let url = link.strip_prefix('<').unwrap().strip_suffix('>').unwrap();
    assert!(url.starts_with("https://news.example/v1/mail/unsubscribe/") && text.contains(url));
    assert!(!url.contains("minh") && !url.contains("example.vn"), "it says no address");
    assert_eq!(letter.value("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert!(letter.value("Message-ID").ends_with("@news.example>"));
}

#[tokio::test]
async fn an_article_that_was_withdrawn_is_not_sent() {
    let mut world = World::with(&with(article("a"), json!({ "status": "canceled" }))).await;
    world.article_for(FRIEND, "vi").await;
    assert_eq!(world.after(0).await, 1);
    assert!(world.sink.is_empty() && world.waiting().is_empty());
}
