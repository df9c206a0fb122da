//! The article, and what it is made of but for its text.

use super::block::{block, line};
use super::{Object, Value};
use crate::contract::{
    Article, ArticleId, Byline, Correction, Figure, Heading, ImageSource, Source, Status,
};

/// An article, as far as components show it.
pub(super) fn article<V: Value>(mut from: Object<V>) -> Article {
    Article {
        id: id(&mut from),
        canonical_url: from.maybe("canonical_url"),
        kicker: from.maybe("kicker"),
        title: from.text("title"),
        lede: from.maybe("lede"),
        language: from.text("language"),
        dateline: from.maybe("dateline"),
        bylines: from.list("bylines", byline),
        lead_image: from.maybe_object("lead_image").map(figure),
        body: from.list("body", block),
        source: from.maybe_object("source").map(source),
        rights: from.maybe("rights"),
        corrections: from.list("corrections", correction),
        status: status(&from.text("status")),
        ..Article::default()
    }
}

/// What names an article, and whether it may be read.
pub(super) fn heading<V: Value>(mut from: Object<V>) -> Heading {
    Heading {
        id: id(&mut from),
        title: from.text("title"),
        lede: from.maybe("lede"),
        language: from.text("language"),
        status: status(&from.text("status")),
    }
}

/// The id; an empty one where it is none.
pub(super) fn id<V: Value>(from: &mut Object<V>) -> ArticleId {
    ArticleId::parse(&from.text("id")).unwrap_or_default()
}

/// A picture.
pub(super) fn figure<V: Value>(mut from: Object<V>) -> Figure {
    Figure {
        sources: from.list("sources", image),
        alt: from.maybe("alt"),
        caption: line(&mut from, "caption"),
        credit: from.maybe("credit"),
    }
}

fn image<V: Value>(json: V) -> ImageSource {
    let mut from = json.object();
    ImageSource {
        url: from.text("url"),
        media_type: from.maybe("type"),
        width: from.number("width"),
        height: from.number("height"),
    }
}

fn byline<V: Value>(json: V) -> Byline {
    let mut from = json.object();
    Byline { name: from.text("name"), role: from.maybe("role"), url: from.maybe("url") }
}

fn source<V: Value>(mut from: Object<V>) -> Source {
    Source { name: from.text("name"), url: from.maybe("url"), ..Source::default() }
}

fn correction<V: Value>(json: V) -> Correction {
    Correction { text: json.object().text("text"), ..Correction::default() }
}

/// A status of a later version is none that takes the article from its readers.
fn status(name: &str) -> Status {
    match name {
        "canceled" => Status::Canceled,
        "withheld" => Status::Withheld,
        _ => Status::Usable,
    }
}
