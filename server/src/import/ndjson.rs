//! The contract's JSON, an article a line: what `export` gives.

use super::{ImportError, article};
use crate::article::StoredArticle;

pub(super) fn read(text: &str, language: &str) -> Result<Vec<StoredArticle>, ImportError> {
    // The number of the line is what an editor finds it by.
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines.map(|(line, position)| article::one(line, position, language)).collect()
}
