//! The editors' lists of articles: a table of its own, which follows every change of an article in the
//! commit of that change.

use article_widget::contract::{Article, ArticleId, Status};
use async_trait::async_trait;
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::SqliteStore;
use crate::article::StoredArticle;
use crate::clock::UnixSeconds;
use crate::search;
use crate::store::article_list::Page;
use crate::store::saving::{published_at, sort_title};
use crate::store::{
    ArticleFilter, ArticleGroups, ArticleNo, ArticleOrder, ArticleSummary, CatalogueStore,
    FoundArticles, StoreError,
};
use crate::time::Calendar;
use crate::visibility::Term;

mod find;

/// Articles filled in one commit.
const AT_ONCE: u32 = 500;

#[async_trait]
impl CatalogueStore for SqliteStore {
    async fn find_articles(
        &self,
        filter: &ArticleFilter,
        now: UnixSeconds,
        order: ArticleOrder,
        skipped: u32,
        limit: u32,
    ) -> Result<FoundArticles, StoreError> {
        let (filter, page) = (filter.clone(), Page { order, skipped, limit });
        self.readers.run(move |connection| find::find(connection, &filter, now, page)).await
    }

    async fn article_summaries(
        &self,
        articles: &[ArticleNo],
    ) -> Result<Vec<ArticleSummary>, StoreError> {
        let articles = articles.to_vec();
        self.readers.run(move |connection| summaries(connection, &articles)).await
    }

    async fn article_groups(&self, limit: u32) -> Result<ArticleGroups, StoreError> {
        self.readers.run(move |connection| groups(connection, limit)).await
    }
}

/// Follows an article that has just been saved.
pub(super) fn save(
    connection: &Connection,
    article: &Article,
    term: Term,
    calendar: &Calendar,
    now: UnixSeconds,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* save_article_found */
             insert into article_found
                 (article, id, title, status, section, language, embargo, expires, updated_at, published,
                  published_at, sort_title, words)
             select no, id, title, status, coalesce(section, ''), language, ?2, ?3, ?4, ?5, ?6, ?7, ?8
             from article where id = ?1
             on conflict (article) do update set
                 title = excluded.title, status = excluded.status, section = excluded.section,
                 language = excluded.language, embargo = excluded.embargo, expires = excluded.expires,
                 updated_at = excluded.updated_at, published = excluded.published,
                 published_at = excluded.published_at, sort_title = excluded.sort_title,
                 words = excluded.words",
        )?
        .execute(params![
            article.id.as_str(),
            term.embargo,
            term.expires,
            now,
            article.published.as_deref().unwrap_or_default(),
            published_at(article, calendar),
            sort_title(article),
            search::of_article(article),
        ])
        .map(drop)
}

/// Follows an article whose dates are read anew.
pub(super) fn set_term(connection: &Connection, no: i64, term: Term) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* set_found_term */
             update article_found set embargo = ?2, expires = ?3 where article = ?1",
        )?
        .execute(params![no, term.embargo, term.expires])
        .map(drop)
}

/// Makes articles of versions that knew no search findable. An index names those, so that looking for them
/// costs nothing where there are none.
pub(super) fn fill(connection: &mut Connection, calendar: &Calendar) -> Result<(), StoreError> {
    while fill_some(connection, calendar)? == AT_ONCE as usize {}
    Ok(())
}

fn fill_some(connection: &mut Connection, calendar: &Calendar) -> Result<usize, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let articles = unfilled(&transaction)?;
    for (no, id, json) in &articles {
        // One that this version cannot read is found by its id.
        let read = StoredArticle::from_json(json);
        let article = read.map_or_else(|_| Article::default(), |read| read.article().clone());
        let words = search::fold(&[id, "\n", &search::of_article(&article)].concat());
        transaction
            .prepare_cached(
                "/* fill_article_found */
                 update article_found set published = ?2, published_at = ?3, sort_title = ?4, words = ?5
                 where article = ?1",
            )?
            .execute(params![
                no,
                article.published.as_deref().unwrap_or_default(),
                published_at(&article, calendar),
                sort_title(&article),
                words
            ])?;
    }
    transaction.commit()?;
    Ok(articles.len())
}

