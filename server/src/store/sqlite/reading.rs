//! What the editors' pages of figures show: sums that are kept, and single articles hour by hour.

use std::collections::HashMap;
use std::ops::Range;

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::{SqliteStore, stats};
use crate::clock::Hour;
use crate::store::{
    ArticleReading, ChannelShares, Counters, HourCounters, PartnerCounters, Reading, ReadingStore,
    SharedArticle, StoreError,
};

#[async_trait]
impl ReadingStore for SqliteStore {
    async fn reading(&self, hours: Range<Hour>, limit: u32) -> Result<Reading, StoreError> {
        self.settle().await?;
        self.readers.run(move |connection| reading(connection, &hours, limit)).await
    }

    async fn article_reading(
        &self,
        id: &ArticleId,
        hours: Range<Hour>,
        limit: u32,
    ) -> Result<Option<ArticleReading>, StoreError> {
        let id = id.clone();
        self.settle().await?;
        self.readers.run(move |connection| article_reading(connection, &id, &hours, limit)).await
    }

    async fn article_hours(
        &self,
        articles: &[ArticleId],
        hours: Range<Hour>,
    ) -> Result<Vec<Vec<u64>>, StoreError> {
        let articles = articles.to_vec();
        self.settle().await?;
        self.readers.run(move |connection| article_hours(connection, &articles, &hours)).await
    }

    async fn partner_reading(
        &self,
        hours: Option<Range<Hour>>,
    ) -> Result<Vec<PartnerCounters>, StoreError> {
        self.settle().await?;
        self.readers.run(move |connection| partner_reading(connection, hours)).await
    }

    async fn first_hour(&self) -> Result<Option<Hour>, StoreError> {
        self.settle().await?;
        self.readers.run(first_hour).await
    }
}

fn reading(
    connection: &Connection,
    hours: &Range<Hour>,
    limit: u32,
) -> Result<Reading, StoreError> {
    // The tables as they are at one moment.
    let moment = connection.unchecked_transaction()?;
    let range = params![hours.start, hours.end];
    Ok(Reading {
        hours: read_hours(&moment, HOURS, range)?,
        shares: read_shares(&moment, range)?,
        shared: read_shared(&moment, hours, limit)?,
    })
}

const HOURS: &str = "/* reading_hours */
    select hour, raw, counted, readers, bot, repeat, rate, unknown, seconds, depth, deep
    from tally_sum where hour >= ?1 and hour < ?2 order by hour";

fn read_hours(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<HourCounters>> {
    let read = |row: &Row<'_>| {
        Ok(HourCounters { hour: row.get(0)?, counters: stats::read_counters(row, 1)? })
    };
    connection.prepare_cached(sql)?.query_map(params, read)?.collect()
}

fn read_shares(
    connection: &Connection,
    params: impl Params,
) -> rusqlite::Result<Vec<ChannelShares>> {
    connection
        .prepare_cached(
            "/* reading_shares */
             select channel, sum(counted), sum(bot), sum(repeat), sum(rate), sum(unknown)
             from share_hour where hour >= ?1 and hour < ?2
             group by channel order by channel",
        )?
        .query_map(params, stats::read_shares)?
        .collect()
}

