//! Writes counters, each row once however many views it has: rows of this server's own, which every reader of
//! them sums.

use std::sync::LazyLock;

use deadpool_postgres::Transaction;
use futures_util::try_join;
use tokio_postgres::types::ToSql;

use crate::store::StoreError;
use crate::store::counting::counters::{ShareCounters, ViewCounters, ViewRow};
use crate::store::postgres::sql::{Params, execute};

/// The columns of a [`ViewRow`].
const COLUMNS: [&str; 10] =
    ["raw", "counted", "readers", "bot", "rate", "repeat", "unknown", "seconds", "depth", "deep"];
const SHARE_COLUMNS: [&str; 5] = ["counted", "bot", "rate", "repeat", "unknown"];

/// Statements that add rows to a table: the server's number, then an array for each column.
struct Adding {
    hours: String,
    articles: String,
    sums: String,
    partner_hours: String,
    partners: String,
    arrivals: String,
    shares: String,
}

static ADDING: LazyLock<Adding> = LazyLock::new(|| Adding {
    hours: adding("tally_hour", &["hour", "article", "partner"], &[], &COLUMNS),
    articles: adding("tally_article", &["article"], &[], &["counted", "deep"]),
    sums: adding("tally_sum", &["hour"], &[], &COLUMNS),
    partner_hours: adding("tally_partner_hour", &["hour", "partner"], &[], &COLUMNS),
    partners: adding("tally_partner", &["partner"], &[], &COLUMNS),
    arrivals: adding("arrival_hour", &["hour", "article"], &["mark"], &["counted"]),
    shares: adding("share_hour", &["hour", "article", "partner"], &["channel"], &SHARE_COLUMNS),
});

/// The key is of numbers, then of texts, then of the server.
fn adding(table: &str, numbers: &[&str], texts: &[&str], counters: &[&str]) -> String {
    let types =
        [vec!["bigint"; numbers.len()], vec!["text"; texts.len()], vec!["bigint"; counters.len()]];
    let types = types.concat();
    let arrays: Vec<String> =
        types.iter().zip(2..).map(|(kind, place)| format!("${place}::{kind}[]")).collect();
    let key = [numbers, texts].concat().join(", ");
    let sums: Vec<String> = counters
        .iter()
        .map(|counter| format!("{counter} = {table}.{counter} + excluded.{counter}"))
        .collect();
    let (arrays, sums, counters) = (arrays.join(", "), sums.join(", "), counters.join(", "));
    format!(
        "/* add_to_{table} */
         insert into {table} ({key}, {counters}, node)
         select {key}, {counters}, $1::bigint from unnest({arrays}) as added ({key}, {counters})
         on conflict ({key}, node) do update set {sums}"
    )
}

/// Adds all of it to the tables.
pub(super) async fn add_views(
    transaction: &Transaction<'_>,
    counters: &ViewCounters,
    node: i64,
) -> Result<(), StoreError> {
    let sums = counters.sums();
    let rows = counters.rows.iter().map(|((hour, article, partner), row)| {
        ([*hour, i64::from(*article), i64::from(*partner)], *row)
    });
    let hours = sums.hours.into_iter().map(|(hour, row)| ([hour], row));
    let partner_hours = sums.partner_hours.into_iter();
    let partner_hours =
        partner_hours.map(|((hour, partner), row)| ([hour, i64::from(partner)], row));
    let partners = sums.partners.into_iter().map(|(partner, row)| ([i64::from(partner)], row));
    try_join!(
        add_rows(transaction, &ADDING.hours, node, rows),
        add_rows(transaction, &ADDING.sums, node, hours),
        add_rows(transaction, &ADDING.partner_hours, node, partner_hours),
        add_rows(transaction, &ADDING.partners, node, partners),
        add_to_articles(transaction, counters, node),
        add_arrivals(transaction, counters, node),
    )?;
    Ok(())
}

async fn add_rows<const N: usize>(
    transaction: &Transaction<'_>,
    sql: &str,
    node: i64,
    rows: impl Iterator<Item = ([i64; N], ViewRow)>,
) -> Result<(), StoreError> {
    let mut columns = vec![Vec::new(); N + COLUMNS.len()];
    for (key, row) in rows {
        for (column, value) in columns.iter_mut().zip(key.into_iter().chain(row.columns())) {
            column.push(value);
        }
    }
    add(transaction, sql, node, &columns.iter().collect::<Vec<_>>(), None).await
}

/// Adds rows whose key may have a column of texts after its `keys` first ones.
async fn add(
    transaction: &Transaction<'_>,
    sql: &str,
    node: i64,
    columns: &[&Vec<i64>],
    text: Option<(usize, &Vec<&str>)>,
) -> Result<(), StoreError> {
    if columns.first().is_none_or(|column| column.is_empty()) {
        return Ok(());
    }
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&node];
    params.extend(columns.iter().map(|column| *column as &(dyn ToSql + Sync)));
    if let Some((keys, texts)) = text {
        params.insert(1 + keys, texts);
    }
    let params: Params<'_> = &params;
    execute(transaction, sql, params).await?;
    Ok(())
}

async fn add_to_articles(
    transaction: &Transaction<'_>,
    counters: &ViewCounters,
    node: i64,
) -> Result<(), StoreError> {
    let [mut articles, mut counted, mut deep] = [const { Vec::new() }; 3];
    for (article, (views, deeply)) in counters.by_article() {
        articles.push(i64::from(article));
        counted.push(views);
        deep.push(deeply);
    }
    add(transaction, &ADDING.articles, node, &[&articles, &counted, &deep], None).await
}

async fn add_arrivals(
    transaction: &Transaction<'_>,
    counters: &ViewCounters,
    node: i64,
) -> Result<(), StoreError> {
    let [mut hours, mut articles, mut views] = [const { Vec::new() }; 3];
    let mut marks = Vec::new();
    for ((hour, article, mark), counted) in &counters.arrivals {
        hours.push(*hour);
        articles.push(i64::from(*article));
        marks.push(mark.as_ref());
        views.push(*counted);
    }
    let columns = [&hours, &articles, &views];
    add(transaction, &ADDING.arrivals, node, &columns, Some((2, &marks))).await
}

/// Adds all of it to the table.
pub(super) async fn add_shares(
    transaction: &Transaction<'_>,
    counters: &ShareCounters,
    node: i64,
) -> Result<(), StoreError> {
    let mut columns = vec![Vec::new(); 3 + SHARE_COLUMNS.len()];
    let mut channels = Vec::new();
    for ((hour, article, partner, channel), row) in &counters.rows {
        let key = [*hour, i64::from(*article), i64::from(*partner)];
        let counted = [row.counted, row.bot, row.rate, row.repeat, row.unknown];
        for (column, value) in columns.iter_mut().zip(key.into_iter().chain(counted)) {
            column.push(value);
        }
        channels.push(*channel);
    }
    let columns: Vec<_> = columns.iter().collect();
    add(transaction, &ADDING.shares, node, &columns, Some((3, &channels))).await
}
