//! Letters in forms that other programs read. Times are RFC 3339, in UTC.

use std::borrow::Cow;
use std::io;

use serde_json::{Map, Value};

use crate::store::{Letter, Suspicion};
use crate::time::rfc_3339;

/// What spreadsheets know UTF-8 by.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180), for spreadsheets.
    Csv,
    /// A JSON array of objects.
    Json,
}

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

impl Format {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
        }
    }

    /// What a file's name ends in.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

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
    match format {
        Format::Csv => csv(letters, is_first),
        Format::Json => json(letters, is_first, is_last),
    }
}

fn csv(letters: &[Letter], is_first: bool) -> io::Result<String> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    if is_first {
        writer.write_record(COLUMNS)?;
    }
    for letter in letters {
        writer.write_record(cells(letter).map(harmless).iter().map(|cell| &**cell))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    Ok(if is_first { [BYTE_ORDER_MARK, &text].concat() } else { text })
}

/// A cell that a spreadsheet would take for a formula begins with an apostrophe, which has it taken for
/// text (OWASP, "CSV Injection").
fn harmless(cell: Cow<'_, str>) -> Cow<'_, str> {
    let is_formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { ["'", &cell].concat().into() } else { cell }
}

/// One object a line.
fn json(letters: &[Letter], is_first: bool, is_last: bool) -> io::Result<String> {
    let mut text = String::new();
    for (position, letter) in letters.iter().enumerate() {
        text.push_str(if is_first && position == 0 { "[\n" } else { ",\n" });
        let fields = COLUMNS.into_iter().zip(cells(letter));
        let object: Map<String, Value> =
            fields.map(|(name, value)| (name.to_owned(), value.into())).collect();
        text.push_str(&serde_json::to_string(&object)?);
    }
    if is_last {
        text.push_str(if is_first && letters.is_empty() { "[]\n" } else { "\n]\n" });
    }
    Ok(text)
}

/// The values of [`COLUMNS`].
fn cells(letter: &Letter) -> [Cow<'_, str>; COLUMNS.len()] {
    let (report, answer) = (&letter.report, letter.answer.as_ref());
    [
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
    ]
}
