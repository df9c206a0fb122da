//! What the counters say of one article, hour by hour.

use std::ops::Range;

use article_widget::contract::ArticleId;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::counting::partner_by_mark;
use crate::store::{Arrivals, ChannelShares, Counters, PartnerHour, Refusals, Stats, StoreError};

/// Share marks that are told, at most: anyone may make them up.
const MARKS: u32 = 1_000;

/// The article's counters in these hours (since 1970), at most `limit` rows of views; none where there
/// is no such article.
pub(super) fn stats(
    connection: &Connection,
    id: &ArticleId,
    hours: Range<i64>,
    limit: u32,
) -> Result<Option<Stats>, StoreError> {
    // The tables as they are at one moment.
    let transaction = connection.unchecked_transaction()?;
    let Some(article) = article_no(&transaction, id)? else { return Ok(None) };
    Ok(Some(Stats {
        views: views(&transaction, article, &hours, limit)?,
        shares: shares(&transaction, article, &hours)?,
        arrivals: arrivals(&transaction, article, &hours)?,
    }))
}

/// The number of the article.
pub(super) fn article_no(connection: &Connection, id: &ArticleId) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("/* article_no */ select no from article where id = ?1")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()
}

fn views(
    connection: &Connection,
    article: i64,
    hours: &Range<i64>,
    limit: u32,
) -> Result<Vec<PartnerHour>, StoreError> {
    let mut statement = connection.prepare_cached(VIEWS)?;
    let rows = statement.query_map(params![article, hours.start, hours.end, limit], read_views)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The table begins with the hour: the article is looked up in each hour by itself, so that the rows of
/// all others are not walked.
const VIEWS: &str = "/* stats_views */
    with recursive asked (hour) as (
        select ?2 union all select hour + 1 from asked where hour + 1 < ?3
    )
    select hour, origin, raw, counted, readers, bot, repeat, rate, unknown, seconds, depth, deep
    from asked cross join tally_hour using (hour) join partner on partner.no = tally_hour.partner
    where article = ?1
    order by hour, origin
    limit ?4";

fn read_views(row: &Row<'_>) -> rusqlite::Result<PartnerHour> {
    Ok(PartnerHour { hour: row.get(0)?, partner: row.get(1)?, counters: read_counters(row, 2)? })
}

/// From ten columns: raw, counted, readers, bot, repeat, rate, unknown, seconds, depth, deep.
pub(super) fn read_counters(row: &Row<'_>, first: usize) -> rusqlite::Result<Counters> {
    Ok(Counters {
        raw: row.get(first)?,
        views: row.get(first + 1)?,
        readers: row.get(first + 2)?,
        refused: read_refusals(row, first + 3)?,
        seconds: row.get(first + 7)?,
        depth: row.get(first + 8)?,
        deep: row.get(first + 9)?,
    })
}

/// From four columns: bot, repeat, rate, unknown.
fn read_refusals(row: &Row<'_>, first: usize) -> rusqlite::Result<Refusals> {
    Ok(Refusals {
        bots: row.get(first)?,
        repeats: row.get(first + 1)?,
        rate: row.get(first + 2)?,
        unknown: row.get(first + 3)?,
    })
}

/// The article's shares in these hours, by channel.
pub(super) fn shares(
    connection: &Connection,
    article: i64,
    hours: &Range<i64>,
) -> Result<Vec<ChannelShares>, StoreError> {
    let mut statement = connection.prepare_cached(SHARES)?;
    let rows = statement.query_map(params![article, hours.start, hours.end], read_shares)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// From the channel, what counts, and four columns of what does not.
pub(super) fn read_shares(row: &Row<'_>) -> rusqlite::Result<ChannelShares> {
    let refused = read_refusals(row, 2)?;
    Ok(ChannelShares { channel: row.get(0)?, shares: row.get(1)?, refused })
}

const SHARES: &str = "/* stats_shares */
    select channel, sum(counted), sum(bot), sum(repeat), sum(rate), sum(unknown)
    from share_hour
    where article = ?1 and hour >= ?2 and hour < ?3
    group by channel
    order by channel";

/// The article's views that came by a share in these hours, most first.
pub(super) fn arrivals(
    connection: &Connection,
    article: i64,
    hours: &Range<i64>,
) -> Result<Vec<Arrivals>, StoreError> {
    let mut statement = connection.prepare_cached(ARRIVALS)?;
    let mut rows = statement.query(params![article, hours.start, hours.end, MARKS])?;
    let mut arrivals = Vec::new();
    while let Some(row) = rows.next()? {
        let mark: String = row.get(0)?;
        let partner = partner_by_mark(connection, &mark)?;
        arrivals.push(Arrivals { mark, partner, views: row.get(1)? });
    }
    Ok(arrivals)
}

/// As with [`VIEWS`].
const ARRIVALS: &str = "/* stats_arrivals */
    with recursive asked (hour) as (
        select ?2 union all select hour + 1 from asked where hour + 1 < ?3
    )
    select mark, sum(counted) as views
    from asked cross join arrival_hour using (hour)
    where article = ?1
    group by mark
    order by views desc, mark
    limit ?4";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::connection::open_writer;

    #[test]
    fn no_other_articles_rows_are_walked() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_writer(&folder.path().join("articles.db")).unwrap();
        let searched = [
            (VIEWS, "tally_hour USING PRIMARY KEY (hour=? AND article=?)"),
            (
                SHARES,
                "share_hour USING INDEX share_hour_by_article (article=? AND hour>? AND hour<?)",
            ),
            (ARRIVALS, "arrival_hour USING PRIMARY KEY (hour=? AND article=?)"),
        ];
        for (sql, search) in searched {
            let mut statement = connection.prepare(&format!("explain query plan {sql}")).unwrap();
            let mut rows = statement.raw_query();
            let mut plan: Vec<String> = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                plan.push(row.get("detail").unwrap());
            }
            assert!(plan.contains(&format!("SEARCH {search}")), "{plan:#?}");
        }
    }
}
