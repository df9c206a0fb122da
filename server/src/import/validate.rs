//! What an article may say: every value that something else relies on.

use article_widget::contract::{Article, ArticleId, Block, BlockKind, Figure};
use icu::locale::Locale;
use jiff::tz::TimeZone;
use url::Url;

use crate::time::Calendar;

/// A field that says what cannot be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Invalid {
    /// Its path in the article.
    pub field: String,
    /// What is expected.
    pub reason: String,
}

type Checked = Result<(), Invalid>;

/// Checks ids, language tags, dates and URLs, and that there is a title.
///
/// # Errors
/// The first field that is wrong.
pub fn check(article: &Article) -> Checked {
    id("id", &article.id)?;
    require(!article.title.trim().is_empty(), "title", "is missing")?;
    language("language", &article.language)?;
    for (tag, other) in &article.alternates {
        language("alternates", tag)?;
        id(&format!("alternates.{tag}"), other)?;
    }
    dates(article)?;
    optional("canonical_url", article.canonical_url.as_deref(), absolute)?;
    for (position, byline) in article.bylines.iter().enumerate() {
        optional(&format!("bylines[{position}].url"), byline.url.as_deref(), absolute)?;
    }
    if let Some(source) = &article.source {
        optional("source.url", source.url.as_deref(), absolute)?;
    }
    if let Some(image) = &article.lead_image {
        figure("lead_image", image)?;
    }
    blocks("body", &article.body)
}

fn dates(article: &Article) -> Checked {
    let source = article.source.as_ref().and_then(|source| source.date.as_ref());
    let fields = [
        ("published", article.published.as_ref()),
        ("updated", article.updated.as_ref()),
        ("embargo", article.embargo.as_ref()),
        ("expires", article.expires.as_ref()),
        ("source.date", source),
    ];
    for (field, value) in fields {
        optional(field, value.map(String::as_str), date)?;
    }
    for (position, correction) in article.corrections.iter().enumerate() {
        date(&format!("corrections[{position}].at"), &correction.at)?;
    }
    Ok(())
}

fn blocks(path: &str, blocks: &[Block]) -> Checked {
    for (position, block) in blocks.iter().enumerate() {
        let path = format!("{path}[{position}]");
        match &block.kind {
            BlockKind::Figure(shown) => figure(&path, shown)?,
            BlockKind::Embed(card) => absolute(&format!("{path}.url"), &card.url)?,
            BlockKind::Quote { blocks: quoted, .. } => {
                self::blocks(&format!("{path}.blocks"), quoted)?
            }
            BlockKind::List { items, .. } => {
                for (item, inner) in items.iter().enumerate() {
                    self::blocks(&format!("{path}.items[{item}]"), inner)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn figure(path: &str, figure: &Figure) -> Checked {
    for (position, source) in figure.sources.iter().enumerate() {
        let field = format!("{path}.sources[{position}].url");
        // A second slash would make another server of it.
        let is_ours = source.url.starts_with('/') && !source.url.starts_with("//");
        if !is_ours || source.url.contains('\\') {
            absolute(&field, &source.url)?;
        }
    }
    Ok(())
}

fn id(field: &str, id: &ArticleId) -> Checked {
    ArticleId::parse(id.as_str()).map(|_| ()).map_err(|error| invalid(field, &error.to_string()))
}

fn language(field: &str, tag: &str) -> Checked {
    let is_tag = tag.parse::<Locale>().is_ok_and(|locale| !locale.id.language.is_unknown());
    require(is_tag, field, "a BCP 47 language tag, such as vi or en-GB")
}

fn date(field: &str, text: &str) -> Checked {
    let is_date = Calendar::new(TimeZone::UTC).read(text).is_some();
    require(is_date, field, "2016-01-06 or 2024-11-27T08:30:00+07:00 (RFC 3339)")
}

fn absolute(field: &str, text: &str) -> Checked {
    let is_web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    require(is_web, field, "an absolute http or https URL")
}

fn optional(field: &str, value: Option<&str>, check: fn(&str, &str) -> Checked) -> Checked {
    value.map_or(Ok(()), |value| check(field, value))
}

fn require(fine: bool, field: &str, reason: &str) -> Checked {
    if fine { Ok(()) } else { Err(invalid(field, reason)) }
}

fn invalid(field: &str, reason: &str) -> Invalid {
    Invalid { field: field.to_owned(), reason: reason.to_owned() }
}
