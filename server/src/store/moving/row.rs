//! Rows of any table, and where they come from.

use async_trait::async_trait;

use super::table::Shape;
use crate::operator_key::OperatorKey;

/// What is in a column. It sorts as both sides do: numbers, or texts and bytes by their bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub(in crate::store) enum Value {
    Null,
    /// A truth, too: 0 or 1.
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row: its columns in the shape's order, so that the key stands first.
pub(in crate::store) type Row = Vec<Value>;

/// Some rows of a table, in the order of their keys.
#[derive(Debug)]
pub(in crate::store) struct Piece {
    /// They follow one another without a gap.
    pub(in crate::store) rows: Vec<Row>,
    /// Whether none is left after them.
    pub(in crate::store) is_last: bool,
}

impl Piece {
    /// Of a table that was asked for as many rows as a piece has.
    ///
    /// # Errors
    /// Where a salt among them was sealed by another key.
    pub(in crate::store) fn of(
        shape: &Shape,
        mut rows: Vec<Row>,
        key: &OperatorKey,
    ) -> anyhow::Result<Self> {
        for (day, salt) in salts(shape, &mut rows) {
            *salt = key.open_salt(day, std::mem::take(salt))?;
        }
        Ok(Self { is_last: rows.len() < shape.table.piece, rows })
    }
}

/// The salts among the rows, with their days.
pub(in crate::store) fn salts<'a>(
    shape: &Shape,
    rows: &'a mut [Row],
) -> impl Iterator<Item = (i64, &'a mut Vec<u8>)> {
    let has_salts = shape.table.name == "salt";
    rows.iter_mut().filter_map(move |row| match row.as_mut_slice() {
        [Value::Number(day), Value::Bytes(salt)] if has_salts => Some((*day, salt)),
        _ => None,
    })
}

/// One of the two databases.
#[async_trait]
pub(in crate::store) trait Side: Sync {
    /// The next piece of a table, after the row of this key. Salts are open in it.
    async fn piece(&self, shape: &Shape, after: Option<&[Value]>) -> anyhow::Result<Piece>;
}
