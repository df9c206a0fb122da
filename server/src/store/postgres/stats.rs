//! What the counters say of one article, hour by hour. Sums over the servers' rows.

use std::ops::Range;

use article_widget::contract::ArticleId;
use deadpool_postgres::{Client, GenericClient};
use tokio_postgres::Row;

use super::sql::{moment, number, row, rows};
use crate::store::{Arrivals, ChannelShares, Counters, PartnerHour, Refusals, Stats, StoreError};

/// Share marks that are told, at most: anyone may make them up.
const MARKS: i64 = 1_000;

/// The article's counters in these hours (since 1970), at most `limit` rows of views; none where there is no such
/// article.
pub(super) async fn stats(
    client: &mut Client,
    id: &ArticleId,
    hours: Range<i64>,
    limit: u32,
) -> Result<Option<Stats>, StoreError> {
    let moment = moment(client).await?;
    let Some(article) = article_no(&moment, id).await? else { return Ok(None) };
    Ok(Some(Stats {
        views: views(&moment, article, &hours, limit).await?,
        shares: shares(&moment, article, &hours).await?,
        arrivals: arrivals(&moment, article, &hours).await?,
    }))
}

/// The number of the article.
pub(super) async fn article_no(
    client: &impl GenericClient,
    id: &ArticleId,
) -> Result<Option<i64>, StoreError> {
    let sql = "/* article_no */ select no from article where id = $1";
    Ok(row(client, sql, &[&id.as_str()]).await?.map(|row| row.try_get(0)).transpose()?)
}

/// The ten counters, summed over the servers' rows, in the order that [`read_counters`] wants.
macro_rules! sums {
    () => {
        "sum(raw)::bigint as raw, sum(counted)::bigint as counted, sum(readers)::bigint as readers,
         sum(bot)::bigint as bot, sum(repeat)::bigint as repeat, sum(rate)::bigint as rate,
         sum(unknown)::bigint as unknown, sum(seconds)::bigint as seconds,
         sum(depth)::bigint as depth, sum(deep)::bigint as deep"
    };
}
pub(super) use sums;

async fn views(
    client: &impl GenericClient,
    article: i64,
    hours: &Range<i64>,
    limit: u32,
) -> Result<Vec<PartnerHour>, StoreError> {
    let params: super::sql::Params<'_> = &[&article, &hours.start, &hours.end, &i64::from(limit)];
    let hour = |row: &Row| {
        Ok(PartnerHour {
            hour: row.try_get(0)?,
            partner: row.try_get(1)?,
            counters: read_counters(row, 2)?,
        })
    };
    rows(client, VIEWS, params).await?.iter().map(hour).collect()
}

const VIEWS: &str = concat!(
    "/* stats_views */
    select hour, origin, ",
    sums!(),
    "
    from tally_hour join partner on partner.no = tally_hour.partner
    where article = $1 and hour >= $2 and hour < $3
    group by hour, origin
    order by hour, origin
    limit $4"
);

/// From ten columns: raw, counted, readers, bot, repeat, rate, unknown, seconds, depth, deep.
pub(super) fn read_counters(row: &Row, first: usize) -> Result<Counters, StoreError> {
    Ok(Counters {
        raw: number(row, first)?,
        views: number(row, first + 1)?,
        readers: number(row, first + 2)?,
        refused: read_refusals(row, first + 3)?,
        seconds: number(row, first + 7)?,
        depth: number(row, first + 8)?,
        deep: number(row, first + 9)?,
    })
}

/// From four columns: bot, repeat, rate, unknown.
fn read_refusals(row: &Row, first: usize) -> Result<Refusals, StoreError> {
    Ok(Refusals {
        bots: number(row, first)?,
        repeats: number(row, first + 1)?,
        rate: number(row, first + 2)?,
        unknown: number(row, first + 3)?,
    })
}

/// The article's shares in these hours, by channel.
pub(super) async fn shares(
    client: &impl GenericClient,
    article: i64,
    hours: &Range<i64>,
) -> Result<Vec<ChannelShares>, StoreError> {
    let found = rows(client, SHARES, &[&article, &hours.start, &hours.end]).await?;
    found.iter().map(read_shares).collect()
}

/// From the channel, what counts, and four columns of what does not.
pub(super) fn read_shares(row: &Row) -> Result<ChannelShares, StoreError> {
    let refused = read_refusals(row, 2)?;
    Ok(ChannelShares { channel: row.try_get(0)?, shares: number(row, 1)?, refused })
}

const SHARES: &str = "/* stats_shares */
    select channel, sum(counted)::bigint, sum(bot)::bigint, sum(repeat)::bigint, sum(rate)::bigint,
           sum(unknown)::bigint
    from share_hour
    where article = $1 and hour >= $2 and hour < $3
    group by channel
    order by channel";

/// The article's views that came by a share in these hours, most first.
pub(super) async fn arrivals(
    client: &impl GenericClient,
    article: i64,
    hours: &Range<i64>,
) -> Result<Vec<Arrivals>, StoreError> {
    let params: super::sql::Params<'_> = &[&article, &hours.start, &hours.end, &MARKS];
    let arrivals = |row: &Row| {
        Ok(Arrivals { mark: row.try_get(0)?, views: number(row, 1)?, partner: row.try_get(2)? })
    };
    rows(client, ARRIVALS, params).await?.iter().map(arrivals).collect()
}

/// Of two partners whose marks are the same, the one that was seen first.
const ARRIVALS: &str = "/* stats_arrivals */
    select mark, views,
           (select origin from partner
            where partner.mark = regexp_replace(arrived.mark, '^.*-', '') and origin <> ''
            order by no limit 1)
    from (select mark, sum(counted)::bigint as views
          from arrival_hour
          where article = $1 and hour >= $2 and hour < $3
          group by mark
          order by views desc, mark
          limit $4) as arrived
    order by views desc, mark";
