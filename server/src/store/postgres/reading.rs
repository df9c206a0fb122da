//! What the editors' pages of figures show: sums that are kept, and single articles hour by hour. Sums over the
//! servers' rows.

use std::collections::HashMap;
use std::ops::Range;

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use deadpool_postgres::{Client, GenericClient};
use tokio_postgres::Row;

use super::sql::{Params, moment, number, row, rows};
use super::stats::sums;
use super::{PostgresStore, stats};
use crate::clock::Hour;
use crate::store::{
    ArticleReading, HourCounters, PartnerCounters, Reading, ReadingStore, SharedArticle, StoreError,
};

#[async_trait]
impl ReadingStore for PostgresStore {
    async fn reading(&self, hours: Range<Hour>, limit: u32) -> Result<Reading, StoreError> {
        reading(&mut self.for_reading().await?, &hours, limit).await
    }

    async fn article_reading(
        &self,
        id: &ArticleId,
        hours: Range<Hour>,
        limit: u32,
    ) -> Result<Option<ArticleReading>, StoreError> {
        article_reading(&mut self.for_reading().await?, id, &hours, limit).await
    }

    async fn article_hours(
        &self,
        articles: &[ArticleId],
        hours: Range<Hour>,
    ) -> Result<Vec<Vec<u64>>, StoreError> {
        article_hours(&self.for_reading().await?, articles, &hours).await
    }

    async fn partner_reading(
        &self,
        hours: Option<Range<Hour>>,
    ) -> Result<Vec<PartnerCounters>, StoreError> {
        let client = self.for_reading().await?;
        match hours {
            Some(hours) => read_partners(&client, PARTNERS, &[&hours.start, &hours.end]).await,
            None => read_partners(&client, PARTNERS_EVER, &[]).await,
        }
    }

    async fn first_hour(&self) -> Result<Option<Hour>, StoreError> {
        let sql = "/* first_hour */ select min(hour) from tally_sum";
        let first = row(&self.for_reading().await?, sql, &[]).await?;
        Ok(first.map(|row| row.try_get(0)).transpose()?.flatten())
    }
}

async fn reading(
    client: &mut Client,
    hours: &Range<Hour>,
    limit: u32,
) -> Result<Reading, StoreError> {
    let moment = moment(client).await?;
    let range: Params<'_> = &[&hours.start, &hours.end];
    let shares = rows(&moment, SHARES, range).await?;
    let most: Params<'_> = &[&hours.start, &hours.end, &i64::from(limit)];
    let shared = rows(&moment, SHARED, most).await?;
    Ok(Reading {
        hours: read_hours(&moment, HOURS, range).await?,
        shares: shares.iter().map(stats::read_shares).collect::<Result<_, _>>()?,
        shared: shared.iter().map(read_shared).collect::<Result<_, _>>()?,
    })
}

const HOURS: &str = concat!(
    "/* reading_hours */
    select hour, ",
    sums!(),
    "
    from tally_sum where hour >= $1 and hour < $2
    group by hour order by hour"
);

