//! What statements ask for, as SQLite takes it.

use rusqlite::ToSql;
use rusqlite::types::ToSqlOutput;

use crate::store::statement::Value;

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Number(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
        }
    }
}
