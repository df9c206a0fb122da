//! Atom (RFC 4287): a feed and its entries.

use article_widget::contract::{Block, Byline, Source};
use url::Url;

use super::super::{html, link, prose, stated};
use super::xml::{Element, Space};
use super::{Entry, media};

pub(super) fn entries(feed: &Element, base: Option<&Url>) -> Vec<Entry> {
    let base = feed.base(base);
    let around = Around {
        language: feed.attribute("xml:lang").map(str::to_owned),
        bylines: authors(feed),
        rights: feed.child(Space::Atom, "rights").and_then(plain),
        site: ["alternate", "self"]
            .into_iter()
            .find_map(|relation| link::host(&link(feed, relation, None)?)),
    };
    feed.all(Space::Atom, "entry").map(|item| entry(item, &around, base.as_ref())).collect()
}

/// A document that is one entry.
pub(super) fn lone(item: &Element, base: Option<&Url>) -> Entry {
    entry(item, &Around::default(), base)
}

/// What a feed says for all of its entries: looked for once, for there may be many.
#[derive(Default)]
struct Around {
    language: Option<String>,
    bylines: Vec<Byline>,
    rights: Option<String>,
    site: Option<String>,
}

fn entry(item: &Element, around: &Around, base: Option<&Url>) -> Entry {
    let base = item.base(base);
    let link = link(item, "alternate", base.as_ref());
    let site = around.site.clone().or_else(|| link::site(link.as_deref(), base.as_ref()));
    let here = link.as_deref().and_then(|link| Url::parse(link).ok()).or(base);
    let here = here.as_ref();
    let content = item.child(Space::Atom, "content");
    let field = |name| item.child(Space::Atom, name).and_then(Element::text);
    let date = |name| field(name).and_then(|date| stated::date(&date));
    let updated = date("updated");
    let language = content.and_then(|content| content.attribute("xml:lang"));
    let language = language.or_else(|| item.attribute("xml:lang")).map(str::to_owned);
    Entry {
        id: field("id"),
        site,
        title: item.child(Space::Atom, "title").and_then(plain),
        language: language.or_else(|| around.language.clone()),
        published: date("published").or_else(|| updated.clone()),
        updated,
        bylines: bylines(item, around),
        body: content.map(|content| body(content, here)).unwrap_or_default(),
        summary: item.child(Space::Atom, "summary").and_then(plain),
        source: item.child(Space::Atom, "source").and_then(|source| self::source(source, here)),
        tags: prose::distinct(item.all(Space::Atom, "category").filter_map(category)),
        rights: item.child(Space::Atom, "rights").and_then(plain).or_else(|| around.rights.clone()),
        pictures: media::pictures(item, here),
        cards: media::cards(item, here),
        link,
    }
}

/// The first link of that relation; one without a relation is an alternate.
fn link(item: &Element, relation: &str, base: Option<&Url>) -> Option<String> {
    let links = item.all(Space::Atom, "link");
    let mut wanted = links.filter(|link| link.attribute("rel").unwrap_or("alternate") == relation);
    wanted.find_map(|link| link::web(link.attribute("href")?, base))
}

/// A text construct in one line.
fn plain(construct: &Element) -> Option<String> {
    match construct.attribute("type") {
        Some("html" | "text/html") => prose::line(&html::plain(&construct.text()?)),
        Some("xhtml") => prose::line(&html::plain(&construct.inner_html())),
        _ => prose::line(&construct.text()?),
    }
}

/// The text, where it is in the feed and is text: not what `src` leads to, nor another format's, base64 or not.
fn body(content: &Element, base: Option<&Url>) -> Vec<Block> {
    let base = content.base(base);
    let kind = content.attribute("type").unwrap_or("text").to_ascii_lowercase();
    match kind.as_str() {
        "html" | "text/html" => html::blocks(&content.text().unwrap_or_default(), base.as_ref()),
        "xhtml" | "application/xhtml+xml" => html::blocks(&content.inner_html(), base.as_ref()),
        "text" | "text/plain" => prose::paragraphs(&content.text().unwrap_or_default()),
        _ => Vec::new(),
    }
}

/// The entry's authors, those of the feed that it came from, or those of this feed (section 4.2.1).
fn bylines(item: &Element, around: &Around) -> Vec<Byline> {
    let own = [Some(item), item.child(Space::Atom, "source")].into_iter().flatten().map(authors);
    let named = own.into_iter().find(|bylines| !bylines.is_empty());
    named.unwrap_or_else(|| around.bylines.clone())
}

fn authors(place: &Element) -> Vec<Byline> {
    place.all(Space::Atom, "author").filter_map(byline).collect()
}

fn byline(person: &Element) -> Option<Byline> {
    let url = person.child(Space::Atom, "uri").and_then(Element::text);
    Some(Byline {
        name: prose::line(&person.child(Space::Atom, "name")?.text()?)?,
        url: url.and_then(|url| link::web(&url, None)),
        role: None,
    })
}

fn source(source: &Element, base: Option<&Url>) -> Option<Source> {
    let name = plain(source.child(Space::Atom, "title")?)?;
    Some(Source { name, url: link(source, "alternate", base), date: None })
}

fn category(category: &Element) -> Option<String> {
    prose::line(category.attribute("label").or_else(|| category.attribute("term"))?)
}
