//! The browser's reading of an answer comes to the same as the server's.

use std::collections::BTreeMap;

use article_server::config::Config;
use article_server::messages::Languages;
use article_widget::contract::{
    Article, Display, Embed, Messages, MostRead, MostReadItem, Settings, Window,
};
use article_widget::read;
use serde_json::{Value, json};

use crate::contract::every_block;
use crate::render::{embed, render};
use crate::sharing;

/// As a browser reads it.
fn read_by_hand(answer: Value) -> Option<Embed> {
    read::embed(tree(answer))
}

fn tree(answer: Value) -> read::Json {
    serde_json::from_value(answer).expect("any JSON is read")
}

/// The same HTML, and the same of what only a running widget looks at.
async fn assert_same(embed: Embed) {
    let answer = serde_json::to_value(&embed).expect("it is JSON");
    let read = read_by_hand(answer.clone()).expect("it is an answer");
    let live = read::live(tree(answer)).expect("it is an answer");
    assert_eq!(read.article.id, embed.article.id);
    assert_eq!(read.article.title, embed.article.title);
    assert_eq!(read.article.status, embed.article.status);
    assert_eq!(read.public_url, embed.public_url);
    assert_eq!((&read.messages, &live.messages), (&embed.messages, &embed.messages));
    assert_eq!(read.settings, embed.settings);
    assert_eq!(read.render, embed.render);
    let windows = |embed: &Embed| embed.most_read.as_ref().map(|list| (list.window, list.asked));
    assert_eq!(windows(&read), windows(&embed));
    let of_the_live_part = sharing::render(embed.clone(), || None).await;
    assert!(of_the_live_part.contains("aw-actions"));
    assert_eq!(sharing::render_beside(live, || None).await, of_the_live_part);
    assert_eq!(render(read).await, render(embed).await);
}

fn samples() -> Vec<Article> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/articles");
    let files = std::fs::read_dir(folder).expect("there are samples");
    let read = |path| std::fs::read(path).expect("a sample is readable");
    let articles: Vec<_> = files.map(|file| read(file.expect("it is there").path())).collect();
    articles.iter().map(|json| serde_json::from_slice(json).expect("an article")).collect()
}

#[tokio::test]
async fn every_sample_is_read_as_the_server_reads_it() {
    let samples = samples();
    assert!(samples.len() > 10);
    for article in samples {
        assert_same(embed(article)).await;
    }
}

#[tokio::test]
async fn every_kind_of_block_and_every_field_is_read() {
    let article = Article { body: every_block(), ..samples().remove(0) };
    let item = |id: &str| MostReadItem {
        title: format!("Tựa của {id}"),
        language: "en".to_owned(),
        url: format!("https://news.example/a/{id}"),
        views_text: Some("1.234 lượt xem".into()),
        ..MostReadItem::default()
    };
    let whole = Embed {
        most_read: Some(MostRead {
            window: Window::Week,
            asked: Some(Window::Day),
            items: ["a", "b", "c"].map(item).to_vec(),
            ..MostRead::default()
        }),
        display: Display {
            dateline: Some("Thứ Tư, 27/11/2024".into()),
            published: Some("27/11/2024 08:30".into()),
            updated: Some("28/11/2024 09:00".into()),
            source_date: Some("06/01/2016".into()),
            corrections: vec!["29/11/2024".into(), "30/11/2024".into()],
            dir: Some("rtl".into()),
            article_dir: Some("rtl".into()),
        },
        settings: Settings {
            channels: vec!["copy".into(), "zalo".into()],
            facebook_app: Some("123".into()),
            sends_mail: true,
            fields: vec!["message".into(), "email".into()],
            required: vec!["message".into()],
            kinds: vec!["error".into()],
        },
        render: "cf74a8ec".into(),
        ..embed(article)
    };
    assert_same(whole).await;
}

/// `trunk serve` shows it where no server runs.
#[test]
fn the_sample_answer_is_one_of_todays() {
    let sample = include_str!("../../samples/embed.json");
    let sample = read_by_hand(serde_json::from_str(sample).expect("JSON")).expect("an answer");
    let languages = Languages::builtin("Báo Cao Nguyên Xanh", 365);
    let words = |messages: &Messages| -> BTreeMap<String, String> {
        messages.iter().map(|(key, words)| (key.to_owned(), words.to_owned())).collect()
    };
    assert_eq!(words(&sample.messages), words(&languages.of("vi").interface));
    assert_eq!(sample.settings, Config::default().settings);
}

#[test]
fn what_is_of_another_kind_is_as_if_it_were_not_there() {
    let answer = json!({
        "article": {
            "id": "a", "title": ["no", "text"], "lede": 7, "body": { "kind": "paragraph" }, "status": "asleep",
            "lead_image": "picture.jpg", "bylines": [null, { "name": "Lan" }],
        },
        "most_read": [], "messages": { "share.button": "Gửi", "feedback.button": 3 }, "settings": null,
    });
    let read = read_by_hand(answer).expect("it has an article with an id");
    assert!(read.article.title.is_empty() && read.article.body.is_empty());
    assert_eq!((read.article.lede, read.article.lead_image), (None, None));
    assert_eq!(read.article.bylines.len(), 2);
    assert_eq!(read.messages.iter().collect::<Vec<_>>(), [("share.button", "Gửi")]);
    assert_eq!(read.most_read, None);
}

#[test]
fn what_names_no_article_is_no_answer() {
    for answer in [json!(null), json!([]), json!({}), json!({ "article": { "id": "../etc" } })] {
        assert!(read_by_hand(answer.clone()).is_none(), "{answer}");
    }
    let receipt = |answer| read::receipt(tree(answer));
    assert!(receipt(json!({ "reference": "ABCD-EFGH" })).is_none());
    assert!(receipt(json!({ "reference": "ABCD-EFGH", "url": "https://a.example" })).is_some());
}
