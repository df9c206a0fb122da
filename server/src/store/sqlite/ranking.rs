//! What the counters say: the most-read list and an article's totals.

use article_widget::contract::ArticleId;
use rusqlite::{Connection, Row, params};

use super::counting::hour;
use crate::clock::UnixSeconds;
use crate::store::{Ranked, StoreError, Totals};

/// Articles that readers may see at `now`, by counted views from the hour of `since` on.
pub(super) fn most_read(
    connection: &Connection,
    since: UnixSeconds,
    now: UnixSeconds,
    limit: u32,
) -> Result<Vec<Ranked>, StoreError> {
    let mut statement = connection.prepare_cached(MOST_READ)?;
    let ranked = statement.query_map(params![hour(since), now, limit], read_ranked)?;
    Ok(ranked.collect::<rusqlite::Result<_>>()?)
}

/// The plus keeps SQLite from walking the whole of another index for the sake of its order.
const MOST_READ: &str = "/* most_read */
    select id, title, language, views
    from (select article, sum(counted) as views from tally_hour
          where hour >= ?1 group by +article having views > 0)
    join article on article.no = article
    where status = 'usable'
      and (embargo is null or embargo <= ?2)
      and (expires is null or expires > ?2)
    order by views desc, id
    limit ?3";

fn read_ranked(row: &Row<'_>) -> rusqlite::Result<Ranked> {
    let id = ArticleId::parse(row.get_ref(0)?.as_str()?)
        .map_err(|error| rusqlite::types::FromSqlError::Other(error.into()))?;
    Ok(Ranked { id, title: row.get(1)?, language: row.get(2)?, views: row.get(3)? })
}

/// The article's counters, all time; all 0 where there is no such article.
pub(super) fn totals(connection: &Connection, id: &ArticleId) -> Result<Totals, StoreError> {
    let totals = connection
        .prepare_cached(
            "/* totals */
             select coalesce(sum(raw), 0), coalesce(sum(counted), 0), coalesce(sum(readers), 0),
                    coalesce(sum(bot), 0), coalesce(sum(repeat), 0), coalesce(sum(rate), 0),
                    coalesce(sum(unknown), 0), coalesce(sum(seconds), 0), coalesce(sum(deep), 0)
             from tally_hour where article = (select no from article where id = ?1)",
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

    #[test]
    fn a_window_is_one_range_of_the_counters() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_writer(&folder.path().join("articles.db")).unwrap();
        let plan: Vec<String> = connection
            .prepare(&format!("explain query plan {MOST_READ}"))
            .unwrap()
            .query_map([0, 0, 10], |row| row.get("detail"))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let range = "SEARCH tally_hour USING PRIMARY KEY (hour>?)";
        assert!(plan.iter().any(|step| step == range), "{plan:#?}");
    }
}
