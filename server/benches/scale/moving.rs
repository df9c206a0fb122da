//! How long a publisher's move takes: its first round, and the last one, for which the server is stopped.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use article_server::operator_key::OperatorKey;
use article_server::store::{Checked, Move};
use article_server::time::Calendar;
use jiff::tz::TimeZone;
use tokio::runtime::Runtime;

use crate::cluster::Cluster;
use crate::database::Database;

/// Prints it.
pub(crate) fn table(
    runtime: &Runtime,
    cluster: &Cluster,
    folder: &Path,
    articles: u64,
) -> Result<()> {
    let from = Database::sqlite(runtime, &folder.join("publisher.db"), articles)?;
    let to = Database::empty(runtime, cluster, "moved")?;
    let (from_url, to_url) = (from.url(), to.url());
    let (key, calendar) = (OperatorKey::new(&[1; 32]), Calendar::new(TimeZone::UTC));
    let moving = Move { from: &from_url, to: &to_url, key: &key, calendar: &calendar };

    let begun = Instant::now();
    runtime.block_on(moving.copy(|_| {}))?;
    let copied = begun.elapsed();
    let begun = Instant::now();
    let checked = runtime.block_on(moving.finish(|_| {}))?;
    let finished = begun.elapsed();
    ensure!(checked.iter().all(Checked::is_alike), "{checked:?}");
    let rows: u64 = checked.iter().map(|table| table.source.rows).sum();
    println!("\nmoved articles      rows  first round s  last round s  rows/s of the last");
    println!(
        "{articles:>14}  {rows:>8}  {:>13.1}  {:>12.1}  {:>18.0}",
        copied.as_secs_f64(),
        finished.as_secs_f64(),
        rows as f64 / finished.as_secs_f64()
    );
    from.remove(runtime)?;
    to.remove(runtime)
}