async fn read_hours(
    client: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Vec<HourCounters>, StoreError> {
    let read = |row: &Row| {
        Ok(HourCounters { hour: row.try_get(0)?, counters: stats::read_counters(row, 1)? })
    };
    rows(client, sql, params).await?.iter().map(read).collect()
}

const SHARES: &str = "/* reading_shares */
    select channel, sum(counted)::bigint, sum(bot)::bigint, sum(repeat)::bigint, sum(rate)::bigint,
           sum(unknown)::bigint
    from share_hour where hour >= $1 and hour < $2
    group by channel order by channel";

fn read_shared(row: &Row) -> Result<SharedArticle, StoreError> {
    let id = ArticleId::parse(row.try_get(0)?);
    Ok(SharedArticle {
        id: id.map_err(|error| StoreError::Other(error.into()))?,
        title: row.try_get(1)?,
        shares: number(row, 2)?,
        arrivals: number(row, 3)?,
    })
}

/// Arrivals are looked up for the articles that are shown, each by itself.
const SHARED: &str = "/* reading_shared */
    select id, title, shares,
           (select coalesce(sum(counted), 0)::bigint from arrival_hour
            where arrival_hour.article = article.no and hour >= $1 and hour < $2)
    from (
        select article, sum(counted)::bigint as shares
        from share_hour where hour >= $1 and hour < $2
        group by article having sum(counted) > 0
        order by shares desc, article desc limit $3
    ) as most join article on article.no = most.article
    order by shares desc, article.no desc";

async fn article_reading(
    client: &mut Client,
    id: &ArticleId,
    hours: &Range<Hour>,
    limit: u32,
) -> Result<Option<ArticleReading>, StoreError> {
    let moment = moment(client).await?;
    let Some(article) = stats::article_no(&moment, id).await? else { return Ok(None) };
    let range: Params<'_> = &[&article, &hours.start, &hours.end];
    let most: Params<'_> = &[&article, &hours.start, &hours.end, &i64::from(limit)];
    Ok(Some(ArticleReading {
        hours: read_hours(&moment, ARTICLE_HOURS, range).await?,
        partners: read_partners(&moment, ARTICLE_PARTNERS, most).await?,
        shares: stats::shares(&moment, article, hours).await?,
        arrivals: stats::arrivals(&moment, article, hours).await?,
    }))
}

const ARTICLE_HOURS: &str = concat!(
    "/* article_hours */
    select hour, ",
    sums!(),
    "
    from tally_hour
    where article = $1 and hour >= $2 and hour < $3
    group by hour order by hour"
);

const ARTICLE_PARTNERS: &str = concat!(
    "/* article_partners */
    select origin, ",
    sums!(),
    "
    from tally_hour join partner on partner.no = tally_hour.partner
    where article = $1 and hour >= $2 and hour < $3
    group by origin order by counted desc, origin limit $4"
);

async fn read_partners(
    client: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Vec<PartnerCounters>, StoreError> {
    let read = |row: &Row| {
        Ok(PartnerCounters { partner: row.try_get(0)?, counters: stats::read_counters(row, 1)? })
    };
    rows(client, sql, params).await?.iter().map(read).collect()
}

async fn article_hours(
    client: &Client,
    articles: &[ArticleId],
    hours: &Range<Hour>,
) -> Result<Vec<Vec<u64>>, StoreError> {
    let ids: Vec<&str> = articles.iter().map(ArticleId::as_str).collect();
    let found = rows(client, VIEWS, &[&ids, &hours.start, &hours.end]).await?;
    let mut views: HashMap<(&str, Hour), u64> = HashMap::with_capacity(found.len());
    for row in &found {
        views.insert((row.try_get(0)?, row.try_get(1)?), number(row, 2)?);
    }
    let of = |id: &&str| {
        hours.clone().map(|hour| views.get(&(*id, hour)).copied().unwrap_or_default()).collect()
    };
    Ok(ids.iter().map(of).collect())
}

const VIEWS: &str = "/* views_by_hour */
    select article.id, hour, sum(counted)::bigint
    from article join tally_hour on tally_hour.article = article.no
    where article.id = any($1::text[]) and hour >= $2 and hour < $3
    group by article.id, hour";

/// Each partner is looked up once, and not in each of its hours.
const PARTNERS: &str = concat!(
    "/* partner_reading */
    select origin, raw, counted, readers, bot, repeat, rate, unknown, seconds, depth, deep
    from (
        select partner, ",
    sums!(),
    "
        from tally_partner_hour where hour >= $1 and hour < $2
        group by partner
    ) as read join partner on partner.no = read.partner
    order by counted desc, origin"
);

const PARTNERS_EVER: &str = concat!(
    "/* partner_reading_ever */
    select origin, raw, counted, readers, bot, repeat, rate, unknown, seconds, depth, deep
    from (
        select partner, ",
    sums!(),
    "
        from tally_partner
        group by partner
    ) as read join partner on partner.no = read.partner
    order by counted desc, origin"
);
