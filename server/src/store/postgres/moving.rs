//! The database, as what is moved into it finds it.

use anyhow::{Context as _, bail, ensure};
use async_trait::async_trait;
use deadpool_postgres::{Client, GenericClient, Pool};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row as Found};

use super::sql::{execute, row, rows};
use super::{migrations, pool};
use crate::clock::UnixSeconds;
use crate::operator_key::OperatorKey;
use crate::store::moving::{Change, Column, Kind, Piece, Row, Shape, Side, Value, quoted, salts};

/// Says that a database is not to be served yet.
///
/// # Errors
/// Where something is being moved to it.
pub(super) async fn ensure_finished(client: &Client) -> anyhow::Result<()> {
    let unfinished = row(client, UNFINISHED, &[]).await?;
    ensure!(
        unfinished.is_none(),
        "what is moved to this database is not all there: migrate-store --finish"
    );
    Ok(())
}

const UNFINISHED: &str = "/* unfinished */ select one from moving where finished_at is null";

/// The database.
pub(in crate::store) struct Target {
    pool: Pool,
    key: OperatorKey,
}

impl Target {
    /// Opens it and makes its schema.
    pub(in crate::store) async fn open(url: &str, key: &OperatorKey) -> anyhow::Result<Self> {
        let pool = pool::pool(url)?;
        let mut client = pool.get().await.context("cannot reach the database")?;
        migrations::migrate(&mut client).await.context("cannot migrate the database")?;
        drop(client);
        Ok(Self { pool, key: key.clone() })
    }

