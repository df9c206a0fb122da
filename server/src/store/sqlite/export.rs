//! Everything there is, row by row, within one read transaction.

use async_trait::async_trait;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde_json::value::RawValue;

use super::SqliteStore;
use crate::leaving::{
    Arrivals, Consent, Feed, Feedback, Line, Partner, Rating, Refused, Revision, Shares, Views,
    Wanted,
};
use crate::store::{ExportError, ExportStore, LineWriter, StoreError};
use crate::time::rfc_3339;

#[async_trait]
impl ExportStore for SqliteStore {
    async fn export(&self, wanted: Wanted, mut write: LineWriter) -> Result<(), ExportError> {
        self.settle().await?;
        // The pool's error is the store's; what a write says comes beside it.
        self.readers.run(move |connection| Ok(export(connection, wanted, &mut write))).await?
    }
}

fn export(
    connection: &Connection,
    wanted: Wanted,
    write: &mut LineWriter,
) -> Result<(), ExportError> {
    let transaction = connection.unchecked_transaction().map_err(StoreError::from)?;
    let with_feedback = wanted == Wanted::EverythingWithFeedback;
    each(&transaction, ARTICLES, write, article)?;
    if wanted == Wanted::Articles {
        return Ok(());
    }
    each(&transaction, REVISIONS, write, revision)?;
    each(&transaction, PARTNERS, write, partner)?;
    each(&transaction, VIEWS, write, views)?;
    each(&transaction, SHARES, write, shares)?;
    each(&transaction, ARRIVALS, write, arrivals)?;
    each(&transaction, RATINGS, write, |row| rating(row, with_feedback))?;
    each(&transaction, CONSENTS, write, consent)?;
    if with_feedback {
        each(&transaction, FEEDBACK, write, feedback)?;
    }
    each(&transaction, FEEDS, write, feed)
}

fn each(
    connection: &Connection,
    sql: &str,
    write: &mut LineWriter,
    line: impl for<'a> Fn(&'a Row<'_>) -> Result<Line<'a>, StoreError>,
) -> Result<(), ExportError> {
    let mut statement = connection.prepare(sql).map_err(StoreError::from)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(StoreError::from)? {
        write(&line(row)?)?;
    }
    Ok(())
}

const ARTICLES: &str = "/* export_articles */ select json from article order by id";

fn article<'a>(row: &'a Row<'_>) -> Result<Line<'a>, StoreError> {
    Ok(Line::Article(json(row, 0)?))
}

/// Both halves come in their order from an index and are merged: sorted, all contents would be held at once.
const REVISIONS: &str = "/* export_revisions */
    select article.id as id, kept.number as number, kept.saved_at, kept.saved_by, kept.note, kept.json
    from article cross join article_revision as kept on kept.article = article.no
    union all
    select id, revision_number, updated_at, saved_by, note, null from article
    order by id, number";

fn revision<'a>(row: &'a Row<'_>) -> Result<Line<'a>, StoreError> {
    Ok(Line::Revision(Revision {
        article: text(row, 0)?,
        number: row.get(1)?,
        saved_at: time(row, 2)?,
        saved_by: text(row, 3)?,
        note: text(row, 4)?,
        content: match row.get_ref(5)? {
            ValueRef::Null => None,
            _ => Some(json(row, 5)?),
        },
    }))
}

const PARTNERS: &str = "/* export_partners */
    select origin, standing, first_seen, mark from partner order by origin";

fn partner<'a>(row: &'a Row<'_>) -> Result<Line<'a>, StoreError> {
    Ok(Line::Partner(Partner {
        origin: text(row, 0)?,
        standing: text(row, 1)?,
        first_seen: time(row, 2)?,
        mark: text(row, 3)?,
    }))
}

/// In the order of the table, so that nothing has to be sorted.
const VIEWS: &str = "/* export_views */
    select hour, article.id, partner.origin, raw, counted, readers, bot, repeat, rate, unknown, seconds,
           depth, deep
    from tally_hour
    cross join article on article.no = tally_hour.article
    cross join partner on partner.no = tally_hour.partner
    order by tally_hour.hour, tally_hour.article, tally_hour.partner";

fn views<'a>(row: &'a Row<'_>) -> Result<Line<'a>, StoreError> {
    Ok(Line::Views(Views {
        hour: hour(row, 0)?,
        article: text(row, 1)?,
        partner: text(row, 2)?,
        raw: row.get(3)?,
        views: row.get(4)?,
        readers: row.get(5)?,
        refused: refused(row, 6)?,
        seconds: row.get(10)?,
        depth: row.get(11)?,
        deep: row.get(12)?,
    }))
}

