//! Articles from elsewhere, each format to the contract's `Article`. Reads; writes nothing.

use std::collections::HashSet;

use crate::article::StoredArticle;
use crate::cli::Format;

mod article;
mod source;
mod text;
mod validate;

pub use validate::{Invalid, check};

/// No article is longer, in bytes.
pub const LONGEST: usize = 2 << 20;

/// Why an input is no article.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is no UTF-8.
    #[error("not UTF-8: byte {0:#04x} at {1} (counted from 0)")]
    Utf8(u8, usize),
    /// It is longer than an article may be.
    #[error("an article has at most {LONGEST} bytes, this one has {0}")]
    TooLong(usize),
    /// It is no JSON, or not the contract's.
    #[error("article {position}: {error}")]
    Json {
        /// Counted from 1.
        position: usize,
        /// Place and reason.
        #[source]
        error: serde_json::Error,
    },
    /// It can be read, but says something that cannot be.
    #[error("article {position}: {error}")]
    Invalid {
        /// Counted from 1.
        position: usize,
        /// Field and reason.
        #[source]
        error: Invalid,
    },
    /// The page of text is none.
    #[error("{0}")]
    Text(&'static str),
    /// One id names two articles.
    #[error("the id {0} comes twice")]
    Twice(String),
}

/// Reads the articles of one input.
///
/// # Errors
/// See [`ImportError`]: the first thing that is wrong.
pub fn read(bytes: &[u8], format: Format) -> Result<Vec<StoredArticle>, ImportError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        ImportError::Utf8(bytes[at], at)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_json = match format {
        Format::Auto => text.trim_start().starts_with(['{', '[']),
        Format::Article => true,
        Format::Text => false,
    };
    if is_json {
        return article::read(text);
    }
    if text.len() > LONGEST {
        return Err(ImportError::TooLong(text.len()));
    }
    let article = text::read(text)?;
    validate::check(&article).map_err(|error| ImportError::Invalid { position: 1, error })?;
    Ok(vec![StoredArticle::from_article(article)])
}

/// Each article has an id of its own.
///
/// # Errors
/// [`ImportError::Twice`] for the first that has not.
pub fn check_ids(articles: &[StoredArticle]) -> Result<(), ImportError> {
    let mut seen = HashSet::new();
    match articles.iter().find(|article| !seen.insert(article.id())) {
        Some(again) => Err(ImportError::Twice(again.id().to_string())),
        None => Ok(()),
    }
}
