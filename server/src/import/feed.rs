//! RSS 2.0 (with 0.9x and 1.0, which share its items) and Atom, with what news feeds add to them: `content:encoded`,
//! Dublin Core and Media RSS.
//!
//! Not by a library for feeds: docs/decisions/0009-feeds-without-their-library.md.

use article_widget::contract::{Article, Block, BlockKind, Byline, EmbedCard, Figure, Source};
use url::Url;

use super::{ImportError, finish, identity, picture, prose, settle, stated};
use crate::article::StoredArticle;

mod atom;
mod media;
mod rss;
mod xml;

/// What a feed says of an article, whatever its dialect.
#[derive(Default)]
struct Entry {
    /// As given: a URL, a tag URI, anything.
    id: Option<String>,
    /// The host of the site that the feed is of.
    site: Option<String>,
    link: Option<String>,
    title: Option<String>,
    language: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    bylines: Vec<Byline>,
    body: Vec<Block>,
    summary: Option<String>,
    source: Option<Source>,
    tags: Vec<String>,
    rights: Option<String>,
    pictures: Vec<Figure>,
    cards: Vec<EmbedCard>,
}

pub(super) fn read(
    text: &str,
    base: Option<&Url>,
    language: &str,
) -> Result<Vec<StoredArticle>, ImportError> {
    let root = xml::read(text)?;
    let entries = match root.name.as_str() {
        "rss" | "RDF" => rss::entries(&root, base),
        "feed" => atom::entries(&root, base),
        "entry" => vec![atom::lone(&root, base)],
        other => {
            return Err(ImportError::Xml(format!("<{}> is no feed", prose::shortened(other, 40))));
        }
    };
    let stored = |(entry, position)| finish(article(entry, language), position);
    entries.into_iter().zip(1..).map(stored).collect()
}

fn article(entry: Entry, language: &str) -> Article {
    let title = entry.title.unwrap_or_default();
    let given = entry.id.as_deref().or(entry.link.as_deref());
    let published = entry.published.as_deref();
    let id = identity::of_item(given, entry.site.as_deref(), &title, published, &entry.body);
    let mut article = Article {
        id,
        canonical_url: entry.link,
        title,
        language: entry
            .language
            .and_then(|tag| stated::language(&tag))
            .unwrap_or_else(|| language.to_owned()),
        updated: entry.updated,
        published: entry.published,
        bylines: entry.bylines,
        body: entry.body,
        source: entry.source,
        tags: entry.tags,
        rights: entry.rights,
        ..Article::default()
    };
    // What is within the text already stays there, and there alone; what begins it may lead.
    let within = article.body.get(1..).unwrap_or_default();
    let mut pictures = entry.pictures.into_iter().filter(|figure| !picture::shows(within, figure));
    article.lead_image = pictures.next();
    let others: Vec<Block> = pictures.map(|figure| BlockKind::Figure(figure).into()).collect();
    article.body.extend(others);
    article.body.extend(entry.cards.into_iter().map(|card| BlockKind::Embed(card).into()));
    settle::settle(article, entry.summary)
}