const SHARES: &str = "/* export_shares */
    select hour, article.id, partner.origin, channel, counted, bot, repeat, rate, unknown
    from share_hour
    cross join article on article.no = share_hour.article
    cross join partner on partner.no = share_hour.partner
    order by share_hour.hour, share_hour.article, share_hour.partner, share_hour.channel";

fn shares<'a>(row: &'a Row<'_>) -> Result<Line<'a>, StoreError> {
    Ok(Line::Shares(Shares {
        hour: hour(row, 0)?,
        article: text(row, 1)?,
        partner: text(row, 2)?,
        channel: text(row, 3)?,
        shares: row.get(4)?,
        refused: refused(row, 5)?,
    }))
}

const ARRIVALS: &str = "/* export_arrivals */
    select hour, article.id, mark, counted
    from arrival_hour cross join article on article.no = arrival_hour.article
    order by arrival_hour.hour, arrival_hour.article, arrival_hour.mark";

fn arrivals<'a>(row: &'a Row<'_>) -> Result<Line<'a>, StoreError> {
    Ok(Line::Arrivals(Arrivals {
        hour: hour(row, 0)?,
        article: text(row, 1)?,
        mark: text(row, 2)?,
        views: row.get(3)?,
    }))
}

const RATINGS: &str = "/* export_ratings */
    select article, at, partner, useful, word from rating order by article, at";

fn rating<'a>(row: &'a Row<'_>, with_word: bool) -> Result<Line<'a>, StoreError> {
    Ok(Line::Rating(Rating {
        article: text(row, 0)?,
        at: time(row, 1)?,
        partner: text(row, 2)?,
        useful: row.get(3)?,
        word: if with_word { Some(text(row, 4)?) } else { None },
    }))
}

const CONSENTS: &str = "/* export_consents */
    select version, text, shown_from from consent_text order by shown_from, version";

fn consent<'a>(row: &'a Row<'_>) -> Result<Line<'a>, StoreError> {
    Ok(Line::Consent(Consent {
        version: text(row, 0)?,
        text: text(row, 1)?,
        shown_from: time(row, 2)?,
    }))
}

const FEEDBACK: &str = "/* export_feedback */
    select reference, at, state, held, kind, article, page, name, email, phone, title, passage, message,
           consent, answer, answered_at, answered_by
    from feedback order by no";

fn feedback<'a>(row: &'a Row<'_>) -> Result<Line<'a>, StoreError> {
    Ok(Line::Feedback(Box::new(Feedback {
        reference: text(row, 0)?,
        received_at: time(row, 1)?,
        state: text(row, 2)?,
        held: text(row, 3)?,
        kind: text(row, 4)?,
        article: text(row, 5)?,
        page: text(row, 6)?,
        name: text(row, 7)?,
        email: text(row, 8)?,
        phone: text(row, 9)?,
        title: text(row, 10)?,
        passage: text(row, 11)?,
        message: text(row, 12)?,
        consent: text(row, 13)?,
        answer: text(row, 14)?,
        answered_at: row.get::<_, Option<i64>>(15)?.map(rfc_3339),
        answered_by: text(row, 16)?,
    })))
}

const FEEDS: &str = "/* export_feeds */
    select url, good_at, created, updated from feed order by url";

fn feed<'a>(row: &'a Row<'_>) -> Result<Line<'a>, StoreError> {
    Ok(Line::Feed(Feed {
        url: text(row, 0)?,
        good_at: row.get::<_, Option<i64>>(1)?.map(rfc_3339),
        created: row.get(2)?,
        updated: row.get(3)?,
    }))
}

/// From four columns: bot, repeat, rate, unknown.
fn refused(row: &Row<'_>, first: usize) -> rusqlite::Result<Refused> {
    Ok(Refused {
        bots: row.get(first)?,
        repeats: row.get(first + 1)?,
        rate: row.get(first + 2)?,
        unknown_partner: row.get(first + 3)?,
    })
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a str> {
    Ok(row.get_ref(column)?.as_str()?)
}

fn json<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a RawValue, StoreError> {
    serde_json::from_str(text(row, column)?).map_err(|error| StoreError::Other(error.into()))
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    row.get(column).map(rfc_3339)
}

fn hour(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    row.get(column).map(|hour: i64| rfc_3339(hour * 3600))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::connection;

    /// What is sorted is held at once, with all that it says.
    #[test]
    fn nothing_that_is_long_is_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let database = connection::open_writer(&folder.path().join("articles.db")).unwrap();
        for sql in [ARTICLES, REVISIONS, VIEWS, SHARES, ARRIVALS, RATINGS, FEEDBACK] {
            let mut statement = database.prepare(&format!("explain query plan {sql}")).unwrap();
            let steps = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
            let plan = steps.collect::<rusqlite::Result<Vec<_>>>().unwrap().join("; ");
            assert!(!plan.contains("TEMP B-TREE"), "{sql}: {plan}");
        }
    }
}
