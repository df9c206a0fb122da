//! Letters to the editor, as editors take them along.

use std::borrow::Cow;
use std::io;

use super::{Cell, Format};
use crate::store::{Letter, Suspicion};
use crate::time::rfc_3339;

/// What is told of a letter, in its order.
const COLUMNS: [&str; 18] = [
    "reference",
    "received_at",
    "state",
    "kind",
    "article",
    "article_title",
    "page",
    "name",
    "email",
    "phone",
    "title",
    "passage",
    "message",
    "consent",
    "held",
    "answer",
    "answered_at",
    "answered_by",
];

/// Letters of a longer list, of which this may be the beginning and the end.
///
/// # Errors
/// None that memory does not make.
pub fn piece(
    format: Format,
    letters: &[Letter],
    is_first: bool,
    is_last: bool,
) -> io::Result<String> {
    let rows: Vec<_> = letters.iter().map(cells).collect();
    super::piece(format, &COLUMNS, &rows, is_first, is_last)
}

/// The values of [`COLUMNS`].
fn cells(letter: &Letter) -> Vec<Cell<'_>> {
    let (report, answer) = (&letter.report, letter.answer.as_ref());
    let cells: [Cow<'_, str>; COLUMNS.len()] = [
        letter.reference.as_str().into(),
        rfc_3339(letter.at).into(),
        letter.state.as_str().into(),
        report.kind.as_str().into(),
        report.article.as_str().into(),
        letter.article_title.as_str().into(),
        report.page.as_str().into(),
        report.name.as_str().into(),
        report.email.as_str().into(),
        report.phone.as_str().into(),
        report.title.as_str().into(),
        report.passage.as_str().into(),
        report.message.as_str().into(),
        report.consent.as_str().into(),
        letter.held.map_or("", Suspicion::as_str).into(),
        answer.map_or("", |answer| &answer.text).into(),
        answer.map(|answer| rfc_3339(answer.at)).unwrap_or_default().into(),
        answer.map_or("", |answer| &answer.by).into(),
    ];
    cells.into_iter().map(Cell::Text).collect()
}
