//! RSS: a channel and its items.

use article_widget::contract::{Block, BlockKind, Byline, Inline, Source};
use url::Url;

use super::super::{html, link, prose, stated};
use super::xml::{Element, Space};
use super::{Entry, media};

pub(super) fn entries(root: &Element, base: Option<&Url>) -> Vec<Entry> {
    let Some(channel) = root.child(Space::Rss, "channel") else { return Vec::new() };
    let home = channel.child(Space::Rss, "link").and_then(Element::text);
    let home = home.and_then(|home| Url::parse(&link::web(&home, base)?).ok());
    let base = home.as_ref().or(base);
    // In RSS 1.0 items stand beside the channel.
    let around = Around::of(channel);
    let items = channel.all(Space::Rss, "item").chain(root.all(Space::Rss, "item"));
    items.map(|item| entry(item, &around, base)).collect()
}

/// What a channel says for all of its items: looked for once, for there may be many.
struct Around {
    language: Option<String>,
    rights: Option<String>,
    site: Option<String>,
}

impl Around {
    fn of(channel: &Element) -> Self {
        let field = |space, name| channel.child(space, name).and_then(Element::text);
        Self {
            language: field(Space::Rss, "language")
                .or_else(|| field(Space::DublinCore, "language")),
            rights: field(Space::Rss, "copyright"),
            site: field(Space::Rss, "link").and_then(|home| link::host(&home)),
        }
    }
}

fn entry(item: &Element, around: &Around, base: Option<&Url>) -> Entry {
    let guid = item.child(Space::Rss, "guid");
    let link = item.child(Space::Rss, "link").and_then(|link| link.text());
    let link = link.and_then(|link| link::web(&link, base)).or_else(|| permanent(guid?));
    let here = link.as_deref().and_then(|link| Url::parse(link).ok());
    let here = here.as_ref().or(base);
    let encoded = item.child(Space::Content, "encoded").and_then(|content| content.text());
    let description = item.child(Space::Rss, "description").map(markup).unwrap_or_default();
    let (body, summary) = match encoded {
        Some(encoded) => {
            let summary = without_pointer(html::blocks(&description, here), link.as_deref());
            (html::blocks(&encoded, here), Some(prose::read_out(&summary, usize::MAX)))
        }
        None => (html::blocks(&description, here), None),
    };
    let body = without_pointer(body, link.as_deref());
    let field = |space, name| item.child(space, name).and_then(|field| field.text());
    Entry {
        id: guid.and_then(|guid| guid.text()),
        site: around.site.clone().or_else(|| link::site(link.as_deref(), base)),
        title: field(Space::Rss, "title").and_then(|title| prose::line(&html::plain(&title))),
        language: field(Space::DublinCore, "language").or_else(|| around.language.clone()),
        published: field(Space::Rss, "pubDate")
            .or_else(|| field(Space::DublinCore, "date"))
            .and_then(|date| stated::date(&date)),
        updated: field(Space::Atom, "updated")
            .or_else(|| field(Space::Terms, "modified"))
            .and_then(|date| stated::date(&date)),
        bylines: bylines(item),
        summary,
        body,
        source: item.child(Space::Rss, "source").and_then(source),
        tags: tags(item),
        rights: field(Space::DublinCore, "rights")
            .or_else(|| around.rights.clone())
            .and_then(|rights| prose::line(&html::plain(&rights))),
        pictures: media::pictures(item, here),
        cards: media::cards(item, here),
        link,
    }
}

/// Without what leads readers to the article that they have before them: "Continue reading" at the end, or a last
/// paragraph "The post … appeared first on …", with which WordPress ends its own.
fn without_pointer(mut blocks: Vec<Block>, link: Option<&str>) -> Vec<Block> {
    let bare = |url: &str| url.split(['?', '#']).next().unwrap_or_default().to_owned();
    let Some(own) = link.map(bare) else { return blocks };
    let leads_here =
        |inline: &Inline| matches!(inline, Inline::Link { url, .. } if bare(url) == own);
    let is_alone = blocks.len() == 1;
    let Some(BlockKind::Paragraph(content)) = blocks.last_mut().map(|block| &mut block.kind) else {
        return blocks;
    };
    if content.last().is_some_and(leads_here) {
        content.pop();
        if let Some(Inline::Text(before)) = content.last_mut() {
            before.truncate(before.trim_end().len());
        }
    } else if content.iter().any(leads_here) && !is_alone {
        content.clear();
    }
    if content.is_empty() {
        blocks.pop();
    }
    blocks
}

/// HTML that stands in a field escaped, or, against the rules, as elements.
fn markup(field: &Element) -> String {
    match field.elements().next() {
        Some(_) => field.inner_html(),
        None => field.text().unwrap_or_default(),
    }
}

/// A guid is the article's address unless it says that it is none.
fn permanent(guid: &Element) -> Option<String> {
    let is_link = guid.attribute("isPermaLink") != Some("false");
    is_link.then(|| link::web(&guid.text()?, None))?
}

fn bylines(item: &Element) -> Vec<Byline> {
    let creators = item.all(Space::DublinCore, "creator").filter_map(Element::text);
    let mut names: Vec<String> =
        creators.filter_map(|name| prose::line(&html::plain(&name))).collect();
    if names.is_empty() {
        let authors = item.all(Space::Rss, "author").filter_map(Element::text);
        names = authors.filter_map(|author| name(&author)).collect();
    }
    names.into_iter().map(|name| Byline { name, ..Byline::default() }).collect()
}

/// "lan@bao.example (Hoàng Lan)" or "Hoàng Lan <lan@bao.example>": the name. An address alone is none.
fn name(author: &str) -> Option<String> {
    if !author.contains('@') {
        return prose::line(&html::plain(author));
    }
    let in_brackets = author.split_once('(').map(|(_, name)| name.trim_end().trim_end_matches(')'));
    let before = author.split_once('<').map(|(name, _)| name);
    prose::line(in_brackets.or(before)?)
}

fn source(source: &Element) -> Option<Source> {
    // Its `url` is that of a feed, which readers have no use for.
    Some(Source { name: prose::line(&html::plain(&source.text()?))?, ..Source::default() })
}

fn tags(item: &Element) -> Vec<String> {
    let fields = item.all(Space::Rss, "category").chain(item.all(Space::DublinCore, "subject"));
    prose::distinct(fields.filter_map(|field| prose::line(&html::plain(&field.text()?))))
}
