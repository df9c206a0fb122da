//! JSON that others make: articles one by one out of an input, and values looked into without a type for each
//! format, since producers leave fields out and put null, numbers and lone values where others are.

use std::fmt;

use article_widget::contract::Article;
use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{ImportError, Invalid, LONGEST, finish};
use crate::article::StoredArticle;

/// No input holds more articles. One that does is imported in parts, or line by line.
const MOST_ARTICLES: usize = 100_000;
/// No article has more brackets and commas, those of its prose included: what it becomes in memory is many times
/// as large as its text. An article of two megabytes of prose has a third of it.
const MOST_PARTS: usize = 100_000;

/// The items of an array, as they are written.
pub(super) struct Items<'a>(pub(super) Vec<&'a RawValue>);

/// Reads an article of one object, or one of each object of an array.
///
/// # Errors
/// The first that is wrong, and its place.
pub(super) fn articles(
    text: &str,
    read: impl Fn(&Value) -> Result<Article, Invalid>,
) -> Result<Vec<StoredArticle>, ImportError> {
    each(items(text)?, read)
}

/// Reads an article of each item.
///
/// # Errors
/// The first that is wrong, and its place.
pub(super) fn each(
    items: Items<'_>,
    read: impl Fn(&Value) -> Result<Article, Invalid>,
) -> Result<Vec<StoredArticle>, ImportError> {
    let one = |(raw, position): (&RawValue, usize)| {
        let article = read(&value(raw.get(), position)?);
        finish(article.map_err(|error| ImportError::Invalid { position, error })?, position)
    };
    items.0.into_iter().zip(1..).map(one).collect()
}

/// The items of an array; one, where the text is anything else.
///
/// # Errors
/// Where it is no JSON, or there are too many.
pub(super) fn items(text: &str) -> Result<Items<'_>, ImportError> {
    let items = match text.trim_start().starts_with('[') {
        true => serde_json::from_str(text),
        false => serde_json::from_str(text).map(|one| Items(vec![one])),
    };
    items.map_err(|error: serde_json::Error| ImportError::Json { position: 1, error: error.into() })
}

/// The first item of an array, or the object that stands in its place. None where it is no JSON so far.
pub(super) fn first(text: &str) -> Option<&RawValue> {
    let inner = match text.trim_start().strip_prefix('[') {
        Some(inner) => inner,
        None => text,
    };
    serde_json::Deserializer::from_str(inner).into_iter().next()?.ok()
}

/// Reads one article's JSON, within bounds.
///
/// # Errors
/// Where it is too long, too many parts, or no JSON.
pub(super) fn value(json: &str, position: usize) -> Result<Value, ImportError> {
    check_size(json)?;
    serde_json::from_str(json).map_err(|error| ImportError::Json { position, error: error.into() })
}

/// Within the bounds of one article.
///
/// # Errors
/// Where it is too long, or has too many parts.
pub(super) fn check_size(json: &str) -> Result<(), ImportError> {
    if json.len() > LONGEST {
        return Err(ImportError::TooLong(json.len()));
    }
    let parts = json.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    if parts > MOST_PARTS { Err(ImportError::TooManyParts(MOST_PARTS)) } else { Ok(()) }
}

/// A value that says something: text, or a number as it is written.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The values of an array, or the one that stands in its place.
pub(super) fn list(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(values) => values,
        one => std::slice::from_ref(one),
    }
}

/// A count of pixels; 0 where it is none.
pub(super) fn pixels(value: &Value) -> u32 {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    // A saturating cast: what is negative or not finite becomes 0 or the largest.
    number.filter(|number| *number < 100_000.0).map_or(0, |number| number as u32)
}

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Vec<&'de RawValue>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of articles")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(item) = items.next_element()? {
                    if all.len() == MOST_ARTICLES {
                        return Err(A::Error::custom(format!(
                            "more than {MOST_ARTICLES} articles"
                        )));
                    }
                    all.push(item);
                }
                Ok(all)
            }
        }

        deserializer.deserialize_seq(Each).map(Items)
    }
}
