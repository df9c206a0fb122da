//! The elements of a story's text, each to blocks. What has no words or no address of its own (references, ratings,
//! custom embeds, placeholders) is left out.

use article_widget::contract::{Block, BlockKind, Cell, EmbedCard, Figure, Inline};
use serde_json::Value;
use url::Url;

use super::super::{html, json, link, picture, prose};
use super::plain;

pub(super) fn read(elements: &Value, base: Option<&Url>) -> Vec<Block> {
    json::list(elements).iter().flat_map(|element| blocks(element, base)).collect()
}

fn blocks(element: &Value, base: Option<&Url>) -> Vec<Block> {
    let content = element["content"].as_str().unwrap_or_default();
    match element["type"].as_str().unwrap_or_default() {
        "text" | "raw_html" => html::blocks(content, base),
        "header" => heading(element, content, base),
        "code" => filled(BlockKind::Preformatted(content.to_owned()), content),
        "correction" => text(plain(&element["text"]), |text| Inline::Em(vec![text])),
        "divider" => vec![BlockKind::Rule.into()],
        "list" => list(element, base).into_iter().collect(),
        "quote" | "blockquote" => quote(element, base),
        "table" => table(element, base),
        "image" => figure(element, base)
            .map(|figure| BlockKind::Figure(figure).into())
            .into_iter()
            .collect(),
        "oembed_response" => embedded(&element["raw_oembed"], base),
        "video" | "audio" | "story" => {
            card(element, base).map(|card| BlockKind::Embed(card).into()).into_iter().collect()
        }
        "interstitial_link" => {
            link(element, base).map(|link| prose::paragraph(vec![link])).into_iter().collect()
        }
        "link_list" => link_list(element, base),
        // A group of elements, a gallery of images: what is in it.
        _ => read(&element["content_elements"], base),
    }
}

pub(super) fn figure(image: &Value, base: Option<&Url>) -> Option<Figure> {
    if image["type"].as_str().is_some_and(|kind| kind != "image") {
        return None;
    }
    let url = link::web(&json::text(&image["url"])?, base)?;
    let source = picture::file(url, json::pixels(&image["width"]), json::pixels(&image["height"]));
    let caption = json::text(&image["caption"]).or_else(|| json::text(&image["subtitle"]));
    let figure = Figure {
        caption: html::inlines(&caption.unwrap_or_default(), base),
        alt: plain(&image["alt_text"]),
        credit: credit(&image["vanity_credits"]).or_else(|| credit(&image["credits"])),
        ..Figure::default()
    };
    picture::of(vec![source], figure)
}

pub(super) fn card(media: &Value, base: Option<&Url>) -> Option<EmbedCard> {
    let streams = json::list(&media["streams"]).iter().map(|stream| &stream["url"]);
    let mut urls = std::iter::once(&media["canonical_url"]).chain(streams);
    let url = urls.find_map(|url| link::web(&json::text(url)?, base))?;
    Some(link::card(url, plain(&media["headlines"]["basic"])))
}

/// "An/Báo Ví Dụ": who made it and whose it is.
fn credit(credits: &Value) -> Option<String> {
    let names = ["by", "affiliation"].into_iter().flat_map(|role| json::list(&credits[role]));
    let names: Vec<String> =
        names.filter_map(|who| plain(&who["byline"]).or_else(|| plain(&who["name"]))).collect();
    (!names.is_empty()).then(|| names.join("/"))
}

fn heading(element: &Value, content: &str, base: Option<&Url>) -> Vec<Block> {
    let level = match element["level"].as_u64() {
        None | Some(0..=2) => 2,
        Some(3) => 3,
        Some(_) => 4,
    };
    filled(BlockKind::Heading { level, content: html::inlines(content, base) }, content)
}

/// A list within a list is an item of its own there, and belongs to the item before it here.
fn list(element: &Value, base: Option<&Url>) -> Option<Block> {
    let mut items: Vec<Vec<Block>> = Vec::new();
    for item in json::list(&element["items"]) {
        let content = blocks(item, base);
        match items.last_mut() {
            Some(last) if item["type"] == "list" => last.extend(content),
            _ if content.is_empty() => {}
            _ => items.push(content),
        }
    }
    let ordered = element["list_type"] == "ordered";
    (!items.is_empty()).then(|| BlockKind::List { ordered, items }.into())
}

fn quote(element: &Value, base: Option<&Url>) -> Vec<Block> {
    let mut blocks = read(&element["content_elements"], base);
    if blocks.is_empty() {
        blocks = html::blocks(element["content"].as_str().unwrap_or_default(), base);
    }
    if blocks.is_empty() {
        return blocks;
    }
    let cite = element["citation"]["content"].as_str().unwrap_or_default();
    vec![BlockKind::Quote { blocks, cite: html::inlines(cite, base) }.into()]
}

fn table(element: &Value, base: Option<&Url>) -> Vec<Block> {
    let row = |cells: &Value, header: bool| -> Vec<Cell> {
        let cell = |cell: &Value| {
            let content = cell["content"].as_str().or_else(|| cell.as_str()).unwrap_or_default();
            Cell { header, content: html::inlines(content, base), ..Cell::default() }
        };
        json::list(cells).iter().map(cell).collect()
    };
    let head = std::iter::once(row(&element["header"], true));
    let rows = json::list(&element["rows"]).iter().map(|cells| row(cells, false));
    let rows: Vec<Vec<Cell>> = head.chain(rows).filter(|row| !row.is_empty()).collect();
    match rows.is_empty() {
        true => Vec::new(),
        false => vec![BlockKind::Table { caption: Vec::new(), rows }.into()],
    }
}

/// The address that was asked for; else what the answer's HTML leads to.
fn embedded(answer: &Value, base: Option<&Url>) -> Vec<Block> {
    let url = [&answer["url"], &answer["_id"]].into_iter();
    let url = url.into_iter().find_map(|url| link::web(&json::text(url)?, None));
    match url {
        Some(url) => {
            let (title, provider) = (plain(&answer["title"]), plain(&answer["provider_name"]));
            vec![BlockKind::Embed(EmbedCard { url, title, provider }).into()]
        }
        None => html::blocks(answer["html"].as_str().unwrap_or_default(), base),
    }
}

fn link(element: &Value, base: Option<&Url>) -> Option<Inline> {
    let content = html::inlines(element["content"].as_str().unwrap_or_default(), base);
    let url = link::web(&json::text(&element["url"])?, base)?;
    (!content.is_empty()).then_some(Inline::Link { url, content })
}

fn link_list(element: &Value, base: Option<&Url>) -> Vec<Block> {
    let links = json::list(&element["items"]).iter().filter_map(|item| link(item, base));
    let items: Vec<Vec<Block>> = links.map(|link| vec![prose::paragraph(vec![link])]).collect();
    let mut blocks = text(plain(&element["title"]), |title| Inline::Strong(vec![title]));
    if !items.is_empty() {
        blocks.push(BlockKind::List { ordered: false, items }.into());
    }
    blocks
}

fn text(text: Option<String>, mark: fn(Inline) -> Inline) -> Vec<Block> {
    text.map(|text| prose::paragraph(vec![mark(Inline::Text(text))])).into_iter().collect()
}

fn filled(kind: BlockKind, content: &str) -> Vec<Block> {
    if content.trim().is_empty() { Vec::new() } else { vec![kind.into()] }
}
