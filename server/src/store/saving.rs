//! What every engine does alike when it saves articles.

use article_widget::contract::{Article, Status};

use crate::clock::UnixSeconds;
use crate::revision::Author;
use crate::search;
use crate::time::Calendar;

/// A page of articles ends after as many bytes of JSON.
pub(in crate::store) const PAGE_BYTES: usize = 4 << 20;

/// Letters of what lists are ordered and filtered by: an index takes no text of any length.
const LISTED_LETTERS: usize = 200;

/// Who saves, when, and why where they say so.
#[derive(Clone, Copy)]
pub(in crate::store) struct Signature<'a> {
    /// When.
    pub(in crate::store) at: UnixSeconds,
    /// Who.
    pub(in crate::store) by: &'a Author,
    /// Why; may be empty.
    pub(in crate::store) note: &'a str,
}

/// The status of that name in the store, which knows no other.
pub(in crate::store) fn read_status(name: &str) -> Status {
    match name {
        "withheld" => Status::Withheld,
        "canceled" => Status::Canceled,
        _ => Status::Usable,
    }
}

/// Its name in the store.
pub(in crate::store) fn status_name(status: Status) -> &'static str {
    match status {
        Status::Usable => "usable",
        Status::Withheld => "withheld",
        Status::Canceled => "canceled",
    }
}

/// When the article was first published; 0 where it does not say so, or nobody can read it.
pub(in crate::store) fn published_at(article: &Article, calendar: &Calendar) -> UnixSeconds {
    let published = article.published.as_deref().and_then(|date| calendar.instant(date));
    published.map_or(0, |at| at.as_second())
}

/// What articles are ordered by in a list by title.
pub(in crate::store) fn sort_title(article: &Article) -> String {
    listed(&search::fold(&article.title)).to_owned()
}

/// As much of a text as lists are ordered and filtered by.
pub(in crate::store) fn listed(text: &str) -> &str {
    text.char_indices().nth(LISTED_LETTERS).map_or(text, |(end, _)| &text[..end])
}
