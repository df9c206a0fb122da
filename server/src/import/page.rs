//! A page of HTML: what it says of its article as data (schema.org in JSON-LD), what it says of itself in its head, and
//! the text as it stands between its menus and its foot. What is said as data is believed first.

use article_widget::contract::{Article, ArticleId, Block, BlockKind, Figure, Source};
use url::Url;

use super::{ImportError, html, identity, prose, settle};

mod extraction;
mod head;
mod schema;

use head::Head;
use schema::Told;

/// Text that is shorter, in characters, is a teaser.
const WORTH_IT: usize = 200;
/// A picture among so many blocks at the beginning is the one below the headline.
const BEGINNING: usize = 3;

/// Reads the article of a page. Without a word on its language, `language` is empty.
///
/// # Errors
/// [`ImportError::Html`] for a page that is too much, [`ImportError::Text`] where it has no title or no text.
pub(super) fn read(text: &str, base: Option<&Url>) -> Result<Article, ImportError> {
    let page = html::page(text)?;
    let head = head::read(&page, base);
    let here = head.base.clone().or(base.cloned()).or(head.canonical.clone());
    let told = schema::read(&page, here.as_ref()).unwrap_or_default();
    let Some(title) = told.title.clone().or_else(|| head.title.clone()) else {
        return Err(ImportError::Text("the page has no title"));
    };
    let seen = extraction::read(page, here.as_ref())?;

    let mut body = body(seen.blocks, told.body.as_deref(), here.as_ref())?;
    without_title(&mut body, &title);
    let lead_image = lead_image(&mut body, told.image.clone().or_else(|| head.image.clone()));
    let bylines = [told.bylines.clone(), head.bylines.clone(), seen.byline.into_iter().collect()];
    let bylines = bylines.into_iter().find(|bylines| !bylines.is_empty()).unwrap_or_default();
    let summary = told.lede.clone().or_else(|| head.lede.clone());
    let article = Article { title, lead_image, body, bylines, ..compose(told, head) };
    let article = settle::settle(article, summary);
    Ok(Article { id: id(&article), ..article })
}

/// What is told in either place, in the data first.
fn compose(told: Told, head: Head) -> Article {
    let canonical_url = head.canonical.map(String::from).or(told.url);
    let source = told.source.or_else(|| Some(Source { name: head.site?, ..Source::default() }));
    Article {
        source: source
            .map(|source| Source { url: source.url.or_else(|| canonical_url.clone()), ..source }),
        canonical_url,
        language: told.language.or(head.language).unwrap_or_default(),
        published: told.published.or(head.published),
        updated: told.updated.or(head.updated),
        section: told.section.or(head.section),
        tags: if told.tags.is_empty() { head.tags } else { told.tags },
        rights: told.rights.or(head.rights),
        ..Article::default()
    }
}

fn id(article: &Article) -> ArticleId {
    match (&article.canonical_url, &article.source) {
        (Some(url), _) => identity::given(url),
        (None, Some(source)) => {
            identity::of_text(&article.title, article.published.as_deref(), &source.name)
        }
        (None, None) => {
            identity::of_entry(&article.title, article.published.as_deref(), &article.body)
        }
    }
}

/// The text as it is seen has its headings, links and pictures, and is taken where it is the one that is told. Where it
/// is much shorter, the extraction has missed the text; where it is much longer, it has more than the text.
fn body(
    seen: Vec<Block>,
    told: Option<&str>,
    base: Option<&Url>,
) -> Result<Vec<Block>, ImportError> {
    let told = told.map(|text| schema::blocks(text, base)).transpose()?.unwrap_or_default();
    let (length_seen, length_told) = (prose::length(&seen), prose::length(&told));
    let agree = length_seen * 5 >= length_told * 4 && length_seen * 4 <= length_told * 5;
    match (length_seen, length_told) {
        (_, WORTH_IT..) if agree => Ok(seen),
        (_, WORTH_IT..) => Ok(told),
        (1.., _) if length_seen >= length_told => Ok(seen),
        (_, 1..) => Ok(told),
        _ => Err(ImportError::Text("the page has no text that looks like an article")),
    }
}

/// The title stands in the article already.
fn without_title(body: &mut Vec<Block>, title: &str) {
    let says_title = |block: &Block| match &block.kind {
        BlockKind::Heading { content, .. } => {
            prose::of_inlines(content).to_lowercase() == title.to_lowercase()
        }
        _ => false,
    };
    if let Some(position) = body.iter().take(BEGINNING).position(says_title) {
        body.remove(position);
    }
}

/// A picture that stands at the beginning has its caption with it. That of the data is a cut for search engines: it serves
/// where the text begins without one, unless it stands further below.
fn lead_image(body: &mut Vec<Block>, told: Option<Figure>) -> Option<Figure> {
    let is_picture = |block: &Block| matches!(block.kind, BlockKind::Figure(_));
    if let Some(position) = body.iter().take(BEGINNING).position(is_picture)
        && let BlockKind::Figure(figure) = body.remove(position).kind
    {
        return Some(figure);
    }
    let told = told?;
    let shown_below = body.iter().any(|block| match &block.kind {
        BlockKind::Figure(figure) => figure
            .sources
            .iter()
            .any(|source| told.sources.iter().any(|other| other.url == source.url)),
        _ => false,
    });
    (!shown_below).then_some(told)
}

#[cfg(test)]
mod tests;
