//! Articles from elsewhere, each format to the contract's `Article`. Reads; writes nothing.

use std::borrow::Cow;

use article_widget::contract::Article;
use url::Url;

use crate::article::StoredArticle;
use crate::cli::Format;
use crate::malformed::Malformed;

mod ans;
mod article;
mod characters;
mod charset;
mod detect;
mod feed;
mod html;
mod identity;
mod json;
mod json_feed;
mod link;
mod markdown;
mod ndjson;
mod ninjs;
mod page;
mod picture;
mod prose;
mod settle;
mod source;
mod stated;
mod text;
mod validate;
mod wordpress;
mod words;

pub use charset::CharsetError;
pub use html::TooMuch;
pub use validate::{Invalid, check};

/// No article is longer, in bytes.
pub const LONGEST: usize = 2 << 20;
/// No input of several articles is longer, in bytes: it is held whole. The contract's JSON is bounded by the article.
const LONGEST_INPUT: usize = 16 << 20;

/// The language of articles that do not say theirs, where nothing else is told.
const LANGUAGE: &str = "vi";

/// What there is to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// It, as it came.
    pub bytes: &'a [u8],
    /// What it was said to be: a hint, and the name of its encoding.
    pub content_type: Option<&'a str>,
    /// Where it came from: its relative links are read from there.
    pub base: Option<&'a Url>,
}

/// What an input holds.
#[derive(Debug, Default)]
pub struct Imported {
    /// Its articles.
    pub articles: Vec<StoredArticle>,
    /// Pictures in them that are not carried over, because their addresses are relative and [`Input::base`] does
    /// not say to what. Their words are.
    pub pictures_left_out: u64,
}

