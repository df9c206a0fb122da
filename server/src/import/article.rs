//! The contract's own JSON: one article, or an array of them.

use super::{ImportError, json, validate};
use crate::article::StoredArticle;

pub(super) fn read(text: &str) -> Result<Vec<StoredArticle>, ImportError> {
    let items = json::items(text)?;
    items.0.into_iter().zip(1..).map(|(raw, position)| one(raw.get(), position)).collect()
}

pub(super) fn one(json: &str, position: usize) -> Result<StoredArticle, ImportError> {
    json::check_size(json)?;
    let stored =
        StoredArticle::from_json(json).map_err(|error| ImportError::Json { position, error })?;
    validate::check(stored.article()).map_err(|error| ImportError::Invalid { position, error })?;
    Ok(stored)
}
