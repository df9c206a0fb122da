//! What the server answers.

use super::article::{article, heading, id};
use super::{Object, Value};
use crate::contract::{
    Display, Embed, FeedbackReceipt, Heading, Messages, MostRead, MostReadItem, Settings, Window,
};

/// The answer of `GET /v1/embed/{id}`, as far as components show it; none where it is no such answer.
pub fn embed<V: Value>(json: V) -> Option<Embed> {
    let mut from = json.object();
    let article = article(from.take("article").object());
    let display = display(from.take("display").object());
    let is_one = !article.id.as_str().is_empty();
    is_one.then(|| Embed { display, ..around(article, from) })
}

/// The same, as far as it is needed of an article whose text stands there already.
pub fn live<V: Value>(json: V) -> Option<Embed<Heading>> {
    let mut from = json.object();
    let heading = heading(from.take("article").object());
    let is_one = !heading.id.as_str().is_empty();
    // The letter's form quotes the article.
    let article_dir = from.take("display").object().maybe("article_dir");
    let display = Display { article_dir, ..Display::default() };
    is_one.then(|| Embed { display, ..around(heading, from) })
}

/// What the answer says beside the article.
fn around<A, V: Value>(article: A, mut from: Object<V>) -> Embed<A> {
    Embed {
        article,
        most_read: from.maybe_object("most_read").map(list),
        public_url: from.text("public_url"),
        lang: from.text("lang"),
        messages: messages(from.take("messages").object()),
        display: Display::default(),
        settings: settings(from.take("settings").object()),
        html: String::new(),
        css: String::new(),
        render: from.text("render"),
    }
}

/// The answer of `GET /v1/most-read`.
pub fn most_read<V: Value>(json: V) -> MostRead {
    list(json.object())
}

/// The answer of `POST /v1/feedback`; none where it is no such answer.
pub fn receipt<V: Value>(json: V) -> Option<FeedbackReceipt> {
    let mut from = json.object();
    Some(FeedbackReceipt { reference: from.maybe("reference")?, url: from.maybe("url")? })
}

/// Whether the server does what it was asked for, and refuses nothing silently.
pub fn is_accepted<V: Value>(json: V) -> bool {
    json.object().text("outcome") != "refused"
}

fn list<V: Value>(mut from: Object<V>) -> MostRead {
    MostRead {
        window: window(&mut from, "window").unwrap_or_default(),
        asked: window(&mut from, "asked"),
        items: from.list("items", item),
        ..MostRead::default()
    }
}

fn window<V: Value>(from: &mut Object<V>, key: &str) -> Option<Window> {
    Window::parse(&from.text(key))
}

fn item<V: Value>(json: V) -> MostReadItem {
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

fn messages<V: Value>(from: Object<V>) -> Messages {
    let words = |(key, words): (String, V)| Some((key, words.text()?));
    from.fields().into_iter().filter_map(words).collect()
}

fn display<V: Value>(mut from: Object<V>) -> Display {
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

fn settings<V: Value>(mut from: Object<V>) -> Settings {
    Settings {
        channels: from.texts("channels"),
        facebook_app: from.maybe("facebook_app"),
        sends_mail: from.flag("sends_mail"),
        fields: from.texts("fields"),
        required: from.texts("required"),
        kinds: from.texts("kinds"),
    }
}
