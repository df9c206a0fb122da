//! What the server answers.

use super::article::{article, id};
use super::{Json, Object};
use crate::contract::{
    Display, Embed, FeedbackReceipt, Messages, MostRead, MostReadItem, Settings, Window,
};

/// The answer of `GET /v1/embed/{id}`, as far as components show it; none where it is no such answer.
pub fn embed(json: Json) -> Option<Embed> {
    let mut from = json.object();
    let article = article(from.take("article").object());
    if article.id.as_str().is_empty() {
        return None;
    }
    Some(Embed {
        article,
        most_read: from.maybe_object("most_read").map(list),
        public_url: from.text("public_url"),
        lang: from.text("lang"),
        messages: messages(from.take("messages").object()),
        display: display(from.take("display").object()),
        settings: settings(from.take("settings").object()),
        html: String::new(),
        css: String::new(),
        render: from.text("render"),
    })
}

/// The answer of `GET /v1/most-read`.
pub fn most_read(json: Json) -> MostRead {
    list(json.object())
}

/// The answer of `POST /v1/feedback`; none where it is no such answer.
pub fn receipt(json: Json) -> Option<FeedbackReceipt> {
    let mut from = json.object();
    Some(FeedbackReceipt { reference: from.maybe("reference")?, url: from.maybe("url")? })
}

/// Whether the server does what it was asked for, and refuses nothing silently.
pub fn is_accepted(json: Json) -> bool {
    json.object().text("outcome") != "refused"
}

fn list(mut from: Object) -> MostRead {
    MostRead {
        window: window(&mut from, "window").unwrap_or_default(),
        asked: window(&mut from, "asked"),
        items: from.list("items", item),
        ..MostRead::default()
    }
}

fn window(from: &mut Object, key: &str) -> Option<Window> {
    Window::parse(&from.text(key))
}

fn item(json: Json) -> MostReadItem {
    let mut from = json.object();
    MostReadItem {
        id: id(&mut from),
        title: from.text("title"),
        language: from.text("language"),
        url: from.text("url"),
        views_text: from.maybe("views_text"),
        ..MostReadItem::default()
    }
}

fn messages(from: Object) -> Messages {
    let words = |(key, words): (String, Json)| Some((key, words.text()?));
    from.fields().into_iter().filter_map(words).collect()
}

fn display(mut from: Object) -> Display {
    Display {
        dateline: from.maybe("dateline"),
        published: from.maybe("published"),
        updated: from.maybe("updated"),
        source_date: from.maybe("source_date"),
        corrections: from.texts("corrections"),
        dir: from.maybe("dir"),
        article_dir: from.maybe("article_dir"),
    }
}

fn settings(mut from: Object) -> Settings {
    Settings {
        channels: from.texts("channels"),
        facebook_app: from.maybe("facebook_app"),
        sends_mail: from.flag("sends_mail"),
        fields: from.texts("fields"),
        required: from.texts("required"),
        kinds: from.texts("kinds"),
    }
}
