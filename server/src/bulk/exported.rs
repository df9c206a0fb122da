//! Lines of our own export: objects with one field, whose name says what is in it.

use std::collections::HashMap;

use serde_json::value::RawValue;

/// What a value is.
pub(super) enum Exported<'a> {
    /// A line of an export with an article, which is this.
    Article(&'a [u8]),
    /// A line of an export with something else.
    Other,
    /// None.
    No,
}

/// Looks for the export's names only where the value begins with one as the export writes it.
pub(super) fn unwrap(value: &[u8]) -> Exported<'_> {
    let is_line = |kind: &&&str| {
        let rest = value.strip_prefix(b"{\"").and_then(|rest| rest.strip_prefix(kind.as_bytes()));
        rest.is_some_and(|rest| rest.starts_with(b"\":{"))
    };
    let Some(kind) = crate::leaving::KINDS.iter().find(is_line) else { return Exported::No };
    match serde_json::from_slice::<HashMap<&str, &RawValue>>(value) {
        Ok(fields) if fields.len() > 1 => Exported::No,
        Ok(fields) if *kind == crate::leaving::ARTICLE => fields
            .get(kind)
            .map_or(Exported::No, |article| Exported::Article(article.get().as_bytes())),
        Ok(_) => Exported::Other,
        Err(_) => Exported::No,
    }
}
