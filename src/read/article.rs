//! The article, and what it is made of but for its text.

use super::block::{block, line};
use super::{Json, Object};
use crate::contract::{
    Article, ArticleId, Byline, Correction, Figure, ImageSource, Source, Status,
};

/// An article, as far as components show it.
pub(super) fn article(mut from: Object) -> Article {
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

/// The id; an empty one where it is none.
pub(super) fn id(from: &mut Object) -> ArticleId {
    ArticleId::parse(&from.text("id")).unwrap_or_default()
}

/// A picture.
pub(super) fn figure(mut from: Object) -> Figure {
    Figure {
        sources: from.list("sources", image),
        alt: from.maybe("alt"),
        caption: line(&mut from, "caption"),
        credit: from.maybe("credit"),
    }
}

fn image(json: Json) -> ImageSource {
    let mut from = json.object();
    ImageSource {
        url: from.text("url"),
        media_type: from.maybe("type"),
        width: from.number("width"),
        height: from.number("height"),
    }
}

fn byline(json: Json) -> Byline {
    let mut from = json.object();
    Byline { name: from.text("name"), role: from.maybe("role"), url: from.maybe("url") }
}

fn source(mut from: Object) -> Source {
    Source { name: from.text("name"), url: from.maybe("url"), ..Source::default() }
}

fn correction(json: Json) -> Correction {
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
