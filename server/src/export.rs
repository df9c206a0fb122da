//! Lists and figures in forms that other programs read. Times are RFC 3339, in UTC.

use std::borrow::Cow;
use std::io;

use serde_json::{Map, Value};

pub mod letters;

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

/// A table as a whole.
#[derive(Debug, PartialEq)]
pub struct Table {
    /// What its file is called.
    pub name: &'static str,
    /// The names of its columns.
    pub columns: Vec<&'static str>,
    /// A cell for each column.
    pub rows: Vec<Vec<Cell<'static>>>,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Words.
    Text(Cow<'a, str>),
    /// A count.
    Number(u64),
    /// Nothing is known: no text in CSV, null in JSON.
    Unknown,
}

impl Format {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
        }
    }

    /// The form that a file's name ends in, and what comes before that.
    pub fn of_file(name: &str) -> Option<(&str, Self)> {
        let (name, extension) = name.rsplit_once('.')?;
        let format =
            [Self::Csv, Self::Json].into_iter().find(|one| one.extension() == extension)?;
        Some((name, format))
    }

    /// What a file's name ends in.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

impl Table {
    /// Writes all of it.
    ///
    /// # Errors
    /// None that memory does not make.
    pub fn write(&self, format: Format) -> io::Result<String> {
        piece(format, &self.columns, &self.rows, true, true)
    }
}

impl<'a> Cell<'a> {
    /// Words; unknown where there are none.
    pub fn text_or_unknown(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Unknown } else { Self::Text(text) }
    }

    fn in_csv(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => harmless(text),
            Self::Number(number) => number.to_string().into(),
            Self::Unknown => "".into(),
        }
    }

    fn in_json(&self) -> Value {
        match self {
            Self::Text(text) => text.as_ref().into(),
            Self::Number(number) => (*number).into(),
            Self::Unknown => Value::Null,
        }
    }
}

impl<'a, T: Into<Cow<'a, str>>> From<T> for Cell<'a> {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// Rows of a longer table, of which these may be the beginning and the end.
///
/// # Errors
/// None that memory does not make.
pub fn piece(
    format: Format,
    columns: &[&str],
    rows: &[Vec<Cell<'_>>],
    is_first: bool,
    is_last: bool,
) -> io::Result<String> {
    match format {
        Format::Csv => csv(columns, rows, is_first),
        Format::Json => json(columns, rows, is_first, is_last),
    }
}

fn csv(columns: &[&str], rows: &[Vec<Cell<'_>>], is_first: bool) -> io::Result<String> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    if is_first {
        writer.write_record(columns)?;
    }
    for row in rows {
        let cells: Vec<_> = row.iter().map(Cell::in_csv).collect();
        writer.write_record(cells.iter().map(|cell| &**cell))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    Ok(if is_first { [BYTE_ORDER_MARK, &text].concat() } else { text })
}

/// A cell that a spreadsheet would take for a formula begins with an apostrophe, which has it taken for
/// text (OWASP, "CSV Injection").
fn harmless(cell: &str) -> Cow<'_, str> {
    let is_formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { ["'", cell].concat().into() } else { cell.into() }
}

/// One object a line.
fn json(
    columns: &[&str],
    rows: &[Vec<Cell<'_>>],
    is_first: bool,
    is_last: bool,
) -> io::Result<String> {
    let mut text = String::new();
    for (position, row) in rows.iter().enumerate() {
        text.push_str(if is_first && position == 0 { "[\n" } else { ",\n" });
        let fields = columns.iter().zip(row);
        let object: Map<String, Value> =
            fields.map(|(name, cell)| ((*name).to_owned(), cell.in_json())).collect();
        text.push_str(&serde_json::to_string(&object)?);
    }
    if is_last {
        text.push_str(if is_first && rows.is_empty() { "[]\n" } else { "\n]\n" });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_the_same_cells_in_either_form() {
        let table = Table {
            name: "test",
            columns: vec!["title", "views", "published"],
            rows: vec![vec!["=1+1".into(), Cell::Number(u64::MAX), Cell::Unknown]],
        };
        let csv = table.write(Format::Csv).unwrap();
        assert_eq!(csv, "\u{feff}title,views,published\n'=1+1,18446744073709551615,\n");
        let json: Value = serde_json::from_str(&table.write(Format::Json).unwrap()).unwrap();
        let row = serde_json::json!([{ "title": "=1+1", "views": u64::MAX, "published": null }]);
        assert_eq!(json, row);
    }

    #[test]
    fn a_files_name_says_what_is_asked_for() {
        assert_eq!(Format::of_file("hours.csv"), Some(("hours", Format::Csv)));
        assert_eq!(Format::of_file("hours.json"), Some(("hours", Format::Json)));
        assert_eq!((Format::of_file("hours"), Format::of_file("hours.xls")), (None, None));
    }
}
