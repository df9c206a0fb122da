//! The contract's own JSON: one article, or an array of them.

use serde_json::value::RawValue;

use super::{ImportError, LONGEST, validate};
use crate::article::StoredArticle;

pub(super) fn read(text: &str) -> Result<Vec<StoredArticle>, ImportError> {
    let whole = |error| ImportError::Json { position: 1, error };
    let raw: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(whole)?
    } else {
        vec![serde_json::from_str(text).map_err(whole)?]
    };
    raw.into_iter().zip(1..).map(|(raw, position)| one(raw.get(), position)).collect()
}

fn one(json: &str, position: usize) -> Result<StoredArticle, ImportError> {
    if json.len() > LONGEST {
        return Err(ImportError::TooLong(json.len()));
    }
    let stored =
        StoredArticle::from_json(json).map_err(|error| ImportError::Json { position, error })?;
    validate::check(stored.article()).map_err(|error| ImportError::Invalid { position, error })?;
    Ok(stored)
}
