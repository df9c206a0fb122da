//! `cargo xtask bench most-read`: what a most-read list costs with ten thousand, a hundred thousand and
//! a million articles, each with its hourly rows in a year: to read one, to make it again, and in memory;
//! beside one GROUP BY a request over the same rows.

#[path = "most_read/year.rs"]
mod year;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use article_server::clock::{Clock as _, ManualClock};
use article_server::most_read::{By, Filter, MostReadLists, Query};
use article_server::store::{self, Reader, Store, View};
use article_server::time::Calendar;
use article_widget::contract::{ArticleId, Window};
use jiff::tz::TimeZone;
use year::NOW;

/// Requests for one list.
const READS: usize = 100_000;
/// Times that everything is made again.
const REFRESHES: usize = 20;
/// Views between two of them.
const VIEWS: usize = 10_000;

fn main() -> Result<()> {
    let sizes: Vec<u32> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000, 1_000_000] } else { sizes };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!(
        "{:>9}  {:>10}  {:>8}  {:>10}  {:>8}  {:>8}  {:>9}  {:>10}  {:>11}",
        "articles",
        "rows",
        "start s",
        "memory MiB",
        "read µs",
        "p99 µs",
        "reads/s",
        "refresh ms",
        "GROUP BY ms"
    );
    for articles in sizes {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("year.db");
        let rows = year::make(&path, articles)?;
        runtime.block_on(measure(&path, articles, rows))?;
    }
    Ok(())
}

async fn measure(path: &Path, articles: u32, rows: u64) -> Result<()> {
    let calendar = Calendar::new(TimeZone::UTC);
    let store = store::open(&format!("sqlite:{}", path.display()), &calendar).await?;
    let clock = ManualClock::at(NOW);
    let lists = MostReadLists::with_clock(store.clone(), "", Arc::new(clock.clone()));

    let (before, begun) = (resident()?, Instant::now());
    lists.refresh().await?;
    let start = begun.elapsed();
    let memory = resident()?.saturating_sub(before);

    let wanted = queries();
    for query in &wanted {
        lists.get(query, 10).await?;
    }
    let mut refreshes = Vec::new();
    for round in 0..REFRESHES {
        clock.advance(5);
        record(&*store, articles, round, clock.now()).await?;
        let begun = Instant::now();
        lists.refresh().await?;
        refreshes.push(begun.elapsed());
    }
    let mut reads = Vec::with_capacity(READS);
    let begun = Instant::now();
    for number in 0..READS {
        let begun = Instant::now();
        let list = lists.get(&wanted[number % wanted.len()], 10).await?;
        reads.push(begun.elapsed());
        anyhow::ensure!(list.is_some(), "an empty list");
    }
    let per_second = READS as f64 / begun.elapsed().as_secs_f64();
    store.close().await?;
    let group_by = group_by(path)?;

    let us = |time: Duration| time.as_secs_f64() * 1e6;
    println!(
        "{articles:>9}  {rows:>10}  {:>8.2}  {:>10.0}  {:>8.1}  {:>8.1}  {per_second:>9.0}  {:>10.1}  {:>11.1}",
        start.as_secs_f64(),
        memory as f64 / (1 << 20) as f64,
        us(part(&mut reads, 0.5)),
        us(part(&mut reads, 0.99)),
        us(part(&mut refreshes, 0.5)) / 1e3,
        us(group_by) / 1e3,
    );
    Ok(())
}

/// Every window, the deeply read list, and a filter of each kind.
fn queries() -> Vec<Query> {
    let filters = [
        Filter { section: Some(year::section(1)), ..Filter::default() },
        Filter { language: Some("vi".into()), ..Filter::default() },
        Filter { partner: Some(year::partner(1)), ..Filter::default() },
    ];
    let of_filter = |filter| Query { window: Window::Week, filter, ..Query::default() };
    let deep = Query { window: Window::Week, by: By::Deep, ..Query::default() };
    let windows = Window::ALL.map(|window| Query { window, ..Query::default() });
    windows.into_iter().chain([deep]).chain(filters.map(of_filter)).collect()
}

/// Views of articles all over, each by a reader of its own.
async fn record(store: &dyn Store, articles: u32, round: usize, at: i64) -> Result<()> {
    let view = |number: usize| {
        let id = ((round * VIEWS + number) as u128 + (1 << 100)).to_be_bytes();
        let article = (number as u64 * 7_919) % u64::from(articles) + 1;
        Ok(View {
            article: ArticleId::parse(&year::id(article as u32))?,
            view: id,
            at,
            reader: Reader {
                today: id,
                yesterday: id,
                place: (number as u64).to_be_bytes(),
                day: at / 86_400,
                private: false,
                allowance: 1,
            },
            partner: year::partner((number % 20) as u32).into(),
            seconds: 1,
            depth: 10,
            share: None,
            refused: None,
        })
    };
    let views = (0..VIEWS).map(view).collect::<Result<Vec<_>>>()?;
    store.record_views(views).await?;
    Ok(())
}

/// What one request would cost that sums up the rows of a week.
fn group_by(path: &Path) -> Result<Duration> {
    let connection = rusqlite::Connection::open(path)?;
    let mut statement = connection.prepare(
        "select article, sum(counted) as views from tally_hour where hour >= ?1
         group by +article order by views desc limit 10",
    )?;
    let mut times = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let rows = statement.query_map([NOW / 3600 - 7 * 24], |row| row.get::<_, i64>(0))?;
        anyhow::ensure!(rows.count() == 10, "a short list");
        times.push(begun.elapsed());
    }
    Ok(part(&mut times, 0.5))
}

fn part(times: &mut [Duration], part: f64) -> Duration {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * part) as usize]
}

/// The memory that this process has, in bytes.
fn resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")).context("no VmRSS")?;
    Ok(kilobytes.trim().parse::<u64>()? * 1024)
}
