//! The contract's own JSON: one article, or an array of them.

use article_widget::contract::{Article, ArticleId};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{ImportError, identity, json, validate};
use crate::article::{StoredArticle, one_line};
use crate::malformed::{self, Malformed};

pub(super) fn read(text: &str, language: &str) -> Result<Vec<StoredArticle>, ImportError> {
    let items = json::items(text)?;
    let one = |(raw, position): (&RawValue, _)| one(raw.get(), position, language);
    items.0.into_iter().zip(1..).map(one).collect()
}

pub(super) fn one(
    json: &str,
    position: usize,
    language: &str,
) -> Result<StoredArticle, ImportError> {
    json::check_size(json)?;
    // One line, so that an export's line is what was saved.
    let json = one_line(json.to_owned());
    let wrong = |error| ImportError::Json { position, error };
    let stored = StoredArticle::from_json(&json).map_err(wrong)?;
    let stored = completed(stored, language).map_err(wrong)?;
    validate::check(stored.article()).map_err(|error| ImportError::Invalid { position, error })?;
    Ok(stored)
}

/// With the id and the language that it does not say. What it says stays verbatim.
fn completed(stored: StoredArticle, language: &str) -> Result<StoredArticle, Malformed> {
    let article = stored.article();
    if !article.id.as_str().is_empty() && !article.language.is_empty() {
        return Ok(stored);
    }
    let json = stored.json().get();
    let said: Value = malformed::read(json)?;
    let mut fields = serde_json::Map::new();
    if said.get("id").is_none() {
        fields.insert("id".to_owned(), id(article).as_str().into());
    }
    if said.get("language").is_none() {
        fields.insert("language".to_owned(), language.into());
    }
    let Some(rest) = json.strip_prefix('{').filter(|_| !fields.is_empty()) else {
        return Ok(stored);
    };
    let fields = Value::Object(fields).to_string();
    let comma = if rest.trim_start().starts_with('}') { "" } else { "," };
    StoredArticle::from_json(&[fields.trim_end_matches('}'), comma, rest].concat())
}

/// Of title, dateline and source; without a source, of when it was published or of its first words.
fn id(article: &Article) -> ArticleId {
    let distinction = match &article.source {
        Some(source) => {
            [source.name.as_str(), source.date.as_deref().unwrap_or_default()].join("\n")
        }
        None => identity::distinction(article.published.as_deref(), &article.body),
    };
    identity::of_text(&article.title, article.dateline.as_deref(), &distinction)
}
