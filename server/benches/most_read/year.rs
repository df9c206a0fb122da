//! A database as a year leaves it: articles appear evenly, each is read for two days and now and then
//! after that, on the pages of twenty partners.

use std::path::Path;

use anyhow::Result;
use article_server::store;
use article_server::time::Calendar;
use jiff::tz::TimeZone;
use rusqlite::{Connection, params};

/// Noon on 2024-11-27, UTC.
pub(crate) const NOW: i64 = 1_732_708_800;
/// Hours in a year.
const YEAR: u32 = 365 * 24;
/// Hours after its appearance in which an article has rows.
const HOURS: [u32; 24] =
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 90, 200, 700, 2_000, 5_000];
const PARTNERS: u32 = 20;
const SECTIONS: u32 = 12;

pub(crate) fn id(article: u32) -> String {
    format!("bai-{article}")
}

pub(crate) fn section(number: u32) -> String {
    format!("Chuyên mục {number}")
}

pub(crate) fn partner(number: u32) -> String {
    format!("https://partner-{number}.example")
}

/// Makes it; gives the number of hourly rows.
pub(crate) fn make(path: &Path, articles: u32) -> Result<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Its schema, by the server's own migrations.
        let url = format!("sqlite:{}", path.display());
        store::open(&url, &Calendar::new(TimeZone::UTC)).await?.close().await?;
        anyhow::Ok(())
    })?;
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "pragma synchronous = off; pragma cache_size = -500000; pragma foreign_keys = off;
         drop index tally_hour_by_partner;",
    )?;
    let transaction = connection.transaction()?;
    for number in 0..PARTNERS {
        transaction.execute(
            "insert into partner (no, origin, mark, first_seen) values (?1, ?2, ?1, 0)",
            params![number + 1, partner(number)],
        )?;
    }
    insert_articles(&transaction, articles)?;
    let rows = insert_hours(&transaction, articles)?;
    transaction.execute_batch(
        "insert into tally_article
             select article, sum(counted), sum(deep) from tally_hour group by article;
         create index tally_hour_by_partner on tally_hour (partner, hour, article);",
    )?;
    transaction.commit()?;
    Ok(rows)
}

fn insert_articles(connection: &Connection, articles: u32) -> Result<()> {
    let mut insert = connection.prepare(
        "insert into article
             (no, id, json, title, language, status, section, updated_at, revision)
         values (?1, ?2, '{}', ?3, 'vi', 'usable', ?4, ?5, x'')",
    )?;
    for article in 1..=articles {
        let title = format!("Bài số {article}");
        let at = (first_hour() + i64::from(appears(article, articles))) * 3600;
        insert.execute(params![article, id(article), title, section(article % SECTIONS), at])?;
    }
    Ok(())
}

/// Hour by hour, as the table is ordered.
fn insert_hours(connection: &Connection, articles: u32) -> Result<u64> {
    let mut insert = connection.prepare(
        "insert into tally_hour
             (hour, article, partner, raw, counted, readers, bot, rate, repeat, seconds, depth, deep)
         values (?1, ?2, ?3, ?4, ?4, ?4, 0, 0, 0, ?4, ?4, ?5)",
    )?;
    let mut rows = 0;
    for hour in 0..YEAR {
        let mut of_hour = Vec::new();
        for age in HOURS.iter().filter(|age| **age <= hour) {
            of_hour.extend(appeared(hour - age, articles).map(|article| (article, *age)));
        }
        of_hour.sort_unstable();
        for (article, age) in of_hour {
            // Few are read much; all of them less as they age.
            let counted = 1 + 2_000 / (1 + article * 7_919 % 1_000) / (1 + age);
            let partner = 1 + (article + age) % PARTNERS;
            let at = first_hour() + i64::from(hour);
            insert.execute(params![at, article, partner, counted, counted / (2 + article % 7)])?;
            rows += 1;
        }
    }
    Ok(rows)
}

fn first_hour() -> i64 {
    NOW / 3600 + 1 - i64::from(YEAR)
}

/// The hour of the year in which the article appears.
fn appears(article: u32, articles: u32) -> u32 {
    (u64::from(article - 1) * u64::from(YEAR) / u64::from(articles)) as u32
}

/// Those that appear in this hour.
fn appeared(hour: u32, articles: u32) -> impl Iterator<Item = u32> {
    let first =
        |hour: u32| (u64::from(hour) * u64::from(articles)).div_ceil(u64::from(YEAR)) as u32;
    first(hour) + 1..first(hour + 1) + 1
}