/// Why an input is no article. Each says its cause itself, so that none stands twice in a chain of causes.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is no UTF-8.
    #[error("not UTF-8: byte {0:#04x} at {1} (counted from 0)")]
    Utf8(u8, usize),
    /// Its bytes are no text that could be read.
    #[error(transparent)]
    Charset(#[from] CharsetError),
    /// Its HTML is more than an article has.
    #[error(transparent)]
    Html(#[from] TooMuch),
    /// It is longer than an article may be.
    #[error("an article has at most {LONGEST} bytes, this one has {0}")]
    TooLong(usize),
    /// It is no JSON, or not the contract's.
    #[error("article {position}: {error}")]
    Json {
        /// Counted from 1.
        position: usize,
        /// Field or place, and reason.
        error: Malformed,
    },
    /// It can be read, but says something that cannot be.
    #[error("article {position}: {error}")]
    Invalid {
        /// Counted from 1.
        position: usize,
        /// Field and reason.
        error: Invalid,
    },
    /// It is no XML, or no feed.
    #[error("XML: {0}")]
    Xml(String),
    /// What is above a text of Markdown cannot be read.
    #[error("front matter: {0}")]
    FrontMatter(String),
    /// It has more brackets and commas than any article.
    #[error("an article has at most {0} brackets and commas, this one has more")]
    TooManyParts(usize),
    /// The format was not told, and it is none of those that it looks like.
    #[error("taken for {format}: {error}")]
    Taken {
        /// What it looks like.
        format: &'static str,
        /// Why it is none.
        error: Box<ImportError>,
    },
    /// The page of text is none.
    #[error("{0}")]
    Text(&'static str),
    /// One id names two articles.
    #[error("the id {0} comes twice")]
    Twice(String),
}

/// Reads the articles of one input. Those that do not say their language are taken for Vietnamese.
///
/// # Errors
/// See [`ImportError`]: the first thing that is wrong.
pub fn read(input: &Input<'_>, format: Format) -> Result<Vec<StoredArticle>, ImportError> {
    read_in(input, format, LANGUAGE)
}

/// The same, where articles that do not say their language are in the one given, a BCP 47 tag.
///
/// # Errors
/// See [`ImportError`]: the first thing that is wrong.
pub fn read_in(
    input: &Input<'_>,
    format: Format,
    language: &str,
) -> Result<Vec<StoredArticle>, ImportError> {
    Ok(read_all(input, format, language)?.articles)
}

/// The same, with what had to be left out.
///
/// # Errors
/// See [`ImportError`]: the first thing that is wrong.
pub fn read_all(
    input: &Input<'_>,
    format: Format,
    language: &str,
) -> Result<Imported, ImportError> {
    let text = decoded(input, format)?;
    let found = match format {
        Format::Auto => detect::format(&text, input.content_type),
        told => told,
    };
    // One that is longer than any URL makes none that leads anywhere.
    let base = input.base.filter(|base| base.as_str().len() <= link::LONGEST);
    let articles = of_format(&text, found, base, language).map_err(|error| match format {
        Format::Auto => ImportError::Taken { format: detect::name(found), error: Box::new(error) },
        _ => error,
    })?;
    Ok(match found {
        // Their pictures are as they are meant: a caption may stand alone.
        Format::Article | Format::Ndjson | Format::Text => {
            Imported { articles, pictures_left_out: 0 }
        }
        _ => without_lost_pictures(articles),
    })
}

fn without_lost_pictures(articles: Vec<StoredArticle>) -> Imported {
    let (articles, counts): (Vec<_>, Vec<_>) =
        articles.into_iter().map(words::in_place_of_pictures).unzip();
    Imported { articles, pictures_left_out: counts.into_iter().sum() }
}

fn of_format(
    text: &str,
    format: Format,
    base: Option<&Url>,
    language: &str,
) -> Result<Vec<StoredArticle>, ImportError> {
    let lone = |article: Result<Article, ImportError>| Ok(vec![finish(article?, 1)?]);
    match format {
        Format::Auto | Format::Article => article::read(text, language),
        Format::Ndjson => ndjson::read(text, language),
        _ if text.len() > most(format) => Err(ImportError::TooLong(text.len())),
        Format::Ninjs => json::articles(text, |item| ninjs::read(item, language)),
        Format::JsonFeed => json_feed::read(text, base, language),
        Format::Feed => feed::read(text, base, language),
        Format::Wordpress => json::articles(text, |post| wordpress::read(post, base, language)),
        Format::Ans => json::articles(text, |story| ans::read(story, base, language)),
        Format::Markdown => lone(markdown::read(text, base, language)),
        Format::Html => lone(page::read(text, base).map(|article| in_language(article, language))),
        Format::Text => lone(text::read(text).map(|article| in_language(article, language))),
    }
}

/// JSON is UTF-8 by its definition; all else may be in an encoding of its own.
fn decoded<'a>(input: &Input<'a>, format: Format) -> Result<Cow<'a, str>, ImportError> {
    let bytes = input.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input.bytes);
    let start = bytes.trim_ascii_start();
    let is_json = match format {
        Format::Auto => start.starts_with(b"{") || start.starts_with(b"["),
        format => !matches!(format, Format::Feed | Format::Markdown | Format::Html | Format::Text),
    };
    if !is_json {
        return charset::decode(input.bytes, input.content_type);
    }
    let text = charset::utf8(input.bytes).map_err(|(byte, at)| ImportError::Utf8(byte, at))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).into())
}

/// The articles of a feed are many, and one of another format is one.
fn most(format: Format) -> usize {
    match format {
        Format::Markdown | Format::Html | Format::Text => LONGEST,
        _ => LONGEST_INPUT,
    }
}

/// Its language, where it does not say it.
fn in_language(article: Article, language: &str) -> Article {
    match article.language.is_empty() {
        true => Article { language: language.to_owned(), ..article },
        false => article,
    }
}

/// Checks an article that was made here, and writes its JSON, which is within the bounds of one.
fn finish(article: Article, position: usize) -> Result<StoredArticle, ImportError> {
    validate::check(&article).map_err(|error| ImportError::Invalid { position, error })?;
    let stored = StoredArticle::from_article(article);
    // What is longer could be exported, and not imported again.
    match stored.json().get().len() {
        ..=LONGEST => Ok(stored),
        length => Err(ImportError::TooLong(length)),
    }
}