    /// Notes that something is moved to it, and goes on where that was noted before.
    ///
    /// # Errors
    /// Where it holds something of its own: that would go, for the file does not have it.
    pub(in crate::store) async fn begin(&self, now: UnixSeconds) -> anyhow::Result<()> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        execute(&transaction, BEGIN, &[&now]).await?;
        ensure!(
            row(&transaction, "/* is_moved_to */ select one from moving", &[]).await?.is_some(),
            "the database is not empty: what it holds would be lost"
        );
        ensure_unfinished(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Notes that all is there.
    pub(in crate::store) async fn finish(&self, now: UnixSeconds) -> anyhow::Result<()> {
        let client = self.pool.get().await?;
        execute(&client, "/* finish_moving */ update moving set finished_at = $1", &[&now]).await?;
        Ok(())
    }

    /// The columns of a table.
    pub(in crate::store) async fn columns(&self, table: &str) -> anyhow::Result<Vec<Column>> {
        let client = self.pool.get().await?;
        let found = rows(&client, COLUMNS, &[&table]).await?;
        found
            .iter()
            .map(|row| {
                let kind = Kind::named(row.try_get(1)?)?;
                Ok(Column { name: row.try_get(0)?, kind })
            })
            .collect()
    }

    /// Has a table give out numbers after `last`.
    pub(in crate::store) async fn go_on_after(&self, table: &str, last: i64) -> anyhow::Result<()> {
        let client = self.pool.get().await?;
        let has_any = last > 0;
        row(&client, GO_ON, &[&table, &last.max(1), &has_any]).await?;
        Ok(())
    }

    /// Makes a piece what it is to be, in one transaction: whether that can be done now. It cannot where a row refers to
    /// one that is not there.
    pub(in crate::store) async fn apply(
        &self,
        shape: &Shape,
        mut change: Change,
    ) -> anyhow::Result<bool> {
        if change.removed.is_empty() && change.written.is_empty() {
            return Ok(true);
        }
        for (day, salt) in salts(shape, &mut change.written) {
            *salt = self.key.seal_salt(day, salt)?;
        }
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        // Held until the commit: nothing is moved once servers may write.
        ensure_unfinished(&transaction).await?;
        if !change.removed.is_empty() {
            let gone = arrays(shape.key(), change.removed)?;
            transaction.execute(&removing(shape), &params(&gone)).await?;
        }
        if !change.written.is_empty() {
            let rows = arrays(&shape.columns, change.written)?;
            match transaction.execute(&writing(shape), &params(&rows)).await {
                Ok(_) => {}
                Err(error) if refers_to_none(&error) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        transaction.commit().await?;
        Ok(true)
    }
}

/// Whatever a server has kept at its first start is something of its own.
const BEGIN: &str = "/* begin_moving */
    insert into moving (one, begun_at) select 1, $1
    where not exists (select 1 from asset) and not exists (select 1 from signing_key)
      and not exists (select 1 from article) and not exists (select 1 from partner)
      and not exists (select 1 from person) and not exists (select 1 from token)
      and not exists (select 1 from feed) and not exists (select 1 from suppressed)
    on conflict (one) do nothing";

const COLUMNS: &str = "/* columns */
    select column_name::text, data_type::text from information_schema.columns
    where table_schema = current_schema() and table_name = $1 order by ordinal_position";

const GO_ON: &str = "/* go_on_after */
    select setval(pg_get_serial_sequence($1::text, 'no'), $2::bigint, $3::boolean)";

async fn ensure_unfinished(client: &impl GenericClient) -> anyhow::Result<()> {
    let sql = format!("{UNFINISHED} for share");
    ensure!(
        row(client, &sql, &[]).await?.is_some(),
        "all has been moved to this database before, and servers may have written to it since"
    );
    Ok(())
}

fn refers_to_none(error: &Error) -> bool {
    error.code() == Some(&SqlState::FOREIGN_KEY_VIOLATION)
}

#[async_trait]
impl Side for Target {
    async fn piece(&self, shape: &Shape, after: Option<&[Value]>) -> anyhow::Result<Piece> {
        let client = self.pool.get().await?;
        let after = after.unwrap_or_default();
        let sql = selecting(shape, !after.is_empty());
        let after: Vec<&(dyn ToSql + Sync)> =
            after.iter().map(param).collect::<anyhow::Result<_>>()?;
        let found = rows(&client, &sql, &after).await?;
        let rows = found.iter().map(|row| read(shape, row)).collect::<anyhow::Result<_>>()?;
        Piece::of(shape, rows, &self.key)
    }
}

fn selecting(shape: &Shape, is_after: bool) -> String {
    let (table, limit, list) = (shape.table.name, shape.table.piece, shape.list(quoted));
    let key = names(shape.key());
    let after = if is_after {
        let places: Vec<String> = (1..=shape.key().len()).map(|no| format!("${no}")).collect();
        format!("where ({key}) > ({})", places.join(", "))
    } else {
        String::new()
    };
    format!(
        "/* piece_of_{table} */ select {list} from {table} {after} order by {key} limit {limit}"
    )
}

fn removing(shape: &Shape) -> String {
    let (table, key) = (shape.table.name, names(shape.key()));
    let arrays = unnested(shape.key());
    format!(
        "/* remove_from_{table} */ delete from {table} where ({key}) in (select * from {arrays})"
    )
}

fn writing(shape: &Shape) -> String {
    let (table, list, arrays) = (shape.table.name, shape.list(quoted), unnested(&shape.columns));
    let key: Vec<&Column> = shape.whole_key().collect();
    let is_key = |column: &Column| key.iter().any(|key| key.name == column.name);
    let set = shape.columns.iter().filter(|column| !is_key(column)).map(|column| {
        let name = quoted(column);
        format!("{name} = excluded.{name}")
    });
    let set = set.collect::<Vec<_>>().join(", ");
    let key = key.into_iter().map(quoted).collect::<Vec<_>>().join(", ");
    format!(
        "/* write_to_{table} */ insert into {table} ({list}) select * from {arrays}
         on conflict ({key}) do update set {set}"
    )
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(quoted).collect::<Vec<_>>().join(", ")
}

/// A row for each place in the arrays, of which there is one for each column.
fn unnested(columns: &[Column]) -> String {
    let arrays: Vec<String> = columns
        .iter()
        .zip(1..)
        .map(|(column, place)| format!("${place}::{}[]", column.kind.name()))
        .collect();
    format!("unnest({})", arrays.join(", "))
}

/// The values of a column.
enum Array {
    Numbers(Vec<Option<i64>>),
    Truths(Vec<Option<bool>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

/// Rows, a column at a time. They may have more values than there are columns.
fn arrays(columns: &[Column], rows: Vec<Vec<Value>>) -> anyhow::Result<Vec<Array>> {
    let mut arrays: Vec<Array> = columns.iter().map(|column| Array::of(column.kind)).collect();
    for row in rows {
        for (array, value) in arrays.iter_mut().zip(row) {
            array.push(value)?;
        }
    }
    Ok(arrays)
}

impl Array {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Number => Self::Numbers(Vec::new()),
            Kind::Truth => Self::Truths(Vec::new()),
            Kind::Text => Self::Texts(Vec::new()),
            Kind::Bytes => Self::Bytes(Vec::new()),
        }
    }

    fn param(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Numbers(array) => array,
            Self::Truths(array) => array,
            Self::Texts(array) => array,
            Self::Bytes(array) => array,
        }
    }

    fn push(&mut self, value: Value) -> anyhow::Result<()> {
        match (self, value) {
            (Self::Numbers(array), Value::Number(number)) => array.push(Some(number)),
            (Self::Truths(array), Value::Number(number)) => array.push(Some(number != 0)),
            (Self::Texts(array), Value::Text(text)) => array.push(Some(text)),
            (Self::Bytes(array), Value::Bytes(bytes)) => array.push(Some(bytes)),
            (Self::Numbers(array), Value::Null) => array.push(None),
            (Self::Truths(array), Value::Null) => array.push(None),
            (Self::Texts(array), Value::Null) => array.push(None),
            (Self::Bytes(array), Value::Null) => array.push(None),
            _ => bail!("a value is not of its column's type"),
        }
        Ok(())
    }
}

fn params(arrays: &[Array]) -> Vec<&(dyn ToSql + Sync)> {
    arrays.iter().map(Array::param).collect()
}

/// A value of a key, none of which is a truth or null.
fn param(value: &Value) -> anyhow::Result<&(dyn ToSql + Sync)> {
    Ok(match value {
        Value::Number(number) => number,
        Value::Text(text) => text,
        Value::Bytes(bytes) => bytes,
        Value::Null => bail!("a key is null"),
    })
}

fn read(shape: &Shape, row: &Found) -> anyhow::Result<Row> {
    let value = |(place, column): (usize, &Column)| {
        let value = match column.kind {
            Kind::Number => row.try_get::<_, Option<i64>>(place)?.map(Value::Number),
            Kind::Truth => {
                row.try_get::<_, Option<bool>>(place)?.map(|truth| Value::Number(truth.into()))
            }
            Kind::Text => row.try_get::<_, Option<String>>(place)?.map(Value::Text),
            Kind::Bytes => row.try_get::<_, Option<Vec<u8>>>(place)?.map(Value::Bytes),
        };
        Ok(value.unwrap_or(Value::Null))
    };
    shape.columns.iter().enumerate().map(value).collect()
}
