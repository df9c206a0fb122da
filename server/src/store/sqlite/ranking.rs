//! What the counters say: what rankings are made of, and an article's totals.

use std::ops::Range;

use article_widget::contract::ArticleId;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use crate::clock::{Hour, UnixSeconds};
use crate::store::{
    AllTime, ArticleNo, Headline, HourCount, PartnerNo, Rankable, Standings, StoreError, Totals,
};

/// What was counted in these hours, of one partner's pages or of all.
pub(super) fn counts(
    connection: &Connection,
    hours: Range<Hour>,
    partner: Option<PartnerNo>,
) -> Result<Vec<HourCount>, StoreError> {
    match partner {
        Some(partner) => {
            read_counts(connection, PARTNER_COUNTS, params![hours.start, hours.end, partner])
        }
        None => read_counts(connection, COUNTS, params![hours.start, hours.end]),
    }
}

/// In the order of the table, so that nothing is sorted.
const COUNTS: &str = "/* counts */
    select hour, article, sum(counted), sum(deep)
    from tally_hour where hour >= ?1 and hour < ?2
    group by hour, article having sum(counted) > 0 or sum(deep) > 0";

const PARTNER_COUNTS: &str = "/* partner_counts */
    select hour, article, counted, deep
    from tally_hour where partner = ?3 and hour >= ?1 and hour < ?2 and (counted > 0 or deep > 0)";

fn read_counts(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<HourCount>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let counts = statement.query_map(params, |row| {
        Ok(HourCount {
            hour: row.get(0)?,
            article: row.get(1)?,
            views: row.get(2)?,
            deep: row.get(3)?,
        })
    })?;
    Ok(counts.collect::<rusqlite::Result<_>>()?)
}

/// What was counted in all time and from `live` on, at one moment.
pub(super) fn standings(connection: &Connection, live: Hour) -> Result<Standings, StoreError> {
    let moment = connection.unchecked_transaction()?;
    let mut statement = moment
        .prepare_cached("/* standings */ select article, counted, deep from tally_article")?;
    let totals = statement.query_map([], |row| {
        Ok(AllTime { article: row.get(0)?, views: row.get(1)?, deep: row.get(2)? })
    })?;
    let totals = totals.collect::<rusqlite::Result<_>>()?;
    Ok(Standings { totals, live: counts(&moment, live..Hour::MAX, None)? })
}

/// What a ranking has to know of articles saved at `since` or later. The index has all of it: no
/// article's text is read.
pub(super) fn rankable(
    connection: &Connection,
    since: UnixSeconds,
) -> Result<Vec<Rankable>, StoreError> {
    let mut statement = connection.prepare_cached(RANKABLE)?;
    let articles = statement.query_map([since], |row| {
        let usable: bool = row.get(4)?;
        let from = row.get::<_, Option<_>>(5)?.unwrap_or(UnixSeconds::MIN);
        let until = row.get::<_, Option<_>>(6)?.unwrap_or(UnixSeconds::MAX);
        Ok(Rankable {
            article: row.get(0)?,
            updated_at: row.get(1)?,
            section: row.get(2)?,
            language: row.get(3)?,
            readable: if usable { from..until } else { 0..0 },
        })
    })?;
    Ok(articles.collect::<rusqlite::Result<_>>()?)
}

const RANKABLE: &str = "/* rankable */
    select no, updated_at, coalesce(section, ''), language, status = 'usable', embargo, expires
    from article where updated_at >= ?1 order by updated_at";

/// Ids, titles and languages of those that readers may see at `now`, in the order given.
pub(super) fn headlines(
    connection: &Connection,
    articles: &[ArticleNo],
    now: UnixSeconds,
) -> Result<Vec<Headline>, StoreError> {
    let mut statement = connection.prepare_cached(HEADLINE)?;
    let mut headlines = Vec::with_capacity(articles.len());
    for article in articles {
        headlines.extend(statement.query_row(params![article, now], read_headline).optional()?);
    }
    Ok(headlines)
}

const HEADLINE: &str = "/* headline */
    select no, id, title, language from article
    where no = ?1 and status = 'usable'
      and (embargo is null or embargo <= ?2)
      and (expires is null or expires > ?2)";

fn read_headline(row: &Row<'_>) -> rusqlite::Result<Headline> {
    let id = ArticleId::parse(row.get_ref(1)?.as_str()?)
        .map_err(|error| rusqlite::types::FromSqlError::Other(error.into()))?;
    Ok(Headline { article: row.get(0)?, id, title: row.get(2)?, language: row.get(3)? })
}

/// The article's counters, all time; all 0 where there is no such article.
pub(super) fn totals(connection: &Connection, id: &ArticleId) -> Result<Totals, StoreError> {
    let totals = connection
        .prepare_cached(
            "/* totals */
             with recursive counted_in (hour, last) as (
                 select min(hour), max(hour) from tally_hour
                 union all select hour + 1, last from counted_in where hour < last
             )
             select coalesce(sum(raw), 0), coalesce(sum(counted), 0), coalesce(sum(readers), 0),
                    coalesce(sum(bot), 0), coalesce(sum(repeat), 0), coalesce(sum(rate), 0),
                    coalesce(sum(unknown), 0), coalesce(sum(seconds), 0), coalesce(sum(deep), 0)
             from counted_in cross join tally_hour using (hour)
             where article = (select no from article where id = ?1)",
        )?
        .query_row([id.as_str()], |row| {
            Ok(Totals {
                raw: row.get(0)?,
                views: row.get(1)?,
                readers: row.get(2)?,
                bots: row.get(3)?,
                repeats: row.get(4)?,
                rate: row.get(5)?,
                unknown: row.get(6)?,
                seconds: row.get(7)?,
                deep: row.get(8)?,
                shares: 0,
            })
        })?;
    let shares = connection
        .prepare_cached(
            "/* share_totals */
             select coalesce(sum(counted), 0)
             from share_hour where article = (select no from article where id = ?1)",
        )?
        .query_row([id.as_str()], |row| row.get(0))?;
    Ok(Totals { shares, ..totals })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::connection::open_writer;

    fn plan(sql: &str, params: impl Params) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_writer(&folder.path().join("articles.db")).unwrap();
        let mut statement = connection.prepare(&format!("explain query plan {sql}")).unwrap();
        let steps = statement.query_map(params, |row| row.get("detail")).unwrap();
        steps.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn counts_are_one_range_of_a_table_and_nothing_is_sorted() {
        assert_eq!(
            plan(COUNTS, [0, 1]),
            ["SEARCH tally_hour USING PRIMARY KEY (hour>? AND hour<?)"]
        );
        assert_eq!(
            plan(PARTNER_COUNTS, [0, 1, 2]),
            [
                "SEARCH tally_hour USING INDEX tally_hour_by_partner (partner=? AND hour>? AND hour<?)"
            ]
        );
    }

    #[test]
    fn a_ranking_reads_no_article() {
        assert_eq!(
            plan(RANKABLE, [0]),
            ["SEARCH article USING COVERING INDEX article_by_update (updated_at>?)"]
        );
    }
}
