//! What the counters say: what rankings are made of, and an article's totals. Sums over the servers' rows.

use std::collections::HashMap;
use std::ops::Range;

use article_widget::contract::ArticleId;
use deadpool_postgres::{Client, GenericClient};
use tokio_postgres::Row;

use super::sql::{moment, number, row, rows};
use crate::clock::{Hour, UnixSeconds};
use crate::store::{
    AllTime, ArticleNo, Headline, HourCount, PartnerNo, Rankable, Standings, StoreError, Totals,
};

/// What was counted in these hours, of one partner's pages or of all.
pub(super) async fn counts(
    client: &impl GenericClient,
    hours: Range<Hour>,
    partner: Option<PartnerNo>,
) -> Result<Vec<HourCount>, StoreError> {
    let (start, end) = (hours.start, hours.end);
    let counts = match partner {
        Some(partner) => rows(client, PARTNER_COUNTS, &[&start, &end, &i64::from(partner)]).await?,
        None => rows(client, COUNTS, &[&start, &end]).await?,
    };
    let count = |row: &Row| {
        Ok(HourCount {
            hour: row.try_get(0)?,
            article: number(row, 1)?,
            views: number(row, 2)?,
            deep: number(row, 3)?,
        })
    };
    counts.iter().map(count).collect()
}

const COUNTS: &str = "/* counts */
    select hour, article, sum(counted)::bigint, sum(deep)::bigint
    from tally_hour where hour >= $1 and hour < $2
    group by hour, article having sum(counted) > 0 or sum(deep) > 0
    order by hour, article";
const PARTNER_COUNTS: &str = "/* partner_counts */
    select hour, article, sum(counted)::bigint, sum(deep)::bigint
    from tally_hour where partner = $3 and hour >= $1 and hour < $2
    group by hour, article having sum(counted) > 0 or sum(deep) > 0
    order by hour, article";

/// What was counted in all time and from `live` on, at one moment.
pub(super) async fn standings(client: &mut Client, live: Hour) -> Result<Standings, StoreError> {
    let moment = moment(client).await?;
    let sql = "/* standings */
        select article, sum(counted)::bigint, sum(deep)::bigint from tally_article group by article";
    let all_time = |row: &Row| {
        Ok(AllTime { article: number(row, 0)?, views: number(row, 1)?, deep: number(row, 2)? })
    };
    let totals =
        rows(&moment, sql, &[]).await?.iter().map(all_time).collect::<Result<_, StoreError>>()?;
    Ok(Standings { totals, live: counts(&moment, live..Hour::MAX, None).await? })
}

/// What a ranking has to know of articles saved at `since` or later.
pub(super) async fn rankable(
    client: &Client,
    since: UnixSeconds,
) -> Result<Vec<Rankable>, StoreError> {
    let rankable = |row: &Row| {
        let from = row.try_get::<_, Option<_>>(5)?.unwrap_or(UnixSeconds::MIN);
        let until = row.try_get::<_, Option<_>>(6)?.unwrap_or(UnixSeconds::MAX);
        Ok(Rankable {
            article: number(row, 0)?,
            updated_at: row.try_get(1)?,
            section: row.try_get(2)?,
            language: row.try_get(3)?,
            readable: if row.try_get(4)? { from..until } else { 0..0 },
        })
    };
    rows(client, RANKABLE, &[&since]).await?.iter().map(rankable).collect()
}

const RANKABLE: &str = "/* rankable */
    select no, updated_at, coalesce(section, ''), language, status = 'usable', embargo, expires
    from article where updated_at >= $1 order by updated_at, no";

/// Ids, titles and languages of those that readers may see at `now`, in the order given.
pub(super) async fn headlines(
    client: &Client,
    articles: &[ArticleNo],
    now: UnixSeconds,
) -> Result<Vec<Headline>, StoreError> {
    let nos: Vec<i64> = articles.iter().map(|no| i64::from(*no)).collect();
    let found = rows(client, HEADLINES, &[&nos, &now]).await?;
    let mut headlines = HashMap::with_capacity(found.len());
    for row in &found {
        let headline = headline(row)?;
        headlines.insert(headline.article, headline);
    }
    Ok(articles.iter().filter_map(|no| headlines.get(no).cloned()).collect())
}

fn headline(row: &Row) -> Result<Headline, StoreError> {
    let id = ArticleId::parse(row.try_get(1)?).map_err(|error| StoreError::Other(error.into()))?;
    Ok(Headline { article: number(row, 0)?, id, title: row.try_get(2)?, language: row.try_get(3)? })
}

const HEADLINES: &str = "/* headlines */
    select no, id, title, language from article
    where no = any($1::bigint[]) and status = 'usable'
      and (embargo is null or embargo <= $2)
      and (expires is null or expires > $2)";

/// The article's counters, all time; all 0 where there is no such article.
pub(super) async fn totals(client: &Client, id: &ArticleId) -> Result<Totals, StoreError> {
    let Some(row) = row(client, TOTALS, &[&id.as_str()]).await? else {
        return Ok(Totals::default());
    };
    let of = |column| number(&row, column);
    Ok(Totals {
        raw: of(0)?,
        views: of(1)?,
        readers: of(2)?,
        bots: of(3)?,
        repeats: of(4)?,
        rate: of(5)?,
        unknown: of(6)?,
        seconds: of(7)?,
        deep: of(8)?,
        shares: of(9)?,
    })
}

const TOTALS: &str = "/* totals */
    with asked as (select no from article where id = $1)
    select coalesce(sum(raw), 0)::bigint, coalesce(sum(counted), 0)::bigint,
           coalesce(sum(readers), 0)::bigint, coalesce(sum(bot), 0)::bigint,
           coalesce(sum(repeat), 0)::bigint, coalesce(sum(rate), 0)::bigint,
           coalesce(sum(unknown), 0)::bigint, coalesce(sum(seconds), 0)::bigint,
           coalesce(sum(deep), 0)::bigint,
           (select coalesce(sum(counted), 0)::bigint from share_hour
            where article = (select no from asked))
    from tally_hour where article = (select no from asked)";
