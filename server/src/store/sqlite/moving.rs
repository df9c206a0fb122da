//! The file, as what is moved out of it comes from it.
//!
//! It has a log in place of the tables that hold the dedupe windows elsewhere: those are made of it when it is opened, in
//! a database of the connection's own, which SQLite keeps in a file without a name.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use super::counting::Counting;
use super::{catalogue, connection, images, inbox, restore};
use crate::operator_key::OperatorKey;
use crate::store::moving::{Column, Kind, Piece, Row, Shape, Side, Value, quoted};
use crate::time::Calendar;

mod windows;

/// The file.
pub(in crate::store) struct Source {
    connection: Arc<Mutex<Connection>>,
    key: OperatorKey,
}

impl Source {
    /// Opens a file that a server may be using: it is read, a piece at a time.
    pub(in crate::store) async fn open(path: &str, key: &OperatorKey) -> anyhow::Result<Self> {
        Self::open_by(path, key, |path| {
            let mut connection = connection::open_reader(path)?;
            windows::make(&mut connection)?;
            Ok(connection)
        })
        .await
    }

    /// Opens a file that nobody uses, nor can until this is dropped, with all that a start brings up to date.
    ///
    /// # Errors
    /// Where somebody uses it.
    pub(in crate::store) async fn open_alone(
        path: &str,
        key: &OperatorKey,
        calendar: &Calendar,
    ) -> anyhow::Result<Self> {
        let calendar = calendar.clone();
        Self::open_by(path, key, move |path| {
            let mut connection = restore::exclude_everybody(path)?;
            // The lock stays: the connection keeps what it once had.
            connection.execute_batch("/* excluded */ commit")?;
            inbox::fill_search(&mut connection)?;
            catalogue::fill(&mut connection, &calendar)?;
            images::follow_old(&mut connection)?;
            Counting::default().settle(&mut connection)?;
            windows::make(&mut connection)?;
            Ok(connection)
        })
        .await
    }

    async fn open_by(
        path: &str,
        key: &OperatorKey,
        open: impl FnOnce(&Path) -> anyhow::Result<Connection> + Send + 'static,
    ) -> anyhow::Result<Self> {
        let path = super::file(path)?;
        let open = move || {
            ensure!(path.is_file(), "there is no database {}", path.display());
            check_version(&path)?;
            open(&path).with_context(|| format!("cannot open the database {}", path.display()))
        };
        let connection = tokio::task::spawn_blocking(open).await??;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), key: key.clone() })
    }

    /// The last number that each table gave out, also to a row that is gone: the same is never given out again.
    pub(in crate::store) async fn numbers(&self) -> anyhow::Result<Vec<(String, i64)>> {
        self.run(|connection| {
            let mut statement = connection.prepare(NUMBERS)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let connection = self.connection.clone();
        tokio::task::spawn_blocking(move || {
            work(&connection.lock().unwrap_or_else(PoisonError::into_inner))
        })
        .await?
    }
}

#[async_trait]
impl Side for Source {
    async fn piece(&self, shape: &Shape, after: Option<&[Value]>) -> anyhow::Result<Piece> {
        let (sql, after) = (select(shape, after.is_some()), after.unwrap_or_default().to_vec());
        let rows = self.run(move |connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let columns = statement.column_count();
            let mut rows = statement.query(params_from_iter(after))?;
            let mut piece = Vec::new();
            while let Some(row) = rows.next()? {
                let values = (0..columns).map(|column| value(row.get_ref(column)?));
                piece.push(values.collect::<anyhow::Result<Row>>()?);
            }
            Ok(piece)
        });
        Piece::of(shape, rows.await?, &self.key)
    }
}

fn check_version(path: &Path) -> anyhow::Result<()> {
    let version = connection::schema_version(&connection::open_reader(path)?, "main")?;
    ensure!(
        version == connection::LATEST,
        "another version of this program made it: start this version's server on it once"
    );
    Ok(())
}

/// A key with a NUL in it, which PostgreSQL knows in no text, is that of an address or a mark that leads nowhere.
fn select(shape: &Shape, is_after: bool) -> String {
    let list = shape.list(|column| if column.is_node() { "0".to_owned() } else { quoted(column) });
    let (table, limit) = (shape.table.name, shape.table.piece);
    let key = shape.key();
    let names = key.iter().map(quoted).collect::<Vec<_>>().join(", ");
    let mut sql = format!("/* piece_of_{table} */ select {list} from {table} where true");
    for Column { name, .. } in key.iter().filter(|column| column.kind == Kind::Text) {
        let _ = write!(sql, " and instr(\"{name}\", char(0)) = 0");
    }
    if is_after {
        let _ = write!(sql, " and ({names}) > ({})", vec!["?"; key.len()].join(", "));
    }
    let _ = write!(sql, " order by {names} limit {limit}");
    sql
}

fn value(value: ValueRef<'_>) -> anyhow::Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Number(number),
        // As it can be kept there.
        ValueRef::Text(text) => Value::Text(std::str::from_utf8(text)?.replace('\0', "\u{fffd}")),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => anyhow::bail!("no column holds fractions"),
    })
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

const NUMBERS: &str = "/* last_numbers */
    select name, max(last) from (
        select 'article' as name, coalesce(max(no), 0) as last from article
        union all select 'partner', coalesce(max(no), 0) from partner
        union all select 'token', coalesce(max(no), 0) from token
        union all select 'feedback', coalesce(max(no), 0) from feedback
        union all select 'outbox', coalesce(max(no), 0) from outbox
        union all select name, seq from sqlite_sequence where name in ('feedback', 'outbox'))
    group by name";
