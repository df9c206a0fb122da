//! How statements are run: prepared once on each connection.

use deadpool_postgres::{Client, GenericClient, Transaction};
use tokio_postgres::types::ToSql;
use tokio_postgres::{IsolationLevel, Row};

use crate::store::StoreError;
use crate::store::statement::{Statement, Value};

/// What a statement is given.
pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Every row.
pub(super) async fn rows(
    client: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Vec<Row>, StoreError> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query(&statement, params).await?)
}

/// Every row of a statement whose conditions are the asker's. It is prepared anew each time: there are many such, and the
/// best way to the rows depends on the values.
pub(super) async fn ask(
    client: &impl GenericClient,
    mut asked: Statement,
) -> Result<Vec<Row>, StoreError> {
    for value in &mut asked.values {
        if let Value::Text(value) = value {
            *value = text(value).into_owned();
        }
    }
    Ok(client.query(&asked.sql, &params(&asked.values)).await?)
}

/// Values as the client takes them.
pub(super) fn params(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| match value {
            Value::Number(number) => number as &(dyn ToSql + Sync),
            Value::Text(text) => text,
        })
        .collect()
}

/// The one row, if there is one.
pub(super) async fn row(
    client: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Option<Row>, StoreError> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query_opt(&statement, params).await?)
}

/// How many rows it touched.
pub(super) async fn execute(
    client: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<u64, StoreError> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.execute(&statement, params).await?)
}

/// Rows in one piece of a long deletion: nobody waits long for one that it holds.
const PIECE: i64 = 500;

/// Runs what erases at most `$2` rows beyond the bound `$1`, until there are no more: says how many there were.
pub(super) async fn in_pieces(
    client: &impl GenericClient,
    sql: &str,
    bound: i64,
) -> Result<usize, StoreError> {
    let mut all = 0;
    loop {
        let piece = execute(client, sql, &[&bound, &PIECE]).await?;
        all += usize::try_from(piece).unwrap_or(usize::MAX);
        if piece < PIECE.unsigned_abs() {
            return Ok(all);
        }
    }
}

/// A transaction that sees the tables as they are at one moment.
pub(super) async fn moment(client: &mut Client) -> Result<Transaction<'_>, StoreError> {
    let moment = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
    Ok(moment.read_only(true).start().await?)
}

/// A column with a number that is smaller than `bigint`, as all of them are there.
pub(super) fn number<T: TryFrom<i64>>(row: &Row, column: usize) -> Result<T, StoreError> {
    let number: i64 = row.try_get(column)?;
    T::try_from(number)
        .map_err(|_| StoreError::Other(anyhow::anyhow!("column {column} holds {number}")))
}

/// A column of so many bytes.
pub(super) fn bytes<const N: usize>(row: &Row, column: usize) -> Result<[u8; N], StoreError> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes.try_into().map_err(|_| {
        StoreError::Other(anyhow::anyhow!("column {column} holds {} bytes", bytes.len()))
    })
}

/// A text as it can be kept: PostgreSQL knows no NUL in one.
pub(super) fn text(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}
