//! The text: blocks and what stands in their lines.

use super::article::figure;
use super::{Object, Value};
use crate::contract::{Block, BlockKind, Cell, EmbedCard, Inline};

/// One block.
pub(crate) fn block<V: Value>(json: V) -> Block {
    let mut from = json.object();
    let fallback = from.maybe("fallback");
    Block { kind: kind(from), fallback }
}

fn kind<V: Value>(mut from: Object<V>) -> BlockKind {
    match from.text("kind").as_str() {
        "paragraph" => BlockKind::Paragraph(line(&mut from, "content")),
        "heading" => BlockKind::Heading {
            level: from.number("level").clamp(2, 4) as u8,
            content: line(&mut from, "content"),
        },
        "list" => BlockKind::List {
            ordered: from.flag("ordered"),
            items: from.list("items", |item| item.list().into_iter().map(block).collect()),
        },
        "quote" => BlockKind::Quote {
            blocks: from.list("blocks", block),
            cite: line(&mut from, "content"),
        },
        "figure" => BlockKind::Figure(figure(from)),
        "table" => BlockKind::Table {
            caption: line(&mut from, "caption"),
            rows: from.list("rows", |row| row.list().into_iter().map(cell).collect()),
        },
        "preformatted" => BlockKind::Preformatted(from.text("text")),
        "embed" => BlockKind::Embed(EmbedCard {
            url: from.text("url"),
            title: from.maybe("title"),
            provider: from.maybe("provider"),
        }),
        "rule" => BlockKind::Rule,
        _ => BlockKind::Unknown,
    }
}

fn cell<V: Value>(json: V) -> Cell {
    let mut from = json.object();
    Cell {
        header: from.flag("header"),
        columns: from.number("columns") as u16,
        rows: from.number("rows") as u16,
        content: line(&mut from, "content"),
    }
}

/// A line of text.
pub(super) fn line<V: Value>(from: &mut Object<V>, key: &str) -> Vec<Inline> {
    from.list(key, inline)
}

/// A run of a line.
pub(crate) fn inline<V: Value>(json: V) -> Inline {
    if !json.is_object() {
        return json.text().map_or_else(|| Inline::Unknown(Vec::new()), Inline::Text);
    }
    let mut from = json.object();
    let content = line(&mut from, "content");
    match from.text("kind").as_str() {
        "strong" => Inline::Strong(content),
        "em" => Inline::Em(content),
        "link" => Inline::Link { url: from.text("url"), content },
        "break" => Inline::Break,
        "sub" => Inline::Sub(content),
        "sup" => Inline::Sup(content),
        "code" => Inline::Code(from.text("text")),
        _ => Inline::Unknown(match from.maybe("text") {
            Some(text) => vec![Inline::Text(text)],
            None => content,
        }),
    }
}