fn unfilled(connection: &Connection) -> rusqlite::Result<Vec<(i64, String, String)>> {
    connection
        .prepare_cached(
            "/* unfilled_articles */
             select found.article, article.id, json
             from article_found as found join article on no = found.article
             where words = '' order by found.article limit ?1",
        )?
        .query_map([AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}

fn summaries(
    connection: &Connection,
    articles: &[ArticleNo],
) -> Result<Vec<ArticleSummary>, StoreError> {
    let mut statement = connection.prepare_cached(SUMMARY)?;
    let mut summaries = Vec::with_capacity(articles.len());
    for article in articles {
        summaries.extend(statement.query_row([article], read_summary).optional()?);
    }
    Ok(summaries)
}

const SUMMARY: &str = "/* article_summary */
    select article, id, title, section, language, status, embargo, expires, updated_at,
        nullif(published, '')
    from article_found where article = ?1";

fn read_summary(row: &Row<'_>) -> rusqlite::Result<ArticleSummary> {
    let id = ArticleId::parse(row.get_ref(1)?.as_str()?);
    Ok(ArticleSummary {
        no: row.get(0)?,
        id: id.map_err(|error| FromSqlError::Other(error.into()))?,
        title: row.get(2)?,
        section: row.get(3)?,
        language: row.get(4)?,
        status: read_status(row, 5)?,
        term: Term { embargo: row.get(6)?, expires: row.get(7)? },
        updated_at: row.get(8)?,
        published: row.get(9)?,
    })
}

fn read_status(row: &Row<'_>, column: usize) -> rusqlite::Result<Status> {
    match row.get_ref(column)?.as_str()? {
        "usable" => Ok(Status::Usable),
        "withheld" => Ok(Status::Withheld),
        "canceled" => Ok(Status::Canceled),
        other => Err(FromSqlError::Other(format!("status {other:?}").into()).into()),
    }
}

fn groups(connection: &Connection, limit: u32) -> Result<ArticleGroups, StoreError> {
    let names = |sql: &str| -> rusqlite::Result<Vec<String>> {
        connection.prepare_cached(sql)?.query_map([limit], |row| row.get(0))?.collect()
    };
    Ok(ArticleGroups { sections: names(SECTIONS)?, languages: names(LANGUAGES)? })
}

/// From one name to the next along the index, however many articles have each.
const SECTIONS: &str = "/* article_sections */
    with recursive name (section) as (
        select min(section) from article_found where section > ''
        union all
        select (select min(section) from article_found where section > name.section)
        from name where section is not null
    )
    select section from name where section is not null limit ?1";

const LANGUAGES: &str = "/* article_languages */
    with recursive name (language) as (
        select min(language) from article_found where language > ''
        union all
        select (select min(language) from article_found where language > name.language)
        from name where language is not null
    )
    select language from name where language is not null limit ?1";

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::store::sqlite::connection::open_writer;

    #[test]
    fn an_article_of_before_the_search_is_found_and_listed() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = open_writer(&folder.path().join("test.sqlite3")).unwrap();
        let json = r#"{"id":"a","title":"Đò","language":"vi","published":"2024-11-27"}"#;
        connection
            .execute_batch(&format!(
                "insert into article (id, json, title, language, status, updated_at, revision)
                 values ('a', '{json}', 'Đò', 'vi', 'usable', 1, x'00'),
                        ('b', 'not what this version reads', 'B', 'vi', 'usable', 1, x'00');
                 insert into article_found
                     (article, id, title, status, section, language, updated_at, published,
                      published_at, sort_title, words)
                 select no, id, title, status, '', language, updated_at, '', 0, '', '' from article"
            ))
            .unwrap();
        fill(&mut connection, &Calendar::new(TimeZone::UTC)).unwrap();
        assert!(unfilled(&connection).unwrap().is_empty());
        let listed = summaries(&connection, &[1, 2]).unwrap();
        let shown: Vec<_> =
            listed.iter().map(|one| (&*one.title, one.published.as_deref())).collect();
        assert_eq!(shown, [("Đò", Some("2024-11-27")), ("B", None)]);
        let words: String = connection
            .query_row("select words from article_found where article = 1", [], |row| row.get(0))
            .unwrap();
        assert!(words.contains("do"), "{words}");
    }

    #[test]
    fn no_list_reads_an_articles_text() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_writer(&folder.path().join("test.sqlite3")).unwrap();
        let mut statement = connection.prepare(&format!("explain query plan {SUMMARY}")).unwrap();
        let steps = statement.query_map([1], |row| row.get("detail")).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert_eq!(steps, ["SEARCH article_found USING INTEGER PRIMARY KEY (rowid=?)"]);
    }
}
