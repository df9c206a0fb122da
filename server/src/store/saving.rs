//! What every engine does alike when it saves articles.

use article_widget::contract::Status;

use crate::clock::UnixSeconds;
use crate::revision::Author;

/// A page of articles ends after as many bytes of JSON.
pub(in crate::store) const PAGE_BYTES: usize = 4 << 20;

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