fn read_shared(
    connection: &Connection,
    hours: &Range<Hour>,
    limit: u32,
) -> Result<Vec<SharedArticle>, StoreError> {
    let mut statement = connection.prepare_cached(SHARED)?;
    let mut rows = statement.query(params![hours.start, hours.end, limit])?;
    let mut shared = Vec::new();
    while let Some(row) = rows.next()? {
        let id = ArticleId::parse(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        shared.push(SharedArticle {
            id: id.map_err(|error| StoreError::Other(error.into()))?,
            title: row.get(2)?,
            shares: row.get(3)?,
            arrivals: arrivals(connection, row.get(0)?, hours)?,
        });
    }
    Ok(shared)
}

const SHARED: &str = "/* reading_shared */
    select no, id, title, shares
    from (
        select article, sum(counted) as shares
        from share_hour where hour >= ?1 and hour < ?2
        group by article having sum(counted) > 0
        order by shares desc, article desc limit ?3
    ) as most join article on no = most.article
    order by shares desc, no desc";

/// The table begins with the hour: the article is looked up in each hour by itself.
fn arrivals(connection: &Connection, article: i64, hours: &Range<Hour>) -> rusqlite::Result<u64> {
    connection
        .prepare_cached(
            "/* reading_arrivals */
             with recursive asked (hour) as (
                 select ?2 union all select hour + 1 from asked where hour + 1 < ?3
             )
             select coalesce(sum(counted), 0)
             from asked cross join arrival_hour using (hour) where article = ?1",
        )?
        .query_row(params![article, hours.start, hours.end], |row| row.get(0))
}

fn article_reading(
    connection: &Connection,
    id: &ArticleId,
    hours: &Range<Hour>,
    limit: u32,
) -> Result<Option<ArticleReading>, StoreError> {
    let moment = connection.unchecked_transaction()?;
    let Some(article) = stats::article_no(&moment, id)? else { return Ok(None) };
    let range = params![article, hours.start, hours.end];
    Ok(Some(ArticleReading {
        hours: read_hours(&moment, ARTICLE_HOURS, range)?,
        partners: read_partners(
            &moment,
            ARTICLE_PARTNERS,
            params![article, hours.start, hours.end, limit],
        )?,
        shares: stats::shares(&moment, article, hours)?,
        arrivals: stats::arrivals(&moment, article, hours)?,
    }))
}

/// As with every look at one article: no other article's rows are walked.
const ARTICLE_HOURS: &str = "/* article_hours */
    with recursive asked (hour) as (
        select ?2 union all select hour + 1 from asked where hour + 1 < ?3
    )
    select hour, sum(raw), sum(counted), sum(readers), sum(bot), sum(repeat), sum(rate), sum(unknown),
        sum(seconds), sum(depth), sum(deep)
    from asked cross join tally_hour using (hour)
    where article = ?1
    group by hour order by hour";

const ARTICLE_PARTNERS: &str = "/* article_partners */
    with recursive asked (hour) as (
        select ?2 union all select hour + 1 from asked where hour + 1 < ?3
    )
    select origin, sum(raw), sum(counted), sum(readers), sum(bot), sum(repeat), sum(rate), sum(unknown),
        sum(seconds), sum(depth), sum(deep)
    from asked cross join tally_hour using (hour) join partner on partner.no = tally_hour.partner
    where article = ?1
    group by origin order by sum(counted) desc, origin limit ?4";

fn read_partners(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<PartnerCounters>> {
    let read = |row: &Row<'_>| -> rusqlite::Result<PartnerCounters> {
        Ok(PartnerCounters { partner: row.get(0)?, counters: stats::read_counters(row, 1)? })
    };
    connection.prepare_cached(sql)?.query_map(params, read)?.collect()
}

fn article_hours(
    connection: &Connection,
    articles: &[ArticleId],
    hours: &Range<Hour>,
) -> Result<Vec<Vec<u64>>, StoreError> {
    let moment = connection.unchecked_transaction()?;
    let mut all = Vec::with_capacity(articles.len());
    for id in articles {
        let rows = match stats::article_no(&moment, id)? {
            Some(no) => read_hours(&moment, ARTICLE_HOURS, params![no, hours.start, hours.end])?,
            None => Vec::new(),
        };
        let views: HashMap<Hour, Counters> =
            rows.into_iter().map(|row| (row.hour, row.counters)).collect();
        let of = |hour| views.get(&hour).map_or(0, |counters| counters.views);
        all.push(hours.clone().map(of).collect());
    }
    Ok(all)
}

fn partner_reading(
    connection: &Connection,
    hours: Option<Range<Hour>>,
) -> Result<Vec<PartnerCounters>, StoreError> {
    Ok(match hours {
        Some(hours) => read_partners(connection, PARTNERS, params![hours.start, hours.end])?,
        None => read_partners(connection, PARTNERS_EVER, [])?,
    })
}

/// Each partner is looked up once, and not in each of its hours.
const PARTNERS: &str = "/* partner_reading */
    select origin, raw, counted, readers, bot, repeat, rate, unknown, seconds, depth, deep
    from (
        select partner, sum(raw) as raw, sum(counted) as counted, sum(readers) as readers,
            sum(bot) as bot, sum(repeat) as repeat, sum(rate) as rate, sum(unknown) as unknown,
            sum(seconds) as seconds, sum(depth) as depth, sum(deep) as deep
        from tally_partner_hour where hour >= ?1 and hour < ?2
        group by partner
    ) as read join partner on no = read.partner
    order by counted desc, origin";

const PARTNERS_EVER: &str = "/* partner_reading_ever */
    select origin, raw, counted, readers, bot, repeat, rate, unknown, seconds, depth, deep
    from tally_partner join partner on no = partner
    order by counted desc, origin";

fn first_hour(connection: &Connection) -> Result<Option<Hour>, StoreError> {
    let first = connection
        .prepare_cached("/* first_hour */ select min(hour) from tally_sum")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(first.flatten())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::connection::open_writer;

    fn plan(sql: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_writer(&folder.path().join("articles.db")).unwrap();
        let mut statement = connection.prepare(&format!("explain query plan {sql}")).unwrap();
        let mut rows = statement.raw_query();
        let mut plan = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            plan.push(row.get("detail").unwrap());
        }
        plan
    }

    #[test]
    fn no_page_of_figures_walks_the_rows_of_every_article() {
        let lookup = "SEARCH tally_hour USING PRIMARY KEY (hour=? AND article=?)".to_owned();
        for sql in [ARTICLE_HOURS, ARTICLE_PARTNERS] {
            assert!(plan(sql).contains(&lookup), "{:#?}", plan(sql));
        }
        for sql in [HOURS, PARTNERS, PARTNERS_EVER] {
            assert!(plan(sql).iter().all(|step| !step.contains("tally_hour")), "{:#?}", plan(sql));
        }
    }
}
