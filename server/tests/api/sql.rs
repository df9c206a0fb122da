//! The database of a folder, looked at and changed past its servers, on whichever engine the tests run.
//!
//! The SQL given here is what every engine understands; bytes are written by [`bytes`].

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::postgres;
use crate::process::database;

/// The number that this query gives.
pub(crate) fn number(folder: &Path, sql: &str) -> i64 {
    text(folder, sql).parse().unwrap()
}

/// The text that this query gives.
pub(crate) fn text(folder: &Path, sql: &str) -> String {
    let [[text]] = rows(folder, sql).try_into().unwrap();
    text
}

/// The rows that this query gives, as texts: bytes as [`bytes`] takes them, and nothing where nothing is.
pub(crate) fn rows<const N: usize>(folder: &Path, sql: &str) -> Vec<[String; N]> {
    if let Some(url) = postgres::database_of(folder) {
        let rows = postgres::wait(postgres::run(&url, sql)).rows;
        return rows.into_iter().map(|row| row.try_into().unwrap()).collect();
    }
    let connection = Connection::open(database(folder)).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    assert_eq!(statement.column_count(), N);
    let read = |row: &Row<'_>| Ok(std::array::from_fn(|column| shown(row, column)));
    let rows = statement.query_map([], read).unwrap();
    rows.map(Result::unwrap).collect()
}

fn shown(row: &Row<'_>, column: usize) -> String {
    match row.get_ref(column).unwrap() {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
        ValueRef::Blob(bytes) => hex::encode(bytes),
    }
}

/// Changes rows, which a server may be using.
pub(crate) fn change(folder: &Path, sql: &str) {
    let changed = match postgres::database_of(folder) {
        Some(url) => postgres::wait(postgres::run(&url, sql)).changed,
        None => Connection::open(database(folder)).unwrap().execute(sql, []).unwrap() as u64,
    };
    assert_ne!(changed, 0, "{sql}");
}

/// Runs these statements, whatever they change.
pub(crate) fn run(folder: &Path, sql: &str) {
    match postgres::database_of(folder) {
        Some(url) => drop(postgres::wait(postgres::run(&url, sql))),
        None => Connection::open(database(folder)).unwrap().execute_batch(sql).unwrap(),
    }
}

/// These bytes, given as hexadecimal digits, as the engine's SQL writes them.
pub(crate) fn bytes(digits: &str) -> String {
    if postgres::is_meant() { format!("'\\x{digits}'::bytea") } else { format!("x'{digits}'") }
}

/// Whether any file of the folder, or any table of its database, holds these bytes.
pub(crate) fn holds(folder: &Path, needle: &[u8]) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut files = files.filter(|path| path.is_file()).map(|path| std::fs::read(path).unwrap());
    files.any(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
        || postgres::database_of(folder)
            .is_some_and(|url| postgres::wait(postgres::holds(&url, needle)))
}

/// Keeps everybody from writing.
pub(crate) enum Lock {
    File(Connection),
    Table(tokio_postgres::Client),
}

/// Keeps everybody from writing to this table, in SQLite to any, until it is released.
pub(crate) async fn lock(folder: &Path, table: &str) -> Lock {
    if let Some(url) = postgres::database_of(folder) {
        let client = postgres::connect(&url).await;
        let sql = format!("begin; lock table {table} in exclusive mode");
        client.batch_execute(&sql).await.unwrap();
        return Lock::Table(client);
    }
    let connection = Connection::open(database(folder)).unwrap();
    connection.execute_batch("begin immediate").unwrap();
    Lock::File(connection)
}

impl Lock {
    pub(crate) async fn release(self) {
        match self {
            Self::File(connection) => connection.execute_batch("rollback").unwrap(),
            Self::Table(client) => client.batch_execute("rollback").await.unwrap(),
        }
    }
}
