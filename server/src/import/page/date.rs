//! Dates as pages state them, to RFC 3339.

use article_widget::contract::Date;
use jiff::fmt::temporal::Pieces;

/// The date, if it is one. A time without a zone is not told where it is, so only its day is kept.
pub(super) fn read(text: &str) -> Option<Date> {
    let text = text.trim();
    let pieces = Pieces::parse(text).ok()?;
    let has_zone = pieces.time().is_some() && pieces.offset().is_some();
    Some(if has_zone { text.to_owned() } else { pieces.date().to_string() })
}
